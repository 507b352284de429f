"""What a simulator says of one of its calls: enough to check it, to document it, and to notice when it is lost.

Both route tables are made of these. The OpenAPI document and the coverage file are read off them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

ParamType = Literal["string", "integer", "boolean", "datetime", "strings", "integers", "json"]
"""`strings` and `integers` are lists in every shape that the vendor takes; `json` is an object written as text."""

Schema = Mapping[str, Any]
"""A JSON Schema."""

Answer = Literal["json", "file"]
"""`json`: the envelope or document of the API. `file`: a text file, with real HTTP statuses when there is none."""


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter of a call. `example` is a value that a call on the seed accepts."""

    name: str
    type: ParamType = "string"
    required: bool = False
    description: str = ""
    example: str | None = None


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Something that the call does and that a client can depend on, beyond success and errors.

    `slug` names it for ever: lower case, words joined by hyphens, one meaning in its simulator. Calls may share it. A
    test that shows it carries `@pytest.mark.behaviour("slug")`.
    """

    slug: str
    text: str


class Endpoint(Protocol):
    """One call, as the route table of either simulator describes it."""

    @property
    def method(self) -> str:
        """The verb."""

    @property
    def path(self) -> str:
        """The path, with `{name}` or `{}` for its variable segments."""

    @property
    def served(self) -> bool:
        """False for a call that the vendor has and the simulator has not."""

    @property
    def params(self) -> tuple[Param, ...]:
        """Parameters in the query or a form."""

    @property
    def schema(self) -> Schema | None:
        """JSON Schema of the body, None for a call without one."""

    @property
    def answer(self) -> Answer:
        """What a successful call answers with."""

    @property
    def errors(self) -> tuple[str, ...]:
        """Codes that the input of this very call can bring about, for the whole call or one record.

        Where the answer is a file, an HTTP status stands for the refusal that has no code (`404`).
        """

    @property
    def behaviours(self) -> tuple[Behaviour, ...]:
        """What else a client can depend on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingCall:
    """An `Endpoint` outside of the route tables: what the gateway itself answers, such as the token call."""

    method: str
    path: str
    params: tuple[Param, ...] = ()
    schema: Schema | None = None
    answer: Answer = "json"
    errors: tuple[str, ...] = ()
    behaviours: tuple[Behaviour, ...] = ()
    served: bool = True


def key(endpoint: Endpoint) -> str:
    """Return the name of a call: verb and path."""
    return f"{endpoint.method} {endpoint.path}"
