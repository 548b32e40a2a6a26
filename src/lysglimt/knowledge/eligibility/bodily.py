"""Measurements and bodily states: blood pressure, heart, liver, pregnancy, allergy."""

from collections.abc import Iterator
from datetime import date

from lysglimt.knowledge.calendar import months_after
from lysglimt.knowledge.dosing.weights import Sex
from lysglimt.knowledge.verdict import Finding, Standing

from .candidate import BloodPressure, Candidate, Diagnosis
from .codes import Fit, fit
from .criterion import Criterion, criteria
from .illness import INEXACT, applies

SLEEP_APNOEA = ("G47.3",)


def blood_pressure(criterion: Criterion, candidate: Candidate, on: date) -> Iterator[Finding]:
    """High on two different days excludes; on one day it asks for another day's reading."""
    readings = candidate.measurements.blood_pressures or ()
    recent = [one for one in readings if on - one.on <= criterion.spans["recent"].value]
    if not recent:
        yield criterion.asked()
        return
    high = sorted({one.on for one in recent if _high(criterion, one)})
    if len(high) >= criterion.counts["days"].value:
        yield criterion.found(basis=criterion.counts["systolic"].basis, value=len(high))
    elif high and len({one.on for one in recent}) == 1:
        yield criterion.asked(criterion.words["once_question"], value=high[0])
    elif high:
        yield criterion.found(criterion.words["once"], standing=Standing.NOTE, value=high[0])
    for diagnosis in () if high else candidate.diagnoses or ():
        if applies(criterion.diagnoses[0], diagnosis):
            yield criterion.found(
                criterion.words["known"], standing=Standing.NOTE, value=diagnosis.code
            )


def _high(criterion: Criterion, reading: BloodPressure) -> bool:
    systolic, diastolic = criterion.counts["systolic"], criterion.counts["diastolic"]
    return reading.systolic >= systolic.value or reading.diastolic >= diastolic.value


def recent_event(criterion: Criterion, candidate: Candidate, on: date) -> Iterator[Finding]:
    """Six weeks exclude, six months are for a specialist; an event without a day is asked for."""
    if candidate.diagnoses is None:
        yield criterion.asked()
        return
    for diagnosis in candidate.diagnoses:
        fitting = fit(diagnosis.code, criterion.diagnoses[0].codes)
        if fitting is Fit.WITHIN:
            yield from _event(criterion, diagnosis, on)
        elif fitting is Fit.PERHAPS:
            yield criterion.asked(INEXACT, value=diagnosis.code)


def _event(criterion: Criterion, diagnosis: Diagnosis, on: date) -> Iterator[Finding]:
    day, code, words = diagnosis.on, diagnosis.code, criterion.words
    months = criterion.counts["months"]
    if day is None:
        yield criterion.asked(words["date_question"], value=code)
    elif on - day <= criterion.spans["weeks"].value:
        yield criterion.found(value=code, days=(on - day).days)
    elif on <= months_after(day, months.value):
        yield criterion.found(
            words["relative"],
            standing=Standing.NEEDS_SPECIALIST,
            basis=months.basis,
            value=code,
            days=(on - day).days,
        )


def old_event(criterion: Criterion, candidate: Candidate, on: date) -> Iterator[Finding]:
    """What has left the window of EX-06 is still for a specialist, with no end of its own."""
    window = criteria()["EX-06"].counts["months"]
    events = criteria()["EX-06"].diagnoses[0].codes
    for diagnosis in candidate.diagnoses or ():
        day = diagnosis.on
        if day is None or fit(diagnosis.code, events) is not Fit.WITHIN:
            continue
        if on > months_after(day, window.value):
            yield criterion.found(criterion.words["old_event"], value=diagnosis.code)


def long_qtc(criterion: Criterion, candidate: Candidate, _: date) -> Iterator[Finding]:
    qtc, highest = candidate.measurements.qtc_ms, criterion.counts["highest"]
    if qtc is None:
        yield criterion.asked(criterion.words["qtc_question"])
    elif qtc > highest.value:
        yield criterion.found(criterion.words["qtc_reason"], basis=highest.basis, value=qtc)


def high_enzymes(criterion: Criterion, candidate: Candidate, _: date) -> Iterator[Finding]:
    measured, words = candidate.measurements, criterion.words
    highest = criterion.amounts["highest"]
    for name, value in (("alt", measured.alt_x_uln), ("ast", measured.ast_x_uln)):
        if value is None:
            yield criterion.asked(words["enzyme_question"], name=words[name])
        elif value > highest.value:
            yield criterion.found(
                words["enzyme_reason"], basis=highest.basis, name=words[name], value=value
            )


def apnoea(criterion: Criterion, candidate: Candidate, _: date) -> Iterator[Finding]:
    """Sleep apnoea counts with severe obesity only; the BMI decides, not a code of obesity."""
    bmi, words = candidate.measurements.bmi, criterion.words
    for diagnosis in candidate.diagnoses or ():
        code = diagnosis.code
        if fit(code, SLEEP_APNOEA) is not Fit.WITHIN:
            continue
        if bmi is None:
            yield criterion.asked(words["bmi_question"], value=code)
        elif bmi >= criterion.amounts["bmi"].value:
            yield criterion.found(words["apnoea"], value=code)
        else:
            yield criterion.found(words["apnoea_alone"], standing=Standing.NOTE, value=code)


def pregnancy(criterion: Criterion, candidate: Candidate, _: date) -> Iterator[Finding]:
    """Asked of women; not where neither pregnancy nor breastfeeding is possible."""
    body, words = candidate.bodily, criterion.words
    if body.pregnant:
        yield criterion.found(words["pregnant"])
    if body.breastfeeding:
        yield criterion.found(words["breastfeeding"])
    if candidate.sex is Sex.MALE or body.pregnancy_possible is False:
        return
    if body.pregnant is None:
        yield criterion.asked()
    if body.breastfeeding is None:
        yield criterion.asked(words["breastfeeding_question"])


def allergy(criterion: Criterion, candidate: Candidate, _: date) -> Iterator[Finding]:
    """Codes of allergy do not name the medicine: what the patient says decides."""
    said = candidate.bodily.ketamine_allergy
    if said is None:
        codes = criterion.diagnoses[0].codes
        coded = [d.code for d in candidate.diagnoses or () if fit(d.code, codes) is Fit.WITHIN]
        for code in coded:
            yield criterion.asked(criterion.words["coded_question"], value=code)
        if not coded:
            yield criterion.asked()
    elif said:
        yield criterion.found()
