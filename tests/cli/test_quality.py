"""`allelake quality`: commands and methods that give what the macros give."""

import csv
import io
from pathlib import Path

import pytest

import allelake


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_samples_are_told_in_their_order(run, lake: Path) -> None:
    ended = run("quality", "samples", lake, "--region", "chr22", "--format", "csv")
    assert ended.code == 0, ended.err
    rows = rows_of(ended.out)
    assert [row["sample_id"] for row in rows] == ["s1", "s2", "s3", "s4", "s5", "s6"]
    # s5 is ./. at 16050075, s6 is ./1 at 16050115, seen from both alternates.
    assert [row["missing"] for row in rows] == ["0", "0", "0", "0", "1", "0"]
    assert [row["half_called"] for row in rows] == ["0", "0", "0", "0", "0", "2"]
    assert "region chr22" in ended.err


def test_sites_have_a_flag_with_its_reason(run, lake: Path) -> None:
    ended = run("quality", "sites", lake, "--region", "chr22:16050075", "--format", "csv")
    (row,) = rows_of(ended.out)
    assert row["is_flagged"] == "true"
    assert row["reason"] == "call rate 0.8333 is below 0.9"


@pytest.mark.parametrize(
    ("asked", "columns"),
    [
        (("hardy", "--by", "population"), {"attribute_value", "p_exact", "p_excess"}),
        (("hardy", "--x"), {"male_alternate", "p_females", "p_mid"}),
        (("hardy", "--founders"), {"p_mid", "inbreeding"}),
        (("batches", "--by", "population"), {"attribute_value", "p", "reason"}),
        (("outliers", "--by", "population"), {"metric", "deviations", "note"}),
        (("sex",), {"declared_sex", "inferred_sex", "status"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_the_others_answer(run, lake: Path, asked: tuple[str, ...], columns: set[str]) -> None:
    command, *options = asked
    ended = run("quality", command, lake, *options, "--format", "csv")
    assert ended.code == 0, ended.err
    assert columns <= set(ended.out.splitlines()[0].split(","))


def test_what_cannot_be_told_is_said(run, lake: Path) -> None:
    for asked, said in (
        (("batches",), "there is nothing to compare"),
        (("duplicates",), "it takes 50 to tell people apart"),
        (("mendel",), "both parents in it by the pedigree"),
        (("mendel", "--errors", "--duos"), "a parent in it by the pedigree"),
        (("outliers", "--by", "popultion"), "the nearest is 'population'"),
        (("sex", "--max-female-f", "0.9", "--min-male-f", "0.2"), "one figure would tell both"),
    ):
        command, *options = asked
        ended = run("quality", command, lake, *options)
        assert (ended.code, said in ended.err) == (5, True), ended.err
    ended = run("quality", "hardy", lake, "--x", "--by", "sex")
    assert ended.code == 2


def test_methods_take_names_without_prefixes(lake: Path) -> None:
    with allelake.open(lake) as opened:
        told = opened.batch_differences(by="population", within="sex", region="chr22").to_arrow()
        assert set(told["test"].to_pylist()) <= {"fisher", "cmh", "none"}
        assert opened.sample_outliers(by="population").to_arrow().num_columns == 10
        with pytest.raises(allelake.AllelakeError, match="no cohort is named"):
            opened.sample_quality("nobody").to_arrow()
        with pytest.raises(allelake.AllelakeError, match="no number that can be asked for"):
            opened.site_quality(min_call_rate=float("nan"))
        with pytest.raises(allelake.AllelakeError, match="is not in the region"):
            opened.hardy_weinberg_x(region="chr22").to_arrow()
        with pytest.raises(allelake.AllelakeError, match="no attribute of samples is named ''"):
            opened.allele_frequency(by="").to_arrow()
