"""The calls for people."""

from __future__ import annotations

from actionsync_simulators.endpoint import Behaviour, Param
from actionsync_simulators.marketo.fields import describe
from actionsync_simulators.marketo.gateway.parameters import (
    FIELDS,
    IDS,
    IDS_BODY,
    LEAD_ID,
    PAGE,
    TEXT,
    WHOLE,
    record,
    records,
)
from actionsync_simulators.marketo.gateway.route import READ_ASSET, READ_LEAD, WRITE_LEAD, Route, delete, get, post
from actionsync_simulators.marketo.leads import associate, memberships, merge, partitions, read, submit_form, sync
from actionsync_simulators.marketo.leads import delete as deletion

DELETE_ERRORS = ("1001", "1002", "1003", "1004")
SYNC_ERRORS = tuple(str(code) for code in (*range(1001, 1013), 1021))

SYNC_BODY = records(
    {"type": "object"},
    action={"enum": list(sync.ACTIONS)},
    lookupField=TEXT,
    partitionName=TEXT,
)
"""Records hold lead fields by their REST names."""

ROUTES: tuple[Route, ...] = (
    get(
        "/rest/v1/lead/{leadId}.json",
        READ_LEAD,
        read.by_id,
        params=(LEAD_ID, FIELDS),
        errors=("1001", "1004", "1006"),
        behaviours=(
            Behaviour("lead-default-fields", "without `fields` six fields come back"),
            Behaviour("lead-empty-is-null", "an asked field without a value is null, and the id always comes along"),
        ),
    ),
    get(
        "/rest/v1/leads.json",
        READ_LEAD,
        read.by_filter,
        params=(
            Param("filterType", required=True, description="a searchable field", example="id"),
            Param("filterValues", "strings", required=True, description="1 to 300 values", example="1001,1002"),
            FIELDS,
            *PAGE,
        ),
        errors=("1001", "1002", "1003", "1006", "1011", "1012"),
        behaviours=(
            Behaviour("filter-every-duplicate", "every lead with an email is found, whatever the case of its letters"),
            Behaviour("filter-no-match", "no match is a success with an empty result"),
            Behaviour("filter-salesforce-ids", "Salesforce ids match on 15 characters, with case"),
            Behaviour("filter-pages", "pages go on by token; the last one has none"),
            Behaviour("filter-1000-matches", "a filter that matches more than 1,000 leads is refused on every page"),
            Behaviour("page-token-life", "a position token lives 24 hours"),
            Behaviour("filter-cookies", "a cookie finds its lead, bare or in the long form"),
            Behaviour("read-lag", "switch: a changed lead shows its old values for a while"),
        ),
    ),
    post(
        "/rest/v1/leads.json",
        WRITE_LEAD,
        sync.sync,
        schema=SYNC_BODY,
        errors=SYNC_ERRORS,
        behaviours=(
            Behaviour("sync-matrix", "each action has its outcome for no, one and several matches"),
            Behaviour("sync-defaults", "without members the action is createOrUpdate and the key is email"),
            Behaviour("sync-partial-success", "a refused record is skipped with its reason, and no other is"),
            Behaviour("sync-clears", "null and blank clear a field; one that is left out stays"),
            Behaviour("sync-salesforce-keys", "Salesforce keys are looked up and never written"),
            Behaviour("sync-cookie-key", "a cookie can be the key"),
            Behaviour("sync-company-fields", "company fields are writable until a company owns them"),
            Behaviour("sync-new-lead", "a created lead leaves a New Lead row"),
            Behaviour("sync-change-rows", "an update leaves one row per field that really changed, and else none"),
            Behaviour("sync-updated-at", "updatedAt moves with a change"),
            Behaviour("lead-ids-never-reused", "the id of a deleted lead is never given again"),
            Behaviour("sync-race", "switch: concurrent upserts of one email make duplicates"),
            Behaviour("sync-partitions", "a lead goes to the named or the only partition of the user"),
        ),
    ),
    delete(
        "/rest/v1/leads.json",
        WRITE_LEAD,
        deletion.delete,
        params=(IDS,),
        schema=IDS_BODY,
        errors=DELETE_ERRORS,
        behaviours=(
            Behaviour("delete-shapes", "ids come as parameters or in a JSON body, with the verb or tunnelled"),
        ),
    ),
    post(
        "/rest/v1/leads/delete.json",
        WRITE_LEAD,
        deletion.delete,
        params=(IDS,),
        schema=IDS_BODY,
        errors=DELETE_ERRORS,
        behaviours=(
            Behaviour("delete-leaves-a-row", "a deleted lead disappears everywhere and leaves a Delete Lead row"),
        ),
    ),
    get(
        "/rest/v1/leads/describe.json",
        READ_LEAD,
        describe.describe,
        behaviours=(
            Behaviour("describe-crm-and-social", "Salesforce and social fields are there as the subscription has them"),
        ),
    ),
    get(
        "/rest/v1/leads/describe2.json",
        READ_LEAD,
        describe.describe2,
        behaviours=(Behaviour("describe2-searchable", "the searchable fields are exactly those that filter"),),
    ),
    get("/rest/v1/leads/partitions.json", READ_LEAD, partitions.partitions),
    post(
        "/rest/v1/leads/partitions.json",
        WRITE_LEAD,
        partitions.change,
        schema=records(record("id", "partitionName", id=WHOLE, partitionName=TEXT)),
        errors=("1001", "1002", "1003", "1004", "1008", "1009"),
        behaviours=(Behaviour("partition-change-row", "a move leaves a Change Partition row"),),
    ),
    post(
        "/rest/v1/leads/{leadId}/merge.json",
        WRITE_LEAD,
        merge.merge,
        body="any",
        params=(
            LEAD_ID,
            Param("leadIds", "integers", required=True, description="1 to 25 losers", example="1002"),
            Param("leadId", "integer", description="one loser"),
            Param("mergeInCRM", "boolean", description="let the better Salesforce record win"),
        ),
        errors=("1001", "1002", "1003", "1004", "1080"),
        behaviours=(
            Behaviour("merge-shapes", "losers come as list, repeated or singular; success has no result"),
            Behaviour("merge-takes-gaps", "the winner keeps its values and takes what it had not"),
            Behaviour("merge-in-crm", "a contact wins over a lead, and a Salesforce record over one without"),
        ),
    ),
    post(
        "/rest/v1/leads/{leadId}/associate.json",
        WRITE_LEAD,
        associate.associate,
        body="any",
        params=(LEAD_ID, Param("cookie", required=True, example="_mch-example.com-1422315589014-66421")),
        errors=("1001", "1002", "1004", "1012"),
        behaviours=(Behaviour("associate-moves", "a known cookie moves to the lead"),),
    ),
    get(
        "/rest/v1/leads/{leadId}/listMembership.json",
        READ_ASSET,
        memberships.lists_of_lead,
        params=(LEAD_ID, *PAGE),
        errors=("1001", "1003", "1004"),
        behaviours=(Behaviour("lists-of-a-lead", "ids of the lists with the times of joining, in pages"),),
    ),
    post(
        "/rest/v1/leads/submitForm.json",
        WRITE_LEAD,
        submit_form.submit_form,
        schema=record(
            "formId",
            "input",
            formId=WHOLE,
            programId=WHOLE,
            input={
                "type": "array",
                "minItems": 1,
                "maxItems": 1,
                "items": record(
                    "leadFormFields",
                    leadFormFields=record("email", email=TEXT),
                    visitorData=record(pageURL=TEXT, queryString=TEXT, leadClientIpAddress=TEXT, userAgentString=TEXT),
                    cookie=TEXT,
                ),
            },
        ),
        errors=("1001", "1002", "1003", "1006", "1007", "1009", "1012", "1013", "1021"),
        behaviours=(
            Behaviour("form-upserts-by-email", "one person by email, with a Fill Out Form row that tells of the visit"),
            Behaviour("form-program", "with programId the person becomes a member of the program"),
            Behaviour("form-cookie", "the cookie of the visit belongs to the person from then on"),
            Behaviour("form-has-its-fields", "a field that the form does not have is refused"),
        ),
    ),
)
