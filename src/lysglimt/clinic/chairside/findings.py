"""What a discharge record says was not met."""

from collections.abc import Iterable

from lysglimt.clinic.referral.findings import finding_as_read
from lysglimt.knowledge.monitoring.discharge import discharge_rules
from lysglimt.knowledge.verdict import Finding, Standing

__all__ = ["finding_as_read", "unmet"]

TIME = "DC-1"
"""The wait after the dose: told by the clock, whenever it is asked."""
HANDS = frozenset({"nurse_signed", "doctor_signed"})


def unmet(found: Iterable[Finding]) -> list[Finding]:
    """Of the criteria for going home those not met; time and signatures are told elsewhere."""
    hands = [one for one in discharge_rules().conditions if one.id in HANDS]
    signed = {words for one in hands for words in (one.name, one.unmet)}
    return [
        one
        for one in found
        if one.standing > Standing.CAUTION
        and one.criterion != TIME
        and one.reason not in signed
    ]
