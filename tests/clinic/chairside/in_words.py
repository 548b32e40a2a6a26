"""A sentence for a reader holds no code and no name of a field."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.utils.translation import override

from lysglimt.clinic.design.refusals import sentence
from lysglimt.knowledge.errors import ClinicalError
from tests.journeys.foreign_words import ENGLISH

CODE = re.compile(r"\b[a-z]+(?:[_:][a-z]+)+\b|\bGATE-\d")
"""As ``gate:consent`` and ``not_measured``; of a rule for the start, its number."""
NAMES = re.compile(
    r"\b(gate|order|record|signs|events|lines|clock|by|nurse|psychiatrist|rate|resume|stop|actual|"
    r"ideal|adjusted|systolic|diastolic|heart_rate|pump)\b"
)
"""Of fields, acts, roles and weights, where they are no Norwegian words."""


def codes_in(said: str) -> list[str]:
    return [found[0] for form in (CODE, NAMES, ENGLISH) for found in form.finditer(said)]


@contextmanager
def every_refusal_in_words() -> Iterator[None]:
    """Whatever is refused inside has a Bokmål sentence that holds neither."""
    refused: list[ClinicalError] = []
    begin = ClinicalError.__init__

    def noting(self: ClinicalError, message: str, **facts: object) -> None:
        begin(self, message, **facts)
        refused.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClinicalError, "__init__", noting)
        yield
    with override("nb"):
        said = {sentence(one) for one in refused}
    leaked = {one: codes_in(one) for one in said if codes_in(one)}
    assert not leaked, leaked
