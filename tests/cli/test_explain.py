"""explain: the line that answers, the groups of samples, the samples, and other formats."""

import csv
import io
import json
from pathlib import Path

import pytest

import allelake

ADJ = ("--policy", "adj@1")


def test_the_answer_comes_first_and_then_the_groups(run, lake: Path) -> None:
    ended = run("explain", lake, "22-16050115-G-A")
    first, about, empty, header, *groups = ended.out.splitlines()
    assert first == (
        "chr22-16050115-G-A: AC 3, AN 11 = 11 in records + 0 in blocks + 0 assumed; "
        "0 of 6 samples unknown"
    )
    assert about.startswith("explain_an: cohort all, policy raw, ploidy as_called, filter any, ")
    assert "variant 22-16050115-G-A" in about
    assert empty == ""
    assert header.split()[:7] == ["contig", "position", "ref", "alt", "part", "batch", "samples"]
    assert [group.split()[4:10] for group in groups] == [
        ["record", "1", "5", "10", "2", "called"],
        ["record", "1", "1", "1", "1", "half_called"],
    ]


def test_the_groups_name_nobody_and_samples_do(run, lake: Path) -> None:
    groups = run("explain", lake, "rs4", *ADJ, "-f", "csv")
    assert not {"s1", "s2", "s3", "s4", "s5", "s6"} & set(groups.out.replace(",", " ").split())
    named = run("explain", lake, "rs4", *ADJ, "--samples", "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(named.out)))
    assert {row["sample_id"]: row["explanation"] for row in rows if row["reason"] != "called"} == {
        "s2": "fails adj@1: GQ < 20",
        "s5": "fails adj@1: AD / DP < 0.2",
    }
    assert named.err.startswith("chr22-16070000-C-CA: AC 1, AN 8 = 8 in records")


def test_json_has_the_terms_beside_the_groups(run, lake: Path) -> None:
    ended = run("explain", lake, "rsX", "-c", "north", "--ploidy", "by_sex", "-f", "json")
    said = json.loads(ended.out)
    assert (said["question"], said["cohort"], said["ploidy"]) == ("explain_an", "north", "by_sex")
    assert {(row["reason"], row["samples"], row["alleles"]) for row in said["rows"]} == {
        ("called", 2, 3),
        ("unknown_sex", 1, 0),
    }


@pytest.mark.parametrize(
    ("name", "code", "says"),
    [
        ("22-16050115-G-C", 5, "the nearest is 'chr22-16050115-G-A'"),
        ("rs999", 5, "no variant is named 'rs999'"),
    ],
)
def test_a_variant_nobody_knows_is_an_error_with_the_nearest(
    run, lake: Path, name: str, code: int, says: str
) -> None:
    ended = run("explain", lake, name)
    assert (ended.code, ended.out) == (code, "")
    assert says in ended.err


def test_python_explains_the_same(lake: Path) -> None:
    with allelake.open(lake) as opened:
        groups = opened.explain("rs4", policy="adj@1").to_dicts()
        samples = opened.explain("rs4", policy="adj@1", samples=True).to_dicts()
        (counted,) = opened.allele_frequency(id="rs4", policy="adj@1").to_dicts()
    assert sum(group["alleles"] for group in groups) == counted["an"]
    assert sum(sample["alleles"] for sample in samples) == counted["an"]
    assert sum(group["samples"] for group in groups) == len(samples) == 6


def test_every_variant_of_the_lake_adds_up(run, lake: Path) -> None:
    with allelake.open(lake) as opened:
        for policy in ("raw", "adj@1"):
            for row in opened.allele_frequency(policy=policy).to_dicts():
                name = "{contig}-{position}-{ref}-{alt}".format(**row)
                groups = opened.explain(name, policy=policy).to_dicts()
                alleles = {"record": 0, "block": 0, "assumed": 0, "none": 0}
                for group in groups:
                    alleles[group["part"]] += group["alleles"]
                assert alleles["record"] == row["an_record"]
                assert alleles["assumed"] == row["an_assumed"]
                assert sum(g["copies"] for g in groups) == row["ac"]


def test_the_past_is_explained_by_those_who_were_there_and_have_not_withdrawn(
    run, own_lake: Path
) -> None:
    for line in ("withdraw", own_lake, "s4", "--reason", "asked to", "--yes"), ("purge", own_lake):
        said = [run("explain", own_lake, "rs1", "-f", "json", *at) for at in ((), ("--as-of", 4))]
        then = json.loads(said[1].out)
        assert then["snapshot"] == 4
        if line[0] == "withdraw":
            assert sum(row["samples"] for row in then["rows"]) == 6
        else:
            # s4 had 1/1: of AC 3 and AN 10 one copy and eight alleles are left.
            assert said[1].err.startswith("chr22-16050075-A-G: AC 1, AN 8 = 8 in records")
            assert {row["samples"] for row in then["rows"] if row["part"] != "withdrawn"} == {4, 1}
        assert run(*line).code == 0
    early = run("explain", own_lake, "rs1", "--as-of", 1)
    assert (early.code, early.out) == (5, "")
