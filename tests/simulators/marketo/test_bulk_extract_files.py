"""The files of bulk extract: columns, quoting, empty values, filters, ranges, retention, many rows."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
import itertools
from collections.abc import Callable
from typing import Any

import orjson
import pytest

LEADS = "/bulk/v1/leads/export"
ACTIVITIES = "/bulk/v1/activities/export"
WINDOW = {"startAt": "2026-11-24T00:00:00Z", "endAt": "2026-11-30T00:00:00Z"}


async def finished(api: Any, body: dict[str, Any], *, base: str = LEADS) -> tuple[str, dict[str, Any]]:
    """Run a job to its end; returns the path of its file and its status."""
    (row,) = (await api.post(f"{base}/create.json", body)).result
    job = f"{base}/{row['exportId']}"
    await api.post(f"{job}/enqueue.json")
    for _ in range(200):
        await api.advance(seconds=1)
        (row,) = (await api.get(f"{job}/status.json")).result
        if row["status"] == "Completed":
            return f"{job}/file.json", row
    raise AssertionError(row)


async def file_of(api: Any, body: dict[str, Any], *, base: str = LEADS) -> str:
    path, status = await finished(api, body, base=base)
    answer = await api.get(path)
    assert answer.status == 200
    assert len(answer.body) == status["fileSize"]
    assert f"sha256:{hashlib.sha256(answer.body).hexdigest()}" == status["fileChecksum"]
    text: str = answer.body.decode()
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len(rows) - 1 == status["numberOfRecords"]
    return text


@pytest.mark.asyncio
async def test_columns_keep_their_order_and_values_their_format(api: Any) -> None:
    cookie = "_mch-example.com-1536605780000-12105"
    lead_id = await api.create(
        email="a@example.com",
        firstName='Ann "Annie"',
        lastName="Lee, Jr.",
        address="1 Road\nTown\r\nLand",
        unsubscribed=True,
        leadScore=5,
        urgency=1.5,
        annualRevenue=10,
        dateOfBirth="1990-02-03",
        cookies=cookie,
        title="=1+1",
        city="plain\rreturn",
    )
    fields = [
        "lastName",
        "firstName",
        "id",
        "address",
        "unsubscribed",
        "doNotCall",
        "leadScore",
        "urgency",
        "annualRevenue",
        "dateOfBirth",
        "createdAt",
        "phone",
        "leadPartitionId",
        "cookies",
        "title",
        "city",
    ]
    body = {
        "fields": fields,
        "filter": {"createdAt": WINDOW},
        "columnHeaderNames": {"firstName": "First Name", "id": "Id, really"},
    }
    text = await file_of(api, body)
    assert text == (
        'lastName,First Name,"Id, really",address,unsubscribed,doNotCall,leadScore,urgency,annualRevenue,dateOfBirth,'
        "createdAt,phone,leadPartitionId,cookies,title,city\n"
        f'"Lee, Jr.","Ann ""Annie""",{lead_id},"1 Road\nTown\r\nLand",true,false,5,1.5,10,1990-02-03,'
        f'2026-11-24T12:00:00Z,null,1,{cookie},=1+1,"plain\rreturn"\n'
    )


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("wanted", "separator", "content_type"),
    [("CSV", ",", "text/csv"), ("tsv", "\t", "text/plain"), ("Ssv", ";", "text/plain")],
)
async def test_formats(api: Any, wanted: str, separator: str, content_type: str) -> None:
    await api.create(email="a@example.com", firstName="x,y;z")
    path, status = await finished(
        api, {"format": wanted, "fields": ["email", "firstName"], "filter": {"createdAt": WINDOW}}
    )
    answer = await api.get(path)
    assert status["format"] == wanted.upper()
    assert answer.headers["content-type"] == content_type
    assert answer.headers["accept-ranges"] == "bytes"
    assert "content-encoding" not in answer.headers
    name = "x,y;z" if separator == "\t" else '"x,y;z"'
    assert answer.body.decode() == f"email{separator}firstName\na@example.com{separator}{name}\n"


