"""A worker process of an ingest: takes tasks from its input and answers each on its output.

Messages are pickled one after another, tasks as bytes that are pickled once more. The driver is the
only other end of both pipes, so the end of the input means that the driver is gone, and the worker
with it.
"""

import os
import pickle
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import BinaryIO

from allelake.errors import AllelakeError
from allelake.ingest.worker_task import Task
from allelake.without_pandas import hide_pandas

_PROGRESS_SECONDS = 0.1


def main() -> None:
    """Works until the input ends."""
    # Ctrl-C reaches the whole foreground group; the driver alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    hide_pandas()
    answers = os.fdopen(os.dup(1), "wb")
    # Whatever a library prints must not get between the answers.
    os.dup2(2, 1)
    tasks: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(sys.stdin.buffer, tasks), daemon=True).start()
    while True:
        if tasks.empty():
            _warm_up()
        # Unpacked here: a task may import NumPy, and two threads that import it at once break it.
        _answer(pickle.loads(tasks.get()), answers)


def _receive(source: BinaryIO, tasks: "queue.SimpleQueue[bytes]") -> None:
    while True:
        try:
            tasks.put(pickle.load(source))
        except EOFError:
            os._exit(0)


def _warm_up() -> None:
    """Imports what reading a part needs, while there is nothing else to do."""
    import allelake.ingest.part  # noqa: F401


def _answer(task: Task, answers: BinaryIO) -> None:
    told = 0.0

    def send(kind: str, content: object) -> None:
        pickle.dump((kind, content), answers, protocol=pickle.HIGHEST_PROTOCOL)
        answers.flush()

    def progress(done: int) -> None:
        nonlocal told
        if time.monotonic() - told >= _PROGRESS_SECONDS:
            told = time.monotonic()
            send("progress", done)

    with _Outcome(send):
        send("done", task.run(progress))


class _Outcome:
    """Answers for a task that did not end well: refused, and the worker goes on, or a bug."""

    def __init__(self, send: Callable[[str, object], None]) -> None:
        self._send = send

    def __enter__(self) -> None:
        return

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if isinstance(error, AllelakeError):
            self._send("refused", (type(error).__name__, str(error)))
        elif error is not None:
            self._send("bug", "".join(traceback.format_exception(error)))
        return isinstance(error, AllelakeError)


if __name__ == "__main__":
    main()
