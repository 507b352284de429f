"""Where to read a feed from: the arithmetic of marks, pure.

A row may become visible up to 10 minutes after the instant it carries, behind rows that were read already. So every
reading goes back 15 minutes before the one before it; rows that were applied are known by their marketoGUID. Going back
costs no extra call: the tokens at which earlier readings ended are kept as marks, and an old one is the place 15
minutes ago. While a flood of changes passes, going back every time would read it ten times over; then most readings go
on from the newest mark, and one every 15 minutes goes back.

    marks   ●────────●────────●───────●        ● = (time, token): all that was visible at that time had been read
            └ go back to here         └ or just go on from here
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from actionsync_server.clock import MINUTE, Micros
from actionsync_server.store.sync_cursors import Cursor, Feed, Mark

OVERLAP: Micros = 15 * MINUTE
#: A reading that went back over more pages than this was expensive.
_CHEAP_PAGES = 5


@dataclass(frozen=True, slots=True)
class LookBack:
    """The last reading that went back: when, and how many pages it took. Kept in memory only."""

    time: Micros
    page_count: int


@dataclass(frozen=True, slots=True)
class Start:
    """Where a reading begins. An empty token means: ask for one at `time`."""

    time: Micros
    token: str
    goes_back: bool


def first_cursor(feed: Feed, now: Micros) -> Cursor:
    """Return the cursor of a feed that was never read: it starts `OVERLAP` before now."""
    return Cursor(feed, (Mark(now - OVERLAP, ""),), None, now, None, None)


def choose_start(cursor: Cursor, *, now: Micros, look_back: LookBack | None) -> Start:
    """Return where to begin a reading: an unfinished one goes on, else by the rule above.

    Without memory of the last reading that went back (after a restart), it is taken to lie one overlap before the
    last poll, which is as far as it can.
    """
    if cursor.progress is not None:
        return Start(cursor.progress.time, cursor.progress.token, goes_back=False)
    newest = cursor.marks[-1]
    expensive = look_back is not None and look_back.page_count > _CHEAP_PAGES
    if look_back is not None and expensive and now - look_back.time < OVERLAP:
        return Start(newest.time, newest.token, goes_back=False)
    if look_back is not None:
        horizon = look_back.time - OVERLAP
    else:
        horizon = (cursor.last_poll_time or newest.time) - 2 * OVERLAP
    return _going_back(cursor, horizon)


def _going_back(cursor: Cursor, horizon: Micros) -> Start:
    reachable = [mark for mark in cursor.marks if mark.time <= horizon]
    mark = reachable[-1] if reachable else cursor.marks[0]
    return Start(mark.time, mark.token, goes_back=True)


def with_token(cursor: Cursor, start: Start, token: str) -> Cursor:
    """Return the cursor with the token of a mark that had none, so that it is asked for once."""
    marks = tuple(Mark(mark.time, token) if mark == Mark(start.time, "") else mark for mark in cursor.marks)
    return replace(cursor, marks=marks)


def finished(cursor: Cursor, *, began: Micros, now: Micros, token: str) -> Cursor:
    """Return the cursor after a reading that began at `began` came to the end of the feed."""
    oldest = began - 3 * OVERLAP  # a reading may go back to two overlaps before a look-back one overlap ago
    kept = [mark for mark in cursor.marks if mark.time > oldest]
    before = [mark for mark in cursor.marks if mark.time <= oldest]
    marks = (*before[-1:], *kept, Mark(began, token))
    return replace(
        cursor, marks=marks, progress=None, cursor_time=max(cursor.cursor_time, began), last_poll_time=now, error=None
    )


def under_way(cursor: Cursor, *, began: Micros, token: str, read_up_to: Micros) -> Cursor:
    """Return the cursor in the middle of a long reading, so that a restart goes on from there."""
    return replace(
        cursor, progress=Mark(began, token), cursor_time=max(cursor.cursor_time, min(read_up_to, began)), error=None
    )
