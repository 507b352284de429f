"""The check before a send (F7): the gates in order, one Marketo call for each 300 addresses, fail closed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from actionsync_server.clock import MINUTE, SECOND, Clock, Micros
from actionsync_server.flows.marketo_answers import MarketoAnswers
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.flows.upkeep.suppression import Suppression
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
    local_verdict,
    marketo_verdict,
    unasked_verdict,
)
from actionsync_server.store.database import Database, Reader, Transaction
from actionsync_server.store.directory import Directory
from actionsync_server.store.person_merges import as_they_are_now
from actionsync_server.store.send_checks import SendCheck, SendChecks, SendCheckWrites, address_digest
from actionsync_server.store.unsubscribes import Unsubscribes
from actionsync_server.telemetry import Metrics

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
        self,
        database: Database,
        clock: Clock,
        *,
        ids: Ids,
        settings: SettingsFlow,
        answers: MarketoAnswers,
        suppression: Suppression,
        metrics: Metrics | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._suppression = suppression
        self._settings = settings
        self._answers = answers
        self._verdicts = (metrics if metrics is not None else Metrics()).verdicts

    async def check(
        self, instance_id: str, addresses: Sequence[str], freshness: Freshness, *, seconds: float | None = None
    ) -> list[Verdict]:
        """Return one verdict for each address: what a To recipient of commercial mail would get."""
        with self._answers.coming(instance_id):
            settings = (await self._settings.get(instance_id)).check
            recipients = [Recipient(address) for address in addresses]
            ask = not freshness.stored and (settings.enabled or freshness.live)
            local = await self._local_verdicts(self._database, instance_id, recipients, settings)
        verdicts = await self._judge(
            instance_id, recipients, local, settings=settings, freshness=freshness, ask=ask, seconds=seconds
        )
        return self._counted(
            instance_id, await self._checked_again(self._database, instance_id, recipients, verdicts, settings)
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
        non_commercial = send.non_commercial
        with self._answers.coming(instance_id):
            local = await self._local_verdicts(
                self._database, instance_id, send.recipients, settings, non_commercial=non_commercial
            )
        age = settings.answer_cache if freshness.max_age is None else min(settings.answer_cache, freshness.max_age)
        verdicts = await self._judge(
            instance_id,
            send.recipients,
            local,
            settings=settings,
            freshness=Freshness(max_age=age, live=freshness.live),
            ask=settings.enabled,
            seconds=seconds,
        )
        check_id = self._ids.make("c")

        async def work(transaction: Transaction) -> Authorization:
            # Marketo may have taken its time: no permit for an address that was unsubscribed here meanwhile.
            final = await self._checked_again(
                transaction, instance_id, send.recipients, verdicts, settings, non_commercial=non_commercial
            )
            now = self._clock.now()
            check = _send_check(instance_id, check_id, send, final, now=now)
            await SendCheckWrites(transaction, instance_id).add(check)
            granted = any(verdict.decision is Decision.MAY_SEND for verdict in final)
            return Authorization(final, check_id if granted else "", check.expire_time)

        authorization = await self._database.write(work)
        self._counted(instance_id, authorization.verdicts)
        return authorization

    def _counted(self, instance_id: str, verdicts: list[Verdict]) -> list[Verdict]:
        for verdict in verdicts:
            self._verdicts.labels(instance_id, verdict.decision.name.lower()).inc()
        return verdicts

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

    async def _local_verdicts(
        self,
        reader: Reader,
        instance_id: str,
        recipients: Sequence[Recipient],
        settings: CheckSettings,
        *,
        non_commercial: bool = False,
    ) -> list[Verdict | None]:
        """Run the gates that need nobody else; None where Marketo decides."""
        now = self._clock.now()
        keys = {email_key(recipient.email) for recipient in recipients}
        unsubscribes = await self._suppression.standing(reader, instance_id, keys)
        named = [r.person_id for r in recipients if r.person_id]
        persons = await as_they_are_now(reader, instance_id, named)
        return [
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

    async def _checked_again(
        self,
        reader: Reader,
        instance_id: str,
        recipients: Sequence[Recipient],
        verdicts: Sequence[Verdict],
        settings: CheckSettings,
        *,
        non_commercial: bool = False,
    ) -> list[Verdict]:
        """Return the verdicts with what the local gates say by now."""
        local = await self._local_verdicts(reader, instance_id, recipients, settings, non_commercial=non_commercial)
        return [
            verdict if now is None or verdict.decision is not Decision.MAY_SEND else now
            for verdict, now in zip(verdicts, local, strict=True)
        ]

    async def _judge(
        self,
        instance_id: str,
        recipients: Sequence[Recipient],
        local: Sequence[Verdict | None],
        *,
        settings: CheckSettings,
        freshness: Freshness,
        ask: bool,
        seconds: float | None = None,
    ) -> list[Verdict]:
        """Return the local verdicts, and Marketo's where there are none."""
        open_ones = [r for r, verdict in zip(recipients, local, strict=True) if verdict is None and _asked(r, settings)]
        answers: dict[str, MarketoAnswer | NoAnswer] = {}
        keys = [email_key(recipient.email) for recipient in open_ones]
        if ask and open_ones:
            answers = await self._ask(instance_id, keys, freshness, settings, seconds)
        elif settings.enabled and freshness.stored:
            answers = dict(self._answers.remembered(instance_id, keys))
        now = self._clock.now()
        verdicts = []
        for recipient, verdict in zip(recipients, local, strict=True):
            answer = answers.get(email_key(recipient.email)) if _asked(recipient, settings) else None
            if verdict is None and answer is None:
                verdict = unasked_verdict(now, check_on=settings.enabled and freshness.stored)
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
        not_before: dict[str, Micros] = {}
        if age:
            # What was answered before somebody here unsubscribed, or came back, is not used again.
            events = await Unsubscribes(self._database, instance_id).latest_events(keys)
            not_before = {key: event.event_time for key, event in events.items()}
        limit = _LONGEST_WAIT_SECONDS if seconds is None else min(seconds - _RESERVE_SECONDS, _LONGEST_WAIT_SECONDS)
        return await self._answers.ask(instance_id, keys, max_age=age, seconds=limit, not_before=not_before)


def _send_check(instance_id: str, check_id: str, send: Send, verdicts: Sequence[Verdict], *, now: Micros) -> SendCheck:
    return SendCheck(
        check_id=check_id,
        user_id=send.user_id,
        channel=send.channel.value,
        check_time=now,
        expire_time=now + PERMIT_LIFE,
        verdicts={
            # Of an address that stands there twice the refusal counts, so it comes last.
            address_digest(instance_id, email_key(recipient.email)): (verdict.decision.value, verdict.reason.value)
            for recipient, verdict in sorted(
                zip(send.recipients, verdicts, strict=True), key=lambda pair: pair[1].decision is not Decision.MAY_SEND
            )
        },
    )


def _asked(recipient: Recipient, settings: CheckSettings) -> bool:
    return recipient.kind is RecipientKind.TO or settings.check_copy_recipients


def _is_qualified(person: Person | None) -> bool:
    """Tell whether a named person may get mail; nobody named, or somebody unknown, is judged by address alone."""
    return person is None or person.qualification is Qualification.QUALIFIED
