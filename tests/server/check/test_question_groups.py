"""Questions that come together share a call; each is answered by a call that began after it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from actionsync_server.flows.question_groups import LARGEST_GROUP, QUIET_SECONDS, QuestionGroups
from harness.clock import SharedClock

pytestmark = pytest.mark.asyncio


class Marketo:
    """Answers when it is told to, with the number of the call."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.began: asyncio.Queue[int] = asyncio.Queue()
        self.may_answer = asyncio.Event()
        self.failing: set[int] = set()

    async def ask(self, _instance_id: str, keys: Sequence[str]) -> dict[str, int]:
        number = len(self.calls)
        self.calls.append(list(keys))
        self.began.put_nowait(number)
        await self.may_answer.wait()
        if number in self.failing:
            raise RuntimeError("broken")
        return dict.fromkeys(keys, number)


@pytest.fixture
def marketo() -> Marketo:
    return Marketo()


@pytest.fixture
def groups(marketo: Marketo, clock: SharedClock) -> QuestionGroups[int]:
    return QuestionGroups(clock, marketo.ask)


async def test_a_thousand_questions_at_once_cost_four_calls(groups: QuestionGroups[int], marketo: Marketo) -> None:
    marketo.may_answer.set()
    answers = await asyncio.gather(*(groups.ask("acme", [f"a{n}@example.com"], seconds=20) for n in range(1000)))
    assert [len(call) for call in marketo.calls] == [300, 300, 300, 100]
    assert all(f"a{n}@example.com" in answer for n, answer in enumerate(answers))


async def test_the_same_address_is_asked_once_for_everybody(groups: QuestionGroups[int], marketo: Marketo) -> None:
    marketo.may_answer.set()
    answers = await asyncio.gather(*(groups.ask("acme", ["a@example.com"], seconds=20) for _ in range(50)))
    assert marketo.calls == [["a@example.com"]]
    assert answers == [{"a@example.com": 0}] * 50


async def test_who_asks_while_a_call_is_under_way_gets_the_next_one(
    groups: QuestionGroups[int], marketo: Marketo
) -> None:
    first = asyncio.create_task(groups.ask("acme", ["a@example.com"], seconds=20))
    assert await marketo.began.get() == 0
    second = asyncio.create_task(groups.ask("acme", ["a@example.com"], seconds=20))
    assert await marketo.began.get() == 1
    marketo.may_answer.set()
    assert (await first, await second) == ({"a@example.com": 0}, {"a@example.com": 1})


async def test_while_two_calls_are_under_way_the_next_one_fills(groups: QuestionGroups[int], marketo: Marketo) -> None:
    asked = []
    for number in range(2):
        asked.append(asyncio.create_task(groups.ask("acme", [f"first{number}@example.com"], seconds=20)))
        await marketo.began.get()
    late = [asyncio.create_task(groups.ask("acme", [f"late{n}@example.com"], seconds=20)) for n in range(40)]
    full = asyncio.create_task(groups.ask("acme", [f"full{n}@example.com" for n in range(300)], seconds=20))
    assert await marketo.began.get() == 2  # a full one does not wait
    marketo.may_answer.set()
    await asyncio.gather(*asked, *late, full)
    assert [len(call) for call in marketo.calls] == [1, 1, LARGEST_GROUP, 40]


async def test_a_call_that_fails_fails_for_its_members_alone(groups: QuestionGroups[int], marketo: Marketo) -> None:
    marketo.failing.add(0)
    first = [asyncio.create_task(groups.ask("acme", [f"a{n}@example.com"], seconds=20)) for n in range(3)]
    await marketo.began.get()
    second = asyncio.create_task(groups.ask("acme", ["b@example.com"], seconds=20))
    await marketo.began.get()
    marketo.may_answer.set()
    outcomes = await asyncio.gather(*first, return_exceptions=True)
    assert [type(one) for one in outcomes] == [RuntimeError] * 3
    assert await second == {"b@example.com": 1}


async def test_who_has_no_time_left_goes_without_and_the_others_get_their_answers(
    groups: QuestionGroups[int], marketo: Marketo
) -> None:
    patient = asyncio.create_task(groups.ask("acme", ["a@example.com"], seconds=20))
    hurried = asyncio.create_task(groups.ask("acme", ["b@example.com"], seconds=0.1))
    assert await hurried == {}
    marketo.may_answer.set()
    assert await patient == {"a@example.com": 0}
    assert await groups.ask("acme", ["c@example.com"], seconds=0.0) == {}
    assert marketo.calls == [["a@example.com", "b@example.com"]]


async def test_an_open_group_waits_for_those_who_are_coming(groups: QuestionGroups[int], marketo: Marketo) -> None:
    marketo.may_answer.set()
    much_later = asyncio.Event()
    with groups.coming("acme"):
        first = asyncio.create_task(groups.ask("acme", ["a@example.com"], seconds=20))
        asyncio.get_running_loop().call_later(10 * QUIET_SECONDS, much_later.set)
        await much_later.wait()
        second = asyncio.create_task(groups.ask("acme", ["b@example.com"], seconds=20))
        await asyncio.sleep(0)
    await asyncio.gather(first, second)
    assert marketo.calls == [["a@example.com", "b@example.com"]]


async def test_instances_do_not_share_calls(groups: QuestionGroups[int], marketo: Marketo) -> None:
    marketo.may_answer.set()
    await asyncio.gather(
        groups.ask("acme", ["a@example.com"], seconds=20), groups.ask("other", ["a@example.com"], seconds=20)
    )
    assert marketo.calls == [["a@example.com"], ["a@example.com"]]
