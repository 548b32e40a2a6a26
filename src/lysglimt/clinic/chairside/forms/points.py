"""What is assessed in points before the patient goes home: RASS, and two recovery scores."""

from collections.abc import Iterable, Mapping

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy

from lysglimt.clinic.design.amounts import CountField
from lysglimt.knowledge.instruments.instrument import instrument
from lysglimt.knowledge.monitoring.vital_signs import VitalSign, plausible

RASS = "rass"
ITEMS = {
    "aldrete.activity": gettext_lazy("Aldrete: activity"),
    "aldrete.breathing": gettext_lazy("Aldrete: breathing"),
    "aldrete.circulation": gettext_lazy("Aldrete: circulation"),
    "aldrete.consciousness": gettext_lazy("Aldrete: consciousness"),
    "aldrete.oxygen": gettext_lazy("Aldrete: oxygen saturation"),
    "padss.vitals": gettext_lazy("PADSS: vital signs"),
    "padss.walking": gettext_lazy("PADSS: walking"),
    "padss.nausea": gettext_lazy("PADSS: nausea"),
    "padss.pain": gettext_lazy("PADSS: pain acceptable"),
}
"""0 to 2 each. Those that the readings answer are not asked."""
LEVELS: Mapping[str, Mapping[int, Promise]] = {
    "aldrete.activity": {
        2: gettext_lazy("4 limbs"),
        1: gettext_lazy("2 limbs"),
        0: gettext_lazy("0 limbs"),
    },
    "padss.pain": {
        2: pgettext_lazy("pain acceptable", "yes"),
        1: pgettext_lazy("pain acceptable", "no"),
    },
}
"""What the points of an item are, where its source says it. Pain has no 0 there."""
DIRECTION: Mapping[int, Promise | str] = {
    2: pgettext_lazy("points of a score", "best"),
    1: "",
    0: pgettext_lazy("points of a score", "worst"),
}
"""Of the others: the scales at the chair from 0 to 10 go the other way."""
GUIDED = {
    "aldrete.circulation": ("aldrete_mod", "i3"),
    "aldrete.oxygen": ("aldrete_mod", "i5"),
    "padss.vitals": ("padss", "i3"),
}
"""The items of which the instrument says what each point is."""


def points_asked(computed: Mapping[str, int]) -> dict[str, forms.Field]:
    """RASS, and the items of the recovery scores that no reading answers."""
    rass = plausible().of(VitalSign.AROUSAL)
    points: dict[str, forms.Field] = {
        RASS: CountField(
            label="RASS (−5–+4)", lowest=rass.lowest, highest=rass.highest, required=False
        )
    }
    for item, words in ITEMS.items():
        if item not in computed:
            points[item] = forms.TypedChoiceField(
                label=words,
                choices=[(str(one), level_told(one, said)) for one, said in levels(item)],
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
                help_text=guide(item),
            )
    return points


def levels(item: str) -> Iterable[tuple[int, Promise | str]]:
    """The best first."""
    return LEVELS.get(item, DIRECTION).items()


def level_told(points: int, words: Promise | str) -> str:
    """Words first: “2 – 4 limbs” is read as a range."""
    return f"{words} = {points}" if words else str(points)


def guide(item: str) -> str:
    if item not in GUIDED:
        return ""
    scale, number = GUIDED[item]
    said = instrument(scale).item(number).guide
    return said.in_language(get_language() or "nb") if said else ""
