"""Rating a patient, as the one who rates meets it."""

import re
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.questionnaires.models import RatingDraft
from lysglimt.clinic.questionnaires.points import answers, read
from lysglimt.clinic.treatment.models import Course, Rating, SafetyTask
from lysglimt.knowledge.instruments.instrument import instrument
from lysglimt.knowledge.instruments.wording import FormItem
from tests.clinic.chairside import let_in
from tests.clinic.conftest import Staff
from tests.clinic.treatment.conftest import Rate

from .conftest import filled_in


def address(patient: Patient, instrument: str = "madrs", step: str = "record") -> str:
    return reverse(f"rating.{step}", args=[patient.pk, instrument])


def page_of(client: Client, where: str) -> str:
    page = client.get(where)
    assert page.status_code == 200
    return page.content.decode()


@pytest.fixture
def receiver(psychiatrist: Professional) -> dict[str, str]:
    return {"receiver": str(psychiatrist.pk)}


def test_a_rating_is_recorded_and_its_score_shown_by_the_set_it_belongs_to(
    as_nurse: Client,
    kari: Patient,
    receiver: dict[str, str],
    decision_support: None,
    django_assert_max_num_queries: Any,
) -> None:
    with django_assert_max_num_queries(10):
        as_nurse.get(address(kari))
    reply = as_nurse.post(address(kari), filled_in(34, receiver))
    rating = Rating.objects.get()
    assert reply.headers["Location"] == reverse("rating", args=[rating.pk])
    assert (rating.total, rating.recall, rating.rater) == (Decimal(34), "P3D", "nurse")
    with django_assert_max_num_queries(8):
        page = page_of(as_nurse, reverse("rating", args=[rating.pk]))
    assert "av 0–60" in page
    assert "Snaith 1986" in page
    assert "Ødegård, Kari Anne" in page


def test_in_journal_mode_no_band_is_named(
    as_nurse: Client, kari: Patient, receiver: dict[str, str]
) -> None:
    as_nurse.post(address(kari), filled_in(34, receiver))
    page = page_of(as_nurse, reverse("rating", args=[Rating.objects.get().pk]))
    assert "34" in page
    assert "Snaith 1986" not in page


def test_nothing_stands_in_the_form_beforehand_but_the_time_and_oneself(
    as_nurse: Client, kari: Patient
) -> None:
    page = page_of(as_nurse, address(kari))
    assert page.count("checked") == 0
    assert "(valgfritt)" not in page


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        pytest.param({"i3": ""}, "Velg et svar, eller oppgi", id="an item left blank"),
        pytest.param({"i3": "7"}, "7", id="an answer the item does not have"),
        pytest.param({"at": "2099-01-01T08:00"}, "ikke vært ennå", id="a time to come"),
        pytest.param({"recall": ""}, "påkrevet", id="no window"),
        pytest.param(
            {"receiver": "", "i10": "4"}, "Velg hvem som tar seg av", id="nobody gets the task"
        ),
    ],
)
def test_a_refused_rating_keeps_what_was_typed(
    as_nurse: Client,
    kari: Patient,
    receiver: dict[str, str],
    wrong: dict[str, str],
    says: str,
) -> None:
    reply = as_nurse.post(address(kari), filled_in(34, (receiver | wrong)))
    page = reply.content.decode()
    assert reply.status_code == 422
    assert says in page
    assert not Rating.objects.exists()
    assert page.count(" checked") >= 9
    kept = RatingDraft.objects.get().typed
    assert kept["i1"] == "6"
    assert "csrfmiddlewaretoken" not in kept


def test_not_answered_is_not_zero(
    as_nurse: Client, kari: Patient, receiver: dict[str, str]
) -> None:
    as_nurse.post(address(kari), filled_in(30, receiver, {"i9": "-"}))
    rating = Rating.objects.get()
    assert (rating.answers["i9"], rating.total) == (None, None)
    page = page_of(as_nurse, reverse("rating", args=[rating.pk]))
    assert "Ingen totalskår" in page
    assert "ikke besvart: 9" in page


