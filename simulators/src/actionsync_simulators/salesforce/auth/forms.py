"""What the OAuth calls are given: parameters of a form or the query, and Basic authentication."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from urllib.parse import parse_qsl

from actionsync_simulators.salesforce.auth.oauth_errors import OAuthError
from actionsync_simulators.salesforce.gateway.messages import Request

Form = Mapping[str, str]


def form_of(request: Request) -> Form:
    """The parameters of the query and of the form; those of the form win."""
    body = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
    return {**request.query, **body}


def required(form: Form, name: str) -> str:
    """A parameter that has to be there. Raises OAuthError."""
    value = form.get(name)
    if not value:
        raise OAuthError("invalid_request", f"missing required parameter: {name}")
    return value


def basic_credentials(request: Request) -> tuple[str, str] | None:
    """Client id and secret of Basic authentication, None without it. Raises OAuthError when it is garbled."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise OAuthError("invalid_client", "invalid client credentials") from None
    return user, secret
