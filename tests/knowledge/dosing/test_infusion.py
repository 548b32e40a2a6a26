"""The infusion plan: the golden table, its ceilings, and what is refused."""

import tomllib
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from lysglimt.knowledge.catalogue import parse
from lysglimt.knowledge.dosing.ceilings import (
    AboveCeiling,
    AnaestheticSized,
    Ceiling,
    CeilingOverride,
    FloorFigures,
    InfusionRules,
    TooFast,
    infusion_rules,
    lasting,
    refuse_bolus,
)
from lysglimt.knowledge.dosing.infusion import (
    InfusionOrder,
    NotVerified,
    TooWeak,
    infusion_plan,
    standard_concentration,
    typed_concentration,
    typed_dose,
    typed_minutes,
)
from lysglimt.knowledge.dosing.preparation import (
    TWO_PERSON_CHECK,
    dilutions,
    drawable,
    drawn,
    syringes,
)
from lysglimt.knowledge.dosing.weights import WeightBasis
from lysglimt.knowledge.errors import Implausible, Inconsistent, Misstated
from lysglimt.knowledge.figures import Mark
from lysglimt.knowledge.quantities import Milligrams, Millilitres, MillilitresPerHour, plain
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Standing

from .plans import order, plan

GOLDEN = Path(__file__).parents[2] / "reference" / "infusion.toml"
TABLE = tomllib.loads(GOLDEN.read_text(encoding="utf-8"), parse_float=Decimal)["infusion"]


def named(ceiling: Ceiling) -> CeilingOverride:
    return CeilingOverride(ceiling, by="Dr. Berg", reason="decided with the patient")


@pytest.mark.parametrize(
    "row", TABLE, ids=lambda row: f"{row['kg']} kg, {row['mg_per_kg']} in {row['minutes']} min"
)
def test_every_row_of_the_golden_table(row: dict[str, Any]) -> None:
    ordered = order(
        str(row["kg"]), str(row["mg_per_kg"]), row["minutes"], str(row["mg_per_ml"])
    )
    card = infusion_plan(ordered)
    assert (card.dose.value, card.volume.value, card.rate.value) == (
        row["dose_mg"],
        row["volume_ml"],
        row["rate_ml_per_h"],
    )


def test_the_golden_table_stops_at_the_hard_stop() -> None:
    with pytest.raises(AboveCeiling, match="120 mg needs a doctor's override"):
        plan(ordered=order("120", "1.0", 40, "2"))


@given(kg=st.decimals(30, 100, places=1))
def test_the_standard_rate_is_three_quarters_of_the_weight(kg: Decimal) -> None:
    card = plan(ordered=order(str(kg)))
    assert abs(card.rate.value - Decimal("0.75") * kg) <= Decimal("0.425")


@given(
    kg=st.decimals(30, 199, places=1),
    more=st.decimals(0, 50, places=1),
    sex_cm=st.integers(150, 200),
)
def test_a_heavier_patient_never_gets_less(kg: Decimal, more: Decimal, sex_cm: int) -> None:
    light, heavy = (
        plan(ordered=order(str(each), "0.4", 40, "2", cm=str(sex_cm)))
        for each in (kg, kg + more)
    )
    assert light.dose <= heavy.dose
    assert light.doses[WeightBasis.ADJUSTED] <= heavy.doses[WeightBasis.ADJUSTED]


@given(
    kg=st.decimals(30, 250, places=1),
    mg_per_kg=st.decimals("0.1", "1.0", places=2),
    minutes=st.integers(40, 120),
)
def test_a_plan_that_is_given_out_is_verified(
    kg: Decimal, mg_per_kg: Decimal, minutes: int
) -> None:
    try:
        card = plan(ordered=order(str(kg), str(mg_per_kg), minutes, "2"))
    except (AboveCeiling, NotVerified):
        reject()
    assert abs(card.pumped.value - card.dose.value) * 100 <= card.dose.value * 2
    assert card.dose.value % Decimal("0.5") == 0
    assert card.dose.value <= 100


