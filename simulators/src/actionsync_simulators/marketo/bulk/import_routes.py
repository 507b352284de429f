"""The calls of bulk import."""

from __future__ import annotations

from actionsync_simulators.endpoint import Behaviour, Param
from actionsync_simulators.marketo.bulk import import_calls
from actionsync_simulators.marketo.gateway.route import WRITE_LEAD, Route, get, post

BATCH = "/bulk/v1/leads/batch/{batchId}"
BATCH_ID = Param("batchId", "integer", required=True, description="id of an import of the last seven days")

ROUTES: tuple[Route, ...] = (
    post(
        "/bulk/v1/leads.json",
        WRITE_LEAD,
        import_calls.create,
        body="multipart",
        params=(
            Param("format", description="csv (the default), tsv or ssv, in any case", example="csv"),
            Param("lookupField", description="field that leads are matched by; with id they are only updated"),
            Param("listId", "integer", description="static list that the imported leads are put on", example="1003"),
            Param("partitionName", description="partition that new leads go to"),
        ),
        schema={
            "type": "object",
            "properties": {"file": {"type": "string", "format": "binary"}},
            "required": ["file"],
        },
        errors=("613", "1001", "1003", "1006", "1008", "1011", "1013", "1016", "1019"),
        behaviours=(
            Behaviour("import-formats", "CSV, TSV and SSV with RFC 4180 quoting; CSV unless told"),
            Behaviour("import-parameters", "parameters stand in the query or in form fields"),
            Behaviour("import-charsets", "UTF-8 unless a byte order mark or the part's charset says otherwise"),
            Behaviour("import-upsert", "rows create and update by the rules of lead sync; `id` only updates"),
            Behaviour("import-activities", "created and changed leads leave activities with the source List import"),
            Behaviour("import-list", "imported leads become members of the list"),
            Behaviour("import-empty-cells", "empty cells leave values alone, the word null clears them; switches"),
            Behaviour("import-two-at-once", "two jobs import at once, ten may be queued"),
        ),
    ),
    get(
        f"{BATCH}.json",
        WRITE_LEAD,
        import_calls.status,
        params=(BATCH_ID,),
        errors=("1001", "1013"),
        behaviours=(
            Behaviour("import-life", "Queued, Importing, Complete or Failed by the clock"),
            Behaviour("import-message", "a finished job says what became of its rows"),
            Behaviour("import-in-between", "where jobs take time, the first poll never sees the end"),
            Behaviour("import-batch-days", "a batch id is known for seven days"),
        ),
    ),
    get(
        f"{BATCH}/failures.json",
        WRITE_LEAD,
        import_calls.failures,
        params=(BATCH_ID,),
        answer="file",
        errors=("1001", "1013"),
        behaviours=(Behaviour("import-failures", "the rows that failed as they were, with the reason behind them"),),
    ),
    get(
        f"{BATCH}/warnings.json",
        WRITE_LEAD,
        import_calls.warnings,
        params=(BATCH_ID,),
        answer="file",
        errors=("1001", "1013"),
        behaviours=(Behaviour("import-warnings", "an email address that is none is stored, with a warning"),),
    ),
)
