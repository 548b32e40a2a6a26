"""Which weight does the dose rest on, and is it fresh enough?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import Implausible
from lysglimt.knowledge.figures import Figure
from lysglimt.knowledge.quantities import Centimetres, Kilograms, plain, typed_number
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing


class Sex(StrEnum):
    """As the formula for ideal weight asks it."""

    FEMALE = "f"
    MALE = "m"


class WeightBasis(StrEnum):
    """Chosen and signed by the doctor once for a course; nothing switches it at a BMI."""

    ACTUAL = "actual"
    IDEAL = "ideal"
    ADJUSTED = "adjusted"


@dataclass(frozen=True, slots=True)
class AcceptedBody:
    lowest: Figure[Kilograms]
    highest: Figure[Kilograms]
    shortest: Figure[Centimetres]
    tallest: Figure[Centimetres]


@dataclass(frozen=True, slots=True)
class IdealWeight:
    """Devine's formula."""

    at: Figure[Centimetres]
    man: Figure[Kilograms]
    woman: Figure[Kilograms]
    each: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class AdjustedWeight:
    share: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class FreshWeight:
    induction: Figure[timedelta]
    maintenance: Figure[timedelta]
    change: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class WeightRules:
    accepted: AcceptedBody
    ideal: IdealWeight
    adjusted: AdjustedWeight
    fresh: FreshWeight


@cache
def weight_rules() -> WeightRules:
    return read(WeightRules, files("lysglimt.knowledge.dosing") / "catalogue" / "weights.toml")


def adult_weight(typed: str, *, field: str = "weight_kg") -> Kilograms:
    """A weight as typed, in kilograms. Raises Implausible outside 30-250 kg (IV-15)."""
    body = weight_rules().accepted
    lowest, highest = body.lowest.value.value, body.highest.value.value
    return Kilograms(_accepted(typed, lowest, highest, field=field, unit="kg"))


def adult_height(typed: str, *, field: str = "height_cm") -> Centimetres:
    """A height as typed, in centimetres. Raises Implausible outside 120-230 cm."""
    body = weight_rules().accepted
    shortest, tallest = body.shortest.value.value, body.tallest.value.value
    return Centimetres(_accepted(typed, shortest, tallest, field=field, unit="cm"))


def _accepted(
    typed: str, lowest: Decimal, highest: Decimal, *, field: str, unit: str
) -> Decimal:
    number = typed_number(typed)
    allowed = f"{lowest}-{highest} {unit}"
    if number is None:
        raise Implausible.of(field, typed, allowed, because="is not a number")
    if not lowest <= number <= highest:
        beyond = "is too low" if number < lowest else "is too high"
        raise Implausible.of(field, typed, allowed, because=beyond)
    return number


@dataclass(frozen=True, slots=True)
class Weights:
    """All three are always shown; the basis says which the dose rests on."""

    actual: Kilograms
    ideal: Kilograms
    adjusted: Kilograms

    def on(self, basis: WeightBasis) -> Kilograms:
        return self.each[basis]

    @property
    def each(self) -> Mapping[WeightBasis, Kilograms]:
        return {
            WeightBasis.ACTUAL: self.actual,
            WeightBasis.IDEAL: self.ideal,
            WeightBasis.ADJUSTED: self.adjusted,
        }


def weights(actual: Kilograms, height: Centimetres, sex: Sex) -> Weights:
    """Actual, ideal (Devine) and adjusted weight. [IV-10, IV-11]

    Raises Implausible for a body outside the accepted range, whichever way it was made.
    """
    adult_weight(str(actual.value))
    adult_height(str(height.value))
    rules = weight_rules()
    start = rules.ideal.woman if sex is Sex.FEMALE else rules.ideal.man
    above = height.value - rules.ideal.at.value.value
    ideal = start.value.value + rules.ideal.each.value * above
    adjusted = ideal + rules.adjusted.share.value * (actual.value - ideal)
    return Weights(actual, Kilograms(ideal), Kilograms(adjusted))


@dataclass(frozen=True, slots=True)
class Weighing:
    weight: Kilograms
    on: date


def weight_findings(
    latest: Weighing | None, *, ordered: Kilograms, session_on: date, maintenance: bool
) -> tuple[Finding, ...]:
    """Is the latest weighing fresh, and does the order still fit it? [IV-13]

    ``ordered`` is the actual weight on which the current order rests.
    """
    fresh = weight_rules().fresh
    limit = fresh.maintenance if maintenance else fresh.induction
    if latest is None or latest.on > session_on or session_on - latest.on > limit.value:
        days = limit.value.days
        return (
            Finding(
                "IV-13",
                Standing.UNKNOWN,
                Text(
                    f"Vekten er ikke målt de siste {days} dagene",
                    f"The weight has not been measured within the last {days} days",
                ),
                limit.basis,
                question=Text(
                    "Hva veier pasienten i dag?", "What does the patient weigh today?"
                ),
            ),
        )
    return (_against_the_order(latest.weight, ordered),)


def needs_new_order(ordered: Kilograms, measured: Kilograms) -> bool:
    """Exactly 5 % either way is not a change; more is."""
    limit = weight_rules().fresh.change.value
    return abs(measured.value - ordered.value) * 100 > ordered.value * limit


def far_from_last(last: Weighing, now: Kilograms) -> Text | None:
    """In words, when the weight is more than 5 % from the last one: it may be mistyped. [IV-13]"""
    if not needs_new_order(last.weight, now):
        return None
    limit = weight_rules().fresh.change.value
    kg, before = plain(now.value), plain(last.weight.value)
    nb_kg, nb_before = kg.replace(".", ","), before.replace(".", ",")
    return Text(
        f"{nb_kg} kg er mer enn {limit} % fra siste vekt, {nb_before} kg {last.on:%d.%m.%Y}",
        f"{kg} kg is more than {limit} % from the last weight, {before} kg on {last.on}",
    )


def _against_the_order(measured: Kilograms, ordered: Kilograms) -> Finding:
    change = weight_rules().fresh.change
    if needs_new_order(ordered, measured):
        return Finding(
            "IV-13",
            Standing.EXCLUDED,
            Text(
                f"Vekten har endret seg mer enn {change.value} % siden ordinasjonen "
                f"({ordered.value} kg, nå {measured.value} kg)",
                f"The weight has changed by more than {change.value} % since the order "
                f"({ordered.value} kg, now {measured.value} kg)",
            ),
            change.basis,
            action=Text("Ny ordinasjon må signeres", "A new order must be signed"),
        )
    return Finding(
        "IV-13",
        Standing.MET,
        Text("Vekten er fersk og ordinasjonen passer", "The weight is fresh, the order fits"),
        change.basis,
    )
