"""The comments of the contract, which are part of what is tested."""

from __future__ import annotations

from pathlib import Path

import grpc_tools
from google.protobuf.descriptor_pb2 import DescriptorProto, EnumDescriptorProto, FileDescriptorSet
from grpc_tools import protoc

PROTO = Path(__file__).parents[2] / "proto"


def read_comments(folder: Path) -> dict[str, str]:
    """Return every comment of the contract by the full name of what it describes, read by protoc into `folder`."""
    target = folder / "contract.binpb"
    sources = sorted(str(path.relative_to(PROTO)) for path in (PROTO / "actionsync" / "v1").glob("*.proto"))
    well_known = Path(grpc_tools.__file__).parent / "_proto"
    arguments = ["protoc", f"-I{PROTO}", f"-I{well_known}", "--include_source_info", f"--descriptor_set_out={target}"]
    assert protoc.main([*arguments, *sources]) == 0
    found: dict[str, str] = {}
    for file in FileDescriptorSet.FromString(target.read_bytes()).file:
        names: dict[tuple[int, ...], str] = {}
        for index, message in enumerate(file.message_type):
            _name_message(message, (4, index), file.package, names)
        for index, kind in enumerate(file.enum_type):
            _name_enum(kind, (5, index), file.package, names)
        for index, service in enumerate(file.service):
            names[(6, index)] = f"{file.package}.{service.name}"
            for number, method in enumerate(service.method):
                names[(6, index, 2, number)] = f"{file.package}.{service.name}.{method.name}"
        for location in file.source_code_info.location:
            if tuple(location.path) in names:
                found[names[tuple(location.path)]] = " ".join(location.leading_comments.split())
    return found


def _name_message(
    message: DescriptorProto, path: tuple[int, ...], scope: str, names: dict[tuple[int, ...], str]
) -> None:
    full = f"{scope}.{message.name}"
    names[path] = full
    for index, field in enumerate(message.field):
        names[(*path, 2, index)] = f"{full}.{field.name}"
    for index, oneof in enumerate(message.oneof_decl):
        names[(*path, 8, index)] = f"{full}.{oneof.name}"
    for index, nested in enumerate(message.nested_type):
        _name_message(nested, (*path, 3, index), full, names)
    for index, kind in enumerate(message.enum_type):
        _name_enum(kind, (*path, 4, index), full, names)


def _name_enum(kind: EnumDescriptorProto, path: tuple[int, ...], scope: str, names: dict[tuple[int, ...], str]) -> None:
    full = f"{scope}.{kind.name}"
    names[path] = full
    for index, value in enumerate(kind.value):
        names[(*path, 2, index)] = f"{full}.{value.name}"
