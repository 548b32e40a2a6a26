"""Every write about people: each in one transaction with its trail."""

from .closing import (
    acknowledge_emergency,
    block,
    end_emergency,
    lift,
    open_in_emergency,
)
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
    "acknowledge_emergency",
    "add_entity",
    "add_professional",
    "add_relative",
    "add_unit",
    "amend_patient",
    "block",
    "choose_language",
    "correct",
    "end_emergency",
    "enter",
    "keep_form",
    "lift",
    "note_sign_in",
    "note_sign_out",
    "open_in_emergency",
    "register_patient",
    "set_password",
    "set_role",
    "state_purpose",
    "withdraw",
    "withdraw_relative",
]
