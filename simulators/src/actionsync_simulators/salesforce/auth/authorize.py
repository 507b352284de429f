"""The web server flow: a person logs in on a page of the org, and the app gets a code for it."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit, urlunsplit

from actionsync_simulators.salesforce.auth.apps import Apps, ConnectedApp
from actionsync_simulators.salesforce.auth.codes import Challenge, Codes, challenge_of
from actionsync_simulators.salesforce.auth.forms import Form, form_of, required
from actionsync_simulators.salesforce.auth.identity import user_row
from actionsync_simulators.salesforce.auth.login_page import login_page, problem_page
from actionsync_simulators.salesforce.auth.oauth_errors import OAuthError
from actionsync_simulators.salesforce.auth.passwords import LoginRefused, Passwords
from actionsync_simulators.salesforce.auth.scopes import granted
from actionsync_simulators.salesforce.gateway.messages import Request, Response
from actionsync_simulators.salesforce.state import Org, Row

CARRIED = (
    "response_type",
    "client_id",
    "redirect_uri",
    "state",
    "scope",
    "nonce",
    "code_challenge",
    "code_challenge_method",
)


class Authorization:
    """The authorization endpoint."""

    def __init__(self, org: Org, *, apps: Apps, passwords: Passwords, codes: Codes) -> None:
        self._org = org
        self._apps = apps
        self._passwords = passwords
        self._codes = codes

    def authorize(self, request: Request) -> Response:
        """GET (the page) and POST (its form) of /services/oauth2/authorize.

        As long as it is not certain where the user may be sent, errors are shown; after that they go to the app.
        """
        form = form_of(request)
        try:
            app = self._apps.known(required(form, "client_id"))
            redirect_uri = required(form, "redirect_uri")
            if not app.may_return_to(redirect_uri):
                raise OAuthError("redirect_uri_mismatch", "redirect_uri must match configuration")
        except OAuthError as error:
            return problem_page(error.error, error.description)
        try:
            return self._logged_in(request, form, app)
        except OAuthError as error:
            response = _redirect(form, {"error": error.error, "error_description": error.description})
            response.code = error.error
            return response

    def _logged_in(self, request: Request, form: Form, app: ConnectedApp) -> Response:
        if form.get("response_type") != "code":
            raise OAuthError("unsupported_response_type", "response type not supported")
        scope = granted(form.get("scope"))
        challenge = challenge_of(form.get("code_challenge"), form.get("code_challenge_method"))
        if challenge is None and app.pkce_required:
            raise OAuthError("invalid_request", "missing required code challenge")
        if request.method == "POST":
            if form.get("action") == "deny":
                raise OAuthError("access_denied", "end-user denied authorization")
            return self._checked_login(form, scope, challenge)
        if self._org.switches.auto_approve_logins:
            return self._approved(form, self._user_without_login(form), scope, challenge)
        if form.get("prompt") == "none" or form.get("immediate") == "true":
            raise OAuthError("immediate_unsuccessful", "immediate authorization was unsuccessful")
        return self._page(form, scope, username=form.get("login_hint", ""))

    def _checked_login(self, form: Form, scope: str, challenge: Challenge | None) -> Response:
        username = form.get("username", "").strip()
        try:
            user = self._passwords.user(username, form.get("password", ""))
        except LoginRefused:
            return self._page(form, scope, username=username, wrong=True)
        if not user["IsActive"]:
            return self._page(form, scope, username=username, wrong=True)
        return self._approved(form, user, scope, challenge)

    def _user_without_login(self, form: Form) -> Row:
        hint = form.get("login_hint")
        if hint:
            named = self._org.database.row('SELECT * FROM "User" WHERE Username = ?', (hint,))
            user = None if named is None else dict(named)
        else:
            user = user_row(self._org, self._org.api_user_id)
        if user is None or not user["IsActive"]:
            raise OAuthError("access_denied", "end-user denied authorization")
        return user

    def _approved(self, form: Form, user: Row, scope: str, challenge: Challenge | None) -> Response:
        code = self._codes.issue(
            client_id=form["client_id"],
            user_id=user["Id"],
            redirect_uri=form["redirect_uri"],
            scope=scope,
            challenge=challenge,
            nonce=form.get("nonce"),
        )
        return _redirect(form, {"code": code})

    def _page(self, form: Form, scope: str, *, username: str = "", wrong: bool = False) -> Response:
        return login_page(
            organization=self._org.switches.organization_name,
            client_id=form["client_id"],
            scope=scope,
            carried={name: form[name] for name in CARRIED if name in form},
            username=username,
            wrong=wrong,
        )


def _redirect(form: Form, parameters: dict[str, str]) -> Response:
    """Send the user back to the app, with the state it gave."""
    if "state" in form:
        parameters = {**parameters, "state": form["state"]}
    url = urlsplit(form["redirect_uri"])
    query = "&".join(part for part in (url.query, urlencode(parameters)) if part)
    return Response(302, headers=[("Location", urlunsplit(url._replace(query=query)))])
