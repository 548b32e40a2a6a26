"""Two hands at the same time, each with a connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection


def at_once(*acts: Callable[[], object]) -> list[BaseException | None]:
    """Each in a thread and a connection of its own; what each was refused with."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        try:
            start.wait()
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as hands:
        return [done.exception() for done in [hands.submit(run, act) for act in acts]]
