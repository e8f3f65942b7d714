"""Worker processes of an ingest, forked from one that has imported already.

Python and what a worker imports take 0.4 seconds of CPU, and the tests start thousands. Here they
are forked from one process of the whole run instead, each with descriptors, environment and folder
of its own, and then run what a worker runs. `tests/unit/ingest/driver` and every command that is
started as a process begin them as users do.
"""

import os
import pickle
import select
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from allelake.ingest import family
from allelake.ingest.family import ALLOCATION, Slot

# How users' ingests start them.
START_PROCESS = family.start_process
# What workers import as they go on, each what its task needs.
_READY = tuple(
    f"allelake.ingest.{name}"
    for name in (
        *("worker", "part", "part_samples", "unite", "unite_sites", "cohort.part"),
        *("inspection.whole_file", "inspection.pieces", "fast_text.read", "cohort_text.source"),
    )
)
_SIZE = 8


@contextmanager
def workers_from_nursery() -> Iterator[None]:
    """Inside, ingests of this process get their workers from one process, which ends with it."""
    nursery = _Nursery()
    family.start_process = nursery.start  # type: ignore[assignment]
    try:
        yield
    finally:
        family.start_process = START_PROCESS
        nursery.end()


class _Nursery:
    """The driver's side; the process is started with the first worker."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._end: socket.socket | None = None

    def start(self, warms: str, told: int, slots: Sequence[Slot]) -> "_Child":
        """As `family.start_process`, as far as a family uses what that returns."""
        ends, told_end = os.pipe()
        descriptors = [told_end, told, *(number for slot in slots for number in slot)]
        request = pickle.dumps((warms, len(slots), dict(os.environ), str(Path.cwd())))
        end = self._begun()
        socket.send_fds(end, [len(request).to_bytes(_SIZE, "big")], descriptors)
        end.sendall(request)
        os.close(told_end)
        return _Child(int.from_bytes(_exactly(end, _SIZE), "big"), ends)

    def _begun(self) -> socket.socket:
        if self._end is None:
            self._end, other = socket.socketpair()
            path = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
            self._process = subprocess.Popen(
                [sys.executable, "-P", __file__, str(other.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[other.fileno()],
                env={**ALLOCATION, **os.environ, "PYTHONPATH": path},
            )
            other.close()
        return self._end

    def end(self) -> None:
        if self._end is not None and self._process is not None:
            self._end.close()
            self._process.wait()


class _Child:
    """What a family uses of subprocess.Popen."""

    def __init__(self, pid: int, ends: int) -> None:
        self.pid = pid
        self._ends = ends
        self._code: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        if self._code is None:
            if not select.select([self._ends], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("a worker", timeout or 0)
            self._code = int(os.read(self._ends, 16))
            os.close(self._ends)
        return self._code

    def kill(self) -> None:
        self._send(signal.SIGKILL)

    def terminate(self) -> None:
        self._send(signal.SIGTERM)

    def _send(self, number: int) -> None:
        if self._code is None and not select.select([self._ends], [], [], 0)[0]:
            os.kill(self.pid, number)


def _exactly(end: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        more = end.recv(size - len(found))
        if not more:
            raise EOFError("the process that workers are forked from is gone")
        found += more
    return found


def main() -> None:
    """Forks a child for each request until the other end is closed."""
    from allelake.without_pandas import hide_pandas

    hide_pandas()
    for module in _READY:
        import_module(module)

    end = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    wakes, wake = os.pipe()
    for descriptor in (wakes, wake):
        os.set_blocking(descriptor, False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    signal.set_wakeup_fd(wake)
    children: dict[int, int] = {}
    while True:
        ready = select.select([end, wakes], [], [])[0]
        if wakes in ready:
            os.read(wakes, 512)
            _tell_ended(children)
        if end in ready:
            head, descriptors, _, _ = socket.recv_fds(end, _SIZE, 256)
            if not head:
                return
            head += _exactly(end, _SIZE - len(head))
            request = pickle.loads(_exactly(end, int.from_bytes(head, "big")))
            told_end, *others = descriptors
            child = os.fork()
            if not child:
                _become_worker(end, [told_end, *children.values(), wakes, wake], others, *request)
            for descriptor in others:
                os.close(descriptor)
            children[child] = told_end
            end.sendall(child.to_bytes(_SIZE, "big"))


def _tell_ended(children: dict[int, int]) -> None:
    while children:
        child, status = os.waitpid(-1, os.WNOHANG)
        if not child:
            return
        told_end = children.pop(child)
        os.write(told_end, str(os.waitstatus_to_exitcode(status)).encode())
        os.close(told_end)


def _become_worker(
    end: socket.socket,
    unused: list[int],
    descriptors: list[int],
    warms: str,
    total: int,
    environment: dict[str, str],
    folder: str,
) -> None:
    """Never returns. As `python -m allelake.ingest.worker` from here on."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        end.close()
        for descriptor in unused:
            os.close(descriptor)
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)
        told, *numbers = descriptors
        slots = [Slot(*numbers[3 * place : 3 * place + 3]) for place in range(total)]
        for standard in (1, 2):
            os.dup2(slots[0].complaints, standard)
        from allelake.ingest.worker import main as work

        sys.argv = ["worker", warms, str(told), *map(str, slots)]
        work()
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