def test_a_missing_answer_is_made_up_for_only_when_asked(
    as_nurse: Client, kari: Patient, receiver: dict[str, str]
) -> None:
    as_nurse.post(address(kari), filled_in(27, receiver, {"i9": "-", "prorate": "on"}))
    rating = Rating.objects.get()
    assert (rating.total, rating.prorated) == (Decimal(30), True)
    assert "erstatter ledd" in page_of(as_nurse, reverse("rating", args=[rating.pk]))


def test_a_rating_sent_twice_is_one(
    as_nurse: Client, kari: Patient, receiver: dict[str, str]
) -> None:
    form = filled_in(34, receiver)
    assert as_nurse.post(address(kari), form).status_code == 302
    assert as_nurse.post(address(kari), form).status_code == 302
    assert Rating.objects.count() == 1


def test_a_positive_answer_about_suicide_is_shown_at_once_with_its_receiver(
    as_nurse: Client, kari: Patient, psychiatrist: Professional, receiver: dict[str, str]
) -> None:
    reply = as_nurse.post(address(kari), filled_in(30, receiver, item_10=4))
    task = SafetyTask.objects.get()
    assert task.receiver == psychiatrist
    page = page_of(as_nurse, reply.headers["Location"])
    assert str(psychiatrist) in page
    assert "Trygghetsoppgave" in page
    assert reverse("task.acknowledge", args=[task.pk]) in page
    # No grade of risk, in any wording.
    assert "risiko" not in page.casefold()


def yes_to(*items: str) -> dict[str, str]:
    asked = {"i1": "0", "i2": "0", "i6": "0"}
    return {
        **asked,
        **dict.fromkeys(items, "1"),
        "entry": str(uuid4()),
        "at": "2026-03-02T12:00",
        "timing": "screening",
        "mode": "interview",
        "recall": "screening",
    }


def test_nobody_is_chosen_to_see_to_the_patient_beforehand(
    as_nurse: Client, kari: Patient
) -> None:
    assert "receiver" not in as_nurse.get(address(kari)).context["form"].initial
    as_nurse.post(address(kari), filled_in(34))
    assert Rating.objects.get().total == Decimal(34), "a calm answer asks for nobody"


def test_what_may_ask_for_a_doctor_now_is_given_to_a_doctor(
    as_nurse: Client, kari: Patient, nurse: Professional, receiver: dict[str, str]
) -> None:
    where = address(kari, "cssrs_screener")
    choices = dict(as_nurse.get(where).context["form"].fields["receiver"].choices)
    assert receiver["receiver"] in choices
    assert str(nurse.pk) not in choices
    intent = yes_to("i2", "i4") | {"i3": "0", "i5": "0"}
    for chosen in (str(nurse.pk), ""):
        page = as_nurse.post(where, intent | {"receiver": chosen})
        assert page.status_code == 422
        assert "tar seg av pasienten" in str(page.context["form"].errors["receiver"])
    assert not Rating.objects.exists()


def test_the_rating_says_doctor_now_and_no_minute_to_be_late_for(
    as_nurse: Client, kari: Patient, receiver: dict[str, str]
) -> None:
    intent = yes_to("i2", "i4") | {"i3": "0", "i5": "0"}
    reply = as_nurse.post(address(kari, "cssrs_screener"), intent | receiver)
    page = page_of(as_nurse, reply.headers["Location"])
    assert "Lege nå, siden" in page
    assert "notice--late" in page
    assert "innen" not in page.partition("notice--late")[2].partition("</div>")[0]


@pytest.mark.parametrize(
    ("item_10", "promptness"),
    [
        pytest.param(4, "same-day", id="thoughts without a plan"),
        pytest.param(6, "doctor-now", id="a plan"),
    ],
)
def test_who_rates_an_urgent_answer_about_suicide_does_not_close_it(
    as_nurse: Client,
    kari: Patient,
    nurse: Professional,
    receiver: dict[str, str],
    item_10: int,
    promptness: str,
) -> None:
    mine = filled_in(30, {"receiver": str(nurse.pk)}, item_10=item_10)
    assert as_nurse.post(address(kari), mine).status_code == 422
    as_nurse.post(address(kari), filled_in(30, receiver, item_10=item_10))
    task = SafetyTask.objects.get()
    assert task.promptness == promptness
    done = reverse("task.acknowledge", args=[task.pk])
    said = {"action_taken": "Snakket med pasienten, trygg nå", "treat_today": "yes"}
    answer = as_nurse.post(done, said)
    assert answer.status_code == 422
    assert "En lege som har sett pasienten, skriver" in answer.content.decode()
    assert SafetyTask.objects.open().get() == task
    told = as_nurse.get(done)
    assert told.headers["Location"] == reverse("task.report", args=[task.pk])
    assert page_of(as_nurse, told.headers["Location"])


