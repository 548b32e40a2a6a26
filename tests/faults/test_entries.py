"""What a hand types and what another machine answers: a value, or a refusal of its own, never else."""

import ast
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, time
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from django.test import Client, override_settings
from hypothesis import event, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from lysglimt.clinic.audit.anchoring import MARK, NoAnchor, anchors, line
from lysglimt.clinic.audit.chain import Head
from lysglimt.clinic.audit.trail import verdict
from lysglimt.clinic.chairside.forms.vitals import pressure_parted
from lysglimt.clinic.design.amounts import AmountField
from lysglimt.clinic.design.clock import ClockField
from lysglimt.clinic.design.days import DayField, MomentField, day_typed
from lysglimt.clinic.design.numerals import number_typed
from lysglimt.knowledge.catalogue import parse
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.instruments.instrument import Instrument
from lysglimt.knowledge.quantities import typed_number
from lysglimt.server import providers
from lysglimt.server.backup import chest
from lysglimt.server.configuration import HelseId, OpenIdConnect
from tests.architecture.evidence import ROOT
from tests.clinic.conftest import NOON
from tests.clinic.people.helseid_issuer import CLIENT_ID, CLIENT_KEY
from tests.faults.misread import documents, files
from tests.faults.test_parsers import folder, tried, written
from tests.server.commands import lysglimt

__all__ = ["folder"]
PARSERS = "tests/faults/test_parsers.py"
HERE = "tests/faults/test_entries.py"
EVERY: Mapping[str, str] = {
    "a table in CSV or a workbook": f"{PARSERS}::test_a_table_is_read_or_refused",
    "a cell of such a table": f"{PARSERS}::test_any_text_is_read_or_refused",
    "a table of scores": f"{PARSERS}::test_a_table_of_scores_is_reckoned_or_refused",
    "answers in JSON": f"{HERE}::test_answers_are_scored_or_refused",
    "answers in a line": f"{HERE}::test_a_line_of_answers_is_scored_or_refused",
    "a candidate in JSON": f"{PARSERS}::test_a_candidate_is_screened_or_refused",
    "the facts of a course in JSON": f"{PARSERS}::test_the_facts_of_a_course_are_read_or_refused",
    "a protocol in TOML": f"{PARSERS}::test_a_clinic_s_own_protocol_is_loaded_or_refused",
    "an instrument in TOML": f"{HERE}::test_an_instrument_is_read_or_refused",
    "a FHIR Questionnaire": f"{PARSERS}::test_a_licensed_wording_is_taken_or_refused",
    "an identity number": "tests/clinic/people/test_identity.py::test_only_eleven_digits_are_ever_read",
    "a day": f"{HERE}::test_a_day_is_read_or_refused",
    "a moment": f"{HERE}::test_a_moment_is_read_or_refused",
    "a time of day": f"{HERE}::test_a_time_is_read_or_refused",
    "a number": f"{HERE}::test_a_number_is_read_or_refused",
    "a blood pressure": f"{HERE}::test_a_pressure_is_parted_or_left_as_it_is",
    "the configuration": f"{PARSERS}::test_a_configuration_is_read_or_refused",
    "a backup": f"{HERE}::test_a_backup_is_read_or_refused",
    "an anchor of the trail": f"{HERE}::test_a_line_of_anchors_is_read_or_refused",
    "what HelseID answers": f"{HERE}::test_whatever_a_provider_answers_nobody_comes_in",
    "what the hospital's provider answers": f"{HERE}::test_whatever_a_provider_answers_nobody_comes_in",
}
"""Everything that reads what others wrote, and the property that holds for any text."""
TYPED = st.one_of(
    st.text(max_size=40),
    st.text("0123456789.,:-/ eE+٣½−", max_size=24),
    st.from_regex(r"\A\d{1,3}[/ ]\d{1,3}\Z"),
    st.integers().map(str),
    st.just("1" * 5_000),
)
HEAD = Head(number=1, seq=4, digest="d" * 64, made_at=NOON, key_id="k" * 16, mac="m" * 64)


