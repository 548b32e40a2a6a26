"""Where the clinic's keys are looked over and changed."""

from collections import Counter
from typing import Any

from django.db import transaction
from django.utils import timezone

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people import second_factors
from lysglimt.clinic.sealing import actions
from lysglimt.clinic.sealing.keyring import masters
from lysglimt.clinic.sealing.models import DataKey
from lysglimt.clinic.sealing.values import Unreadable

from .accounts import Desk


class KeyRoom:
    """What `lysglimt keys` does. A change and its trail, under the name of the shell's user, are one."""

    @staticmethod
    def everything() -> list[dict[str, Any]]:
        """The keys of the configuration, the newest first, then those that it lacks."""
        wrapping = Counter(DataKey.objects.values_list("wrapped_by", flat=True))
        direct = Counter(second_factors.under_masters())
        missing = [name for name in wrapping | direct if name not in masters()]
        return [
            {
                "key": name,
                "data_keys": wrapping[name],
                "second_factors": direct[name],
                "says": says(name, needed(wrapping[name], direct[name])),
            }
            for name in (*masters(), *missing)
        ]

    @staticmethod
    def waiting() -> list[DataKey]:
        return list(DataKey.objects.wrapped_by_others_than(next(iter(masters()))))

    @staticmethod
    @transaction.atomic
    def wrap(key: DataKey) -> None:
        was = key.wrapped_by
        actions.rewrap(key=key)
        reason = f"data key {key.pk}: from {was} to {next(iter(masters()))}"
        note("keys.wrap", reason)

    @staticmethod
    @transaction.atomic
    def renew() -> str:
        """A data key made under the newest key, for what is sealed from now on; "" if there is."""
        newest = DataKey.objects.newest_first().first()
        if newest is not None and newest.made_under == next(iter(masters())):
            return ""
        made = actions.make_data_key(at=timezone.now())
        note("keys.make", f"data key {made.pk}")
        return str(made.pk)

    @staticmethod
    def second_factors_waiting() -> list[int]:
        """After ``renew``: what the fresh data key has not sealed yet."""
        return second_factors.waiting()

    @staticmethod
    def reseal(second_factor: int) -> bool:
        """Whether it opened. One that does not is left as it is: its owner sets up a new one."""
        try:
            people.reseal_second_factor(key=second_factor, by=Desk.by(), at=timezone.now())
        except Unreadable:
            return False
        return True


def needed(wraps: int, seals: int) -> str:
    parts = [f"wraps {wraps} data keys"] if wraps else []
    parts += [f"has itself sealed {seals} second factors"] if seals else []
    return " and ".join(parts)


def says(name: str, needs: str) -> str:
    if name not in masters():
        return f"MISSING, {needs}"
    first = "seals" if name == next(iter(masters())) else "opens"
    return f"{first}; {needs or 'nothing here needs it; old backups may'}"


def note(operation: str, reason: str) -> None:
    deed = audit.Deed(category="sealing.datakey", reason=reason)
    audit.record(by=Desk.by(), at=timezone.now(), operation=operation, deed=deed)
