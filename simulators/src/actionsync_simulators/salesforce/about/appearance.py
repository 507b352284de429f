"""How the org looks to its users: it has the tabs of its objects, and no colours and actions of its own."""

from __future__ import annotations

from actionsync_simulators.salesforce.gateway.messages import Request, Response
from actionsync_simulators.salesforce.state import Org


def tabs(org: Org, request: Request) -> Response:
    """GET {base}/tabs: one for each object whose rows are opened by users."""
    shown = [
        {
            "colors": [],
            "custom": sobject.custom,
            "iconUrl": "",
            "icons": [],
            "label": sobject.label_plural,
            "miniIconUrl": "",
            "name": sobject.name if sobject.custom else f"standard-{sobject.name}",
            "sobjectName": sobject.name,
            "url": f"{request.base_url}/{sobject.key_prefix}/o",
        }
        for sobject in org.schema
        if sobject.mru_enabled
    ]
    return Response(200, shown)


def theme(org: Org, request: Request) -> Response:
    """GET {base}/theme: icons and colours by object; none were chosen."""
    items = [{"colors": [], "icons": [], "name": sobject.name} for sobject in org.schema if sobject.layoutable]
    return Response(200, {"themeItems": items})


def quick_actions(org: Org, request: Request) -> Response:
    """GET {base}/quickActions: no global action is defined."""
    return Response(200, [])
