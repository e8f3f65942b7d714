"""The page says what was measured, also where it is not to our credit."""

from xml.etree import ElementTree

import pytest
from projection import duration, projection
from report import busy, growth_table, summary, wins, write_report
from results import Growth, Program, Results, Row, read_results


def program(name, *seconds, **more):
    return Program(name, "how | it is done", list(seconds), [2 * s for s in seconds], **more)


@pytest.fixture
def results():
    measured = Results({"processors": "2"}, {"plink2": "v2"}, {"lake": "8 batches"})
    measured.put(
        Row(
            "ingest",
            "Ingest",
            "a VCF",
            "time",
            [program("allelake", 4.0, 6.0, 5.0), program("plink2", 10.0, 10.0, 10.0)],
            0.8,
            "plink2",
        )
    )
    measured.put(
        Row(
            "tenth",
            "Questions",
            "a tenth",
            "time",
            [
                program("allelake", 0.2),
                program("plink2", 0.1),
                program("Hail", missing="failed: x|y"),
            ],
            1.5,
            "plink2",
        )
    )
    measured.put(
        Row(
            "bytes",
            "Bytes on disk",
            "phased",
            "bytes",
            [Program("allelake", "", bytes_written=90), Program("bcftools", "", bytes_written=100)],
            1.0,
            "bcftools",
        )
    )
    measured.put(
        Row("one", "Questions", "one variant", "milliseconds", [program("allelake", 0.03)], 20)
    )
    measured.put(
        Row("memory", "Memory", "a VCF", "memory", [Program("allelake", "", peak_mib=900)], 1536)
    )
    for key in ("sites", "people"):
        measures = {
            "seconds of ingest": [1.0, 1.5, 2.5, 4.5],
            "CPU seconds of ingest": [2.0, 3.0, 5.0, 8.0],
            "bytes of tables": [1e6, 2e6, 4e6, 8e6],
            "ms of every frequency of a tenth": [10.0, 20.0, 40.0, 80.0],
            "CPU ms of every frequency of a tenth": [20.0, 40.0, 80.0, 160.0],
            "ms of a region": [10.0, 10.0, 10.0, 10.0],
            "non-reference genotypes": [1e6, 2e6, 4e6, 8e6],
        }
        measured.put_growth(Growth(key, f"{key}, x", [1000, 2000, 4000, 8000], 500, measures))
    return measured


def test_results_come_back_from_json_as_they_were(results, tmp_path):
    results.write(tmp_path / "results.json")
    assert read_results(tmp_path / "results.json") == results


def test_a_ratio_is_of_medians_and_its_spread_of_runs_side_by_side(results):
    spread = results.rows[0].spread(results.rows[0].programs[1])
    assert (spread.middle, spread.least, spread.most) == (0.5, 0.4, 0.6)


def test_each_bound_is_told_as_kept_or_not(results):
    results.growth.pop()
    results.growth[0].measures["ms of every frequency of a tenth"] = [10.0, 22.0, 44.0, 80.0]
    lines = summary(results).splitlines()[2:]
    assert lines == [
        "| ingest: a VCF | plink2 | 0.8 | 0.5 | yes |",
        "| memory: a VCF |  | 1,536 MiB | 900 MiB | yes |",
        "| bytes on disk: phased | bcftools | 1 | 0.9 | yes |",
        "| questions: a tenth | plink2 | 1.5 | 2 | **no** |",
        "| questions: one variant |  | 20 ms | 30 ms | **no** |",
        "| twice the sites: seconds of ingest | half of them | 2.1 | 1.8 | yes |",
        "| twice the sites: ms of every frequency of a tenth | half of them | 2.1 | 2.2 | **no** |",
        "| twice the sites: bytes of tables | half of them | 2.1 | 2 | yes |",
    ]


def test_where_a_peer_wins_is_said(results):
    assert wins(results) == "* questions, a tenth: plink2 (`how | it is done`) is 2 times faster."


def test_a_row_measured_again_takes_the_place_of_the_old_one(results):
    results.put(Row("bytes", "Bytes on disk", "anew", "bytes", []))
    assert [row.key for row in results.rows].count("bytes") == 1


def test_each_doubling_has_its_factor(results):
    assert "| seconds of ingest | 1 | 1.5 | 2.5 | 4.5 | 1.50, 1.67, 1.80 |" in growth_table(
        results.grown("sites")
    )


def test_the_page_has_every_program_and_its_figures_are_drawn(results, tmp_path):
    folder = tmp_path / "benchmarks"
    folder.mkdir()
    (folder / "old.svg").write_text("left over")
    results.write(folder / "results.json")
    write_report(results, folder / "results.json")
    page = (tmp_path / "benchmarks.md").read_text()
    assert "failed: x/y" in page and "![a tenth](benchmarks/tenth.svg)" in page
    drawn = sorted(path.name for path in folder.glob("*.svg"))
    assert drawn == [
        "bytes.svg",
        "growth-people.svg",
        "growth-sites.svg",
        "ingest.svg",
        "tenth.svg",
    ]
    for path in folder.glob("*.svg"):
        assert "prefers-color-scheme: dark" in path.read_text()
        ElementTree.parse(path)
    cost = (tmp_path / "why" / "how-cost-grows.md").read_text()
    assert "](../benchmarks/growth-sites.svg)" in cost and "$" not in cost


def test_a_busy_machine_is_told(results, tmp_path):
    assert busy(results.machine) == ""
    results.machine["load at the start"] = "0.90"
    assert busy(results.machine) == ""
    results.machine["load at the start"] = "1.00"
    assert "a load of 1.00 on 2 processors" in busy(results.machine)


def test_a_project_is_extrapolated_in_proportion(results):
    filled = projection(results)
    # 4,000 x 500 genotypes more in 3 CPU seconds more, and a byte for each that is not reference.
    assert filled["bcf_rate"] == "0.667" and filled["bytes_wide"] == "1.00"
    assert "| tables, genotypes only | 0.24 TB | 4.50 TB |" in filled["table"]
    # 53,000 x 400 million genotypes, two thirds of a million each CPU second.
    assert "8,833 CPU hours" in filled["table"]


def test_durations_are_told_in_a_unit_that_fits():
    told = [duration(seconds) for seconds in (0.5, 90, 600, 7200, 400_000)]
    assert told == ["0.5 s", "90 s", "10 minutes", "2.0 hours", "4.6 days"]
