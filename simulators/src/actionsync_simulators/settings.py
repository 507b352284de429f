"""What can be set when the simulators are started, with the defaults of the command."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from actionsync_simulators.marketo.switches import MarketoSwitches
    from actionsync_simulators.salesforce.switches import SalesforceSwitches


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one run. Ports may be 0 for a free one; `as_of` None means now.

    Pub/Sub, TLS and proxy are off where their port is None, but a proxy opens the TLS ports that it leads to. `ca_out`
    is the file that gets the certificate of the authority behind the TLS ports. Switches None means all default.
    """

    host: str = "127.0.0.1"
    marketo_port: int = 8081
    salesforce_port: int = 8082
    pubsub_port: int | None = 7443
    marketo_tls_port: int | None = None
    salesforce_tls_port: int | None = None
    pubsub_tls_port: int | None = None
    proxy_port: int | None = None
    ca_out: Path | None = None
    people: int = 10_000
    seed: int = 1
    limits: Literal["vendor", "off"] = "vendor"
    as_of: datetime | None = None
    csv_leads: Path | None = None
    csv_contacts: Path | None = None
    csv_marketo_leads: Path | None = None
    native_sync_seconds: float = 300.0
    adobe_actions: bool = False
    marketo_switches: MarketoSwitches | None = None
    salesforce_switches: SalesforceSwitches | None = None
    client_id: str = "simulator-client"
    client_secret: str = "simulator-secret"  # noqa: S105 - documented, opens nothing but a simulator
    salesforce_username: str = "admin@simulator.example"
    salesforce_password: str = "simulator-password"  # noqa: S105
    salesforce_refresh_token: str = "simulator-refresh-token"  # noqa: S105
    munchkin_id: str = "123-ABC-456"

    @property
    def encrypted(self) -> bool:
        """Whether anything is to be served over TLS."""
        return any(
            port is not None
            for port in (self.marketo_tls_port, self.salesforce_tls_port, self.pubsub_tls_port, self.proxy_port)
        )
