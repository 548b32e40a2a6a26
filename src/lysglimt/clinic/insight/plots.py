"""Each chart as it is taken along: the drawing of its page, with where it comes from written below."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Subquery
from django.utils import timezone
from django.utils.translation import get_language, gettext

from lysglimt.clinic.design.charts.scene import Scene
from lysglimt.clinic.design.numerals import day_written
from lysglimt.clinic.people.access import SignedInRequest
from lysglimt.clinic.people.models import DecisionSupportStatement, Patient
from lysglimt.clinic.treatment.models import Course
from lysglimt.clinic.treatment.record import records_of
from lysglimt.science.evidence.pools import Pool
from lysglimt.science.kinetics.asked import simulated
from lysglimt.science.kinetics.effects import effect_rules

from .curves import compared
from .forest import forest, funnel, legend
from .forms import doses_asked
from .net_picture import network_picture
from .networks import NETWORKS, PART_OF, network_of
from .overview import CourseOverview
from .pages import chosen
from .picture import curve
from .trials import QUESTIONS, answer, few


@dataclass(frozen=True, slots=True)
class Plot:
    scene: Scene
    notes: tuple[str, ...]


def evidence_plot(question: str, name: str) -> Plot | None:
    """None for a question or picture that there is not, or that no trial answers."""
    if question not in QUESTIONS:
        return None
    if name == "network":
        return network_plot(question)
    found = answer(question)
    if found.fit is None or name not in {"forest", "funnel"}:
        return None
    if name == "forest":
        how = " ".join(legend(found, found.fit))
        return Plot(forest(found, found.fit), (how, *notes(question, found)))
    warned = [gettext("With fewer than ten trials the picture cannot tell.")] * few(found)
    return Plot(funnel(found, found.fit), (*warned, *notes(question, found)))


def notes(question: str, found: Pool) -> tuple[str, ...]:
    said = gettext(
        "Trials describe groups of people who were chosen for them. This is no prognosis for one "
        "patient, and no advice on treatment."
    )
    return (str(QUESTIONS[question].words), said, made_by(found.version, found.hash))


def made_by(version: str, fingerprint: str) -> str:
    return f"Lysglimt {version} {fingerprint[:12]}"


def network_plot(question: str) -> Plot | None:
    if question not in PART_OF:
        return None
    name = PART_OF[question]
    found = network_of(name)
    words = gettext(
        "Lines are direct comparisons with the number of their trials, dots treatments by their "
        "number of people. No order of treatments is to be read from it."
    )
    scene = network_picture(found, heading=str(NETWORKS[name].words))
    return Plot(scene, (words, made_by(found.version, found.hash)))


def curves_plot(asked: Mapping[str, str]) -> Plot | None:
    doses = doses_asked(asked)
    if doses is None:
        return None
    made = [simulated(one) for one in doses]
    language = get_language() or "nb"
    models = "; ".join(one.asked.model.name.in_language(language) for one in made)
    label = effect_rules().label.in_language(language)
    return Plot(compared(made), (models, label))


def course_plot(request: SignedInRequest, patient: Patient) -> Plot | None:
    """Of the course that the patient's page shows; None where it shows no picture."""
    statement = DecisionSupportStatement.objects.said_in(request.user.unit)
    known = Course.objects.of_patient(patient.pk).with_standpoint()
    courses = known.annotate(suggesting=Subquery(statement.values("on")[:1]))
    course = chosen(list(courses), request)
    if course is None:
        return None
    course.patient = patient
    [record] = records_of([course])
    today = timezone.localdate()
    overview = CourseOverview.of(record, today)
    scene = curve(overview, today=today, suggesting=bool(vars(course)["suggesting"]))
    if scene is None:
        return None
    words = gettext("Health information about one patient. Made %(day)s.") % {
        "day": day_written(today)
    }
    return Plot(scene, (words,))
