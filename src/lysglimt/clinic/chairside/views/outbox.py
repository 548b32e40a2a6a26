"""What was typed without the network comes in: stored once, shown beside what stands, or refused."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse, JsonResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.forms.charting import EventForm
from lysglimt.clinic.chairside.forms.outbox import UNSURE, VITALS, OutboxForm
from lysglimt.clinic.chairside.forms.timing import days_of
from lysglimt.clinic.chairside.forms.vitals import VitalsForm, columns_of
from lysglimt.clinic.chairside.in_words import in_words
from lysglimt.clinic.chairside.models import (
    ChairEvent,
    Session,
    SessionPhase,
    VitalSet,
)
from lysglimt.clinic.chairside.sheet import sheet_of
from lysglimt.clinic.chairside.showing import at_clock
from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.people.access import PatientFile, SignedInRequest, allowed
from lysglimt.clinic.people.facts import Contradicted, Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.scheduling.calendar import OSLO
from lysglimt.knowledge.errors import ClinicalError

from .charting import left_at
from .danger import Sent, entries_beside, named_in
from .readings import stored_row

LONGEST_KEY = 19
"""A longer number is the key of nobody."""
LONGEST_SAID = 500
"""So much of each field of an entry that is thrown away is kept."""


@require_POST
@allowed("outbox.send", of=Session)
def send(request: SignedInRequest, session: Session) -> HttpResponse:
    """One entry. 200 stored, now or before; 409 something else stands under its id; 422 refused."""
    refuse_other_units(request, session)
    entry = OutboxForm(request.POST)
    if not entry.is_valid():
        return refused(entry)
    said, now = entry.cleaned_data, timezone.now()
    came, moved = entry.typed(now, since=begun(session))
    sent = Sent(came, actions.TypedBy(typist(said["typist"], sent_by=request.user)))
    form = row_of(request, session, said, came=came)
    if said["do"] == "strike":
        return struck(request, session, form, said=said, now=now, sent=sent)
    done: bool | None = False
    try:
        if said["do"] == "amend":
            done = amended(request, session, form, said=said, now=now, sent=sent)
        else:
            done = stored(request, session, form, now=now, sent=sent)
    except Contradicted:
        known = stands_already(session, form, said["entry"], came=came)
        done = True if known and said["do"] != "amend" else None
    except ClinicalError as refusal:
        form.add_error(None, sentence(refusal))
    if done is None:
        return beside(session, form, entry=said["entry"], came=came)
    return JsonResponse({"stored": True, "moved": moved}) if done else refused(form)


def begun(session: Session) -> datetime:
    return datetime.combine(session.planned_on, time(), tzinfo=OSLO)


def refuse_other_units(request: SignedInRequest, session: Session) -> None:
    """What is kept on a tablet is its unit's. Raises PermissionDenied."""
    if session.unit_id != request.user.unit_id:
        raise PermissionDenied


def typist(key: str, *, sent_by: Professional) -> Professional | None:
    """Of the sender's legal entity; None of a key that says nobody there."""
    if not (key.isascii() and key.isdigit() and len(key) < LONGEST_KEY):
        return None
    theirs = Professional.objects.filter(unit__entity=sent_by.entity_id, pk=int(key))
    found: Professional | None = theirs.first()
    return found


def row_of(
    request: SignedInRequest, session: Session, said: dict[str, Any], *, came: datetime
) -> VitalsForm | EventForm:
    form = (VitalsForm if said["what"] == VITALS else EventForm)(request.POST)
    form.came = came
    # Of a patient who has left meanwhile it was typed while they were here; what is stored has a time.
    left = left_at(session)
    known = facts(session, form).history(said["entry"]).exists()
    form.ask_clock(left if left and came > left and not known else None)
    form.of_session(days_of(session, at=came), at=came)
    return form


def stored(
    request: SignedInRequest,
    session: Session,
    form: VitalsForm | EventForm,
    *,
    now: datetime,
    sent: Sent,
) -> bool:
    if isinstance(form, VitalsForm):
        return stored_row(request, session, form, now=now, sent=sent)
    if not form.is_valid():
        return False
    actions.record_event(
        session=session,
        happened=form.happened(),
        entered=form.entered(ChairEvent, at=sent.came),
        by=request.user,
        at=now,
        typed=sent.typed,
    )
    return True


def refused(form: Form) -> JsonResponse:
    """What is wrong, as the page says it; ``confirm`` is what a tick would confirm."""
    told = [
        f"{form.fields[name].label}: {words}" if name in form.fields else str(words)
        for name, found in form.errors.items()
        for words in found
    ]
    asked = form.fields.get("confirmed")
    choices = list(getattr(asked, "choices", ()))
    confirm, words = choices[0] if choices else ("", "")
    said = {"refused": told, "confirm": confirm, "asked": str(words)}
    return JsonResponse(said, status=422)


def struck(
    request: SignedInRequest,
    session: Session,
    form: VitalsForm | EventForm,
    *,
    said: dict[str, Any],
    now: datetime,
    sent: Sent,
) -> JsonResponse:
    """It was never stored, and will not be: what it said and why it was thrown away is kept."""
    reason = said["reason"].strip()
    if not reason:
        return JsonResponse({"refused": [gettext("Write why.")], "confirm": ""}, status=422)
    typed = sent.typed.who if sent.typed else None
    hand = str(typed) if typed else gettext("nobody knows who")
    words = [(gettext("Typed by"), hand), *as_typed(form)]
    actions.note_thrown_away(
        session=session,
        words=words,
        entered=Entered(
            entry=said["entry"], happened_at=sent.came, entered_at=sent.came, reason=reason
        ),
        by=request.user,
        at=now,
    )
    return JsonResponse({"stored": True, "moved": False})


