"""Gathers what is known of mails: their Sends, what recipients did with them, and how much of it Salesforce shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from actionsync_server.model.activities import ActivityContent, ActivityType
from actionsync_server.model.deliveries import Delivery, DeliveryState
from actionsync_server.model.engagements import MailFacts
from actionsync_server.model.errors import System
from actionsync_server.store.activities import Activities
from actionsync_server.store.database import Reader
from actionsync_server.store.deliveries import Deliveries

#: A mail to one person: email id, person id.
Mail = tuple[str, str]


def mail_of(content: ActivityContent) -> Mail:
    """Return the mail that an activity is about."""
    return content.email_id, content.person_id


async def mail_facts(reader: Reader, instance_id: str, contents: Iterable[ActivityContent]) -> dict[Mail, MailFacts]:
    """Return the facts of the mails that these activities are about."""
    mails = {mail_of(content) for content in contents if content.email_id}
    stored = Activities(reader, instance_id)
    sends = await stored.sends(mails)
    kinds = {mail: found for mail, found in (await stored.of_mails(mails)).items() if mail in mails}
    ids = [activity_id for found in kinds.values() for activity_id in found]
    deliveries = await Deliveries(reader, instance_id).of_activities(ids)
    ours = {
        activity_id: one
        for activity_id, several in deliveries.items()
        for one in several
        if one.system is System.SALESFORCE
    }
    facts: dict[Mail, MailFacts] = {}
    for mail in mails:
        send = sends.get(mail)
        facts[mail] = MailFacts(
            send=send,
            delivery=ours.get(send.activity_id) if send is not None else None,
            happened=frozenset(kinds.get(mail, {}).values()) - {ActivityType.SEND_SALES_EMAIL},
            told=_told(kinds.get(mail, {}), ours),
        )
    return facts


def _told(kinds: Mapping[str, ActivityType], deliveries: Mapping[str, Delivery]) -> frozenset[ActivityType]:
    return frozenset(
        kind
        for activity_id, kind in kinds.items()
        if activity_id in deliveries and deliveries[activity_id].state is DeliveryState.DELIVERED
    ) - {ActivityType.SEND_SALES_EMAIL}
