"""Rate a patient: choose the instrument, fill it in, see the score, put it right."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.people.access import SignedInRequest, allowed, patient_page, typed
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.people.policy import CLINICIANS
from lysglimt.clinic.questionnaires import actions
from lysglimt.clinic.questionnaires.due import others, ratings_due
from lysglimt.clinic.questionnaires.forms import (
    CorrectionForm,
    RatingForm,
    Sheet,
    StrikeForm,
    as_typed,
    scored_here,
)
from lysglimt.clinic.questionnaires.models import RatingDraft
from lysglimt.clinic.questionnaires.score_sheet import ScoreSheet
from lysglimt.clinic.questionnaires.shelf import words
from lysglimt.clinic.questionnaires.wordings import RATERS
from lysglimt.clinic.referral.actions import SpeaksAgainst
from lysglimt.clinic.scheduling.rota import receiver_now
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import Course, Rating, SafetyTask
from lysglimt.clinic.treatment.windows import asked_about
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.instruments.instrument import Instrument, instrument
from lysglimt.knowledge.instruments.wording import WordingRequired
from lysglimt.knowledge.safety.suicidality import can_ask_for_a_doctor

page_and_form = require_http_methods(["GET", "POST"])
KEPT_FOR = timedelta(hours=12)
"""A shift. An older draft is of another day, and its answers are no start for this one."""


@require_GET
@allowed("ratings", of=Patient)
def choose(request: SignedInRequest, patient: Patient) -> HttpResponse:
    """In journal mode nothing is said to be due."""
    journal = request.user.journal_mode
    course = Course.objects.open().filter(patient=patient).first()
    due = ratings_due(course, timezone.localdate()) if course and not journal else ()
    return patient_page(
        request, patient.card(), "questionnaires/choose.html", due=due, others=others(due)
    )


@page_and_form
@allowed("rating.record", of=Patient, beside=["instrument_id"])
def record(request: SignedInRequest, patient: Patient, instrument_id: str) -> HttpResponse:
    scale = known(instrument_id)
    now = timezone.now()
    try:
        sheet = sheet_for(request, patient, scale, now=now)
    except WordingRequired as refusal:
        return patient_page(
            request,
            patient.card(),
            "questionnaires/no_wording.html",
            status=422 if request.method == "POST" else 200,
            scale=scale,
            refusal=refusal,
        )
    drafts = RatingDraft.objects.of(rater=request.user, patient=patient, instrument=scale.id)
    kept = drafts.filter(saved_at__gt=now - KEPT_FOR).first()
    autosave = reverse("rating.draft", kwargs={"pk": patient.pk, "instrument_id": scale.id})
    said = typed(request) or typed(request, action=autosave)
    form = RatingForm(sheet, said, initial=kept.typed if kept else None)
    if request.method == "POST":
        rating = handed_in(form, patient=patient, at=now) if form.is_valid() else None
        if rating is not None:
            return redirect("rating", pk=rating.pk)
        keep_draft(request, patient, scale, at=now)
    return rating_page(request, patient, form, draft=kept)


def handed_in(form: RatingForm, *, patient: Patient, at: datetime) -> Rating | None:
    """None when the rules refuse what was typed; the form says why."""
    entered = Entered(
        happened_at=form.cleaned_data["at"], entered_at=at, entry=form.cleaned_data["entry"]
    )
    try:
        return actions.hand_in(
            patient=patient, rated=form.rated(), entered=entered, by=form.sheet.rater, at=at
        )
    except ClinicalError as refusal:
        form.refuse(refusal)
        return None


@require_POST
@allowed("rating.draft", of=Patient, beside=["instrument_id"])
def draft(request: SignedInRequest, patient: Patient, instrument_id: str) -> HttpResponse:
    """What is typed so far is kept while the form is being filled in."""
    now = timezone.now()
    keep_draft(request, patient, known(instrument_id), at=now)
    return render(request, "questionnaires/_kept.html", {"saved_at": now})


@require_POST
@allowed("rating.discard", of=Patient, beside=["instrument_id"])
def discard(request: SignedInRequest, patient: Patient, instrument_id: str) -> HttpResponse:
    scale = known(instrument_id)
    actions.discard_draft(patient=patient, instrument_id=scale.id, by=request.user)
    messages.info(request, gettext("What was kept is thrown away."))
    return redirect("rating.record", pk=patient.pk, instrument_id=scale.id)


@require_GET
@allowed("rating", of=Rating)
def show(request: SignedInRequest, rating: Rating) -> HttpResponse:
    revisions = list(Rating.objects.history(rating.entry).select_related("by", "patient"))
    newest = revisions[-1]
    tasks = SafetyTask.objects.filter(rating__entry=rating.entry).select_related(
        "receiver", "acknowledgement"
    )
    return patient_page(
        request,
        newest.patient.card(),
        "questionnaires/rating.html",
        sheet=ScoreSheet(newest),
        late=revisions[0].late,
        may_correct=request.may("rating.correct"),
        earlier=[ScoreSheet(one) for one in revisions[:-1]],
        tasks=list(tasks),
        journal=request.user.journal_mode,
    )


@page_and_form
@allowed("rating.correct", of=Rating)
def correct(request: SignedInRequest, rating: Rating) -> HttpResponse:
    now, scale = timezone.now(), instrument(rating.instrument)
    sheet = sheet_for(request, rating.patient, scale, now=now)
    if rating.text_pack:
        sheet = replace(sheet, words=replace(sheet.words, checksum=rating.text_pack))
    form = CorrectionForm(sheet, typed(request), initial=as_stored(rating))
    if request.method == "POST" and form.is_valid():
        try:
            corrected = treatment.correct_rating(
                rating=rating,
                rated=form.rated(),
                by=request.user,
                at=now,
                reason=form.cleaned_data["reason"],
                happened_at=form.cleaned_data["at"],
            )
        except ClinicalError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, gettext("The rating is corrected."))
            return redirect("rating", pk=corrected.pk)
    return rating_page(request, rating.patient, form, rating=rating)


@page_and_form
@allowed("rating.strike", of=Rating)
def strike(request: SignedInRequest, rating: Rating) -> HttpResponse:
    form = StrikeForm(typed(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            struck = treatment.strike(
                fact=rating, by=request.user, at=timezone.now(), reason=reason
            )
        except SpeaksAgainst as refusal:
            form.add_error(None, sentence(refusal))
        else:
            words = gettext("The rating is struck through and counts no more.")
            messages.success(request, words)
            return redirect("rating", pk=struck.pk)
    status = 422 if request.method == "POST" else 200
    sheet = ScoreSheet(rating)
    return patient_page(
        request,
        rating.patient.card(),
        "questionnaires/strike.html",
        status=status,
        form=form,
        sheet=sheet,
    )


def known(instrument_id: str) -> Instrument:
    scales = {scale.id: scale for scale in scored_here()}
    if instrument_id not in scales:
        raise Http404
    return scales[instrument_id]


def sheet_for(
    request: SignedInRequest, patient: Patient, scale: Instrument, *, now: datetime
) -> Sheet:
    unit = request.user.unit
    staff = Professional.objects.filter(unit=unit, is_active=True, role__in=CLINICIANS)
    return Sheet(
        scale=scale,
        words=words(scale, language=get_language() or "nb", entity_id=unit.entity_id),
        receivers=tuple(staff.order_by("display_name", "pk")),
        rater=request.user,
        now=now,
        sex=patient.particulars().sex,
        by_rota=receiver_now(unit.pk, at=now, doctor=can_ask_for_a_doctor(scale.id))
        if scale.safety_items
        else None,
    )


def as_stored(rating: Rating) -> dict[str, object]:
    scale = instrument(rating.instrument)
    return as_typed(
        rating.answers,
        (*scale.items, *scale.extra_items),
        at=timezone.localtime(rating.happened_at),
        timing=rating.timing,
        mode=rating.mode,
        recall=asked_about(rating).id,
        prorate=rating.prorated,
    )


def keep_draft(
    request: SignedInRequest, patient: Patient, scale: Instrument, *, at: datetime
) -> None:
    actions.save_draft(
        patient=patient,
        instrument_id=scale.id,
        typed=said_so_far(request.POST),
        entry=entry_of(request.POST),
        by=request.user,
        at=at,
    )


def entry_of(posted: QueryDict) -> UUID | None:
    try:
        return UUID(posted.get("entry", ""))
    except ValueError:
        return None


def said_so_far(posted: QueryDict) -> dict[str, object]:
    """Without the token, and without what only this sending of the form is."""
    return {
        name: value
        for name, value in posted.dict().items()
        if name not in {"csrfmiddlewaretoken", "entry"} and value != ""
    }


def rating_page(
    request: SignedInRequest, patient: Patient, form: RatingForm, **beside: object
) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    scale, text = form.sheet.scale, form.sheet.words
    return patient_page(
        request,
        patient.card(),
        "questionnaires/record.html",
        status=status,
        form=form,
        scale=scale,
        words=text,
        rater=RATERS[scale.rater],
        **beside,
    )
