"""What the refusals and roles of this app are called on a screen."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from .chapters import Chapter
from .identity import Fault
from .policy import Relation, Role

ROLES: Mapping[Role, Promise] = {
    Role.NURSE: gettext_lazy("Nurse"),
    Role.PSYCHIATRIST: gettext_lazy("Psychiatrist"),
    Role.ANAESTHETIST: gettext_lazy("Anaesthetist"),
    Role.PSYCHOLOGIST: gettext_lazy("Psychologist"),
    Role.PHARMACIST: gettext_lazy("Pharmacist"),
    Role.COORDINATOR: gettext_lazy("Coordinator"),
    Role.UNIT_LEAD: gettext_lazy("Unit lead"),
    Role.STATISTICIAN: gettext_lazy("Statistician"),
    Role.PATIENT: gettext_lazy("Patient"),
    Role.ADMINISTRATOR: gettext_lazy("Administrator"),
    Role.SYSTEM_CLIENT: gettext_lazy("System"),
}


def role_said(role: str) -> str:
    """As the trail has it; a role that is none any more stays as it was written."""
    return str(ROLES[Role(role)]) if role in set(Role) else role


WHOLE_RECORD = gettext_lazy("The whole record")
CHAPTERS: Mapping[Chapter, Promise] = {
    Chapter.RATINGS: gettext_lazy("Ratings"),
    Chapter.HISTORY: gettext_lazy("History"),
    Chapter.SESSIONS: gettext_lazy("Sessions at the chair"),
}

RELATIONS: Mapping[Relation, Promise] = {
    Relation.OWN_UNIT: gettext_lazy("own unit, and a patient whom it has in care"),
    Relation.ASSIGNED: gettext_lazy("a patient one is named for: as contact, or for a task"),
    Relation.FORMER: gettext_lazy("a patient whom the own unit had in care before"),
    Relation.OWN_ENTITY: gettext_lazy("own hospital or company, about no patient"),
    Relation.OTHER_UNIT: gettext_lazy("another unit of one's own hospital or company"),
    Relation.BLOCKED: gettext_lazy("closed by the patient's wish"),
    Relation.EMERGENCY: gettext_lazy("emergency access with a typed reason, for 60 minutes"),
    Relation.OTHER_ENTITY: gettext_lazy("another hospital or company"),
}

SECTION_WORDS: Mapping[str, Promise] = {
    "people": gettext_lazy("Patients and the unit"),
    "access": gettext_lazy("Blocks and emergencies"),
    "sign-in": gettext_lazy("Signing in"),
    "trail": gettext_lazy("Who has seen and changed what"),
    "referral": gettext_lazy("Referral and history"),
    "before": gettext_lazy("Before the treatment"),
    "medicines": gettext_lazy("Other medicines"),
    "incidents": gettext_lazy("Incidents and reports"),
    "suicidality": gettext_lazy("Asking about suicide, the rota and the safety plan"),
    "over-months": gettext_lazy("Over months: what is due, and what holds the treatment"),
    "course": gettext_lazy("The course"),
    "chairside": gettext_lazy("The session at the chair"),
    "cupboard": gettext_lazy("The drug cupboard"),
    "questionnaires": gettext_lazy("Ratings"),
    "insight": gettext_lazy("Overview"),
    "register": gettext_lazy("What the register gets"),
}

FAULTS: Mapping[Fault, Promise] = {
    Fault.LENGTH: gettext_lazy("An identity number has 11 digits."),
    Fault.DIGITS: gettext_lazy("An identity number has digits only."),
    Fault.CHECK: gettext_lazy("The last digits do not fit the others. Is it mistyped?"),
    Fault.DATE: gettext_lazy("The first six digits are no birth date. Is it mistyped?"),
    Fault.UNBORN: gettext_lazy("The birth date in the number is in the future."),
    Fault.MADE_UP: gettext_lazy("This is a made-up number. Here only real ones are accepted."),
    Fault.REAL: gettext_lazy(
        "Here only made-up numbers are accepted (month + 80 or + 65), never a real person's."
    ),
}

REFUSALS: Mapping[str, Promise] = {
    "closing.not-yours": gettext_lazy(
        "This concerns yourself: somebody else must do it. Ask a colleague or another unit lead."
    ),
    "emergency.reason": gettext_lazy("The reason is too short: write at least 20 letters."),
    "fact.contradicted": gettext_lazy(
        "Someone else has stored this meanwhile, with other content. Open the page again, "
        "compare, and enter what is missing."
    ),
    "identity.refused": gettext_lazy("This identity number is not accepted here."),
    "patient.registered": gettext_lazy("A patient with this identity number is registered."),
    "patient.perhaps_registered": gettext_lazy(
        "A patient with the same birth date and a similar name is registered."
    ),
    "sealed.unreadable": gettext_lazy(
        "What is stored here cannot be opened. Tell the one who runs the system."
    ),
}

REFUSED_AT_THE_DOOR: Mapping[str, Promise] = {
    "account_inactive": gettext_lazy(
        "This account is closed. Ask the one who runs the system."
    ),
    "cannot_delete_authenticator": gettext_lazy(
        "This is your only second factor. Set up another one first."
    ),
    "cannot_generate_recovery_codes": gettext_lazy(
        "Set up an authenticator app or a passkey first: the codes stand in for it."
    ),
    "enter_current_password": gettext_lazy("That is not the password you have now."),
    "incorrect_code": gettext_lazy("That was not accepted. Try again."),
    "incorrect_password": gettext_lazy("The password is not right."),
    "not_their_own": gettext_lazy(
        "That password was typed by somebody else. Its owner signs in and makes another first."
    ),
    "password_ran_out": gettext_lazy(
        "That first password has run out. Ask the one who runs the system for another."
    ),
    "same_password": gettext_lazy("That is the password you have now: make another."),
    "username_password_mismatch": gettext_lazy("User name or password is not right."),
}
"""By django-allauth's codes."""

TOLD: Mapping[str, Promise] = {
    "account/messages/password_changed.txt": gettext_lazy(
        "The password is changed. Wherever else you were signed in, you no longer are."
    ),
    "mfa/messages/totp_activated.txt": gettext_lazy("The authenticator app is set up."),
    "mfa/messages/totp_deactivated.txt": gettext_lazy("The authenticator app is removed."),
    "mfa/messages/webauthn_added.txt": gettext_lazy("The passkey is set up."),
    "mfa/messages/webauthn_removed.txt": gettext_lazy("The passkey is removed."),
    "mfa/messages/recovery_codes_generated.txt": gettext_lazy("There are new recovery codes."),
}
"""What is said when something about signing in was done; by django-allauth's files."""
