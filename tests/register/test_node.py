"""From a unit's folder to the register: whole, signed, in order, or refused with the reason."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.errors import Implausible, Inconsistent, Misstated
from lysglimt.register.findings import Fault
from lysglimt.register.indicators.facts import facts
from lysglimt.register.indicators.indicator import Counted
from lysglimt.register.node import words
from lysglimt.register.node.keeping import UNITS, receipts, refusals
from lysglimt.register.node.known import known_units
from lysglimt.register.node.receiving import Came, Received, receive
from lysglimt.register.node.view import heads, missing, pooled, standing
from lysglimt.register.parquet import NotParquet, rows_of, written
from lysglimt.register.refusals import SAID, PackageRefused, Reason
from lysglimt.register.signing import NoSigningKey, make_key, public_key, signed, signing_key
from lysglimt.register.submission import Said, as_words, opened, packed, submission

from .made import Made, Rows, register

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
KEYS = {unit: Ed25519PrivateKey.from_private_bytes(bytes([unit]) * 32) for unit in (1, 2)}
SAYS = Said(1, "consent", date(2026, 1, 1), date(2027, 5, 1), date(2027, 5, 2), "0.1.0")


def rows_of_unit(*courses: Made) -> Rows:
    return register(*(courses or (Made("a"), Made("b", after=30))))


def package(
    rows: Rows | None = None, *, unit: int = 1, after: bytes | None = None, says: Said = SAYS
) -> bytes:
    made = rows_of_unit() if rows is None else rows
    before = opened(after) if after else None
    return submission(replace(says, unit=unit), made, key=KEYS[unit], after=before)


@pytest.fixture(autouse=True)
def _the_disk_is_not_waited_for() -> Iterator[None]:
    """What is on the disk when, one test asks by itself."""
    with patch("os.fsync"):
        yield


@pytest.fixture
def node(tmp_path: Path) -> Path:
    return empty_node(tmp_path)


def empty_node(folder: Path) -> Path:
    units = [
        f'[[unit]]\nnumber = {unit}\nname = "Unit {unit}"\nlegal_basis = "consent"\n'
        f'keys = ["{public_key(key)}"]\n'
        for unit, key in KEYS.items()
    ]
    (folder / "units.toml").write_text("\n".join(units), encoding="utf-8")
    return folder


def arrive(node: Path, content: bytes) -> Received:
    return receive(content, node, at=NOW)


def refusal(node: Path, content: bytes) -> Reason:
    with pytest.raises(PackageRefused) as refused:
        arrive(node, content)
    return refused.value.reason


def held(node: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(node)): file.read_bytes()
        for file in sorted((node / UNITS).rglob("*"))
        if file.is_file()
    }


def signed_anew(content: bytes, **changed: Any) -> bytes:
    """By the unit itself, with another manifest: what it says is then the question."""
    one = opened(content)
    words = as_words(replace(one.manifest, **changed))
    return packed(words, signed(KEYS[1], words), one.tables)


def test_what_a_unit_delivers_is_what_the_register_holds(node: Path) -> None:
    came = arrive(node, package())
    assert (came.came, came.receipt.version, came.aside) == (Came.TAKEN, 1, ())
    told = facts(pooled(node).rows)
    assert told == facts(rows_of_unit())
    assert len(told[Counted.COURSE]) == 2


def test_two_units_are_one_register(node: Path) -> None:
    arrive(node, package())
    arrive(node, package(rows_of_unit(Made("c", unit=2)), unit=2))
    assert facts(pooled(node).rows) == facts(
        rows_of_unit(Made("a"), Made("b", after=30), Made("c", unit=2))
    )
    assert [one.unit for one in heads(node)] == [1, 2]


def test_the_same_rows_are_the_same_bytes_in_any_order() -> None:
    rows = rows_of_unit()
    turned = {name: list(reversed(rows[name])) for name in sorted(rows, reverse=True)}
    assert package(rows) == package(turned)
    assert package(rows) != package(rows_of_unit(Made("a")))


def test_the_same_package_twice_is_received_already(node: Path) -> None:
    content = package()
    arrive(node, content)
    before = held(node)
    again = arrive(node, content)
    assert (again.came, again.receipt.version) == (Came.KNOWN, 1)
    assert held(node) == before


def test_every_version_is_kept_and_the_latest_is_what_counts(node: Path) -> None:
    first = package()
    second = package(rows_of_unit(Made("a")), after=first)
    arrive(node, first)
    arrive(node, second)
    assert [one.version for one in receipts(node, 1)] == [1, 2]
    assert [opened(one).digest for one in (first, second)] == [
        one.digest for one in receipts(node, 1)
    ]
    assert facts(pooled(node).rows) == facts(rows_of_unit(Made("a")))
    assert arrive(node, first).came is Came.KNOWN


def test_versions_that_arrive_in_another_order_never_bring_back_the_old(node: Path) -> None:
    first = package()
    second = package(rows_of_unit(Made("a")), after=first)
    third = package(rows_of_unit(Made("a"), Made("c")), after=second)
    arrive(node, third)
    assert heads(node)[0].gap
    assert refusal(node, second) is Reason.OLDER
    assert refusal(node, first) is Reason.OLDER
    assert facts(pooled(node).rows) == facts(rows_of_unit(Made("a"), Made("c")))


def test_a_side_branch_is_refused(node: Path) -> None:
    first = package()
    second = package(rows_of_unit(Made("a")), after=first)
    other = package(rows_of_unit(Made("d")), after=first)
    arrive(node, first)
    arrive(node, second)
    assert refusal(node, other) is Reason.OLDER
    after_other = package(rows_of_unit(Made("e")), after=other)
    assert refusal(node, after_other) is Reason.BRANCHED
    skipping = signed_anew(after_other, version=7, previous=opened(first).digest)
    assert refusal(node, skipping) is Reason.BRANCHED
    assert refusal(node, package(rows_of_unit(Made("f")))) is Reason.OLDER


@pytest.fixture(scope="module")
def one_package() -> bytes:
    return package(rows_of_unit(Made("a", sessions=1)))


@pytest.fixture(scope="module")
def one_node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return empty_node(tmp_path_factory.mktemp("node"))


@given(data=st.data())
def test_a_change_to_any_byte_is_refused(
    data: st.DataObject, one_package: bytes, one_node: Path
) -> None:
    place = data.draw(st.integers(0, len(one_package) - 1))
    bit = data.draw(st.integers(1, 255))
    changed = bytearray(one_package)
    changed[place] ^= bit
    assert refusal(one_node, bytes(changed)) in {
        Reason.NOT_A_PACKAGE,
        Reason.TAMPERED,
        Reason.UNKNOWN_UNIT,
    }
    assert not held(one_node)


@given(data=st.data())
def test_a_package_that_is_cut_or_longer_is_refused(
    data: st.DataObject, one_package: bytes, one_node: Path
) -> None:
    end = data.draw(st.integers(0, len(one_package) - 1))
    more = data.draw(st.binary(min_size=1, max_size=9))
    for content in (one_package[:end], one_package + more, more + one_package, more):
        assert refusal(one_node, content) in {Reason.NOT_A_PACKAGE, Reason.TAMPERED}


def test_every_byte_of_the_head_and_of_the_directory_counts(
    one_package: bytes, one_node: Path
) -> None:
    """Where a ZIP carries what nobody reads: times, rights, the system, lengths, comments."""
    start = one_package.index(b"PK\x01\x02")
    for place in (*range(48), *range(start, start + 80), *range(-22, 0)):
        changed = bytearray(one_package)
        changed[place] ^= 1
        with pytest.raises(PackageRefused):
            arrive(one_node, bytes(changed))


def test_a_table_of_another_package_does_not_fit(node: Path) -> None:
    one, other = opened(package()), opened(package(rows_of_unit(Made("z"))))
    mixed = packed(one.said, one.signature, {**one.tables, "course": other.tables["course"]})
    assert refusal(node, mixed) is Reason.TAMPERED
    fewer = {name: content for name, content in one.tables.items() if name != "course"}
    assert refusal(node, packed(one.said, one.signature, fewer)) is Reason.TAMPERED


def test_another_unit_cannot_sign_for_this_one(node: Path) -> None:
    one = opened(package())
    forged = packed(one.said, signed(KEYS[2], one.said), one.tables)
    assert refusal(node, forged) is Reason.TAMPERED


def test_a_unit_that_nobody_knows_is_refused_and_those_known_are_named(node: Path) -> None:
    stranger = signed_anew(package(), unit=7)
    assert refusal(node, stranger) is Reason.UNKNOWN_UNIT
    [told] = refusals(node)
    assert told["nb"] == "Enhet 7 er ikke kjent her. Kjente enheter: 1, 2."


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"code_book": 2}, Reason.WRONG_SCHEMA),
        ({"schema": "0" * 64}, Reason.WRONG_SCHEMA),
        ({"legal_basis": "opt-out"}, Reason.LEGAL_BASIS),
        ({"made_on": date(2027, 6, 2)}, Reason.NOT_YET),
    ],
)  # fmt: skip
def test_what_the_unit_says_must_fit_what_is_known_here(
    node: Path, changed: dict[str, Any], reason: Reason
) -> None:
    assert refusal(node, signed_anew(package(), **changed)) is reason
    assert not held(node)


def test_columns_of_another_book_are_refused(node: Path) -> None:
    one = opened(package())
    course = one.tables["person"]
    tables = {**one.tables, "course": course}
    kept = {**one.manifest.tables, "course": one.manifest.tables["person"]}
    words = as_words(replace(one.manifest, tables=kept))
    assert refusal(node, packed(words, signed(KEYS[1], words), tables)) is Reason.WRONG_SCHEMA


def test_a_period_that_leaves_out_what_was_delivered_is_refused(node: Path) -> None:
    first = package()
    arrive(node, first)
    later = package(after=first, says=replace(SAYS, since=date(2026, 2, 1)))
    sooner = package(after=first, says=replace(SAYS, until=date(2027, 4, 30)))
    assert refusal(node, later) is Reason.NARROWER
    assert refusal(node, sooner) is Reason.NARROWER
    assert arrive(node, package(after=first)).receipt.version == 2


def test_rows_of_someone_who_opted_out_are_not_taken_and_nothing_of_them_is_kept(
    node: Path,
) -> None:
    content = package(rows_of_unit(Made("a"), Made("b", choice="reserved")))
    assert refusal(node, content) is Reason.RESERVED
    assert not held(node)
    [told] = refusals(node)
    assert "course 1" in told["en"]
    assert not [
        file for file in node.rglob("*") if file.is_file() and b"p-b" in file.read_bytes()
    ]


def opting_out() -> Rows:
    """Unit 1 knows that x has opted out, and nothing else of x."""
    rows = rows_of_unit(Made("a"))
    rows["person"].append({"person": "p-x", "birth_year": 1970, "sex": "f"})
    choice = {"person": "p-x", "choice": "reserved", "chosen_on": date(2026, 9, 1)}
    rows["registration"].append(choice)
    return rows


def test_who_opted_out_in_one_unit_is_counted_in_none(node: Path) -> None:
    arrive(node, package(opting_out()))
    theirs = package(rows_of_unit(Made("x", unit=2), Made("y", unit=2)), unit=2)
    came = arrive(node, theirs)
    assert [one.fault for one in came.aside if one.table == "person"] == [Fault.OPTED_OUT]
    assert (came.receipt.aside["session"], came.receipt.rows["session"]) == (6, 6)
    assert [one["course"] for one in facts_of(node)] == ["c-a", "c-y"]
    # That unit 1 says so still holds.
    assert "p-x" in {row["person"] for row in pooled(node).rows["registration"]}


def test_who_opts_out_after_another_unit_delivered_is_counted_no_more(node: Path) -> None:
    arrive(node, package(rows_of_unit(Made("x", unit=2), Made("y", unit=2)), unit=2))
    assert len(facts(pooled(node).rows)[Counted.COURSE]) == 2
    arrive(node, package(opting_out()))
    assert len(facts(pooled(node).rows)[Counted.COURSE]) == 2
    later = rows_of_unit(Made("x", unit=2), Made("y", unit=2))
    again = {"person": "p-x", "choice": "register", "chosen_on": date(2027, 1, 1)}
    later["registration"].append(again)
    first = package(rows_of_unit(Made("x", unit=2), Made("y", unit=2)), unit=2)
    assert not arrive(node, package(later, unit=2, after=first)).aside
    assert len(facts(pooled(node).rows)[Counted.COURSE]) == 3


def unchecked(rows: Rows) -> bytes:
    """From a unit whose software does not look before it sends."""
    with patch("lysglimt.register.submission.validate_all", return_value=iter(())):
        return package(rows)


def test_a_row_that_cannot_be_is_set_aside_with_what_hangs_on_it(node: Path) -> None:
    rows = rows_of_unit(Made("a"), Made("b"))
    rows["course"][0]["phase"] = "finished"
    came = arrive(node, unchecked(rows))
    first = came.aside[0]
    assert (first.table, first.row, first.variable, first.fault) == (
        "course",
        1,
        "phase",
        Fault.LIST,
    )
    assert first.value == "finished"
    assert "planned, induction" in first.allowed.nb
    assert came.receipt.aside["session"] == 6
    assert [one["course"] for one in facts_of(node)] == ["c-b"]


def facts_of(node: Path) -> list[dict[str, object]]:
    return [dict(row) for row in pooled(node).rows["course"]]


def test_of_someone_whose_choice_cannot_be_read_nothing_is_counted(node: Path) -> None:
    rows = rows_of_unit(Made("a"), Made("b", choice="reserved"))
    rows["registration"][1]["chosen_on"] = None
    rows["registration"][1]["choice"] = "no thanks"
    came = arrive(node, unchecked(rows))
    assert Fault.UNCLEAR_CHOICE in {one.fault for one in came.aside}
    held = pooled(node).rows
    assert "p-b" not in {row["person"] for name in ("person", "course") for row in held[name]}
    assert [row["course"] for row in held["course"]] == ["c-a"]


def test_a_choice_that_names_nobody_stops_the_whole_delivery(node: Path) -> None:
    rows = rows_of_unit()
    rows["registration"][1]["person"] = None
    assert refusal(node, unchecked(rows)) is Reason.NAMELESS_CHOICE


def test_a_unit_speaks_for_itself_alone(node: Path) -> None:
    rows = rows_of_unit(Made("a"), Made("b", unit=2))
    came = arrive(node, unchecked(rows))
    assert {one.fault for one in came.aside} == {Fault.OTHER_UNIT, Fault.DANGLING}
    assert [one["course"] for one in facts_of(node)] == ["c-a"]


def test_without_its_own_row_a_unit_delivers_nothing(node: Path) -> None:
    rows = rows_of_unit()
    rows["unit"] = []
    assert refusal(node, unchecked(rows)) is Reason.NO_UNIT


def test_a_unit_puts_its_rows_right_before_they_leave() -> None:
    rows = rows_of_unit()
    rows["course"][0]["phase"] = "finished"
    with pytest.raises(PackageRefused, match=r"not-valid: .* 1 findings"):
        package(rows)


class Stopped(BaseException):
    """The machine: nothing that comes after is done."""


def stopping(after: int) -> Callable[..., None]:
    left = iter(range(after))

    def step(*_: object, **__: object) -> None:
        if next(left, None) is None:
            raise Stopped

    return step


def steps_of(content: bytes, scratch: Path) -> int:
    """How often the disk is waited for while a package is taken."""
    with patch("os.fsync") as waited:
        arrive(scratch, content)
    return waited.call_count


def test_a_machine_that_stops_at_any_step_leaves_the_old_or_the_new(
    node: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    first = package(rows_of_unit(Made("a", sessions=1)))
    second = package(rows_of_unit(Made("b", sessions=1)), after=first)
    arrive(node, first)
    old = held(node)

    def copied() -> Path:
        return shutil.copytree(node, tmp_path_factory.mktemp("stopped") / "node")

    whole = copied()
    steps = steps_of(second, whole)
    new = held(whole)
    tried, left = (0, 1, steps // 2, *range(steps - 6, steps)), []
    for step in tried:
        scratch = copied()
        with patch("os.fsync", stopping(step)), pytest.raises(Stopped):
            arrive(scratch, second)
        left.append(held(scratch))
        assert left[-1] in (old, new)
        arrive(scratch, second)
        assert held(scratch) == new
        assert not [file for file in (scratch / "aside").rglob("*") if file.is_file()]
    assert left[0] == old
    assert left[-1] == new


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from lysglimt.register.node.receiving import receive

package, node, steps = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
left = iter(range(steps))

def wait(_):
    if next(left, None) is None:
        os.kill(os.getpid(), signal.SIGKILL)

os.fsync = wait
receive(package.read_bytes(), node, at=datetime(2027, 6, 1, 12, tzinfo=UTC))
"""


