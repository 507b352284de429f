"""The logins of an instance, and the clients made from them.

`ConnectionRegistry` hands out one client for each connection, so that its pace and its token are shared by every flow.
`ConnectionsFlow` connects, checks and disconnects; a login is tried before it is stored.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import structlog

from actionsync_server.clock import Clock, Micros
from actionsync_server.flows.preflight import look_at_marketo, look_at_salesforce, whose_login
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.model.connections import PUBSUB_ADDRESS, Connection, Finding, Secrets
from actionsync_server.model.directory import User
from actionsync_server.model.errors import InvalidInput, NotConnected, NotFound, System, SystemFailure, Violation
from actionsync_server.store.connections import Connections, ConnectionWrites
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.directory import Directory, DirectoryWrites
from actionsync_server.store.secrets import SecretBox
from actionsync_server.systems.call_counter import CallLedger
from actionsync_server.systems.clients import MarketoLogin, SalesforceLogin, SystemClients
from actionsync_server.systems.marketo import Marketo
from actionsync_server.systems.salesforce import Salesforce

log = structlog.get_logger(__name__)

#: Told after a connection was made or forgotten, so that what waited for it goes on.
Listener = Callable[[str, System, str], Awaitable[None]]


class ConnectionRegistry:
    """One client for each connection of each instance, made when it is first asked for."""

    def __init__(self, database: Database, *, clients: SystemClients, settings: SettingsFlow, box: SecretBox) -> None:
        self._database = database
        self._clients = clients
        self._settings = settings
        self._box = box
        self._marketo: dict[str, Marketo] = {}
        self._salesforce: dict[tuple[str, str], Salesforce] = {}
        self._ledgers: dict[tuple[str, System], CallLedger] = {}

    async def marketo(self, instance_id: str) -> Marketo:
        """Return the instance's Marketo client; raises NotConnected."""
        client = self._marketo.get(instance_id)
        if client is None:
            connection, secrets = await self._login(instance_id, System.MARKETO, "")
            client = await self.marketo_client(instance_id, connection, secrets)
            client = self._marketo.setdefault(instance_id, client)
        settings = await self._settings.get(instance_id)
        client.set_pace(settings.people.pace)
        self.ledger(instance_id, System.MARKETO).limit = settings.marketo.daily_call_limit or None
        return client

    async def salesforce(self, instance_id: str, user_id: str = "") -> Salesforce:
        """Return the Salesforce client of the instance, or of one user; raises NotConnected."""
        client = self._salesforce.get((instance_id, user_id))
        if client is None:
            connection, secrets = await self._login(instance_id, System.SALESFORCE, user_id)
            client = self.salesforce_client(instance_id, connection, secrets)
            client = self._salesforce.setdefault((instance_id, user_id), client)
        return client

    def ledger(self, instance_id: str, system: System) -> CallLedger:
        """Return the ledger of an instance's calls to a system, whatever client makes them."""
        return self._ledgers.setdefault((instance_id, system), self._clients.new_ledger())

    async def marketo_client(self, instance_id: str, connection: Connection, secrets: Secrets) -> Marketo:
        """Make a client without remembering it."""
        settings = await self._settings.get(instance_id)
        login = MarketoLogin(
            base_url=connection.base_url,
            client_id=connection.client_id,
            client_secret=secrets.client_secret,
            munchkin_id=connection.account_id,
        )
        return self._clients.marketo(login, pace=settings.people.pace, ledger=self.ledger(instance_id, System.MARKETO))

    def salesforce_client(self, instance_id: str, connection: Connection, secrets: Secrets) -> Salesforce:
        """Make a client without remembering it."""

        async def keep(refresh_token: str) -> None:
            renewed = replace_refresh_token(secrets, refresh_token)

            async def work(transaction: Transaction) -> None:
                writes = ConnectionWrites(transaction, instance_id, self._box)
                await writes.set_secrets(System.SALESFORCE, renewed, connection.user_id)

            await self._database.write(work)

        login = SalesforceLogin(
            base_url=connection.base_url,
            client_id=connection.client_id,
            client_secret=secrets.client_secret,
            refresh_token=secrets.refresh_token,
        )
        return self._clients.salesforce(
            login, on_refresh_token=keep, ledger=self.ledger(instance_id, System.SALESFORCE)
        )

    async def connection(self, instance_id: str, system: System) -> Connection | None:
        """Return the instance's own connection to a system, without secrets."""
        return await Connections(self._database, instance_id, self._box).get(system)

    async def details(self, instance_id: str, system: System) -> dict[str, Any]:
        """Return what the preflight of the instance's connection learned; {} when there is none."""
        connection = await self.connection(instance_id, system)
        return {} if connection is None else connection.details

    async def set_details(self, instance_id: str, system: System, details: dict[str, Any]) -> None:
        """Replace what the preflight learned."""

        async def work(transaction: Transaction) -> None:
            await ConnectionWrites(transaction, instance_id, self._box).set_details(system, details)

        await self._database.write(work)

    async def connected_users(self, instance_id: str, system: System) -> set[str]:
        """Return the users who have a connection of their own."""
        found = await Connections(self._database, instance_id, self._box).list()
        return {one.user_id for one in found if one.system is system and one.user_id}

    async def mark_login_refused(
        self, instance_id: str, system: System, user_id: str = "", *, refused: bool = True
    ) -> None:
        """Note that a system does not take the login any more, or takes it again."""

        async def work(transaction: Transaction) -> None:
            writes = ConnectionWrites(transaction, instance_id, self._box)
            await writes.set_login_refused(system, refused, user_id)

        await self._database.write(work)

    def forget(self, instance_id: str, system: System, user_id: str) -> None:
        """Drop a remembered client; the next call makes a new one."""
        if system is System.MARKETO:
            self._marketo.pop(instance_id, None)
        else:
            self._salesforce.pop((instance_id, user_id), None)

    async def _login(self, instance_id: str, system: System, user_id: str) -> tuple[Connection, Secrets]:
        stored = Connections(self._database, instance_id, self._box)
        connection = await stored.get(system, user_id)
        secrets = await stored.secrets(system, user_id)
        if connection is None or secrets is None:
            raise NotConnected(system, user_id)
        return connection, secrets


