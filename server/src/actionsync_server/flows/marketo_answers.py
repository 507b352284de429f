"""Asks Marketo about addresses and remembers the answers for as long as somebody may want to use them again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

import structlog

from actionsync_server.clock import SECOND, Clock, Micros
from actionsync_server.flows.alerts import AlertsFlow
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.flows.question_groups import QuestionGroups
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
from actionsync_server.model.quotas import Flow
from actionsync_server.model.verdicts import MarketoAnswer, NoAnswer
from actionsync_server.systems.call_counter import calling_for
from actionsync_server.systems.marketo import Lead
from actionsync_server.telemetry import Metrics

log = structlog.get_logger(__name__)

#: Answers older than this are never used, whatever the settings say.
OLDEST_ANSWER: Micros = 300 * SECOND
MOST_ANSWERS = 100_000
ALERT = "check_unavailable"

_FIELDS = ("id", "email", "unsubscribed", "emailInvalid", "marketingSuspended", "blackListed")
_BUSY_SECONDS = 30.0
_PERSON_NEEDED_SECONDS = 300.0
_LATE = NoAnswer("Marketo did not answer in time.", _BUSY_SECONDS)


class MarketoAnswers:
    """What Marketo said of addresses. Questions that come at about the same time share a call."""

    def __init__(
        self, clock: Clock, *, registry: ConnectionRegistry, alerts: AlertsFlow, metrics: Metrics | None = None
    ) -> None:
        self._clock = clock
        self._registry = registry
        self._alerts = alerts
        self._metrics = metrics if metrics is not None else Metrics()
        self._groups: QuestionGroups[MarketoAnswer | NoAnswer] = QuestionGroups(clock, self._call)
        self._remembered: OrderedDict[tuple[str, str], MarketoAnswer] = OrderedDict()

    def coming(self, instance_id: str) -> AbstractContextManager[None]:
        """Say that somebody may ask soon, so that others' questions wait for theirs a little."""
        return self._groups.coming(instance_id)

    async def ask(
        self,
        instance_id: str,
        keys: Sequence[str],
        *,
        max_age: Micros,
        seconds: float,
        not_before: Mapping[str, Micros] | None = None,
    ) -> dict[str, MarketoAnswer | NoAnswer]:
        """Return one answer for each normalised address; NoAnswer for all that could not be asked within `seconds`.

        An answer is as old as the beginning of its call. One that is used again is at most `max_age` old, and its call
        began after the instant in `not_before`, where there is one for the address.
        """
        answers: dict[str, MarketoAnswer | NoAnswer] = {}
        for key in keys:
            known = self._recall(instance_id, key, max_age=min(max_age, OLDEST_ANSWER))
            if known is not None and known.ask_time > (not_before or {}).get(key, 0):
                answers[key] = known
        missing = [key for key in dict.fromkeys(keys) if key not in answers]
        if missing:
            answers |= dict.fromkeys(missing, _LATE)
            answers |= await self._groups.ask(instance_id, missing, seconds=seconds)
        return answers

    def remembered(self, instance_id: str, keys: Sequence[str]) -> dict[str, MarketoAnswer]:
        """Return the answers that are still remembered, without asking."""
        known = {key: self._recall(instance_id, key, max_age=OLDEST_ANSWER) for key in keys}
        return {key: answer for key, answer in known.items() if answer is not None}

    async def _call(self, instance_id: str, keys: Sequence[str]) -> dict[str, MarketoAnswer | NoAnswer]:
        """Make one call for a group of addresses."""
        began = self._clock.now()
        self._metrics.checked_addresses.labels(instance_id).inc(len(keys))
        try:
            client = await self._registry.marketo(instance_id)
            with calling_for(Flow.CHECK):
                leads = await client.leads("email", keys, _FIELDS, urgent=True)
        except (SystemFailure, NotConnected) as error:
            log.warning("unsubscribe_check_unavailable", instance_id=instance_id, reason=error.reason)
            no_answer = self._no_answer(error)
            self._metrics.check_calls.labels(instance_id, "unavailable").inc()
            await self._alerts.raise_alert(
                instance_id,
                ALERT,
                system=System.MARKETO,
                message=f"Sends cannot be checked in Marketo: {no_answer.explanation}",
                next_step="see CheckConnection for Marketo; held mail is checked again by itself",
                owner=ActionOwner.ADMIN,
            )
            return dict.fromkeys(keys, no_answer)
        self._metrics.check_calls.labels(instance_id, "answered").inc()
        await self._alerts.clear(instance_id, ALERT)
        answers = _read(keys, leads, began=began, ended=self._clock.now())
        self._remember(instance_id, answers)
        return dict(answers)

    def _recall(self, instance_id: str, key: str, *, max_age: Micros) -> MarketoAnswer | None:
        answer = self._remembered.get((instance_id, key))
        if answer is None or max_age <= 0 or self._clock.now() - answer.ask_time > max_age:
            return None
        return replace(answer, cached=True)

    def _remember(self, instance_id: str, answers: dict[str, MarketoAnswer]) -> None:
        for key, answer in answers.items():
            self._remembered[instance_id, key] = answer
            self._remembered.move_to_end((instance_id, key))
        oldest = self._clock.now() - OLDEST_ANSWER
        while self._remembered:
            place, answer = next(iter(self._remembered.items()))
            if answer.ask_time >= oldest and len(self._remembered) <= MOST_ANSWERS:
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


def _read(keys: Sequence[str], leads: Sequence[Lead], *, began: Micros, ended: Micros) -> dict[str, MarketoAnswer]:
    """Return one answer for each address, an empty one where Marketo knows nobody."""
    answers = {key: MarketoAnswer(began, ended, 0, unsubscribed=False) for key in keys}
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
    return answers
