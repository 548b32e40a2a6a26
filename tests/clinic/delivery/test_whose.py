"""Whose rows leave: under a basis alone, of nobody who is reserved, and by names that name nobody."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.delivery import actions
from lysglimt.clinic.delivery.actions import AlreadySigned, DeliveryChanged, NumberTaken
from lysglimt.clinic.delivery.extract import Extract, extract
from lysglimt.clinic.delivery.models import Delivery, RegisteredUnit
from lysglimt.clinic.delivery.scope import NoLegalBasis, NotRegistered
from lysglimt.clinic.delivery.tables import before
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import Consent, Course
from lysglimt.knowledge.eligibility.candidate import Registration as Choice
from lysglimt.register.legal_basis import Basis, LeftOut
from tests.clinic.conftest import NOON, Staff
from tests.clinic.treatment.conftest import Give, Rate, entered

from .conftest import TODAY, State, Take

DAY = timedelta(days=1)


def people(found: Extract) -> int:
    """Rows of all tables but the unit's own."""
    return sum(len(rows) for name, rows in found.tables.items() if name != "unit")


def reserve(patient: Patient, by: Professional, *, days: int = 30) -> None:
    at = NOON + days * DAY
    treatment.register_choice(
        patient=patient, choice=Choice.RESERVED, entered=entered(at), by=by, at=at
    )


def test_without_a_stated_basis_nothing_leaves(moss: Unit, course: Course) -> None:
    with pytest.raises(NotRegistered):
        extract(moss, on=TODAY)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param(date(2026, 1, 10), TODAY - DAY, id="ended yesterday"),
        pytest.param(TODAY + DAY, None, id="begins tomorrow"),
    ],
)
def test_under_a_basis_that_does_not_hold_today_nothing_leaves(
    state: State, take: Take, course: Course, start: date, end: date | None
) -> None:
    state(Basis.OPT_OUT, valid_from=start, valid_until=end)
    with pytest.raises(NoLegalBasis):
        take()


def test_a_basis_that_was_ended_is_not_replaced_by_the_one_before_it(
    state: State, take: Take, course: Course
) -> None:
    state(Basis.OPT_OUT)
    assert people(take())
    state(Basis.CONSENT, valid_until=TODAY - DAY)
    with pytest.raises(NoLegalBasis):
        take()


def test_who_is_reserved_after_a_delivery_is_gone_from_the_next(
    state: State, take: Take, give: Give, kari: Patient, nurse: Professional, lead: Professional
) -> None:
    state(Basis.OPT_OUT)
    give(0)
    first = actions.prepare(by=lead, at=NOON + DAY)
    actions.sign(delivery=first, by=lead, at=NOON + DAY)
    gone = sum(first.found["rows"].values()) - 1
    assert gone > 3
    reserve(kari, nurse)
    assert people(take()) == 0
    after = actions.prepare(by=lead, at=NOON + 31 * DAY)
    assert after.since == first
    assert after.left_out == {"reserved": 1}
    assert sum(removed for _, _, removed in after.found["changes"].values()) == gone


def test_a_consent_that_is_taken_back_ends_the_flow_where_consent_is_the_basis(
    state: State, take: Take, course: Course, psychiatrist: Professional
) -> None:
    state(Basis.CONSENT)
    assert people(take())
    at = NOON + 40 * DAY
    treatment.withdraw_consent(
        consent=Consent.objects.get(), entered=entered(at), by=psychiatrist, at=at
    )
    assert people(take()) == 0
    state(Basis.OPT_OUT)
    [consent] = take().tables["consent"]
    assert consent["withdrawn_on"] == at.date()
    state(Basis.CONSENT)
    treatment.register_choice(
        patient=course.patient,
        choice=Choice.REGISTER,
        entered=entered(at + DAY),
        by=psychiatrist,
        at=at + DAY,
    )
    assert people(take()), "chosen anew"


def test_of_another_unit_there_is_nothing(
    state: State, give: Give, halden: Unit, staff: Staff
) -> None:
    give(0)
    state(Basis.OPT_OUT)
    other = staff(halden, Role.UNIT_LEAD)
    with pytest.raises(NumberTaken):
        actions.state(said=replace(said_by(state), number=17), by=other, at=NOON)
    assert not RegisteredUnit.objects.filter(unit=halden).exists()
    actions.state(said=replace(said_by(state), number=18), by=other, at=NOON)
    found = extract(halden, on=TODAY)
    assert people(found) == 0
    assert found.scope.left_out == {}


