"""In and out of the clinic, and in which language."""

from typing import Any

from allauth.account.views import LoginView
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lysglimt.clinic.design.surroundings import destinations
from lysglimt.clinic.people import actions, sign_ins
from lysglimt.clinic.people.access import SignedInRequest, allowed
from lysglimt.clinic.people.confirming import ask, confirm
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.people.signed_out import TYPED, lately, page_with, way_back, welcomed
from lysglimt.clinic.people.wordings import ROLES


class SignIn(LoginView):
    template_name = "people/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = after(self.request)
        return super().get_context_data(**kwargs) | {
            "demo": settings.DEMO,
            "next": asked,
            "kept": f"{TYPED}=" in asked,
            "shared": sign_ins.is_shared(self.request),
            "providers": providers(),
        }


def providers() -> list[tuple[Any, str]]:
    """Whom else one may be vouched for by, and where one asks them."""
    addresses = (
        (settings.OPENID_CONNECT, reverse("openid_connect_login", args=["oidc"])),
        (settings.HELSEID, reverse("helseid")),
    )
    return [(provider, address) for provider, address in addresses if provider]


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if isinstance(request.user, Professional):
        actions.note_sign_out(by=request.user, at=timezone.now())
    logout(request)
    answer = redirect("sign-in")
    answer.delete_cookie(settings.PRESENCE_COOKIE_NAME)
    answer.headers["Clear-Site-Data"] = (
        '"cache"'  # cookies mark the device, and stay; storage holds what is typed and not sent
    )
    return answer


@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Signed out, with what was typed kept for whoever typed it: the next one may come.

    The page sends the form that was being filled in, as ``lock-action`` where it goes, and as
    ``lock-page`` where it stands, if that is not the page itself.
    """
    action, page = (request.POST.get(f"lock-{what}", "") for what in ("action", "page"))
    to = way_back(request, keep=True, action=action, page=page)
    if isinstance(request.user, Professional):
        actions.note(by=request.user, at=timezone.now(), what="sign-in.locked")
    logout(request)
    return HttpResponseRedirect(to)


@require_POST
def present(request: HttpRequest) -> HttpResponse:
    """Somebody types: the page says so before it is sent."""
    return HttpResponse(status=204 if request.user.is_authenticated else 403)


@require_http_methods(["GET", "POST"])
def confirmation(request: HttpRequest) -> HttpResponse:
    """Say once more who you are, then go on."""
    if not isinstance(request.user, Professional):
        return redirect("sign-in")
    if request.method == "GET":
        return ask(request)
    fault = confirm(request)
    return ask(request, fault=fault) if fault else HttpResponseRedirect(after(request))


@require_http_methods(["GET", "POST"])
def choose_role(request: HttpRequest) -> HttpResponse:
    """In a demo anyone is whom they choose to be; a clinic at work has no such page."""
    if not settings.DEMO:
        raise Http404
    people = Professional.objects.filter(is_active=True).order_by("unit__name", "role", "pk")
    if request.method == "POST":
        asked = request.POST.get("professional", "")
        chosen = get_object_or_404(people, pk=asked if asked.isdecimal() else 0)
        spoken = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if spoken in dict(settings.LANGUAGES):
            # Nobody here has a language of their own: it is the visitor's.
            actions.choose_language(professional=chosen, language=spoken)
        login(request, chosen, backend=settings.AUTHENTICATION_BACKENDS[0])
        sign_ins.begin(request, second_factor="demonstration")
        UserSession.objects.create_from_request(request)
        actions.note_sign_in(by=chosen, at=timezone.now(), how="demonstration")
        return HttpResponseRedirect(welcomed(request, chosen, after(request)))
    chairs = [(person, ROLES[Role(person.role)]) for person in people]
    return render(
        request, "people/choose_role.html", {"chairs": chairs, "next": after(request)}
    )


@require_http_methods(["GET", "POST"])
@allowed("kept")
def kept(request: SignedInRequest) -> HttpResponse:
    """What one had typed and not sent: go on with it, or let it go."""
    if request.method == "POST":
        mine = next(
            (one for one in lately(request.user) if str(one.pk) == request.POST.get("drop")),
            None,
        )
        if mine is not None:  # else it is gone already, or another's
            actions.drop_kept(key=mine.pk, of=request.user)
        return redirect("kept" if lately(request.user).exists() else "home")
    forms = [(one, page_with(one)) for one in lately(request.user).order_by("-kept_at")]
    return render(request, "people/kept.html", {"forms": forms})


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
def home(request: SignedInRequest) -> HttpResponse:
    """The first of the main pages that one's role opens; of whom none is, one's own sign-ins."""
    main = destinations(request)
    return redirect(main[0].address if main else "sign-ins")


def after(request: HttpRequest) -> str:
    """Where to go next: as asked, if it is an address of ours."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if ours else resolve_url("home")
