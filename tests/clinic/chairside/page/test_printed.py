"""The record of a session on paper: all that was charted, for whom, by whom, and whether it is signed."""

import re
from dataclasses import fields

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from lysglimt.clinic.audit.models import Read
from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.models import Session, VitalSet
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.exchange.documents.blank_chart import blank_chart
from lysglimt.exchange.documents.chart_rules import asked_before, asked_going_home
from lysglimt.exchange.documents.parts import Document, Part, Piece, pdf, words
from lysglimt.exchange.documents.session_record import session_record
from lysglimt.exchange.documents.whole import Printing
from lysglimt.knowledge.figures import Figure
from lysglimt.knowledge.monitoring.discharge import discharge_rules
from lysglimt.knowledge.monitoring.gate_conditions import gate_rules
from lysglimt.knowledge.monitoring.observation import SessionRoute
from lysglimt.knowledge.protocols.library import latest
from tests.architecture.evidence import ROOT
from tests.clinic.chairside import let_in, nasal, typed
from tests.clinic.conftest import NOON, Staff
from tests.exchange.documents.printed import fetched, pages_of, printed

from .at_the_page import RED, Clock, leaving, send, signed

DOCUMENTS = ROOT / "src/lysglimt/exchange/documents"


@pytest.fixture
def whole(
    running: Session,
    as_nurse: Client,
    as_doctor: Client,
    nurse: Professional,
    colleague: Professional,
    clock: Clock,
) -> Session:
    """A session with a pause, a correction and a drug; signed by both, and the patient has left."""
    clock.move(8)
    send(as_nurse, "vitals.record", running.pk, typed.vitals("152/92"))
    wrong = VitalSet.objects.latest("pk")
    correction = typed.vitals("142/92", reason="Lest feil av", confirmed="")
    send(as_nurse, "vitals.correct", wrong.pk, correction)
    send(as_nurse, "pump.record", running.pk, typed.pump("pause", pause_reason="toilet"))
    clock.move(4)
    send(as_nurse, "pump.record", running.pk, typed.pump("resume", rate_ml_h="60"))
    send(
        as_nurse,
        "event.record",
        running.pk,
        typed.tile("drug_given", amount="ondansetron 4 mg iv"),
    )
    clock.move(33)
    send(as_nurse, "pump.record", running.pk, typed.pump("stop"))
    clock.move(61)
    send(as_nurse, "vitals.record", running.pk, typed.vitals())
    send(as_nurse, "session.finish", running.pk, typed.finished(colleague.pk))
    send(as_nurse, "discharge.record", running.pk, typed.going_home())
    record = signed(as_nurse, as_doctor)
    send(as_nurse, "session.leave", record.pk, leaving())
    return running


def test_the_record_says_what_was_ordered_checked_given_measured_and_signed(
    whole: Session, as_nurse: Client, nurse: Professional, psychiatrist: Professional
) -> None:
    text = printed(as_nurse, "print.session", whole.pk)
    for part in (
        "Vekt 80 kg, veid 02.03.2026",
        "0,5 mg/kg × 80 kg = 40 mg",
        f"Signert {psychiatrist}, 02.03.2026",
        "Ketalar 10 mg/ml",
        "alle punkter: Pasient, Legemiddel",
        f"Ansvarlig lege: {psychiatrist}",
        "gate:identity",
        "pause 0,00 0,00",
        "152/92",
        "rettet: Lest feil av",
        "Legemiddel gitt: ondansetron 4 mg iv",
        "10 mg 02.03.2026",
        "Følge Per 99 99 99 99",
        f"Signert av sykepleier {nurse}, 02.03.2026",
        f"Signert av lege {psychiatrist}, 02.03.2026",
        "Ingenting er tilføyd etter signaturene.",
        "Protokoll Ketamin intravenøst, norsk praksis, versjon 2026.1",
        "regler 2026.1",
        f"av {nurse}",
    ):
        assert part in text, part
    assert "UTKAST" not in text