@pytest.mark.second_ring
@pytest.mark.parametrize("back", [30, 20, 5, 4, 3, 2, 1])
def test_a_process_that_is_killed_leaves_the_old_or_the_new(
    node: Path, tmp_path_factory: pytest.TempPathFactory, back: int
) -> None:
    first = package(rows_of_unit(Made("a", sessions=1)))
    second = package(rows_of_unit(Made("b", sessions=1)), after=first)
    arrive(node, first)
    old = held(node)
    whole = shutil.copytree(node, tmp_path_factory.mktemp("whole") / "node")
    steps = steps_of(second, whole)
    file = tmp_path_factory.mktemp("line") / "2.zip"
    file.write_bytes(second)
    asked = [sys.executable, "-c", KILLED, str(file), str(node), str(max(0, steps - back))]
    ran = subprocess.run(asked, check=False, capture_output=True)
    assert ran.returncode == -signal.SIGKILL
    assert held(node) == (old if back > 3 else held(whole))
    arrive(node, second)
    assert held(node) == held(whole)


def test_the_list_of_units_is_read_strictly(node: Path) -> None:
    file = node / "units.toml"
    text = file.read_text(encoding="utf-8")
    for wrong, said in (
        (text.replace("legal_basis", "legal_base", 1), "the nearest is 'legal_basis'"),
        (text.replace('"consent"', '"trust"', 1), "legal_basis: 'trust'"),
        (text.replace('keys = ["', 'keys = ["AA', 1), "is no Ed25519 public key"),
        (text.replace("number = 2", "number = 1", 1), "number: the same stands twice"),
        (text.replace("number = 2", "number = 0", 1), "allowed is 1 or more"),
    ):
        file.write_text(wrong, encoding="utf-8")
        with pytest.raises(Misstated, match=said):
            known_units(node)
    file.unlink()
    with pytest.raises(Misstated, match="is missing"):
        known_units(node)


