"""The catalogue is whole, and a file that contradicts itself is not read."""

from datetime import timedelta
from decimal import Decimal
from importlib.resources import files

import pytest

from lysglimt.knowledge.catalogue import parse
from lysglimt.knowledge.errors import Inconsistent, Misstated, Unknown
from lysglimt.knowledge.figures import Basis, Mark
from lysglimt.knowledge.instruments.derivation import stated
from lysglimt.knowledge.instruments.instrument import Instrument, instrument, instruments
from lysglimt.knowledge.instruments.item import Attention, LabelStatus
from lysglimt.knowledge.instruments.licence import Verbatim
from lysglimt.knowledge.instruments.safety import safety_items
from lysglimt.knowledge.sources.library import library

from . import reference

CATALOGUE = files("lysglimt.knowledge.instruments") / "catalogue"


def text(scale: str) -> str:
    return (CATALOGUE / f"{scale}.toml").read_text(encoding="utf-8")


def test_all_thirty_three_instruments_are_there_with_their_items() -> None:
    counts = {one.id: len(one.items) for one in instruments().values()}
    assert counts == reference.REFERENCE["item_counts"]
    assert len(counts) == 33


@pytest.mark.parametrize(("scale", "bounds"), reference.REFERENCE["ranges"].items())
def test_the_total_has_the_published_range(scale: str, bounds: list[float]) -> None:
    scoring = instrument(scale).scoring
    assert [scoring.lowest, scoring.highest] == [Decimal(str(bound)) for bound in bounds]


def test_an_instrument_unheard_of_is_answered_with_the_nearest() -> None:
    with pytest.raises(Unknown, match="nearest is 'madrs'") as refusal:
        instrument("mards")
    assert refusal.value.facts["value"] == "mards"


def test_an_item_unheard_of_is_answered_with_the_nearest() -> None:
    assert instrument("phq9").item("difficulty").asked_when_total_above == 0
    with pytest.raises(Unknown, match="no item 'j9', the nearest is 'i9'"):
        instrument("phq9").item("j9")
    with pytest.raises(Unknown, match="nearest is ''"):
        instrument("kset").item("i1")


def test_no_code_stands_for_two_instruments() -> None:
    codes = [(code.system, code.code) for one in instruments().values() for code in one.codes]
    assert len(codes) == len(set(codes))
    panel = [code.code for code in instrument("gad7").codes if code.of == "panel"]
    assert panel == ["69737-5"]


def test_a_risk_level_is_known_as_a_code_and_never_sent() -> None:
    unsent = {
        code.code for one in instruments().values() for code in one.codes if not code.send
    }
    assert unsent == {"93374-7"}


def test_the_grading_of_suicide_risk_is_on_record_and_computed_nowhere() -> None:
    triage = stated(instrument("cssrs_screener").scoring.triage)
    assert triage.basis.awaits_approval
    assert triage.why_basis.source.key == "helsedir"
    assert instrument("cssrs_screener").bands == ()


def test_every_item_on_suicidality_is_on_the_map_with_its_thresholds() -> None:
    rows = {
        (row.instrument, row.item.number): (row.rule.review_at, row.rule.urgent_at)
        for row in safety_items()
    }
    expected = {
        (scale, str(number)): (review, urgent)
        for scale, number, review, urgent in reference.REFERENCE["safety"]
        if scale != "cssrs_screener"
    }
    screener = {("cssrs_screener", n): (1, None) for n in ("1", "2", "3", "4", "5", "6", "6b")}
    assert rows == expected | screener


@pytest.mark.parametrize(
    ("answer", "attention"),
    [
        pytest.param(1, Attention.NONE, id="1 is not yet"),
        pytest.param(2, Attention.REVIEW, id="2 is reviewed"),
        pytest.param(4, Attention.URGENT, id="4 is urgent whatever the total"),
        pytest.param(None, Attention.NOT_ASKED, id="no answer is no none"),
    ],
)
def test_the_tenth_madrs_item_reaches_a_clinician(
    answer: int | None, attention: Attention
) -> None:
    assert stated(instrument("madrs").item("i10").safety).attention(answer) is attention


