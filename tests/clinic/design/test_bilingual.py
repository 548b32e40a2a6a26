"""What the rules said is read in the reader's language; what was typed, as it was typed."""

import pytest
from django.utils.translation import gettext, override

from lysglimt.clinic.design.bilingual import as_stored, in_both, in_readers
from lysglimt.knowledge.text import Text


@pytest.mark.parametrize(
    ("language", "said"),
    [("nb", "To grønne målinger mangler"), ("en", "No two green readings")],
)
def test_each_reads_it_in_their_own_language(language: str, said: str) -> None:
    stored = as_stored(Text("To grønne målinger mangler", "No two green readings"))
    with override(language):
        assert in_readers(stored) == said


@pytest.mark.parametrize(
    "typed",
    [
        "Stays until she has been seen",
        "",
        '{"nb": is how it began',
        '{"nb": "only one of them"}',
        '{"nb": "a", "en": "b", "sv": "c"}',
    ],
)
def test_what_was_typed_stands_as_it_was_typed(typed: str) -> None:
    assert in_readers(typed) == typed


def test_it_is_said_in_both_whatever_the_writer_reads() -> None:
    with override("en"):
        assert in_both(lambda _: gettext("yes")) == Text("ja", "yes")
