"""The entrance of Bulk 1.0: version, session and limits in this API's own words, then the call."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from actionsync_simulators.salesforce.bulk.v1.formats import answers_json, refusal
from actionsync_simulators.salesforce.bulk.v1.routes import ROUTES
from actionsync_simulators.salesforce.gateway.errors import ApiError, ErrorItem, api_error
from actionsync_simulators.salesforce.gateway.messages import Request, Response
from actionsync_simulators.salesforce.routes import Routes
from actionsync_simulators.salesforce.state import Org

_VERSION = re.compile(r"([0-9]{1,3})\.0")
_OWN_WORDS = {
    "INVALID_SESSION_ID": ("InvalidSessionId", "Invalid session id"),
    "INVALID_AUTH_HEADER": ("InvalidSessionId", "Invalid session id"),
    "REQUEST_LIMIT_EXCEEDED": ("ExceededQuota", None),
    "API_DISABLED_FOR_ORG": ("FeatureNotEnabled", "Async API not enabled"),
    "NOT_FOUND": ("InvalidUrl", None),
}
"""Codes of the platform's gateway, and what they are called here; without a text of its own, the error's stands."""


class BulkApi:
    """Answers the calls below /services/async/XX.0."""

    def __init__(self, org: Org) -> None:
        self._org = org
        self._routes = Routes(org, ROUTES)

    def answer(self, request: Request, version: str, rest: Sequence[str], *, admit: Callable[[], None]) -> Response:
        """Answer a call; `admit` finds the session and counts the call, or raises ApiError."""
        try:
            request.version = self._checked(version)
            admit()
            found, arguments = self._routes.find(request.method, rest)
            return found.handler(self._org, request, *arguments)
        except ApiError as error:
            return self.refuse(request, rest, error)

    def refuse(self, request: Request, rest: Sequence[str], error: ApiError) -> Response:
        """The answer to a refused call. Every status but that of a wrong verb is 400, unless a fault says otherwise."""
        code, text = _OWN_WORDS.get(error.code, (error.code, None))
        status = 400 if error.code in _OWN_WORDS else error.status
        item = ErrorItem(code, error.items[0].message if text is None else text)
        own = ApiError(status, item, headers=error.headers)
        return refusal(own, json=answers_json(self._org, request, rest))

    def _checked(self, version: str) -> str:
        switches = self._org.switches
        match = _VERSION.fullmatch(version)
        if match is None or not switches.first_version <= int(match.group(1)) <= switches.last_version:
            raise api_error("InvalidVersion", f"Version {version} of the API is not served")
        return f"{int(match.group(1))}.0"
