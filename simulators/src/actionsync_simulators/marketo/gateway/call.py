"""One API call as an endpoint sees it: method tunnelling undone, every shape of parameter and body made equal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import orjson

from actionsync_simulators.marketo.gateway.errors import ApiError, api_error, invalid_data
from actionsync_simulators.marketo.gateway.multipart import Part
from actionsync_simulators.marketo.gateway.quota import RECORDS_PER_CALL, Limits

FORM_TYPE = "application/x-www-form-urlencoded"
JSON_TYPE = "application/json"

Params = dict[str, list[str]]
T = TypeVar("T")


@dataclass(slots=True)
class Call:
    """A call after routing. `params` is the union of query, form body and (tunnelled) JSON members."""

    method: str
    path: str
    arguments: tuple[str, ...]
    params: Params
    content_type: str
    body: bytes
    request_id: str
    now: datetime
    user: str = ""
    client_id: str = ""
    partitions: frozenset[str] | None = None
    """Partitions the user may reach; None means all."""
    limits: Limits = field(default_factory=Limits)
    """The limits in force."""
    range_header: str | None = None
    parts: list[Part] | None = None
    """The parts of a multipart body, None for another body and a broken one."""
    _json: Any = None

    @property
    def has_json(self) -> bool:
        """True when the call carries a JSON body."""
        return bool(self.body) and self.content_type == JSON_TYPE

    def json_object(self) -> dict[str, Any]:
        """Return the JSON body, `{}` for an empty one; 609 when it does not parse or is no object."""
        if self._json is None:
            self._json = parse_json_object(self.body) if self.has_json else {}
        members: dict[str, Any] = self._json
        return members

    def text(self, name: str) -> str | None:
        """Return a scalar parameter (the last value given), None when absent or blank."""
        values = self.params.get(name)
        value = values[-1].strip() if values else ""
        return value or None

    def required(self, name: str) -> str:
        """Return a scalar parameter; 1002 when absent or blank."""
        value = self.text(name)
        if value is None:
            raise api_error("1002", name)
        return value

    def many(self, name: str) -> list[str]:
        """Return a multi-value parameter: comma lists and repetitions are the same; blanks are dropped."""
        values = self.params.get(name)
        if not values:
            return []
        return [item for value in values for part in value.split(",") if (item := part.strip())]

    def integers(self, name: str) -> list[int]:
        """Return a multi-value parameter of integers; 1001 when one is not."""
        return [as_integer(value) for value in self.many(name)]

    def integer(self, name: str) -> int | None:
        """Return an integer parameter or None; 1001 when it is not one."""
        value = self.text(name)
        return None if value is None else as_integer(value)

    def flag(self, name: str) -> bool | None:
        """Return a boolean parameter in any case (`True`, `false`, `1`), None when absent; 1001 otherwise."""
        value = self.text(name)
        if value is None:
            return None
        if value.lower() in ("true", "1"):
            return True
        if value.lower() in ("false", "0"):
            return False
        raise api_error("1001", value, "boolean")

    def batch_size(self) -> int:
        """Return `batchSize`, 300 by default; 1003 outside of 1 to 300."""
        size, most = self.integer("batchSize"), self.limits.records_per_call
        if size is None:
            return most
        if not 1 <= size <= most:
            raise invalid_data(f"batchSize must be between 1 and {most}")
        return size

    def input_records(self) -> list[dict[str, Any]]:
        """Return `input` of the JSON body: 1 to 300 objects; 1002 when missing or empty, 1003 otherwise wrong."""
        records = self.json_object().get("input")
        if records is None or records == []:
            raise api_error("1002", "input")
        if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
            raise invalid_data("input must be an array of objects")
        return within_limit(records, "input", limit=self.limits.records_per_call)

    def record_ids(self) -> list[int]:
        """Return lead ids given as `id` parameters or as `input:[{"id":1}]`: 1 to 300; 1001, 1002 or 1003."""
        ids: list[int] = self.integers("id")
        if not ids:
            given = self.json_object().get("input")
            if not given:
                raise api_error("1002", "id")
            if not isinstance(given, list):
                raise invalid_data("input must be an array of objects")
            for record in given:
                if not isinstance(record, dict) or record.get("id") is None:
                    raise api_error("1002", "id")
                ids.append(as_integer(record["id"]))
        return within_limit(ids, "id", limit=self.limits.records_per_call)


def within_limit(records: list[T], name: str, *, limit: int = RECORDS_PER_CALL) -> list[T]:
    """Return the records; 1003 when there are more than a call may carry."""
    if len(records) > limit:
        raise invalid_data(f"{name}: {len(records)} values given, at most {limit} allowed")
    return records


def as_integer(value: Any) -> int:
    """Read an integer from JSON or text; 1001 when it is not one."""
    if isinstance(value, bool):
        raise api_error("1001", str(value).lower(), "integer")
    if isinstance(value, int):
        number = value
    else:
        text = str(value).strip()
        if not text.removeprefix("-").isdecimal() or not text.isascii():
            raise api_error("1001", value, "integer")
        number = int(text)
    if not -(2**63) <= number < 2**63:
        raise api_error("1001", value, "integer")
    return number


def parse_json_object(body: bytes) -> dict[str, Any]:
    """Parse a JSON body; 609 when it is not a JSON object."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as problem:
        raise api_error("609") from problem
    if not isinstance(document, dict):
        raise api_error("609")
    return document


def parse_form(data: bytes) -> Params:
    """Parse a query string or form body; repeated keys accumulate. UTF-8, encoded or raw; what is none is replaced."""
    params: Params = {}
    for name, value in parse_qsl(data.decode("utf-8", "replace"), keep_blank_values=True):
        params.setdefault(name, []).append(value)
    return params


def add_params(into: Params, more: Params) -> None:
    """Add the parameters of a body to those of the query; on a scalar conflict the later one, the body's, wins."""
    for name, values in more.items():
        into.setdefault(name, []).extend(values)


def json_params(members: dict[str, Any]) -> Params:
    """Turn the members of a tunnelled JSON body into parameters; nested objects stay in the body."""
    params: Params = {}
    for name, value in members.items():
        values = value if isinstance(value, list) else [value]
        texts = [_text(one) for one in values if isinstance(one, str | int | float | bool)]
        if texts:
            params[name] = texts
    return params


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def skipped(error: ApiError, **members: Any) -> dict[str, Any]:
    """Return the result row of a record that was not processed."""
    return {**members, "status": "skipped", "reasons": [error.as_json()]}


def unique(values: Iterable[T]) -> list[T]:
    """Return the values without repetitions, in order."""
    return list(dict.fromkeys(values))
