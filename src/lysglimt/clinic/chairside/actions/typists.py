"""Who typed what comes from a tablet, where that is not the one who sends it."""

from dataclasses import dataclass

from lysglimt.clinic.chairside.models import ChairEvent, TypedByAnother, VitalSet
from lysglimt.clinic.people.models import Professional


@dataclass(frozen=True, slots=True)
class TypedBy:
    """None where nobody knows: it is never taken for the sender."""

    who: Professional | None


def note_typist(row: VitalSet | ChairEvent, typed: TypedBy | None) -> None:
    """Of a revision that was stored just now; nothing of what its own ``by`` typed."""
    if typed is None or typed.who == row.by:
        return
    TypedByAnother.objects.get_or_create(
        entry=row.entry,
        revision=row.revision,
        defaults={"session_id": row.session_id, "typist": typed.who},
    )
