"""What is left, computed from what happened: never typed, never negative."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.quantities import Milligrams

from .movements import Movement, Way, Whereabouts, refuse_wrong_way, way_back

NOTHING = Milligrams(Decimal(0))
HAND, STOCK = Whereabouts.HAND, Whereabouts.STOCK
INTO = frozenset({Whereabouts.SUPPLY, Whereabouts.FOUND})
"""From where milligrams come into the ledger; there they are counted below nothing."""


class NotThere(ClinicalError):
    """More would be taken than there is."""

    code = "ledger.not-there"


class NotWhole(ClinicalError):
    """What goes in or out of a cabinet goes in whole pieces: a vial, a device."""

    code = "ledger.not-whole"


class AlreadyCorrected(ClinicalError):
    """An entry is taken back once, and a correction is not corrected."""

    code = "ledger.already-corrected"


class Transferred(AlreadyCorrected):
    """A transfer has a line in each of two cabinets: it is transferred back, not taken back by halves."""

    code = "ledger.transferred"


@dataclass(frozen=True, slots=True)
class Posting:
    """Milligrams moved one way. ``session`` is for whom, where any of it is in hand.

    ``counted`` are the pieces that a count found; ``takes_back`` is the number of the entry that
    a correction undoes.
    """

    movement: Movement
    way: Way
    amount: Milligrams
    session: Hashable = None
    counted: int | None = None
    takes_back: int | None = None

    def __post_init__(self) -> None:
        if self.takes_back is None:
            refuse_wrong_way(self.movement, self.way)
        if (self.movement is Movement.COUNT) is (self.counted is None):
            raise NotWhole("A count says how many were counted, and nothing else does.")
        if (self.amount <= NOTHING) is (self.counted is None):
            raise NotThere(
                "More than nothing is moved.", field="amount", value=self.amount.value
            )

    def change(self, place: Whereabouts) -> Decimal:
        source, target = self.way
        return self.amount.value * ((target is place) - (source is place))


@dataclass(frozen=True, slots=True)
class Ledger:
    """One product at one strength in one cabinet, by all that was ever written of it."""

    piece: Milligrams
    postings: tuple[Posting, ...] = ()

    def in_place(self, place: Whereabouts, session: Hashable = None) -> Milligrams:
        """In hand, of one session; elsewhere of all."""
        rows = (one for one in self.postings if place is not HAND or one.session == session)
        return Milligrams(sum((one.change(place) for one in rows), Decimal(0)))

    @property
    def pieces(self) -> int:
        return pieces_of(self.in_place(STOCK), self.piece)

    def posted(self, posting: Posting) -> "Ledger":
        """With one more entry. Raises NotThere, NotWhole, AlreadyCorrected."""
        if posting.takes_back is not None:
            taken = {one.takes_back for one in self.postings}
            refuse_taken_back(posting, self.postings, taken=taken)
        refuse_unfit(
            posting,
            piece=self.piece,
            stock=self.in_place(STOCK),
            hand=self.in_place(HAND, posting.session),
        )
        return Ledger(self.piece, (*self.postings, posting))

    def whereabouts(self) -> Mapping[Whereabouts, Milligrams]:
        return whereabouts(self.postings)


@dataclass(slots=True)
class RunningLedger:
    """As `Ledger`, entry by entry and without reading the earlier ones anew: for long ledgers.

    ``hands`` is what is in hand of each session, ``taken`` the numbers that were taken back.
    """

    piece: Milligrams
    postings: list[Posting] = field(default_factory=list)
    stock: Decimal = NOTHING.value
    hands: defaultdict[Hashable, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    taken: set[int | None] = field(default_factory=set)

    @property
    def pieces(self) -> int:
        return pieces_of(Milligrams(self.stock), self.piece)

    def post(self, posting: Posting) -> None:
        """One more entry; refused, nothing of it stays. Raises as `Ledger.posted`."""
        if posting.takes_back is not None:
            refuse_taken_back(posting, self.postings, taken=self.taken)
        hand = Milligrams(self.hands[posting.session])
        refuse_unfit(posting, piece=self.piece, stock=Milligrams(self.stock), hand=hand)
        self.postings.append(posting)
        self.stock += posting.change(STOCK)
        self.hands[posting.session] += posting.change(HAND)
        self.taken.add(posting.takes_back)


def refuse_taken_back(
    posting: Posting, postings: Sequence[Posting], *, taken: Collection[int | None]
) -> None:
    """Raises AlreadyCorrected."""
    number = posting.takes_back or 0
    there = 0 < number <= len(postings) and number not in taken
    if not there or posting != taking_back(postings[number - 1], number):
        raise AlreadyCorrected(
            "It was taken back before, or is no entry.", field="corrects", value=number
        )


def pieces_of(amount: Milligrams, piece: Milligrams) -> int:
    """Raises NotWhole."""
    pieces, rest = divmod(amount.value, piece.value)
    if rest:
        raise NotWhole(
            f"{amount.value} mg are no whole pieces of {piece.value} mg",
            field="amount",
            value=amount.value,
        )
    return int(pieces)


def refuse_unfit(
    posting: Posting, *, piece: Milligrams, stock: Milligrams, hand: Milligrams
) -> None:
    """Against what is in stock, and in hand of its session. Raises NotThere, NotWhole."""
    if STOCK in posting.way:
        pieces_of(posting.amount, piece)
    for place, there in ((STOCK, stock), (HAND, hand)):
        left = there.value + posting.change(place)
        if left < 0:
            raise NotThere(
                f"{posting.amount.value} mg are taken of {there.value} mg",
                field="amount",
                value=posting.amount.value,
                allowed=f"up to {there.value}",
            )


def taking_back(posting: Posting, number: int) -> Posting:
    """The correction of an entry: the same amount, back the way it went.

    Raises AlreadyCorrected for a correction and for a count: what was counted was counted; and
    Transferred, a line of which stands in another ledger, too.
    """
    if posting.movement in {Movement.TRANSFER_OUT, Movement.TRANSFER_IN}:
        raise Transferred("it is transferred back", field="corrects", value=number)
    if posting.movement in {Movement.CORRECTION, Movement.COUNT}:
        raise AlreadyCorrected(
            f"a {posting.movement} is not taken back", field="corrects", value=number
        )
    return Posting(
        Movement.CORRECTION,
        way_back(posting.way),
        posting.amount,
        session=posting.session,
        takes_back=number,
    )


def whereabouts(postings: Iterable[Posting]) -> Mapping[Whereabouts, Milligrams]:
    """How much is in each place; together they are nothing, always."""
    found: defaultdict[Whereabouts, Decimal] = defaultdict(Decimal)
    for one in postings:
        for place in one.way:
            found[place] += one.change(place) if one.way[0] is not one.way[1] else 0
    return {place: Milligrams(found[place]) for place in Whereabouts}


def came_in(found: Mapping[Whereabouts, Milligrams]) -> Milligrams:
    """Received and found."""
    return Milligrams(-sum((found[place].value for place in INTO), Decimal(0)))


def went(found: Mapping[Whereabouts, Milligrams]) -> Milligrams:
    """In stock, in hand, given, left in the line, wasted, returned, in another cabinet, lost."""
    return Milligrams(
        sum((found[place].value for place in Whereabouts if place not in INTO), Decimal(0))
    )
