"""What django-allauth's pages about the second factor leave out."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect


class RemovePasskey(RemoveWebAuthnView):
    """The only second factor stays until there is another."""

    def form_valid(self, form: Form) -> HttpResponse:
        second_factors = get_adapter()
        if not second_factors.can_delete_authenticator(self.get_object()):
            [said] = second_factors.validation_error("cannot_delete_authenticator").messages
            messages.error(self.request, said)
            return redirect("mfa_list_webauthn")
        return super().form_valid(form)
