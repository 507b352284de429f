"""The entrance of the SOAP API: envelope, session and limits, then the operation; every refusal becomes a fault."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from actionsync_simulators.faults import FaultError
from actionsync_simulators.salesforce.about.resources import checked_version
from actionsync_simulators.salesforce.auth.passwords import Passwords
from actionsync_simulators.salesforce.auth.scopes import opens_rest
from actionsync_simulators.salesforce.auth.sessions import Session
from actionsync_simulators.salesforce.gateway.errors import ApiError, api_error, method_not_allowed, not_found
from actionsync_simulators.salesforce.gateway.messages import Request, Response
from actionsync_simulators.salesforce.gateway.xml import element
from actionsync_simulators.salesforce.rows.write_options import Write, change_origin
from actionsync_simulators.salesforce.soap import people, sessions
from actionsync_simulators.salesforce.soap.envelope import Call, answer, read_call, unknown_operation
from actionsync_simulators.salesforce.soap.faults import (
    ENTERPRISE,
    PARTNER,
    ClientFault,
    SoapFault,
    client_fault_response,
    fault_of,
    fault_response,
)
from actionsync_simulators.salesforce.state import Org

DOORS = {"u": PARTNER, "c": ENTERPRISE}
XML_TYPES = ("text/xml", "application/xml", "application/soap+xml")
Admit = Callable[[Request, Session | None], None]


class SoapApi:
    """Answers the calls to /services/Soap/u/XX.0 (partner) and /services/Soap/c/XX.0 (enterprise)."""

    def __init__(self, org: Org, passwords: Passwords) -> None:
        self._org = org
        self._passwords = passwords

    def answer(self, request: Request, door: str, version: str, *, admit: Admit) -> Response:
        """Answer a call; `admit` finds the user of a session and counts the call, or raises ApiError."""
        kind = DOORS.get(door)
        if kind is None:
            raise not_found()
        if request.method != "POST":
            raise method_not_allowed(request.method, ["POST"])
        content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if content_type not in XML_TYPES:
            raise api_error("UNSUPPORTED_MEDIA_TYPE", f"The content type {content_type or 'none'} is not supported.")
        try:
            request.version = self._checked(version)
            call = read_call(request.body, kind=kind)
            return answer(call.name, self._result(request, call, kind, admit), kind=kind)
        except ClientFault as fault:
            return client_fault_response(fault, kind=kind)
        except SoapFault as fault:
            return fault_response(fault, kind=kind)
        except ApiError as error:
            return fault_response(fault_of(error), kind=kind)

    def refuse(self, door: Sequence[str], error: FaultError) -> Response:
        """The answer to a call that a planned fault falls on."""
        kind = DOORS.get(door[0] if door else "", PARTNER)
        return fault_response(SoapFault(error.code, error.message), kind=kind, status=error.http_status or 500)

    def _checked(self, version: str) -> str:
        try:
            return checked_version(self._org, f"v{version}")
        except ApiError:
            raise SoapFault("UNSUPPORTED_API_VERSION") from None

    def _result(self, request: Request, call: Call, kind: str, admit: Admit) -> str:
        org = self._org
        if call.name == "login":
            session = sessions.start_session(org, self._passwords, call)
            admit(request, session)
            return sessions.login_result(org, request, session, kind=kind)
        if call.name not in OPERATIONS:
            raise unknown_operation(call.operation)
        found = None if call.session_id is None else org.sessions.use(call.session_id)
        if found is None or not opens_rest(found.scope):
            raise SoapFault("INVALID_SESSION_ID")
        admit(request, found)
        return OPERATIONS[call.name](org, request, call, found)


def _logout(org: Org, _: Request, __: Call, session: Session) -> str:
    org.sessions.revoke(session.token)
    return ""


def _user_info(org: Org, _: Request, __: Call, session: Session) -> str:
    return sessions.user_info_result(org, session)


def _timestamp(org: Org, _: Request, __: Call, ___: Session) -> str:
    now = org.now_text().replace("+0000", "Z")
    return f"<result>{element('timestamp', now)}</result>"


def _convert_lead(org: Org, request: Request, call: Call, _: Session) -> str:
    return people.convert_leads(org, _write(org, request, call), call.operation)


def _merge(org: Org, request: Request, call: Call, _: Session) -> str:
    return people.merge_records(org, _write(org, request, call), call.operation)


OPERATIONS: dict[str, Callable[[Org, Request, Call, Session], str]] = {
    "logout": _logout,
    "getUserInfo": _user_info,
    "getServerTimestamp": _timestamp,
    "convertLead": _convert_lead,
    "merge": _merge,
}
"""The operations of a session by name."""


def _write(org: Org, request: Request, call: Call) -> Write:
    return Write(
        caller=replace(request.user, client=call.client),
        now=org.now_text(),
        allow_duplicates=call.allow_duplicates,
        version=request.version,
        origin=change_origin("soap", request.version, call.client),
    )
