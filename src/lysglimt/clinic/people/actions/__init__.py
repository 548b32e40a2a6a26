"""Every write about people: each in one transaction with its trail."""

from .entering import correct, enter, withdraw
from .patients import add_relative, amend_patient, register_patient, withdraw_relative
from .signing_in import keep_form, note_sign_in, note_sign_out
from .staff import (
    add_entity,
    add_professional,
    add_unit,
    choose_language,
    set_password,
    set_role,
    state_purpose,
)

__all__ = [
    "add_entity",
    "add_professional",
    "add_relative",
    "add_unit",
    "amend_patient",
    "choose_language",
    "correct",
    "enter",
    "keep_form",
    "note_sign_in",
    "note_sign_out",
    "register_patient",
    "set_password",
    "set_role",
    "state_purpose",
    "withdraw",
    "withdraw_relative",
]
