"""What the process tells of itself: structured log lines on stderr, and metrics.

Both carry ids only, never tokens, addresses or names.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any, TextIO

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics import MetricWrapperBase

#: Upper bounds of the buckets of call durations, in seconds.
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


@dataclass(frozen=True, slots=True)
class Family:
    """One metric: its name on the page, its labels, what it means."""

    name: str
    labels: tuple[str, ...]
    meaning: str


class Metrics:
    """The metrics of one server, in a registry of their own: two servers in one process do not mix.

    The README lists them; a test compares.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.calls_started = Counter(
            "actionsync_rpc_started", "Calls that arrived.", ["service", "method"], registry=self.registry
        )
        self.calls_handled = Counter(
            "actionsync_rpc_handled",
            "Calls that ended, by status code.",
            ["service", "method", "code"],
            registry=self.registry,
        )
        self.call_seconds = Histogram(
            "actionsync_rpc_seconds",
            "How long unary calls took.",
            ["service", "method"],
            registry=self.registry,
            buckets=_BUCKETS,
        )
        self.open_streams = Gauge(
            "actionsync_rpc_open_streams", "Watches that are open now.", ["service", "method"], registry=self.registry
        )
        self.worker_restarts = Counter(
            "actionsync_worker_restarts",
            "Worker loops that ended on an unexpected error and were started again.",
            ["worker"],
            registry=self.registry,
        )
        work = ["instance", "system", "state"]
        self.deliveries = Gauge(
            "actionsync_deliveries", "Deliveries that are open or failed.", work, registry=self.registry
        )
        self.oldest_delivery_seconds = Gauge(
            "actionsync_oldest_delivery_seconds", "Age of the oldest of them.", work, registry=self.registry
        )
        self.feed_lag_seconds = Gauge(
            "actionsync_feed_lag_seconds",
            "How far the copy of the people is behind, by feed.",
            ["instance", "feed"],
            registry=self.registry,
        )
        self.compared_people = Gauge(
            "actionsync_compared_people",
            "People in the last nightly comparison with Marketo that is over, by outcome.",
            ["instance", "outcome"],
            registry=self.registry,
        )
        self.comparison_age_seconds = Gauge(
            "actionsync_comparison_age_seconds",
            "Time since it was over.",
            ["instance"],
            registry=self.registry,
        )
        topic = ["instance", "topic"]
        self.change_event_streams = Gauge(
            "actionsync_change_event_streams",
            "1 for an open stream of Salesforce's change events, 0 for one that is to be opened again.",
            topic,
            registry=self.registry,
        )
        self.change_events = Counter(
            "actionsync_change_events", "Change events that came from Salesforce.", topic, registry=self.registry
        )
        self.delivery_outcomes = Counter(
            "actionsync_delivery_outcomes",
            "What came of deliveries whose turn it was: activities, unsubscribes, reminder tasks.",
            ["instance", "system", "kind", "state"],
            registry=self.registry,
        )
        self.loop_steps = Counter(
            "actionsync_loop_steps",
            "Rounds of the loops that look now and then, such as reminder_sync and unsubscribe_sync; `ok` or `broken`.",
            ["instance", "worker", "outcome"],
            registry=self.registry,
        )
        self.grid_loads = Counter(
            "actionsync_grid_loads",
            "Smart Grids shown; `asked` is yes where Marketo was asked for them.",
            ["instance", "asked"],
            registry=self.registry,
        )
        self.verdicts = Counter(
            "actionsync_verdicts",
            "Verdicts of checks before a send, by decision.",
            ["instance", "decision"],
            registry=self.registry,
        )
        self.check_calls = Counter(
            "actionsync_check_calls",
            "Calls to Marketo for checks, each for up to 300 addresses; `answered` or `unavailable`.",
            ["instance", "outcome"],
            registry=self.registry,
        )
        self.checked_addresses = Counter(
            "actionsync_checked_addresses",
            "Addresses that these calls asked about.",
            ["instance"],
            registry=self.registry,
        )
        self.calls = Gauge(
            "actionsync_calls",
            "Own calls of the system's day, by what they were made for.",
            ["instance", "system", "flow"],
            registry=self.registry,
        )
        day = ["instance", "system"]
        self.calls_used = Gauge(
            "actionsync_calls_used", "Everybody's calls of the system's day.", day, registry=self.registry
        )
        self.calls_allowed = Gauge(
            "actionsync_calls_allowed", "Calls that the system allows in a day.", day, registry=self.registry
        )
        self.alerts = Gauge(
            "actionsync_alerts", "Alerts that stand, by name.", ["instance", "name"], registry=self.registry
        )

    def families(self) -> list[Family]:
        """Return what there is to measure, as the README lists it."""
        declared = [member for member in vars(self).values() if isinstance(member, MetricWrapperBase)]
        return [
            Family(f"{one._name}_total" if isinstance(one, Counter) else one._name, one._labelnames, one._documentation)
            for one in declared
        ]

    def text(self) -> bytes:
        """Return all metrics in the Prometheus text format."""
        return generate_latest(self.registry)


def configure_logging(level: str = "INFO", *, stream: TextIO | None = None) -> None:
    """Make structlog, and the libraries' own logging, write one JSON object per line to stderr."""
    target = stream if stream is not None else sys.stderr
    threshold = logging.getLevelNamesMapping()[level.upper()]
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # Without local variables: they hold requests, hence people.
    traceback = structlog.processors.ExceptionRenderer(
        structlog.tracebacks.ExceptionDictTransformer(show_locals=False, use_rich=False)
    )
    rendered: list[Any] = [traceback, remove_personal_data, structlog.processors.JSONRenderer(sort_keys=True)]
    structlog.configure(
        processors=[*shared, *rendered],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(target),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendered],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(threshold, logging.WARNING))  # the libraries' own chatter would drown ours


_ADDRESS = re.compile(r"[^\s\"'<>()=,;:/]+@[^\s\"'<>()=,;:/]+")
_SECRET = re.compile(r"(?i)\b(bearer\s+|(?:access_token|refresh_token|client_secret|assertion|code)=)[^\s&\"']+")


def remove_personal_data(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank addresses and secrets anywhere in a log line: the text of a foreign exception may hold some."""
    return {key: _cleaned(value) for key, value in event.items()}


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return _ADDRESS.sub("<address>", _SECRET.sub(r"\1<secret>", value))
    if isinstance(value, dict):
        return {key: _cleaned(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(member) for member in value]
    return value
