"""Where the clinic's keys are looked over and changed."""

from collections import Counter
from typing import Any

from django.utils import timezone

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.sealing import actions
from lysglimt.clinic.sealing.keyring import masters
from lysglimt.clinic.sealing.models import DataKey

from .accounts import Desk


class KeyRoom:
    """What `lysglimt keys` does. A change leaves a trail under the name of the shell's user."""

    @staticmethod
    def everything() -> list[dict[str, Any]]:
        """The keys of the configuration, the newest first, then those that it lacks."""
        wrapping = Counter(DataKey.objects.values_list("wrapped_by", flat=True))
        rows = [
            {"key": name, "data_keys": wrapping[name], "says": says(name, wrapping[name])}
            for name in masters()
        ]
        return rows + [
            {"key": name, "data_keys": count, "says": f"MISSING, wraps {count} data keys"}
            for name, count in wrapping.items()
            if name not in masters()
        ]

    @staticmethod
    def waiting() -> list[DataKey]:
        return list(DataKey.objects.wrapped_by_others_than(next(iter(masters()))))

    @staticmethod
    def wrap(key: DataKey) -> None:
        was = key.wrapped_by
        actions.rewrap(key=key)
        reason = f"data key {key.pk}: from {was} to {next(iter(masters()))}"
        note("keys.wrap", reason)

    @staticmethod
    def renew() -> str:
        """A data key made under the newest key, for what is sealed from now on; "" if there is."""
        newest = DataKey.objects.newest_first().first()
        if newest is not None and newest.made_under == next(iter(masters())):
            return ""
        made = actions.make_data_key(at=timezone.now())
        note("keys.make", f"data key {made.pk}")
        return str(made.pk)


def says(name: str, wraps: int) -> str:
    first = "seals" if name == next(iter(masters())) else "opens"
    needed = f"wraps {wraps} data keys" if wraps else "nothing here needs it; old backups may"
    return f"{first}; {needed}"


def note(operation: str, reason: str) -> None:
    deed = audit.Deed(category="sealing.datakey", reason=reason)
    audit.record(by=Desk.by(), at=timezone.now(), operation=operation, deed=deed)
