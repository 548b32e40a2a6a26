"""Would a page that is not logged be found? The watch over the log of reads is looked at itself."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.people.models import Patient, Professional
from tests.clinic.conftest import NOON, NUMBER
from tests.watch import WATCH, Watching

Page = Callable[[HttpRequest], HttpResponse]


def judged(view: Page, request: HttpRequest) -> list[str]:
    before = len(WATCH.faults)
    Watching(view)(request)
    found = WATCH.faults[before:]
    del WATCH.faults[before:]
    return found


@pytest.mark.parametrize(
    "shown", ["Ødegård, Kari Anne", "Kari Anne Ødegård", NUMBER, "id"], ids=str
)
def test_a_page_that_shows_a_patient_unlogged_is_found(kari: Patient, shown: str) -> None:
    text = f"<p>{kari.pk if shown == 'id' else shown}</p>"
    assert judged(lambda _: HttpResponse(text), RequestFactory().get("/"))


def test_two_rows_for_one_page_are_found(kari: Patient, nurse: Professional) -> None:
    def twice(_: HttpRequest) -> HttpResponse:
        for _time in range(2):
            audit.record_read(by=nurse, at=NOON, operation="patient", patients=[kari.pk])
        return HttpResponse(NUMBER)

    assert judged(twice, RequestFactory().get("/"))


def test_a_row_that_names_another_patient_is_found(kari: Patient, nurse: Professional) -> None:
    def another(_: HttpRequest) -> HttpResponse:
        audit.record_read(by=nurse, at=NOON, operation="patient", patients=[])
        return HttpResponse(NUMBER)

    assert judged(another, RequestFactory().get("/"))


def test_a_page_that_is_logged_passes_and_so_does_what_was_just_typed(
    kari: Patient, nurse: Professional
) -> None:
    def logged(_: HttpRequest) -> HttpResponse:
        audit.record_read(by=nurse, at=NOON, operation="patient", patients=[kari.pk])
        return HttpResponse(f"{NUMBER} Ødegård, Kari Anne")

    assert not judged(logged, RequestFactory().get("/"))
    typed = RequestFactory().post("/", {"q": NUMBER})
    assert not judged(lambda _: HttpResponse(NUMBER), typed)
    assert not judged(lambda _: HttpResponse("Ødegård, Kari"), RequestFactory().get("/"))
