"""How soon is a referral to be answered, by law?"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.figures import Figure
from lysglimt.knowledge.text import Text


@dataclass(frozen=True, slots=True)
class ReferralDeadlines:
    """``assess_within`` counts working days from the day after the referral came.

    The deadline for the start is set for each patient, and is no figure.
    """

    law: Text
    assess_within: Figure[int]


@cache
def referral_deadlines() -> ReferralDeadlines:
    return read(ReferralDeadlines, files("lysglimt.knowledge.eligibility") / "deadlines.toml")
