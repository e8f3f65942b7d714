"""`allelake summary`: a cohort at a glance."""

import csv
import io
import json
from pathlib import Path

import pytest

from allelake.queries.summary import Figure, summary_lines
from small_lakes import lake_with_samples


def figures(text: str) -> dict[tuple[str, str], str]:
    return {
        (row["section"], row["item"]): row["value"] for row in csv.DictReader(io.StringIO(text))
    }


def test_a_summary_has_people_variants_and_ratios(run, lake: Path) -> None:
    ended = run("summary", lake, "--format", "csv")
    assert ended.code == 0, ended.err
    found = figures(ended.out)
    assert found["people", "samples"] == "6.0"
    assert found["people", "XX"] == "3.0"
    assert found["people", "sex unknown"] == "1.0"
    assert found["by population", "north"] == "3.0"
    assert found["variants", "known"] == "6.0"
    assert found["variants", "seen"] == "5.0"
    assert found["kind", "snv"] == "4.0"
    assert found["kind", "insertion"] == "1.0"
    # Transitions: A>G, G>A, C>T; transversion: G>T.
    assert found["substitutions", "titv"] == "3.0"
    assert found["frequency", "monomorphic"] == "1.0"
    assert "summary: cohort all" in ended.err


def test_a_value_that_one_person_alone_has_is_not_shown(run, lake: Path) -> None:
    found = figures(run("summary", lake, "--format", "csv").out)
    assert found["by age", "other"] == "5.0"
    assert found["by age", "unknown"] == "1.0"
    assert ("by age", "41") not in found


def test_an_attribute_of_many_values_is_described_and_not_listed(run, tmp_path: Path) -> None:
    """Quantities by their quartiles, weighed by people; texts by how many there are."""
    lake = lake_with_samples(tmp_path / "a.lake", *(f"p{n}" for n in range(40)))
    rows = [f"p{n}\t{1 if n < 20 else n}\tcode {n}\t{n % 3}\n" for n in range(40)]
    people = tmp_path / "people.tsv"
    people.write_text("sample_id\theight\tlabel\tgroup\n" + "".join(rows))
    assert run("samples", "import", lake, people).code == 0
    found = figures(run("summary", lake, "--format", "csv").out)
    assert found["by height", "lower quartile"] == "1.0"
    assert found["by height", "median"] == "1.0"
    assert found["by height", "upper quartile"] == "29.0"
    assert found["by label", "different values"] == "40.0"
    assert found["by group_", "0"] == "14.0"


def test_a_summary_of_a_cohort_and_a_region(run, lake: Path) -> None:
    found = figures(run("summary", lake, "-c", "north", "-r", "X", "--format", "csv").out)
    assert found["people", "samples"] == "3.0"
    assert found["variants", "known"] == "1.0"
    unknown = run("summary", lake, "--cohort", "nroth")
    assert (unknown.code, unknown.out) == (5, "")


def test_a_summary_for_people_is_grouped_and_says_what_it_speaks_of(run, lake: Path) -> None:
    lines = run("summary", lake).out.splitlines()
    assert lines[0] == (
        "summary: cohort all, policy raw, ploidy as_called, filter any, lake small.lake, snapshot 4"
    )
    assert [line for line in lines if line and not line.startswith(" ")][1:4] == [
        "people",
        "by population",
        "by age",
    ]
    # Charts are for terminals.
    assert "█" not in "\n".join(lines)


def test_json_is_rows_and_terms(run, lake: Path) -> None:
    said = json.loads(run("summary", lake, "--format", "json").out)
    assert said["cohort"] == "all"
    first = {"section": "people", "item": "samples", "value": 6.0, "note": "members of the cohort"}
    assert said["rows"][0] == first


def test_a_row_per_person(run, lake: Path) -> None:
    listed = csv.DictReader(io.StringIO(run("summary", lake, "--per-person", "-f", "csv").out))
    rows = {row["sample_id"]: row for row in listed}
    assert list(rows) == ["s1", "s2", "s3", "s4", "s5", "s6"]
    assert rows["s1"]["heterozygotes"] == "4"
    assert rows["s2"]["hemizygotes"] == "1"
    assert rows["s5"]["missing"] == "1"
    assert run("summary", lake, "--per-person", "--policy", "adj@1").code == 2


def test_bars_compare_the_parts_of_one_whole() -> None:
    drawn = summary_lines(
        [
            Figure("variants", "known", 1000.0, "all"),
            Figure("kind", "snv", 600.0, "one base"),
            Figure("kind", "deletion", 1.0, "fewer"),
            Figure("kind", "breakend", 0.0, "joins"),
            Figure("by site", "x\x1b[31m" + "y" * 40, 3.0, "samples"),
        ],
        with_bars=True,
    )
    bars = [line.count("█") for line in drawn if line.startswith("  ")]
    # Something is never shown as nothing, and nothing never as something.
    assert bars == [0, 30, 1, 0, 30]
    assert not any("\x1b" in line for line in drawn)


@pytest.mark.parametrize(
    ("value", "shown"), [(None, "-"), (1234567.0, "1,234,567"), (0.98765, "0.9877"), (0.0, "0")]
)
def test_a_figure_is_written_for_people(value: float | None, shown: str) -> None:
    assert summary_lines([Figure("genotypes", "x", value, "")], False)[-1].split()[-1] == shown
