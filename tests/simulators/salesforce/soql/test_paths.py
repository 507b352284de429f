"""Parents: paths, aliases, and the Name object behind polymorphic lookups."""

from __future__ import annotations

from typing import Any

import pytest
from actionsync_simulators.salesforce.schema.access import Access
from actionsync_simulators.salesforce.soql import SoqlError


def test_a_parent_is_a_record_of_its_own(org: Any) -> None:
    record = org.records(
        "SELECT LastName, Account.Name, Account.Owner.Name, account.id FROM Contact WHERE LastName = 'Cole'"
    )[0]
    base = "/services/data/v60.0/sobjects"
    assert record == {
        "attributes": {"type": "Contact", "url": f"{base}/Contact/{org.id('Contact', 3)}"},
        "LastName": "Cole",
        "Account": {
            "attributes": {"type": "Account", "url": f"{base}/Account/{org.id('Account', 2)}"},
            "Name": "acme sub",
            "Owner": {
                "attributes": {"type": "User", "url": f"{base}/User/{org.id('User', 2)}"},
                "Name": "Bo Rep",
            },
            "Id": org.id("Account", 2),
        },
    }
    assert list(record["Account"]) == ["attributes", "Name", "Owner", "Id"]


def test_an_empty_lookup_is_null(org: Any) -> None:
    record = org.records("SELECT Account.Name, Account.Owner.Name FROM Contact WHERE Account.Name = null")[0]
    assert record["Account"] is None


def test_five_levels(org: Any) -> None:
    rows = org.records(
        "SELECT ReportsTo.ReportsTo.ReportsTo.Account.Owner.Alias FROM Contact"
        " WHERE ReportsTo.ReportsTo.ReportsToId != null"
    )
    assert rows[0]["ReportsTo"]["ReportsTo"]["ReportsTo"]["Account"]["Owner"]["Alias"] == "ada"


@pytest.mark.parametrize("prefix", ["", "Contact.", "CONTACT.", "c.", "C."])
def test_the_object_and_its_alias_may_lead_a_path(org: Any, prefix: str) -> None:
    query = f"SELECT {prefix}LastName FROM Contact c WHERE {prefix}Account.Name = 'Acme' ORDER BY {prefix}Name"
    assert org.values(query) == ["Ames", "Beck"]


def test_a_field_called_as_the_object_is_still_a_field(org: Any) -> None:
    assert org.values("SELECT Name FROM Group") == ["Inbound"]
    assert org.values("SELECT Group.Name FROM Group WHERE Group.Type = 'Queue'") == ["Inbound"]


def test_output_uses_the_casing_of_the_schema(org: Any) -> None:
    record = org.records("SELECT id, LASTNAME, owner.NAME, (SELECT id FROM tasks) FROM contact LIMIT 1")[0]
    assert list(record) == ["attributes", "Id", "LastName", "Owner", "Tasks"]
    assert list(record["Owner"]) == ["attributes", "Name"]


