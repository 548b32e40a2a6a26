"""Esketamine by nose: which doses are allowed today, and when the next device may be given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import ClinicalError, Implausible, Inconsistent
from lysglimt.knowledge.figures import Basis, Figure
from lysglimt.knowledge.quantities import Milligrams


class NotInLabel(ClinicalError):
    """The label says nothing about this person or this dose."""

    code = "dosing.not-in-label"


class NasalIndication(StrEnum):
    RESISTANT = "resistant"
    ACUTE = "acute"


@dataclass(frozen=True, slots=True)
class NasalDevice:
    content: Figure[Milligrams]
    sprays: Figure[int]
    rest: Figure[timedelta]


@dataclass(frozen=True, slots=True)
class OlderFrom:
    age: Figure[int]


@dataclass(frozen=True, slots=True)
class NasalSchedule:
    """The doses of the first day and of the days after it, least first."""

    first: tuple[Figure[Milligrams], ...]
    later: tuple[Figure[Milligrams], ...]
    step: Figure[Milligrams] | None = None


@dataclass(frozen=True, slots=True)
class NasalRules:
    """``in_date`` and ``ended``: on what it rests that no expired device, and none after the end, is given.

    ``last_known``: and that nothing is allowed while the last dose is not recorded.
    ``checked_anew``: and that two persons check what replaces a device that was lost.
    """

    device: NasalDevice
    older_from: OlderFrom
    schedules: Mapping[str, NasalSchedule]
    in_date: Basis
    ended: Basis
    last_known: Basis
    checked_anew: Basis

    def __post_init__(self) -> None:
        content = self.device.content.value.value
        for name, schedule in self.schedules.items():
            if any(dose.value.value % content for dose in (*schedule.first, *schedule.later)):
                raise Inconsistent(f"schedule '{name}': every dose is whole devices")


@cache
def nasal_rules() -> NasalRules:
    return read(NasalRules, files("lysglimt.knowledge.dosing") / "catalogue" / "nasal.toml")


def nasal_schedule(age: int, indication: NasalIndication) -> NasalSchedule:
    """By age in whole years. Raises NotInLabel for acute use from 65 years."""
    rules = nasal_rules()
    older = age >= rules.older_from.age.value
    if indication is NasalIndication.RESISTANT:
        return rules.schedules["older" if older else "adult"]
    if older:
        raise NotInLabel(
            f"age: {age} is outside the label for acute use, allowed is below "
            f"{rules.older_from.age.value}",
            field="age",
            value=age,
            allowed=f"below {rules.older_from.age.value}",
        )
    return rules.schedules["acute"]


def allowed_doses(
    schedule: NasalSchedule, previous: Milligrams | None
) -> tuple[Milligrams, ...]:
    """Today's doses, least first; ``previous`` is the last dose given, None on day 1."""
    if previous is None:
        return tuple(dose.value for dose in schedule.first)
    step = schedule.step
    return tuple(
        dose.value
        for dose in schedule.later
        if step is None or abs(dose.value.value - previous.value) <= step.value.value
    )


def nasal_dose(
    dose: Milligrams, schedule: NasalSchedule, previous: Milligrams | None
) -> Milligrams:
    """The dose, when it is allowed today. Raises Implausible with the doses that are."""
    doses = allowed_doses(schedule, previous)
    if dose not in doses:
        allowed = ", ".join(str(one.value) for one in doses)
        raise Implausible.of("dose_mg", dose.value, f"{allowed} mg")
    return dose


@dataclass(frozen=True, slots=True)
class DeviceStep:
    """Device ``number`` of the session, not before ``earliest`` after the first."""

    number: int
    earliest: timedelta


def device_sequence(dose: Milligrams) -> tuple[DeviceStep, ...]:
    """Two sprays each, one in each nostril; five minutes' rest between devices. [ES-01]"""
    device = nasal_rules().device
    count, rest = divmod(dose.value, device.content.value.value)
    if rest or count < 1:
        content = device.content.value.value
        raise Implausible.of("dose_mg", dose.value, f"whole devices of {content} mg")
    return tuple(DeviceStep(n + 1, n * device.rest.value) for n in range(int(count)))


def next_device_at(dose: Milligrams, given: Sequence[datetime]) -> datetime | None:
    """When the next device may be given; None before the first and when all are given.

    Five minutes after the last. One that was sneezed out counts: it is not replaced.
    """
    if not given or len(given) >= len(device_sequence(dose)):
        return None
    return max(given) + nasal_rules().device.rest.value
