"""The doctor knows when the trail was last told to every place outside."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lysglimt.clinic.audit.anchoring import anchors as lines_of
from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.people.models import Patient
from lysglimt.server.examination import anchors
from lysglimt.server.sealer import work
from tests.clinic.conftest import NOON
from tests.server.commands import lysglimt as command

from .trail import written

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "anchors"
    settings.DEMO = False
    settings.AUDIT_ANCHOR = (f"file://{place}",)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    return place


def test_new_and_old_are_told_apart(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (anchors().sound, anchors().says) == (True, "nothing to tell outside yet")
    written(2, at=NOON - timedelta(hours=30))
    assert anchors().says == "never told outside; the trail began 30.0 hours ago"
    assert not anchors().sound
    assert command("audit", "anchor").code == 0
    assert len(list(lines_of(file))) == 1
    assert (anchors().sound, anchors().says) == (
        True,
        "the trail was told outside 0.0 hours ago",
    )
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON + timedelta(hours=27))
    old = anchors()
    assert (old.sound, old.says) == (False, "the trail was told outside 27.0 hours ago")
    assert "audit anchor" in old.remedy


def test_what_a_place_did_not_take_was_not_told(file: Path, settings: Any) -> None:
    settings.AUDIT_ANCHOR = (*settings.AUDIT_ANCHOR, "file:///no/such/folder/anchors")
    written(2, at=NOON - timedelta(hours=30))
    work(everything=True)
    assert file.exists(), "the other place took it"
    assert anchors().says == "never told outside; the trail began 30.0 hours ago"


def test_the_sealer_tells_and_says_so_in_the_trail(file: Path) -> None:
    written(2, at=NOON - timedelta(hours=30))
    work(everything=True)
    [told] = Event.objects.filter(operation="audit.anchor")
    assert (told.actor, told.origin) == ("sealer", "sealer")
    assert told.reason == "seal 3 to 1 places"
    assert anchors().sound


def test_with_patients_and_no_place_outside_the_doctor_asks_for_one(
    file: Path, kari: Patient, settings: Any
) -> None:
    settings.AUDIT_ANCHOR = ()
    assert str(kari.pk)
    assert not anchors().sound
    assert "audit_anchor" in anchors().remedy
    settings.DEMO = True
    assert anchors().sound
