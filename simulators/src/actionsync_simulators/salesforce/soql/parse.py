"""From query text to syntax tree: the LALR parser built from grammar.lark, and its syntax errors.

The parser is built once per process, on first use. Trees of short queries are kept, since clients repeat them.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Any, cast

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedInput, UnexpectedToken, v_args

from actionsync_simulators.salesforce.soql import tree
from actionsync_simulators.salesforce.soql.errors import MALFORMED_QUERY, MALFORMED_SEARCH, SoqlError

MAX_QUERY_LENGTH = 100_000
"""Characters in one query."""

CACHED_QUERY_LENGTH = 4_000
"""Longer texts (lists of ids) are rarely sent twice; their trees are not kept."""


def parse(text: str) -> tree.Statement:
    """The tree of a SOQL query. Raises SoqlError (MALFORMED_QUERY) for what the grammar does not accept."""
    if not text.strip():
        raise SoqlError(MALFORMED_QUERY, "SOQL statements cannot be empty or null")
    if len(text) > MAX_QUERY_LENGTH:
        raise SoqlError(MALFORMED_QUERY, f"SOQL statements cannot be longer than {MAX_QUERY_LENGTH} characters.")
    return _parse_and_keep(text) if len(text) <= CACHED_QUERY_LENGTH else _parse(text)


def parse_search(text: str) -> tree.Search:
    """The tree of a SOSL search. Raises SoqlError (MALFORMED_SEARCH) for what the grammar does not accept."""
    try:
        return cast("tree.Search", parser().parse(text, start="search"))
    except UnexpectedInput as problem:
        if isinstance(problem, UnexpectedToken) and "BRACED" in problem.expected:
            raise no_search_term() from None
        error = _syntax_error(text, problem)
        raise SoqlError(MALFORMED_SEARCH, error.message) from None


def no_search_term() -> SoqlError:
    """The refusal of a search without anything to search for."""
    return SoqlError(MALFORMED_SEARCH, "No search term found. The search term must be enclosed in braces.")


def _parse(text: str) -> tree.Statement:
    try:
        return cast("tree.Statement", parser().parse(text, start="start"))
    except UnexpectedInput as problem:
        raise _syntax_error(text, problem) from None


_parse_and_keep = lru_cache(maxsize=512)(_parse)


@cache
def parser() -> Lark:
    """The parser; the first call builds its tables."""
    grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, start=["start", "search"], parser="lalr", lexer="contextual", transformer=_TreeBuilder())


def _syntax_error(text: str, problem: UnexpectedInput) -> SoqlError:
    if isinstance(problem, UnexpectedCharacters):
        at = problem.pos_in_stream or 0
        if text[at] == "'":
            return SoqlError.at_character(text, len(text), "mismatched character '<EOF>' expecting '''")
        return SoqlError.at_character(text, at, f"no viable alternative at character '{text[at]}'")
    assert isinstance(problem, UnexpectedToken)
    token = problem.token
    if token.type == "$END":
        return SoqlError.at(text, len(text), MALFORMED_QUERY, "unexpected token: '<EOF>'")
    at = token.start_pos or 0
    if not text[:at].strip():
        return SoqlError(MALFORMED_QUERY, f"unexpected token: {token}")
    if token.type == "BIND":
        return _bind_variable(text, at)
    return SoqlError.at(text, at, MALFORMED_QUERY, f"unexpected token: '{token}'")


def _bind_variable(text: str, at: int) -> SoqlError:
    return SoqlError.at(text, at, MALFORMED_QUERY, "Bind variables only allowed in Apex code")


@v_args(inline=True)
class _TreeBuilder(Transformer[Token, tree.Statement | tree.Search]):
    """Builds the dataclasses of `tree` while the parser reduces; one method per rule of the grammar."""

    def start(self, query: tree.Statement) -> tree.Statement:
        return query

    def query(
        self,
        select: tuple[tree.SelectItem, ...],
        source: Token,
        alias: tree.Name | None,
        parents: tuple[tree.NamedParent, ...],
        scope: tree.Name | None,
        where: tree.Condition | None,
        access_mode: str | None,
        grouping: tree.Grouping | None,
        order: tuple[tree.Ordering, ...],
        limit: Token | None,
        offset: Token | None,
        purposes: tuple[str, ...],
        all_rows: bool,
    ) -> tree.Statement:
        first = select[0]
        return tree.Statement(
            at=first.expression.at if isinstance(first, tree.Selection) else first.at,
            select=select,
            source=_name(source),
            alias=alias,
            parents=parents,
            scope=scope,
            where=where,
            access_mode=access_mode,
            grouping=grouping,
            order=order,
            limit=None if limit is None else int(limit),
            offset=None if offset is None else int(offset),
            offset_at=0 if offset is None else offset.start_pos or 0,
            purposes=purposes,
            all_rows=all_rows,
        )

    def select_list(self, *items: tree.SelectItem) -> tuple[Any, ...]:
        return items

    selection = tree.Selection

    def type_of(self, path: tree.Path, *variants: tree.Variant) -> tree.TypeOf:
        return tree.TypeOf(path, variants)

    def variant(self, name: Token, *fields: tree.Path) -> tree.Variant:
        return tree.Variant(_name(name), fields)

    def otherwise(self, *fields: tree.Path) -> tree.Variant:
        return tree.Variant(None, fields)

    def alias(self, name: Token | None = None) -> tree.Name | None:
        return None if name is None else _name(name)

    scope = alias

    def parents(self, *parents: tree.NamedParent) -> tuple[tree.NamedParent, ...]:
        return parents

    def named_parent(self, path: tree.Path, alias: Token) -> tree.NamedParent:
        return tree.NamedParent(path, _name(alias))

    def search(
        self,
        braced: Token,
        group: str,
        returning: tuple[tree.Statement, ...],
        access_mode: str | None,
        limit: Token | None,
        _tracking: None,
    ) -> tree.Search:
        at = (braced.start_pos or 0) + 1
        return tree.Search(str(braced)[1:-1], at, group, returning, None if limit is None else int(limit))

    def search_group(self, word: Token | None = None) -> str:
        return "ALL" if word is None else word.upper()

    def returning(self, *objects: tree.Statement) -> tuple[tree.Statement, ...]:
        return objects

    def returned(self, source: Token, *parts: Any) -> tree.Statement:
        items, where, order, limit, offset = parts or (None, None, (), None, None)
        if items is None:
            items = (tree.Path((tree.Name("Id", source.start_pos or 0),)),)
        selected = tuple(tree.Selection(item, None) for item in items)
        return self.query(selected, source, None, (), None, where, None, None, order, limit, offset, (), False)

    def tracking(self) -> None:
        return None

    def path(self, *names: Token) -> tree.Path:
        return tree.Path(tuple(_name(name) for name in names))

    def call(self, name: Token, argument: tree.Expression | None = None) -> tree.Call:
        return tree.Call(_name(name), argument)

    def where(self, condition: tree.Condition | None = None) -> tree.Condition | None:
        return condition

    having = where

    def access(self, mode: Token | None = None) -> str | None:
        return None if mode is None else mode.upper()

    def grouping(
        self, items: tuple[Any, ...] | None = None, having: tree.Condition | None = None
    ) -> tree.Grouping | None:
        if items is None:
            return None
        if isinstance(items[0], Token):
            return tree.Grouping(items[1], having, subtotals=items[0].upper())
        return tree.Grouping(items, having)

    def subtotals(self, word: Token, items: tuple[tree.Expression, ...]) -> tuple[Any, ...]:
        return word, items

    def expressions(self, *items: tree.Expression) -> tuple[tree.Expression, ...]:
        return items

    def ordering(self, *items: tree.Ordering) -> tuple[tree.Ordering, ...]:
        return items

    order_item = tree.Ordering

    def direction(self, word: Token | None = None) -> bool:
        return word is not None and word.upper() == "DESC"

    def nulls(self, place: Token | None = None) -> bool:
        return place is not None and place.upper() == "LAST"

    def limit(self, count: Token | None = None) -> Token | None:
        return count

    offset = limit

    def purposes(self, *purposes: Token) -> tuple[str, ...]:
        return tuple(purpose.upper() for purpose in purposes)

    def all_rows(self, words: Token | None = None) -> bool:
        return words is not None

    def conjunction(self, *terms: tree.Condition) -> tree.And:
        return tree.And(terms)

    def disjunction(self, *terms: tree.Condition) -> tree.Or:
        return tree.Or(terms)

    def negation(self, term: tree.Condition) -> tree.Not:
        return tree.Not(term)

    def comparison(self, left: tree.Expression, operator: Token, value: tree.Literal) -> tree.Comparison:
        written = operator.upper()
        return tree.Comparison(left, "!=" if written == "<>" else written, value)

    def member(self, left: tree.Expression, *values: tree.Literal) -> tree.Membership:
        return tree.Membership(left, values, negated=False)

    def non_member(self, left: tree.Expression, *values: tree.Literal) -> tree.Membership:
        return tree.Membership(left, values, negated=True)

    def semi_join(self, left: tree.Expression, query: tree.Statement) -> tree.SemiJoin:
        return tree.SemiJoin(left, query, negated=False)

    def anti_join(self, left: tree.Expression, query: tree.Statement) -> tree.SemiJoin:
        return tree.SemiJoin(left, query, negated=True)

    def includes(self, left: tree.Expression, *values: tree.Literal) -> tree.Inclusion:
        return tree.Inclusion(left, values, negated=False)

    def excludes(self, left: tree.Expression, *values: tree.Literal) -> tree.Inclusion:
        return tree.Inclusion(left, values, negated=True)

    def literal(self, token: Token) -> tree.Literal:
        return tree.Literal(cast("tree.LiteralKind", token.type.lower()), str(token), token.start_pos or 0)


def _name(token: Token) -> tree.Name:
    return tree.Name(str(token), token.start_pos or 0)
