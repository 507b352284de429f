"""Compares the route table of a simulator with what was seen of it: every difference is one sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from actionsync_simulators.endpoint import Endpoint, key

from harness.observed.answers import Seen


@dataclass(frozen=True, slots=True)
class Declared:
    """What a simulator says of itself: its calls, and the codes that every call can give."""

    calls: Sequence[Endpoint]
    around: Mapping[str, str]

    @property
    def slugs(self) -> list[str]:
        """The names of all behaviours of served calls."""
        return [one.slug for call in self.calls if call.served for one in call.behaviours]


def gaps(declared: Declared, seen: Iterable[Seen], *, shown: Collection[str]) -> list[str]:
    """Return what is declared and was not seen, and what was seen and is not declared. `shown`: slugs with a test."""
    successes: set[str] = set()
    codes: defaultdict[str, set[str]] = defaultdict(set)
    anywhere: set[str] = set()
    for one in seen:
        anywhere |= one.codes
        if one.call is not None:
            codes[one.call] |= one.codes
            if one.success:
                successes.add(one.call)
    found: list[str] = []
    for call in declared.calls:
        name = key(call)
        if not call.served:
            continue
        if name not in successes:
            found.append(f"{name}: no test saw it succeed")
        found += [
            f"{name}: error {code} is declared, and no test saw it"
            for code in call.errors
            if code not in codes[name] and code not in declared.around
        ]
        found += [
            f"{name}: a test saw error {code}, which is not declared"
            for code in sorted(codes[name] - set(call.errors) - set(declared.around))
        ]
        found += [
            f"{name}: behaviour {one.slug!r} has no test marked @pytest.mark.behaviour({one.slug!r})"
            for one in call.behaviours
            if one.slug not in shown
        ]
    found += [f"every call: error {code} was seen nowhere" for code in declared.around if code not in anywhere]
    return found


def twice(declared: Declared) -> list[str]:
    """Return a sentence for every slug that means two things. Several calls may share one behaviour."""
    texts: defaultdict[str, set[str]] = defaultdict(set)
    for call in declared.calls:
        for one in call.behaviours:
            texts[one.slug].add(one.text)
    return [f"behaviour {slug!r} has {len(said)} texts" for slug, said in texts.items() if len(said) > 1]
