"""Every question is answered alike by DuckDB 2.0 in Python and by the plain command line, 1.5.6."""

import csv
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import duckdb
import pytest

from allelake.warehouse.catalog.macros import load_macros

COMMAND_LINE = Path(sys.executable).with_name("duckdb")
# The examples of the headers speak of a lake of their own: these are the demo's places and people.
HERE = {
    "22:16,050,000-17,000,000": "chr22:20,490,000-20,510,000",
    "22-16050075-A-G": "chr22-20500000-C-T",
    "'22'": "'chr22:20,490,000-20,510,000'",
    "'X'": "'chrX:2,770,000-2,790,000'",
    "S1": "DEMO0001",
}
QUESTIONS = {macro.name: macro for macro in load_macros() if not macro.is_part}


def example(name: str) -> str:
    # Without LIMIT: which ten rows come first may differ.
    text = re.sub(r"( ORDER BY \w+)? LIMIT \d+", "", QUESTIONS[name].example.rstrip(";"))
    for theirs, ours in HERE.items():
        text = text.replace(theirs, ours)
    # As text, since the two print numbers of some types in different ways.
    return f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({text})"


def rows_of_the_command_line(lake: Path, question: str) -> list[list[str]]:
    command = [COMMAND_LINE, "-readonly", "catalog.duckdb", "-csv", "-nullvalue", "NULL"]
    done = subprocess.run(
        [*command, "-c", question], cwd=lake, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return list(csv.reader(StringIO(done.stdout)))


def rows_of_python(lake: Path, question: str) -> list[list[str]]:
    config = {"file_search_path": str(lake)}
    with duckdb.connect(lake / "catalog.duckdb", read_only=True, config=config) as connection:
        relation = connection.sql(question)
        rows = [
            ["NULL" if value is None else value for value in row] for row in relation.fetchall()
        ]
        return [relation.columns, *rows]


# The demo stores no results: what reads them is an error in both.
READS_STORED = {
    *("pca_scores", "pruned_variants", "relatives", "unrelated_samples"),
    "stored_group_max",
}
WAY_OUT = "`?allelake (structure|materialize) "


@pytest.mark.parametrize("name", sorted(READS_STORED))
def test_both_say_how_to_make_what_is_not_stored(name, demo):
    with pytest.raises(duckdb.InvalidInputException, match=WAY_OUT):
        rows_of_python(demo / "demo.lake", example(name))
    with pytest.raises(AssertionError, match=WAY_OUT):
        rows_of_the_command_line(demo / "demo.lake", example(name))


@pytest.mark.parametrize("name", sorted(QUESTIONS.keys() - READS_STORED))
def test_both_answer_a_question_alike(name, demo):
    lake = demo / "demo.lake"
    plain, python = (ask(lake, example(name)) for ask in (rows_of_the_command_line, rows_of_python))
    assert plain[0] == python[0]
    assert sorted(map(rounded, plain[1:])) == sorted(map(rounded, python[1:]))


def rounded(row: list[str]) -> list[str]:
    """The row with fractions to nine digits: means differ beyond, by the order of adding."""
    is_fraction = re.compile(r"-?\d+\.\d+(e-?\d+)?").fullmatch
    return [f"{float(value):.9g}" if is_fraction(value) else value for value in row]
