"""What is needed to write a delivery of an activity: the activity with its mail whole, the person, the seller."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from actionsync_server.flows.delivery.outcomes import Outcome, failed, skipped
from actionsync_server.model.activities import Activity, filled
from actionsync_server.model.deliveries import Delivery, DeliveryReason, DeliveryState
from actionsync_server.model.directory import User
from actionsync_server.model.persons import Person, Qualification
from actionsync_server.store.activities import Activities
from actionsync_server.store.database import Reader
from actionsync_server.store.directory import Directory
from actionsync_server.store.persons import Persons


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery with everything that is to be written."""

    delivery: Delivery
    activity: Activity
    person: Person
    seller: User


async def load(
    reader: Reader, instance_id: str, deliveries: Sequence[Delivery], *, with_gone: bool = False
) -> tuple[list[Parcel], list[tuple[Delivery, Outcome]]]:
    """Return the parcels of deliveries in their order, and the outcome of those that have nobody to go to any more.

    Members of a mail that an activity leaves empty come from its Send, also from one that was logged later. With
    `with_gone` people whom Marketo deleted have parcels too: a lost answer about them is still looked up.
    """
    activities = await Activities(reader, instance_id).many([one.subject_id for one in deliveries])
    persons = await Persons(reader, instance_id).many({one.person_id for one in deliveries})
    contents = [activity.content for activity in activities.values()]
    sellers = await Directory(reader, instance_id).sellers(sorted({content.user_id for content in contents}))
    sent = await Activities(reader, instance_id).sent_mails(
        {(content.email_id, content.person_id) for content in contents if content.email_id}
    )
    parcels, rest = [], []
    for delivery in deliveries:
        activity, person = activities.get(delivery.subject_id), persons.get(delivery.person_id)
        seller = sellers.get(activity.content.user_id) if activity is not None else None
        if activity is None or seller is None or person is None or (is_gone(person) and not with_gone):
            rest.append((delivery, _nobody(delivery)))
            continue
        content = activity.content
        whole = filled(content.detail, sent.get((content.email_id, content.person_id)))
        parcels.append(Parcel(delivery, replace(activity, content=replace(content, detail=whole)), person, seller))
    return parcels, rest


def is_gone(person: Person) -> bool:
    """Tell whether Marketo no longer has the person."""
    return person.qualification is Qualification.DELETED


def _nobody(delivery: Delivery) -> Outcome:
    # What may have been written cannot be called skipped; it ends where somebody sees it.
    if delivery.state is DeliveryState.UNKNOWN:
        return failed(DeliveryReason.PERSON_GONE, None).not_attempted()
    return skipped(DeliveryReason.PERSON_GONE)
