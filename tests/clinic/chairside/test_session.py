"""One session at the chair: signed before the start, charted, finished, and home."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.actions import (
    DischargeChanged,
    DischargeWritten,
    GateClosed,
    Happened,
    Left,
    Measured,
    NoAmount,
    NoEscort,
    NotFinished,
    NothingMeasured,
    NotSigned,
    NotTheirCapacity,
    OrderChanged,
    OrderWritten,
    OtherBasis,
    Prepared,
    SamePerson,
    Unchecked,
)
from lysglimt.clinic.chairside.chart import charted, plan_of
from lysglimt.clinic.chairside.charts_beside import chart_beside, sets_beside
from lysglimt.clinic.chairside.models import (
    Capacity,
    ChairEvent,
    ChairEventKind,
    DischargeRecord,
    OrderSignature,
    PumpEvent,
    SedationScale,
    Session,
    SessionOrder,
    SessionPhase,
    StartGateRecord,
    VitalSet,
)
from lysglimt.clinic.chairside.reds import red_in
from lysglimt.clinic.chairside.sheet import sheet_of
from lysglimt.clinic.chairside.so_far import any_red
from lysglimt.clinic.people.facts import Contradicted
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.signing import NotADoctor
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import Course, CourseStanding, SessionGiven, WeightBasis
from lysglimt.knowledge.dosing.delivery import OutOfSequence, PauseReason, PumpAct
from lysglimt.knowledge.dosing.infusion import infusion_plan
from lysglimt.knowledge.dosing.preparation import TWO_PERSON_CHECK
from lysglimt.knowledge.errors import Implausible
from lysglimt.knowledge.monitoring.limits import Light
from lysglimt.knowledge.verdict import Standing, Verdict
from tests.clinic.conftest import NOON

from .conftest import Pump, at_minute, entered, finding, gated, ordered

SET = Measured(
    phase=SessionPhase.INFUSION,
    systolic=128,
    diastolic=76,
    pulse=82,
    spo2=97,
    respiration=14,
    sedation_scale=SedationScale.MOAAS,
    sedation=5,
    dissociation=4,
    distress=1,
    nausea=0,
)


def run_forty_minutes(pump: Pump) -> None:
    pump(0, PumpAct.START, "60")
    pump(40, PumpAct.STOP)


# The order


def test_a_course_has_one_session_a_day(session: Session, nurse: Professional) -> None:
    again = actions.open_session(
        course=session.course, planned_on=session.planned_on, by=nurse, at=NOON
    )
    assert again == session
    assert list(Session.objects.on_day(date(2026, 3, 2)).in_unit(nurse.unit_id)) == [session]


def test_the_dose_is_computed_and_kept(order: SessionOrder) -> None:
    kept = SessionOrder.objects.get()
    assert (kept.dose_mg, kept.volume_ml, kept.rate_ml_h) == (
        Decimal(40),
        Decimal(40),
        Decimal(60),
    )
    assert kept.plan["doses"]["actual"] == "40.0"
    computed = infusion_plan(plan_of(kept).order)
    assert (plan_of(kept).dose, plan_of(kept).rate) == (computed.dose, computed.rate)
    assert plan_of(kept).doses == computed.doses


def test_without_a_signed_basis_there_is_no_order(
    session: Session, psychiatrist: Professional
) -> None:
    signed = WeightBasis.objects.get()
    treatment.strike(fact=signed, by=psychiatrist, at=NOON, reason="Other course")
    with pytest.raises(OtherBasis):
        actions.order(
            session=session, ordered=ordered(), entered=entered(), by=psychiatrist, at=NOON
        )


def test_a_nurse_does_not_sign_the_order(order: SessionOrder, nurse: Professional) -> None:
    with pytest.raises(NotADoctor):
        actions.sign_order(order=order, by=nurse, at=NOON)
    assert list(SessionOrder.objects.unsigned()) == [order]


def test_any_change_voids_the_signature(
    order: SessionOrder, psychiatrist: Professional
) -> None:
    actions.sign_order(order=order, by=psychiatrist, at=NOON)
    assert SessionOrder.objects.signed().get() == order
    changed = actions.change_order(
        order=order, ordered=ordered("79"), by=psychiatrist, at=NOON, reason="Weighed today"
    )
    assert (changed.dose_mg, SessionOrder.objects.signed().count()) == (Decimal("39.5"), 0)
    with pytest.raises(OrderChanged):
        actions.sign_order(order=order, by=psychiatrist, at=NOON)
    for _ in range(2):
        actions.sign_order(order=changed, by=psychiatrist, at=NOON)
    assert OrderSignature.objects.filter(order=changed).count() == 1


def test_another_basis_for_the_course_voids_the_order(
    ready: Session, order: SessionOrder, pump: Pump, psychiatrist: Professional
) -> None:
    treatment.correct(
        fact=WeightBasis.objects.get(),
        by=psychiatrist,
        at=NOON,
        reason="BMI",
        basis="adjusted",
    )
    with pytest.raises(OtherBasis):
        pump(0, PumpAct.START, "60")
    with pytest.raises(OtherBasis):
        actions.sign_order(order=order, by=psychiatrist, at=NOON)


def test_two_persons_check_every_line(
    order: SessionOrder, nurse: Professional, psychiatrist: Professional
) -> None:
    prepared = Prepared(product="Ketalar", drawn_mg=Decimal(50), lines=list(TWO_PERSON_CHECK))
    with pytest.raises(SamePerson):
        actions.check_preparation(
            order=order, prepared=prepared, checked_by=nurse, by=nurse, at=NOON
        )
    half = Prepared(product="Ketalar", drawn_mg=Decimal(50), lines=["patient", "drug"])
    with pytest.raises(Unchecked) as refusal:
        actions.check_preparation(
            order=order, prepared=half, checked_by=psychiatrist, by=nurse, at=NOON
        )
    assert "dose" in refusal.value.facts["value"]  # type: ignore[operator]  # a list of lines
    checked = actions.check_preparation(
        order=order, prepared=prepared, checked_by=psychiatrist, by=nurse, at=NOON
    )
    corrected = actions.correct(
        fact=checked, by=nurse, at=NOON, reason="Batch", batch="A1", checked_by=psychiatrist
    )
    assert (corrected.batch, corrected.revision) == ("A1", 2)
    with pytest.raises(IntegrityError, match="by_another"), transaction.atomic():
        checked.revised(reason="x", checked_by_id=nurse.pk).save(force_insert=True)


# The gate and the start


def test_no_start_without_a_signature(
    session: Session, order: SessionOrder, pump: Pump
) -> None:
    with pytest.raises(NotSigned):
        pump(0, PumpAct.START, "60")
    assert not PumpEvent.objects.exists()


def test_no_start_without_the_gate(
    order: SessionOrder, psychiatrist: Professional, pump: Pump
) -> None:
    actions.sign_order(order=order, by=psychiatrist, at=NOON)
    with pytest.raises(GateClosed):
        pump(0, PumpAct.START, "60")


@pytest.mark.parametrize(
    ("standing", "opens"),
    [
        (Standing.CAUTION, True),
        (Standing.UNKNOWN, False),
        (Standing.NEEDS_SPECIALIST, False),
        (Standing.EXCLUDED, False),
    ],
)
def test_what_nobody_answers_for_keeps_the_gate_closed(
    ready: Session,
    pump: Pump,
    nurse: Professional,
    psychiatrist: Professional,
    standing: Standing,
    *,
    opens: bool,
) -> None:
    later = entered(1)
    actions.record_gate(
        session=ready, gated=gated(standing), entered=later, by=psychiatrist, at=at_minute(1)
    )
    if opens:
        assert pump(2, PumpAct.START, "60").act == "start"
        return
    with pytest.raises(GateClosed) as refusal:
        pump(2, PumpAct.START, "60")
    assert refusal.value.facts["value"] == [finding(standing).reason]
    named = gated(standing, override_by=psychiatrist, override_reason="Seen by me")
    actions.record_gate(
        session=ready, gated=named, entered=entered(3), by=nurse, at=at_minute(3)
    )
    assert pump(4, PumpAct.START, "60").act == "start"


def test_the_database_refuses_an_override_without_a_name(
    ready: Session, psychiatrist: Professional
) -> None:
    nameless = gated(Standing.EXCLUDED, override_reason="Somebody said so")
    with pytest.raises(IntegrityError, match="name_and_a_reason"), transaction.atomic():
        actions.record_gate(
            session=ready, gated=nameless, entered=entered(), by=psychiatrist, at=NOON
        )


# Observations


def test_a_set_sent_twice_is_stored_once(ready: Session, nurse: Professional) -> None:
    entry = uuid4()
    for _ in range(2):
        actions.record_vitals(
            session=ready, measured=SET, entered=entered(5, entry), by=nurse, at=at_minute(6)
        )
    assert VitalSet.objects.count() == 1
    assert Event.objects.filter(operation="vitals.record").count() == 1


def test_the_same_id_with_other_content_is_a_conflict(
    ready: Session, nurse: Professional
) -> None:
    entry = uuid4()
    actions.record_vitals(
        session=ready, measured=SET, entered=entered(5, entry), by=nurse, at=at_minute(6)
    )
    other = Measured(phase=SessionPhase.INFUSION, systolic=182, diastolic=104)
    with pytest.raises(Contradicted) as refusal:
        actions.record_vitals(
            session=ready, measured=other, entered=entered(5, entry), by=nurse, at=at_minute(6)
        )
    assert refusal.value.code == "fact.contradicted"
    assert VitalSet.objects.get().systolic == 128


@pytest.mark.parametrize(
    ("said", "field"),
    [
        pytest.param({"systolic": 1200}, "systolic", id="a digit too many"),
        pytest.param({"systolic": 80, "diastolic": 120}, "diastolic", id="the wrong way round"),
        pytest.param({"dissociation": 11}, "dissociation", id="above the scale"),
        pytest.param({"sedation": 3}, "sedation_scale", id="on which scale?"),
        pytest.param({"not_measured": {"pulse": " "}}, "heart_rate", id="a reason is words"),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    ready: Session, nurse: Professional, said: dict[str, Any], field: str
) -> None:
    wrong = Measured(phase=SessionPhase.BEFORE, **said)
    with pytest.raises(Implausible) as refusal:
        actions.record_vitals(
            session=ready, measured=wrong, entered=entered(), by=nurse, at=NOON
        )
    assert refusal.value.facts["field"] == field
    assert not VitalSet.objects.exists()


def test_an_empty_set_is_refused_and_a_reason_is_enough(
    ready: Session, nurse: Professional
) -> None:
    with pytest.raises(NothingMeasured):
        actions.record_vitals(
            session=ready,
            measured=Measured(phase=SessionPhase.BEFORE),
            entered=entered(),
            by=nurse,
            at=NOON,
        )
    refused = Measured(phase=SessionPhase.BEFORE, not_measured={"systolic": "patient refused"})
    row = actions.record_vitals(
        session=ready, measured=refused, entered=entered(), by=nurse, at=NOON
    )
    assert row.not_measured == {"systolic": "patient refused"}


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"systolic": 400}, "is_possible"),
        ({"distress": 11}, "is_possible"),
        ({"diastolic": 130}, "below_systolic"),
        ({"sedation": 6}, "on_a_scale"),
        ({"phase": "party"}, "known_phase"),
    ],
)
def test_the_database_refuses_what_cannot_be(
    ready: Session, nurse: Professional, changed: dict[str, Any], constraint: str
) -> None:
    row = actions.record_vitals(
        session=ready, measured=SET, entered=entered(), by=nurse, at=NOON
    )
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row.revised(reason="x", **changed).save(force_insert=True)


def test_a_corrected_set_is_checked_too_and_the_first_stays(
    ready: Session, nurse: Professional, psychiatrist: Professional
) -> None:
    row = actions.record_vitals(
        session=ready, measured=SET, entered=entered(), by=nurse, at=NOON
    )
    with pytest.raises(Implausible):
        actions.correct(fact=row, by=nurse, at=NOON, reason="Typo", systolic=1200)
    actions.correct(fact=row, by=psychiatrist, at=NOON, reason="Typo", systolic=138)
    assert [one.systolic for one in VitalSet.objects.history(row.entry)] == [128, 138]
    rass = Measured(phase=SessionPhase.BEFORE, sedation_scale=SedationScale.RASS, sedation=-2)
    second = actions.record_vitals(
        session=ready, measured=rass, entered=entered(), by=nurse, at=NOON
    )
    actions.strike(fact=second, by=nurse, at=NOON, reason="Other patient")
    assert VitalSet.objects.in_force().count() == 1


# The pump and the end


def test_a_whole_session_gives_what_was_prescribed(
    ready: Session, pump: Pump, nurse: Professional
) -> None:
    run_forty_minutes(pump)
    given = actions.finish_session(session=ready, by=nurse, at=at_minute(41))
    assert (given.prescribed_mg, given.delivered_mg) == (Decimal(40), Decimal(40))
    assert given.entry == ready.pk
    assert CourseStanding.objects.get(course=ready.course).sessions == 1
    again = actions.finish_session(session=ready, by=nurse, at=at_minute(50))
    assert (again, SessionGiven.objects.count()) == (given, 1)


def test_a_pause_and_a_slower_rate_are_reckoned_in(
    ready: Session, pump: Pump, nurse: Professional
) -> None:
    pump(0, PumpAct.START, "60")
    pump(10, PumpAct.PAUSE, reason=PauseReason.DISTRESS)
    pump(15, PumpAct.RESUME, "30")
    pump(25, PumpAct.STOP)
    given = actions.finish_session(
        session=ready, by=nurse, at=at_minute(26), ended_early="distress"
    )
    assert (given.delivered_mg, given.ended_early) == (Decimal(15), "distress")


@pytest.mark.parametrize("act", [PumpAct.STOP, PumpAct.PAUSE])
def test_an_act_that_cannot_follow_is_refused(ready: Session, pump: Pump, act: PumpAct) -> None:
    reason = PauseReason.LINE if act is PumpAct.PAUSE else None
    with pytest.raises(OutOfSequence):
        pump(0, act, reason=reason)
    assert not PumpEvent.objects.exists()


def test_an_act_sent_twice_is_one_act(ready: Session, pump: Pump) -> None:
    entry = uuid4()
    for _ in range(2):
        pump(0, PumpAct.START, "60", entry=entry)
    assert PumpEvent.objects.count() == 1


def test_a_running_pump_is_not_finished(
    ready: Session, pump: Pump, nurse: Professional
) -> None:
    with pytest.raises(NotFinished):
        actions.finish_session(session=ready, by=nurse, at=NOON)
    pump(0, PumpAct.START, "60")
    with pytest.raises(NotFinished):
        actions.finish_session(session=ready, by=nurse, at=at_minute(41))
    assert not SessionGiven.objects.exists()


def test_a_corrected_pump_corrects_the_session_given(
    ready: Session, pump: Pump, nurse: Professional, psychiatrist: Professional
) -> None:
    run_forty_minutes(pump)
    given = actions.finish_session(session=ready, by=nurse, at=at_minute(41))
    stop = PumpEvent.objects.get(act="stop")
    actions.correct(
        fact=stop, by=psychiatrist, at=at_minute(60), reason="Log", happened_at=at_minute(30)
    )
    now = SessionGiven.objects.in_force().get(entry=given.entry)
    assert (now.delivered_mg, now.revision, now.reason) == (Decimal(30), 2, "Log")
    assert now.stopped_at == at_minute(30)
    actions.correct(
        fact=PumpEvent.objects.get(act="start"),
        by=nurse,
        at=at_minute(61),
        reason="Only a comment",
        comment="left arm",
    )
    assert SessionGiven.objects.filter(entry=given.entry).count() == 2


def test_a_correction_that_breaks_the_sequence_is_refused(
    ready: Session, pump: Pump, nurse: Professional
) -> None:
    run_forty_minutes(pump)
    start = PumpEvent.objects.get(act="start")
    with pytest.raises(OutOfSequence):
        actions.strike(fact=start, by=nurse, at=NOON, reason="Wrong")
    assert PumpEvent.objects.in_force().count() == 2


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"act": "burst"}, "known_act"),
        ({"rate_ml_h": None}, "runs_at_a_rate"),
        ({"pause_reason": "toilet"}, "pauses_for_a_reason"),
    ],
)
def test_the_database_refuses_an_impossible_act(
    ready: Session, pump: Pump, changed: dict[str, Any], constraint: str
) -> None:
    row = pump(0, PumpAct.START, "60")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row.revised(reason="x", **changed).save(force_insert=True)


def test_a_drug_given_says_how_much(ready: Session, nurse: Professional) -> None:
    given: dict[str, Any] = {"session": ready, "by": nurse, "at": NOON}
    with pytest.raises(NoAmount):
        actions.record_event(
            happened=Happened(kind=ChairEventKind.DRUG_GIVEN), entered=entered(), **given
        )
    happened = Happened(kind=ChairEventKind.DRUG_GIVEN, atc="A04AA01", amount="4 mg iv")
    row = actions.record_event(happened=happened, entered=entered(), **given)
    with pytest.raises(IntegrityError, match="named_with_its_amount"), transaction.atomic():
        row.revised(reason="x", amount="").save(force_insert=True)
    actions.strike(fact=row, by=nurse, at=NOON, reason="Wrong tile")
    assert not ChairEvent.objects.in_force()


def test_the_chart_of_a_session_is_one_query_for_each_kind_of_row(
    ready: Session, pump: Pump, nurse: Professional, django_assert_num_queries: Any
) -> None:
    pump(0, PumpAct.START, "60")
    actions.record_vitals(session=ready, measured=SET, entered=entered(), by=nurse, at=NOON)
    with django_assert_num_queries(7):
        whole: Any = charted(Session.objects.all()).get()
        assert [row.act for row in whole.pump_events_in_force] == ["start"]
        assert [row.systolic for row in whole.vital_sets_in_force] == [128]
        assert whole.discharges_in_force == []


# Home


def left(**more: Any) -> Left:
    verdict = Verdict.of([finding(Standing.MET, "DC-1")])
    return Left(answers={"DC-5": True}, verdict=verdict, rule_version="2026.1", **more)


def discharge(session: Session, by: Professional, **more: Any) -> DischargeRecord:
    return actions.record_discharge(
        session=session, left=left(**more), entered=entered(100), by=by, at=at_minute(100)
    )


def test_nobody_leaves_alone_without_a_reason(ready: Session, nurse: Professional) -> None:
    with pytest.raises(NoEscort):
        discharge(ready, nurse, left_at=at_minute(101))
    discharge(ready, nurse, left_at=at_minute(101), deviation="Lives next door, doctor decided")
    assert DischargeRecord.objects.get().left_at == at_minute(101)


def test_an_escort_is_not_taken_out_of_the_record_of_one_who_has_left(
    ready: Session, nurse: Professional
) -> None:
    record = discharge(ready, nurse, escort_name="Ola", left_at=at_minute(101))
    with pytest.raises(NoEscort):
        actions.change_discharge(
            record=record, left=left(), by=nurse, at=NOON, reason="Somebody else"
        )
    assert DischargeRecord.objects.get().escort_name == "Ola"


def test_a_nurse_and_a_doctor_sign(
    ready: Session, nurse: Professional, psychiatrist: Professional
) -> None:
    record = discharge(ready, nurse, escort_name="Ola", left_at=at_minute(101))
    for capacity, wrong in ((Capacity.DOCTOR, nurse), (Capacity.NURSE, psychiatrist)):
        with pytest.raises(NotTheirCapacity):
            actions.sign_discharge(record=record, capacity=capacity, by=wrong, at=NOON)
    for _ in range(2):
        actions.sign_discharge(record=record, capacity=Capacity.NURSE, by=nurse, at=NOON)
    assert not DischargeRecord.objects.signed_by_both()
    actions.sign_discharge(record=record, capacity=Capacity.DOCTOR, by=psychiatrist, at=NOON)
    assert DischargeRecord.objects.signed_by_both().get() == record


def test_a_changed_record_is_signed_anew(
    ready: Session, nurse: Professional, psychiatrist: Professional
) -> None:
    record = discharge(ready, nurse, escort_name="Ola")
    actions.sign_discharge(record=record, capacity=Capacity.NURSE, by=nurse, at=NOON)
    changed = actions.correct(
        fact=record, by=nurse, at=NOON, reason="Name", escort_name="Ola Ås"
    )
    with pytest.raises(DischargeChanged):
        actions.sign_discharge(
            record=record, capacity=Capacity.DOCTOR, by=psychiatrist, at=NOON
        )
    assert not changed.signatures.exists()


def test_another_entity_sees_nothing_of_the_session(
    ready: Session, nurse: Professional, outsider: Professional
) -> None:
    actions.record_vitals(session=ready, measured=SET, entered=entered(), by=nurse, at=NOON)
    for model in (Session, SessionOrder, VitalSet, OrderSignature):
        assert model.objects.in_unit(nurse.unit_id).exists()
        assert not model.objects.for_professional(outsider)


def test_each_write_leaves_one_trace(ready: Session, course: Course, pump: Pump) -> None:
    pump(0, PumpAct.START, "60")
    operations = list(Event.objects.order_by("pk").values_list("operation", flat=True))
    at_the_chair = ("session.", "order.", "pump.")
    assert [one for one in operations if one.startswith(at_the_chair)] == [
        "session.open",
        "order.write",
        "order.sign",
        "session.record_gate",
        "pump.start",
    ]
    patients = Event.objects.latest("pk").patients
    assert patients == [str(course.patient_id)]


def test_late_entries_are_marked_never_refused(ready: Session, nurse: Professional) -> None:
    row = actions.record_vitals(
        session=ready,
        measured=SET,
        entered=entered(5),
        by=nurse,
        at=NOON + timedelta(hours=3),
    )
    assert row.late


def test_a_session_has_one_order_and_one_discharge_record(
    session: Session, order: SessionOrder, psychiatrist: Professional
) -> None:
    with pytest.raises(OrderWritten):
        actions.order(
            session=session, ordered=ordered(), entered=entered(), by=psychiatrist, at=NOON
        )
    left = Left(answers={}, verdict=Verdict.of([finding(Standing.MET)]), rule_version="1")
    recording: dict[str, Any] = {"session": session, "left": left, "by": psychiatrist}
    actions.record_discharge(**recording, entered=entered(), at=NOON)
    with pytest.raises(DischargeWritten):
        actions.record_discharge(**recording, entered=entered(), at=NOON)


def test_what_was_made_up_is_made_up_by_the_order_as_it_stands(
    order: SessionOrder, psychiatrist: Professional, nurse: Professional, outsider: Professional
) -> None:
    prepared = Prepared(product="Ketalar", drawn_mg=Decimal(40), lines=list(TWO_PERSON_CHECK))
    checking: dict[str, Any] = {"prepared": prepared, "by": nurse, "at": NOON}
    with pytest.raises(SamePerson):
        actions.check_preparation(order=order, checked_by=outsider, **checking)
    changed = actions.change_order(
        order=order, ordered=ordered("90"), by=psychiatrist, at=NOON, reason="Weighed again"
    )
    with pytest.raises(OrderChanged):
        actions.check_preparation(order=order, checked_by=psychiatrist, **checking)
    made_up = actions.check_preparation(order=changed, checked_by=psychiatrist, **checking)
    assert made_up.order == changed


def test_a_nurse_does_not_name_a_nurse_to_override_the_gate(
    session: Session, nurse: Professional
) -> None:
    overridden = gated(Standing.UNKNOWN, override_by=nurse, override_reason="Known to us")
    with pytest.raises(NotADoctor):
        actions.record_gate(
            session=session, gated=overridden, entered=entered(), by=nurse, at=NOON
        )


def test_an_old_check_that_is_overridden_is_still_of_the_old_order(
    ready: Session, order: SessionOrder, psychiatrist: Professional, pump: Pump
) -> None:
    changed = actions.change_order(
        order=order, ordered=ordered("90"), by=psychiatrist, at=at_minute(1), reason="Weighed"
    )
    actions.sign_order(order=changed, by=psychiatrist, at=at_minute(1))
    record = StartGateRecord.objects.in_force().get(session=ready)
    actions.override_gate(record=record, by=psychiatrist, at=at_minute(2), reason="Well")
    with pytest.raises(GateClosed, match="after the start gate"):
        pump(3, PumpAct.START, "60")


@pytest.mark.parametrize("red_first", [True, False])
@pytest.mark.parametrize("ids", [(1, 2), (2, 1)])
def test_two_sets_of_the_same_minute_both_count_whatever_their_ids(
    ready: Session, nurse: Professional, pump: Pump, *, red_first: bool, ids: tuple[int, int]
) -> None:
    pump(0, PumpAct.START, "60")
    for number, red in zip(ids, (red_first, not red_first), strict=True):
        actions.record_vitals(
            session=ready,
            measured=Measured(
                phase=SessionPhase.INFUSION,
                pulse=70,
                spo2=98,
                systolic=206 if red else 122,
                diastolic=78,
            ),
            entered=entered(5, UUID(int=number)),
            by=nurse,
            at=at_minute(5),
        )
    sheet = sheet_of(ready, now=at_minute(6))
    assert [one.red for one in sheet.readings] == [red_first, not red_first]
    assert any_red(sheet)
    assert bool(sheet.outside_now) is not red_first, "the one that came last is how it is now"
    beside = Session.objects.annotate(chart=chart_beside("pk")).get()
    systolic = [206, 122] if red_first else [122, 206]
    assert [one.systolic for one in sets_beside(beside)] == systolic


def test_a_danger_sign_of_before_the_start_that_stands_is_red_in_the_last_session_too(
    ready: Session, nurse: Professional, pump: Pump
) -> None:
    def measured(minute: int, *signs: str) -> None:
        actions.record_vitals(
            session=ready,
            measured=Measured(
                phase=SessionPhase.BEFORE, systolic=122, diastolic=78, signs=signs
            ),
            entered=entered(minute),
            by=nurse,
            at=NOON,
        )

    measured(-4, "chest_pain")
    pump(0, PumpAct.START, "60")
    measured(6)
    sheet = sheet_of(ready, now=at_minute(10))
    assert sheet.started
    last = red_in(sheet.sets, started=sheet.started, age=sheet.age)
    now = [one.reason for one in sheet.outside_now if one.light is Light.RED]
    assert [*last] == now
    assert now