def test_two_identifiers_stand_on_every_page_and_the_number_is_whole(
    whole: Session, as_nurse: Client
) -> None:
    number = whole.course.patient.card().full_identity_number
    pages = pages_of(fetched(as_nurse, "print.session", whole.pk))
    assert len(pages) > 2
    for page in pages:
        assert "Ødegård, Kari Anne" in page
        assert "Født 14.03.1979" in page
        assert f"{number[:6]} {number[6:]}" in page


def test_each_page_of_what_is_not_signed_says_that_it_is_a_draft_and_why(
    running: Session, as_nurse: Client
) -> None:
    pages = pages_of(fetched(as_nurse, "print.session", running.pk))
    why = "UTKAST, IKKE SIGNERT: økten er ikke over, ingen sykepleiersignatur gjelder"
    assert all(why in page for page in pages)


def test_a_check_that_waits_for_the_other_person_keeps_it_a_draft(
    running: Session, as_nurse: Client
) -> None:
    check = typed.tile("check_pending", comment="Ny sprøyte, Arne")
    send(as_nurse, "event.record", running.pk, check)
    assert "en dobbeltkontroll venter på den andre" in printed(
        as_nurse, "print.session", running.pk
    )


def test_what_is_charted_after_both_have_signed_stands_by_itself(
    whole: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(20)
    late = typed.vitals("124/76", clock="1400", comment="Glemt")
    send(as_nurse, "vitals.record", whole.pk, late)
    text = printed(as_nurse, "print.session", whole.pk)
    added = text.partition("Tilføyd etter signaturene")[2]
    assert "02.03.2026 14:00 Observasjon 124/76" in added
    assert "UTKAST" not in text


def test_a_signature_that_no_longer_holds_is_struck_and_makes_it_a_draft_again(
    whole: Session, as_nurse: Client, clock: Clock
) -> None:
    red = typed.vitals("202/104", clock="1430", **RED)
    send(as_nurse, "vitals.record", whole.pk, red)
    text = printed(as_nurse, "print.session", whole.pk)
    assert "gjelder ikke lenger" in text
    assert "UTKAST, IKKE SIGNERT: ingen sykepleiersignatur gjelder" in text
    assert "Systolisk blodtrykk 202 mmHg (≥ 200)" in text.partition("Regler som slo til")[2]


def test_the_same_state_printed_twice_is_the_same_file_in_both_languages(
    whole: Session, nurse: Professional, clock: Clock
) -> None:
    at = clock.at
    files = []
    for language in ("nb", "en"):
        with translation.override(language):
            twice = [pdf(session_record(whole, Printing(by=nurse, at=at))) for _ in range(2)]
        assert twice[0] == twice[1]
        assert b"pdfuaid" in twice[0]
        files.append(" ".join(pages_of(twice[0])))
    assert "Record of the session" in files[1]
    assert "Infusion, segment" not in files[0]
    assert "The infusion, segment by segment" in files[1]


def test_every_word_of_a_document_is_used_and_says_the_same_in_both_languages() -> None:
    source = "".join(file.read_text("utf-8") for file in DOCUMENTS.glob("*.py"))
    for name, said in words().said.items():
        assert re.search(rf"""["']{name}["']""", source), f"{name} is said nowhere"
        filled = [set(re.findall(r"\{(\w+)\}", one)) for one in (said.nb, said.en)]
        assert filled[0] == filled[1], name
        assert said.nb.strip(), name


def test_what_somebody_typed_is_never_read_as_markup() -> None:
    hostile = '#panic("x") *b* $x$ \\ ] ) <a> @b // {0} `'
    part = Part(heading=hostile, notes=[Piece(hostile)], facts=[(hostile, [Piece(hostile)])])
    made = Document(title=hostile, whom=[hostile], what=hostile, foot=[hostile], parts=[part])
    [page] = pages_of(pdf(made))
    assert page.count('#panic("x") *b*') >= 6


def test_in_journal_mode_nothing_that_is_judged_is_printed(
    running: Session, as_nurse: Client, psychiatrist: Professional, moss: Unit, clock: Clock
) -> None:
    send(as_nurse, "vitals.record", running.pk, typed.vitals("202/104", **RED))
    people.state_purpose(unit=moss, on=False, by=psychiatrist, at=clock.at)
    text = printed(as_nurse, "print.session", running.pk)
    assert "Bare journal" in text
    assert "202/104" in text
    assert "Regler som slo til" not in text
    assert "rødt" not in text
    chart = printed(as_nurse, "print.blank", "iv-ketamine-no")
    assert "Grenser" not in chart
    assert "+5 min" not in chart
    assert "tidligst" not in chart


def test_a_handover_stands_in_the_record_with_what_was_open(
    running: Session,
    as_nurse: Client,
    nurse: Professional,
    colleague: Professional,
    clock: Clock,
) -> None:
    from .test_hand_over import handed  # noqa: PLC0415 - one of its tests would run here, too

    handed(running, nurse, colleague, clock, words="Liker ro")
    text = printed(as_nurse, "print.session", running.pk)
    assert f"fra {nurse} til {colleague}" in text
    assert "Lagt til: Liker ro" in text
    assert "Neste måling er planlagt" in text.partition("Åpent da")[2]


def test_printing_is_a_read_of_its_own_kind(
    running: Session, as_nurse: Client, nurse: Professional
) -> None:
    for name in ("print.session", "print.chart"):
        fetched(as_nurse, name, running.pk)
    rows = Read.objects.filter(category="print")
    assert [row.operation for row in rows] == ["print.session", "print.chart"]
    assert {row.patients[0] for row in rows} == {str(running.course.patient_id)}
    fetched(as_nurse, "print.blank", "iv-ketamine-no")
    assert rows.count() == 2, "a blank chart is about nobody"


@pytest.mark.parametrize(
    ("role", "name", "status"),
    [
        pytest.param(
            Role.PSYCHOLOGIST, "print.session", 200, id="who reads the page prints it"
        ),
        pytest.param(Role.COORDINATOR, "print.session", 403, id="who does not, does not"),
        pytest.param(Role.PSYCHOLOGIST, "print.chart", 403, id="a chart is for who charts"),
    ],
)
def test_who_may_print(
    session: Session, moss: Unit, staff: Staff, role: Role, name: str, status: int
) -> None:
    client = Client()
    client.force_login(staff(moss, role, "somebody"))
    assert client.get(reverse(name, args=[session.pk])).status_code == status


@pytest.mark.parametrize(
    "name", ["print.session", "print.chart", "session.hand-over", "session.from-paper"]
)
def test_of_another_house_nothing_is_printed_or_handed_over(
    session: Session, outsider: Professional, name: str
) -> None:
    client = Client()
    client.force_login(outsider)
    assert client.get(reverse(name, args=[session.pk])).status_code == 404


def test_the_record_of_a_session_that_has_not_begun_is_printed(
    session: Session, as_nurse: Client
) -> None:
    text = printed(as_nurse, "print.session", session.pk)
    assert "Ingen ordinasjon er skrevet." in text
    assert text.count("Ingenting er ført.") >= 3


def test_a_changed_order_stands_struck_beside_the_one_in_force(
    ordered: object, session: Session, as_doctor: Client
) -> None:
    changed = typed.order(weight_kg="82", reason="Veid på nytt")
    send(as_doctor, "order.write", session.pk, changed)
    text = printed(as_doctor, "print.session", session.pk)
    assert "Endret fra en tidligere ordinasjon 40 mg" in text
    assert "Veid på nytt" in text
    assert "Signert ikke signert" in text


def test_a_blank_chart_has_the_planned_times_the_limits_and_no_name(
    as_nurse: Client, course: object
) -> None:
    text = printed(as_nurse, "print.blank", "iv-ketamine-no")
    for part in (
        "Navn: ____", f"Gjelder så lenge protokollen er versjon {latest('iv-ketamine-no').version}", "hvile 1", "hvile 2", "+5 min", "+10 min",
        "+40 min stopp", "+55 min", "+100 min", "hver 30. min til hjemreise",
        "Systolisk blodtrykk mmHg ≥ 140 ≥ 150 fra 65 år ≥ 160 ≥ 160 stigning ≥ 30",
        "≥ 180 to ganger, 5 min mellom", "Brystsmerter", "Identitet bekreftet", "tidligst 60 min etter stopp",
        "Styrke på ampullen", "Egen verdi, ikke fra studie",
    ):  # fmt: skip
        assert part in text, part
    assert "Ødegård" not in text


def test_a_chart_for_a_session_has_its_patient_and_the_order_only_when_it_is_signed(
    session: Session, as_doctor: Client, as_nurse: Client
) -> None:
    unsigned = printed(as_nurse, "print.chart", session.pk)
    assert "Ødegård, Kari Anne" in unsigned
    assert "Ingen signert ordinasjon ved utskrift." in unsigned
    send(as_doctor, "order.write", session.pk, typed.order())
    assert "40 mg" not in printed(as_nurse, "print.chart", session.pk)
    send(as_doctor, "order.sign", session.orders.get().pk, {})
    text = printed(as_nurse, "print.chart", session.pk)
    assert "Signert ordinasjon for denne økten" in text
    assert "Ordinert hastighet 60 ml/t" in text
    assert "Gjelder bare 02.03.2026" in text
    assert "Skrevet ut 02.03.2026" in text


def test_there_is_no_paper_for_what_the_unit_does_not_use(
    as_nurse: Client, course: object
) -> None:
    page = as_nurse.get(reverse("print.charts"))
    assert "Ketamin intravenøst" in page.content.decode()
    for protocol in ("esketamine-adult", "ect", "nonsense", "iv-ketamine-no-2"):
        answer = as_nurse.get(reverse("print.blank", args=[protocol]))
        assert answer.status_code == 404


def test_a_session_by_nose_is_printed_with_its_devices_and_the_form_for_monitoring(
    kari: Patient, as_nurse: Client, nurse: Professional, psychiatrist: Professional,
    colleague: Professional, clock: Clock,
) -> None:  # fmt: skip
    let_in.agree(kari, by=psychiatrist)
    let_in.accept(kari, by=psychiatrist)
    course = nasal.course_of(kari, by=psychiatrist)
    session = actions.open_session(course=course, planned_on=NOON.date(), by=nurse, at=clock.at)
    order = nasal.ordered(session, by=psychiatrist)
    actions.sign_device_order(order=order, by=psychiatrist, at=NOON)
    nasal.check(order, by=nurse, other=colleague)
    nasal.let_through(session, by=psychiatrist)
    chart = printed(as_nurse, "print.chart", session.pk)
    assert "2 sprayenheter" in chart
    assert "= 56 mg" in chart
    assert "Sprayenheter, minst 5 min mellom dem" in chart
    assert "+20 min" in chart
    nasal.give(session, 1, by=nurse)
    nasal.give(session, 7, by=nurse)
    clock.move(30)
    text = printed(as_nurse, "print.session", session.pk)
    for part in (
        "2 lagt fram", "Gitt 56 mg", "Sprayenhet 1 gitt, lot LOT-1", "Sprayenhet 2 gitt",
        "Overvåkingsskjema", "ikke besvart", "fra føringen av økten",
    ):  # fmt: skip
        assert part in text, part
    assert "Infusjonen, del for del" not in text


def test_that_no_two_had_checked_before_the_start_stands_as_a_deviation(
    ordered: object, session: Session, as_nurse: Client, colleague: Professional, clock: Clock
) -> None:
    start = typed.pump("start", rate_ml_h="60", happened_because="Startet for tidlig")
    send(as_nurse, "pump.record", session.pk, start)
    said = printed(as_nurse, "print.session", session.pk)
    assert "Avvik: ingen dobbeltkontroll sto før start, og ingen er ført etterpå" in said
    clock.move(5)
    check = typed.preparation(colleague.pk, clock="1301")
    some = {**check, "lines": ["patient", "drug"]}
    send(as_nurse, "order.check", session.orders.get().pk, some)
    said = printed(as_nurse, "print.session", session.pk)
    assert "Avvik: ingen dobbeltkontroll sto før start. Ført etterpå" in said
    assert "ikke kontrollert: Styrke på ampullen" in said


def test_who_only_reads_is_offered_to_print_and_not_to_hand_over(
    session: Session, moss: Unit, staff: Staff, as_nurse: Client
) -> None:
    client = Client()
    client.force_login(staff(moss, Role.PSYCHOLOGIST, "somebody"))
    for reader, offered in ((client, 0), (as_nurse, 1)):
        page = reader.get(reverse("session", args=[session.pk])).content.decode()
        assert page.count(reverse("session.hand-over", args=[session.pk])) == offered
        assert page.count(reverse("print.session", args=[session.pk])) == 1


def test_a_protocol_without_its_time_has_no_chart(nurse: Professional, clock: Clock) -> None:
    for protocol in ("ect", "kads-sc"):
        assert blank_chart(latest(protocol), Printing(by=nurse, at=clock.at)) is None


@pytest.mark.parametrize("route", [pytest.param(one, id=one.value) for one in SessionRoute])
def test_the_paper_asks_all_that_the_start_check_and_the_checklist_can_find(
    route: SessionRoute,
) -> None:
    """But for what is of this patient's order, and what only the record can tell."""
    asked = {one.criterion for one, _ in asked_before(route, judged=True)}
    conditions = {
        f"gate:{one.id}"
        for one in gate_rules().conditions
        if not one.routes or route in one.routes
    }
    told_by_the_record = {"gate:no_doctor_now", "gate:may_be_treated"}
    assert conditions - asked == told_by_the_record
    reckoned = {
        "gate:readings",
        "gate:solids",
        "gate:fluids",
        "gate:pregnancy",
        "gate:staffing",
    }
    assert reckoned <= asked
    home = asked_going_home(route, judged=True)
    assert {one.criterion for one in home} == {f"DC-{n}" for n in range(2, 10)}
    said = " | ".join(one.reason.nb for one in home)
    rules = discharge_rules()
    assert "høyst 3 av 10" in said
    with_bleeding = {"padss"}
    for name, figure in (*figures(rules.scores), *figures(rules.vitals)):
        assert str(figure.value) in said or name in with_bleeding, name
    answered = asked_going_home(route, judged=False)
    assert {one.criterion for one in answered}.isdisjoint({"DC-2", "DC-3", "DC-6"})


def figures(rules: object) -> list[tuple[str, Figure[object]]]:
    return [(one.name, getattr(rules, one.name)) for one in fields(rules)]  # type: ignore[arg-type]  # each is a dataclass


def test_the_paper_says_when_to_resume_what_to_give_and_what_to_go_home_on(
    as_nurse: Client, course: object
) -> None:
    text = printed(as_nurse, "print.blank", "iv-ketamine-no")
    for part in (
        "Systolisk blodtrykk under 160 mmHg", "innen 20 % av utgangsverdien", "Aldrete minst 9",
        "2 grønne målinger, minst 5 min mellom dem, høyst 50 %", "høyst 2 ganger",
        "slutt innen 120 min", "snitt av hvilemålingene", "Ingen mat siste 4 t", "labetalol",
        "test høyst 7 dager gammel", "test høyst 28 dager gammel (før senere økter)", "Én sykepleier til én pasient",
    ):  # fmt: skip
        assert part in text, part
    assert "Ingen åpen oppgave" not in text


@pytest.mark.parametrize(
    "typed_there",
    [
        pytest.param("ondansetron 4 mg 👍🏽", id="an emoji"),
        pytest.param("ondansetron, 王小明", id="a name in Chinese"),
    ],
)
def test_a_sign_that_cannot_be_printed_keeps_no_record_from_paper(
    running: Session, as_nurse: Client, typed_there: str
) -> None:
    send(as_nurse, "event.record", running.pk, typed.tile("drug_given", amount=typed_there))
    text = printed(as_nurse, "print.session", running.pk)
    assert "ondansetron" in text
    assert "□ står for et tegn som ikke kan skrives ut" in text


def document_of(said: str) -> Document:
    return Document(
        title="x",
        whom=[f"N {said}"],
        what="",
        foot=[],
        parts=[Part(heading="y", facts=[("z", [Piece(said)])])],
    )


@settings(max_examples=20, deadline=None)
@given(said=st.text(max_size=40))
def test_whatever_was_typed_is_printed(said: str) -> None:
    assert pdf(document_of(said)).startswith(b"%PDF")
