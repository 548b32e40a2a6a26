"""Every source can be found again by whoever doubts a figure."""

from lysglimt.knowledge.sources.library import library

EVERY = sorted(library().values(), key=lambda citation: citation.key)
STANDS_IN = {"own-proposal", "unverified-memory"}


def test_a_source_says_what_it_is_and_where_it_is() -> None:
    silent = [one.key for one in EVERY if not (one.title.strip() and one.address.strip())]
    assert len(EVERY) > 200
    assert not silent, "\n".join(silent)


def test_a_year_is_one_in_which_it_could_have_been_read() -> None:
    wrong = [
        f"{one.key}: {one.year}"
        for one in EVERY
        if one.year is not None and not 1950 <= one.year <= 2026
    ]
    assert not wrong, "\n".join(wrong)


def test_only_two_entries_stand_where_no_literature_does() -> None:
    assert {citation.key for citation in EVERY if citation.stands_in} == STANDS_IN


def test_a_page_of_low_trust_never_carries_the_name_of_a_paper() -> None:
    low = {citation.key for citation in EVERY if citation.low}
    assert {"droracle", "synapse", "sdn", "forhims", "drd"} <= low
