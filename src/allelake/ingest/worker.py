"""A worker process of an ingest: takes tasks from a pipe and answers each on another.

Messages are pickled one after another, tasks as bytes that are pickled once more. The driver is the
only other end of both pipes, so the end of the input means that the driver is gone, and the worker
with it.
"""

import gc
import os
import pickle
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from types import FrameType, TracebackType
from typing import BinaryIO, NoReturn

from allelake.errors import AllelakeError
from allelake.ingest.family import READY, Slot
from allelake.ingest.worker_task import Task
from allelake.without_pandas import hide_pandas

_PROGRESS_SECONDS = 0.1


def main() -> None:
    """Becomes the workers that the command line asks for; each works until its input ends."""
    # Ctrl-C reaches the whole foreground group; the driver alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warms, told, *slots = sys.argv[1:]
    hide_pandas()
    _warm_up(warms)
    os.write(int(told), READY)
    _work(_one_of([Slot.of(slot) for slot in slots], int(told)))


def _one_of(slots: list[Slot], told: int) -> Slot:
    """Forks a process for each slot, where there are several; returns in each of them.

    The one they came from returns never: it tells `told` how each ended, takes them along when it
    is ended by SIGTERM, and ends after the last.
    """
    if len(slots) == 1:
        os.close(told)
        return slots[0]
    # What is there stays as it is in all of them; to look at it would copy its memory.
    gc.freeze()
    # Between a fork and its number being noted nothing may end this process.
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    children: dict[int, int] = {}
    for place, slot in enumerate(slots):
        child = os.fork()
        if not child:
            os.close(told)
            for other in slots:
                if other is not slot:
                    other.close()
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
            return slot
        children[child] = place
    for slot in slots:
        slot.close()
    return _watch(children, told)


def _watch(children: dict[int, int], told: int) -> NoReturn:
    """Tells how each child ended, as its place and its code."""

    def kill(number: int, frame: FrameType | None) -> None:
        for child in children:
            os.kill(child, signal.SIGKILL)

    signal.signal(signal.SIGTERM, kill)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
    # A child is waited for as long as it may be killed: its number is nobody else's till then.
    while children:
        child = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
        assert child is not None
        place = children.pop(child.si_pid)
        _, status = os.waitpid(child.si_pid, 0)
        with suppress(BrokenPipeError):
            os.write(told, f"{place} {os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _work(slot: Slot) -> None:
    # Whatever a library prints must not get between the answers.
    os.dup2(slot.complaints, 1)
    os.dup2(slot.complaints, 2)
    answers = os.fdopen(slot.answers, "wb")
    source = os.fdopen(slot.tasks, "rb")
    tasks: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(source, tasks), daemon=True).start()
    while True:
        # Unpacked here: a task may import NumPy, and two threads that import it at once break it.
        _answer(pickle.loads(tasks.get()), answers)


def _receive(source: BinaryIO, tasks: "queue.SimpleQueue[bytes]") -> None:
    while True:
        try:
            tasks.put(pickle.load(source))
        except EOFError:
            os._exit(0)


def _warm_up(warms: str) -> None:
    """Imports what reading a part needs, before there is anything else to do."""
    import allelake.ingest.part  # noqa: F401

    if warms:
        from allelake.ingest.warm import warm

        warm(warms)


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