def test_half_a_tenth_is_rounded_up() -> None:
    # 41.5 mg at 1 mg/ml over 40 min: 62.25 ml/h
    assert plan(ordered=order("83")).rate.value == Decimal("62.3")


@pytest.mark.parametrize(
    ("kg", "dose"),
    [
        pytest.param("80.4", "40.0", id="40.2 goes down"),
        pytest.param("80.5", "40.5", id="40.25 is half a step and goes up"),
    ],
)
def test_the_dose_is_rounded_half_up_to_half_a_milligram(kg: str, dose: str) -> None:
    assert plan(ordered=order(kg)).dose == Milligrams(Decimal(dose))


def test_nothing_switches_by_itself_at_a_bmi() -> None:
    below, above = (plan(ordered=order(kg)) for kg in ("91.8", "92.0"))  # BMI 29.98 and 30.04
    assert (below.dose, above.dose) == (Milligrams(Decimal(46)), Milligrams(Decimal(46)))


def test_the_dose_on_each_weight_is_shown() -> None:
    assert plan(ordered=order("91.9")).doses == {
        WeightBasis.ACTUAL: Milligrams(Decimal("46.0")),
        WeightBasis.IDEAL: Milligrams(Decimal("35.0")),
        WeightBasis.ADJUSTED: Milligrams(Decimal("39.5")),
    }


def test_every_formula_is_readable_in_both_languages() -> None:
    lines = [line.formula for line in plan(ordered=order("83")).reckoning]
    assert [line.en for line in lines] == [
        "0.5 mg/kg × 83 kg = 41.5 mg",
        "41.5 mg ÷ 1 mg/ml = 41.5 ml",
        "41.5 ml × 60 ÷ 40 min ≈ 62.3 ml/h",
        "62.3 ml/h × 40 min ÷ 60 × 1 mg/ml = 41.5333 mg",
    ]
    assert lines[3].nb == "62,3 ml/t × 40 min ÷ 60 × 1 mg/ml = 41,5333 mg"


def test_a_round_number_has_no_exponent() -> None:
    assert plain(Decimal("1E+2")) == "100"


@pytest.mark.parametrize(
    ("mg", "mg_per_ml"),
    [
        pytest.param("50", "1", id="50 mg fits the weaker"),
        pytest.param("50.5", "2", id="above 50 mg the stronger"),
        pytest.param("120", "2", id="more than one syringe of the stronger"),
    ],
)
def test_the_standard_solution_follows_the_dose(mg: str, mg_per_ml: str) -> None:
    assert standard_concentration(Milligrams(Decimal(mg))).value == Decimal(mg_per_ml)


def test_a_dose_that_the_weaker_solution_cannot_hold_is_refused() -> None:
    with pytest.raises(TooWeak, match="up to 50 mg; use 2 mg/ml") as refusal:
        plan(ordered=order("120"))
    said = refusal.value.facts["value"]
    assert said == Text(
        "1 mg/ml rommer inntil 50 mg; velg 2 mg/ml", "1 mg/ml holds up to 50 mg; choose 2 mg/ml"
    )


@pytest.mark.parametrize(
    ("minutes", "allowed"),
    [
        pytest.param(39, False, id="39 min is too fast"),
        pytest.param(40, True, id="40 min is the shortest"),
        pytest.param(120, True, id="120 min is the longest"),
        pytest.param(121, False, id="121 min is too slow"),
    ],
)
def test_a_time_outside_the_range_needs_a_named_doctor(minutes: int, *, allowed: bool) -> None:
    ordered = order(minutes=minutes)
    if allowed:
        assert not plan(ordered=ordered).findings
        return
    with pytest.raises(AboveCeiling, match=r"minutes: .* needs a doctor's override") as refusal:
        plan(ordered=ordered)
    assert refusal.value.facts["allowed"] == "40-120 min"
    [finding] = plan(named(Ceiling.DURATION), ordered=ordered).findings
    assert finding.standing is Standing.NEEDS_SPECIALIST
    assert "en navngitt lege har fraveket den" in finding.reason.nb
    assert "Dr. Berg" not in finding.reason.nb, "who, and why, stands in the override alone"


