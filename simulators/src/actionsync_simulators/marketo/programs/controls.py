"""Control calls around programs: the token that a link in a mail carries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actionsync_simulators.control import ControlError, ControlRoute
from actionsync_simulators.marketo.programs.push import mail_token

if TYPE_CHECKING:
    from actionsync_simulators.marketo.subscription import Subscription


class ProgramControls:
    """The control calls of this package for one subscription."""

    def __init__(self, site: Subscription) -> None:
        self._site = site

    def routes(self) -> dict[tuple[str, str], ControlRoute]:
        """Return the calls by method and path."""
        return {("GET", "mail-token"): self.mail_token}

    def mail_token(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Return the `mkt_tok` of mails to a lead: a click would bring it to the page that calls push lead."""
        try:
            lead_id = int(arguments["lead"])
        except (KeyError, TypeError, ValueError):
            raise ControlError("lead is no id of a lead", hint="mail-token?lead=1001") from None
        if not self._site.leads.exists(lead_id):
            raise ControlError(f"there is no lead {lead_id}", hint="mail-token?lead=1001")
        return {"lead": lead_id, "mktToken": mail_token(self._site, lead_id)}
