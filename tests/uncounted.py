"""Lines that are gone over once more, by a browser or a migration, are not counted once more.

Counting takes half as long again; what these show is not which lines they went over.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from coverage import Coverage

CONFIGURATION = "COVERAGE_PROCESS_CONFIG"
"""By this a process that a test starts knows that its lines are counted."""


@contextmanager
def uncounted() -> Iterator[None]:
    """Nothing is counted inside: neither here nor in a process that is started."""
    if counting := Coverage.current():
        counting.stop()
    try:
        with counted_here_alone():
            yield
    finally:
        if counting:
            counting.start()


@contextmanager
def counted_here_alone() -> Iterator[None]:
    """Not in a process that is started: it serves a whole clinic, or migrates one."""
    configuration = os.environ.pop(CONFIGURATION, None)
    try:
        yield
    finally:
        if configuration is not None:
            os.environ[CONFIGURATION] = configuration


def uncounting(environment: Mapping[str, str]) -> dict[str, str]:
    """That of a process whose lines are not counted."""
    return {name: value for name, value in environment.items() if name != CONFIGURATION}


def counting() -> dict[str, str]:
    """What tells a process that is started that its lines are counted, if they are by now."""
    return {CONFIGURATION: os.environ[CONFIGURATION]} if CONFIGURATION in os.environ else {}
