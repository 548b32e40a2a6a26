"""The one door to every page: who may open it, and whom they saw there."""

from collections.abc import Callable, Collection, Iterable
from functools import cache, wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.response import TemplateResponse
from django.utils import timezone

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.audit.accesses import REFUSED
from lysglimt.clinic.audit.circumstances import under

from .about import patients_of
from .asked import Question
from .chapters import Chapter
from .confirming import unconfirmed
from .models import Patient, PatientCard, Professional
from .permissions import POLICY, chapters_of, permits
from .policy import CLOSED, Relation, Role
from .signed_out import turned_away, typed
from .standing import (
    PLACES,
    known_ties,
    relation,
    standing_beside,
    values_of,
    with_standing,
)
from .tenancy import Owned
from .written import Place

__all__ = [
    "PatientFile",
    "PatientPage",
    "SignedInRequest",
    "allowed",
    "open_to",
    "patient_page",
    "typed",
]

View = Callable[..., HttpResponse]


class SignedInRequest(HttpRequest):
    user: Professional
    may: Callable[[str], bool]
    """In one's own unit, asked by operation."""
    stands: Relation
    """To what the page is about."""


class PatientPage(TemplateResponse):
    """A page that shows patients, and says which."""

    def __init__(
        self,
        request: HttpRequest,
        template: str,
        context: dict[str, object],
        *,
        patients: Iterable[UUID],
        status: int = 200,
    ) -> None:
        super().__init__(request, template, context, status=status)
        self.patients = tuple(patients)


class PatientFile(HttpResponse):
    """A file about patients, and about whom: fetching it is a read like opening a page."""

    def __init__(self, file: HttpResponse, *, patients: Iterable[UUID]) -> None:
        super().__init__(file.content, status=file.status_code, headers=file.headers)
        self.patients = tuple(patients)


def patient_page(
    request: HttpRequest,
    card: PatientCard,
    template: str,
    *,
    status: int = 200,
    **context: object,
) -> PatientPage:
    """A page about one patient, whose banner it bears."""
    whole = context | {"card": card, "age": card.age(timezone.localdate())}
    return PatientPage(request, template, whole, patients=[card.id], status=status)


def allowed(
    operation: str, of: type[Owned] | None = None, *, beside: Collection[str] = ()
) -> Callable[[View], View]:
    """Let in whom the policy permits, hand the view what they ask for, log whom they saw.

    The operation bears the name of the URL. ``of`` is the model that the URL's keys find, but
    for those named in ``beside``, which the view gets as they stand. What belongs to another
    legal entity is not found (404), what one may not do is refused (403).
    """
    if operation not in POLICY:
        raise LookupError(f"{operation} has no row in the policy.")

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: SignedInRequest, **key: Any) -> HttpResponse:
            by: object = request.user
            if not isinstance(by, Professional):
                return turned_away(request)
            told = {name: key.pop(name) for name in beside}
            subjects = [found(of, by, operation, **key)] if of else []
            # A page about nobody in particular is about one's own unit.
            stands = relation(subjects[0], by) if subjects else Relation.OWN_UNIT
            if not permits(operation, Role(by.role), stands):
                return refused(request, operation, stands, *subjects)
            if asked := unconfirmed(request, operation):
                return asked
            request.stands = stands
            with under(**circumstances(operation, by, stands, *subjects)):
                page = view(request, *subjects, **told)
                log_read(page, by=by, operation=operation)
            return page

        # So that a test can tell a page without a right.
        vars(guarded)["operation"] = operation
        vars(guarded)["about"] = of
        return guarded

    return guard


def rows(of: type[Owned], by: Professional, operation: str) -> Any:
    """What there is for the one who asks, and how they stand to it: asked at every request."""
    theirs = of.objects.for_professional(by)
    return with_standing(theirs, by, chapters=chapters_of(operation), at=timezone.now())


def found(of: type[Owned], by: Professional, operation: str, **key: Any) -> Any:
    """The row that the keys find among those; raises Http404."""
    if not of.made_once:
        return get_object_or_404(rows(of, by, operation), **key)
    question = question_of(of, chapters_of(operation), tuple(key), known_ties())
    told = question.told(values_of(by, timezone.now()) | key)
    if not told:
        raise Http404
    return told[0]


@cache
def question_of(
    of: type[Owned], chapters: frozenset[Chapter], keys: tuple[str, ...], _: tuple[object, ...]
) -> Question[Any]:
    """As `rows`, for whoever asks and whenever: what may change is told each time."""
    columns: dict[str, Any] = {
        key: of._meta.pk if key == "pk" else of._meta.get_field(key) for key in keys
    }
    which = {key: Place(key, column) for key, column in columns.items()}

    def asked() -> Any:
        theirs = of.objects.asked_by(PLACES)
        return standing_beside(theirs, chapters, values=PLACES).filter(**which)

    return Question(asked, of=())


def open_to(by: Professional, patient: Patient, page: str) -> bool:
    """Whether the patient has closed the chapters that this page shows. Asks one question."""
    row = rows(Patient, by, page).get(pk=patient.pk)
    return relation(row, by) is not Relation.BLOCKED


def circumstances(
    operation: str, by: Professional, stands: Relation, *subject: Owned
) -> dict[str, str]:
    """What the trail says of the right by which they came in."""
    decision = f"{operation}/{by.role}/{stands}"
    if stands is not Relation.EMERGENCY:
        return {"decision": decision}
    [row] = subject
    return {"decision": f"{decision}/{vars(row)['emergency']}", "purpose": "emergency"}


def refused(
    request: SignedInRequest, operation: str, stands: Relation, *subject: Owned
) -> HttpResponse:
    """One page for what is closed, whoever closed it; it tells nothing of the patient."""
    role = Role(request.user.role)
    log_refusal(subject, by=request.user, operation=operation, relation=stands)
    if stands not in {*CLOSED, Relation.EMERGENCY} or not permits(
        operation, role, Relation.OWN_UNIT
    ):
        raise PermissionDenied
    opens = permits(operation, role, Relation.EMERGENCY) and permits("emergency", role, stands)
    whom = vars(subject[0]).get("of_patient") if opens and stands in CLOSED else None
    return render(request, "people/closed.html", {"emergency_for": whom}, status=403)


def log_refusal(
    subjects: Iterable[Owned], *, by: Professional, operation: str, relation: Relation
) -> None:
    """Whoever tried a patient's door and was turned away stands in the trail, too."""
    for subject in subjects:
        with under(decision=f"{operation}/{by.role}/{relation}"):
            deed = audit.Deed(patients=patients_of(subject), before=subject, category=REFUSED)
            audit.record(by=by, at=timezone.now(), operation=operation, deed=deed)


def log_read(page: HttpResponse, *, by: Professional, operation: str) -> None:
    """One row for each request, stored before the answer leaves."""
    if isinstance(page, PatientPage | PatientFile) and page.patients:
        audit.record_read(by=by, at=timezone.now(), operation=operation, patients=page.patients)
