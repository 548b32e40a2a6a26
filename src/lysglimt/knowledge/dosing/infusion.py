"""The infusion: how many milligrams, in what volume, at what rate, and how that was reckoned."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from decimal import Decimal

from lysglimt.knowledge.errors import ClinicalError, Implausible
from lysglimt.knowledge.quantities import (
    Milligrams,
    MilligramsPerKilogram,
    MilligramsPerMillilitre,
    Millilitres,
    MillilitresPerHour,
    half_up,
    plain,
    typed_number,
)
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing

from .ceilings import (
    CeilingOverride,
    OwnCeilings,
    Planned,
    StandardSolution,
    infusion_rules,
    lifted,
    minutes,
    passed_ceilings,
    refuse_anaesthetic,
    refuse_bolus,
)
from .weights import WeightBasis, Weights, weight_rules

NO_CEILINGS = OwnCeilings()
"""A plan outside any protocol."""


class NotVerified(ClinicalError):
    """The pump, set as planned, would not give the planned dose."""

    code = "dosing.not-verified"


@dataclass(frozen=True, slots=True)
class InfusionOrder:
    """What the doctor signs for this session. There is no default dose."""

    dose_by_weight: MilligramsPerKilogram
    over: timedelta
    concentration: MilligramsPerMillilitre
    weights: Weights
    basis: WeightBasis

    def __post_init__(self) -> None:
        if self.dose_by_weight.value <= 0:
            raise Implausible.of("mg_per_kg", self.dose_by_weight.value, "above 0 mg/kg")
        if self.over <= timedelta(0):
            raise Implausible.of("minutes", minutes(self.over), "above 0 min")
        known = [solution.concentration for solution in infusion_rules().solutions]
        if self.concentration not in known:
            allowed = " or ".join(f"{one.value}" for one in known)
            raise Implausible.of(
                "concentration_mg_ml", self.concentration.value, f"{allowed} mg/ml"
            )

    @property
    def exact(self) -> Milligrams:
        return self.dose_by_weight * self.weights.on(self.basis)

    @property
    def heaviest(self) -> MilligramsPerKilogram:
        """What the ceilings are held against: by the basis or by actual weight, whichever is more.

        The ideal weight of a thin patient is above what the patient weighs.
        """
        by_actual = self.exact.value / self.weights.actual.value
        return max(self.dose_by_weight, MilligramsPerKilogram(by_actual))

    def changed(self, signed: "InfusionOrder") -> tuple[str, ...]:
        """What differs from the signed order; anything at all voids the signature."""
        return tuple(
            field.name
            for field in fields(self)
            if getattr(self, field.name) != getattr(signed, field.name)
        )


def typed_dose(typed: str, *, field: str = "mg_per_kg") -> MilligramsPerKilogram:
    number = typed_number(typed)
    if number is None or number <= 0:
        highest = infusion_rules().ceilings.dose_by_weight.value.value
        raise Implausible.of(field, typed, f"above 0, up to {highest} mg/kg")
    return MilligramsPerKilogram(number)


def typed_minutes(typed: str, *, field: str = "minutes") -> timedelta:
    """Whole minutes: a pump is set by them."""
    number = typed_number(typed)
    if number is None or number <= 0 or number != number.to_integral_value():
        limits = infusion_rules().ceilings
        allowed = f"{minutes(limits.shortest.value)}-{minutes(limits.longest.value)}"
        raise Implausible.of(field, typed, f"{allowed} whole minutes")
    return timedelta(minutes=int(number))


def typed_concentration(
    typed: str, *, field: str = "concentration_mg_ml"
) -> MilligramsPerMillilitre:
    number = typed_number(typed)
    known = [solution.concentration.value for solution in infusion_rules().solutions]
    if number not in known:
        allowed = " or ".join(str(one) for one in known)
        raise Implausible.of(field, typed, f"{allowed} mg/ml")
    return MilligramsPerMillilitre(Decimal(number))


@dataclass(frozen=True, slots=True)
class Reckoning:
    """One line of the dose card: what, and how it was reckoned."""

    name: Text
    formula: Text


@dataclass(frozen=True, slots=True)
class InfusionPlan:
    """A dose card. ``doses`` has the rounded dose on each of the three weights."""

    order: InfusionOrder
    solution: StandardSolution
    dose: Milligrams
    volume: Millilitres
    rate: MillilitresPerHour
    doses: Mapping[WeightBasis, Milligrams]
    findings: tuple[Finding, ...]
    overrides: tuple[CeilingOverride, ...]

    @property
    def pumped(self) -> Milligrams:
        """What the pump gives when set to the rounded rate for the ordered time."""
        return Milligrams(
            self.rate.value * minutes(self.order.over) / 60 * self.order.concentration.value
        )

    @property
    def reckoning(self) -> tuple[Reckoning, ...]:
        """Every input and every formula, as lines."""
        order, dose, rate = self.order, plain(self.dose.value), plain(self.rate.value)
        by_weight, conc = plain(order.dose_by_weight.value), plain(order.concentration.value)
        kg, over = plain(order.weights.on(order.basis).value), plain(minutes(order.over))
        volume = plain(self.volume.value)
        product = f"{by_weight} mg/kg × {kg} kg = {plain(order.exact.value)} mg"
        rounded = "" if order.exact == self.dose else f" ≈ {dose} mg"
        return (
            _line("Dose", "Dose", f"{product}{rounded}"),
            _line("Volum", "Volume", f"{dose} mg ÷ {conc} mg/ml = {volume} ml"),
            _line("Hastighet", "Rate", f"{volume} ml × 60 ÷ {over} min ≈ {rate} ml/h"),
            _line(
                "Kontroll",
                "Check",
                f"{rate} ml/h × {over} min ÷ 60 × {conc} mg/ml = {plain(self.pumped.value)} mg",
            ),
        )


def _line(nb: str, en: str, formula: str) -> Reckoning:
    return Reckoning(
        Text(nb, en), Text(formula.replace(".", ",").replace("ml/h", "ml/t"), formula)
    )


def rounded_dose(
    dose_by_weight: MilligramsPerKilogram, weights: Weights, basis: WeightBasis
) -> Milligrams:
    """Half up to 0.5 mg."""
    step = infusion_rules().rounding.dose.value.value
    return (dose_by_weight * weights.on(basis)).rounded(step)


def standard_concentration(dose: Milligrams) -> MilligramsPerMillilitre:
    """The weakest standard solution that holds the dose: 1 mg/ml, above 50 mg 2 mg/ml. [PR-04, PR-05]"""
    solutions = infusion_rules().solutions
    fitting = (one.concentration for one in solutions if dose <= one.drug.value)
    return next(fitting, solutions[-1].concentration)


def infusion_plan(
    order: InfusionOrder, *overrides: CeilingOverride, own: OwnCeilings = NO_CEILINGS
) -> InfusionPlan:
    """The dose card of an order, within our ceilings and the protocol's own where stricter.

    Raises AnaestheticSized, and TooFast below the floor of the time; AboveCeiling where a ceiling is passed without its override, or
    AboveProtocol where it is the protocol's;
    Implausible where the dose does not fit the solution; NotVerified where rounding moves the
    dose by more than 2 %. [IV-01 .. IV-14, PR-04, PR-05]
    """
    refuse_anaesthetic(order.heaviest, order.over)
    refuse_bolus(order.over)
    dose = rounded_dose(order.dose_by_weight, order.weights, order.basis)
    planned = Planned(order.dose_by_weight, order.heaviest, dose, order.over)
    passed = tuple(passed_ceilings(planned, own))
    volume = order.concentration.volume(of=dose)
    step = infusion_rules().rounding.rate.value.value
    plan = InfusionPlan(
        order=order,
        solution=_holding(dose, order.concentration),
        dose=dose,
        volume=volume,
        rate=MillilitresPerHour(half_up(volume.value * 60 / minutes(order.over), step)),
        doses={
            basis: rounded_dose(order.dose_by_weight, order.weights, basis)
            for basis in WeightBasis
        },
        findings=(*lifted(passed, overrides), *_cautions(order, dose)),
        overrides=overrides,
    )
    _verify(plan)
    return plan


class TooWeak(Implausible):
    """The dose is more than one syringe of this solution holds; a stronger one is made up."""

    code = "dosing.too-weak"


def _holding(dose: Milligrams, concentration: MilligramsPerMillilitre) -> StandardSolution:
    """The solution of this concentration, unless a stronger one should hold the dose."""
    solutions = infusion_rules().solutions
    chosen = next(one for one in solutions if one.concentration == concentration)
    if dose > chosen.drug.value and chosen is not solutions[-1]:
        most, stronger = chosen.drug.value.value, solutions[-1].concentration.value
        raise TooWeak(
            f"concentration_mg_ml: {concentration.value} mg/ml for {dose.value} mg is refused, "
            f"allowed is up to {most} mg; use {stronger} mg/ml",
            field="concentration_mg_ml",
            value=Text(
                f"{concentration.value} mg/ml rommer inntil {most} mg; velg {stronger} mg/ml",
                f"{concentration.value} mg/ml holds up to {most} mg; choose {stronger} mg/ml",
            ),
        )
    return chosen


def _verify(plan: InfusionPlan) -> None:
    """|rate x time x concentration - dose| / dose <= 2 %."""
    within = infusion_rules().rounding.verified_within.value
    if abs(plan.pumped.value - plan.dose.value) * 100 > plan.dose.value * within or (
        plan.dose.value == 0
    ):
        given, dose = plain(plan.pumped.value), plain(plan.dose.value)
        raise NotVerified(
            f"dose_mg: the pump at {plan.rate.value} ml/h gives {given} mg, not {dose} mg; "
            f"allowed is within {within} %",
            field="dose_mg",
            value=given,
            allowed=f"within {within} % of {dose} mg",
        )


def _cautions(order: InfusionOrder, dose: Milligrams) -> tuple[Finding, ...]:
    caution, strongest = infusion_rules().caution, infusion_rules().solutions[-1]
    most, by_weight = caution.dose.value, caution.dose_by_weight.value
    stated = (
        (
            dose > most,
            "IV-08",
            caution.dose.basis,
            Text(f"Dosen er over {most.value} mg", f"The dose is above {most.value} mg"),
        ),
        (
            order.heaviest > by_weight,
            "IV-07",
            caution.dose_by_weight.basis,
            Text(
                f"Over {_comma(by_weight.value)} mg/kg: bare etter navngitt leges beslutning",
                f"Above {by_weight.value} mg/kg: only by a named doctor's decision",
            ),
        ),
        (
            order.weights.on(order.basis) > order.weights.actual,
            "IV-10",
            weight_rules().adjusted.share.basis,
            Text(
                "Vekten dosen bygger på, er høyere enn pasientens vekt",
                "The weight the dose rests on is above what the patient weighs",
            ),
        ),
        (
            dose > strongest.drug.value,
            "PR-05",
            strongest.drug.basis,
            Text("Dosen krever mer enn én sprøyte", "The dose takes more than one syringe"),
        ),
    )
    return tuple(
        Finding(criterion, Standing.CAUTION, reason, basis)
        for holds, criterion, basis, reason in stated
        if holds
    )


def _comma(number: Decimal) -> str:
    return plain(number).replace(".", ",")
