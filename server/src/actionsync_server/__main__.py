"""The command `actionsync-server`: `serve` runs it, `token` makes a token, `rotate-secrets` changes the secrets key."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from actionsync_server.clock import DAY, HOUR, MINUTE, SECOND, Micros, SystemClock
from actionsync_server.config import Config, ConfigError, load
from actionsync_server.model.directory import Actor, Role
from actionsync_server.rpc.auth import LONGEST_CLAIM, TokenKey
from actionsync_server.telemetry import configure_logging

_UNITS = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run from the command line; exits with 0, or with 2 and a line on stderr for settings that cannot stand."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except (ConfigError, OSError) as error:
        print(f"actionsync-server: {error}", file=sys.stderr)
        raise SystemExit(2) from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="actionsync-server", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="serve | token | rotate-secrets")
    serve = commands.add_parser("serve", help="run the server until SIGTERM")
    serve.add_argument("--config", type=Path, metavar="FILE", help="settings, TOML or JSON")
    serve.add_argument("--listen", metavar="HOST:PORT", help="default 127.0.0.1:50051; port 0 picks one")
    serve.add_argument("--data", type=Path, metavar="DIR", help="store and keys; default ./actionsync-data")
    serve.add_argument("--metrics", metavar="HOST:PORT", help="serve Prometheus metrics on this loopback address")
    serve.set_defaults(run=_serve)
    token = commands.add_parser("token", help="print a token")
    token.add_argument("--config", type=Path, metavar="FILE", help="settings, TOML or JSON")
    token.add_argument("--data", type=Path, metavar="DIR", help="the server's data folder")
    token.add_argument("--instance", default="", metavar="I", help="the instance; none for an operator")
    token.add_argument("--user", required=True, metavar="U", help="who it is for")
    token.add_argument("--role", required=True, choices=[role.name.lower() for role in Role])
    token.add_argument("--valid-for", type=_span, default=12 * HOUR, metavar="SPAN", help="such as 30m, 12h or 7d")
    token.set_defaults(run=_token)
    rotate = commands.add_parser("rotate-secrets", help="seal the stored credentials with a new key; no server may run")
    rotate.add_argument("--config", type=Path, metavar="FILE", help="settings, TOML or JSON")
    rotate.add_argument("--data", type=Path, metavar="DIR", help="the server's data folder")
    rotate.set_defaults(run=_rotate_secrets)
    return parser


def _serve(options: argparse.Namespace) -> None:
    config = load(options.config, {"listen": options.listen, "data": options.data, "metrics": options.metrics})
    configure_logging(config.log_level)
    with asyncio.Runner(loop_factory=_fastest_loop()) as runner:
        runner.run(_until_told_to_stop(config))


async def _until_told_to_stop(config: Config) -> None:
    from actionsync_server.app import App  # only here: `token` starts in a fraction of the time without it

    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    async with App(config) as app:
        ready = {"listening": app.address} | ({"metrics": app.metrics_address} if app.metrics_address else {})
        print(json.dumps(ready), flush=True)
        await told.wait()


def _fastest_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # it does not install everywhere
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


def _token(options: argparse.Namespace) -> None:
    config = load(options.config, {"data": options.data})
    role = Role[options.role.upper()]
    if (role is Role.OPERATOR) == bool(options.instance):
        raise ConfigError("an operator has no --instance, every other role needs one")
    if not 1 <= len(options.user) <= LONGEST_CLAIM or len(options.instance) > LONGEST_CLAIM:
        raise ConfigError(f"--user and --instance have 1 to {LONGEST_CLAIM} characters")
    actor = Actor(options.user, options.instance, role)
    print(TokenKey.in_folder(config.data).issue(actor, now=SystemClock().now(), valid_for=options.valid_for))


def _rotate_secrets(options: argparse.Namespace) -> None:
    from actionsync_server.app.secrets_rotation import rotate_secrets

    count = asyncio.run(rotate_secrets(load(options.config, {"data": options.data})))
    print(json.dumps({"sealed_anew": count}))


def _span(text: str) -> Micros:
    match = re.fullmatch(r"([1-9][0-9]{0,5})([smhd])", text)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no span such as 30m, 12h or 7d")
    return int(match[1]) * _UNITS[match[2]]


if __name__ == "__main__":
    main()
