"""Whatever happens at the same time: no MAY_SEND for an address whose opt-out stood before the check began.

Recording, removing, the sync from Salesforce, changes in Marketo and checks of every kind are let loose on the virtual
clock at random instants, a few addresses between them. Marketo answers late, at some instant within the call, or not
at all. Everything is noted in the order in which it happened, and each verdict is held against that.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

import pytest
from actionsync_server.clock import SECOND, Micros
from actionsync_server.flows.alerts import AlertsFlow
from actionsync_server.flows.check import CheckFlow, Freshness, Recipient, Send
from actionsync_server.flows.connections import ConnectionRegistry
from actionsync_server.flows.marketo_answers import MarketoAnswers
from actionsync_server.flows.settings import SettingsFlow
from actionsync_server.flows.unsubscribes.recording import UnsubscribeRecorder
from actionsync_server.flows.upkeep.suppression import Suppression
from actionsync_server.model.directory import Role, User
from actionsync_server.model.errors import System, SystemBusy
from actionsync_server.model.ids import Ids
from actionsync_server.model.settings import CheckSettings, Settings
from actionsync_server.model.unsubscribes import UnsubscribeSource
from actionsync_server.model.verdicts import Channel, Decision, Verdict
from actionsync_server.store.database import Database, Transaction
from actionsync_server.store.directory import DirectoryWrites
from actionsync_server.systems.marketo import Lead
from harness.clock import SharedClock

INSTANCE, SELLER = "acme", "seller-1"
ADDRESSES = [f"a{number}@example.com" for number in range(4)]
SPAN = 120.0
OPERATIONS = 120
CACHE: Micros = 20 * SECOND


@dataclass
class Told:
    """One opt-out, here or in Marketo: when it was certain, and when somebody began to take it back."""

    address: str
    place: str
    certain: int
    certain_time: Micros
    withdrawn: int | None = None


@dataclass
class History:
    """What happened, in order."""

    order: int = 0
    opt_outs: list[Told] = field(default_factory=list)

    def next(self) -> int:
        self.order += 1
        return self.order

    def standing(self, address: str, place: str) -> Told | None:
        found = (one for one in self.opt_outs if (one.address, one.place) == (address, place) and one.withdrawn is None)
        return next(found, None)

    def against(self, address: str, *, began: int, began_time: Micros, bound: Micros) -> list[Told]:
        """Return the opt-outs that a verdict of a check which began then, and has just ended, must heed."""
        return [
            one
            for one in self.opt_outs
            if one.address == address
            and one.withdrawn is None
            and one.certain < began
            and (one.place == "here" or one.certain_time <= began_time - bound)
        ]


class LateMarketo:
    """Has the state of each address as somebody sets it, and answers with that of some instant within the call."""

    def __init__(self, clock: SharedClock, rng: random.Random) -> None:
        self.unsubscribed = dict.fromkeys(ADDRESSES, False)
        self._clock = clock
        self._rng = rng

    async def marketo(self, _instance_id: str) -> LateMarketo:
        return self

    async def leads(self, _field: str, keys: Sequence[str], _fields: Sequence[str], **_more: Any) -> list[Lead]:
        await self._clock.sleep(self._rng.choice([0, 0.2, 3]))
        if self._rng.random() < 0.1:
            raise SystemBusy(System.MARKETO, "busy")
        found: list[Lead] = [
            {"id": number, "email": key, "unsubscribed": self.unsubscribed[key]} for number, key in enumerate(keys)
        ]
        await self._clock.sleep(self._rng.choice([0, 0.2, 3]))
        return found


class Fixed(SettingsFlow):
    """Settings that nobody changes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def get(self, instance_id: str) -> Settings:
        return self._settings


