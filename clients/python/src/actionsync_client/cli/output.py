"""How results are shown: tables for people, the contract's own JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from rich.console import Console
from rich.table import Table

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, as the contract has it, instead of a table.")]

console = Console(highlight=False)


def print_json(value: Message | Iterable[Message]) -> None:
    """Print a message, or a list of messages, as JSON with the contract's field names."""
    shown = _as_dict(value) if isinstance(value, Message) else [_as_dict(one) for one in value]
    typer.echo(json.dumps(shown, indent=2, ensure_ascii=False))


def print_table(headers: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = "") -> None:
    """Print rows as a table, or say that there is nothing."""
    table = Table(title=title or None, title_justify="left")
    for header in headers:
        table.add_column(header, overflow="fold")
    count = 0
    for row in rows:
        count += 1
        table.add_row(*(_text(value) for value in row))
    console.print(table if count else "nothing found")


def print_fields(message: Message) -> None:
    """Print one message as name and value, empty fields left out."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for field, value in message.ListFields():
        table.add_row(f"[dim]{field.name}[/dim]", _field_text(field, value))
    console.print(table)


def enum_name(message: Message, field: str) -> str:
    """Return the name of an enum field's value without its prefix, in lower case: `qualified`."""
    descriptor = message.DESCRIPTOR.fields_by_name[field]
    return _enum_text(descriptor, getattr(message, field))


def when(moment: Timestamp) -> str:
    """Return a time as UTC text, "" for an unset one."""
    return moment.ToDatetime().strftime("%Y-%m-%d %H:%M:%S") if moment.seconds else ""


def _enum_text(field: Any, number: int) -> str:
    values = field.enum_type.values_by_number
    if number not in values:
        return str(number)
    prefix = values[0].name.removesuffix("UNSPECIFIED")
    return str(values[number].name).removeprefix(prefix).lower()


def _field_text(field: Any, value: Any) -> str:
    values = list(value) if field.is_repeated else [value]
    if field.enum_type is not None:
        return ", ".join(_enum_text(field, one) for one in values)
    return ", ".join(_text(one) for one in values)


def _text(value: Any) -> str:
    if isinstance(value, Timestamp):
        return when(value)
    if isinstance(value, Message):
        return json.dumps(_as_dict(value), ensure_ascii=False)
    return str(value)


def _as_dict(message: Message) -> Any:
    return MessageToDict(message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)
