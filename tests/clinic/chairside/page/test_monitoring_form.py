"""The form for monitoring: two who fill it in, the chart beside each question, minutes from nought."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.models import MonitoringForm, Session
from lysglimt.clinic.people.models import Professional
from tests.clinic.chairside import typed

from .at_the_page import Clock, leaving, send, signed, words
from .test_devices import begun, course, observed, ordered, prepared

__all__ = ["begun", "course", "observed", "ordered", "prepared"]
pytestmark = pytest.mark.django_db
EVENT = {"serious_event": "yes", "serious_event.story": "Falt i trappen"}


def answered(client: Client, session: Session, seen: int | str = 0, **said: str) -> Any:
    address = reverse("monitoring.form", args=[session.pk])
    return client.post(address, {"entry": typed.entry(), "seen": str(seen), **said})


def newest() -> MonitoringForm:
    found: MonitoringForm = MonitoringForm.objects.in_force().get()
    return found


@pytest.fixture
def as_colleague(colleague: Professional) -> Client:
    client = Client()
    client.force_login(colleague)
    return client


def test_who_saves_an_older_page_loses_no_serious_event_of_another(
    observed: Session, as_nurse: Client, as_colleague: Client
) -> None:
    assert answered(as_nurse, observed, maoi="no", opioid="no").status_code == 302
    told = answered(as_colleague, observed, 1, maoi="no", opioid="no", reason="Falt", **EVENT)
    assert told.status_code == 302
    older = {"maoi": "no", "opioid": "yes", "reason": "Spurt"}
    refused = answered(as_nurse, observed, 1, **older)
    assert refused.status_code == 422
    assert "endret skjemaet kl. " in words(refused)
    assert newest().revision == 2
    form = refused.context["form"]
    assert form["serious_event"].value() == "yes"
    assert form["serious_event.story"].value() == "Falt i trappen"
    again = {name: form[name].value() for name in ("maoi", "opioid", *EVENT)}
    seen = int(form["seen"].value())
    assert answered(as_nurse, observed, seen, reason="Spurt", **again).status_code == 302
    said = newest().answers
    assert (said["serious_event"]["said"], said["opioid"]["said"]) == ("yes", "yes")


def test_what_both_have_changed_stays_as_typed_and_the_other_is_told(
    observed: Session, as_nurse: Client, as_colleague: Client
) -> None:
    answered(as_nurse, observed, maoi="no")
    answered(as_colleague, observed, 1, maoi="yes", reason="Spurt")
    refused = answered(as_nurse, observed, 1, maoi="not_asked", reason="Ikke spurt")
    assert refused.context["form"].errors["maoi"] == ["Står nå: ja"]
    assert refused.context["form"]["maoi"].value() == "not_asked"


def test_who_opened_the_page_before_there_was_a_form_is_told_of_it(
    observed: Session, as_nurse: Client, as_colleague: Client
) -> None:
    answered(as_colleague, observed, **EVENT)
    refused = answered(as_nurse, observed, maoi="no")
    assert refused.status_code == 422
    assert refused.context["form"]["serious_event"].value() == "yes"
    assert newest().revision == 1


def test_saved_twice_with_one_tap_it_is_changed_once(
    observed: Session, as_nurse: Client
) -> None:
    entry = typed.entry()
    for _ in range(2):
        assert answered(as_nurse, observed, entry=entry, maoi="no").status_code == 302
    for _ in range(2):
        said = answered(as_nurse, observed, 1, maoi="yes", reason="Feil")
        assert said.status_code == 302
    assert newest().revision == 2


def test_the_rule_itself_refuses_what_was_read_before_another_changed_it(
    observed: Session, as_nurse: Client, nurse: Professional, clock: Clock
) -> None:
    answered(as_nurse, observed, maoi="no")
    said = actions.FormAnswered(answers={}, seen=0)
    with pytest.raises(actions.FormChanged):
        actions.change_monitoring_form(
            form=newest(), said=said, by=nurse, at=clock(), reason="Eldre side"
        )


def test_nought_minutes_are_minutes(observed: Session, as_nurse: Client) -> None:
    course_of_it = {"sedation": "yes", "sedation.onset": "0", "sedation.over": "20"}
    answered(as_nurse, observed, **course_of_it)
    page = as_nurse.get(reverse("monitoring.form", args=[observed.pk]))
    assert "ja, fra 0 min til 20 min" in words(page)  # type: ignore[arg-type]  # Django's test client
    nought = answered(as_nurse, observed, 1, sedation="no", **{"sedation.onset": "0"})
    assert "sedation" in nought.context["form"].errors


@pytest.fixture
def sedated(observed: Session, as_nurse: Client, clock: Clock) -> Session:
    clock.move(1)
    low = typed.vitals("142/88", sedation="2", respiration="6", dissociation="7")
    send(
        as_nurse, "vitals.record", observed.pk, low | {"confirmed": "respiration=6;sedation=2"}
    )
    return observed


@pytest.mark.parametrize(
    ("question", "charted"),
    [
        pytest.param("sedation", "Sedasjon (MOAA/S) 2 (", id="MOAA/S 2 is sedation"),
        pytest.param("dissociation", "Dissosiasjon 0–10 7 (", id="7 of 10 is dissociation"),
        pytest.param("respiratory_depression", "Respirasjonsfrekvens 6 /min (", id="6 breaths"),
    ],
)
def test_a_no_against_the_chart_is_asked_about_and_stored_with_what_it_went_against(
    sedated: Session, as_nurse: Client, question: str, charted: str
) -> None:
    refused = answered(as_nurse, sedated, **{question: "no"})
    assert refused.status_code == 422
    assert charted in refused.context["form"].errors[question][0]
    assert not MonitoringForm.objects.exists()
    ticked = answered(as_nurse, sedated, **{question: "no", f"{question}.despite": "on"})
    assert ticked.status_code == 302
    assert charted in newest().answers[question]["despite"]
    page = as_nurse.get(reverse("monitoring.form", args=[sedated.pk]))
    assert f"nei, tross kurven: {charted}" in words(page)  # type: ignore[arg-type]  # as above


def test_a_yes_that_the_chart_bears_out_is_asked_about_by_nobody(
    sedated: Session, as_nurse: Client
) -> None:
    assert answered(as_nurse, sedated, sedation="yes").status_code == 302
    assert "despite" not in newest().answers["sedation"]


def test_good_enough_before_leaving_is_held_against_what_is_outside(
    sedated: Session, as_nurse: Client
) -> None:
    refused = answered(as_nurse, sedated, acceptable_leaving="yes")
    assert "acceptable_leaving" in refused.context["form"].errors
    assert answered(as_nurse, sedated, acceptable_leaving="no").status_code == 302


def test_where_the_chart_has_nothing_against_it_a_no_is_a_no(
    observed: Session, as_nurse: Client
) -> None:
    no = dict.fromkeys(("sedation", "dissociation", "respiratory_depression"), "no")
    assert answered(as_nurse, observed, **no).status_code == 302


@pytest.mark.parametrize(
    ("after", "said"),
    [
        pytest.param(60, "", id="a pressure of an hour before is not of the leaving"),
        pytest.param(30, "138/84 mmHg", id="one of half an hour before is"),
    ],
)
def test_the_pressure_before_leaving_is_not_an_old_one(
    observed: Session,
    as_nurse: Client,
    as_doctor: Client,
    clock: Clock,
    after: int,
    said: str,
) -> None:
    send(as_nurse, "session.finish", observed.pk, {"ended_early": ""})
    clock.move(50)
    send(as_nurse, "vitals.record", observed.pk, typed.vitals("138/84"))
    clock.move(after)
    without = typed.vitals("", pulse="80")
    send(as_nurse, "vitals.record", observed.pk, without)
    send(as_nurse, "discharge.record", observed.pk, typed.going_home())
    record = signed(as_nurse, as_doctor)
    why = {"doctor": "nobody", "deviation": "Ville hjem før tiden, bestemt i samråd"}
    send(as_nurse, "session.leave", record.pk, leaving(**why))
    page = as_nurse.get(reverse("monitoring.form", args=[observed.pk]))
    known = {one.field.id: one.said for one in page.context["shown"]}
    assert known["pressure_leaving"].startswith(said)
    assert bool(known["pressure_leaving"]) is bool(said)
