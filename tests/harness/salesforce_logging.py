"""Steps of the scenarios about logging to Salesforce: what callers log by gRPC, and what SOQL then finds."""

from __future__ import annotations

from typing import Any

from actionsync.v1 import activity_log_pb2 as contract
from actionsync.v1 import person_sync_pb2, sync_settings_pb2
from actionsync.v1.common_pb2 import (
    DELIVERY_REASON_UNSPECIFIED,
    DELIVERY_STATE_DELIVERED,
    DELIVERY_STATE_DELIVERING,
    DELIVERY_STATE_PENDING,
    DELIVERY_STATE_RETRYING,
    DELIVERY_STATE_UNKNOWN,
    SYSTEM_SALESFORCE,
    Delivery,
    System,
)
from google.protobuf.timestamp_pb2 import Timestamp

from harness.world import SELLER, World

Person = person_sync_pb2.Person
Logging = sync_settings_pb2.LoggingSettings

MINUTE, DAY = 60, 86_400
ADDRESS = "ann.lone@example.com"
MOVING = {DELIVERY_STATE_PENDING, DELIVERY_STATE_DELIVERING, DELIVERY_STATE_RETRYING, DELIVERY_STATE_UNKNOWN}
DELIVERED = (DELIVERY_STATE_DELIVERED, DELIVERY_REASON_UNSPECIFIED)
CALL = contract.ReceivedSalesCall(call_status=contract.ReceivedSalesCall.CALL_STATUS_COMPLETED, outcome="Interested")


async def set_logging(world: World, **values: Any) -> None:
    """Change settings of the logging."""
    await world.set(sync_settings_pb2.Settings(logging=Logging(**values)), *(f"logging.{name}" for name in values))


async def log_everything(world: World) -> None:
    """Log mails, replies and calls in the instance's name."""
    await set_logging(world, log_emails=True, log_replies=True, log_calls=True, log_as=Logging.LOG_AS_INTEGRATION_USER)


async def some_contact(world: World) -> Person:
    """Sync the people and return one who is a contact in Salesforce; everything is logged."""
    await log_everything(world)
    await world.sync_people()
    found = await world.salesforce.query("SELECT Id FROM Contact WHERE Email != null ORDER BY Id LIMIT 1")
    key = person_sync_pb2.PersonKey(salesforce_id=found[0]["Id"])
    return (await world.user.persons.GetPerson(person_sync_pb2.GetPersonRequest(key=key))).person


async def add_lone(world: World) -> Person:
    """Sync the people and return one with an owner, but without a Salesforce record; everything is logged."""
    await log_everything(world)
    # No API writes an owner into Marketo; its own Salesforce sync does.
    marketo_id = world.simulators.marketo.native.create(
        {"email": ADDRESS, "lastName": "Lone", "sfdcLeadOwnerId": world.seller_salesforce_id}
    )
    await world.sync_people()
    key = person_sync_pb2.PersonKey(marketo_id=marketo_id)
    person = (await world.user.persons.GetPerson(person_sync_pb2.GetPersonRequest(key=key))).person
    assert person.salesforce_lead_id == person.salesforce_contact_id == ""
    return person


async def add_lead(world: World, last_name: str) -> str:
    """Add a lead with the address of the one without a record."""
    return await world.salesforce.create("Lead", LastName=last_name, Company="Lone Ltd", Email=ADDRESS)


async def log(world: World, person: Person, key: str, **detail: Any) -> contract.Activity:
    """Log an activity that happens now."""
    content = contract.ActivityContent(
        idempotency_key=key,
        person_id=person.person_id,
        user_id=SELLER,
        activity_time=Timestamp(seconds=world.clock.now() // 1_000_000),
        **detail,
    )
    return (await world.user.activities.LogActivity(contract.LogActivityRequest(content=content))).activity


async def log_send(world: World, person: Person, *, subject: str = "Hello", **more: Any) -> contract.Activity:
    """Log the mail 4711."""
    mail = contract.SalesEmail(email_id="4711", subject=subject, **more)
    return await log(world, person, "send", send_sales_email=contract.SendSalesEmail(email=mail, body="A word."))


async def log_reply(world: World, person: Person, *, key: str = "reply") -> contract.Activity:
    """Log a reply to the mail 4711."""
    reply = contract.RepliedToSalesEmail(email=contract.SalesEmail(email_id="4711"), body="Yes, please.")
    return await log(world, person, key, replied_to_sales_email=reply)


async def delivery(world: World, activity: contract.Activity, system: System = SYSTEM_SALESFORCE) -> Delivery:
    """Return its delivery to a system, with all attempts."""
    (listed,) = [one for one in activity.deliveries if one.system == system]
    request = contract.GetDeliveryRequest(delivery_id=listed.delivery_id)
    return (await world.user.activities.GetDelivery(request)).delivery


async def come_to_rest(world: World, activity: contract.Activity, system: System = SYSTEM_SALESFORCE) -> Delivery:
    """Let time pass until its delivery is over, or waits for something else than time."""

    async def done() -> bool:
        return (await delivery(world, activity, system)).state not in MOVING

    await world.until(done)
    return await delivery(world, activity, system)


def standing(one: Delivery) -> tuple[int, int]:
    """Return state and reason."""
    return one.state, one.reason


async def tasks(world: World) -> list[dict[str, Any]]:
    """Return all Tasks that are ours, the oldest first."""
    return await world.salesforce.query(
        "SELECT Id, Subject, Type, Status, Priority, ActivityDate, Description, WhoId, OwnerId, ActionSync_Id__c"
        " FROM Task WHERE ActionSync_Id__c != null ORDER BY CreatedDate, Id"
    )


async def the_task(world: World) -> dict[str, Any]:
    """Return the only Task that is ours."""
    (task,) = await tasks(world)
    return task