@pytest.mark.asyncio
async def test_the_other_reading_of_ssv_is_a_switch(make_api: Callable[..., Any]) -> None:
    api = make_api(ssv_separator=" ")
    text = await file_of(api, {"format": "SSV", "fields": ["id", "email"], "filter": {"createdAt": WINDOW}})
    assert text == "id email\n"


@pytest.mark.asyncio
async def test_no_rows_leave_a_header_line(api: Any) -> None:
    path, status = await finished(api, {"fields": ["id", "email"], "filter": {"createdAt": WINDOW}})
    assert status["numberOfRecords"] == 0
    assert (await api.get(path)).body == b"id,email\n"


@pytest.mark.asyncio
async def test_windows_are_inclusive_at_both_ends(api: Any) -> None:
    ids = []
    for _ in range(4):
        ids.append(await api.create(email="a@example.com"))
        await api.advance(seconds=1)
    for start, end, found in (
        ("2026-11-24T12:00:01Z", "2026-11-24T12:00:02Z", ids[1:3]),
        ("2026-11-24T12:00:01.500Z", "2026-11-24T12:00:02.900Z", ids[2:3]),
        ("2026-11-24T13:00:01+01:00", "2026-11-24T12:00:01Z", ids[1:2]),
        ("2026-11-24T12:00:04Z", "2026-11-24T12:00:09Z", []),
    ):
        text = await file_of(api, {"fields": ["id"], "filter": {"createdAt": {"startAt": start, "endAt": end}}})
        assert text.split() == ["id", *map(str, found)], start


@pytest.mark.asyncio
async def test_the_filter_updated_at_sees_every_change(make_api: Callable[..., Any]) -> None:
    for divergence, moved in (("on", False), ("off", True)):
        api = make_api(updated_at_divergence=divergence)
        site = api.simulator.subscription
        site.database.execute("INSERT INTO lead_fields VALUES (795, 'acmeCode', 'Acme Code', 'string', 255, 0)")
        site.database.execute('ALTER TABLE leads ADD COLUMN "acmeCode" TEXT COLLATE NOCASE')
        site.refresh()
        _, custom, standard = [await api.create(email=f"{number}@example.com") for number in range(3)]
        await api.advance(minutes=1)
        await api.sync({"email": "1@example.com", "acmeCode": "x"}, {"email": "2@example.com", "title": "y"})
        window = {"startAt": "2026-11-24T12:00:30Z", "endAt": "2026-11-24T12:01:30Z"}
        text = await file_of(api, {"fields": ["id", "updatedAt"], "filter": {"updatedAt": window}})
        old, new = "2026-11-24T12:00:00Z", "2026-11-24T12:01:00Z"
        assert text.split() == ["id,updatedAt", f"{custom},{new if moved else old}", f"{standard},{new}"]


@pytest.mark.asyncio
async def test_a_list_is_evaluated_when_processing_starts(make_api: Callable[..., Any]) -> None:
    api = make_api(people=True, export_queue_delay=60)
    (row,) = (
        await api.post(f"{LEADS}/create.json", {"fields": ["id"], "filter": {"staticListName": "Empty List"}})
    ).result
    await api.post("/rest/v1/lists/1003/leads.json", id="1001,1002")
    await api.post(f"{LEADS}/{row['exportId']}/enqueue.json")
    await api.advance(seconds=30)
    await api.delete("/rest/v1/lists/1003/leads.json", id=1001)
    await api.advance(seconds=60)
    assert (await api.get(f"{LEADS}/{row['exportId']}/file.json")).body == b"id\n1002\n"


@pytest.mark.asyncio
async def test_an_export_of_everybody_finds_everybody_once(seeded: Any, world: Any) -> None:
    ids: list[int] = []
    starts = ["2026-07-26", "2026-08-26", "2026-09-26", "2026-10-26T00:00:01Z"]
    ends = ["2026-08-25T23:59:59Z", "2026-09-25T23:59:59Z", "2026-10-26", "2026-11-25"]
    for start, end in zip(starts, ends, strict=True):
        body = {"fields": ["id"], "filter": {"createdAt": {"startAt": start, "endAt": end}}}
        ids += [int(line) for line in (await file_of(seeded, body)).split()[1:]]
    assert ids == sorted(person.marketo_id for person in world.people)


