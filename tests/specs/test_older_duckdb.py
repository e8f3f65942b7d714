"""The macros in the DuckDB command line of the 1.5 series: same answers, same errors."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from allelake.warehouse.catalog.asked_rows import whole_macros
from allelake.warehouse.catalog.macros import load_macros
from specs.genotypes import Storage
from specs.small_lake import fill_tables
from specs.test_macro_files import LAKE

QUESTIONS = [macro for macro in load_macros() if not macro.is_part]


@pytest.fixture(scope="module")
def shell() -> str:
    """The command line that the package duckdb-cli brings."""
    beside = Path(sys.executable).with_name("duckdb")
    found = str(beside) if beside.exists() else shutil.which("duckdb")
    assert found, "the test requirement duckdb-cli has no duckdb command here"
    return found


@pytest.fixture(params=[pytest.param("common", marks=pytest.mark.slow), "whole"])
def storage(request: pytest.FixtureRequest) -> Storage:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def lake(database: duckdb.DuckDBPyConnection, tmp_path: Path, storage: Storage) -> Path:
    """The small lake's tables in a file that older versions can open, and the macros as text."""
    fill_tables(database, storage, LAKE)
    path = tmp_path / "tables.duckdb"
    database.execute(f"ATTACH '{path}' AS older (STORAGE_VERSION 'v1.2.0')")
    try:
        tables = database.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'memory' UNION ALL "
            "SELECT view_name FROM duckdb_views() WHERE database_name = 'memory' AND NOT internal"
        ).fetchall()
        for (name,) in tables:
            database.execute(f"CREATE TABLE older.{name} AS FROM memory.{name}")
    finally:
        database.execute("DETACH older")
    shipped = (macro.sql for macro in load_macros())
    macros = "\n".join(f"{statement};" for statement in (*whole_macros(), *shipped))
    (tmp_path / "macros.sql").write_text(macros, encoding="utf-8")
    return path


def ask(shell: str, lake: Path, *questions: str) -> subprocess.CompletedProcess[str]:
    script = f".read {lake.with_name('macros.sql')}\n.mode json\n" + "\n".join(questions)
    return subprocess.run(
        [shell, "-bail", str(lake)], input=script, capture_output=True, text=True, check=False
    )


def test_every_example_answers_alike(
    shell: str, lake: Path, database: duckdb.DuckDBPyConnection, storage: Storage
) -> None:
    examples = [macro.example for macro in QUESTIONS]
    counts = [f"SELECT count(*) AS n FROM ({example.removesuffix(';')});" for example in examples]
    told = ask(shell, lake, *counts)
    assert told.returncode == 0, told.stderr
    found = [row["n"] for line in told.stdout.splitlines() for row in json.loads(line)]
    fill_tables(database, storage, LAKE)
    wanted = [database.execute(count).fetchall()[0][0] for count in counts]
    assert found == wanted


def test_counts_are_the_same_to_the_last_digit(
    shell: str, lake: Path, database: duckdb.DuckDBPyConnection, storage: Storage
) -> None:
    asked = (
        "allele_frequency('all')",
        "allele_frequency_by('all', 'sex', in_ploidy := 'by_sex')",
        "genotype_counts('all', in_filter := 'pass')",
        "carriers(in_ploidy := 'by_sex')",
        "cohort_summary('all')",
    )
    told = ask(shell, lake, *(f"SELECT * FROM {each} ORDER BY ALL;" for each in asked))
    assert told.returncode == 0, told.stderr
    fill_tables(database, storage, LAKE)
    documents = _documents(told.stdout)
    for each, document in zip(asked, documents, strict=True):
        answer = database.execute(f"SELECT * FROM {each} ORDER BY ALL")
        names = [column[0] for column in answer.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
        assert document == json.loads(json.dumps(rows)), each


def _documents(text: str) -> list[object]:
    decoder = json.JSONDecoder()
    documents = []
    while text := text.lstrip():
        document, end = decoder.raw_decode(text)
        documents.append(document)
        text = text[end:]
    return documents


@pytest.mark.parametrize("storage", ["common"], indirect=True)
@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("FROM allele_frequency('al');", "nearest is 'all'"),
        ("FROM allele_frequency('all', '22:5-4');", "ends before it starts"),
        ("FROM allele_frequency_by('all', 'sx');", "nearest is 'sex'"),
        ("FROM allele_frequency('all', in_policy := 'adj@1');", "declares all three"),
        ("FROM carriers('99');", "names a contig"),
        ("FROM variant('rs0');", "no variant is named 'rs0'"),
    ],
)
def test_errors_are_raised_alike(shell: str, lake: Path, question: str, says: str) -> None:
    told = ask(shell, lake, question)
    assert told.returncode != 0
    assert says in told.stderr
