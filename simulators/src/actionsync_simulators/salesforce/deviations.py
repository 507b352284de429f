"""Points of Salesforce's API that no public source settles, and that no switch changes."""

from __future__ import annotations

from actionsync_simulators.deviations import Contradiction

CONTRADICTIONS: tuple[Contradiction, ...] = (
    Contradiction(
        "text of the refusal of a task about a lead that also names another record",
        "not documented",
        "FIELD_INTEGRITY_EXCEPTION on WhatId, in our words",
        "status, code and field are what to rely on",
    ),
    Contradiction(
        "text of 401 without any token; spelling of `Bad_OAuth_Token` at userinfo",
        "recorded in several forms",
        "`Session expired or invalid`; `Bad_OAuth_Token`, 403, plain text",
        "the forms that the clients in our tests were written against",
    ),
    Contradiction(
        "gRPC status of each error of a subscription; code for a schema id that is none",
        "the suffix of the error code is documented, the status is not",
        "one table of suffix and status",
        "clients tell errors apart by the code in the trailers",
    ),
    Contradiction(
        "updating a row that never existed; the id of another object in the URL",
        "NOT_FOUND; INVALID_CROSS_REFERENCE_KEY; MALFORMED_ID",
        "404 for the first, 400 or 404 by the kind of id for the second",
        "only the status is documented",
    ),
    Contradiction(
        "order of the fields in event schemas, and whether field-level security changes it",
        "not documented",
        "the order of the object's definition; hidden fields stay in the schema and are never filled",
        "a schema id has to mean one thing for all who hold it",
    ),
    Contradiction(
        "a reminder without a time (`IsReminderSet` true, no `ReminderDateTime`)",
        "refused; stored",
        "stored as given",
        "no source shows a refusal",
    ),
    Contradiction(
        "texts of 414 and 415, wording of JSON_PARSER_ERROR",
        "depend on the release",
        "our words; the parser error tells line and column",
        "code and status are what to rely on",
    ),
    Contradiction(
        "lengths and values of the task's picklists",
        "depend on the edition",
        "those that describe tells",
        "a client has to ask describe in any case",
    ),
    Contradiction(
        "order in which a row is checked",
        "partly documented",
        "unknown fields, access, types, picklists, lengths, references; then required fields, rules, uniqueness",
        "a refusal names the first thing that is wrong, and tests need it to be the same every time",
    ),
    Contradiction(
        "SOAP envelopes that are malformed, of another version or without a known operation",
        "not documented",
        "500 with the fault code soapenv:Client or soapenv:VersionMismatch, in our words",
        "clients look at the exception code, which such a fault has not",
    ),
    Contradiction(
        "statuses of a refused conversion or merge over SOAP: mixed objects, too many losers",
        "not documented",
        "INVALID_CROSS_REFERENCE_KEY for a loser of another object, MERGE_FAILED for no loser or more than two",
        "the documentation lists these codes without saying when they come",
    ),
    Contradiction(
        "how many records a refused tree names",
        "the first; every one",
        "the first in the way, level by level",
        "the reference guide says that the answer has only the record that caused the error",
    ),
    Contradiction(
        "calls in a graph that are not for rows; a reference to a node that comes later",
        "not documented",
        "404 NOT_FOUND for the node; PROCESSING_HALTED, as in a composite call",
        "both make the graph fail, which is what a client sees first",
    ),
    Contradiction(
        "names of the elements in XML answers of REST",
        "documented by samples only",
        "the name of the object for a record, QueryResult, Result, Results, Errors; members as in JSON",
        "those that the samples show",
    ),
    Contradiction(
        "an authorization code challenge without a method",
        "S256 (the vendor's documentation); plain (RFC 7636)",
        "S256",
        "the vendor describes the challenge as a hash",
    ),
    Contradiction(
        "API names of the ten roll-up fields of the sales package",
        "only labels are documented",
        "MSE_ before the label",
        "clients have to be told the names, or find them by label",
    ),
)
"""In no order of importance."""
