"""The check before a send (F7): the gates in order, one Marketo call for each 300 addresses, fail closed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from actionsync_server.clock import MINUTE, SECOND, Clock, Micros
from actionsync_server.flows.marketo_answers import MarketoAnswers
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.model.activities import PermitState
from actionsync_server.model.errors import NotFound
from actionsync_server.model.ids import Ids
from actionsync_server.model.persons import Person, Qualification, email_key
from actionsync_server.model.settings import CheckSettings
from actionsync_server.model.verdicts import (
    Channel,
    Decision,
    MarketoAnswer,
    NoAnswer,
    RecipientKind,
    Verdict,
    VerdictReason,
    check_off_verdict,
    local_verdict,
    marketo_verdict,
)
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.directory import Directory
from actionsync_server.store.persons import Persons
from actionsync_server.store.send_checks import SendCheck, SendChecks, SendCheckWrites, address_digest
from actionsync_server.store.unsubscribes import Unsubscribes

#: A permit covers mail that goes out soon; what waits longer is checked again.
PERMIT_LIFE: Micros = 15 * MINUTE
#: Of the caller's time, so much is kept for our own work.
_RESERVE_SECONDS = 0.5
_LONGEST_WAIT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Freshness:
    """How fresh an answer must be. `live` asks Marketo now; `stored` asks nobody."""

    max_age: Micros | None = None
    live: bool = False
    stored: bool = False


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient of a mail."""

    email: str
    person_id: str = ""
    kind: RecipientKind = RecipientKind.TO


@dataclass(frozen=True, slots=True)
class Send:
    """One mail about to be delivered."""

    recipients: Sequence[Recipient]
    user_id: str
    channel: Channel
    non_commercial: bool = False


@dataclass(frozen=True, slots=True)
class Authorization:
    """The verdicts in the order of the recipients, and the permit ("" when nobody may be sent to)."""

    verdicts: list[Verdict]
    permit: str
    expire_time: Micros

    def summary(self) -> dict[tuple[Decision, VerdictReason], int]:
        """Return how many recipients have each decision and reason."""
        return dict(Counter((verdict.decision, verdict.reason) for verdict in self.verdicts))