def test_every_parser_of_what_others_wrote_is_tried_with_anything() -> None:
    for parser, test in EVERY.items():
        file, _, name = test.partition("::")
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        [found] = [
            one
            for one in ast.walk(tree)
            if isinstance(one, ast.FunctionDef) and one.name == name
        ]
        marks = [
            ast.unparse(mark)
            for one in ast.walk(found)
            if isinstance(one, ast.FunctionDef)
            for mark in one.decorator_list
        ]
        assert any(mark.startswith("given(") for mark in marks), parser


@tried
@given(content=documents({"q1": 1, "q2": None, "q9": 3}))
def test_answers_are_scored_or_refused(folder: Path, content: bytes) -> None:
    written(folder, "answers.json", content)
    ran = lysglimt("score", "phq-9", "--answers", "answers.json", folder=folder)
    event(f"exit {ran.code}")
    assert ran.code in {0, 2}
    assert ran.out or ran.err


@tried
@given(typed=TYPED)
def test_a_line_of_answers_is_scored_or_refused(folder: Path, typed: str) -> None:
    ran = lysglimt("score", "rass", "--", typed, folder=folder)
    assert ran.code in {0, 2}
    assert ran.out or ran.err


AUDIT_C = (ROOT / "src/lysglimt/knowledge/instruments/catalogue/audit_c.toml").read_bytes()


@tried
@given(content=files(AUDIT_C))
def test_an_instrument_is_read_or_refused(content: bytes) -> None:
    try:
        found = parse(Instrument, content.decode(errors="replace"), name="audit_c.toml")
    except ClinicalError as refusal:
        event(refusal.code)
    else:
        assert found.items


@tried
@given(typed=TYPED)
def test_a_day_is_read_or_refused(typed: str) -> None:
    read = day_typed(typed)
    assert read is None or isinstance(read, date)
    try:
        assert isinstance(DayField(required=False).clean(typed), date | None)
    except forms.ValidationError as refusal:
        event(str(refusal.code))


@tried
@given(typed=TYPED)
def test_a_moment_is_read_or_refused(typed: str) -> None:
    try:
        found = MomentField(required=False).clean(typed)
    except forms.ValidationError as refusal:
        event(str(refusal.code))
    else:
        assert found is None or found.tzinfo is not None


@pytest.mark.parametrize(
    ("field", "typed"), [(DayField(), "14.03.1826"), (MomentField(), "14.03.1826 09:30")]
)
def test_a_year_of_another_century_is_a_slip_of_the_hand(
    field: forms.Field, typed: str
) -> None:
    with pytest.raises(forms.ValidationError) as refusal:
        field.clean(typed)
    assert refusal.value.messages == ["14.03.1826 er for tidlig; tidligst 01.01.1900 godtas."]


@tried
@given(typed=TYPED)
def test_a_time_is_read_or_refused(typed: str) -> None:
    try:
        assert isinstance(ClockField(required=False).clean(typed), time | None)
    except forms.ValidationError as refusal:
        event(str(refusal.messages[0][:12]))


@tried
@given(typed=TYPED)
def test_a_number_is_read_or_refused(typed: str) -> None:
    for read in (number_typed, typed_number):
        found = read(typed)
        assert found is None or found.is_finite()
    field = AmountField(lowest=Decimal(1), highest=Decimal(300), required=False)
    try:
        number = field.clean(typed)
    except forms.ValidationError as refusal:
        event(str(refusal.messages[0][:12]))
    else:
        assert number is None or 1 <= number <= 300


@tried
@given(typed=TYPED)
def test_a_pressure_is_parted_or_left_as_it_is(typed: str) -> None:
    sent = QueryDict(mutable=True)
    sent["systolic"] = typed
    parted = pressure_parted(sent)
    assert parted is not None
    said = [str(parted[name]) for name in ("systolic", "diastolic") if name in parted]
    assert "/".join(said) == typed


