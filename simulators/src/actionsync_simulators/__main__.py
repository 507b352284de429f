"""The command `actionsync-simulators`."""

from __future__ import annotations

import argparse
import gc
import sys
import textwrap
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from actionsync_simulators.settings import Settings

FAILED, MISUSED = 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code: 0 done or stopped, 1 cannot serve, 2 wrong arguments or files."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.command == "switches":
        _list_switches()
        return 0
    try:
        settings = _settings(given)
    except ValueError as problem:
        parser.error(str(problem))
    if settings.ca_out is not None and not settings.encrypted:
        parser.error("--ca-out needs --marketo-tls-port, --salesforce-tls-port or --proxy-port")
    # What is imported and filled from here on stays. Looking for cycles in it, again and again as it grows, takes a
    # tenth of the whole start; `run` turns the collector on when everything is there.
    gc.disable()
    from actionsync_simulators.listeners import CannotServe
    from actionsync_simulators.seed.csv_rows import CsvError
    from actionsync_simulators.serve import run

    try:
        run(settings, announce=_announce, report=_report)
    except CsvError as problem:
        _report(f"error: {problem}")
        return MISUSED
    except CannotServe as problem:
        _report(f"error: {problem}")
        return FAILED
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="actionsync-simulators", description="Simulators of the Marketo Engage and Salesforce APIs."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("switches", help="list the switches: what can be set of behaviour that is not certain, and why")
    serve = commands.add_parser(
        "serve",
        help="serve both until SIGTERM or Ctrl+C",
        description="Serve both simulators. When they answer, one JSON line with addresses and credentials is printed.",
    )
    defaults = Settings()
    shown = " (default: %(default)s)"
    port = "port of {}; 0 picks a free one" + shown
    serve.add_argument("--host", default=defaults.host, help="address to listen on" + shown)
    serve.add_argument("--marketo-port", type=_port, default=defaults.marketo_port, help=port.format("Marketo"))
    serve.add_argument(
        "--salesforce-port", type=_port, default=defaults.salesforce_port, help=port.format("Salesforce")
    )
    serve.add_argument(
        "--pubsub-port",
        type=_port_or_off,
        default=defaults.pubsub_port,
        metavar="PORT|off",
        help=port.format("the Pub/Sub API (gRPC)") + "; off: not served, for a faster start",
    )
    tls = "port of {} over https; 0 picks a free one (default: none)"
    serve.add_argument("--marketo-tls-port", type=_port, help=tls.format("Marketo"))
    serve.add_argument("--salesforce-tls-port", type=_port, help=tls.format("Salesforce"))
    serve.add_argument(
        "--pubsub-tls-port", type=_port, help="port of the Pub/Sub API over TLS; 0 picks a free one (default: none)"
    )
    serve.add_argument(
        "--proxy-port",
        type=_port,
        help="port of a CONNECT proxy that takes the vendors' host names here, with the TLS ports; 0 picks a free one"
        " (default: none)",
    )
    serve.add_argument(
        "--ca-out",
        type=Path,
        metavar="FILE",
        help="write here the certificate of the authority that clients must trust",
    )
    serve.add_argument("--people", type=_whole, default=defaults.people, help="how many people to generate" + shown)
    serve.add_argument(
        "--seed", type=int, default=defaults.seed, help="the same seed and --as-of give the same world" + shown
    )
    serve.add_argument(
        "--limits",
        choices=("vendor", "off"),
        default=defaults.limits,
        help="the vendors' limits on API calls, or none" + shown,
    )
    serve.add_argument("--as-of", type=_moment, metavar="DATE", help="where the clock starts (default: now)")
    csv = "CSV file of {}, instead of generated people"
    serve.add_argument("--csv-leads", type=Path, metavar="FILE", help=csv.format("Salesforce leads"))
    serve.add_argument("--csv-contacts", type=Path, metavar="FILE", help=csv.format("Salesforce contacts"))
    serve.add_argument("--csv-marketo-leads", type=Path, metavar="FILE", help=csv.format("Marketo people"))
    serve.add_argument(
        "--native-sync-seconds",
        type=_seconds,
        metavar="SECONDS",
        default=defaults.native_sync_seconds,
        help="simulator time between two cycles of Marketo's own sync with Salesforce" + shown,
    )
    serve.add_argument(
        "--adobe-actions", action="store_true", help="Marketo also has Adobe's own sales activity types, with rows"
    )
    switch = "set a switch of {}, any number of times; `actionsync-simulators switches` lists them"
    for system in ("marketo", "salesforce"):
        serve.add_argument(
            f"--{system}-switch",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help=switch.format(system.capitalize()),
        )
    return parser


def _settings(given: argparse.Namespace) -> Settings:
    """Return the settings of a command line. Raises SwitchError, a ValueError."""
    values = {name: value for name, value in vars(given).items() if name != "command"}
    marketo, salesforce = values.pop("marketo_switch"), values.pop("salesforce_switch")
    if marketo or salesforce:
        from actionsync_simulators.marketo.switches import MarketoSwitches
        from actionsync_simulators.salesforce.switches import SalesforceSwitches
        from actionsync_simulators.switches import switched

        values["marketo_switches"] = switched(MarketoSwitches, marketo)
        values["salesforce_switches"] = switched(SalesforceSwitches, salesforce)
    return Settings(**values)


def _list_switches() -> None:
    from actionsync_simulators.marketo.switches import MarketoSwitches
    from actionsync_simulators.salesforce.switches import SalesforceSwitches
    from actionsync_simulators.switches import describe

    for system, kind in (("marketo", MarketoSwitches), ("salesforce", SalesforceSwitches)):
        for switch in describe(kind):
            print(f"--{system}-switch {switch.name}={switch.default}    ({switch.choices})")
            print(textwrap.fill(switch.reason, width=116, initial_indent="    ", subsequent_indent="    "))


def _port(text: str) -> int:
    number = _whole(text)
    if number > 65_535:
        raise argparse.ArgumentTypeError(f"{text} is not a port (0 to 65535)")
    return number


def _port_or_off(text: str) -> int | None:
    return None if text == "off" else _port(text)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 up")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e9:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds greater than 0")
    return seconds


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not an ISO 8601 date or time") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _announce(line: str) -> None:
    print(line, flush=True)


def _report(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
