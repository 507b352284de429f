"""Another team's way to the service: the .proto files, plain protoc, an empty folder, and nothing else of ours."""

from __future__ import annotations

import asyncio
import shutil
import sys
import sysconfig
from pathlib import Path

import pytest
from actionsync_server.model.directory import Actor, Role
from harness.world import INSTANCE, open_world

PROTO = Path(__file__).parents[2] / "proto" / "actionsync"

CALLER = """
import sys
import grpc
from actionsync.v1 import person_sync_pb2, person_sync_pb2_grpc

assert person_sync_pb2.__file__.startswith(sys.argv[3]), person_sync_pb2.__file__
with grpc.insecure_channel(sys.argv[1]) as channel:
    stub = person_sync_pb2_grpc.PersonSyncStub(channel)
    metadata = (("authorization", "Bearer " + sys.argv[2]),)
    answer = stub.ListSyncedFields(person_sync_pb2.ListSyncedFieldsRequest(), metadata=metadata, timeout=10)
    print(len(answer.fields))
"""


async def run(*arguments: str, folder: Path) -> str:
    """Run Python with the installed libraries alone: without `site`, our in-place installs do not exist."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-S",
        *arguments,
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"PYTHONPATH": sysconfig.get_path("purelib")},
    )
    output, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    return output.decode()


@pytest.mark.asyncio
async def test_stubs_from_the_contract_alone_reach_the_service(tmp_path: Path) -> None:
    folder = tmp_path / "their-project"
    shutil.copytree(PROTO, folder / "proto" / "actionsync")
    sources = sorted(str(path.relative_to(folder)) for path in (folder / "proto").rglob("*.proto"))
    arguments = ["-m", "grpc_tools.protoc", "-Iproto", "--python_out=.", "--grpc_python_out=.", *sources]
    await run(*arguments, folder=folder)
    (folder / "caller.py").write_text(CALLER)
    async with open_world(tmp_path, people=100) as world:
        token = world.app.token(Actor("them", INSTANCE, Role.SERVICE))
        output = await run("caller.py", world.app.address, token, str(folder), folder=folder)
    assert output.strip() == "13"
