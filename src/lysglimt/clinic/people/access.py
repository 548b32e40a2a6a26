"""The one door to every page: who may open it, and whom they saw there."""

from collections.abc import Callable, Collection, Iterable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.audit.accesses import REFUSED
from lysglimt.clinic.audit.circumstances import under

from .about import patients_of
from .models import PatientCard, Professional
from .permissions import POLICY, permits
from .policy import Relation, Role
from .signed_out import turned_away, typed
from .tenancy import Owned

__all__ = ["PatientPage", "SignedInRequest", "allowed", "patient_page", "typed"]

View = Callable[..., HttpResponse]


class SignedInRequest(HttpRequest):
    user: Professional
    may: Callable[[str], bool]
    """In one's own unit, asked by operation."""


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
        def guarded(request: HttpRequest, **key: Any) -> HttpResponse:
            by = request.user
            if not isinstance(by, Professional):
                return turned_away(request)
            told = {name: key.pop(name) for name in beside}
            subjects = [get_object_or_404(rows(of, by), **key)] if of else []
            # A page about nobody in particular is about one's own unit.
            relation = subjects[0].relation(by) if subjects else Relation.OWN_UNIT
            if not permits(operation, Role(by.role), relation):
                log_refusal(subjects, by=by, operation=operation, relation=relation)
                raise PermissionDenied
            with under(decision=f"{operation}/{by.role}/{relation}"):
                page = view(request, *subjects, **told)
                log_read(page, by=by, operation=operation)
            return page

        guarded.operation = operation  # type: ignore[attr-defined]  # so that a test can tell a page without a right
        return guarded

    return guard


def rows(of: type[Owned], by: Professional) -> Any:
    return of.objects.for_professional(by)


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
    if isinstance(page, PatientPage) and page.patients:
        audit.record_read(by=by, at=timezone.now(), operation=operation, patients=page.patients)
