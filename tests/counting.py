"""A plugin of pytest: lines of the product are counted in this process, and what is asked of the database.

See `tools.covered` and `tests.asked`.
"""

import os

import pytest

from tests import asked
from tools.covered import forget, watched, write_down

WORKER = "PYTEST_XDIST_WORKER"
COUNTING = watched()
"""Begun when the plugin is loaded, before anything imports the product."""


def pytest_configure() -> None:
    """What an earlier run went over is not this one's: lines have moved since."""
    if WORKER not in os.environ:
        forget()
        asked.forget()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    process = os.environ.get(WORKER, "alone")
    write_down(COUNTING, process)
    asked.write_down(process)
