"""The desk that gives out accounts, for the one who runs the system."""

import getpass
from collections.abc import Mapping
from datetime import timedelta
from difflib import get_close_matches

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from lysglimt.clinic.audit.circumstances import Actor
from lysglimt.clinic.people import actions
from lysglimt.clinic.people.models import LegalEntity, Professional, Unit, UnitKind
from lysglimt.clinic.people.policy import Role
from lysglimt.knowledge.errors import ClinicalError

FIRST_PASSWORD = timedelta(days=7)
"""So long the password that we typed lets its owner in, to make another."""


class NotGiven(ClinicalError):
    """An account that cannot be given as asked."""

    code = "account.refused"


class Desk:
    """What `lysglimt user` does. Every change leaves a trail under the name of the shell's user."""

    @staticmethod
    def by() -> Actor:
        return Actor(username=f"command:{getpass.getuser()}")

    @classmethod
    @transaction.atomic
    def add(cls, username: str, password: str, said: Mapping[str, str]) -> str:
        if Professional.objects.filter(username=username).exists():
            raise NotGiven(f"{username!r} is there already")
        new = Professional(
            username=username,
            role=Role(said["role"]),
            unit=cls.unit(said),
            display_name=said["name"],
            hpr_number=said["hpr"],
        )
        checked(password, new)
        try:
            at = timezone.now()
            actions.add_professional(
                new=new, password=password, by=cls.by(), at=at, until=at + FIRST_PASSWORD
            )
        except ValidationError as refusal:
            raise NotGiven("; ".join(refusal.messages)) from refusal
        return username

    @classmethod
    def unit(cls, said: Mapping[str, str]) -> Unit:
        """By its name; a new one when the legal entity is named too."""
        found = list(Unit.objects.filter(name=said["unit"]).select_related("entity"))
        if said["entity"]:
            found = [unit for unit in found if unit.entity.name == said["entity"]]
        match found:
            case [unit]:
                return unit
            case [] if said["entity"]:
                return cls.new_unit(said)
            case []:
                raise NotGiven(
                    f"no unit is called {said['unit']!r}{nearest(said['unit'])}; a new one needs --entity"
                )
            case _:
                raise NotGiven(
                    f"{len(found)} units are called {said['unit']!r}: name the --entity"
                )

    @classmethod
    def new_unit(cls, said: Mapping[str, str]) -> Unit:
        by, at = cls.by(), timezone.now()
        entity = LegalEntity.objects.filter(name=said["entity"]).first()
        if entity is None:
            entity = actions.add_entity(name=said["entity"], by=by, at=at)
        kind = UnitKind.PRIVATE if said["private"] else UnitKind.HOSPITAL
        return actions.add_unit(entity=entity, name=said["unit"], kind=kind, by=by, at=at)

    @classmethod
    def set_password(cls, username: str, password: str) -> None:
        professional = known(username)
        checked(password, professional)
        at = timezone.now()
        actions.set_password(
            professional=professional,
            password=password,
            by=cls.by(),
            at=at,
            until=at + FIRST_PASSWORD,
        )

    @classmethod
    def set_role(cls, username: str, role: str) -> None:
        actions.set_role(
            professional=known(username), role=Role(role), by=cls.by(), at=timezone.now()
        )

    @classmethod
    def reset_second_factor(cls, username: str, reason: str) -> None:
        actions.reset_second_factor(
            professional=known(username), by=cls.by(), at=timezone.now(), reason=given(reason)
        )

    @classmethod
    def set_active(cls, username: str, *, active: bool, reason: str) -> None:
        actions.set_active(
            professional=known(username),
            active=active,
            by=cls.by(),
            at=timezone.now(),
            reason=given(reason),
        )

    @classmethod
    def sign_out(cls, username: str, reason: str) -> None:
        professional = known(username)
        actions.end_sign_ins(
            ended=list(UserSession.objects.filter(user=professional)),
            of=professional,
            by=cls.by(),
            at=timezone.now(),
            reason=given(reason),
        )

    @staticmethod
    def everyone() -> list[dict[str, object]]:
        people = Professional.objects.select_related("unit__entity").order_by("username")
        strong = set(Authenticator.objects.values_list("user", flat=True))
        return [
            {
                "username": person.username,
                "name": person.display_name,
                "role": person.role,
                "unit": person.unit.name,
                "entity": person.unit.entity.name,
                "active": person.is_active,
                "second_factor": person.pk in strong,
            }
            for person in people
        ]


def known(username: str) -> Professional:
    if found := Professional.objects.filter(username=username).first():
        return found
    others = Professional.objects.values_list("username", flat=True)
    near = get_close_matches(username, others, n=1)
    raise NotGiven(
        f"nobody is called {username!r}{f', the nearest is {near[0]!r}' if near else ''}"
    )


def given(reason: str) -> str:
    if not reason.strip():
        raise NotGiven("say a reason: it stands in the trail")
    return reason.strip()


def nearest(unit: str) -> str:
    near = get_close_matches(unit, Unit.objects.values_list("name", flat=True), n=1)
    return f", the nearest is {near[0]!r}" if near else ""


def checked(password: str, professional: Professional) -> None:
    try:
        validate_password(password, professional)
    except ValidationError as refusal:
        raise NotGiven("; ".join(refusal.messages)) from refusal
