"""Which protocols give ketamine: what is looked at over months goes by that, not by a code."""

from lysglimt.knowledge.protocols.library import ketamine_protocols, latest, protocols

OTHERS = {"ect", "rtms", "lsd", "mdma", "psilocybin"}


def test_r_ketamine_has_no_code_and_is_ketamine_all_the_same() -> None:
    assert latest("r-ketamine").product.atc is None
    assert "r-ketamine" in ketamine_protocols()


def test_every_protocol_gives_ketamine_or_is_one_of_the_five_that_do_not() -> None:
    assert {one.id for one in protocols().values()} - set(ketamine_protocols()) == OTHERS
    coded = {one.id for one in protocols().values() if one.product.atc}
    assert coded <= set(ketamine_protocols())
