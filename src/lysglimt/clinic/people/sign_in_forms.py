"""The forms of signing in: django-allauth's rules, our words, and a trail of what was refused."""

from collections.abc import Callable, Mapping
from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings as factors
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from .knocking import MALFORMED, note_refusal
from .models import Professional
from .wordings import REFUSED_AT_THE_DOOR

CODE = gettext_lazy("Code from the authenticator app, or a recovery code")


def worded(form: forms.Form, labels: Mapping[str, Any]) -> None:
    """A label says what a field is; no placeholder repeats it."""
    for name, label in labels.items():
        form.fields[name].label = label
        form.fields[name].help_text = ""
        form.fields[name].widget.attrs.pop("placeholder", None)


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"login": gettext_lazy("User name"), "password": gettext_lazy("Password")}
        worded(self, labels)


class NewPasswordForm(ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worded(
            self,
            {
                "oldpassword": gettext_lazy("The password you have now"),
                "password1": gettext_lazy("New password, at least 12 characters"),
                "password2": gettext_lazy("The new password once more"),
            },
        )

    def clean_password1(self) -> str:
        """Another than the one that they have: that one somebody else may know."""
        new = str(self.cleaned_data["password1"])
        if self.user and self.user.check_password(new):
            raise ValidationError(str(REFUSED_AT_THE_DOOR["same_password"]), "same_password")
        return new


class CodeForm(AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worded(self, {"code": CODE})

    def clean_code(self) -> str:
        try:
            code = str(super().clean_code())
            if self.authenticator.type == Authenticator.Type.TOTP:
                take_once(self.user, code)
        except ValidationError:
            note_refusal(self.user, "second-factor")
            raise
        return code


def take_once(user: Professional, code: str) -> None:
    """An app's code is remembered for as long as it would be accepted. Raises ValidationError.

    django-allauth forgets it after one step, and the slack lets it live for three.
    """
    lives = factors.TOTP_PERIOD * (2 * factors.TOTP_TOLERANCE + 1)
    taken = f"people.code-taken?user={user.pk}&code={normalize_user_code(code)}"
    if not cache.add(taken, "y", timeout=lives):
        raise get_adapter().validation_error("incorrect_code")


class FirstCodeForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worded(self, {"code": gettext_lazy("The six digits that the app shows")})

    def clean_code(self) -> str:
        code = str(super().clean_code())
        take_once(self.user, code)
        return code


class PasskeyForm(AddWebAuthnForm):
    """A passkey signs one in by itself; it asks for a finger, a face or a PIN."""

    passwordless = forms.BooleanField(
        label=gettext_lazy("It signs me in by itself, without a password"),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("name", "")
        super().__init__(*args, **kwargs)
        worded(self, {"name": gettext_lazy("What you call it: my phone, the key on my card")})

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except MALFORMED as refusal:
            raise refused(refusal) from refusal


def shown(user: Professional | None, clean: Callable[[], Authenticator]) -> Authenticator:
    """What a browser answers for a passkey; an answer that no browser wrote is refused, too."""
    try:
        return clean()
    except (ValidationError, *MALFORMED) as refusal:
        note_refusal(user, "passkey")
        raise refused(refusal) from refusal


class SecondByPasskeyForm(AuthenticateWebAuthnForm):
    """After the password."""

    def clean_credential(self) -> Authenticator:
        return shown(self.user, super().clean_credential)


class SignInByPasskeyForm(LoginWebAuthnForm):
    """Instead of it."""

    def clean_credential(self) -> Authenticator:
        return shown(self.user, super().clean_credential)


class ConfirmByPasskeyForm(ReauthenticateWebAuthnForm):
    """Before a signature."""

    def clean_credential(self) -> Authenticator:
        return shown(self.user, super().clean_credential)


def refused(refusal: Exception) -> ValidationError:
    if isinstance(refusal, ValidationError):
        return refusal
    return ValidationError(str(REFUSED_AT_THE_DOOR["incorrect_code"]), code="incorrect_code")
