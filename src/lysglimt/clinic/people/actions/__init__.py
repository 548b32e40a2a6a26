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
from .signing_in import (
    drop_kept,
    end_sign_ins,
    keep_form,
    note,
    note_sign_in,
    note_sign_out,
    reseal_second_factor,
    reset_second_factor,
)
from .staff import (
    add_entity,
    add_professional,
    add_unit,
    choose_language,
    own_password,
    set_active,
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
    "drop_kept",
    "end_emergency",
    "end_sign_ins",
    "enter",
    "keep_form",
    "lift",
    "note",
    "note_sign_in",
    "note_sign_out",
    "open_in_emergency",
    "own_password",
    "register_patient",
    "reseal_second_factor",
    "reset_second_factor",
    "set_active",
    "set_password",
    "set_role",
    "state_purpose",
    "withdraw",
    "withdraw_relative",
]
