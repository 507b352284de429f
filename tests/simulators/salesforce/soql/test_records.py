"""Wire records: keys and their order, value types, functions of the select list, child queries, paging."""

from __future__ import annotations

from typing import Any

import pytest


def test_attributes_come_first_then_fields_as_selected_and_once(org: Any) -> None:
    record = org.records("SELECT Name, Id, HasOptedOutOfEmail, Score__c, Birthdate, Name, id FROM Contact LIMIT 1")[0]
    assert list(record.items()) == [
        ("attributes", {"type": "Contact", "url": f"/services/data/v60.0/sobjects/Contact/{org.id('Contact', 1)}"}),
        ("Name", "Anna Ames"),
        ("Id", org.id("Contact", 1)),
        ("HasOptedOutOfEmail", True),
        ("Score__c", 1.5),
        ("Birthdate", "1990-02-03"),
    ]


def test_the_version_is_that_of_the_call(org: Any) -> None:
    query = org.compile("SELECT Id FROM Lead LIMIT 1")
    record = query.records(org.database, query.ids(org.database), version="v52.0")[0]
    assert record["attributes"]["url"].startswith("/services/data/v52.0/sobjects/Lead/00Q")


def test_value_types(org: Any) -> None:
    task = org.records("SELECT CallDurationInSeconds, ReminderDateTime, IsArchived FROM Task LIMIT 1")[0]
    assert task["CallDurationInSeconds"] == 60
    assert isinstance(task["CallDurationInSeconds"], int)
    assert (task["ReminderDateTime"], task["IsArchived"]) == ("2024-03-11T07:30:00.000+0000", False)
    account = org.records("SELECT AnnualRevenue FROM Account WHERE AnnualRevenue = 200")[0]
    assert isinstance(account["AnnualRevenue"], float)


def test_compound_fields(org: Any) -> None:
    with_parts, without = org.records("SELECT BillingAddress, BillingCity FROM Account")
    assert with_parts["BillingAddress"] == {
        "city": "Berlin",
        "country": None,
        "geocodeAccuracy": None,
        "latitude": None,
        "longitude": None,
        "postalCode": "10115",
        "state": None,
        "street": None,
    }
    assert list(with_parts["BillingAddress"]) == sorted(with_parts["BillingAddress"])
    assert (with_parts["BillingCity"], without["BillingAddress"]) == ("Berlin", None)
    assert (
        org.records("SELECT Account.BillingAddress FROM Contact LIMIT 1")[0]["Account"]["BillingAddress"]
        == (with_parts["BillingAddress"])
    )


def test_fields_of_every_kind(org: Any) -> None:
    every = org.records("SELECT FIELDS(ALL) FROM Contact LIMIT 200")[0]
    assert list(every)[1:] == list(org.schema.object("Contact").fields)
    custom = org.records("SELECT FIELDS(CUSTOM) FROM Contact LIMIT 1")[0]
    assert list(custom)[1:] == ["Interests__c", "Code__c", "Score__c"]
    standard = org.records("SELECT Id, FIELDS(STANDARD) FROM Contact")[0]
    assert set(standard) == set(every) - {"Interests__c", "Code__c", "Score__c"}


def test_functions_of_the_select_list(org: Any) -> None:
    lead = org.records("SELECT toLabel(Status) FROM Lead LIMIT 1")[0]
    assert lead["Status"] == "Offen"
    assert org.records("SELECT toLabel(Status) shown, Status FROM Lead LIMIT 1")[0]["shown"] == "Offen"
    account = org.records(
        "SELECT FORMAT(AnnualRevenue) money, convertCurrency(AnnualRevenue), FORMAT(CreatedDate) made FROM Account"
    )[0]
    assert (account["money"], account["AnnualRevenue"]) == ("$1,000.50", 1000.5)
    assert account["made"] == "5/5/2023, 3:00 AM"
    contact = org.records(
        "SELECT FORMAT(Birthdate), FORMAT(Score__c), FORMAT(Account.NumberOfEmployees) FROM Contact LIMIT 1"
    )[0]
    assert (contact["Birthdate"], contact["Score__c"]) == ("2/3/1990", "1.5")
    assert contact["Account"]["NumberOfEmployees"] == "10"
    formatted = org.records("SELECT FORMAT(convertCurrency(AnnualRevenue)) m, FORMAT(IsDeleted) d FROM Account")[0]
    assert (formatted["m"], formatted["d"]) == ("$1,000.50", "false")
    assert org.records("SELECT FORMAT(Birthdate) FROM Contact WHERE LastName = 'Beck'")[0]["Birthdate"] is None


