"""What every page of incidents does with a form, and with one that may be about nobody."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.people.access import SignedInRequest
from lysglimt.clinic.people.facts import Contradicted
from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.people.pages import about
from lysglimt.knowledge.errors import ClinicalError

page_and_form = require_http_methods(["GET", "POST"])
Write = Callable[[datetime], object]


def done(request: SignedInRequest, form: Form, write: Write, *, told: str) -> bool:
    """Stored; else the form says why not."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        write(timezone.now())
    except Contradicted:
        raise
    except ClinicalError as refusal:
        field = str(refusal.facts.get("field", ""))
        form.add_error(field if field in form.fields else None, sentence(refusal))
        return False
    messages.success(request, told)
    return True


def shown(
    request: SignedInRequest, patient: Patient | None, template: str, **context: object
) -> HttpResponse:
    """About a patient with the banner and the read log, or about nobody; 422 when refused."""
    if patient is not None:
        return about(request, patient, template, **context)
    status = 422 if request.method == "POST" else 200
    return render(request, template, context, status=status)


def rights(request: SignedInRequest, offers: Mapping[str, str]) -> dict[str, Any]:
    """What the reader may do from here."""
    return {f"may_{name}": request.may(operation) for name, operation in offers.items()}
