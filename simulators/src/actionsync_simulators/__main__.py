"""The command `actionsync-simulators`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from actionsync_simulators.settings import Settings

FAILED, MISUSED = 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code: 0 stopped, 1 cannot serve, 2 wrong arguments or files."""
    parser = _parser()
    settings = _settings(parser.parse_args(arguments))
    if settings.ca_out is not None and not settings.encrypted:
        parser.error("--ca-out needs --marketo-tls-port, --salesforce-tls-port or --proxy-port")
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
    serve = parser.add_subparsers(dest="command", required=True, metavar="COMMAND").add_parser(
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
        "--pubsub-port", type=_port, default=defaults.pubsub_port, help="accepted; the Pub/Sub API is not served yet"
    )
    tls = "port of {} over https; 0 picks a free one (default: none)"
    serve.add_argument("--marketo-tls-port", type=_port, help=tls.format("Marketo"))
    serve.add_argument("--salesforce-tls-port", type=_port, help=tls.format("Salesforce"))
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
    return parser


def _settings(given: argparse.Namespace) -> Settings:
    values = {name: value for name, value in vars(given).items() if name != "command"}
    return Settings(**values)


def _port(text: str) -> int:
    number = _whole(text)
    if number > 65_535:
        raise argparse.ArgumentTypeError(f"{text} is not a port (0 to 65535)")
    return number


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
