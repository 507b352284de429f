"""Asks Marketo about addresses and remembers the answers for as long as somebody may want to use them again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

import structlog

from actionsync_server.clock import SECOND, Clock, Micros
from actionsync_server.flows.alerts import AlertsFlow
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.model.deliveries import ActionOwner
from actionsync_server.model.errors import (
    ActionsyncError,
    LoginRefused,
    NotConnected,
    QuotaExhausted,
    System,
    SystemFailure,
)
from actionsync_server.model.persons import email_key
from actionsync_server.model.verdicts import MarketoAnswer, NoAnswer

log = structlog.get_logger(__name__)

#: Answers older than this are never used, whatever the settings say.
OLDEST_ANSWER: Micros = 300 * SECOND
MOST_ANSWERS = 100_000
ALERT = "check_unavailable"

_FIELDS = ("id", "email", "unsubscribed", "emailInvalid", "marketingSuspended", "blackListed")
_BUSY_SECONDS = 30.0
_PERSON_NEEDED_SECONDS = 300.0


class MarketoAnswers:
    """What Marketo said of addresses."""

    def __init__(self, clock: Clock, *, registry: ConnectionRegistry, alerts: AlertsFlow) -> None:
        self._clock = clock
        self._registry = registry
        self._alerts = alerts
        self._remembered: OrderedDict[tuple[str, str], MarketoAnswer] = OrderedDict()

    async def ask(
        self, instance_id: str, keys: Sequence[str], *, max_age: Micros
    ) -> dict[str, MarketoAnswer | NoAnswer]:
        """Return one answer for each normalised address; NoAnswer for all that could not be asked."""
        answers: dict[str, MarketoAnswer | NoAnswer] = {}
        for key in keys:
            known = self._recall(instance_id, key, max_age=min(max_age, OLDEST_ANSWER))
            if known is not None:
                answers[key] = known
        missing = [key for key in dict.fromkeys(keys) if key not in answers]
        if missing:
            answers |= await self._ask_now(instance_id, missing)
        return answers

    async def _ask_now(self, instance_id: str, keys: Sequence[str]) -> dict[str, MarketoAnswer | NoAnswer]:
        try:
            client = await self._registry.marketo(instance_id)
            leads = await client.leads("email", keys, _FIELDS, urgent=True)
        except (SystemFailure, NotConnected) as error:
            log.warning("unsubscribe_check_unavailable", instance_id=instance_id, reason=error.reason)
            no_answer = self._no_answer(error)
            await self._alerts.raise_alert(
                instance_id,
                ALERT,
                system=System.MARKETO,
                message=f"Sends cannot be checked in Marketo: {no_answer.explanation}",
                next_step="see CheckConnection for Marketo; held mail is checked again by itself",
                owner=ActionOwner.ADMIN,
            )
            return dict.fromkeys(keys, no_answer)
        await self._alerts.clear(instance_id, ALERT)
        now = self._clock.now()
        # One empty answer for each address, so that a person nobody knows has one too.
        answers = {key: MarketoAnswer(now, 0, unsubscribed=False) for key in keys}
        for lead in leads:
            key = email_key(str(lead.get("email") or ""))
            known = answers.get(key)
            if known is not None:
                answers[key] = replace(
                    known,
                    person_count=known.person_count + 1,
                    unsubscribed=known.unsubscribed or bool(lead.get("unsubscribed")),
                    email_invalid=known.email_invalid or bool(lead.get("emailInvalid")),
                    marketing_suspended=known.marketing_suspended or bool(lead.get("marketingSuspended")),
                    black_listed=known.black_listed or bool(lead.get("blackListed")),
                )
        self._remember(instance_id, answers)
        return dict(answers)

    def _recall(self, instance_id: str, key: str, *, max_age: Micros) -> MarketoAnswer | None:
        answer = self._remembered.get((instance_id, key))
        if answer is None or max_age <= 0 or self._clock.now() - answer.answer_time > max_age:
            return None
        return replace(answer, cached=True)

    def _remember(self, instance_id: str, answers: dict[str, MarketoAnswer]) -> None:
        for key, answer in answers.items():
            self._remembered[instance_id, key] = answer
            self._remembered.move_to_end((instance_id, key))
        oldest = self._clock.now() - OLDEST_ANSWER
        while self._remembered:
            place, answer = next(iter(self._remembered.items()))
            if answer.answer_time >= oldest and len(self._remembered) <= MOST_ANSWERS:
                break
            del self._remembered[place]

    def _no_answer(self, error: ActionsyncError) -> NoAnswer:
        if isinstance(error, NotConnected):
            return NoAnswer("Marketo is not connected.", _PERSON_NEEDED_SECONDS)
        if isinstance(error, QuotaExhausted):
            wait = max(error.until - self._clock.now(), SECOND) / SECOND
            return NoAnswer("Marketo's daily allowance of calls is spent.", wait)
        if isinstance(error, LoginRefused):
            return NoAnswer("Marketo does not accept the login any more.", _PERSON_NEEDED_SECONDS)
        return NoAnswer("Marketo does not answer now.", error.retry_after or _BUSY_SECONDS)
