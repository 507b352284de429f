"""JSON as clients of the asset API write it: also with single quotes, and with bare words for texts.

Some build it by hand, `{'id': 13, 'type': Folder}`, or print a list of their own language. The real service takes
these, so they are read here, and nothing looser: brackets, commas and colons stand where JSON has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson

_TOKEN = re.compile(r"""\s*(?:([\[\]{},:])|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s\[\]{},:"']+))""")
_WORDS = {"true": True, "false": False, "null": None, "none": None}
_DEEPEST = 20
_Token = tuple[str, str]
_SIGN, _TEXT, _BARE, _END = "sign", "text", "bare", "end"


def read_loose_json(text: str) -> Any:
    """Return the value of a JSON text, strict or loose; ValueError when it is neither."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        tokens = _tokens(text.strip())
        value = _value(next(tokens), tokens, depth=0)
        if next(tokens)[0] != _END:
            raise ValueError("there is more behind the value") from None
        return value


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"no JSON at character {at}")
        sign, double, single, bare = match.groups()
        if sign is not None:
            yield _SIGN, sign
        elif bare is not None:
            yield _BARE, bare
        else:
            yield _TEXT, re.sub(r"\\(.)", r"\1", double if double is not None else single)
        at = match.end()
    while True:
        yield _END, ""


def _value(token: _Token, tokens: Iterator[_Token], *, depth: int) -> Any:
    if depth > _DEEPEST:
        raise ValueError("too many brackets")
    kind, text = token
    if token == (_SIGN, "{"):
        pairs = _items(tokens, "}", depth=depth)
        return dict(pairs)
    if token == (_SIGN, "["):
        return list(_items(tokens, "]", depth=depth))
    if kind == _TEXT:
        return text
    if kind == _BARE:
        return _bare(text)
    raise ValueError(f"a value was expected, not {text or 'the end'!r}")


def _items(tokens: Iterator[_Token], end: str, *, depth: int) -> Iterator[Any]:
    """Yield the values of a list, or the pairs of an object, up to its closing bracket."""
    token = next(tokens)
    if token == (_SIGN, end):
        return
    while True:
        if end == "}":
            kind, name = token
            if kind not in (_TEXT, _BARE) or next(tokens) != (_SIGN, ":"):
                raise ValueError(f"a name and a colon were expected at {name!r}")
            yield name, _value(next(tokens), tokens, depth=depth + 1)
        else:
            yield _value(token, tokens, depth=depth + 1)
        sign = next(tokens)
        if sign == (_SIGN, end):
            return
        if sign != (_SIGN, ","):
            raise ValueError(f"a comma or {end} was expected, not {sign[1] or 'the end'!r}")
        token = next(tokens)


def _bare(word: str) -> Any:
    """Return a word without quotes: a number, true, false, null, else the text that it is."""
    if word.lower() in _WORDS:
        return _WORDS[word.lower()]
    for read in (int, float):
        try:
            return read(word)
        except ValueError:
            continue
    return word
