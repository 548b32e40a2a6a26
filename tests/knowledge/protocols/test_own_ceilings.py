"""The protocol of a course may be stricter than the house; then it binds."""

from datetime import timedelta
from decimal import Decimal

import pytest

from lysglimt.knowledge.dosing.ceilings import (
    AboveCeiling,
    AboveProtocol,
    Ceiling,
    CeilingOverride,
    infusion_rules,
)
from lysglimt.knowledge.dosing.infusion import infusion_plan
from lysglimt.knowledge.figures import Basis, Figure, Mark
from lysglimt.knowledge.protocols.library import latest, protocols
from lysglimt.knowledge.protocols.protocol import Dose
from lysglimt.knowledge.quantities import Milligrams, MilligramsPerKilogram
from lysglimt.knowledge.sources.library import library
from lysglimt.knowledge.verdict import Standing
from tests.knowledge.dosing.plans import order

OWN = Basis(Mark.OWN, library()["own-proposal"])

OWN_CAP = Figure(Milligrams(Decimal(40)), "mg", OWN)


@pytest.mark.parametrize(
    ("asked", "minutes", "field"),
    [
        pytest.param("0.5", 40, None, id="the first step"),
        pytest.param("0.75", 45, None, id="a step that needs nobody's name"),
        pytest.param("0.75", 40, "minutes", id="faster than the protocol has this step"),
        pytest.param("0.8", 45, "dose_mg_per_kg", id="above the last step without a name"),
        pytest.param("1.0", 40, "dose_mg_per_kg", id="the step of a named doctor"),
    ],
)
def test_a_step_beyond_the_protocol_takes_a_named_doctor(
    asked: str, minutes: int, field: str | None
) -> None:
    dose = latest("iv-ketamine-no").dose
    assert dose is not None
    ordered = order("60", asked, minutes, "2" if asked == "1.0" else "1")
    own = dose.ceilings(ordered.dose_by_weight)
    if field is None:
        assert not infusion_plan(ordered, own=own).findings
        return
    with pytest.raises(AboveProtocol) as refusal:
        infusion_plan(ordered, own=own)
    assert refusal.value.facts["field"] == field
    name = CeilingOverride(Ceiling(field), "Dr. Berg", "Decided at the conference")
    assert f"ceiling:{field}" in {
        one.criterion for one in infusion_plan(ordered, name, own=own).findings
    }


@pytest.mark.parametrize(
    ("kg", "asked", "minutes", "field"),
    [
        pytest.param("80", "0.5", 60, None, id="exactly at its cap"),
        pytest.param("81", "0.5", 60, "dose_mg", id="above its cap, far below ours"),
        pytest.param("60", "0.6", 60, "dose_mg_per_kg", id="above its highest"),
        pytest.param("60", "0.5", 40, "minutes", id="as fast as ours, faster than its own"),
    ],
)
def test_a_clinics_stricter_protocol_binds(
    kg: str, asked: str, minutes: int, field: str | None
) -> None:
    half = MilligramsPerKilogram(Decimal("0.5"))
    dose = Dose(
        per_kilogram=Figure(half, "mg/kg", OWN),
        over=Figure(timedelta(minutes=60), "min", OWN),
        highest=Figure(half, "mg/kg", OWN),
        cap=OWN_CAP,
    )
    ordered = order(kg, asked, minutes)
    own = dose.ceilings(ordered.dose_by_weight)
    if field is None:
        assert infusion_plan(ordered, own=own).dose == OWN_CAP.value
        return
    with pytest.raises(AboveProtocol) as refusal:
        infusion_plan(ordered, own=own)
    assert refusal.value.facts["field"] == field


def test_a_laxer_protocol_lifts_nothing() -> None:
    wide = Figure(MilligramsPerKilogram(Decimal(3)), "mg/kg", OWN)
    dose = Dose(highest=wide, cap=Figure(Milligrams(Decimal(500)), "mg", OWN))
    ordered = order("80", "1.2", 60, "2")
    with pytest.raises(AboveCeiling) as refusal:
        infusion_plan(ordered, own=dose.ceilings(ordered.dose_by_weight))
    assert refusal.value.code == AboveCeiling.code


@pytest.mark.parametrize(
    ("protocol", "age", "outside"),
    [
        pytest.param("esketamine-adult", 64, False, id="the last year of the adults"),
        pytest.param("esketamine-adult", 65, True, id="old for the adults' dose"),
        pytest.param("esketamine-acute", 65, True, id="old for the acute use"),
        pytest.param("esketamine-65", 64, True, id="young for the older's dose"),
        pytest.param("esketamine-65", 65, False, id="the first year of the older"),
        pytest.param("iv-ketamine-no", 90, False, id="no limit of its own"),
    ],
)
def test_the_label_says_for_whom_a_protocol_is(
    *, protocol: str, age: int, outside: bool
) -> None:
    finding = latest(protocol).outside(age)
    assert (finding is not None) is outside
    if finding is not None:
        assert finding.standing is Standing.NEEDS_SPECIALIST
        assert finding.basis.source.key == "mims-hk"
        assert str(age) in finding.reason.nb


def test_no_protocol_asks_for_an_infusion_below_the_floor_of_the_time() -> None:
    doses = [one.dose for one in protocols().values() if one.dose]
    times = [time for dose in doses for time in (dose.over, dose.slow_over) if time]
    times += [step.over for dose in doses for step in dose.steps if step.over]
    assert len(times) >= 10, "the protocols state their times"
    assert all(time.value >= infusion_rules().floor.over.value for time in times)
