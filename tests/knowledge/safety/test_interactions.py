from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.figures import Mark
from lysglimt.knowledge.safety.interactions import (
    Medicine,
    SessionCircumstances,
    diazepam_for_warning,
    interaction_table,
    interactions,
    left_off,
    not_discussed,
    timing_matters,
)
from lysglimt.knowledge.verdict import Finding, Standing

MET, NOTE, CAUTION = Standing.MET, Standing.NOTE, Standing.CAUTION
UNKNOWN, SPECIALIST = Standing.UNKNOWN, Standing.NEEDS_SPECIALIST


def found(atc: str, mg: Any = None, **around: Any) -> dict[str, Standing]:
    medicine = Medicine(atc, None if mg is None else Decimal(str(mg)))
    return {
        finding.criterion: finding.standing
        for finding in interactions([medicine], SessionCircumstances(**around))
    }


@pytest.mark.parametrize(
    ("atc", "criterion", "standing"),
    [
        pytest.param("N03AX09", "RX-2", NOTE, id="lamotrigine"),
        pytest.param("N06AF04", "RX-3", SPECIALIST, id="tranylcypromine"),
        pytest.param("N06AG02", "RX-3", SPECIALIST, id="moclobemide"),
        pytest.param("N04BD02", "RX-3", SPECIALIST, id="rasagiline"),
        pytest.param("J01XX08", "RX-3", SPECIALIST, id="linezolid"),
        pytest.param("N06BA04", "RX-4", CAUTION, id="methylphenidate"),
        pytest.param("R03DA04", "RX-4", CAUTION, id="theophylline"),
        pytest.param("H03AA01", "RX-4", CAUTION, id="levothyroxine"),
        pytest.param("R01AD05", "RX-4", CAUTION, id="nasal steroid"),
        pytest.param("N02AA05", "RX-5", CAUTION, id="oxycodone"),
        pytest.param("N07BC02", "RX-5", CAUTION, id="methadone"),
        pytest.param("J01FA09", "RX-6", CAUTION, id="clarithromycin"),
        pytest.param("N03AF01", "RX-7", NOTE, id="carbamazepine"),
        pytest.param("N06AX25", "RX-7", NOTE, id="St John's wort"),
        pytest.param("N07BB04", "RX-8", NOTE, id="naltrexone"),
        pytest.param("N07BB05", "RX-8", NOTE, id="nalmefene"),
        pytest.param("A08AA62", "RX-8", NOTE, id="naltrexone with bupropion, for weight"),
        pytest.param("N05AH02", "RX-9", NOTE, id="clozapine"),
        pytest.param("N05AN01", "RX-10", MET, id="lithium"),
        pytest.param("N06AA09", "RX-11", MET, id="amitriptyline"),
        pytest.param("N06AX16", "RX-11", MET, id="venlafaxine"),
        pytest.param("N06AB06", "RX-11", NOTE, id="sertraline"),
        pytest.param("N06AX27", "RX-13", SPECIALIST, id="esketamine by nose"),
        pytest.param("N01AX03", "RX-13", SPECIALIST, id="ketamine"),
        pytest.param("N01AX14", "RX-13", SPECIALIST, id="esketamine"),
        pytest.param("N06AX62", "RX-13", CAUTION, id="dextromethorphan with bupropion"),
    ],
)
def test_a_medicine_is_known_by_the_beginning_of_its_code(
    atc: str, criterion: str, standing: Standing
) -> None:
    assert found(atc)[criterion] is standing


def test_a_medicine_that_does_not_matter_gives_no_finding() -> None:
    assert found("A02BC01") == {}
    assert interactions([]) == ()


def test_medicines_nobody_asked_for_are_a_question() -> None:
    [finding] = interactions(None)
    assert finding.standing is UNKNOWN
    assert finding.question is not None


