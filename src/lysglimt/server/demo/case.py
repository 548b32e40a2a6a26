"""One made-up patient at hand: who, in which clinic, and how the days are counted."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from random import Random

from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.identity import made_up_numbers
from lysglimt.clinic.people.models import Contact, Particulars, Patient, Professional
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.scheduling.calendar import OSLO, on_day

from .cast import Clinic, House

YOUNGEST, OLDEST = 21, 74
SATURDAY = 5
TELEPHONE = "99 99 99 99"


@cache
def names() -> Mapping[str, Sequence[str]]:
    file = files("lysglimt.server.demo") / "names.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Setting:
    """What all made-up patients of one run share. ``numbers`` are given out one by one."""

    clinics: Mapping[House, Clinic]
    now: datetime
    numbers: dict[tuple[date, str], Iterator[str]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return on_day(self.now)

    def number(self, born: date, sex: str) -> str:
        return next(self.numbers.setdefault((born, sex), made_up_numbers(born, sex=sex)))


@dataclass(slots=True)
class Case:
    """A patient and all that chance and the clinic bring. ``body`` is kg and cm."""

    setting: Setting
    clinic: Clinic
    chance: Random
    said: Particulars
    body: tuple[int, int]
    patient: Patient

    @property
    def nurse(self) -> Professional:
        return self.clinic.staff[Role.NURSE]

    @property
    def doctor(self) -> Professional:
        return self.clinic.staff[Role.PSYCHIATRIST]

    @property
    def coordinator(self) -> Professional:
        return self.clinic.staff[Role.COORDINATOR]

    @property
    def today(self) -> date:
        return self.setting.today

    def ago(self, days: int) -> date:
        """So many days ago; negative is to come."""
        return self.today - timedelta(days=days)

    def at(self, day: date, clock: str) -> datetime:
        """A time of a day in Norway, never later than now."""
        return min(
            datetime.combine(day, time.fromisoformat(clock), tzinfo=OSLO), self.setting.now
        )

    def age(self, on: date) -> int:
        born = self.said.birth_date
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def entered(at: datetime, *, minutes_later: int = 0) -> Entered:
    return Entered(happened_at=at, entered_at=at + timedelta(minutes=minutes_later))


def workday(day: date) -> date:
    """The day, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))


def made_up(
    setting: Setting, chance: Random, named: tuple[str, str] | None
) -> tuple[Particulars, tuple[int, int]]:
    """Who it is, and the body: a number that nobody has, and ordinary measures."""
    sex = "f" if named else chance.choice("fffmm")
    born = setting.today - timedelta(days=chance.randint(YOUNGEST * 366, OLDEST * 365))
    known = names()
    invented = (
        chance.choice(known["women" if sex == "f" else "men"]),
        chance.choice(known["family"]),
    )
    given_name, family_name = named or invented
    height = chance.randint(158, 178) if sex == "f" else chance.randint(170, 192)
    weight = round(chance.uniform(20, 34) * height * height / 10_000)
    said = Particulars(
        given_name=given_name,
        family_name=family_name,
        birth_date=born,
        identity_number=setting.number(born, sex),
        sex=sex,
        contact=Contact(telephone=TELEPHONE, address="Eksempelveien 1, 0000 Eksempel"),
    )
    return said, (weight, height)


def registered(
    setting: Setting,
    chance: Random,
    house: House,
    *,
    on: date,
    named: tuple[str, str] | None = None,
) -> Case:
    """A patient who was made up and registered on a day."""
    said, body = made_up(setting, chance, named)
    clinic = setting.clinics[house]
    at = datetime.combine(on, time(8, 30), tzinfo=OSLO)
    patient = people.register_patient(
        said=said, by=clinic.staff[Role.COORDINATOR], at=at, another_person=True
    )
    return Case(setting, clinic, chance, said, body, patient)
