"""What the screens call what is asked, chosen and found before a course."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

LABELS: Mapping[str, Promise] = {
    "episode.started": gettext_lazy("The present episode began"),
    "episode.severity": gettext_lazy("Severity of the episode at its worst"),
    "episode.psychotic_symptoms": gettext_lazy("Psychotic symptoms in the present episode?"),
    "episode.catatonia": gettext_lazy("Catatonia?"),
    "episode.refuses_food_or_drink": gettext_lazy("Refuses food or drink?"),
    "episode.immediate_danger_to_life": gettext_lazy("Other immediate danger to life?"),
    "episode.needs_admission": gettext_lazy(
        "Does the clinician judge that admission is needed?"
    ),
    "episode.mood_stabiliser": gettext_lazy("Takes a mood stabiliser?"),
    "ratings.madrs": gettext_lazy("MADRS, total"),
    "ratings.ymrs": gettext_lazy("YMRS, total"),
    "ratings.moca": gettext_lazy("MoCA, total"),
    "ratings.audit": gettext_lazy("AUDIT, total"),
    "ratings.dudit": gettext_lazy("DUDIT, total"),
    "ratings.hdrs17": gettext_lazy("HDRS-17, total"),
    "ratings.hdrs_item_3": gettext_lazy("HDRS, item 3"),
    "measurements.qtc_ms": gettext_lazy("QTc"),
    "measurements.alt_x_uln": gettext_lazy("ALT, in multiples of the laboratory's upper limit"),
    "measurements.ast_x_uln": gettext_lazy("AST, in multiples of the laboratory's upper limit"),
    "measurements.peth_umol_l": gettext_lazy("PEth"),
    "measurements.bmi": gettext_lazy("Body mass index"),
    "history.psychotherapy_sessions": gettext_lazy("Sessions of psychotherapy"),
    "bodily.pregnancy_possible": gettext_lazy("Can the patient be pregnant or breastfeeding?"),
    "bodily.pregnant": gettext_lazy("Pregnant?"),
    "bodily.breastfeeding": gettext_lazy("Breastfeeding?"),
    "bodily.ketamine_allergy": gettext_lazy("Allergic to ketamine or esketamine?"),
    "bodily.nonprescribed_drugs_4_weeks": gettext_lazy(
        "Non-prescribed psychoactive drugs in the last four weeks?"
    ),
    "bodily.alcohol_same_day": gettext_lazy("Alcohol on the day of treatment?"),
    "bodily.grapefruit": gettext_lazy("Grapefruit regularly?"),
    "agreement.specialist_decision": gettext_lazy(
        "Has a psychiatrist decided on the treatment?"
    ),
    "agreement.alternatives_discussed": gettext_lazy(
        "Were ECT, TMS and psychotherapy discussed with the patient?"
    ),
    "agreement.capacity": gettext_lazy("Has the patient capacity to consent?"),
    "agreement.consent_off_label": gettext_lazy("Is there written consent to off-label use?"),
    "agreement.register_information_given": gettext_lazy(
        "Was information about the register given?"
    ),
    "agreement.follow_up_plan": gettext_lazy(
        "Is there a plan for psychotherapy, or a named follow-up?"
    ),
    "agreement.escort_accepted": gettext_lazy("Does the patient accept an adult escort home?"),
    "agreement.no_driving_accepted": gettext_lazy("Does the patient accept not to drive?"),
}
UNITS: Mapping[str, str] = {
    "measurements.qtc_ms": "ms",
    "measurements.alt_x_uln": "× ULN",
    "measurements.ast_x_uln": "× ULN",
    "measurements.peth_umol_l": "µmol/l",
    "measurements.bmi": "kg/m²",
}
SEVERITIES: Mapping[str, Promise] = {
    "subsyndromal": pgettext_lazy("episode", "Subsyndromal"),
    "mild": pgettext_lazy("episode", "Mild"),
    "moderate": pgettext_lazy("episode", "Moderate"),
    "severe": pgettext_lazy("episode", "Severe, without psychosis"),
    "severe-with-psychosis": pgettext_lazy("episode", "Severe, with psychosis"),
}
NONE_ASKED: Mapping[str, Promise] = {
    "medicines": gettext_lazy("Asked: the patient takes no medicine"),
    "trials": gettext_lazy("Asked: no medicine was tried against the depression"),
    "stimulation": gettext_lazy("Asked: neither ECT nor rTMS was given"),
}
CHOICES: Mapping[str, Promise] = {
    "register": gettext_lazy("In the register"),
    "study": gettext_lazy("In a study"),
    "register-and-study": gettext_lazy("In the register and in a study"),
    "reserved": gettext_lazy("Reserved against both"),
}
RESERVED: Mapping[str, Promise] = {
    "treat": gettext_lazy("The patient is treated all the same"),
    "do_not_treat": gettext_lazy("The patient is not treated here"),
}
READINESS: Mapping[str, Promise] = {
    "done": pgettext_lazy("work-up", "Done"),
    "missing": pgettext_lazy("work-up", "Missing"),
    "expired": pgettext_lazy("work-up", "Too old"),
    "not-needed": pgettext_lazy("work-up", "Not needed"),
    "unknown": pgettext_lazy("work-up", "Not known whether it is needed"),
}
LANGUAGES: Mapping[str, Promise] = {
    "nb": gettext_lazy("Norwegian"),
    "en": gettext_lazy("English"),
}
