"""The checklist for going home is changed: what stands stays until it is changed, with its time."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside.models import DischargeRecord, Session
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import SafetyTask
from tests.clinic.chairside import typed

from .at_the_page import Clock, send, shown, words


def page_of(client: Client, session: Session) -> str:
    return client.get(reverse("discharge.record", args=[session.pk])).content.decode()


def newest() -> DischargeRecord:
    record: DischargeRecord = DischargeRecord.objects.in_force().get()
    return record


def chosen(page: str, name: str) -> list[str]:
    inputs = re.findall(rf'<input[^>]*name="{re.escape(name)}"[^>]*>', page)
    return [re.findall(r'value="(.*?)"', one)[0] for one in inputs if " checked" in one]


def test_changing_one_thing_leaves_all_else_as_it_stands(
    stopped: Session, as_nurse: Client, clock: Clock
) -> None:
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home(walks="no"))
    before = newest()
    clock.move(10)
    walks: typed.Typed = {"entry": typed.entry(), "walks": "yes", "reason": "Walks now"}
    send(as_nurse, "discharge.record", stopped.pk, walks)
    after = newest()
    assert after.answers["walks"] is True
    same = before.answers.keys() - {"walks", "said_at"}
    assert {name: after.answers[name] for name in same} == {
        name: before.answers[name] for name in same
    }
    assert (after.escort_name, after.escort_telephone) == ("Per", "99 99 99 99")
    times = {
        name: (before.answers["said_at"][name], at)
        for name, at in after.answers["said_at"].items()
    }
    assert {name for name, (then, now) in times.items() if then != now} == {"walks"}


def test_what_was_answered_is_shown_with_its_time_and_no_score_stands_in_its_field(
    stopped: Session, as_nurse: Client, clock: Clock, django_assert_max_num_queries: Any
) -> None:
    then = timezone.localtime(timezone.now())
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home(walks="no"))
    clock.move(10)
    with django_assert_max_num_queries(10):
        page = page_of(as_nurse, stopped)
    assert chosen(page, "walks") == ["no"]
    assert chosen(page, "eaten") == ["yes"]
    assert chosen(page, "danger_no_new_intent") == ["no"]
    assert 'value="Per"' in page
    assert f"Står: Stemmer ikke, svart kl. {then:%H:%M}." in page
    assert f"Står: 2, vurdert kl. {then:%H:%M}. Åpent felt lar det stå." in page
    assert f"Står: 0, vurdert kl. {then:%H:%M}." in page
    assert not re.findall(r'<input[^>]*name="rass"[^>]*value="', page)
    clock.move(40)
    later = page_of(as_nurse, stopped)
    assert f"Gammel: 2, vurdert kl. {then:%H:%M}. Vurder på nytt" in later
    assert f"Gammel: 0, vurdert kl. {then:%H:%M}." in later
    assert "Gammel: Stemmer" not in later


def test_points_that_are_assessed_again_and_what_is_gone_through_anew_are_of_now(
    stopped: Session, as_nurse: Client, clock: Clock
) -> None:
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home())
    then = newest().answers["said_at"]
    clock.move(60)
    more: typed.Typed = {"entry": typed.entry(), "rass": "0", "reason": "Before she goes"}
    send(as_nurse, "discharge.record", stopped.pk, more)
    now = newest().answers["said_at"]
    assert now["rass"] > then["rass"]
    assert now["walks"] == then["walks"]
    anew: typed.Typed = {
        "entry": typed.entry(),
        "all_anew": "on",
        "walks": "yes",
        "reason": "Before she goes",
    }
    send(as_nurse, "discharge.record", stopped.pk, anew)
    after = newest().answers["said_at"]
    assert after["walks"] > then["walks"]
    assert after["rass"] == now["rass"], "a score is assessed, not ticked"


def test_an_escort_is_taken_off_the_list_by_saying_so(
    stopped: Session, as_nurse: Client
) -> None:
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home())
    gone: typed.Typed = {
        "entry": typed.entry(),
        "escort_name": "Per",
        "escort_telephone": "99 99 99 99",
        "escort_gone": "on",
        "reason": "He has rung",
    }
    send(as_nurse, "discharge.record", stopped.pk, gone)
    assert (newest().escort_name, newest().escort_telephone) == ("", "")
    assert "Hindrer hjemreise: Følge mangler" in shown(as_nurse, stopped)


def test_new_intent_stands_until_a_doctor_has_answered_it(
    stopped: Session, as_nurse: Client, psychiatrist: Professional, clock: Clock
) -> None:
    said = timezone.localtime(timezone.now())
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home(danger_no_new_intent="yes"))
    assert chosen(page_of(as_nurse, stopped), "danger_no_new_intent") == ["yes"]
    address = reverse("discharge.record", args=[stopped.pk])
    taken_back = typed.going_home(reason="She says so")
    page = as_nurse.post(address, taken_back)
    assert page.status_code == 422
    assert f"«Ja» ble sagt kl. {said:%H:%M}. Det står til en lege har svart" in words(page)  # type: ignore[arg-type]  # Django's test client
    left_open: typed.Typed = {"entry": typed.entry(), "walks": "yes", "reason": "Walks now"}
    send(as_nurse, "discharge.record", stopped.pk, left_open)
    assert newest().answers["no_new_intent"] is False
    answer(psychiatrist)
    send(as_nurse, "discharge.record", stopped.pk, taken_back)
    assert newest().answers["no_new_intent"] is True


def answer(by: Professional) -> None:
    for task in SafetyTask.objects.open():
        treatment.acknowledge_task(
            safety_task=task, action_taken="Talked", by=by, at=timezone.now()
        )


def test_intent_that_a_doctor_has_answered_is_not_said_again_by_changing_something_else(
    stopped: Session, as_nurse: Client, psychiatrist: Professional, clock: Clock
) -> None:
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home(danger_no_new_intent="yes"))
    answer(psychiatrist)
    clock.move(5)
    page = page_of(as_nurse, stopped)
    assert chosen(page, "danger_no_new_intent") == []
    assert "og en lege har svart, eller skal ha vært der" in page
    other: typed.Typed = {"entry": typed.entry(), "escort_name": "Pål", "reason": "Pål comes"}
    send(as_nurse, "discharge.record", stopped.pk, other)
    assert not SafetyTask.objects.open().exists()
    assert "Hindrer hjemreise: Ny selvmordsintensjon" not in shown(as_nurse, stopped)
    again: typed.Typed = {
        "entry": typed.entry(),
        "danger_no_new_intent": "yes",
        "reason": "She says it again",
    }
    send(as_nurse, "discharge.record", stopped.pk, again)
    assert SafetyTask.objects.open().count() == 1
    assert "Hindrer hjemreise: Ny selvmordsintensjon" in shown(as_nurse, stopped)


def test_a_page_opened_before_another_changed_the_list_changes_nothing_unseen(
    stopped: Session, as_nurse: Client, nurse: Professional
) -> None:
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home())
    send(
        as_nurse,
        "discharge.record",
        stopped.pk,
        typed.going_home(walks="no", reason="Staggers"),
    )
    address = reverse("discharge.record", args=[stopped.pk])
    stale = typed.going_home(seen="1", reason="The escort is another", escort_name="Pål")
    refused = as_nurse.post(address, stale)
    assert refused.status_code == 422
    assert f"{nurse} endret sjekklisten kl." in words(refused)  # type: ignore[arg-type]  # Django's test client
    assert "Står: Stemmer ikke" in words(refused)  # type: ignore[arg-type]  # likewise
    assert newest().answers["walks"] is False
    again = re.findall(r'name="seen"\s+value="(.)"', refused.content.decode())
    assert again == ["2"], "once is enough"


def test_the_first_checklist_sent_twice_is_stored_once(
    stopped: Session, as_nurse: Client
) -> None:
    going = typed.going_home()
    for _ in range(2):
        send(as_nurse, "discharge.record", stopped.pk, going)
    assert DischargeRecord.objects.count() == 1