def test_a_unit_whose_key_was_struck_delivers_no_more(node: Path) -> None:
    first = package()
    arrive(node, first)
    text = (node / "units.toml").read_text(encoding="utf-8")
    (node / "units.toml").write_text(text.replace(public_key(KEYS[1]), "", 1).replace('keys = [""]', "keys = []", 1), "utf-8")  # fmt: skip
    assert refusal(node, package(after=first)) is Reason.TAMPERED
    assert len(heads(node)) == 1


def test_a_key_is_never_written_over_and_only_an_ed25519_key_signs(tmp_path: Path) -> None:
    file = tmp_path / "unit.pem"
    told = make_key(file)
    assert public_key(signing_key(file)) == told
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(NoSigningKey, match="a name that is free"):
        make_key(file)
    file.write_text("no key", encoding="utf-8")
    with pytest.raises(NoSigningKey, match="an Ed25519 key in PEM"):
        signing_key(file)


@pytest.mark.parametrize(
    ("value", "kept"),
    [(0.1, True), ("1.123456", True), (10**13, True), (0.1 + 0.2, False), (10**14, False)],
)
def test_an_amount_is_kept_exactly_or_refused(value: object, *, kept: bool) -> None:
    row = {"course": "c", "session": 1, "delivered_mg": Decimal(str(value))}
    if kept:
        [back] = rows_of(written("session", [row]), name="x")
        assert back["delivered_mg"] == Decimal(str(value))
    else:
        with pytest.raises(Implausible, match=r"session\.delivered_mg: .* 14 digits before"):
            written("session", [row])


