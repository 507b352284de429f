"""Instances, users, settings and connections, by gRPC, as operators and admins use them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from actionsync.v1 import connections_pb2, directory_pb2, sync_settings_pb2
from actionsync.v1.common_pb2 import ROLE_OPERATOR, ROLE_USER, SYSTEM_MARKETO, SYSTEM_SALESFORCE
from actionsync.v1.error_reason_pb2 import ERROR_REASON_SYSTEM_UNAVAILABLE
from actionsync_client import (
    EtagMismatchError,
    InvalidFieldError,
    LoggingModesConflictError,
    LoginRefusedError,
    NotConnectedError,
    ResourceExistsError,
    ResourceNotFoundError,
    TemplateFieldUnknownError,
)
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask
from harness.world import ADMIN, CLIENT_ID, INSTANCE, MARKETO, SALESFORCE, World, open_world

pytestmark = pytest.mark.asyncio
Settings = sync_settings_pb2.Settings
Logging = sync_settings_pb2.LoggingSettings
Check = sync_settings_pb2.CheckSettings


@pytest_asyncio.fixture
async def bare(tmp_path: Path) -> AsyncIterator[World]:
    """An instance with nothing in it."""
    async with open_world(tmp_path, people=100) as opened:
        yield opened


def user(user_id: str, **more: object) -> directory_pb2.UpsertUserRequest:
    values = {"email": f"{user_id}@example.com", "role": ROLE_USER} | more
    return directory_pb2.UpsertUserRequest(user=directory_pb2.User(user_id=user_id, **values))  # type: ignore[arg-type]


async def update(world: World, wanted: Settings, *paths: str, validate_only: bool = False) -> Settings:
    request = sync_settings_pb2.UpdateSettingsRequest(
        settings=wanted, update_mask=FieldMask(paths=paths), validate_only=validate_only
    )
    return (await world.admin.settings.UpdateSettings(request)).settings


async def current(world: World) -> Settings:
    return (await world.admin.settings.GetSettings(sync_settings_pb2.GetSettingsRequest())).settings


async def test_an_instance_id_is_given_once_and_instances_are_listed_in_pages(bare: World) -> None:
    for name in ("beta", "gamma"):
        await bare.operator.directory.CreateInstance(directory_pb2.CreateInstanceRequest(instance_id=name))
    with pytest.raises(ResourceExistsError):
        await bare.operator.directory.CreateInstance(directory_pb2.CreateInstanceRequest(instance_id="beta"))
    request = directory_pb2.ListInstancesRequest(page_size=1)
    names = [one.instance_id async for one in bare.operator.pages(bare.operator.directory.ListInstances, request)]
    assert names == [INSTANCE, "beta", "gamma"]


async def test_users_are_replaced_removed_and_listed_in_pages(bare: World) -> None:
    for name in ("u1", "u2", "u3"):
        await bare.admin.directory.UpsertUser(user(name))
    created = (await bare.admin.directory.UpsertUser(user("u2"))).user.create_time
    replaced = (await bare.admin.directory.UpsertUser(user("u2", email="new@example.com"))).user
    assert replaced.email == "new@example.com"
    assert replaced.create_time == created
    await bare.admin.directory.RemoveUser(directory_pb2.RemoveUserRequest(user_id="u3"))
    with pytest.raises(ResourceNotFoundError):
        await bare.admin.directory.RemoveUser(directory_pb2.RemoveUserRequest(user_id="u3"))
    request = directory_pb2.ListUsersRequest(page_size=1)
    assert [one.user_id async for one in bare.admin.pages(bare.admin.directory.ListUsers, request)] == ["u1", "u2"]


async def test_a_user_with_an_impossible_role_or_time_zone_is_refused(bare: World) -> None:
    with pytest.raises(InvalidFieldError) as caught:
        await bare.admin.directory.UpsertUser(user("u1", role=ROLE_OPERATOR, time_zone="Mars/Base"))
    assert {one.field for one in caught.value.violations} == {"user.role", "user.time_zone"}


async def test_settings_change_only_where_the_mask_says(bare: World) -> None:
    before = await current(bare)
    wanted = Settings(logging=Logging(log_emails=True, log_calls=True), check=Check(enabled=True))
    after = await update(bare, wanted, "logging.log_emails", "check.enabled")
    assert after.logging.log_emails
    assert not after.logging.log_calls
    assert after.check.enabled
    assert after.check.hold_limit == before.check.hold_limit
    assert after.etag != before.etag
    assert await current(bare) == after


async def test_validate_only_changes_nothing(bare: World) -> None:
    before = await current(bare)
    shown = await update(bare, Settings(logging=Logging(log_emails=True)), "logging.log_emails", validate_only=True)
    assert shown.logging.log_emails
    assert await current(bare) == before


async def test_a_change_on_stale_settings_is_refused(bare: World) -> None:
    stale = (await current(bare)).etag
    await update(bare, Settings(check=Check(enabled=True)), "check.enabled")
    with pytest.raises(EtagMismatchError):
        await update(bare, Settings(etag=stale, check=Check(enabled=False)), "check.enabled")


@pytest.mark.parametrize(
    ("wanted", "path", "field"),
    [
        (Settings(logging=Logging(log_replies=True)), "logging.log_replies", "settings.logging.log_replies"),
        (
            Settings(unsubscribes=sync_settings_pb2.UnsubscribeSettings(nightly_time="25:99")),
            "unsubscribes.nightly_time",
            "settings.unsubscribes.nightly_time",
        ),
        (
            Settings(unsubscribes=sync_settings_pb2.UnsubscribeSettings(nightly_time_zone="Mars/Base")),
            "unsubscribes.nightly_time_zone",
            "settings.unsubscribes.nightly_time_zone",
        ),
    ],
)
async def test_settings_that_cannot_stand_are_refused(bare: World, wanted: Settings, path: str, field: str) -> None:
    with pytest.raises(InvalidFieldError) as caught:
        await update(bare, wanted, path)
    assert [one.field for one in caught.value.violations] == [field]


async def test_a_setting_out_of_its_range_is_refused_and_named(bare: World) -> None:
    wanted = Settings(check=Check(answer_cache=Duration(seconds=301)))
    with pytest.raises(InvalidFieldError) as caught:
        await update(bare, wanted, "check.answer_cache")
    assert "answer_cache" in caught.value.violations[0].field


async def test_an_unknown_setting_is_refused(bare: World) -> None:
    with pytest.raises(InvalidFieldError):
        await update(bare, Settings(), "logging.log_everything")
    with pytest.raises(InvalidFieldError):
        await update(bare, Settings())


async def test_scenario_28c_a_template_with_an_unknown_dynamic_field_is_not_saved(bare: World) -> None:
    wanted = Settings(logging=Logging(subject_template="{{activity_type}} {{call_outcom}}"))
    with pytest.raises(TemplateFieldUnknownError) as caught:
        await update(bare, wanted, "logging.subject_template")
    assert caught.value.metadata["name"] == "call_outcom"


async def test_scenario_22c_filing_by_bcc_beside_logging_by_api_is_refused_both_ways(bare: World) -> None:
    await update(bare, Settings(logging=Logging(log_emails=True)), "logging.log_emails")
    with pytest.raises(LoggingModesConflictError):
        await bare.admin.directory.UpsertUser(user("u1", bcc_logging=True))
    await update(bare, Settings(), "logging.log_emails")
    await bare.admin.directory.UpsertUser(user("u1", bcc_logging=True))
    with pytest.raises(LoggingModesConflictError) as caught:
        await update(bare, Settings(logging=Logging(log_emails=True)), "logging.log_emails")
    assert caught.value.metadata == {"userId": "u1"}


async def test_connecting_makes_what_marketo_lacks_and_shows_no_secret(bare: World) -> None:
    await bare.connect()
    listed = await bare.admin.connections.ListConnections(connections_pb2.ListConnectionsRequest())
    assert [(one.system, one.base_url, one.client_id, one.connect_user_id) for one in listed.connections] == [
        (SYSTEM_MARKETO, MARKETO, CLIENT_ID, ADMIN),
        (SYSTEM_SALESFORCE, SALESFORCE, CLIENT_ID, ADMIN),
    ]
    assert "simulator-secret" not in str(listed)
    types = (await bare.marketo.call("GET", "/rest/v1/activities/external/types.json"))["result"]
    ours = {row["apiName"]: row["status"] for row in types if row["apiName"].startswith("as")}
    assert len(ours) == 8
    assert set(ours.values()) == {"approved"}


async def test_a_check_tells_what_the_systems_lack(bare: World) -> None:
    await bare.connect()
    for system in (SYSTEM_MARKETO, SYSTEM_SALESFORCE):
        request = connections_pb2.CheckConnectionRequest(system=system)
        answer = await bare.admin.connections.CheckConnection(request)
        assert answer.working
        worst = max(finding.severity for finding in answer.findings)
        assert worst in {connections_pb2.Finding.SEVERITY_OK, connections_pb2.Finding.SEVERITY_WARNING}


async def test_a_wrong_secret_is_refused_and_nothing_is_stored(bare: World) -> None:
    request = connections_pb2.ConnectMarketoRequest(
        munchkin_id="123-ABC-456", client_id=CLIENT_ID, client_secret="wrong", base_url=MARKETO
    )
    with pytest.raises(LoginRefusedError):
        await bare.admin.connections.ConnectMarketo(request)
    assert not (await bare.admin.connections.ListConnections(connections_pb2.ListConnectionsRequest())).connections


@pytest.mark.parametrize("url", ["http://marketo.example", "ftp://x.example", "https://me:pw@x.example", "nonsense"])
async def test_a_url_that_would_leak_the_secret_is_refused(bare: World, url: str) -> None:
    request = connections_pb2.ConnectMarketoRequest(
        munchkin_id="123-ABC-456", client_id=CLIENT_ID, client_secret="x", base_url=url
    )
    with pytest.raises(InvalidFieldError) as caught:
        await bare.admin.connections.ConnectMarketo(request)
    assert caught.value.violations[0].field == "base_url"


async def test_a_forgotten_connection_is_gone(bare: World) -> None:
    await bare.connect(salesforce=False)
    await bare.admin.connections.Disconnect(connections_pb2.DisconnectRequest(system=SYSTEM_MARKETO))
    with pytest.raises(NotConnectedError):
        await bare.admin.connections.Disconnect(connections_pb2.DisconnectRequest(system=SYSTEM_MARKETO))
    with pytest.raises(NotConnectedError):
        await bare.admin.connections.CheckConnection(connections_pb2.CheckConnectionRequest(system=SYSTEM_MARKETO))


async def test_the_history_of_settings_says_who_changed_what_newest_first(bare: World) -> None:
    await update(bare, Settings(logging=Logging(log_emails=True)), "logging.log_emails")
    await bare.advance(1)
    await update(bare, Settings(check=Check(enabled=True)), "check.enabled")
    request = sync_settings_pb2.ListSettingsChangesRequest(page_size=1)
    found = [one async for one in bare.admin.pages(bare.admin.settings.ListSettingsChanges, request)]
    assert [(one.path, one.old_value, one.new_value, one.user_id) for one in found] == [
        ("check.enabled", "false", "true", ADMIN),
        ("logging.log_emails", "false", "true", ADMIN),
    ]
    assert found[0].change_time.ToMicroseconds() - found[1].change_time.ToMicroseconds() >= 1_000_000


async def test_alerts_say_what_is_the_matter_who_acts_and_how(bare: World) -> None:
    assert not (await bare.admin.settings.ListAlerts(sync_settings_pb2.ListAlertsRequest())).alerts
    await bare.connect(salesforce=False)
    await bare.add_seller()
    wanted = Settings(people=sync_settings_pb2.PeopleSettings(person_limit=5))
    await update(bare, wanted, "people.person_limit")
    await bare.sync_people()
    (alert,) = (await bare.admin.settings.ListAlerts(sync_settings_pb2.ListAlertsRequest())).alerts
    assert alert.name == "person_limit_reached"
    assert "5" in alert.message
    assert alert.next_step
    assert alert.owner


async def test_a_system_that_does_not_answer_is_told_apart_from_a_wrong_login(
    bare: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bare.connect(salesforce=False)
    monkeypatch.setattr("actionsync_server.rpc.connections._PATIENCE_SECONDS", 0.2)
    await bare.marketo.fault("/rest/v1/stats/usage.json", "drop_before", times=100)
    request = connections_pb2.CheckConnectionRequest(system=SYSTEM_MARKETO)
    answer = await bare.admin.connections.CheckConnection(request)
    assert not answer.working
    assert answer.error.reason == ERROR_REASON_SYSTEM_UNAVAILABLE
    assert "did not answer in time" in answer.error.message
