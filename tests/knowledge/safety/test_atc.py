import pytest

from lysglimt.knowledge.eligibility.adequacy import adequacy
from lysglimt.knowledge.figures import Mark
from lysglimt.knowledge.medicine import WRITTEN
from lysglimt.knowledge.safety.antiemetics import antiemetic_rules
from lysglimt.knowledge.safety.atc import atc_index
from lysglimt.knowledge.safety.interactions import interaction_table

INDEX = atc_index()


@pytest.mark.parametrize(
    ("written", "code"),
    [
        pytest.param("oksazepam (N05BA04)", "N05BA04", id="as the list offers it"),
        pytest.param("Oksazepam", "N05BA04", id="the Norwegian name"),
        pytest.param(" oxazepam ", "N05BA04", id="the English name"),
        pytest.param("n05ba04", "N05BA04", id="the code alone"),
        pytest.param("budesonid (nesespray)", "R01AD05", id="brackets that hold no code"),
        pytest.param("oxa", None, id="the beginning of a name is no name"),
        pytest.param("buprenorfin", None, id="two of one name, and it matters which"),
        pytest.param("oksazepam (N05BA99)", None, id="a code that is not here"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_substance_is_found_by_code_or_whole_name(written: str, code: str | None) -> None:
    found = INDEX.found(written)
    assert (found.atc if found else None) == code


def test_every_code_is_whole_and_stands_once() -> None:
    codes = [one.atc for one in INDEX.substance]
    assert all(map(WRITTEN.fullmatch, codes))
    assert len(codes) == len(set(codes)) > 200


def test_no_two_substances_bear_one_name() -> None:
    for names in (
        [one.name.nb.casefold() for one in INDEX.substance],
        [one.name.en.casefold() for one in INDEX.substance],
    ):
        assert len(names) == len(set(names))


def test_what_the_table_of_trials_names_is_named_alike() -> None:
    named = INDEX.names
    assert {code: named.get(code) for code in adequacy().names} == dict(adequacy().names)


def test_every_rule_about_medicines_finds_one_of_the_index() -> None:
    """Else nobody who enters from the list would ever meet the rule."""
    table, rules = interaction_table(), antiemetic_rules()
    asked = [(group.id, group.atc) for group in table.group if group.atc]
    asked += [(table.sedatives.id, table.sedatives.atc), ("antiemetics", rules.dopamine.atc)]
    for rule, codes in asked:
        assert [one for one in INDEX.names if one.startswith(codes)], rule
    assert {one.atc for one in table.equivalent} <= INDEX.names.keys()
    assert {one.atc for one in rules.antiemetic} <= INDEX.names.keys()


def test_codes_were_checked_and_norwegian_names_are_remembered() -> None:
    assert (INDEX.codes.mark, INDEX.codes.source.key) == (Mark.SEEN, "atc")
    assert INDEX.norwegian.mark is Mark.MEMORY
