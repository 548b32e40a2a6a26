"""The pages about one patient, those that exist and that the reader may open."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from lysglimt.clinic.people.access import SignedInRequest
from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.people.policy import Relation
from lysglimt.clinic.treatment.models import Course

May = Callable[[str], bool]
"""Of an operation: may the reader?"""

OF_PATIENT: tuple[tuple[str, Promise], ...] = (
    ("ratings", gettext_lazy("Rate the patient")),
    ("referrals", gettext_lazy("Referrals")),
    ("history", gettext_lazy("Treatment history")),
    ("medicines", gettext_lazy("Medicines and what is found of them")),
    ("patient.incidents", gettext_lazy("Incidents and calls after sessions")),
    ("asking.patient", gettext_lazy("Asking about suicide, and the safety plan")),
    ("patient.over-months", gettext_lazy("Over months: what is due, tests and doses")),
    ("eligibility", gettext_lazy("Eligibility")),
    ("consent", gettext_lazy("Consent and registration")),
    ("work_up", gettext_lazy("Work-up")),
    ("course.plan", gettext_lazy("Plan a course")),
    ("patient.particulars", gettext_lazy("Particulars and next of kin")),
    ("corrections", gettext_lazy("Corrections in the record")),
    ("readers", gettext_lazy("Who has seen this record")),
)
OF_COURSE: tuple[tuple[str, Promise], ...] = (
    ("course", gettext_lazy("Course plan and appointments")),
    ("evaluation", gettext_lazy("Evaluate and decide")),
    ("course.event", gettext_lazy("Note a reason to stop")),
    ("course.pause", gettext_lazy("Planned absence")),
)


@dataclass(frozen=True, slots=True)
class Link:
    address: str
    label: Promise


def patient_links(patient: Patient, course: Course | None, *, may: May) -> tuple[Link, ...]:
    found = [*existing(OF_COURSE, course.pk, may=may)] if course else []
    return (*found, *existing(OF_PATIENT, patient.pk, may=may))


def existing(pages: tuple[tuple[str, Promise], ...], key: Any, *, may: May) -> Iterator[Link]:
    for name, label in pages:
        if address := address_of(name, key, may=may):
            yield Link(address, label)


def address_of(name: str, *keys: Any, may: May) -> str:
    """Empty where no page bears that name, or the reader may not open it."""
    try:
        address = reverse(name, args=keys)
    except NoReverseMatch:
        return ""
    return address if may(name) else ""


def chosen(courses: Sequence[Course], request: SignedInRequest) -> Course | None:
    """As asked for, else the newest. Of another unit they open in an emergency alone."""
    everywhere = request.stands is Relation.EMERGENCY
    unit = request.user.unit_id
    own = [course for course in courses if everywhere or course.unit_id == unit]
    asked = [course for course in own if str(course.pk) == request.GET.get("course")]
    return next(iter(asked or own), None)
