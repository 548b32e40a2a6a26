"""What is to be told of an incident, filled in for one receiver: on paper, and as JSON."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lysglimt.clinic.design.numerals import day_written, numeral
from lysglimt.clinic.incidents.duties import DutyShown
from lysglimt.clinic.incidents.models import Incident
from lysglimt.clinic.incidents.showing import told
from lysglimt.clinic.incidents.wordings import LABELS, STATES
from lysglimt.clinic.people.models import PatientCard
from lysglimt.clinic.referral.models import Medicine
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.treatment.history import protocol_of
from lysglimt.clinic.treatment.models import SessionGiven
from lysglimt.knowledge.figures import Mark
from lysglimt.knowledge.safety.adverse_events import taxonomy

from .ledger import initials
from .parts import DUE, QUIET, Document, Part, cell, facts, say, text
from .whole import Printing, foot, when

FORMAT = "lysglimt-incident-report/1"
OF_DRUGS = frozenset({"adverse-reaction", "esketamine", "study"})
"""Duties that ask what else the patient takes."""
MARKS: Mapping[Mark, str] = {
    Mark.SEEN: "report_mark_seen",
    Mark.MEMORY: "report_mark_memory",
    Mark.OWN: "report_mark_own",
}
"""What is said of a figure, by how it is known."""


@dataclass(frozen=True, slots=True)
class Report:
    """One incident for one receiver, with what the receiver asks beside it."""

    row: Incident
    one: DutyShown
    given: SessionGiven | None
    number: int
    taken: tuple[Medicine, ...]


def report_of(row: Incident, one: DutyShown) -> Report:
    """Asks three questions of the database at most."""
    given, number = None, 0
    if row.session is not None:
        rows = SessionGiven.objects.in_force()
        given = rows.filter(entry=row.session.pk).first()
        course = rows.filter(course=row.session.course_id)
        number = course.filter(started_at__lte=given.started_at).count() if given else 0
    taken: tuple[Medicine, ...] = ()
    if row.patient_id and one.duty.id in OF_DRUGS:
        on = Medicine.objects.taken_on(on_day(row.happened_at))
        taken = tuple(on.filter(patient=row.patient_id))
    return Report(row, one, given, number, taken)


def on_paper(report: Report, by: Printing) -> Document:
    row, one = report.row, report.one
    return Document(
        title=say("report"),
        whom=[*whom(report)],
        what=f"{text(one.duty.to)} · {row.unit}",
        foot=foot(by),
        draft=say("report_not_sent"),
        parts=[
            Part(heading=say("report_duty"), facts=facts(of_duty(one))),
            Part(
                heading=say("report_incident"),
                facts=facts(of_incident(row)),
                notes=corrected(row),
            ),
            Part(
                heading=say("report_patient"),
                facts=facts(of_patient(report)),
                notes=[] if row.patient else cell(say("report_nobody")),
            ),
            *([drug(report)] if row.session is not None else []),
            *([beside(report)] if row.patient and one.duty.id in OF_DRUGS else []),
            Part(heading=say("report_sender"), facts=facts(of_sender(row, by))),
        ],
    )


def corrected(row: Incident) -> Any:
    if row.revision == 1:
        return []
    return cell(say("report_corrected", n=row.revision - 1), kind=QUIET)


def whom(report: Report) -> Iterator[str]:
    """The name alone where the receiver is to have it."""
    patient = report.row.patient
    if patient is None:
        yield say("report_nobody")
        return
    card = patient.card()
    if report.one.duty.names_patient:
        yield card.name
        yield f"{say('born')} {day_written(card.birth_date)}"
    else:
        yield f"{initials(card)}, {card.birth_date.year}"


def of_duty(one: DutyShown) -> list[tuple[str, object]]:
    marks = {one.duty.basis.mark, *([] if one.stated else [one.duty.deadline_basis.mark])}
    return [
        (say("report_to"), text(one.duty.to)),
        (say("report_what"), text(one.duty.what)),
        (say("report_when"), text(one.duty.urgency)),
        (say("report_latest"), when(one.latest)),
        (say("report_basis"), ", ".join(say(MARKS[mark]) for mark in sorted(marks))),
        (say("report_state"), STATES[one.state]),
    ]


def of_incident(row: Incident) -> list[tuple[str, object]]:
    """Every field that was asked; what is not known says so."""
    said = told(row)
    found = [(str(LABELS[name]), value) for name, value in said.items() if value]
    term = taxonomy().terms.get(row.term)
    return [*found, *([("CTCAE v5", term.ctcae)] if term and term.ctcae else [])]


def of_patient(report: Report) -> list[tuple[str, object]]:
    if report.row.patient is None:
        return []
    card = report.row.patient.card()
    return [
        (say("report_initials"), initials(card)),
        (say("report_born"), card.birth_date.year),
        (say("report_sex"), sex_of(card)),
    ]


def sex_of(card: PatientCard) -> str:
    return {"f": "F", "m": "M"}.get(card.sex, say("report_unknown"))


def drug(report: Report) -> Part:
    session = report.row.session
    told = []
    if session is not None:
        product = protocol_of(session.course).product
        told = [(say("report_drug"), text(product.name)), ("ATC", product.atc or "–")]
    if report.given is not None and report.given.delivered_mg is not None:
        told.append((say("report_dose"), f"{numeral(report.given.delivered_mg)} mg"))
        told.append((say("report_number"), str(report.number)))
    return Part(heading=say("report_drug"), facts=facts(told))


def beside(report: Report) -> Part:
    rows = [(one.atc or "–", medicine_said(one)) for one in report.taken]
    notes = [] if rows else cell(say("report_none"), kind=DUE)
    return Part(heading=say("report_taken"), facts=facts(rows), notes=notes)


def medicine_said(one: Medicine) -> str:
    amount = f" · {numeral(one.mg_per_day)} mg" if one.mg_per_day is not None else ""
    return f"{one.name or one.atc}{amount}"


def of_sender(row: Incident, by: Printing) -> list[tuple[str, object]]:
    return [(say("report_sender"), str(by.by)), (say("report_unit"), str(row.unit))]


def as_json(report: Report, by: Printing) -> str:
    """Codes, not words, but for what was typed; times with their zone. Nothing that was not asked."""
    row, one = report.row, report.one
    said: dict[str, Any] = {
        "format": FORMAT,
        "sent": False,
        "duty": one.duty.id,
        "to": {"nb": one.duty.to.nb, "en": one.duty.to.en},
        "latest": one.latest.isoformat() if one.latest else None,
        "state": one.state,
        "unit": str(row.unit),
        "reported_by": str(by.by),
        "made_at": by.at.isoformat(),
        "incident": incident_coded(row),
        "patient": patient_coded(report),
        "session": session_coded(report),
        "other_medicines": [
            {"atc": each.atc, "name": each.name, "mg_per_day": decimal(each.mg_per_day)}
            for each in report.taken
        ]
        if one.duty.id in OF_DRUGS
        else None,
    }
    return json.dumps(said, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def decimal(value: Any) -> float | None:
    return None if value is None else float(value)


def incident_coded(row: Incident) -> dict[str, Any]:
    term = taxonomy().terms.get(row.term)
    names = ("kind", "term", "grade", "course", "harmed", "serious", "criteria", "unnatural")
    more = ("in_study", "causality", "expected", "nasal", "done", "outcome", "words")
    said = {name: getattr(row, name) for name in (*names, *more)}
    return {name: value for name, value in said.items() if value} | {
        "entry": str(row.entry),
        "revision": row.revision,
        "transient": row.transient,
        "ctcae": term.ctcae if term else None,
        "began": row.happened_at.isoformat(),
        "ended": row.ended_at.isoformat() if row.ended_at else None,
        "known": row.known_at.isoformat(),
    }


def patient_coded(report: Report) -> dict[str, Any] | None:
    if report.row.patient is None:
        return None
    card = report.row.patient.card()
    named = {"name": card.full_name, "birth_date": card.birth_date.isoformat()}
    return {
        "initials": initials(card),
        "birth_year": card.birth_date.year,
        "sex": card.sex,
    } | (named if report.one.duty.names_patient else {})


def session_coded(report: Report) -> dict[str, Any] | None:
    session = report.row.session
    if session is None:
        return None
    product = protocol_of(session.course).product
    given = report.given
    return {
        "product": product.name.en,
        "atc": product.atc,
        "route": product.route.value,
        "delivered_mg": decimal(given.delivered_mg) if given else None,
        "number": report.number or None,
        "started": given.started_at.isoformat() if given else None,
    }