def test_child_queries(org: Any) -> None:
    acme, sub = org.records("SELECT Name, (SELECT LastName, Owner.Name FROM Contacts) FROM Account")
    assert acme["Contacts"]["totalSize"] == 2
    assert acme["Contacts"]["done"] is True
    assert list(acme["Contacts"]) == ["totalSize", "done", "records"]
    assert [each["LastName"] for each in acme["Contacts"]["records"]] == ["Ames", "Beck"]
    assert acme["Contacts"]["records"][0] == {
        "attributes": {"type": "Contact", "url": f"/services/data/v60.0/sobjects/Contact/{org.id('Contact', 1)}"},
        "LastName": "Ames",
        "Owner": {
            "attributes": {"type": "User", "url": f"/services/data/v60.0/sobjects/User/{org.id('User', 1)}"},
            "Name": "Ada Rep",
        },
    }
    assert [each["LastName"] for each in sub["Contacts"]["records"]] == ["Cole"]


def children(org: Any, inner: str, **options: Any) -> list[list[str] | None]:
    rows = org.records(f"SELECT Name, ({inner}) FROM Account", **options)
    found = [list(row.values())[-1] for row in rows]
    return [None if each is None else [child["LastName"] for child in each["records"]] for each in found]


def test_child_queries_filter_sort_and_limit_per_parent(org: Any) -> None:
    assert children(org, "SELECT LastName FROM Contacts WHERE Email != null") == [["Ames", "Beck"], None]
    assert children(org, "SELECT LastName FROM Contacts ORDER BY Name DESC") == [["Beck", "Ames"], ["Cole"]]
    assert children(org, "SELECT LastName FROM Contacts LIMIT 1") == [["Ames"], ["Cole"]]
    assert children(org, "SELECT LastName FROM Contacts LIMIT 1 OFFSET 1") == [["Beck"], None]
    assert children(org, "SELECT LastName FROM Contacts WHERE Id IN (SELECT WhoId FROM Task)") == [
        ["Ames", "Beck"],
        None,
    ]


def test_deleted_children_show_only_in_query_all(org: Any) -> None:
    org.database.execute("UPDATE Contact SET AccountId = ? WHERE LastName = 'Deleted'", (org.id("Account", 2),))
    inner = "SELECT LastName FROM Contacts"
    assert children(org, inner) == [["Ames", "Beck"], ["Cole"]]
    assert children(org, inner, include_deleted=True) == [["Ames", "Beck"], ["Cole", "Deleted"], None]


def test_child_queries_nest(org: Any) -> None:
    acme = org.records("SELECT Name, (SELECT LastName, (SELECT Subject FROM Tasks) FROM Contacts) FROM Account")[0]
    tasks = [contact["Tasks"] for contact in acme["Contacts"]["records"]]
    assert [[task["Subject"] for task in each["records"]] for each in tasks] == [["Email: Hi"], ["Email: Re"]]


def test_several_child_queries_keep_their_place(org: Any) -> None:
    acme = org.records(
        "SELECT (SELECT Id FROM Tasks), Name, (SELECT Id FROM Contacts), (SELECT Id FROM ChildAccounts) FROM Account"
    )[0]
    assert list(acme) == ["attributes", "Tasks", "Name", "Contacts", "ChildAccounts"]
    assert [acme[name]["totalSize"] for name in ("Tasks", "Contacts", "ChildAccounts")] == [1, 2, 1]


def test_keys_are_a_snapshot_and_values_are_those_of_now(org: Any) -> None:
    query = org.compile("SELECT LastName FROM Contact ORDER BY LastName DESC")
    keys = query.ids(org.database)
    assert keys == [org.id("Contact", serial) for serial in (4, 3, 2, 1)]
    org.database.execute("UPDATE Contact SET LastName = 'Zed' WHERE LastName = 'Ames'")
    org.database.execute("DELETE FROM Contact WHERE LastName = 'Beck'")
    page = query.records(org.database, keys[1:], version="v60.0")
    assert [record["LastName"] for record in page] == ["Cole", "Zed"]
    assert query.records(org.database, [], version="v60.0") == []


@pytest.mark.parametrize(
    ("query", "count", "aggregate"),
    [
        ("SELECT Id FROM Lead", False, False),
        ("SELECT count() FROM Lead", True, False),
        ("SELECT COUNT(Id) FROM Lead", False, True),
        ("SELECT Company FROM Lead GROUP BY Company", False, True),
    ],
)
def test_what_kind_of_query(org: Any, query: str, count: bool, aggregate: bool) -> None:
    compiled = org.compile(query)
    assert (compiled.object_name, compiled.is_count, compiled.is_aggregate) == ("Lead", count, aggregate)


def test_purposes_and_access_modes_change_nothing(org: Any) -> None:
    plain = org.values("SELECT LastName FROM Contact")
    for clause in ("WITH SECURITY_ENFORCED", "WITH USER_MODE", "FOR VIEW", "FOR REFERENCE", "FOR UPDATE"):
        assert org.values(f"SELECT LastName FROM Contact {clause}") == plain
