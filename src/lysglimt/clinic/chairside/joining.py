"""What the chair answers when treatment asks: whose infusion runs, and whether the patient has left."""

from lysglimt.clinic.treatment import chair, gone

from .beside_task import at_the_chair
from .gone import gone_of_task


def join() -> None:
    gone.LOOKED.append(gone_of_task)
    chair.ASKED.append(at_the_chair)