def test_own_thresholds_are_marked_own() -> None:
    rule = stated(instrument("madrs").item("i10").safety)
    assert rule.review_basis == Basis(Mark.OWN, library()["own-proposal"])
    assert stated(rule.urgent_basis).source.key == "nhi"


@pytest.mark.parametrize(
    ("scale", "window"),
    [
        pytest.param("madrs", timedelta(days=3), id="three days in Norway"),
        pytest.param("ymrs", timedelta(hours=48), id="hours"),
        pytest.param("cssrs_screener", timedelta(days=30), id="a month"),
        pytest.param("audit_c", timedelta(days=365), id="a year"),
        pytest.param("moaas", None, id="now: as often as wanted"),
    ],
)
def test_the_recall_window_can_be_compared(scale: str, window: timedelta | None) -> None:
    assert instrument(scale).recall.window == window


def test_a_form_may_have_other_windows_by_name() -> None:
    recall = instrument("madrs").recall
    assert recall.variant("24h").length == timedelta(hours=24)
    assert instrument("cssrs_screener").recall.variant("since_last_contact").length is None
    with pytest.raises(Unknown, match="there are: 3d, 7d, 24h"):
        recall.variant("1d")
    assert [item.id for item in instrument("madrs").items if item.unsuited_24h] == ["i4", "i5"]


def test_remission_has_one_default_and_every_published_cut() -> None:
    rules = instrument("madrs").outcome
    assert {rule.id: rule.at_most for rule in rules.remission} == {
        "le10": 10,
        "le12": 12,
        "riedel2010": 7,
        "zimmerman2004": 9,
        "bandelow2006": 11,
        "biok": 9,
    }
    assert stated(rules.default_remission).id == "le10"
    assert stated(instrument("cgi_s").outcome.default_remission).at_most == 2
    assert instrument("wsas").outcome.default_remission is None
    assert stated(rules.response).reduction_percent == 50
    assert stated(instrument("cgi_i").outcome.response).at_most == 2
    [relapse] = rules.relapse
    assert (relapse.at_least, relapse.apart_to.value) == (22, timedelta(days=15))


def test_a_label_that_was_not_verified_says_so() -> None:
    status = [item.label_status for item in instrument("cadss23").items]
    assert status[18:] == [LabelStatus.SEEN] + [LabelStatus.UNVERIFIED] * 4


def test_what_may_ship_is_stated_for_every_instrument() -> None:
    free = {one.id for one in instruments().values() if one.licence.ship_verbatim.free}
    assert free == {"phq9", "gad7", "cgi_s", "cgi_i", "lysglimt_se", "lysglimt_bladder", "msm"}
    assert instrument("who5").licence.ship_verbatim is Verbatim.SEPARATE_NC


def test_a_total_outside_every_band_has_none() -> None:
    [band_set] = instrument("who5").bands
    assert band_set.band(101) is None


