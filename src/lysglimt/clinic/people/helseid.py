"""Sign-in by HelseID: a pushed request, a signed client, tokens that are bound to a key of ours.

RFC 9126 (PAR), 7523 (private_key_jwt), 9449 (DPoP), 7636 (PKCE), 9207 (issuer in the answer).
Names of scopes and claims are those of HelseID's public reference (claims and scopes).
"""

import json
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import requests
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from .vouching import CLOCKS_DIFFER_BY, proved_at

SCOPES = (
    *("openid", "profile", "helseid://scopes/hpr/hpr_number"),
    "helseid://scopes/identity/security_level",
)
HPR_NUMBER = "helseid://claims/hpr/hpr_number"
SECURITY_LEVEL = "helseid://claims/identity/security_level"
BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SIGNED_BY = ["PS256", "PS384", "PS512", "ES256", "ES384", "RS256", "RS384", "RS512"]
"""No token is believed that is signed in any other way, or not at all."""

SIGNING: Mapping[str, tuple[type[RSAKey] | type[ECKey], str]] = {
    "RSA": (RSAKey, "PS256"),
    "EC": (ECKey, "ES256"),
}
"""How we sign, by the kind of our key."""

ASSERTION_SECONDS = 30
"""HelseID takes at most sixty."""

PATIENCE = 10


class NotVouchedFor(Exception):
    """HelseID did not say who is there, or not in a way that can be believed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is remembered between asking and the answer; sealed, in the sign-in."""

    state: str
    nonce: str
    verifier: str
    key: dict[str, Any]
    at: float

    @classmethod
    def anew(cls) -> "Asked":
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        key = ECKey.generate_key("P-256").as_dict(private=True)
        return cls(state, nonce, verifier, key, time.time())


