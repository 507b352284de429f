"""A small org to query: its schema, a few rows whose answers are known by hand, and a way to ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from actionsync_simulators.database import Database
from actionsync_simulators.salesforce.schema.access import Access
from actionsync_simulators.salesforce.schema.ddl import schema_sql
from actionsync_simulators.salesforce.schema.fields import (
    address,
    audit,
    boolean,
    date,
    email,
    external_id,
    integer,
    is_deleted,
    named,
    number,
    owner,
    person_name,
    picklist,
    record_id,
    reference,
    text,
    textarea,
)
from actionsync_simulators.salesforce.schema.fields import datetime as moment
from actionsync_simulators.salesforce.schema.model import Field, PicklistValue, Schema, SObject
from actionsync_simulators.salesforce.soql import Query, compile_query
from actionsync_simulators.seed.salesforce_ids import salesforce_id

NOW = datetime(2024, 3, 15, 12, 0, tzinfo=UTC)


def sobject(name: str, prefix: str, fields: list[Field], **more: Any) -> SObject:
    members = [record_id(f"{name} ID"), is_deleted(), *fields, *audit()]
    return SObject(name=name, label=name, label_plural=f"{name}s", key_prefix=prefix, fields=named(members), **more)


def small_schema() -> Schema:
    status = replace(
        picklist("Status", ()), picklist=(PicklistValue("Open", "Offen"), PicklistValue("Closed", "Closed"))
    )
    return Schema(
        [
            sobject(
                "Account",
                "001",
                [
                    text("Name", 255, name_field=True),
                    picklist("Type", ("Customer", "Partner")),
                    number("AnnualRevenue", "currency", scale=2),
                    integer("NumberOfEmployees"),
                    textarea("Description", 32000),
                    reference("ParentId", "Account", child="ChildAccounts"),
                    owner("User"),
                    *address("Billing"),
                ],
            ),
            sobject(
                "Contact",
                "003",
                [
                    *person_name(),
                    reference("AccountId", "Account", child="Contacts"),
                    reference("ReportsToId", "Contact", child="Reports"),
                    email(),
                    text("Title", 128),
                    date("Birthdate"),
                    replace(picklist("Interests__c", ("Red", "Green", "Blue")), type="multipicklist"),
                    external_id("Code__c", 20, case_sensitive=True),
                    number("Score__c", scale=2),
                    boolean("HasOptedOutOfEmail"),
                    owner("User"),
                ],
            ),
            sobject(
                "Lead",
                "00Q",
                [
                    *person_name(),
                    text("Company", 255, required=True),
                    email(),
                    status,
                    boolean("IsConverted"),
                    owner("Group", "User"),
                ],
            ),
            sobject(
                "Task",
                "00T",
                [
                    replace(picklist("Subject", ("Call",), kind="combobox"), name_field=True),
                    reference("WhoId", "Contact", "Lead", child="Tasks"),
                    reference("WhatId", "Account", child="Tasks"),
                    date("ActivityDate"),
                    moment("ReminderDateTime"),
                    integer("CallDurationInSeconds"),
                    boolean("IsArchived"),
                    textarea("Description", 32000),
                    owner("Group", "User"),
                ],
                activity=True,
            ),
            sobject(
                "User",
                "005",
                [
                    *person_name(),
                    text("Alias", 8),
                    text("Username", 80, unique=True),
                    email(),
                    boolean("IsActive"),
                    reference("ProfileId", "Profile"),
                ],
            ),
            sobject("Group", "00G", [text("Name", 40, name_field=True), picklist("Type", ("Queue",))]),
            sobject("Profile", "00e", [text("Name", 40, name_field=True)], searchable=False),
        ]
    )


@dataclass
class Org:
    """Rows of the small schema, and queries over them."""

    schema: Schema
    database: Database
    access: Access = field(default_factory=Access)
    timezone: str = "America/Los_Angeles"

    def id(self, object_name: str, serial: int) -> str:
        found = self.schema.object(object_name)
        assert found is not None
        return salesforce_id(found.key_prefix, serial)

    def insert(self, object_name: str, serial: int, **values: Any) -> str:
        found = self.schema.object(object_name)
        assert found is not None
        record = self.id(object_name, serial)
        row: dict[str, Any] = {f.name: 0 for f in found.stored_fields if f.type == "boolean"}
        row |= {
            "Id": record,
            "CreatedDate": "2024-03-01T00:00:00.000+0000",
            "SystemModstamp": "2024-03-01T00:00:00.000+0000",
            **values,
        }
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" * len(row))
        self.database.execute(f'INSERT INTO "{object_name}" ({names}) VALUES ({marks})', list(row.values()))
        return record

    def compile(self, query: str, *, include_deleted: bool = False, now: datetime = NOW) -> Query:
        return compile_query(
            query,
            schema=self.schema,
            access=self.access,
            include_deleted=include_deleted,
            now=now,
            timezone=self.timezone,
            user_id=self.id("User", 1),
        )

    def records(self, query: str, **options: Any) -> list[dict[str, Any]]:
        compiled = self.compile(query, **options)
        return compiled.records(self.database, compiled.ids(self.database), version="v60.0")

    def groups(self, query: str) -> list[dict[str, Any]]:
        return self.compile(query).aggregate_records(self.database)

    def values(self, query: str, **options: Any) -> list[Any]:
        """The values of the first selected field."""
        return [next(v for k, v in each.items() if k != "attributes") for each in self.records(query, **options)]

    def count(self, query: str, **options: Any) -> int:
        return self.compile(query, **options).count(self.database)


@pytest.fixture(scope="session")
def schema() -> Schema:
    return small_schema()


@pytest.fixture
def empty_org(schema: Schema) -> Iterator[Org]:
    database = Database(schema_sql(schema))
    yield Org(schema, database)
    database.close()


@pytest.fixture(scope="session")
def make_org(schema: Schema) -> Callable[[], Org]:
    return lambda: Org(schema, Database(schema_sql(schema)))


@pytest.fixture
def org(empty_org: Org) -> Org:
    """Three users, a queue, three accounts, five contacts, three leads and six tasks."""
    o = empty_org
    o.insert("Profile", 1, Name="Standard User")
    o.insert(
        "User", 1, Name="Ada Rep", FirstName="Ada", LastName="Rep", Alias="ada", IsActive=1, Email="ada@us.example",
        Username="ada@us.example", ProfileId=o.id("Profile", 1),
    )  # fmt: skip
    o.insert("User", 2, Name="Bo Rep", LastName="Rep", Alias="bo", IsActive=0, ProfileId=o.id("Profile", 1))
    o.insert("Group", 1, Name="Inbound", Type="Queue")
    o.insert(
        "Account", 1, Name="Acme", Type="Customer", AnnualRevenue=1000.5, NumberOfEmployees=10,
        OwnerId=o.id("User", 1), BillingCity="Berlin", BillingPostalCode="10115",
        CreatedDate="2023-05-05T10:00:00.000+0000",
    )  # fmt: skip
    o.insert(
        "Account", 2, Name="acme sub", Type="Partner", AnnualRevenue=200.0, NumberOfEmployees=3,
        ParentId=o.id("Account", 1), OwnerId=o.id("User", 2),
    )  # fmt: skip
    o.insert("Account", 3, Name="Gone", IsDeleted=1, OwnerId=o.id("User", 1))
    people = [
        ("Anna", "Ames", "anna@x.example", 1, "Red;Blue", "aB", 1.5, 1, "1990-02-03"),
        ("Bert", "Beck", "BERT@X.example", 1, "Green", "AB", 2.0, 0, None),
        ("Cleo", "Cole", None, 2, None, None, None, 0, "1990-02-04"),
        (None, "D'Arc_100%", "d@y.example", None, "Red", "x", -3.25, 0, "1985-12-31"),
    ]
    for serial, (first, last, mail, account, interests, code, score, opted_out, born) in enumerate(people, 1):
        o.insert(
            "Contact", serial, FirstName=first, LastName=last, Name=f"{first or ''} {last}".strip(), Email=mail,
            AccountId=account and o.id("Account", account), Interests__c=interests, Code__c=code, Score__c=score,
            HasOptedOutOfEmail=opted_out, Birthdate=born, OwnerId=o.id("User", 1),
            ReportsToId=o.id("Contact", serial - 1) if serial > 1 else None,
        )  # fmt: skip
    o.insert("Contact", 5, LastName="Deleted", Name="Deleted", IsDeleted=1, OwnerId=o.id("User", 1))
    o.insert("Lead", 1, LastName="Lane", Name="Lou Lane", FirstName="Lou", Company="Planet", Status="Open",
             OwnerId=o.id("User", 1), Email="lou@p.example")  # fmt: skip
    o.insert("Lead", 2, LastName="Moor", Name="Moor", Company="planet", Status="Closed", OwnerId=o.id("Group", 1))
    o.insert("Lead", 3, LastName="Null", Name="Null", Company="Other", OwnerId=o.id("User", 2), IsConverted=1)
    tasks: list[tuple[str | None, str | None, str | None, int | None]] = [
        ("Call", o.id("Lead", 1), None, 60),
        ("Email: Hi", o.id("Contact", 1), o.id("Account", 1), None),
        ("Email: Re", o.id("Contact", 2), None, 120),
        ("Other", None, o.id("Account", 2), 60),
        (None, None, None, None),
    ]
    for serial, (subject, who, what, seconds) in enumerate(tasks, 1):
        o.insert(
            "Task", serial, Subject=subject, WhoId=who, WhatId=what, CallDurationInSeconds=seconds,
            OwnerId={4: o.id("Group", 1), 5: o.id("User", 2)}.get(serial, o.id("User", 1)),
            ActivityDate=f"2024-03-1{serial}", ReminderDateTime=f"2024-03-1{serial}T07:30:00.000+0000",
        )  # fmt: skip
    o.insert("Task", 6, Subject="Old", IsArchived=1, OwnerId=o.id("User", 1))
    return o
