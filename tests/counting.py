"""A plugin of pytest: lines of the product are counted in this process. See `tools.covered`."""

import os

import pytest

from tools.covered import watched, write_down

COUNTING = watched()
"""Begun when the plugin is loaded, before anything imports the product."""


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    write_down(COUNTING, os.environ.get("PYTEST_XDIST_WORKER", "alone"))
