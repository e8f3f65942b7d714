"""Which files make which batch, and what the lake has already."""

from pathlib import Path

import pytest

from allelake.errors import InputError, UsageError
from allelake.ingest.planning.values import KnownFile
from unit.ingest.plan.reports import only, plan, report, span, tables

HELD = (
    {"sample_number": 0, "sample_id": "ann", "batch": 1},
    {
        "sample_number": 1,
        "sample_id": "bo",
        "batch": 1,
    },
)


def test_files_of_the_same_samples_are_one_batch() -> None:
    """In whatever order a file names them: its columns are mapped to the first file's order."""
    first = report("1.vcf", ("ann", "bo", "cy"), [span("chr1")])
    second = report("2.vcf", ("cy", "ann", "bo"), [span("chr2")])
    batch = only(plan(first, second))
    assert batch.samples == ("ann", "bo", "cy")
    assert [part.inputs[0].sample_columns for part in batch.parts] == [(0, 1, 2), (2, 0, 1)]
    assert (batch.spec.batch, batch.spec.first_sample, batch.spec.sample_total) == (1, 0, 3)
    assert (batch.kind, batch.records, batch.contigs) == ("joint", 20, ("chr1", "chr2"))


def test_files_of_other_samples_are_further_batches() -> None:
    made = plan(
        report("a.vcf", ("ann", "bo")), report("b.vcf", ("cy", "di")), report("c.vcf", ("ed",))
    )
    numbers = [(b.spec.batch, b.spec.first_sample, b.samples) for b in made.batches]
    assert numbers == [(1, 0, ("ann", "bo")), (2, 2, ("cy", "di")), (3, 4, ("ed",))]


def test_numbers_go_on_where_the_lake_ends() -> None:
    held = tables([{"batch": 4}], [{"sample_number": 30, "sample_id": "zoe", "batch": 4}])
    batch = only(plan(report(), having=held))
    assert (batch.spec.batch, batch.spec.first_sample) == (5, 31)


def test_the_numbers_of_removed_samples_are_never_used_again() -> None:
    gone = {"sample_number": 31, "batch": 4, "kind": "withdrawn", "removed_at": 0}
    held = tables([{"batch": 4}], [{"sample_number": 30, "sample_id": "zoe", "batch": 4}], [gone])
    assert only(plan(report(), having=held)).spec.first_sample == 32


def test_files_that_share_some_samples_are_refused() -> None:
    with pytest.raises(
        InputError, match=r"a\.vcf has 2 samples and b\.vcf has 3, and they share 1"
    ):
        plan(report("a.vcf", ("ann", "bo")), report("b.vcf", ("bo", "cy", "di")))


def test_samples_of_two_files_that_differ_by_case_are_refused() -> None:
    with pytest.raises(InputError, match=r"'ann' and b.vcf one 'Ann'"):
        plan(report("a.vcf", ("ann",)), report("b.vcf", ("Ann",)))


def test_files_without_samples_are_a_batch_of_sites() -> None:
    made = plan(report("a.vcf", ()), report("b.vcf", ("ann",)), report("c.vcf", ()))
    assert [(b.kind, len(b.files)) for b in made.batches] == [("sites_only", 2), ("per_sample", 1)]
    assert made.batches[0].profile.name == "sites_only"


def test_a_file_the_lake_has_is_left_out_and_told() -> None:
    held = tables(
        [{"batch": 1, "inputs": [{"name": "x", "bytes": 1, "sha256": "S", "records": 3}]}], HELD
    )
    again = report("again.vcf", sha256="S")
    made = plan(again, having=held)
    assert made.batches == ()
    assert made.known == (KnownFile(Path("again.vcf"), "S", 1),)
    made = plan(again, report("b.vcf", ("cy",)), having=held)
    assert only(made).samples == ("cy",)
    assert len(made.known) == 1


def test_a_file_given_twice_is_taken_once() -> None:
    made = plan(report("a.vcf", sha256="S"), report("copy.vcf", sha256="S"))
    assert [file.path.name for file in only(made).files] == ["a.vcf"]
    assert made.notices[0].code == "file_given_twice"


