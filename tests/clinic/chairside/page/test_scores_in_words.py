"""The recovery scores at discharge: which end is the best, what each point is, and the total."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside.forms.leaving import DischargeForm
from lysglimt.clinic.chairside.models import DischargeRecord, Session
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.knowledge.monitoring.observation import SessionRoute
from tests.clinic.chairside import typed

from .at_the_page import Clock, send, shown, words


def choices(page: str, name: str) -> list[str]:
    ids = re.findall(rf'<input[^>]*name="{re.escape(name)}"[^>]*id="(.*?)"', page)
    labels = (
        re.findall(rf'<label[^>]*for="{one}"[^>]*>(.*?)</label>', page, re.DOTALL)[0]
        for one in ids
    )
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in labels]


@pytest.mark.parametrize(
    ("item", "said"),
    [
        pytest.param(
            "aldrete.activity",
            ["4 lemmer = 2", "2 lemmer = 1", "0 lemmer = 0"],
            id="as the source has it",
        ),
        pytest.param(
            "aldrete.breathing", ["best = 2", "1", "dårligst = 0"], id="no words of our own"
        ),
        pytest.param(
            "padss.walking", ["best = 2", "1", "dårligst = 0"], id="the other way than 0-10"
        ),
        pytest.param(
            "padss.pain", ["ja = 2", "nei = 1"], id="acceptable, yes or no: there is no 0"
        ),
    ],
)
def test_each_item_says_what_its_points_are_or_which_end_is_best(
    stopped: Session, as_nurse: Client, item: str, said: list[str]
) -> None:
    page = as_nurse.get(reverse("discharge.record", args=[stopped.pk])).content.decode()
    assert choices(page, item) == said


def test_what_a_reading_would_have_answered_is_asked_as_the_instrument_words_it() -> None:
    form = DischargeForm(computed={}, age=40, route=SessionRoute.IV)
    assert "20–40 % 1" in str(form.fields["padss.vitals"].help_text)
    assert str(form.fields["aldrete.consciousness"].help_text) == ""


def test_the_total_is_shown_with_its_most_and_what_it_takes(
    stopped: Session, as_nurse: Client, clock: Clock
) -> None:
    going = {"padss.walking": "1", "padss.pain": "1"}
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home(**going))
    page = shown(as_nurse, stopped)
    assert "PADSS 6 av 8, minst 7, etter målingene til og med kl." in page
    assert "Aldrete 10 av 10, minst 9" in page
    assert "Hindrer hjemreise: PADSS er 6, skal være minst 7" in page
    form = words(as_nurse.get(reverse("discharge.record", args=[stopped.pk])))  # type: ignore[arg-type]  # Django's test client
    assert "PADSS 6 av 8, minst 7" in form
    left_open: typed.Typed = {"entry": typed.entry(), "padss.pain": "2", "reason": "Less pain"}
    send(as_nurse, "discharge.record", stopped.pk, left_open)
    assert "PADSS 7 av 8, minst 7" in shown(as_nurse, stopped)


def test_a_total_of_what_was_assessed_alone_names_no_reading(
    running: Session, as_nurse: Client
) -> None:
    send(as_nurse, "pump.record", running.pk, typed.pump("stop"))
    computed = ("padss.vitals", "padss.nausea")
    going = typed.going_home(**dict.fromkeys(computed, "2"))
    send(as_nurse, "discharge.record", running.pk, going)
    assert re.search(r"PADSS 8 av 8, minst 7 (?!,)", shown(as_nurse, running))


def test_an_old_score_is_said_to_be_old_until_it_is_assessed_anew(
    stopped: Session, as_nurse: Client, clock: Clock
) -> None:
    then = timezone.localtime(timezone.now())
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home())
    assert "Vurdert for mer enn" not in shown(as_nurse, stopped)
    clock.move(46)
    page = shown(as_nurse, stopped)
    assert "Vurdert for mer enn 45 min siden:" in page
    assert f"RASS {then:%H:%M}" in page
    points = ("aldrete.activity", "aldrete.breathing", "padss.walking", "padss.pain")
    anew: typed.Typed = {"entry": typed.entry(), "rass": "0", "reason": "Assessed anew"}
    send(as_nurse, "discharge.record", stopped.pk, anew | dict.fromkeys(points, "2"))
    assert "Vurdert for mer enn" not in shown(as_nurse, stopped)


def test_in_journal_mode_no_score_is_old_and_no_total_is_judged(
    stopped: Session,
    as_nurse: Client,
    supported: Unit,
    psychiatrist: Professional,
    clock: Clock,
) -> None:
    people.state_purpose(unit=supported, on=False, by=psychiatrist, at=timezone.now())
    every = (
        *("aldrete.circulation", "aldrete.consciousness", "aldrete.oxygen"),
        *("padss.vitals", "padss.nausea"),
    )
    going = typed.going_home(**dict.fromkeys(every, "2"))
    send(as_nurse, "discharge.record", stopped.pk, going)
    clock.move(46)
    page = shown(as_nurse, stopped)
    assert "av 8" not in page
    assert "Vurdert for mer enn" not in page
    form = words(as_nurse.get(reverse("discharge.record", args=[stopped.pk])))  # type: ignore[arg-type]  # likewise
    assert "Gammel:" not in form
    assert DischargeRecord.objects.count() == 1
