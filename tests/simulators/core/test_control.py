"""The control plane on a small simulator of its own: what every call answers, and what it refuses."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from actionsync_simulators.clock import Clock
from actionsync_simulators.control import SNAPSHOTS_KEPT, Control, ControlError, ControlRoute
from actionsync_simulators.database import Database
from actionsync_simulators.faults import FaultPlan
from actionsync_simulators.journal import Journal

START = datetime(2026, 1, 31, 12, tzinfo=UTC)


@dataclass(frozen=True)
class NoSwitches:
    """A simulator of which nothing is uncertain."""


class Counter:
    """A simulator that holds one number."""

    name = "counter"

    def __init__(self) -> None:
        self.clock = Clock(start=START, frozen=True)
        self.faults = FaultPlan()
        self.journal = Journal()
        self.database = Database("CREATE TABLE n (value INTEGER); INSERT INTO n VALUES (0);")
        self.control_routes: dict[tuple[str, str], ControlRoute] = {
            ("POST", "count"): self._count,
            ("POST", "count/later"): self._count_later,
            ("POST", "broken"): self._broken,
        }
        self._seed = self.database.snapshot()
        self._limit = 5
        self.restored = 0
        self.switches = NoSwitches()

    def reset(self) -> None:
        self.database.restore(self._seed)

    def after_restore(self) -> None:
        self.restored += 1

    def limits(self) -> dict[str, Any]:
        return {"limit": self._limit}

    def set_limits(self, changes: dict[str, Any]) -> None:
        if set(changes) != {"limit"}:
            raise ControlError("there is no such limit", hint="limit")
        self._limit = changes["limit"]

    def openapi(self) -> dict[str, Any]:
        return {"openapi": "3.1.0"}

    def _count(self, arguments: dict[str, Any]) -> dict[str, Any]:
        self.database.execute("UPDATE n SET value = value + ?", (arguments.get("by", 1),))
        return {"value": self.value}

    async def _count_later(self, arguments: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(0)
        return self._count(arguments)

    def _broken(self, _: dict[str, Any]) -> None:
        raise KeyError("a bug")

    @property
    def value(self) -> int:
        value: int = self.database.value("SELECT value FROM n")
        return value


class Plane:
    """Calls the control plane as an ASGI server would."""

    def __init__(self) -> None:
        self.simulator = Counter()
        self._control = Control()

    async def __call__(self, method: str, path: str, body: Any = None, *, raw: bytes | None = None) -> tuple[int, Any]:
        path, _, query = path.partition("?")
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        pieces = [data[:7], data[7:]]
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": method, "path": f"/_sim{path}", "query_string": query.encode()}
        await self._control.handle(self.simulator, scope, receive, send)
        assert sent[0]["type"] == "http.response.start"
        assert dict(sent[0]["headers"])[b"content-length"] == str(len(sent[1]["body"])).encode()
        return sent[0]["status"], json.loads(sent[1]["body"])


@pytest.fixture
def plane() -> Plane:
    return Plane()


@pytest.mark.asyncio
async def test_the_index_lists_common_and_own_calls(plane: Plane) -> None:
    status, index = await plane("GET", "")
    assert status == 200
    assert index["simulator"] == "counter"
    assert index["now"] == "2026-01-31T12:00:00Z"
    assert index["frozen"] is True
    assert {"GET /_sim", "POST /_sim/reset", "POST /_sim/count", "DELETE /_sim/faults"} <= set(index["calls"])
    assert await plane("GET", "/") == (200, index)


@pytest.mark.asyncio
async def test_own_calls_get_body_and_query(plane: Plane) -> None:
    assert await plane("POST", "/count", {"by": 3}) == (200, {"value": 3})
    assert await plane("POST", "/count/later") == (200, {"value": 4})


@pytest.mark.asyncio
async def test_unknown_path_and_wrong_verb(plane: Plane) -> None:
    status, answer = await plane("GET", "/nothing")
    assert (status, answer["error"]) == (404, "there is no /_sim/nothing on counter")
    status, answer = await plane("DELETE", "/clock")
    assert (status, answer["error"]) == (405, "DELETE is not a call of /_sim/clock: use GET, POST")


@pytest.mark.asyncio
async def test_reset_goes_back_to_the_seed_and_forgets_faults_and_journal(plane: Plane) -> None:
    await plane("POST", "/count")
    await plane("POST", "/faults", {"action": "drop_before"})
    record(plane.simulator.journal)
    assert (await plane("POST", "/reset"))[0] == 200
    assert plane.simulator.value == 0
    assert plane.simulator.faults.list() == []
    assert plane.simulator.journal.entries() == []


@pytest.mark.asyncio
async def test_snapshot_and_restore(plane: Plane) -> None:
    await plane("POST", "/count")
    status, snapshot = await plane("POST", "/snapshot")
    assert status == 200
    await plane("POST", "/count")
    assert await plane("POST", "/restore", {"id": snapshot["id"]}) == (200, {"restored": snapshot["id"]})
    assert plane.simulator.value == 1
    assert plane.simulator.restored == 1


@pytest.mark.asyncio
async def test_restore_of_an_unknown_or_forgotten_snapshot(plane: Plane) -> None:
    first = (await plane("POST", "/snapshot"))[1]["id"]
    for _ in range(SNAPSHOTS_KEPT):
        await plane("POST", "/snapshot")
    status, answer = await plane("POST", "/restore", {"id": first})
    assert (status, answer["error"]) == (400, f"there is no snapshot '{first}'")
    assert (await plane("POST", "/restore", {"id": ["x"]}))[0] == 400
    assert (await plane("POST", "/restore"))[0] == 400


@pytest.mark.asyncio
async def test_the_clock_is_read_frozen_advanced_and_set(plane: Plane) -> None:
    assert await plane("GET", "/clock") == (200, {"now": "2026-01-31T12:00:00Z", "frozen": True})
    for step, now in (
        ({"advance": 90}, "2026-01-31T12:01:30Z"),
        ({"advance": "PT5M"}, "2026-01-31T12:06:30Z"),
        ({"advance": "P1DT1H0.5S"}, "2026-02-01T13:06:30.500000Z"),
        ({"set": "2026-02-02T00:00:00+01:00"}, "2026-02-01T23:00:00Z"),
        ({"freeze": True, "advance": 1}, "2026-02-01T23:00:01Z"),
    ):
        assert await plane("POST", "/clock", step) == (200, {"now": now, "frozen": True})
    status, answer = await plane("POST", "/clock", {"freeze": False})
    assert (status, answer["frozen"]) == (200, False)
    assert plane.simulator.clock.now() >= START + timedelta(days=1)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "step",
    [
        {},
        {"advanse": 1},
        {"freeze": "yes"},
        {"advance": -1},
        {"advance": True},
        {"advance": None},
        {"advance": "5 minutes"},
        {"advance": "P"},
        {"advance": "PT"},
        {"set": "yesterday"},
        {"set": "2026-02-01T00:00:00"},
        {"set": 5},
        {"set": "2020-01-01T00:00:00Z"},
        {"set": "2027-01-01T00:00:00Z", "advance": 5},
    ],
)
async def test_the_clock_refuses_what_it_cannot_do(plane: Plane, step: dict[str, Any]) -> None:
    status, answer = await plane("POST", "/clock", step)
    assert status == 400
    assert set(answer) == {"error", "hint"}
    assert plane.simulator.clock.now() == START


def record(journal: Journal, path: str = "/a") -> None:
    journal.record(method="GET", path=path, query="", headers=[], body=b"", status=200, code=None, user=None, at=START)


@pytest.mark.asyncio
async def test_the_journal_is_read_filtered_counted_and_cleared(plane: Plane) -> None:
    for path in ("/a", "/b", "/a"):
        record(plane.simulator.journal, path)
    status, answer = await plane("GET", "/journal?path=/a&since=1&method=GET&limit=10")
    assert status == 200
    assert [entry["seq"] for entry in answer["entries"]] == [3]
    assert answer["counts"]["by_route"] == {"GET /a": 2, "GET /b": 1}
    assert (await plane("GET", "/journal/counts"))[1] == answer["counts"]
    for wrong in ("since=x", "since=-1", "limit=1.5"):
        assert (await plane("GET", f"/journal?{wrong}"))[0] == 400
    assert (await plane("DELETE", "/journal"))[0] == 200
    assert (await plane("GET", "/journal"))[1]["entries"] == []


@pytest.mark.asyncio
async def test_faults_are_planned_listed_and_removed(plane: Plane) -> None:
    assert await plane("POST", "/faults", {"action": "delay", "seconds": 1}) == (200, {"id": "fault-1"})
    status, answer = await plane("POST", "/faults", [{"action": "drop_before"}, {"action": "drop_before"}])
    assert (status, answer) == (200, {"ids": ["fault-2", "fault-3"]})
    assert [one["id"] for one in (await plane("GET", "/faults"))[1]["faults"]] == ["fault-1", "fault-2", "fault-3"]
    assert await plane("DELETE", "/faults?id=fault-2") == (200, {"cleared": "fault-2"})
    assert (await plane("DELETE", "/faults", {"id": "fault-2"}))[0] == 400
    assert await plane("DELETE", "/faults") == (200, {"cleared": "all"})
    assert plane.simulator.faults.list() == []


@pytest.mark.asyncio
async def test_a_list_of_faults_is_planned_as_a_whole_or_not_at_all(plane: Plane) -> None:
    status, answer = await plane("POST", "/faults", [{"action": "drop_before"}, {"action": "explode"}])
    assert (status, answer["error"]) == (400, "unknown action 'explode'")
    assert "commit_then_drop" in answer["hint"]
    assert plane.simulator.faults.list() == []
    assert (await plane("POST", "/faults", ["drop_before"]))[0] == 400


@pytest.mark.asyncio
async def test_limits(plane: Plane) -> None:
    assert await plane("GET", "/limits") == (200, {"limit": 5})
    assert await plane("POST", "/limits", {"limit": 7}) == (200, {"limit": 7})
    assert await plane("POST", "/limits", {"lmit": 7}) == (
        400,
        {"error": "there is no such limit", "hint": "limit"},
    )


@pytest.mark.asyncio
@pytest.mark.parametrize("raw", [b"{", b"5", b'"text"', b"\xff"])
async def test_a_body_that_is_no_json_object_is_refused(plane: Plane, raw: bytes) -> None:
    status, answer = await plane("POST", "/count", raw=raw)
    assert status == 400
    assert "JSON" in answer["error"]
    assert plane.simulator.value == 0


@pytest.mark.asyncio
async def test_a_huge_body_is_refused(plane: Plane) -> None:
    status, answer = await plane("POST", "/count", raw=b" " * ((1 << 20) + 1))
    assert (status, answer["error"]) == (400, "the body is larger than 1 MiB")


@pytest.mark.asyncio
async def test_a_bug_is_answered_and_logged(plane: Plane, caplog: pytest.LogCaptureFixture) -> None:
    status, answer = await plane("POST", "/broken")
    assert (status, answer["error"]) == (500, "KeyError: 'a bug'")
    assert "POST /_sim/broken failed" in caplog.text
