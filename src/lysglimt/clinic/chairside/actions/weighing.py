"""The weight of an order beside the one before it: far from it, somebody says why."""

from lysglimt.clinic.chairside.models import Session, SessionOrder
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.treatment.models import WeightBasis
from lysglimt.knowledge.dosing.weights import Weighing, far_from_last, needs_new_order
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.quantities import Kilograms


class WeightChanged(ClinicalError):
    """The weight is far from the last one, and nobody has said that it is right and why."""

    code = "order.weight-changed"


def last_weighing(session: Session, signed: WeightBasis) -> Weighing | None:
    """The newest of the weight signed with the basis and those of the other signed orders."""
    known = [
        Weighing(Kilograms(order.weight_kg), order.weighed_on)
        for order in SessionOrder.objects.signed()
        .filter(session__course=session.course)
        .exclude(session=session)
        .order_by("weighed_on", "pk")
    ]
    if signed.weight_kg is not None:
        known.insert(0, Weighing(Kilograms(signed.weight_kg), on_day(signed.happened_at)))
    # Of one day the order is the later: `max` keeps the first of equals.
    return max(reversed(known), key=lambda one: one.on, default=None)


def refuse_unexplained_weight(last: Weighing | None, weight: Kilograms, *, why: str) -> None:
    """Raises WeightChanged."""
    if last is None or why.strip():
        return
    far = far_from_last(last, weight)
    if far is not None:
        raise WeightChanged(far.en, field="weight_change", value=far)


def weighing_written(last: Weighing | None) -> dict[str, str] | None:
    """The weight before this one, as the dose card shows it."""
    if last is None:
        return None
    return {"kg": str(last.weight.value), "on": last.on.isoformat()}


def reason_asked_for(last: Weighing | None, weight: Kilograms, *, why: str) -> str:
    """Why the weight differs, where it does."""
    asked = last is not None and needs_new_order(last.weight, weight)
    return why.strip() if asked else ""
