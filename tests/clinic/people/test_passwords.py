"""What a password may be, and how soon one who has left is out."""

from collections.abc import Callable
from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.clinic.people.breached import Breached
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.policy import Role

SENTENCE = "jeg syklet forbi tre rolige kyr på vei til jobben i det grønne regnet"


def test_a_long_sentence_without_digits_is_a_password() -> None:
    assert len(SENTENCE) >= 64
    validate_password(SENTENCE)
    with pytest.raises(ValidationError):
        validate_password("elleve tegn")


def test_a_password_is_taken_exactly_as_typed() -> None:
    kept = make_password(SENTENCE)
    assert check_password(SENTENCE, kept)
    for other in (SENTENCE.upper(), f"{SENTENCE} ", SENTENCE[:64]):
        assert not check_password(other, kept)


def test_passwords_are_kept_by_argon2id(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    kept = make_password(SENTENCE)
    assert kept.startswith("argon2$argon2id$")
    assert identify_hasher(kept).algorithm == "argon2"


def test_a_sign_in_lasts_a_shift_at_most() -> None:
    assert settings.SESSION_COOKIE_AGE <= 12 * 60 * 60
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE


def test_one_who_has_left_is_out_at_once(as_nurse: Client, nurse: Professional) -> None:
    assert as_nurse.get("/patients/").status_code == 200
    Professional.objects.filter(pk=nurse.pk).update(is_active=False)
    assert as_nurse.get("/patients/").status_code == 302


def test_another_role_holds_from_the_next_request(
    as_nurse: Client, nurse: Professional
) -> None:
    assert as_nurse.get("/patients/").status_code == 200
    Professional.objects.filter(pk=nurse.pk).update(role=Role.STATISTICIAN)
    assert as_nurse.get("/patients/").status_code in {302, 403}


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("lysglimt2026!", id="the product"),
        pytest.param("Esketamin-2026", id="the medicine"),
        pytest.param("MossMossMoss99", id="the unit"),
        pytest.param("Sykehuset 2026!", id="the house"),
        pytest.param("nurse-moss-1234", id="the user name"),
        pytest.param("123456789-0987", id="no word at all"),
    ],
)
def test_a_word_that_stands_on_the_door_is_no_password(
    nurse: Professional, password: str
) -> None:
    nurse.unit.entity.name = "Sykehuset HF"
    with pytest.raises(ValidationError):
        validate_password(password, nurse)


@pytest.mark.parametrize("password", ["lysglimt over fjorden", "korrekt hest batteri stift"])
def test_such_a_word_among_others_is_taken(nurse: Professional, password: str) -> None:
    validate_password(password, nurse)
    validate_password(password)


def hashed(password: str) -> str:
    return sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


@pytest.fixture(scope="module")
def stolen(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Breached]:
    """A list as it is given out: hashes in order, each with how often it was met."""
    file = tmp_path_factory.mktemp("stolen") / "passwords.txt"

    def stolen(*passwords: str, end: str = "\r\n") -> Breached:
        listed = sorted(map(hashed, passwords))
        lines = [f"{one}:{10**place}{end}" for place, one in enumerate(listed)]
        file.write_text("".join(lines), newline="")
        return Breached(file)

    return stolen


def refuses(list_: Breached, password: str) -> bool:
    try:
        list_.validate(password)
    except ValidationError as refusal:
        return refusal.code == "password_breached"
    return False


@given(st.sets(st.text(), max_size=30), st.text(), st.sampled_from(["\n", "\r\n"]))
def test_what_thieves_have_listed_is_refused_and_nothing_else(
    stolen: Callable[..., Breached], known: set[str], other: str, end: str
) -> None:
    list_ = stolen(*known, end=end)
    assert all(refuses(list_, one) for one in known)
    assert refuses(list_, other) is (other in known)


def test_a_list_without_counts_or_in_small_letters_is_read_too(tmp_path: Path) -> None:
    file = tmp_path / "bare.txt"
    file.write_text("\n".join(sorted(hashed(one).lower() for one in ("a", SENTENCE, "c"))))
    assert refuses(Breached(file), SENTENCE)
    assert not refuses(Breached(file), "b")
