"""What the clinical core refuses, and why."""


class ClinicalError(Exception):
    """Base of every refusal. ``code`` is stable; wording is not.

    ``facts`` names what the screen needs to word the refusal in the reader's language:
    the field, the value as given, the range that is allowed.
    """

    code = "clinical"

    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message)
        self.facts = facts


class Inconsistent(ClinicalError):
    """A clinical value contradicts itself: an impossible schedule, bands with a gap."""

    code = "catalogue.inconsistent"


class Misstated(ClinicalError):
    """A clinical data file says what the core does not know."""

    code = "catalogue.misstated"


class Unknown(ClinicalError):
    """Asked for by a name that no catalogue has; says the nearest that it has."""

    code = "catalogue.unknown"


class Implausible(ClinicalError):
    """A value as typed cannot be right: not a number, or outside what a patient can have."""

    code = "entry.implausible"

    @classmethod
    def of(
        cls,
        field: str,
        value: object,
        allowed: str,
        *,
        because: str = "is refused",
        **named: object,
    ) -> "Implausible":
        """``named`` may say the ``label`` of the field, for a reader."""
        return cls(
            f"{field}: {value!s} {because}, allowed is {allowed}",
            field=field,
            value=value,
            allowed=allowed,
            **named,
        )
