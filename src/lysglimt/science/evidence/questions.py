"""A question to the trial table: which treatment against which, for what, when."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from enum import StrEnum

from lysglimt.knowledge.errors import Implausible, Unknown

from .definitions import Rule
from .effect_sizes import Measure
from .traps import traps


class Outcome(StrEnum):
    RESPONSE = "response"
    REMISSION = "remission"
    IDEATION_RESPONSE = "ideation-response"
    IDEATION_REMISSION = "ideation-remission"
    RELAPSE = "relapse"
    CHANGE = "change"
    """Mean change of the total from baseline."""
    ENDPOINT = "endpoint"
    """Mean total at the end."""

    @property
    def column(self) -> str:
        return COLUMN[self]

    @property
    def is_counted(self) -> bool:
        return self not in {Outcome.CHANGE, Outcome.ENDPOINT}

    @property
    def construct(self) -> str:
        return "ideation" if self.value.startswith("ideation") else "depression"

    @property
    def rule(self) -> Rule | None:
        """What its definition must be; None where it is not defined on a scale."""
        return RULE.get(self)


COLUMN: Mapping[Outcome, str] = {
    Outcome.RESPONSE: "responders",
    Outcome.REMISSION: "remitters",
    Outcome.IDEATION_RESPONSE: "responders",
    Outcome.IDEATION_REMISSION: "remitters",
    Outcome.RELAPSE: "relapsers",
    Outcome.CHANGE: "change",
    Outcome.ENDPOINT: "endpoint",
}
RULE: Mapping[Outcome, Rule] = {
    Outcome.RESPONSE: Rule.REDUCTION,
    Outcome.REMISSION: Rule.CUTOFF,
    Outcome.IDEATION_RESPONSE: Rule.REDUCTION,
    Outcome.IDEATION_REMISSION: Rule.CUTOFF,
}
RESPONSE_FALL = 50
"""Per cent of the baseline; a trial that counts from another fall counts something else."""


@dataclass(frozen=True, slots=True)
class Query:
    """Written as ``key=value`` with a space between, several values with ``|``.

    A space within a value is written ``_``.
    ``control`` is empty for the share in one arm. ``timepoint``: the first of them that a trial
    has. ``definition=any`` takes trials that do not say how they defined the outcome.
    ``correlation`` admits the means of crossovers; nothing else does. ``scale`` and ``trials``
    narrow the question.
    """

    intervention: tuple[str, ...]
    outcome: Outcome
    timepoint: tuple[str, ...]
    measure: Measure
    control: tuple[str, ...] = ()
    scale: str = ""
    trials: tuple[str, ...] = ()
    definition: str = "stated"
    correlation: float | None = None

    def __post_init__(self) -> None:
        for name in (*self.intervention, *self.control):
            if name not in traps().interventions:
                raise unknown(name, traps().interventions)
        if self.measure is Measure.HR or self.measure.is_counted is not self.outcome.is_counted:
            allowed = "OR, RR, RD, PETO, PLO, PFT, PR" if self.outcome.is_counted else "MD, SMD"
            raise Implausible.of(
                "measure", self.measure.value, f"{allowed} for {self.outcome.value}"
            )
        if self.measure.is_single is bool(self.control):
            needs = "no control" if self.measure.is_single else "a control"
            raise Implausible.of(
                "control", "|".join(self.control) or "none", f"{needs} for {self.measure.value}"
            )
        if shared := set(self.intervention) & set(self.control):
            raise Implausible.of(
                "control", "|".join(sorted(shared)), "another than the intervention"
            )

    def __str__(self) -> str:
        """The one way to write it: what the hash is made of."""
        said = []
        for field in fields(self):
            value = getattr(self, field.name)
            if value != field.default and value not in {(), None}:
                said.append(
                    f"{field.name}={'|'.join(value) if isinstance(value, tuple) else value}"
                )
        return " ".join(said)


def unknown(name: str, known: tuple[str, ...]) -> Unknown:
    near = get_close_matches(name, known, n=1, cutoff=0)[0]
    return Unknown(
        f"{name!r} is unknown, the nearest is {near!r}", field="query", value=name, nearest=near
    )


def query(text: str) -> Query:
    """Raises Unknown for a key or word with the nearest known, Implausible for what is amiss."""
    names = tuple(field.name for field in fields(Query))
    said: dict[str, str] = {}
    for part in text.split():
        key, equals, value = part.partition("=")
        if key not in names:
            raise unknown(key, names)
        if not equals or not value or key in said:
            raise Implausible.of(key, value or "nothing", f"{key}=value, once")
        said[key] = value
    for key in ("intervention", "outcome", "timepoint", "measure"):
        if key not in said:
            raise Implausible.of(key, "nothing", f"{key}=value")
    return Query(
        intervention=several(said["intervention"]),
        control=several(said.get("control", "")),
        outcome=Outcome(word(said["outcome"], Outcome)),
        timepoint=several(said["timepoint"]),
        measure=Measure(word(said["measure"], Measure)),
        scale=said.get("scale", ""),
        trials=several(said.get("trials", "")),
        definition=known_definition(said.get("definition", "stated")),
        correlation=correlation(said["correlation"]) if "correlation" in said else None,
    )


def several(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)


def word(text: str, kind: type[StrEnum]) -> str:
    known = tuple(str(one.value) for one in kind)
    if text not in known:
        raise unknown(text, known)
    return text


def known_definition(text: str) -> str:
    if text not in {"stated", "any"}:
        raise unknown(text, ("stated", "any"))
    return text


def correlation(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = float("nan")
    if not -1 < found < 1:
        raise Implausible.of("correlation", text, "between -1 and 1")
    return found
