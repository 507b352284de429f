"""The kinds of columns that there are.

Instants are INTEGER microseconds, enums INTEGER numbers of the contract, booleans 0 or 1, documents JSON TEXT.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, MetaData, Text

metadata = MetaData()


def text(name: str, *, key: bool = False) -> Column[str]:
    """Return a text column; empty rather than null."""
    return Column(name, Text, primary_key=key, nullable=False)


def integer(name: str, *, key: bool = False, nullable: bool = False) -> Column[int]:
    """Return a column of whole numbers of 64 bits."""
    return Column(name, BigInteger, primary_key=key, nullable=nullable, autoincrement=False)