@pytest.mark.parametrize(
    ("atc", "mg", "standing"),
    [
        pytest.param("N05BA01", 8, NOTE, id="diazepam 8 mg is not above 8"),
        pytest.param("N05BA01", "8.1", CAUTION, id="diazepam 8.1 mg"),
        pytest.param("N05CF01", "7.5", CAUTION, id="zopiclone 7.5 mg counts as 10 mg"),
        pytest.param("N05BA04", 15, NOTE, id="oxazepam 15 mg counts as 5 mg"),
        pytest.param("N05BA06", 1, CAUTION, id="lorazepam 1 mg counts as 10 mg"),
        pytest.param("N05BA01", None, UNKNOWN, id="an amount that is not known"),
        pytest.param("N05BA09", 20, UNKNOWN, id="a medicine that the table does not have"),
    ],
)
def test_sedatives_warn_above_eight_milligrams_of_diazepam(
    atc: str, mg: Any, standing: Standing
) -> None:
    assert found(atc, mg)["RX-1"] is standing


def sedation(*medicines: Medicine) -> Finding:
    return next(f for f in interactions(medicines) if f.criterion == "RX-1")


def test_a_second_warning_comes_at_twenty() -> None:
    first, second = (sedation(Medicine("N05BA01", Decimal(mg))) for mg in ("19.9", "20"))
    assert (first.basis.mark, second.basis.mark) == (Mark.SEEN, Mark.OWN)
    assert "høy dose" in second.reason.nb


def test_sedatives_are_counted_together() -> None:
    both = sedation(Medicine("N05BA04", Decimal(15)), Medicine("N05BA01", Decimal(4)))
    assert both.standing is CAUTION
    assert "9 mg diazepam" in both.reason.nb


def test_an_unknown_amount_does_not_silence_the_warning() -> None:
    told = interactions([Medicine("N05BA01", Decimal(10)), Medicine("N05BA06")])
    assert {finding.standing for finding in told} == {CAUTION, UNKNOWN}


def test_the_warning_says_discuss_and_never_omit() -> None:
    action = sedation(Medicine("N05BA01", Decimal(30))).action
    assert action is not None
    assert "Discuss" in action.en
    assert "Never stop abruptly" in action.en
    assert not {"omit", "skip", "hold"} & set(action.en.lower().split())


def test_of_a_range_the_smaller_amount_counts() -> None:
    for one in interaction_table().equivalent:
        assert one.up_to is None or one.amount.value < one.up_to.value
        assert diazepam_for_warning([Medicine(one.atc, one.amount.value.value)]) == 10


def test_what_cannot_be_reckoned_is_not_guessed() -> None:
    assert diazepam_for_warning([Medicine("N05BA01")]) is None
    assert diazepam_for_warning([Medicine("N05BA09", Decimal(1))]) is None
    assert diazepam_for_warning([]) == 0


@given(mg=st.decimals(0, 100, places=2), more=st.decimals(0, 100, places=2))
def test_more_of_a_sedative_never_warns_less(mg: Decimal, more: Decimal) -> None:
    less, greater = (
        sedation(Medicine("N05CF01", amount)).standing for amount in (mg, mg + more)
    )
    assert greater >= less
    assert diazepam_for_warning([Medicine("N05CF01", mg)]) == Fraction(mg) * 4 / 3


@pytest.mark.parametrize(
    ("qtc", "male", "standing"),
    [
        pytest.param(469, None, MET, id="short for anyone"),
        pytest.param(470, True, CAUTION, id="470 in a man"),
        pytest.param(469, True, MET, id="469 in a man"),
        pytest.param(479, False, MET, id="479 in a woman"),
        pytest.param(480, False, CAUTION, id="480 in a woman"),
        pytest.param(475, None, UNKNOWN, id="the sex decides"),
        pytest.param(480, None, CAUTION, id="long for anyone"),
        pytest.param(None, True, UNKNOWN, id="no ECG"),
    ],
)
def test_ondansetron_asks_for_the_qtc(qtc: int | None, male: Any, standing: Standing) -> None:
    assert found("A04AA01", qtc_ms=qtc, male=male)["RX-12"] is standing


def test_the_qtc_alone_is_no_finding() -> None:
    assert interactions([], SessionCircumstances(qtc_ms=600)) == ()


