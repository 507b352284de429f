"""One HTTP call from the socket to the handler and back: the order of the steps is the body of `Pipeline.answer`."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson

from actionsync_simulators.clock import Clock
from actionsync_simulators.connections import Receive, Scope, Send, cutting, drop
from actionsync_simulators.faults import Fault
from actionsync_simulators.journal import Journal
from actionsync_simulators.salesforce.about import resources
from actionsync_simulators.salesforce.auth.front import LoginApi
from actionsync_simulators.salesforce.auth.oauth_errors import OAuthError
from actionsync_simulators.salesforce.auth.scopes import opens_rest
from actionsync_simulators.salesforce.auth.sessions import Session
from actionsync_simulators.salesforce.bulk.v1.front import BulkApi
from actionsync_simulators.salesforce.events.cometd.bayeux import Bayeux
from actionsync_simulators.salesforce.gateway.errors import ApiError, api_error, invalid_session, not_found
from actionsync_simulators.salesforce.gateway.gateway_page import gateway_page
from actionsync_simulators.salesforce.gateway.messages import (
    NO_BODY,
    Caller,
    Request,
    Response,
    error_response,
)
from actionsync_simulators.salesforce.gateway.negotiation import SUFFIX, into_xml, prefers_xml
from actionsync_simulators.salesforce.routes import JSON_SUFFIX_DEPTH as SUFFIX_DEPTH
from actionsync_simulators.salesforce.routes import Routes
from actionsync_simulators.salesforce.soap.front import SoapApi
from actionsync_simulators.salesforce.state import Org

LONGEST_URI = 16_384
LARGEST_BODY = 150 * 1024 * 1024

_FIXED_HEADERS = [
    (b"cache-control", b"no-cache,must-revalidate,max-age=0,no-store,private"),
    (b"vary", b"Accept-Encoding"),
    (b"strict-transport-security", b"max-age=63072000; includeSubDomains"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-xss-protection", b"1; mode=block"),
    (b"x-robots-tag", b"none"),
]


class Pipeline:
    """Turns ASGI calls into requests, runs them, and sends the responses."""

    def __init__(self, *, org: Org, login: LoginApi, clock: Clock, journal: Journal) -> None:
        self._org = org
        self._login = login
        self._clock = clock
        self._journal = journal
        self._routes = Routes(org)
        self._bulk_api = BulkApi(org)
        self._cometd = Bayeux(org)
        self._soap = SoapApi(org, login.passwords)

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call. Raises ConnectionDropped when a fault cuts the connection."""
        body = await _read_body(receive)
        request = _request(scope, body)
        with self._clock.busy():
            fault = self._org.faults.take(request.method, request.path)
            if fault is not None and fault.action == "drop_before":
                await drop(scope)
            response = self._run(request, fault)
            if request.segments[:2] == ("services", "data") and _wants_xml(request):
                into_xml(request, response)
            self._note(scope, request, response)
            if fault is not None:
                await self._after(scope, fault)
        if response.later is not None:
            response = await response.later()
        if fault is not None and fault.action == "cut_answer":
            send = cutting(scope, send)
        await _send(send, request, response, self._limit_header(request))

    # Steps

    def _run(self, request: Request, fault: Fault | None) -> Response:
        try:
            if fault is not None and fault.error is not None:
                return self._planned_error(request, fault)
            request.body = _decoded(request)
            self._org.upkeep.catch_up()
            return self._route(request)
        except ApiError as error:
            return error_response(error)

    def _planned_error(self, request: Request, fault: Fault) -> Response:
        page = None if fault.error is None else gateway_page(fault.error)
        if page is not None:
            return page
        if fault.error is not None and request.segments[:2] == ("services", "async"):
            error = api_error(fault.error.code, fault.error.message, status=fault.error.http_status)
            return self._bulk_api.refuse(request, request.segments[3:], error)
        if fault.error is not None and request.segments[:2] == ("services", "Soap"):
            return self._soap.refuse(request.segments[2:3], fault.error)
        return _planned_error(request, fault)

    def _route(self, request: Request) -> Response:
        match request.segments:
            case ("services", "data"):
                return resources.versions(self._org, request)
            case ("services", "data", version, *rest):
                return self._data(request, version, rest)
            case ("services", "async", version, *rest):
                return self._bulk_api.answer(request, version, rest, admit=lambda: self._admit(request))
            case ("cometd", version, *_) if request.method == "POST":
                resources.checked_version(self._org, f"v{version}")
                return self._cometd.answer(request, self._session(request))
            case ("services", "Soap", kind, version) | ("services", "Soap", kind, version, _):
                return self._soap.answer(request, kind, version, admit=self._admit_session)
            case ("services", "oauth2", name):
                return self._login.oauth(request, name, self._session(request) if name == "userinfo" else None)
            case ("id", "keys") if request.method == "GET":
                return self._login.keys()
            case ("id", org_id, user_id):
                return self._login.identity(request, self._session(request), org_id=org_id, user_id=user_id)
            case (".well-known", name) if request.method == "GET":
                return self._login.well_known(request, name)
        raise not_found()

    def _data(self, request: Request, version: str, rest: list[str]) -> Response:
        if rest and rest[-1].endswith(SUFFIX) and len(rest) <= SUFFIX_DEPTH:
            request.wants_xml = True
            rest = [*rest[:-1], rest[-1].removesuffix(SUFFIX)]
        request.version = resources.checked_version(self._org, version)
        self._admit(request)
        return self._routes.dispatch(request, rest)

    def _admit(self, request: Request) -> None:
        """Find out who calls, and count the call."""
        session = self._session(request)
        if session is not None and not opens_rest(session.scope):
            raise invalid_session("This session is not valid for use with the REST API")
        self._admit_session(request, session)

    def _admit_session(self, request: Request, session: Session | None) -> None:
        if session is None:
            raise invalid_session()
        user = self._org.database.row('SELECT Username, IsActive FROM "User" WHERE Id = ?', (session.user_id,))
        if user is None or not user["IsActive"]:
            raise invalid_session()
        request.caller = Caller(
            session.user_id,
            user["Username"],
            self._org.access_of(session.user_id),
            _client_of(request.headers.get("sforce-call-options", "")),
        )
        limits = self._org.limits
        if limits.exhausted:
            raise api_error("REQUEST_LIMIT_EXCEEDED")
        if limits.too_many_running:
            raise api_error("REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded.")
        limits.charge()

    def _session(self, request: Request) -> Session | None:
        token = _token(request)
        return None if token is None else self._org.sessions.use(token)

    async def _after(self, scope: Scope, fault: Fault) -> None:
        if fault.action == "commit_then_drop":
            await drop(scope)
        if fault.action == "delay":
            running = self._org.limits.started()
            try:
                await self._clock.sleep(fault.seconds)
            finally:
                self._org.limits.finished(running)

    def _note(self, scope: Scope, request: Request, response: Response) -> None:
        self._journal.record(
            method=request.method,
            path=request.path,
            query=scope.get("query_string", b""),
            headers=scope["headers"],
            body=request.body,
            status=response.status,
            code=response.code,
            user=None if request.caller is None else request.caller.username,
            at=self._clock.now(),
        )

    def _limit_header(self, request: Request) -> str | None:
        return self._org.limits.usage_header if request.segments[:2] == ("services", "data") else None


