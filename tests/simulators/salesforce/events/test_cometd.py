"""CometD: handshake, long polling on the simulator's clock, replay, errors, and the same events as over gRPC."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

TASKS, ALL = "/data/TaskChangeEvent", "/data/ChangeEvents"
ADVICE = {"interval": 0, "timeout": 110_000, "reconnect": "retry"}


@dataclass
class Comet:
    """A client by hand."""

    api: Any
    client_id: str = ""
    cookies: str = ""
    sent: int = 0
    tasks: list[Any] = field(default_factory=list)

    async def send(self, *messages: dict[str, Any], **options: Any) -> Any:
        answer = await self.api("POST", "/cometd/60.0", list(messages), **options)
        assert answer.status == 200, answer.body
        self.cookies = answer.headers.get("Set-Cookie", self.cookies)
        return answer.body

    def message(self, channel: str, **members: Any) -> dict[str, Any]:
        self.sent += 1
        return {"channel": channel, "id": str(self.sent), "clientId": self.client_id, **members}

    async def shake_hands(self) -> dict[str, Any]:
        message = {
            "channel": "/meta/handshake",
            "version": "1.0",
            "supportedConnectionTypes": ["long-polling"],
            "id": "h",
        }
        (reply,) = await self.send(message)
        self.client_id = reply["clientId"]
        return dict(reply)

    async def connect(self, **members: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Connect: the reply, and the events that came with it."""
        message = self.message("/meta/connect", connectionType="long-polling", **members)
        replies = await self.send(message)
        (own,) = [reply for reply in replies if reply["channel"] == "/meta/connect"]
        assert own["id"] == message["id"]
        return own, [reply for reply in replies if "data" in reply]

    async def subscribe(self, channel: str, replay: Any = None) -> dict[str, Any]:
        extension = {} if replay is None else {"ext": {"replay": {channel: replay}}}
        (reply,) = await self.send(self.message("/meta/subscribe", subscription=channel, **extension))
        assert reply["subscription"] == channel
        return dict(reply)

    async def held(self, salesforce: Any) -> asyncio.Task[Any]:
        """A connect that the server is holding."""
        task = asyncio.create_task(self.connect())
        self.tasks.append(task)
        client = salesforce.org.comet_clients.find(self.client_id)
        async with asyncio.timeout(10):
            while client.held is None:  # noqa: ASYNC110 - only the server, in the same loop, can make it true
                await asyncio.sleep(0)
        return task


@pytest_asyncio.fixture
async def comet(api: Any) -> AsyncIterator[Comet]:
    """A client that has shaken hands and made its first connect."""
    client = Comet(api)
    await client.shake_hands()
    await client.connect()
    yield client
    for task in client.tasks:
        task.cancel()
    await asyncio.gather(*client.tasks, return_exceptions=True)


@pytest.mark.asyncio
async def test_the_handshake(api: Any) -> None:
    client = Comet(api)
    reply = await client.shake_hands()
    assert client.cookies.startswith("BAYEUX_BROWSER=")
    assert reply == {
        "channel": "/meta/handshake",
        "id": "h",
        "version": "1.0",
        "minimumVersion": "1.0",
        "clientId": client.client_id,
        "supportedConnectionTypes": ["long-polling"],
        "ext": {"replay": True, "payload.format": True},
        "successful": True,
    }


@pytest.mark.asyncio
async def test_a_handshake_without_a_session_is_denied(anonymous: Any) -> None:
    anonymous.headers["Authorization"] = "OAuth nothing"
    message = {"channel": "/meta/handshake", "supportedConnectionTypes": ["long-polling"]}
    (reply,) = await Comet(anonymous).send(message)
    assert (reply["successful"], reply["error"]) == (False, "403::Handshake denied")
    assert reply["ext"]["sfdc"] == {"failureReason": "401::Authentication invalid"}
    assert reply["advice"] == {"reconnect": "none"}


@pytest.mark.asyncio
async def test_only_long_polling_is_spoken(api: Any) -> None:
    message = {"channel": "/meta/handshake", "supportedConnectionTypes": ["websocket"]}
    (reply,) = await Comet(api).send(message)
    assert reply["error"].startswith("400::")