class CheckFlow:
    """Answers checks and authorises sends."""

    def __init__(
        self, database: Database, clock: Clock, *, ids: Ids, settings: SettingsFlow, answers: MarketoAnswers
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._settings = settings
        self._answers = answers

    async def check(
        self, instance_id: str, addresses: Sequence[str], freshness: Freshness, *, seconds: float | None = None
    ) -> list[Verdict]:
        """Return one verdict for each address: what a To recipient of commercial mail would get."""
        settings = (await self._settings.get(instance_id)).check
        recipients = [Recipient(address) for address in addresses]
        ask = not freshness.stored and (settings.enabled or freshness.live)
        return await self._judge(
            instance_id, recipients, settings=settings, freshness=freshness, ask=ask, seconds=seconds
        )

    async def authorize(
        self, instance_id: str, send: Send, freshness: Freshness, *, seconds: float | None = None
    ) -> Authorization:
        """Run every gate for one send and keep what was answered. Raises NotFound for an unknown seller.

        A caller may ask for fresher evidence than the settings do, never for staler.
        """
        if await Directory(self._database, instance_id).user(send.user_id) is None:
            raise NotFound("user", send.user_id)
        settings = (await self._settings.get(instance_id)).check
        age = settings.answer_cache if freshness.max_age is None else min(settings.answer_cache, freshness.max_age)
        verdicts = await self._judge(
            instance_id,
            send.recipients,
            settings=settings,
            freshness=Freshness(max_age=age, live=freshness.live),
            ask=settings.enabled,
            non_commercial=send.non_commercial,
            seconds=seconds,
        )
        now = self._clock.now()
        check = SendCheck(
            check_id=self._ids.make("c"),
            user_id=send.user_id,
            channel=send.channel.value,
            check_time=now,
            expire_time=now + PERMIT_LIFE,
            verdicts={
                address_digest(instance_id, email_key(recipient.email)): (verdict.decision.value, verdict.reason.value)
                for recipient, verdict in zip(send.recipients, verdicts, strict=True)
            },
        )

        async def work(transaction: Transaction) -> None:
            await SendCheckWrites(transaction, instance_id).add(check)

        await self._database.write(work)
        granted = any(verdict.decision is Decision.MAY_SEND for verdict in verdicts)
        return Authorization(verdicts, check.check_id if granted else "", check.expire_time)

    async def permit_state(self, instance_id: str, permit: str, *, address: str, sent_at: Micros) -> PermitState:
        """Tell whether a send was checked before it went out: the permit is ours, for this address, and in force."""
        if not permit:
            return PermitState.NONE
        check = await SendChecks(self._database, instance_id).get(permit)
        if check is None:
            return PermitState.EXPIRED
        verdict = check.verdicts.get(address_digest(instance_id, email_key(address)))
        allowed = verdict is not None and verdict[0] == Decision.MAY_SEND.value
        # Activity times are whole seconds with many callers; the check may have been made within that second.
        in_force = check.check_time - SECOND < sent_at <= check.expire_time
        return PermitState.VALID if allowed and in_force else PermitState.EXPIRED

    async def _judge(
        self,
        instance_id: str,
        recipients: Sequence[Recipient],
        *,
        settings: CheckSettings,
        freshness: Freshness,
        ask: bool,
        non_commercial: bool = False,
        seconds: float | None = None,
    ) -> list[Verdict]:
        now = self._clock.now()
        unsubscribes = await Unsubscribes(self._database, instance_id).find([email_key(r.email) for r in recipients])
        persons = await Persons(self._database, instance_id).many([r.person_id for r in recipients if r.person_id])
        local = [
            local_verdict(
                recipient.email,
                settings=settings,
                now=now,
                unsubscribe=unsubscribes.get(email_key(recipient.email)),
                non_commercial=non_commercial,
                qualified=_is_qualified(persons.get(recipient.person_id)),
            )
            for recipient in recipients
        ]
        open_ones = [r for r, verdict in zip(recipients, local, strict=True) if verdict is None and _asked(r, settings)]
        answers: dict[str, MarketoAnswer | NoAnswer] = {}
        if ask and open_ones:
            keys = [email_key(recipient.email) for recipient in open_ones]
            answers = await self._ask(instance_id, keys, freshness, settings, seconds)
        verdicts = []
        for recipient, verdict in zip(recipients, local, strict=True):
            answer = answers.get(email_key(recipient.email))
            if verdict is None and answer is None:
                verdict = check_off_verdict(now)
            elif verdict is None and answer is not None:
                verdict = marketo_verdict(answer, settings=settings, now=now, kind=recipient.kind)
            assert verdict is not None
            verdicts.append(verdict)
        return verdicts

    async def _ask(
        self,
        instance_id: str,
        keys: Sequence[str],
        freshness: Freshness,
        settings: CheckSettings,
        seconds: float | None,
    ) -> dict[str, MarketoAnswer | NoAnswer]:
        if freshness.live:
            age: Micros = 0
        else:
            age = settings.answer_cache if freshness.max_age is None else freshness.max_age
        limit = _LONGEST_WAIT_SECONDS if seconds is None else min(seconds - _RESERVE_SECONDS, _LONGEST_WAIT_SECONDS)
        try:
            async with asyncio.timeout(max(limit, 0.0)):
                return await self._answers.ask(instance_id, keys, max_age=age)
        except TimeoutError:
            late = NoAnswer("Marketo did not answer in time.", retry_after=30.0)
            return dict.fromkeys(keys, late)


def _asked(recipient: Recipient, settings: CheckSettings) -> bool:
    return recipient.kind is RecipientKind.TO or settings.check_copy_recipients


def _is_qualified(person: Person | None) -> bool:
    """Tell whether a named person may get mail; nobody named, or somebody unknown, is judged by address alone."""
    return person is None or person.qualification is Qualification.QUALIFIED
