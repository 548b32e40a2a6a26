"""The pages before a course: the letter, those who keep in touch, and what was tried."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.people.permissions import permits
from lysglimt.clinic.people.policy import CLINICIANS, DOCTORS, Relation, Role
from lysglimt.clinic.referral import actions
from lysglimt.clinic.referral.actions import Overridden
from lysglimt.clinic.referral.models import (
    ContactMade,
    DecisionKind,
    Diagnosis,
    EligibilityDecision,
    Medicine,
    Referral,
    ReferralLetter,
    SecondSignature,
    StimulationSeries,
    TreatmentTrial,
    WaitingContact,
)
from lysglimt.knowledge.verdict import Standing
from tests.clinic.conftest import NOON, Staff

from .conftest import Assess, finding

LETTER = {
    "sender_kind": "gp",
    "sender_name": "Fastlege Eksempel",
    "received_on": "02.03.2026",
    "question": "Ketamin?",
}
TRIAL = {
    "drug": "N06AB06",
    "mg_per_day": "150",
    "weeks": "8",
    "adherence": "90",
    "improvement": "0-25",
    "current_episode": "yes",
    "intolerant": "no",
}
SERIES = {"kind": "ect", "sessions": "8", "improvement": "25-49", "current_episode": "no"}
DIAGNOSIS = {"code": "f332", "status": "current", "on": "01.02.2026", "severe": "no"}
MEDICINE = {"atc": "N05BA04", "name": "oksazepam", "mg_per_day": "22,5"}


def sent(said: dict[str, str], **more: str) -> dict[str, str]:
    return said | {"entry": str(uuid4())} | more


def of(name: str, row: Any, **keys: Any) -> str:
    return reverse(name, kwargs={"pk": row.pk} | keys)


def shown(client: Client, address: str) -> str:
    reply = client.get(address)
    assert reply.status_code == 200
    return str(reply.content.decode())


@pytest.fixture
def as_psychiatrist(client: Client, psychiatrist: Professional) -> Client:
    client.force_login(psychiatrist)
    return client


@pytest.fixture
def supported(moss: Unit, psychiatrist: Professional) -> None:
    """The unit has signed that it wants decision support."""
    people.state_purpose(unit=moss, on=True, by=psychiatrist, at=NOON)


def test_a_letter_shows_its_deadline_of_ten_working_days(
    as_nurse: Client, kari: Patient, django_assert_max_num_queries: Any
) -> None:
    reply = as_nurse.post(of("referral.receive", kari), sent(LETTER), follow=True)
    assert "16.03.2026" in reply.content.decode()
    with django_assert_max_num_queries(10):
        page = shown(as_nurse, of("referrals", kari))
    assert "Fastlege Eksempel" in page
    assert "over fristen" in page
    assert "ingen er utpekt" in page


@pytest.mark.parametrize(
    ("said", "says"),
    [
        pytest.param({"received_on": "31.02.2026"}, "ingen dato", id="no such day"),
        pytest.param({"received_on": "02.03.2196"}, "for sent", id="in the future"),
        pytest.param({"start_due": "01.03.2026"}, "før mottaksdagen", id="due before it came"),
    ],
)
def test_a_letter_that_is_refused_keeps_what_was_typed(
    as_nurse: Client, kari: Patient, said: dict[str, str], says: str
) -> None:
    reply = as_nurse.post(of("referral.receive", kari), sent(LETTER, **said))
    page = reply.content.decode()
    assert reply.status_code == 422
    assert says in page
    assert "Fastlege Eksempel" in page
    assert next(iter(said.values())) in page
    assert not Referral.objects.exists()


def test_a_letter_is_corrected_with_a_reason(as_nurse: Client, referral: Referral) -> None:
    url = of("referral.correct", referral)
    assert "02.03.2026" in shown(as_nurse, url)
    said = LETTER | {"received_on": "03.03.2026"}
    assert as_nurse.post(url, sent(said)).status_code == 422
    as_nurse.post(url, sent(said, reason="Stemplet dagen etter"))
    letter = ReferralLetter.objects.in_force().get()
    assert (letter.revision, f"{letter.assessment_due:%d.%m}") == (2, "17.03")


def test_somebody_keeps_in_touch_and_says_when_it_ends(
    as_nurse: Client, nurse: Professional, referral: Referral
) -> None:
    named = as_nurse.post(
        of("waiting.name", referral), {"contact": str(nurse.pk), "every_days": "14"}
    )
    made = as_nurse.post(
        of("waiting.contacted", referral), sent({"reached": "yes", "note": "Har det tungt"})
    )
    assert (named.status_code, made.status_code) == (302, 302)
    assert ContactMade.objects.get().reached
    assert "Har det tungt" in shown(as_nurse, of("referrals", referral.patient))
    contact = WaitingContact.objects.current().get()
    assert as_nurse.post(of("waiting.end", contact), {"reason": ""}).status_code == 422
    as_nurse.post(of("waiting.end", contact), {"reason": "Flyttet"})
    assert not WaitingContact.objects.current().exists()


def test_a_contact_without_an_interval_is_refused(
    as_nurse: Client, nurse: Professional, referral: Referral
) -> None:
    said = {"contact": str(nurse.pk), "every_days": "0"}
    reply = as_nurse.post(of("waiting.name", referral), said)
    assert reply.status_code == 422
    assert "1–365" in reply.content.decode()


def test_another_doctor_signs_what_sets_aside_an_exclusion(
    client: Client, assess: Assess, psychiatrist: Professional, moss: Unit, staff: Staff
) -> None:
    decision = actions.decide_eligibility(
        assessment=assess(finding("EX-01", Standing.EXCLUDED)),
        kind=DecisionKind.ACCEPT,
        overrides=[Overridden(criterion="EX-01", reason="Vurdert")],
        by=psychiatrist,
        at=NOON,
    )
    url = of("referral.second", decision)
    client.force_login(psychiatrist)
    assert "Signer som andre lege" not in shown(client, url)
    assert client.post(url).status_code == 422
    client.force_login(staff(moss, Role.ANAESTHETIST, "second"))
    assert "Vurdert" in shown(client, url)
    reply = client.post(url, follow=True)
    assert "Tatt inn til behandling" in reply.content.decode()
    assert SecondSignature.objects.get().decision == decision
    assert EligibilityDecision.objects.standing().get() == decision


def test_an_open_question_that_may_exclude_needs_two_signatures(
    assess: Assess, psychiatrist: Professional
) -> None:
    decision = actions.decide_eligibility(
        assessment=assess(finding("EX-05", Standing.UNKNOWN)),
        kind=DecisionKind.ACCEPT,
        overrides=[Overridden(criterion="EX-05", reason="Ingen mistanke")],
        by=psychiatrist,
        at=NOON,
    )
    assert decision.needs_second


def test_no_reason_stands_in_for_consent(assess: Assess, psychiatrist: Professional) -> None:
    with pytest.raises(actions.NotOverridden, match="IN-7"):
        actions.decide_eligibility(
            assessment=assess(finding("IN-7", Standing.UNKNOWN)),
            kind=DecisionKind.ACCEPT,
            overrides=[Overridden(criterion="IN-7", reason="Haster")],
            by=psychiatrist,
            at=NOON,
        )


@pytest.mark.parametrize(
    ("kind", "said", "model"),
    [
        pytest.param("trial", TRIAL, TreatmentTrial, id="a trial"),
        pytest.param("series", SERIES, StimulationSeries, id="a series"),
        pytest.param("diagnosis", DIAGNOSIS, Diagnosis, id="a diagnosis"),
        pytest.param("medicine", MEDICINE, Medicine, id="a medicine"),
    ],
)
def test_an_entry_is_added_corrected_and_struck_and_stays_visible(
    as_nurse: Client, kari: Patient, kind: str, said: dict[str, str], model: Any
) -> None:
    assert shown(as_nurse, of("history.add", kari, kind=kind))
    added = as_nurse.post(of("history.add", kari, kind=kind) + "?to=eligibility", sent(said))
    assert added.headers["Location"] == of("eligibility", kari)
    row = model.objects.get()
    correct = of("history.correct", kari, kind=kind, entry=row.entry)
    typed = shown(as_nurse, correct)
    assert all(f'value="{value}"' in typed for value in said.values() if value.isdecimal())
    assert as_nurse.post(correct, sent(said)).status_code == 422
    as_nurse.post(correct, sent(said, reason="Epikrise"))
    assert model.objects.in_force().get().revision == 2
    strike = of("history.strike", kari, kind=kind, entry=row.entry)
    assert as_nurse.post(strike, {"reason": ""}).status_code == 422
    as_nurse.post(strike, {"reason": "Gjaldt en annen"})
    page = shown(as_nurse, of("history", kari))
    assert not model.objects.in_force().exists()
    assert "<s>" in page
    assert "Gjaldt en annen" in page


@pytest.mark.parametrize(
    ("kind", "said", "says"),
    [
        pytest.param("diagnosis", DIAGNOSIS, "allerede ført", id="a diagnosis"),
        pytest.param("medicine", MEDICINE, "allerede ført", id="a medicine"),
    ],
)
def test_what_is_in_force_already_is_asked_about(
    as_nurse: Client, kari: Patient, kind: str, said: dict[str, str], says: str
) -> None:
    url, once = of("history.add", kari, kind=kind), sent(said)
    for _ in range(2):
        assert as_nurse.post(url, once).status_code == 302, "sent twice is no other"
    again = as_nurse.post(url, sent(said))
    assert again.status_code == 422
    assert says in again.content.decode()
    assert as_nurse.post(url, sent(said, again="on")).status_code == 302
    correct = of("history.correct", kari, kind=kind, entry=once["entry"])
    unlike = as_nurse.post(correct, sent(said, reason="Epikrise"))
    assert unlike.status_code == 422, "the other one is there still"


@pytest.mark.parametrize(
    ("mg", "asks"),
    [
        pytest.param("80", False, id="four times the lowest adequate dose"),
        pytest.param("81", True, id="more"),
        pytest.param("4000", True, id="a slip of the hand"),
        pytest.param("", False, id="not known"),
    ],
)
def test_an_amount_that_nobody_takes_is_asked_about(
    as_nurse: Client, kari: Patient, mg: str, *, asks: bool
) -> None:
    citalopram = MEDICINE | {"atc": "N06AB04", "name": "", "mg_per_day": mg}
    url = of("history.add", kari, kind="medicine")
    reply = as_nurse.post(url, sent(citalopram))
    assert reply.status_code == (422 if asks else 302)
    if asks:
        assert "Mer enn 80 mg per døgn" in reply.content.decode()
        assert f'value="{mg}"' in reply.content.decode()
        assert as_nurse.post(url, sent(citalopram, again="on")).status_code == 302


@pytest.mark.parametrize(
    ("kind", "said", "says"),
    [
        pytest.param("trial", TRIAL | {"mg_per_day": "15O"}, "15O", id="a letter in the dose"),
        pytest.param("trial", TRIAL | {"adherence": "101"}, "0–100", id="more than all of it"),
        pytest.param("trial", TRIAL | {"drug": ""}, "ett av delene", id="no medicine"),
        pytest.param("trial", TRIAL | {"other_atc": "N06AB"}, "Sju tegn", id="half a code"),
        pytest.param("diagnosis", {"code": "depresjon"}, "F33.2", id="no code"),
        pytest.param(
            "medicine",
            MEDICINE | {"started_on": "02.03.2026", "stopped_on": "01.03.2026"},
            "før det ble begynt",
            id="stopped before it began",
        ),
    ],
)
def test_an_entry_that_is_refused_says_why(
    as_nurse: Client, kari: Patient, kind: str, said: dict[str, str], says: str
) -> None:
    reply = as_nurse.post(of("history.add", kari, kind=kind), sent(said))
    assert reply.status_code == 422
    assert says in reply.content.decode()


def test_a_medicine_outside_the_table_is_named_by_its_code(
    as_nurse: Client, kari: Patient
) -> None:
    said = TRIAL | {"drug": "", "other_atc": "N06AX09"}
    as_nurse.post(of("history.add", kari, kind="trial"), sent(said))
    row = TreatmentTrial.objects.get()
    assert row.atc == "N06AX09"
    correct = of("history.correct", kari, kind="trial", entry=row.entry)
    assert 'value="N06AX09"' in shown(as_nurse, correct)


def test_a_list_that_is_not_there_is_not_found(as_nurse: Client, kari: Patient) -> None:
    assert as_nurse.get(of("history.add", kari, kind="allergy")).status_code == 404


@pytest.mark.usefixtures("supported")
def test_the_history_says_what_counts_and_why(
    as_nurse: Client, kari: Patient, django_assert_max_num_queries: Any
) -> None:
    for drug in ("N06AB06", "N06AX16"):
        said = sent(TRIAL, drug=drug, mg_per_day="200")
        as_nurse.post(of("history.add", kari, kind="trial"), said)
    as_nurse.post(of("history.add", kari, kind="series"), sent(SERIES))
    with django_assert_max_num_queries(10):
        page = shown(as_nurse, of("history", kari))
    assert "sertralin (N06AB06)" in page
    assert "Ja (2)" in page
    assert "Maudsley" in page
    assert page.count("Teller som mislykket") == 2


def test_in_journal_mode_nothing_is_counted(as_nurse: Client, kari: Patient) -> None:
    as_nurse.post(of("history.add", kari, kind="trial"), sent(TRIAL))
    page = shown(as_nurse, of("history", kari))
    assert "sertralin (N06AB06)" in page
    assert "Teller som mislykket" not in page
    assert "Maudsley" not in page


def test_the_history_reads_in_english(
    as_nurse: Client, nurse: Professional, kari: Patient
) -> None:
    people.choose_language(professional=nurse, language="en")
    as_nurse.post(of("history.add", kari, kind="trial"), sent(TRIAL))
    page = shown(as_nurse, of("history", kari))
    assert "sertraline (N06AB06)" in page
    assert "Medicines tried" in page


def test_a_form_that_was_sent_after_the_sign_in_ran_out_is_not_lost(
    as_nurse: Client, nurse: Professional, kari: Patient
) -> None:
    url = of("history.add", kari, kind="trial")
    assert shown(as_nurse, url)
    as_nurse.cookies.pop("lysglimt")
    away = as_nurse.post(url, sent(TRIAL, comment="Skrevet da det gikk ut"))
    as_nurse.force_login(nurse)
    page = shown(as_nurse, away.headers["Location"].partition("next=")[2].replace("%2F", "/").replace("%3F", "?").replace("%3D", "="))  # fmt: skip
    assert "Skrevet da det gikk ut" in page
    assert not TreatmentTrial.objects.exists()


@pytest.mark.parametrize(
    ("operation", "agreed"),
    [
        ("referral.receive", {*CLINICIANS, Role.COORDINATOR}),
        ("history.correct", {*CLINICIANS, Role.PHARMACIST}),
        ("referral.second", set(DOCTORS)),
        ("referral.decide", {Role.PSYCHIATRIST}),
        ("referral.refuse", {Role.PSYCHIATRIST}),
        ("consent.record", set(DOCTORS)),
        ("registration.decide", {Role.PSYCHIATRIST, Role.UNIT_LEAD}),
        ("protocol.approve", {Role.PSYCHIATRIST}),
        ("waiting", {*CLINICIANS, Role.COORDINATOR, Role.UNIT_LEAD}),
    ],
)
def test_the_table_permits_what_was_agreed_before_a_course(
    operation: str, agreed: set[Role]
) -> None:
    assert {role for role in Role if permits(operation, role, Relation.OWN_UNIT)} == agreed
    # A patient of another unit can be referred here; all else waits until that is done.
    elsewhere = any(permits(operation, role, Relation.OTHER_UNIT) for role in Role)
    assert elsewhere is (operation == "referral.receive")


def test_one_chapter_is_where_one_is(as_nurse: Client, kari: Patient) -> None:
    page = shown(as_nurse, of("history", kari))
    nav = page[page.index('class="chapters"') :].partition("</nav>")[0]
    assert nav.count('aria-current="page"') == 1


def test_a_coordinator_is_not_led_to_a_page_that_is_closed_to_coordinators(
    moss: Unit, kari: Patient, referral: Referral, psychiatrist: Professional, staff: Staff
) -> None:
    address = reverse("eligibility", args=[kari.pk])
    for reader, offered in ((psychiatrist, 2), (staff(moss, Role.COORDINATOR), 0)):
        client = Client()
        client.force_login(reader)
        page = client.get(reverse("referrals", args=[kari.pk])).content.decode()
        assert page.count(f'href="{address}"') == offered, "the chapter and the button"
