"""Eligibility, consent, work-up, those who wait, and what a unit approves, as pages."""

import re
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.referral import actions as referrals
from lysglimt.clinic.referral.actions import Diagnosed, Letter
from lysglimt.clinic.referral.answers import as_stated, candidate_of
from lysglimt.clinic.referral.models import (
    Assessment,
    EligibilityDecision,
    PolicyConditions,
    Referral,
    Refusal,
    Sender,
)
from lysglimt.clinic.treatment import actions
from lysglimt.clinic.treatment.actions import Found
from lysglimt.clinic.treatment.models import (
    Consent,
    ConsentWithdrawal,
    ProtocolApproval,
    Registration,
    WorkUpResult,
)
from lysglimt.clinic.treatment.questions import ASKED, ELSEWHERE
from lysglimt.clinic.treatment.wordings import LABELS
from lysglimt.knowledge.eligibility import candidate
from lysglimt.knowledge.eligibility.consent import consent_list
from lysglimt.knowledge.protocols.library import latest
from tests.clinic.conftest import NOON, Staff

from .conftest import entered, rated

SECTIONS = ("episode", "ratings", "measurements", "history", "bodily", "agreement")
WELL = {
    **dict.fromkeys(
        (
            *("episode.psychotic_symptoms", "episode.catatonia", "bodily.ketamine_allergy"),
            *("episode.refuses_food_or_drink", "episode.immediate_danger_to_life"),
            *("episode.needs_admission", "bodily.pregnancy_possible"),
        ),
        "no",
    ),
    **dict.fromkeys((name for name in LABELS if name.startswith("agreement.")), "yes"),
    "ratings.madrs": "34",
    "ratings.ymrs": "1",
    "ratings.moca": "28",
    "ratings.audit": "3",
    "ratings.dudit": "0",
    "measurements.qtc_ms": "418",
    "measurements.peth_umol_l": "0,02",
    "measurements.alt_x_uln": "0,6",
    "measurements.ast_x_uln": "0,7",
    "episode.started": "01.01.2026",
    "episode.severity": "severe",
    "pressure_on": "01.03.2026",
    "systolic": "128",
    "diastolic": "79",
    "none.medicines": "on",
}


def of(name: str, row: Any, **keys: Any) -> str:
    return reverse(name, kwargs={"pk": row.pk} | keys)


def sent(said: dict[str, Any], **more: str) -> dict[str, Any]:
    return said | {"entry": str(uuid4())} | more


def shown(client: Client, address: str) -> str:
    reply = client.get(address)
    assert reply.status_code == 200
    return str(reply.content.decode())


@pytest.fixture
def referral(kari: Patient, nurse: Professional) -> Referral:
    letter = Letter(
        sender_kind=Sender.GP, sender_name="Fastlege Eksempel", received_on=date(2026, 3, 2)
    )
    return referrals.receive_referral(patient=kari, letter=letter, by=nurse, at=NOON)


@pytest.fixture
def as_psychiatrist(client: Client, psychiatrist: Professional) -> Client:
    client.force_login(psychiatrist)
    return client


@pytest.fixture
def supported(moss: Unit, psychiatrist: Professional) -> None:
    """The unit has signed that it wants decision support."""
    people.state_purpose(unit=moss, on=True, by=psychiatrist, at=NOON)


def diagnosed(patient: Patient, by: Professional, code: str, **said: Any) -> None:
    told = candidate.Diagnosis(code, **said)
    referrals.record_diagnosis(
        patient=patient,
        diagnosed=Diagnosed(diagnosis=told),
        entered=entered(timezone.now()),
        by=by,
        at=timezone.now(),
    )


def test_every_answer_of_a_candidate_is_asked_for_once() -> None:
    every = {
        f"{section}.{field.name}"
        for section in SECTIONS
        for field in fields(getattr(candidate.Candidate(), section))
    }
    asked = [name for names in ASKED.values() for name in names]
    assert sorted(asked) == sorted(every - ELSEWHERE)
    assert set(asked) == set(LABELS)


def test_a_candidate_survives_being_kept() -> None:
    said = replace(
        candidate.Candidate(birth_date=date(1979, 3, 14)),
        measurements=candidate.Measurements(
            alt_x_uln=Decimal("0.6"),
            bmi=Decimal(26),
            blood_pressures=(candidate.BloodPressure(date(2026, 3, 1), 128, 79),),
        ),
        medicines=(),
    )
    assert candidate_of(as_stated(said)) == said


