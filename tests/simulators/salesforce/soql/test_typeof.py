"""TYPEOF: fields of a polymorphic parent by its object."""

from __future__ import annotations

from typing import Any

import pytest
from actionsync_simulators.salesforce.soql import SoqlError

WHO = "TYPEOF Who WHEN Contact THEN Title, FirstName, Account.Name WHEN Lead THEN Company, IsConverted ELSE Name END"


def url(object_name: str, record_id: str) -> dict[str, str]:
    return {"type": object_name, "url": f"/services/data/v60.0/sobjects/{object_name}/{record_id}"}


def test_each_parent_has_the_fields_of_its_object(org: Any) -> None:
    lead, contact, *_, nobody = org.records(f"SELECT Subject, {WHO} FROM Task ORDER BY Id")
    assert list(lead) == ["attributes", "Subject", "Who"]
    assert lead["Who"] == {"attributes": url("Lead", org.id("Lead", 1)), "Company": "Planet", "IsConverted": False}
    assert contact["Who"] == {
        "attributes": url("Contact", org.id("Contact", 1)),
        "Title": None,
        "FirstName": "Anna",
        "Account": {"attributes": url("Account", org.id("Account", 1)), "Name": "Acme"},
    }
    assert nobody["Who"] is None


def test_else_reads_the_name_of_all_others(org: Any) -> None:
    records = org.records("SELECT Id, TYPEOF Who WHEN Lead THEN Company ELSE Name, Type END FROM Task ORDER BY Id")
    assert records[0]["Who"]["Company"] == "Planet"
    assert records[1]["Who"] == {
        "attributes": url("Contact", org.id("Contact", 1)) | {"type": "Name"},
        "Name": "Anna Ames",
        "Type": "Contact",
    }


def test_without_else_other_parents_are_null(org: Any) -> None:
    records = org.records("SELECT TYPEOF Who WHEN Contact THEN Id END FROM Task ORDER BY Id")
    assert [each["Who"] and each["Who"]["Id"] for each in records] == [
        None, org.id("Contact", 1), org.id("Contact", 2), None, None,
    ]  # fmt: skip


def test_beside_paths_aliases_and_in_child_queries(org: Any) -> None:
    record = org.records(
        "SELECT Id, Who.Name, TYPEOF t.Owner WHEN User THEN Alias WHEN Group THEN Type END FROM Task t"
        " WHERE Who.Type = 'Lead' AND Owner.Type = 'User' ORDER BY Owner.Name"
    )[0]
    assert record["Who"]["Name"] == "Lou Lane"
    assert record["Owner"]["Alias"] == "ada"
    nested = org.records("SELECT Id, (SELECT Id, TYPEOF Owner WHEN User THEN Alias END FROM Tasks) FROM Lead LIMIT 1")
    assert nested[0]["Tasks"]["records"][0]["Owner"]["Alias"] == "ada"


def test_columns_name_the_fields_of_every_object(org: Any) -> None:
    column = org.compile(f"SELECT {WHO} FROM Task").columns()["columnMetadata"][0]
    assert (column["columnName"], column["foreignKeyName"]) == ("Who", "WhoId")
    assert [each["columnName"] for each in column["joinColumns"]] == [
        "Title", "FirstName", "Account", "Company", "IsConverted",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("item", "code", "reason"),
    [
        ("TYPEOF Nope WHEN Lead THEN Id END", "INVALID_FIELD", "Didn't understand relationship 'Nope'"),
        ("TYPEOF Who WHEN Nope THEN Id END", "INVALID_TYPE", "sObject type 'Nope' is not supported"),
        ("TYPEOF Who WHEN Account THEN Id END", "MALFORMED_QUERY", "Account is not a type of the relationship Who"),
        ("TYPEOF Who WHEN Lead THEN Title END", "INVALID_FIELD", "No such column 'Title' on entity 'Lead'"),
        ("TYPEOF Who WHEN Lead THEN Id ELSE Company END", "INVALID_FIELD", "No such column 'Company' on entity 'Name'"),
        ("TYPEOF Who WHEN Lead THEN Id WHEN lead THEN Id END", "MALFORMED_QUERY", "TYPEOF names Lead more than once"),
        ("TYPEOF Who ELSE Id END", "MALFORMED_QUERY", "unexpected token: 'ELSE'"),
        ("TYPEOF Who WHEN Lead THEN Id", "MALFORMED_QUERY", "unexpected token: 'FROM'"),
        ("TYPEOF Owner.Profile WHEN User THEN Id END", "INVALID_FIELD", "Didn't understand relationship"),
        (
            "Owner.Name, TYPEOF Owner WHEN User THEN Id END",
            "MALFORMED_QUERY",
            "Owner is selected by TYPEOF and by path",
        ),
        ("COUNT(Id), TYPEOF Who WHEN Lead THEN Id END", "MALFORMED_QUERY", "only root queries support aggregate"),
        ("TYPEOF Who WHEN Lead THEN Id END, TYPEOF Who WHEN Lead THEN Id END", "MALFORMED_QUERY", "duplicate TYPEOF"),
    ],
)
def test_what_is_refused(org: Any, item: str, code: str, reason: str) -> None:
    with pytest.raises(SoqlError, match=reason) as refused:
        org.compile(f"SELECT {item} FROM Task")
    assert refused.value.error_code == code


def test_only_polymorphic_parents(org: Any) -> None:
    with pytest.raises(SoqlError, match="only allowed on a polymorphic relationship: Account"):
        org.compile("SELECT TYPEOF Account WHEN Account THEN Id END FROM Contact")
    with pytest.raises(SoqlError, match="must select exactly one field"):
        org.compile("SELECT Id FROM Lead WHERE Id IN (SELECT TYPEOF Who WHEN Lead THEN Id END FROM Task)")
