"""What the patient has closed to the reader: at the chair it is told that it is there, not what."""

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext_lazy

from lysglimt.clinic.design.bilingual import in_both
from lysglimt.clinic.people.access import open_to
from lysglimt.clinic.people.models import Professional
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding

from .models import Session

UNTOLD = gettext_lazy("something in a closed part of the record")
OF_ELIGIBILITY = ("EX-", "RX", "IN-", "REG-", "ECT-", "LT-")
"""Rules that are asked of the history and the ratings, as the page about eligibility is."""


def as_told(found: Iterable[Finding], *, by: Professional, session: Session) -> list[Finding]:
    """Where eligibility is closed to ``by``, of its rules the number alone.

    Of a session that was not fetched for ``by``, it asks the database where there is something
    to keep back.
    """
    findings = list(found)
    kept = any(map(of_eligibility, findings)) and closed_to(by, session)
    return [untold(one) if kept and of_eligibility(one) else one for one in findings]


def closed_to(by: Professional, session: Session) -> bool:
    known = vars(session).get("eligibility_closed")
    if known is None:
        return not open_to(by, session.course.patient, "eligibility")
    return bool(known)


def of_eligibility(finding: Finding) -> bool:
    return finding.criterion.startswith(OF_ELIGIBILITY)


def untold(finding: Finding) -> Finding:
    return replace(finding, reason=in_both_languages(), question=None, action=None)


def in_both_languages() -> Text:
    return in_both(lambda _: str(UNTOLD))


def reason_told(finding: Finding) -> Text:
    """In a sentence, where no number of a rule stands beside it."""
    if finding.reason != in_both_languages():
        return finding.reason
    return Text("{rule}: {what}", "{rule}: {what}").filled(
        rule=finding.criterion, what=finding.reason
    )
