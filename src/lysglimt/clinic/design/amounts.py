"""Fields for what is measured: no value stands in them beforehand, comma and point both count."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext

from .numerals import number_typed, numeral


class AmountField(forms.Field):
    """A measured amount, as an exact Decimal in ``unit``, from ``lowest`` to ``highest``.

    What was typed stays in the field when it is refused, and the refusal names it.
    """

    keys = "decimal"

    def __init__(
        self, *, lowest: Decimal, highest: Decimal, unit: str | Promise = "", **kwargs: Any
    ) -> None:
        self.lowest, self.highest, self.unit = lowest, highest, unit
        keys = {"inputmode": self.keys, "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs=keys), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return numeral(value) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        number = number_typed(str(value))
        if number is None:
            raise forms.ValidationError(
                gettext("“%(typed)s” is not a number.") % {"typed": value}, code="not-a-number"
            )
        return number

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not self.lowest <= value <= self.highest:
            raise forms.ValidationError(
                gettext("%(typed)s is outside %(lowest)s–%(highest)s %(unit)s.")
                % {
                    "typed": numeral(Decimal(value)),
                    "lowest": numeral(Decimal(self.lowest)),
                    "highest": numeral(Decimal(self.highest)),
                    "unit": self.unit,
                },
                code="outside-range",
            )


class CountField(AmountField):
    """A whole number: mmHg, beats a minute, points."""

    keys = "numeric"

    def __init__(
        self, *, lowest: int, highest: int, unit: str | Promise = "", **kwargs: Any
    ) -> None:
        super().__init__(lowest=Decimal(lowest), highest=Decimal(highest), unit=unit, **kwargs)

    def to_python(self, value: Any) -> Any:
        number = super().to_python(value)
        if number is None:
            return None
        if number != int(number):
            raise forms.ValidationError(
                gettext("“%(typed)s” is not a whole number.") % {"typed": value},
                code="not-whole",
            )
        return int(number)
