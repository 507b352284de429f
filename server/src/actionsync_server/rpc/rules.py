"""The kinds of limit an input field can have. Each tells what is wrong with a value, and how the contract words it.

`sentence` is what stands after "Limit:" in the field's comment; "" where the comment says nothing. A test compares.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

#: A descriptor from protobuf. Each of its runtimes has classes of its own, and the stubs name all of them at once.
Described = Any

#: Seconds of the instants that a Timestamp can hold from 1970 on.
_LAST_SECOND = 253_402_300_799


class Rule(Protocol):
    """What a field may hold."""

    @property
    def sentence(self) -> str:
        """The words of the contract's comment."""
        ...

    def problem(self, value: Any, descriptor: Described) -> str:
        """Return what is wrong with a value that is set, and what would be right; "" when nothing is."""
        ...


@dataclass(frozen=True, slots=True)
class Form:
    """How a text must look, beyond its length."""

    description: str  # completes "must be …"
    matches: Callable[[str], bool]
    noun: str = "characters"


@dataclass(frozen=True, slots=True)
class Text:
    """Characters (code points, not bytes). An empty text passes if `least` is 0, whatever the form."""

    least: int
    most: int
    form: Form | None = None

    @property
    def sentence(self) -> str:
        """The words of the contract's comment."""
        noun = self.form.noun if self.form is not None else "characters"
        if self.least == self.most:
            return f"{self.most} {noun}"
        return f"up to {self.most} {noun}" if self.least == 0 else f"{self.least} to {self.most} {noun}"

    def problem(self, value: str, descriptor: Described) -> str:
        """Return what is wrong. The value itself is never repeated: it may be an address."""
        if not self.least <= len(value) <= self.most:
            return f"has {len(value)} characters; allowed: {self.sentence}"
        if "\0" in value:
            return "must not contain the NUL character"
        if value and self.form is not None and not self.form.matches(value):
            return f"must be {self.form.description}"
        return ""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number."""

    least: int
    most: int | None = None

    @property
    def sentence(self) -> str:
        """The words of the contract's comment."""
        return f"{self.least} or more" if self.most is None else f"{self.least} to {self.most}"

    def problem(self, value: int, descriptor: Described) -> str:
        """Return what is wrong."""
        fits = self.least <= value and (self.most is None or value <= self.most)
        return "" if fits else f"is {value}; allowed: {self.sentence}"


@dataclass(frozen=True, slots=True)
class Named:
    """An enum value that this release knows; with `required` not the unspecified one. `without` are never input."""

    required: bool = False
    without: frozenset[str] = frozenset()

    @property
    def sentence(self) -> str:
        """The words of the contract's comment."""
        return "a named value" if self.required else ""

    def problem(self, value: int, descriptor: Described) -> str:
        """Return what is wrong."""
        kind = descriptor.enum_type
        known = kind.values_by_number.get(value)
        if known is None:
            return f"is {value}, which is no value of {kind.name} in this release"
        if value == 0 and self.required:
            return f"must be a named value of {kind.name}"
        return f"must not be {known.name}" if known.name in self.without else ""


@dataclass(frozen=True, slots=True)
class Instant:
    """A Timestamp from 1970 on."""

    required: bool = False

    @property
    def sentence(self) -> str:
        """The words of the contract's comment."""
        return "required" if self.required else ""

    def problem(self, value: Any, descriptor: Described) -> str:
        """Return what is wrong."""
        fits = 0 <= value.seconds <= _LAST_SECOND and 0 <= value.nanos <= 999_999_999
        return "" if fits else "must be an instant from 1970-01-01T00:00:00Z to the end of the year 9999"


@dataclass(frozen=True, slots=True)
class Span:
    """A Duration, in seconds."""

    least: int
    most: int

    @property
    def sentence(self) -> str:
        """The words of the contract's comment."""
        return f"{self.least} s to {self.most} s"

    def problem(self, value: Any, descriptor: Described) -> str:
        """Return what is wrong."""
        if not -999_999_999 <= value.nanos <= 999_999_999 or value.seconds * value.nanos < 0:
            return "is not a valid duration"
        whole = value.seconds + value.nanos / 1_000_000_000
        return "" if self.least <= whole <= self.most else f"is {whole:g} s; allowed: {self.sentence}"


@dataclass(frozen=True, slots=True)
class Flag:
    """A boolean. `choice`: a member of a oneof that says something only by being true."""

    choice: bool = False

    @property
    def sentence(self) -> str:
        """The words of the contract's comment."""
        return ""

    def problem(self, value: bool, descriptor: Described) -> str:
        """Return what is wrong."""
        return "must be true, or left unset" if self.choice and not value else ""


@dataclass(frozen=True, slots=True)
class Nested:
    """A message with rules of its own. `masked_by` names the Mask beside it: then only what it names is checked.

    `always` are the members that are checked besides, whatever the mask says, with the rules they have there.
    """

    required: bool = False
    masked_by: str = ""
    always: Mapping[str, Rule] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The words of the contract's comment."""
        return "required" if self.required else ""

    def problem(self, value: Any, descriptor: Described) -> str:
        """Return nothing: validation walks into the message."""
        return ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list: how many, and the rule of each."""

    least: int
    most: int
    each: Rule

    @property
    def sentence(self) -> str:
        """The words of the contract's comment."""
        count = f"up to {self.most} items" if self.least == 0 else f"{self.least} to {self.most} items"
        return f"{count}, each {self.each.sentence}" if isinstance(self.each, Text) else count

    def problem(self, value: Any, descriptor: Described) -> str:
        """Return what is wrong with the count; validation asks `each` for the items."""
        return "" if self.least <= len(value) <= self.most else f"has {len(value)} items; allowed: {self.sentence}"


@dataclass(frozen=True, slots=True)
class Mask:
    """A required FieldMask over the sibling field `of`; `only` narrows the paths, `never` takes some out."""

    of: str
    only: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()

    @property
    def sentence(self) -> str:
        """The words of the contract's comment."""
        return "required"

    def problem(self, value: Any, descriptor: Described) -> str:
        """Return what is wrong, but for paths that do not exist: validation knows the message."""
        if not value.paths:
            return "must name at least one field"
        refused = [path for path in value.paths if path in self.never or (self.only and path not in self.only)]
        return f"cannot name {refused[0][:100]!r}" if refused else ""


@dataclass(frozen=True, slots=True)
class OneOf:
    """A oneof: which of its members is set is not our matter, only whether one is."""

    required: bool = False

    @property
    def sentence(self) -> str:
        """The words of the contract's comment."""
        return "required" if self.required else ""

    def problem(self, value: Any, descriptor: Described) -> str:
        """Return nothing: validation looks at the oneof itself."""
        return ""


@dataclass(frozen=True, slots=True)
class Ignored:
    """An output-only field inside an input message: whatever the caller put there counts for nothing."""

    @property
    def sentence(self) -> str:
        """The words of the contract's comment."""
        return ""

    def problem(self, value: Any, descriptor: Described) -> str:
        """Return nothing."""
        return ""
