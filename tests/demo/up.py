"""`make up`: leaves simulators and server running, prints their addresses and tokens, ends with Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

from demo.processes import start, token
from demo.service import INSTANCE, SELLER, set_up
from demo.systems import Salesforce
from rich.console import Console


def main() -> int:
    """Start, print, wait."""
    parser = argparse.ArgumentParser(description="Run simulators and server until Ctrl-C.")
    parser.add_argument("--people", type=int, default=10_000, help="people in the simulated Salesforce and Marketo")
    options = parser.parse_args()
    console = Console(highlight=False)
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    with TemporaryDirectory(prefix="actionsync-logs-") as folder:
        logs = Path(folder)
        with start(people=options.people, native_sync_seconds=10, logs=logs) as running:
            seller = Salesforce(running.simulators).query("SELECT Id, Email FROM User WHERE IsActive = true LIMIT 1")[0]
            set_up(running, seller_email=seller["Email"], seller_salesforce_id=seller["Id"]).close()
            admin = token(running.data, role="admin", user="admin-1", instance=INSTANCE)
            user = token(running.data, role="user", user=SELLER, instance=INSTANCE)
            console.print(f"Marketo simulator     {running.simulators['marketo']}   (control: /_sim)")
            console.print(f"Salesforce simulator  {running.simulators['salesforce']}   (control: /_sim)")
            console.print(f"server                {running.address}")
            console.print(f"logs                  {logs}\n")
            console.print(f"export ACTIONSYNC_ADDRESS={running.address}", soft_wrap=True)
            console.print(f"export ACTIONSYNC_TOKEN={admin}", soft_wrap=True)
            console.print(f"# a seller's token: {user}\n", soft_wrap=True)
            console.print("try: .venv/bin/actionsync sync start --watch       Ctrl-C ends everything")
            over.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
