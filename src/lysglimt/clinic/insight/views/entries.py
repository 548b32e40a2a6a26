"""What was changed in a record: what it said before, what it says now, who, when and why."""

from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from lysglimt.clinic.audit.accesses import corrections as corrections_of
from lysglimt.clinic.insight.entries import chapter_of, kinds, side_by_side
from lysglimt.clinic.people.about import way
from lysglimt.clinic.people.access import SignedInRequest, allowed, patient_page, rows
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.people.permissions import permits
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.people.readers import chapter
from lysglimt.clinic.people.standing import relation
from lysglimt.clinic.people.wordings import role_said


@dataclass(frozen=True, slots=True)
class OpenChapters:
    """Which chapters of a patient's record someone may open: asked once for each."""

    by: Professional
    patient: Patient
    asked: dict[str, bool] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        if name not in self.asked:
            row = rows(Patient, self.by, name).get(pk=self.patient.pk)
            self.asked[name] = permits(name, Role(self.by.role), relation(row, self.by))
        return self.asked[name]


@require_GET
@allowed("corrections", of=Patient)
def corrections(request: SignedInRequest, patient: Patient) -> HttpResponse:
    changed = []
    chapters = OpenChapters(request.user, patient)
    for one in corrections_of(patient.pk):
        model, _, row = one.subject.partition("/")
        kind = model.replace(".", "-")
        if kind in kinds() and chapters.has(chapter_of(kind)):
            changed.append((one, kind, row, chapter(chapter_of(kind)), role_said(one.role)))
    return patient_page(request, patient.card(), "insight/corrections.html", changed=changed)


@require_GET
@allowed("entry", of=Patient, beside=("kind", "row"))
def entry(request: SignedInRequest, patient: Patient, *, kind: str, row: int) -> HttpResponse:
    """By the right to open the chapter that the fact stands in, and the unit that it belongs to."""
    model = kinds().get(kind)
    if model is None:
        raise Http404
    name = chapter_of(kind)
    mine = rows(model, request.user, name)
    found = get_object_or_404(mine, **{"pk": row, str(way(model)): patient.pk})
    if not permits(name, Role(request.user.role), relation(found, request.user)):
        raise PermissionDenied
    revisions = list(mine.filter(entry=found.entry).order_by("revision").select_related("by"))
    return patient_page(
        request,
        patient.card(),
        "insight/entry.html",
        revisions=revisions,
        lines=side_by_side(revisions),
        chapter=chapter(name),
    )
