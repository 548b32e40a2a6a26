"""What the trials found, beside what the unit has found. It reads, and decides nothing."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from lysglimt.clinic.insight.cohort import Cohort, Effect, Period
from lysglimt.clinic.insight.forest import forest, funnel
from lysglimt.clinic.insight.trials import FIRST, QUESTIONS, answer, few, in_words
from lysglimt.clinic.people.access import SignedInRequest, allowed
from lysglimt.clinic.treatment.models import Course
from lysglimt.clinic.treatment.record import records_of
from lysglimt.science.evidence.grade import hints
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
            "funnel": funnel(found, found.fit),
            "hints": [one.said.in_language(language) for one in hints(found.fit)],
        }
    context["own"], context["unit"] = own(request, found), request.user.unit
    return render(request, "insight/evidence.html", context)


def own(request: SignedInRequest, found: Pool) -> Effect | None:
    """The unit's own share of the same outcome, where it counts that outcome."""
    outcome = found.query.outcome
    if outcome not in {Outcome.RESPONSE, Outcome.REMISSION}:
        return None
    today = timezone.localdate()
    courses = Course.objects.in_unit(request.user.unit_id).with_standpoint()
    since = Period.ALL.begins(today)
    cohort = Cohort.of(records_of(list(courses)), since=since, on=today)
    return cohort.response if outcome is Outcome.RESPONSE else cohort.remission


def sources(found: Pool) -> list[tuple[str, str]]:
    """Where the figures of each trial were seen."""
    used = set(found.row_ids)
    seen = {row.name: row.text("source_of_figures") for row in shipped() if row.id in used}
    return sorted(seen.items())
