"""`lysglimt hl7 listen` says whose monitors it cannot find; listening itself is tried in tests/faults."""

from .conftest import Lysglimt

SECRET = "a long one that nobody has guessed yet"  # noqa: S105 - of a clinic that is thrown away


def test_without_a_unit_it_asks_whose_monitors(installed: Lysglimt) -> None:
    asked = installed("hl7", "listen", "--port", "0")
    assert asked.returncode == 2
    assert "Whose monitors? Name one unit with --unit" in asked.stderr


def test_a_unit_that_is_not_there_is_named_with_the_nearest(installed: Lysglimt) -> None:
    words = ("--role", "nurse", "--unit", "Moss", "--entity", "Sykehus")
    added = installed("user", "add", "nora", *words, "--password-stdin", stdin=f"{SECRET}\n")
    assert added.returncode == 0, added.stderr
    refused = installed("hl7", "listen", "--unit", "Mos")
    assert refused.returncode == 2
    assert "no unit is called 'Mos', the nearest is 'Moss'" in refused.stderr
