"""Which fields answer the question of a criterion, and where a question is answered elsewhere."""

from collections.abc import Mapping

ASKED: Mapping[str, tuple[str, ...]] = {
    "IN-2": ("episode.mood_stabiliser",),
    "IN-3": ("ratings.madrs",),
    "IN-4": ("episode.started",),
    "IN-5": ("episode.severity", "history.psychotherapy_sessions"),
    "IN-6": ("agreement.specialist_decision", "agreement.alternatives_discussed"),
    "IN-7": (
        "agreement.capacity",
        "agreement.consent_off_label",
        "agreement.register_information_given",
    ),
    "IN-8": ("agreement.follow_up_plan",),
    "IN-9": ("agreement.escort_accepted", "agreement.no_driving_accepted"),
    "EX-01": ("episode.psychotic_symptoms",),
    "EX-02": ("ratings.ymrs",),
    "EX-19": ("ratings.moca",),
    "EX-24": ("episode.needs_admission",),
    "ECT-1": (
        "episode.catatonia",
        "episode.refuses_food_or_drink",
        "episode.immediate_danger_to_life",
    ),
    "EX-03": ("ratings.audit", "ratings.dudit", "measurements.peth_umol_l"),
    "EX-04": (),
    "EX-12": ("measurements.qtc_ms",),
    "EX-08": ("bodily.pregnancy_possible", "bodily.pregnant", "bodily.breastfeeding"),
    "EX-10": ("bodily.ketamine_allergy",),
    "EX-13": ("measurements.bmi",),
    "EX-15": ("measurements.alt_x_uln", "measurements.ast_x_uln"),
    "EX-25": (
        "ratings.hdrs17",
        "ratings.hdrs_item_3",
        "bodily.nonprescribed_drugs_4_weeks",
    ),
    "RX": ("bodily.alcohol_same_day", "bodily.grapefruit"),
}
"""By criterion, the answers it asks for. RX are the medicines that matter to a session."""

ELSEWHERE = frozenset(
    {
        *("history.trials", "history.stimulation", "measurements.blood_pressures"),
        "agreement.registration",
    }
)
"""Lists, and what is entered on a page of its own."""

PRESSURE = "EX-04"
"""The criterion that is answered by a reading with its day."""

WOMEN_ONLY = "EX-08"
"""Not asked of men."""
