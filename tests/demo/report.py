"""What the demo found: rows of a table, each with what was expected and what the systems said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rich.table import Table


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `expected` is None where there is nothing to compare with."""

    section: str
    name: str
    found: Any
    expected: Any
    source: str


@dataclass(slots=True)
class Report:
    """All figures of one run."""

    people: int
    seconds: float = 0.0
    rows: list[Row] = field(default_factory=list)

    def add(self, section: str, name: str, found: Any, *, source: str, expected: Any = None) -> None:
        """Note one figure."""
        self.rows.append(Row(section, name, found, expected, source))

    @property
    def mismatches(self) -> list[str]:
        """Every figure that is not what it should be."""
        return [
            f"{row.section} / {row.name}: {row.source} says {row.found!r}, expected {row.expected!r}"
            for row in self.rows
            if row.expected is not None and row.found != row.expected
        ]

    def table(self) -> Table:
        """Return the figures as a table for a terminal."""
        table = Table(title=f"actionsync demo, {self.people:,} people, {self.seconds:.1f} s", title_justify="left")
        table.add_column("what", no_wrap=True)
        table.add_column("found")
        table.add_column("read from", style="dim", no_wrap=True)
        section = ""
        for row in self.rows:
            if row.section != section:
                section = row.section
                table.add_section()
                table.add_row(f"[bold]{section}[/bold]")
            table.add_row(f"  {row.name}", _marked(row), row.source)
        return table

    def as_json(self) -> dict[str, Any]:
        """Return everything as one object."""
        sections: dict[str, dict[str, Any]] = {}
        for row in self.rows:
            sections.setdefault(row.section, {})[row.name] = row.found
        return {
            "people": self.people,
            "seconds": round(self.seconds, 1),
            "ok": not self.mismatches,
            "mismatches": self.mismatches,
            "found": sections,
        }


def _marked(row: Row) -> str:
    """Return what was found, with a mark when it was compared and what it should be when it is not that."""
    if row.expected is None:
        return _show(row.found)
    if row.found == row.expected:
        return f"{_show(row.found)} [green]✓[/green]"
    return f"{_show(row.found)} [red]✗ expected {_show(row.expected)}[/red]"


def _show(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
