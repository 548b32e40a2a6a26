"""Is the nurse with this patient alone while the dose runs?"""

from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing

from .gate_conditions import gate_rules


def staffing(*, not_green: int, recovering: int) -> Finding:
    """One nurse to one infusing patient; one other patient only while in green recovery."""
    most = gate_rules().staffing.recovering
    if not_green or recovering > most.value:
        return others_to_watch()
    return Finding(
        "gate:staffing",
        Standing.MET,
        Text(
            "Én sykepleier til én pasient under infusjon",
            "One nurse to one patient under infusion",
        ),
        most.basis,
    )


def others_to_watch() -> Finding:
    """The nurse is not with this patient alone."""
    return Finding(
        "gate:staffing",
        Standing.NEEDS_SPECIALIST,
        Text(
            "Sykepleieren har andre pasienter som må følges samtidig",
            "The nurse has other patients to watch at the same time",
        ),
        gate_rules().staffing.recovering.basis,
        action=Text("Navngitt beslutning", "A named decision"),
    )
