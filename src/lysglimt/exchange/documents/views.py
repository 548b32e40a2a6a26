"""What is printed: the record of a session, and the paper chart for when the machines are down."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_GET

from lysglimt.clinic.chairside.hands import protocols_used
from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.cupboard.models import Holding, LedgerEntry
from lysglimt.clinic.cupboard.showing import cards_shown
from lysglimt.clinic.exposure.ledger import exposure_ledger
from lysglimt.clinic.exposure.models import DoseElsewhere, SafetyStop
from lysglimt.clinic.incidents.duties import duties_shown
from lysglimt.clinic.incidents.models import Incident
from lysglimt.clinic.incidents.record import newest
from lysglimt.clinic.people.access import PatientFile, SignedInRequest, allowed
from lysglimt.clinic.suicidality.models import CrisisText, SafetyPlan

from . import incident_report
from . import ledger as ledgers
from . import safety_plan as plans
from . import safety_stop as stops
from .blank_chart import blank_chart, chart_of
from .parts import Document, pdf
from .session_record import session_record
from .whole import Printing


@require_GET
@allowed("print.session", of=Session)
def session(request: SignedInRequest, session: Session) -> HttpResponse:
    """Logged as a read, like the page. The name of the file tells of nobody."""
    made = session_record(session, printing(request))
    return PatientFile(file_of(made, "session"), patients=[session.course.patient_id])


@require_GET
@allowed("print.chart", of=Session)
def chart(request: SignedInRequest, session: Session) -> HttpResponse:
    """For a planned session: with the two identifiers and the signed order, if there is one."""
    made = chart_of(session, printing(request))
    return PatientFile(file_of(made, "paper-chart"), patients=[session.course.patient_id])


@require_GET
@allowed("print.blank", beside=["protocol"])
def blank(request: SignedInRequest, *, protocol: str) -> HttpResponse:
    """Of a protocol that the unit uses; about nobody."""
    used = {one.id: one for one in protocols_used(request.user.unit)}
    made = blank_chart(used[protocol], printing(request)) if protocol in used else None
    if made is None:
        raise Http404
    return file_of(made, f"paper-chart-{protocol}")


@require_GET
@allowed("print.ledger", of=Holding)
def ledger(request: SignedInRequest, holding: Holding) -> HttpResponse:
    """All of it, patients by birth date and initials; not those closed to the reader."""
    rows = LedgerEntry.objects.for_professional(request.user).of_holding(holding)
    told = list(
        rows.select_related(
            "holding", "by", "witness", "prescriber", "corrects"
        ).select_related("session__course")
    )
    whom = {one.session.course.patient_id for one in told if one.session}
    cards = cards_shown(whom, request.user, at=timezone.now())
    made = ledgers.ledger(holding, told, printing(request), cards=cards)
    return PatientFile(file_of(made, "ledger"), patients=cards)


@require_GET
@allowed("print.duty", of=Incident, beside=["duty", "ending"])
def report(
    request: SignedInRequest, incident: Incident, *, duty: str, ending: str
) -> HttpResponse:
    """What is to be told of an incident, for one receiver. Nothing is sent by it."""
    row = newest(incident)
    found = duties_shown([row], unit=row.unit_id)[row.entry]
    one = next((each for each in found if each.duty.id == duty), None)
    if one is None or ending not in {"pdf", "json"}:
        raise Http404
    told, by = incident_report.report_of(row, one), printing(request)
    if ending == "pdf":
        made = file_of(incident_report.on_paper(told, by), "incident-report")
    else:
        name = 'attachment; filename="lysglimt-incident-report.json"'
        made = HttpResponse(
            incident_report.as_json(told, by),
            content_type="application/json",
            headers={"Content-Disposition": name},
        )
    return PatientFile(made, patients=[row.patient_id] if row.patient_id else [])


LANGUAGES = frozenset({"nb", "en"})


@require_GET
@allowed("print.safety-plan", of=SafetyPlan, beside=["language"])
def safety_plan(
    request: SignedInRequest, safety_plan: SafetyPlan, *, language: str
) -> HttpResponse:
    """The patient's copy, in the language that the patient reads; a struck plan is not printed."""
    in_force = SafetyPlan.objects.in_force().filter(pk=safety_plan.pk).exists()
    if language not in LANGUAGES or not in_force:
        raise Http404
    told = CrisisText.objects.in_unit(request.user.unit_id).newest_first().first()
    with override(language):
        crisis = told.in_language(language) if told else ""
        made = plans.safety_plan(safety_plan, printing(request), crisis=crisis)
        file = file_of(made, "safety-plan")
    return PatientFile(file, patients=[safety_plan.patient_id])


@require_GET
@allowed("print.safety-stop", of=SafetyStop, beside=["language"])
def safety_stop(
    request: SignedInRequest, safety_stop: SafetyStop, *, language: str
) -> HttpResponse:
    """For the patient, or whoever sees to them next; a struck one is not printed."""
    if language not in LANGUAGES or safety_stop.withdrawn:
        raise Http404
    patient = safety_stop.course.patient
    told = DoseElsewhere.objects.in_force().filter(patient=patient)
    with override(language):
        ledger = exposure_ledger(patient, told, on=timezone.localdate())
        made = stops.safety_stop(safety_stop, printing(request), ledger=ledger)
        file = file_of(made, "safety-stop")
    return PatientFile(file, patients=[patient.pk])


def printing(request: SignedInRequest) -> Printing:
    return Printing(by=request.user, at=timezone.now())


def file_of(document: Document, name: str) -> HttpResponse:
    return HttpResponse(
        pdf(document),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="lysglimt-{name}.pdf"'},
    )
