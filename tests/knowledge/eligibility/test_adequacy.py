"""The table of what dose counts: every medicine bears its name in both languages."""

from lysglimt.knowledge.eligibility.adequacy import adequacy


def test_every_medicine_of_the_table_has_a_name_in_both_languages() -> None:
    table = adequacy()
    listed = {one.atc for one in table.antidepressant} | {one.atc for one in table.augmenter}
    assert set(table.names) == listed
    assert all(name.nb and name.en for name in table.names.values())
    assert table.names["N06AB06"].nb == "sertralin"
