"""Whose rows leave a unit: under which basis, of which people, and by which names."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings

from lysglimt.clinic.chairside.charts_beside import chart_beside
from lysglimt.clinic.people.models import Particulars, Patient, Unit
from lysglimt.clinic.referral.models import Assessment, EligibilityDecision, Referral
from lysglimt.clinic.treatment.history import protocol_of
from lysglimt.clinic.treatment.models import (
    Consent,
    ConsentWithdrawal,
    Course,
    Registration,
    SessionGiven,
)
from lysglimt.clinic.treatment.record import CourseRecord, records_of
from lysglimt.knowledge.eligibility.candidate import Registration as Choice
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.protocols.protocol import Kind
from lysglimt.register.legal_basis import Basis, LeftOut, Standpoint, left_out
from lysglimt.register.pseudonyms import Pseudonyms

from .models import LegalBasis, RegisteredUnit

ABOUT_THE_REGISTER = "register"
"""The point of the consent form at which the register was gone through."""
Row = dict[str, object]


class NoLegalBasis(ClinicalError):
    """Nothing leaves a unit that has not stated on which basis it delivers, or whose basis has ended."""

    code = "delivery.no-basis"


class NotRegistered(ClinicalError):
    """The register knows a unit by a number, which has not been stated."""

    code = "delivery.not-registered"


@dataclass(frozen=True)
class Scope:
    """One unit on one day. ``people`` are those whose rows may leave, ``left_out`` why others stay."""

    unit: Unit
    on: date
    known_as: RegisteredUnit
    basis: LegalBasis
    names: Pseudonyms
    people: frozenset[UUID]
    left_out: Mapping[LeftOut, int]

    def person(self, patient: UUID) -> str:
        return self.names.name("person", patient)

    @cached_property
    def particulars(self) -> Mapping[UUID, Particulars]:
        """Opened once, for the year of birth, the sex and the age at a session; the rest stays."""
        rows = Patient.objects.filter(pk__in=self.people)
        return {row.pk: row.particulars() for row in rows}

    @cached_property
    def referrals(self) -> tuple[Referral, ...]:
        mine = Referral.objects.in_unit(self.unit.pk).filter(patient__in=self.people)
        return tuple(mine.order_by("pk"))

    @cached_property
    def assessments(self) -> Mapping[UUID, Assessment]:
        """The newest of each referral."""
        mine = Assessment.objects.in_force().filter(referral__in=self.referrals)
        return {row.referral_id: row for row in mine.order_by("happened_at", "pk")}

    @cached_property
    def decisions(self) -> Mapping[UUID, EligibilityDecision]:
        """The newest of each referral that stands: signed by as many as it takes."""
        mine = EligibilityDecision.objects.standing().filter(referral__in=self.referrals)
        ordered = mine.select_related("second_signature").order_by("happened_at", "pk")
        return {row.referral_id: row for row in ordered}

    @cached_property
    def records(self) -> tuple[CourseRecord, ...]:
        """Of courses by which somebody is treated; what is recorded beside them is no treatment of ours."""
        mine = Course.objects.in_unit(self.unit.pk).filter(patient__in=self.people)
        courses = mine.with_standpoint().select_related("standing").order_by("pk")
        treated = [one for one in courses if protocol_of(one).kind is not Kind.COMPARATOR]
        sessions = SessionGiven.objects.annotate(chart=chart_beside())
        return records_of(treated, sessions=sessions)

    @cached_property
    def courses(self) -> Mapping[UUID, Course]:
        return {one.course.pk: one.course for one in self.records}

    @cached_property
    def started(self) -> Mapping[UUID, datetime]:
        """When each session was begun, by its entry."""
        given = (row for one in self.records for row in one.sessions_in_force)
        return {row.entry: row.started_at for row in given}

    def course(self, course: UUID | None) -> str | None:
        """Its name, where it is one of those that leave."""
        return self.names.name("course", course) if course in self.courses else None


def scope(unit: Unit, *, on: date) -> Scope:
    """Raises NotRegistered, NoLegalBasis."""
    known_as = RegisteredUnit.objects.of_unit(unit.pk).first()
    if known_as is None:
        raise NotRegistered(f"{unit.name} has no number in the register", unit=unit.name)
    basis = LegalBasis.objects.of_unit(unit.pk).first()
    if basis is None or not basis.runs(on):
        raise NoLegalBasis(f"{unit.name} has no legal basis on {on}", unit=unit.name, on=on)
    whose = {one: left_out(Basis(basis.basis), said) for one, said in standpoints(unit)}
    return Scope(
        unit=unit,
        on=on,
        known_as=known_as,
        basis=basis,
        names=Pseudonyms.of_project(basis.project, key=settings.REGISTER_KEY),
        people=frozenset(one for one, why in whose.items() if why is None),
        left_out=Counter(why for why in whose.values() if why is not None),
    )


def standpoints(unit: Unit) -> Iterator[tuple[UUID, Standpoint]]:
    """Of all who were referred to the unit or have a course there. Asks five questions of the database."""
    referred = Referral.objects.in_unit(unit.pk).values_list("patient_id", flat=True)
    treated = Course.objects.in_unit(unit.pk).values_list("patient_id", flat=True)
    theirs = sorted({*referred, *treated})
    chosen: dict[UUID, tuple[str, datetime]] = {}
    for patient, choice, at in (
        Registration.objects.newest_first()
        .filter(patient__in=theirs)
        .values_list("patient_id", "choice", "happened_at")
    ):
        chosen.setdefault(patient, (choice, at))
    signed: dict[UUID, list[Any]] = {}
    for row in Consent.objects.in_force().filter(patient__in=theirs).order_by("happened_at"):
        signed.setdefault(row.patient_id, []).append(row)
    withdrawn = ConsentWithdrawal.objects.in_force().filter(consent__patient__in=theirs)
    taken_back = {row.consent.entry: row for row in withdrawn.select_related("consent")}
    for patient in theirs:
        last_choice, chosen_at = chosen.get(patient, (None, None))
        forms = signed.get(patient, [])
        last = taken_back.get(forms[-1].entry) if forms else None
        yield (
            patient,
            Standpoint(
                choice=Choice(last_choice) if last_choice else None,
                informed=any(ABOUT_THE_REGISTER in form.items for form in forms),
                taken_back=last is not None
                and (chosen_at is None or chosen_at <= last.happened_at),
            ),
        )
