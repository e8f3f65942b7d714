"""The command as a process: terminals, pipes, signals, and how long it takes."""

import os
import pty
import resource
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet
import pytest

PROGRAM = "import sys; from allelake.cli.app import main; sys.argv[0] = 'allelake'; main()"


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-c", PROGRAM, *(str(each) for each in arguments)]


def in_terminal(*arguments: object, columns: int = 80) -> str:
    """What the command writes to a terminal of that width."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm"}
    process = subprocess.Popen(
        command(*arguments), stdout=theirs, stderr=theirs, stdin=theirs, env=environment
    )
    os.close(theirs)
    written = b""
    while True:
        ready, _, _ = select.select([ours], [], [], 20)
        assert ready, "the command wrote nothing for 20 s"
        try:
            chunk = os.read(ours, 65_536)
        except OSError:
            break
        if not chunk:
            break
        written += chunk
    os.close(ours)
    process.wait()
    return written.decode().replace("\r\n", "\n")


def test_a_terminal_gets_a_table_that_fits_and_names_what_it_leaves_out(lake: Path) -> None:
    lines = in_terminal("frequency", lake, columns=80).splitlines()
    assert all(len(line) <= 80 for line in lines[2:-1])
    assert lines[2].split()[:7] == ["contig", "position", "ref", "alt", "ac", "an", "af"]
    assert lines[-1].startswith("Not shown for want of width: ")
    assert "sv_length" in lines[-1]


def test_a_terminal_gets_no_more_rows_than_it_can_show(lake: Path) -> None:
    lines = in_terminal("sql", lake, "FROM range(1000)").splitlines()
    assert len(lines) == 44
    assert lines[-1] == "... and 960 more rows. --rows 0 shows all, --output FILE writes them."


def test_a_terminal_gets_no_parquet(lake: Path) -> None:
    assert "not for a terminal" in in_terminal("frequency", lake, "--format", "parquet")


def test_a_pipe_gets_parquet(lake: Path) -> None:
    done = subprocess.run(
        command("frequency", lake, "--format", "parquet"), capture_output=True, check=True
    )
    table = pyarrow.parquet.read_table(pyarrow.BufferReader(done.stdout))
    assert table.num_rows == 6
    assert done.stderr == b""


def test_progress_is_on_stderr_and_only_in_a_terminal(own_lake: Path, files) -> None:
    done = subprocess.run(command("check", own_lake), capture_output=True, check=True)
    assert done.stderr == b""
    assert done.stdout == b"The lake is sound.\n"
    assert "checking" in in_terminal("check", own_lake)


@pytest.mark.parametrize("kind", ["table", "csv", "json"])
def test_a_broken_pipe_is_quiet(lake: Path, kind: str) -> None:
    process = subprocess.Popen(
        command("sql", lake, "FROM range(2000000)", "--format", kind),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    with process, process.stderr as errors:
        process.stdout.read(100)
        process.stdout.close()
        assert errors.read() == b""
        assert process.wait(20) == 141


def until_it_computes(process: subprocess.Popen[bytes]) -> None:
    """Waits until the process has used more time than starting takes."""
    times = Path(f"/proc/{process.pid}/stat")
    if not times.exists():
        time.sleep(3)
        return
    ticks = 0
    while ticks < 1.5 * os.sysconf("SC_CLK_TCK"):
        time.sleep(0.05)
        ticks = int(times.read_text().rpartition(")")[2].split()[11])


def test_ctrl_c_stops_a_query_and_leaves_with_130(lake: Path) -> None:
    query = (
        "SELECT count(*) FROM range(200000) a, range(200000) b WHERE (a.range * b.range) % 7 = 9"
    )
    process = subprocess.Popen(
        command("sql", lake, query), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        until_it_computes(process)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
    assert (process.returncode, out, err) == (130, b"", b"allelake: stopped\n")


def test_ctrl_c_before_the_command_has_begun_leaves_with_130_too(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("raise KeyboardInterrupt\n")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "allelake", "--help"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "allelake: stopped\n")


def test_a_long_answer_needs_no_more_memory_than_a_short_one(lake: Path) -> None:
    """Ten million rows, whole, are more than 200 MB as text."""
    code = (
        "import resource, sys; from allelake.cli.app import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    )

    def kilobytes(rows: int) -> int:
        query = f"SELECT range AS a, range * 7 AS b, 'x' AS c FROM range({rows})"
        done = subprocess.run(
            [sys.executable, "-c", code, "sql", str(lake), query, "--format", "csv"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=True,
        )
        return int(done.stderr.split()[-1])

    assert kilobytes(5_000_000) - kilobytes(1_000) < 100_000


def test_one_variant_comes_within_a_second_from_a_cold_start(lake: Path) -> None:
    """Counted in processor seconds: other work on the machine must not fail this."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        command("frequency", lake, "--variant", "22-16050115-G-T"), capture_output=True, check=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1.0
