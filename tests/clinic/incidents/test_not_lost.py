"""What several hands do to one incident: nothing is lost, doubled or overwritten unseen."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside.models import ChairEventKind, Session
from lysglimt.clinic.incidents import actions
from lysglimt.clinic.incidents.actions import About, Said
from lysglimt.clinic.incidents.duties import open_in
from lysglimt.clinic.incidents.models import DutyAnswer, Incident, IncidentClosing
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.knowledge.safety.reporting import IncidentKind
from tests.clinic.conftest import NOON

from .conftest import KNOWN, Enter, entered, page, sent, written
from .test_incidents import ANSWERS, SERIOUS, Tap, duties_of, vars_of

DAY = timedelta(days=1)


def corrected(row: Incident, by: Professional, at: Any, **said: Any) -> Incident:
    return actions.correct(
        incident=row,
        said=Said(**vars_of(row) | said),
        happened_at=row.happened_at,
        by=by,
        at=at,
        reason="Nye opplysninger",
    )


def test_a_closed_incident_that_turns_out_serious_is_open_again(
    as_doctor: Client, as_lead: Client, enter: Enter, nurse: Professional
) -> None:
    row = enter()
    actions.close(incident=row, words="Ingenting mer å gjøre.", by=nurse, at=NOON + DAY)
    assert "Ingen er åpen" in page(as_doctor, "incidents")
    row = corrected(
        row, nurse, NOON + 2 * DAY, serious="yes", criteria=["hospitalisation"], expected="no"
    )
    assert duties_of(row)["adverse-reaction"] == "open"
    listed = page(as_doctor, "incidents")
    assert "Melding om alvorlig eller uventet bivirkning" in listed
    assert "Ingen er åpen" not in listed
    assert "1 hendelse er ikke avsluttet" in page(as_lead, "today")
    for duty in duties_of(row):
        said: dict[str, Any] = {"state": "sent", "done_at": written(NOON + 2 * DAY)}
        sent(as_doctor, "duty.answer", row.pk, duty, **said)
    sent(as_doctor, "incident.close", row.pk, words="Meldt, og rutinen er endret.")
    assert IncidentClosing.objects.in_force().get().words == "Meldt, og rutinen er endret."
    assert "Ingen er åpen" in page(as_doctor, "incidents")


def test_a_correction_that_asks_for_nothing_more_leaves_it_closed(
    enter: Enter, nurse: Professional
) -> None:
    row = enter()
    actions.close(incident=row, words="Ingenting mer å gjøre.", by=nurse, at=NOON + DAY)
    corrected(row, nurse, NOON + 2 * DAY, words="Kastet opp tre ganger.")
    assert not Incident.objects.unclosed().exists()


def test_a_correction_of_what_another_has_corrected_since_is_refused(
    as_nurse: Client, enter: Enter, psychiatrist: Professional
) -> None:
    row = enter()
    newest = corrected(row, psychiatrist, NOON + DAY, grade="3")
    stale = ANSWERS | {"grade": "1", "reason": "Det var ikke så ille", "entry": uuid4()}
    reply = as_nurse.post(reverse("incident.correct", args=[row.pk]), stale)
    assert reply.status_code == 409
    assert Incident.objects.in_force().get().grade == "3"
    shown = as_nurse.get(reverse("incident.correct", args=[row.pk]))
    assert shown["Location"] == reverse("incident.correct", args=[newest.pk])
    reply = as_nurse.post(
        reverse("incident.strike", args=[row.pk]), {"reason": "Feil pasient ble valgt"}
    )
    assert reply.status_code == 409
    assert Incident.objects.in_force().exists()


@pytest.mark.usefixtures("kari")
def test_reports_that_are_late_stand_before_the_leader_on_the_page_of_the_day(
    as_lead: Client,
    as_nurse: Client,
    enter: Enter,
    nurse: Professional,
    django_assert_max_num_queries: Any,
) -> None:
    now = timezone.now()
    enter(at=now - 30 * DAY, serious="yes", criteria=["life-threatening"], expected="no")
    answered = enter(at=now - 30 * DAY, serious="yes", criteria=["death"], unnatural="no")
    enter(at=now, serious="yes", criteria=["life-threatening"], expected="no")
    open_now = open_in(Incident.objects.unclosed(), unit=nurse.unit_id)
    late = [one for one in open_now if one.late(now)]
    assert len(late) > 1
    with django_assert_max_num_queries(10):
        shown = as_lead.get(reverse("today"))
    assert shown.context["reports_late"] == len(late)
    assert f"{len(late)} rapporter er over fristen" in " ".join(shown.content.decode().split())
    for duty in (one.duty.id for one in late if one.incident == answered):
        said: dict[str, Any] = {"state": "sent", "done_at": written(now)}
        sent(as_lead, "duty.answer", answered.pk, duty, **said)
        late = late[1:]
    assert as_lead.get(reverse("today")).context["reports_late"] == len(late)
    assert "over fristen" not in page(as_nurse, "today")


def test_a_correction_sent_twice_is_stored_once(as_nurse: Client, enter: Enter) -> None:
    row = enter()
    for _ in range(2):
        sent(as_nurse, "incident.correct", row.pk, **ANSWERS, reason="Innlagt over natten")
    assert Incident.objects.in_force().get().revision == 2


def test_of_two_who_answer_for_one_report_the_second_is_told_so(
    as_doctor: Client, as_lead: Client, enter: Enter
) -> None:
    row = enter(**SERIOUS)
    key = (row.pk, "adverse-reaction")
    said: dict[str, Any] = {"state": "sent", "done_at": written(NOON), "words": "Ref. 1"}
    sent(as_doctor, "duty.answer", *key, **said)
    sent(as_doctor, "duty.answer", *key, **said)
    other = {"state": "not_to_be_sent", "words": "Vurdert som uten sammenheng."}
    address = reverse("duty.answer", args=key)
    assert as_lead.post(address, said | other | {"entry": uuid4()}).status_code == 409
    form = page(as_lead, "duty.answer", *key)
    assert "Ref. 1" in form
    first = said | {"words": "Ref. 2", "revision": "1", "reason": "Feil nummer"}
    sent(as_doctor, "duty.answer", *key, **first)
    stale = said | other | {"revision": "1", "reason": "Trukket tilbake", "entry": uuid4()}
    assert as_lead.post(address, stale).status_code == 409
    assert DutyAnswer.objects.in_force().get(duty="adverse-reaction").words == "Ref. 2"


def test_a_tap_that_another_has_completed_is_not_completed_again(
    as_nurse: Client, as_doctor: Client, tap: Tap
) -> None:
    first = tap(ChairEventKind.NAUSEA, 20)
    second = tap(ChairEventKind.NAUSEA, 30)
    sent(as_nurse, "incident.complete", first.pk, **ANSWERS)
    refused = sent(as_doctor, "incident.complete", second.pk, status=422, **ANSWERS)
    assert "har ført den allerede" in refused
    assert Incident.objects.count() == 1


def test_what_was_told_on_the_telephone_is_entered_once(
    kari: Patient, nurse: Professional
) -> None:
    told = uuid4()
    about = About(
        kind=IncidentKind.ADVERSE_EVENT, patient=kari, from_entry=told, from_item="headache"
    )
    told_of: dict[str, Any] = {"known_at": NOON, **KNOWN, "term": "headache"}
    said = Said(**told_of)
    for other in ("nausea", "headache"):
        again = About(
            kind=IncidentKind.ADVERSE_EVENT, patient=kari, from_entry=told, from_item=other
        )
        actions.enter_incident(about=again, said=said, entered=entered(), by=nurse, at=NOON)
    with pytest.raises(actions.EnteredAlready):
        actions.enter_incident(about=about, said=said, entered=entered(), by=nurse, at=NOON)


def test_what_was_told_on_the_telephone_completes_no_tap_of_the_chair(
    as_nurse: Client, tap: Tap, session: Session, kari: Patient, nurse: Professional
) -> None:
    tap(ChairEventKind.HEADACHE)
    about = About(
        kind=IncidentKind.ADVERSE_EVENT,
        patient=kari,
        session=session,
        from_entry=uuid4(),
        from_item="headache",
    )
    told_of: dict[str, Any] = {"known_at": NOON, **KNOWN, "term": "headache"}
    said = Said(**told_of)
    actions.enter_incident(about=about, said=said, entered=entered(), by=nurse, at=NOON)
    assert "chair-events/" in page(as_nurse, "patient.incidents", kari.pk)