# ------------------------------------------------------------------------------------------------------- activities


@pytest.mark.asyncio
@pytest.mark.parametrize("fields", [{}, {"fields": None}, {"fields": []}])
async def test_activity_columns_by_default(api: Any, fields: dict[str, Any]) -> None:
    lead_id = await api.create(email="a@example.com", firstName="Ann", lastName="Lee")
    injected = {
        "leadId": lead_id,
        "activityTypeId": 104,
        "campaignId": 8497,
        "primaryAttributeValueId": 1670,
        "primaryAttributeValue": "Webinar",
        "attributes": {"Success": False, "New Status": "On List", "Old Status ID": 20, "Reason": ""},
    }
    bare = {"leadId": lead_id, "activityTypeId": 19}
    ids = (await api.control("POST", "activities", [injected, bare])).json["ids"]
    text = await file_of(
        api, {"filter": {"createdAt": WINDOW, "activityTypeIds": [104, 19]}, **fields}, base=ACTIVITIES
    )
    assert text == (
        "marketoGUID,leadId,activityDate,activityTypeId,campaignId,primaryAttributeValueId,primaryAttributeValue,"
        "attributes\n"
        f'{ids[0]},{lead_id},2026-11-24T12:00:00Z,104,8497,1670,Webinar,"{{""Success"":false,""New Status"":'
        '""On List"",""Old Status ID"":20}"\n'
        f"{ids[1]},{lead_id},2026-11-24T12:00:00Z,19,null,null,null,{{}}\n"
    )


@pytest.mark.asyncio
async def test_activity_fields_can_be_chosen(api: Any) -> None:
    lead_id = await api.create(email="a@example.com")
    text = await file_of(
        api,
        {"fields": ["actionResult", "leadId"], "filter": {"createdAt": WINDOW}, "columnHeaderNames": {"leadId": "Id"}},
        base=ACTIVITIES,
    )
    assert text == f"actionResult,Id\nsucceeded,{lead_id}\n"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"activityTypeIds": [13]}, 3),
        ({"activityTypeIds": [13], "primaryAttributeValueIds": [53]}, 2),
        ({"activityTypeIds": [13, 22], "primaryAttributeValueIds": [146]}, 2),
        ({"activityTypeIds": [13], "primaryAttributeValues": ["First Name", "Lead Score"]}, 3),
        ({"activityTypeIds": [24, 25], "primaryAttributeValues": ["Monthly Newsletter.Newsletter"]}, 1),
        ({"activityTypeIds": [999]}, 0),
        ({"activityTypeIds": []}, 5),
    ],
)
async def test_activity_filters(seeded: Any, filters: dict[str, Any], count: int) -> None:
    await seeded.advance(seconds=1)
    members = {"action": "updateOnly", "lookupField": "id"}
    await seeded.sync({"id": 1002, "firstName": "X", "leadScore": 3}, {"id": 1001, "firstName": "Y"}, **members)
    await seeded.post("/rest/v1/lists/1002/leads.json", id=1002)
    await seeded.post("/rest/v1/leads/delete.json", id=1002)
    window = {"startAt": "2026-11-24T12:00:01Z", "endAt": "2026-11-24T12:00:01Z"}
    text = await file_of(
        seeded, {"fields": ["marketoGUID"], "filter": {"createdAt": window, **filters}}, base=ACTIVITIES
    )
    assert len(text.split()) - 1 == count


