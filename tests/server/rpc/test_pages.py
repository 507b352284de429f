"""Page tokens come back as they went out, and only to the listing they came from."""

from __future__ import annotations

import pytest
from actionsync.v1.person_sync_pb2 import ListPersonsRequest
from actionsync_server.model.errors import InvalidInput
from actionsync_server.rpc import pages
from hypothesis import given
from hypothesis import strategies as st

FILTERS = ListPersonsRequest(query="ada")


@given(st.lists(st.one_of(st.text(max_size=20), st.integers(-(2**63), 2**63)), max_size=4))
def test_a_position_survives(position: list[str | int]) -> None:
    token = pages.encode(position, listing="persons", filters=FILTERS)
    assert pages.decode(token, listing="persons", filters=FILTERS) == position


def test_no_token_is_the_first_page() -> None:
    assert pages.decode("", listing="persons", filters=FILTERS) is None


def test_page_size_and_token_may_change_between_pages() -> None:
    token = pages.encode(["p-1"], listing="persons", filters=FILTERS)
    later = ListPersonsRequest(query="ada", page_size=7, page_token=token)
    assert pages.decode(token, listing="persons", filters=later) == ["p-1"]


@pytest.mark.parametrize(
    ("listing", "filters"),
    [("activities", FILTERS), ("persons", ListPersonsRequest(query="ad")), ("persons", ListPersonsRequest())],
)
def test_a_token_of_another_listing_is_refused(listing: str, filters: ListPersonsRequest) -> None:
    token = pages.encode(["p-1"], listing="persons", filters=FILTERS)
    with pytest.raises(InvalidInput) as raised:
        pages.decode(token, listing=listing, filters=filters)
    assert raised.value.reason == "PAGE_TOKEN_INVALID"
    assert raised.value.metadata == {"field": "page_token"}


@given(st.text(min_size=1, max_size=60))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        pages.decode(text, listing="persons", filters=FILTERS)


@given(st.integers(0), st.integers(1, 255))
def test_a_changed_token_is_refused(place: int, change: int) -> None:
    token = bytearray(pages.encode(["p-1", 5], listing="persons", filters=FILTERS), "ascii")
    token[place % len(token)] ^= change
    if bytes(token).isascii():
        with pytest.raises(InvalidInput):
            pages.decode(token.decode("ascii"), listing="persons", filters=FILTERS)


def test_page_sizes() -> None:
    sizes = {size: pages.page_size(ListPersonsRequest(page_size=size)) for size in (0, 1, 50, 1000, 1001, 2**31 - 1)}
    assert sizes == {0: 50, 1: 1, 50: 50, 1000: 1000, 1001: 1000, 2**31 - 1: 1000}
