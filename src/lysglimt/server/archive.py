"""The archive of the trail: sealed and told outside, looked through, read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.audit import anchoring, trail
from lysglimt.clinic.audit.accesses import Access, accesses
from lysglimt.clinic.audit.chain import Head
from lysglimt.clinic.audit.circumstances import under
from lysglimt.clinic.insight.odd_accesses import Week, odd_accesses
from lysglimt.clinic.people.models import Patient, Unit
from lysglimt.knowledge.errors import ClinicalError

from .accounts import Desk


class NobodyFound(ClinicalError):
    """No patient has this id or identity number."""

    code = "audit.nobody"


class Archive:
    """What `lysglimt audit` does. Whoever reads the trail stands in it too."""

    @staticmethod
    def verdict(file: Path | None) -> trail.Verdict:
        return trail.verdict(anchoring.anchors(file) if file else ())

    @staticmethod
    def seal() -> tuple[int, Head | None]:
        """How many rows were chained; the head too, if the day is over."""
        now = timezone.now()
        chained = audit.seal_rows(at=now)
        head = audit.seal_day(at=now) if audit.day_is_over(at=now) else None
        if head is not None:
            audit.tell_head(head, settings.AUDIT_ANCHOR, by=Desk.by(), at=now)
        return chained, head

    @staticmethod
    def anchor(places: tuple[str, ...]) -> Head | None:
        """The head as it was told to these and to the places configured; None without a trail."""
        now = timezone.now()
        audit.seal_rows(at=now)
        head = audit.seal_day(at=now)
        if head is not None:
            audit.tell_head(head, (*settings.AUDIT_ANCHOR, *places), by=Desk.by(), at=now)
        return head

    @staticmethod
    def line(head: Head) -> str:
        return anchoring.line(head)

    @staticmethod
    def accesses(asked: UUID | str) -> list[Access]:
        """To a patient's record, by id or by identity number."""
        patient = registered(asked) if isinstance(asked, UUID) else numbered(asked)
        found = list(accesses(patient))
        note(operation="audit.who", patients=[patient])
        return found

    @staticmethod
    def exported(since: datetime, until: datetime) -> Iterator[dict[str, object]]:
        note(operation="audit.export", patients=[])
        return trail.exported(since, until)

    @staticmethod
    def odd(monday: date | None) -> Week:
        """Of the week before this one, if none is named."""
        today = timezone.localdate()
        found = odd_accesses(monday or today - timedelta(days=today.weekday() + 7))
        whom = {patient for one in found.rows for patient in one.patients}
        note(operation="audit.odd", patients=sorted(whom, key=str))
        return found


def registered(key: UUID) -> UUID:
    if not Patient.objects.filter(pk=key).exists():
        raise NobodyFound("No patient has this id.")
    return key


@dataclass(frozen=True, slots=True)
class InEntity:
    """Asks in one legal entity, of no unit."""

    entity_id: UUID
    unit_id: None = None


def numbered(number: str) -> UUID:
    """In whichever legal entity."""
    for entity in Unit.objects.values_list("entity", flat=True).distinct():
        found = Patient.objects.with_identity_number(number, of=InEntity(entity)).first()
        if found is not None:
            return UUID(str(found.pk))
    raise NobodyFound("No patient has this identity number.")


def note(*, operation: str, patients: Iterable[UUID]) -> None:
    with under(purpose="control"):
        audit.record_read(
            by=Desk.by(), at=timezone.now(), operation=operation, patients=patients
        )
