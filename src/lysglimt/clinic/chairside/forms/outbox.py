"""What a tablet sends that was typed while the network was away, and by which clock."""

from datetime import UTC, datetime, timedelta

from django import forms
from django.utils.translation import gettext_lazy

VITALS, EVENT = "vitals", "event"
LONGEST = 8_640_000_000_000
"""A date of JavaScript, in milliseconds; of a clock that is far off, too."""
UNSURE = timedelta(seconds=60)
"""By so much two clocks may differ before somebody is asked to look at the time."""


def instant() -> forms.IntegerField:
    return forms.IntegerField(required=False, min_value=-LONGEST, max_value=LONGEST)


class OutboxForm(forms.Form):
    """Beside the fields of the row. All times are milliseconds since 1970.

    ``typed_at`` and ``sent_at`` are by the tablet's clock, right or wrong; ``reckoned_at`` is when
    the tablet reckons that it was typed by the server's, ``fetched_at`` when the server wrote the
    plan that it was typed by. ``typist`` is the key of whoever was signed in when it was typed,
    ``revision`` that which was read before it is amended.
    """

    what = forms.ChoiceField(choices=[(VITALS, VITALS), (EVENT, EVENT)])
    entry = forms.UUIDField()
    typed_at = instant()
    sent_at = instant()
    reckoned_at = instant()
    fetched_at = instant()
    typist = forms.CharField(required=False)
    revision = forms.IntegerField(required=False, min_value=1)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)
    do = forms.ChoiceField(
        choices=[("store", "store"), ("amend", "amend"), ("strike", "strike")],
        required=False,
    )

    def typed(self, now: datetime, *, since: datetime) -> tuple[datetime, bool]:
        """When it was typed, by the server's clock, and whether the tablet's clock was moved.

        Of a form that is valid. It cannot have been typed after now, nor before the plan was
        fetched, nor before ``since``, when the day of the session began: of the ways to reckon it,
        the first that lies between them is taken. What was sent at once was typed just now,
        whatever was done to a clock since the page was read.
        """
        said = self.cleaned_data
        reckoned, gone = since_1970(said["reckoned_at"]), None
        earliest = max(since, since_1970(said["fetched_at"]) or now)
        if said["typed_at"] is not None and said["sent_at"] is not None:
            kept = timedelta(milliseconds=said["sent_at"] - said["typed_at"])
            gone = now - kept
            if timedelta(0) <= kept <= UNSURE and earliest <= gone:
                return gone, reckoned is None or abs(reckoned - gone) > UNSURE
        ways = [at for at in (reckoned, gone) if at is not None]
        found = [min(at, now) for at in ways if earliest - UNSURE <= at <= now + UNSURE]
        agree = len(found) == len(ways) and all(abs(at - found[0]) <= UNSURE for at in found)
        return (found[0] if found else now), not agree


def since_1970(milliseconds: int | None) -> datetime | None:
    """None of nothing, and of what no calendar holds."""
    if milliseconds is None:
        return None
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return None
