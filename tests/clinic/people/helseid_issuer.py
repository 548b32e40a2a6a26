"""An issuer that behaves as HelseID asks of its clients, and checks every rule of theirs."""

import json
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

CLIENT_ID = "lysglimt-test"
BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
CLIENT_KEY = RSAKey.generate_key(2048, parameters={"kid": "ours", "use": "sig"})


def digest(text: str) -> str:
    return urlsafe_b64encode(sha256(text.encode()).digest()).rstrip(b"=").decode()


class Broken(Exception):
    """A rule that the client broke, and the status that says so."""

    def __init__(self, rule: str, status: int = 400) -> None:
        super().__init__(rule)
        self.status = status


@dataclass
class Issuer:
    """What it knows. ``claims`` and ``header`` change what the next ID token says."""

    address: str = ""
    key: Any = field(default_factory=lambda: RSAKey.generate_key(2048, parameters={"kid": "1"}))
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    sign: dict[str, Any] = field(default_factory=lambda: {"alg": "PS256"})
    sign_with: Any = None
    token_type: str = "DPoP"  # noqa: S105 - a kind
    metadata: dict[str, Any] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    nonces: list[str] = field(default_factory=list)
    pushed: dict[str, dict[str, str]] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def once(self, jti: str) -> None:
        if not jti or jti in self.seen:
            raise Broken("jti used twice")
        self.seen.add(jti)

    def client(self, form: dict[str, str]) -> None:
        """RFC 7523: a signed assertion, for us, short-lived, used once."""
        if form.get("client_assertion_type") != BEARER or form.get("client_id") != CLIENT_ID:
            raise Broken("client assertion type")
        token = jwt.decode(form["client_assertion"], CLIENT_KEY, algorithms=["PS256", "ES256"])
        if token.header.get("kid") != "ours":
            raise Broken("kid")
        if token.header.get("typ") != "client-authentication+jwt":
            raise Broken("typ")
        said, now = token.claims, time.time()
        if (said["iss"], said["sub"]) != (CLIENT_ID, CLIENT_ID):
            raise Broken("iss and sub")
        if said["aud"] != self.address:
            raise Broken("aud")
        if not said["nbf"] <= now + 5 or not now < said["exp"] <= now + 60:
            raise Broken("exp within a minute")
        self.once(said["jti"])

    def proof(self, headers: Any, method: str, path: str, token: str = "") -> str:
        """RFC 9449: the key's thumbprint, if the proof is sound and bears our number."""
        given = headers.get("DPoP")
        if not given:
            raise Broken("DPoP proof is missing")
        raw = json.loads(decoded(given.split(".")[0]))
        if raw.get("typ") != "dpop+jwt" or "d" in raw["jwk"]:
            raise Broken("proof header")
        key = ECKey.import_key(raw["jwk"])
        said = jwt.decode(given, key, algorithms=["ES256"]).claims
        if said["htm"] != method or said["htu"] != f"{self.address}{path}":
            raise Broken("htm and htu")
        if abs(said["iat"] - time.time()) > 10:
            raise Broken("iat")
        self.once(said["jti"])
        if token and said.get("ath") != digest(token):
            raise Broken("ath")
        if said.get("nonce") not in self.nonces:
            raise Broken("use_dpop_nonce", 401 if token else 400)
        self.nonces.remove(said["nonce"])
        return str(key.thumbprint())

    def push(self, form: dict[str, str]) -> dict[str, Any]:
        """RFC 9126."""
        self.client(form)
        expected = {"response_type": "code", "code_challenge_method": "S256", "prompt": "login"}
        if any(form.get(name) != value for name, value in expected.items()):
            raise Broken("request")
        for name in ("state", "nonce", "code_challenge", "redirect_uri", "dpop_jkt"):
            if len(form.get(name, "")) < 20:
                raise Broken(name)
        if "openid" not in form["scope"].split():
            raise Broken("scope")
        uri = f"urn:ietf:params:oauth:request_uri:{secrets.token_urlsafe(16)}"
        self.pushed[uri] = form
        return {"request_uri": uri, "expires_in": 60}

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser is sent: nothing that is asked may stand in the address."""
        if set(query) != {"client_id", "request_uri"} or query["client_id"] != CLIENT_ID:
            raise Broken("the request is not pushed")
        asked = self.pushed.pop(query["request_uri"])
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}&iss={self.address}"

    def token(self, form: dict[str, str], headers: Any) -> dict[str, Any]:
        thumbprint = self.proof(headers, "POST", "/token")
        self.client(form)
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or form.get("grant_type") != "authorization_code":
            raise Broken("code")
        if digest(form.get("code_verifier", "")) != asked["code_challenge"]:
            raise Broken("code_verifier")
        if form.get("redirect_uri") != asked["redirect_uri"]:
            raise Broken("redirect_uri")
        if thumbprint != asked["dpop_jkt"]:
            raise Broken("another key than was announced")
        access = secrets.token_urlsafe(16)
        self.tokens[access] = thumbprint
        return {
            "access_token": access,
            "token_type": self.token_type,
            "id_token": self.id_token(asked["nonce"]),
        }

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        said = {
            "iss": self.address,
            "aud": CLIENT_ID,
            "sub": "person",
            "nonce": nonce,
            "iat": now,
            "exp": now + 60,
            "auth_time": now,
        } | self.claims
        said = {name: value for name, value in said.items() if value is not None}
        header = {"kid": "1"} | self.sign
        if header["alg"] == "none":
            return f"{coded(header)}.{coded(said)}."
        algorithms = ["PS256", "RS256", "ES256", "HS256"]
        return jwt.encode(header, said, self.sign_with or self.key, algorithms=algorithms)

    def person(self, headers: Any) -> dict[str, Any]:
        scheme, _, access = headers.get("Authorization", "").partition(" ")
        if scheme != "DPoP" or access not in self.tokens:
            raise Broken("access token", 401)
        if self.proof(headers, "GET", "/userinfo", access) != self.tokens[access]:
            raise Broken("bound to another key", 401)
        return {"sub": "person"} | self.userinfo

    def known(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "pushed_authorization_request_endpoint": f"{self.address}/par",
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
        } | self.metadata


def decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def coded(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


class Door(BaseHTTPRequestHandler):
    issuer: ClassVar[Issuer]

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""

    def form(self) -> dict[str, str]:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        return {name: values[0] for name, values in parse_qs(body).items()}

    def do_POST(self) -> None:
        form = self.form()
        if self.path == "/par":
            self.answer(lambda: self.issuer.push(form), 201)
        else:
            self.answer(lambda: self.issuer.token(form, self.headers))

    def do_GET(self) -> None:
        where = urlsplit(self.path)
        if where.path == "/authorize":
            query = {name: values[0] for name, values in parse_qs(where.query).items()}
            self.send_response(302)
            self.send_header("Location", self.issuer.authorize(query))
            self.end_headers()
            return
        keys = KeySet([self.issuer.key]).as_dict(private=False)
        pages: dict[str, Any] = {
            "/.well-known/openid-configuration": self.issuer.known,
            "/keys": lambda: keys,
            "/userinfo": lambda: self.issuer.person(self.headers),
        }
        self.answer(pages[where.path])

    def answer(self, page: Any, status: int = 200) -> None:
        try:
            said = page()
        except (Broken, JoseError, KeyError, ValueError) as broken:
            self.issuer.broken.append(f"{self.path}: {broken}")
            said, status = {"error": str(broken)}, getattr(broken, "status", 400)
        self.issuer.nonces.append(secrets.token_urlsafe(8))
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("DPoP-Nonce", self.issuer.nonces[-1])
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def running() -> Iterator[Issuer]:
    issuer = Issuer()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("AtDoor", (Door,), {"issuer": issuer}))
    issuer.address = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield issuer
    server.shutdown()
    server.server_close()
