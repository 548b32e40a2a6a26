"""The least that Django does to store a set and to show 200 values: no right, no rule, no trail.

On the same server and the database that `LYSGLIMT_DATABASE` names, one row a set. Its workers import
this module by its name, so it is never the one that Python was started with.
"""

import os
import sys
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path

from lysglimt.server.database import databases

TEMPLATE = """<!doctype html><title>Chart</title><table>
{% for row in rows %}<tr>{% for value in row %}<td>{{ value }}</td>{% endfor %}</tr>
{% endfor %}</table>"""
COLUMNS = ("systolic", "diastolic", "pulse", "spo2", "respiration")
PEOPLE, SETS = 8, 40
"""Of eight persons 40 sets each, of five values."""
THREADS = 8
"""In each process, as `lysglimt serve` has."""

KEPT = databases(os.environ["LYSGLIMT_DATABASE"])
# Each thread keeps its connection: the least that a database can cost.
KEPT["default"]["OPTIONS"].pop("pool", None)
KEPT["default"]["CONN_MAX_AGE"] = None

settings.configure(
    DATABASES=KEPT,
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    SECRET_KEY="floor",  # noqa: S106 - of a server that lives for a minute
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [("django.template.loaders.locmem.Loader", {"chart.html": TEMPLATE})]
            },
        }
    ],
)
django.setup()

from django.db import connection, models, transaction  # noqa: E402 - settings come first
from django.shortcuts import render  # noqa: E402 - likewise
from django.utils import timezone  # noqa: E402 - likewise


class Measured(models.Model):
    person = models.IntegerField(db_index=True)
    entry = models.UUIDField(unique=True)
    at = models.DateTimeField()
    systolic = models.PositiveSmallIntegerField()
    diastolic = models.PositiveSmallIntegerField()
    pulse = models.PositiveSmallIntegerField()
    spo2 = models.PositiveSmallIntegerField()
    respiration = models.PositiveSmallIntegerField()
    comment = models.CharField(max_length=500)

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return str(self.entry)


def record(request: HttpRequest, person: int) -> HttpResponse:
    said = request.POST
    readings: dict[str, Any] = {column: int(said[column]) for column in COLUMNS}
    with transaction.atomic():
        Measured._default_manager.create(
            person=person,
            entry=said["entry"],
            at=timezone.now(),
            comment=said["comment"],
            **readings,
        )
    return HttpResponseRedirect(f"/{person}/")


def chart(request: HttpRequest, person: int) -> HttpResponse:
    rows = Measured._default_manager.filter(person=person).order_by("at")[:SETS]
    return render(request, "chart.html", {"rows": rows.values_list(*COLUMNS)})


urlpatterns = [path("<int:person>/", chart), path("<int:person>/vitals/", record)]
application = get_wsgi_application()


def main() -> None:
    from uuid import uuid4  # noqa: PLC0415 - only to set it up

    from granian import Granian  # noqa: PLC0415 - a worker has it already
    from granian.constants import Interfaces  # noqa: PLC0415 - likewise

    with connection.schema_editor() as editor:
        editor.create_model(Measured)
    Measured._default_manager.bulk_create(
        Measured(
            person=number % PEOPLE,
            entry=uuid4(),
            at=timezone.now(),
            comment="",
            **dict.fromkeys(COLUMNS, number % 100),
        )
        for number in range(PEOPLE * SETS)
    )
    connection.close()
    port, processes = map(int, sys.argv[1:])
    Granian(
        "benchmarks.chair.floor:application",
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=THREADS,
        websockets=False,
        log_enabled=False,
    ).serve()
