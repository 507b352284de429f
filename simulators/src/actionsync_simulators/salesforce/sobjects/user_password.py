"""The password of a user: whether it has expired, another one, a new one."""

from __future__ import annotations

from actionsync_simulators.salesforce.auth.passwords import reset_password, set_password
from actionsync_simulators.salesforce.gateway.errors import json_parser_error, not_found
from actionsync_simulators.salesforce.gateway.messages import Request, Response, no_content
from actionsync_simulators.salesforce.rows.lookup import id_in_path
from actionsync_simulators.salesforce.state import Org


def show(org: Org, request: Request, user_id: str) -> Response:
    """GET {base}/sobjects/User/{id}/password. Passwords do not expire here."""
    _user(org, user_id)
    return Response(200, {"isExpired": False})


def change(org: Org, request: Request, user_id: str) -> Response:
    """POST {base}/sobjects/User/{id}/password with {"NewPassword": "…"}."""
    known = _user(org, user_id)
    password = request.json_object().get("NewPassword")
    if not isinstance(password, str):
        raise json_parser_error("NewPassword must be a string at [line:1, column:1]")
    set_password(org, known, password)
    return no_content()


def reset(org: Org, request: Request, user_id: str) -> Response:
    """DELETE {base}/sobjects/User/{id}/password: the answer has the new one."""
    return Response(200, {"NewPassword": reset_password(org, _user(org, user_id))})


def _user(org: Org, user_id: str) -> str:
    sobject = org.sobject("User")
    known = id_in_path(sobject, user_id)
    if org.row(sobject, known) is None:
        raise not_found()
    return known
