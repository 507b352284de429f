"""The unmodified client `marketorestpython`: companies, opportunities, roles and sales persons."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from actionsync_simulators.marketo.switches import MarketoSwitches
from harness.live_marketo import LiveMarketo

KINDS = {
    "company": ("company", "companies"),
    "sales_person": ("sales_person", "sales_persons"),
    "opportunity": ("opportunity", "opportunities"),
}


@pytest.fixture(scope="module")
def without_crm() -> Iterator[LiveMarketo]:
    """A served subscription without a CRM, where everything can be written."""
    server = LiveMarketo(switches=MarketoSwitches(crm="none"))
    yield server
    server.stop()


@pytest.mark.parametrize(
    ("kind", "record"),
    [
        ("company", {"externalCompanyId": "C-1", "company": "Acme"}),
        ("sales_person", {"externalSalesPersonId": "ann@example.com", "firstName": "Ann"}),
        ("opportunity", {"externalOpportunityId": "O-1", "name": "Chairs"}),
    ],
)
def test_records_are_described_written_read_and_deleted(
    without_crm: LiveMarketo, make_client: Callable[[str], Any], kind: str, record: dict[str, Any]
) -> None:
    client = make_client(without_crm.url)
    one, many = KINDS[kind]
    (described,) = client.execute(method=f"describe_{one}")
    (key,) = described["dedupeFields"]
    for status in ("created", "updated"):
        (row,) = client.execute(
            method=f"create_update_{many}", input=[record], action="createOrUpdate", dedupeBy="dedupeFields"
        )
        assert row["status"] == status
    names = ",".join(record)
    (found,) = client.execute(method=f"get_{many}", filterType=key, filterValues=[record[key]], fields=names)
    assert found.items() >= record.items()
    (gone,) = client.execute(method=f"delete_{many}", input=[{key: record[key]}], deleteBy="dedupeFields")
    assert gone["status"] == "deleted"
    assert client.execute(method=f"get_{many}", filterType=key, filterValues=[record[key]]) == []


def test_roles_are_written_read_and_deleted(without_crm: LiveMarketo, make_client: Callable[[str], Any]) -> None:
    client = make_client(without_crm.url)
    client.execute(method="create_update_opportunities", input=[{"externalOpportunityId": "O-2", "name": "Tables"}])
    role = {"externalOpportunityId": "O-2", "leadId": 1001, "role": "Buyer"}
    (made,) = client.execute(method="create_update_opportunities_roles", input=[role])
    assert made["status"] == "created"
    rows = client.execute(
        method="get_opportunity_roles", filterType="externalOpportunityId", filterValues=["O-2"], fields="leadId,role"
    )
    assert [(row["leadId"], row["role"]) for row in rows] == [(1001, "Buyer")]
    (gone,) = client.execute(method="delete_opportunity_roles", input=[role])
    assert gone == {"seq": 0, "marketoGUID": made["marketoGUID"], "status": "deleted"}


def test_pages_are_followed_to_the_end(without_crm: LiveMarketo, make_client: Callable[[str], Any]) -> None:
    client = make_client(without_crm.url)
    keys = [f"P-{number}" for number in range(7)]
    client.execute(method="create_update_companies", input=[{"externalCompanyId": key} for key in keys])
    rows = client.execute(
        method="get_companies", filterType="dedupeFields", filterValues=keys, fields="externalCompanyId", batchSize=3
    )
    assert [row["externalCompanyId"] for row in rows] == keys


def test_beside_a_crm_they_are_read_only(client: Any) -> None:
    assert client.execute(method="get_companies", filterType="id", filterValues=["1"])[0]["id"] == 1
    with pytest.raises(Exception, match="'code': '1018'"):
        client.execute(method="create_update_companies", input=[{"externalCompanyId": "C-1"}])
