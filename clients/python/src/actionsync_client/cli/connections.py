"""`actionsync connections`: the logins to Marketo and Salesforce. Secrets are asked for or in the environment."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from actionsync.v1 import connections_pb2 as contract
from actionsync.v1.common_pb2 import SYSTEM_MARKETO, SYSTEM_SALESFORCE, System

from actionsync_client.cli.output import (
    Column,
    JsonOption,
    coloured,
    console,
    enum_name,
    print_json,
    print_table,
    when,
)
from actionsync_client.cli.running import run
from actionsync_client.client import Client

app = typer.Typer(no_args_is_help=True, help="The logins to Marketo and Salesforce.")

SystemName = Annotated[str, typer.Argument(metavar="SYSTEM", help="marketo or salesforce.")]
ClientId = Annotated[str, typer.Option(help="Client id.")]


def _asked(secret: str) -> str:
    """Return the secret, asked for where somebody can answer."""
    if secret:
        return secret
    if not sys.stdin.isatty():
        raise typer.BadParameter("is not given; ACTIONSYNC_CLIENT_SECRET can hold it")
    return str(typer.prompt("Client secret", hide_input=True, err=True))


Secret = Annotated[
    str,
    typer.Option(envvar="ACTIONSYNC_CLIENT_SECRET", callback=_asked, help="Client secret; asked for when not given."),
]
BaseUrl = Annotated[str, typer.Option(help="Base URL.")]
_COLOURS = {"ok": "green", "warning": "yellow", "error": "red"}
_SECONDS = 30


@app.command(name="list")
def list_connections(json: JsonOption = False) -> None:
    """List the connections."""

    async def command(client: Client) -> None:
        answer = await client.connections.ListConnections(contract.ListConnectionsRequest())
        if json:
            print_json(answer.connections)
            return
        print_table(
            (
                Column("system", whole=True),
                "of",
                Column("URL", whole=True),
                Column("client id", whole=True, optional=True),
                Column("account", whole=True),
                Column("connected (UTC)", whole=True, optional=True),
                "login",
            ),
            [
                (
                    enum_name(one, "system"),
                    one.user_id or "the instance",
                    one.base_url,
                    one.client_id,
                    one.account_id,
                    when(one.connect_time),
                    coloured("refused", "red") if one.login_refused else "accepted",
                )
                for one in answer.connections
            ],
        )

    run(command)


@app.command()
def marketo(
    munchkin_id: Annotated[str, typer.Option(help="Munchkin account id, such as 123-ABC-456.")],
    client_id: ClientId,
    client_secret: Secret = "",
    base_url: BaseUrl = "",
    json: JsonOption = False,
) -> None:
    """Connect the instance to Marketo."""
    request = contract.ConnectMarketoRequest(
        munchkin_id=munchkin_id, client_id=client_id, client_secret=client_secret, base_url=base_url
    )

    async def command(client: Client) -> None:
        answer = await client.connections.ConnectMarketo(request, timeout=_SECONDS)
        print_json(answer) if json else _show(answer.findings)

    run(command)


@app.command()
def salesforce(
    base_url: BaseUrl,
    client_id: ClientId,
    client_secret: Secret = "",
    refresh_token: Annotated[str, typer.Option(envvar="ACTIONSYNC_REFRESH_TOKEN", help="Refresh token.")] = "",
    pubsub_address: Annotated[
        str, typer.Option(help="host:port of the Pub/Sub API, where it is not Salesforce's own.")
    ] = "",
    json: JsonOption = False,
) -> None:
    """Connect the instance to Salesforce."""
    request = contract.ConnectSalesforceRequest(
        base_url=base_url,
        client_id=client_id,
        client_secret=client_secret,
        refresh_token=refresh_token,
        pubsub_address=pubsub_address,
    )

    async def command(client: Client) -> None:
        answer = await client.connections.ConnectSalesforce(request, timeout=_SECONDS)
        print_json(answer) if json else _show(answer.findings)

    run(command)


@app.command()
def check(system: SystemName, json: JsonOption = False) -> None:
    """Try a connection and tell what the system lacks. Exit code 1 when it does not work."""
    request = contract.CheckConnectionRequest(system=_system(system))

    async def command(client: Client) -> int:
        answer = await client.connections.CheckConnection(request, timeout=_SECONDS)
        if json:
            print_json(answer)
        elif answer.working:
            _show(answer.findings)
        else:
            console.print(f"does not work: {answer.error.message}", style="red", soft_wrap=True)
        return 0 if answer.working else 1

    run(command)


@app.command()
def disconnect(system: SystemName, json: JsonOption = False) -> None:
    """Forget a connection; what is on its way there waits for a new one."""
    request = contract.DisconnectRequest(system=_system(system))

    async def command(client: Client) -> None:
        answer = await client.connections.Disconnect(request)
        print_json(answer) if json else typer.echo("disconnected")

    run(command)


def _show(findings: Sequence[contract.Finding]) -> None:
    rows = []
    for finding in findings:
        severity = enum_name(finding, "severity")
        colour = _COLOURS.get(severity, "white")
        rows.append((coloured(severity, colour), finding.subject, finding.message, finding.next_step))
    print_table((Column("", whole=True), Column("what", whole=True), "found", "what to do"), rows)


def _system(name: str) -> System:
    known = {"marketo": SYSTEM_MARKETO, "salesforce": SYSTEM_SALESFORCE}
    if name.lower() not in known:
        raise typer.BadParameter("is marketo or salesforce", param_hint="SYSTEM")
    return known[name.lower()]
