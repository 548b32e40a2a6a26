"""A session as the rules read it: rows in, frozen values out."""

from datetime import timedelta
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from lysglimt.knowledge.dosing.ceilings import infusion_rules
from lysglimt.knowledge.dosing.delivery import Delivery, PauseReason, PumpAct
from lysglimt.knowledge.dosing.delivery import PumpEvent as Act
from lysglimt.knowledge.dosing.infusion import InfusionOrder, InfusionPlan
from lysglimt.knowledge.dosing.weights import Sex, WeightBasis, weights
from lysglimt.knowledge.errors import Implausible
from lysglimt.knowledge.monitoring.vital_signs import VitalSet as Observed
from lysglimt.knowledge.monitoring.vital_signs import VitalSign
from lysglimt.knowledge.quantities import (
    Centimetres,
    Kilograms,
    Milligrams,
    MilligramsPerKilogram,
    MilligramsPerMillilitre,
    Millilitres,
    MillilitresPerHour,
)

from .models import (
    ChairEvent,
    DischargeRecord,
    PumpEvent,
    SedationScale,
    Session,
    SessionOrder,
    StartGateRecord,
    VitalSet,
)

SIGNS = {
    "systolic": VitalSign.SYSTOLIC,
    "diastolic": VitalSign.DIASTOLIC,
    "pulse": VitalSign.HEART_RATE,
    "spo2": VitalSign.OXYGEN,
    "respiration": VitalSign.BREATHING,
    "temperature": VitalSign.TEMPERATURE,
    "distress": VitalSign.DISTRESS,
    "nausea": VitalSign.NAUSEA,
    "dissociation": VitalSign.DISSOCIATED,
}
"""Columns of a set to the signs of the rules; sedation goes by its scale."""


CHARTED = {
    "orders": SessionOrder,
    "gates": StartGateRecord,
    "vital_sets": VitalSet,
    "pump_events": PumpEvent,
    "chair_events": ChairEvent,
    "discharges": DischargeRecord,
}


def charted(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Each with ``orders_in_force``, ``vital_sets_in_force`` and so on: one query for each."""
    return sessions.prefetch_related(
        *(
            Prefetch(name, queryset=model.objects.in_force(), to_attr=f"{name}_in_force")
            for name, model in CHARTED.items()
        )
    )


def order_of(row: SessionOrder) -> InfusionOrder:
    """The order as it was written, with the three weights reckoned from it."""
    return InfusionOrder(
        dose_by_weight=MilligramsPerKilogram(row.mg_per_kg),
        over=timedelta(minutes=row.minutes),
        concentration=MilligramsPerMillilitre(row.concentration_mg_ml),
        weights=weights(Kilograms(row.weight_kg), Centimetres(row.height_cm), Sex(row.sex)),
        basis=WeightBasis(row.basis),
    )


def plan_of(row: SessionOrder) -> InfusionPlan:
    """The dose card as it was signed: the stored numbers, not reckoned anew by later rules."""
    order = order_of(row)
    solutions = infusion_rules().solutions
    return InfusionPlan(
        order=order,
        solution=next(one for one in solutions if one.concentration == order.concentration),
        dose=Milligrams(row.dose_mg),
        volume=Millilitres(row.volume_ml),
        rate=MillilitresPerHour(row.rate_ml_h),
        doses={
            WeightBasis(basis): Milligrams(Decimal(dose))
            for basis, dose in row.plan["doses"].items()
        },
        findings=(),
        overrides=(),
    )


def delivery_of(session: Session, order: SessionOrder) -> Delivery:
    """As it was ordered and as it went. Raises OutOfSequence, also for a pump not started."""
    return Delivery(plan_of(order), acts_of(session))


def acts_of(session: Session) -> tuple[Act, ...]:
    """What the pump did, in time order, whatever was ordered."""
    acts = [act_of(row) for row in PumpEvent.objects.in_force().filter(session=session)]
    return tuple(sorted(acts, key=lambda act: act.at))


def act_of(row: PumpEvent) -> Act:
    return Act(
        at=row.happened_at,
        act=PumpAct(row.act),
        rate=None if row.rate_ml_h is None else MillilitresPerHour(row.rate_ml_h),
        reason=PauseReason(row.pause_reason) if row.pause_reason else None,
    )


def observed(row: VitalSet) -> Observed:
    """A set of observations. Raises Implausible with the sign, the value and what is allowed."""
    signs = dict(SIGNS)
    if row.sedation_scale:
        rass = row.sedation_scale == SedationScale.RASS
        signs["sedation"] = VitalSign.AROUSAL if rass else VitalSign.SEDATION
    values = {
        sign: value
        for column, sign in signs.items()
        if (value := getattr(row, column)) is not None
    }
    if row.sedation is not None and not row.sedation_scale:
        raise Implausible.of("sedation_scale", "''", "moaas or rass")
    return Observed(
        at=row.happened_at,
        values=values,
        not_measured={
            signs[column]: why for column, why in row.not_measured.items() if column in signs
        },
        signs=frozenset(row.signs),
        over=frozenset(row.signs_over),
        on_oxygen=row.on_oxygen,
    )
