"""One row of an import is stored by the same actions as what is typed: once, however often read."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Particulars, Patient, Professional
from lysglimt.clinic.referral import actions as referral
from lysglimt.clinic.referral.models import ReferralLetter, Sender
from lysglimt.clinic.scheduling.calendar import OSLO
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import Course, Mode, Rating, SessionGiven, Timing
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.instruments.answers import reading
from lysglimt.knowledge.instruments.instrument import instrument
from lysglimt.knowledge.protocols.library import latest

from .columns import NOT_ANSWERED

NAMESPACE = uuid.UUID("6c1d4e0e-5f0a-4a57-9d3b-1f6f0c0b7a11")
"""From the same row follows the same entry, so that it can be stored once only."""


class Outcome(StrEnum):
    STORED = "stored"
    KNOWN = "known"
    REVISED = "revised"


class Changed(ClinicalError):
    """The row is stored with other content, and nobody has asked for a revision."""

    code = "import.changed"


class NotRegistered(ClinicalError):
    """No patient of the legal entity has this identity number."""

    code = "import.not-registered"


class NotYet(ClinicalError):
    """It is said to have happened later than now."""

    code = "import.not-yet"


class OtherCourse(ClinicalError):
    """The patient has an open course on another protocol."""

    code = "import.other-course"


class WrongTimes(ClinicalError):
    code = "import.stops-before-it-starts"


class OneAmount(ClinicalError):
    """Prescribed and delivered belong together; neither is stated of ECT."""

    code = "import.one-amount"


@dataclass(frozen=True, slots=True)
class Desk:
    """Who imports, when, from which file, and whether changed rows become revisions."""

    by: Professional
    at: datetime
    file: str
    revise: bool = False

    @property
    def reason(self) -> str:
        return f"import: {self.file}"

    def patient(self, number: str) -> Patient:
        found: Patient | None = Patient.objects.with_identity_number(number, of=self.by).first()
        if found is None:
            raise NotRegistered("No such patient is registered.", field="identity_number")
        return found

    def instant(self, on: date, clock: time, *, field: str) -> datetime:
        said = datetime.combine(on, clock, tzinfo=OSLO)
        if said > self.at:
            raise NotYet(f"{field}: {said:%Y-%m-%d %H:%M}", field=field, value=on.isoformat())
        return said

    def changed(self, row: object, said: Mapping[str, object]) -> dict[str, object]:
        """What the row says otherwise. Raises Changed unless revisions were asked for."""
        other = {name: value for name, value in said.items() if getattr(row, name) != value}
        if other and not self.revise:
            name = next(iter(other))
            raise Changed(
                f"{name}: stored as {getattr(row, name)!r}",
                field=name,
                value=str(other[name]),
                allowed=str(getattr(row, name)),
            )
        return other


Said = Mapping[str, Any]


def store_patient(desk: Desk, said: Said) -> Outcome:
    """``said`` has the particulars as the form for patients read them."""
    particulars: Particulars = said["particulars"]
    known = same_patient(desk, particulars)
    if known is None:
        people.register_patient(said=particulars, by=desk.by, at=desk.at)
        return Outcome.STORED
    stored = known.particulars()
    names = ("given_name", "family_name", "birth_date", "sex", "contact")
    if not desk.changed(stored, {name: getattr(particulars, name) for name in names}):
        return Outcome.KNOWN
    people.amend_patient(
        patient=known, said=particulars, by=desk.by, at=desk.at, reason=desk.reason
    )
    return Outcome.REVISED


def same_patient(desk: Desk, said: Particulars) -> Patient | None:
    if said.identity_number:
        found: Patient | None = Patient.objects.with_identity_number(
            said.identity_number, of=desk.by
        ).first()
        return found
    born = Patient.objects.born(said.birth_date, of=desk.by)
    return next((one for one in born if one.particulars().names == said.names), None)


def store_referral(desk: Desk, said: Said) -> Outcome:
    patient = desk.patient(said["identity_number"])
    desk.instant(said["received_on"], time(), field="received_on")
    letter = {
        "sender_kind": said["sender_kind"],
        "sender_name": said["sender_name"],
        "start_due": said.get("start_due"),
        "question": said.get("question", ""),
    }
    known = ReferralLetter.objects.in_force().filter(
        referral__patient=patient, received_on=said["received_on"]
    )
    if (row := known.first()) is not None:
        changed = desk.changed(row, letter)
        if not changed:
            return Outcome.KNOWN
        referral.correct(fact=row, by=desk.by, at=desk.at, reason=desk.reason, **changed)
        return Outcome.REVISED
    referral.receive_referral(
        patient=patient,
        letter=referral.Letter(
            **letter | {"sender_kind": Sender(said["sender_kind"])},
            received_on=said["received_on"],
        ),
        by=desk.by,
        at=desk.at,
        entered=entered(desk, patient, "referral", when=said["received_on"]),
    )
    return Outcome.STORED


def store_session(desk: Desk, said: Said) -> Outcome:
    patient = desk.patient(said["identity_number"])
    given = given_by(desk, said)
    start = given.started_at
    known = SessionGiven.objects.in_force().filter(course__patient=patient, started_at=start)
    if (row := known.first()) is not None:
        content = {
            name: getattr(given, name)
            for name in ("stopped_at", "prescribed_mg", "delivered_mg", "ended_early")
        }
        changed = desk.changed(row, content)
        if not changed:
            return Outcome.KNOWN
        treatment.correct(fact=row, by=desk.by, at=desk.at, reason=desk.reason, **changed)
        return Outcome.REVISED
    treatment.record_session(
        course=course_on(desk, patient, said["protocol"], start=start),
        given=given,
        entered=entered(desk, patient, "session", when=start),
        by=desk.by,
        at=desk.at,
    )
    return Outcome.STORED


def given_by(desk: Desk, said: Said) -> treatment.Given:
    """Raises WrongTimes, OneAmount, NotYet."""
    start = desk.instant(said["given_on"], said["started_at"], field="given_on")
    stop = desk.instant(said["given_on"], said["stopped_at"], field="stopped_at")
    if stop <= start:
        raise WrongTimes(
            "It stops before it starts.", field="stopped_at", value=f"{stop:%H:%M}"
        )
    ordered, delivered = said.get("prescribed_mg"), said.get("delivered_mg")
    if (ordered is None) is not (delivered is None):
        missing = "prescribed_mg" if ordered is None else "delivered_mg"
        raise OneAmount("Prescribed and delivered belong together.", field=missing)
    if ordered == 0:
        raise OneAmount(
            "Nothing was prescribed.", field="prescribed_mg", value=0, allowed="> 0"
        )
    return treatment.Given(
        started_at=start,
        stopped_at=stop,
        prescribed_mg=ordered,
        delivered_mg=delivered,
        ended_early=said.get("ended_early", ""),
    )


def course_on(desk: Desk, patient: Patient, protocol: str, *, start: datetime) -> Course:
    """The open course of the patient, or one that is planned for this first session."""
    opened = Course.objects.open().filter(patient=patient).first()
    if opened is None:
        return treatment.plan_course(
            patient=patient, protocol=latest(protocol), by=desk.by, at=start
        )
    if opened.protocol != protocol:
        raise OtherCourse(
            f"The open course is on {opened.protocol}.",
            field="protocol",
            value=protocol,
            allowed=opened.protocol,
        )
    return opened


def store_rating(desk: Desk, said: Said) -> Outcome:
    patient = desk.patient(said["identity_number"])
    at = desk.instant(said["rated_on"], said["rated_at"], field="rated_on")
    scale = instrument(said["instrument"])
    typed = [number_or_word(word) for word in said["answers"]]
    # Read in the order of the items, and kept by their ids, as a page keeps them.
    reading(scale, typed)
    answers = dict(zip((item.id for item in scale.items), typed, strict=True))
    rated = treatment.Rated(
        instrument=scale.id,
        answers=answers,
        timing=Timing(said["timing"]),
        mode=Mode.IMPORTED,
        rater="patient" if scale.rater.is_patient else "clinician",
        sex=patient.particulars().sex.replace("u", "") or None,
    )
    known = Rating.objects.with_instrument(scale.id).filter(patient=patient, happened_at=at)
    if (row := known.first()) is not None:
        if not desk.changed(row, {"answers": answers, "timing": rated.timing.value}):
            return Outcome.KNOWN
        treatment.correct_rating(
            rating=row, rated=rated, by=desk.by, at=desk.at, reason=desk.reason
        )
        return Outcome.REVISED
    treatment.record_rating(
        patient=patient,
        rated=rated,
        entered=entered(desk, patient, f"rating/{scale.id}", when=at),
        by=desk.by,
        at=desk.at,
    )
    return Outcome.STORED


def number_or_word(word: str) -> int | str | None:
    if word == NOT_ANSWERED:
        return None
    digits = word.removeprefix("-")
    return int(word) if digits.isascii() and digits.isdecimal() and len(digits) < 9 else word


def entered(desk: Desk, patient: Patient, what: str, *, when: date) -> Entered:
    happened = when if isinstance(when, datetime) else datetime.combine(when, time(), OSLO)
    name = f"{patient.pk}/{what}/{when.isoformat()}"
    return Entered(happened_at=happened, entered_at=desk.at, entry=uuid.uuid5(NAMESPACE, name))


STORES: Mapping[str, Callable[[Desk, Said], Outcome]] = {
    "patients": store_patient,
    "referrals": store_referral,
    "sessions": store_session,
    "ratings": store_rating,
}
