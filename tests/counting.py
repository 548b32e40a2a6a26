"""A plugin of pytest: lines of the product are counted in this process. See `tools.covered`."""

import os

import pytest

from tools.covered import forget, watched, write_down

WORKER = "PYTEST_XDIST_WORKER"
COUNTING = watched()
"""Begun when the plugin is loaded, before anything imports the product."""


def pytest_configure() -> None:
    """What an earlier run went over is not this one's: lines have moved since."""
    if WORKER not in os.environ:
        forget()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    write_down(COUNTING, os.environ.get(WORKER, "alone"))
