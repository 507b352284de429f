"""How a query is refused: the vendor's error code, and its message with a picture of the place.

<newline>
SELECT Bacon__c FROM Account LIMIT 2
       ^
ERROR at Row:1:Column:8
No such column 'Bacon__c' on entity 'Account'. …
"""

from __future__ import annotations

INVALID_FIELD = "INVALID_FIELD"
INVALID_TYPE = "INVALID_TYPE"
MALFORMED_QUERY = "MALFORMED_QUERY"
MALFORMED_SEARCH = "MALFORMED_SEARCH"
INVALID_QUERY_FILTER_OPERATOR = "INVALID_QUERY_FILTER_OPERATOR"
NUMBER_OUTSIDE_VALID_RANGE = "NUMBER_OUTSIDE_VALID_RANGE"
EXCEEDED_ID_LIMIT = "EXCEEDED_ID_LIMIT"
QUERY_TOO_COMPLICATED = "QUERY_TOO_COMPLICATED"

WINDOW = 40
"""At most so many characters of the row are shown on each side of the place, in whole words."""

SEE_DESCRIBE = "Please reference your WSDL or the describe call for the appropriate names."


class SoqlError(Exception):
    """A query the platform refuses (HTTP 400); `message` is complete, with the picture where there is one."""

    def __init__(self, error_code: str, message: str) -> None:
        super().__init__(message)
        self.error_code = error_code
        self.message = message

    @classmethod
    def at(cls, text: str, offset: int, error_code: str, reason: str) -> SoqlError:
        """An error at an offset of the query text (0 to its length)."""
        row, column, line = _locate(text, offset)
        return cls(error_code, _picture(line, column, row, column + 1, reason))

    @classmethod
    def at_character(cls, text: str, offset: int, reason: str) -> SoqlError:
        """An error of the lexer, which counts columns from 0 and points one to the left of the culprit."""
        row, column, line = _locate(text, offset)
        detail = f"line {row}:{column} {reason}"
        return cls(MALFORMED_QUERY, _picture(line, max(column - 1, 0), row, column, detail))


def no_such_column(field: str, entity: str) -> str:
    """The reason given for a field that does not exist, or that the user may not see."""
    return (
        f"No such column '{field}' on entity '{entity}'. If you are attempting to use a custom field, be sure"
        f" to append the '__c' after the custom field name. {SEE_DESCRIBE}"
    )


def unknown_parent(relationship: str) -> str:
    """The reason given for a path through a parent relationship that does not exist."""
    return (
        f"Didn't understand relationship '{relationship}' in field path. If you are attempting to use a custom"
        f" relationship, be sure to append the '__r' after the custom relationship name. {SEE_DESCRIBE}"
    )


def unknown_children(relationship: str) -> str:
    """The reason given for a child query over a relationship that does not exist."""
    return (
        f"Didn't understand relationship '{relationship}' in FROM part of query call. If you are attempting to"
        " use a custom relationship, be sure to append the '__r' after the custom relationship name."
        f" {SEE_DESCRIBE}"
    )


def unsupported_object(name: str) -> str:
    """The reason given for an object that does not exist."""
    return (
        f"sObject type '{name}' is not supported. If you are attempting to use a custom object, be sure to"
        f" append the '__c' after the entity name. {SEE_DESCRIBE}"
    )


def _locate(text: str, offset: int) -> tuple[int, int, str]:
    """Row (from 1), column (from 0) and the text of the row."""
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    return text.count("\n", 0, offset) + 1, offset - start, text[start : len(text) if end < 0 else end]


def _picture(line: str, caret: int, row: int, column: int, reason: str) -> str:
    start, end = 0, len(line)
    if caret > WINDOW:
        start = line.find(" ", caret - WINDOW, caret) + 1 or caret - WINDOW
    if end - caret > WINDOW:
        end = line.rfind(" ", caret + 1, caret + WINDOW)
        end = caret + WINDOW if end < 0 else end
    return f"\n{line[start:end]}\n{' ' * (caret - start)}^\nERROR at Row:{row}:Column:{column}\n{reason}"
