"""What is settled before any page is reached: TLS, cookies, sizes, origins."""

import json
import logging
import re
from typing import Any

import pytest
from django.conf import settings as at_work
from django.test import Client

from lysglimt.clinic.people.models import LegalEntity, Professional, Unit, UnitKind
from lysglimt.clinic.people.policy import Role
from lysglimt.server import log
from tests.server.conftest import ALONE

YEAR = 365 * 24 * 60 * 60
TLS = """
import json
from django.conf import settings
names = [n for n in dir(settings) if n.startswith(("SESSION_COOKIE", "CSRF_COOKIE", "LANGUAGE_COOKIE", "PRESENCE", "SECURE_"))]
print(json.dumps({n: getattr(settings, n) for n in names}, default=str))
"""


@pytest.fixture
def nurse(db: None) -> Professional:
    entity = LegalEntity.objects.create(name="Sykehuset HF")
    unit = Unit.objects.create(entity=entity, name="Moss", kind=UnitKind.HOSPITAL)
    return Professional.objects.create_user("nora", role=Role.NURSE, unit=unit)


@pytest.fixture
def tls(settings: Any) -> Client:
    """Behind the proxy, with the settings that ``https = true`` makes."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = YEAR
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    return Client(headers={"X-Forwarded-Proto": "https"})


@pytest.fixture
def set_by_https(tmp_path: Any) -> dict[str, Any]:
    """What the settings file makes of ``https = true``."""
    import subprocess  # noqa: PLC0415 - for this fixture alone
    import sys  # noqa: PLC0415 - likewise

    known = {
        "LYSGLIMT_SECRET_KEY": "x",
        "LYSGLIMT_ENCRYPTION_KEYS": '{"k": "dGVzdHMgc2VhbCB3aXRoIHRoaXMga2V5LCAzMiBieXQ="}',
        "LYSGLIMT_INDEX_KEY": "dGVzdHMgbG9vayB1cCBieSB0aGlzIGtleSwgMzIgYnk=",
        "LYSGLIMT_HTTPS": "true",
        "DJANGO_SETTINGS_MODULE": "lysglimt.server.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", TLS],
        env=ALONE | known,
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_cookies_are_bound_to_this_host(set_by_https: dict[str, Any]) -> None:
    for cookie in ("SESSION", "CSRF", "LANGUAGE"):
        assert set_by_https[f"{cookie}_COOKIE_NAME"].startswith("__Host-")
        assert set_by_https[f"{cookie}_COOKIE_SECURE"] is True
        assert set_by_https[f"{cookie}_COOKIE_HTTPONLY"] is True
    for cookie in ("SESSION", "CSRF"):
        assert set_by_https[f"{cookie}_COOKIE_SAMESITE"] in {"Lax", "Strict"}
        assert set_by_https.get(f"{cookie}_COOKIE_DOMAIN") is None
    assert set_by_https["SECURE_SSL_REDIRECT"] is True
    assert set_by_https["SECURE_HSTS_SECONDS"] >= YEAR


@pytest.mark.django_db
def test_a_page_over_tls_says_so_for_a_year(tls: Client) -> None:
    said = tls.get("/sign-in/").headers["Strict-Transport-Security"]
    assert said.startswith(f"max-age={YEAR}")
    assert "includeSubDomains" in said


@pytest.mark.django_db
def test_only_pages_are_redirected_to_tls(tls: Client) -> None:
    plain = Client()
    assert plain.get("/sign-in/").status_code == 301
    assert plain.get("/sign-in/").headers["Location"].startswith("https://")
    assert plain.get("/livez").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/sign-in/", "/livez", "/readyz", "/nowhere"])
def test_no_other_origin_is_let_in(client: Client, address: str) -> None:
    answer = client.get(address, {"callback": "f"}, headers={"Origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.startswith("Access-Control")]
    assert not answer.content.startswith(b"f(")


@pytest.mark.django_db
def test_a_form_of_another_site_is_refused(nurse: Professional) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(nurse)
    strict.get("/patients/")
    form = {"q": "kari", "csrfmiddlewaretoken": "a" * 64}
    assert strict.post("/patients/", form).status_code == 403
    elsewhere = strict.post("/patients/", form, headers={"Origin": "https://evil.example"})
    assert elsewhere.status_code == 403


@pytest.mark.django_db
def test_a_body_that_is_too_large_is_refused(client: Client, nurse: Professional) -> None:
    client.force_login(nurse)
    many = "a" * (at_work.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    answer = client.generic(
        "POST", "/patients/", f"q={many}", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code in {400, 413}
    fields = "&".join(f"f{n}=1" for n in range(at_work.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
    answer = client.generic(
        "POST", "/patients/", fields, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code in {400, 413}


@pytest.mark.django_db
def test_a_field_in_the_address_is_no_field_of_the_form(
    client: Client, nurse: Professional
) -> None:
    client.force_login(nurse)
    assert "errorlist" not in client.get("/patients/?q=kari").content.decode()
    registered = client.post("/patients/register/?given_name=Kari", {"family_name": "Nordmann"})
    assert registered.status_code == 422
    assert 'value="Kari"' not in registered.content.decode()


@pytest.mark.django_db
def test_a_header_cannot_be_split(client: Client) -> None:
    answer = client.post(
        "/language/", {"language": "en", "next": "/sign-in/\r\nSet-Cookie: evil=1"}
    )
    assert "evil" not in answer.cookies
    assert "\n" not in answer.headers["Location"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/static/", "/static/design/", "/static/../settings.py"])
def test_no_folder_is_listed(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/sign-in/", "/livez", "/nowhere"])
def test_no_answer_tells_a_version(client: Client, address: str) -> None:
    answer = client.get(address)
    assert not {"Server", "X-Powered-By", "Via"} & answer.headers.keys()
    assert not re.search(r"(django|python|granian)[/ ]v?\d", answer.content.decode().lower())


def test_a_log_line_cannot_be_forged(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure(log.logging(debug=False))
    logging.getLogger("django.request").warning('x\n{"event": "forged"}')
    lines = [line for line in capsys.readouterr().err.splitlines() if line]
    assert [json.loads(line)["event"] for line in lines] == ['x\n{"event": "forged"}']


@pytest.mark.django_db
@pytest.mark.parametrize("chosen", ["", "x", "½", "-1", "9" * 40])
def test_a_role_that_nobody_has_is_not_found(
    client: Client, settings: Any, chosen: str
) -> None:
    settings.DEMO = True
    assert client.post("/choose-role/", {"professional": chosen}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("asked", [",¥", "not a page", "/patients/?q=æ", "home"])
def test_the_next_page_is_an_address_and_never_a_name(client: Client, asked: str) -> None:
    answer = client.post("/language/", {"language": "nb", "next": asked})
    assert answer.status_code == 302
    assert answer.headers["Location"].isascii()


@pytest.mark.django_db
def test_an_attempt_to_get_round_a_control_is_in_the_log(
    nurse: Professional, caplog: pytest.LogCaptureFixture
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(nurse)
    strict.post("/patients/", {"q": "kari"})
    strict.get("/sign-in/", headers={"Host": "evil.example"})
    strict.get("/sign-in/%2e%2e/%00")
    told = {record.name for record in caplog.records}
    assert told >= {"django.security.csrf", "django.security.DisallowedHost", "django.request"}
    assert "kari" not in caplog.text
