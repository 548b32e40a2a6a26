"""A session that was charted on paper is typed in with its true times, and says so."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localtime

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.forms.hands import PaperForm
from lysglimt.clinic.chairside.models import (
    ChairEvent,
    DischargeRecord,
    PaperChart,
    PreparationCheck,
    PumpEvent,
    Session,
    StartGateRecord,
    VitalSet,
    Waste,
)
from lysglimt.clinic.people.facts import Contradicted, Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.scheduling.calendar import OSLO
from lysglimt.clinic.treatment.models import SessionGiven
from lysglimt.knowledge.verdict import Standing
from tests.clinic.chairside import typed
from tests.exchange.documents.printed import printed

from .at_the_page import Clock, leaving, send, shown, signed, words
from .tablet import sent

ON_PAPER = {"began": "1250", "ended": "1530", "why": "Nettet var nede; perm 3 på vaktrommet"}


def say_paper(client: Client, session: Session, **more: str) -> None:
    said: typed.Typed = {"entry": typed.entry(), **ON_PAPER, **more}
    send(client, "session.from-paper", session.pk, said)


def clocks(rows: object) -> list[str]:
    return [f"{localtime(row.happened_at):%d %H:%M}" for row in rows.order_by("pk")]  # type: ignore[attr-defined]  # a QuerySet


def test_a_whole_session_on_paper_is_typed_in_the_day_after(
    ordered: object,
    session: Session,
    as_nurse: Client,
    as_doctor: Client,
    nurse: Professional,
    psychiatrist: Professional,
    colleague: Professional,
    clock: Clock,
) -> None:
    """At a quarter past three the next day: most of its times have been on today's clock, too."""
    clock.move(26 * 60 + 15)
    as_nurse.force_login(nurse)
    as_doctor.force_login(psychiatrist)
    say_paper(as_nurse, session)
    type_readings(as_nurse, session, "1252", "1258")
    type_the_pump(as_nurse, session)
    type_readings(as_nurse, session, "1310", "1405", "1420", "1435", "1450")
    made = typed.preparation(colleague.pk, clock="1255")
    send(as_nurse, "order.check", session.orders.get().pk, made)
    wasted = typed.finished(colleague.pk, clock="1352")
    send(as_nurse, "session.finish", session.pk, wasted)
    send(as_nurse, "discharge.record", session.pk, typed.going_home())
    record = signed(as_nurse, as_doctor)
    gone = leaving(clock="1500", doctor="nobody", deviation="Starten er ført fra papir")
    send(as_nurse, "session.leave", record.pk, gone)
    assert clocks(VitalSet.objects) == [
        *("02 12:52", "02 12:58", "02 13:10", "02 14:05", "02 14:20", "02 14:35", "02 14:50"),
    ]
    assert clocks(PumpEvent.objects) == ["02 13:05", "02 13:15", "02 13:20", "02 13:50"]
    assert clocks(ChairEvent.objects) == ["02 13:22"]
    assert clocks(Waste.objects) == ["02 13:52"]
    left = DischargeRecord.objects.in_force().get().left_at
    assert f"{localtime(left):%d %H:%M}" == "02 15:00"
    given = SessionGiven.objects.get()
    assert given.delivered_mg == 40
    assert given.stopped_at - given.started_at == timedelta(minutes=45)
    page = shown(as_nurse, session)
    assert page.count(f"fra papir, skrevet inn av {nurse}") == 7 + 4 + 1
    text = printed(as_nurse, "print.session", session.pk)
    assert "fra 02.03.2026 12:50 til 02.03.2026 15:30: Nettet var nede" in text
    assert f"fra papir, skrevet inn av {nurse}" in text


def type_readings(client: Client, session: Session, *times: str) -> None:
    for at in times:
        send(client, "vitals.record", session.pk, typed.vitals(clock=at))


def type_the_pump(client: Client, session: Session) -> None:
    """The start was let through on paper, which the start check here does not know."""
    on_paper = {
        "clock": "1305",
        "rate_ml_h": "60",
        "happened_because": "Startkontroll på papir",
    }
    for act, said in (
        ("start", on_paper),
        ("pause", {"clock": "1315", "pause_reason": "toilet"}),
        ("resume", {"clock": "1320", "rate_ml_h": "60"}),
        ("stop", {"clock": "1350"}),
    ):
        send(client, "pump.record", session.pk, typed.pump(act, **said))
    drug = typed.tile("drug_given", amount="ondansetron 4 mg iv", clock="1322")
    send(client, "event.record", session.pk, drug)


