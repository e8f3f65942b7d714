"""What differs between two snapshots, by hand."""

import json
from fractions import Fraction

import pytest

import allelake
from cli.conftest import write_vcf
from small_lakes import copy_of

FIRST = [
    "16050075\t.\tA\tG\t50\tPASS\tDP=9\tGT\t0/1\t0/0",
    "16060000\t.\tT\tC\t50\tPASS\t.\tGT\t0/0\t0/0",
]
SECOND = [
    "16050075\t.\tA\tG\t50\tPASS\tDP=9\tGT\t0/0\t0/0\t0/0",
    "16070000\t.\tC\tT\t50\tPASS\tDP=9\tGT\t0/1\t0/0\t./.",
]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Snapshots: 1 init, 2 two people, 3 three more, whose batch lacks 16060000."""
    folder = tmp_path_factory.mktemp("diff")
    lake = allelake.init(folder / "a.lake")
    lake.ingest([write_vcf(folder / "1.vcf", "chr22", FIRST, ("a", "b"))])
    lake.ingest([write_vcf(folder / "2.vcf", "chr22", SECOND, ("c", "d", "e"))])
    lake.close()
    return folder / "a.lake"


def variants(made, *arguments, **named):
    with allelake.open(made) as lake:
        found = lake.diff(*arguments, **named)
        return {row["position"]: row for row in found.variants.to_dicts()}


def test_changed_and_new_variants_are_told_with_both_sides(made) -> None:
    rows = variants(made, 2, 3)
    assert {position: row["change"] for position, row in rows.items()} == {
        16050075: "changed",
        16070000: "new",
    }
    changed = rows[16050075]
    assert (changed["ac_before"], changed["an_before"], changed["af_before"]) == (1, 4, 0.25)
    assert (changed["ac_after"], changed["an_after"], changed["af_after"]) == (1, 10, 0.1)
    assert (changed["an_record_before"], changed["an_record_after"]) == (4, 10)
    new = rows[16070000]
    assert (new["af_before"], new["ac_after"], new["an_after"]) == (None, 1, 4)
    assert (new["unknown_samples_before"], new["unknown_samples_after"]) == (None, 2)


def test_backwards_the_new_are_gone(made) -> None:
    assert {p: row["change"] for p, row in variants(made, 3, 2).items()} == {
        16050075: "changed",
        16070000: "gone",
    }


@pytest.mark.parametrize(
    ("threshold", "is_told"), [(Fraction(149, 1000), True), (Fraction(15, 100), False)]
)
def test_a_change_of_the_threshold_itself_is_not_more_than_it(made, threshold, is_told) -> None:
    """0.25 - 0.1 is 0.15, though not in binary fractions."""
    assert (16050075 in variants(made, 2, 3, threshold=float(threshold))) is is_told


def test_a_cohort_that_nobody_called_before_becomes_known(tmp_path, made) -> None:
    own = copy_of(made, tmp_path)
    with allelake.open(own) as lake:
        lake.define_cohort("late", samples=["c", "d", "e"], allow_missing=True)
        lake.define_cohort("late", samples=["a", "b"], replace=True)
        rows = lake.diff(4, 5, cohort="late").variants.to_dicts()
    assert {row["position"]: row["change"] for row in rows} == {
        16050075: "changed",
        16060000: "known",
        16070000: "unknown",
    }


def test_a_region_and_the_current_snapshot_are_the_defaults(made) -> None:
    assert set(variants(made, 2, region="chr22:16070000-16080000")) == {16070000}


def test_the_samples_that_came_are_told_by_number_and_name(run, made) -> None:
    ended = run("diff", made, 2, 3)
    assert ended.code == 0, ended.err
    assert "Samples added: 3 (2 c, 3 d, 4 e)" in ended.out
    assert "Samples withdrawn: 0" in ended.out
    told = json.loads(run("diff", made, 2, 3, "--samples", "--format", "json").out)
    assert [row["sample_id"] for row in told["rows"]] == ["c", "d", "e"]
    assert (told["before"], told["snapshot"]) == ("snapshot 2", 3)


def test_csv_has_the_variants_alone(run, made) -> None:
    ended = run("diff", made, 2, 3, "--format", "csv")
    lines = ended.out.splitlines()
    assert lines[0].startswith("contig,position,ref,alt,change,end_position,sv_length,af_before")
    assert len(lines) == 3
    assert "Samples added: 3" in ended.err


def test_an_unknown_cohort_or_snapshot_is_an_error(run, made) -> None:
    assert run("diff", made, 2, 9).code == 5
    ended = run("diff", made, 1, 3, "--cohort", "CHZ")
    assert ended.code == 5
    assert "CHZ" in ended.err


@pytest.mark.slow
def test_who_withdrew_or_was_replaced_is_told_by_number_alone(run, made, tmp_path) -> None:
    own = copy_of(made, tmp_path)
    assert run("withdraw", own, "d", "--reason", "asked to", "--yes").code == 0
    alone = [line.rsplit("\t", 1)[0] for line in FIRST]
    again = write_vcf(tmp_path / "again.vcf", "chr22", alone, ("a",))
    assert run("ingest", own, again, "--replace", "--workers", "1").code == 0
    ended = run("diff", own, 3, 5)
    assert "Samples added: 1 (5 a)" in ended.out
    assert "Samples withdrawn: 1 (3)" in ended.out
    assert "Samples replaced: 1 (0" in ended.out
    rows = json.loads(run("diff", own, 3, 5, "--samples", "-f", "json").out)["rows"]
    told = [(row["change"], row["sample_number"]) for row in rows]
    assert sorted(told) == [("added", 5), ("replaced", 0), ("withdrawn", 3)]
    assert [row["sample_id"] for row in rows if row["change"] == "withdrawn"] == [None]
    # Purged, the two sides differ by what was replaced alone.
    assert run("purge", own).code == 0
    assert "Samples withdrawn: 1 (3)" in run("diff", own, 3, 4).out
