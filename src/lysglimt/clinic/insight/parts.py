"""The parts of the day's page, and which of them whom concerns first."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from lysglimt.clinic.people.policy import DOCTORS, Role


class Part(StrEnum):
    DOCTOR = "doctor"
    CHAIRS = "chairs"
    TELEPHONE = "telephone"
    REFERRALS = "referrals"
    TASKS = "tasks"
    RATINGS = "ratings"
    COURSES = "courses"
    ASKING = "asking"

    @property
    def template(self) -> str:
        return f"insight/_part_{self}.html"

    @property
    def heading(self) -> Promise:
        return HEADINGS[self]


HEADINGS: Mapping[Part, Promise] = {
    Part.DOCTOR: gettext_lazy("Waits for a doctor"),
    Part.CHAIRS: gettext_lazy("Chairs"),
    Part.TELEPHONE: gettext_lazy("To be telephoned"),
    Part.REFERRALS: gettext_lazy("Referrals and contacts"),
    Part.TASKS: gettext_lazy("Safety tasks"),
    Part.RATINGS: gettext_lazy("Ratings due"),
    Part.COURSES: gettext_lazy("Overdue in a course"),
    Part.ASKING: gettext_lazy("Ask about suicide"),
}


@dataclass(frozen=True, slots=True)
class Arrangement:
    """In the middle of the page, beside it, and beside it folded. The rest is not theirs to open."""

    middle: tuple[Part, ...]
    beside: tuple[Part, ...]
    folded: tuple[Part, ...]


OF_A_DOCTOR = Arrangement(
    middle=(Part.DOCTOR, Part.CHAIRS),
    beside=(Part.TASKS, Part.ASKING, Part.TELEPHONE, Part.COURSES),
    folded=(Part.RATINGS, Part.REFERRALS),
)
ARRANGED: Mapping[Role, Arrangement] = {
    **dict.fromkeys(DOCTORS, OF_A_DOCTOR),
    Role.NURSE: Arrangement(
        middle=(Part.CHAIRS,),
        beside=(Part.TASKS, Part.ASKING, Part.TELEPHONE, Part.RATINGS),
        folded=(Part.COURSES, Part.REFERRALS),
    ),
    Role.PSYCHOLOGIST: Arrangement(
        middle=(Part.CHAIRS,),
        beside=(Part.TASKS, Part.ASKING, Part.TELEPHONE, Part.RATINGS, Part.COURSES),
        folded=(Part.REFERRALS,),
    ),
    Role.COORDINATOR: Arrangement(
        middle=(Part.REFERRALS, Part.CHAIRS),
        beside=(Part.COURSES,),
        folded=(Part.TASKS, Part.RATINGS),
    ),
    Role.PHARMACIST: Arrangement(
        middle=(Part.CHAIRS,),
        beside=(Part.TASKS,),
        folded=(Part.COURSES, Part.RATINGS),
    ),
    Role.UNIT_LEAD: Arrangement(
        middle=(Part.CHAIRS,),
        beside=(Part.TASKS, Part.COURSES, Part.REFERRALS),
        folded=(Part.RATINGS,),
    ),
}
