"""What a monitor says it measured, in our units, and when by our clock."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lysglimt.clinic.scheduling.calendar import OSLO
from lysglimt.exchange.hl7v2.measures import measures, number
from lysglimt.exchange.hl7v2.message import parse
from lysglimt.exchange.hl7v2.refusals import Answer, Reason, Refused
from lysglimt.exchange.hl7v2.report import Report, aged, report_of

from .vendors import DRAEGER, GE, NIHON_KOHDEN, PHILIPS, SAMPLES, Sample

SENT = datetime(2026, 3, 2, 11, tzinfo=UTC)
"""Noon in Oslo, as the samples say."""


def read(content: bytes) -> Report:
    return report_of(parse(content), zone=OSLO)


def with_lines(*lines: str, header: str = "", sample: Sample = NIHON_KOHDEN) -> Report:
    kept = (header or sample.lines[0], *sample.lines[1:4])
    return read(Sample((*kept, *lines), "", "", {}).message())


def obx(code: str = "8867-4^HR^LN", value: str = "74", unit: str = "/min", **said: str) -> str:
    at = said.get("at", "")
    return f"OBX|1|{said.get('kind', 'NM')}|{code}||{value}|{unit}|||||{said.get('status', 'F')}|||{at}"


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES.keys())
def test_each_makers_message_says_what_was_measured(sample: Sample) -> None:
    found = read(sample.message())
    assert {name: one.value for name, one in found.observed.items()} == sample.values
    assert found.unread == ()
    assert (found.sender, found.device) == (sample.sender, sample.device)
    assert {one.at for one in found.observed.values()} == {SENT}


def test_hexadecimal_codes_are_the_same_numbers() -> None:
    assert number("0002-4bb8") == 150456
    assert number("0004-0F20") == 266016
    assert number("12-34") is None
    assert number("٣") is None


def test_every_measure_of_the_table_has_a_basis() -> None:
    known = measures()
    assert known.measures.keys() == {"systolic", "diastolic", "pulse", "spo2", "respiration"}
    codes = [code for one in known.measures.values() for code in (*one.loinc, *one.mdc)]
    assert len(codes) == len(set(codes))


def test_the_heart_by_its_electrocardiogram_goes_before_the_finger() -> None:
    finger = obx("149530^PR^MDC", "80", "bpm")
    heart = obx("147842^HR^MDC", "72", "bpm")
    for lines in ((finger, heart), (heart, finger)):
        assert with_lines(*lines).observed["pulse"].value == 72
    assert with_lines(finger).observed["pulse"].value == 80


def test_of_one_name_twice_the_latest_counts() -> None:
    early, late = obx(value="70", at="20260302115900"), obx(value="75", at="20260302120000")
    assert with_lines(late, early).observed["pulse"].value == 75


@pytest.mark.parametrize("status", ["F", "P", "C", "R"])
def test_a_status_that_states_a_value_is_taken(status: str) -> None:
    assert with_lines(obx(status=status)).observed["pulse"].corrected is (status == "C")


@pytest.mark.parametrize("status", ["X", "W", "D", ""])
def test_a_status_that_states_no_value_brings_none(status: str) -> None:
    found = with_lines(obx(status=status))
    assert (found.observed, found.unread) == ({}, ())


@pytest.mark.parametrize(
    ("line", "reason", "words"),
    [
        pytest.param(obx(value="8388607"), Reason.IMPLAUSIBLE, "can have", id="probe off"),
        pytest.param(obx(value="300"), Reason.IMPLAUSIBLE, "can have", id="too quick"),
        pytest.param(obx(value="---"), Reason.MALFORMED, "one number", id="dashes"),
        pytest.param(obx(value="70~72"), Reason.MALFORMED, "one number", id="two numbers"),
        pytest.param(obx(value="2.7e2"), Reason.MALFORMED, "one number", id="a power"),
        pytest.param(
            obx(unit="mmHg"), Reason.MALFORMED, "unit", id="a unit of another measure"
        ),
        pytest.param(obx(unit=""), Reason.MALFORMED, "unit", id="no unit"),
        pytest.param(obx(kind="CE"), Reason.MALFORMED, "is a number", id="a code"),
        pytest.param(obx(at="20261332120000"), Reason.MALFORMED, "there is", id="month 13"),
        pytest.param(obx(at="noon"), Reason.MALFORMED, "YYYYMMDD", id="no time"),
    ],
)
def test_a_value_that_cannot_be_taken_is_told_with_its_reason_and_without_itself(
    line: str, reason: Reason, words: str
) -> None:
    found = with_lines(line, obx("59408-5^SpO2^LN", "97", "%"))
    [fault] = found.unread
    assert fault.reason is reason
    assert words in fault.words
    assert line.split("|")[5] not in fault.words or not line.split("|")[5]
    assert found.observed.keys() == {"spo2"}


@pytest.mark.parametrize(
    ("systolic", "diastolic", "reason"),
    [
        pytest.param("118", None, Reason.MALFORMED, id="half of it"),
        pytest.param("70", "118", Reason.IMPLAUSIBLE, id="swapped"),
        pytest.param("118", "90 later", Reason.MALFORMED, id="of two moments"),
    ],
)
def test_a_pressure_is_two_numbers_of_one_moment(
    systolic: str, diastolic: str | None, reason: Reason
) -> None:
    lines = [obx("8480-6^S^LN", systolic, "mmHg", at="20260302115900")]
    if diastolic:
        value, _, later = diastolic.partition(" ")
        at = "20260302115930" if later else "20260302115900"
        lines.append(obx("8462-4^D^LN", value, "mmHg", at=at))
    found = with_lines(*lines)
    assert found.observed == {}
    assert [one.reason for one in found.unread] == [reason]


def test_kilopascal_is_turned_into_our_unit() -> None:
    found = read(DRAEGER.message()).observed
    assert (found["systolic"].value, found["diastolic"].value) == (120, 75)


@pytest.mark.parametrize(
    ("field", "value", "error", "words"),
    [
        (8, "ADT^A01", "200", "ORU"),
        (8, "ORU^R40^ORU_R40", "200", "ORU"),
        (10, "T", "202", "production"),
        (11, "3.0", "203", "version 2"),
    ],
)
def test_what_is_not_for_us_is_rejected(field: int, value: str, error: str, words: str) -> None:
    fields = NIHON_KOHDEN.lines[0].split("|")
    fields[field] = value
    with pytest.raises(Refused, match=words) as refusal:
        with_lines(header="|".join(fields))
    assert refusal.value.answer is Answer.REJECT
    assert refusal.value.fault.error == error


@pytest.mark.parametrize("control_id", ["", "x" * 200])
def test_a_message_has_an_id_that_can_be_kept(control_id: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(NIHON_KOHDEN.message(id=control_id))
    assert refusal.value.answer is Answer.ERROR


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("202603021200", SENT),
        ("20260302120000.25", SENT + timedelta(milliseconds=250)),
        ("20260302130000+0200", SENT),
        ("20260302060000-0500", SENT),
        ("202607021200", datetime(2026, 7, 2, 10, tzinfo=UTC)),
        pytest.param(
            "202510260230", datetime(2025, 10, 26, 0, 30, tzinfo=UTC), id="twice shown"
        ),
    ],
)
def test_a_time_is_read_in_its_zone_or_ours(said: str, at: datetime) -> None:
    assert with_lines(obx(at=said)).observed["pulse"].at == at


def test_a_day_alone_is_no_moment() -> None:
    assert with_lines(obx(at="20260302")).observed["pulse"].at == SENT


SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("clock", "held", "waited", "age"),
    [
        pytest.param(0, 0, 0, 0, id="at once"),
        pytest.param(0, 0, 100, 100, id="a pressure of before"),
        pytest.param(300, 0, 100, 100, id="a clock that is ahead makes nothing newer"),
        pytest.param(-300, 0, 0, 300, id="a clock that is behind makes it older"),
        pytest.param(0, 3600, 0, 3600, id="kept back on the way"),
    ],
)
def test_nothing_is_taken_for_newer_than_it_is(
    clock: int, held: int, waited: int, age: int
) -> None:
    """``clock`` is how far that of the monitor is ahead, all in seconds."""
    shown = SENT + clock * SECOND
    at = (shown - waited * SECOND).astimezone(OSLO)
    report = with_lines(
        obx(at=f"{at:%Y%m%d%H%M%S%z}"),
        header=NIHON_KOHDEN.lines[0].replace(
            "{now}", f"{shown.astimezone(OSLO):%Y%m%d%H%M%S%z}"
        ),
    )
    received = SENT + held * SECOND
    seen: Any = aged(report, received_at=received)["pulse"].at
    assert (received - seen) / SECOND == age


def test_without_any_time_it_is_of_the_moment_it_came() -> None:
    header = NIHON_KOHDEN.lines[0].replace("{now}", "")
    report = read(Sample((header, obx()), "", "", {}).message())
    assert aged(report, received_at=SENT)["pulse"].at == SENT


@pytest.mark.parametrize(
    ("without", "known_as"),
    [
        pytest.param((), "080019FFFE0B4020^B40_GE", id="itself"),
        pytest.param(("OBX-18",), "DAGPOST 2", id="else its bed"),
        pytest.param(("OBX-18", "PV1"), "VSP^080019FFFE134535^EUI-64", id="else who sends"),
    ],
)
def test_a_device_is_known_by_the_nearest_name_and_by_no_other(
    without: tuple[str, ...], known_as: str
) -> None:
    lines = [line for line in GE.lines if line[:3] not in without]
    if "OBX-18" in without:
        lines = [line.replace("|080019FFFE0B4020^B40_GE", "") for line in lines]
    assert read(Sample(tuple(lines), "", "", {}, "utf-8").message()).device == known_as


def test_a_bed_is_named_with_all_its_parts() -> None:
    assert read(PHILIPS.message()).device == "Stol1 3 1"
