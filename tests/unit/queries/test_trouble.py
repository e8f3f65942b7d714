"""DuckDB's errors as the caller should read them."""

import duckdb
import pytest

from allelake.errors import LakeError, QueryError
from allelake.queries.connect import Limits, open_lake, session
from allelake.queries.trouble import tidy, tidy_errors


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Invalid Input Error: no cohort is named 'x'", "no cohort is named 'x'"),
        ("Binder Error: no\n\nLINE 1: x\n        ^", "no\nLINE 1: x\n        ^"),
        ("INTERRUPT Error: Interrupted!", "Interrupted!"),
        ("a sentence: with a colon", "a sentence: with a colon"),
    ],
)
def test_the_kind_of_error_is_left_out(message: str, expected: str) -> None:
    assert tidy(message) == expected


def test_a_query_over_its_time_is_stopped_and_told_how_to_go_on(toy_lake) -> None:
    connection = open_lake(toy_lake, Limits(seconds=0.05))
    with pytest.raises(QueryError, match="longer than allowed"), tidy_errors():
        session(connection).execute(
            "SELECT count(*) FROM range(100000) a, range(100000) b "
            "WHERE (a.range * b.range) % 7 = 9"
        ).fetchall()


def test_a_query_over_its_memory_is_told_how_to_go_on(toy_lake, tmp_path) -> None:
    spill = tmp_path / "spill"
    connection = open_lake(toy_lake, Limits(memory="20MB", threads=1, temporary=spill))
    connection.execute("SET max_temp_directory_size = '0MB'")
    with pytest.raises(QueryError, match="more memory than allowed"), tidy_errors():
        session(connection).execute(
            "SELECT list(range::VARCHAR || 'x') FROM range(5000000)"
        ).fetchall()


def test_a_missing_file_is_the_lakes_fault(toy_lake) -> None:
    connection = open_lake(toy_lake)
    with pytest.raises(LakeError, match="allelake check"), tidy_errors():
        connection.execute("FROM read_parquet('data/gone.parquet')").fetchall()


def test_another_file_is_not_the_lakes(toy) -> None:
    with pytest.raises(QueryError, match="Only the lake's own files"), tidy_errors():
        session(toy).execute("FROM read_csv('/etc/passwd')").fetchall()


def test_ctrl_c_is_ctrl_c_whoever_sees_it_first() -> None:
    with pytest.raises(KeyboardInterrupt), tidy_errors():
        raise RuntimeError("Query interrupted")
    with pytest.raises(RuntimeError, match="another"), tidy_errors():
        raise RuntimeError("another")


def test_a_bug_of_duckdb_keeps_its_traceback() -> None:
    with pytest.raises(duckdb.InternalException), tidy_errors():
        raise duckdb.InternalException("a bug")
