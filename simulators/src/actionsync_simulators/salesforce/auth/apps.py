"""Connected apps: who they are, where their users may be sent back to, and what proves that a call is theirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from actionsync_simulators.salesforce.auth.forms import Form, basic_credentials, required
from actionsync_simulators.salesforce.auth.oauth_errors import OAuthError
from actionsync_simulators.salesforce.gateway.messages import Request
from actionsync_simulators.salesforce.state import Org

ANY_PORT_AND_PATH = ":*/*"
LOOPBACK_URLS = tuple(
    f"{scheme}://{host}{ANY_PORT_AND_PATH}"
    for scheme in ("http", "https")
    for host in ("localhost", "127.0.0.1", "[::1]")
)
SUCCESS_PAGES = tuple(f"https://{name}.salesforce.com/services/oauth2/success" for name in ("login", "test"))
DEFAULT_CALLBACKS = (*LOOPBACK_URLS, *SUCCESS_PAGES)
"""Where an app may send its users when nobody has said so: to this machine, and to the vendor's own page."""

SETTING = "apps"


@dataclass(frozen=True, slots=True)
class ConnectedApp:
    """A connected app; `run_as` is the id of the user its client credentials grant runs as.

    A callback URL counts as it is written; one that ends in `:*/*` stands for any port and path of its host.
    `secret_required`: the code of a login without PKCE is worth nothing without the secret.
    `pkce_required`: a login has to bring a code challenge.
    """

    client_id: str
    client_secret: str
    run_as: str
    callback_urls: tuple[str, ...] = DEFAULT_CALLBACKS
    secret_required: bool = True
    pkce_required: bool = False

    def may_return_to(self, url: str) -> bool:
        """Whether users may be sent back to this URL."""
        return any(_matches(pattern, url) for pattern in self.callback_urls)


class Apps:
    """All connected apps of the org: those it was started with, and those made or changed through `/_sim`."""

    def __init__(self, org: Org) -> None:
        self._org = org
        self._first: dict[str, ConnectedApp] = {}

    def connect(self, apps: Iterable[ConnectedApp]) -> None:
        """Let these apps in from the start, and no others."""
        self._first = {app.client_id: app for app in apps}

    def __iter__(self) -> Iterator[ConnectedApp]:
        return iter(self._all().values())

    def get(self, client_id: str) -> ConnectedApp | None:
        """The app of that client id."""
        return self._all().get(client_id)

    def save(self, app: ConnectedApp) -> None:
        """Add an app, or change one."""
        saved = self._org.setting(SETTING) or {}
        self._org.save_setting(SETTING, {**saved, app.client_id: asdict(app)})

    def known(self, client_id: str) -> ConnectedApp:
        """The app of that client id. Raises OAuthError when there is none."""
        app = self.get(client_id)
        if app is None:
            raise OAuthError("invalid_client_id", "client identifier invalid")
        return app

    def caller(self, request: Request, form: Form, *, secret_needed: bool) -> ConnectedApp:
        """The app that makes a call, by Basic authentication or parameters. A secret that is given has to be right."""
        client_id, secret = form.get("client_id"), form.get("client_secret")
        basic = basic_credentials(request)
        if basic is not None:
            client_id, secret = basic
        app = self.known(client_id or required(form, "client_id"))
        if secret is None and not secret_needed:
            return app
        if not secret:
            raise OAuthError("invalid_request", "missing required parameter: client_secret")
        if secret != app.client_secret:
            raise OAuthError("invalid_client", "invalid client credentials")
        return app

    def _all(self) -> dict[str, ConnectedApp]:
        saved: dict[str, dict[str, Any]] = self._org.setting(SETTING) or {}
        changed = {
            client_id: ConnectedApp(**{**plain, "callback_urls": tuple(plain["callback_urls"])})
            for client_id, plain in saved.items()
        }
        return self._first | changed


def _matches(pattern: str, url: str) -> bool:
    if not pattern.endswith(ANY_PORT_AND_PATH):
        return pattern == url
    wanted = urlsplit(pattern.removesuffix(ANY_PORT_AND_PATH))
    try:
        given = urlsplit(url)
        given.port  # noqa: B018 - raises for a port that is none
    except ValueError:
        return False
    if given.username is not None or given.fragment:
        return False
    return (given.scheme, given.hostname) == (wanted.scheme, wanted.hostname)