def test_what_waits_for_the_next_contact_any_clinician_answers(
    as_nurse: Client, kari: Patient, receiver: dict[str, str]
) -> None:
    as_nurse.post(address(kari), filled_in(30, receiver, item_10=2))
    task = SafetyTask.objects.get()
    said = {"action_taken": "Snakket med pasienten, trygg nå"}
    as_nurse.post(reverse("task.acknowledge", args=[task.pk]), said)
    assert not SafetyTask.objects.open()


def test_what_a_no_closes_is_left_empty(
    as_nurse: Client, kari: Patient, receiver: dict[str, str]
) -> None:
    reply = as_nurse.post(address(kari, "cssrs_screener"), yes_to() | receiver)
    assert reply.status_code == 302
    assert Rating.objects.get().answers["i4"] is None


def test_what_a_yes_opens_must_be_answered(
    as_nurse: Client, kari: Patient, receiver: dict[str, str]
) -> None:
    page = as_nurse.post(address(kari, "cssrs_screener"), yes_to("i2") | receiver)
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"i3", "i4", "i5"}


def test_yes_and_no_are_said_in_words(as_nurse: Client, kari: Patient) -> None:
    page = page_of(as_nurse, address(kari, "cssrs_screener"))
    assert "1 – Ja" in page
    assert "besvart med ja" in page


def test_a_patients_form_is_entered_from_paper_in_its_own_words(
    as_nurse: Client, kari: Patient, receiver: dict[str, str]
) -> None:
    page = page_of(as_nurse, address(kari, "phq9"))
    assert "entered from paper" not in page
    assert "ført inn fra papir" in page
    answers = {f"i{n}": "1" for n in range(1, 10)}
    when = {"entry": str(uuid4()), "at": "2026-03-02T12:00", "timing": "other", "mode": "self"}
    reply = as_nurse.post(address(kari, "phq9"), answers | when | receiver)
    assert reply.status_code == 302
    rating = Rating.objects.get()
    assert (rating.mode, rating.rater) == ("self", "self")
    assert len(rating.text_pack) == 64


def test_a_protected_patients_form_waits_for_its_wording(
    as_nurse: Client, kari: Patient
) -> None:
    page = page_of(as_nurse, address(kari, "madrs_s"))
    assert "offisielle ordlyd" in page
    assert '<input type="radio"' not in page


@pytest.mark.parametrize(
    "instrument", ["msm", "padss", "eq5d5l", "wsas", "moca", "hamd17", "ebi", "cgi_s"]
)
def test_every_kind_of_instrument_has_a_form(
    as_nurse: Client, kari: Patient, instrument: str
) -> None:
    assert as_nurse.get(address(kari, instrument)).status_code == 200


@pytest.mark.parametrize("instrument", ["thincit", "kset", "no-such"])
def test_what_is_not_scored_here_has_no_form(
    as_nurse: Client, kari: Patient, instrument: str
) -> None:
    assert as_nurse.get(address(kari, instrument)).status_code == 404


def test_a_draft_is_kept_while_typing_and_comes_back(as_nurse: Client, kari: Patient) -> None:
    kept = as_nurse.post(address(kari, step="draft"), {"i1": "3", "timing": "baseline"})
    assert "Kladd tatt vare på" in kept.content.decode()
    page = page_of(as_nurse, address(kari))
    assert page.count(" checked") == 2
    assert "Ikke lagret ennå" in page