def test_polymorphic_parents_have_type_name_and_a_concrete_url(org: Any) -> None:
    rows = org.records(
        "SELECT Subject, Who.Name, Who.Type, Owner.Name, Owner.Type, What.Name FROM Task ORDER BY Id LIMIT 4"
    )
    assert rows[0]["Who"] == {
        "attributes": {"type": "Name", "url": f"/services/data/v60.0/sobjects/Lead/{org.id('Lead', 1)}"},
        "Name": "Lou Lane",
        "Type": "Lead",
    }
    assert rows[0]["What"] is None
    assert rows[1]["Who"]["Type"] == "Contact"
    assert rows[1]["What"] == {
        "attributes": {"type": "Account", "url": f"/services/data/v60.0/sobjects/Account/{org.id('Account', 1)}"},
        "Name": "Acme",
    }
    assert rows[3]["Who"] is None
    assert rows[3]["Owner"] == {
        "attributes": {"type": "Name", "url": f"/services/data/v60.0/sobjects/Group/{org.id('Group', 1)}"},
        "Name": "Inbound",
        "Type": "Queue",
    }


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("Who.Type = 'Lead'", ["Call"]),
        ("Who.Type IN ('contact')", ["Email: Hi", "Email: Re"]),
        ("Who.Type = null", ["Other", None]),
        ("Who.Type != 'Lead'", ["Email: Hi", "Email: Re", "Other", None]),
        ("Who.FirstName LIKE 'b%'", ["Email: Re"]),
        ("Who.Email = 'LOU@p.example'", ["Call"]),
        ("Who.Name > 'B' ORDER BY Who.Name DESC", ["Call", "Email: Re"]),
        ("Owner.Type = 'Queue'", ["Other"]),
        ("Owner.Name = 'inbound'", ["Other"]),
        ("Owner.Alias = 'ada' AND Who.Id != null", ["Call", "Email: Hi", "Email: Re"]),
        ("Owner.IsActive = false", ["Other", None]),
        ("Owner.Profile.Name = 'Standard User'", ["Call", "Email: Hi", "Email: Re", None]),
        ("Owner.NameOrAlias = 'inbound'", ["Other"]),
        ("What.Name LIKE '%sub'", ["Other"]),
    ],
)
def test_filters_over_polymorphic_parents(org: Any, condition: str, expected: list[str]) -> None:
    assert org.values(f"SELECT Subject FROM Task WHERE {condition}") == expected


def test_members_that_the_concrete_object_lacks_are_null(org: Any) -> None:
    record = org.records(
        "SELECT Who.Alias, Who.Title, Who.IsActive, Owner.Profile.Name FROM Task WHERE Subject = 'Call'"
    )[0]
    assert (record["Who"]["Alias"], record["Who"]["Title"], record["Who"]["IsActive"]) == (None, None, False)
    assert record["Owner"]["Profile"]["Name"] == "Standard User"


def test_a_field_hidden_on_one_target_is_null_there(org: Any) -> None:
    org.access = Access(hidden=frozenset({("Lead", "Email")}))
    assert [r["Who"]["Email"] for r in org.records("SELECT Who.Email FROM Task WHERE WhoId != null")] == [
        None,
        "anna@x.example",
        "BERT@X.example",
    ]


def test_special_fields_of_a_target_need_another_way(org: Any) -> None:
    with pytest.raises(SoqlError, match="No such column 'Company' on entity 'Name'"):
        org.compile("SELECT Who.Company FROM Task")


def test_booleans_of_a_missing_parent_are_false(org: Any) -> None:
    org.database.execute("UPDATE Contact SET OwnerId = NULL WHERE LastName = 'Cole'")
    assert org.values("SELECT LastName FROM Contact WHERE Owner.IsActive = false") == ["Cole"]
    assert org.values("SELECT LastName FROM Contact WHERE Owner.IsActive = true") == ["Ames", "Beck", "D'Arc_100%"]


def test_parents_can_be_deleted_rows(org: Any) -> None:
    org.database.execute("UPDATE Contact SET AccountId = ? WHERE LastName = 'Cole'", (org.id("Account", 3),))
    assert org.values("SELECT LastName FROM Contact WHERE Account.Name = 'Gone'") == ["Cole"]


def test_from_may_name_parents(org: Any) -> None:
    query = "SELECT c.LastName, a.Name, p.Name FROM Contact c, c.Account a, a.Parent p WHERE a.Type = 'Partner'"
    record = org.records(query)[0]
    assert (record["LastName"], record["Account"]["Name"], record["Account"]["Parent"]["Name"]) == (
        "Cole",
        "acme sub",
        "Acme",
    )
    assert org.count("SELECT COUNT() FROM Contact c, c.Account a WHERE a.Name = 'Acme'") == 2
    assert org.values("SELECT w.Name FROM Task t, t.Who w WHERE w.Type = 'Lead'")[0]["Name"] == "Lou Lane"
    with pytest.raises(SoqlError, match="Didn't understand relationship 'Nope' in field path"):
        org.compile("SELECT Id FROM Contact c, c.Nope n")
