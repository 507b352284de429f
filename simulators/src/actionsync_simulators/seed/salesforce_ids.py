"""Valid Salesforce record ids in their 18-character form: key prefix, org part, serial number, checksum."""

from __future__ import annotations

from collections.abc import Iterator

ORG_PART = "8d000"
"""Characters 4 to 8 of every generated id: the part that tells one org from another."""
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CHECKSUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_CASES = {ord(digit): "1" if digit.isupper() else "0" for digit in DIGITS}
_CHECK_OF = {f"{bits:05b}"[::-1]: character for bits, character in enumerate(CHECKSUM)}
"""Checksum character by the cases of five characters, the first one counting least."""
SERIAL_LENGTH = 7
MAX_SERIAL = 62**SERIAL_LENGTH - 1


def checksum(fifteen: str) -> str:
    """Return the three checksum characters of a 15-character id: a bit for each upper-case letter."""
    cases = fifteen.translate(_CASES)
    return _CHECK_OF[cases[:5]] + _CHECK_OF[cases[5:10]] + _CHECK_OF[cases[10:]]


def salesforce_id(prefix: str, serial: int) -> str:
    """Return the id with this key prefix (three characters) and serial number (1 up)."""
    if len(prefix) != 3:
        raise ValueError(f"{prefix!r} is not a key prefix")
    if not 0 < serial <= MAX_SERIAL:
        raise ValueError(f"serial {serial} is out of range")
    tail = ""
    while serial:
        serial, digit = divmod(serial, 62)
        tail = DIGITS[digit] + tail
    fifteen = prefix + ORG_PART + tail.rjust(SERIAL_LENGTH, "0")
    return fifteen + checksum(fifteen)


def salesforce_ids(prefix: str, *, start: int = 1) -> Iterator[str]:
    """Yield the ids of one key prefix from serial `start` on, several times faster than one by one."""
    serial = start
    while True:
        # The head and two of the three checksum characters are the same for 62**2 serials (but for its
        # lower digits).
        block, offset = divmod(serial, 3844)
        first = salesforce_id(prefix, max(block * 3844, 1))
        head, checks, bits = first[:13], first[15:17], CHECKSUM.index(checksum(first[:13] + "00")[2])
        for tail, tail_bits in _TAILS[offset:]:
            yield head + tail + checks + CHECKSUM[bits | tail_bits]
        serial = (block + 1) * 3844


def serial_of(record_id: str) -> int | None:
    """Return the serial number of an id of this org, or None for an id of another org."""
    if record_id[3:8] != ORG_PART:
        return None
    serial = 0
    for digit in record_id[8:15]:
        serial = serial * 62 + DIGITS.index(digit)
    return serial


def is_salesforce_id(text: str) -> bool:
    """Tell whether the text is a well-formed id: 15 characters, or 18 with the right checksum."""
    if len(text) not in (15, 18) or not text.isascii() or not text.isalnum():
        return False
    return len(text) == 15 or checksum(text[:15]) == text[15:]


def eighteen(text: str) -> str:
    """Return the 18-character form of a well-formed id."""
    return text if len(text) == 18 else text + checksum(text)


_CAPITALS = [int(digit.isupper()) for digit in DIGITS]
_TAILS = [
    (first + second, capital << 3 | other << 4)
    for first, capital in zip(DIGITS, _CAPITALS, strict=True)
    for second, other in zip(DIGITS, _CAPITALS, strict=True)
]
"""The last two characters in order, with the bits that their capitals set in the checksum."""
