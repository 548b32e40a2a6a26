"""The dose is accounted for, and the patient goes home when she may."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside.forms.leaving import DischargeForm
from lysglimt.clinic.chairside.models import DischargeRecord, Session, Waste
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import ReportedAssessment, SafetyTask, SessionGiven
from lysglimt.knowledge.monitoring.observation import SessionRoute
from tests.clinic.chairside import let_in, typed

from .at_the_page import RED, Clock, leaving, send, shown, signed, steps, words


def test_who_leaves_is_charted_and_the_waste_stays_open_until_it_is_witnessed(
    stopped: Session, as_nurse: Client, colleague: Professional, psychiatrist: Professional
) -> None:
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home())
    record = DischargeRecord.objects.get()
    decided = leaving(deviation="In a hurry for the train", doctor=str(psychiatrist.pk))
    send(as_nurse, "session.leave", record.pk, decided)
    assert DischargeRecord.objects.in_force().get().left_at is not None
    still_open = (
        "Dosen er ikke ført ennå: det som er igjen, skal fortsatt kasseres foran et vitne"
    )
    page = as_nurse.get(reverse("session", args=[stopped.pk])).content.decode()
    finish = reverse("session.finish", args=[stopped.pk])
    assert still_open in page
    assert finish in page
    assert not SessionGiven.objects.exists()
    assert as_nurse.post(finish, {"ended_early": ""}).status_code == 422, "no witness"
    send(as_nurse, "session.finish", stopped.pk, typed.finished(colleague.pk))
    assert Waste.objects.get().witness == colleague
    assert still_open not in shown(as_nurse, stopped)


def test_ready_is_said_of_nobody_with_a_criterion_unmet(
    stopped: Session, as_nurse: Client, as_doctor: Client, clock: Clock
) -> None:
    clock.move(61)
    send(as_nurse, "vitals.record", stopped.pk, typed.vitals())
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home(walks="no"))
    signed(as_nurse, as_doctor)
    assert "Nå: Observasjon" in " ".join(steps(as_nurse, stopped))
    better = typed.going_home(reason="Walks now")
    send(as_nurse, "discharge.record", stopped.pk, better)
    signed(as_nurse, as_doctor)
    assert "Nå: Klar for hjemreise" in steps(as_nurse, stopped)
    send(as_nurse, "vitals.record", stopped.pk, typed.vitals("172/104"))
    assert "Nå: Klar for hjemreise" not in steps(as_nurse, stopped), "measured since"
    send(as_nurse, "vitals.record", stopped.pk, typed.vitals())
    assert "Nå: Klar for hjemreise" not in steps(as_nurse, stopped), "signed before it"
    signed(as_nurse, as_doctor)
    assert "Nå: Klar for hjemreise" in steps(as_nurse, stopped)
    chest_pain: typed.Typed = {"entry": typed.entry(), "ago": "0", "signs": "chest_pain"}
    send(as_nurse, "vitals.record", stopped.pk, chest_pain)
    assert "Nå: Klar for hjemreise" not in steps(as_nurse, stopped), "it stands"
    assert "Hindrer hjemreise: Brystsmerter" in shown(as_nurse, stopped)


def test_a_decision_written_on_the_checklist_makes_nobody_ready(
    stopped: Session, as_nurse: Client, as_doctor: Client, clock: Clock
) -> None:
    clock.move(30)
    send(as_nurse, "vitals.record", stopped.pk, typed.vitals())
    early = typed.going_home(walks="no", deviation="Her own wish")
    send(as_nurse, "discharge.record", stopped.pk, early)
    signed(as_nurse, as_doctor)
    assert "Nå: Klar for hjemreise" not in steps(as_nurse, stopped)
    assert "Beslutning: Her own wish" in shown(as_nurse, stopped)


def test_the_refusal_of_leaving_names_each_open_criterion_once(
    stopped: Session, as_nurse: Client, as_doctor: Client
) -> None:
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home(walks="no"))
    record = DischargeRecord.objects.get()
    send(as_nurse, "discharge.sign", record.pk, {})
    page = words(as_nurse.post(reverse("session.leave", args=[record.pk]), leaving()))  # type: ignore[arg-type]  # Django's test client
    refusal = re.findall(r"Hindrer hjemreise: [^:]*?Rett det", page)[0]
    assert "Går ikke 5 m hæl–tå uten støtte" in refusal
    assert "Det er ikke gått 60 min etter dosen" in refusal
    assert "Ikke signert av lege" in refusal
    assert "Ikke signert av sykepleier" not in refusal
    asked = words(as_nurse.get(reverse("session.leave", args=[record.pk])))  # type: ignore[arg-type]  # likewise
    assert "Går ikke 5 m hæl–tå uten støtte" in asked, "told before it is tried"


def test_the_scores_follow_the_newest_reading_and_say_of_when(
    stopped: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(20)
    drowsy = typed.vitals("206/92", sedation="3", confirmed="systolic=206")
    send(as_nurse, "vitals.record", stopped.pk, drowsy)
    checklist = reverse("discharge.record", args=[stopped.pk])
    then = timezone.localtime(timezone.now())
    assert f"Aldrete: bevissthet 1 av 2 {then:%H:%M}" in words(as_nurse.get(checklist))  # type: ignore[arg-type]  # likewise
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home())
    before = shown(as_nurse, stopped)
    assert "Hindrer hjemreise: Aldrete er 7, skal være minst 9" in before
    clock.move(30)
    send(as_nurse, "vitals.record", stopped.pk, typed.vitals("126/80"))
    now = timezone.localtime(timezone.now())
    after = shown(as_nurse, stopped)
    assert "Aldrete er" not in after
    assert f"Aldrete 10 av 10, minst 9, etter målingene til og med kl. {now:%H:%M}" in after


def test_what_is_to_be_measured_again_is_asked_for_once(
    running: Session, as_nurse: Client
) -> None:
    send(as_nurse, "pump.record", running.pk, typed.pump("stop"))
    send(as_nurse, "discharge.record", running.pk, typed.going_home())
    assert shown(as_nurse, running).count("Mål på nytt: Systolisk blodtrykk") == 1


@pytest.mark.parametrize(
    ("answered", "wait", "signers", "status"),
    [
        pytest.param({}, 61, 2, 302, id="all is met, waited for and signed"),
        pytest.param({}, 30, 2, 422, id="the wait is not over"),
        pytest.param({}, 61, 1, 422, id="the doctor has not signed"),
        pytest.param({"walks": "no"}, 61, 2, 422, id="does not walk unaided"),
        pytest.param({"cannula_out": ""}, 61, 2, 422, id="nobody has said the cannula is out"),
    ],
)
def test_leaving_takes_every_criterion_or_a_decision(
    accounted: Session,
    as_nurse: Client,
    as_doctor: Client,
    clock: Clock,
    *,
    answered: dict[str, str],
    wait: int,
    signers: int,
    status: int,
) -> None:
    clock.move(wait)
    send(as_nurse, "vitals.record", accounted.pk, typed.vitals())
    send(as_nurse, "discharge.record", accounted.pk, typed.going_home(**answered))
    record = signed(*(as_nurse, as_doctor)[:signers])
    page = as_nurse.post(reverse("session.leave", args=[record.pk]), leaving())
    assert page.status_code == status
    left = DischargeRecord.objects.filter(left_at__isnull=False).exists()
    assert left is (status == 302)
    if not left:
        address = reverse("session.leave", args=[record.pk])
        nameless = as_nurse.post(address, leaving(deviation="Her own wish"))
        assert nameless.status_code == 422, "a reason is not a decision: whose is it?"
        named = leaving(deviation="Her own wish", doctor="nobody")
        send(as_nurse, "session.leave", record.pk, named)
        after = shown(as_nurse, accounted)
        assert "Nå: Reist før kriteriene var oppfylt" in after
        assert "Klar for hjemreise" not in after


def test_a_dose_that_is_not_whole_asks_why(
    running: Session, as_nurse: Client, clock: Clock, colleague: Professional
) -> None:
    clock.move(20)
    send(as_nurse, "pump.record", running.pk, typed.pump("stop"))
    address = reverse("session.finish", args=[running.pk])
    assert as_nurse.post(address, typed.finished(colleague.pk)).status_code == 422
    whole = typed.finished(colleague.pk, ended_early="Anxious")
    send(as_nurse, "session.finish", running.pk, whole)
    assert SessionGiven.objects.get().ended_early == "Anxious"


@pytest.mark.parametrize(("age", "asked"), [(64, False), (65, True)], ids=["64", "65"])
def test_orthostatic_pressure_is_asked_of_the_old_alone(*, age: int, asked: bool) -> None:
    form = DischargeForm(computed={}, age=age, route=SessionRoute.IV)
    assert ("orthostatic" in form.fields) is asked


def test_intent_of_the_day_keeps_the_patient_until_a_doctor_has_answered(
    accounted: Session,
    as_nurse: Client,
    as_doctor: Client,
    clock: Clock,
    psychiatrist: Professional,
) -> None:
    clock.move(70)
    send(as_nurse, "vitals.record", accounted.pk, typed.vitals())
    now = timezone.now()
    let_in.screen(accounted.course.patient, by=psychiatrist, at=now, i2=1, i3=1, i4=1, i5=0)
    address = reverse("discharge.record", args=[accounted.pk])
    ticked = as_nurse.post(address, typed.going_home())
    assert ticked.status_code == 422
    assert "rett skåringen" in words(ticked)  # type: ignore[arg-type]  # Django's test client
    assert not DischargeRecord.objects.exists()

    send(
        as_nurse, "discharge.record", accounted.pk, typed.going_home(danger_no_new_intent="yes")
    )
    record = signed(as_nurse, as_doctor)
    page = shown(as_nurse, accounted)
    assert "En oppgave ber om lege nå, og ingen lege har svart på den" in page
    leave = reverse("session.leave", args=[record.pk])
    assert as_nurse.post(leave, leaving()).status_code == 422
    for task in SafetyTask.objects.open():
        treatment.acknowledge_task(
            safety_task=task, action_taken="Talked", by=psychiatrist, at=timezone.now()
        )
    assert as_nurse.post(leave, leaving()).status_code == 302


def test_what_a_nurse_tells_of_a_doctor_sends_nobody_home_until_it_is_confirmed(
    accounted: Session,
    as_nurse: Client,
    as_doctor: Client,
    clock: Clock,
    nurse: Professional,
    psychiatrist: Professional,
    django_assert_max_num_queries: Any,
) -> None:
    clock.move(70)
    send(as_nurse, "vitals.record", accounted.pk, typed.vitals())
    send(
        as_nurse, "discharge.record", accounted.pk, typed.going_home(danger_no_new_intent="yes")
    )
    record, task = signed(as_nurse, as_doctor), SafetyTask.objects.get()
    clock.move(5)
    seen = timezone.localtime()
    said: typed.Typed = {
        "entry": typed.entry(),
        "doctor": str(psychiatrist.pk),
        "plan": "Home with her son",
        "decided": "home",
    }
    said["seen_at"] = f"{seen:%d.%m.%Y %H:%M}"
    send(as_nurse, "task.report", task.pk, said)
    line = f"Vurdert av {psychiatrist} {seen:%d.%m.%Y %H:%M} ifølge {nurse}, ikke bekreftet"
    assert line in shown(as_nurse, accounted)
    with django_assert_max_num_queries(10):
        page = shown(as_nurse, accounted)
    assert "En oppgave ber om lege nå, og ingen lege har svart på den" in page
    leave = reverse("session.leave", args=[record.pk])
    assert as_nurse.post(leave, leaving()).status_code == 422
    send(as_doctor, "task.confirm", ReportedAssessment.objects.get().pk, {})
    assert line not in shown(as_nurse, accounted)
    assert as_nurse.post(leave, leaving()).status_code == 302


def test_a_doctor_who_came_in_the_minute_in_which_intent_was_said_can_be_told_of(
    stopped: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home(danger_no_new_intent="yes"))
    seen: typed.Typed = {
        "entry": typed.entry(),
        "doctor": str(psychiatrist.pk),
        "plan": "Stays until she has been seen again",
        "decided": "stay",
        "seen_at": f"{timezone.localtime():%d.%m.%Y %H:%M}",
    }
    send(as_nurse, "task.report", SafetyTask.objects.get().pk, seen)


def test_a_pressure_from_the_infusion_is_not_met_until_it_is_measured_again(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(39)
    send(as_nurse, "vitals.record", running.pk, typed.vitals("202/104", **RED))
    send(as_nurse, "pump.record", running.pk, typed.pump("stop"))
    send(as_nurse, "discharge.record", running.pk, typed.going_home())
    matter = "Systolisk blodtrykk 202 mmHg, skal være under 160 mmHg; ikke målt etter stopp"
    assert f"Hindrer hjemreise: {matter}" in shown(as_nurse, running)
    send(as_nurse, "vitals.record", running.pk, typed.vitals("128/78"))
    assert "Systolisk blodtrykk 202 mmHg, skal" not in shown(as_nurse, running)


def test_what_is_left_over_is_wasted_before_a_witness(
    stopped: Session, as_nurse: Client, colleague: Professional
) -> None:
    address = reverse("session.finish", args=[stopped.pk])
    assert as_nurse.post(address, {"ended_early": ""}).status_code == 422
    assert not SessionGiven.objects.exists()
    send(as_nurse, "session.finish", stopped.pk, typed.finished(colleague.pk))
    [waste] = Waste.objects.all()
    assert (waste.wasted_mg, waste.witness) == (Decimal(10), colleague)


def test_who_leaves_early_has_not_been_observed_for_an_hour(
    running: Session,
    as_nurse: Client,
    clock: Clock,
    colleague: Professional,
    psychiatrist: Professional,
) -> None:
    clock.move(20)
    send(as_nurse, "pump.record", running.pk, typed.pump("stop"))
    early = typed.finished(colleague.pk, ended_early="High pressure")
    send(as_nurse, "session.finish", running.pk, early)
    send(as_nurse, "discharge.record", running.pk, typed.going_home(walks="no"))
    assert "Hindrer hjemreise: Går ikke 5 m hæl–tå uten støtte" in shown(as_nurse, running)
    clock.move(2)
    record = DischargeRecord.objects.get()
    decided = leaving(deviation="Her own wish", doctor=str(psychiatrist.pk))
    send(as_nurse, "session.leave", record.pk, decided)
    ribbon = steps(as_nurse, running)
    assert any(
        re.fullmatch(r"Stoppet før tiden \d\d:\d\d 20,\d av 40 mg gitt", one) for one in ribbon
    )
    broken = r"Avbrutt \d\d:\d\d \(2 av 60 min\) Observasjon"
    assert any(re.fullmatch(broken, one) for one in ribbon), ribbon
    assert not [one for one in ribbon if one.startswith("Utført: Observasjon")]
    assert "Ikke oppfylt da pasienten reiste: Går ikke" in shown(as_nurse, running)


def test_a_whole_hour_is_done_and_in_journal_mode_no_hour_is_told(
    stopped: Session, as_nurse: Client, moss: Unit, psychiatrist: Professional
) -> None:
    assert [one for one in steps(as_nurse, stopped) if "Observasjon til" in one]
    people.state_purpose(unit=moss, on=False, by=psychiatrist, at=timezone.now())
    assert "Nå: Observasjon" in steps(as_nurse, stopped)


def test_charted_dissociation_is_held_against_its_tick(
    accounted: Session,
    as_nurse: Client,
    as_doctor: Client,
    clock: Clock,
    psychiatrist: Professional,
) -> None:
    clock.move(61)
    send(as_nurse, "vitals.record", accounted.pk, typed.vitals(dissociation="9"))
    address = reverse("discharge.record", args=[accounted.pk])
    refused = as_nurse.post(address, typed.going_home())
    assert refused.status_code == 422
    assert "dissosiasjon 9 av 10, lett er høyst 3" in words(refused)  # type: ignore[arg-type]  # Django's test client
    assert not DischargeRecord.objects.exists()
    send(as_nurse, "vitals.record", accounted.pk, typed.vitals(dissociation="1"))
    send(as_nurse, "discharge.record", accounted.pk, typed.going_home())
    record = signed(as_nurse, as_doctor)
    assert "Nå: Klar for hjemreise" in steps(as_nurse, accounted)
    clock.move(10)
    send(as_nurse, "vitals.record", accounted.pk, typed.vitals(dissociation="9"))
    assert "Nå: Klar for hjemreise" not in steps(as_nurse, accounted), "the tick is older"
    assert "Hindrer hjemreise: Dissosiasjon er 9, skal være høyst 3 av 10" in shown(
        as_nurse, accounted
    )
    leave = reverse("session.leave", args=[record.pk])
    assert as_nurse.post(leave, leaving()).status_code == 422
    decided = leaving(deviation="Her own wish, with her son", doctor=str(psychiatrist.pk))
    assert as_nurse.post(leave, decided).status_code == 302
    assert DischargeRecord.objects.in_force().get().decided_by == psychiatrist


def test_a_checklist_that_says_that_the_dissociation_is_there_is_always_recorded(
    stopped: Session, as_nurse: Client
) -> None:
    send(as_nurse, "vitals.record", stopped.pk, typed.vitals(dissociation="9"))
    for answer in ("no", ""):
        more = {"reason": "Asked again"} if DischargeRecord.objects.exists() else {}
        going = typed.going_home(dissociation_mild=answer, **more)
        send(as_nurse, "discharge.record", stopped.pk, going)


def test_in_journal_mode_no_dissociation_is_judged(
    stopped: Session, as_nurse: Client, supported: Unit, psychiatrist: Professional
) -> None:
    now = timezone.now()
    people.state_purpose(unit=supported, on=False, by=psychiatrist, at=now)
    send(as_nurse, "vitals.record", stopped.pk, typed.vitals(dissociation="9"))
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home())


def test_nobody_is_ready_whose_observation_is_overdue(
    stopped: Session, as_nurse: Client, as_doctor: Client, clock: Clock
) -> None:
    clock.move(61)
    send(as_nurse, "vitals.record", stopped.pk, typed.vitals())
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home())
    signed(as_nurse, as_doctor)
    assert "Nå: Klar for hjemreise" in steps(as_nurse, stopped)
    clock.move(60)
    page = shown(as_nurse, stopped)
    assert "Måling forsinket med" in page
    assert "Nå: Klar for hjemreise" not in page
    send(as_nurse, "vitals.record", stopped.pk, typed.vitals())
    assert "Nå: Klar for hjemreise" in steps(as_nurse, stopped)