@tried
@given(text=st.binary(max_size=400))
def test_a_backup_is_read_or_refused(text: bytes) -> None:
    whole = io.BytesIO()
    chest.write(io.BytesIO(b"everything" * 30), whole)
    sound = whole.getvalue()
    for given_ in (text, chest.MAGIC + text, sound[: len(text)], sound[:60] + text):
        try:
            b"".join(chest.read(io.BytesIO(given_)))
        except ClinicalError as refusal:
            event(refusal.code)
        else:
            pytest.fail("a backup that nobody made was read")


@tried
@given(content=documents(json.loads(line(HEAD).removeprefix(MARK))))
@pytest.mark.django_db
def test_a_line_of_anchors_is_read_or_refused(folder: Path, content: bytes) -> None:
    place = written(folder, "anchors", f"{MARK} ".encode() + content)
    try:
        found = list(anchors(place))
    except NoAnchor as refusal:
        event(refusal.code)
    else:
        assert verdict(found).anchors == len(found)


class Pages(dict[str, bytes]):
    """By path: what a provider of this machine answers."""


@contextmanager
def answering(pages: Pages) -> Iterator[str]:
    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            self.rfile.read(length)
            body = pages.get(self.path, b"")
            self.send_response(201 if self.path == "/par" else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["helseid", "oidc"])
def test_whatever_a_provider_answers_nobody_comes_in(who: str) -> None:
    pages = Pages()
    with answering(pages) as issuer, override_settings(DEMO=False, **configured(issuer)):
        sound = sound_answers(issuer)

        @settings(tried, max_examples=60)
        @given(place=st.sampled_from(sorted(sound)), data=st.data())
        def is_refused(place: str, data: st.DataObject) -> None:
            pages.clear()
            pages.update({path: json.dumps(said).encode() for path, said in sound.items()})
            pages[place] = data.draw(documents(sound[place]))
            client = Client(raise_request_exception=True)
            start = "/sign-in/helseid/" if who == "helseid" else "/sign-in/oidc/go/"
            back = "/sign-in/helseid/back/" if who == "helseid" else "/sign-in/oidc/back/"
            statuses = [client.post(start).status_code]
            state = state_of(client)
            statuses.append(client.get(back, {"code": "c", "state": state}).status_code)
            event(str(statuses))
            assert set(statuses) <= {302, 403}
            assert "_auth_user_id" not in client.session

        is_refused()


def state_of(client: Client) -> str:
    """As the browser would bring it back, where it can be known."""
    kept = client.session.get("socialaccount_states", {})
    return next(iter(kept), "")


def configured(issuer: str) -> dict[str, Any]:
    oidc = OpenIdConnect(name="Sykehuset", issuer=issuer, client_id="lysglimt")
    given_: Any = SimpleNamespace(oidc=oidc, oidc_client_secret=SecretStr("x"), helseid=None)
    return {
        "HELSEID": HelseId(issuer=issuer, client_id=CLIENT_ID),
        "HELSEID_KEY": SecretStr(json.dumps(CLIENT_KEY.as_dict(private=True))),
        "OPENID_CONNECT": oidc,
        "SOCIALACCOUNT_PROVIDERS": providers.allauth(given_),
    }


def sound_answers(issuer: str) -> dict[str, Any]:
    """As far as an issuer goes that has vouched for nobody."""
    return {
        "/.well-known/openid-configuration": {
            "issuer": issuer,
            "pushed_authorization_request_endpoint": f"{issuer}/par",
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "jwks_uri": f"{issuer}/keys",
        },
        "/par": {"request_uri": "urn:x", "expires_in": 60},
        "/token": {"access_token": "a", "token_type": "DPoP", "id_token": "a.b.c"},
        "/keys": {"keys": []},
        "/userinfo": {"sub": "person"},
    }
