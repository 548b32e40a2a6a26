"""The page of a session by nose, from the order until the patient has left."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.charted import session_picture
from lysglimt.clinic.chairside.concentration import beyond, concentration
from lysglimt.clinic.chairside.models import (
    DeviceOrder,
    DeviceUse,
    DischargeRecord,
    MonitoringForm,
    Session,
)
from lysglimt.clinic.chairside.sheet import sheet_of
from lysglimt.clinic.design.charts import Scene
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.treatment.models import Course, SessionGiven
from lysglimt.knowledge.dosing.devices import DEVICE_CHECK
from lysglimt.science.kinetics.giving import sprays
from lysglimt.science.kinetics.model import Route, default_for
from tests.clinic.chairside import nasal, typed
from tests.clinic.kept import kept

from .at_the_page import Clock, leaving, send, shown, signed, steps, words

pytestmark = pytest.mark.django_db
MOST_QUERIES = 10
"""Who asks, and the log of reads, among them."""


@pytest.fixture
@kept
def course(kari: Patient, psychiatrist: Professional) -> Course:
    return nasal.course_of(kari, by=psychiatrist)


def device_order(devices: str = "2", **more: str) -> typed.Typed:
    return {"entry": typed.entry(), "devices": devices, **more}


def device(**more: str) -> typed.Typed:
    return {
        "entry": typed.entry(),
        "act": "given",
        "ago": "0",
        "lot": "LOT-1",
        "expires_on": "08.2027",
        "nostrils": "yes",
        **more,
    }


@pytest.fixture
@kept
def ordered(session: Session, as_doctor: Client) -> DeviceOrder:
    send(as_doctor, "devices.order", session.pk, device_order())
    order = DeviceOrder.objects.get()
    send(as_doctor, "devices.sign", order.pk, {})
    return order


@pytest.fixture
@kept
def prepared(
    ordered: DeviceOrder,
    as_nurse: Client,
    colleague: Professional,
    session: Session,
    clock: Clock,
) -> Session:
    laid: Any = {"entry": typed.entry(), "laid_out": "2", "lines": list(DEVICE_CHECK)}
    send(as_nurse, "devices.check", ordered.pk, laid | {"checked_by": str(colleague.pk)})
    for _ in range(2):
        clock.move(6)
        send(as_nurse, "vitals.record", session.pk, typed.vitals())
    send(as_nurse, "session.gate", session.pk, typed.gate())
    return session


@pytest.fixture
@kept
def begun(prepared: Session, as_nurse: Client) -> Session:
    send(as_nurse, "devices.record", prepared.pk, device())
    return prepared


@pytest.fixture
@kept
def observed(begun: Session, as_nurse: Client, clock: Clock) -> Session:
    """Both given, and measured at 40 minutes."""
    clock.move(6)
    send(as_nurse, "devices.record", begun.pk, device(lot="LOT-2"))
    clock.move(34)
    send(as_nurse, "vitals.record", begun.pk, typed.vitals("138/84"))
    return begun


def queries(client: Client, session: Session) -> list[str]:
    """After a first look: what is kept between requests is kept."""
    address = reverse("session", args=[session.pk])
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(address)
    return [one["sql"] for one in asked.captured_queries]


def test_the_patient_comes_and_the_card_is_read_before_a_number_is_chosen(
    session: Session, as_doctor: Client
) -> None:
    page = as_doctor.get(reverse("devices.order", args=[session.pk]))
    told = words(page)  # type: ignore[arg-type]  # Django's test client
    assert "under 65 år" in told
    assert "ingenting, dette er første økt" in told
    assert "56 mg Kilde: " in told
    assert "3 sprayenheter à 28 mg = 84 mg – ikke tillatt etter preparatomtalen i dag" in told
    assert 'value="2" checked' not in page.content.decode()
    refused = as_doctor.post(reverse("devices.order", args=[session.pk]), device_order("3"))
    assert refused.status_code == 422
    assert not DeviceOrder.objects.exists()


def test_a_pump_order_is_not_written_by_nose(session: Session, as_doctor: Client) -> None:
    answer = as_doctor.get(reverse("order.write", args=[session.pk]))
    assert answer.headers["Location"] == reverse("devices.order", args=[session.pk])


def test_what_is_missing_stands_before_the_first_device(
    session: Session, as_nurse: Client
) -> None:
    told = shown(as_nurse, session)
    assert "Før første sprayenhet mangler: legens ordinasjon" in told
    refused = as_nurse.post(reverse("devices.record", args=[session.pk]), device())
    assert refused.status_code == 422
    assert not DeviceUse.objects.exists()


def test_a_miscount_of_the_tray_is_refused_before_the_password(
    ordered: DeviceOrder, as_nurse: Client, colleague: Professional
) -> None:
    laid: Any = {"entry": typed.entry(), "laid_out": "3", "lines": list(DEVICE_CHECK)}
    answer = as_nurse.post(
        reverse("devices.check", args=[ordered.pk]), laid | {"checked_by": str(colleague.pk)}
    )
    assert answer.status_code == 422
    assert "3 lagt fram, 2 skal gis" in words(answer)  # type: ignore[arg-type]  # as above


def test_the_next_device_waits_and_says_how_long(
    begun: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(2)
    told = shown(as_nurse, begun)
    assert "Nå: Sprayenheter 1 av 2 sprayenheter gitt, 28 mg" in told
    assert "Før sprayenhet 2 av 2 som gitt" in told
    assert "til neste sprayenhet, tidligst kl. 13:18" in told
    answer = as_nurse.post(reverse("devices.record", args=[begun.pk]), device(lot="LOT-2"))
    assert answer.status_code == 422
    refused = words(answer)  # type: ignore[arg-type]  # as above
    assert "Det skal gå 5 min mellom sprayenhetene; 3 min gjenstår" in refused
    assert "LOT-2" in answer.content.decode(), "nothing typed is lost"
    because = {"because": "Gitt for tidlig ved en misforståelse"}
    send(as_nurse, "devices.record", begun.pk, device(lot="LOT-2", **because))
    assert "til tross for: mindre enn fem minutter etter den forrige" in shown(as_nurse, begun)


def test_an_older_page_does_not_make_one_device_two(
    begun: Session, as_nurse: Client, clock: Clock
) -> None:
    """Two nurses had the page before the first device, and each records it."""
    clock.move(9)
    answer = as_nurse.post(reverse("devices.record", args=[begun.pk]), device(number="1"))
    assert answer.status_code == 422
    told = words(answer)  # type: ignore[arg-type]  # as above
    assert "siden denne siden ble lest: 1 gitt til nå" in told
    assert DeviceUse.objects.count() == 1
    assert 'name="number" value="2"' in answer.content.decode()
    send(as_nurse, "devices.record", begun.pk, device(number="2"))
    assert DeviceUse.objects.count() == 2


def test_nothing_of_a_package_is_filled_in_beforehand(begun: Session, as_nurse: Client) -> None:
    page = as_nurse.get(reverse("session", args=[begun.pk])).content.decode()
    form = page[page.index('id="device_lot"') - 200 :][:1500]
    assert "LOT-1" not in form
    assert 'name="nostrils" value="yes" checked' not in page


def test_a_scanned_package_gives_lot_and_expiry(prepared: Session, as_nurse: Client) -> None:
    scanned = device(lot="010123456789012817270800\u00e6".replace("\u00e6", "10ABC12"))
    scanned["expires_on"] = ""
    send(as_nurse, "devices.record", prepared.pk, scanned)
    row = DeviceUse.objects.get()
    assert (row.lot, str(row.expires_on)) == ("ABC12", "2027-08-31")


def test_a_package_that_is_gone_is_said_to_be_unknown(
    prepared: Session, as_nurse: Client
) -> None:
    gone = device(lot="", expires_on="")
    answer = as_nurse.post(reverse("devices.record", args=[prepared.pk]), gone)
    assert answer.status_code == 422
    send(as_nurse, "devices.record", prepared.pk, gone | {"package_unknown": "on"})
    assert "lotnummer og utløpsdato er ikke kjent" in shown(as_nurse, prepared)


def test_a_red_reading_holds_the_next_device(
    begun: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(4)
    red = typed.vitals("205/100", confirmed="systolic=205")
    send(as_nurse, "vitals.record", begun.pk, red)
    assert "Stans: gi ingen sprayenhet nå" in shown(as_nurse, begun)


def test_the_phases_of_a_whole_session(
    observed: Session, as_nurse: Client, as_doctor: Client, clock: Clock
) -> None:
    assert steps(as_nurse, observed)[1] == "Utført: Sprayenheter 13:19"
    told = shown(as_nurse, observed)
    assert "2 sprayenheter à 28 mg = 56 mg" in told
    send(as_nurse, "session.finish", observed.pk, {"ended_early": ""})
    given = SessionGiven.objects.get()
    assert [given.prescribed_mg, given.delivered_mg] == [56, 56]
    clock.move(25)
    send(as_nurse, "vitals.record", observed.pk, typed.vitals())
    send(as_nurse, "discharge.record", observed.pk, typed.going_home())
    told = shown(as_nurse, observed)
    assert "Klar uten totimersregelen kl." in told
    record = signed(as_nurse, as_doctor)
    early = as_nurse.post(reverse("session.leave", args=[record.pk]), leaving())
    assert early.status_code == 422, "the two hours are not over"
    clock.move(56)
    send(as_nurse, "vitals.record", observed.pk, typed.vitals())
    send(as_nurse, "session.leave", record.pk, leaving())
    assert DischargeRecord.objects.in_force().get().left_at
    assert "Dro etter 12" in shown(as_nurse, observed)


def test_the_form_lists_what_is_missing_and_not_asked_is_an_answer(
    observed: Session, as_nurse: Client
) -> None:
    address = reverse("monitoring.form", args=[observed.pk])
    page = words(as_nurse.get(address))  # type: ignore[arg-type]  # as above
    assert "138/84 mmHg" in page
    assert "56 mg, 2 sprayenheter: LOT-1, LOT-2" in page
    assert "Tar pasienten benzodiazepin?" in shown(as_nurse, observed)
    said: Any = {
        "benzodiazepine": "not_asked",
        "sedation": "yes",
        "sedation.onset": "10",
        "sedation.over": "50",
        "setting_address.not_asked": "on",
    }
    send(as_nurse, "monitoring.form", observed.pk, {"entry": typed.entry(), **said})
    form = MonitoringForm.objects.get()
    assert form.answers["sedation"] == {"said": "yes", "onset": 10, "over": 50}
    assert "hypnotic" not in form.answers
    told = words(as_nurse.get(address))  # type: ignore[arg-type]  # as above
    assert "ja, fra 10 min til 50 min" in told
    assert "Hvorfor endres det?" in told
    more = {"seen": "1", "maoi": "no", "reason": "Spurt nå"}
    changed = {"entry": typed.entry(), **said, **more}
    send(as_nurse, "monitoring.form", observed.pk, changed)
    assert MonitoringForm.objects.in_force().get().answers["maoi"] == {"said": "no"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        pytest.param(
            {"sedation": "no", "sedation.onset": "5"}, "sedation", id="a no with more told"
        ),
        pytest.param(
            {"sedation": "yes", "sedation.onset": "9", "sedation.over": "5"},
            "sedation.over",
            id="over before it began",
        ),
        pytest.param(
            {"serious_event": "yes"}, "serious_event.story", id="no story of an event"
        ),
        pytest.param(
            {"setting_address": "Moss", "setting_address.not_asked": "on"},
            "setting_address",
            id="answered and not asked",
        ),
    ],
)
def test_the_form_refuses_what_contradicts_itself(
    observed: Session, as_nurse: Client, wrong: dict[str, str], field: str
) -> None:
    address = reverse("monitoring.form", args=[observed.pk])
    answer = as_nurse.post(address, {"entry": typed.entry(), **wrong})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not MonitoringForm.objects.exists()


def test_a_struck_device_leaves_the_count(observed: Session, as_nurse: Client) -> None:
    second = DeviceUse.objects.get(lot="LOT-2")
    send(as_nurse, "devices.strike", second.pk, {"reason": "Ført på feil pasient"})
    told = shown(as_nurse, observed)
    assert "1 av 2 sprayenheter gitt, 28 mg" in told
    assert "Ført på feil pasient" in told


def test_ended_early_it_says_why_once(
    begun: Session, as_nurse: Client, colleague: Professional, clock: Clock
) -> None:
    clock.move(6)
    ended: Any = {"entry": typed.entry(), "act": "ended", "ago": "0"}
    refused = as_nurse.post(reverse("devices.record", args=[begun.pk]), ended)
    assert refused.status_code == 422
    why = "Kvalm, ønsker ikke flere"
    send(as_nurse, "devices.record", begun.pk, ended | {"because": why})
    assert steps(as_nurse, begun)[1].endswith("1 av 2 sprayenheter gitt, 28 mg")
    page = as_nurse.get(reverse("session.finish", args=[begun.pk])).content.decode()
    assert why in page
    said: Any = {"ended_early": why, "checked_by": str(colleague.pk), "returned": "1"}
    send(as_nurse, "session.finish", begun.pk, said)
    assert SessionGiven.objects.get().delivered_mg == 28


@pytest.mark.parametrize("phase", ["session", "prepared", "begun", "observed"])
def test_the_page_asks_the_database_few_questions(
    phase: str, request: pytest.FixtureRequest, as_nurse: Client
) -> None:
    found = queries(as_nurse, request.getfixturevalue(phase))
    assert len(found) <= MOST_QUERIES, "\n".join(found)


def predicted(session: Session) -> Scene | None:
    sheet = sheet_of(session, now=timezone.now())
    with override("en"):
        return concentration(sheet, session_picture(sheet, judged=True))


def test_the_predicted_level_of_the_spray_is_off_until_a_doctor_turns_it_on(
    begun: Session, as_nurse: Client, psychiatrist: Professional, clock: Clock
) -> None:
    clock.move(20)
    never = "Populasjonsmodell, ikke en måling, aldri en dose."
    assert never not in shown(as_nurse, begun)
    actions.set_concentration(on=True, by=psychiatrist, at=timezone.now())
    told = shown(as_nurse, begun)
    assert never in told
    assert "Beregnet esketamin (ng/ml)" in told
    assert "Esketamin nesespray (Perez-Ruixo 2021)" in told
    assert "Etnisk bakgrunn registreres ikke" in told
    assert len(queries(as_nurse, begun)) <= MOST_QUERIES


def test_each_device_given_raises_it_and_one_that_is_lost_does_not(
    begun: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(6)
    one = predicted(begun)
    assert one is not None
    assert one.rows[-1][1] == "28.0"
    send(as_nurse, "devices.record", begun.pk, device(act="lost", because="Falt i gulvet"))
    lost = predicted(begun)
    assert lost is not None
    assert lost.rows == one.rows
    given = device(lot="LOT-2", because="To så på den før den ble gitt")
    send(as_nurse, "devices.record", begun.pk, given)
    clock.move(34)
    both = predicted(begun)
    assert both is not None
    assert both.rows[-1][1] == "56.0"
    low, _, high = both.rows[-1][3].partition("–")
    assert int(low) < int(both.rows[-1][2]) < int(high)
    assert int(both.rows[-1][2]) > int(one.rows[-1][2])
    assert not both.boxes


def test_more_devices_than_the_model_was_made_of_draw_nothing() -> None:
    model = default_for(Route.INTRANASAL)
    assert not beyond(model, sprays(112, 4, 5))
    assert beyond(model, sprays(140, 5, 5))
