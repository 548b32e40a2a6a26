"""A score is what the scale's authors say it is, and a gap is never a zero."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lysglimt.knowledge.catalogue import parse
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.instruments import answers as given_answers
from lysglimt.knowledge.instruments.instrument import Instrument, instrument, instruments
from lysglimt.knowledge.instruments.item import Attention, Item
from lysglimt.knowledge.instruments.method import Method
from lysglimt.knowledge.instruments.scoring import CircumstanceOutOfRange, score, short_form

from . import reference

SUMMED = [one for one in instruments().values() if one.scoring.method is Method.SUM]
TOTALLED = [one for one in instruments().values() if one.scoring.method.makes_total]


def named(vector: dict[str, Any]) -> str:
    return f"{vector['instrument']} {vector['kind']} {vector.get('total', '')}"


@pytest.mark.parametrize("vector", reference.VECTORS, ids=named)
def test_an_instrument_reproduces_its_reference_scores(vector: dict[str, Any]) -> None:
    scored = score(
        instrument(vector["instrument"]), reference.given(vector), **reference.told(vector)
    )
    if "total" in vector:
        total = vector["total"]
        assert scored.total == (None if total is None else Decimal(str(total)))
    assert vector.get("bands", {}).items() <= scored.bands.items()
    assert vector.get("derived", {}).items() <= scored.derived.items()
    if "safety" in vector:
        assert vector["safety"] in scored.safety.values()
    if "flag" in vector:
        assert scored.derived["flag"] is vector["flag"]
    if "max" in vector:
        assert scored.derived["maximum"] == vector["max"]
    if "raw_prorated" in vector:
        assert scored.derived["prorated_unrounded"] == Decimal(str(vector["raw_prorated"]))


def test_every_reference_score_is_there() -> None:
    assert len(reference.VECTORS) == 87
    assert {vector["instrument"] for vector in reference.VECTORS} == {
        one.id for one in instruments().values() if one.items
    } - {"lysglimt_se"}


# The wrong rules seen in the wild.


def test_who5_is_four_times_the_sum_and_not_four_times_the_sum_less_five() -> None:
    assert score(instrument("who5"), [1, 1, 1, 1, 1]).total == 20


def test_qids_counts_domains_and_not_items() -> None:
    assert (
        score(instrument("qids_sr16"), [3, 3, 3, 3, 0, 0, None, 0, None, *[0] * 7]).total == 3
    )


def test_hamilton_weight_loss_not_assessed_adds_nothing_and_is_said() -> None:
    scored = score(instrument("hamd17"), [1] * 15 + [3, 1])
    assert scored.total == 16
    assert scored.derived["not_assessed"] == ("i16",)
    assert scored.missing == ()


@pytest.mark.parametrize("scale", ["cgi_s", "cgi_i"])
def test_a_global_impression_not_assessed_is_no_number(scale: str) -> None:
    scored = score(instrument(scale), [0])
    assert (scored.total, scored.missing) == (None, ("i1",))


def test_the_discharge_score_cannot_be_zero_since_pain_has_no_zero() -> None:
    assert instrument("padss").scoring.lowest == 1
    assert score(instrument("padss"), [0, 0, 0, 1, 0]).total == 1
    with pytest.raises(given_answers.AnswerOutOfRange):
        score(instrument("padss"), [0, 0, 0, 0, 0])


# What is refused.


@pytest.mark.parametrize(
    ("scale", "answers", "facts"),
    [
        pytest.param("phq9", [4] + [0] * 8, ("i1", 4, "0-3"), id="above the range"),
        pytest.param("phq9", [-1] + [0] * 8, ("i1", -1, "0-3"), id="below the range"),
        pytest.param("phq9", [True] + [0] * 8, ("i1", True, "0-3"), id="yes is no number"),
        pytest.param("phq9", [1.0] + [0] * 8, ("i1", 1.0, "0-3"), id="a float is no answer"),
        pytest.param("phq9", ["x"] + [0] * 8, ("i1", "x", "0-3"), id="a word"),
        pytest.param("phq9", ["na"] + [0] * 8, ("i1", "na", "0-3"), id="every item applies"),
        pytest.param("dudit", [0] * 9 + [1, 0], ("i10", 1, "0, 2, 4"), id="odd step of DUDIT"),
        pytest.param("ymrs", [0] * 4 + [3] + [0] * 6, ("i5", 3, "0, 2, 4, 6, 8"), id="YMRS"),
        pytest.param("rass", [5], ("i1", 5, "-5 to +4"), id="a range with a minus"),
        pytest.param(
            "cgi_s", [8], ("i1", 8, "1-7 (0: not assessed)"), id="not assessed is said"
        ),
        pytest.param(
            "wsas", [9, 0, 0, 0, 0], ("i1", 9, "0-8 (also 'na': does not apply)"), id="work"
        ),
        pytest.param(
            "bdi2",
            [0] * 15 + ["4a"] + [0] * 5,
            ("i16", "4a", "0-3 (also 1a, 1b, 2a, 2b, 3a, 3b)"),
            id="a printed code",
        ),
    ],
)
def test_an_answer_the_item_does_not_have_is_refused_by_item_value_and_range(
    scale: str, answers: list[Any], facts: tuple[str, object, str]
) -> None:
    with pytest.raises(given_answers.AnswerOutOfRange) as refusal:
        score(instrument(scale), answers)
    assert tuple(refusal.value.facts[key] for key in ("field", "value", "allowed")) == facts
    item = instrument(scale).item(facts[0])
    assert f"Item {item.number} ({item.label.en})" in str(refusal.value)


@pytest.mark.parametrize(
    ("scale", "answers", "refused", "says"),
    [
        pytest.param("phq9", [0] * 8, given_answers.TooFewAnswers, "9 items, 8", id="too few"),
        pytest.param(
            "phq9", [0] * 11, given_answers.TooManyAnswers, "9 items, 11", id="too many"
        ),
        pytest.param(
            "madrs", {"i11": 1}, given_answers.UnknownItem, "nearest is 'i1'", id="item"
        ),
        pytest.param(
            "kset", [], given_answers.NothingToScore, "not in the catalogue", id="empty"
        ),
        pytest.param(
            "qids_sr16",
            {"i6": 1, "i7": 2},
            given_answers.AnswersContradict,
            "6 and 7 are alternatives",
            id="less and more appetite at once",
        ),
    ],
)
def test_answers_that_do_not_fit_are_refused(
    scale: str, answers: Any, refused: type[ClinicalError], says: str
) -> None:
    with pytest.raises(refused, match=says):
        score(instrument(scale), answers)


@pytest.mark.parametrize(
    "told", [{"sex": "x"}, {"education_years": -1}, {"education_years": 41}], ids=str
)
def test_sex_and_schooling_that_are_no_such_thing_are_refused(told: dict[str, Any]) -> None:
    with pytest.raises(CircumstanceOutOfRange) as refusal:
        score(instrument("moca"), [0] * 7, **told)
    assert {"field", "value", "allowed"} <= refusal.value.facts.keys()


# Missing answers.


def test_without_asking_for_it_nothing_is_prorated() -> None:
    scored = score(instrument("phq9"), [2, 2, 2, 2, 2, 2, 2, None, 0])
    assert (scored.total, scored.bands, scored.prorated) == (None, {}, False)
    assert scored.missing == ("i8",)


@pytest.mark.parametrize(
    "scale", [one.id for one in TOTALLED if one.safety_items and one.missing.most]
)
def test_an_item_on_suicidality_is_never_made_up_for(scale: str) -> None:
    it = instrument(scale)
    safety = {item.id for item in it.safety_items}
    answers = {item.id: None if item.id in safety else item.lowest for item in it.items}
    scored = score(it, answers, prorate=True)
    assert (scored.total, scored.prorated) == (None, False)
    assert {scored.safety[item] for item in safety} == {Attention.NOT_ASKED}


@pytest.mark.parametrize(
    ("scale", "answers", "total"),
    [
        pytest.param("madrs", [3] * 8 + [None, 0], 27, id="24 over nine, times ten, is 26.67"),
        pytest.param("madrs", [3] * 7 + [None, None, 0], None, id="two missing are too many"),
        pytest.param("madrs_s", [2] * 7 + [None, 2], 18, id="times nine eighths"),
        pytest.param("gad7", [1, None, None, 1, 1, 1, 1], 7, id="two missing"),
        pytest.param("ebi", [10, None, 20, 30, 40, 50], 30, id="mean of the answered"),
        pytest.param("ebi", [10, None, 20, 30, 40, 55], 31, id="whole mean"),
        pytest.param("aldrete_mod", [2, 2, None, 2, 2], None, id="no rule, no total"),
    ],
)
def test_a_stated_rule_makes_up_for_a_missing_answer_and_says_so(
    scale: str, answers: list[int | None], total: int | None
) -> None:
    scored = score(instrument(scale), answers, prorate=True)
    assert scored.total == total
    assert scored.prorated is (total is not None)


def test_a_mean_is_exact() -> None:
    assert score(instrument("ebi"), [0, 0, 0, 0, 0, 3]).total == Decimal("0.5")


def test_a_sleep_domain_stands_on_its_answered_items_only_when_asked() -> None:
    answers = [1, None, 0, 0, 2, 1, None, 0, None, 1, 2, 0, 2, 2, 1, 2]
    strict = score(instrument("qids_sr16"), answers)
    assert (strict.total, strict.missing) == (None, ("i2",))
    asked = score(instrument("qids_sr16"), answers, prorate=True)
    assert (asked.total, asked.prorated) == (13, True)


def test_a_domain_without_any_answer_has_no_score() -> None:
    answers = [0, 0, 0, 0, None, 1, None, 0, None, 1, 2, 0, 2, 2, 1, 2]
    assert score(instrument("qids_sr16"), answers, prorate=True).total is None


# What the answers say besides the total.


@pytest.mark.parametrize(
    ("answers", "major", "other"),
    [
        pytest.param([2, 0, 2, 2, 2, 0, 0, 0, 1], True, False, id="item 9 counts from 1"),
        pytest.param([0, 0, 2, 2, 2, 2, 2, 0, 1], False, False, id="no core symptom"),
        pytest.param([2, 0, 2, 2, 1, 1, 1, 1, 0], False, True, id="three symptoms"),
        pytest.param([2, 0, 1, 1, 1, 1, 1, 1, 0], False, False, id="one symptom"),
        pytest.param([2, 2, 2, 2, 2, 2, 2, 2, None], None, None, id="not decided"),
    ],
)
def test_the_depressive_syndrome_is_counted_by_its_rule(
    answers: list[int | None], *, major: bool | None, other: bool | None
) -> None:
    derived = score(instrument("phq9"), answers).derived
    assert (derived["major_syndrome"], derived["other_syndrome"]) == (major, other)


def test_the_first_two_items_alone_are_a_screen() -> None:
    assert score(instrument("gad7"), [2, 1, 0, 0, 0, 0, 0]).derived == {
        "gad2": 3,
        "gad2_positive": True,
    }
    open_ = score(instrument("gad7"), [None, 1, 0, 0, 0, 0, 0]).derived
    assert open_ == {"gad2": None, "gad2_positive": None}


@pytest.mark.parametrize(
    ("answers", "derived"),
    [
        pytest.param({"i1": 0, "i2": 0, "i6": 0}, {"ideation_level": 0}, id="all no"),
        pytest.param(
            {"i1": 1, "i6": 0},
            {"ideation_level": None, "ideation_level_at_least": 1},
            id="not asked is never a no",
        ),
        pytest.param(
            {"i1": True, "i2": True, "i5": True}, {"ideation_level": 5}, id="yes is 1"
        ),
    ],
)
def test_the_level_of_suicidal_thoughts(
    answers: dict[str, int], derived: dict[str, object]
) -> None:
    assert score(instrument("cssrs_screener"), answers).derived == derived


def test_any_yes_on_the_suicidality_screener_reaches_a_clinician_without_a_grade() -> None:
    scored = score(instrument("cssrs_screener"), {"i1": 0, "i2": 0, "i6": 1, "i6b": 0})
    assert scored.safety["i6"] is Attention.REVIEW
    assert scored.safety["i3"] is Attention.NOT_ASKED
    assert (scored.total, scored.bands) == (None, {})
    assert set(scored.derived) == {"ideation_level"}


@pytest.mark.parametrize(
    ("scale", "answers", "sex", "derived"),
    [
        pytest.param(
            "audit_c", [2, 1, 0], "m", {"positive": False}, id="3 is below 4 for a man"
        ),
        pytest.param(
            "audit_c", [2, 1, 0], "f", {"positive": True}, id="3 is enough for a woman"
        ),
        pytest.param(
            "audit_c",
            [2, 1, 0],
            None,
            {"positive": None, "positive_needs": "sex"},
            id="unknown",
        ),
        pytest.param(
            "audit_c", [3, 0, 0], "f", {"review_recent_intake": True}, id="all item 1"
        ),
        pytest.param("audit_c", [0, None, None], "f", {"positive": False}, id="never drinks"),
        pytest.param("audit_c", [1, None, 1], "f", {"positive": None}, id="a gap"),
        pytest.param("dudit", [1] + [0] * 10, "f", {"positive": False}, id="1 is below 2"),
        pytest.param("dudit", [4, 2] + [0] * 9, "m", {"positive": True}, id="6 is enough"),
    ],
)
def test_a_cut_by_sex_is_answered_only_when_the_sex_is_known(
    scale: str, answers: list[int | None], sex: str | None, derived: dict[str, object]
) -> None:
    scored = score(instrument(scale), answers, sex=sex)
    assert derived.items() <= scored.derived.items()


def test_a_gap_leaves_the_source_of_the_points_open() -> None:
    derived = score(instrument("audit_c"), [1, None, 1]).derived
    assert derived["review_recent_intake"] is None


@pytest.mark.parametrize(
    ("years", "total", "band"),
    [
        pytest.param(12, 26, "normal", id="twelve years give a point"),
        pytest.param(13, 25, "below_cut", id="thirteen do not"),
        pytest.param(None, None, None, id="unknown schooling leaves it open"),
    ],
)
def test_short_schooling_gives_a_point(
    years: int | None, total: int | None, band: str | None
) -> None:
    scored = score(instrument("moca"), [4, 3, 5, 2, 2, 3, 6], education_years=years)
    assert (scored.total, scored.bands.get("nasreddine2005")) == (total, band)


def test_schooling_never_lifts_a_total_over_the_highest() -> None:
    assert score(instrument("moca"), [5, 3, 6, 3, 2, 5, 6], education_years=9).total == 30
    assert score(instrument("moca"), [5, 3, 6, 3, 2, 5, 6]).total == 30


def test_work_that_does_not_apply_lowers_the_maximum_and_takes_the_bands_away() -> None:
    scored = score(instrument("wsas"), ["na", 4, 4, 4, 4])
    assert (scored.total, scored.derived["maximum"], scored.bands) == (16, 32, {})
    assert score(instrument("wsas"), [None, 4, 4, 4, 4]).total is None


@pytest.mark.parametrize(
    ("answers", "index", "profile"),
    [
        pytest.param([1, 5, 4, 3, 2], Decimal("0.460"), "15432", id="a published state"),
        pytest.param([1, 1, 1, 1, None], None, None, id="a gap"),
    ],
)
def test_a_health_state_is_valued_with_its_value_set_stamped(
    answers: list[int | None], index: Decimal | None, profile: str | None
) -> None:
    scored = score(instrument("eq5d5l"), answers)
    assert scored.derived["profile"] == profile
    assert scored.derived["value_set"] == "norway2024"
    assert scored.total == index


def test_an_unscored_answer_stands_beside_the_total() -> None:
    assert score(instrument("eq5d5l"), [1, 1, 1, 1, 1, 80]).derived["vas"] == 80
    assert score(instrument("phq9"), {"i1": 3, "difficulty": 2}).derived["difficulty"] == 2


def test_a_subscale_a_point_under_its_share_is_not_complete() -> None:
    answers = {item.id: 3 for item in instrument("meq30").items} | {"i3": 2}
    assert score(instrument("meq30"), answers).derived["complete_mystical"] is False
    gap = {key: value for key, value in answers.items() if key != "i3"}
    assert score(instrument("meq30"), gap).derived["complete_mystical"] is None


@pytest.mark.parametrize(
    ("now", "before", "flag", "rise"),
    [
        pytest.param([7, 0, 0, 0, 0], [4, 0, 0, 0, 0], True, True, id="three more a day"),
        pytest.param([7, 0, 0, 0, 0], [5, 0, 0, 0, 0], False, False, id="two more"),
        pytest.param([7, 0, 0, 0, 0], None, False, None, id="no baseline"),
        pytest.param([None, 0, 0, 0, 0], [5, 0, 0, 0, 0], None, None, id="not answered now"),
        pytest.param([None, 0, 0, 2, 0], None, True, None, id="pain is enough"),
    ],
)
def test_the_bladder_screen_flags_also_a_rise_since_baseline(
    now: list[int | None], before: list[int] | None, *, flag: bool | None, rise: bool | None
) -> None:
    derived = score(instrument("lysglimt_bladder"), now, baseline=before).derived
    assert (derived["flag"], derived["flag_rise"]) == (flag, rise)


def test_printed_codes_score_as_their_number() -> None:
    assert score(instrument("bdi2"), [0] * 15 + ["2a", 0, "3b", 0, 0, 0]).total == 5


def test_the_short_form_is_read_from_the_long_one() -> None:
    long = {item.id: 0 for item in instrument("cadss23").items} | {"i6": 3, "i22": 1}
    short = short_form(instrument("cadss6"), long)
    assert short == {"i1": 0, "i2": 0, "i3": 3, "i4": 0, "i5": 0, "i6": 1}
    with pytest.raises(given_answers.UnknownItem, match="no other instrument"):
        short_form(instrument("madrs"), long)


REVERSED = """
id = "pair"
version = "1"
name = "Pair"
short = "Pair"
domain = "function"
rater = "self"
minutes = "1"
use = { nb = "Prøve.", en = "Trial." }
recall.default = { id = "now", duration = "unknown", words = { nb = "nå", en = "now" }, basis = { mark = "own", source = "own-proposal" } }
scoring = { method = "sum", direction = "higher_worse", lowest = 0, highest = 6, basis = { mark = "own", source = "own-proposal" } }
missing = { prorating = "none", most = 0, note = { nb = "Ingen.", en = "None." }, basis = { mark = "own", source = "own-proposal" } }
licence = { holder = "own", ship_verbatim = "yes", bases = [{ mark = "own", source = "own-proposal" }] }
translations = []
items = [
  { id = "i1", number = "1", label = { nb = "Rett", en = "Straight" }, lowest = 0, highest = 3 },
  { id = "i2", number = "2", label = { nb = "Snudd", en = "Reversed" }, lowest = 0, highest = 3, reverse = true },
]
"""


def test_a_reversed_item_counts_from_its_other_end() -> None:
    assert score(parse(Instrument, REVERSED, name="pair.toml"), [3, 3]).total == 3


# Properties.


def answered(item: Item) -> st.SearchStrategy[int]:
    return st.sampled_from(item.allowed)


@given(st.data())
@settings(max_examples=150)
def test_a_total_is_within_its_range(data: st.DataObject) -> None:
    it = data.draw(st.sampled_from(TOTALLED))
    answers = {item.id: data.draw(answered(item)) for item in it.items if not _second(item)}
    total = score(it, answers, education_years=10).total
    assert total is not None
    assert it.scoring.lowest is not None
    assert it.scoring.highest is not None
    assert it.scoring.lowest <= total <= it.scoring.highest


def _second(item: Item) -> bool:
    """The second of two alternatives."""
    return bool(item.excludes) and int(item.excludes[1:]) < int(item.number)


@given(st.data())
@settings(max_examples=150)
def test_a_higher_answer_never_lowers_a_sum(data: st.DataObject) -> None:
    it = data.draw(st.sampled_from(SUMMED))
    answers = {item.id: data.draw(answered(item)) for item in it.items}
    item = data.draw(st.sampled_from(it.items))
    higher = data.draw(st.sampled_from([n for n in item.allowed if n >= answers[item.id]]))
    before = score(it, answers, education_years=15).total
    after = score(it, answers | {item.id: higher}, education_years=15).total
    assert before is not None
    assert after is not None
    assert after >= before


@given(st.data())
@settings(max_examples=100)
def test_the_order_in_which_answers_are_named_is_nothing(data: st.DataObject) -> None:
    it = data.draw(st.sampled_from(SUMMED))
    answers = {item.id: data.draw(answered(item)) for item in it.items}
    shuffled = dict(data.draw(st.permutations(list(answers.items()))))
    assert score(it, shuffled) == score(it, answers) == score(it, list(answers.values()))


@given(st.data())
@settings(max_examples=150)
def test_a_missing_answer_is_never_a_zero(data: st.DataObject) -> None:
    it = data.draw(st.sampled_from([one for one in SUMMED if one.id != "audit_c"]))
    answers: dict[str, int | None] = {item.id: data.draw(answered(item)) for item in it.items}
    gone = data.draw(st.sampled_from(it.items))
    scored = score(it, answers | {gone.id: None})
    assert (scored.total, scored.bands, scored.missing) == (None, {}, (gone.id,))