@pytest.mark.parametrize(
    ("around", "criterion"),
    [({"alcohol_same_day": True}, "RX-5"), ({"grapefruit": True}, "RX-6")],
)
def test_what_is_no_medicine_matters_too(around: dict[str, Any], criterion: str) -> None:
    [finding] = interactions([], SessionCircumstances(**around))
    assert finding.criterion == criterion


def test_a_hold_of_our_own_shows_no_literature() -> None:
    told = [f for f in interactions([Medicine("N06BA04", name="Ritalin")]) if f.action]
    held = [f for f in told if f.action and "Hold" in f.action.en]
    assert [f.basis.mark for f in held] == [Mark.OWN]
    assert "Ritalin" in held[0].reason.nb


@given(
    codes=st.lists(
        st.sampled_from([code for group in interaction_table().group for code in group.atc])
    )
)
def test_no_interaction_excludes_by_itself(codes: list[str]) -> None:
    medicines = [
        Medicine((code + "A01" if len(code) < 5 else code + "01")[:7]) for code in codes
    ]
    assert all(f.standing < Standing.EXCLUDED for f in interactions(medicines))


def test_all_twelve_rules_are_there() -> None:
    table = interaction_table()
    assert {table.sedatives.id, *(group.id for group in table.group)} == {
        f"RX-{n}" for n in range(1, 14)
    }


BOTH_SIDES = [
    pytest.param("RX-1", "N05BA04", "N05BB01", "veraart", id="oxazepam, hydroxyzine"),
    pytest.param("RX-1", "N05CF01", "N05CH01", "veraart", id="zopiclone, melatonin"),
    pytest.param("RX-1", "N03AE01", "N03AF01", "veraart", id="clonazepam, carbamazepine"),
    pytest.param("RX-2", "N03AX09", "N03AX11", "veraart", id="lamotrigine, topiramate"),
    pytest.param("RX-3", "N06AG02", "N06AB06", "veraart", id="moclobemide, sertraline"),
    pytest.param("RX-3", "N04BD02", "N04BC05", "veraart", id="rasagiline, pramipexole"),
    pytest.param("RX-4", "H03AA01", "H03BB01", "epi", id="levothyroxine, carbimazole"),
    pytest.param("RX-4", "R03DA04", "R03AC02", "unverified-memory", id="theophylline"),
    pytest.param("RX-4", "R01AD05", "R03BA02", "epi", id="budesonide by nose, inhaled"),
    pytest.param("RX-5", "N02AA05", "N02BE01", "epi", id="oxycodone, paracetamol"),
    pytest.param("RX-5", "N07BC02", "N07BA03", "epi", id="methadone, varenicline"),
    pytest.param("RX-6", "J01FA09", "J01FA10", "unverified-memory", id="macrolides"),
    pytest.param("RX-6", "N06AB08", "N06AB06", "unverified-memory", id="fluvoxamine"),
    pytest.param("RX-7", "N03AF01", "N03AF02", "unverified-memory", id="carbamazepine"),
    pytest.param("RX-8", "N07BB04", "N07BB03", "unverified-memory", id="naltrexone"),
    pytest.param("RX-9", "N05AD01", "N05AD08", "veraart", id="haloperidol, droperidol"),
    pytest.param("RX-10", "N05AN01", "N05AX12", "veraart", id="lithium, aripiprazole"),
    pytest.param("RX-11", "N06AX16", "N06AX25", "gdansk", id="venlafaxine, St John's wort"),
    pytest.param("RX-11", "N06AB06", "N06AF04", "gdansk", id="sertraline, an MAO inhibitor"),
    pytest.param("RX-11", "N06AX05", "N06AX27", "gdansk", id="trazodone, esketamine"),
    pytest.param("RX-11", "N06AX12", "N06AX62", "gdansk", id="bupropion alone, or with more"),
    pytest.param("RX-12", "A04AA01", "A03FA01", "own-proposal", id="ondansetron"),
    pytest.param("RX-13", "N01AX03", "N01AX10", "own-proposal", id="ketamine, propofol"),
    pytest.param("RX-13", "N06AX62", "N06AX12", "unverified-memory", id="dextromethorphan"),
]


