"""What the trials found, beside what the unit has found; and how certain its doctors hold it to be."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods

from lysglimt.clinic.insight import actions
from lysglimt.clinic.insight.certainty import Held, absolute, choices, held
from lysglimt.clinic.insight.cohort import Cohort, Effect, Period
from lysglimt.clinic.insight.forest import forest, funnel, legend
from lysglimt.clinic.insight.forms import BaselineForm, CertaintyForm
from lysglimt.clinic.insight.net_picture import network_picture
from lysglimt.clinic.insight.networks import NETWORKS, PART_OF, network_of, shown
from lysglimt.clinic.insight.trials import FIRST, QUESTIONS, answer, few, in_words
from lysglimt.clinic.people.access import SignedInRequest, allowed, typed
from lysglimt.clinic.treatment.history import protocol_of
from lysglimt.clinic.treatment.models import Course
from lysglimt.clinic.treatment.record import records_of
from lysglimt.science.evidence.hinted import hinted
from lysglimt.science.evidence.pools import Pool
from lysglimt.science.evidence.questions import Outcome
from lysglimt.science.evidence.trial_rows import shipped


@require_GET
@allowed("evidence")
def evidence(request: SignedInRequest) -> HttpResponse:
    said = request.GET.get("question", "")
    name = said if said in QUESTIONS else FIRST
    found, language = answer(name), get_language() or "nb"
    context: dict[str, object] = {
        "question": name,
        "questions": [(slug, one.words, slug == name) for slug, one in QUESTIONS.items()],
        "asked": QUESTIONS[name].words,
        "words": list(in_words(found)),
        "few": few(found),
        "left_out": [(one.row, one.because.in_language(language)) for one in found.set_aside],
        "sources": sources(found),
        "found": found,
    }
    if found.fit:
        context |= {
            "forest": forest(found, found.fit),
            "legend": list(legend(found, found.fit)),
            "funnel": funnel(found, found.fit),
            "held": held(name, found, unit=request.user.unit),
            "hints": [one.said.in_language(language) for one in hinted(found)],
            "may_judge": request.may("evidence.judge"),
        }
    context |= of_network(name) | of_thousand(request, found)
    context["own"], context["unit"] = own(request, name), request.user.unit
    context["known"] = QUESTIONS[name].known
    return render(request, "insight/evidence.html", context)


def of_network(question: str) -> dict[str, object]:
    """Empty where the question stands alone."""
    if question not in PART_OF:
        return {}
    name, language = PART_OF[question], get_language() or "nb"
    found, words = network_of(name), str(NETWORKS[name].words)
    return {
        "network": network_picture(found, heading=words),
        "network_words": words,
        "islands": shown(found),
        "network_left_out": [
            (one.row, one.because.in_language(language)) for one in found.set_aside
        ],
        "network_hash": found.hash,
    }


def of_thousand(request: SignedInRequest, found: Pool) -> dict[str, object]:
    """The absolute effect: of the share that the reader chose, and of no other."""
    if found.fit is None or not found.query.outcome.is_counted:
        return {}
    form = BaselineForm(request.GET if "baseline" in request.GET else None)
    shown: dict[str, object] = {"baseline_form": form, "choices": list(choices(found))}
    if form.is_valid():
        shown["absolute"] = absolute(found, found.fit, form.cleaned_data["baseline"])
    return shown


@require_http_methods(["GET", "POST"])
@allowed("evidence.judge", beside=["question"])
def judge(request: SignedInRequest, question: str) -> HttpResponse:
    """A doctor judges domain by domain. What is judged anew stays, below."""
    if question not in QUESTIONS or answer(question).fit is None:
        raise Http404
    found = answer(question)
    known = held(question, found, unit=request.user.unit)
    form = CertaintyForm(typed(request), known=known.newest, figures=found.figures)
    if request.method == "POST" and form.is_valid():
        actions.judge_certainty(
            question=question,
            judgements=form.judgements,
            figures=found.figures,
            by=request.user,
            at=timezone.now(),
            reason=form.cleaned_data.get("reason", ""),
        )
        messages.success(request, gettext("The judgement is stored with your name."))
        return redirect(f"{reverse('evidence')}?question={question}")
    return judging_page(request, form, found=found, known=known, question=question)


def judging_page(
    request: SignedInRequest, form: CertaintyForm, *, found: Pool, known: Held, question: str
) -> HttpResponse:
    language = get_language() or "nb"
    context = {
        "form": form,
        "held": known,
        "question": question,
        "asked": QUESTIONS[question].words,
        "words": list(in_words(found)),
        "hints": [one.said.in_language(language) for one in hinted(found)],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "insight/certainty.html", context, status=status)


def own(request: SignedInRequest, question: str) -> Effect | None:
    """The share of the unit's courses of the same way of giving, where the outcome is of that time."""
    route, outcome = QUESTIONS[question].own, answer(question).query.outcome
    if route is None:
        return None
    today = timezone.localdate()
    courses = Course.objects.in_unit(request.user.unit_id).with_standpoint()
    since = Period.ALL.begins(today)
    same = [one for one in courses if protocol_of(one).product.route is route]
    cohort = Cohort.of(records_of(same), since=since, on=today)
    return cohort.response if outcome is Outcome.RESPONSE else cohort.remission


def sources(found: Pool) -> list[tuple[str, str]]:
    """Where the figures of each trial were seen."""
    used = set(found.row_ids)
    seen = {row.name: row.text("source_of_figures") for row in shipped() if row.id in used}
    return sorted(seen.items())