def test_without_a_referral_there_is_nothing_to_assess(
    as_psychiatrist: Client, kari: Patient
) -> None:
    assert "Ingen henvisning er mottatt" in shown(as_psychiatrist, of("eligibility", kari))


@pytest.mark.usefixtures("supported")
def test_open_questions_come_first_and_are_answered_right_there(
    as_psychiatrist: Client,
    kari: Patient,
    referral: Referral,
    django_assert_max_num_queries: Any,
) -> None:
    url = of("eligibility", kari)
    with django_assert_max_num_queries(10):
        page = shown(as_psychiatrist, url)
    assert "ubesvarte spørsmål" in page
    assert as_psychiatrist.post(url, WELL).status_code == 302
    kept = candidate_of(Assessment.objects.get().candidate)
    assert (kept.ratings.madrs, kept.medicines) == (34, ())
    assert kept.measurements.alt_x_uln == Decimal("0.6")
    page = shown(as_psychiatrist, url)
    assert "Besvart: 34" in page
    assert 'value="34"' not in page, "a measurement is never filled in beforehand"
    assert "MADRS 34." in page


def test_what_is_answered_can_be_taken_back(
    as_psychiatrist: Client, kari: Patient, referral: Referral
) -> None:
    url = of("eligibility", kari)
    as_psychiatrist.post(url, WELL)
    back = {"forget": ["ratings.madrs", "measurements.blood_pressures"]}
    as_psychiatrist.post(url, back | {"agreement.capacity": "unknown"})
    newest = Assessment.objects.newest_first()[0]
    kept = candidate_of(newest.candidate)
    assert (kept.ratings.madrs, kept.agreement.capacity) == (None, None)
    assert kept.measurements.blood_pressures is None
    assert kept.ratings.ymrs == 1


@pytest.mark.parametrize(
    ("said", "says"),
    [
        pytest.param({"ratings.madrs": "61"}, "0–60", id="above the scale"),
        pytest.param({"ratings.madrs": "3O"}, "3O", id="a letter"),
        pytest.param({"systolic": "128"}, "diastolisk", id="half a reading"),
        pytest.param({"episode.started": "2126-01-01"}, "for sent", id="in the future"),
    ],
)
def test_an_answer_that_is_refused_keeps_the_others(
    as_psychiatrist: Client, kari: Patient, referral: Referral, said: dict[str, str], says: str
) -> None:
    typed = {"ratings.moca": "28"} | said
    reply = as_psychiatrist.post(of("eligibility", kari), typed)
    page = reply.content.decode()
    assert reply.status_code == 422
    assert says in page
    assert 'value="28"' in page
    assert not Assessment.objects.exists()


@pytest.mark.usefixtures("supported")
def test_the_record_answers_what_it_knows(
    as_psychiatrist: Client, kari: Patient, psychiatrist: Professional, referral: Referral
) -> None:
    now = timezone.now()
    who: dict[str, Any] = {
        "patient": kari,
        "entered": entered(now),
        "by": psychiatrist,
        "at": now,
    }
    actions.record_rating(**who, rated=rated(34))
    who["entered"] = entered(now)
    ecg = Found(item="ecg", done_on=now.date(), value=Decimal(418), unit_of_value="ms")
    actions.record_work_up(**who, found=ecg)
    who["entered"] = entered(now)
    actions.register_choice(**who, choice=candidate.Registration.REGISTER)
    page = shown(as_psychiatrist, of("eligibility", kari))
    assert "fra journalen" in page
    assert 'name="ratings.madrs"' not in page
    assert 'name="measurements.qtc_ms"' not in page
    assert "I registeret" in page


@pytest.mark.usefixtures("supported")
def test_a_finding_says_why_and_ect_comes_first(
    as_psychiatrist: Client, kari: Patient, psychiatrist: Professional, referral: Referral
) -> None:
    diagnosed(kari, psychiatrist, "F20.0", status=candidate.DiagnosisStatus.HISTORY)
    as_psychiatrist.post(of("eligibility", kari), {"episode.catatonia": "yes"})
    page = shown(as_psychiatrist, of("eligibility", kari))
    assert "psykotisk lidelse nå eller tidligere" in page
    assert "ECT skal tilbys først" in page
    assert "Kilde:" in page


