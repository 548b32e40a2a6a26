"""Every source can be found again by whoever doubts a figure."""

import pytest

from lysglimt.knowledge.sources.citation import Citation
from lysglimt.knowledge.sources.library import library

EVERY = sorted(library().values(), key=lambda citation: citation.key)
STANDS_IN = {"own-proposal", "unverified-memory"}


@pytest.mark.parametrize("citation", EVERY, ids=lambda c: c.key)
def test_a_source_says_what_it_is_and_where_it_is(citation: Citation) -> None:
    assert citation.title.strip()
    assert citation.address.strip()


@pytest.mark.parametrize("citation", EVERY, ids=lambda c: c.key)
def test_a_year_is_one_in_which_it_could_have_been_read(citation: Citation) -> None:
    assert citation.year is None or 1950 <= citation.year <= 2026


def test_only_two_entries_stand_where_no_literature_does() -> None:
    assert {citation.key for citation in EVERY if citation.stands_in} == STANDS_IN


def test_a_page_of_low_trust_never_carries_the_name_of_a_paper() -> None:
    low = {citation.key for citation in EVERY if citation.low}
    assert {"droracle", "synapse", "sdn", "forhims", "drd"} <= low
