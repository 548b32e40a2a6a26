"""What does one trial of a medicine count for, and why?"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lysglimt.knowledge.figures import Figure
from lysglimt.knowledge.text import Text

from .adequacy import Adequacy, Antidepressant, Augmenter, FloorTable, adequacy
from .trials import Answer, Improvement, TreatmentTrial

ANTIDEPRESSANTS = "N06A"
"""The ATC group of antidepressants."""

DOSE_UNKNOWN = Text(nb="Dosen er ikke kjent.", en="The dose is not known.")
DOSE_LOW = Text(
    nb="{dose} {unit}/døgn er under laveste adekvate dose, {floor} {unit}/døgn.",
    en="{dose} {unit}/d is below the lowest adequate dose, {floor} {unit}/d.",
)
DOSE_REACHED = Text(
    nb="{dose} {unit}/døgn når laveste adekvate dose, {floor} {unit}/døgn.",
    en="{dose} {unit}/d reaches the lowest adequate dose, {floor} {unit}/d.",
)
DOSE_BY_AGE = Text(
    nb="Om {dose} mg/døgn er nok, avhenger av alderen, som ikke er kjent.",
    en="Whether {dose} mg/d suffices depends on age, which is not known.",
)
NO_FLOOR = Text(
    nb="Tabellen angir ingen laveste dose for {name}.",
    en="The table states no lowest dose for {name}.",
)
SERUM_REACHED = Text(
    nb="Serumkonsentrasjonen var i laboratoriets referanseområde.",
    en="The serum level was within the laboratory's range.",
)
LITHIUM = {
    Answer.UNKNOWN: Text(
        nb="Serumlitium er ikke kjent.", en="The serum lithium level is not known."
    ),
    Answer.NO: Text(
        nb="Serumlitium {level} mmol/l er under {lowest} mmol/l.",
        en="Serum lithium {level} mmol/l is below {lowest} mmol/l.",
    ),
    Answer.YES: Text(
        nb="Serumlitium {level} mmol/l når {lowest} mmol/l.",
        en="Serum lithium {level} mmol/l reaches {lowest} mmol/l.",
    ),
}
LITHIUM_HIGH = Text(
    nb="Serumlitium {level} mmol/l er over {highest} mmol/l.",
    en="Serum lithium {level} mmol/l is above {highest} mmol/l.",
)
TIME = {
    Answer.UNKNOWN: Text(nb="Varigheten er ikke kjent.", en="The duration is not known."),
    Answer.NO: Text(
        nb="{weeks} uker er for kort; det kreves {least} uker.",
        en="{weeks} weeks is too short; {least} weeks are required.",
    ),
    Answer.YES: Text(nb="{weeks} uker er lenge nok.", en="{weeks} weeks is long enough."),
}
TAKEN = {
    Answer.UNKNOWN: Text(
        nb="Hvor regelmessig legemiddelet ble tatt, er ikke kjent.",
        en="How regularly the medicine was taken is not known.",
    ),
    Answer.NO: Text(
        nb="Tatt {percent} % av tiden; det kreves {least} %.",
        en="Taken {percent} % of the time; {least} % is required.",
    ),
    Answer.YES: Text(nb="Tatt regelmessig ({percent} %).", en="Taken regularly ({percent} %)."),
}
FAILED = {
    Answer.UNKNOWN: Text(nb="Bedringen er ikke kjent.", en="The improvement is not known."),
    Answer.NO: Text(
        nb="Bedring på minst {half} %: behandlingen mislyktes ikke.",
        en="Improvement of {half} % or more: the treatment did not fail.",
    ),
    Answer.YES: Text(
        nb="Bedring under {half} %: behandlingen mislyktes.",
        en="Improvement below {half} %: the treatment failed.",
    ),
}
TOLERATED = {
    Answer.UNKNOWN: Text(
        nb="Om den ble avbrutt fordi den ikke ble tålt, er ikke kjent.",
        en="Whether it was stopped for intolerance is not known.",
    ),
    Answer.YES: Text(
        nb="Ikke tålt: regnes aldri som mislykket behandling.",
        en="Not tolerated: never counts as a failure.",
    ),
}
NOT_IN_TABLE = Text(
    nb="{atc} står ikke i tabellen over antidepressiver; en lege må vurdere forsøket.",
    en="{atc} is not in the table of antidepressants; a doctor must judge the trial.",
)
NOT_AN_ANTIDEPRESSANT = Text(
    nb="{atc} er ikke et antidepressivum.", en="{atc} is not an antidepressant."
)
AUGMENTATION = Text(
    nb="Tillegg til et antidepressivum: en egen strategi, ikke et nytt antidepressivum.",
    en="Added to an antidepressant: a strategy of its own, not a new antidepressant.",
)
LOWISH = Text(
    nb="Under {dose} mg/døgn regnes av andre som for lavt for {name}.",
    en="Others regard less than {dose} mg/d as too low for {name}.",
)

Part = tuple[Answer, Text]
"""One of the things that make a trial adequate, with the reason."""


@dataclass(frozen=True, slots=True)
class TrialJudgement:
    """What one trial counts for, and why.

    ``counts`` is that it is one of the failures that make a depression resistant.
    """

    trial: TreatmentTrial
    adequate: Answer
    failed: Answer
    intolerant: Answer
    counts: Answer
    reasons: tuple[Text, ...]


def judgement(
    trial: TreatmentTrial, *, age: int | None, floors: FloorTable = FloorTable.DEFAULT
) -> TrialJudgement:
    """Was this trial adequate, did it fail, and does it count? With the reasons."""
    table = adequacy()
    failed, why_failed = _failed(trial, table)
    intolerant = Answer.of(trial.intolerant)
    said = (why_failed, *(TOLERATED[a] for a in (intolerant,) if a in TOLERATED))
    drug, added = table.antidepressants.get(trial.atc), table.augmenters.get(trial.atc)
    if drug is not None:
        parts = _antidepressant(trial, drug, age=age, floors=floors)
    elif added is not None:
        parts = _augmenter(trial, added)
    else:
        parts = (_unlisted(trial),)
    adequate = Answer.all(*(answer for answer, _ in parts))
    remarks = () if drug is None else _remarks(trial, drug)
    as_new = Answer.of(added is None and trial.augments is None)
    return TrialJudgement(
        trial,
        adequate,
        failed,
        intolerant,
        counts=Answer.all(as_new, adequate, failed, intolerant.opposite),
        reasons=(
            *((AUGMENTATION,) if as_new is Answer.NO else ()),
            *(why for _, why in parts),
            *remarks,
            *said,
        ),
    )


def _unlisted(trial: TreatmentTrial) -> Part:
    if trial.atc.startswith(ANTIDEPRESSANTS):
        return Answer.UNKNOWN, NOT_IN_TABLE.filled(atc=trial.atc)
    return Answer.NO, NOT_AN_ANTIDEPRESSANT.filled(atc=trial.atc)


def _failed(trial: TreatmentTrial, table: Adequacy) -> Part:
    failed = {
        Improvement.UNKNOWN: Answer.UNKNOWN,
        Improvement.HALF_OR_MORE: Answer.NO,
    }.get(trial.improvement, Answer.YES)
    return failed, FAILED[failed].filled(half=table.failed_below.value)


def _antidepressant(
    trial: TreatmentTrial, drug: Antidepressant, *, age: int | None, floors: FloorTable
) -> tuple[Part, ...]:
    table = adequacy()
    least = table.long_enough(floors) if trial.augments is None else table.augmentation_weeks
    # The ATHF asks for more than its four weeks; the others are met by their weeks exactly.
    more = floors is FloorTable.ATHF and trial.augments is None
    return (
        _dose(trial, drug, age=age, floors=floors),
        _time(trial, least.value.days, more=more),
        _regularly(trial, table),
    )


def _time(trial: TreatmentTrial, least: int, *, more: bool = False) -> Part:
    days = None if trial.weeks is None else trial.weeks * 7
    enough = Answer.of(None if days is None else days > least or (days == least and not more))
    return enough, TIME[enough].filled(weeks=trial.weeks, least=Decimal(least) / 7)


def _dose(
    trial: TreatmentTrial, drug: Antidepressant, *, age: int | None, floors: FloorTable
) -> Part:
    if drug.serum_suffices and trial.serum_in_range:
        return Answer.YES, SERUM_REACHED
    lowest, dose = drug.lowest(floors), trial.mg_per_day
    if lowest is None:
        return Answer.UNKNOWN, NO_FLOOR.filled(name=drug.name)
    if dose is None:
        return Answer.UNKNOWN, DOSE_UNKNOWN
    ages = (0, adequacy().older_from.value) if age is None else (age,)
    return _against(dose, [lowest.value * adequacy().share(drug.atc, one) for one in ages])


def _against(dose: Decimal, floors: Sequence[Decimal]) -> Part:
    """The dose beside the floors of the ages that are possible."""
    if dose >= max(floors):
        return Answer.YES, DOSE_REACHED.filled(dose=dose, floor=max(floors), unit="mg")
    if dose < min(floors):
        return Answer.NO, DOSE_LOW.filled(dose=dose, floor=min(floors), unit="mg")
    return Answer.UNKNOWN, DOSE_BY_AGE.filled(dose=dose)


def _regularly(trial: TreatmentTrial, table: Adequacy) -> Part:
    least, percent = table.adherence.value, trial.adherence
    answer = Answer.of(None if percent is None else percent >= least)
    return answer, TAKEN[answer].filled(percent=percent, least=least)


def _augmenter(trial: TreatmentTrial, drug: Augmenter) -> tuple[Part, ...]:
    table = adequacy()
    return (
        _lithium(trial, table) if drug.floor is None else _added_dose(trial, drug.floor),
        _time(trial, table.augmentation_weeks.value.days),
        _regularly(trial, table),
    )


def _added_dose(trial: TreatmentTrial, floor: Figure[Decimal]) -> Part:
    dose = trial.mg_per_day
    if dose is None:
        return Answer.UNKNOWN, DOSE_UNKNOWN
    answer = Answer.of(dose >= floor.value)
    words = DOSE_REACHED if answer is Answer.YES else DOSE_LOW
    unit = floor.unit.removesuffix("/d").replace("u", "µ")
    return answer, words.filled(dose=dose, floor=floor.value, unit=unit)


def _lithium(trial: TreatmentTrial, table: Adequacy) -> Part:
    level, lowest = trial.serum_mmol_l, table.lithium_lowest.value
    answer = Answer.of(None if level is None else level >= lowest)
    if level is not None and level > table.lithium_highest.value:
        return answer, LITHIUM_HIGH.filled(level=level, highest=table.lithium_highest.value)
    return answer, LITHIUM[answer].filled(level=level, lowest=lowest)


def _remarks(trial: TreatmentTrial, drug: Antidepressant) -> tuple[Text, ...]:
    low, dose = drug.note_below, trial.mg_per_day
    if low is None or dose is None or dose >= low.value:
        return ()
    return (LOWISH.filled(dose=low.value, name=drug.name),)
