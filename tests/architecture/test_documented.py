"""What is written down about signing in and about load is what the code does."""

import re

from allauth.account import app_settings as limits
from django.conf import settings

from lysglimt.server.configuration import Configuration, Provider
from tests.architecture.evidence import ROOT

SECURITY = ROOT / "docs/security"


def rows(document: str, heading: str = "# ") -> dict[str, list[str]]:
    """First cell to the others, of the table below a heading."""
    text = (SECURITY / document).read_text(encoding="utf-8")
    part = text.partition(heading)[2].partition("\n## ")[0]
    lines = re.findall(r"^\| (.+) \|$", part, re.MULTILINE)
    found = [[cell.strip() for cell in line.split(" | ")] for line in lines[1:]]
    return {first.strip("`"): others for first, *others in found}


def providers() -> set[str]:
    """Of the configuration: whom else one may be vouched for by."""
    return {
        name
        for name, field in Configuration.model_fields.items()
        if any(
            isinstance(kind, type) and issubclass(kind, Provider)
            for kind in getattr(field.annotation, "__args__", ())
        )
    }


def test_every_way_in_is_written_down() -> None:
    assert providers() == {"oidc", "helseid"}
    ways = rows("signing-in.md", "## Every way in")
    assert ways.keys() == {"password", "passkey"} | providers()
    assert settings.MFA_PASSKEY_LOGIN_ENABLED
    for name, others in ways.items():
        assert all(others), name
    allowed = [int(one.split("/")[0]) for one in limits.RATE_LIMITS["login_failed"].split(",")]
    said = [
        int(number) for number in re.findall(r"\b(\d+) (?:failures|from)", ways["password"][1])
    ]
    assert sorted(said) == sorted(allowed) == [5, 20]


def test_every_time_is_written_down_as_it_is_with_its_reason() -> None:
    times = rows("signing-in.md", "## How long")
    assert int(times.pop("a shift")[0]) * 60 == settings.SESSION_COOKIE_AGE
    asked = {name for name in Configuration.model_fields if name.endswith("_minutes")}
    assert times.keys() == asked
    for name, (minutes, why) in times.items():
        assert int(minutes) == Configuration.model_fields[name].default, name
        assert len(why) > 20, name


def test_how_many_sign_ins_at_once_is_written_down() -> None:
    text = (SECURITY / "signing-in.md").read_text(encoding="utf-8")
    assert "Several sign-ins of one person at once are allowed, without a limit" in text


def test_what_a_provider_is_believed_and_when_it_ends_is_written_down() -> None:
    told = rows("signing-in.md", "## With others")
    assert told.keys() == providers()
    assert all(len(others) == 2 for others in told.values())


def test_every_command_that_reads_everything_has_its_limit_written_down() -> None:
    written = " ".join(rows("load.md"))
    told = set(re.findall(r"\w+", written))
    assert {"import", "audit", "backup", "drill", "restore", "prove", "outcomes"} <= told