@dataclass(frozen=True, slots=True)
class Vouched:
    """Who is there, as HelseID says."""

    hpr_number: str
    security_level: int
    at: float
    """When they proved it there, in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Client:
    """We, as HelseID knows us. ``key`` is the private JSON Web Key."""

    issuer: str
    client_id: str
    key: str
    security_level: int

    def ask(self, asked: Asked, *, back: str) -> str:
        """The address to send the browser to. What is asked goes past the browser. [RFC 9126]"""
        known = self.metadata()
        answer = posted(
            known["pushed_authorization_request_endpoint"],
            {
                "response_type": "code",
                "redirect_uri": back,
                "scope": " ".join(SCOPES),
                "state": asked.state,
                "nonce": asked.nonce,
                "prompt": "login",
                "code_challenge": digest(asked.verifier),
                "code_challenge_method": "S256",
                "dpop_jkt": ECKey.import_key(asked.key).thumbprint(),
                **self.credentials(),
            },
        )
        pushed = said(answer, status=201)
        query = {"client_id": self.client_id, "request_uri": pushed["request_uri"]}
        where = known["authorization_endpoint"]
        refuse_unless(str(where).startswith(("https://", "http://")), "no address to go to")
        return f"{where}?{urlencode(query)}"

    def answered(self, asked: Asked, query: Mapping[str, str], *, back: str) -> Vouched:
        """Who came back. Raises NotVouchedFor."""
        known = self.metadata()
        refuse_unless(query.get("state") == asked.state, "another one's answer")
        refuse_unless(query.get("iss", self.issuer) == self.issuer, "another issuer")
        refuse_unless(query.get("code"), query.get("error", "no code"))
        proof = Proof(ECKey.import_key(asked.key))
        tokens = said(
            proof.post(
                known["token_endpoint"],
                {
                    "grant_type": "authorization_code",
                    "code": query["code"],
                    "redirect_uri": back,
                    "code_verifier": asked.verifier,
                    **self.credentials(),
                },
            )
        )
        refuse_unless(str(tokens.get("token_type")).lower() == "dpop", "an unbound token")
        person = self.believed(tokens["id_token"], known["jwks_uri"], nonce=asked.nonce)
        about = said(proof.get(known["userinfo_endpoint"], tokens["access_token"]))
        refuse_unless(about.get("sub") == person["sub"], "another person")
        at = proved_at(person.get("auth_time"), asked=asked.at)
        if at is None:
            raise NotVouchedFor("no sign-in since we asked")
        return self.vouched(about | person, at=at)

    def vouched(self, claims: Mapping[str, Any], *, at: float) -> Vouched:
        level, number = str(claims.get(SECURITY_LEVEL, "")), str(claims.get(HPR_NUMBER, ""))
        refuse_unless(
            level.isdecimal() and int(level) >= self.security_level, "too low a level"
        )
        refuse_unless(number.isdecimal(), "no HPR number")
        return Vouched(number, int(level), at)

    def believed(self, token: str, keys: str, *, nonce: str) -> dict[str, Any]:
        """The claims of an ID token that is meant for us, now, by our issuer."""
        published: Any = said(fetched(keys))
        exactly: dict[str, Any] = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self.client_id},
            "nonce": {"essential": True, "value": nonce},
            "exp": {"essential": True},
            "iat": {"essential": True},
            "sub": {"essential": True},
        }
        try:
            known = KeySet.import_key_set(published)
            claims = jwt.decode(token, known, algorithms=SIGNED_BY).claims
            jwt.JWTClaimsRegistry(leeway=CLOCKS_DIFFER_BY, **exactly).validate(claims)
        except (JoseError, ValueError) as cause:
            raise NotVouchedFor(type(cause).__name__) from cause
        others = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        refuse_unless(not others or claims.get("azp") == self.client_id, "for others too")
        return dict(claims)

    def credentials(self) -> dict[str, str]:
        """Who we are, signed anew for each request. [RFC 7523]"""
        given = json.loads(self.key)
        kind, algorithm = SIGNING[given["kty"]]
        key = kind.import_key(given)
        now = int(time.time())
        assertion = jwt.encode(
            {
                "alg": algorithm,
                "typ": "client-authentication+jwt",
                **({"kid": key.kid} if key.kid else {}),
            },
            {
                "iss": self.client_id,
                "sub": self.client_id,
                "aud": self.issuer,
                "jti": secrets.token_urlsafe(24),
                "iat": now,
                "nbf": now,
                "exp": now + ASSERTION_SECONDS,
            },
            key,
            algorithms=SIGNED_BY,
        )
        return {
            "client_id": self.client_id,
            "client_assertion_type": BEARER,
            "client_assertion": assertion,
        }

    def metadata(self) -> dict[str, Any]:
        where = f"{self.issuer}/.well-known/openid-configuration"
        known = said(fetched(where))
        refuse_unless(known.get("issuer") == self.issuer, "another issuer")
        return known


@dataclass(slots=True)
class Proof:
    """Requests that prove to hold a key; the server may ask for its own number in them. [RFC 9449]"""

    key: ECKey
    nonce: str = ""

    def post(self, url: str, data: Mapping[str, str]) -> requests.Response:
        return self.patiently(
            lambda: posted(url, data, headers={"DPoP": self.of("POST", url)}), asked_by=400
        )

    def get(self, url: str, token: str) -> requests.Response:
        def once() -> requests.Response:
            bound = {"Authorization": f"DPoP {token}", "DPoP": self.of("GET", url, token)}
            return fetched(url, headers=bound)

        return self.patiently(once, asked_by=401)

    def patiently(
        self, once: Callable[[], requests.Response], *, asked_by: int
    ) -> requests.Response:
        """Once more when the answer asks for a number, by this status."""
        answer = once()
        if self.heard(answer) and answer.status_code == asked_by:
            answer = once()
            self.heard(answer)
        return answer

    def heard(self, answer: requests.Response) -> bool:
        """Was a number given that the last proof did not have?"""
        given = answer.headers.get("DPoP-Nonce", "")
        new, self.nonce = bool(given) and given != self.nonce, given or self.nonce
        return new

    def of(self, method: str, url: str, token: str = "") -> str:
        public = self.key.as_dict(private=False)
        return jwt.encode(
            {"alg": "ES256", "typ": "dpop+jwt", "jwk": public},
            {
                "jti": secrets.token_urlsafe(24),
                "htm": method,
                "htu": url.partition("?")[0],
                "iat": int(time.time()),
                **({"nonce": self.nonce} if self.nonce else {}),
                **({"ath": digest(token)} if token else {}),
            },
            self.key,
        )


def fetched(url: str, headers: Mapping[str, str] | None = None) -> requests.Response:
    """What stands there itself: a redirect is no answer, wherever it leads."""
    return requests.get(url, headers=headers, timeout=PATIENCE, allow_redirects=False)


def posted(
    url: str, data: Mapping[str, str], headers: Mapping[str, str] | None = None
) -> requests.Response:
    return requests.post(
        url, data=data, headers=headers, timeout=PATIENCE, allow_redirects=False
    )


def said(answer: requests.Response, *, status: int = 200) -> dict[str, Any]:
    refuse_unless(answer.status_code == status, f"answered {answer.status_code}")
    try:
        found = answer.json()
    except (ValueError, RecursionError) as cause:
        raise NotVouchedFor("no JSON") from cause
    refuse_unless(isinstance(found, dict), "no object")
    return dict(found)


def refuse_unless(found: object, why: str) -> None:
    """What is false, empty or missing vouches for nobody. Raises NotVouchedFor."""
    if not found:
        raise NotVouchedFor(why)


def digest(text: str) -> str:
    """SHA-256 in base64url, as all of these standards write it."""
    return urlsafe_b64encode(sha256(text.encode()).digest()).rstrip(b"=").decode()