def said_by(state: State) -> actions.Stated:
    row = state(Basis.OPT_OUT)
    return actions.Stated(
        number=17,
        region="south-east",
        basis=Basis(row.basis),
        project=row.project,
        decision=row.decision,
        decided_by=row.decided_by,
        decided_on=row.decided_on,
        valid_from=row.valid_from,
    )


def test_another_project_calls_the_same_people_by_other_names(
    state: State, take: Take, give: Give
) -> None:
    give(0)
    state(Basis.OPT_OUT)
    national, again = take(), take()
    state(Basis.OPT_OUT, project="study-7")
    study = take()
    named = [
        {row["person"] for row in one.tables["person"]} for one in (national, again, study)
    ]
    assert named[0] == named[1]
    assert named[0].isdisjoint(named[2])


@pytest.mark.parametrize(
    ("reserved", "decided", "told"),
    [
        pytest.param(5, "told", 5, id="five are told where the decision lets them be"),
        pytest.param(0, "told", 0, id="so is nobody"),
        pytest.param(4, "told", None, id="four are few enough to be known"),
        pytest.param(5, "not told", None, id="and none without a decision"),
    ],
)
@pytest.mark.anywhere
def test_how_many_are_reserved_is_told_as_far_as_the_decision_goes(
    state: State, take: Take, reserved: int, decided: str, told: int | None
) -> None:
    state(Basis.OPT_OUT, counts_reserved=decided == "told")
    [unit] = before.unit(replace(take().scope, left_out={LeftOut.RESERVED: reserved}))
    assert unit["reserved"] == told


def test_what_is_signed_is_what_leaves(
    state: State, take: Take, give: Give, rate: Rate, lead: Professional
) -> None:
    state(Basis.OPT_OUT)
    give(0)
    stale = actions.prepare(by=lead, at=NOON + DAY)
    rate(2, 20)
    with pytest.raises(DeliveryChanged):
        actions.sign(delivery=stale, by=lead, at=NOON + 3 * DAY)
    assert actions.signed_as(take()) is None
    fresh = actions.prepare(by=lead, at=NOON + 3 * DAY)
    signature = actions.sign(delivery=fresh, by=lead, at=NOON + 3 * DAY)
    assert (signature.by, actions.signed_as(take())) == (lead, fresh)
    with pytest.raises(AlreadySigned):
        actions.sign(delivery=fresh, by=lead, at=NOON + 3 * DAY)


def test_a_delivery_and_its_signature_are_never_changed(
    state: State, course: Course, lead: Professional
) -> None:
    state(Basis.OPT_OUT)
    row = actions.prepare(by=lead, at=NOON)
    signature = actions.sign(delivery=row, by=lead, at=NOON)
    for one, column in ((row, "digest"), (signature, "at")):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(one).objects.filter(pk=one.pk).update(**{column: getattr(one, column)})


def test_what_has_changed_since_the_last_signed_one_is_counted_by_table(
    state: State, course: Course, give: Give, rate: Rate, lead: Professional
) -> None:
    state(Basis.OPT_OUT)
    actions.sign(delivery=actions.prepare(by=lead, at=NOON), by=lead, at=NOON)
    give(0)
    rate(2, 20)
    changes = actions.prepare(by=lead, at=NOON + 3 * DAY).found["changes"]
    told = {table: numbers for table, numbers in changes.items() if any(numbers)}
    assert told == {"course": [0, 1, 0], "session": [1, 0, 0], "rating": [1, 0, 0]}


def test_a_delivery_holds_nothing_of_any_patient(
    state: State, give: Give, kari: Patient, lead: Professional
) -> None:
    state(Basis.OPT_OUT)
    give(0)
    row = actions.prepare(by=lead, at=NOON)
    text = f"{row.digests} {row.found} {row.left_out}"
    said = kari.particulars()
    assert not [one for one in (str(kari.pk), kari.pk.hex, *said.names) if one in text]
    assert Delivery.objects.newest_first(lead.unit_id).get() == row


def test_that_rows_were_taken_out_stands_in_the_log_of_each_patient(
    state: State, take: Take, course: Course, lead: Professional
) -> None:
    state(Basis.OPT_OUT)
    found = take()
    actions.note_extract(found, by=lead.actor, at=NOON)
    event = Event.objects.filter(operation="register.extract").get()
    assert event.patients == [str(course.patient_id)]
    assert actions.digest(found) in event.reason