def test_in_journal_mode_everything_is_kept_and_nothing_judged(
    as_psychiatrist: Client, kari: Patient, referral: Referral
) -> None:
    as_psychiatrist.post(of("eligibility", kari), WELL | {"episode.catatonia": "yes"})
    page = shown(as_psychiatrist, of("eligibility", kari))
    assert "Journalmodus" in page
    assert "ECT skal tilbys først</h2>" not in page
    assert "kriterier er oppfylt" not in page
    assert Assessment.objects.get().verdict == []
    reply = as_psychiatrist.post(of("referral.decide", referral), {"kind": "accept"})
    assert reply.status_code == 302
    assert EligibilityDecision.objects.standing().get().kind == "accept"


@pytest.mark.usefixtures("supported")
def test_nobody_is_accepted_before_consent_is_clarified(
    as_psychiatrist: Client, referral: Referral, django_assert_max_num_queries: Any
) -> None:
    url = of("referral.decide", referral)
    with django_assert_max_num_queries(10):
        page = shown(as_psychiatrist, url)
    assert 'value="accept"' not in page
    assert as_psychiatrist.post(url, {"kind": "accept"}).status_code == 422
    assert as_psychiatrist.post(url, {"kind": "wait"}).status_code == 302
    assert EligibilityDecision.objects.get().kind == "wait"


@pytest.mark.usefixtures("supported")
def test_setting_an_exclusion_aside_takes_reasons_and_a_second_doctor(
    as_psychiatrist: Client, kari: Patient, psychiatrist: Professional, referral: Referral
) -> None:
    diagnosed(kari, psychiatrist, "F33.2", status=candidate.DiagnosisStatus.CURRENT)
    as_psychiatrist.post(of("eligibility", kari), WELL)
    url = of("referral.decide", referral)
    refused = as_psychiatrist.post(url, {"kind": "accept", "reason.IN-5": "ATRQ foreligger"})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "ATRQ foreligger" in page
    assert "krever en begrunnelse" in page
    asked = re.findall(r'name="(reason\.[^"]+)"', page)
    assert "reason.REG-1" in asked
    reasons = dict.fromkeys(asked, "ATRQ foreligger")
    reply = as_psychiatrist.post(url, {"kind": "accept"} | reasons, follow=True)
    assert "Dette gjelder ikke før en annen lege" in reply.content.decode()
    assert EligibilityDecision.objects.get().needs_second
    assert "venter på en annen leges signatur" in shown(
        as_psychiatrist, of("eligibility", kari)
    )
    assert "Venter på en annen leges signatur" in shown(as_psychiatrist, reverse("waiting"))


@pytest.mark.usefixtures("supported")
def test_the_second_doctor_reads_the_findings_and_signs_nothing_that_came_since(
    as_psychiatrist: Client,
    client: Client,
    kari: Patient,
    psychiatrist: Professional,
    referral: Referral,
    staff: Staff,
    django_assert_max_num_queries: Any,
) -> None:
    diagnosed(kari, psychiatrist, "F33.2", status=candidate.DiagnosisStatus.CURRENT)
    as_psychiatrist.post(of("eligibility", kari), WELL)
    url = of("referral.decide", referral)
    refused = as_psychiatrist.post(url, {"kind": "accept"}).content.decode()
    asked = re.findall(r'name="(reason\.[^"]+)"', refused)
    said = {"kind": "accept"} | dict.fromkeys(asked, "Vurdert i møte")
    assert as_psychiatrist.post(url, said).status_code == 302
    assert as_psychiatrist.post(url, said).status_code == 409, "from another tab"
    decision = EligibilityDecision.objects.get()
    again = shown(as_psychiatrist, url)
    assert re.search(
        rf'value="{decision.pk}"[^>]*name="replaces"|name="replaces"[^>]*value="{decision.pk}"',
        again,
    )
    second = of("referral.second", decision)
    client.force_login(staff(psychiatrist.unit, Role.ANAESTHETIST))
    with django_assert_max_num_queries(10):
        page = shown(client, second)
    assert "Vurdert i møte" in page
    assert "F33.2" in page
    assert all(f"Regel {name.removeprefix('reason.')} " in page for name in asked)
    assert "Signer som andre lege" in page
    diagnosed(kari, psychiatrist, "I71.4", status=candidate.DiagnosisStatus.CURRENT)
    page = shown(client, second)
    assert "Funnet siden" in page
    assert "Regel EX-05" in page
    assert "Signer som andre lege" not in page
    assert client.post(second).status_code == 409
    assert not EligibilityDecision.objects.standing().exists()


