"""Checks docker-compose.yml with the compose client that the lock installs. No engine is needed for that."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def main() -> None:
    """Run `docker-compose config` and pass its verdict on."""
    client = Path(sys.executable).parent / "docker-compose"
    if not client.exists():
        print("no compose client in this environment: docker-compose.yml was not checked")
        return
    subprocess.run([str(client), "-f", str(ROOT / "docker-compose.yml"), "config", "--quiet"], check=True)


if __name__ == "__main__":
    main()
