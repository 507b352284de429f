"""The pages in HTML that whatever stands in front of an org answers with when it is out of reach."""

from __future__ import annotations

from html import escape
from http import HTTPStatus

from actionsync_simulators.faults import FaultError
from actionsync_simulators.salesforce.gateway.messages import Response

_PAGE = """<!DOCTYPE html>
<html><head><title>{status} {phrase}</title></head>
<body><h1>{phrase}</h1><p>{text}</p></body></html>
"""
_PHRASES = {status.value: status.phrase for status in HTTPStatus}


def gateway_page(error: FaultError) -> Response | None:
    """The answer of a planned error whose code is an HTTP status from 400 up, such as 502; None for any other code."""
    if not (error.code.isdecimal() and len(error.code) == 3 and error.code >= "400"):
        return None
    status = error.http_status or int(error.code)
    phrase = _PHRASES.get(status, "Error")
    text = escape(error.message or "The server is temporarily unable to service your request. Please try again later.")
    page = _PAGE.format(status=status, phrase=phrase, text=text)
    return Response(status, page, content_type="text/html;charset=UTF-8", code=error.code)