@pytest.mark.parametrize(
    ("scale", "old", "new", "says"),
    [
        pytest.param("madrs", 'id = "i2"', 'id = "i1"', "share the id i1", id="ids"),
        pytest.param("madrs", 'number = "2"', 'number = "1"', "share the number", id="numbers"),
        pytest.param("madrs", "highest = 60", "highest = 61", "make 0 to 60", id="range"),
        pytest.param("madrs", "lowest = 7, highest = 19", "lowest = 8, highest = 19", "gap or overlap at mild", id="gap"),
        pytest.param("madrs", "lowest = 7, highest = 19", "lowest = 6, highest = 19", "gap or overlap at mild", id="overlap"),
        pytest.param("madrs", 'code = "mild", lowest = 7', 'code = "none", lowest = 7', "share a code", id="codes"),
        pytest.param("madrs", "lowest = 35, highest = 60", "lowest = 35, highest = 59", "do not cover", id="bands end early"),
        pytest.param("madrs", 'id = "nhi_no"', 'id = "snaith1986"', "band sets share", id="sets"),
        pytest.param("madrs", "default = true\n", "", "0 remissions are the default", id="no default"),
        pytest.param("madrs", 'id = "le12"', 'id = "le10"', "remissions share", id="remissions"),
        pytest.param("madrs", "urgent_at = 4", "urgent_at = 7", "7 is outside 0-6", id="safety"),
        pytest.param("madrs", "urgent_at = 4", "urgent_at = 2", "2 is not above 2", id="order"),
        pytest.param("madrs", "urgent_at = 4\n", "", "belong together", id="urgent alone"),
        pytest.param("madrs", '"P3D"', '"3 days"', "no duration", id="duration"),
        pytest.param("madrs", 'id = "7d"', 'id = "3d"', "windows share", id="windows"),
        pytest.param("madrs", "from_percent = 25", "from_percent = 50", "partial response", id="partial"),
        pytest.param("madrs", "reduction_percent = 50\n", "", "either a reduction", id="response"),
        pytest.param("madrs", "\nmost = 1", "\nmost = 0", "do not agree", id="prorating"),
        pytest.param("madrs", 'method = "sum"', 'method = "profile"', "bounds of the total", id="method"),
        pytest.param("madrs", 'bases = [{ mark = "seen", source = "ckm-no" }, { mark = "seen", source = "camcops-missing" }, { mark = "seen", source = "gpds" }]', "bases = []", "without a basis", id="licence"),
        pytest.param("madrs", 'source = "nhi"', 'source = "unverified-memory"', "cannot rest on", id="a seen figure cites"),
        pytest.param("cssrs_screener", 'ask_if = "i6"', 'ask_if = "i7"', "i7: no such item", id="gate"),
        pytest.param("qids_sr16", '["i15", "i16"]', '["i15"]', "every item once", id="groups"),
        pytest.param("qids_sr16", 'method = "maximum_of_groups"', 'method = "sum"', "groups and their method", id="groups of a sum"),
        pytest.param("eq5d5l", 'method = "value_set"', 'method = "sum"', "value set and its method", id="value set"),
        pytest.param("meq30", 'parts = ["mystical"', 'parts = ["mystic"', "no sum of this instrument", id="parts"),
        pytest.param("phq9", 'core = ["i1", "i2"]\n', "", "needs core", id="derivation"),
        pytest.param("dudit", "values = [0, 2, 4]", "values = [0, 4, 2]", "leave the range", id="values end"),
        pytest.param("dudit", "values = [0, 2, 4]", "values = [0, 2, 2, 4]", "rising order", id="values order"),
        pytest.param("dudit", "lowest = 0\nhighest = 4\n", "lowest = 4\nhighest = 4\n", "not below", id="empty range"),
        pytest.param("moaas", "{ value = 0, label", "{ value = 6, label", "do not cover", id="options"),
        pytest.param("moaas", "at_least = 5\n", "", "exactly one", id="discharge"),
        pytest.param("bdi2", "3b = 3", "3b = 4", "a code scores outside", id="code"),
        pytest.param("padss", "fixed = 2", "fixed = 3", "3 is outside", id="fixed"),
        pytest.param("padss", 'guide_basis = { mark = "seen", source = "ckm" }\n', "", "guide and guide_basis", id="guide"),
        pytest.param("cgi_s", "code = 0", "code = 1", "is also an answer", id="not assessed"),
        pytest.param("gad7", 'item = "i2"\n', "", "of an item or of an option", id="misprint of what"),
        pytest.param("gad7", 'lacks = "ikke"\n', "", "contains wrong words", id="misprint"),
        pytest.param("gad7", 'item = "i2"\nlacks', 'item = "i8"\nlacks', "i8: no such item", id="misprint item"),
    ],
)  # fmt: skip
def test_a_file_that_contradicts_itself_is_refused(
    scale: str, old: str, new: str, says: str
) -> None:
    stated_text = text(scale)
    assert old in stated_text
    with pytest.raises(Misstated, match=says):
        parse(Instrument, stated_text.replace(old, new, 1), name=f"{scale}.toml")


def test_bands_without_any_band_are_refused() -> None:
    head, _, _ = text("who5").partition("bands = [")
    _, _, tail = text("who5").partition("]\n\n[[outcome")
    with pytest.raises(Misstated, match="no bands"):
        parse(Instrument, f"{head}bands = []\n\n[[outcome{tail}", name="who5.toml")


def test_only_a_value_set_values_a_state() -> None:
    with pytest.raises(Inconsistent, match="no value set"):
        instrument("madrs").valued([0] * 10)


def test_what_the_check_demands_cannot_be_left_out() -> None:
    with pytest.raises(TypeError):
        stated(None)
