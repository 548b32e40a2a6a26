"""What nurse and doctor type at the chair, as the pages send it."""

from uuid import uuid4

from django.utils import timezone

from lysglimt.clinic.chairside.forms.gate import BY_NAME, ON_RECORD
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.policy import Role
from lysglimt.knowledge.dosing.preparation import TWO_PERSON_CHECK
from lysglimt.knowledge.monitoring.gate_conditions import gate_rules

Typed = dict[str, str | list[str]]


def entry() -> str:
    return str(uuid4())


def order(**more: str) -> Typed:
    return {
        "entry": entry(),
        "weight_kg": "80",
        "weighed_on": timezone.localdate().isoformat(),
        "height_cm": "170",
        "sex": "f",
        "step": "0.5|40",
        "concentration": "1",
        **more,
    }


def preparation(colleague: object, **more: str) -> Typed:
    return {
        "entry": entry(),
        "product": "Ketalar 10 mg/ml",
        "drawn_mg": "50",
        "lines": list(TWO_PERSON_CHECK),
        "checked_by": str(colleague),
        **more,
    }


def gate(**more: str) -> Typed:
    """Everything as it should be; the psychiatrist is the responsible doctor."""
    asked = {
        one.id: "yes" for one in gate_rules().conditions if one.id not in ON_RECORD | {BY_NAME}
    }
    doctor = str(Professional.objects.get(role=Role.PSYCHIATRIST).pk)
    fasted = {"last_solids": "0000", "last_fluids": "0000"}
    others = {"pregnancy": "impossible", "others": "none"}
    return {
        "entry": entry(),
        **asked,
        **fasted,
        **others,
        "doctor": doctor,
        "confirmed": "on",
        **more,
    }


def vitals(pressure: str = "128/78", **more: str | list[str]) -> Typed:
    readings = {"pulse": "72", "spo2": "98", "respiration": "14", "sedation": "5"}
    points = {"dissociation": "0", "distress": "1", "nausea": "0"}
    return {"entry": entry(), "systolic": pressure, "ago": "0", **readings, **points, **more}


def pump(act: str, **more: str) -> Typed:
    return {"entry": entry(), "act": act, "ago": "0", **more}


def finished(witness: object = "", **more: str) -> Typed:
    """A whole dose; what was left over was wasted before somebody."""
    return {"ended_early": "", "checked_by": str(witness), **more}


def tile(kind: str, **more: str) -> Typed:
    return {"entry": entry(), "kind": kind, "ago": "0", **more}


def going_home(**more: str) -> Typed:
    """Everything as it should be; the items that the readings answer are not asked."""
    yes = ("oriented", "dissociation_mild", "walks", "eaten", "advice")
    points = ("aldrete.activity", "aldrete.breathing", "padss.walking", "padss.pain")
    return {
        "entry": entry(),
        **dict.fromkeys((*yes, "cannula_out"), "yes"),
        **dict.fromkeys(points, "2"),
        "danger_no_new_intent": "no",
        "rass": "0",
        "escort_name": "Per",
        "escort_telephone": "99 99 99 99",
        **more,
    }
