"""What went wrong, what was told of it to whom, and what was asked between sessions."""

from enum import StrEnum
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.people.tenancy import OfUnit
from lysglimt.clinic.sealing.fields import SealedText
from lysglimt.clinic.treatment.models import SessionGiven
from lysglimt.knowledge.safety.after_session import after_session_rules
from lysglimt.knowledge.safety.reporting import IncidentKind, Measure


class Answer(StrEnum):
    """Not known is an answer; empty is not asked."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Progress(StrEnum):
    """How it went on."""

    ONGOING = "ongoing"
    ENDED = "ended"
    UNKNOWN = "unknown"


ANSWERS = ["", *(one.value for one in Answer)]


class IncidentQuerySet(FactQuerySet["Incident"]):
    def unclosed(self) -> Self:
        """Nobody has closed it."""
        closed = IncidentClosing.objects.in_force().filter(
            incident__entry=OuterRef("entry"), withdrawn=False
        )
        return self.in_force().filter(~Exists(closed))


class Incident(Fact, OfUnit):
    """An adverse event, or something that went wrong; with or without a patient.

    ``happened_at`` is the onset, ``known_at`` when the unit came to know: deadlines count from it.
    ``from_entry`` and ``from_item`` are what it was made of, at the chair or on the telephone.
    """

    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="incidents"
    )
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, null=True, blank=True, related_name="incidents"
    )
    from_entry = models.UUIDField(null=True, blank=True)
    from_item = models.CharField(max_length=30, blank=True)
    kind = models.CharField(max_length=20)
    term = models.CharField(max_length=30, blank=True)
    words = SealedText()
    # "1" to "4", "unknown", or empty where the term has none.
    grade = models.CharField(max_length=8, blank=True)
    # A rise of the pressure that was expected and went by: counted by itself.
    transient = models.BooleanField(default=False)
    course = models.CharField(max_length=8, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    known_at = models.DateTimeField()
    harmed = models.CharField(max_length=8, blank=True)
    serious = models.CharField(max_length=8, blank=True)
    criteria = models.JSONField(default=list)
    causality = models.CharField(max_length=12, blank=True)
    expected = models.CharField(max_length=8, blank=True)
    unnatural = models.CharField(max_length=8, blank=True)
    in_study = models.CharField(max_length=8, blank=True)
    nasal = models.CharField(max_length=8, blank=True)
    done = models.JSONField(default=list)
    outcome = models.CharField(max_length=16, blank=True)

    to_patient = "patient"
    objects: ClassVar = IncidentQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="incident_is_of_a_known_kind_and_told",
                condition=Q(kind__in=[one.value for one in IncidentKind]) & ~Q(words=""),
            ),
            models.CheckConstraint(
                name="incident_adverse_event_has_a_patient_and_a_term",
                condition=~Q(kind=IncidentKind.ADVERSE_EVENT.value)
                | (Q(patient__isnull=False) & ~Q(term="")),
            ),
            models.CheckConstraint(
                name="incident_answers_are_known",
                condition=Q(
                    harmed__in=ANSWERS,
                    serious__in=ANSWERS,
                    expected__in=ANSWERS,
                    unnatural__in=ANSWERS,
                    in_study__in=ANSWERS,
                    nasal__in=ANSWERS,
                    course__in=["", *(one.value for one in Progress)],
                    grade__in=["", "1", "2", "3", "4", Answer.UNKNOWN.value],
                ),
            ),
            models.CheckConstraint(
                name="incident_ends_when_it_has_ended",
                condition=Q(ended_at__isnull=True)
                | Q(course=Progress.ENDED.value, ended_at__gte=F("happened_at")),
            ),
            models.CheckConstraint(
                name="incident_transient_rise_has_no_grade",
                condition=Q(transient=False) | Q(grade="", term="hypertension"),
            ),
        )

    class Register(Fact.Register, OfUnit.Register):
        pseudonymised = frozenset({"patient", "session", "from_entry"})
        leaves = frozenset(
            {
                *("kind", "term", "grade", "transient", "course", "ended_at", "known_at"),
                *("harmed", "serious", "criteria", "causality", "expected", "in_study"),
                *("nasal", "done", "outcome", "from_item"),
            }
        )
        withheld = frozenset({"words", "unnatural"})

    def __str__(self) -> str:
        return f"{self.kind} {self.term}"


class DutyState(StrEnum):
    """What somebody answered for; a duty that nobody answered is open."""

    SENT = "sent"
    NOT_TO_BE_SENT = "not_to_be_sent"


class DutyAnswer(Fact):
    """That a report was sent, by a person and outside this system; or why it is not to be.

    ``happened_at`` is when it was sent or decided.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="answers")
    duty = models.SlugField(max_length=30)
    state = models.CharField(max_length=16)
    words = SealedText(blank=True)

    to_unit, to_entity = "incident__unit", "incident__unit__entity"
    to_patient = "incident__patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="duty_answer_not_sent_has_a_reason",
                condition=Q(state=DutyState.SENT.value)
                | (Q(state=DutyState.NOT_TO_BE_SENT.value) & ~Q(words="")),
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"incident"})
        leaves = frozenset({"duty", "state"})
        withheld = frozenset({"words"})

    def __str__(self) -> str:
        return f"{self.duty}: {self.state}"


