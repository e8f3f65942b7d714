"""Worker processes: what they answer, how they fail, and that none is left over."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from allelake.errors import AllelakeError, InputError
from allelake.ingest.pool import WorkerPool
from unit.ingest.driver.tasks import (
    SIGKILL,
    SIGSEGV,
    Die,
    Double,
    Fail,
    Linger,
    Refuse,
    WhereUnpacked,
)

pytestmark = pytest.mark.usefixtures("own_workers")


def is_alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


def wait_until_dead(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_alive(pid)


def test_every_task_is_answered_under_its_number() -> None:
    """More tasks than workers, twice; what a task prints does not get between the answers."""
    with WorkerPool(2) as pool:
        for _ in range(2):
            results = {}
            seen = set()
            for number, done, result in pool.run([Double(i) for i in range(5)]):
                if done is None:
                    results[number] = result
                else:
                    seen.add((number, done))
            assert results == {i: 2 * i for i in range(5)}
            assert seen <= {(i, i) for i in range(5)}


def test_a_task_is_unpacked_by_the_thread_that_imports() -> None:
    """Unpacking may import NumPy; two threads that import it at once break it."""
    with WorkerPool(1) as pool:
        assert [result for _, _, result in pool.run([WhereUnpacked()])] == ["MainThread"]


def test_a_refusal_comes_back_as_what_it_was() -> None:
    """With its message and its exit code, without a traceback of the worker."""
    with WorkerPool(1) as pool, pytest.raises(InputError, match=r"^chr1:5: not like this$"):
        list(pool.run([Refuse()]))


def test_a_bug_comes_back_with_the_workers_traceback() -> None:
    """It is no AllelakeError."""
    with (
        WorkerPool(1) as pool,
        pytest.raises(RuntimeError, match=r"(?s)failing.*KeyError: 'a bug'"),
    ):
        list(pool.run([Fail()]))


@pytest.mark.parametrize(
    "by, kind, told",
    [
        (SIGKILL, AllelakeError, r"killed \(SIGKILL\) while reading part 7 .*fewer --workers"),
        (SIGSEGV, InputError, r"crashed \(SIGSEGV\) while reading part 7 \(x.vcf\)"),
        (None, RuntimeError, r"(?s)ended by itself \(3\) while reading part 7.*last words"),
    ],
)
def test_a_dead_worker_is_told_by_what_it_did(
    by: int | None, kind: type[Exception], told: str
) -> None:
    """The driver does not wait for an answer that will not come."""
    with WorkerPool(2) as pool, pytest.raises(kind, match=told):
        list(pool.run([Die(by), Linger()]))


@pytest.mark.parametrize("workers", [1, 3])
def test_leaving_the_pool_ends_its_workers(workers: int) -> None:
    """Also those that are in the middle of a task, and those that began as one process."""
    pids = []
    with suppress(KeyboardInterrupt), WorkerPool(workers) as pool:
        for _, pid, _ in pool.run([Linger() for _ in range(workers)]):
            assert pid is not None
            assert is_alive(pid)
            pids.append(pid)
            if len(pids) == workers:
                raise KeyboardInterrupt
    assert len(set(pids)) == workers
    assert not any(is_alive(pid) for pid in pids)


def test_a_stop_ends_whoever_waits_though_its_exception_was_lost() -> None:
    """As it is where a signal comes in the middle of an import."""
    with pytest.raises(SystemExit, match="143"), WorkerPool(1) as pool:
        running = iter(pool.run([Linger()]))
        next(running)
        pool.stop(143)
        next(running)


def test_workers_started_later_work_as_the_first_ones_do() -> None:
    """A pool grows with its tasks."""
    with WorkerPool(4) as pool:
        pool.start(1)
        answers = list(pool.run([Double(i) for i in range(9)]))
        assert {n: r for n, done, r in answers if done is None} == {i: 2 * i for i in range(9)}


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_end_when_the_driver_is_killed_and_need_no_main_guard(
    tmp_path: Path, workers: int
) -> None:
    """A script whose top level starts the pool; killed in the middle."""
    script = tmp_path / "script.py"
    script.write_text(
        "from allelake.ingest.pool import WorkerPool\n"
        "from unit.ingest.driver.tasks import Linger\n"
        f"pool = WorkerPool({workers})\n"
        f"for _, pid, _ in pool.run([Linger()] * {workers}):\n"
        "    print(pid, flush=True)\n"
    )
    path = os.pathsep.join(sys.path)
    command = [sys.executable, str(script)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path}
    ) as driver:
        assert driver.stdout is not None
        pids = [int(driver.stdout.readline()) for _ in range(workers)]
        assert all(map(is_alive, pids))
        driver.send_signal(signal.SIGKILL)
    assert all(map(wait_until_dead, pids))
