"""Runs a process or a question, and tells its wall and CPU seconds, and its processes' memory."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SAMPLED_EVERY_SECONDS = 0.04
# What a peer leaves behind (Hail's Java) may take so long to end.
GRACE_SECONDS = 5.0
# A process that takes longer is ended: a benchmark that nobody watches must not wait for ever.
LONGEST_SECONDS = 900.0
PR_SET_CHILD_SUBREAPER = 36


class ProcessFailed(Exception):
    """A measured process ended with an error; the message is the end of what it wrote."""


@dataclass(frozen=True)
class Run:
    """What one run took."""

    wall_seconds: float
    cpu_seconds: float
    # The most memory that all its processes together held, shared pages counted once.
    peak_mib: float | None = None


def adopt_orphans() -> None:
    """Makes processes whose parent has ended this one's children, so that their CPU time counts."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def run_process(command: Sequence[str | Path], folder: Path, *, with_memory: bool = False) -> Run:
    """Runs a command in a folder, its output thrown away.

    With memory the processes are looked at 25 times a second, which costs time: such a run is for
    the memory alone. Raises ProcessFailed.
    """
    adopt_orphans()
    others = set(children(os.getpid()))
    log = folder / "stderr.log"
    with log.open("wb") as errors:
        begun = time.perf_counter()
        process = subprocess.Popen(
            list(map(str, command)), cwd=folder, stdout=subprocess.DEVNULL, stderr=errors
        )
        watch = MemoryWatch(process.pid) if with_memory else None
        with ended_when_late(process):
            _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime + cpu_of_orphans(others)
    peak = watch.peak_mib() if watch else None
    if process.returncode != 0:
        told = log.read_text(errors="replace").strip()[-800:]
        name = Path(command[0]).name
        raise ProcessFailed(f"{name} ended with {process.returncode}: {told}")
    return Run(wall, cpu, peak)


@contextmanager
def ended_when_late(process: "subprocess.Popen[Any]") -> Iterator[None]:
    """Kills the process after LONGEST_SECONDS, unless what is done here is done before."""
    timer = threading.Timer(LONGEST_SECONDS, process.kill)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def cpu_of_orphans(others: set[int]) -> float:
    """Waits for what the command left running, and tells its CPU seconds; not for `others`."""
    total, deadline = 0.0, time.monotonic() + GRACE_SECONDS
    while left := set(children(os.getpid())) - others:
        for pid in left:
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGTERM)
            ended, _, usage = os.wait4(pid, os.WNOHANG)
            total += usage.ru_utime + usage.ru_stime if ended else 0
        time.sleep(0.01)
    return total


class MemoryWatch:
    """Looks at a process and its children until asked for the most that they held together."""

    def __init__(self, pid: int) -> None:
        self._pid, self._most_kib = pid, 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._over.wait(SAMPLED_EVERY_SECONDS):
            held = sum(map(held_kib, [self._pid, *descendants(self._pid)]))
            self._most_kib = max(self._most_kib, held)

    def peak_mib(self) -> float | None:
        """None where the system has no /proc, or the process was too quick to be seen."""
        self._over.set()
        self._thread.join()
        return self._most_kib / 1024 or None


def held_kib(pid: int) -> int:
    """The proportional set size: a page that n processes share counts 1/n for each."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    for line in text.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def children(pid: int) -> list[int]:
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, path.read_text().split())
        except OSError:
            continue
    return found


def descendants(pid: int) -> list[int]:
    """Children, their children, and so on; none where there is no /proc."""
    found: list[int] = []
    for child in children(pid):
        found += [child, *descendants(child)]
    return found


def run_question(question: Callable[[], object]) -> Run:
    """Times something that this process does itself."""
    wall, cpu = time.perf_counter(), time.process_time()
    question()
    return Run(time.perf_counter() - wall, time.process_time() - cpu)


def alternate(
    programs: Mapping[str, Callable[[], Run | None]], repeats: int | Mapping[str, int]
) -> dict[str, list[Run]]:
    """Each program in turn, then each again: what disturbs the machine disturbs all alike."""
    most = repeats if isinstance(repeats, int) else max(repeats.values())
    runs: dict[str, list[Run]] = {name: [] for name in programs}
    for number in range(most):
        for name, program in programs.items():
            if isinstance(repeats, int) or number < repeats[name]:
                run = program()
                runs[name] += [run] if run else []
    return runs


def size_of(*paths: Path) -> int:
    """Bytes of files, and of all files under folders."""
    return sum(
        file.stat().st_size
        for path in paths
        for file in ([path] if path.is_file() else path.rglob("*"))
        if file.is_file()
    )
