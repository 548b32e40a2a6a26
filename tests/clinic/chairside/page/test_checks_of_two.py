"""What two had checked without the network takes two persons to sign, and two to strike out."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.models import ChairEvent, DischargeRecord, Session
from lysglimt.clinic.people.models import Professional
from tests.clinic.chairside import typed

from .at_the_page import SECRET, Clock, send, shown, words
from .tablet import sent

CHECKED = "hastighet 60 ml/t, SS"


def checked(session: Session, client: Client, **beside: object) -> ChairEvent:
    row = typed.tile("check_pending", comment=CHECKED)
    assert sent(session, client, row, what="event", **beside).json()["stored"]
    return ChairEvent.objects.get(entry=str(row["entry"]))


def with_secret(*staff: Professional) -> None:
    for one in staff:
        one.set_password(SECRET)
        one.save()


def other(who: Professional, **more: str) -> typed.Typed:
    return {"checked_by": str(who.pk), "password": SECRET, **more}


def asked(client: Client, name: str, check: ChairEvent, said: typed.Typed) -> Any:
    return client.post(reverse(name, args=[check.pk]), said)


def newest(check: ChairEvent) -> ChairEvent:
    return ChairEvent.objects.history(check.entry).latest("revision")


def test_a_check_of_two_without_the_network_is_signed_by_the_other_before_the_session_is(
    running: Session, as_nurse: Client, colleague: Professional, nurse: Professional
) -> None:
    row = typed.tile("check_pending", comment="hastighet 60 ml/t, SS")
    assert sent(running, as_nurse, row, what="event").json()["stored"]
    assert "Før økten kan signeres" in shown(as_nurse, running)
    check = ChairEvent.objects.get(entry=str(row["entry"]))
    address = reverse("check.sign", args=[check.pk])
    assert "hastighet 60 ml/t" in words(as_nurse.get(address))  # type: ignore[arg-type]  # Django's test client
    colleague.set_password("their own long secret")
    colleague.save()
    said: typed.Typed = {"checked_by": str(colleague.pk), "password": "their own long secret"}
    assert as_nurse.post(address, said | {"password": "feil"}).status_code == 422
    send(as_nurse, "check.sign", check.pk, said)
    newest = ChairEvent.objects.history(check.entry).latest("revision")
    assert (newest.kind, newest.by) == ("check_signed", colleague)
    assert "Før økten kan signeres" not in shown(as_nurse, running)


def test_nobody_is_the_other_person_of_their_own_check(
    running: Session, as_nurse: Client, nurse: Professional
) -> None:
    row = typed.tile("check_pending", comment="hastighet 60 ml/t")
    sent(running, as_nurse, row, what="event")
    check = ChairEvent.objects.get(entry=str(row["entry"]))
    with pytest.raises(actions.SameHand):
        actions.sign_check(event=check, checked_by=nurse, at=timezone.now())


def test_the_checklist_is_not_signed_while_a_check_waits_for_the_other_person(
    stopped: Session, as_nurse: Client, clock: Clock
) -> None:
    sent(stopped, as_nurse, typed.tile("check_pending", comment="kassert"), what="event")
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home())
    record = DischargeRecord.objects.in_force().get()
    page = as_nurse.post(reverse("discharge.sign", args=[record.pk]))
    assert page.status_code == 422
    assert "signerer den andre" in words(page)  # type: ignore[arg-type]  # Django's test client


def test_nobody_charts_that_the_other_person_has_signed(
    running: Session, as_nurse: Client
) -> None:
    answer = sent(running, as_nurse, typed.tile("check_signed", comment="x"), what="event")
    assert answer.status_code == 422


def test_who_typed_it_is_not_the_other_person_whoever_sent_it(
    running: Session,
    as_nurse: Client,
    as_doctor: Client,
    nurse: Professional,
    psychiatrist: Professional,
    colleague: Professional,
) -> None:
    """The nurse typed that two had checked, the doctor's sign-in sent it, the nurse signs as the other."""
    with_secret(nurse, psychiatrist, colleague)
    as_nurse.force_login(nurse)
    as_doctor.force_login(psychiatrist)
    check = checked(running, as_doctor, typist=nurse.pk)
    page = asked(as_doctor, "check.sign", check, other(nurse))
    assert page.status_code == 422
    assert "signerer den ikke som den andre" in words(page)
    assert newest(check).kind == "check_pending"
    # The sender did not type it, and may have been the one who checked.
    send(as_nurse, "check.sign", check.pk, other(psychiatrist))
    assert (newest(check).kind, newest(check).by) == ("check_signed", psychiatrist)


