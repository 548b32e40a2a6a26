"""A file of facts is read strictly: what is wrong is named where it stands."""

import pytest

from lysglimt.knowledge.errors import Misstated
from lysglimt.knowledge.protocols.facts_file import read_facts

SESSION = '"sessions": [{"on": "2026-02-19", "prescribed": 40, "delivered": 24.5}]'


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        pytest.param(
            '{"sesions": []}',
            "f.json: sesions: 'sesions' is unknown, the nearest is 'sessions'",
            id="a misspelt key",
        ),
        pytest.param(
            '{"consented": "2026-02-30"}',
            "f.json: consented: a date belongs here, not '2026-02-30'",
            id="a day that is none",
        ),
        pytest.param(
            '{"consented": "20260228"}',
            "f.json: consented: a date belongs here, not '20260228'",
            id="a date written otherwise",
        ),
        pytest.param(
            '{"registration": "registry"}',
            "f.json: registration: 'registry' is unknown, the nearest is 'register'",
            id="a registration that is none",
        ),
        pytest.param(
            '{"sessions": [{"on": "2026-02-19", "prescribed": 40}]}',
            "f.json: sessions.1: prescribed and delivered belong together",
            id="half an amount",
        ),
        pytest.param(
            '{"sessions": [{"on": "2026-02-19", "prescribed": 0, "delivered": 0}]}',
            "f.json: sessions.1: prescribed: 0 mg is not above 0",
            id="nothing prescribed",
        ),
        pytest.param(
            '{"sessions": [{"on": "2026-02-19", "prescribed": 40, "delivered": -1}]}',
            "f.json: sessions.1: delivered: -1 mg is below 0",
            id="less than nothing given",
        ),
        pytest.param(
            '{"ratings": [{"instrument": "madsr", "total": 1, "on": "2026-02-19"}]}',
            "f.json: ratings.1: No instrument is called 'madsr', the nearest is 'madrs'",
            id="an instrument that is none",
        ),
        pytest.param(
            '{"ratings": [{"instrument": "madrs", "total": 61, "on": "2026-02-19"}]}',
            "f.json: ratings.1: total: 61",
            id="above the highest total",
        ),
        pytest.param(
            '{"pauses": [{"start": "2026-02-19", "end": "2026-02-18", "reason": "x"}]}',
            "f.json: pauses.1: end: 2026-02-18 is before start, 2026-02-19",
            id="a pause that ends before it starts",
        ),
        pytest.param(
            '{"decisions": [{"kind": "stop", "on": "2026-02-19", "reason": " ", "by": "A"}]}',
            "f.json: decisions.1: reason: is empty; a decision carries its reason",
            id="a decision without a reason",
        ),
        pytest.param(
            '{"decisions": [{"kind": "stop", "on": "2026-02-19", "reason": "x", "by": ""}]}',
            "f.json: decisions.1: by: is empty; a decision carries its author",
            id="a decision by nobody",
        ),
        pytest.param(
            '{"consented": "2026-01-01", "consented": "2026-02-01"}',
            "f.json: 'consented' is given twice",
            id="two consents, of which one would be lost",
        ),
        pytest.param(
            '{"registration": "register", "sessions": [{"on": "2026-02-19", "on": "2026-02-20"}]}',
            "f.json: 'on' is given twice",
            id="a session on two days",
        ),
        pytest.param(
            "{", "f.json: Expecting property name enclosed in double quotes", id="no JSON"
        ),
    ],
)
def test_what_is_wrong_is_named_where_it_stands(stated: str, expected: str) -> None:
    with pytest.raises(Misstated) as refusal:
        read_facts(stated, name="f.json")
    assert str(refusal.value).startswith(expected)


def test_what_is_right_is_read_exactly() -> None:
    facts = read_facts("{" + SESSION + "}", name="f.json")
    assert str(facts.sessions[0].share) == "61.25"
    assert facts.consented is None


def test_an_instrument_without_a_total_is_answered_and_not_rated() -> None:
    stated = '{"answered": [{"instrument": "cssrs_screener", "on": "2026-02-19"}]}'
    assert read_facts(stated, name="f.json").answered[0].instrument == "cssrs_screener"
    rated = '{"ratings": [{"instrument": "cssrs_screener", "total": 3, "on": "2026-02-19"}]}'
    with pytest.raises(Misstated, match="'cssrs_screener' makes no total"):
        read_facts(rated, name="f.json")
