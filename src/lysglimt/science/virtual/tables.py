"""The tables of the synthetic register: which columns, and what each holds."""

from collections.abc import Mapping
from enum import StrEnum


class Holds(StrEnum):
    TEXT = "text"
    COUNT = "count"
    AMOUNT = "amount"
    DAY = "day"
    FLAG = "flag"
    TEXTS = "texts"
    COUNTS = "counts"


Columns = Mapping[str, Holds]
T, N, A, D, F = Holds.TEXT, Holds.COUNT, Holds.AMOUNT, Holds.DAY, Holds.FLAG
TABLES: Mapping[str, Columns] = {
    "units": {"unit": N, "kind": T, "protocol": T},
    "people": {
        **{"person": T, "unit": N, "sex": T, "birth_year": N, "height_cm": N},
        **{"weight_kg": A, "hypertension": F},
    },
    "referrals": {
        **{"person": T, "unit": N, "received_on": D, "sender_kind": T, "decided_on": D},
        **{"decision": T, "reasons": Holds.TEXTS, "diagnosis": T, "episode_started_on": D},
        **{"episode_severity": T, "madrs": N},
    },
    "trials": {
        **{"person": T, "trial": N, "atc": T, "mg_per_day": A, "weeks": N},
        **{"adherence": N, "improvement": T, "current_episode": F, "intolerant": F},
    },
    "courses": {
        **{"person": T, "unit": N, "protocol": T, "version": T, "rule_version": T},
        **{"consented_on": D, "first_session_on": D, "last_session_on": D, "as_of": D},
        **{"phase": T, "sessions": N, "maintenance_sessions": N, "completed": F},
        **{"baseline": N, "evaluation": N, "response": F, "remission": F},
        **{"stopped_on": D, "stop_ground": T, "relapsed_on": D},
        "departures": Holds.TEXTS,
    },
    "sessions": {
        **{"person": T, "unit": N, "session": N, "phase": T, "given_on": D},
        **{"prescribed_mg": A, "delivered_mg": A, "ended_early": T},
        **{"systolic_before": N, "diastolic_before": N, "pulse_before": N},
        **{"systolic_highest": N, "diastolic_highest": N, "pulse_highest": N},
        **{"peak_minute": N, "pressure_class": N, "dissociation": N, "moaas_lowest": N},
    },
    "ratings": {
        **{"person": T, "unit": N, "instrument": T, "rated_on": D, "timing": T},
        **{"total": A, "answers": Holds.COUNTS},
    },
    "missed": {"person": T, "unit": N, "instrument": T, "due_on": D},
    "decisions": {"person": T, "unit": N, "decided_on": D, "kind": T, "ground": T, "rule": T},
    "events": {
        **{"person": T, "unit": N, "session": N, "noticed_on": D, "term": T},
        **{"grade": N, "serious": F},
    },
}
Cell = str | int | float | bool | None | object
Row = tuple[Cell, ...]
Rows = dict[str, list[Row]]
"""By table, in the order of the people."""


def empty() -> Rows:
    return {name: [] for name in TABLES}
