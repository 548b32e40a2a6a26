"""Run by `lysglimt.server.started`: how many questions of the database a page and a set take."""

import json
import sys
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lysglimt.server.proving.writers import reading

OF_A_TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT")


def counted(ask: Callable[[], Any]) -> dict[str, int]:
    """Of the second of two requests: the first makes what is made once."""
    ask()
    with CaptureQueriesContext(connection) as asked:
        answer = ask()
    marks = sum(one["sql"].startswith(OF_A_TRANSACTION) for one in asked.captured_queries)
    return {"status": answer.status_code, "sql": len(asked) - marks, "marks": marks}


def main() -> None:
    ground = json.load(sys.stdin)
    client = Client(headers={"host": "127.0.0.1"})
    client.cookies.load(ground["cookies"][0])
    page = f"/sessions/{ground['sessions'][0]}/"
    said = {
        "get": counted(lambda: client.get(page)),
        "post": counted(lambda: client.post(f"{page}vitals/", reading(1))),
    }
    sys.stdout.write(json.dumps(said))
