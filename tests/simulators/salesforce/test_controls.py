"""The control plane of this simulator: reset and snapshots with all derived state, users, fields, tokens, journal."""

from __future__ import annotations

from typing import Any

import pytest

SECRETS = ("simulator-secret", "simulator-password", "!AQ4AQ")


@pytest.mark.asyncio
async def test_reset_goes_back_to_the_seed(api: Any) -> None:
    seeded = [row["Id"] for row in await api.soql("SELECT Id FROM Lead ORDER BY Id")]
    first = await api.create("Lead", LastName="L", Company="C")
    await api.control("POST", "fields", object="Lead", name="New__c", type="text")
    await api.control("POST", "profile", profile="fresh-org")
    await api.control("POST", "rules", kind="validation", object="Lead", field="Title", message="Title!")
    await api.control("POST", "limits", daily_used=500, daily_max=1000)
    await api.control("POST", "reset")
    assert (await api("GET", "limits")).status == 401
    await api.log_in()
    assert (await api("GET", "limits")).headers["Sforce-Limit-Info"] == "api-usage=1/125000"
    assert [row["Id"] for row in await api.soql("SELECT Id FROM Lead ORDER BY Id")] == seeded
    names = {field["name"] for field in (await api("GET", "sobjects/Lead/describe")).body["fields"]}
    assert "New__c" not in names
    assert "HasOptedOutOfEmail" in names
    assert await api.create("Lead", LastName="L", Company="C") == first


@pytest.mark.asyncio
async def test_a_snapshot_brings_rows_fields_and_security_back(api: Any) -> None:
    await api.control("POST", "fields", object="Task", name="Kept__c", type="number", precision=5, scale=2)
    task = await api.create("Task", Kept__c=12.345)
    await api.control("POST", "profile", object="Task", field="Type", state="hidden")
    snapshot = (await api.control("POST", "snapshot"))["id"]
    await api.control("POST", "fields", object="Task", name="Later__c", type="checkbox")
    await api("DELETE", f"sobjects/Task/{task}")
    await api.control("POST", "profile", profile="integration-ready")
    await api.control("POST", "restore", id=snapshot)
    record = await api.read("Task", task)
    assert record["Kept__c"] == 12.35
    assert "Later__c" not in record
    assert "Type" not in record


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("spec", "value", "described"),
    [
        ({"type": "text", "length": 50}, "x", {"type": "string", "length": 50}),
        ({"type": "textarea", "length": 1000}, "x", {"type": "textarea", "filterable": False}),
        ({"type": "url"}, "https://x.example", {"type": "url", "length": 255}),
        ({"type": "email"}, "x@y.example", {"type": "email"}),
        ({"type": "phone"}, "1", {"type": "phone"}),
        ({"type": "checkbox"}, True, {"type": "boolean", "defaultValue": False}),
        ({"type": "number", "precision": 10, "scale": 2}, 1.5, {"type": "double", "precision": 10, "scale": 2}),
        ({"type": "currency"}, 5.0, {"type": "currency"}),
        ({"type": "percent"}, 5.0, {"type": "percent"}),
        ({"type": "date"}, "2024-01-01", {"type": "date"}),
        ({"type": "datetime"}, "2024-01-01T00:00:00.000+0000", {"type": "datetime"}),
        ({"type": "picklist", "values": ["a", "b"], "restricted": True}, "a", {"restrictedPicklist": True}),
        ({"type": "text", "external_id": True, "unique": True}, "x", {"externalId": True, "unique": True}),
    ],
)
async def test_custom_fields_of_every_type(
    api: Any, spec: dict[str, Any], value: Any, described: dict[str, Any]
) -> None:
    old = await api.create("Task", Subject="before")
    added = await api.control("POST", "fields", object="task", name="My_Field__c", label="Mine", **spec)
    assert added["added"] == "My_Field__c"
    record_id = await api.create("Task", My_Field__c=value)
    assert (await api.read("Task", record_id))["My_Field__c"] == value
    assert (await api.read("Task", old))["My_Field__c"] == (False if spec["type"] == "checkbox" else None)
    for sobject in ("Task", "Event"):
        fields = (await api("GET", f"sobjects/{sobject}/describe")).body["fields"]
        field = next(each for each in fields if each["name"] == "My_Field__c")
        assert {key: field[key] for key in described} == described
        assert (field["custom"], field["label"]) == (True, "Mine")
    found = await api.soql(f"SELECT My_Field__c FROM Task WHERE Id = '{record_id}'")
    assert found[0]["My_Field__c"] == value


