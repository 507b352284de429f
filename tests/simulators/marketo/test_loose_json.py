"""JSON as clients of the asset API write it."""

from __future__ import annotations

from typing import Any

import pytest
from actionsync_simulators.marketo.assets.loose_json import read_loose_json


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"id": 13, "type": "Folder"}', {"id": 13, "type": "Folder"}),
        ("{'id': 13, 'type': Folder}", {"id": 13, "type": "Folder"}),
        ("{id:13,type:Folder}", {"id": 13, "type": "Folder"}),
        ("[{'tagType': 'Region', 'tagValue': None}]", [{"tagType": "Region", "tagValue": None}]),
        ("""['it\\'s', "a \\"b\\"", 'a, b']""", ["it's", 'a "b"', "a, b"]),
        ("[1, -2.5, True, false, null, x1]", [1, -2.5, True, False, None, "x1"]),
        ("{}", {}),
        (" [ [] , {'a': {}} ] ", [[], {"a": {}}]),
    ],
)
def test_what_is_read(text: str, value: Any) -> None:
    assert read_loose_json(text) == value


@pytest.mark.parametrize(
    "text", ["", "{", "[1 2]", "{a}", "{a:}", "[1]]", "'", "{'a':1,}", "[,]", "{[]:1}", "[" * 50, "a b"]
)
def test_what_is_not(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_loose_json(text)
