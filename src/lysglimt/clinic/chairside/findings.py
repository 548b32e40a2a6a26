"""What a discharge record says was not met."""

from lysglimt.clinic.referral.findings import finding_as_read
from lysglimt.knowledge.monitoring.discharge import discharge_rules
from lysglimt.knowledge.verdict import Finding, Standing

from .models import DischargeRecord

__all__ = ["finding_as_read", "unmet"]

TIME = "DC-1"
"""The wait after the dose: told by the clock, whenever it is asked."""
HANDS = frozenset({"nurse_signed", "doctor_signed"})


def unmet(discharge: DischargeRecord) -> list[Finding]:
    """The criteria not met when they were answered; time and signatures are told anew."""
    signed = {one.name for one in discharge_rules().conditions if one.id in HANDS}
    found = [finding_as_read(one) for one in discharge.findings]
    return [
        one
        for one in found
        if one.standing > Standing.CAUTION
        and one.criterion != TIME
        and one.reason not in signed
    ]