def test_a_draft_is_thrown_away_on_asking(as_nurse: Client, kari: Patient) -> None:
    as_nurse.post(address(kari, step="draft"), {"i1": "3"})
    page = page_of(as_nurse, address(kari))
    folded = page.split("<details>")[1].split("</details>")[0]
    assert "Ja, kast alle svarene" in folded, "one click alone throws nothing away"
    as_nurse.post(address(kari, step="discard"))
    assert not RatingDraft.objects.exists()


def test_a_draft_goes_when_the_rating_is_saved(
    as_nurse: Client, kari: Patient, receiver: dict[str, str]
) -> None:
    as_nurse.post(address(kari, step="draft"), {"i1": "3"})
    as_nurse.post(address(kari), filled_in(34, receiver))
    assert not RatingDraft.objects.exists()


@pytest.mark.parametrize("step", ["record", "draft"])
def test_an_expired_sign_in_loses_no_answer(
    as_nurse: Client,
    nurse: Professional,
    kari: Patient,
    receiver: dict[str, str],
    step: str,
) -> None:
    as_nurse.get(address(kari))
    as_nurse.cookies.pop("lysglimt")
    came_from = f"http://testserver{address(kari)}"
    as_nurse.post(
        address(kari, step=step), filled_in(34, receiver), headers={"referer": came_from}
    )
    assert not Rating.objects.exists()
    as_nurse.force_login(nurse)
    kept = nurse.kept_forms.get()
    page = as_nurse.get(f"{address(kari)}?typed={kept.pk}").content.decode()
    # Ten items, the moment, the way and the window.
    assert page.count(" checked") == 13


def test_a_correction_keeps_the_old_score_struck_through(
    as_nurse: Client, kari: Patient, rate: Rate, receiver: dict[str, str]
) -> None:
    old = rate(0, 30)
    where = reverse("rating.correct", args=[old.pk])
    assert page_of(as_nurse, where).count(" checked") == 13
    without = as_nurse.post(where, filled_in(28, receiver))
    assert without.status_code == 422
    reply = as_nurse.post(where, filled_in(28, receiver, {"reason": "Feil på punkt 3"}))
    page = page_of(as_nurse, reply.headers["Location"])
    assert "<del>30</del>" in page
    assert "Feil på punkt 3" in page
    newest = Rating.objects.in_force().get()
    assert (newest.total, f"{newest.happened_at:%H:%M}") == (Decimal(28), "11:00")


def test_a_correction_begins_with_the_window_that_was_asked_about(
    as_nurse: Client, kari: Patient, nurse: Professional
) -> None:
    """Ever and since the last contact have no length to tell them apart."""
    ever = let_in.screen(kari, by=nurse, recall="lifetime")
    page = page_of(as_nurse, reverse("rating.correct", args=[ever.pk]))
    assert re.search(r'value="lifetime"[^>]*checked', page)
    assert "noen gang" in page_of(as_nurse, reverse("rating", args=[ever.pk]))


def test_of_two_who_correct_at_once_one_is_told(
    as_nurse: Client, rate: Rate, receiver: dict[str, str]
) -> None:
    old = rate(0, 30)
    where = reverse("rating.correct", args=[old.pk])
    as_nurse.post(where, filled_in(28, receiver, {"reason": "Feil på punkt 3"}))
    second = as_nurse.post(where, filled_in(27, receiver, {"reason": "Feil på punkt 4"}))
    assert second.status_code == 422
    assert Rating.objects.in_force().get().total == 28


def test_a_rating_entered_in_error_is_struck_through(as_nurse: Client, rate: Rate) -> None:
    where = reverse("rating.strike", args=[rate(0, 30).pk])
    assert as_nurse.get(where).status_code == 200
    assert as_nurse.post(where, {"reason": ""}).status_code == 422
    reply = as_nurse.post(where, {"reason": "Feil pasient"})
    assert not Rating.objects.in_force().exists()
    page = page_of(as_nurse, reply.headers["Location"])
    assert "teller ikke lenger: Feil pasient" in page
    assert reverse("rating.correct", args=[Rating.objects.last().pk]) not in page  # type: ignore[union-attr]  # there is one