# Reading


async def _read_body(receive: Receive) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body", False):
        return body
    chunks = [body]
    while message.get("more_body", False):
        message = await receive()
        chunks.append(message.get("body", b""))
    return b"".join(chunks)


def _request(scope: Scope, body: bytes) -> Request:
    raw_path: bytes = scope.get("raw_path") or str(scope["path"]).encode()
    raw_query: bytes = scope.get("query_string", b"")
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    segments = tuple(unquote(part.decode("latin-1")) for part in raw_path.split(b"/") if part)
    query = dict(parse_qsl(raw_query.decode("latin-1"), keep_blank_values=True)) if raw_query else {}
    method = str(scope["method"])
    if method == "POST" and "_HttpMethod" in query:
        method = query.pop("_HttpMethod").upper()
    host = headers.get("host") or ":".join(str(part) for part in scope.get("server") or ("localhost",))
    return Request(
        method=method,
        path="/" + "/".join(segments),
        segments=segments,
        query=query,
        headers=headers,
        body=body,
        base_url=f"{scope.get('scheme', 'http')}://{host}",
    )


def _decoded(request: Request) -> bytes:
    uri = len(request.path) + sum(len(k) + len(v) + 2 for k, v in request.query.items())
    if uri > LONGEST_URI:
        raise api_error("URI_TOO_LONG", "The request URI is too long.")
    if uri + sum(len(k) + len(v) + 4 for k, v in request.headers.items()) > LONGEST_URI:
        raise api_error("HEADERS_TOO_LONG", "The request headers are too long.")
    if request.headers.get("content-encoding", "").lower() != "gzip":
        return request.body
    try:
        unpacker = zlib.decompressobj(31)
        body = unpacker.decompress(request.body, LARGEST_BODY)
    except zlib.error:
        raise api_error("JSON_PARSER_ERROR", "The request body is not valid gzip.") from None
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise api_error("JSON_PARSER_ERROR", "The request body is not complete gzip.")
    return body


def _token(request: Request) -> str | None:
    session_header = request.headers.get("x-sfdc-session")
    if session_header is not None:
        return session_header.strip()
    authorization = request.headers.get("authorization")
    if authorization is None:
        return request.query.get("oauth_token")
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() not in ("bearer", "oauth"):
        raise api_error("INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE")
    return token.strip()


def _client_of(call_options: str) -> str:
    for option in call_options.split(","):
        name, _, value = option.strip().partition("=")
        if name.lower() == "client":
            return value
    return ""


# Answering


def _wants_xml(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    return request.wants_xml or ("xml" in accept and prefers_xml(accept))


def _planned_error(request: Request, fault: Fault) -> Response:
    error = fault.error
    if error is None:
        raise RuntimeError("a fault without an error is no planned error")
    if request.segments[:2] == ("services", "oauth2"):
        oauth = OAuthError(error.code, error.message or error.code.replace("_", " "))
        return oauth.response(status=error.http_status or 400)
    return error_response(api_error(error.code, error.message, status=error.http_status))


def _encoded(payload: Any) -> bytes:
    if payload is NO_BODY:
        return b""
    if isinstance(payload, bytes):
        return payload
    if isinstance(payload, str):
        return payload.encode()
    return orjson.dumps(payload)


async def _send(send: Send, request: Request, response: Response, limit_header: str | None) -> None:
    body = _encoded(response.payload)
    headers: list[tuple[bytes, bytes]] = list(_FIXED_HEADERS)
    if body or response.payload is not NO_BODY:
        headers.append((b"content-type", response.content_type.encode()))
    if limit_header is not None:
        headers.append((b"sforce-limit-info", limit_header.encode()))
    headers += [(name.lower().encode(), value.encode()) for name, value in response.headers]
    if body and _accepts_gzip(request.headers):
        packer = zlib.compressobj(1, zlib.DEFLATED, 31)
        body = packer.compress(body) + packer.flush()
        headers.append((b"content-encoding", b"gzip"))
    if response.status not in (204, 304):
        headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else body})


def _accepts_gzip(headers: Mapping[str, str]) -> bool:
    return "gzip" in headers.get("accept-encoding", "")
