"""Answers: read in every way, written in every format, with what they speak of."""

import csv
import io
import json
import os
from pathlib import Path

import duckdb
import polars
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet
import pytest

from allelake.errors import LakeError, QueryError, UsageError
from allelake.queries.about import About
from allelake.queries.answer import Answer
from allelake.queries.formats import write_failure, write_stream

ABOUT = About("carriers", "toy.lake", 7, cohort="north", policy="raw", further={"region": "chr1"})
ROWS = (
    "SELECT contig, position, sum(alt_count) AS ac, position / nullif(position, 0) AS af "
    "FROM sites WHERE position < 3 GROUP BY ALL ORDER BY ALL"
)
ODD = (
    "SELECT 'a,b' AS comma, '' AS empty, NULL AS nothing, 'q\"r' AS quote, [1, NULL] AS list, "
    "{'k': 'v'} AS struct, '\\x00\\xff'::BLOB AS bytes, '101'::BIT AS bits, true AS yes, "
    "DATE '2024-02-29' AS day, INTERVAL 1 DAY AS span, 1.50::DECIMAL(5, 2) AS exact, "
    "'nan'::DOUBLE AS nan, 1e-5 AS small, 170141183460469231731687303715884105727::VARCHAR AS big"
)


def answer(toy: duckdb.DuckDBPyConnection, sql: str = ROWS) -> Answer:
    return Answer(toy, sql, ABOUT)


def written(toy: duckdb.DuckDBPyConnection, kind: str, sql: str = ROWS) -> bytes:
    sink = io.BytesIO()
    write_stream(answer(toy, sql), sink, kind)
    return sink.getvalue()


def test_an_answer_turns_into_arrow_polars_pandas_and_plain_rows(
    toy: duckdb.DuckDBPyConnection,
) -> None:
    asked = answer(toy)
    first = {"contig": "chr1", "position": 0, "ac": 0, "af": None}
    assert asked.to_dicts()[0] == first
    assert asked.to_arrow().num_rows == 3
    assert asked.to_polars().row(0, named=True) == first
    assert asked.to_pandas()["ac"].tolist() == [0, 1, 2]
    assert asked.count() == 3
    assert asked.head(1) == [("chr1", 0, 0, None)]
    # Whatever takes Arrow's stream takes an answer as it is.
    assert polars.DataFrame(asked).shape == (3, 4)
    assert pa.table(asked).num_rows == 3
    assert asked.relation().filter("ac > 1").fetchall() == [("chr1", 2, 2, 1.0)]


def test_an_answer_is_read_twice_at_once(toy: duckdb.DuckDBPyConnection) -> None:
    asked = answer(toy)
    first, second = asked.to_batches(1), asked.to_batches(1)
    assert next(first).num_rows == next(second).num_rows == 1
    assert first.read_all().num_rows == second.read_all().num_rows == 2


def test_an_answer_of_a_closed_lake_cannot_be_read(toy: duckdb.DuckDBPyConnection) -> None:
    opened = toy.cursor()
    asked = answer(opened)
    opened.close()
    with pytest.raises(QueryError):
        asked.to_arrow()


def test_counts_are_written_to_parquet_without_dictionaries(
    toy: duckdb.DuckDBPyConnection,
) -> None:
    file = pyarrow.parquet.ParquetFile(io.BytesIO(written(toy, "parquet")))
    columns = [file.metadata.row_group(0).column(n) for n in range(4)]
    has_dictionary = {column.path_in_schema: column.has_dictionary_page for column in columns}
    assert has_dictionary == {"contig": True, "position": False, "ac": False, "af": False}


def test_integer_sums_are_integers_everywhere(toy: duckdb.DuckDBPyConnection) -> None:
    """DuckDB sums to HUGEINT, which Arrow and Parquet turn into decimals."""
    assert answer(toy).to_arrow().schema.field("ac").type == pa.int64()


def test_two_columns_of_one_name_are_told_apart(toy: duckdb.DuckDBPyConnection) -> None:
    asked = answer(toy, 'SELECT 1 AS a, 2 AS a, 3 AS "A"')
    assert asked.to_dicts() == [{"a": 1, "a_2": 2, "A_3": 3}]


def test_an_answer_shows_its_terms_and_first_rows(toy: duckdb.DuckDBPyConnection) -> None:
    assert repr(answer(toy, "FROM range(20)")).splitlines() == [
        "carriers: cohort north, policy raw, region chr1, lake toy.lake, snapshot 7",
        "range",
        *(f"{n:>5}" for n in range(10)),
        "...",
    ]


def test_csv_has_empty_for_null_and_quotes_only_what_needs_them(
    toy: duckdb.DuckDBPyConnection,
) -> None:
    assert written(toy, "csv").decode() == (
        "contig,position,ac,af\nchr1,0,0,\nchr1,1,1,1.0\nchr1,2,2,1.0\n"
    )
    assert written(toy, "tsv").decode().splitlines()[1] == "chr1\t0\t0\t"


def test_odd_values_survive_as_text(toy: duckdb.DuckDBPyConnection) -> None:
    row = next(csv.DictReader(io.StringIO(written(toy, "csv", ODD).decode())))
    assert row == {
        "comma": "a,b",
        "empty": "",
        "nothing": "",
        "quote": 'q"r',
        "list": "[1,null]",
        "struct": '{"k":"v"}',
        "bytes": "00ff",
        "bits": "101",
        "yes": "true",
        "day": "2024-02-29",
        "span": "1 day",
        "exact": "1.50",
        "nan": "NaN",
        "small": "0.00001",
        "big": "170141183460469231731687303715884105727",
    }
    # An empty text and NULL are told apart.
    assert written(toy, "csv", "SELECT '' AS a, NULL AS b") == b'a,b\n"",\n'


