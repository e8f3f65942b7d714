"""Ingests of gVCFs and other files of one sample each: one batch, replaced, all or nothing."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from allelake.errors import InputError
from allelake.ingest.options import IngestOptions
from allelake.ingest.people.import_people import import_people
from allelake.ingest.run import ingest
from allelake.warehouse.check.run import check_lake
from allelake.warehouse.snapshots import current_snapshot, files_for_readers
from unit.ingest.driver.test_ingest import Watcher, contents, lake, tables, write

__all__ = ["lake"]

BLOCKS = [
    "chr1 1 . A <NON_REF> . . END=99 GT:DP 0/0:30",
    "chr1 100 . A G,<NON_REF> . . . GT:DP 0/1:20",
    "chr1 101 . A <NON_REF> . . END=400 GT:DP 0/0:0",
]


def gvcf(folder: Path, name: str, records: Sequence[str] = tuple(BLOCKS)) -> Path:
    return write(folder / f"{name}.g.vcf", [name], records)


def rows(lake: Path, table: str) -> list[dict[str, object]]:
    """All rows of a table's live files, in the files' order."""
    found: list[dict[str, object]] = []
    for file in files_for_readers(lake):
        if file.table == table:
            found += pq.read_table(lake / file.path, partitioning=None).to_pylist()
    return found


def test_gvcfs_of_one_command_are_one_batch_with_a_file_for_each_table(
    lake: Path, tmp_path: Path
) -> None:
    files = [gvcf(tmp_path, f"s{n}") for n in range(12)]
    watcher = Watcher()
    result = ingest(lake, files, IngestOptions(workers=2), watcher)
    assert watcher.steps == ["inspect", "read", "unite", "commit"]
    (batch,) = result.batches
    assert batch.counts["records_kept"] == 36
    assert batch.counts["blocks"] == 24
    # A variant of twelve files is one row of `sites`.
    assert batch.counts["variants"] == 1
    (row,) = tables(lake)["batches"].to_pylist()
    found = [
        row[name] for name in ("kind", "absent", "has_blocks", "samples", "records", "variants")
    ]
    assert found == ["per_sample", "unknown", True, 12, 36, 1]
    live = [file.table for file in files_for_readers(lake)]
    for table in ("calls", "callable", "sites", "sample_counts"):
        assert live.count(table) == 1
    assert [call["sample_number"] for call in rows(lake, "calls")] == list(range(12))
    told = {notice.code: notice.count for notice in batch.notices}
    assert told["block_without_reads"] == 12
    assert [finding for finding in check_lake(lake) if finding.severity == "error"] == []


def test_the_order_in_which_workers_end_changes_nothing(tmp_path: Path) -> None:
    found = []
    for workers in (1, 2):
        made = tmp_path / str(workers)
        made.mkdir()
        one = lake.__wrapped__(made)  # type: ignore[attr-defined]
        files = [gvcf(made, f"s{n}", BLOCKS[: 1 + n % 3]) for n in range(5)]
        ingest(one, files, IngestOptions(workers=workers))
        found.append({f.path for f in files_for_readers(one) if f.contig})
    assert found[0] == found[1]


def test_one_refused_file_of_many_leaves_the_lake_as_it_was(lake: Path, tmp_path: Path) -> None:
    fine = [gvcf(tmp_path, f"s{n}") for n in range(3)]
    broken = gvcf(tmp_path, "s3", [*BLOCKS, "chr1 400 . A <NON_REF> . . END=500 GT 0/0"])
    before = contents(lake)
    with pytest.raises(InputError, match=r"s3\.g\.vcf: record 4 .*chr1:400.* ends at 400"):
        ingest(lake, [*fine, broken])
    assert contents(lake) == before


def test_a_sample_that_is_replaced_keeps_its_person_and_leaves_in_the_same_commit(
    lake: Path, tmp_path: Path
) -> None:
    people = tmp_path / "people.tsv"
    people.write_text("sample\tparticipant\tsex\tpreferred\ns0\tp7\tfemale\ttrue\n")
    ingest(lake, [gvcf(tmp_path, "s0"), gvcf(tmp_path, "s1")])
    import_people(lake, people)
    number = current_snapshot(lake).number
    again = write(tmp_path / "again.g.vcf", ["s0"], BLOCKS[:2])
    with pytest.raises(InputError, match="--replace"):
        ingest(lake, [again])
    result = ingest(lake, [again], IngestOptions(replace=True))
    assert result.snapshot == number + 1
    found = [
        (
            row["sample_number"],
            row["sample_id"],
            row["participant_id"],
            row["sex"],
            row["preferred"],
        )
        for row in tables(lake)["samples"].to_pylist()
    ]
    assert found == [(1, "s1", "s1", None, None), (2, "s0", "p7", "XX", True)]
    (removed,) = tables(lake)["removals"].to_pylist()
    assert (removed["sample_number"], removed["batch"], removed["kind"]) == (0, 1, "replaced")
    assert [row["samples"] for row in tables(lake)["batches"].to_pylist()] == [1, 1]
    members = tables(lake)["cohort_members"].to_pylist()
    assert [row["sample_number"] for row in members] == [1, 2]
    before = contents(lake)
    assert ingest(lake, [again], IngestOptions(replace=True)).snapshot is None
    assert contents(lake) == before


def test_a_replacement_that_fails_leaves_the_old_sample(lake: Path, tmp_path: Path) -> None:
    ingest(lake, [gvcf(tmp_path, "s0")])
    before = contents(lake)
    records = ["chr1 1 . A G . . . GT 0/1", "chr1 1 . A G . . . GT 1/1"]
    with pytest.raises(InputError, match="unlike genotypes"):
        ingest(lake, [write(tmp_path / "b.vcf", ["s0"], records)], IngestOptions(replace=True))
    assert contents(lake) == before


def test_a_joint_call_set_may_replace_samples_of_others(lake: Path, tmp_path: Path) -> None:
    ingest(lake, [gvcf(tmp_path, "s0"), gvcf(tmp_path, "s1")])
    joint = write(tmp_path / "j.vcf", ["s1", "s2"], ["chr1 100 . A G . . . GT 0/1 0/0"])
    ingest(lake, [joint], IngestOptions(replace=True))
    found = tables(lake)["samples"].to_pylist()
    assert [(row["sample_number"], row["sample_id"]) for row in found] == [
        (0, "s0"),
        (2, "s1"),
        (3, "s2"),
    ]


@pytest.mark.parametrize("kind", ["alone", "joint"])
def test_regions_are_stored_with_their_basis(lake: Path, tmp_path: Path, kind: str) -> None:
    targets = tmp_path / "targets.bed"
    targets.write_text("chr1\t49\t200\nchrM\t0\t10\n")
    samples = ["ann"] if kind == "alone" else ["ann", "bo"]
    record = "chr1 100 . A G . . . GT " + " ".join(["0/1"] * len(samples))
    file = write(tmp_path / "exome.vcf", samples, [record])
    ingest(lake, [file], IngestOptions(regions=targets))
    (row,) = tables(lake)["batches"].to_pylist()
    assert (row["absent"], row["has_blocks"], row["contigs"]) == ("regions", False, ["chr1"])
    found = {
        (r["contig"], r["start_position"], r["end_position"], r["sample_number"], r["basis"])
        for r in rows(lake, "callable")
        if r["basis"] == "regions"
    }
    number = 0 if kind == "alone" else None
    assert found == {
        ("chr1", 50, 200, number, "regions"),
        ("chrM", 1, 10, number, "regions"),
    }


def test_files_of_sites_alone_know_nothing_of_blocks(lake: Path, tmp_path: Path) -> None:
    ingest(lake, [write(tmp_path / "sites.vcf", [], ["chr1 100 . A G . . ."])])
    (row,) = tables(lake)["batches"].to_pylist()
    assert (row["kind"], row["has_blocks"]) == ("sites_only", None)


def test_a_snapshot_tells_how_many_samples_were_replaced(lake: Path, tmp_path: Path) -> None:
    ingest(lake, [gvcf(tmp_path, "s0")])
    ingest(lake, [write(tmp_path / "n.vcf", ["s0"], BLOCKS[:1])], IngestOptions(replace=True))
    assert current_snapshot(lake).detail["replaced_samples"] == 1


def test_tables_stay_typed_where_the_lake_has_metadata(lake: Path, tmp_path: Path) -> None:
    people = tmp_path / "people.tsv"
    people.write_text("sample\tage\tjoined\nzz\t41\t2020-01-02\n")
    import_people(lake, people)
    ingest(lake, [gvcf(tmp_path, "s0"), gvcf(tmp_path, "zz")])
    samples = tables(lake)["samples"]
    assert samples.schema.field("age").type == pa.int64()
    assert samples["age"].to_pylist() == [None, 41]


def test_a_record_without_an_alt_is_its_samples_own_where_regions_are_assumed(
    lake: Path, tmp_path: Path
) -> None:
    """All that is said of it is its own: a no-call leaves a hole, a call is in no region's part."""
    records = [
        "chr1 100 . A . . . . GT:DP 0/0:30",
        "chr1 100 . ACG . . . . GT:DP 0/0:30",
        "chr1 200 . A . . . . GT:DP ./.:30",
        "chr1 300 . A . . . . GT:DP 0/0:0",
        "chr1 900 . A . . . . GT:DP 0/0:9",
    ]
    bed = tmp_path / "capture.bed"
    bed.write_text("chr1\t149\t310\n")
    ingest(lake, [gvcf(tmp_path, "ann", records)], IngestOptions(workers=1, regions=bed))
    (batch,) = tables(lake)["batches"].to_pylist()
    assert (batch["has_blocks"], batch["absent"]) == (False, "regions")
    names = ("start_position", "end_position", "alleles", "basis")
    raw = [tuple(row[n] for n in names) for row in rows(lake, "callable") if row["policies"] & 1]
    assert raw == [
        (100, 102, 2, "record"),
        (150, 199, 2, "regions"),
        (201, 299, 2, "regions"),
        (301, 310, 2, "regions"),
        (900, 900, 2, "record"),
    ]
