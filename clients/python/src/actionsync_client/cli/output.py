"""How results are shown: tables for people, the contract's own JSON for programs.

In a terminal a table fits the terminal: sentences are folded, ids never are, since they are there to be copied.
Anywhere else each row is one line of any length, without frames and colours, so that grep, cut and a mail can use it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, as the contract has it, instead of a table.")]

console = Console(highlight=False, markup=False)

_GAP = 2
#: The narrowest that a folded column may get before optional columns are left out.
_NARROWEST = 14


@dataclass(frozen=True, slots=True)
class Column:
    """A column. A whole one is never folded; an optional one is left out where the terminal is too narrow."""

    name: str
    whole: bool = False
    optional: bool = False


def print_json(value: Message | Iterable[Message]) -> None:
    """Print a message, or a list of messages, as JSON with the contract's field names."""
    shown = _as_dict(value) if isinstance(value, Message) else [_as_dict(one) for one in value]
    typer.echo(json.dumps(shown, indent=2, ensure_ascii=False))


def print_table(headers: Sequence[Column | str], rows: Iterable[Sequence[Any]], *, nothing: str = "none") -> None:
    """Print rows as a table, or `nothing` when there are none."""
    columns = [Column(header) if isinstance(header, str) else header for header in headers]
    cells = [[_cell(value) for value in row] for row in rows]
    if not cells:
        console.print(nothing)
    elif console.is_terminal:
        _print_fitted(columns, cells)
    else:
        _print_lines([[Text(column.name) for column in columns], *cells])


def print_fields(message: Message, *, without: Sequence[str] = ()) -> None:
    """Print one message as name and value, empty fields left out."""
    fields = [(field, value) for field, value in message.ListFields() if field.name not in without]
    cells = [[Text(field.name), Text(_clean(_field_text(field, value)))] for field, value in fields]
    if not console.is_terminal:
        _print_lines(cells)
        return
    table = Table(show_header=False, box=None, padding=(0, _GAP, 0, 0), pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for row in cells:
        table.add_row(*row)
    console.print(table)


def coloured(text: str, colour: str) -> Text:
    """Return text for a cell in a colour; a pipe gets the text alone."""
    return Text(text, style=colour)


def enum_name(message: Message, field: str) -> str:
    """Return the name of an enum field's value without its prefix, in lower case: `qualified`; "" for an unset one."""
    descriptor = message.DESCRIPTOR.fields_by_name[field]
    number = getattr(message, field)
    return _enum_text(descriptor, number) if number else ""


def when(moment: Timestamp) -> str:
    """Return a time as UTC text, "" for an unset one."""
    return moment.ToDatetime().strftime("%Y-%m-%d %H:%M:%S") if moment.seconds else ""


def _print_fitted(columns: list[Column], cells: list[list[Text]]) -> None:
    widths = [
        max(cell_len(column.name), *(row[place].cell_len for row in cells)) for place, column in enumerate(columns)
    ]
    shown = list(range(len(columns)))
    while _least(columns, widths, shown) > console.width:
        optional = [place for place in shown if columns[place].optional]
        if not optional:
            break
        shown.remove(optional[-1])
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, _GAP - 1, 0, 0), pad_edge=False)
    for place in shown:
        whole = columns[place].whole
        table.add_column(
            columns[place].name, overflow="fold", no_wrap=whole, min_width=widths[place] if whole else None
        )
    for row in cells:
        table.add_row(*(row[place] for place in shown))
    console.print(table, crop=False)
    left_out = [column.name for place, column in enumerate(columns) if place not in shown]
    if left_out:
        console.print(f"(too narrow for: {', '.join(left_out)}; a pipe or --json has all)", style="dim")


def _least(columns: list[Column], widths: list[int], shown: list[int]) -> int:
    """Return how wide a table of these columns is at least, with every folded column at its narrowest."""
    return sum(_GAP + (widths[place] if columns[place].whole else min(widths[place], _NARROWEST)) for place in shown)


def _print_lines(rows: list[list[Text]]) -> None:
    widths = [max(cell.cell_len for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (cell.plain + " " * (width - cell.cell_len) for cell, width in zip(row, widths, strict=True))
        typer.echo((" " * _GAP).join(padded).rstrip())


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


def _cell(value: Any) -> Text:
    return value if isinstance(value, Text) else Text(_clean(_text(value)))


def _clean(text: str) -> str:
    """Return text that is safe in a terminal and stays on one line: names and mails come from strangers."""
    return "".join(character if character.isprintable() else " " for character in text)


def _text(value: Any) -> str:
    if isinstance(value, Timestamp):
        return when(value)
    if isinstance(value, Message):
        return json.dumps(_as_dict(value), ensure_ascii=False)
    return str(value)


def _as_dict(message: Message) -> Any:
    return MessageToDict(message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)