def test_what_is_no_parquet_is_refused_by_its_name() -> None:
    with pytest.raises(NotParquet, match=r"course\.parquet"):
        rows_of(b"PAR1 no more", name="course.parquet")


def test_every_reason_is_said_in_both_languages() -> None:
    assert set(SAID) == set(Reason)
    assert all(one.nb != one.en for one in SAID.values())


def test_what_two_units_claim_differently_is_told(node: Path) -> None:
    arrive(node, package())
    rows = rows_of_unit(Made("b", unit=2, born=1950))
    receive(package(rows, unit=2), node, at=NOW + timedelta(hours=1))
    found = pooled(node)
    assert found.claimed["person"] == 1
    assert {row["person"]: row["birth_year"] for row in found.rows["person"]}["p-b"] == 1950


def test_what_is_expected_and_missing_is_counted(node: Path) -> None:
    arrive(node, package(rows_of_unit(Made("a", failed=None), Made("b"))))
    told = {
        (one.table, one.variable): (one.missing, one.of) for one in missing(pooled(node).rows)
    }
    assert told["eligibility", "failed_in_episode"] == (1, 2)
    assert ("course", "stop_ground") not in told


def test_the_row_of_the_unit_has_the_basis_that_the_unit_delivers_under(node: Path) -> None:
    rows = rows_of_unit()
    rows["unit"][0]["legal_basis"] = "opt-out"
    assert refusal(node, package(rows)) is Reason.LEGAL_BASIS