class Play:
    """One run."""

    def __init__(self, database: Database, clock: SharedClock, seed: int) -> None:
        self.rng = random.Random(seed)
        self.history = History()
        self.verdicts: list[tuple[Decision, list[Told]]] = []
        self._database = database
        self._clock = clock
        self._marketo = LateMarketo(clock, self.rng)
        ids = Ids(clock, random.Random(f"ids {seed}"))
        self._recorder = UnsubscribeRecorder(ids)
        self._cache = self.rng.choice([0, CACHE])
        settings = replace(Settings(), check=CheckSettings(enabled=True, answer_cache=self._cache))
        answers = MarketoAnswers(
            clock, registry=cast(ConnectionRegistry, self._marketo), alerts=AlertsFlow(database, clock)
        )
        self._check = CheckFlow(
            database,
            clock,
            ids=ids,
            settings=Fixed(settings),
            answers=answers,
            suppression=Suppression(bytes(32)),
        )

    async def run(self) -> None:
        """Let everything happen."""
        await self._database.write(self._add_seller)
        tasks = [asyncio.create_task(self._later(self._operation())) for _ in range(OPERATIONS)]
        await self._clock.advance(SPAN + 30)
        await asyncio.gather(*tasks)

    def _operation(self) -> Awaitable[None]:
        address = self.rng.choice(ADDRESSES)
        kinds = [self._unsubscribe, self._resubscribe, self._turn_in_marketo, self._check_one, self._authorize]
        return self.rng.choices(kinds, weights=[3, 2, 3, 8, 8])[0](address)

    async def _later(self, operation: Awaitable[None]) -> None:
        await self._clock.sleep(self.rng.uniform(0, SPAN))
        with self._clock.busy():
            await operation

    async def _unsubscribe(self, address: str) -> None:
        source = self.rng.choice([UnsubscribeSource.CLICKED_LINK, UnsubscribeSource.SALESFORCE_SYNC])
        at = self._clock.now()

        async def work(transaction: Transaction) -> None:
            await self._recorder.unsubscribe(
                transaction, INSTANCE, address, source=source, reason="", user_id="", at=at
            )

        await self._database.write(work)
        if self.history.standing(address, "here") is None:
            self.history.opt_outs.append(Told(address, "here", self.history.next(), self._clock.now()))

    async def _resubscribe(self, address: str) -> None:
        at = self._clock.now()
        # From the moment on when somebody takes it back, either answer is right.
        for one in self.history.opt_outs:
            if (one.address, one.place) == (address, "here") and one.withdrawn is None:
                one.withdrawn = self.history.next()

        async def work(transaction: Transaction) -> None:
            await self._recorder.resubscribe(
                transaction, INSTANCE, address, reason="asked", consent="mail", user_id=SELLER, at=at, push=False
            )

        await self._database.write(work)

    async def _turn_in_marketo(self, address: str) -> None:
        known = self.history.standing(address, "in Marketo")
        if known is not None:
            known.withdrawn = self.history.next()
            self._marketo.unsubscribed[address] = False
        else:
            self._marketo.unsubscribed[address] = True
            self.history.opt_outs.append(Told(address, "in Marketo", self.history.next(), self._clock.now()))

    async def _check_one(self, address: str) -> None:
        freshness = self.rng.choice([Freshness(), Freshness(live=True), Freshness(max_age=5 * SECOND)])
        bound = 0 if freshness.live else self._cache if freshness.max_age is None else freshness.max_age
        began, began_time = self.history.next(), self._clock.now()
        (verdict,) = await self._check.check(INSTANCE, [address], freshness, seconds=20)
        self._note(address, verdict, began=began, began_time=began_time, bound=bound)

    async def _authorize(self, address: str) -> None:
        others = self.rng.sample(ADDRESSES, 2)
        live = self.rng.random() < 0.5
        began, began_time = self.history.next(), self._clock.now()
        addresses = list(dict.fromkeys([address, *others]))
        answer = await self._check.authorize(
            INSTANCE,
            Send([Recipient(one) for one in addresses], SELLER, Channel.CAMPAIGN),
            Freshness(live=live),
            seconds=20,
        )
        for one, verdict in zip(addresses, answer.verdicts, strict=True):
            self._note(one, verdict, began=began, began_time=began_time, bound=0 if live else self._cache)

    def _note(self, address: str, verdict: Verdict, *, began: int, began_time: Micros, bound: Micros) -> None:
        against = self.history.against(address, began=began, began_time=began_time, bound=bound)
        self.verdicts.append((verdict.decision, against))

    async def _add_seller(self, transaction: Transaction) -> None:
        user = User(
            user_id=SELLER,
            email="seller@example.com",
            display_name="",
            salesforce_user_id="",
            role=Role.USER,
            time_zone="",
            bcc_logging=False,
            create_time=self._clock.now(),
        )
        await DirectoryWrites(transaction, INSTANCE).upsert(user)


@pytest.mark.asyncio
@pytest.mark.parametrize("seed", range(12))
async def test_no_check_lets_mail_to_somebody_who_had_opted_out(
    database: Database, clock: SharedClock, seed: int
) -> None:
    play = Play(database, clock, seed)
    await play.run()
    wrong = [against for decision, against in play.verdicts if decision is Decision.MAY_SEND and against]
    assert wrong == []
    # The run says something only if all of this happened.
    assert {decision for decision, _ in play.verdicts} == set(Decision)
    assert sum(bool(against) for _, against in play.verdicts) > 10