@pytest.mark.asyncio
async def test_a_custom_lookup(api: Any) -> None:
    await api.control("POST", "fields", object="Lead", name="Partner__c", type="lookup", reference_to="Account")
    account = await api.create("Account", Name="P")
    lead = await api.create("Lead", LastName="L", Company="C", Partner__c=account)
    found = await api.soql(f"SELECT Partner__r.Name FROM Lead WHERE Id = '{lead}'")
    assert found[0]["Partner__r"]["Name"] == "P"
    assert (await api("POST", "sobjects/Lead", {"LastName": "L", "Company": "C", "Partner__c": lead})).status == 400


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "spec",
    [
        {"object": "Nope", "name": "X__c"},
        {"name": "X__c"},
        {"object": "Task", "name": "NoSuffix"},
        {"object": "Task", "name": "1__c"},
        {"object": "Task", "name": "X__c", "type": "magic"},
        {"object": "Task", "name": "X__c", "length": 0},
        {"object": "Task", "name": "X__c", "nonsense": 1},
        {"object": "Task", "name": "X__c", "type": "picklist"},
        {"object": "Task", "name": "X__c", "type": "lookup"},
        {"object": "Task", "name": "ActionSync_Id__c"},
    ],
)
async def test_bad_fields_are_refused(api: Any, spec: dict[str, Any]) -> None:
    answer = await api("POST", "/_sim/fields", spec)
    assert answer.status == 400
    assert answer.body["hint"].startswith('{"object"')


@pytest.mark.asyncio
async def test_users_are_switched_on_and_off(api: Any) -> None:
    users = (await api.control("GET", "users"))["users"]
    assert len(users) == 25
    assert users[0]["username"] == "admin@simulator.example"
    seller = next(user for user in users if user["active"] and user["username"] not in ("admin@simulator.example",))
    await api.control("POST", "users", user=seller["username"], active=False)
    refused = await api("POST", "sobjects/Task", {"OwnerId": seller["id"]})
    assert refused.code == "INACTIVE_OWNER_OR_USER"
    await api.control("POST", "users", user=seller["id"], active=True)
    await api.create("Task", OwnerId=seller["id"])
    assert (await api("POST", "/_sim/users", {"user": "nobody", "active": True})).status == 400
    assert (await api("POST", "/_sim/users", {"user": seller["id"]})).status == 400


@pytest.mark.asyncio
async def test_tokens_expire_and_are_revoked(api: Any) -> None:
    refresh = {
        "grant_type": "refresh_token",
        "refresh_token": "simulator-refresh-token",
        "client_id": "simulator-client",
    }
    assert (await api.control("POST", "tokens/expire"))["expired"] == 1
    assert (await api("GET", "limits")).status == 401
    renewed = await api("POST", "/services/oauth2/token", data=refresh, headers={"Authorization": ""})
    api.headers["Authorization"] = f"Bearer {renewed.body['access_token']}"
    assert (await api("GET", "limits")).status == 200
    revoked = await api.control("POST", "tokens/revoke", user="admin@simulator.example")
    assert revoked["refresh_tokens"] == 1
    assert (await api("GET", "limits")).status == 401
    dead = await api("POST", "/services/oauth2/token", data=refresh, headers={"Authorization": ""})
    assert dead.body["error_description"] == "expired access/refresh token"


@pytest.mark.asyncio
async def test_bad_control_input(api: Any) -> None:
    for path, body in (
        ("profile", {"profile": "nonsense"}),
        ("profile", {"object": "Lead", "field": "Nope", "state": "hidden"}),
        ("profile", {"object": "Lead", "field": "Title", "state": "blue"}),
        ("profile", {"object": "Nope", "field": "Title", "state": "hidden"}),
        ("profile", {"object": "Lead", "state": "hidden"}),
        ("profile", {"user": "nobody", "profile": "fresh-org"}),
        ("jwt-key", {"public_key": "nonsense"}),
        ("tokens/expire", {"nonsense": 1}),
        ("undelete", {}),
        ("convert", {"lead": 1}),
        ("convert", {"lead": "x", "create_opportunity": "no"}),
    ):
        answer = await api("POST", f"/_sim/{path}", body)
        assert answer.status == 400, (path, body)
        assert set(answer.body) == {"error", "hint"}


@pytest.mark.asyncio
async def test_the_journal_knows_what_was_called_by_whom_without_secrets(api: Any) -> None:
    await api("GET", "sobjects/Nothing")
    journal = await api.control("GET", "journal")
    token, nothing = journal["entries"]
    assert (token["path"], token["status"], token["user"]) == ("/services/oauth2/token", 200, None)
    assert (nothing["status"], nothing["code"], nothing["user"]) == (404, "NOT_FOUND", "admin@simulator.example")
    text = str(journal)
    assert not any(secret in text for secret in SECRETS)
