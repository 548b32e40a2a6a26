"""Two pages of our own that prove the fixtures: one sound, one with every fault they look for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import path

POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
SOUND = """<!doctype html><html lang="{language}"><title>Lysglimt</title>
<link rel="icon" href="data:,"><main><h1>{greeting}</h1><form method="get">
<p><label>Vekt <input name="weight"></label>
<p><label for="phase">Fase</label> <select id="phase" name="phase"><option>Plan<option>Induksjon</select>
<fieldset><legend>Svar</legend><label><input type="radio" name="answer" value="y"> Ja</label>
<label><input type="radio" name="answer" value="n"> Nei</label></fieldset>
<p><label><input type="checkbox" name="fasting"> Fastende</label>
<p><button>Lagre</button></form><p id="typed">{typed}</p></main></html>"""
FAULTY = """<!doctype html><html><title>x</title><img src="/gone/"><input>
<style>p {color: #eee}</style><script>throw new Error("script")</script><p>pale</p></html>"""


def sound(request: HttpRequest) -> HttpResponse:
    english = request.headers["Accept-Language"].startswith("en")
    words = ("en", "Good day") if english else ("nb", "God dag")
    typed = " ".join(map(str, request.GET.values()))
    body = SOUND.format(language=words[0], greeting=words[1], typed=typed)
    body = body.replace(' href="data:,"', ' href="/sound/icon"')
    return HttpResponse(body, headers={"Content-Security-Policy": POLICY})


def icon(_: HttpRequest) -> HttpResponse:
    return HttpResponse(status=204)


def faulty(_: HttpRequest) -> HttpResponse:
    return HttpResponse(FAULTY, headers={"Content-Security-Policy": POLICY})


def gone(_: HttpRequest) -> HttpResponse:
    return HttpResponse("gone", status=404, content_type="text/plain")


VIEWS: tuple[Callable[[HttpRequest], HttpResponse], ...] = (sound, icon, faulty, gone)
for view in VIEWS:
    vars(view)["operation"] = "home"  # a view without a right is closed

urlpatterns = [
    path("sound/", sound),
    path("sound/icon", icon),
    path("faulty/", faulty),
    path("gone/", gone),
    path("favicon.ico", icon),
]