class DutyDeadline(Fact, OfUnit):
    """By when the unit wants a duty done, and whether it has it at all. The newest holds."""

    duty = models.SlugField(max_length=30)
    applies = models.BooleanField()
    amount = models.PositiveSmallIntegerField(null=True, blank=True)
    measure = models.CharField(max_length=12, blank=True)
    why = SealedText()

    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="duty_deadline_is_counted_in_something",
                condition=(
                    Q(amount__isnull=True, measure="")
                    | Q(amount__isnull=False, measure__in=[one.value for one in Measure])
                )
                & ~Q(why=""),
            ),
        )

    class Register(Fact.Register, OfUnit.Register):
        leaves = frozenset({"duty", "applies", "amount", "measure"})
        withheld = frozenset({"why"})

    def __str__(self) -> str:
        return f"{self.duty}: {self.amount} {self.measure}"


class IncidentClosing(Fact):
    """What was learned, and that nothing more is to be done about it."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="closings")
    words = SealedText()

    to_unit, to_entity = "incident__unit", "incident__unit__entity"
    to_patient = "incident__patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="incident_closing_says_what_was_learned", condition=~Q(words="")
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"incident"})
        withheld = frozenset({"words"})

    def __str__(self) -> str:
        return str(self.incident_id)


class Reach(StrEnum):
    """How a call went. ``GIVEN_UP``: it is not to be tried again, and why is said."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    GIVEN_UP = "given_up"


class AfterCheck(Fact):
    """Somebody telephoned after a session: whether the patient was reached, and what was said.

    ``symptoms`` are terms of adverse events. Each answer is empty where nobody was reached.
    """

    given = models.ForeignKey(SessionGiven, on_delete=models.PROTECT, related_name="calls")
    which = models.CharField(max_length=12)
    reach = models.CharField(max_length=12)
    symptoms = models.JSONField(default=list)
    palpitations = models.CharField(max_length=8, blank=True)
    suicide = models.CharField(max_length=8, blank=True)
    elsewhere = models.CharField(max_length=8, blank=True)
    told = SealedText(blank=True)
    doctor = models.ForeignKey(
        Professional, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    to_unit, to_entity = "given__course__unit", "given__course__unit__entity"
    to_patient = "given__course__patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="after_check_is_known",
                condition=Q(
                    which__in=list(after_session_rules().checks),
                    reach__in=[one.value for one in Reach],
                ),
            ),
            models.CheckConstraint(
                name="after_check_asked_everything_of_whom_it_reached",
                condition=Q(
                    reach=Reach.REACHED.value,
                    palpitations__in=ANSWERS[1:],
                    suicide__in=ANSWERS[1:],
                    elsewhere__in=ANSWERS[1:],
                )
                | (
                    ~Q(reach=Reach.REACHED.value) & Q(palpitations="", suicide="", elsewhere="")
                ),
            ),
            models.CheckConstraint(
                name="after_check_given_up_says_why",
                condition=~Q(reach=Reach.GIVEN_UP.value) | ~Q(told=""),
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"given"})
        leaves = frozenset({"which", "reach", "symptoms", "palpitations", "elsewhere"})
        withheld = frozenset({"suicide", "told", "doctor"})

    def __str__(self) -> str:
        return f"{self.which}: {self.reach}"
