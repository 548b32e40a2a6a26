"""A message is taken apart by its own delimiters, or refused in words."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lysglimt.exchange.hl7v2.answers import acknowledgement
from lysglimt.exchange.hl7v2.message import Delimiters, escaped, parse, unescaped
from lysglimt.exchange.hl7v2.receiving import incoming
from lysglimt.exchange.hl7v2.refusals import Answer, Fault, Refused
from tests.clinic.conftest import NOON

from .vendors import PHILIPS, SAMPLES

HEADER = r"MSH|^~\&|A|B|||20260302120000||ORU^R01|1|P|2.6"
MARKS = Delimiters()
MARKED = st.text(st.sampled_from("|^~\\&\r\nXæ0 E"), max_size=40)


@given(MARKED | st.text(max_size=40))
def test_what_is_escaped_reads_as_it_was(text: str) -> None:
    written = escaped(text, MARKS)
    assert not set(written) & {"|", "^", "~", "&", "\r", "\n"}
    assert unescaped(written, MARKS, charset="utf-8") == text


@given(
    st.permutations("|^~\\&#!*").map(lambda marks: Delimiters(*marks[:5])),
    st.text(st.sampled_from("|^~\\&#!*ab"), max_size=30),
)
def test_any_delimiters_hold(marks: Delimiters, text: str) -> None:
    fields = HEADER.replace("MSH|^~\\&", "").split("|")[1:]
    header = marks.field.join([f"MSH{marks.field}{marks.encoding}", *fields])
    line = marks.field.join(["OBX", "", escaped(text, marks)])
    [segment] = parse(f"{header}\r{line}\r".encode()).named("OBX")
    assert segment.value(2) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (r"a\F\b\S\c\T\d\R\e\E\f", r"a|b^c&d~e\f"),
        (r"\X0D0A\-", "\r\n-"),
        (r"\XC3A6\ ", "æ "),
        (r"one\.br\two\.sp3\three", "one\ntwo\nthree"),
        (r"\H\bold\N\ plain", "bold plain"),
        (r"\.in+4\in", "in"),
    ],
)
def test_escapes_stand_for_what_hl7_says(raw: str, text: str) -> None:
    assert unescaped(raw, MARKS, charset="utf-8") == text


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("\\F", "not closed"),
        (r"\Q\ ", "not known"),
        (r"\X0\ ", "not known"),
        (r"\C2842\ ", "not known"),
        (r"\XFF\ ", "no utf-8"),
    ],
)
def test_an_escape_that_there_is_not_is_refused_with_its_place(raw: str, words: str) -> None:
    header = HEADER + "||||||UNICODE UTF-8"
    [segment] = parse(f"{header}\rOBX||{raw.strip()}\r".encode()).named("OBX")
    with pytest.raises(Refused, match=words) as refusal:
        segment.value(2)
    assert refusal.value.fault.where == "OBX^1^2"


@pytest.mark.parametrize(
    ("charset", "codec"),
    [
        ("8859/1", "latin-1"),
        ("8859/15", "iso8859-15"),
        ("UNICODE UTF-8", "utf-8"),
        ("unicode utf-8~8859/1", "utf-8"),
    ],
)
def test_names_are_read_in_the_character_set_that_the_header_names(
    charset: str, codec: str
) -> None:
    text = f"{HEADER}||||||{charset}\rPID|||||Ødegård^Åse\r"
    [segment] = parse(text.encode(codec)).named("PID")
    assert segment.components(5) == ["Ødegård", "Åse"]


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        pytest.param(b"", "100", "begins with MSH", id="nothing"),
        pytest.param(HEADER.encode() + b"\x00", "102", "no text", id="a zero byte"),
        pytest.param(b"PID|1\r", "100", "begins with MSH", id="no header"),
        pytest.param(b"MSH|^~\\", "100", "delimiters", id="cut in the header"),
        pytest.param(b"MSH|^^\\&|A", "102", "different", id="one delimiter twice"),
        pytest.param(b"MSHA^~\\&A", "102", "no letters", id="a letter as delimiter"),
        pytest.param(b"MSH|^~\\&|A\xe6", "102", "no ascii", id="not in the set it says"),
        pytest.param(
            (HEADER + "||||||8859/77").encode(), "103", "not read here", id="an unknown set"
        ),
        pytest.param(
            f"{HEADER}\nPID|1\n".encode(), "100", "carriage return", id="lines of a text file"
        ),
        pytest.param(f"{HEADER}\rpid|1\r".encode(), "100", "no name", id="no segment"),
        pytest.param(f"{HEADER}\r\rPID|1\r".encode(), "100", "no name", id="an empty line"),
        pytest.param(
            f"{HEADER}\r{HEADER}\r".encode(), "100", "second header", id="two headers"
        ),
        pytest.param(
            HEADER.encode() + b"\rOB\x0bMSH|^~\\&|", "100", "within", id="cut and begun anew"
        ),
    ],
)
def test_what_is_no_message_is_refused_in_words(content: bytes, error: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as refusal:
        parse(content)
    assert refusal.value.fault.error == error
    assert refusal.value.answer is Answer.REJECT


def test_carriage_return_and_line_feed_are_taken_as_one() -> None:
    segments = parse(f"{HEADER}\r\nPID|1\r\n".encode()).segments
    assert [one.name for one in segments] == ["MSH", "PID"]


def test_repetitions_and_parts_of_parts_are_told_apart() -> None:
    [pid] = parse(f"{HEADER}\rPID|||1^^^A&2&ISO~9^^^B|\r".encode()).named("PID")
    assert pid.repetitions(3) == ["1^^^A&2&ISO", "9^^^B"]
    assert (pid.value(3), pid.value(3, 4, 2), pid.value(3, 4, 9)) == ("1", "2", "")
    assert (pid.value(3, 9), pid.value(77), pid.as_sent(4)) == ("", "", "")


def test_the_header_counts_its_separator_as_its_first_field() -> None:
    header = parse(HEADER.encode()).header
    assert (header.as_sent(2), header.value(3), header.value(9, 2)) == ("^~\\&", "A", "R01")


def cut_and_changed() -> st.SearchStrategy[bytes]:
    """Samples with a piece taken out, doubled, or other bytes put in."""
    samples = st.sampled_from([one.message() for one in SAMPLES.values()])
    places = st.tuples(st.integers(0, 900), st.integers(0, 900))
    put_in = st.binary(max_size=6) | st.sampled_from([b"|", b"^", b"\\", b"\r", b"\x0b", b"~"])
    return st.builds(
        lambda one, place, new: one[: min(place)] + new + one[max(place) :],
        samples,
        places,
        put_in,
    )


@given(st.binary(max_size=300) | cut_and_changed())
@example(
    b"MSH|^~\\&|||||||ORU^R01|1|P|2.3\rOBX||NM|8867-4^^LN||" + b"9" * 400 + b"|/min|||||F\r"
)
@example(PHILIPS.message(now="99999999999999"))
def test_whatever_arrives_is_read_or_refused_and_answered(content: bytes) -> None:
    one = incoming(content)
    assert (one.report is None) is (one.answer is not Answer.ACCEPT)
    assert bool(one.faults) is (one.report is None)
    answer = acknowledgement(one.message, one.answer, one.faults, at=NOON, number="1")
    told = parse(answer)
    [msa] = told.named("MSA")
    assert msa.value(1) == one.answer.value
    assert all(error.value(3) == one.faults[0].error for error in told.named("ERR"))


def test_an_answer_names_its_message_and_the_fault_by_its_place() -> None:
    message = parse(HEADER.replace("|1|", "|7\\T\\7|").encode())
    fault = Fault("102", "OBX^2^5", "spo2 is one number")
    said = acknowledgement(message, Answer.ERROR, [fault], at=NOON, number="N1").decode()
    assert said == (
        "MSH|^~\\&|LYSGLIMT||A|B|20260302120000+0000||ACK^R01^ACK|N1|P|2.6\r"
        "MSA|AE|7\\T\\7\r"
        "ERR||OBX^2^5|102^Data type error^HL70357|E||||spo2 is one number\r"
    )


def test_an_answer_to_a_name_that_ascii_does_not_have_says_its_character_set() -> None:
    message = parse((HEADER.replace("|A|", "|Ås|") + "||||||8859/1").encode("latin-1"))
    said = acknowledgement(message, Answer.ACCEPT, at=NOON, number="N1")
    assert parse(said).header.value(5) == "Ås"


def test_a_fault_is_one_of_hl7s() -> None:
    with pytest.raises(LookupError):
        Fault("999", "", "")
