"""Lines of bulk files: values between separators, quoted only where they must be."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Any

FORMATS = ("CSV", "TSV", "SSV")
SEMICOLON = ";"


def separator(name: str, *, ssv: str = SEMICOLON) -> str:
    """Return the separator of a format; `ssv` is that of SSV."""
    return {"CSV": ",", "TSV": "\t", "SSV": ssv}[name]


def content_type(name: str) -> bytes:
    """Return the Content-Type of a file in this format."""
    return b"text/csv" if name == "CSV" else b"text/plain"


class LineWriter:
    """Formats rows as lines, each ended by a bare LF."""

    def __init__(self, delimiter: str) -> None:
        self._lines: list[str] = []
        # The writer is told CR LF, because it quotes only characters of its own line end.
        self._writer = csv.writer(self, delimiter=delimiter, lineterminator="\r\n")

    def write(self, line: str) -> None:
        """Take a line of the csv writer."""
        self._lines.append(line[:-2])

    def line(self, row: Iterable[Any]) -> str:
        """Return one row as a line."""
        self._writer.writerow(row)
        return f"{self._lines.pop()}\n"

    def block(self, rows: Iterable[Iterable[Any]]) -> bytes:
        """Return rows as the bytes of their lines."""
        self._writer.writerows(rows)
        block = "".join(f"{line}\n" for line in self._lines).encode()
        self._lines.clear()
        return block