@pytest.mark.parametrize(("rule", "code", "beside", "source"), BOTH_SIDES)
def test_each_rule_speaks_of_its_own_and_not_of_the_next(
    rule: str, code: str, beside: str, source: str
) -> None:
    """``beside`` is a neighbour by use or by code of which the rule says nothing."""
    told = [f for f in interactions([Medicine(code, Decimal("0.1"))]) if f.criterion == rule]
    assert source in {finding.basis.source.key for finding in told}
    assert rule not in found(beside, "0.1")


def test_every_rule_has_its_case_on_both_sides() -> None:
    assert {case.values[0] for case in BOTH_SIDES} == {f"RX-{n}" for n in range(1, 14)}


def test_a_medicine_without_a_code_is_a_question() -> None:
    [finding] = interactions([Medicine("", name="Valerina natt")])
    assert (finding.criterion, finding.standing) == ("RX", UNKNOWN)
    assert "Valerina natt" in finding.reason.nb
    assert finding.question is not None
    [unnamed] = interactions([Medicine("")])
    assert "uten navn" in unnamed.reason.nb


@pytest.mark.parametrize(
    ("mg", "late", "named"),
    [
        pytest.param(15, {"N05BA04"}, True, id="an evening dose"),
        pytest.param(15, {"N06AB06"}, False, id="another is taken in the evening"),
        pytest.param(15, set(), False, id="not known when"),
        pytest.param(None, {"N05BA04"}, True, id="an evening dose of unknown size"),
    ],
)
def test_the_evening_dose_is_discussed_by_name(mg: Any, late: set[str], named: Any) -> None:
    medicine = Medicine("N05BA04", mg and Decimal(mg), name="Sobril")
    around = SessionCircumstances(late=frozenset(late))
    [told] = [f for f in interactions([medicine], around) if f.criterion == "RX-1"]
    assert told.action is not None
    assert ("timing of the evening dose (Sobril)" in told.action.en) is named
    assert "Never stop abruptly" in told.action.en
    assert not {"omit", "skip", "hold"} & set(told.action.en.lower().split())


@pytest.mark.parametrize(
    ("code", "matters"),
    [
        pytest.param("N05BA04", True, id="a benzodiazepine"),
        pytest.param("N06BA04", True, id="a stimulant"),
        pytest.param("N06AB06", False, id="an antidepressant goes on"),
        pytest.param("", False, id="without a code"),
    ],
)
def test_a_needed_dose_that_nobody_has_discussed_is_told(code: str, matters: Any) -> None:
    assert timing_matters(code) is matters
    told = not_discussed([Medicine(code, name="Sobril")])
    assert [one.standing for one in told] == ([CAUTION] if matters else [])
    assert all("Sobril" in one.reason.nb and one.action for one in told)


def test_what_is_not_discussed_is_never_left_out() -> None:
    [told] = not_discussed([Medicine("N05BA04", name="Sobril")])
    assert told.action is not None
    assert "not left out in silence" in told.action.en
    assert told.basis.mark is Mark.OWN


@pytest.mark.parametrize(
    ("atc", "days", "told"),
    [
        pytest.param("N05BA04", 0, True, id="stopped today"),
        pytest.param("N05CF01", 28, True, id="four weeks ago"),
        pytest.param("N05BA04", 29, False, id="longer ago"),
        pytest.param("N05BA04", -1, False, id="not stopped yet"),
        pytest.param("N06AB06", 3, False, id="no sedative"),
        pytest.param("", 3, False, id="without a code nobody knows"),
    ],
)
def test_a_sedative_that_was_stopped_lately_is_told(atc: str, days: int, *, told: bool) -> None:
    on = date(2026, 3, 2)
    stopped = [(Medicine(atc, name="Sobril"), on - timedelta(days=days))]
    found = list(left_off(stopped, taken=[], on=on))
    assert bool(found) is told
    for one in found:
        assert one.standing is CAUTION
        assert one.basis.mark is Mark.OWN
        assert "Sobril" in one.reason.nb
        assert one.action
        assert "abstinens" in one.action.nb
    assert not list(left_off(stopped, taken=[Medicine(atc)], on=on))
