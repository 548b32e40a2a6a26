"""A medicine is entered from the list or freely, with its doses, and each contradiction is refused."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.referral import actions, past
from lysglimt.clinic.referral.forms.medicine import offered
from lysglimt.clinic.referral.models import Medicine
from lysglimt.clinic.referral.templatetags.referral import (
    doses_written,
    medicine_named,
)
from lysglimt.knowledge.medicine import Doses, DoseUnit
from lysglimt.knowledge.medicine import Medicine as Taken

Said = dict[str, str]
OFFERED: Said = {"name": "oksazepam (N05BA04)", "dose_unit": "mg", "night": "15"}


def enter(client: Client, patient: Patient, said: Said) -> Any:
    address = reverse("history.add", args=[patient.pk, "medicine"])
    return client.post(address, {"entry": str(uuid4())} | said)


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        pytest.param(
            OFFERED | {"source": "patient"},
            ("N05BA04", "oksazepam", Decimal(15)),
            id="from the list",
        ),
        pytest.param(
            {"name": "Oksazepam"}, ("N05BA04", "Oksazepam", None), id="by its whole name"
        ),
        pytest.param({"atc": "N05BA04"}, ("N05BA04", "oksazepam", None), id="by its code"),
        pytest.param(
            {"name": "Sobril", "atc": "N05BA04", "mg_per_day": "15"},
            ("N05BA04", "Sobril", Decimal(15)),
            id="a brand with its code",
        ),
        pytest.param(
            {"name": "X", "atc": "V03AB25"}, ("V03AB25", "X", None), id="a code not in the list"
        ),
        pytest.param(
            {"name": "Levaxin", "atc": "H03AA01", "dose_unit": "ug", "morning": "100"},
            ("H03AA01", "Levaxin", Decimal("0.1")),
            id="micrograms",
        ),
        pytest.param(
            OFFERED | {"dose_unit": "tablet", "night": "1", "mg_per_day": "15"},
            ("N05BA04", "oksazepam", Decimal(15)),
            id="tablets, and what they hold",
        ),
        pytest.param(
            OFFERED | {"mg_per_day": "15"},
            ("N05BA04", "oksazepam", Decimal(15)),
            id="both say the same",
        ),
    ],
)
def test_what_is_entered_is_stored_as_it_was_meant(
    as_nurse: Client, kari: Patient, said: Said, stored: tuple[Any, ...]
) -> None:
    assert enter(as_nurse, kari, said).status_code == 302
    row = Medicine.objects.get()
    assert (row.atc, row.name, row.mg_per_day) == stored
    assert row.source == said.get("source", "")


@pytest.mark.parametrize(
    ("said", "says"),
    [
        pytest.param({}, "Skriv navnet eller ATC-koden", id="nothing"),
        pytest.param(
            {"name": "sertralin", "atc": "N05BA04"}, "har koden N06AB06", id="two medicines"
        ),
        pytest.param({"name": "X", "atc": "N05B"}, "Sju tegn", id="half a code"),
        pytest.param(
            OFFERED | {"dose_unit": ""}, "Hva telles dosene i?", id="doses of nothing"
        ),
        pytest.param(
            OFFERED | {"mg_per_day": "30"}, "Dosene blir 15 mg per døgn", id="two sums"
        ),
        pytest.param(OFFERED | {"night": "15O"}, "15O", id="a letter in a dose"),
        pytest.param(OFFERED | {"night": "-1"}, "-1", id="less than nothing"),
    ],
)
def test_what_contradicts_itself_is_refused_and_stays_typed(
    as_nurse: Client, kari: Patient, said: Said, says: str
) -> None:
    reply = enter(as_nurse, kari, said)
    assert reply.status_code == 422
    body = reply.content.decode()
    assert says in body
    typed = {value for name, value in said.items() if name in {"name", "night", "mg_per_day"}}
    assert all(f'value="{value}"' in body for value in typed)
    assert not Medicine.objects.exists()


def test_what_is_not_in_the_list_is_written_freely_and_that_is_asked(
    as_nurse: Client, kari: Patient
) -> None:
    said = {"name": "Valerina natt"}
    asked = enter(as_nurse, kari, said)
    assert asked.status_code == 422
    assert "ingen regel spørres om det" in asked.content.decode()
    for name in ("Valerina natt", "Ginseng"):
        assert enter(as_nurse, kari, {"name": name, "again": "on"}).status_code == 302
    rows = Medicine.objects.taken_on(timezone.localdate())
    assert [row.atc for row in rows] == ["", ""]
    history = as_nurse.get(reverse("history", args=[kari.pk])).content.decode()
    assert "Valerina natt" in history


def test_a_changed_dose_is_a_revision_and_its_sum_follows(
    as_nurse: Client, kari: Patient
) -> None:
    enter(as_nurse, kari, OFFERED)
    row = Medicine.objects.get()
    address = reverse("history.correct", args=[kari.pk, "medicine", row.entry])
    page = as_nurse.get(address).content.decode()
    assert 'value="15"' in page
    changed = {"name": "oksazepam", "atc": "N05BA04", "dose_unit": "mg", "night": "7,5"}
    reply = as_nurse.post(
        f"{address}?to=medicines", changed | {"entry": str(uuid4()), "reason": "Trappes ned"}
    )
    assert reply.status_code == 302
    assert reply["Location"] == reverse("medicines", args=[kari.pk])
    [now] = Medicine.objects.in_force()
    assert (now.revision, now.mg_per_day, now.reason) == (2, Decimal("7.5"), "Trappes ned")


def test_a_medicine_of_which_nothing_is_known_but_its_name_is_written_so(
    nurse: Professional, kari: Patient
) -> None:
    row = Medicine(patient=kari, name="Valerina natt", dose_unit="drop", evening=Decimal(20))
    assert (medicine_named(row), doses_written(row)) == (
        "Valerina natt",
        "20 dråper kveld",
    )
    assert medicine_named(Medicine(atc="N05BA04")) == "N05BA04"
    assert str(row) == "Valerina natt"
    assert past.late([row]) == {""}
    assert past.late([Medicine(atc="N05BA04")]) == frozenset()


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"atc": "", "name": ""}, id="neither a code nor a name"),
        pytest.param({"dose_unit": "", "night": Decimal(15)}, id="a dose without its unit"),
        pytest.param({"dose_unit": "spoon"}, id="a unit nobody knows"),
        pytest.param({"dose_unit": "mg", "night": Decimal(-1)}, id="less than nothing"),
        pytest.param({"source": "rumour"}, id="a source nobody knows"),
    ],
)
def test_the_table_holds_no_medicine_that_contradicts_itself(
    kari: Patient, nurse: Professional, said: dict[str, Any]
) -> None:
    now = timezone.now()
    stamp = {"by": nurse, "happened_at": now, "entered_at": now, "received_at": now}
    row = Medicine(patient=kari, **({"atc": "N05BA04"} | said), **stamp)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_the_list_is_offered_by_name_with_its_code() -> None:
    names = offered()
    assert "oksazepam (N05BA04)" in names
    assert len(names) == len(set(names)) > 200
    assert names == sorted(names, key=str.casefold)


def test_that_a_medicine_is_stopped_a_nurse_may_say_of_a_doctors_entry(
    as_nurse: Client, kari: Patient, psychiatrist: Professional
) -> None:
    now = timezone.now()
    row = actions.record_medicine(
        patient=kari,
        taken=actions.Taken(
            medicine=Taken("N05BA04", name="Sobril"),
            doses=Doses(DoseUnit.MILLIGRAM, night=Decimal(15)),
        ),
        entered=Entered(happened_at=now, entered_at=now),
        by=psychiatrist,
        at=now,
    )
    address = reverse("history.correct", args=[kari.pk, "medicine", row.entry])
    stopped = {
        "entry": str(uuid4()),
        "name": "Sobril",
        "atc": "N05BA04",
        "dose_unit": "mg",
        "night": "15",
        "stopped_on": f"{timezone.localdate():%d.%m.%Y}",
        "reason": "Sluttet",
    }
    assert as_nurse.post(address, stopped | {"night": "10"}).status_code == 422
    done = as_nurse.post(address, stopped)
    assert done.status_code == 302
    assert not Medicine.objects.taken_on(timezone.localdate()).exists()
