"""A form's field of choices, to be asked what it offers or told what to offer."""

from django import forms


def choice_field(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    """Raises TypeError when the form's field of this name offers no choices."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} is a {type(field).__name__}: it offers no choices")
    return field
