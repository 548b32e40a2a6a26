"""How certain an answer is held to be: a named doctor's judgement, kept with all that it was."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils.translation import override

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.insight import actions
from lysglimt.clinic.insight.certainty import absolute, certainty, choices, held, more_or_fewer
from lysglimt.clinic.insight.models import CertaintyJudgement
from lysglimt.clinic.insight.trials import answer
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.science.evidence.domains import Concern, Domain
from lysglimt.science.evidence.grade import Judgement, Level
from lysglimt.science.evidence.pools import Pool
from tests.clinic.conftest import NOON, Staff

from .test_evidence import Words, page

NASAL = "nasal-response"
ADDRESS = f"/unit/evidence/{NASAL}/certainty/"
ONE = Judgement(Domain.RISK_OF_BIAS, Concern.SERIOUS, "Dissociation tells what was given.")


def judge(by: Professional, *said: Judgement, **more: Any) -> list[CertaintyJudgement]:
    told: dict[str, Any] = {"figures": answer(NASAL).figures, "at": NOON, **more}
    return actions.judge_certainty(question=NASAL, judgements=said, by=by, **told)


def typed(**concerns: str) -> dict[str, str]:
    """Every domain without concern, but for those named."""
    said = dict.fromkeys((one.value for one in Domain), "none")
    said |= {name.replace("_", "-"): concern for name, concern in concerns.items()}
    return {
        f"{name}-{part}": value
        for name, concern in said.items()
        for part, value in (("concern", concern), ("because", f"Looked at {name}"))
    }


def test_a_judgement_is_kept_with_its_name_and_in_the_trail(psychiatrist: Professional) -> None:
    [row] = judge(psychiatrist, ONE)
    assert (row.by, row.concern, row.because, row.revision) == (
        psychiatrist,
        "serious",
        ONE.because,
        1,
    )
    assert Event.objects.filter(operation="evidence.judge").count() == 1


def test_the_same_said_again_is_already_stored(psychiatrist: Professional) -> None:
    judge(psychiatrist, ONE)
    assert judge(psychiatrist, ONE) == []
    assert CertaintyJudgement.objects.count() == 1


def test_a_change_is_the_next_revision_with_its_reason_and_author(
    psychiatrist: Professional, moss: Unit, staff: Staff
) -> None:
    [first] = judge(psychiatrist, ONE)
    other = staff(moss, Role.ANAESTHETIST)
    milder = Judgement(ONE.domain, Concern.NONE, "The raters were blind.")
    [second] = judge(other, milder, reason="Read again", at=NOON + timedelta(days=1))
    assert (second.entry, second.revision, second.by) == (first.entry, 2, other)
    [now] = CertaintyJudgement.objects.in_force()
    assert now == second
    assert CertaintyJudgement.objects.count() == 2


def test_the_database_refuses_to_change_a_judgement(psychiatrist: Professional) -> None:
    [row] = judge(psychiatrist, ONE)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        CertaintyJudgement.objects.filter(pk=row.pk).update(concern="none")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM insight_certaintyjudgement")


def test_the_database_refuses_a_judgement_without_its_reason(
    psychiatrist: Professional,
) -> None:
    [row] = judge(psychiatrist, ONE)
    for wrong in ({"because": ""}, {"concern": "grave"}, {"domain": "taste"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            row.revised(reason="x", **wrong).save(force_insert=True)


def test_a_level_stands_only_when_every_domain_is_judged(psychiatrist: Professional) -> None:
    judge(psychiatrist, ONE)
    moss = psychiatrist.unit
    assert held(NASAL, answer(NASAL), unit=moss).level == ""
    assert held(NASAL, answer(NASAL), unit=moss).wanting == 4
    rest = [Judgement(one, Concern.NONE, "Nothing") for one in Domain if one != ONE.domain]
    judge(psychiatrist, *rest)
    now = held(NASAL, answer(NASAL), unit=moss)
    with override("en"):
        assert (now.level, now.wanting) == ("moderate", 0)
    said = certainty(list(now.newest.values()))
    assert said is not None
    assert (said.level, said.by) == (Level.MODERATE, str(psychiatrist))


def test_what_was_judged_of_other_figures_is_said_to_be_so(psychiatrist: Professional) -> None:
    judge(psychiatrist, ONE, figures="0" * 64)
    now = held(NASAL, answer(NASAL), unit=psychiatrist.unit)
    assert now.stale
    assert [line.stale for line in now.lines] == [True]
    judge(psychiatrist, ONE, reason="Looked at the new figures")
    assert not held(NASAL, answer(NASAL), unit=psychiatrist.unit).stale


def test_figures_have_the_same_fingerprint_in_every_version_of_the_program() -> None:
    found = answer(NASAL)
    later = Pool(found.query, found.studies, (), found.fit, found.floored, "99", "another")
    fewer = Pool(found.query, found.studies[1:], (), found.fit, None, found.version, found.hash)
    assert later.figures == found.figures != fewer.figures


def test_a_doctor_judges_on_a_page_of_their_own(
    as_psychiatrist: Client, psychiatrist: Professional
) -> None:
    Professional.objects.update(language="en")
    asked = as_psychiatrist.get(ADDRESS)
    assert asked.status_code == 200
    assert "Could people guess what they were given?" in Words(asked.content).text
    done = as_psychiatrist.post(ADDRESS, typed(imprecision="very-serious"))
    assert done["Location"] == f"/unit/evidence/?question={NASAL}"
    shown = page(as_psychiatrist, NASAL)
    assert "Certainty held here: low" in shown
    assert "Imprecision: very serious (two steps down)" in shown
    assert "Looked at imprecision" in shown
    assert str(psychiatrist) in shown
    assert "24 Mar 2026" in shown


@pytest.mark.parametrize(
    ("typing", "told"),
    [
        pytest.param({}, "Judge one domain at least.", id="nothing"),
        pytest.param(
            {"imprecision-concern": "serious"}, "A judgement needs its reason.", id="no reason"
        ),
        pytest.param(
            {"imprecision-because": "wide"}, "Choose how serious the concern is.", id="no word"
        ),
        pytest.param(
            {"imprecision-concern": "grave", "imprecision-because": "wide"},
            "Select a valid choice.",
            id="a word that there is not",
        ),
    ],
)
def test_half_a_judgement_is_refused_at_its_field(
    as_psychiatrist: Client, typing: dict[str, str], told: str
) -> None:
    Professional.objects.update(language="en")
    refused = as_psychiatrist.post(ADDRESS, typing)
    assert refused.status_code == 422
    assert told in Words(refused.content).text
    assert not CertaintyJudgement.objects.exists()


def test_a_change_on_the_page_asks_why_and_the_old_one_stays(as_psychiatrist: Client) -> None:
    as_psychiatrist.post(ADDRESS, typed())
    changed = typed(indirectness="serious")
    Professional.objects.update(language="en")
    refused = as_psychiatrist.post(ADDRESS, changed)
    assert refused.status_code == 422
    assert "Say why a judgement is changed." in Words(refused.content).text
    done = as_psychiatrist.post(ADDRESS, {**changed, "reason": "Others than ours"})
    assert done.status_code == 302
    assert CertaintyJudgement.objects.filter(domain="indirectness").count() == 2
    assert CertaintyJudgement.objects.count() == 6
    history = Words(as_psychiatrist.get(ADDRESS).content).text
    assert "Changed because: Others than ours" in history
    assert "Indirectness: no concern" in history


def test_a_question_that_nothing_answers_cannot_be_judged(as_psychiatrist: Client) -> None:
    assert as_psychiatrist.get("/unit/evidence/nonsense/certainty/").status_code == 404


@pytest.mark.parametrize("role", [Role.NURSE, Role.UNIT_LEAD, Role.STATISTICIAN])
def test_others_than_doctors_read_and_do_not_judge(
    client: Client, moss: Unit, staff: Staff, psychiatrist: Professional, role: Role
) -> None:
    judge(psychiatrist, ONE)
    client.force_login(staff(moss, role))
    shown = page(client, NASAL)
    assert ONE.because in shown
    assert "Judge the certainty" not in shown
    assert client.post(ADDRESS, typed()).status_code == 403


def test_another_unit_does_not_see_it(
    client: Client,
    psychiatrist: Professional,
    halden: Unit,
    outsider: Professional,
    staff: Staff,
) -> None:
    judge(psychiatrist, ONE)
    for who in (staff(halden, Role.PSYCHIATRIST), outsider):
        client.force_login(who)
        assert ONE.because not in page(client, NASAL)


def test_nothing_is_reckoned_of_a_thousand_until_the_reader_says_of_whom(
    as_psychiatrist: Client,
) -> None:
    shown = page(as_psychiatrist, NASAL)
    assert "Of 100 people like yours" in shown
    assert "of 1,000" not in shown


def test_of_a_thousand_the_share_is_the_reader_s_own(as_psychiatrist: Client) -> None:
    Professional.objects.update(language="en")
    asked = {"question": NASAL, "baseline": "35,5"}
    shown = Words(as_psychiatrist.get("/unit/evidence/", asked).content).text
    assert "355 of 1,000 reach it: your 35.5 %" in shown
    assert "With the treatment" in shown
    refused = as_psychiatrist.get("/unit/evidence/", {**asked, "baseline": "350"})
    assert "350 is outside 0.1–99.9 %." in Words(refused.content).text


def test_the_difference_has_its_interval() -> None:
    found = answer(NASAL)
    assert found.fit is not None
    with override("en"):
        rows = dict(absolute(found, found.fit, Decimal(40)))
        assert rows["With the treatment"].startswith("552 of 1,000 (")
        assert rows["Difference"].startswith("152 more (from 21 more to ")
        assert [more_or_fewer(one) for one in (-3.2, 0.2, 7)] == [
            "3 fewer",
            "none more",
            "7 more",
        ]


def test_a_share_may_be_taken_from_a_trial_that_is_named() -> None:
    with override("en"):
        said = [(one.words, one.share) for one in choices(answer(NASAL))]
    assert said == [
        ("Ochs-Ross 2020: 8 of 60", "13.3"),
        ("Fedgchin 2019: 42 of 108", "38.9"),
        ("Popova 2019: 52 of 100", "52.0"),
    ]
    assert not list(choices(answer("nasal-change")))


def test_points_have_no_thousand(as_psychiatrist: Client) -> None:
    assert "Of 1,000 people" not in page(as_psychiatrist, "nasal-change")