@pytest.mark.asyncio
async def test_an_activity_export_shows_what_the_feed_shows(make_api: Callable[..., Any]) -> None:
    api = make_api(people=True, activity_commit_lag=3_600)
    for number in range(40):
        await api.create(email=f"{number}@example.com")
    await api.advance(minutes=20)
    feed = {row["marketoGUID"] for row in await api.activities(12)}
    body = {"fields": ["marketoGUID"], "filter": {"createdAt": WINDOW, "activityTypeIds": [12]}}
    path, status = await finished(api, body, base=ACTIVITIES)
    exported = set((await api.get(path)).body.decode().split()[1:])
    assert 0 < len(feed) < 40
    assert feed <= exported
    assert len(exported) < 40
    assert status["numberOfRecords"] == len(exported)


# ------------------------------------------------------------------------------------------------ ranges, retention


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("header", "status", "part", "content_range"),
    [
        ("bytes=0-0", 206, slice(0, 1), "bytes 0-0/{size}"),
        ("bytes=3-9", 206, slice(3, 10), "bytes 3-9/{size}"),
        ("bytes=5-", 206, slice(5, None), "bytes 5-{last}/{size}"),
        ("bytes=-4", 206, slice(-4, None), "bytes {tail}-{last}/{size}"),
        ("bytes=0-999999", 206, slice(0, None), "bytes 0-{last}/{size}"),
        ("bytes=-999999", 206, slice(0, None), "bytes 0-{last}/{size}"),
        ("bytes=999999-", 416, None, "bytes */{size}"),
        ("bytes=-0", 416, None, "bytes */{size}"),
        ("bytes=9-3", 200, slice(0, None), None),
        ("bytes=0-1,3-4", 200, slice(0, None), None),
        ("lines=0-1", 200, slice(0, None), None),
        ("bytes=-", 200, slice(0, None), None),
    ],
)
async def test_ranges(seeded: Any, header: str, status: int, part: slice | None, content_range: str | None) -> None:
    path, job = await finished(seeded, {"fields": ["id", "email"], "filter": {"staticListId": 1002}})
    whole = (await seeded.get(path)).body
    size = job["fileSize"]
    answer = await seeded.request("GET", path, headers={"range": header})
    assert answer.status == status
    if part is not None:
        assert answer.body == whole[part]
    expected = content_range and content_range.format(size=size, last=size - 1, tail=size - 4)
    assert answer.headers.get("content-range") == expected


@pytest.mark.asyncio
@pytest.mark.parametrize("days", [7, 10])
async def test_a_file_is_kept_for_days_and_then_a_real_404(make_api: Callable[..., Any], days: int) -> None:
    api = make_api(people=True, export_file_days=days)
    path, job = await finished(api, {"fields": ["id"], "filter": {"staticListId": 1002}})
    await api.advance(days=days, seconds=-60)
    await api.log_in()
    assert (await api.get(path)).status == 200
    await api.advance(seconds=61)
    answer = await api.get(path)
    assert (answer.status, answer.headers["content-type"]) == (404, "text/plain;charset=UTF-8")
    (row,) = (await api.get(path.replace("file", "status"))).result
    assert row == job


@pytest.mark.asyncio
async def test_a_completed_job_whose_file_is_gone_can_be_provoked(seeded: Any) -> None:
    path, _ = await finished(seeded, {"fields": ["id"], "filter": {"staticListId": 1002}})
    await seeded.fault("error", "*/file.json", error={"code": "404", "message": "gone", "http_status": 404})
    answer = await seeded.get(path)
    assert (answer.status, answer.body) == (404, b"gone")
    assert (await seeded.get(path)).status == 200


@pytest.mark.asyncio
async def test_errors_on_the_file_url_are_the_json_envelope(seeded: Any) -> None:
    path, _ = await finished(seeded, {"fields": ["id"], "filter": {"staticListId": 1002}})
    for token, code in ((None, "600"), ("wrong", "601")):
        answer = await seeded.request("GET", path, token=token)
        assert (answer.status, answer.code) == (200, code)
        assert answer.headers["content-type"] == "application/json;charset=UTF-8"


