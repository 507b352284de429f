"""The search terms of SOSL: parsed, and turned into a condition over the columns of an object.

A word is found where it starts a word of the text (so `acme` finds Acme and Acmeville), a phrase where all its words
follow one another. `*` stands for any letters within a word and `?` for one; other reserved characters are
escaped with a backslash. A single character finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias, cast

from lark import Lark, Token, Transformer, UnexpectedInput, v_args

from actionsync_simulators.salesforce.soql import plan

_PIECE = re.compile(r"\\(.)|(.)", re.DOTALL)
_ANY, _ONE = r"\w*", r"\w"


@dataclass(frozen=True, slots=True)
class Term:
    """One word or phrase: a regular expression, and its first letters for a quick look."""

    pattern: str
    start: str


@dataclass(frozen=True, slots=True)
class AllTerms:
    """Terms that must all be found, and terms of which none may be."""

    found: tuple[Terms, ...]
    absent: tuple[Terms, ...]


@dataclass(frozen=True, slots=True)
class AnyTerm:
    """Terms of which one must be found."""

    terms: tuple[Terms, ...]


Terms: TypeAlias = Term | AllTerms | AnyTerm


def parse_terms(text: str) -> Terms | None:
    """The terms of a search; None when there is nothing to search for. Raises ValueError for a syntax error."""
    if not re.search(r"\w", text):
        return None
    try:
        return cast("Terms", _parser().parse(text))
    except UnexpectedInput as problem:
        raise ValueError(text) from problem


def condition(terms: Terms, columns: Sequence[plan.Column]) -> plan.Condition:
    """Whether the terms are found in a row, each of them in any of the columns."""
    match terms:
        case Term(pattern, start):
            likely = f"%{start}%"
            return plan.AnyOf(tuple(plan.Matches(column, pattern, likely) for column in columns) if pattern else ())
        case AllTerms(found, absent):
            wanted = tuple(condition(term, columns) for term in found)
            return plan.AllOf((*wanted, *(plan.Not(condition(term, columns)) for term in absent)))
        case AnyTerm(alternatives):
            return plan.AnyOf(tuple(condition(term, columns) for term in alternatives))


@cache
def _parser() -> Lark:
    grammar = Path(__file__).with_name("search_terms.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="contextual", transformer=_TermsBuilder())


def _term(written: str, *, whole: bool) -> Term:
    """The term of a word, or of a phrase (`whole`: its last word must end where the text's does)."""
    written = re.sub(r"\*+", "*", written)  # several stars mean what one means, and would search for ages
    words: list[str] = [""]
    letters = 0
    start: str | None = None
    for escaped, plain in _PIECE.findall(written):
        if plain in ("*", "?") and not whole:
            words[-1] += _ANY if plain == "*" else _ONE
            start = start if start is not None else words[0].removesuffix(_ANY).removesuffix(_ONE)
        elif re.match(r"\w", escaped or plain):
            words[-1] += re.escape(escaped or plain)
            letters += 1
        elif words[-1]:
            start = start if start is not None else words[0]
            words.append("")
    if letters < 2:
        return Term("", "")
    start = words[0] if start is None else start
    pattern = r"(?<!\w)" + r"\W+".join(word for word in words if word) + (r"(?!\w)" if whole else "")
    # LIKE knows the case of ASCII letters only; `_` is a wildcard there.
    return Term(pattern, start.replace("_", "\\_") if start.isascii() else "")


@v_args(inline=True)
class _TermsBuilder(Transformer[Token, Terms]):
    """Builds the terms while the parser reduces; one method per rule of the grammar."""

    def start(self, terms: Terms) -> Terms:
        return terms

    def word(self, token: Token) -> Term:
        return _term(str(token), whole=False)

    def phrase(self, token: Token) -> Term:
        return _term(str(token)[1:-1], whole=True)

    def without(self, term: Terms) -> AllTerms:
        return AllTerms((), (term,))

    def all(self, *terms: Terms) -> AllTerms:
        absent = [term.absent[0] for term in terms if isinstance(term, AllTerms) and not term.found]
        found = [term for term in terms if not (isinstance(term, AllTerms) and not term.found)]
        return AllTerms(tuple(found), tuple(absent))

    def either(self, *terms: Terms) -> AnyTerm:
        return AnyTerm(terms)
