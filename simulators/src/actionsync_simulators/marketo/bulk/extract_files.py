"""Files of finished export jobs, kept beside the database and found by their checksum."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile

IN_MEMORY_BYTES = 1 << 20
"""Larger files go to a temporary file."""
READ_BYTES = 256 << 10
SPARE_FILES, SPARE_BYTES = 64, 256 << 20
"""So many files that no job has (any more) are kept for the day a snapshot brings their job back."""


def spool() -> SpooledTemporaryFile[bytes]:
    """Return the empty file that a job writes to; the caller closes it or adds it."""
    return SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)


@dataclass(slots=True)
class ExportFile:
    """The content of a finished job."""

    content: SpooledTemporaryFile[bytes]
    size: int

    def read(self, start: int, length: int) -> Iterator[bytes]:
        """Yield the bytes of a range; several readers may take turns."""
        while length > 0:
            self.content.seek(start)
            chunk = self.content.read(min(READ_BYTES, length))
            if not chunk:
                return
            start, length = start + len(chunk), length - len(chunk)
            yield chunk


class ExportFiles:
    """The files by checksum. They outlive resets, as snapshots do."""

    def __init__(self) -> None:
        self._files: dict[str, ExportFile] = {}

    def add(self, checksum: str, file: ExportFile) -> None:
        """Keep a file; an equal one is replaced."""
        self._drop(checksum)
        self._files[checksum] = file

    def get(self, checksum: str) -> ExportFile | None:
        """Return the file, None when it is not there (any more)."""
        return self._files.get(checksum)

    def tidy(self, needed: Collection[str]) -> None:
        """Free the oldest of the files that are not needed, down to the spare ones."""
        spare = [checksum for checksum in self._files if checksum not in needed]
        size = sum(self._files[checksum].size for checksum in spare)
        for number, checksum in enumerate(spare):
            if len(spare) - number <= SPARE_FILES and size <= SPARE_BYTES:
                return
            size -= self._files[checksum].size
            self._drop(checksum)

    def close(self) -> None:
        """Free all files."""
        for checksum in list(self._files):
            self._drop(checksum)

    def _drop(self, checksum: str) -> None:
        file = self._files.pop(checksum, None)
        if file is not None:
            file.content.close()
