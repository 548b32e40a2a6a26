from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lysglimt.knowledge.figures import Mark
from lysglimt.knowledge.medicine import Medicine
from lysglimt.knowledge.safety.antiemetics import (
    Antiemetic,
    antiemetic_rules,
    before_antiemetic,
    lengthens_qt,
)
from lysglimt.knowledge.safety.interactions import SessionCircumstances
from lysglimt.knowledge.verdict import Finding, Standing

ONDANSETRON, METOCLOPRAMIDE = antiemetic_rules().antiemetic
CALM = SessionCircumstances(qtc_ms=410, male=False)


def found(
    one: Antiemetic = ONDANSETRON,
    *codes: str,
    around: SessionCircumstances = CALM,
    diagnoses: Any = (),
) -> tuple[Finding, ...]:
    taken = [Medicine(code, name=code) for code in codes]
    return before_antiemetic(one, taken, around, diagnoses=diagnoses)


@pytest.mark.parametrize("one", [ONDANSETRON, METOCLOPRAMIDE], ids=str)
def test_nothing_against_it_is_said_too(one: Antiemetic) -> None:
    [finding] = found(one)
    assert finding.standing is Standing.MET
    assert one.name.nb in finding.reason.nb
    assert finding.basis.mark is Mark.OWN


@pytest.mark.parametrize(
    ("qtc", "standing"),
    [(None, Standing.UNKNOWN), (480, Standing.CAUTION), (479, Standing.MET)],
)
def test_the_qtc_is_asked_for_ondansetron(qtc: int | None, standing: Standing) -> None:
    [finding] = found(around=SessionCircumstances(qtc_ms=qtc, male=False))
    assert finding.standing is standing


def test_the_qtc_is_not_asked_for_metoclopramide() -> None:
    [finding] = found(METOCLOPRAMIDE, around=SessionCircumstances())
    assert finding.standing is Standing.MET


@pytest.mark.parametrize(
    ("one", "code", "standing"),
    [
        pytest.param(ONDANSETRON, "N06AB10", Standing.CAUTION, id="escitalopram"),
        pytest.param(ONDANSETRON, "N07BC02", Standing.CAUTION, id="methadone"),
        pytest.param(ONDANSETRON, "A04AA01", Standing.CAUTION, id="ondansetron already"),
        pytest.param(ONDANSETRON, "N06AB06", Standing.MET, id="sertraline is not listed"),
        pytest.param(METOCLOPRAMIDE, "N05AX12", Standing.CAUTION, id="an antipsychotic"),
        pytest.param(METOCLOPRAMIDE, "N04BA02", Standing.CAUTION, id="levodopa"),
        pytest.param(METOCLOPRAMIDE, "N05AN01", Standing.MET, id="lithium is none"),
        pytest.param(ONDANSETRON, "N05AX12", Standing.MET, id="not asked of ondansetron"),
    ],
)
def test_what_is_taken_beside_it_counts(one: Antiemetic, code: str, standing: Standing) -> None:
    [finding] = found(one, code)
    assert finding.standing is standing
    assert (code in finding.reason.nb) is (standing is Standing.CAUTION)


@pytest.mark.parametrize(
    ("diagnoses", "standing"),
    [
        pytest.param(["I48.0"], Standing.CAUTION, id="atrial fibrillation"),
        pytest.param(["F33.2", "I10"], Standing.MET, id="pressure alone is none"),
        pytest.param(None, Standing.UNKNOWN, id="nobody asked"),
    ],
)
def test_with_a_sick_heart_a_doctor_decides(diagnoses: Any, standing: Standing) -> None:
    [finding] = found(METOCLOPRAMIDE, diagnoses=diagnoses)
    assert finding.standing is standing
    assert (finding.question is not None) is (standing is Standing.UNKNOWN)


def test_medicines_that_nobody_asked_for_are_a_question() -> None:
    [finding] = before_antiemetic(ONDANSETRON, None, CALM, diagnoses=())
    assert finding.standing is Standing.UNKNOWN
    assert finding.question is not None


@pytest.mark.parametrize("one", [ONDANSETRON, METOCLOPRAMIDE], ids=str)
def test_beside_a_medicine_without_a_code_nothing_is_vouched_for(one: Antiemetic) -> None:
    [finding] = before_antiemetic(one, [Medicine("", name="Haldol")], CALM, diagnoses=())
    assert finding.standing is Standing.UNKNOWN
    assert finding.question is not None
    assert "Haldol" in finding.question.nb


TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("of", "begun", "standing"),
    [
        pytest.param(TODAY - timedelta(days=30), None, Standing.MET, id="30 days"),
        pytest.param(TODAY - timedelta(days=31), None, Standing.UNKNOWN, id="31 days"),
        pytest.param(None, None, Standing.UNKNOWN, id="of a day that nobody knows"),
        pytest.param(TODAY - timedelta(days=3), TODAY, Standing.UNKNOWN, id="before a new one"),
        pytest.param(TODAY, TODAY, Standing.MET, id="with the new one"),
    ],
)
def test_a_short_qtc_of_long_ago_vouches_for_nothing(
    of: date | None, begun: date | None, standing: Standing
) -> None:
    around = replace(CALM, qtc_on=of, on=TODAY, lengthened_on=begun)
    [finding] = found(around=around)
    assert finding.standing is standing
    told = finding.question or finding.reason
    assert (f"{of:%d.%m.%Y}" if of else "en ukjent dag") in told.nb


def test_a_long_qtc_speaks_against_it_however_old() -> None:
    old = replace(CALM, qtc_ms=500, qtc_on=date(2020, 1, 1), on=TODAY)
    [finding] = found(around=old)
    assert finding.standing is Standing.CAUTION


@pytest.mark.parametrize(("atc", "does"), [("N06AB04", True), ("N06AB06", False), ("", False)])
def test_which_medicines_lengthen_it_is_known(atc: str, *, does: bool) -> None:
    assert lengthens_qt(atc) is does


def test_alcohol_and_grapefruit_speak_to_no_antiemetic() -> None:
    around = replace(CALM, alcohol_same_day=True, grapefruit=True)
    [finding] = found(around=around)
    assert finding.standing is Standing.MET


def test_a_remembered_list_shows_no_literature() -> None:
    [finding] = found(ONDANSETRON, "N06AB10")
    assert finding.basis.mark is Mark.MEMORY


def test_what_is_not_asked_of_an_antiemetic_says_nothing() -> None:
    plain = replace(METOCLOPRAMIDE, asks=())
    [finding] = found(plain, "N05AX12", diagnoses=None)
    assert finding.standing is Standing.MET