@pytest.mark.asyncio
async def test_a_large_export_is_spooled_and_lets_other_calls_in_between(
    api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("actionsync_simulators.marketo.bulk_extract_rows.STEP", 500)
    monkeypatch.setattr("actionsync_simulators.marketo.bulk_extract_jobs.IN_MEMORY_BYTES", 10_000)
    for _ in range(10):
        await api.sync(*[{"email": "many@example.com", "firstName": "x" * 50}] * 300, action="createDuplicate")
    (row,) = (
        await api.post(f"{LEADS}/create.json", {"fields": ["id", "firstName"], "filter": {"createdAt": WINDOW}})
    ).result
    job = f"{LEADS}/{row['exportId']}"
    await api.post(f"{job}/enqueue.json")
    seen = set()
    for _ in range(50):
        (row,) = (await api.get(f"{job}/status.json")).result
        seen.add(row["status"])
        if row["status"] == "Completed":
            break
        await asyncio.sleep(0)
    assert "Processing" in seen
    assert row["numberOfRecords"] == 3_000
    body = (await api.get(f"{job}/file.json")).body
    assert len(body) == row["fileSize"] > 150_000
    assert hashlib.sha256(body).hexdigest() == row["fileChecksum"].removeprefix("sha256:")


@pytest.mark.asyncio
async def test_attributes_of_every_exported_row_are_a_json_object(seeded: Any) -> None:
    window = {"startAt": "2026-10-26T00:00:00Z", "endAt": "2026-11-25T00:00:00Z"}
    text = await file_of(seeded, {"filter": {"createdAt": window}}, base=ACTIVITIES)
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) > 200
    for row in rows:
        assert isinstance(orjson.loads(row["attributes"]), dict)
    assert [(row["activityDate"], int(row["marketoGUID"])) for row in rows] == sorted(
        (row["activityDate"], int(row["marketoGUID"])) for row in rows
    )


@pytest.mark.asyncio
async def test_a_long_list_is_read_in_steps(seeded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actionsync_simulators.marketo.bulk_extract_rows.STEP", 7)
    members = [row["id"] for row in (await seeded.get("/rest/v1/lists/1001/leads.json")).result]
    more = await seeded.get("/rest/v1/lists/1001/leads.json")
    while "nextPageToken" in more.json:
        more = await seeded.get("/rest/v1/lists/1001/leads.json", nextPageToken=more.json["nextPageToken"])
        members += [row["id"] for row in more.result]
    text = await file_of(seeded, {"fields": ["id"], "filter": {"staticListId": 1001}})
    assert text.split() == ["id", *map(str, members)]
    assert len(members) == 340


@pytest.mark.asyncio
async def test_an_export_stays_inside_the_partitions_of_its_user(make_api: Callable[..., Any]) -> None:
    api = make_api(partitions=("Default", "EU"))
    user = {"client_id": "eu", "client_secret": "s", "user": "eu@example.com", "permissions": ["Read-Write Lead"]}
    await api.control("POST", "users", {**user, "partitions": ["EU"]})
    eu = type(api)(api.simulator, "eu", "s")
    elsewhere = await api.create(email="a@example.com")
    (own,) = await eu.sync({"email": "b@example.com"})
    body = {"fields": ["id"], "filter": {"createdAt": WINDOW}}
    assert (await file_of(eu, body)).split() == ["id", str(own["id"])]
    assert (await file_of(api, body)).split() == ["id", str(elsewhere), str(own["id"])]


@pytest.mark.asyncio
async def test_several_readers_of_one_file_take_turns(seeded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actionsync_simulators.marketo.bulk_extract_jobs.READ_BYTES", 64)
    path, status = await finished(seeded, {"fields": ["id", "email"], "filter": {"staticListId": 1002}})
    file = seeded.simulator.subscription.exports.file(status["exportId"])
    whole = (await seeded.get(path)).body
    first, second = file.read(0, len(whole)), file.read(100, 500)
    parts: tuple[list[bytes], list[bytes]] = ([], [])
    for one, other in itertools.zip_longest(first, second, fillvalue=b""):
        parts[0].append(one)
        parts[1].append(other)
    assert b"".join(parts[0]) == whole
    assert b"".join(parts[1]) == whole[100:600]
    assert len(parts[0]) > 10
