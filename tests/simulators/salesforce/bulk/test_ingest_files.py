"""Data of Bulk 2.0 ingest jobs as a whole: delimiters, line endings, quotes, headers, and what fails the job."""

from __future__ import annotations

from typing import Any

import pytest
from actionsync_simulators.salesforce.bulk.saving import Saver

UNESCAPED = "InvalidBatch : Failed to parse CSV. Found unescaped quote. A value with quote should be within a quote"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("name", "character"),
    [("BACKQUOTE", "`"), ("CARET", "^"), ("COMMA", ","), ("PIPE", "|"), ("SEMICOLON", ";"), ("TAB", "\t")],
)
async def test_delimiters(bulk: Any, name: str, character: str) -> None:
    data = f'Subject{character}Description\na{character}"one{character}two"\n'
    job = await bulk.run(data, columnDelimiter=name)
    assert (job["columnDelimiter"], job["numberRecordsProcessed"]) == (name, 1)
    [task] = await bulk.api.soql("SELECT Description FROM Task WHERE Subject = 'a'")
    assert task["Description"] == f"one{character}two"
    text = await bulk.results(job["id"], "successfulResults")
    assert text.endswith(f'"true"{character}"a"{character}"one{character}two"\n')


@pytest.mark.asyncio
async def test_line_endings(bulk: Any) -> None:
    job = await bulk.run('Subject,Description\r\na,"x\ny"\r\nb,\r\n', lineEnding="CRLF")
    assert (job["state"], job["numberRecordsProcessed"]) == ("JobComplete", 2)
    assert '"b",""\r\n' in await bulk.results(job["id"], "successfulResults")
    job = await bulk.run("Subject\n\nlast line without an end", lineEnding="LF")
    assert job["numberRecordsProcessed"] == 1


@pytest.mark.asyncio
@pytest.mark.behaviour("bulk2-bad-header-fails-job")
@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"Foo\nx\n", "InvalidBatch : Field name not found : Foo"),
        (b"Subject,subject\nx,y\n", "InvalidBatch : Field name is duplicated : subject"),
        (b"Subject,\nx,y\n", "InvalidBatch : Field name not found : "),
        (b"Foo.Email\nx\n", "InvalidBatch : Field name not found : Foo.Email"),
        (b"Account.Phone\nx\n", "InvalidBatch : Field name not found : Account.Phone"),
        (b"Campaign:Who.Email\nx\n", "InvalidBatch : Field name not found : Campaign:Who.Email"),
        (b"Who.Email\nx\n", "InvalidBatch : type is needed for polymorphic foreign key references: Who"),
        (b"\xef\xbb\xbfSubject\nx\n", "InvalidBatch : Field name not found : \ufeffSubject"),
        (b'\xef\xbb\xbf"Subject"\nx\n', UNESCAPED),
        (b'Subject\nsay "x"\n', UNESCAPED),
        (b'Subject\n"a"b\n', UNESCAPED),
        (b'Subject,Status\n"a", "b"\n', UNESCAPED),
        (b'Subject\n"never closed\n', UNESCAPED),
        (b"Subject\nx,y\n", "InvalidBatch : Failed to parse CSV. Row 1 has 2 values, the header 1"),
        (b"Subject,Status\nx,\nx\n", "InvalidBatch : Failed to parse CSV. Row 2 has 1 values, the header 2"),
        (b"Subject\n\xff\n", "InvalidBatch : Failed to parse CSV. The data is not valid UTF-8"),
        (
            b"Subject\n" + b"x" * 131_073,
            "InvalidBatch : Failed to parse CSV. A value is longer than 131072 characters",
        ),
        (
            b"Subject\r\nx\r\n",
            "ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is LF",
        ),
        (b"Subject\nx\ry\n", "ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is LF"),
        (b"Subject\n", "InvalidBatch : Records not found"),
        (b"", "InvalidBatch : Records not found"),
    ],
)
async def test_data_that_fails_the_job(bulk: Any, data: bytes, message: str) -> None:
    job = await bulk.run(data)
    assert (job["state"], job["errorMessage"]) == ("Failed", message)
    assert (job["numberRecordsProcessed"], job["numberRecordsFailed"]) == (0, 0)
    assert await bulk.results(job["id"], "successfulResults") == '"sf__Id","sf__Created"\n'
    assert await bulk.results(job["id"], "failedResults") == '"sf__Id","sf__Error"\n'


@pytest.mark.asyncio
async def test_a_line_ending_that_was_announced_and_did_not_come(bulk: Any) -> None:
    job = await bulk.run("Subject\nx\n", lineEnding="CRLF")
    assert job["errorMessage"].endswith("Current LineEnding setting is CRLF")
    assert await bulk.results(job["id"], "unprocessedrecords") == "Subject\nx\n"


@pytest.mark.asyncio
async def test_a_job_without_data(bulk: Any) -> None:
    job_id = await bulk.create()
    await bulk.close(job_id)
    await bulk.settle()
    assert (await bulk.poll(job_id))["errorMessage"] == "InvalidBatch : Records not found"


@pytest.mark.asyncio
async def test_a_deletion_has_only_ids(bulk: Any) -> None:
    for operation in ("delete", "hardDelete"):
        job = await bulk.run("Id,Subject\n00T8d0000000001EAA,x\n", operation=operation)
        assert job["errorMessage"] == f"InvalidBatch : The '{operation}' batch must contain only ids"


@pytest.mark.asyncio
async def test_a_type_where_there_is_only_one(bulk: Any) -> None:
    job = await bulk.run("LastName,Account:Account.Name\nx,y\n", object="Contact")
    assert (
        job["errorMessage"] == "InvalidBatch : type is not needed for non polymorphic foreign key references: Account"
    )


@pytest.mark.asyncio
async def test_a_field_that_is_hidden(bulk: Any) -> None:
    await bulk.api.control("POST", "profile", object="Task", field="Description", state="hidden")
    job = await bulk.run("Subject,Description\nx,y\n")
    assert job["errorMessage"] == "InvalidBatch : Field name not found : Description"


@pytest.mark.asyncio
async def test_work_that_breaks_off_fails_the_job(bulk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no such luck")

    monkeypatch.setattr(Saver, "save", broken)
    job = await bulk.run("Subject\nx\n")
    assert (job["state"], job["errorMessage"]) == ("Failed", "InternalServerError : no such luck")