@pytest.mark.asyncio
async def test_the_first_connect_brings_the_advice_at_once(api: Any) -> None:
    client = Comet(api)
    await client.shake_hands()
    own, events = await client.connect()
    assert (own["successful"], own["advice"], events) == (True, ADVICE, [])


@pytest.mark.asyncio
async def test_an_event_ends_the_wait(api: Any, comet: Comet, salesforce: Any) -> None:
    assert (await comet.subscribe(TASKS))["successful"]
    waiting = await comet.held(salesforce)
    task = await api.create("Task", Subject="Call", ActivityDate="2024-02-05")
    own, (event,) = await waiting
    assert own["successful"]
    assert event["channel"] == TASKS
    payload = event["data"]["payload"]
    assert payload["ChangeEventHeader"]["recordIds"] == [task]
    assert payload["Subject"] == "Call"
    assert payload["ActivityDate"] == "2024-02-05"
    assert payload["LastModifiedDate"] == "2024-01-31T12:00:00Z"
    assert isinstance(event["data"]["event"]["replayId"], int)
    assert len(event["data"]["schema"]) == 22


@pytest.mark.asyncio
async def test_without_events_the_wait_ends_after_110_seconds(comet: Comet, clock: Any, salesforce: Any) -> None:
    await comet.subscribe(TASKS)
    waiting = await comet.held(salesforce)
    await clock.advance(timedelta(seconds=109))
    assert not waiting.done()
    await clock.advance(timedelta(seconds=1))
    own, events = await waiting
    assert (own["successful"], own["advice"], events) == (True, ADVICE, [])


@pytest.mark.asyncio
async def test_a_client_that_does_not_come_back_is_forgotten(comet: Comet, clock: Any) -> None:
    await clock.advance(timedelta(seconds=40))
    assert (await comet.connect(advice={"timeout": 0}))[0]["successful"]
    await clock.advance(timedelta(seconds=41))
    own, _ = await comet.connect()
    assert (own["error"], own["successful"]) == ("403::Unknown client", False)
    assert own["advice"] == {"interval": 0, "reconnect": "handshake"}


@pytest.mark.asyncio
async def test_replay_of_everything_of_nothing_and_after_an_id(api: Any, comet: Comet) -> None:
    first, second = [await api.create("Task", Subject=subject) for subject in ("one", "two")]
    await comet.subscribe(TASKS, -2)
    _, events = await comet.connect()
    assert [each["data"]["payload"]["ChangeEventHeader"]["recordIds"] for each in events] == [[first], [second]]
    await comet.subscribe(TASKS, events[0]["data"]["event"]["replayId"])
    _, events = await comet.connect()
    assert [each["data"]["payload"]["ChangeEventHeader"]["recordIds"] for each in events] == [[second]]
    await comet.subscribe(TASKS, -1)
    third = await api.create("Task", Subject="three")
    _, events = await comet.connect()
    assert [each["data"]["payload"]["ChangeEventHeader"]["recordIds"] for each in events] == [[third]]


@pytest.mark.asyncio
@pytest.mark.parametrize("replay", [1, 10**9, "x", True])
async def test_replay_ids_that_are_none(comet: Comet, replay: Any) -> None:
    reply = await comet.subscribe(TASKS, replay)
    assert reply["successful"] is False
    assert reply["error"].startswith(f"400::The replayId {{{replay}}} you provided was invalid.")


@pytest.mark.asyncio
@pytest.mark.parametrize("channel", ["/data/NoSuchChangeEvent", "/topic/Nothing", "/data/*"])
async def test_unknown_channels(comet: Comet, channel: str) -> None:
    reply = await comet.subscribe(channel)
    assert (reply["successful"], reply["error"]) == (False, "404::Unknown channel")


@pytest.mark.asyncio
async def test_unsubscribe_and_disconnect(api: Any, comet: Comet) -> None:
    await comet.subscribe(TASKS)
    (reply,) = await comet.send(comet.message("/meta/unsubscribe", subscription=TASKS))
    assert (reply["successful"], reply["subscription"]) == (True, TASKS)
    await api.create("Task", Subject="unheard")
    assert (await comet.connect(advice={"timeout": 0}))[1] == []
    (reply,) = await comet.send(comet.message("/meta/disconnect"))
    assert reply["successful"]
    assert (await comet.connect())[0]["error"] == "403::Unknown client"


