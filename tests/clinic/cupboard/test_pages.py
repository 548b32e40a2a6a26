"""The pages of the cupboard: what lies there, what two sign, and what the leader settles."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.audit.models import Read
from lysglimt.clinic.chairside import actions as chairside
from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.cupboard import actions
from lysglimt.clinic.cupboard.models import Cabinet, Holding, LedgerEntry
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.chapters import Chapter
from lysglimt.clinic.people.models import Professional
from lysglimt.knowledge.dosing.delivery import PumpAct
from tests.clinic.chairside.conftest import Pump
from tests.clinic.chairside.page.at_the_page import Clock, words
from tests.clinic.kept import STORY
from tests.exchange.documents.printed import printed

from .conftest import Counted, Draw


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    STORY.clock = clock
    monkeypatch.setattr(timezone, "now", clock)
    return clock


def client_of(who: Professional) -> Client:
    client = Client()
    client.force_login(who)
    return client


@pytest.fixture
def as_lead(lead: Professional) -> Client:
    return client_of(lead)


@pytest.fixture
def as_pharmacist(pharmacist: Professional) -> Client:
    return client_of(pharmacist)


def page(client: Client, name: str, *keys: object, query: str = "") -> str:
    answer: Any = client.get(reverse(name, args=keys) + query)
    assert answer.status_code == 200, answer.status_code
    return words(answer)


def signed(by: Professional, **said: Any) -> dict[str, Any]:
    """What the other person adds is who they are."""
    return {"entry": str(uuid4()), "checked_by": str(by.pk), **said}


PACKAGE: dict[str, Any] = {"batch": "K-1", "expires_on": "05.2027"}
KETALAR: dict[str, Any] = {
    "drug": "N01AX03",
    "product": "Ketalar",
    "strength": "10 mg/ml, 20 ml",
    "form": "vial",
    "piece_mg": "200",
    "pieces": "10",
    **PACKAGE,
}


def sent(client: Client, address: str, *keys: object, status: int = 302, **said: Any) -> str:
    answer: Any = client.post(reverse(address, args=keys), said)
    assert answer.status_code == status, words(answer)
    return words(answer) if status != 302 else answer.headers["Location"]


def test_a_unit_that_keeps_no_ledger_sees_none_at_the_chair(
    as_nurse: Client, session: Session
) -> None:
    assert "Narkotikaregnskap" not in page(as_nurse, "session", session.pk)
    assert "fører ikke regnskap her ennå" in page(as_nurse, "cupboard")


def test_from_the_first_cabinet_the_chair_has_a_line_of_it(
    as_nurse: Client, session: Session, cabinet: Cabinet, ketalar: Holding, draw: Draw
) -> None:
    html = page(as_nurse, "session", session.pk)
    assert "Ta ut og gjør opp" in html
    assert "ikke gjort opp" not in html
    draw()
    assert "Tatt ut og ikke gjort opp." in page(as_nurse, "session", session.pk)


def test_the_line_at_the_chair_takes_no_question_of_its_own(
    as_nurse: Client, session: Session, nurse: Professional, pharmacist: Professional
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            page(as_nurse, "session", session.pk)
        return len(found)

    before = asked()
    actions.open_cabinet(name="A", by=pharmacist, at=timezone.now())
    assert asked() == before


def test_a_pharmacist_opens_a_cabinet_and_two_place_a_drug_in_it(
    as_pharmacist: Client, nurse: Professional
) -> None:
    sent(as_pharmacist, "cabinet.open", name="Medisinrommet")
    assert "Det finnes allerede: «Medisinrommet»" in sent(
        as_pharmacist, "cabinet.open", status=422, name="Medisinrommet"
    )
    cabinet = Cabinet.objects.get()
    twice = signed(nurse, **KETALAR)
    for _ in range(2):
        sent(as_pharmacist, "holding.open", cabinet.pk, **twice)
    assert LedgerEntry.objects.get().stock_after == 10
    html = page(as_pharmacist, "cupboard")
    assert "Ketalar 10 mg/ml, 20 ml 10 2000" in html.replace("\xa0", "")
    again = signed(nurse, **KETALAR)
    told = sent(as_pharmacist, "holding.open", cabinet.pk, status=422, **again)
    assert "Det finnes allerede: «Ketalar 10 mg/ml, 20 ml»" in told


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"drug": "", "other_atc": "N05"}, "ikke en ATC-kode"),
        ({"batch": ""}, "Skriv dette for det som ligger der"),
        ({"piece_mg": "0"}, "utenfor"),
        ({"piece_mg": "20"}, "er det 200 mg i ett stykk"),
        ({"checked_by": ""}, "Feltet er påkrevet"),
    ],
)
def test_what_is_not_on_the_package_is_asked_for(
    as_pharmacist: Client,
    cabinet: Cabinet,
    nurse: Professional,
    changed: dict[str, str],
    told: str,
) -> None:
    said = signed(nurse, **KETALAR) | changed
    html = sent(as_pharmacist, "holding.open", cabinet.pk, status=422, **said)
    assert told in html
    assert not Holding.objects.exists()


def test_a_place_may_begin_empty(
    as_pharmacist: Client, cabinet: Cabinet, nurse: Professional
) -> None:
    said = signed(nurse, **KETALAR) | {"pieces": "0", "batch": "", "expires_on": ""}
    sent(as_pharmacist, "holding.open", cabinet.pk, **said)
    holding = Holding.objects.get()
    assert "Ingenting er ført ennå" in page(as_pharmacist, "ledger", holding.pk)
    sent(as_pharmacist, "ledger.book", holding.pk, "receipt", pieces="5", **entry(), **PACKAGE)
    assert "På lager 5 stykk · 1000 mg" in page(as_pharmacist, "ledger", holding.pk).replace(
        "\xa0", ""
    )


def entry() -> dict[str, Any]:
    return {"entry": str(uuid4())}


def test_a_receipt_is_signed_by_one_and_waste_by_two_with_a_reason(
    as_nurse: Client, ketalar: Holding, colleague: Professional
) -> None:
    sent(as_nurse, "ledger.book", ketalar.pk, "receipt", pieces="5", **entry(), **PACKAGE)
    said = signed(colleague, pieces="2", **PACKAGE)
    html = sent(as_nurse, "ledger.book", ketalar.pk, "waste", status=422, **said, why=".")
    assert "minst 10 bokstaver" in html
    sent(as_nurse, "ledger.book", ketalar.pk, "waste", **said, why="Gått ut på dato")
    sent(
        as_nurse,
        "ledger.book",
        ketalar.pk,
        "loss",
        **signed(colleague, pieces="1", why="Ampulle knust"),
    )
    html = page(as_nurse, "ledger", ketalar.pk)
    for told in ("Mottak", "Kassering", "Tap", "Gått ut på dato", "Berit Berg", "K-1"):
        assert told in html
    assert as_nurse.get(reverse("ledger.book", args=[ketalar.pk, "count"])).status_code == 404


def test_more_than_there_is_is_refused_in_words_and_what_was_typed_stays(
    as_nurse: Client, ketalar: Holding, colleague: Professional
) -> None:
    said = signed(colleague, pieces="11", why="Gått ut på dato", **PACKAGE)
    html = sent(as_nurse, "ledger.book", ketalar.pk, "return", status=422, **said)
    assert "Så mye er det ikke der" in html
    assert "Gått ut på dato" in html


def test_it_moves_to_another_cabinet(
    as_nurse: Client, as_pharmacist: Client, ketalar: Holding, colleague: Professional
) -> None:
    sent(as_pharmacist, "cabinet.open", name="Stue 2")
    other = Cabinet.objects.get(name="Stue 2")
    said = signed(colleague, pieces="4", to=str(other.pk), **PACKAGE)
    sent(as_nurse, "ledger.book", ketalar.pk, "transfer-out", **said)
    assert "Overført ut" in page(as_nurse, "ledger", ketalar.pk)
    assert other.holdings.get().entries.get().stock_after == 4


def test_the_form_of_a_count_does_not_tell_what_it_should_be(
    as_nurse: Client, ketalar: Holding
) -> None:
    html = page(as_nurse, "ledger.count", ketalar.pk)
    assert "10" not in html.replace("10 mg/ml", "")


def test_a_count_that_does_not_agree_goes_to_the_leader(
    as_nurse: Client,
    as_lead: Client,
    as_pharmacist: Client,
    ketalar: Holding,
    ordered: Session,
    colleague: Professional,
    psychiatrist: Professional,
) -> None:
    sent(as_nurse, "ledger.count", ketalar.pk, **signed(colleague, counted="9"))
    html = page(as_lead, "cupboard")
    assert "talt 9, regnskapet har 10" in html
    assert "Avklar" in html
    assert "1 telling som ikke stemte" in page(as_lead, "today")
    assert "telling som ikke stemte" not in page(as_nurse, "today")
    withdrawn = signed(
        colleague,
        holding=str(ketalar.pk),
        pieces="1",
        prescriber=str(psychiatrist.pk),
        ordered_mg="40",
        **PACKAGE,
    )
    refused = sent(as_nurse, "ledger.withdraw", ordered.pk, status=422, **withdrawn)
    assert "En telling stemte ikke med regnskapet (linje 2)" in refused
    assert (
        as_nurse.get(reverse("discrepancy.override", args=[ketalar.pk, 2])).status_code == 403
    )
    assert as_nurse.get(reverse("discrepancy.settle", args=[ketalar.pk, 2])).status_code == 403
    why = "Pasienten sitter klar, talt på nytt i kveld"
    assert "Talt 9" in page(client_of(psychiatrist), "discrepancy.override", ketalar.pk, 2)
    sent(client_of(psychiatrist), "discrepancy.override", ketalar.pk, 2, words=why, **entry())
    assert why in page(as_lead, "cupboard")
    sent(as_nurse, "ledger.withdraw", ordered.pk, **withdrawn)
    settle: dict[str, Any] = {"how": "booked", "words": "Funnet knust bak skuffen"}
    told = sent(as_lead, "discrepancy.settle", ketalar.pk, 2, status=422, **entry(), **settle)
    assert "En annen person signerer også" in told
    assert "Direktoratet for medisinske produkter" in told
    sent(as_lead, "discrepancy.settle", ketalar.pk, 2, **signed(colleague, **settle))
    assert "ikke stemte" not in page(as_lead, "cupboard")
    assert as_lead.get(reverse("discrepancy.settle", args=[ketalar.pk, 2])).status_code == 404


def test_what_is_sent_of_a_settled_count_is_not_lost(
    as_lead: Client, ketalar: Holding, counted: Counted, colleague: Professional
) -> None:
    """Pressed twice it is done once; another leader reads that it is settled, beside what was typed."""
    counted(9)
    settle: dict[str, Any] = {"how": "booked", "words": "Funnet knust bak skuffen"}
    said = signed(colleague, **settle)
    for _ in range(2):
        sent(as_lead, "discrepancy.settle", ketalar.pk, 2, **said)
    again = signed(colleague, how="booked", words="Knust, sier nattevakten")
    html = sent(as_lead, "discrepancy.settle", ketalar.pk, 2, status=422, **again)
    assert "Knust, sier nattevakten" in html
    assert "eller den er avklart" in html


def test_a_miscount_is_settled_by_a_count_that_agrees(
    as_lead: Client, ketalar: Holding, counted: Counted
) -> None:
    counted(9)
    said: dict[str, Any] = {"how": "recounted", "words": "En sto bak de andre", **entry()}
    told = sent(as_lead, "discrepancy.settle", ketalar.pk, 2, status=422, **said)
    assert "Tell på nytt først" in told
    counted(10)
    sent(as_lead, "discrepancy.settle", ketalar.pk, 2, **said)


def test_a_line_is_taken_back_before_two(
    as_nurse: Client, ketalar: Holding, colleague: Professional
) -> None:
    sent(as_nurse, "ledger.book", ketalar.pk, "receipt", pieces="50", **entry(), **PACKAGE)
    assert "Mottak" in page(as_nurse, "ledger.correct", ketalar.pk, 2)
    said = signed(colleague, why="Skrev 50 for 5 stykk")
    sent(as_nurse, "ledger.correct", ketalar.pk, 2, **said)
    html = page(as_nurse, "ledger", ketalar.pk)
    assert "Retting gjelder linje 2" in html
    told = sent(
        as_nurse,
        "ledger.correct",
        ketalar.pk,
        3,
        status=422,
        **signed(colleague, why="En gang til her"),
    )
    assert "kan ikke tilbakeføres" in told


def test_what_was_drawn_is_accounted_for_by_the_chart_and_two(
    as_nurse: Client,
    ketalar: Holding,
    given: Session,
    colleague: Professional,
    psychiatrist: Professional,
    clock: Clock,
) -> None:
    html = as_nurse.get(reverse("ledger.withdraw", args=[given.pk])).content.decode()
    assert 'value="40"' in html, "the dose of the signed order"
    assert f'<option value="{psychiatrist.pk}" selected>' in html
    drawn = signed(
        colleague,
        holding=str(ketalar.pk),
        pieces="1",
        prescriber=str(psychiatrist.pk),
        ordered_mg="40",
        **PACKAGE,
    )
    sent(as_nurse, "ledger.withdraw", given.pk, **drawn)
    assert "200 mg tatt ut og ikke gjort opp" in page(as_nurse, "session.drugs", given.pk)
    html = page(as_nurse, "ledger.settle", given.pk, ketalar.pk)
    assert "Gitt, etter kurven 25 mg" in html
    assert "175" not in html, "what is left is seen, not copied"
    said = signed(colleague, residue_mg="1", wasted_mg="150")
    told = sent(as_nurse, "ledger.settle", given.pk, ketalar.pk, status=422, **said)
    assert "Skriv hvorfor, eller rett mengdene" in told
    sent(as_nurse, "ledger.settle", given.pk, ketalar.pk, **(said | {"wasted_mg": "174"}))
    html = page(as_nurse, "session.drugs", given.pk)
    for line in ("Uttak", "ordinert 40 mg", "Igjen i slangen", "Kassering", "Gitt"):
        assert line in html
    assert "ikke gjort opp" not in html


def test_a_chart_that_changes_afterwards_is_told_of(
    as_nurse: Client,
    draw: Draw,
    ketalar: Holding,
    given: Session,
    pump: Pump,
    nurse: Professional,
    colleague: Professional,
) -> None:
    draw()
    said = signed(colleague, residue_mg="0", wasted_mg="175")
    sent(as_nurse, "ledger.settle", given.pk, ketalar.pk, **said)
    assert "Kurven er endret" not in page(as_nurse, "session.drugs", given.pk)
    stop = given.pump_events.get(act=PumpAct.STOP.value)
    chairside.strike(fact=stop, by=nurse, at=timezone.now(), reason="Feil klokkeslett")
    assert "Kurven er endret" not in page(as_nurse, "session.drugs", given.pk)
    pump(40, PumpAct.STOP)
    assert "nå sier den at 35 mg ble gitt" in page(as_nurse, "session.drugs", given.pk)


def test_while_the_pump_runs_the_account_waits(
    as_nurse: Client, draw: Draw, ketalar: Holding, ready: Session, pump: Pump
) -> None:
    draw()
    pump(0, PumpAct.START, "60")
    html = page(as_nurse, "ledger.settle", ready.pk, ketalar.pk)
    assert "Pumpen er ikke stoppet" in html
    assert "Signer, begge to" not in html


def test_what_was_not_given_is_put_back_before_two(
    as_nurse: Client, draw: Draw, ketalar: Holding, session: Session, colleague: Professional
) -> None:
    draw()
    assert "Uåpnede stykk" in page(as_nurse, "ledger.not-given", session.pk, ketalar.pk)
    said = signed(colleague, pieces="1", why="Pasienten ombestemte seg")
    sent(as_nurse, "ledger.not-given", session.pk, ketalar.pk, **said)
    html = page(as_nurse, "session.drugs", session.pk)
    assert "Ikke gitt, lagt tilbake" in html
    assert "Pasienten ombestemte seg" in html


def test_the_month_says_what_came_where_it_went_and_to_whom(
    as_nurse: Client,
    draw: Draw,
    ketalar: Holding,
    given: Session,
    colleague: Professional,
) -> None:
    draw()
    said = signed(colleague, residue_mg="0", wasted_mg="175")
    sent(as_nurse, "ledger.settle", given.pk, ketalar.pk, **said)
    html = page(as_nurse, "ledger.report").replace("\xa0", "")
    assert "Mottatt 2000 mg" in html
    assert "Kassert 175 mg" in html
    assert "Ødegård, Kari Anne Ketalar 1 25" in html
    assert Read.objects.latest("pk").patients == [str(given.course.patient_id)]
    before = page(as_nurse, "ledger.report", query="?month=2026-02")
    assert "Ingenting er ført i denne måneden" in before
    assert "Kari" not in before
    assert "Mottatt" in page(as_nurse, "ledger.report", query="?month=mars").replace("\xa0", "")


def test_who_is_closed_to_the_reader_is_named_neither_in_report_nor_print(
    as_nurse: Client,
    draw: Draw,
    ketalar: Holding,
    given: Session,
    nurse: Professional,
    colleague: Professional,
) -> None:
    draw()
    said = signed(colleague, residue_mg="0", wasted_mg="175")
    sent(as_nurse, "ledger.settle", given.pk, ketalar.pk, **said)
    assert "ØKA 14.03.1979" in printed(as_nurse, "print.ledger", ketalar.pk)
    people.block(
        patient=given.course.patient, staff=nurse, chapter=None, by=colleague, at=timezone.now()
    )
    assert "Ødegård" not in page(as_nurse, "ledger.report")
    told = printed(as_nurse, "print.ledger", ketalar.pk)
    assert "ØKA" not in told
    assert "lukket for leseren" in told


def test_the_ledger_is_printed_with_who_signed_each_line(
    as_nurse: Client, draw: Draw, ketalar: Holding, counted: Counted
) -> None:
    draw()
    counted(8)
    told = printed(as_nurse, "print.ledger", ketalar.pk)
    for line in ("Narkotikaregnskap", "minst 5 år", "Uttak", "talt 8", "Berit Berg", "K-1"):
        assert line in told
    assert "Periode" in told
    assert "alle 3 linjer" in told


def test_the_ledger_page_names_no_patient(
    as_nurse: Client, draw: Draw, ketalar: Holding
) -> None:
    draw()
    html = page(as_nurse, "ledger", ketalar.pk)
    assert "økt 2. mars 2026" in html or "økt 02.03.2026" in html
    assert "Ødegård" not in html


@pytest.mark.parametrize(
    ("name", "most"), [("cupboard", 10), ("ledger", 8), ("session.drugs", 10)]
)
def test_a_page_asks_few_questions(
    as_nurse: Client,
    draw: Draw,
    counted: Counted,
    ketalar: Holding,
    session: Session,
    name: str,
    most: int,
    django_assert_max_num_queries: Any,
) -> None:
    draw()
    counted(1)
    counted(9)
    keys = {"ledger": [ketalar.pk], "session.drugs": [session.pk]}.get(name, [])
    address = reverse(name, args=keys)
    as_nurse.get(address)
    with django_assert_max_num_queries(most):
        answer: HttpResponse = as_nurse.get(address)  # type: ignore[assignment]  # Django's test client
    assert answer.status_code == 200


def test_what_lies_in_no_cabinet_of_the_unit_is_not_accounted_for(
    as_nurse: Client, session: Session
) -> None:
    assert as_nurse.get(reverse("ledger.settle", args=[session.pk, uuid4()])).status_code == 404


WHY = "Kari ble psykotisk og innlagt"


@pytest.mark.parametrize("chapter", [None, Chapter.SESSIONS])
def test_what_was_written_of_a_patient_is_read_by_those_who_may_see_her_sessions(
    as_nurse: Client,
    draw: Draw,
    ketalar: Holding,
    given: Session,
    nurse: Professional,
    colleague: Professional,
    chapter: Chapter | None,
) -> None:
    patient = given.course.patient
    draw(2)
    back = signed(colleague, pieces="1", why=WHY)
    sent(as_nurse, "ledger.not-given", given.pk, ketalar.pk, **back)
    said = signed(colleague, residue_mg="0", wasted_mg="175")
    sent(as_nurse, "ledger.settle", given.pk, ketalar.pk, **said)
    assert WHY in page(as_nurse, "ledger", ketalar.pk)
    assert Read.objects.latest("pk").patients == [str(patient.pk)]
    assert WHY in printed(as_nurse, "print.ledger", ketalar.pk)
    people.block(patient=patient, staff=nurse, chapter=chapter, by=colleague, at=timezone.now())
    assert WHY not in page(as_nurse, "ledger", ketalar.pk)
    told = printed(as_nurse, "print.ledger", ketalar.pk)
    assert WHY not in told
    assert "ØKA" not in told
    assert "Ødegård" not in page(as_nurse, "ledger.report")


@pytest.mark.parametrize("month", ["9999-12", "0001-01"])
def test_a_month_at_the_end_of_time_is_this_month(
    as_nurse: Client, ketalar: Holding, month: str
) -> None:
    html = page(as_nurse, "ledger.report", query=f"?month={month}").replace("\xa0", "")
    assert "Mottatt 2000 mg" in html
