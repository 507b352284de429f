"""The Bayeux protocol: an array of messages comes in, an array of replies and events goes out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson

from actionsync_simulators.salesforce.events.alarm import Alarm
from actionsync_simulators.salesforce.events.cometd.clients import CometClient, CometClients, Subscription
from actionsync_simulators.salesforce.events.log import LoggedEvent
from actionsync_simulators.salesforce.events.payload import Payloads
from actionsync_simulators.salesforce.gateway.messages import Response

if TYPE_CHECKING:
    from actionsync_simulators.salesforce.auth.sessions import Session
    from actionsync_simulators.salesforce.gateway.messages import Request
    from actionsync_simulators.salesforce.state import Org

Message = dict[str, Any]
MOST_EVENTS = 200
"""Events in one answer; the next connect gets the next ones."""
NEW_EVENTS, ALL_EVENTS = -1, -2
_SHAKE_HANDS = {"interval": 0, "reconnect": "handshake"}
_UNKNOWN_CLIENT = "403::Unknown client"
_BAD_REPLAY = (
    "400::The replayId {{{}}} you provided was invalid.  Please provide a valid ID, -2 to replay all events, or -1 to"
    " replay only new events."
)


class Bayeux:
    """Answers CometD calls."""

    def __init__(self, org: Org) -> None:
        self._org = org
        self._payloads = Payloads(org.events)
        self.clients: CometClients = org.comet_clients

    def answer(self, request: Request, session: Session | None) -> Response:
        """Answer one call. An answer that has to wait for events says so in `later`."""
        try:
            messages = orjson.loads(request.body)
        except orjson.JSONDecodeError:
            messages = None
        if isinstance(messages, dict):
            messages = [messages]
        if not isinstance(messages, list) or not messages or not all(isinstance(each, dict) for each in messages):
            return Response(400, [_refused({}, "400::The body is no array of messages")], code="400::")
        replies: list[Message] = []
        held: tuple[CometClient, Message] | None = None
        headers: list[tuple[str, str]] = []
        for message in messages:
            reply = self._reply(message, session)
            replies.append(reply)
            client = self.clients.find(message.get("clientId"))
            if message.get("channel") == "/meta/handshake" and reply["successful"]:
                headers.append(("Set-Cookie", f"BAYEUX_BROWSER={reply['clientId']}; Path=/cometd; HttpOnly"))
            if message.get("channel") == "/meta/connect" and reply["successful"] and client is not None:
                held = (client, message)
        errors = [reply["error"] for reply in replies if "error" in reply]
        response = Response(200, replies, headers, code=errors[0] if errors else None)
        if held is not None:
            response.later = self._connected(*held, response)
        return response

    def _reply(self, message: Message, session: Session | None) -> Message:
        channel = message.get("channel")
        if channel == "/meta/handshake":
            return self._handshake(message, session)
        client = self.clients.find(message.get("clientId"))
        if client is None:
            return _refused(message, _UNKNOWN_CLIENT, advice=_SHAKE_HANDS)
        if session is None:
            return _refused(message, "401::Authentication invalid", advice={"reconnect": "none"})
        client.token = session.token
        if channel == "/meta/connect":
            return {**_granted(message, client), "advice": self._advice()}
        if channel == "/meta/subscribe":
            return self._subscribe(message, client)
        if channel == "/meta/unsubscribe":
            client.subscriptions.pop(str(message.get("subscription")), None)
            return {**_granted(message, client), "subscription": message.get("subscription")}
        if channel == "/meta/disconnect":
            self.clients.forget(client)
            return _granted(message, client)
        return _refused(message, f"403:{channel}:Publishing is not allowed on this channel")

    def _handshake(self, message: Message, session: Session | None) -> Message:
        extension: dict[str, Any] = {"replay": True, "payload.format": True}
        if session is None:
            failure = {"failureReason": "401::Authentication invalid"}
            refused = _refused(message, "403::Handshake denied", advice={"reconnect": "none"})
            return {**refused, "ext": {"sfdc": failure, **extension}}
        if "long-polling" not in (message.get("supportedConnectionTypes") or ()):
            return _refused(message, "400::No supported connection type", advice={"reconnect": "none"})
        client = self.clients.shake_hands(session.token)
        return {
            **_granted(message, client),
            "version": "1.0",
            "minimumVersion": "1.0",
            "supportedConnectionTypes": ["long-polling"],
            "ext": extension,
        }

    def _subscribe(self, message: Message, client: CometClient) -> Message:
        name = message.get("subscription")
        topic = self._org.selection.topic(name) if isinstance(name, str) else None
        if topic is None or not isinstance(name, str):
            return {**_refused(message, "404::Unknown channel", client=client), "subscription": name}
        extension = message.get("ext")
        replay = extension.get("replay") if isinstance(extension, dict) else None
        given = replay.get(name, NEW_EVENTS) if isinstance(replay, dict) else NEW_EVENTS
        position = self._position(given)
        if position is None:
            return {**_refused(message, _BAD_REPLAY.format(given), client=client), "subscription": name}
        client.subscriptions[name] = Subscription(topic, position)
        if client.held is not None:
            client.held.bell.set()
        return {**_granted(message, client), "subscription": name}

    def _position(self, given: object) -> int | None:
        log = self._org.events
        if not isinstance(given, int) or isinstance(given, bool):
            return None
        if given == NEW_EVENTS:
            return log.newest
        if given == ALL_EVENTS:
            log.expire()
            return log.expired
        return given if log.retains(given) else None

    # Holding a connect

    def _connected(
        self, client: CometClient, message: Message, response: Response
    ) -> Callable[[], Awaitable[Response]]:
        client.connects += 1
        mine = client.connects
        if client.held is not None:
            client.held.bell.set()
        # The first connect after the handshake is answered at once: it brings the advice.
        advice = message.get("advice")
        asks_at_once = isinstance(advice, dict) and advice.get("timeout") == 0
        at_once = mine == 1 or asks_at_once

        async def wait() -> Response:
            alarm = client.held = Alarm(self._org.clock)
            self._org.events.listen(alarm.bell)
            until = self._org.clock.now() + self._org.switches.connect_timeout
            try:
                while True:
                    problem = self._problem(client)
                    if problem is not None:
                        response.payload = [
                            _refused(message, *problem, client=client)
                            if each.get("channel") == "/meta/connect"
                            else each
                            for each in response.payload
                        ]
                        return response
                    events = [] if client.connects != mine else self._events(client)
                    left = (until - self._org.clock.now()) / timedelta(seconds=1)
                    if events or at_once or client.connects != mine or left <= 0:
                        response.payload = [*response.payload, *events]
                        return response
                    await alarm.wait(min(left, self._session_left(client)))
            finally:
                alarm.close()
                self._org.events.ignore(alarm.bell)
                if client.held is alarm:
                    client.held = None
                client.seen_at = self._org.clock.now()

        return wait

    def _problem(self, client: CometClient) -> tuple[str, Message] | None:
        if not self.clients.knows(client):
            return _UNKNOWN_CLIENT, _SHAKE_HANDS
        if self._org.sessions.find(client.token) is None:
            return "401::Authentication invalid", {"reconnect": "none"}
        return None

    def _session_left(self, client: CometClient) -> float:
        session = self._org.sessions.find(client.token)
        if session is None:
            return 0.0
        return (session.expires_at - self._org.clock.now()) / timedelta(seconds=1)

    def _events(self, client: CometClient) -> list[Message]:
        """The next events of all channels together, in the order of their replay ids."""
        log = self._org.events
        found: list[tuple[int, str, LoggedEvent]] = []
        for channel, subscription in client.subscriptions.items():
            events = log.read(subscription.position, subscription.topic.wanted, limit=MOST_EVENTS)
            found += [(event.replay, channel, event) for event in events]
        found.sort(key=lambda each: each[:2])
        session = self._org.sessions.find(client.token)
        access = self._org.access_of("" if session is None else session.user_id)
        messages: list[Message] = []
        for replay, channel, event in found[:MOST_EVENTS]:
            client.subscriptions[channel].position = replay
            data = {
                "schema": event.schema_id,
                "payload": self._payloads.json(event, access),
                "event": {"replayId": replay},
            }
            messages.append({"channel": channel, "data": data})
        return messages

    def _advice(self) -> Message:
        timeout = self._org.switches.connect_timeout // timedelta(milliseconds=1)
        return {"interval": 0, "timeout": timeout, "reconnect": "retry"}


def _granted(message: Message, client: CometClient) -> Message:
    reply: Message = {"channel": message.get("channel"), "clientId": client.id, "successful": True}
    return _with_id(reply, message)


def _refused(
    message: Message, error: str, advice: Message | None = None, *, client: CometClient | None = None
) -> Message:
    reply: Message = {"channel": message.get("channel"), "error": error, "successful": False}
    if client is not None:
        reply["clientId"] = client.id
    if advice is not None:
        reply["advice"] = advice
    return _with_id(reply, message)


def _with_id(reply: Message, message: Message) -> Message:
    if "id" in message:
        reply["id"] = message["id"]
    return reply