@pytest.mark.asyncio
async def test_a_newer_connect_takes_the_place_of_one_that_is_held(api: Any, comet: Comet, salesforce: Any) -> None:
    await comet.subscribe(TASKS)
    first = await comet.held(salesforce)
    second = asyncio.create_task(comet.connect())
    comet.tasks.append(second)
    assert (await first)[1] == []
    await api.create("Task", Subject="Call")
    assert len((await second)[1]) == 1


@pytest.mark.asyncio
async def test_the_session_dies_while_a_connect_is_held(api: Any, comet: Comet, salesforce: Any) -> None:
    waiting = await comet.held(salesforce)
    await api.control("POST", "tokens/expire")
    own, _ = await waiting
    assert (own["successful"], own["error"]) == (False, "401::Authentication invalid")
    (reply,) = await comet.send(comet.message("/meta/subscribe", subscription=TASKS))
    assert reply["error"] == "401::Authentication invalid"


@pytest.mark.asyncio
async def test_after_a_restore_everyone_shakes_hands_again(api: Any, comet: Comet, salesforce: Any) -> None:
    snapshot = (await api.control("POST", "snapshot"))["id"]
    waiting = await comet.held(salesforce)
    await api.control("POST", "restore", id=snapshot)
    assert (await waiting)[0]["error"] == "403::Unknown client"


@pytest.mark.asyncio
async def test_messages_in_one_call_are_answered_together(api: Any) -> None:
    client = Comet(api)
    await client.shake_hands()
    await api.create("Task", Subject="Call")
    connect = client.message("/meta/connect", connectionType="long-polling")
    subscribe = client.message("/meta/subscribe", subscription=TASKS, ext={"replay": {TASKS: -2}})
    first, second, event = await client.send(connect, subscribe)
    assert [first["channel"], second["channel"], event["channel"]] == ["/meta/connect", "/meta/subscribe", TASKS]


@pytest.mark.asyncio
async def test_what_is_no_bayeux(api: Any, comet: Comet) -> None:
    assert (await api("POST", "/cometd/60.0", b"nothing")).status == 400
    assert (await api("POST", "/cometd/60.0", [])).status == 400
    assert (await api("POST", "/cometd/99.0", [{}])).status == 404
    (reply,) = await comet.send(comet.message(TASKS, data={}))
    assert reply["error"].startswith("403:")


@pytest.mark.asyncio
async def test_both_ways_tell_the_same(api: Any, comet: Comet, pubsub: Any) -> None:
    contact = await api.create("Contact", LastName="Doe", FirstName="Jo", MailingCity="Rome", HasOptedOutOfEmail=True)
    await api.update("Contact", contact, FirstName=None, MailingCity="Bonn", Birthdate="1980-05-06")
    task = await api.create("Task", Subject="Call", WhoId=contact, ReminderDateTime="2024-02-05T08:00:00Z")
    await api("DELETE", f"sobjects/Task/{task}")
    await comet.subscribe(ALL, -2)
    _, over_comet = await comet.connect()
    over_grpc = await pubsub.events(ALL, 4)
    assert len(over_comet) == 4
    for comet_event, event in zip(over_comet, over_grpc, strict=True):
        data = comet_event["data"]
        assert data["event"]["replayId"] == int.from_bytes(event.replay_id, "big")
        assert data["schema"] == event.schema_id
        payload = dict(data["payload"])
        header = payload.pop("ChangeEventHeader")
        bitmaps = ("changedFields", "nulledFields")
        assert {k: v for k, v in header.items() if k not in bitmaps} == {
            k: v for k, v in event.header.items() if k not in bitmaps
        }
        assert {name for name, value in payload.items() if value is not None} >= set(event.values)
    update = over_comet[1]["data"]["payload"]
    assert set(update["ChangeEventHeader"]["changedFields"]) == {
        "Name.FirstName",
        "MailingAddress.City",
        "Birthdate",
        "LastModifiedDate",
    }
    assert update["ChangeEventHeader"]["nulledFields"] == ["Name.FirstName"]
    assert update["Name"] == {"FirstName": None}
    assert update["MailingAddress"] == {"City": "Bonn"}
    assert update["Birthdate"] == "1980-05-06"
