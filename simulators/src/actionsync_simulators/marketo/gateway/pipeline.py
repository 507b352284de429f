"""The way of every API call, in the order that the documented rules imply.

URI and body size (413, 414), path and `_method`, route (610, 605), token (600 to 602), faults, concurrency (615), rate
(606), daily quota (607), permission (603), content type (612), JSON and multipart syntax (609, 613), then the endpoint.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from actionsync_simulators.connections import Receive, Scope, Send, cutting, drop
from actionsync_simulators.faults import Fault, FaultError
from actionsync_simulators.marketo.dated_changes import QUERY_TOKEN
from actionsync_simulators.marketo.gateway import incoming as wire
from actionsync_simulators.marketo.gateway.call import FORM_TYPE, JSON_TYPE, Call, Params
from actionsync_simulators.marketo.gateway.envelope import Reply, failure, plain_json, plain_text, send_reply, success
from actionsync_simulators.marketo.gateway.errors import ApiError, api_error
from actionsync_simulators.marketo.gateway.identity import ApiClient
from actionsync_simulators.marketo.gateway.injected import STATUS_TEXT, default_message, planned_oauth, planned_status
from actionsync_simulators.marketo.gateway.paths import PathTable, normalise
from actionsync_simulators.marketo.gateway.route import Route
from actionsync_simulators.marketo.routes import ROUTES
from actionsync_simulators.marketo.subscription import Subscription

log = logging.getLogger(__name__)

IDENTITY_PATH = "/identity/oauth/token"


@dataclass(slots=True)
class _Outcome:
    """What became of a request: the reply, and whom it counted for."""

    reply: Reply
    user: str | None = None
    dropped: bool = False
    cut: bool = False
    """True when the connection breaks in the middle of the answer."""
    admitted: bool = False
    """True while it holds one of the places for concurrent calls, until the answer is sent."""


class Pipeline:
    """Answers the API calls of one subscription."""

    def __init__(self, subscription: Subscription) -> None:
        self._site = subscription
        self._routes = PathTable((route.method, route.path, route) for route in ROUTES)
        self._collapse = subscription.switches.collapse_double_slash == "on"

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        site = self._site
        request = wire.read_head(scope)
        at = site.clock.now()
        segments = normalise(request.raw_path, collapse_double_slash=self._collapse)
        path = request.raw_path if segments is None else "/" + "/".join(segments)
        limits = site.quota.limits
        if request.uri_bytes > limits.uri_bytes:
            outcome = _Outcome(plain_text(414, STATUS_TEXT[414]))
        else:
            try:
                body = await wire.read_body(
                    receive, limit=limits.import_bytes if request.is_import(path) else limits.body_bytes
                )
            except wire.ClientGone:
                return
            if body is None:
                outcome = _Outcome(plain_text(413, STATUS_TEXT[413]))
            else:
                request.body = body
                with site.clock.busy():
                    outcome = await self._answer(request, path, segments=segments)
        try:
            await self._finish(request, path, outcome=outcome, at=at, scope=scope, send=send)
        finally:
            if outcome.admitted:
                site.quota.leave()

    async def _finish(
        self, request: wire.Incoming, path: str, *, outcome: _Outcome, at: datetime, scope: Scope, send: Send
    ) -> None:
        """Note the call in the journal and send the answer, or cut the connection."""
        reply = outcome.reply
        self._site.journal.record(
            method=request.method,
            path=path,
            query=request.query,
            headers=request.headers,
            body=request.body,
            status=reply.status,
            code=reply.code,
            user=outcome.user,
            at=at,
        )
        if outcome.dropped:
            await drop(scope)
        if outcome.cut:
            send = cutting(scope, send)
        await send_reply(reply, send, accept_gzip=request.accept_gzip, head=request.method == "HEAD")

    async def _answer(self, request: wire.Incoming, path: str, *, segments: tuple[str, ...] | None) -> _Outcome:
        site = self._site
        now = site.clock.now()
        request_id = site.request_ids.issue(now)
        method, params = wire.effective(request)
        if path == IDENTITY_PATH:
            return await self._identity(method, params)
        token = self._token(request, params)
        client: ApiClient | None = None
        try:
            route, arguments = self._route(method, segments)
            client = site.identity.verify(token, now)
        except ApiError as error:
            client = client or site.identity.holder(token, now)
            user = client.user if client else None
            site.quota.note_error(error.code, user=user, charged=False)
            return _Outcome(failure(request_id, error), user)
        call = Call(
            method=method,
            path=path,
            arguments=arguments,
            params=params,
            content_type=request.content_type,
            body=request.body,
            request_id=request_id,
            now=now,
            user=client.user,
            client_id=client.client_id,
            partitions=client.partitions,
            limits=site.quota.limits,
            range_header=request.range_header,
            parts=request.parts,
        )
        fault = site.faults.take(method, path)
        if fault is not None and fault.action == "drop_before":
            return _Outcome(plain_text(499, ""), client.user, dropped=True)
        if fault is not None and fault.error is not None:
            return _Outcome(self._injected(fault.error, call), client.user)
        try:
            site.quota.enter(client.user)
        except ApiError as error:
            site.quota.note_error(error.code, user=client.user, charged=True)
            return _Outcome(failure(request_id, error), client.user)
        try:
            if fault is not None and fault.action == "delay":
                await site.clock.sleep(fault.seconds)
                call.now = site.clock.now()
            reply = self._execute(call, route, client=client, request=request, fault=fault)
        except BaseException:
            site.quota.leave()
            raise
        action = None if fault is None else fault.action
        dropped, cut = action == "commit_then_drop", action == "cut_answer"
        return _Outcome(reply, client.user, dropped=dropped, cut=cut, admitted=True)

    def _route(self, method: str, segments: tuple[str, ...] | None) -> tuple[Route, tuple[str, ...]]:
        found = None if segments is None else self._routes.find(segments)
        if found is None:
            raise api_error("610")
        methods, arguments = found
        route = methods.get(method)
        if route is None:
            raise api_error("605", method)
        return route, arguments

    def _token(self, request: wire.Incoming, params: Params) -> str | None:
        token = wire.bearer_token(request.authorization)
        if token is None and "access_token" in params and not self._site.dated_changes.in_force(QUERY_TOKEN):
            token = params["access_token"][-1] or None
        return token

    def _execute(
        self, call: Call, route: Route, *, client: ApiClient, request: wire.Incoming, fault: Fault | None
    ) -> Reply:
        """Run the steps after admission: permission, body, endpoint. Nothing in here awaits: a call is atomic."""
        site = self._site
        hide = fault.rows if fault is not None and fault.action == "hide_rows" else 0.0
        try:
            if not client.may(route.permissions) or not self._allowed(request.address):
                raise api_error("603")
            _check_body(call, route, tunnelled=call.method != request.method)
            if call.method == "GET":
                answer = route.handler(site, call)
            else:
                with site.database.transaction(), site.recorder.hiding(hide):
                    answer = route.handler(site, call)
        except ApiError as error:
            site.quota.note_error(error.code, user=client.user, charged=True)
            return failure(call.request_id, error)
        except Exception:
            log.exception("unexpected error in %s %s", call.method, call.path)
            # The rows were rolled back, what was derived from them was not.
            site.refresh()
            site.quota.refund(client.user)
            site.quota.note_error("611", user=client.user, charged=True)
            return failure(call.request_id, api_error("611"))
        return answer if isinstance(answer, Reply) else success(call.request_id, answer)

    def _allowed(self, address: str) -> bool:
        allowed = self._site.switches.ip_allow_list
        return not allowed or address in allowed

    def _injected(self, error: FaultError, call: Call) -> Reply:
        """Answer with a planned error: in the envelope, or as a real gateway status that costs nothing."""
        if error.http_status not in (None, 200):
            return planned_status(error)
        message = error.message or default_message(error.code, method=call.method, limits=call.limits)
        self._site.quota.note_error(error.code, user=call.user, charged=False)
        return failure(call.request_id, ApiError(error.code, message))

    async def _identity(self, method: str, params: Params) -> _Outcome:
        site = self._site
        fault = site.faults.take(method, IDENTITY_PATH)
        if fault is not None and fault.action == "drop_before":
            return _Outcome(plain_text(499, ""), dropped=True)
        if fault is not None and fault.error is not None:
            return _Outcome(planned_oauth(fault.error))
        if fault is not None and fault.action == "delay":
            await site.clock.sleep(fault.seconds)
        if method not in ("GET", "POST"):
            description = f"Request method '{method}' not supported"
            body = {"error": "method_not_allowed", "error_description": description}
            return _Outcome(plain_json(405, body))
        reply = site.identity.answer(params)
        action = None if fault is None else fault.action
        return _Outcome(reply, dropped=action == "commit_then_drop", cut=action == "cut_answer")


def _check_body(call: Call, route: Route, *, tunnelled: bool) -> None:
    """Check content type (612), JSON syntax (609) and multipart syntax (613) of a body that the endpoint reads."""
    if route.body == "multipart":
        if call.parts is None:
            raise api_error("613")
        return
    if not call.body or (call.content_type == FORM_TYPE and (tunnelled or route.body == "any")):
        return
    if call.content_type == JSON_TYPE:
        if route.body == "json" or tunnelled:
            call.json_object()
    elif route.body == "json" or tunnelled:
        raise api_error("612")
