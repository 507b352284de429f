"""Who a token belongs to: userinfo and the identity URL."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from actionsync_simulators.salesforce.auth.sessions import Session
from actionsync_simulators.salesforce.gateway.messages import Request, Response
from actionsync_simulators.salesforce.state import Org, Row


def userinfo(org: Org, request: Request, session: Session | None) -> Response:
    """GET or POST /services/oauth2/userinfo."""
    user = None if session is None else user_row(org, session.user_id)
    if user is None:
        return _refused(403, "Bad_OAuth_Token")
    photos = _photos(request)
    return Response(
        200,
        {
            "sub": identity_url(org, request, user["Id"]),
            "user_id": user["Id"],
            "organization_id": org.organization_id,
            "preferred_username": user["Username"],
            "nickname": user["CommunityNickname"],
            "name": user["Name"],
            "email": user["Email"],
            "email_verified": True,
            "given_name": user["FirstName"],
            "family_name": user["LastName"],
            "zoneinfo": user["TimeZoneSidKey"],
            "photos": photos,
            "profile": f"{request.base_url}/{user['Id']}",
            "picture": photos["picture"],
            "address": {"country": "US"},
            "is_salesforce_integration_user": user["Id"] == org.api_user_id,
            "urls": _urls(org, request, user["Id"]),
            "active": bool(user["IsActive"]),
            "user_type": "STANDARD",
            "language": user["LanguageLocaleKey"],
            "locale": user["LocaleSidKey"],
            "utcOffset": _utc_offset(user),
            "updated_at": user["LastModifiedDate"].replace(".000+0000", "Z"),
            "is_app_installed": True,
        },
    )


def identity(org: Org, request: Request, session: Session | None, *, org_id: str, user_id: str) -> Response:
    """GET /id/<org>/<user>."""
    if session is None:
        missing = "authorization" not in request.headers and "oauth_token" not in request.query
        return _refused(403, "Missing_OAuth_Token" if missing else "Bad_OAuth_Token")
    if org_id[:15] != org.organization_id[:15]:
        return _refused(403, "Wrong_Org")
    user = user_row(org, user_id)
    if user is None:
        return _refused(404, "Bad_Id")
    if not user["IsActive"]:
        return _refused(404, "Inactive")
    return Response(
        200,
        {
            "id": identity_url(org, request, user["Id"]),
            "asserted_user": user["Id"] == session.user_id,
            "user_id": user["Id"],
            "organization_id": org.organization_id,
            "username": user["Username"],
            "nick_name": user["CommunityNickname"],
            "display_name": user["Name"],
            "email": user["Email"],
            "email_verified": True,
            "first_name": user["FirstName"],
            "last_name": user["LastName"],
            "timezone": user["TimeZoneSidKey"],
            "photos": _photos(request),
            "addr_street": None,
            "addr_city": None,
            "addr_state": None,
            "addr_country": "US",
            "addr_zip": None,
            "mobile_phone": user["MobilePhone"],
            "mobile_phone_verified": False,
            "is_lightning_login_user": False,
            "status": {"created_date": None, "body": None},
            "urls": _urls(org, request, user["Id"]),
            "active": True,
            "user_type": "STANDARD",
            "language": user["LanguageLocaleKey"],
            "locale": user["LocaleSidKey"],
            "utcOffset": _utc_offset(user),
            "last_modified_date": user["LastModifiedDate"],
            "is_app_installed": True,
        },
    )


def identity_url(org: Org, request: Request, user_id: str) -> str:
    """The identity URL of a user, on the host the client used."""
    return f"{request.base_url}/id/{org.organization_id}/{user_id}"


def user_row(org: Org, user_id: str) -> Row | None:
    """The row of a user, active or not."""
    return org.row(org.sobject("User"), user_id)


def _photos(request: Request) -> dict[str, str]:
    base = f"{request.base_url}/profilephoto/005"
    return {"picture": f"{base}/F", "thumbnail": f"{base}/T"}


def _utc_offset(user: Row) -> int:
    """Milliseconds from UTC in winter, as the vendor tells it all year."""
    winter = datetime(2024, 1, 1, tzinfo=ZoneInfo(user["TimeZoneSidKey"]))
    offset = winter.utcoffset()
    return 0 if offset is None else int(offset.total_seconds() * 1000)


def _urls(org: Org, request: Request, user_id: str) -> dict[str, Any]:
    base, organization = request.base_url, org.organization_id
    soap, data = f"{base}/services/Soap", f"{base}/services/data/v{{version}}"
    chatter = f"{data}/chatter"
    return {
        "enterprise": f"{soap}/c/{{version}}/{organization}",
        "metadata": f"{soap}/m/{{version}}/{organization}",
        "partner": f"{soap}/u/{{version}}/{organization}",
        "rest": f"{data}/",
        "sobjects": f"{data}/sobjects/",
        "search": f"{data}/search/",
        "query": f"{data}/query/",
        "recent": f"{data}/recent/",
        "tooling_soap": f"{soap}/T/{{version}}/{organization}",
        "tooling_rest": f"{data}/tooling/",
        "profile": f"{base}/{user_id}",
        "feeds": f"{chatter}/feeds",
        "groups": f"{chatter}/groups",
        "users": f"{chatter}/users",
        "feed_items": f"{chatter}/feed-items",
        "feed_elements": f"{chatter}/feed-elements",
        "custom_domain": base,
    }


def _refused(status: int, text: str) -> Response:
    return Response(status, text, code=text, content_type="text/plain;charset=UTF-8")
