"""Rating forms, grown from the instrument and its words; and the form that loads words."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from lysglimt.clinic.design.amounts import CountField
from lysglimt.clinic.design.days import MomentField
from lysglimt.clinic.design.refusals import sentence
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.policy import DOCTORS
from lysglimt.clinic.scheduling.rota import Receiver, Routed
from lysglimt.clinic.treatment.actions import Rated, asks_for
from lysglimt.clinic.treatment.models import Mode, Timing
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.instruments.answers import Answer
from lysglimt.knowledge.instruments.instrument import Instrument, Rater, instruments
from lysglimt.knowledge.instruments.item import Item
from lysglimt.knowledge.instruments.method import Derivation, Method
from lysglimt.knowledge.instruments.scoring import LONGEST_SCHOOLING
from lysglimt.knowledge.instruments.wording import FormText
from lysglimt.knowledge.safety.suicidality import can_ask_for_a_doctor

from .points import PointsField, PointsSelect, closed, item_field, read, said, written
from .wordings import MODES, TIMINGS

CLOCKS_DIFFER = timedelta(minutes=5)
LARGEST_FILE = 1_000_000
LEFT = "-unanswered"
BY_ROTA = "rota"
SPOKEN = (Mode.INTERVIEW, Mode.TELEPHONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a rating form needs to know beside the instrument itself.

    ``receivers`` may get a task; ``sex`` is the patient's, for the scales that ask ("" if not
    known); ``now`` is when the form is shown or sent; ``by_rota`` is who receives by the rota
    then, None where the unit keeps none.
    """

    scale: Instrument
    words: FormText
    receivers: tuple[Professional, ...]
    rater: Professional
    now: datetime
    sex: str = ""
    by_rota: Receiver | None = None


class RatingForm(forms.Form):
    """When, how, and an answer for every item: one that was not answered is said not to be."""

    # No item says "(optional)": each is answered, or said not to be.
    all_optional = True

    entry = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, sheet: Sheet, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.sheet = sheet
        self.fields |= circumstances(sheet)
        for of in sheet.words.items:
            scored = of.item in sheet.scale.items
            field = item_field(of, scale=sheet.scale, scored=scored)
            if of.item.fixed is not None and isinstance(field, PointsField):
                field.initial = str(of.item.fixed)
            self.fields[of.item.id] = field
            if scored and isinstance(field, CountField):
                self.fields[of.item.id + LEFT] = forms.BooleanField(
                    label=gettext("%(number)s: not answered") % {"number": of.item.number},
                    required=False,
                )
        self.fields |= afterwards(sheet)

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if at > self.sheet.now + CLOCKS_DIFFER:
            raise forms.ValidationError(gettext("This time has not come yet."))
        return at

    def clean(self) -> dict[str, Any]:
        given = self.answers()
        for item in self.sheet.scale.items:
            blank = not self.errors.get(item.id) and not self._said_of(item)
            if blank and not closed(item, given):
                self.add_error(
                    item.id, gettext("Choose an answer, or say that it was not answered.")
                )
        if self._asks_for_someone(given) and not self.cleaned_data.get("receiver"):
            self.add_error(
                "receiver",
                gettext("An answer asks for a clinician. Choose who sees to the patient."),
            )
        return self.cleaned_data

    def _asks_for_someone(self, given: Mapping[str, Answer]) -> bool:
        """Somebody must act on an answer about suicide, and it is not yet said who."""
        recall = self.cleaned_data.get("recall", "")
        return "receiver" not in self.errors and bool(
            asks_for(self.sheet.scale.id, given, recall)
        )

    def _said_of(self, item: Item) -> bool:
        typed = self.cleaned_data.get(item.id)
        return typed not in {None, ""} or bool(self.cleaned_data.get(item.id + LEFT))

    def answers(self) -> Mapping[str, Answer]:
        """By item id; of an unscored item only what was answered."""
        extra = {item.id for item in self.sheet.scale.extra_items}
        found = {
            of.item.id: read(self.cleaned_data.get(of.item.id)) for of in self.sheet.words.items
        }
        return {
            name: answer
            for name, answer in found.items()
            if name not in extra or answer is not None
        }

    def rated(self) -> Rated:
        """Of a form that is valid."""
        chosen, scale = self.cleaned_data, self.sheet.scale
        by = {str(one.pk): one for one in self.sheet.receivers}
        mode = Mode(chosen["mode"])
        return Rated(
            instrument=scale.id,
            answers=self.answers(),
            timing=Timing(chosen["timing"]),
            mode=mode,
            rater=Rater.SELF.value if mode is Mode.SELF else self.sheet.rater.role,
            recall=chosen.get("recall") or scale.recall.default.id,
            text_pack=self.sheet.words.checksum,
            sex=self.sheet.sex if self.sheet.sex in {"f", "m"} else None,
            education_years=chosen.get("education_years"),
            prorate=bool(chosen.get("prorate")),
            receiver=by.get(chosen.get("receiver", "")),
        )

    def refuse(self, refusal: ClinicalError) -> None:
        """Beside the field it is about, in the reader's words."""
        field = str(refusal.facts.get("field", ""))
        self.add_error(field if field in self.fields else None, sentence(refusal))


class CorrectionForm(RatingForm):
    """The answers as they are stored, to be put right, and why."""

    def __init__(self, sheet: Sheet, data: Any = None, initial: Any = None) -> None:
        super().__init__(sheet, data, initial)
        self.fields["reason"] = forms.CharField(
            label=gettext("Why is it corrected?"), max_length=500
        )


class StrikeForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why was it entered in error?"), max_length=500)


def circumstances(sheet: Sheet) -> dict[str, forms.Field]:
    """When, at which point of the course, by which way, over which window."""
    scale = sheet.scale
    at = MomentField(
        label=gettext("When was the patient rated?"),
        initial=lambda: timezone.localtime(sheet.now),
    )
    timing = forms.ChoiceField(
        label=gettext("Where in the course?"),
        choices=[(timing.value, word) for timing, word in TIMINGS.items()],
        widget=PointsSelect,
    )
    mode = forms.ChoiceField(
        label=gettext("How were the answers got?"),
        choices=[(mode.value, MODES[mode]) for mode in ways(scale)],
        widget=PointsSelect,
        initial=ways(scale)[0].value if len(ways(scale)) == 1 else "",
    )
    fields: dict[str, forms.Field] = {"at": at, "timing": timing, "mode": mode}
    if scale.recall.variants:
        fields["recall"] = forms.ChoiceField(
            label=gettext("Over which time was asked?"),
            choices=[(window.id, said(window.words)) for window in scale.recall.windows],
            widget=PointsSelect,
        )
    return fields


def ways(scale: Instrument) -> tuple[Mode, ...]:
    match scale.rater:
        case Rater.SELF:
            return (Mode.SELF,)
        case Rater.SELF_OR_CLINICIAN:
            return (Mode.SELF, *SPOKEN)
        case _:
            return SPOKEN


def afterwards(sheet: Sheet) -> dict[str, forms.Field]:
    """What a few instruments ask beside their items, and who gets a task."""
    scale, fields = sheet.scale, dict[str, forms.Field]()
    if scale.scoring.schooling:
        fields["education_years"] = CountField(
            lowest=0,
            highest=LONGEST_SCHOOLING,
            label=gettext("Years of education"),
            help_text=gettext("Without them there is no total."),
            required=False,
        )
    if scale.missing.most:
        fields["prorate"] = forms.BooleanField(
            label=gettext("Make up for missing answers by the instrument's own rule"),
            help_text=said(scale.missing.note),
            required=False,
        )
    if scale.safety_items:
        fields["receiver"] = receiver_field(sheet)
    return fields


def receiver_field(sheet: Sheet) -> forms.ChoiceField:
    """Nobody is chosen beforehand. Where an answer can ask for a doctor, doctors alone."""
    at_once = can_ask_for_a_doctor(sheet.scale.id)
    whom = [one for one in sheet.receivers if one.role in DOCTORS or not at_once]
    label = (
        gettext("Which doctor sees to the patient if an answer about suicide asks for it?")
        if at_once
        else gettext("Who sees to the patient if an answer about suicide asks for it?")
    )
    field = forms.ChoiceField(
        label=label,
        help_text=gettext("Needed when an answer asks for it."),
        required=False,
        choices=[
            ("", gettext("Choose")),
            *rota_choice(sheet.by_rota),
            *((str(one.pk), str(one)) for one in whom),
        ],
    )
    if at_once:
        field.error_messages["invalid_choice"] = gettext(
            "An answer can ask for a doctor. Choose a doctor who sees to the patient."
        )
    return field


def rota_choice(by_rota: Receiver | None) -> list[tuple[str, str]]:
    """Whom the rota names now; where it has a hole, that the leader receives."""
    if by_rota is None:
        return []
    words = (
        gettext("By the rota; now it is %(who)s")
        if by_rota.way is Routed.ROTA
        else gettext("Nobody is on the rota now: to the unit lead, %(who)s")
    )
    return [(BY_ROTA, words % {"who": by_rota.person})]


def asks_sex(scale: Instrument) -> bool:
    return any(one.kind is Derivation.CUT_BY_SEX for one in scale.scoring.derived)


def as_typed(
    answers: Mapping[str, Answer], items: Iterable[Item], **beside: object
) -> dict[str, object]:
    """Stored answers as the form has them. One left empty since it was not asked stays empty."""
    given = {
        item.id: written(answers.get(item.id))
        for item in items
        if answers.get(item.id) is not None or not closed(item, answers)
    }
    return {**given, **beside}


def scored_here() -> tuple[Instrument, ...]:
    """Those that are filled in on a form: external and item-less ones are not."""
    return tuple(
        scale
        for scale in instruments().values()
        if scale.items and scale.scoring.method is not Method.EXTERNAL
    )


class WordingForm(forms.Form):
    """A clinic's licensed wording: a FHIR Questionnaire in JSON."""

    instrument = forms.ChoiceField(
        label=gettext_lazy("Instrument"),
        choices=lambda: [
            ("", gettext("Choose")),
            *((scale.id, scale.name) for scale in scored_here()),
        ],
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the text"),
        choices=(("nb", "Norsk"), ("en", "English")),
        widget=forms.RadioSelect,
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A FHIR Questionnaire (R4) in JSON, at most 1 MB."),
        widget=forms.FileInput(
            attrs={"accept": ".json,application/json,application/fhir+json"}
        ),
    )

    def clean_file(self) -> str:
        """The text of the file."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if file.size is None or file.size > LARGEST_FILE:
            raise forms.ValidationError(gettext("The file is larger than 1 MB."))
        held: bytes = file.read()
        try:
            return held.decode("utf-8-sig")
        except UnicodeDecodeError as fault:
            raise forms.ValidationError(gettext("The file is not text in UTF-8.")) from fault

    def refuse(self, refusal: ClinicalError) -> None:
        self.add_error("file", sentence(refusal))
