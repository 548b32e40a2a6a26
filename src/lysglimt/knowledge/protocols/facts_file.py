"""The facts of a course as a file states them, read strictly."""

import json
from decimal import Decimal

from lysglimt.knowledge.catalogue import Place, compose
from lysglimt.knowledge.errors import Misstated
from lysglimt.knowledge.instruments.instrument import instruments

from .facts import CourseFacts, RatingGiven


def read_facts(text: str, *, name: str) -> CourseFacts:
    """Of JSON; ``name`` is what a refusal calls the file.

    Raises Misstated with the path of the key and the nearest known word, for a date that is
    none, an amount below zero, an instrument that is none, and a total outside its range.
    """
    try:
        stated = json.loads(text, parse_float=Decimal)
    except json.JSONDecodeError as refusal:
        raise Misstated(f"{name}: {refusal}") from refusal
    facts = compose(CourseFacts, stated, name=name)
    for n, rating in enumerate(facts.ratings, start=1):
        _refuse_impossible(rating, Place(name, ("ratings", str(n))))
    return facts


def _refuse_impossible(rating: RatingGiven, place: Place) -> None:
    known = instruments()
    scoring = known[place.at("instrument").word(rating.instrument, known)].scoring
    if scoring.lowest is None or scoring.highest is None:
        return
    if not scoring.lowest <= rating.total <= scoring.highest:
        raise Misstated(
            f"{place.at('total')}: {rating.total} is not within {scoring.lowest} and "
            f"{scoring.highest}",
            field="total",
            value=rating.total,
            allowed=(scoring.lowest, scoring.highest),
        )