def as_typed(form: Form) -> Iterator[tuple[str, str]]:
    """Each field that says something, by its label, right or wrong."""
    posted = form.data if isinstance(form.data, QueryDict) else QueryDict()
    for name, field in form.fields.items():
        choices = dict(getattr(field, "choices", ()))
        said = [str(choices.get(one, one)) for one in posted.getlist(name) if one]
        if said and name != "entry":
            yield str(field.label), ", ".join(said)[:LONGEST_SAID]


def beside(
    session: Session, form: VitalsForm | EventForm, *, entry: UUID, came: datetime
) -> PatientFile:
    """Under this id stands something else: both, in words, by whom, and in which revision."""
    row = standing(session, form, entry)
    said = {
        "theirs": in_words(row) if row else [],
        "mine": in_words(row_typed(form, came)),
        "by": str(row.by) if row else "",
        "at": at_clock(row.received_at) if row else "",
        "revision": row.revision if row else None,
    }
    # What others charted is read here, maybe a day after the page was opened.
    whom = [session.course.patient_id]
    return PatientFile(JsonResponse(said, status=409), patients=whom)


def facts(session: Session, form: VitalsForm | EventForm) -> Any:
    return session.vital_sets if isinstance(form, VitalsForm) else session.chair_events


def standing(
    session: Session, form: VitalsForm | EventForm, entry: UUID
) -> VitalSet | ChairEvent | None:
    rows = facts(session, form).history(entry).select_related("by")
    found: VitalSet | ChairEvent | None = rows.last()
    return found


def row_typed(form: VitalsForm | EventForm, came: datetime) -> VitalSet | ChairEvent:
    """Not stored; of a form that is valid."""
    model = VitalSet if isinstance(form, VitalsForm) else ChairEvent
    return model(happened_at=form.happened_at(came), **columns_typed(form))


def columns_typed(form: VitalsForm | EventForm) -> dict[str, object]:
    if isinstance(form, VitalsForm):
        return columns_of(form.measured(SessionPhase.BEFORE))
    said = form.happened()
    return {"kind": said.kind.value, "amount": said.amount, "comment": said.comment}


def stands_already(
    session: Session, form: VitalsForm | EventForm, entry: UUID, *, came: datetime
) -> bool:
    """It was stored when another sent it, whatever has become of it since.

    A danger sign of it that was stored beside it need not stand in it.
    """
    columns = columns_typed(form)
    if isinstance(form, VitalsForm):
        beside_it = named_in(session.vital_sets.filter(entry__in=entries_beside(entry)))
        columns["signs"] = sorted({*form.cleaned_data["signs"]} - beside_it)
    rows = [row for row in facts(session, form).history(entry) if holds(row, columns)]
    return any(not moved_by(row, form, came=came) for row in rows)


def holds(row: VitalSet | ChairEvent, columns: Mapping[str, object]) -> bool:
    return all(getattr(row, name) == value for name, value in columns.items())


def says_the_same(
    row: VitalSet | ChairEvent, form: VitalsForm | EventForm, *, came: datetime
) -> bool:
    return holds(row, columns_typed(form)) and not moved_by(row, form, came=came)


def moved_by(
    row: VitalSet | ChairEvent, form: VitalsForm | EventForm, *, came: datetime
) -> bool:
    """Another time than that which stands, by more than two clocks may differ."""
    return abs(form.happened_at(came) - row.happened_at) > UNSURE


def amended(
    request: SignedInRequest,
    session: Session,
    form: VitalsForm | EventForm,
    *,
    said: dict[str, Any],
    now: datetime,
    sent: Sent,
) -> bool | None:
    """What was typed here becomes the next revision of what stands, with why.

    None where another stands there than was read. Raises Contradicted.
    """
    if not form.is_valid():
        return False
    row = standing(session, form, said["entry"])
    told = refusal_to_amend(row, form, reason=said["reason"])
    if row is None or told:
        form.add_error(None, told)
        return False
    if says_the_same(row, form, came=sent.came):
        return True
    if said["revision"] != row.revision:
        return None
    actions.correct(
        fact=row,
        by=request.user,
        at=now,
        reason=said["reason"],
        typed=sent.typed,
        **changed(session, row, form, now=now, came=sent.came),
    )
    return True


def refusal_to_amend(
    row: VitalSet | ChairEvent | None, form: VitalsForm | EventForm, *, reason: str
) -> str:
    """In words; empty where it may be amended."""
    if not reason.strip():
        return gettext("Write why.")
    if row is None or row.withdrawn:
        return gettext("It was struck out meanwhile.")
    if isinstance(row, ChairEvent) and row.kind != form.cleaned_data["kind"]:
        return gettext(
            "Something else happened than what stands there: strike this out, and chart it anew."
        )
    return ""


def changed(
    session: Session,
    row: VitalSet | ChairEvent,
    form: VitalsForm | EventForm,
    *,
    now: datetime,
    came: datetime,
) -> dict[str, Any]:
    """The columns as typed; the time too, where it is another."""
    columns: dict[str, Any] = columns_typed(form)
    if not moved_by(row, form, came=came):
        return columns
    happened = form.happened_at(came)
    if isinstance(row, VitalSet):
        columns["phase"] = sheet_of(session, now=now).phase(happened).value
    return columns | {"happened_at": happened}
