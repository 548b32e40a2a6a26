"""What must hold before treatment may start: age, illness, history, agreement."""

from collections.abc import Iterator
from datetime import date

from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing

from .candidate import Candidate, Registration
from .criterion import Criterion
from .illness import applies, doubt
from .resistance import resistance
from .trials import Answer


def of_age(criterion: Criterion, candidate: Candidate, on: date) -> Iterator[Finding]:
    age = candidate.age(on)
    if age is None:
        yield criterion.asked()
    elif age < criterion.counts["adult"].value:
        yield criterion.found(value=age)
    else:
        yield criterion.well(value=age)


def depressed(criterion: Criterion, candidate: Candidate, _: date) -> Iterator[Finding]:
    """Bipolar depression decides where there is one, whatever else is coded beside it."""
    if candidate.diagnoses is None:
        yield criterion.asked()
        return
    unipolar, bipolar = criterion.diagnoses
    open_questions = [
        criterion.asked(question, value=diagnosis.code)
        for clause in criterion.diagnoses
        for diagnosis in candidate.diagnoses
        if (question := doubt(clause, diagnosis)) is not None
    ]
    yield from open_questions
    code = next((d.code for d in candidate.diagnoses if applies(bipolar, d)), None)
    if code is not None:
        yield _bipolar(criterion, code, stabilised=candidate.episode.mood_stabiliser)
        return
    code = next((d.code for d in candidate.diagnoses if applies(unipolar, d)), None)
    if code is not None:
        yield criterion.well(value=code)
    elif not open_questions:
        yield criterion.found()


def _bipolar(criterion: Criterion, code: str, *, stabilised: bool | None) -> Finding:
    words = criterion.words
    if stabilised is None:
        return criterion.asked(words["mood_stabiliser"], value=code)
    if stabilised:
        return criterion.found(words["bipolar"], standing=Standing.NEEDS_SPECIALIST, value=code)
    return criterion.found(words["bipolar_alone"], value=code)


def severe_enough(criterion: Criterion, candidate: Candidate, _: date) -> Iterator[Finding]:
    total = candidate.ratings.madrs
    if total is None:
        yield criterion.asked()
    elif total < criterion.amounts["least"].value:
        yield criterion.found(value=total)
    else:
        yield criterion.well(value=total)


def long_enough(criterion: Criterion, candidate: Candidate, on: date) -> Iterator[Finding]:
    started = candidate.episode.started
    if started is None:
        yield criterion.asked()
        return
    lasted = on - started
    well = lasted >= criterion.spans["least"].value
    yield (criterion.well if well else criterion.found)(value=lasted.days)


def resistant(criterion: Criterion, candidate: Candidate, on: date) -> Iterator[Finding]:
    if candidate.history.trials is None:
        yield criterion.asked(criterion.words["history_question"])
        return
    judged = resistance(candidate.history.trials, age=candidate.age(on))
    value, at_most = judged.episode_failures, judged.episode_failures_at_most
    if judged.in_episode is Answer.YES:
        yield criterion.well(value=value)
    elif judged.in_episode is Answer.NO:
        yield criterion.found(value=value, lifetime=judged.lifetime_failures)
    else:
        yield criterion.asked(value=value, at_most=at_most)


def decided(criterion: Criterion, candidate: Candidate, _: date) -> Iterator[Finding]:
    agreed = candidate.agreement
    yield from _stated(criterion, said=agreed.specialist_decision)
    yield from _stated(criterion, said=agreed.alternatives_discussed, about="alternatives")


def consented(criterion: Criterion, candidate: Candidate, _: date) -> Iterator[Finding]:
    agreed = candidate.agreement
    yield from _stated(criterion, said=agreed.capacity)
    yield from _stated(criterion, said=agreed.consent_off_label, about="consent")
    yield from _stated(criterion, said=agreed.register_information_given, about="register")


def followed_up(criterion: Criterion, candidate: Candidate, _: date) -> Iterator[Finding]:
    yield from _stated(criterion, said=candidate.agreement.follow_up_plan)


def taken_home(criterion: Criterion, candidate: Candidate, _: date) -> Iterator[Finding]:
    yield from _stated(criterion, said=candidate.agreement.escort_accepted)
    yield from _stated(criterion, said=candidate.agreement.no_driving_accepted, about="driving")


def _stated(criterion: Criterion, *, said: bool | None, about: str = "") -> Iterator[Finding]:
    """Nothing when it is so, a question when nobody said, the finding when it is not."""

    def words(kind: str) -> Text | None:
        return criterion.words[f"{about}_{kind}"] if about else None

    if said is None:
        yield criterion.asked(words("question"))
    elif not said:
        yield criterion.found(words("reason"))


def registered(criterion: Criterion, candidate: Candidate, _: date) -> Iterator[Finding]:
    """Who reserves against both register and study comes to a named decision."""
    match candidate.agreement.registration:
        case None:
            yield criterion.asked()
        case Registration.RESERVED:
            yield criterion.found()
        case _:
            yield criterion.well()
