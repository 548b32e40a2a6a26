"""The doctor asks for the certificate as a browser would, and believes what this machine believes."""

import socket
import ssl
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings as given
from django.utils import timezone

from lysglimt.server import checks, examination

pytestmark = pytest.mark.allow_hosts(["127.0.0.1", "::1", "localhost"])
DAYS = 40


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """Self-signed: nobody vouches for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = timezone.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=DAYS, hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, private = folder / "certificate.pem", folder / "key.pem"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return chain, private


@pytest.fixture
def proxy(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Something that speaks TLS on this machine; its certificate."""
    chain, private = certificate(tmp_path, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, private)
    listening = socket.create_server(("127.0.0.1", 0))
    settings.SESSION_COOKIE_SECURE = True
    settings.ALLOWED_HOSTS = ["localhost"]
    port = listening.getsockname()[1]
    asked = partial(examination.certificate_ends, port=port)
    monkeypatch.setattr(examination, "certificate_ends", asked)
    answering = Thread(target=answer, args=(listening, context), daemon=True)
    answering.start()
    yield chain
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    answering.join(timeout=5)


def answer(listening: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        try:
            wire, _ = listening.accept()
        except OSError:
            return
        try:
            context.wrap_socket(wire, server_side=True).close()
        except OSError:
            wire.close()


def test_a_certificate_that_nobody_vouches_for_is_told(proxy: Path) -> None:
    found = examination.tls()
    assert not found.sound
    assert "does not answer with a certificate that holds" in found.says
    assert "self-signed" in found.says
    assert proxy.exists()


def test_one_that_this_machine_trusts_is_taken_and_its_days_are_counted(
    proxy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(proxy))
    found = examination.tls()
    assert found.sound
    assert f"holds for {DAYS} days" in found.says


def test_one_of_another_name_is_told(
    proxy: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(proxy))
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    assert "mismatch" in examination.tls().says


@pytest.mark.parametrize(
    ("host", "options", "found"),
    [
        pytest.param("db.hospital.no", {}, ["clinic.E004"], id="another machine, in clear"),
        pytest.param(
            "db.hospital.no", {"sslmode": "require"}, ["clinic.E004"], id="anyone's TLS"
        ),
        pytest.param(
            "db.hospital.no",
            {"sslmode": "verify-full", "sslrootcert": "/etc/ssl/hospital.pem"},
            [],
            id="looked at",
        ),
        pytest.param(
            "db.hospital.no",
            {"sslmode": "verify-full"},
            ["clinic.W002"],
            id="any authority may vouch",
        ),
        pytest.param(
            "db.hospital.no",
            {"sslmode": "verify-full", "sslrootcert": "system"},
            ["clinic.W002"],
            id="likewise, and said so",
        ),
        pytest.param("/run/postgresql", {}, [], id="a socket"),
        pytest.param("127.0.0.1", {}, [], id="this machine"),
        pytest.param("", {}, [], id="the system's socket"),
    ],
)
def test_a_database_on_another_machine_has_to_show_who_it_is(
    monkeypatch: pytest.MonkeyPatch, host: str, options: dict[str, str], found: list[str]
) -> None:
    said = {"ENGINE": "django.db.backends.postgresql", "HOST": host, "OPTIONS": options}
    monkeypatch.setitem(given.DATABASES, "default", said)
    assert [one.id for one in checks.the_database_is_who_it_says()] == found
