"""Two signatures are two persons, not two accounts of one."""

from dataclasses import dataclass

from lysglimt.knowledge.errors import ClinicalError

from .movements import Movement, signers


class OnePerson(ClinicalError):
    """Another person signs beside the first."""

    code = "ledger.one-person"


class NotToldApart(OnePerson):
    """One of the two has a number in the health personnel register and the other has none."""

    code = "ledger.not-told-apart"


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who signs: the account, the number in the health personnel register, the name."""

    account: object
    number: str = ""
    name: str = ""

    def same_person(self, other: "Signer") -> bool:
        """By the account; by the number where both have one; by the name where neither has."""
        if self.account == other.account:
            return True
        if self.number and other.number:
            return self.number.lstrip("0") == other.number.lstrip("0")
        mine, theirs = (" ".join(one.name.split()).casefold() for one in (self, other))
        return bool(mine) and mine == theirs

    def told_apart(self, other: "Signer") -> bool:
        """Known to be two: a name beside a number tells nothing, whatever it is."""
        return bool(self.number) is bool(other.number) and not self.same_person(other)


def refuse_one_person(movement: Movement, by: Signer, witness: Signer | None) -> None:
    """Raises OnePerson where the kind of entry takes two, NotToldApart where they may be one."""
    if witness is None and signers(movement).value < 2:
        return
    if witness is None or by.same_person(witness):
        raise OnePerson(
            "Another person signs, too.", field="witness", value=witness.name if witness else ""
        )
    if not by.told_apart(witness):
        raise NotToldApart("One of the two has no number.", field="witness", value=witness.name)
