"""By which rules a call opens a task, and how the task is worded."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

ECG, SUICIDE_TOLD = "after-session-ecg", "after-session-suicide"
WORDS: Mapping[str, Promise] = {
    ECG: gettext_lazy(
        "Palpitations or fainting after a session, told on the telephone: an ECG before the next dose (own proposal)"
    ),
    SUICIDE_TOLD: gettext_lazy(
        "Thoughts, intent or plan of suicide after a session, told on the telephone"
    ),
}
