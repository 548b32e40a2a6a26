"""What the session page shows of a sheet: words and lines ready for the template."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, ngettext

from lysglimt.clinic.design.numerals import day_written, numeral, span_of_minutes
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.knowledge.dosing.preparation import dilutions, syringes
from lysglimt.knowledge.dosing.weights import WeightBasis
from lysglimt.knowledge.figures import Basis
from lysglimt.knowledge.monitoring.limits import limits
from lysglimt.knowledge.monitoring.observation import (
    NextObservation,
    Punctuality,
    grace,
)
from lysglimt.knowledge.monitoring.vital_signs import VitalSign
from lysglimt.knowledge.quantities import half_up, plain
from lysglimt.knowledge.verdict import Finding, Standing

from .chart import plan_of
from .models import SessionOrder, VitalSet
from .models.order import NOT_OFFERED
from .observing import without_pressure
from .sheet import TENTH, Sheet, is_short
from .typed_in import being_typed_in
from .wordings import BASES


def without_baseline(sheet: Sheet) -> tuple[str, Basis] | None:
    """Where the rule finds no baseline: from what a rise is judged since the start, if at all."""
    sign = VitalSign.SYSTOLIC
    rise = limits().during[sign].amber_rise
    if rise is None or sheet.started is None or sign in sheet.baseline:
        return None
    one = sheet.risen_from.get(sign)
    if one is None:
        return gettext("No baseline: a rise in blood pressure is not judged."), rise.basis
    words = gettext(
        "No baseline: one sound reading before the start. A rise in blood pressure is judged from "
        "it for now, %(value)s mmHg."
    )
    return words % {"value": one}, rise.basis


def at_clock(at: datetime | None) -> str:
    return date_format(localtime(at), "H:i", use_l10n=False) if at else ""


def at_time(at: datetime, *, now: datetime) -> str:
    """The clock, and the day where it is another."""
    if on_day(at) == on_day(now):
        return at_clock(at)
    return f"{day_written(on_day(at), year=False)} {at_clock(at)}"


def days_before(weighed_on: date, *, session_on: date) -> str:
    """How old a weight is on the day of the session; nothing of one taken after it."""
    days = (session_on - weighed_on).days
    if days < 0:
        return ""
    if days == 0:
        return gettext("the same day")
    words = ngettext("%(n)s day before the session", "%(n)s days before the session", days)
    return words % {"n": numeral(Decimal(days))}


def weighed(order: SessionOrder, *, session_on: date) -> str:
    """The weight of an order, with its day and how long before the session that is."""
    said = gettext("%(kg)s kg, weighed %(day)s") % {
        "kg": numeral(order.weight_kg.normalize()),
        "day": day_written(order.weighed_on),
    }
    old = days_before(order.weighed_on, session_on=session_on)
    return f"{said} ({old})" if old else said


def dose_facts(order: SessionOrder, *, session_on: date) -> list[tuple[str, str]]:
    """The dose card: every input, then what was reckoned from it."""
    return [
        (gettext("Weight"), weighed(order, session_on=session_on)),
        *previous_weight(order),
        (gettext("Height"), f"{numeral(order.height_cm.normalize())} cm"),
        (gettext("The dose goes by"), str(BASES[WeightBasis(order.basis)])),
        (gettext("Dose by weight"), f"{numeral(order.mg_per_kg.normalize())} mg/kg"),
        (gettext("Over"), f"{order.minutes} min"),
        (gettext("Concentration"), f"{written_plain(order.concentration_mg_ml)} mg/ml"),
    ]


def previous_weight(order: SessionOrder) -> list[tuple[str, str]]:
    """The weight before this one, and why this one is far from it."""
    last = order.plan.get("weighing")
    if not last:
        return []
    before = gettext("%(kg)s kg, weighed %(day)s") % {
        "kg": written_plain(Decimal(last["kg"])),
        "day": day_written(date.fromisoformat(last["on"])),
    }
    why = order.weight_reason
    reason = [(gettext("Why the weight differs"), why)] if why else []
    return [(gettext("Weight before this"), before), *reason]


def written_plain(number: Decimal) -> str:
    return numeral(Decimal(plain(number)))


def dose_figures(order: SessionOrder) -> list[tuple[str, str]]:
    per_hour = gettext("ml/h")
    return [
        (gettext("Dose"), f"{written_plain(order.dose_mg)} mg"),
        (gettext("Volume"), f"{written_plain(order.volume_ml)} ml"),
        (gettext("Rate ordered"), f"{written_plain(order.rate_ml_h)} {per_hour}"),
    ]


def pump_figures(order: SessionOrder) -> list[tuple[str, str]]:
    """What is to stand on the pump when it is started, and nothing else."""
    per_hour = gettext("ml/h")
    return [
        (gettext("Rate"), f"{written_plain(order.rate_ml_h)} {per_hour}"),
        (gettext("Volume to be given"), f"{written_plain(order.volume_ml)} ml"),
    ]


@dataclass(frozen=True, slots=True)
class Overridden:
    """Who answers for what of a dose; ``not_offered`` is red wherever the dose is shown."""

    by: str
    reason: str
    not_offered: bool


def overridden(order: SessionOrder) -> list[Overridden]:
    """Each answer once: one reason may lift a ceiling and answer for the step."""
    said = {
        (one["by"], one["reason"]): one["ceiling"] == NOT_OFFERED
        for one in sorted(order.overrides, key=lambda one: one["ceiling"] == NOT_OFFERED)
    }
    return [Overridden(by, reason, step) for (by, reason), step in said.items()]


def speaking(findings: Sequence[Finding]) -> list[tuple[Finding, str]]:
    """What speaks against a dose, each with its word: a patient is not excluded by it."""
    against, note = gettext("Speaks against"), gettext("Takes a doctor's note")
    words = {
        Standing.EXCLUDED: against,
        Standing.CAUTION: against,
        Standing.NEEDS_SPECIALIST: note,
    }
    return [(one, words.get(one.standing, "")) for one in findings]


def reckoning(order: SessionOrder) -> list[tuple[str, str]]:
    """As it was written on the card when it was signed."""
    language = "nb" if (get_language() or "nb").startswith("nb") else "en"
    return [
        (line["name"][language], line["formula"][language]) for line in order.plan["reckoning"]
    ]


def doses_by_basis(order: SessionOrder) -> list[tuple[str, str]]:
    return [
        (
            str(BASES[WeightBasis(basis)]),
            gettext("%(mg)s mg on %(kg)s kg")
            % {
                "mg": written_plain(Decimal(dose)),
                "kg": numeral(half_up(Decimal(order.plan["weights"][basis]), TENTH)),
            },
        )
        for basis, dose in order.plan["doses"].items()
    ]


def recipes(order: SessionOrder) -> list[tuple[str, str]]:
    """How one syringe of the standard solution is made up from each product."""
    plan = plan_of(order)
    return [
        (
            product,
            ngettext(
                "%(stock)s ml + %(diluent)s ml NaCl 9 mg/ml = %(drug)s mg, %(count)s syringe",
                "%(stock)s ml + %(diluent)s ml NaCl 9 mg/ml = %(drug)s mg, %(count)s syringes",
                syringes(plan),
            )
            % {
                "stock": written_plain(made.stock_volume.value),
                "diluent": written_plain(made.diluent.value),
                "drug": written_plain(made.drug.value),
                "count": syringes(plan),
            },
        )
        for product, made in dilutions(plan).items()
    ]


@dataclass(frozen=True, slots=True)
class Due:
    """The next observation in words; ``kind`` is the look of its card.

    The page goes on telling it: by ``now``, ``planned`` and ``late_from``, in milliseconds.
    """

    kind: str
    headline: str
    at: str
    interval: str
    now: int
    planned: int
    late_from: int
    lacks_pressure: str


def due(sheet: Sheet) -> Due | None:
    following = sheet.next_observation
    if following is None or being_typed_in(sheet.session, now=sheet.now):
        return None
    kind, words = punctuality_said(following, sheet.now)
    every = following.interval // timedelta(minutes=1)
    alone = without_pressure(sheet)
    return Due(
        kind,
        words,
        at_time(following.at, now=sheet.now),
        span_of_minutes(every),
        now=moment(sheet.now),
        planned=moment(following.at),
        late_from=moment(following.at + grace(following.interval)),
        lacks_pressure=at_clock(alone) if alone else "",
    )


def moment(at: datetime) -> int:
    """As a browser counts time."""
    return round(at.timestamp() * 1000)


def punctuality_said(following: NextObservation, now: datetime) -> tuple[str, str]:
    """The look of the card, and its words."""
    late = (now - following.at) // timedelta(minutes=1)
    match following.punctuality:
        case Punctuality.AHEAD:
            return "", gettext("Next observation in %s") % span_of_minutes(-late)
        case Punctuality.DUE:
            return "due", gettext("Observation due now")
        case Punctuality.OVERDUE | Punctuality.LEAD:
            return "late", gettext("Observation overdue by %s") % span_of_minutes(late)


def stop_due(sheet: Sheet) -> tuple[str, str] | None:
    """The look and the words, when nothing is left to give or the time is out: red by the time."""
    if sheet.started is None or sheet.stopped or sheet.nasal:
        return None
    if being_typed_in(sheet.session, now=sheet.now):
        return None
    if sheet.delivery is None:
        return "late", gettext("No order is written for this session.")
    out = sheet.now >= sheet.delivery.must_end_by()
    if not is_short(sheet):
        return "late" if out else "due", gettext("The dose is given: stop the pump.")
    return ("late", gettext("The time is out: stop the pump.")) if out else None


def rate_now(sheet: Sheet) -> str:
    """What the pump is set to at this moment; nought while it is paused."""
    if sheet.started is None:
        return ""
    rate = f"{written_plain(sheet.rate)} {gettext('ml/h')}"
    return gettext("%s, pause") % rate if sheet.paused_since else rate


def closed_since(sheet: Sheet, *, judged: bool) -> str:
    """What made the start check one of another time, and when; in journal mode no reading does."""
    cause = sheet.gate_closed_by(judged=judged)
    if isinstance(cause, VitalSet):
        return _measured_since(cause)
    if cause is None:
        return ""
    return gettext("the order was changed %s") % at_clock(cause.received_at)


def _measured_since(row: VitalSet) -> str:
    read = (
        (gettext("BP %s mmHg"), None if row.systolic is None else str(row)),
        (gettext("pulse %s /min"), row.pulse),
        (gettext("SpO₂ %s %%"), row.spo2),
    )
    numbers = (words % value for words, value in read if value is not None)
    values = ", ".join((*numbers, *signs_named(row.signs)))
    told = gettext("measured %s") % at_clock(row.happened_at)
    return f"{told} ({values})" if values else told


def signs_named(signs: Iterable[str]) -> Iterator[str]:
    """What was seen or told, in the reader's language."""
    language = get_language() or "nb"
    return (limits().signs[name].name.in_language(language) for name in signs)


def stated(findings: Sequence[Finding]) -> list[tuple[Finding, str]]:
    """What is not met, each with its word: of a start, nobody is excluded from treatment."""
    words = {
        Standing.EXCLUDED: gettext("Not met"),
        Standing.NEEDS_SPECIALIST: gettext("Not met, the doctor decides"),
    }
    return [
        (one, words.get(one.standing, ""))
        for one in findings
        if one.standing is not Standing.MET
    ]
