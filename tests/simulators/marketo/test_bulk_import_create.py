"""What may be imported, and what is refused at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

BATCH = "/bulk/v1/leads/batch"
FILE = "email\na@example.com\n"
MULTIPART = {"content-type": "multipart/form-data; boundary=b"}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("content", "params", "code"),
    [
        (FILE, {"format": "xls"}, "1003"),
        (FILE, {"lookupField": "firstName"}, "1011"),
        (FILE, {"listId": 9}, "1013"),
        (FILE, {"listId": "x"}, "1001"),
        (FILE, {"partitionName": "EU"}, "1003"),
        ("", {}, "1003"),
        ("\n\n", {}, "1003"),
        ('"email\n', {}, "1003"),
        ("email,email\na,b\n", {}, "1003"),
        ("email,nope\na,b\n", {}, "1006"),
        ("email;firstName\na;b\n", {}, "1006"),
        ("email,\na,b\n", {}, "1006"),
        ("email,id\na@example.com,5\n", {}, "1006"),
        ("email,createdAt\na@example.com,2026-01-01\n", {}, "1006"),
        ("email,sfdcLeadId\na@example.com,00Q\n", {}, "1006"),
    ],
)
async def test_refused_files(api: Any, content: str, params: dict[str, Any], code: str) -> None:
    assert (await api.upload(content, **params)).code == code
    await api.advance(seconds=1)
    assert (await api.get(f"{BATCH}/1001.json")).code == "1013"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"", MULTIPART),
        (b"email\n", {"content-type": "text/csv"}),
        (b"{}", {"content-type": "application/json"}),
        (b"", {}),
        (b"email\n", MULTIPART),
        (b"--b\r\nContent-Disposition: form-data; name=file\r\n\r\nemail\r\n--b\r\n", MULTIPART),
        (
            b"--b\r\nContent-Disposition: form-data; name=file\r\n\r\nemail\r\n--b--",
            {"content-type": "multipart/form-data"},
        ),
        (b"--b\r\nContent-Disposition: form-data; name=other\r\n\r\nemail\r\n--b--", MULTIPART),
        (b"--b\r\nContent-Disposition: form-data\r\n\r\nemail\r\n--b--", MULTIPART),
        (b"--b\r\nContent-Type: text/csv\r\n\r\nemail\r\n--b--", MULTIPART),
        (b"--b\r\nno end of the head\r\n--b--", MULTIPART),
        (b"--c\r\nContent-Disposition: form-data; name=file\r\n\r\nemail\r\n--c--", MULTIPART),
        (b"--b--\r\n", MULTIPART),
    ],
)
async def test_what_is_no_multipart_request_with_a_file(api: Any, body: bytes, headers: dict[str, str]) -> None:
    answer = await api.request("POST", "/bulk/v1/leads.json", body=body, headers=headers)
    assert (answer.code, answer.message) == ("613", "Invalid Multipart Request")


@pytest.mark.asyncio
async def test_a_file_may_hold_what_looks_like_an_end(api: Any) -> None:
    part = b"Content-Disposition: form-data; name=file\r\n\r\nemail\r\na@b.example--b--"
    body = b"preamble\r\n--b  \r\n" + part + b"\r\n--b--\r\nepilogue"
    answer = await api.request("POST", "/bulk/v1/leads.json", body=body, headers=MULTIPART)
    await api.advance(seconds=1)
    found = await api.get("/rest/v1/leads.json", filterType="email", filterValues="a@b.example--b--")
    assert (answer.result[0]["status"], len(found.result)) == ("Queued", 1)


@pytest.mark.asyncio
@pytest.mark.behaviour("import-parameters")
async def test_parameters_may_be_form_fields(seeded: Any) -> None:
    form = {"format": "ssv", "listId": "1003", "lookupField": "email", "partitionName": "Default"}
    await seeded.imported("email;firstName\na@example.com;A\n", form=form)
    assert len((await seeded.get("/rest/v1/lists/1003/leads.json")).result) == 1
    assert (await seeded.upload(FILE, form={"lookupField": "nope"})).code == "1011"


@pytest.mark.asyncio
@pytest.mark.parametrize(("rule", "code"), [("accept", None), ("reject", "600")])
async def test_the_token_may_be_a_form_field_where_it_may_be_a_parameter(
    make_api: Callable[..., Any], rule: str, code: str | None
) -> None:
    api = make_api(query_token=rule)
    token = await api.log_in()
    assert (await api.upload(FILE, form={"access_token": token}, token=None)).code == code


@pytest.mark.asyncio
async def test_a_file_over_ten_megabytes_is_too_large(api: Any) -> None:
    assert (await api.upload("email\n" + "x" * (10 << 20))).status == 413
    assert (await api.upload("email\n" + "\n" * (9 << 20))).result[0]["status"] == "Queued"


@pytest.mark.asyncio
async def test_reading_people_does_not_suffice(api: Any) -> None:
    reader = type(api)(api.simulator, "simulator-client-read-only", "simulator-secret-read-only")
    assert (await reader.upload(FILE)).code == "603"
    assert (await reader.get(f"{BATCH}/1001.json")).code == "603"


@pytest.mark.asyncio
async def test_a_partition_out_of_reach(make_api: Callable[..., Any]) -> None:
    api = make_api(partitions=("Default", "EU"))
    user = {"client_id": "eu", "client_secret": "s", "user": "eu@example.com", "permissions": ["Read-Write Lead"]}
    await api.control("POST", "users", {**user, "partitions": ["EU"]})
    refused = await type(api)(api.simulator, "eu", "s").upload(FILE, partitionName="Default")
    assert (refused.code, refused.message) == ("1008", "Access denied to partition 'Default'")
