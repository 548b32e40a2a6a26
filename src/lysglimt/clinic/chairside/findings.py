"""What a discharge record says was not met."""

from collections.abc import Collection, Iterable

from lysglimt.clinic.referral.findings import finding_as_read
from lysglimt.knowledge.verdict import Finding, Standing

__all__ = ["finding_as_read", "told_once", "unmet"]

TIME = "DC-1"
"""The wait after the dose: told by the clock, whenever it is asked."""


def unmet(found: Iterable[Finding], *, signatures: Collection[Finding]) -> list[Finding]:
    """Of the criteria for going home those not met; time and signatures are told elsewhere."""
    return told_once(
        one
        for one in found
        if one.standing > Standing.CAUTION and one.criterion != TIME and one not in signatures
    )


def told_once(found: Iterable[Finding]) -> list[Finding]:
    """One sign may fail two limits of a criterion: what is asked for twice is asked once."""
    return list({(one.criterion, one.question or one.reason): one for one in found}.values())