def test_where_nobody_knows_who_typed_it_two_say_so(
    running: Session, as_nurse: Client, nurse: Professional, colleague: Professional
) -> None:
    with_secret(nurse, colleague)
    as_nurse.force_login(nurse)
    check = checked(running, as_nurse, typist="")
    assert "Det var jeg som førte det" in words(
        as_nurse.get(reverse("check.sign", args=[check.pk]))  # type: ignore[arg-type]  # Django's test client
    )
    assert asked(as_nurse, "check.sign", check, other(colleague)).status_code == 422
    assert newest(check).revision == 1
    send(as_nurse, "check.sign", check.pk, other(colleague, typed_it="on"))
    rows = ChairEvent.objects.history(check.entry)
    assert [(one.by, one.kind) for one in rows] == [
        (nurse, "check_pending"),
        (nurse, "check_pending"),
        (colleague, "check_signed"),
    ]
    assert "Den som førte kontrollen, sier det selv" not in shown(as_nurse, running), "signed"


def test_nobody_signs_what_nobody_says_to_have_typed(
    running: Session, as_nurse: Client, colleague: Professional
) -> None:
    check = checked(running, as_nurse, typist="")
    with pytest.raises(actions.TypistUnknown):
        actions.sign_check(event=check, checked_by=colleague, at=timezone.now())


def test_only_a_check_of_two_that_waits_is_signed(
    running: Session, as_nurse: Client, colleague: Professional
) -> None:
    send(as_nurse, "event.record", running.pk, typed.tile("vomiting"))
    with_secret(colleague)
    vomiting = ChairEvent.objects.get(kind="vomiting")
    page = asked(as_nurse, "check.sign", vomiting, other(colleague))
    assert page.status_code == 422
    assert "ingen kontroll å signere" in words(page)
    assert ChairEvent.objects.in_force().filter(kind="vomiting").exists()


def test_what_is_signed_once_is_not_signed_again(
    running: Session, as_nurse: Client, colleague: Professional
) -> None:
    check = checked(running, as_nurse)
    actions.sign_check(event=check, checked_by=colleague, at=timezone.now())
    with pytest.raises(actions.NotPending):
        actions.sign_check(event=check, checked_by=colleague, at=timezone.now())


def test_the_author_does_not_strike_a_check_alone(
    running: Session, as_nurse: Client, colleague: Professional, nurse: Professional
) -> None:
    check = checked(running, as_nurse)
    with_secret(colleague)
    assert asked(as_nurse, "event.strike", check, {"reason": "feil"}).status_code == 422
    wrong = other(colleague, reason="feil") | {"password": "feil"}
    assert asked(as_nurse, "event.strike", check, wrong).status_code == 422
    assert not newest(check).withdrawn
    with pytest.raises(actions.TakesTwo):
        actions.strike(fact=check, by=nurse, at=timezone.now(), reason="feil")
    send(as_nurse, "event.strike", check.pk, other(colleague, reason="ført dobbelt"))
    assert newest(check).withdrawn
    assert newest(check).reason == f"ført dobbelt ({colleague})"


def test_who_typed_it_is_not_the_other_who_strikes_it(
    running: Session, as_doctor: Client, nurse: Professional, psychiatrist: Professional
) -> None:
    check = checked(running, as_doctor, typist=nurse.pk)
    with pytest.raises(actions.SameHand):
        actions.strike_check(
            event=check, by=psychiatrist, other=nurse, at=timezone.now(), reason="feil"
        )
