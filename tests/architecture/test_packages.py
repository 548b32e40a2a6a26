"""What is installed with the product is known: its licence, its reason, its hash."""

import json
import re

from tests.architecture.evidence import ROOT
from tools.packages import EXCEPTED, FREE, LOCK, Package, packages

FOUND = packages()


def test_every_package_is_locked_by_hash() -> None:
    text = LOCK.read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", text)[1:]
    assert len(entries) == len(FOUND) > 30
    assert not [entry for entry in entries if "--hash=sha256:" not in entry]


def test_a_package_may_be_installed_with_a_free_product() -> None:
    refused = [f"{one.name}: {one.licence}" for one in FOUND if not one.permitted]
    assert not refused, "\n".join(refused)


def test_a_licence_nobody_looked_at_is_refused() -> None:
    assert not Package("x", "1", "GPL-3.0-only", "?", native=False).permitted
    assert not Package("x", "1", "unknown", "?", native=False).permitted
    assert not EXCEPTED.keys() - {one.name for one in FOUND}
    assert not [one.name for one in FOUND if one.licence in FREE and one.name in EXCEPTED]


def test_every_package_has_a_reason() -> None:
    assert not [one.name for one in FOUND if one.reason == "needed by "]
    table = (ROOT / "docs/security/soup.md").read_text(encoding="utf-8")
    assert not [one.name for one in FOUND if f"| {one.name} | {one.version} |" not in table]


def test_the_bill_of_materials_is_the_lock() -> None:
    text = (ROOT / "docs/security/sbom.json").read_text(encoding="utf-8")
    listed = {(one["name"], one["version"]) for one in json.loads(text)["components"]}
    assert listed == {(one.name, one.version) for one in FOUND}


def test_the_bill_of_materials_is_sound_cyclonedx() -> None:
    # It is slow to import, and every process of a run gathers every test.
    from cyclonedx.schema import SchemaVersion  # noqa: PLC0415
    from cyclonedx.validation.json import JsonStrictValidator  # noqa: PLC0415

    text = (ROOT / "docs/security/sbom.json").read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