def test_what_is_due_comes_first(
    as_nurse: Client,
    kari: Patient,
    course: Course,
    decision_support: None,
    django_assert_max_num_queries: Any,
) -> None:
    with django_assert_max_num_queries(10):
        page = page_of(as_nurse, reverse("ratings", args=[kari.pk]))
    assert page.index("Skal tas etter protokollen") < page.index("Andre instrumenter")
    assert page.index(">MADRS<") < page.index("Andre instrumenter")


def test_in_journal_mode_nothing_is_said_to_be_due(
    as_nurse: Client, kari: Patient, course: Course
) -> None:
    page = page_of(as_nurse, reverse("ratings", args=[kari.pk]))
    assert "Skal tas etter protokollen" not in page
    assert ">MADRS<" in page


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PHARMACIST, Role.STATISTICIAN])
def test_who_does_not_treat_does_not_rate(
    client: Client, moss: Unit, kari: Patient, staff: Staff, role: Role
) -> None:
    client.force_login(staff(moss, role))
    assert client.get(address(kari)).status_code == 403
    assert client.post(address(kari), filled_in(30)).status_code == 403
    assert client.get(reverse("ratings", args=[kari.pk])).status_code == 403


def test_another_entity_finds_no_rating(
    client: Client, rate: Rate, kari: Patient, outsider: Professional
) -> None:
    rating = rate(0, 30)
    client.force_login(outsider)
    assert client.get(reverse("rating", args=[rating.pk])).status_code == 404
    assert client.get(address(kari)).status_code == 404


def test_the_page_is_english_to_an_english_reader(
    as_nurse: Client, nurse: Professional, kari: Patient
) -> None:
    Professional.objects.filter(pk=nurse.pk).update(language="en")
    page = page_of(as_nurse, address(kari))
    assert "Where in the course?" in page
    assert "Not answered" in page
    assert "Hvor i forløpet" not in page


def test_a_form_sent_again_with_other_answers_is_refused(
    as_nurse: Client, kari: Patient, receiver: dict[str, str]
) -> None:
    form = filled_in(34, receiver)
    as_nurse.post(address(kari), form)
    reply = as_nurse.post(address(kari), form | {"i1": "0"})
    assert reply.status_code == 422
    assert reply.context["form"].non_field_errors()
    assert Rating.objects.get().total == 34
    assert reply.content.decode().count(" checked") == 13
    # Handed in already: what comes late must not stand in the next rating's form.
    assert not RatingDraft.objects.exists()


def other(**said: str) -> dict[str, str]:
    at = {"entry": str(uuid4()), "at": "2026-03-02T12:00", "timing": "other"}
    return at | said


def test_a_number_is_typed_or_said_not_to_be_known(as_nurse: Client, kari: Patient) -> None:
    where = address(kari, "lysglimt_bladder")
    zeros = {f"i{n}": "0" for n in range(1, 6)}
    blank = as_nurse.post(where, other(mode="self") | zeros | {"i1": ""})
    assert set(blank.context["form"].errors) == {"i1"}
    outside = as_nurse.post(where, other(mode="self") | zeros | {"i1": "31"})
    assert "31" in outside.content.decode()
    left = other(mode="self") | zeros | {"i1": "", "i1-unanswered": "on"}
    assert as_nurse.post(where, left).status_code == 302
    assert Rating.objects.get().answers["i1"] is None


def test_schooling_is_asked_where_it_counts(as_nurse: Client, kari: Patient) -> None:
    items = instrument("moca").items
    given = {item.id: str(item.lowest) for item in items}
    form = other(mode="interview") | given
    assert as_nurse.post(address(kari, "moca"), form).status_code == 302
    assert Rating.objects.get().total is None
    again = form | {"entry": str(uuid4()), "education_years": "10"}
    as_nurse.post(address(kari, "moca"), again)
    assert Rating.objects.newest_first().first().total == 1  # type: ignore[union-attr]  # there is one


def test_two_printed_answers_of_one_score_are_told_apart() -> None:
    scale = instrument("bdi2")
    item = next(one for one in scale.items if one.codes)
    options = tuple((value, f"text {n}") for n, value in enumerate(sorted(item.codes.values())))
    keys = [key for key, _ in answers(FormItem(item, "", ((0, "none"), *options)))]
    assert keys == ["0", *item.codes]
    assert read(keys[1]) == keys[1]
