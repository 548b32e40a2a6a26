"""What is taken beside the treatment: the rows, what the rules find, and what was agreed of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import JSONField, OuterRef, Subquery
from django.db.models.functions import JSONObject

from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.referral import past
from lysglimt.clinic.referral.models import Medicine
from lysglimt.clinic.treatment.models.task import named
from lysglimt.clinic.treatment.recorded import Known, known_with
from lysglimt.clinic.treatment.told import listed, zoned
from lysglimt.knowledge.eligibility.candidate import DiagnosisStatus
from lysglimt.knowledge.safety.antiemetics import antiemetic_rules, before_antiemetic
from lysglimt.knowledge.safety.interactions import (
    left_off,
    left_off_since,
    not_discussed,
    timing_matters,
)
from lysglimt.knowledge.verdict import Finding, Standing

from .models import UNDER_WAY, DoseTiming, MedicinesAsked, TaperLook, TaperPlan


@dataclass(frozen=True, slots=True)
class Taper:
    """A plan in force with its looks, the newest first."""

    plan: TaperPlan
    looks: tuple[TaperLook, ...]

    @property
    def under_way(self) -> bool:
        return not self.looks or self.looks[0].state in UNDER_WAY

    @property
    def look_on(self) -> date | None:
        """When it is looked at next, by the newest of plan and look; None when it is over."""
        if not self.looks or (
            self.under_way and self.plan.received_at > self.looks[0].received_at
        ):
            return self.plan.look_on
        return self.looks[0].look_on

    def late(self, on: date) -> bool:
        return self.look_on is not None and self.look_on < on


def tapers(plans: Iterable[TaperPlan]) -> tuple[Taper, ...]:
    """Asks one question of the database."""
    rows = tuple(plans)
    entries = [row.entry for row in rows]
    looks: dict[UUID, list[TaperLook]] = {entry: [] for entry in entries}
    found = TaperLook.objects.in_force().filter(taper__entry__in=entries)
    for look in found.select_related("by", "taper").order_by("-happened_at", "-pk"):
        looks[look.taper.entry].append(look)
    return tuple(Taper(row, tuple(looks[row.entry])) for row in rows)


def tapers_of(patient: Patient) -> tuple[Taper, ...]:
    """Asks two questions of the database."""
    plans = TaperPlan.objects.in_force().filter(medicine__patient=patient)
    return tapers(plans.select_related("by", "medicine"))


def asked_last(patient: Patient) -> MedicinesAsked | None:
    """When somebody last asked what has changed. Asks one question."""
    asked = MedicinesAsked.objects.in_force().filter(patient=patient)
    last: MedicinesAsked | None = (
        asked.select_related("by").order_by("-happened_at", "-pk").first()
    )
    return last


@dataclass(frozen=True, slots=True)
class Agreed:
    """What is agreed of when a dose is taken; ``by`` is the name of the doctor."""

    entry: UUID
    agreed: str
    by: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class MedicinesOn:
    """What is ``taken`` on a day, and what was stopped lately."""

    taken: list[Medicine]
    left: list[Medicine]
    on: date

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What no rule of what is taken tells: a dose not discussed, a sedative left off."""
        stopped = zip(past.taken(self.left), (one.stopped_on for one in self.left), strict=True)
        dated = ((one, day) for one, day in stopped if day)
        gone = left_off(dated, taken=past.taken(self.taken), on=self.on)
        return *undiscussed(self.taken), *gone


def listed_on(patient: Patient, *, on: date) -> MedicinesOn:
    """Each with what is agreed of it, for `agreed_of`. Asks one question of the database."""
    said: Any = JSONObject(
        **{name: name for name in ("entry", "revision", "agreed", "happened_at")},
        by=named("by"),
    )
    timings = DoseTiming.objects.in_force().filter(medicine=OuterRef("pk"))
    newest = timings.order_by("-happened_at", "-pk").annotate(said=said).values("said")[:1]
    rows = Medicine.objects.taken_or_left(on, since=left_off_since(on)).filter(patient=patient)
    every = list(rows.annotate(timing=Subquery(newest, output_field=JSONField())))
    left = [one for one in every if one.stopped_on is not None and one.stopped_on <= on]
    return MedicinesOn([one for one in every if one not in left], left, on)


def taken(patient: Patient, *, on: date) -> list[Medicine]:
    """As `listed_on`, without what was stopped."""
    return listed_on(patient, on=on).taken


def agreed_of(medicine: Medicine) -> Agreed | None:
    """Of a row of `taken`: a text is opened by what identifies its own row."""
    row = listed(vars(medicine)["timing"])
    if row is None:
        return None
    field: Any = DoseTiming._meta.get_field("agreed")
    entry = UUID(row["entry"])
    words = field.read_in(row["agreed"], [entry, row["revision"]])
    return Agreed(entry, words, row["by"], zoned(row["happened_at"]))


def undiscussed(takes: Iterable[Medicine]) -> tuple[Finding, ...]:
    """A needed dose of which nobody has said when it is taken; none is left out in silence."""
    return not_discussed(past.taken(one for one in takes if agreed_of(one) is None))


def asks_for_timing(medicine: Medicine) -> bool:
    return timing_matters(medicine.atc)


def at_the_start(patient: Patient, *, on: date) -> tuple[Finding, ...]:
    """What is not discussed on a day, or was stopped lately. Asks one question of the database."""
    return listed_on(patient, on=on).findings


def before_the_dose(patient: Patient, *, on: date) -> tuple[Finding, ...]:
    """All that is found, for who writes the order. Asks two questions of the database."""
    listed = listed_on(patient, on=on)
    found = known_with(patient, listed.taken, on=on).of_medicines
    told = (one for one in found if one.standing is not Standing.MET)
    return (*worst_first(told), *listed.findings)


def worst_first(found: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(found, key=lambda one: -one.standing))


@dataclass(frozen=True, slots=True)
class BeforeAntiemetic:
    """One antiemetic, and what is found about giving it to this patient."""

    name: str
    findings: tuple[Finding, ...]


def before_antiemetics_of(
    patient: Patient, *, on: date, language: str
) -> tuple[BeforeAntiemetic, ...]:
    """Asks two questions of the database."""
    known = known_with(patient, taken(patient, on=on), on=on)
    return before_antiemetics(known, language=language)


def before_antiemetics(known: Known, *, language: str) -> tuple[BeforeAntiemetic, ...]:
    """A diagnosis of the past is not of now; one that nobody dated may be."""
    has = known.candidate.diagnoses
    now = [one.code for one in has or () if one.status is not DiagnosisStatus.HISTORY]
    return tuple(
        BeforeAntiemetic(
            name=one.name.in_language(language),
            findings=before_antiemetic(
                one,
                known.candidate.medicines,
                known.circumstances,
                diagnoses=None if has is None else now,
            ),
        )
        for one in antiemetic_rules().antiemetic
    )