@pytest.mark.parametrize(
    ("minutes", "refused"),
    [
        pytest.param(1, True, id="half a milligram a kilo in a minute"),
        pytest.param(19, True, id="just under the floor"),
        pytest.param(20, False, id="the floor itself, by a named doctor"),
    ],
)
def test_nobody_overrides_an_infusion_that_is_a_bolus(minutes: int, *, refused: bool) -> None:
    lifted = [named(ceiling) for ceiling in Ceiling]
    ordered = order("69", "0.5", minutes)
    if not refused:
        [finding] = plan(*lifted, ordered=ordered).findings
        assert finding.criterion == "ceiling:minutes"
        return
    with pytest.raises(TooFast, match=f"minutes: {minutes} min is refused") as refusal:
        plan(*lifted, ordered=ordered)
    assert refusal.value.facts == {
        "field": "minutes",
        "value": f"{minutes} min",
        "allowed": "20-120 min",
    }


@pytest.mark.parametrize(
    ("rate", "minutes"),
    [
        pytest.param("1035", 2, id="in two minutes"),
        pytest.param("103.5", 20, id="at the floor"),
        pytest.param("103.6", 20, id="a rate rounded up is not a shorter order"),
    ],
)
def test_a_rate_says_how_long_an_infusion_lasts(rate: str, minutes: int) -> None:
    took = lasting(Millilitres(Decimal("34.5")), at=MillilitresPerHour(Decimal(rate)))
    assert took == timedelta(minutes=minutes)


def test_a_rate_that_makes_a_bolus_is_refused_at_the_rate() -> None:
    with pytest.raises(TooFast, match="rate_ml_h: 2 min is refused") as refusal:
        refuse_bolus(timedelta(minutes=2), field="rate_ml_h")
    assert refusal.value.facts["field"] == "rate_ml_h"


def test_the_floor_of_the_time_is_our_own_figure() -> None:
    floor = infusion_rules().floor.over
    assert (floor.basis.mark, floor.unit) == (Mark.OWN, "min")


def test_no_golden_row_is_below_the_floor() -> None:
    floor = infusion_rules().floor.over.value
    assert all(timedelta(minutes=row["minutes"]) > floor for row in TABLE)


def test_a_floor_above_the_shortest_infusion_is_inconsistent() -> None:
    rules = infusion_rules()
    high = replace(rules.floor.over, value=timedelta(minutes=41))
    with pytest.raises(Inconsistent, match="floor of the time"):
        replace(rules, floor=FloorFigures(high))


def test_an_override_lifts_only_the_ceiling_it_names() -> None:
    with pytest.raises(AboveCeiling, match="dose_mg"):
        plan(named(Ceiling.DURATION), ordered=order("120", "1.0", 40, "2"))


def test_the_hard_stop_is_passed_with_a_name_and_a_reason() -> None:
    card = plan(named(Ceiling.DOSE), ordered=order("120", "1.0", 40, "2"))
    assert card.dose == Milligrams(Decimal(120))
    assert {finding.criterion for finding in card.findings} == {
        "ceiling:dose_mg",
        "IV-07",
        "IV-08",
        "PR-05",
    }
    assert (syringes(card), drawn(card)) == (2, Milligrams(Decimal(200)))
    # Anything from what holds the dose to what the recipe makes; never more.
    assert drawable(card) == (card.dose, drawn(card))


@pytest.mark.parametrize(
    ("mg_per_kg", "minutes", "refused"),
    [
        pytest.param("1.0", 40, None, id="1 mg/kg in 40 min is the ceiling itself"),
        pytest.param("1.0", 39, AnaestheticSized, id="1 mg/kg faster is anaesthesia"),
        pytest.param("1.1", 40, AboveCeiling, id="above 1 mg/kg needs a named doctor"),
        pytest.param("1.9", 40, AboveCeiling, id="still below the usual induction dose"),
        pytest.param("2.0", 120, AnaestheticSized, id="an induction dose, however slowly"),
        pytest.param("4.5", 40, AnaestheticSized, id="the top of the label's range"),
        pytest.param("10", 40, AnaestheticSized, id="an intramuscular anaesthetic"),
    ],
)
def test_a_dose_for_anaesthesia_is_refused(
    mg_per_kg: str, minutes: int, refused: type[Exception] | None
) -> None:
    ordered = order("50", mg_per_kg, minutes, "2")
    if refused is None:
        assert plan(ordered=ordered).dose == Milligrams(Decimal(50))
    else:
        with pytest.raises(refused):
            plan(ordered=ordered)


