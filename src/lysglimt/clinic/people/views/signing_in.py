"""In and out of the clinic, and in which language."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lysglimt.clinic.people import actions
from lysglimt.clinic.people.access import allowed
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.people.wordings import ROLES

BACKEND = "django.contrib.auth.backends.ModelBackend"


class SignIn(LoginView):
    template_name = "people/sign_in.html"
    extra_context = {"demo": settings.DEMO}  # noqa: RUF012 - as Django declares it

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        answer = super().form_valid(form)
        actions.note_sign_in(by=form.get_user(), at=timezone.now())
        return answer


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if isinstance(request.user, Professional):
        actions.note_sign_out(by=request.user, at=timezone.now())
        logout(request)
    return redirect("sign-in")


@require_http_methods(["GET", "POST"])
def choose_role(request: HttpRequest) -> HttpResponse:
    """In a demo anyone is whom they choose to be; a clinic at work has no such page."""
    if not settings.DEMO:
        raise Http404
    people = Professional.objects.filter(is_active=True).order_by("unit__name", "role", "pk")
    if request.method == "POST":
        asked = request.POST.get("professional", "")
        chosen = get_object_or_404(people, pk=asked if asked.isdecimal() else 0)
        login(request, chosen, backend=BACKEND)
        actions.note_sign_in(by=chosen, at=timezone.now())
        return HttpResponseRedirect(after(request))
    chairs = [(person, ROLES[Role(person.role)]) for person in people]
    return render(
        request, "people/choose_role.html", {"chairs": chairs, "next": after(request)}
    )


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Kept with the one who is signed in; of others, in a cookie."""
    chosen = request.POST.get("language", "")
    answer = HttpResponseRedirect(after(request))
    if chosen in dict(settings.LANGUAGES):
        if isinstance(request.user, Professional):
            actions.choose_language(professional=request.user, language=chosen)
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=settings.SESSION_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return answer


@require_GET
@allowed("home")
def home(_: HttpRequest) -> HttpResponse:
    """Today's list, where the unit has one; else the search."""
    try:
        return redirect("today")
    except NoReverseMatch:
        return redirect("patients")


def after(request: HttpRequest) -> str:
    """Where to go next: as asked, if it is an address of ours."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if ours else resolve_url("home")