def test_samples_of_the_lake_are_refused_and_named() -> None:
    held = tables([{"batch": 1}], HELD)
    with pytest.raises(InputError, match=r"2 of its 2 samples .* 'ann', 'bo'.* --extend 1"):
        plan(report(), having=held)
    with pytest.raises(InputError, match=r"1 of its 3 samples .*: 'bo'. Leave them out"):
        plan(report(samples=("bo", "cy", "di")), having=held)
    with pytest.raises(InputError, match=r"'BO' and the lake's 'bo' differ by case"):
        plan(report(samples=("BO", "cy")), having=held)


def test_expected_records_are_those_of_all_files_together() -> None:
    files = report("a.vcf", spans=[span("chr1")]), report("b.vcf", spans=[span("chr2")])
    assert only(plan(*files, expect_records=20)).records == 20
    with pytest.raises(
        InputError, match=r"20 records in 2 files; --expect-records says 30 \(a.vcf"
    ):
        plan(*files, expect_records=30)


def test_extend_adds_contigs_to_a_batch() -> None:
    held = tables(
        [{"batch": 1, "absent": "reference"}, {"batch": 2}],
        [*HELD, {"sample_number": 2, "sample_id": "cy", "batch": 2}],
    )
    batch = only(plan(report(samples=("bo", "ann")), having=held, extend=1))
    assert (batch.spec.batch, batch.spec.first_sample, batch.extends) == (1, 0, True)
    assert (batch.samples, batch.absent) == (("ann", "bo"), "reference")
    assert batch.parts[0].inputs[0].sample_columns == (1, 0)


@pytest.mark.parametrize(
    ("file", "options", "told"),
    [
        (report(), {"extend": 7}, r"no such batch \(it has 1\)"),
        (report(samples=("ann", "cy")), {"extend": 1}, "lacks 1 of them and has 1 others"),
        (report(spans=[span("chr21")]), {"extend": 1}, "has records on chr21 already"),
        (report(), {"extend": 1, "absent": "reference"}, "ingested with --absent unknown"),
    ],
)
def test_extend_refuses_what_does_not_fit(file, options, told) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises((InputError, UsageError), match=told):
        plan(file, having=tables([{"batch": 1}], HELD), **options)


def test_extend_asks_for_a_profile_that_is_not_shipped(tmp_path: Path) -> None:
    held = tables([{"batch": 1, "profile": "mine"}], HELD)
    with pytest.raises(UsageError, match=r"of the user's own, 'mine'. Name its TOML file"):
        plan(report(), having=held, extend=1)
    (tmp_path / "mine.toml").write_text("")
    again = only(plan(report(), having=held, extend=1, profile=str(tmp_path / "mine.toml")))
    assert again.profile.name == "mine"


def test_extend_takes_one_call_set_at_a_time() -> None:
    with pytest.raises(InputError, match=r"2 different sets of samples"):
        plan(report(), report("b.vcf", ("cy",)), having=tables([{"batch": 1}], HELD), extend=1)


def test_absent_is_the_users_word_then_the_profiles() -> None:
    assert only(plan(report())).absent == "unknown"
    assert only(plan(report(), absent="reference")).absent == "reference"
    assert only(plan(report(samples=()), absent="reference")).absent == "unknown"


def test_batches_normalised_otherwise_are_refused_unless_insisted_on() -> None:
    held = tables([{"batch": 3}])
    reference = Path("GRCh38.fa")
    with pytest.raises(
        InputError, match=r"is with --reference, and batch 3 of the lake was made wit"
    ):
        plan(report(), having=held, reference=reference)
    plan(report(), having=held, reference=reference, allow_mixed_normalisation=True)
    held = tables([{"batch": 3, "is_normalised": "left_aligned"}])
    with pytest.raises(InputError, match=r"is without --reference"):
        plan(report(), having=held)
    assert only(plan(report(), having=held, reference=reference)).spec.reference == reference
