"""Work done beside the main process, on another core, when the command starts."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable


def possible() -> bool:
    """Tell whether a second process helps: there is a core for it, and a process that can be copied as it is."""
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1 and threading.active_count() == 1


def in_second_process(work: Callable[[], bytes]) -> Callable[[], bytes]:
    """Begin this work in a copy of the process, and return what waits for its result.

    Waiting raises RuntimeError when the work has failed; its traceback is on standard error then.
    """
    reading, writing = os.pipe()
    copy = os.fork()
    if copy == 0:
        _work(work, writing)
    os.close(writing)

    def wait() -> bytes:
        with os.fdopen(reading, "rb") as results:
            result = results.read()
        _, status = os.waitpid(copy, 0)
        if status != 0:
            raise RuntimeError("the second process failed")
        return result

    return wait


def _work(work: Callable[[], bytes], writing: int) -> None:
    """Do the work of the copy. Never returns: nothing of what the process was going to do happens in the copy."""
    status = 1
    try:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        # The ports are the main process's: they are free when it ends, even if the copy still works.
        os.closerange(3, writing)
        os.closerange(writing + 1, os.sysconf("SC_OPEN_MAX"))
        result = work()
        # Nobody reads any more when the main process has ended meanwhile.
        with contextlib.suppress(BrokenPipeError), os.fdopen(writing, "wb") as results:
            results.write(result)
        status = 0
    except BaseException:
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(status)
