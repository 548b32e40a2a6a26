"""No page asks for rows but those of a unit, a legal entity, or a row that was let through."""

import ast
from collections.abc import Iterator

import pytest
from django.apps import apps

from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.people.tenancy import Owned
from tests.architecture.modules import SOURCE, place

CLINIC = SOURCE / "clinic"
VIEWS = sorted(p for p in CLINIC.rglob("*.py") if "views" in {p.stem, p.parent.name})
ASKS_WHOSE = frozenset(
    {"for_professional", "in_unit", "of_patient", "sought", "said_in", "to_acknowledge"}
)
SUBJECTS = (
    "patient",
    "course",
    "session",
    "referral",
    "rating",
    "unit",
    "entity",
    "professional",
    "user",
)
LET_THROUGH = {
    "Professional.objects.filter(is_active=True).order_by('unit__name', 'role', 'pk')": "roles to choose from in a demo",
    "UserSession.objects.create_from_request(request)": "the sign-in that is just made",
    "Session.objects.values('pk')": "then those of people of a unit",
    "PolicyConditions.objects.in_force()": "then found by the key of a row that was let through",
    "kind_of(kind).model.objects.in_force()": "then found by patient and entry",
    "SessionGiven.objects.annotate(highest_systolic=Subquery(highest.values('systolic')[:1]), its_diastolic=Subquery(highest.values('diastolic')[:1]), chart=chart_beside())": "then those of a course",
    "SessionGiven.objects.none()": "of nobody",
}


def chains(tree: ast.AST) -> Iterator[ast.expr]:
    """Every question to a manager, as far as it is asked in one expression."""
    inside = {
        id(below)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call | ast.Attribute | ast.Subscript)
        for below in (node.func if isinstance(node, ast.Call) else node.value,)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.expr) and id(node) not in inside and "objects" in steps(node):
            yield node


def steps(node: ast.expr) -> list[str]:
    """`X.objects.filter().first` from the last to the first."""
    match node:
        case ast.Call(func=inner) | ast.Subscript(value=inner):
            return steps(inner)
        case ast.Attribute(attr=name, value=inner):
            return [name, *steps(inner)]
        case ast.Name(id=name):
            return [name]
        case _:
            return []


def whose(node: ast.expr) -> bool:
    names = set(steps(node))
    asked = {
        keyword.arg.partition("__")[0]
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg and isinstance(keyword.value, ast.Name | ast.Attribute | ast.Call)
    }
    given = {
        argument.value.id
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
        for argument in (*call.args, *(keyword.value for keyword in call.keywords))
        if isinstance(argument, ast.Attribute) and isinstance(argument.value, ast.Name)
    }
    return bool(names & ASKS_WHOSE or (asked | given) & {*SUBJECTS, "by"})


def unowned(source: str) -> list[str]:
    return [
        f"{chain.lineno} {text}"
        for chain in chains(ast.parse(source))
        if not whose(chain) and (text := ast.unparse(chain)) not in LET_THROUGH
    ]


def test_a_view_asks_only_for_what_is_somebody_s() -> None:
    asked = [
        f"{place(view)}:{question}"
        for view in VIEWS
        for question in unowned(view.read_text("utf-8"))
    ]
    assert len(VIEWS) > 30
    assert not asked, "\n".join(asked)


@pytest.mark.parametrize(
    "line",
    [
        "Course.objects.all()",
        "rows = list(Patient.objects.filter(pk__in=keys))",
        "Patient.objects.get(pk=request.GET['pk'])",
        "Rating.objects.in_force().first()",
    ],
)
def test_a_question_to_everybody_s_rows_is_found(line: str) -> None:
    assert unowned(line) != []


@pytest.mark.parametrize(
    "line",
    [
        "Course.objects.for_professional(by).get(pk=key)",
        "Chair.objects.in_unit(unit.pk).order_by('name')",
        "Rating.objects.in_force().filter(patient=patient)",
    ],
)
def test_a_question_of_a_unit_or_a_patient_is_none(line: str) -> None:
    assert unowned(line) == []


OWNED = [model for model in apps.get_models() if issubclass(model, Owned)]


def says_whom(model: type[Owned]) -> bool:
    if not model.to_patient:
        steps = {f.name for f in model._meta.fields if f.is_relation}
        about = {"patient", "course", "session", "referral", "order", "record"}
        return not steps & about or model.__name__ == "EmergencyAccess"
    target: type = model
    for step in model.to_patient.split("__"):
        if step != "pk":
            target = target._meta.get_field(step).related_model  # type: ignore[attr-defined]
    return target is Patient


def test_a_row_about_a_patient_says_whom() -> None:
    """Else a block of the patient would not close it."""
    silent = [model._meta.label for model in OWNED if not says_whom(model)]
    assert len(OWNED) > 30
    assert not silent, "\n".join(silent)
