"""Loading the generated world into the org: one statement per object, all rows at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from actionsync_simulators.salesforce.gateway.times import wire_datetime
from actionsync_simulators.salesforce.rows.recycle_bin import adopt
from actionsync_simulators.salesforce.rules.person import full_name
from actionsync_simulators.salesforce.schema.lead import STATUSES as LEAD_STATUSES
from actionsync_simulators.salesforce.schema.opportunity import STAGES
from actionsync_simulators.salesforce.schema.task import PRIORITIES, STATUSES
from actionsync_simulators.salesforce.state import Org
from actionsync_simulators.seed.org import Person, World
from actionsync_simulators.seed.salesforce_ids import salesforce_id

Values = Iterable[Sequence[Any]]


def load_world(org: Org, world: World, *, api_username: str) -> None:
    """Fill an empty org with a world; `users[0]` becomes the API user and gets the username of the credentials."""
    api_user = world.users[0].id
    start = wire_datetime(world.start)
    org.api_user_id = api_user
    with org.database.transaction():
        _load_setup(org, api_user, start)
        _load_users(org, world, api_username)
        _load_selling(org, world, api_user)
        _load_people(org, world, api_user)
        org.note_issued(world.issued.items())


def _literal(value: Any) -> str:
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


def _load(org: Org, name: str, columns: str, values: Values, *, user_id: str) -> None:
    """Insert rows of one object: the named columns from the values, every other one from its default."""
    sobject = org.sobject(name)
    given = columns.split()
    fixed: dict[str, str] = {}
    for field in sobject.stored_fields:
        default = field.default if field.default is not None else field.default_picklist_value
        if field.name not in given and default is not None:
            fixed[field.name] = _literal(default)
    for column in ("CreatedById", "LastModifiedById", "OwnerId"):
        if column in sobject.fields and column not in given:
            fixed[column] = _literal(user_id)
    org.database.insert(sobject.name, given, values, fixed=fixed)


STAMPS = "CreatedDate LastModifiedDate SystemModstamp"


def _load_setup(org: Org, user_id: str, start: str) -> None:
    stamps = (start, start, start)
    _load(
        org,
        "Organization",
        "Id Name OrganizationType InstanceName DefaultLocaleSidKey TimeZoneSidKey LanguageLocaleKey " + STAMPS,
        [
            (
                org.organization_id,
                org.switches.organization_name,
                "Enterprise Edition",
                "SIM1",
                "en_US",
                org.switches.time_zone,
                "en_US",
                *stamps,
            )
        ],
        user_id=user_id,
    )
    _load(
        org,
        "Profile",
        "Id Name UserType " + STAMPS,
        [(org.profile_id, "Standard User", "Standard", *stamps)],
        user_id=user_id,
    )
    flags = {
        "TaskStatus": ("IsClosed", STATUSES, "Completed"),
        "TaskPriority": ("IsHighPriority", PRIORITIES, "High"),
        "LeadStatus": ("IsConverted", LEAD_STATUSES, "Closed - Converted"),
    }
    for name, (flag, values, flagged) in flags.items():
        sobject = org.sobject(name)
        default = {"TaskPriority": "Normal"}.get(name, values[0])
        _load(
            org,
            name,
            f"Id MasterLabel ApiName SortOrder IsDefault {flag} " + STAMPS,
            [
                (
                    salesforce_id(sobject.key_prefix, position),
                    value,
                    value,
                    position,
                    int(value == default),
                    int(value == flagged),
                    *stamps,
                )
                for position, value in enumerate(values, start=1)
            ],
            user_id=user_id,
        )


def _load_users(org: Org, world: World, api_username: str) -> None:
    api_user = world.users[0].id
    users = [
        (
            user.id,
            api_username if user.id == api_user else user.username,
            user.last_name,
            user.first_name,
            full_name(user.first_name, user.last_name),
            user.email,
            user.alias,
            user.username.partition("@")[0][:40],
            user.title,
            int(user.is_active),
            org.switches.time_zone,
            org.profile_id,
            *[wire_datetime(user.created_at)] * 3,
        )
        for user in world.users
    ]
    columns = (
        "Id Username LastName FirstName Name Email Alias CommunityNickname Title IsActive TimeZoneSidKey ProfileId "
    )
    _load(org, "User", columns + STAMPS, users, user_id=api_user)
    queues = [
        (queue.id, queue.name, queue.developer_name, "Queue", *[wire_datetime(queue.created_at)] * 3)
        for queue in world.queues
    ]
    _load(org, "Group", "Id Name DeveloperName Type " + STAMPS, queues, user_id=api_user)


def _load_selling(org: Org, world: World, api_user: str) -> None:
    _load(
        org,
        "Account",
        "Id Name Website Industry Phone BillingCity BillingCountry NumberOfEmployees OwnerId " + STAMPS,
        (
            (
                *(a.id, a.name, a.website, a.industry, a.phone, a.billing_city, a.billing_country),
                *(a.employees, a.owner_id, wire_datetime(a.created_at)),
                *[wire_datetime(a.updated_at)] * 2,
            )
            for a in world.accounts
        ),
        user_id=api_user,
    )
    _load(
        org,
        "Opportunity",
        "Id Name AccountId StageName Amount Probability CloseDate IsClosed IsWon ForecastCategory LeadSource OwnerId "
        + STAMPS,
        (
            (
                *(o.id, o.name, o.account_id, o.stage_name, float(o.amount), float(o.probability), o.close_date),
                *(int(o.is_closed), int(o.is_won), _forecast(o.stage_name), o.lead_source, o.owner_id),
                *(wire_datetime(o.created_at), *[wire_datetime(o.updated_at)] * 2),
            )
            for o in world.opportunities
        ),
        user_id=api_user,
    )
    _load(
        org,
        "OpportunityContactRole",
        "Id OpportunityId ContactId Role IsPrimary " + STAMPS,
        (
            (
                *(r.id, r.opportunity_id, r.contact_id, r.role, int(r.is_primary)),
                *[wire_datetime(r.created_at)] * 3,
            )
            for r in world.contact_roles
        ),
        user_id=api_user,
    )


def _forecast(stage: str) -> str:
    return STAGES[stage][1] if stage in STAGES else "Pipeline"


_PERSON = (
    "Id FirstName LastName Name Email Title Phone MobilePhone LeadSource LinkedIn_Profile__c HasOptedOutOfEmail"
    " IsDeleted OwnerId CreatedDate LastModifiedDate SystemModstamp "
)


def _load_people(org: Org, world: World, api_user: str) -> None:
    people = [person for person in world.people if person.salesforce_id is not None]
    leads = ((*_person(p, api_user), p.company or "[not provided]") for p in people if p.kind == "lead")
    contacts = ((*_person(p, api_user), p.account_id) for p in people if p.kind == "contact")
    _load(org, "Lead", _PERSON + "Company", leads, user_id=api_user)
    _load(org, "Contact", _PERSON + "AccountId", contacts, user_id=api_user)
    adopt(org, (person.salesforce_id for person in people if person.crm_deleted and person.salesforce_id))


def _person(person: Person, api_user: str) -> tuple[Any, ...]:
    updated = wire_datetime(person.updated_at)
    return (
        person.salesforce_id,
        person.first_name,
        person.last_name or "[not provided]",
        full_name(person.first_name, person.last_name),
        person.email,
        person.title,
        person.phone,
        person.mobile_phone,
        person.lead_source,
        person.linkedin_url,
        int(person.unsubscribed),
        int(person.crm_deleted),
        person.owner_id or api_user,
        wire_datetime(person.created_at),
        updated,
        updated,
    )
