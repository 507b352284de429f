"""PK chunking: a query of a large table, split by ranges of ids into batches of their own."""

# ruff: noqa: S608 - names in SQL come from the schema and are quoted, values are bound

from __future__ import annotations

from dataclasses import dataclass

from actionsync_simulators.database import quoted
from actionsync_simulators.salesforce.bulk import content, jobs
from actionsync_simulators.salesforce.gateway.errors import ApiError, api_error
from actionsync_simulators.salesforce.gateway.ids import full_id
from actionsync_simulators.salesforce.gateway.messages import is_whole
from actionsync_simulators.salesforce.state import Org

DEFAULT_SIZE = 100_000
LARGEST_SIZE = 250_000


@dataclass(frozen=True, slots=True)
class Chunking:
    """How a query is to be split: rows of the table in a chunk, and the id to begin with."""

    size: int
    start_row: str | None


def read_header(header: str | None) -> Chunking | None:
    """The chunking that Sforce-Enable-PKChunking asks for. Raises InvalidJob for a header that is wrong."""
    if header is None or header.strip().lower() == "false":
        return None
    if header.strip().lower() == "true":
        return Chunking(DEFAULT_SIZE, None)
    size, start_row = DEFAULT_SIZE, None
    for part in filter(None, (part.strip() for part in header.split(";"))):
        name, _, value = (each.strip() for each in part.partition("="))
        match name.lower():
            case "chunksize" if is_whole(value) and 1 <= int(value) <= LARGEST_SIZE:
                size = int(value)
            case "startrow" if full_id(value) is not None:
                start_row = full_id(value)
            case "parent" if value:
                continue
            case _:
                raise _invalid(part)
    return Chunking(size, start_row)


def split(org: Org, job: jobs.Job, batch: jobs.Batch) -> list[jobs.Batch]:
    """Add the batches of the chunks to a job; each has the query of the first batch."""
    table, soql = quoted(job["object"]), content.whole(org.database, batch["id"], content.UPLOAD) or b""
    ranges = org.database.rows(
        f"SELECT min(Id) AS first_id, max(Id) AS last_id FROM (SELECT Id, row_number() OVER (ORDER BY Id) - 1 AS n"
        f" FROM {table} WHERE Id >= ?1) GROUP BY n / ?2 ORDER BY first_id",
        (job["start_row"] or "", job["chunk_size"]),
    )
    chunks: list[jobs.Batch] = []
    with org.database.transaction():
        for each in ranges:
            chunk = jobs.new_batch(
                org, job["id"], state=jobs.QUEUED, first_id=each["first_id"], last_id=each["last_id"]
            )
            content.append_rows(org.database, chunk["id"], content.UPLOAD, [soql])
            chunks.append(chunk)
    return chunks


def _invalid(part: str) -> ApiError:
    return api_error("InvalidJob", f"Sforce-Enable-PKChunking is not understood: {part}")
