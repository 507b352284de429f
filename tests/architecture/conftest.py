"""What the architecture tests share: the comments of the contract."""

from __future__ import annotations

import pytest
from architecture.contract_comments import read_comments


@pytest.fixture(scope="session")
def comments(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return read_comments(tmp_path_factory.mktemp("contract"))
