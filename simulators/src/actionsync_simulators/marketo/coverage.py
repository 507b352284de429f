"""What the coverage file of the Marketo simulator is made of."""

from __future__ import annotations

from actionsync_simulators.coverage_document import Coverage
from actionsync_simulators.endpoint import Endpoint
from actionsync_simulators.marketo.gateway.every_call import ERRORS, TOKEN_CALLS, errors_around
from actionsync_simulators.marketo.gateway.route import Route
from actionsync_simulators.marketo.routes import ROUTES


def coverage() -> Coverage:
    """Return what is served now, and what is known and not served."""
    return Coverage(
        title="Marketo simulator: coverage",
        calls=(*TOKEN_CALLS, *sorted(ROUTES, key=_area)),
        around=ERRORS,
        around_call=lambda call: errors_around(call) if isinstance(call, Route) else (),
        area=_area,
    )


def _area(call: Endpoint) -> str:
    """Return the part of the API, named for what its paths are about; singular and plural are one."""
    segments = call.path.removesuffix(".json").strip("/").split("/")
    match segments:
        case ["identity", *_]:
            return "identity"
        case ["bulk", *_]:
            return "bulk extract and import"
        case ["rest", "asset", _, about, *_]:
            return f"assets: {_plural(about)}"
        case ["rest", _, "activities", "external", *_]:
            return "custom activities"
        case ["rest", _, about, *_]:
            return _plural(about)
    raise ValueError(f"{call.path} belongs to no part of the API")


def _plural(word: str) -> str:
    return word if word.endswith("s") else f"{word}s"
