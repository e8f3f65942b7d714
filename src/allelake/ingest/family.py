"""Worker processes that begin as one, which imports what they need once and forks."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

# Elsewhere a process that has imported NumPy may not survive a fork: one worker, one process.
CAN_FORK = sys.platform == "linux"
# Rows are made and dropped chunk after chunk. Left to themselves the allocators give their memory
# back to the system each time and fault it in again, which takes 5% of an ingest's time (measured);
# and the threads of a linear algebra that no worker does would have to be forked along.
ALLOCATION = {
    "MALLOC_MMAP_THRESHOLD_": str(1 << 30),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 30),
    "OPENBLAS_NUM_THREADS": "1",
}
# What their common parent says first: it is nobody's end.
READY = b"-1 0\n"


class Slot(NamedTuple):
    """Descriptors of a worker's own ends: where tasks come from, where answers and errors go."""

    tasks: int
    answers: int
    complaints: int

    @classmethod
    def of(cls, text: str) -> "Slot":
        """What `str` made."""
        return cls(*map(int, text.split(",")))

    def __str__(self) -> str:
        return ",".join(map(str, self))

    def close(self) -> None:
        """Closes them."""
        for number in self:
            os.close(number)


class Member(NamedTuple):
    """The driver's ends."""

    tasks: BinaryIO
    answers: BinaryIO


def start_process(warms: str, told: int, slots: Sequence[Slot]) -> "subprocess.Popen[bytes]":
    """Starts the process that becomes the workers of `slots`; its own prints go to the first's."""
    # Workers see exactly the packages that the driver sees.
    path = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
    command = [sys.executable, "-P", "-m", "allelake.ingest.worker", warms, str(told)]
    return subprocess.Popen(
        [*command, *map(str, slots)],
        stdin=subprocess.DEVNULL,
        stdout=slots[0].complaints,
        stderr=slots[0].complaints,
        pass_fds=[told, *(number for slot in slots for number in slot)],
        env={**ALLOCATION, **os.environ, "PYTHONPATH": path},
    )


class Family:
    """The driver's side of workers that were started together."""

    def __init__(self, complaints: list[int], warms: str) -> None:
        """A worker for each of `complaints`, descriptors of files for what they print.

        `warms` names what their common parent makes ready, beside what every worker needs.
        """
        self.members: list[Member] = []
        slots: list[Slot] = []
        for number in complaints:
            tasks, give = os.pipe()
            take, answers = os.pipe()
            slots.append(Slot(tasks, answers, number))
            self.members.append(Member(os.fdopen(give, "wb"), os.fdopen(take, "rb")))
        ends, told = os.pipe()
        self._ends = os.fdopen(ends, "r")
        self._codes: dict[int, int] = {}
        self._process = start_process(warms, told, slots)
        os.close(told)
        for slot in slots:
            os.close(slot.tasks)
            os.close(slot.answers)

    def wait_until_ready(self) -> None:
        """Waits until they can begin; if they never can, what they are asked for tells."""
        self._ends.readline()

    def code(self, place: int) -> int:
        """How the member at `place` ended, as subprocess tells it; waits until it has."""
        while place not in self._codes:
            line = self._ends.readline()
            if not line:
                # It is the process itself, or all went down with that.
                return self._process.wait()
            ended, code = map(int, line.split())
            self._codes[ended] = code
        return self._codes[place]

    def kill(self) -> None:
        """Ends all of them at once; the parent takes its children along."""
        if len(self.members) == 1:
            self._process.kill()
        else:
            self._process.terminate()

    def wait(self, seconds: float) -> None:
        """Waits until all are gone, so long at most; then they are killed."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._ends.close()
