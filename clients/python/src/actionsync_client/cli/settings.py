"""`actionsync settings` and `actionsync alerts`: how the service behaves, and what needs somebody."""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer
from actionsync.v1 import sync_settings_pb2 as contract
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message

from actionsync_client.cli.output import Column, JsonOption, enum_name, print_json, print_table, when
from actionsync_client.cli.running import run
from actionsync_client.client import Client

app = typer.Typer(no_args_is_help=True, help="Settings of the instance.")

Field = Any
"""A field descriptor; protobuf's two implementations of it have no type in common."""
_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_SPAN = re.compile(r"(\d+)([smhd])")


@app.command()
def show(
    section: Annotated[str, typer.Argument(help="Only this section, for example logging.")] = "",
    json: JsonOption = False,
) -> None:
    """Show the settings in force."""

    async def command(client: Client) -> None:
        settings = (await client.settings.GetSettings(contract.GetSettingsRequest())).settings
        if json:
            print_json(settings)
            return
        rows = [row for row in _rows(settings) if not section or row[0].startswith(f"{section}.")]
        print_table((Column("setting", whole=True), "value"), rows, nothing="there is no such section")

    run(command)


@app.command(name="set")
def change(
    path: Annotated[str, typer.Argument(help="Which, for example logging.log_emails.")],
    value: Annotated[str, typer.Argument(help="true, 20:00, two_way, 90s, 30d, a.example,b.example …")],
    check_only: Annotated[bool, typer.Option("--check", help="Only tell whether it could be set.")] = False,
    json: JsonOption = False,
) -> None:
    """Change one setting."""
    wanted = contract.Settings()
    section, field = _field(wanted, path)
    _write(section, field, value)

    async def command(client: Client) -> None:
        request = contract.UpdateSettingsRequest(
            settings=wanted, update_mask=FieldMask(paths=[path]), validate_only=check_only
        )
        settings = (await client.settings.UpdateSettings(request)).settings
        if json:
            print_json(settings)
            return
        print_table((Column("setting", whole=True), "value"), [row for row in _rows(settings) if row[0] == path])

    run(command)


@app.command()
def history(
    limit: Annotated[int, typer.Option(min=1, help="The most changes to show.")] = 50, json: JsonOption = False
) -> None:
    """List who changed what and when, newest first."""

    async def command(client: Client) -> None:
        request = contract.ListSettingsChangesRequest(page_size=min(limit, 1000))
        found: list[contract.SettingsChange] = []
        async for one in client.pages(client.settings.ListSettingsChanges, request):
            found.append(one)
            if len(found) == limit:
                break
        if json:
            print_json(found)
            return
        print_table(
            (Column("when (UTC)", whole=True), Column("setting", whole=True), "from", "to", "by"),
            [(when(one.change_time), one.path, one.old_value, one.new_value, one.user_id) for one in found],
            nothing="nothing was changed yet",
        )

    run(command)


def alerts(json: JsonOption = False) -> None:
    """List what needs somebody, each with its cure. Exit code 1 when there is anything."""

    async def command(client: Client) -> int:
        answer = await client.settings.ListAlerts(contract.ListAlertsRequest())
        if json:
            print_json(answer.alerts)
        else:
            print_table(
                (Column("alert", whole=True), "what is the matter", "what to do", "who", "since (UTC)"),
                [
                    (one.name, one.message, one.next_step, enum_name(one, "owner"), when(one.start_time))
                    for one in answer.alerts
                ],
                nothing="all is well",
            )
        return int(bool(answer.alerts))

    run(command)


def _rows(settings: contract.Settings) -> list[tuple[str, str]]:
    rows = []
    for section in settings.DESCRIPTOR.fields:
        if section.message_type is None:
            continue
        message = getattr(settings, section.name)
        rows += [(f"{section.name}.{one.name}", _shown(message, one)) for one in section.message_type.fields]
    return rows


def _shown(message: Message, field: Field) -> str:
    value: Any = getattr(message, field.name)
    if field.message_type is not None and field.message_type.full_name == "google.protobuf.Duration":
        return _span(value)
    if field.enum_type is not None:
        return enum_name(message, field.name)
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int) else ", ".join(value)


def _span(value: Duration) -> str:
    seconds = value.seconds
    for unit, size in reversed(_UNITS.items()):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def _field(settings: contract.Settings, path: str) -> tuple[Message, Field]:
    name, _, rest = path.partition(".")
    section = settings.DESCRIPTOR.fields_by_name.get(name)
    field = None if section is None or section.message_type is None else section.message_type.fields_by_name.get(rest)
    if field is None:
        raise typer.BadParameter("is no setting; `actionsync settings show` lists them", param_hint="PATH")
    return getattr(settings, name), field


def _write(section: Message, field: Field, text: str) -> None:
    if field.message_type is not None:
        found = _SPAN.fullmatch(text)
        if found is None:
            raise typer.BadParameter("is a span such as 90s, 10m, 4h or 30d", param_hint="VALUE")
        getattr(section, field.name).CopyFrom(Duration(seconds=int(found[1]) * _UNITS[found[2]]))
    elif field.enum_type is not None:
        names = {_short(field, one.name): one.number for one in field.enum_type.values if one.number}
        if text.lower() not in names:
            raise typer.BadParameter(f"is one of {', '.join(names)}", param_hint="VALUE")
        setattr(section, field.name, names[text.lower()])
    elif field.is_repeated:
        getattr(section, field.name).extend(part.strip() for part in text.split(",") if part.strip())
    elif field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        if text.lower() not in ("true", "false"):
            raise typer.BadParameter("is true or false", param_hint="VALUE")
        setattr(section, field.name, text.lower() == "true")
    elif field.cpp_type == FieldDescriptor.CPPTYPE_STRING:
        setattr(section, field.name, text)
    else:
        if not (text.isascii() and text.isdecimal()):
            raise typer.BadParameter("is a whole number", param_hint="VALUE")
        setattr(section, field.name, int(text))


def _short(field: Field, name: str) -> str:
    """Return an enum value's name without what all of them begin with, in small letters."""
    assert field.enum_type is not None
    zero = next(one.name for one in field.enum_type.values if one.number == 0)
    return name.removeprefix(zero.removesuffix("UNSPECIFIED")).lower()
