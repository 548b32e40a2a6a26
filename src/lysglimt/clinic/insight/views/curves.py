"""Doses, durations and models side by side: for teaching, about nobody in particular."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from lysglimt.clinic.insight.curves import compared, names, said
from lysglimt.clinic.insight.forms import CurveForm
from lysglimt.clinic.people.access import SignedInRequest, allowed
from lysglimt.science.kinetics.asked import simulated
from lysglimt.science.kinetics.effects import effect_rules

BEGINNING = (
    {"model": "racemic-iv", "milligrams": "35", "minutes": "40", "weight": "70"},
    {"model": "perez-ruixo-2021", "milligrams": "84", "minutes": "5", "weight": "70"},
)
PREFIXES = ("first", "second")


@require_GET
@allowed("curves")
def curves(request: SignedInRequest) -> HttpResponse:
    """In journal mode nothing is reckoned: the unit has not said what it uses curves for."""
    if request.user.unit.journal_mode:
        return render(request, "insight/curves.html", {"journal": True})
    forms = [form(request, *pair) for pair in zip(PREFIXES, BEGINNING, strict=True)]
    context: dict[str, object] = {
        "forms": list(zip(names(), forms, strict=True)),
        "illustration": effect_rules().label.in_language(get_language() or "nb"),
    }
    if all(one.is_valid() for one in forms):
        doses = [simulated(one.cleaned_data["asked"]) for one in forms]
        context |= {
            "scene": compared(doses),
            "said": list(zip(names(), map(said, doses), strict=True)),
        }
    return render(request, "insight/curves.html", context)


def form(request: SignedInRequest, prefix: str, beginning: dict[str, str]) -> CurveForm:
    """As asked; what was not asked for is as in the beginning."""
    typed = {
        f"{prefix}-{name}": request.GET.get(f"{prefix}-{name}", usual)
        for name, usual in beginning.items()
    }
    return CurveForm(typed, prefix=prefix)
