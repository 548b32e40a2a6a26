"""A session that was charted on paper is typed in with its true times, and says so."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localtime

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.models import (
    ChairEvent,
    DischargeRecord,
    PaperChart,
    PumpEvent,
    Session,
    VitalSet,
    Waste,
)
from lysglimt.clinic.people.facts import Contradicted, Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.treatment.models import SessionGiven
from tests.clinic.chairside import typed
from tests.exchange.documents.printed import printed

from .at_the_page import Clock, leaving, send, shown, signed, words

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
    say_paper(as_nurse, running, ended="1545", why="Papiret ble brukt lenger")
    first, second = PaperChart.objects.order_by("pk")
    assert (first.entry, second.revision) == (second.entry, 2)
    assert f"{localtime(second.until):%H:%M}" == "15:45"
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
