"""The letter of a stop for safety: what was found, why, what is done now, and who sees to the patient."""

from lysglimt.clinic.design.numerals import day_written
from lysglimt.clinic.exposure.ledger import ExposureLedger
from lysglimt.clinic.exposure.models import SafetyStop
from lysglimt.clinic.exposure.templatetags.exposure import course_named, sum_said
from lysglimt.clinic.referral.findings import finding_as_read
from lysglimt.clinic.treatment.models import Course

from .parts import Document, Part, cell, facts, say, text
from .whole import Printing, foot, when


def safety_stop(stop: SafetyStop, by: Printing, *, ledger: ExposureLedger) -> Document:
    """Two identifiers, the number whole: the letter goes to another record."""
    card = stop.course.patient.card()
    number = card.full_identity_number
    found = [text(finding_as_read(one).reason) for one in stop.findings]
    return Document(
        title=say("stop"),
        whom=[
            card.name,
            f"{say('born')} {day_written(card.birth_date)}",
            *([f"{say('number')} {number[:6]} {number[6:]}"] * bool(number)),
        ],
        what=say("stop_signed", at=when(stop.happened_at), by=stop.by),
        foot=foot(by),
        parts=[
            of_course(stop.course),
            Part(heading=say("stop_why"), notes=cell(*stop.told.splitlines())),
            Part(heading=say("stop_found"), notes=cell(*found or [say("stop_nothing")])),
            Part(heading=say("stop_plan"), notes=cell(*stop.plan.splitlines())),
            Part(
                heading=say("stop_next"),
                facts=facts(
                    [
                        (say("stop_responsible"), stop.responsible),
                        (say("stop_contact"), day_written(stop.next_contact_on)),
                        (say("stop_unit"), stop.course.unit.name),
                    ]
                ),
            ),
            Part(
                heading=say("stop_given"),
                notes=cell(
                    *(
                        say("stop_sum", name=line.name, sum=sum_said(line.sums[0]))
                        for line in ledger.products
                    )
                ),
            ),
        ],
    )


def of_course(course: Course) -> Part:
    """Another record may know of several."""
    return Part(
        heading=say("stop_what"), facts=facts([(say("stop_course"), course_named(course))])
    )
