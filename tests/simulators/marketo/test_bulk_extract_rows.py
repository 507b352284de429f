"""Which rows are in an export file, in which columns and how they are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

LEADS = "/bulk/v1/leads/export"
WINDOW = {"startAt": "2026-11-24T00:00:00Z", "endAt": "2026-11-30T00:00:00Z"}


@pytest.mark.asyncio
@pytest.mark.behaviour("export-columns")
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
    text = await api.exported(body)
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
@pytest.mark.behaviour("export-formats")
async def test_formats(api: Any, wanted: str, separator: str, content_type: str) -> None:
    await api.create(email="a@example.com", firstName="x,y;z")
    path, status = await api.export(
        {"format": wanted, "fields": ["email", "firstName"], "filter": {"createdAt": WINDOW}}
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
    text = await api.exported({"format": "SSV", "fields": ["id", "email"], "filter": {"createdAt": WINDOW}})
    assert text == "id email\n"


@pytest.mark.asyncio
async def test_no_rows_leave_a_header_line(api: Any) -> None:
    path, status = await api.export({"fields": ["id", "email"], "filter": {"createdAt": WINDOW}})
    assert status["numberOfRecords"] == 0
    assert (await api.get(path)).body == b"id,email\n"


@pytest.mark.asyncio
@pytest.mark.behaviour("export-windows")
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
        text = await api.exported({"fields": ["id"], "filter": {"createdAt": {"startAt": start, "endAt": end}}})
        assert text.split() == ["id", *map(str, found)], start


@pytest.mark.asyncio
@pytest.mark.behaviour("export-updated-at")
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
        text = await api.exported({"fields": ["id", "updatedAt"], "filter": {"updatedAt": window}})
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
        ids += [int(line) for line in (await seeded.exported(body)).split()[1:]]
    assert ids == sorted(person.marketo_id for person in world.people)


@pytest.mark.asyncio
@pytest.mark.parametrize("fields", [{}, {"fields": None}, {"fields": []}])
@pytest.mark.behaviour("export-activity-columns")
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
    text = await api.exported(
        {"filter": {"createdAt": WINDOW, "activityTypeIds": [104, 19]}, **fields}, kind="activities"
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
    text = await api.exported(
        {"fields": ["actionResult", "leadId"], "filter": {"createdAt": WINDOW}, "columnHeaderNames": {"leadId": "Id"}},
        kind="activities",
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
@pytest.mark.behaviour("export-activity-filters")
async def test_activity_filters(seeded: Any, filters: dict[str, Any], count: int) -> None:
    await seeded.advance(seconds=1)
    members = {"action": "updateOnly", "lookupField": "id"}
    await seeded.sync({"id": 1002, "firstName": "X", "leadScore": 3}, {"id": 1001, "firstName": "Y"}, **members)
    await seeded.post("/rest/v1/lists/1002/leads.json", id=1002)
    await seeded.post("/rest/v1/leads/delete.json", id=1002)
    window = {"startAt": "2026-11-24T12:00:01Z", "endAt": "2026-11-24T12:00:01Z"}
    text = await seeded.exported(
        {"fields": ["marketoGUID"], "filter": {"createdAt": window, **filters}}, kind="activities"
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
    path, status = await api.export(body, kind="activities")
    exported = set((await api.get(path)).body.decode().split()[1:])
    assert 0 < len(feed) < 40
    assert feed <= exported
    assert len(exported) < 40
    assert status["numberOfRecords"] == len(exported)


@pytest.mark.asyncio
@pytest.mark.parametrize(("retention", "kept"), [("on", [12, 46]), ("off", [12, 13, 46])])
async def test_activities_past_their_retention_are_not_exported(
    make_api: Callable[..., Any], retention: str, kept: list[int]
) -> None:
    api = make_api(retention=retention)
    lead_id = await api.create(email="a@example.com")
    old = {"leadId": lead_id, "activityDate": "2026-08-20T00:00:00Z"}
    moment = api.moment(lead_id, old["activityDate"])
    await api.inject({**old, "activityTypeId": 12}, {**old, "activityTypeId": 13}, moment)
    window = {"startAt": "2026-08-20T00:00:00Z", "endAt": "2026-08-20T00:00:00Z"}
    text = await api.exported({"fields": ["activityTypeId"], "filter": {"createdAt": window}}, kind="activities")
    assert [int(line) for line in text.split()[1:]] == kept