class ConnectionsFlow:
    """Connects, checks, lists and disconnects."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        registry: ConnectionRegistry,
        settings: SettingsFlow,
        box: SecretBox,
        allow_plain_http: bool,
    ) -> None:
        self._database = database
        self._clock = clock
        self._registry = registry
        self._settings = settings
        self._box = box
        self._allow_plain_http = allow_plain_http
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> None:
        """Call `listener(instance_id, system, user_id)` after every connection made or forgotten."""
        self._listeners.append(listener)

    async def connect_marketo(
        self, instance_id: str, *, munchkin_id: str, base_url: str, client_id: str, client_secret: str, by: str
    ) -> tuple[Connection, list[Finding]]:
        """Try the login, make what Marketo lacks, store the connection; raises the system's failure."""
        url = base_url or f"https://{munchkin_id.lower()}.mktorest.com"
        self._check_url(url)
        connection = self._new(System.MARKETO, "", url, client_id=client_id, account_id=munchkin_id, by=by)
        secrets = Secrets(client_secret)
        client = await self._registry.marketo_client(instance_id, connection, secrets)
        linkedin_field = (await self._settings.get(instance_id)).people.linkedin_field
        findings, details = await look_at_marketo(client, linkedin_field=linkedin_field, prepare_types=True)
        await self._keep(instance_id, replace(connection, details=details), secrets)
        return replace(connection, details=details), findings

    async def connect_salesforce(
        self,
        instance_id: str,
        *,
        user_id: str,
        base_url: str,
        client_id: str,
        client_secret: str,
        refresh_token: str,
        by: str,
        pubsub_address: str = "",
    ) -> tuple[Connection, list[Finding]]:
        """Try the login and store the connection, the instance's or one user's.

        `pubsub_address`, for the instance's only, is where change events come from if not from Salesforce's own.
        """
        self._check_url(base_url)
        user = await Directory(self._database, instance_id).user(user_id) if user_id else None
        if user_id and user is None:
            raise NotFound("user", user_id)
        if user_id:
            await self._require_same_org(instance_id, base_url)
        connection = self._new(System.SALESFORCE, user_id, base_url, client_id=client_id, account_id="", by=by)
        secrets = Secrets(client_secret, refresh_token)
        client = self._registry.salesforce_client(instance_id, connection, secrets)
        connection = replace(connection, account_id=await client.whoami())
        findings, details = await look_at_salesforce(client, for_user=bool(user_id))
        connection = replace(connection, details=details | ({PUBSUB_ADDRESS: pubsub_address} if pubsub_address else {}))
        if user is not None:
            findings.append(whose_login(user.salesforce_user_id, connection.account_id))
            if not user.salesforce_user_id:
                user = replace(user, salesforce_user_id=connection.account_id)
        await self._keep(instance_id, connection, secrets, user=user)
        return connection, findings

    async def check(self, instance_id: str, system: System, user_id: str = "") -> tuple[list[Finding], Micros]:
        """Use a connection once and look at the system; return the findings and how long the first call took.

        Raises NotConnected, or the system's failure in plain language.
        """
        began = self._clock.now()
        try:
            if system is System.MARKETO:
                marketo = await self._registry.marketo(instance_id)
                await marketo.usage_today()
                took = self._clock.now() - began
                linkedin_field = (await self._settings.get(instance_id)).people.linkedin_field
                findings, details = await look_at_marketo(marketo, linkedin_field=linkedin_field, prepare_types=False)
            else:
                salesforce = await self._registry.salesforce(instance_id, user_id)
                await salesforce.whoami()
                took = self._clock.now() - began
                salesforce.invalidate()
                findings, details = await look_at_salesforce(salesforce, for_user=bool(user_id))
        except SystemFailure:
            log.warning("connection_check_failed", instance_id=instance_id, system=system.name, user_id=user_id)
            raise
        if not user_id:
            given = (await self._registry.details(instance_id, system)).get(PUBSUB_ADDRESS)
            await self._registry.set_details(instance_id, system, details | ({PUBSUB_ADDRESS: given} if given else {}))
        await self._registry.mark_login_refused(instance_id, system, user_id, refused=False)
        await self._tell(instance_id, system, user_id)
        return findings, took

    async def list(self, instance_id: str) -> list[Connection]:
        """Return all connections, without secrets."""
        return await Connections(self._database, instance_id, self._box).list()

    async def disconnect(self, instance_id: str, system: System, user_id: str = "") -> None:
        """Forget a connection; raises NotConnected when there is none."""

        async def work(transaction: Transaction) -> bool:
            return await ConnectionWrites(transaction, instance_id, self._box).delete(system, user_id)

        if not await self._database.write(work):
            raise NotConnected(system, user_id)
        self._registry.forget(instance_id, system, user_id)
        await self._tell(instance_id, system, user_id)

    def _new(self, system: System, user_id: str, url: str, *, client_id: str, account_id: str, by: str) -> Connection:
        return Connection(
            system=system,
            user_id=user_id,
            base_url=url.rstrip("/"),
            client_id=client_id,
            account_id=account_id,
            connect_user_id=by,
            connect_time=self._clock.now(),
            login_refused=False,
        )

    async def _keep(
        self, instance_id: str, connection: Connection, secrets: Secrets, *, user: User | None = None
    ) -> None:
        """Store a connection, and the user whom it is of as we know them now."""

        async def work(transaction: Transaction) -> None:
            await ConnectionWrites(transaction, instance_id, self._box).put(connection, secrets)
            if user is not None:
                await DirectoryWrites(transaction, instance_id).upsert(user)

        await self._database.write(work)
        self._registry.forget(instance_id, connection.system, connection.user_id)
        await self._tell(instance_id, connection.system, connection.user_id)

    async def _tell(self, instance_id: str, system: System, user_id: str) -> None:
        for listener in self._listeners:
            await listener(instance_id, system, user_id)

    async def _require_same_org(self, instance_id: str, base_url: str) -> None:
        """Refuse a user's login to another org than the instance's: their Tasks would be about records of strangers."""
        known = await Connections(self._database, instance_id, self._box).get(System.SALESFORCE)
        if known is None:
            raise NotConnected(System.SALESFORCE)
        if base_url.rstrip("/") != known.base_url:
            raise InvalidInput([Violation("base_url", f"users connect to the instance's own org, {known.base_url}")])

    def _check_url(self, url: str) -> None:
        """Refuse URLs that would send a secret in the clear or somewhere unexpected."""
        parts = urlsplit(url)
        plain = parts.scheme == "http" and self._allow_plain_http and _is_loopback(parts.hostname or "")
        if not parts.hostname or not (parts.scheme == "https" or plain) or parts.username or parts.query:
            text = "give an https URL such as https://example.my.salesforce.com"
            if parts.scheme == "http":
                text += "; plain http is for simulators on loopback, where the server's allow_plain_http says so"
            raise InvalidInput([Violation("base_url", text)])


def replace_refresh_token(secrets: Secrets, refresh_token: str) -> Secrets:
    """Return the secrets with a rotated refresh token."""
    return Secrets(secrets.client_secret, refresh_token)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
