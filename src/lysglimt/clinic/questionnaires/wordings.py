"""What the moments, ways and raters of a rating are called on a screen."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from lysglimt.clinic.treatment.models import Mode, Timing
from lysglimt.knowledge.instruments.instrument import Rater

TIMINGS: Mapping[Timing, Promise] = {
    Timing.SCREENING: pgettext_lazy("timing of a rating", "Assessment of the referral"),
    Timing.BASELINE: pgettext_lazy("timing of a rating", "Baseline, before the first session"),
    Timing.BEFORE_DOSE: pgettext_lazy(
        "timing of a rating", "Day of a session, before the dose"
    ),
    Timing.AFTER_DOSE: pgettext_lazy("timing of a rating", "Day of a session, after the dose"),
    Timing.NEXT_DAY: pgettext_lazy("timing of a rating", "The day after a session"),
    Timing.EVALUATION: pgettext_lazy("timing of a rating", "Evaluation"),
    Timing.FOLLOW_UP: pgettext_lazy("timing of a rating", "Follow-up"),
    Timing.OTHER: pgettext_lazy("timing of a rating", "Another time"),
}

MODES: Mapping[Mode, Promise] = {
    Mode.INTERVIEW: gettext_lazy("Interview, face to face"),
    Mode.TELEPHONE: gettext_lazy("Interview by telephone or video"),
    Mode.SELF: gettext_lazy("The patient's own answers, entered from paper"),
    Mode.IMPORTED: gettext_lazy("Imported from another system"),
}

RATERS: Mapping[Rater, Promise] = {
    Rater.CLINICIAN: gettext_lazy("Rated by a clinician"),
    Rater.PSYCHIATRIST: gettext_lazy("Rated by a psychiatrist"),
    Rater.CERTIFIED: gettext_lazy("Rated by someone certified for this instrument"),
    Rater.NURSE: gettext_lazy("Rated by a nurse"),
    Rater.CLINICIAN_OR_NURSE: gettext_lazy("Rated by a clinician or a nurse"),
    Rater.TRAINED_STAFF: gettext_lazy("Rated by trained staff"),
    Rater.SELF: gettext_lazy("Answered by the patient"),
    Rater.SELF_OR_CLINICIAN: gettext_lazy("Answered by the patient or asked by a clinician"),
    Rater.COMPUTER: gettext_lazy("Done at a computer"),
}
