"""What was tried, what is diagnosed, what is taken: listed, added, put right, struck through."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.people.access import SignedInRequest, allowed, typed
from lysglimt.clinic.people.facts import Entered, Fact
from lysglimt.clinic.people.forms import ReasonForm
from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.people.pages import about
from lysglimt.clinic.referral import actions
from lysglimt.clinic.referral.candidacy import known_of
from lysglimt.clinic.referral.forms.history import (
    DiagnosisForm,
    HistoryForm,
    SeriesForm,
    TrialForm,
)
from lysglimt.clinic.referral.forms.medicine import MedicineForm
from lysglimt.clinic.referral.models import (
    Diagnosis,
    Medicine,
    StimulationSeries,
    TreatmentTrial,
)
from lysglimt.clinic.referral.tried import history, judged, names

DOCTORS_ALONE = (actions.EnteredByDoctor, actions.SpeaksAgainst)
page_and_form = require_http_methods(["GET", "POST"])
BACK = ("history", "eligibility", "medicines")
"""The pages that an entry may have been begun from, by name."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One list of the history: its rows, its form, what stores it."""

    model: type[Fact]
    form: type[HistoryForm]
    title: Promise
    record: Callable[..., Fact]
    said: str


KINDS: Mapping[str, Kind] = {
    "trial": Kind(
        TreatmentTrial,
        TrialForm,
        gettext_lazy("A trial of a medicine"),
        actions.record_trial,
        "tried",
    ),
    "series": Kind(
        StimulationSeries,
        SeriesForm,
        gettext_lazy("A series of ECT or rTMS"),
        actions.record_stimulation,
        "series",
    ),
    "diagnosis": Kind(
        Diagnosis,
        DiagnosisForm,
        gettext_lazy("A diagnosis"),
        actions.record_diagnosis,
        "diagnosed",
    ),
    "medicine": Kind(
        Medicine,
        MedicineForm,
        gettext_lazy("A medicine that is taken"),
        actions.record_medicine,
        "taken",
    ),
}


@require_GET
@allowed("history", of=Patient)
def show(request: SignedInRequest, patient: Patient) -> HttpResponse:
    """In journal mode everything stands there, and nothing is counted."""
    said = history(patient)
    on = timezone.localdate()
    journal = request.user.unit.journal_mode
    counted = None if journal else judged(said, known_of(patient, said), on=on)
    return about(
        request,
        patient,
        "referral/history.html",
        said=said,
        counted=counted,
        names=names(),
        journal=journal,
    )


@page_and_form
@allowed("history.add", of=Patient, beside=["kind"])
def add(request: SignedInRequest, patient: Patient, kind: str) -> HttpResponse:
    what = kind_of(kind)
    form = what.form(typed(request))
    if request.method == "POST" and form.is_valid() and not doubted(form, patient, what):
        now = timezone.now()
        told: dict[str, Any] = {what.said: form.said()}
        entered = Entered(happened_at=now, entered_at=now, entry=form.cleaned_data["entry"])
        what.record(patient=patient, **told, entered=entered, by=request.user, at=now)
        return redirect(back(request), pk=patient.pk)
    return about(
        request, patient, "referral/entry.html", form=form, title=what.title, back=back(request)
    )


def doubted(
    form: HistoryForm, patient: Patient, what: Kind, *, itself: UUID | None = None
) -> bool:
    """Is there the same in force already, or an amount that nobody takes?"""
    entry = itself or form.cleaned_data["entry"]
    return form.questioned(in_force(patient, what.model, but=entry))


def in_force(patient: Patient, model: type[Fact], *, but: UUID) -> set[str]:
    """The codes of what the patient has or takes; a medicine may be tried more than once."""
    if model is Medicine:
        taken = Medicine.objects.taken_on(timezone.localdate()).filter(patient=patient)
        return set(taken.exclude(entry=but).values_list("atc", flat=True))
    if model is Diagnosis:
        has = Diagnosis.objects.in_force().filter(patient=patient)
        return set(has.exclude(entry=but).values_list("code", flat=True))
    return set()


@page_and_form
@allowed("history.correct", of=Patient, beside=["kind", "entry"])
def correct(
    request: SignedInRequest, patient: Patient, *, kind: str, entry: UUID
) -> HttpResponse:
    """Of what a doctor alone corrects, others read who does; that a medicine is stopped they say."""
    what, row, now = kind_of(kind), row_of(patient, kind, entry), timezone.now()
    form = what.form(typed(request), initial=what.form.typed(row), correcting=True)
    sent = request.method == "POST" and form.is_valid()
    if sent and not doubted(form, patient, what, itself=entry):
        try:
            actions.amend(
                fact=row,
                said=form.said(),
                by=request.user,
                at=now,
                reason=form.cleaned_data["reason"],
            )
        except DOCTORS_ALONE as refusal:
            form.add_error(None, sentence(refusal))
        else:
            return redirect(back(request), pk=patient.pk)
    return about(
        request,
        patient,
        "referral/entry.html",
        form=form,
        title=what.title,
        back=back(request),
        refusal=refusal_read(request, row, at=now),
        may_be_stopped=isinstance(row, Medicine) and row.stopped_on is None,
    )


@page_and_form
@allowed("history.strike", of=Patient, beside=["kind", "entry"])
def strike(
    request: SignedInRequest, patient: Patient, *, kind: str, entry: UUID
) -> HttpResponse:
    row, now = row_of(patient, kind, entry), timezone.now()
    form = ReasonForm(typed(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            actions.strike(fact=row, by=request.user, at=now, reason=reason)
        except DOCTORS_ALONE as refusal:
            form.add_error(None, sentence(refusal))
        else:
            return redirect("history", pk=patient.pk)
    return about(
        request,
        patient,
        "referral/strike.html",
        form=form,
        row=row,
        title=kind_of(kind).title,
        refusal=refusal_read(request, row, at=now),
    )


def refusal_read(request: SignedInRequest, row: Any, *, at: datetime) -> str:
    """Who corrects and strikes this, told before anything is typed."""
    refusal = actions.doctors_alone(row, by=request.user, at=at)
    return "" if refusal is None else sentence(refusal)


def kind_of(kind: str) -> Kind:
    if kind not in KINDS:
        raise Http404
    return KINDS[kind]


def row_of(patient: Patient, kind: str, entry: UUID) -> Any:
    rows: Any = kind_of(kind).model.objects.in_force()
    return get_object_or_404(rows, patient=patient, entry=entry)


def back(request: SignedInRequest) -> str:
    asked = request.GET.get("to", "")
    return asked if asked in BACK else BACK[0]
