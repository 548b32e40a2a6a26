"""What is printed: the record of a session, and the paper chart for when the machines are down."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from lysglimt.clinic.chairside.hands import protocols_used
from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.cupboard.models import Holding, LedgerEntry
from lysglimt.clinic.cupboard.showing import cards_shown
from lysglimt.clinic.people.access import PatientFile, SignedInRequest, allowed

from . import ledger as ledgers
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


def printing(request: SignedInRequest) -> Printing:
    return Printing(by=request.user, at=timezone.now())


def file_of(document: Document, name: str) -> HttpResponse:
    return HttpResponse(
        pdf(document),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="lysglimt-{name}.pdf"'},
    )
