"""What django-allauth's pages about one's own way in leave out."""

import time
from typing import Any

import requests
from allauth.account.views import PasswordChangeView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from allauth.socialaccount.providers.openid_connect import views as provider
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_http_methods

from lysglimt.clinic.people import actions
from lysglimt.clinic.people.adapters import ASKED_AT, remember_second_factor
from lysglimt.clinic.people.confirming import signed_in
from lysglimt.clinic.people.knocking import MALFORMED, note_refusal
from lysglimt.clinic.people.sign_ins import SECOND_FACTOR


def shown(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    request.session[SECOND_FACTOR] = "own"
    remember_second_factor(request, signed_in(request), answer)
    return answer


class SetUpApp(ActivateTOTPView):
    """Whoever has set one up has shown it."""

    def form_valid(self, form: Form) -> HttpResponse:
        return shown(self.request, super().form_valid(form))


class SetUpPasskey(AddWebAuthnView):
    """Likewise."""

    def form_valid(self, form: Form) -> HttpResponse:
        return shown(self.request, super().form_valid(form))


class NewPassword(PasswordChangeView):
    """For those who have one: whoever comes in by another's word does not get one here."""

    success_url = reverse_lazy("home")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not request.user.has_usable_password():
            return redirect("mfa_index")
        page: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return page

    def form_valid(self, form: Form) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        actions.own_password(professional=signed_in(self.request))
        return answer


class RemovePasskey(RemoveWebAuthnView):
    """The only second factor stays until there is another."""

    def form_valid(self, form: Form) -> HttpResponse:
        second_factors = get_adapter()
        if not second_factors.can_delete_authenticator(self.get_object()):
            [said] = second_factors.validation_error("cannot_delete_authenticator").messages
            messages.error(self.request, said)
            return redirect("mfa_list_webauthn")
        return super().form_valid(form)


# To the hospital's provider and back. What it says may be anything, or nothing.


@require_http_methods(["GET", "POST"])
def to_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """What we ask is ours to say: django-allauth would let the address change it."""
    request.GET = QueryDict()
    request.session[ASKED_AT] = time.time()
    try:
        answer: HttpResponse = provider.login(request, provider_id)
    except (requests.RequestException, *MALFORMED):
        return not_vouched_for(request)
    return answer


@require_http_methods(["GET", "POST"])
def from_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        answer: HttpResponse = provider.callback(request, provider_id)
    except (requests.RequestException, *MALFORMED):
        return not_vouched_for(request)
    return answer


def not_vouched_for(request: HttpRequest) -> HttpResponse:
    note_refusal(None, "provider")
    return render(request, "people/not_known.html", status=403)