def test_a_refusal_needs_a_plan_and_the_way_to_complain(
    as_psychiatrist: Client, kari: Patient, referral: Referral
) -> None:
    url = of("referral.refuse", referral)
    assert shown(as_psychiatrist, url)
    said = {"entry": str(uuid4()), "grounds": "Psykose", "plan": "ECT tilbys"}
    reply = as_psychiatrist.post(url, said)
    assert reply.status_code == 422
    assert "ECT tilbys" in reply.content.decode()
    without = {"complaint_route": "Statsforvalteren", "again": "no", "no_recontact": "Flytter"}
    assert as_psychiatrist.post(url, said | without).status_code == 302
    assert Refusal.objects.get().complaint_route == "Statsforvalteren"
    assert "Statsforvalteren" in shown(as_psychiatrist, of("referrals", kari))
    assert "Ingen ny kontakt: Flytter" in shown(as_psychiatrist, of("referrals", kari))
    listed = shown(as_psychiatrist, reverse("waiting"))
    assert "Avslått" in listed
    assert "ingen ny kontakt, se avslaget" in listed
    assert "ingen er utpekt" not in listed


def test_the_waiting_list_says_who_waits_and_who_keeps_in_touch(
    client: Client,
    nurse: Professional,
    moss: Unit,
    staff: Staff,
    referral: Referral,
    django_assert_max_num_queries: Any,
) -> None:
    referrals.name_contact(referral=referral, contact=nurse, every_days=1, by=nurse, at=NOON)
    client.force_login(staff(moss, Role.COORDINATOR))
    with django_assert_max_num_queries(6):
        page = shown(client, reverse("waiting"))
    assert "Ødegård, Kari Anne" in page
    assert "16.03.2026" in page
    assert page.count("over fristen") == 3
    assert str(nurse) in page


def test_another_unit_does_not_see_who_waits_here(
    client: Client, halden: Unit, staff: Staff, referral: Referral
) -> None:
    client.force_login(staff(halden, Role.COORDINATOR))
    assert "Ødegård" not in shown(client, reverse("waiting"))


def test_consent_is_signed_when_everything_was_said_and_can_be_withdrawn(
    as_psychiatrist: Client, kari: Patient, django_assert_max_num_queries: Any
) -> None:
    url = of("consent.record", kari)
    points = [item.id for item in consent_list().item]
    assert shown(as_psychiatrist, url)
    said = sent({"items": points[1:], "language": "nb", "signed_by_patient_on": "02.03.2026"})
    reply = as_psychiatrist.post(url, said)
    assert reply.status_code == 422
    assert "Ikke gjennomgått" in reply.content.decode()
    as_psychiatrist.post(url, said | {"items": points})
    consent = Consent.objects.get()
    assert consent.version == str(consent_list().version)
    as_psychiatrist.post(of("consent.withdraw", consent), {"note": ""})
    assert ConsentWithdrawal.objects.get().consent == consent
    with django_assert_max_num_queries(10):
        assert "Trukket tilbake" in shown(as_psychiatrist, of("consent", kari))


@pytest.mark.usefixtures("referral")
@pytest.mark.parametrize(
    ("day", "ticked", "says"),
    [
        pytest.param("31.12.2025", True, "i bruk fra 01.01.2026", id="before the list"),
        pytest.param("01.01.2020", False, "i bruk fra 01.01.2026", id="six years ago"),
        pytest.param(
            "01.03.2026", False, "Henvisningen kom 02.03.2026", id="before the letter"
        ),
        pytest.param("01.03.2026", True, "", id="before the letter, and looked at"),
        pytest.param("02.03.2026", False, "", id="the day it came"),
    ],
)
def test_a_consent_of_another_time_is_refused_or_asked_about(
    as_psychiatrist: Client, kari: Patient, day: str, says: str, *, ticked: bool
) -> None:
    points = [item.id for item in consent_list().item]
    said = sent({"items": points, "language": "nb", "signed_by_patient_on": day})
    said |= {"before_referral": "on"} if ticked else {}
    reply = as_psychiatrist.post(of("consent.record", kari), said)
    assert Consent.objects.exists() is (says == "")
    if says:
        page = reply.content.decode()
        assert reply.status_code == 422
        assert says in page
        assert f'value="{day}"' in page


def test_who_reserves_against_both_comes_to_a_decision_with_a_name(
    as_psychiatrist: Client, psychiatrist: Professional, kari: Patient
) -> None:
    url = of("registration.choose", kari)
    assert as_psychiatrist.post(url, sent({"choice": "study"})).status_code == 422
    as_psychiatrist.post(url, sent({"choice": "reserved"}))
    assert "ingenting starter" in shown(as_psychiatrist, of("consent", kari))
    decide = of("registration.decide", Registration.objects.get())
    assert as_psychiatrist.post(decide, {"decision": "treat"}).status_code == 422
    as_psychiatrist.post(decide, {"decision": "treat", "grounds": "Særlige hensyn"})
    assert Registration.objects.in_force().get().decided_by == psychiatrist
    assert "Særlige hensyn" in shown(as_psychiatrist, of("consent", kari))


