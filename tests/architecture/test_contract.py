"""What the contract itself proves: nobody edits people, any team can generate it, errors are documented."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from actionsync.v1.error_reason_pb2 import ErrorReason
from actionsync_server.model.directory import Role
from actionsync_server.rpc.methods import FILES, METHODS, Method
from actionsync_server.rpc.permissions import ALLOWED, is_allowed
from google.protobuf.descriptor_pb2 import MethodOptions

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "server" / "src" / "actionsync_server"
PERSON = "actionsync.v1.Person"
EXAMPLE = re.compile(r"Example: ([A-Z_]+) (\{.*?\})")


def _reachable(message: Any) -> Iterator[Any]:
    """The message and every message inside it."""
    seen: set[str] = set()
    waiting = [message]
    while waiting:
        one = waiting.pop()
        if one.full_name not in seen:
            seen.add(one.full_name)
            yield one
            waiting += [field.message_type for field in one.fields if field.message_type is not None]


def _changes_something(method: Method) -> bool:
    service = next(f.services_by_name[s] for f in FILES for s in f.services_by_name if method.service.endswith(f".{s}"))
    level = service.methods_by_name[method.name].GetOptions().idempotency_level
    return bool(level != MethodOptions.IdempotencyLevel.NO_SIDE_EFFECTS)


def _person_changing_methods(*roles: Role) -> list[str]:
    """Methods of these roles that could create or edit a person: they take one in, or change something and give one."""
    found = []
    for method in METHODS.values():
        if not any(is_allowed(role, method.path) for role in roles):
            continue
        takes = any(one.full_name == PERSON for one in _reachable(method.request_type.DESCRIPTOR))
        gives = any(one.full_name == PERSON for one in _reachable(method.response_type.DESCRIPTOR))
        named = re.match(r"(Create|Update|Upsert|Set|Import|Merge|Edit|Add|Put|Replace).*Persons?$", method.name)
        if takes or named or (gives and _changes_something(method)):
            found.append(method.name)
    return found


def test_scenario_08a_users_and_back_ends_can_neither_create_nor_edit_a_person() -> None:
    assert _person_changing_methods(Role.USER, Role.SERVICE) == []


def test_scenario_08b_admins_and_operators_can_neither_create_nor_edit_a_person() -> None:
    assert _person_changing_methods(Role.ADMIN, Role.OPERATOR) == []


def test_scenario_08_the_contract_and_the_readme_say_where_people_are_edited(comments: dict[str, str]) -> None:
    readme = " ".join((ROOT / "server" / "README.md").read_text().split())
    for text in (comments["actionsync.v1.PersonSync"], readme):
        assert "edit the person in Salesforce or in Marketo" in text


def test_the_proof_looks_at_something() -> None:
    """The search above finds people where they are, so that its empty result means something."""
    listing = METHODS["/actionsync.v1.PersonSync/ListPersons"]
    assert PERSON in {one.full_name for one in _reachable(listing.response_type.DESCRIPTOR)}
    assert not _changes_something(listing)
    assert _changes_something(METHODS["/actionsync.v1.PersonSync/ErasePerson"])


def test_the_contract_imports_nothing_but_well_known_types() -> None:
    foreign = {
        dependency.name
        for file in FILES
        for dependency in file.dependencies
        if not dependency.name.startswith(("actionsync/v1/", "google/protobuf/"))
    }
    assert foreign == set()


def test_every_method_has_its_roles_and_no_role_too_many() -> None:
    assert list(ALLOWED) == list(METHODS)
    for path, roles in ALLOWED.items():
        assert roles, path
        # Operators see no data of any instance, and nobody else makes instances.
        assert (Role.OPERATOR in roles) == path.endswith(("/CreateInstance", "/ListInstances"))
        assert Role.OPERATOR not in roles or roles == {Role.OPERATOR}
        # Whatever a user may do, a back end and an admin may do too.
        assert Role.USER not in roles or {Role.ADMIN, Role.SERVICE} <= roles


@pytest.mark.parametrize("name", list(ErrorReason.keys())[1:])
def test_every_error_reason_has_an_example(comments: dict[str, str], name: str) -> None:
    comment = comments[f"actionsync.v1.ErrorReason.{name}"]
    examples = EXAMPLE.findall(comment)
    assert len(examples) == 1, comment
    code, metadata = examples[0]
    assert code in grpc.StatusCode.__members__
    keys = list(json.loads(metadata))
    assert all(re.fullmatch(r"[a-z][A-Za-z]*", key) for key in keys), keys


def test_every_reason_that_is_raised_is_in_the_contract() -> None:
    written = re.compile(r"""\b(?:default_)?reason(?:: str)?\s*=\s*["']([A-Z_]+)["']""")
    raised = {reason for path in SOURCES.rglob("*.py") for reason in written.findall(path.read_text())}
    assert {"RESOURCE_NOT_FOUND", "INVALID_FIELD", "SYSTEM_REFUSED"} <= raised
    assert {f"ERROR_REASON_{reason}" for reason in raised} <= set(ErrorReason.keys())
