"""Generates the Python stubs from the contract: `python proto/generate.py` writes, `--check` only compares.

Plain protoc (of grpcio-tools), no plugin but mypy-protobuf's for typed service stubs. The proto package is chosen so
that the generated imports are right as they are; nothing is rewritten.
"""

from __future__ import annotations

import filecmp
import shutil
import sys
import tempfile
from pathlib import Path

import grpc_tools
from grpc_tools import protoc

PROTO = Path(__file__).parent
GENERATED = PROTO / "gen" / "python"
PACKAGE = Path("actionsync") / "v1"


def generate(target: Path) -> None:
    """Write all generated files below `target`."""
    sources = sorted(str(path.relative_to(PROTO)) for path in (PROTO / PACKAGE).glob("*.proto"))
    plugin = Path(sys.executable).parent / "protoc-gen-mypy_grpc"
    outputs = [f"--{kind}_out={target}" for kind in ("python", "pyi", "grpc_python", "mypy_grpc")]
    well_known = Path(grpc_tools.__file__).parent / "_proto"
    includes = [f"-I{PROTO}", f"-I{well_known}"]
    if protoc.main(["protoc", *includes, f"--plugin=protoc-gen-mypy_grpc={plugin}", *outputs, *sources]) != 0:
        raise SystemExit("protoc failed")
    # Our stubs are typed; without this marker a type checker would ignore them.
    (target / "actionsync" / "py.typed").touch()
    (target / PACKAGE / "__init__.py").write_text('"""The actionsync.v1 contract: generated messages and stubs."""\n')


def stale(fresh: Path) -> list[str]:
    """Name the files that differ between the committed stubs and freshly generated ones."""
    names = {str(p.relative_to(root)) for root in (fresh, GENERATED) for p in root.rglob("*") if p.is_file()}
    kept = sorted(name for name in names if "__pycache__" not in name)
    return [n for n in kept if not _same(fresh / n, GENERATED / n)]


def _same(left: Path, right: Path) -> bool:
    return left.exists() and right.exists() and filecmp.cmp(left, right, shallow=False)


def main() -> None:
    """Run from the command line."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder)
        generate(fresh)
        if "--check" in sys.argv[1:]:
            if names := stale(fresh):
                raise SystemExit("stale generated code, run `make generate`: " + ", ".join(names))
            return
        shutil.rmtree(GENERATED, ignore_errors=True)
        shutil.copytree(fresh, GENERATED)


if __name__ == "__main__":
    main()
