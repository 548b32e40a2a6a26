"""What is refused at the chair is said in the reader's words: no code, no name of a field."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import override

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.models import Session, SessionOrder
from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.design.wordings import FIELDS, SAID_WHOLE, WORDINGS
from lysglimt.clinic.people.models import Professional
from lysglimt.knowledge.dosing.delivery import PumpAct
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.verdict import Standing
from tests.clinic.conftest import NOON

from .conftest import Pump, at_minute, entered, gated
from .in_words import codes_in, every_refusal_in_words

HERE = Path(actions.__file__).parents[1]
MODULES = [*HERE.rglob("*.py"), HERE.parent / "people/signing.py"]
Facts = dict[str, ast.expr]


def raised(module: Path) -> Iterator[tuple[str, Facts]]:
    """Each refusal that a module raises, by its class, and the facts that it names."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        match node:
            case ast.Raise(exc=ast.Call(func=func, args=args, keywords=keywords)):
                facts = {each.arg: each.value for each in keywords if each.arg}
                match func:
                    case ast.Attribute(value=ast.Name(id=name), attr="of"):
                        yield name, {"field": args[0], "value": args[1]}
                    case ast.Name(id=name) | ast.Attribute(attr=name):
                        yield name, facts
                    case _:
                        pass
            case _:
                pass


def refusals(of: type[ClinicalError] = ClinicalError) -> Iterator[type[ClinicalError]]:
    yield of
    for each in of.__subclasses__():
        yield from refusals(each)


CODES = {each.__name__: each.code for each in refusals()}
SITES = sorted(
    (
        pytest.param(CODES[name], facts, id=f"{module.name}:{name}:{number}")
        for module in MODULES
        for number, (name, facts) in enumerate(raised(module))
        if name in CODES
    ),
    key=lambda site: str(site.id),
)


@pytest.mark.parametrize(("code", "facts"), SITES)
def test_what_a_refusal_names_has_words(code: str, facts: Facts) -> None:
    in_the_sentence = "%(value)s" in str(WORDINGS[code]) and "value" in facts
    match facts.get("field"):
        case ast.Constant(value=str(field)):
            worded = field in FIELDS
        case ast.Name():  # chosen among fields that have words
            worded = True
        case _:
            worded = not facts
    assert code in SAID_WHOLE or in_the_sentence or worded, (
        "SAID_WHOLE or FIELDS in wordings.py"
    )


def test_the_refusals_of_the_chair_are_found() -> None:
    assert {"session.gate-closed", "signature.not-a-doctor", "order.changed"} <= {
        site.values[0] for site in SITES
    }


def test_a_code_in_a_sentence_is_seen() -> None:
    assert set(codes_in("Økten kan ikke starte (gate, oppgitt: gate:consent).")) == {
        "gate:consent",
        "gate",
    }
    assert not codes_in("Økten kan ikke starte: startkontrollen er ikke gjennomgått.")


def test_a_start_that_the_start_check_does_not_let_through_says_why_in_words(
    session: Session, order: SessionOrder, pump: Pump, psychiatrist: Professional
) -> None:
    with every_refusal_in_words(), override("nb"):
        with pytest.raises(actions.NotSigned):
            pump(0, PumpAct.START, "60")
        actions.sign_order(order=order, by=psychiatrist, at=NOON)
        with pytest.raises(actions.GateClosed) as undone:
            pump(0, PumpAct.START, "60")
        assert "startkontrollen er ikke gjennomgått" in sentence(undone.value)
        found = gated(Standing.EXCLUDED)
        actions.record_gate(
            session=session, gated=found, entered=entered(1), by=psychiatrist, at=at_minute(1)
        )
        with pytest.raises(actions.GateClosed) as closed:
            pump(2, PumpAct.START, "60")
        assert sentence(closed.value).endswith(": Grunn.")
        with pytest.raises(ClinicalError):
            actions.record_gate(
                session=session,
                gated=gated(
                    Standing.EXCLUDED, override_by=psychiatrist, override_reason="Seen"
                ),
                entered=entered(3),
                by=psychiatrist,
                at=at_minute(3),
            )
