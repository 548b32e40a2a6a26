"""No secret of a second factor is found in the database, and a change of keys locks nobody out."""

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from lysglimt.server.proving.scratch import Scratch
from lysglimt.server.proving.secrecy import found
from tests.faults.coming_in import NAME, as_stored
from tests.faults.conftest import STARTED

PASSWORD = "korrekt hest batteri stift"  # noqa: S105 - of nobody
ROOT = Path(__file__).resolve().parents[2]
LYSGLIMT = ("-c", "from lysglimt.server.cli import main; main()")
MADE = ("--unit", "Moss", "--entity", "Sykehuset", "--role", "nurse", "--password-stdin")


def ran(
    scratch: Scratch, *words: str, said: str = "", keys: Mapping[str, str] | None = None
) -> str:
    environment = {**scratch.environment, "PYTHONPATH": str(ROOT)}
    if keys is not None:
        environment["LYSGLIMT_ENCRYPTION_KEYS"] = json.dumps(keys)
    done = subprocess.run(
        [sys.executable, *words],
        cwd=scratch.folder,
        env=environment,
        input=said,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def asked(scratch: Scratch, keys: Mapping[str, str], **said: str) -> Any:
    told = json.dumps({"password": PASSWORD, **said})
    return json.loads(ran(scratch, *STARTED, "tests.faults.coming_in", said=told, keys=keys))


@pytest.mark.second_ring(on="sqlite")
def test_no_secret_is_found_and_with_the_old_key_gone_everybody_comes_in(
    scratch: Scratch, figures: dict[str, object]
) -> None:
    old = json.loads(scratch.environment["LYSGLIMT_ENCRYPTION_KEYS"])
    newer = {"newer": b64encode(bytes(range(32))).decode()}
    ran(scratch, *LYSGLIMT, "user", "add", NAME, *MADE, said=f"{PASSWORD}\n")
    known = asked(scratch, old)
    needles = [*as_stored(known["secret"]), *known["codes"]]
    figures |= {
        "database": scratch.database.vendor,
        "forms of secrets searched for": len(needles),
        "found before": found(scratch.database.everything(), needles),
    }
    assert found(scratch.database.everything(), needles) == 0
    assert found(scratch.database.everything(), [NAME]) == 1, "the search finds what is there"
    changed = ran(scratch, *LYSGLIMT, "keys", "rotate", "--json", keys=newer | old)
    assert json.loads(changed)["second_factors"] == len(known["kept"]) == 2
    assert found(scratch.database.everything(), needles) == 0
    for code in ("", known["codes"][0]):
        tried = asked(scratch, newer, secret=known["secret"], code=code)
        assert tried == {"before": 302, "after": 200}


def test_the_search_knows_the_forms_in_which_a_secret_may_stand() -> None:
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - of nobody
    for before in ("", "a", "ab", '{"mfa.totp.secret":"'):
        stored = b64encode(f'{before}{secret}"'.encode())
        assert found([stored], as_stored(secret)) >= 1