def test_a_manifest_that_counts_other_rows_is_refused(node: Path) -> None:
    content = package()
    tables = opened(content).manifest.tables
    more = {**tables, "course": replace(tables["course"], rows=7)}
    assert refusal(node, signed_anew(content, tables=more)) is Reason.TAMPERED


@pytest.mark.parametrize(
    "changed",
    [
        {"since": date(2027, 5, 2)},
        {"until": date(2027, 5, 3)},
        {"version": 2},
        {"previous": "0" * 64},
        {"version": 0},
    ],
)  # fmt: skip
def test_a_manifest_that_contradicts_itself_cannot_be_written(changed: dict[str, Any]) -> None:
    with pytest.raises(Inconsistent):
        signed_anew(package(rows_of_unit(Made("a", sessions=0))), **changed)


def test_a_key_of_another_kind_does_not_sign(tmp_path: Path) -> None:
    file = tmp_path / "unit.pem"
    file.write_bytes(
        Ed448PrivateKey.generate().private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
    )
    with pytest.raises(NoSigningKey, match="an Ed25519 key in PEM"):
        signing_key(file)


def test_the_node_says_what_is_not_as_it_should_be(node: Path) -> None:
    first = package()
    came = arrive(node, package(rows_of_unit(Made("a"), Made("b")), after=first))
    assert "Pakken før denne er ikke her." in list(words.received(came, "nb"))
    arrive(node, package(rows_of_unit(Made("b", unit=2, born=1950)), unit=2))
    told = "\n".join(words.status(standing(node), "en"))
    assert "  The package before this one is not here." in told
    assert "person: 1 keys are delivered differently by two units" in told
