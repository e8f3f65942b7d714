"""Readers in other processes while people withdraw and are purged: one snapshot or the next."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import duckdb
import pytest

import allelake
from allelake.errors import LakeError
from allelake.warehouse.snapshots import current_snapshot
from allelake.warehouse.upkeep.compact import compact
from allelake.warehouse.withdrawal.purge import purge
from allelake.warehouse.withdrawal.withdraw import withdraw
from unit.warehouse.building import commit_batch, new_lake
from unit.warehouse.read_meanwhile import PAST, QUESTION

SCRIPT = Path(__file__).with_name("read_meanwhile.py")
TESTS = Path(__file__).parents[2]
COMMAND_LINE = Path(sys.executable).with_name("duckdb")
COMMAND = ["command"] if COMMAND_LINE.exists() else []
# A reading takes a few tenths of a second: so each of them sees each state.
PAUSE_SECONDS = 0.4


@pytest.fixture
def two_batches(tmp_path: Path) -> Path:
    lake = new_lake(tmp_path)
    for batch in (1, 2):
        commit_batch(lake, batch, people=60, variants=3, contigs=("chr22",))
    return lake


def answer(lake: Path, as_of: int | None = None) -> list[object]:
    with allelake.open(lake, as_of=as_of) as opened:
        return list(opened.sql(QUESTION).head(1)[0])


def changes_of(lake: Path) -> list[Callable[[], object]]:
    """Withdrawals and purges, with an ingest and a compact between them."""
    return [
        lambda: withdraw(lake, ["person3", "person65"], "a test"),
        lambda: purge(lake),
        lambda: commit_batch(lake, 3, people=60, variants=3, contigs=("chr22",)),
        lambda: withdraw(lake, ["person7", "person130"], "a test"),
        lambda: compact(lake),
        lambda: purge(lake),
    ]


@contextmanager
def readers(lake: Path, ways: list[str]) -> Iterator[dict[str, list[list[object]]]]:
    """What each reader was told, in order, to be looked at after the block."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(TESTS), *filter(None, sys.path)]),
    }
    told: dict[str, list[list[object]]] = {}
    with ExitStack() as running:
        started = {
            way: running.enter_context(
                subprocess.Popen(
                    [sys.executable, SCRIPT, lake, way, COMMAND_LINE],
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                    env=environment,
                )
            )
            for way in ways
        }
        running.callback((lake / "done").touch)
        first = {way: process.stdout.readline() for way, process in started.items()}
        yield told
        (lake / "done").touch()
        for way, process in started.items():
            rest, complaint = process.communicate(timeout=60)
            assert process.returncode == 0, (way, complaint)
            told[way] = [json.loads(line) for line in (first[way] + rest).splitlines()]


@pytest.mark.parametrize(
    ("ways", "changes"),
    [
        pytest.param(["library", *COMMAND], 2, id="two-readers"),
        pytest.param(
            ["library", "as_of", "held", "attached", *COMMAND],
            6,
            id="all-readers",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_readers_beside_withdraw_and_purge_see_one_snapshot_or_the_next(
    two_batches: Path, ways: list[str], changes: int
) -> None:
    lake = two_batches
    expected, past = [answer(lake)], [answer(lake, PAST)]
    with readers(lake, ways) as told:
        for change in changes_of(lake)[:changes]:
            change()
            expected.append(answer(lake))
            past.append(answer(lake, PAST))
            time.sleep(PAUSE_SECONDS)
    assert len({row[0] for row in expected}) == changes + 1
    # Withdrawals change what the past says too, and nothing else does.
    assert len({json.dumps(row) for row in past}) == (3 if changes > 2 else 2)
    for way in ways:
        assert_one_after_another(told[way], past if way == "as_of" else expected, way)


def assert_one_after_another(rows: list[list[object]], of: list[list[object]], way: str) -> None:
    """Every row is one of these answers, none comes back, and nobody is sent away twice."""
    gone = [place for place, row in enumerate(rows) if row[0] == "gone"]
    assert len(rows) > len(gone)
    assert [row for row in rows if row[0] != "gone" and row not in of] == [], way
    # Who is told to open it again does, and is answered.
    assert [place for place in gone if place + 1 in gone] == [], way
    asked = [of.index(row) for row in rows if row[0] != "gone"]
    assert asked == sorted(asked), way


def test_a_session_opened_before_a_purge_is_told_that_its_snapshot_is_gone(
    two_batches: Path,
) -> None:
    expected = answer(two_batches)
    with allelake.open(two_batches) as opened:
        withdraw(two_batches, ["person3", "person65"], "a test")
        # Its first question comes after the withdrawal: neither a later snapshot nor a mix.
        assert list(opened.sql(QUESTION).head(1)[0]) == expected
    with allelake.open(two_batches) as opened:
        before = opened.allele_frequency("all").to_dicts()
        waiting = opened.allele_frequency("all")
        assert purge(two_batches) is not None
        for ask in (
            waiting.to_dicts,
            waiting.to_polars,
            waiting.count,
            lambda: waiting.head(1),
            lambda: opened.sql("SELECT count(*) FROM calls").to_arrow(),
            lambda: opened.carriers("all", region="chr22").to_pandas(),
        ):
            with pytest.raises(LakeError, match=r"is gone.*purged.*Open it again") as raised:
                ask()
            assert "IO Error" not in str(raised.value)
            assert "parquet" not in str(raised.value)
        opened.refresh()
        assert opened.allele_frequency("all").to_dicts() == before


@pytest.mark.skipif(not COMMAND_LINE.exists(), reason="needs duckdb")
def test_the_command_line_opened_before_a_purge_names_the_file_that_is_gone(
    two_batches: Path,
) -> None:
    withdraw(two_batches, ["person3", "person65"], "a test")
    count = "SELECT count(*) AS n FROM calls;\n"
    with subprocess.Popen(
        [COMMAND_LINE, "-readonly", "-csv", "-noheader", "catalog.duckdb"],
        cwd=two_batches,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as opened:
        assert opened.stdin is not None and opened.stdout is not None
        opened.stdin.write(count)
        opened.stdin.flush()
        assert int(opened.stdout.readline()) > 0
        assert purge(two_batches) is not None
        rest, complaint = opened.communicate(count, timeout=30)
    assert rest == ""
    assert 'IO Error: No files found that match the pattern "data/' in " ".join(complaint.split())


def test_plain_duckdb_opened_before_a_purge_is_told_of_a_file_and_never_answers_in_part(
    two_batches: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(two_batches)
    withdraw(two_batches, ["person3", "person65"], "a test")
    with duckdb.connect("catalog.duckdb", read_only=True) as opened:
        before = opened.execute(QUESTION).fetchall()
        assert purge(two_batches) is not None
        with pytest.raises(duckdb.IOException, match="No files found"):
            opened.execute(QUESTION)
    after = answer(two_batches)
    assert current_snapshot(two_batches).number == after[0]
    # The purge changed no answer.
    assert list(before[0][1:]) == after[1:]
