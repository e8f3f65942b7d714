"""Reads a lake again and again while another process changes it, and prints what it was told.

Run by test_readers.py as its own process. Arguments: the lake, how to read it, and the DuckDB
command line. One JSON list per reading: the answer, or ["gone", text] where a reader was told that
the snapshot it had opened is gone. Ends when the file `done` is in the lake.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

import allelake
from allelake.errors import LakeError

# As many tables as a withdrawal touches, by one statement: an answer is of one snapshot or wrong.
QUESTION = """
SELECT (SELECT snapshot FROM lake_info), (SELECT count(*) FROM samples),
    (SELECT count(*) FROM calls), (SELECT CAST(sum(bit_count(CAST(alt1 AS BIT))) AS BIGINT)
    FROM bits), (SELECT count(*) FROM sample_counts), (SELECT count(*) FROM cohort_members),
    (SELECT list([ac, an] ORDER BY contig, position, alt)::VARCHAR FROM allele_frequency('all'))
"""
# The snapshot that `as_of` reads, whatever comes after it.
PAST = 2


class Gone(Exception):
    """The reader was told that a file is gone."""


# What DuckDB itself says: before it has found the file, and between finding and opening it.
IN_DUCKDB = ("No files found that match the pattern", "No such file or directory")


@contextmanager
def gone_is_told(kind: type[Exception], *texts: str) -> Iterator[None]:
    try:
        yield
    except kind as error:
        if not any(text in str(error) for text in texts):
            raise
        raise Gone(str(error)) from None


def library(lake: Path) -> list[object]:
    with gone_is_told(LakeError, "is gone"), allelake.open(lake) as opened:
        return list(opened.sql(QUESTION).head(1)[0])


def as_of(lake: Path) -> list[object]:
    with gone_is_told(LakeError, "is gone"), allelake.open(lake, as_of=PAST) as opened:
        return list(opened.sql(QUESTION).head(1)[0])


def attached(lake: Path) -> list[object]:
    with (
        gone_is_told(duckdb.IOException, *IN_DUCKDB),
        duckdb.connect(f"{lake}/catalog.duckdb", read_only=True) as connection,
    ):
        return list(connection.execute(QUESTION).fetchall()[0])


def command(lake: Path) -> list[object]:
    call = [sys.argv[3], "-readonly", "-json", "catalog.duckdb", "-c", QUESTION]
    done = subprocess.run(call, cwd=lake, capture_output=True, text=True, check=False)
    if any(text in " ".join(done.stderr.split()) for text in IN_DUCKDB):
        raise Gone(done.stderr)
    assert done.returncode == 0 and not done.stderr, done.stderr
    return list(json.loads(done.stdout)[0].values())


class Held:
    """A session that stays with the snapshot it opened, until it is told that this is gone."""

    def __init__(self) -> None:
        self.opened: allelake.Lake | None = None

    def __call__(self, lake: Path) -> list[object]:
        if self.opened is None:
            self.opened = allelake.open(lake)
        mine = self.opened.snapshot
        try:
            with gone_is_told(LakeError, "is gone"):
                answer = list(self.opened.sql(QUESTION).head(1)[0])
        except Gone:
            self.opened.close()
            self.opened = None
            raise
        assert answer[0] == mine, "a session moved to another snapshot by itself"
        return answer


def main(lake: Path, ask: Callable[[Path], list[object]]) -> None:
    os.chdir(lake)
    while not Path("done").exists():
        try:
            said = ask(lake)
        except Gone as gone:
            said = ["gone", str(gone)]
        print(json.dumps(said), flush=True)


if __name__ == "__main__":
    ways = {
        "library": library,
        "as_of": as_of,
        "held": Held(),
        "attached": attached,
        "command": command,
    }
    main(Path(sys.argv[1]), ways[sys.argv[2]])
