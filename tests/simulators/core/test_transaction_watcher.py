"""A watcher adds to a transaction what must be committed with it, and learns of what is rolled back."""

from __future__ import annotations

import pytest
from actionsync_simulators.database import Database


class Notebook:
    """Writes its notes into the transaction that is about to commit."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.notes: list[str] = []

    def mark(self) -> int:
        return len(self.notes)

    def undo(self, mark: int) -> None:
        del self.notes[mark:]

    def committing(self) -> None:
        notes, self.notes = self.notes, []
        self.database.executemany("INSERT INTO note VALUES (?)", [(note,) for note in notes])
        if "impossible" in notes:
            raise ValueError("impossible")


@pytest.fixture
def database() -> Database:
    return Database("CREATE TABLE note (text TEXT)")


@pytest.fixture
def notebook(database: Database) -> Notebook:
    database.watcher = notebook = Notebook(database)
    return notebook


def written(database: Database) -> list[str]:
    return [row["text"] for row in database.rows("SELECT text FROM note ORDER BY rowid")]


def note_and_fail(database: Database, notebook: Notebook, note: str, *, late: bool = False) -> None:
    """A transaction that fails: by itself, or (late) only when the watcher is asked."""
    with database.transaction():
        database.execute("INSERT INTO note VALUES ('written')")
        notebook.notes.append(note)
        if not late:
            raise KeyError("rolled back")


def test_notes_are_written_once_when_the_outermost_transaction_commits(database: Database, notebook: Notebook) -> None:
    with database.transaction():
        notebook.notes.append("outer")
        with database.transaction():
            notebook.notes.append("inner")
        assert written(database) == []
    assert written(database) == ["outer", "inner"]
    assert notebook.notes == []


def test_what_is_rolled_back_to_a_savepoint_is_undone(database: Database, notebook: Notebook) -> None:
    with database.transaction():
        notebook.notes.append("kept")
        with pytest.raises(KeyError):
            note_and_fail(database, notebook, "lost")
        notebook.notes.append("kept too")
    assert written(database) == ["kept", "kept too"]


def test_nothing_is_left_of_a_transaction_that_is_rolled_back(database: Database, notebook: Notebook) -> None:
    with pytest.raises(KeyError):
        note_and_fail(database, notebook, "lost")
    assert (written(database), notebook.notes) == ([], [])


def test_a_watcher_that_fails_rolls_everything_back(database: Database, notebook: Notebook) -> None:
    with pytest.raises(ValueError, match="impossible"):
        note_and_fail(database, notebook, "impossible", late=True)
    assert written(database) == []
