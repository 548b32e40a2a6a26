"""The order of a number of devices, what two lay out, each device as it is given, and their end."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext, gettext_lazy

from lysglimt.clinic.chairside.actions import DevicesOrdered, LaidOut, Used
from lysglimt.clinic.chairside.device_card import milligrams_said
from lysglimt.clinic.chairside.packages import expiry_typed, package_scanned
from lysglimt.clinic.design.amounts import CountField
from lysglimt.clinic.design.choices import choice_field
from lysglimt.clinic.design.clock import ClockField
from lysglimt.clinic.design.reasons import ReasonField
from lysglimt.clinic.people.second_person import SecondPerson
from lysglimt.knowledge.dosing.devices import DEVICE_CHECK, DeviceAct, DeviceCard
from lysglimt.knowledge.verdict import Finding

from .timing import DoneThen, EntryForm, TimedForm, last_at

MOST = 3
"""84 mg, the largest dose of any label. [ES-01]"""


class DeviceOrderForm(EntryForm):
    """A number is chosen, none beforehand; one the label does not allow today takes a reason."""

    when_asked = frozenset({"why"})

    devices = forms.ChoiceField(
        label=gettext_lazy("Number of devices"), widget=forms.RadioSelect
    )
    why = ReasonField(
        label=gettext_lazy("If the label does not allow it today: why it is ordered"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, *args: Any, card: DeviceCard, changes: bool, judged: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "devices").choices = [
            (str(count), self.said(card, count, judged=judged)) for count in range(1, MOST + 1)
        ]
        if changes:
            self.fields["reason"] = forms.CharField(
                label=gettext("Why is the order changed?"), max_length=200
            )

    def said(self, card: DeviceCard, count: int, *, judged: bool) -> str:
        words = milligrams_said(count)
        if not judged or count in card.allowed:
            return words
        return gettext("%s – not allowed by the label today") % words

    def ordered(self) -> DevicesOrdered:
        said = self.cleaned_data
        return DevicesOrdered(devices=int(said["devices"]), why=said["why"])


class DeviceCheckForm(DoneThen, SecondPerson, EntryForm):
    """Both count what lies on the tray; the colleague signs on the spot."""

    laid_out = CountField(
        label=gettext_lazy("Devices laid out, counted by both"), lowest=0, highest=9
    )
    lines = forms.MultipleChoiceField(
        label=gettext_lazy("Checked by both"), widget=forms.CheckboxSelectMultiple
    )

    field_order = ("entry", "laid_out", "lines", "checked_by", "password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "nb"
        choice_field(self, "lines").choices = [
            (name, line.in_language(language)) for name, line in DEVICE_CHECK.items()
        ]

    def laid(self) -> LaidOut:
        said = self.cleaned_data
        return LaidOut(devices=int(said["laid_out"]), lines=said["lines"])


class ExpiryField(forms.Field):
    """As it stands on the package: 08.2027, 2027-08 or a day; a month runs to its end."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", gettext_lazy("As on the package: 08.2027."))
        super().__init__(
            widget=forms.TextInput(attrs={"autocomplete": "off", "class": "day"}), **kwargs
        )

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        day = expiry_typed(str(value))
        if day is None:
            raise forms.ValidationError(
                gettext("“%(typed)s” is no expiry date. Write it as 08.2027.")
                % {"typed": value},
                code="not-an-expiry",
            )
        return day


class DeviceForm(TimedForm):
    """A device given now, or when it was; nothing of its package is filled in beforehand."""

    # Each is asked of a device given, and none of the end: nothing here is at one's choice.
    when_asked = frozenset(
        {"because", "begun", "lot", "expires_on", "package_unknown", "nostrils"}
    )

    act = forms.CharField(widget=forms.HiddenInput, required=False)
    number = forms.IntegerField(widget=forms.HiddenInput, required=False)
    lot = forms.CharField(
        label=gettext_lazy("Lot number, typed or scanned"),
        max_length=90,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    expires_on = ExpiryField(label=gettext_lazy("Expires"), required=False)
    package_unknown = forms.BooleanField(
        label=gettext_lazy("The package is gone: lot and expiry are not known"), required=False
    )
    nostrils = forms.ChoiceField(
        label=gettext_lazy("A spray in both nostrils"),
        choices=(("yes", gettext_lazy("Yes, both")), ("no", gettext_lazy("No"))),
        widget=forms.RadioSelect,
        required=False,
    )
    begun = ClockField(label=gettext_lazy("Begun at (hh:mm), if earlier"), required=False)
    because = ReasonField(
        label=gettext_lazy("What happened, and why"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_begun(self) -> Any:
        return self.sound(self.cleaned_data["begun"])

    def clean_act(self) -> DeviceAct:
        try:
            return DeviceAct(self.cleaned_data["act"])
        except ValueError as other:
            raise forms.ValidationError(gettext("Choose what happened.")) from other

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        self.read_scanned(said)
        if said.get("act") is DeviceAct.GIVEN:
            self.ask_of_given(said)
        elif not said.get("because") and "because" not in self.errors:
            self.add_error("because", gettext("Write what happened."))
        return said

    def read_scanned(self, said: dict[str, Any]) -> None:
        """A code that a scanner read holds lot and expiry both."""
        package = package_scanned(said.get("lot", ""))
        if package is not None and not package.lot:
            words = gettext(
                "The lot cannot be told from the rest of what was scanned. Type lot and expiry as they stand on the package."
            )
            self.add_error("lot", words)
        elif package is not None:
            said["lot"] = package.lot
            said["expires_on"] = said.get("expires_on") or package.expires_on
            if said["expires_on"] and "expires_on" in self.errors:
                del self.errors["expires_on"]
        elif len(said.get("lot", "")) > LOT:
            self.add_error("lot", gettext("A lot number has at most %s characters.") % LOT)

    def ask_of_given(self, said: dict[str, Any]) -> None:
        unknown = said.get("package_unknown")
        for name, words in (
            ("lot", gettext("Type or scan the lot number.")),
            ("expires_on", gettext("Write the expiry date.")),
        ):
            if unknown and said.get(name):
                self.add_error("package_unknown", gettext("The package is known."))
            elif not unknown and not said.get(name) and name not in self.errors:
                self.add_error(name, words)
        if not said.get("nostrils"):
            self.add_error("nostrils", gettext("Answer whether both nostrils were sprayed."))

    def used(self, *, at: datetime) -> Used:
        """Of a form that is valid; ``at`` is when it happened."""
        said = self.cleaned_data
        act = said["act"]
        package = {"lot": said["lot"], "expires_on": said["expires_on"]}
        if act is not DeviceAct.GIVEN:
            of_device = package if act is DeviceAct.LOST else {}
            return Used(act=act, because=said["because"], **of_device)
        begun = said["begun"]
        return Used(
            act=act,
            **package,
            begun_at=last_at(begun, before=at) if begun else at,
            both_nostrils=said["nostrils"] == "yes",
            because=said["because"],
            number=said["number"],
        )

    def ask_what_happened(self, findings: Sequence[Finding]) -> bool:
        """True when something speaks against it, and nobody has said what happened."""
        if not findings or self.cleaned_data["because"]:
            return False
        language = get_language() or "nb"
        for one in findings:
            self.add_error(None, one.reason.in_language(language))
        self.add_error(
            "because",
            gettext("Wait, or, if it is given already, write what happened and why."),
        )
        return True


LOT = 40
