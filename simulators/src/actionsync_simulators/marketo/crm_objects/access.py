"""Who may use these calls while a CRM is synchronised natively: the CRM is the master of its objects then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actionsync_simulators.marketo.gateway.errors import api_error

if TYPE_CHECKING:
    from actionsync_simulators.marketo.subscription import Subscription


def check_read(site: Subscription) -> None:
    """Refuse (1018) a read where the whole API is off beside a CRM (switch `crm_objects`)."""
    if site.switches.crm != "none" and site.switches.crm_objects == "off":
        raise api_error("1018")


def check_write(site: Subscription) -> None:
    """Refuse (1018) a write while a CRM is synchronised natively."""
    if site.switches.crm != "none":
        raise api_error("1018")
