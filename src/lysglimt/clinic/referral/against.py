"""What the history of a patient says against a start, and which entry says it."""

from dataclasses import replace
from datetime import date
from typing import Any

from lysglimt.clinic.people.facts import Fact
from lysglimt.clinic.people.models import Patient
from lysglimt.knowledge.dosing.weights import Sex
from lysglimt.knowledge.eligibility.candidate import Candidate
from lysglimt.knowledge.eligibility.screening import screen
from lysglimt.knowledge.safety.interactions import SessionCircumstances, interactions
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing

from . import past
from .answers import candidate_of
from .candidacy import who
from .models import Assessment, Diagnosis, Medicine

CLOSING = frozenset({Standing.NEEDS_SPECIALIST, Standing.EXCLUDED})
OF_A_START = ("EX-", "RX-")
"""Criteria that close a start whenever they come; the others are asked once, before a course."""
Said = tuple[str, int, str]


def said_by(entry: Any, *, on: date) -> tuple[Text, ...]:
    """What is found against a start because this diagnosis or medicine is in force, and else not.

    Nothing of a trial or a series: of those none closes a start.
    """
    if not isinstance(entry, Diagnosis | Medicine):
        return ()
    row: Fact = entry
    whole = candidate(entry.patient, on=on)
    without = candidate(entry.patient, on=on, but=row)
    left = {told(one) for one in closing(without, on=on)}
    return tuple(one.reason for one in closing(whole, on=on) if told(one) not in left)


def candidate(patient: Patient, *, on: date, but: Fact | None = None) -> Candidate:
    """Who the patient is, what was answered last, and what is diagnosed and taken on a day."""
    rows = Assessment.objects.in_force().filter(referral__patient=patient)
    newest = rows.order_by("-happened_at", "-pk").values_list("candidate", flat=True).first()
    has = Diagnosis.objects.in_force().filter(patient=patient)
    takes = Medicine.objects.taken_on(on).filter(patient=patient)
    if but is not None:
        has, takes = has.exclude(entry=but.entry), takes.exclude(entry=but.entry)
    return replace(
        who(patient, candidate_of(newest or {})),
        diagnoses=tuple(past.diagnosis(row) for row in has),
        medicines=past.taken(takes),
    )


def closing(one: Candidate, *, on: date) -> tuple[Finding, ...]:
    around = SessionCircumstances(
        qtc_ms=one.measurements.qtc_ms, male=None if one.sex is None else one.sex is Sex.MALE
    )
    found = (*screen(one, on=on).findings, *interactions(one.medicines, around))
    return tuple(
        each
        for each in found
        if each.standing in CLOSING and each.criterion.startswith(OF_A_START)
    )


def told(finding: Finding) -> Said:
    return finding.criterion, int(finding.standing), finding.reason.nb