def test_the_work_up_says_what_is_missing_and_what_is_too_old(
    as_nurse: Client, kari: Patient, nurse: Professional, django_assert_max_num_queries: Any
) -> None:
    url = of("work_up.record", kari)
    assert 'value="ecg" selected' in shown(as_nurse, url + "?item=ecg")
    for said in ({"value": "418"}, {}):
        reply = as_nurse.post(url, sent({"item": "ecg", "done_on": "02.03.2026"} | said))
        assert reply.status_code == 422
    done = {"item": "ecg", "done_on": "02.03.2026", "value": "418", "unit_of_value": "ms"}
    as_nurse.post(url, sent(done))
    with django_assert_max_num_queries(10):
        page = shown(as_nurse, of("work_up", kari) + "?on=03.03.2026")
    assert "418 ms" in page
    assert "Mangler" in page
    assert "For gammel" not in page
    assert "For gammel" in shown(as_nurse, of("work_up", kari) + "?on=03.06.2026")
    result = WorkUpResult.objects.get()
    assert shown(as_nurse, of("work_up.strike", result))
    as_nurse.post(of("work_up.strike", result), {"reason": "En annen pasient"})
    assert "En annen pasient" in shown(as_nurse, of("work_up", kari))
    assert not WorkUpResult.objects.in_force().exists()


def test_a_scale_that_was_rated_here_is_done(
    as_nurse: Client, kari: Patient, nurse: Professional
) -> None:
    at = timezone.now() - timedelta(days=1)
    actions.record_rating(patient=kari, rated=rated(34), entered=entered(at), by=nurse, at=at)
    assert "<strong>Utført</strong>: MADRS" in shown(as_nurse, of("work_up", kari))


def test_a_doctor_signs_for_every_figure_of_a_protocol(
    as_psychiatrist: Client, moss: Unit, django_assert_max_num_queries: Any
) -> None:
    protocol = latest("iv-ketamine-no")
    keys = {"protocol": protocol.id, "version": protocol.version}
    url = reverse("protocol.approve", kwargs=keys)
    page = shown(as_psychiatrist, url)
    assert "eget forslag" in page
    assert as_psychiatrist.post(url, {}).status_code == 422
    as_psychiatrist.post(url, {"read": "on"})
    approval = ProtocolApproval.objects.get()
    assert (approval.unit, approval.protocol) == (moss, protocol.id)
    with django_assert_max_num_queries(10):
        assert "Godkjent av" in shown(as_psychiatrist, reverse("administration"))
    as_psychiatrist.post(of("protocol.withdraw", approval), {"reason": "Ny versjon"})
    assert not ProtocolApproval.objects.in_force().exists()
    nowhere = reverse("protocol.approve", kwargs=keys | {"version": "0"})
    assert as_psychiatrist.get(nowhere).status_code == 404


def test_the_conditions_are_the_units_to_verify_and_change(as_psychiatrist: Client) -> None:
    url = reverse("conditions.state")
    assert "psykoterapi" in shown(as_psychiatrist, url)
    said = {"decision": "Ketamin", "conditions": "Register\n\nStudie", "source": "Lest"}
    assert as_psychiatrist.post(url, said | {"source": ""}).status_code == 422
    as_psychiatrist.post(url, said | {"review_by": "31.12.2025"})
    row = PolicyConditions.objects.get()
    assert row.conditions == ["Register", "Studie"]
    assert "over fristen" in shown(as_psychiatrist, reverse("administration"))
    change = of("conditions.correct", row)
    assert "Register\nStudie" in shown(as_psychiatrist, change)
    as_psychiatrist.post(change, said | {"reason": "Lest på nytt"})
    assert PolicyConditions.objects.in_force().get().revision == 2


def test_a_nurse_neither_decides_nor_signs_for_a_doctor(
    as_nurse: Client, kari: Patient, psychiatrist: Professional, referral: Referral
) -> None:
    for name, row in (
        ("referral.decide", referral),
        ("referral.refuse", referral),
        ("consent.record", kari),
    ):
        assert as_nurse.get(of(name, row)).status_code == 403
    assert as_nurse.get(reverse("administration")).status_code == 403
