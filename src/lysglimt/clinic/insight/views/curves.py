"""Doses, durations and models side by side: for teaching, about nobody in particular."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from lysglimt.clinic.insight.curves import compared, names, said
from lysglimt.clinic.insight.effects import effects_of
from lysglimt.clinic.insight.example_doses import example_doses
from lysglimt.clinic.insight.forms import curve_forms
from lysglimt.clinic.people.access import SignedInRequest, allowed
from lysglimt.science.kinetics.asked import simulated
from lysglimt.science.kinetics.effects import effect_rules


@require_GET
@allowed("curves")
def curves(request: SignedInRequest) -> HttpResponse:
    """In journal mode nothing is reckoned: the unit has not said what it uses curves for."""
    if request.user.journal_mode:
        return render(request, "insight/curves.html", {"journal": True})
    forms = curve_forms(request.GET)
    context: dict[str, object] = {
        "forms": list(zip(names(), forms, strict=True)),
        "examples": example_doses(),
        "illustration": effect_rules().label.in_language(get_language() or "nb"),
    }
    if sum(one.is_valid() for one in forms) == len(forms):
        doses = [simulated(one.cleaned_data["asked"]) for one in forms]
        context |= {
            "scene": compared(doses),
            "said": list(zip(names(), map(said, doses), strict=True)),
            "asked": request.GET.urlencode(),
            "effects": list(effects_of(doses)),
        }
    return render(request, "insight/curves.html", context)
