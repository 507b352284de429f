"""The calls for rows."""

from __future__ import annotations

from actionsync_simulators.salesforce.gateway.route import Route, route
from actionsync_simulators.salesforce.sobjects import collections, replication, rows, upsert_collection

ROW = "sobjects/{object}/{id}"
BY_EXTERNAL_ID = "sobjects/{object}/{field}/{value}"
COLLECTION = "composite/sobjects"

ROUTES: tuple[Route, ...] = (
    route("POST", "sobjects/{object}", rows.create_row),
    route("POST", "sobjects/{object}/Id", rows.create_row),
    route("GET", ROW, rows.read_row),
    route("PATCH", ROW, rows.update_row),
    route("DELETE", ROW, rows.delete_row),
    route("GET", BY_EXTERNAL_ID, rows.read_by_external_id),
    route("PATCH", BY_EXTERNAL_ID, rows.upsert_row),
    route("DELETE", BY_EXTERNAL_ID, rows.delete_by_external_id),
    route("GET", "sobjects/{object}/updated", replication.updated),
    route("GET", "sobjects/{object}/deleted", replication.deleted),
    route("POST", COLLECTION, collections.create_rows),
    route("PATCH", COLLECTION, collections.update_rows),
    route("DELETE", COLLECTION, collections.delete_rows),
    route("GET", f"{COLLECTION}/{{object}}", collections.retrieve),
    route("POST", f"{COLLECTION}/{{object}}", collections.retrieve_by_body),
    route("PATCH", f"{COLLECTION}/{{object}}/{{field}}", upsert_collection.upsert_rows),
)
