"""A form is told what a field offers; a slip in the name of the field is found at once."""

import pytest
from django import forms

from lysglimt.clinic.design.choices import choice_field


class Chair(forms.Form):
    chair = forms.ChoiceField()
    note = forms.CharField()


def test_what_is_offered_is_what_is_accepted() -> None:
    form = Chair({"chair": "2", "note": "-"})
    choice_field(form, "chair").choices = [("1", "Stol 1")]
    assert not form.is_valid()
    choice_field(form, "chair").choices = [("1", "Stol 1"), ("2", "Stol 2")]
    assert Chair.base_fields["chair"] is not form.fields["chair"], "the next form starts empty"


def test_a_text_offers_no_choices() -> None:
    with pytest.raises(TypeError, match="note is a CharField"):
        choice_field(Chair(), "note")
