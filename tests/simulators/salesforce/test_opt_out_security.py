"""Email Opt Out under field-level security: what each of its three states does, by object, field and user."""

from __future__ import annotations

from typing import Any

import pytest

FIELD = "HasOptedOutOfEmail"
REFUSED = (
    f"Unable to create/update fields: {FIELD}. Please check the security settings of this field and verify that it is"
    " read/write for your profile or permission set."
)
NEW = {"Lead": {"LastName": "L", "Company": "C"}, "Contact": {"LastName": "L"}}
both = pytest.mark.parametrize("sobject", ["Lead", "Contact"])


async def described(api: Any, sobject: str) -> dict[str, Any] | None:
    fields = (await api("GET", f"sobjects/{sobject}/describe")).body["fields"]
    return next((field for field in fields if field["name"] == FIELD), None)


@both
@pytest.mark.asyncio
async def test_editable(api: Any, sobject: str) -> None:
    row = await api.create(sobject, **NEW[sobject], **{FIELD: True})
    assert (await api.read(sobject, row))[FIELD] is True
    await api.update(sobject, row, **{FIELD: False})
    assert await api.soql(f"SELECT {FIELD} FROM {sobject} WHERE Id = '{row}' AND {FIELD} = false")
    field = await described(api, sobject)
    assert field is not None
    assert (field["label"], field["createable"], field["updateable"]) == ("Email Opt Out", True, True)


@both
@pytest.mark.asyncio
async def test_read_only(api: Any, sobject: str) -> None:
    row = await api.create(sobject, **NEW[sobject], **{FIELD: True})
    await api.control("POST", "profile", object=sobject, field=FIELD, state="read_only")
    assert (await api.read(sobject, row))[FIELD] is True
    field = await described(api, sobject)
    assert field is not None
    assert (field["createable"], field["updateable"]) == (False, False)
    for method, path, body in (
        ("POST", f"sobjects/{sobject}", NEW[sobject]),
        ("PATCH", f"sobjects/{sobject}/{row}", {}),
        ("PATCH", f"sobjects/{sobject}/Id/{row}", {}),
    ):
        answer = await api(method, path, {**body, FIELD: False})
        assert (answer.status, answer.code) == (400, "INVALID_FIELD_FOR_INSERT_UPDATE")
        assert (answer.error["message"], answer.error["fields"]) == (REFUSED, [FIELD])
    record = {"attributes": {"type": sobject}, "Id": row, FIELD: False}
    [result] = (await api("PATCH", "composite/sobjects", {"records": [record]})).body
    assert result["errors"][0]["statusCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"
    assert (await api.read(sobject, row))[FIELD] is True


@both
@pytest.mark.asyncio
async def test_hidden(api: Any, sobject: str) -> None:
    row = await api.create(sobject, **NEW[sobject], **{FIELD: True})
    await api.control("POST", "profile", object=sobject, field=FIELD, state="hidden")
    assert FIELD not in await api.read(sobject, row)
    assert await described(api, sobject) is None
    for method, path, body in (
        ("POST", f"sobjects/{sobject}", NEW[sobject]),
        ("PATCH", f"sobjects/{sobject}/{row}", {}),
    ):
        answer = await api(method, path, {**body, FIELD: False})
        assert answer.error == {
            "message": f"No such column '{FIELD}' on sobject of type {sobject}",
            "errorCode": "INVALID_FIELD",
        }
    query = await api("GET", "query", params={"q": f"SELECT Id, {FIELD} FROM {sobject}"})
    assert query.code == "INVALID_FIELD"
    assert f"No such column '{FIELD}' on entity '{sobject}'" in query.error["message"]
    retrieved = await api("GET", f"composite/sobjects/{sobject}?ids={row}&fields={FIELD}")
    assert retrieved.code == "INVALID_FIELD"
    await api.update(sobject, row, Title="everything else goes on")


@pytest.mark.asyncio
async def test_a_fresh_org_hides_it_on_leads_only(api: Any) -> None:
    await api.control("POST", "profile", profile="fresh-org")
    assert await described(api, "Lead") is None
    assert await described(api, "Contact") is not None


@pytest.mark.asyncio
async def test_a_conversion_carries_it_over_whoever_converts(api: Any) -> None:
    lead = await api.create("Lead", **NEW["Lead"], **{FIELD: True})
    await api.control("POST", "profile", profile="fresh-org")
    contact = (await api.control("POST", "convert", lead=lead))["contact"]
    assert (await api.read("Contact", contact))[FIELD] is True


@pytest.mark.asyncio
async def test_one_user_may_see_less_than_the_others(api: Any) -> None:
    users = (await api.control("GET", "users"))["users"]
    other = users[1]["username"]
    await api.control("POST", "profile", user=other, object="Contact", field=FIELD, state="hidden")
    assert await described(api, "Contact") is not None
    await api.log_in(client_id="marketo-native-sync", client_secret="marketo-native-sync-secret")
    assert await described(api, "Contact") is None
    assert await described(api, "Lead") is not None