def test_what_is_charted_live_before_and_beside_the_paper_is_not_from_paper(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    """The network came back while the patient was here: both are charted at once."""
    send(as_nurse, "vitals.record", running.pk, typed.vitals())
    clock.move(20)
    say_paper(as_nurse, running, began="1310", ended="1332")
    send(as_nurse, "vitals.record", running.pk, typed.vitals(clock="1328"))
    clock.move(5)
    send(as_nurse, "vitals.record", running.pk, typed.vitals())
    assert clocks(VitalSet.objects)[2:] == ["02 13:13", "02 13:28", "02 13:38"]
    assert shown(as_nurse, running).count("fra papir, skrevet inn av") == 1


def test_the_page_of_an_earlier_day_says_to_tell_of_paper_first(
    running: Session, as_nurse: Client, nurse: Professional, clock: Clock
) -> None:
    assert "Ble den ført på papir?" not in shown(as_nurse, running)
    clock.move(24 * 60)
    as_nurse.force_login(nurse)
    assert "Økten er fra 02.03.2026. Ble den ført på papir?" in shown(as_nurse, running)
    say_paper(as_nurse, running)
    page = shown(as_nurse, running)
    assert "Ble den ført på papir?" not in page
    assert "Økten ble ført på papir 02.03.2026 fra kl. 12:50 til kl. 15:30." in page


@pytest.mark.parametrize(
    ("times", "why"),
    [
        pytest.param({"ended": "1400"}, "ikke senere enn nå", id="still to come"),
        pytest.param({"began": "", "ended": "1300"}, "", id="no beginning"),
        pytest.param({"why": "nei"}, "", id="no reason in words"),
    ],
)
def test_paper_without_times_or_reason_is_refused(
    running: Session, as_nurse: Client, times: dict[str, str], why: str
) -> None:
    said = {"entry": typed.entry(), **ON_PAPER, **times}
    answer = as_nurse.post(reverse("session.from-paper", args=[running.pk]), said)
    assert answer.status_code == 422
    assert why in words(answer)  # type: ignore[arg-type]  # Django's test client
    assert not PaperChart.objects.exists()


def test_said_anew_the_times_are_corrected_and_what_was_said_stays(
    running: Session, as_nurse: Client, nurse: Professional, clock: Clock
) -> None:
    clock.move(3 * 60)
    say_paper(as_nurse, running)
    address = reverse("session.from-paper", args=[running.pk])
    chart = PaperChart.objects.get()
    page = f"{address}?of={chart.entry}"
    assert 'value="15:30"' in as_nurse.get(page).content.decode()
    longer = {"ended": "1545", "why": "Papiret ble brukt lenger", "seen": "1"}
    for _ in range(2):
        said = {"entry": typed.entry(), **ON_PAPER, **longer}
        assert as_nurse.post(page, said).status_code == 302
    first, second = PaperChart.objects.order_by("pk")
    assert (first.entry, second.revision) == (second.entry, 2)
    assert f"{localtime(second.until):%H:%M}" == "15:45"
    of_another = {"entry": typed.entry(), **ON_PAPER, "ended": "1550", "seen": "1"}
    refused = as_nurse.post(page, of_another)
    assert "endret disse tidene" in words(refused)  # type: ignore[arg-type]  # Django's test client
    with pytest.raises(Contradicted):
        actions.say_paper(
            session=running,
            papered=actions.Papered(
                began=first.happened_at, ended=first.until, why="Noe annet"
            ),
            entered=Entered(happened_at=clock.at, entered_at=clock.at, entry=first.entry),
            by=nurse,
            at=clock.at,
        )


def test_past_midnight_it_ends_the_day_after(
    running: Session, as_nurse: Client, nurse: Professional, clock: Clock
) -> None:
    clock.move(24 * 60)
    as_nurse.force_login(nurse)
    say_paper(as_nurse, running, began="2200", ended="0100")
    send(as_nurse, "vitals.record", running.pk, typed.vitals(clock="0030"))
    assert clocks(VitalSet.objects)[-1] == "03 00:30"


def day_after(client: Client, nurse: Professional, clock: Clock) -> None:
    """At a quarter past three, as above."""
    clock.move(26 * 60 + 15)
    client.force_login(nurse)


def test_what_the_page_sends_without_waiting_has_its_time_from_the_paper_too(
    ordered: object, session: Session, as_nurse: Client, nurse: Professional, clock: Clock
) -> None:
    """The page sends readings and events as a tablet does."""
    day_after(as_nurse, nurse, clock)
    say_paper(as_nurse, session)
    # The helper sends what was typed ten minutes ago.
    clock.move(11)
    assert sent(session, as_nurse, typed.vitals(clock="1325")).status_code == 200
    # On the clock of who types it it is still to come.
    assert sent(session, as_nurse, typed.vitals(clock="1529")).status_code == 200
    drug = typed.tile("drug_given", amount="labetalol 10 mg iv", clock="1322")
    assert sent(session, as_nurse, drug, what="event").status_code == 200
    assert clocks(VitalSet.objects) == ["02 13:25", "02 15:29"]
    assert clocks(ChairEvent.objects) == ["02 13:22"]
    page = shown(as_nurse, session)
    assert page.count("fra papir, skrevet inn av") == 3
    # By its clock alone it would be read as entered on the second.
    assert len(re.findall(r"ført 03\.03\.2026 kl\. 15:\d\d", page)) == 3


def test_in_a_session_of_another_day_nothing_happens_now(
    running: Session, as_nurse: Client, nurse: Professional, clock: Clock
) -> None:
    """A time is typed, and one off the paper has its day."""
    day_after(as_nurse, nurse, clock)
    say_paper(as_nurse, running)
    page = as_nurse.get(reverse("session", args=[running.pk])).content.decode()
    assert 'type="radio" name="ago"' not in page
    for form, name in (
        (typed.vitals(), "vitals.record"),
        (typed.tile("vomited"), "event.record"),
        (typed.pump("stop"), "pump.record"),
        ({"at_once": f"stop {typed.entry()}"}, "pump.record"),
    ):
        refused = as_nurse.post(reverse(name, args=[running.pk]), form)
        assert refused.status_code == 422, name
        assert "Økten er fra 02.03.2026. Skriv klokkeslettet" in words(refused)  # type: ignore[arg-type]  # Django's test client
    off = as_nurse.post(reverse("vitals.record", args=[running.pk]), typed.vitals(clock="1600"))
    assert "16:00 er ikke innenfor det som var på papir" in words(off)  # type: ignore[arg-type]  # likewise
    chosen = typed.vitals(clock="1600", day="2026-03-02")
    send(as_nurse, "vitals.record", running.pk, chosen)
    assert clocks(VitalSet.objects)[-1] == "02 16:00"


@pytest.mark.parametrize(
    ("clock_typed", "stands"),
    [
        pytest.param("1405", "02 14:05", id="with its time"),
        pytest.param("", "03", id="a doctor is called at once, without one too"),
    ],
)
def test_intent_from_paper_is_told_at_once_and_stands_at_its_time(
    running: Session,
    as_nurse: Client,
    nurse: Professional,
    clock: Clock,
    clock_typed: str,
    stands: str,
) -> None:
    day_after(as_nurse, nurse, clock)
    say_paper(as_nurse, running)
    told = {"intent_said": typed.entry(), "clock": clock_typed}
    page = as_nurse.post(reverse("event.record", args=[running.pk]), told, follow=True)
    [told_at] = clocks(ChairEvent.objects)
    assert told_at.startswith(stands)
    asks = "Var det en annen dag?" in words(page)  # type: ignore[arg-type]  # Django's test client
    assert asks is not clock_typed.isdigit()


def test_the_fast_of_a_start_check_from_paper_is_counted_to_the_check(
    ordered: object, session: Session, as_nurse: Client, nurse: Professional, clock: Clock
) -> None:
    """Ate at ten, checked at one on paper: three hours, and not twenty-nine."""
    day_after(as_nurse, nurse, clock)
    say_paper(as_nurse, session)
    said = typed.gate(clock="1257", last_solids="1000", last_fluids="1155")
    send(as_nurse, "session.gate", session.pk, said)
    gate = StartGateRecord.objects.get()
    assert clocks(StartGateRecord.objects) == ["02 12:57"]
    stood = {one["criterion"]: one["standing"] for one in gate.findings}
    assert stood["gate:solids"] > Standing.CAUTION


def test_a_reading_on_the_wrong_day_is_put_where_it_was_with_a_reason(
    running: Session, as_nurse: Client, nurse: Professional, clock: Clock
) -> None:
    """Red too: it stays red, and a nurse may say when it was."""
    day_after(as_nurse, nurse, clock)
    red = typed.vitals("202/110", clock="1430", day="2026-03-03", confirmed="systolic=202")
    send(as_nurse, "vitals.record", running.pk, red)
    wrong = VitalSet.objects.order_by("pk").last()
    assert wrong is not None
    said = red | {"day": "2026-03-02", "reason": "Gjaldt dagen før"}
    ahead = said | {"day": "2026-03-03", "clock": "1616"}
    refused = as_nurse.post(reverse("vitals.correct", args=[wrong.pk]), ahead)
    assert "16:16 er ennå ikke" in words(refused)  # type: ignore[arg-type]  # Django's test client
    send(as_nurse, "vitals.correct", wrong.pk, said)
    assert clocks(VitalSet.objects)[-2:] == ["03 14:30", "02 14:30"]


def test_a_drug_given_has_a_time_on_the_page(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    """What is posted is what the page offers, and no more."""
    page = as_nurse.get(reverse("session", args=[running.pk])).content.decode()
    form = page.partition('data-draft="event"')[2].partition("</form>")[0]
    offered = set(re.findall(r'name="(\w+)"', form))
    clock.move(20)
    drug = typed.tile("drug_given", amount="ondansetron 4 mg iv", clock="1307")
    assert drug.keys() <= offered
    send(as_nurse, "event.record", running.pk, drug)
    assert clocks(ChairEvent.objects) == ["02 13:07"]
    nothing = as_nurse.post(
        reverse("event.record", args=[running.pk]), typed.tile("drug_given", clock="1308")
    )
    again = nothing.content.decode().partition('data-draft="event"')[2].partition("</form>")[0]
    assert "error-summary" in again
    assert 'value="1308"' in again


def test_a_second_time_on_paper_leaves_the_first_as_it_was(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(20)
    say_paper(as_nurse, running, began="1310", ended="1322")
    send(as_nurse, "vitals.record", running.pk, typed.vitals(clock="1315"))
    clock.move(8)
    send(as_nurse, "vitals.record", running.pk, typed.vitals("131/81"))
    clock.move(30)
    say_paper(as_nurse, running, began="1340", ended="1400")
    say_paper(as_nurse, running, began="1340", ended="1400")
    send(as_nurse, "vitals.record", running.pk, typed.vitals(clock="1355"))
    assert PaperChart.objects.count() == 2
    page = shown(as_nurse, running)
    assert page.count("fra papir, skrevet inn av") == 2
    assert page.count("Økten ble ført på papir 02.03.2026") == 2


def test_paper_that_begins_past_midnight_is_of_the_night_after(
    running: Session, as_nurse: Client, nurse: Professional, clock: Clock
) -> None:
    """Begun before midnight: the first such time after the start."""
    form = PaperForm(
        {"entry": typed.entry(), **ON_PAPER, "began": "0010", "ended": "0100"},
        day=running.planned_on,
        since=datetime(2026, 3, 2, 23, 50, tzinfo=OSLO),
    )
    assert form.is_valid()
    assert form.papered().began == datetime(2026, 3, 3, 0, 10, tzinfo=OSLO)


def test_what_two_checked_on_paper_is_not_said_to_be_checked_by_who_typed_it(
    ordered: object,
    session: Session,
    as_nurse: Client,
    nurse: Professional,
    colleague: Professional,
    clock: Clock,
) -> None:
    """The syringe was made up on the second, and typed in before the start was."""
    day_after(as_nurse, nurse, clock)
    say_paper(as_nurse, session)
    address = reverse("order.check", args=[session.orders.get().pk])
    untimed = as_nurse.post(address, typed.preparation(colleague.pk))
    assert untimed.status_code == 422
    assert "Skriv klokkeslettet" in words(untimed)  # type: ignore[arg-type]  # Django's test client
    made = typed.preparation(colleague.pk, clock="1255")
    assert as_nurse.post(address, made).status_code == 302
    assert clocks(PreparationCheck.objects) == ["02 12:55"]
    read = f"fra papir, skrevet inn av {nurse} og lest mot papiret av {colleague}"
    assert read in shown(as_nurse, session)
    assert read in printed(as_nurse, "print.session", session.pk)


def test_on_the_day_itself_the_time_on_paper_is_asked_and_not_required(
    ordered: object, session: Session, as_nurse: Client, colleague: Professional, clock: Clock
) -> None:
    clock.move(60)
    say_paper(as_nurse, session, began="1305", ended="1355")
    address = reverse("order.check", args=[session.orders.get().pk])
    assert "hvis det ble gjort på papir" in words(as_nurse.get(address)).lower()  # type: ignore[arg-type]  # likewise
    assert as_nurse.post(address, typed.preparation(colleague.pk)).status_code == 302
    assert f"{nurse_of(as_nurse)}, {colleague}:" in shown(as_nurse, session)


def nurse_of(client: Client) -> Professional:
    return Professional.objects.get(pk=client.session["_auth_user_id"])