def test_json_has_the_terms_beside_the_rows(toy: duckdb.DuckDBPyConnection) -> None:
    said = json.loads(written(toy, "json"))
    rows = said.pop("rows")
    assert said == {
        "question": "carriers",
        "cohort": "north",
        "policy": "raw",
        "region": "chr1",
        "lake": "toy.lake",
        "snapshot": 7,
    }
    assert rows[0] == {"contig": "chr1", "position": 0, "ac": 0, "af": None}
    odd = json.loads(written(toy, "json", ODD))["rows"][0]
    assert odd["nan"] is None
    assert odd["list"] == [1, None]
    assert odd["struct"] == {"k": "v"}
    assert odd["day"] == "2024-02-29"


def test_json_of_no_rows_is_json(toy: duckdb.DuckDBPyConnection) -> None:
    assert json.loads(written(toy, "json", "FROM sites WHERE false"))["rows"] == []


def test_parquet_and_arrow_have_the_terms_in_their_metadata(
    toy: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    asked = answer(toy)
    asked.write(tmp_path / "a.parquet")
    asked.write(tmp_path / "a.arrow")
    stream = pa.ipc.open_stream(written(toy, "arrow"))
    for table in (
        pa.parquet.read_table(tmp_path / "a.parquet"),
        pa.ipc.open_file(tmp_path / "a.arrow").read_all(),
        stream.read_all(),
    ):
        assert table.num_rows == 3
        assert table.schema.metadata[b"allelake.cohort"] == b"north"
        assert table.schema.metadata[b"allelake.snapshot"] == b"7"
        assert b"allelake.ploidy" not in table.schema.metadata


def test_a_long_answer_comes_in_batches(toy: duckdb.DuckDBPyConnection) -> None:
    """Memory is bounded by the batch, whatever the number of rows."""
    sizes = [batch.num_rows for batch in answer(toy, "FROM range(200000)").to_batches(10_000)]
    assert sum(sizes) == 200_000
    assert max(sizes) <= 10_000


def test_two_answers_can_be_read_side_by_side(toy: duckdb.DuckDBPyConnection) -> None:
    one, other = iter(answer(toy, "FROM range(10)")), iter(answer(toy, "FROM range(10)"))
    assert [next(one), next(other), next(one)] == [{"range": 0}, {"range": 0}, {"range": 1}]


@pytest.mark.parametrize("kind", ["csv", "json", "parquet", "arrow"])
def test_what_is_wrong_with_a_question_is_said_before_anything_is_written(
    toy: duckdb.DuckDBPyConnection, kind: str
) -> None:
    sink = io.BytesIO()
    asked = answer(
        toy, "SELECT CASE WHEN position >= 0 THEN error('no cohort is named chs') END FROM sites"
    )
    with pytest.raises(QueryError, match=r"^no cohort is named chs$"):
        write_stream(asked, sink, kind)
    assert sink.getvalue() == b""


def test_an_error_in_the_middle_of_a_stream_is_a_query_error(
    toy: duckdb.DuckDBPyConnection,
) -> None:
    late = "SELECT CASE WHEN range = 150000 THEN error('late') END FROM range(200000)"
    with pytest.raises(QueryError, match="late"):
        answer(toy, late).to_arrow()
    with pytest.raises(QueryError, match="late"):
        list(answer(toy, late).tuples())


def test_a_misspelt_column_names_those_there_are(toy: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(QueryError, match=r'"positon" not found.*\n.*"position"') as refusal:
        answer(toy, "SELECT positon FROM sites")
    assert "Binder Error" not in str(refusal.value)


def test_a_file_appears_when_it_is_complete_or_not_at_all(
    toy: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    late = "SELECT CASE WHEN range = 150000 THEN error('late') END AS x FROM range(200000)"
    with pytest.raises(QueryError):
        answer(toy, late).write(tmp_path / "a.csv")
    assert list(tmp_path.iterdir()) == []
    answer(toy).write(tmp_path / "a.csv")
    assert (tmp_path / "a.csv").stat().st_mode & 0o777 == 0o666 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_a_file_that_is_there_is_kept_unless_it_may_be_replaced(
    toy: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("mine")
    with pytest.raises(UsageError, match="there already"):
        answer(toy).write(path)
    assert path.read_text() == "mine"
    answer(toy).write(path, overwrite=True)
    assert path.read_text().startswith("contig,")


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("a", None, "does not say which format"),
        ("a.xlsx", None, "does not say which format"),
        ("a.csv", "parket", "Did you mean 'parquet'"),
        ("missing/a.csv", None, "cannot be written"),
        (".", "csv", "is a folder"),
    ],
)
def test_a_file_that_cannot_be_written_is_an_error_that_says_why(
    toy: duckdb.DuckDBPyConnection, tmp_path: Path, name: str, kind: str | None, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        answer(toy).write(tmp_path / name, kind)


def test_a_full_disk_is_called_that() -> None:
    failure = write_failure(OSError(28, "No space left on device"), Path("a.csv"))
    assert isinstance(failure, LakeError)
    assert "the disk is full" in str(failure)
