"""ETags of accounts: what a client last saw of a row decides whether a call is run."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.asyncio
@pytest.mark.behaviour("account-etags")
async def test_accounts_have_an_etag_that_changes_with_them(api: Any) -> None:
    account = await api.create("Account", Name="A")
    path = f"sobjects/Account/{account}"
    etag = (await api("GET", path)).headers["ETag"]
    assert etag.startswith('"')
    same = await api("GET", path, headers={"If-None-Match": f'"other", W/{etag}'})
    assert (same.status, same.body, same.headers["ETag"]) == (304, "", etag)
    assert (await api("GET", path, headers={"If-Match": etag})).status == 200
    # In the same second: the time of the last change alone would not tell.
    assert (await api("PATCH", path, {"Name": "B"}, headers={"If-Match": etag})).status == 204
    for method, body in (("GET", None), ("PATCH", {"Name": "C"})):
        answer = await api(method, path, body, headers={"If-Match": etag})
        assert (answer.status, answer.code) == (412, "PRECONDITION_FAILED")
    now = await api("GET", path, headers={"If-None-Match": etag})
    assert (now.status, now.body["Name"]) == (200, "B")
    present = await api("PATCH", path, {"Name": "C"}, headers={"If-None-Match": "*"})
    assert (present.status, present.code) == (412, "PRECONDITION_FAILED")


@pytest.mark.asyncio
async def test_other_rows_have_none(api: Any) -> None:
    contact = await api.create("Contact", LastName="A")
    answer = await api("GET", f"sobjects/Contact/{contact}", headers={"If-Match": '"x"'})
    assert answer.status == 200
    assert "ETag" not in answer.headers
