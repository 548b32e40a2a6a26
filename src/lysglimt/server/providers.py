"""Whom else we believe when they say who is there: the hospital's OpenID provider, HelseID."""

from typing import Any

from .configuration import Configuration, Provider

OIDC = "oidc"
"""The provider's name in addresses."""


ANEW = {"prompt": "login", "max_age": "300"}
"""Whoever comes shows it again. With an age asked for, the answer must say when they did."""


def allauth(given: Configuration) -> dict[str, Any]:
    """As django-allauth wants to be told."""
    if not given.oidc or not given.oidc_client_secret:
        return {}
    app = {
        "provider_id": OIDC,
        "name": given.oidc.name,
        "client_id": given.oidc.client_id,
        "secret": given.oidc_client_secret.get_secret_value(),
        "settings": {
            "server_url": str(given.oidc.issuer).rstrip("/"),
            "oauth_pkce_enabled": True,
            "fetch_userinfo": False,
            "auth_params": ANEW,
        },
    }
    return {"openid_connect": {"APPS": [app]}}


def origins(given: Configuration) -> list[str]:
    """Scheme, host and port of each, as a policy names them."""
    asked: list[Provider | None] = [given.oidc, given.helseid]
    return [str(one.issuer).removesuffix(one.issuer.path or "/") for one in asked if one]
