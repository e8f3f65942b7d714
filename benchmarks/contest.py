"""Lets programs answer one question: checks their answers first, then times them in turn."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import polars as pl
from answers import agreement, difference
from measure import (
    ProcessFailed,
    Run,
    alternate,
    descendants,
    ended_when_late,
    run_process,
    run_question,
    size_of,
)
from results import OURS, Program

Answer = Callable[[], pl.DataFrame]


@dataclass
class Contestant:
    """One program in a contest."""

    name: str
    # As the table names what is done.
    how: str
    # Does it once, and tells what it took; with memory where it is asked for.
    run: Callable[[bool], Run]
    # What it answers, or wrote; asked after a first run.
    answer: Answer | None = None
    # What it writes: sized after the runs.
    outputs: Sequence[Path] = field(default_factory=tuple)
    # Fewer runs than the others, where one takes seconds; with 1 the first run is the one that is
    # timed, although its memory is looked at.
    most_runs: int | None = None
    # Ends what was started, after the contest.
    close: Callable[[], None] = lambda: None


def process(
    name: str,
    how: str,
    command: Sequence[str | Path],
    folder: Path,
    *,
    prepare: Callable[[], object] = lambda: None,
    answer: Answer | None = None,
    outputs: Sequence[Path] = (),
    most_runs: int | None = None,
) -> Contestant:
    """A whole process; `prepare` takes away what an earlier run left, before the clock starts."""

    def run(with_memory: bool) -> Run:
        prepare()
        return run_process(command, folder, with_memory=with_memory)

    return Contestant(name, how, run, answer, outputs, most_runs)


def question(
    name: str, how: str, ask: Callable[[], object], answer: Answer | None = None
) -> Contestant:
    """Something that this process asks of an open connection."""
    return Contestant(name, how, lambda with_memory: run_question(ask), answer)


class Session:
    """A peer's process that is open, as ours is: each line it gets makes it answer once."""

    def __init__(self, command: Sequence[str | Path], folder: Path) -> None:
        self._log = (folder / "session.log").open("w+b")
        self._process = subprocess.Popen(
            list(map(str, command)),
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        self._expect("ready")

    def _expect(self, word: str) -> None:
        stdout = _open_pipe(self._process.stdout)
        # Libraries may print lines of their own first.
        with ended_when_late(self._process):
            for line in stdout:
                if line.strip() == word:
                    return
        self._process.wait()
        self._log.seek(0)
        told = self._log.read()[-800:].decode(errors="replace")
        self.close()
        raise ProcessFailed(f"a session ended with {self._process.returncode}: {told}")

    def ask(self) -> Run:
        stdin, cpu, begun = _open_pipe(self._process.stdin), self._cpu(), time.perf_counter()
        stdin.write("\n")
        stdin.flush()
        self._expect("done")
        return Run(time.perf_counter() - begun, self._cpu() - cpu)

    def _cpu(self) -> float:
        """User and system seconds so far, of its children too."""
        return sum(map(cpu_so_far, [self._process.pid, *descendants(self._process.pid)]))

    def close(self) -> None:
        self._process.communicate()
        self._log.close()


def cpu_so_far(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    # utime and stime: fields 14 and 15 of proc(5), the first two being before the bracket.
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _open_pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


def session(
    name: str,
    how: str,
    command: Sequence[str | Path],
    folder: Path,
    answer: Answer,
    most_runs: int | None = None,
) -> Contestant:
    """A peer's program that stays open; at the first run it starts, and writes its answer."""
    opened: list[Session] = []

    def run(with_memory: bool) -> Run:
        if not opened:
            opened.append(Session(command, folder))
        return opened[0].ask()

    def close() -> None:
        for one in opened:
            one.close()

    return Contestant(name, how, run, answer, (), most_runs, close)


def hold(contestants: Sequence[Contestant], repeats: int) -> list[Program]:
    """Runs a contest; the first contestant is allelake, and answers are compared with its.

    Each runs once to be warm, with its memory looked at. A peer that fails, or answers otherwise,
    is not timed, and its program says why. Raises ProcessFailed where allelake fails.
    """
    ours = contestants[0]
    programs = {one.name: Program(one.name, one.how) for one in contestants}
    try:
        programs[ours.name].peak_mib = ours.run(True).peak_mib
        expected = ours.answer() if ours.answer else None
        for peer in contestants[1:]:
            check(peer, programs[peer.name], expected)
        taking_part = [one for one in contestants if programs[one.name].missing is None]
        often = [one for one in taking_part if not programs[one.name].wall_seconds]
        runs = {one.name: timed(one, programs[one.name]) for one in often}
        times = {one.name: min(repeats, one.most_runs or repeats) for one in often}
        for name, measured in alternate(runs, times).items():
            programs[name].add(measured)
        for one in taking_part:
            if one.outputs:
                programs[one.name].bytes_written = size_of(*one.outputs)
    finally:
        for one in contestants:
            one.close()
    return list(programs.values())


def timed(one: Contestant, program: Program) -> Callable[[], Run | None]:
    """A run without memory; of a peer that fails none, once and for all."""

    def run() -> Run | None:
        if program.missing:
            return None
        try:
            return one.run(False)
        except ProcessFailed as error:
            if program.name == OURS:
                raise
            leave_out(program, f"failed: {str(error).strip()[-300:]}")
            return None

    return run


def leave_out(program: Program, why: str) -> None:
    print(f"{program.name} is left out: {why}", file=sys.stderr)
    # The page is for everybody: it has no folders of this machine.
    program.missing = re.sub(r"(/[\w.+-]+)+/", ".../", why)


def check(peer: Contestant, program: Program, expected: pl.DataFrame | None) -> None:
    """A peer's first run, and the comparison of its answer."""
    try:
        first = peer.run(True)
        program.peak_mib = first.peak_mib
        if peer.most_runs == 1:
            program.add([first])
        if peer.answer is None or expected is None:
            return
        theirs = peer.answer()
    except (
        ProcessFailed,
        OSError,
        subprocess.CalledProcessError,
        pl.exceptions.PolarsError,
    ) as error:
        leave_out(program, f"failed: {str(error).strip()[-300:]}")
    else:
        unlike = difference(expected, theirs)
        if unlike:
            leave_out(program, f"answers otherwise: {unlike}")
        else:
            program.answer = agreement(theirs)
