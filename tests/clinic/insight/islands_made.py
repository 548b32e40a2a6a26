"""Networks made for tests: trials of forty people an arm."""

from lysglimt.science.evidence.arms import Counted
from lysglimt.science.evidence.islands import Archipelago, Arms, islands, of_everything
from lysglimt.science.evidence.questions import Outcome

PEOPLE = 40


def made(**trials: dict[str, int]) -> Archipelago:
    """`made(a={"saline": 10, "ect": 20})`: how many of each arm reached it."""
    arms = [
        Arms(name, name, (), {arm: Counted(events, PEOPLE) for arm, events in said.items()})
        for name, said in trials.items()
    ]
    asked = of_everything(outcome=Outcome.RESPONSE, timepoint=("4wk",), definition="any")
    names = dict.fromkeys(trials, "")
    return Archipelago(asked, tuple(islands(arms)), names, (), (), "0", "0")