def test_no_override_lifts_a_dose_for_anaesthesia() -> None:
    with pytest.raises(AnaestheticSized, match="allowed is below 2 mg/kg"):
        plan(*(named(ceiling) for ceiling in Ceiling), ordered=order("50", "2.0", 40, "2"))


def test_above_one_milligram_a_kilo_with_a_named_doctor() -> None:
    card = plan(named(Ceiling.DOSE_BY_WEIGHT), ordered=order("50", "1.2", 40, "2"))
    assert card.dose == Milligrams(Decimal(60))


@pytest.mark.parametrize(
    ("kg", "mg_per_kg", "criteria"),
    [
        pytest.param("120", "0.5", set(), id="60 mg is not above 60"),
        pytest.param("121", "0.5", {"IV-08"}, id="60.5 mg is"),
        pytest.param("70", "0.75", set(), id="0.75 mg/kg is not above 0.75"),
        pytest.param("70", "0.8", {"IV-07"}, id="0.8 mg/kg is"),
    ],
)
def test_a_high_dose_is_said_before_it_is_stopped(
    kg: str, mg_per_kg: str, criteria: set[str]
) -> None:
    card = plan(ordered=order(kg, mg_per_kg, 40, "2"))
    assert {finding.criterion for finding in card.findings} == criteria
    assert {finding.standing for finding in card.findings} <= {Standing.CAUTION}


def test_the_ceiling_holds_against_what_the_patient_weighs() -> None:
    # 190 cm and 45 kg: the ideal weight is 83.84 kg, so 0.6 mg/kg of it is 1.1 mg for each real kilo.
    thin = order("45", "0.6", 40, "2", basis=WeightBasis.IDEAL, cm="190")
    with pytest.raises(AboveCeiling, match="dose_mg_per_kg"):
        plan(ordered=thin)


def test_a_basis_heavier_than_the_patient_is_said() -> None:
    card = plan(ordered=order("60", "0.5", 40, "1", basis=WeightBasis.IDEAL, cm="180"))
    assert [finding.criterion for finding in card.findings] == ["IV-10"]


@pytest.mark.parametrize(
    ("by", "reason"),
    [
        pytest.param("", "why", id="nobody answers for it"),
        pytest.param("Dr. Berg", " ", id="no reason"),
    ],
)
def test_an_override_names_who_and_why(by: str, reason: str) -> None:
    with pytest.raises(Implausible, match="a name and a reason in words"):
        CeilingOverride(Ceiling.DOSE, by, reason)


@pytest.mark.parametrize(
    ("mg_per_kg", "minutes", "mg_per_ml", "field"),
    [
        pytest.param("0", 40, "1", "mg_per_kg", id="a dose of nothing"),
        pytest.param("-0.5", 40, "1", "mg_per_kg", id="a dose below nothing"),
        pytest.param("0.5", 0, "1", "minutes", id="no time at all"),
        pytest.param("0.5", 40, "100", "concentration_mg_ml", id="undiluted is never given"),
        pytest.param("0.5", 40, "0", "concentration_mg_ml", id="no drug in it"),
    ],
)
def test_an_order_that_cannot_be_is_refused(
    mg_per_kg: str, minutes: int, mg_per_ml: str, field: str
) -> None:
    with pytest.raises(Implausible) as refusal:
        order("80", mg_per_kg, minutes, mg_per_ml)
    assert refusal.value.facts["field"] == field


