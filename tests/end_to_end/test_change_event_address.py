"""Where change events come from is said when Salesforce is connected, and stays so."""

from __future__ import annotations

import pytest
from actionsync.v1 import connections_pb2
from actionsync.v1.common_pb2 import SYSTEM_SALESFORCE
from actionsync_client import InvalidFieldError
from actionsync_server.model.connections import PUBSUB_ADDRESS
from actionsync_server.model.errors import System
from harness.world import INSTANCE, SALESFORCE, SELLER, World

pytestmark = pytest.mark.asyncio

ADDRESS = "127.0.0.1:7443"


def request(**more: str) -> connections_pb2.ConnectSalesforceRequest:
    return connections_pb2.ConnectSalesforceRequest(
        base_url=SALESFORCE, client_id="simulator-client", client_secret="simulator-secret", **more
    )


async def kept(world: World) -> str | None:
    details = await world.app.wiring.registry.details(INSTANCE, System.SALESFORCE)
    return details.get(PUBSUB_ADDRESS)


async def test_it_outlives_a_check_and_ends_with_the_next_login(world: World) -> None:
    assert await kept(world) is None
    await world.admin.connections.ConnectSalesforce(request(pubsub_address=ADDRESS))
    assert await kept(world) == ADDRESS
    checked = await world.admin.connections.CheckConnection(
        connections_pb2.CheckConnectionRequest(system=SYSTEM_SALESFORCE)
    )
    assert checked.working
    assert await kept(world) == ADDRESS
    await world.admin.connections.ConnectSalesforce(request())
    assert await kept(world) is None


@pytest.mark.parametrize(
    "address", ["pubsub", "http://127.0.0.1:7443", "a b:1", ":7443", "host:port", "x" * 300 + ":1"]
)
async def test_what_is_no_address_is_refused(world: World, address: str) -> None:
    with pytest.raises(InvalidFieldError) as refused:
        await world.admin.connections.ConnectSalesforce(request(pubsub_address=address))
    assert [one.field for one in refused.value.violations] == ["pubsub_address"]


async def test_a_seller_has_none(world: World) -> None:
    with pytest.raises(InvalidFieldError):
        await world.admin.connections.ConnectSalesforce(
            request(user_id=SELLER, refresh_token="simulator-refresh-token", pubsub_address=ADDRESS)
        )
