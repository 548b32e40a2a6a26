"""Nasal devices as they were given: how many, when the next, and what speaks against it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.figures import Basis
from lysglimt.knowledge.quantities import Milligrams, plain
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing

from .delivery import delivery_rules
from .nasal import (
    NasalIndication,
    NotInLabel,
    allowed_doses,
    nasal_rules,
    nasal_schedule,
)


class DeviceAct(StrEnum):
    """``lost`` failed or fell before a spray of it was given, and counts as none."""

    GIVEN = "given"
    LOST = "lost"
    ENDED = "ended"


class DevicesOutOfOrder(ClinicalError):
    """What is said of the devices cannot have happened in this order."""

    code = "dosing.devices-out-of-order"


@dataclass(frozen=True, slots=True)
class DeviceEvent:
    """Something done with a device; one given was ``begun`` then, and done in both nostrils ``at``."""

    at: datetime
    act: DeviceAct
    begun: datetime | None = None

    def __post_init__(self) -> None:
        if (self.act is DeviceAct.GIVEN) is (self.begun is None):
            raise DevicesOutOfOrder(f"{self.act}: a beginning belongs to a device given")
        if self.begun is not None and self.begun > self.at:
            raise DevicesOutOfOrder(
                "A device is begun before it is given.",
                field="begun",
                value=f"{self.begun:%H:%M}",
                allowed=f"{self.at:%H:%M}",
            )


@dataclass(frozen=True, slots=True)
class Devices:
    """The devices of a session as it went, each counted once; None ordered is not known."""

    ordered: int | None
    events: tuple[DeviceEvent, ...]

    @property
    def given(self) -> tuple[DeviceEvent, ...]:
        given = (one for one in self.events if one.act is DeviceAct.GIVEN)
        return tuple(sorted(given, key=lambda one: one.at))

    @property
    def count(self) -> int:
        return len(self.given)

    @property
    def delivered(self) -> Milligrams:
        return of_devices(self.count)

    @property
    def started(self) -> datetime | None:
        """When the first device was begun."""
        return min((one.begun for one in self.given if one.begun), default=None)

    @property
    def first_given(self) -> datetime | None:
        """From here the wait counts."""
        return self.given[0].at if self.given else None

    @property
    def over(self) -> datetime | None:
        """When the last device that was ordered was given, or somebody said that no more is.

        None before the first device, and while more are to come.
        """
        if not self.given:
            return None
        ends = [one.at for one in self.events if one.act is DeviceAct.ENDED]
        if ends:
            return max((*ends, self.given[-1].at))
        whole = self.ordered is not None and self.count >= self.ordered
        return self.given[-1].at if whole else None

    @property
    def lost(self) -> int:
        return sum(one.act is DeviceAct.LOST for one in self.events)

    @property
    def apart(self) -> int:
        """How many went into nobody, once it is over: lost, or laid out and not given."""
        if self.over is None:
            return 0
        return self.lost + max((self.ordered or 0) - self.count - self.lost, 0)

    @property
    def to_lay_out(self) -> int:
        """How many are still to be given, as two persons count them; after a loss, anew."""
        return max((self.ordered or 0) - self.count, 0)

    @property
    def next_from(self) -> datetime | None:
        """When the next device may be begun: five minutes after the last. [ES-01]"""
        if not self.given or self.over:
            return None
        return self.given[-1].at + nasal_rules().device.rest.value


def of_devices(count: int) -> Milligrams:
    return Milligrams(count * nasal_rules().device.content.value.value)


def devices_of(dose: Milligrams) -> int:
    return int(dose.value / nasal_rules().device.content.value.value)


def incomplete(devices: Devices) -> bool:
    """Less than 70 % of what was ordered, as of an infusion."""
    share = delivery_rules().complete.at_least.value
    return devices.ordered is not None and devices.count * 100 < devices.ordered * share


def refuse_mixed_up(devices: Devices) -> None:
    """The end is said once, and no device is said to be given in two at once."""
    ends = [one for one in devices.events if one.act is DeviceAct.ENDED]
    if len(ends) > 1:
        raise DevicesOutOfOrder("The end of the devices is said twice.", field="act")
    if ends and not devices.given:
        raise DevicesOutOfOrder("No device has been given.", field="act", value="ended")


INTERVAL, COUNT, EXPIRED, AFTER_THE_END, ONE_NOSTRIL, UNCHECKED = (
    "device:interval",
    "device:count",
    "device:expired",
    "device:ended",
    "device:nostril",
    "device:unchecked",
)


@dataclass(frozen=True, slots=True)
class NasalDeviceGiven:
    """One device as it is told; ``expires`` is None where its package is not known.

    ``checked`` is that two persons have seen it laid out: not, where it replaces one that was lost.
    """

    begun: datetime
    given: datetime
    on: date
    expires: date | None = None
    both_nostrils: bool = True
    checked: bool = True


def against_device(
    devices: Devices,
    one: NasalDeviceGiven,
    *,
    held_by: Sequence[Finding] = (),
    judged: bool = True,
) -> tuple[Finding, ...]:
    """What speaks against this device. What was given is recorded all the same.

    ``held_by`` are red readings that stand: stop or pause now, the doctor to the bedside. [4.3]
    Unjudged, only what contradicts the order and the package.
    """
    found = [*_count(devices), *_expired(one.expires, on=one.on), *_after_the_end(devices, one)]
    if not one.both_nostrils:
        found.append(_one_nostril())
    if judged and not one.checked:
        found.append(_unchecked())
    if judged:
        found += [*_interval(devices, one), *held_by]
    return tuple(found)


def _count(devices: Devices) -> Iterator[Finding]:
    if devices.ordered is not None and devices.count >= devices.ordered:
        yield Finding(
            COUNT,
            Standing.EXCLUDED,
            Text(
                f"Ordinert {devices.ordered}, alle er gitt: dette er nummer {devices.count + 1}",
                f"Ordered {devices.ordered}, all are given: this is number {devices.count + 1}",
            ),
            nasal_rules().device.content.basis,
        )


def _expired(expires: date | None, *, on: date) -> Iterator[Finding]:
    if expires is not None and expires < on:
        yield Finding(
            EXPIRED,
            Standing.EXCLUDED,
            Text(f"Utløpt {expires:%d.%m.%Y}", f"Expired {expires:%d.%m.%Y}"),
            nasal_rules().in_date,
        )


def _after_the_end(devices: Devices, told: NasalDeviceGiven) -> Iterator[Finding]:
    if any(one.act is DeviceAct.ENDED and one.at <= told.given for one in devices.events):
        yield Finding(
            AFTER_THE_END,
            Standing.EXCLUDED,
            Text(
                "Det er ført at det ikke gis flere sprayenheter",
                "It is charted that no more devices are given",
            ),
            nasal_rules().ended,
        )


def _one_nostril() -> Finding:
    """It counts as given: what was sprayed is not replaced."""
    sprays = nasal_rules().device.sprays
    return Finding(
        ONE_NOSTRIL,
        Standing.CAUTION,
        Text(
            "Ikke gitt i begge nesebor; den regnes som gitt og erstattes ikke",
            "Not given in both nostrils; it counts as given and is not replaced",
        ),
        sprays.basis,
    )


def _unchecked() -> Finding:
    return Finding(
        UNCHECKED,
        Standing.CAUTION,
        Text(
            "En sprayenhet gikk tapt, og to personer har ikke kontrollert det som ligger framme nå",
            "A device was lost, and two persons have not checked what is laid out now",
        ),
        nasal_rules().checked_anew,
    )


def _interval(devices: Devices, told: NasalDeviceGiven) -> Iterator[Finding]:
    """To the device before it and to the one after, where this one is charted late."""
    rest = nasal_rules().device.rest
    minutes = rest.value // MINUTE
    gaps = [
        told.begun - one.at if one.at <= told.begun else _before(one, told.given)
        for one in devices.given
    ]
    short = min((gap for gap in gaps if gap < rest.value), default=None)
    if short is not None:
        left = -((short - rest.value) // MINUTE)
        yield Finding(
            INTERVAL,
            Standing.CAUTION,
            Text(
                f"Det skal gå {minutes} min mellom sprayenhetene; {left} min gjenstår",
                f"{minutes} min are to pass between devices; {left} min are left",
            ),
            rest.basis,
        )


def _before(other: DeviceEvent, given: datetime) -> timedelta:
    """From this device to one that was begun after it; nought where they overlap."""
    return max((other.begun or other.at) - given, timedelta(0))


MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class DeviceCard:
    """What may be ordered today, in devices, least first. None is a default."""

    older: bool
    first_day: bool
    previous: Milligrams | None
    allowed: tuple[int, ...]
    findings: tuple[Finding, ...]
    basis: Basis


def device_card(
    age: int,
    indication: NasalIndication,
    previous: Milligrams | None,
    *,
    unrecorded: date | None = None,
) -> DeviceCard:
    """By age in whole years, and by the last dose given; a label that is silent allows nothing.

    ``unrecorded`` is the day of a later session whose dose nobody has recorded: what was given
    last is not known, and neither is what is allowed.
    """
    rules = nasal_rules()
    older = age >= rules.older_from.age.value
    basis = rules.older_from.age.basis
    if unrecorded is not None:
        return DeviceCard(
            older=older,
            first_day=False,
            previous=None,
            allowed=(),
            findings=(_last_unknown(unrecorded),),
            basis=basis,
        )
    try:
        schedule = nasal_schedule(age, indication)
    except NotInLabel as silent:
        nothing = Text(
            f"Preparatomtalen har ingen dose ved akutt bruk fra {rules.older_from.age.value} år",
            f"The label has no dose for acute use from {rules.older_from.age.value} years",
        )
        found = Finding(silent.code, Standing.EXCLUDED, nothing, basis)
        return DeviceCard(older, previous is None, previous, (), (found,), basis)
    doses = allowed_doses(schedule, previous)
    allowed = tuple(devices_of(dose) for dose in doses)
    return DeviceCard(older, previous is None, previous, allowed, (), basis)


def _last_unknown(day: date) -> Finding:
    return Finding(
        LAST_UNKNOWN,
        Standing.UNKNOWN,
        Text(
            f"Det som ble gitt {day:%d.%m.%Y}, er ikke ført i forløpet. Før det først: dosen i dag går etter den forrige",
            f"What was given on {day:%d.%m.%Y} is not recorded in the course. Record it first: today's dose goes by the last one",
        ),
        nasal_rules().last_known,
    )


NOT_ALLOWED, LAST_UNKNOWN = "device:dose", "device:last-unknown"


def against_order(card: DeviceCard, devices: int) -> tuple[Finding, ...]:
    """Of a number that the label does not allow today: a doctor writes why."""
    if devices in card.allowed:
        return ()
    if card.findings:
        return card.findings
    each = nasal_rules().device.content.value.value
    allowed = [plain(each * count) for count in card.allowed]
    return (
        Finding(
            NOT_ALLOWED,
            Standing.EXCLUDED,
            Text(
                f"Etter preparatomtalen i dag: {' eller '.join(allowed)} mg",
                f"By the label today: {' or '.join(allowed)} mg",
            ),
            card.basis,
        ),
    )


DEVICE_CHECK: Mapping[str, Text] = {
    "patient": Text("Pasient", "Patient"),
    "drug": Text("Legemiddel og styrke på pakningen", "Drug and strength on the package"),
    "count": Text(
        "Antall sprayenheter lagt fram, som ordinert", "Number of devices laid out, as ordered"
    ),
    "expiry": Text("Utløpsdato på hver", "Expiry date of each"),
    "unprimed": Text("Ingen er prøvesprayet", "None has been primed"),
}
"""Two persons, each checks each line. Not primed by ES-01. [own-proposal, mims-hk]"""
