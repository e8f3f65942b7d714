"""Processes that do the work of an ingest side by side, and end when the driver ends."""

import os
import pickle
import queue
import signal
import tempfile
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import IO, Any, BinaryIO, NoReturn

from allelake import errors
from allelake.errors import AllelakeError, InputError
from allelake.ingest.family import CAN_FORK, Family
from allelake.ingest.worker_task import Task

# What it is, and what comes with it: see worker.py, and "dead" for the end of a process.
_Message = tuple[str, Any]

_TAIL_BYTES = 4_000
_GRACE_SECONDS = 2.0


class WorkerPool:
    """Runs tasks in processes of their own, without multiprocessing.

    Processes started by multiprocessing import the caller's main module, so a script without a
    `__main__` guard would start itself over and over; these run a module of this package.
    """

    def __init__(self, workers: int, warms: str = "") -> None:
        """At most so many workers; `warms` is what the first ones make ready, see warm.py."""
        self._most = max(1, workers)
        self._warms = warms
        self._workers: list[_Worker] = []
        self._families: list[Family] = []
        self._messages: queue.SimpleQueue[tuple[_Worker | None, _Message]] = queue.SimpleQueue()

    def __enter__(self) -> "WorkerPool":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            for family in self._families:
                family.kill()
        self.release()
        for family in self._families:
            family.wait(_GRACE_SECONDS)
        for worker in self._workers:
            worker.forget()

    def start(self, workers: int) -> None:
        """Starts processes until there are so many, so that they import while others work."""
        more = min(workers, self._most) - len(self._workers)
        if more > 0 and CAN_FORK:
            self._start_family(more)
        elif more > 0:
            for _ in range(more):
                self._start_family(1)

    def _start_family(self, total: int) -> None:
        # They live as long as the workers.
        complaints = [tempfile.TemporaryFile() for _ in range(total)]  # noqa: SIM115
        family = Family([file.fileno() for file in complaints], self._warms)
        self._families.append(family)
        for place, file in enumerate(complaints):
            self._workers.append(_Worker(family, place, file, self._messages))

    def wait_until_ready(self) -> None:
        """Waits until those that were started have imported and loaded what they need."""
        for family in self._families:
            family.wait_until_ready()

    def release(self) -> None:
        """Lets the processes end by themselves, since no more tasks come."""
        for worker in self._workers:
            worker.end()

    def run(self, tasks: Sequence[Task]) -> "Run":
        """The tasks' answers as they come; the workers begin at once, whenever they are asked for.

        One run is over before the next begins.
        """
        return Run(self, tasks)

    def idle(self, busy: "set[_Worker]", waiting: int) -> "list[_Worker]":
        """Workers with nothing to do, some of them new if more tasks wait than there are."""
        self.start(len(busy) + waiting)
        return [worker for worker in self._workers if worker not in busy]

    def answer(self) -> "tuple[_Worker, _Message]":
        """The next thing that a worker says. Raises SystemExit if `stop` was called."""
        worker, message = self._messages.get()
        if worker is None:
            raise SystemExit(message[1])
        return worker, message

    def stop(self, code: int) -> None:
        """Makes whoever waits for an answer end this process; may be called by a signal's handler.

        What such a handler raises itself is lost where it interrupts the import of an extension.
        """
        self._messages.put((None, ("stop", code)))


class Run:
    """Tasks that are being done, to which more can be added.

    Iterating gives (task's number, how much is done, None) as tasks go on, then (number, None, its
    result). Raises what a task raised; the others are left to the pool's end.
    """

    def __init__(self, pool: WorkerPool, tasks: Sequence[Task]) -> None:
        self._pool = pool
        self._waiting: deque[tuple[int, Task]] = deque()
        self._busy: set[_Worker] = set()
        self._total = 0
        self.add(tasks)

    def add(self, tasks: Sequence[Task]) -> range:
        """More tasks, which come after those that wait; their numbers."""
        numbers = range(self._total, self._total + len(tasks))
        self._total += len(tasks)
        self._waiting.extend(zip(numbers, tasks, strict=True))
        for worker in self._pool.idle(self._busy, len(self._waiting)):
            self._give(worker)
        return numbers

    def _give(self, worker: "_Worker") -> None:
        if self._waiting:
            self._busy.add(worker)
            worker.give(*self._waiting.popleft())

    def __iter__(self) -> Iterator[tuple[int, int | None, object]]:
        while self._busy:
            worker, (kind, content) = self._pool.answer()
            number = worker.number
            if kind == "progress":
                yield number, content, None
            elif kind == "done":
                self._busy.discard(worker)
                self._give(worker)
                yield number, None, content
            elif kind == "refused":
                name, text = content
                raise getattr(errors, name, AllelakeError)(text)
            elif kind == "bug":
                raise RuntimeError(f"while {worker.what}, in a worker process:\n{content}")
            else:
                worker.lament()


class _Worker:
    """One process, and the task it has."""

    def __init__(
        self,
        family: Family,
        place: int,
        complaints: IO[bytes],
        messages: "queue.SimpleQueue[tuple[_Worker | None, _Message]]",
    ) -> None:
        self.number = -1
        self.what = "starting"
        self._family, self._place, self._complaints = family, place, complaints
        self._tasks, answers = family.members[place]
        threading.Thread(target=self._listen, args=(answers, messages), daemon=True).start()

    def give(self, number: int, task: Task) -> None:
        """Hands over a task; a worker that died meanwhile is noticed when it does not answer."""
        self.number, self.what = number, task.what
        try:
            # Packed twice: the worker's receiving thread takes bytes, which import nothing.
            packed = pickle.dumps(task, protocol=pickle.HIGHEST_PROTOCOL)
            pickle.dump(packed, self._tasks, protocol=pickle.HIGHEST_PROTOCOL)
            self._tasks.flush()
        except BrokenPipeError:
            return

    def end(self) -> None:
        """Lets the process go: it ends when its input does."""
        try:
            self._tasks.close()
        except BrokenPipeError:
            return

    def forget(self) -> None:
        """Lets go of what the process printed, when it is gone."""
        self._complaints.close()

    def lament(self) -> NoReturn:
        """Raises what is known of the process's death."""
        code = self._family.code(self._place)
        if code < 0:
            name = signal.Signals(-code).name
            if -code in (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT):
                raise InputError(
                    f"the VCF reader crashed ({name}) while {self.what}. Nothing was added. Write "
                    "the file anew, for example with bcftools view, and try that"
                )
            raise AllelakeError(
                f"a worker process was killed ({name}) while {self.what}; perhaps the machine ran "
                "out of memory. Nothing was added; run it again, with fewer --workers"
            )
        self._complaints.seek(0, os.SEEK_END)
        self._complaints.seek(max(0, self._complaints.tell() - _TAIL_BYTES))
        tail = self._complaints.read().decode("utf-8", "replace")
        raise RuntimeError(f"a worker process ended by itself ({code}) while {self.what}:\n{tail}")

    def _listen(
        self, answers: BinaryIO, messages: "queue.SimpleQueue[tuple[_Worker | None, _Message]]"
    ) -> None:
        with answers as source:
            while True:
                try:
                    messages.put((self, pickle.load(source)))
                except (EOFError, pickle.UnpicklingError, OSError):
                    messages.put((self, ("dead", None)))
                    return
