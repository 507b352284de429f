"""The advanced rule of a smart list: `1 and (2 or 3)`. Numbers are filters, counted from 1."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

LONGEST = 1_000
DEEPEST = 20
Word = Literal["and", "or"]
_WORD = re.compile(r"\s*(\d+|and\b|or\b|\(|\))", re.IGNORECASE)


class RuleError(ValueError):
    """A rule that cannot be read."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Parts of a rule joined by one word."""

    word: Word
    parts: tuple[Rule, ...]


Rule = int | Joined


def joined(word: Word, count: int) -> Rule:
    """Return the rule that joins so many filters by one word."""
    return 1 if count == 1 else Joined(word, tuple(range(1, count + 1)))


def parse_rule(text: str, *, filters: int) -> Rule:
    """Read a rule over so many filters. RuleError when it is none.

    `and` and `or` may not be mixed without parentheses, and every filter must be used.
    """
    if len(text) > LONGEST:
        raise RuleError(f"longer than {LONGEST} characters")
    words = _words(text)
    rule = _Parser(words).whole()
    used = {int(piece) for piece in words if piece.isdecimal()}
    unknown = sorted(used - set(range(1, filters + 1)))
    if unknown:
        raise RuleError(f"there is no filter {unknown[0]}")
    unused = sorted(set(range(1, filters + 1)) - used)
    if unused:
        raise RuleError(f"filter {unused[0]} is not used")
    return rule


def _words(text: str) -> list[str]:
    words, at = [], 0
    end = len(text.rstrip())
    while at < end:
        match = _WORD.match(text, at)
        if match is None:
            raise RuleError(f"not a rule at {text[at:].strip()[:20]!r}")
        words.append(match[1].lower())
        at = match.end()
    return words


class _Parser:
    def __init__(self, words: list[str]) -> None:
        self._words = [*words, ""]
        self._at = 0

    def whole(self) -> Rule:
        rule = self._expression(depth=0)
        if self._words[self._at]:
            raise RuleError(f"{self._words[self._at]!r} was not expected")
        return rule

    def _expression(self, *, depth: int) -> Rule:
        if depth > DEEPEST:
            raise RuleError(f"more than {DEEPEST} parentheses inside each other")
        parts = [self._part(depth=depth)]
        word = ""
        while self._words[self._at] in ("and", "or"):
            following = self._take()
            if word and following != word:
                raise RuleError("'and' and 'or' are mixed without parentheses")
            word = following
            parts.append(self._part(depth=depth))
        if len(parts) == 1:
            return parts[0]
        return Joined("and" if word == "and" else "or", tuple(parts))

    def _part(self, *, depth: int) -> Rule:
        piece = self._take()
        if piece.isdecimal():
            return int(piece)
        if piece != "(":
            raise RuleError(f"a filter number or a parenthesis was expected, not {piece or 'the end'!r}")
        inside = self._expression(depth=depth + 1)
        if self._take() != ")":
            raise RuleError("a parenthesis is not closed")
        return inside

    def _take(self) -> str:
        piece = self._words[self._at]
        if piece:
            self._at += 1
        return piece