@pytest.mark.parametrize("mg_per_kg", ["0.001", "0.008"])
def test_a_dose_the_pump_cannot_give_truly_is_refused(mg_per_kg: str) -> None:
    with pytest.raises(NotVerified, match="within 2 %"):
        plan(ordered=order("80", mg_per_kg, 100, "2"))


@pytest.mark.parametrize(
    "refuse",
    [
        pytest.param(lambda: typed_dose("O.5"), id="a letter in the dose"),
        pytest.param(lambda: typed_dose("0"), id="a dose of nothing"),
        pytest.param(lambda: typed_minutes("forty"), id="minutes in words"),
        pytest.param(lambda: typed_minutes("0"), id="no minutes"),
        pytest.param(lambda: typed_minutes("40.5"), id="half a minute"),
        pytest.param(lambda: typed_concentration("10"), id="an ampoule's strength"),
        pytest.param(lambda: typed_concentration("1O"), id="a letter in the strength"),
    ],
)
def test_what_is_mistyped_is_refused(refuse: Any) -> None:
    with pytest.raises(Implausible, match="allowed is"):
        refuse()


def test_what_is_typed_is_taken_exactly() -> None:
    assert typed_dose("0,75").value == Decimal("0.75")
    assert typed_minutes("45") == timedelta(minutes=45)
    assert typed_concentration("2").value == 2


@pytest.mark.parametrize(
    ("now", "changed"),
    [
        pytest.param(order("80"), (), id="the same order stands"),
        pytest.param(order("80", "0.75"), ("dose_by_weight",), id="another dose"),
        pytest.param(order("85"), ("weights",), id="another weight"),
        pytest.param(order("80", basis=WeightBasis.IDEAL), ("basis",), id="another basis"),
        pytest.param(order("80", mg_per_ml="2"), ("concentration",), id="another strength"),
        pytest.param(order("80", minutes=60), ("over",), id="another time"),
    ],
)
def test_any_change_voids_the_signature(now: InfusionOrder, changed: tuple[str, ...]) -> None:
    assert now.changed(signed=order("80")) == changed


@pytest.mark.parametrize(
    ("mg_per_ml", "recipes"),
    [
        pytest.param("1", {"10": ("5", "45"), "50": ("1", "49")}, id="50 mg in 50 ml"),
        pytest.param("2", {"10": ("10", "40"), "50": ("2", "48")}, id="100 mg in 50 ml"),
    ],
)
def test_the_dilution_from_each_ampoule(
    mg_per_ml: str, recipes: dict[str, tuple[str, str]]
) -> None:
    made = dilutions(plan(ordered=order(mg_per_ml=mg_per_ml)))
    assert {
        (str(one.stock.value), str(one.stock_volume.value), str(one.diluent.value))
        for one in made.values()
    } == {(stock, *volumes) for stock, volumes in recipes.items()}
    assert {one.total.value for one in made.values()} == {Decimal(50)}


def test_two_persons_check_what_can_go_wrong() -> None:
    lines = {"drug", "strength", "dose", "dilution", "rate", "patient", "volume"}
    assert set(TWO_PERSON_CHECK) == lines


def test_every_figure_of_our_own_awaits_approval() -> None:
    rules = infusion_rules()
    assert rules.ceilings.dose.awaits_approval
    assert rules.anaesthetic.rapid_from.basis.source.key == "fk-ketalar"


def test_solutions_out_of_order_are_refused() -> None:
    shelf = Path(__file__).parents[3] / "src/lysglimt/knowledge/dosing/catalogue/infusion.toml"
    swapped = shelf.read_text(encoding="utf-8").replace(
        "drug = { value = 50,", "drug = { value = 200,"
    )
    with pytest.raises(Misstated, match="from weakest to strongest"):
        parse(InfusionRules, swapped, name="infusion.toml")


def test_a_rounded_dose_is_shown_as_rounded() -> None:
    first, *_ = plan(ordered=order("77")).reckoning
    assert first.formula.en.endswith("38.5 mg")
    first, *_ = plan(ordered=order("76.5")).reckoning
    assert first.formula.en == "0.5 mg/kg × 76.5 kg = 38.25 mg ≈ 38.5 mg"
