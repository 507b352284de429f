"""SOQL as a small compiler: grammar.lark → tree → check → compile.

    text ──parse──▶ tree ──check──▶ plan ──compile──▶ SQL with bound parameters ──query──▶ wire records

`compile_query` is the way in; everything it refuses is a `SoqlError` in the vendor's words.
"""

from actionsync_simulators.salesforce.soql.errors import SoqlError
from actionsync_simulators.salesforce.soql.query import Query, compile_query

__all__ = ["Query", "SoqlError", "compile_query"]
