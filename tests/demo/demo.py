"""`make demo`: the whole mission on one machine, every figure read back from the systems.

Starts both simulators and the server, copies the sales-owned people, checks sends, logs all eight sales activities,
follows an edit from Salesforce through Marketo to our store, and shows what each system holds. Exit code 1 names every
mismatch.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from demo.flow import Flow
from demo.processes import start
from demo.report import Report
from rich.console import Console


def main() -> int:
    """Run the demo; return the exit code."""
    parser = argparse.ArgumentParser(description="Run the whole flow on the simulators.")
    parser.add_argument("--people", type=int, default=10_000, help="people in the simulated Salesforce and Marketo")
    parser.add_argument("--json", action="store_true", help="print the result as one JSON object on the last line")
    options = parser.parse_args()
    if options.people < 100:
        parser.error("--people needs at least 100, so that every kind of person is among them")
    console = Console(stderr=options.json)
    began = time.monotonic()
    report = Report(people=options.people)
    with tempfile.TemporaryDirectory(prefix="actionsync-logs-") as folder:
        logs = Path(folder)
        starting = console.status(f"starting simulators with {options.people:,} people, and the server …")
        starting.start()
        try:
            with start(people=options.people, native_sync_seconds=2, logs=logs) as running:
                starting.stop()
                Flow(running, report, console).run()
        except Exception:
            starting.stop()
            for log in sorted(logs.glob("*.log")):
                console.print(f"--- end of {log.name}\n{log.read_text()[-3000:]}", markup=False, style="dim")
            console.print_exception()
            return 1
    report.seconds = time.monotonic() - began
    console.print(report.table())
    for mismatch in report.mismatches:
        console.print(f"[red]mismatch:[/red] {mismatch}")
    if options.json:
        print(json.dumps(report.as_json()))
    return 1 if report.mismatches else 0


if __name__ == "__main__":
    sys.exit(main())
