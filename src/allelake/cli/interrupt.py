"""Ctrl-C while DuckDB computes: Python sees it only when the query is done, so it is passed on."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def queries_can_be_stopped() -> Iterator[None]:
    """Within the block Ctrl-C stops running queries; Python's KeyboardInterrupt follows."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    # The C library writes the signal's number here at once, whatever the main thread does.
    before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    watcher = threading.Thread(target=_watch, args=(reading,), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        os.close(writing)
        watcher.join()
        os.close(reading)


def _watch(reading: int) -> None:
    from allelake.queries.connect import interrupt_sessions

    while byte := os.read(reading, 1):
        if byte[0] == signal.SIGINT:
            interrupt_sessions()
