"""What a process takes is what all of its processes take."""

import sys

import measure
import pytest
from contest import Session
from measure import ProcessFailed, run_process, size_of
from peers import shell

BURN = "import time\nwhile time.process_time() < 0.3: pass\n"
CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BURN!r}])"
ORPHAN = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {BURN!r}])"
HOLD = "data = bytearray(80_000_000)\nimport time\ntime.sleep(0.4)"
TWO = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {HOLD!r}])"

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="the system has no /proc")


def python(code):
    return [sys.executable, "-c", code]


def test_cpu_time_of_children_counts(tmp_path):
    assert run_process(python(CHILD), tmp_path).cpu_seconds >= 0.3


@linux_only
def test_cpu_time_of_what_outlives_the_command_counts(tmp_path):
    assert run_process(python(ORPHAN), tmp_path).cpu_seconds >= 0.3


@linux_only
def test_peak_memory_is_of_children_too(tmp_path):
    run = run_process(python(TWO), tmp_path, with_memory=True)
    assert 76 < run.peak_mib < 300


def test_memory_is_not_looked_at_unless_asked(tmp_path):
    assert run_process(python("pass"), tmp_path).peak_mib is None


def test_a_failing_command_tells_the_end_of_what_it_said(tmp_path):
    with pytest.raises(ProcessFailed, match="ended with 3: no such cohort"):
        run_process(["bash", "-c", "echo no such cohort >&2; exit 3"], tmp_path)


def test_what_takes_too_long_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(measure, "LONGEST_SECONDS", 0.3)
    with pytest.raises(ProcessFailed, match="ended with -9"):
        run_process(python("import time; time.sleep(60)"), tmp_path)
    with pytest.raises(ProcessFailed, match="ended with -9"):
        Session(python("import time; time.sleep(60)"), tmp_path)


def test_a_pipe_fails_where_its_first_command_does(tmp_path):
    run_process(shell(["printf", "%s", "a 'quoted' name"], ["cat"]), tmp_path)
    with pytest.raises(ProcessFailed):
        run_process(shell(["false"], ["cat"]), tmp_path)


def test_a_session_answers_as_often_as_it_is_asked(tmp_path):
    code = (
        "import sys, time\nprint('a line of a library')\nprint('ready', flush=True)\n"
        "for _ in sys.stdin:\n    time.sleep(0.05)\n    print('done', flush=True)\n"
    )
    session = Session(python(code), tmp_path)
    runs = [session.ask() for _ in range(3)]
    # A process that runs beside it neither waits for the session nor ends it.
    assert run_process(python("pass"), tmp_path).wall_seconds < 5
    runs.append(session.ask())
    session.close()
    assert all(run.wall_seconds >= 0.05 for run in runs)


def test_a_session_that_ends_tells_why(tmp_path):
    with pytest.raises(ProcessFailed, match="no such store"):
        Session(python("raise SystemExit('no such store')"), tmp_path)


def test_bytes_are_of_every_file_below(tmp_path):
    (tmp_path / "data" / "calls").mkdir(parents=True)
    (tmp_path / "data" / "calls" / "a").write_bytes(b"12345")
    (tmp_path / "b").write_bytes(b"123")
    assert size_of(tmp_path / "data", tmp_path / "b") == 8
