"""The parser of export files, whatever the rows hold and wherever the blocks are cut: F11, F14."""

from __future__ import annotations

import csv
import io
import itertools
import tracemalloc
from typing import Any

import pytest
from actionsync_server.systems.marketo.export_csv import DamagedFile, ExportCsv
from hypothesis import example, given
from hypothesis import strategies as st

TEXT = st.text(alphabet=st.sampled_from('ab"\n\r,\t ;日本é\u2028\x85\x0b'), max_size=8)


def parse(content: bytes, cuts: list[int], types: dict[str, str] | None = None) -> list[dict[str, Any]]:
    parser = ExportCsv(types or {})
    rows: list[dict[str, Any]] = []
    edges = [0, *sorted(min(cut, len(content)) for cut in cuts), len(content)]
    for start, end in itertools.pairwise(edges):
        rows += parser.feed(content[start:end])
    rows += parser.finish()
    assert parser.record_count == len(rows)
    return rows


def written(rows: list[list[str]], line_end: str = "\n") -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator=line_end).writerows([["email", "company"], *rows])
    return buffer.getvalue().encode()


@given(
    rows=st.lists(st.lists(TEXT, min_size=2, max_size=2), max_size=6),
    cuts=st.lists(st.integers(0, 200), max_size=12),
    line_end=st.sampled_from(["\n", "\r\n"]),
    whole=st.booleans(),
)
@example(rows=[['say "hi"', "a\nb"], ["x\r\ny", "日本語"]], cuts=[1, 2, 3, 20, 21, 22, 23], line_end="\n", whole=False)
def test_whatever_was_written_is_read(rows: list[list[str]], cuts: list[int], line_end: str, whole: bool) -> None:
    content = written(rows, line_end)
    if not whole:
        content = content.removesuffix(line_end.encode())
    expected = [dict(zip(("email", "company"), row, strict=True)) for row in rows]
    assert parse(content, cuts) == expected


def test_null_is_nothing_and_types_are_those_of_rest() -> None:
    content = (
        b"id,email,isLead,score,ratio,rank,note\n7,null,true,12,0.5,none,true\n8,a@example.com,false,null,null,3,1\n"
    )
    types = {"isLead": "boolean", "score": "score", "ratio": "float", "rank": "integer", "note": "string"}
    assert parse(content, [], types) == [
        {"id": 7, "email": None, "isLead": True, "score": 12, "ratio": 0.5, "rank": "none", "note": "true"},
        {"id": 8, "email": "a@example.com", "isLead": False, "score": None, "ratio": None, "rank": 3, "note": "1"},
    ]


def test_only_the_bare_lower_case_word_is_null() -> None:
    assert parse(b"lastName\nNull\nNULL\nnull\n", []) == [
        {"lastName": "Null"},
        {"lastName": "NULL"},
        {"lastName": None},
    ]


def test_a_file_without_rows() -> None:
    assert parse(b"id,email\n", []) == []
    assert parse(b"id,email", []) == []
    assert parse(b"", []) == []


def test_a_byte_order_mark_is_no_name() -> None:
    assert parse(b"\xef\xbb\xbfid\n1\n", [1, 2, 3]) == [{"id": 1}]


@pytest.mark.parametrize(
    "content",
    [
        b"id,email\n1\n",
        b"id,email\n1,a,b\n",
        b'id,email\n1,"a\n2,b\n',
        b'id,email\n1,"a"b\n',
        b"id,email\n1,\xff\xfe\n",
    ],
)
def test_a_misaligned_file_is_damaged(content: bytes) -> None:
    with pytest.raises(DamagedFile):
        parse(content, [])


def test_a_quote_that_never_closes_does_not_eat_the_memory() -> None:
    parser = ExportCsv({})
    parser.feed(b'id,email\n1,"')
    for _ in range(60):
        parser.feed(b"x" * 65_535 + b"\n")
    with pytest.raises(DamagedFile):
        parser.feed(b"x" * 500_000 + b"\n")


def test_memory_stays_flat() -> None:
    """F14: the parser keeps the record that is not whole, and nothing else."""
    block = b"".join(b'%d,"name ""%d"" of\nsomebody"\n' % (number, number) for number in range(2_000))
    parser = ExportCsv({})
    parser.feed(b"id,email\n")
    parser.feed(block)
    tracemalloc.start()
    try:
        for _ in range(50):
            assert len(parser.feed(block)) == 2_000
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert parser.record_count == 102_000
    assert kept < 2 * len(block)
