"""The report's SQL: files that can be read, filled, and asked as they are printed."""

import re
from importlib.resources import files
from pathlib import Path

import duckdb
import pytest

import allelake
from allelake.report.asked import Asked
from allelake.report.parts import Report
from allelake.report.question import question
from allelake.report.suppress import PRESETS
from allelake.report.variants import carried

FILES = sorted(
    (file for file in (files("allelake.report") / "queries").iterdir()), key=lambda file: file.name
)


@pytest.mark.parametrize("file", FILES, ids=[file.name for file in FILES])
def test_a_file_is_one_statement_whose_header_tells_its_parameters(file: Path) -> None:
    text = file.read_text("utf-8")
    assert text.startswith(f"-- {file.name.removesuffix('.sql')}: ")
    assert all(len(line) <= 100 for line in text.splitlines())
    (statement,) = duckdb.extract_statements(text)
    head = "\n".join(line for line in text.splitlines() if line.startswith("--"))
    assert statement.named_parameters == set(re.findall(r"\$(\w+)", head))


def test_a_name_that_looks_like_a_parameter_is_a_name() -> None:
    assert (
        question("overlap", cohort="'$other'", other="'x'") == "FROM cohort_overlap('$other', 'x')"
    )


def test_every_query_runs_as_it_is_printed(report: Report, crowd: Path) -> None:
    with allelake.open(crowd) as lake:
        texts = {query for section in report.sections for query in section.queries}
        assert all(lake.sql(text).to_arrow().num_rows for text in texts)


def test_variants_only_one_group_carries_are_told_by_no_difference(crowd: Path) -> None:
    """All that are carried, less those of everybody else, would be those of a small group."""
    from allelake.report.variants import _told

    with allelake.open(crowd) as lake:
        asked = Asked(lake, "all", PRESETS["all-of-us"], None, False)
        everything = sum(row["variants"] for row in carried(asked))
    counts = {"most": [everything - 5], "many": [everything - 40], "all": [everything], "few": [7]}
    assert set(_told(asked, counts)) == {"many", "all"}
