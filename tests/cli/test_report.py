"""`allelake report` and `allelake summary --full`: what is written, and what is refused."""

import shutil
from pathlib import Path

import pytest


def test_a_cohort_too_small_for_the_rule_is_refused_and_nothing_is_written(
    run, lake: Path, tmp_path: Path
) -> None:
    page = tmp_path / "report.html"
    ended = run("report", lake, "-o", page)
    assert ended.code == 5
    assert "fewer people than may be spoken of" in ended.err
    assert "--min-cell none" in ended.err
    # How many they are would be the count that is not to be told.
    assert not any(word.isdigit() and int(word) == 6 for word in ended.err.split())
    assert not page.exists()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--min-cell", "al-of-us"), 2, "Did you mean 'all-of-us'"),
        (("--cohort", "nroth"), 5, "north"),
        (("--by", "popultion", "--min-cell", "none"), 5, "Did you mean 'population'"),
        (("--compare", "nroth", "--min-cell", "none"), 5, "north"),
    ],
)
def test_what_cannot_be_reported_is_told(
    run, lake: Path, tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    ended = run("report", lake, "-o", tmp_path / "report.html", *arguments)
    assert ended.code == code
    assert said in ended.err
    assert list(tmp_path.iterdir()) == []


def test_an_output_that_cannot_be_written_is_told(run, lake: Path, tmp_path: Path) -> None:
    there = tmp_path / "there.html"
    there.write_text("mine")
    ended = run("report", lake, "-o", there)
    assert (ended.code, there.read_text()) == (2, "mine")
    assert run("report", lake, "-o", tmp_path / "no" / "a.html").code == 2
    assert run("report", lake).code == 2


def test_the_full_summary_has_the_sections_of_the_report(run, lake: Path) -> None:
    ended = run("summary", lake, "--full", "--min-cell", "none", "--compare", "north")
    assert ended.code == 0, ended.err
    headings = [line for line in ended.out.splitlines() if line.isupper() and line[0].isalpha()]
    assert headings == [
        "WHO IS IN THE COHORT",
        "WHERE THE VARIANTS LIE",
        "HOW FREQUENT THE VARIANTS ARE",
        "TI/TV AND HET/HOM BY PERSON",
        "CALL RATE AND DEPTH",
        "PRINCIPAL COMPONENTS",
        "KINSHIP",
        "WHAT AN RESTS ON",
        "BATCHES",
        "COMPARED WITH COHORT NORTH",
    ]
    lines = [" ".join(line.split()) for line in ended.out.splitlines()]
    assert "north 3 50.0%" in lines
    assert "nan" not in ended.out.lower().split()
    assert "█" not in ended.out


def test_the_full_summary_is_of_the_whole_lake(run, lake: Path) -> None:
    ended = run("summary", lake, "--full", "--region", "chr22")
    assert ended.code == 2
    assert "whole lake" in ended.err


@pytest.mark.parametrize("option", [("--min-cell", "50"), ("--by", "sex"), ("--compare", "north")])
def test_what_only_the_full_summary_heeds_is_refused_without_it(
    run, lake: Path, option: tuple[str, str]
) -> None:
    ended = run("summary", lake, *option)
    assert (ended.code, ended.out) == (2, "")
    assert f"{option[0]} without --full" in ended.err


def test_a_damaged_file_is_told_without_a_traceback(run, lake: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.lake"
    shutil.copytree(lake, broken)
    for file in (broken / "data").rglob("*.parquet"):
        file.chmod(0o644)
        file.write_text("no Parquet, but long enough to be looked at")
    for command in (("summary", broken), ("report", broken, "-o", tmp_path / "r.html")):
        ended = run(*command)
        assert ended.code == 3, ended.err
        assert "cannot be read" in ended.err and "allelake check" in ended.err
        assert "Traceback" not in ended.err


def test_bars_compare_people_and_nothing_is_drawn_for_nobody() -> None:
    from allelake.report.parts import Report, Section, Table
    from allelake.report.terminal import report_lines

    table = Table("People by x\x1b[31m", ["x", "people"], [["a", 60], ["b", 1], ["c", 0]])
    report = Report(
        "t", [("lake", "l")], ["rule"], [Section("k", "who", ["w"], [], [table])], False
    )
    lines = list(report_lines(report, with_bars=True))
    assert [line.count("█") for line in lines[-3:]] == [30, 1, 0]
    assert not any("\x1b" in line for line in lines)
