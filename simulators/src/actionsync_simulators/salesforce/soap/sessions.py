"""Operations about the session: login, logout, and who is logged in."""

from __future__ import annotations

from actionsync_simulators.salesforce.auth.identity import user_row
from actionsync_simulators.salesforce.auth.passwords import LoginRefused, Passwords
from actionsync_simulators.salesforce.auth.sessions import Session
from actionsync_simulators.salesforce.gateway.errors import invalid_session
from actionsync_simulators.salesforce.gateway.messages import Request
from actionsync_simulators.salesforce.gateway.xml import element
from actionsync_simulators.salesforce.soap.envelope import Call, text_in
from actionsync_simulators.salesforce.soap.faults import ENTERPRISE, SoapFault
from actionsync_simulators.salesforce.state import Org, Row

SCOPE = "full"
LARGEST_ATTACHMENT = 26_214_400


def start_session(org: Org, passwords: Passwords, call: Call) -> Session:
    """The session of a login. Raises SoapFault."""
    username = text_in(call.operation, "username") or ""
    try:
        user = passwords.user(username, text_in(call.operation, "password") or "")
    except LoginRefused as refused:
        raise SoapFault(refused.reason) from None
    if not user["IsActive"]:
        raise SoapFault("INVALID_LOGIN")
    return org.sessions.issue(user_id=user["Id"], client_id=call.client, scope=SCOPE)


def login_result(org: Org, request: Request, session: Session, *, kind: str) -> str:
    """The result of a login. Some clients read its elements by position: they stand in the order of the WSDL."""
    organization = org.organization_id[:15]
    soap = f"{request.base_url}/services/Soap"
    door = "c" if kind == ENTERPRISE else "u"
    members = (
        element("metadataServerUrl", f"{soap}/m/{request.version}/{organization}")
        + element("passwordExpired", False)
        + element("sandbox", False)
        + element("serverUrl", f"{soap}/{door}/{request.version}/{organization}")
        + element("sessionId", session.token)
        + element("userId", session.user_id)
    )
    return f"<result>{members}<userInfo>{user_info(org, _user(org, session))}</userInfo></result>"


def user_info_result(org: Org, session: Session) -> str:
    """The result of getUserInfo."""
    return f"<result>{user_info(org, _user(org, session))}</result>"


def user_info(org: Org, user: Row) -> str:
    """Who the user is, and what is set in the org."""
    values = {
        "accessibilityMode": False,
        "chatterExternal": False,
        "currencySymbol": "$",
        "orgAttachmentFileSizeLimit": LARGEST_ATTACHMENT,
        "orgDefaultCurrencyIsoCode": "USD",
        "orgDefaultCurrencyLocale": "en_US",
        "orgDisallowHtmlAttachments": False,
        "orgHasPersonAccounts": False,
        "organizationId": org.organization_id,
        "organizationMultiCurrency": False,
        "organizationName": org.switches.organization_name,
        "profileId": user["ProfileId"],
        "roleId": user["UserRoleId"],
        "sessionSecondsValid": int(org.sessions.timeout.total_seconds()),
        "userDefaultCurrencyIsoCode": None,
        "userEmail": user["Email"],
        "userFullName": user["Name"],
        "userId": user["Id"],
        "userLanguage": user["LanguageLocaleKey"],
        "userLocale": user["LocaleSidKey"],
        "userName": user["Username"],
        "userTimeZone": user["TimeZoneSidKey"],
        "userType": user["UserType"],
        "userUiSkin": "Theme3",
    }
    return "".join(element(name, value) for name, value in values.items())


def _user(org: Org, session: Session) -> Row:
    user = user_row(org, session.user_id)
    if user is None:
        raise invalid_session()
    return user
