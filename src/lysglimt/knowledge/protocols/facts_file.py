"""The facts of a course as a file states them, read strictly."""

import json
from collections.abc import Sequence
from decimal import Decimal

from lysglimt.knowledge.catalogue import Place, compose
from lysglimt.knowledge.errors import ClinicalError, Misstated
from lysglimt.knowledge.outcomes.response import plausible_total

from .facts import CourseFacts


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    """JSON would let the last of two equal keys win; what came first would be lost."""
    stated: dict[str, object] = {}
    for key, value in pairs:
        if key in stated:
            raise ValueError(f"'{key}' is given twice")
        stated[key] = value
    return stated


def read_facts(text: str, *, name: str) -> CourseFacts:
    """Of JSON; ``name`` is what a refusal calls the file.

    Raises Misstated with the path of the key and the nearest known word, for a key that stands
    twice, a date that is none, an amount below zero, an instrument that is none, and a total
    outside its range.
    """
    try:
        stated = json.loads(text, parse_float=Decimal, object_pairs_hook=_once)
    except (ValueError, RecursionError) as refusal:
        raise Misstated(f"{name}: {refusal}") from refusal
    facts = compose(CourseFacts, stated, name=name)
    for n, rating in enumerate(facts.ratings, start=1):
        try:
            plausible_total(rating.instrument, rating.total)
        except ClinicalError as refusal:
            place = Place(name, ("ratings", str(n)))
            raise Misstated(f"{place}: {refusal}", **refusal.facts) from refusal
    return facts
