"""The whole register, block by block: everybody by a number, from a stream of their own."""

from collections.abc import Iterator
from dataclasses import dataclass

from lysglimt.science.course.symptoms import HIGHEST_SCORE

from .asked import Asked
from .chance import stream
from .course import summed_up, treated
from .delivery import Body, bodies
from .illness import fallen_ill
from .people import MadeUp, made_up
from .referral import Referred, referred
from .story import Story
from .tables import Rows, empty

BLOCK = 256
"""People whose bodies are reckoned together. Blocks begin at the same numbers however many there are."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some people and all their rows; ``people`` are those of the table, for who writes their names."""

    people: tuple[MadeUp, ...]
    rows: Rows


def blocks(asked: Asked) -> Iterator[int]:
    """The number of the first person of each."""
    return iter(range(1, asked.people + 1, BLOCK))


def block(asked: Asked, first: int) -> Block:
    """The people from that number on."""
    # The whole block is drawn, also of a register that ends within it: what is reckoned for many
    # at once must not depend on how many there are.
    chances = {number: stream(asked.seed, number) for number in range(first, first + BLOCK)}
    everybody = [made_up(asked, number, chance) for number, chance in chances.items()]
    how = bodies(everybody, asked.seed)
    last = min(first + BLOCK - 1, asked.people)
    rows = empty()
    shown = [one for one in everybody if one.number <= last]
    for one, body in zip(shown, how, strict=False):
        lived(asked, (one, body), rows)
    return Block(tuple(shown), rows)


def lived(asked: Asked, whom: tuple[MadeUp, Body], rows: Rows) -> Story | None:
    """Referral and, of those accepted, the course, which is handed back; their rows are added."""
    person, body = whom
    chance = stream(asked.seed, person.number, purpose=2)
    illness = fallen_ill(asked, chance)
    start = referred(asked, person, min(HIGHEST_SCORE, round(illness.before)), chance=chance)
    rows["people"].append(
        (
            *(person.id, person.unit.number, person.sex.value, person.born.year),
            *(person.height_cm, person.weight_kg, person.hypertension),
        )
    )
    history(person, start, rows)
    if start.start is None:
        return None
    story = treated(asked, (person, body, illness), start=start.start, rows=rows, chance=chance)
    rows["courses"].append(summed_up(story))
    return story


def history(person: MadeUp, said: Referred, rows: Rows) -> None:
    candidate = said.candidate
    episode = candidate.episode
    rows["referrals"].append(
        (
            *(person.id, person.unit.number, said.received, said.sender.value, said.decided),
            *(said.decision.value, list(said.reasons)),
            candidate.diagnoses[0].code if candidate.diagnoses else None,
            episode.started,
            episode.severity.value if episode.severity else None,
            candidate.ratings.madrs,
        )
    )
    rows["trials"] += [
        (
            *(person.id, number, trial.atc, float(trial.mg_per_day or 0)),
            *(int(trial.weeks or 0), trial.adherence, trial.improvement.value),
            *(trial.current_episode, trial.intolerant),
        )
        for number, trial in enumerate(candidate.history.trials or (), start=1)
    ]


def unit_rows(asked: Asked) -> list[tuple[object, ...]]:
    return [(one.number, one.kind.value, one.protocol) for one in asked.all_units]
