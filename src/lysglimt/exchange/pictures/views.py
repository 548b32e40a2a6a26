"""Each chart to take along: as SVG, PNG or PDF, drawn as on its page."""

from collections.abc import Callable, Mapping

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from lysglimt.clinic.insight.plots import Plot, course_plot, curves_plot, evidence_plot
from lysglimt.clinic.people.access import PatientFile, SignedInRequest, allowed
from lysglimt.clinic.people.models import Patient

from .drawing import drawing
from .paper import inputs, pdf, png

Said = dict[str, str]
ENDINGS: Mapping[str, tuple[str, Callable[[Said], bytes]]] = {
    "svg": ("image/svg+xml", lambda said: said["drawing"].encode()),
    "png": ("image/png", png),
    "pdf": ("application/pdf", pdf),
}


@require_GET
@allowed("evidence.picture", beside=["question", "picture", "ending"])
def evidence(_: SignedInRequest, *, question: str, picture: str, ending: str) -> HttpResponse:
    return file_of(evidence_plot(question, picture), f"{picture}-{question}", ending)


@require_GET
@allowed("curves.picture", beside=["ending"])
def curves(request: SignedInRequest, ending: str) -> HttpResponse:
    """Where there is none, in journal mode or for a dose that is missing, the page says why."""
    plot = None if request.user.journal_mode else curves_plot(request.GET)
    if plot is None:
        return redirect(f"{reverse('curves')}?{request.GET.urlencode()}")
    return file_of(plot, "curves", ending)


@require_GET
@allowed("patient.picture", of=Patient, beside=["ending"])
def patient(request: SignedInRequest, patient: Patient, ending: str) -> HttpResponse:
    """Logged as a read, like the page. The name of the file tells of nobody."""
    plot = course_plot(request, patient)
    if plot is None:
        return redirect("patient", pk=patient.pk)
    return PatientFile(file_of(plot, "course", ending), patients=[patient.pk])


def file_of(plot: Plot | None, name: str, ending: str) -> HttpResponse:
    if plot is None or ending not in ENDINGS:
        raise Http404
    kind, made = ENDINGS[ending]
    language = (get_language() or "nb")[:2]
    drawn = drawing(plot.scene, notes=plot.notes, language=language)
    said = inputs(drawn, plot.scene.title, plot.scene.description, language=language)
    return HttpResponse(
        made(said),
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="lysglimt-{name}.{ending}"'},
    )
