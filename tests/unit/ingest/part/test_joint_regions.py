"""Joint batches with --regions: rows for all samples, and which variants lie inside."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from allelake.ingest.joint_regions import write_joint_regions
from unit.ingest.part.running import run, spec_for, vcf
from unit.ingest.part.staged import rows_of

REGIONS = {
    "chr1": np.array([[10, 30], [40, 50], [30_000, 40_000]], np.int32),
    "chrM": np.array([[1, 9]], np.int32),
}


def test_regions_become_intervals_of_the_whole_batch(tmp_path: Path) -> None:
    files = write_joint_regions(spec_for(2, regions=REGIONS), tmp_path)
    rows = [row for f in files for row in pq.read_table(f.path, partitioning=None).to_pylist()]
    spans = [(r["contig"], r["bin"], r["start_position"], r["end_position"]) for r in rows]
    # Sorted by bin: one that no smallest bin holds comes first.
    assert spans == [
        ("chr1", 585, 30_000, 40_000),
        ("chr1", 4681, 10, 30),
        ("chr1", 4681, 40, 50),
        ("chrM", 4681, 1, 9),
    ]
    told = {(r["sample_number"], r["alleles"], r["policies"], r["basis"]) for r in rows}
    assert told == {(None, None, 1 | 2 | 16 | 32, "regions")}


def test_a_batch_without_regions_has_no_intervals(tmp_path: Path) -> None:
    assert write_joint_regions(spec_for(2), tmp_path) == []


def test_sites_tell_whether_a_region_holds_their_whole_span(tmp_path: Path) -> None:
    records = [
        "chr1 9 . A C . . . GT 0/1",
        "chr1 10 . A C . . . GT 0/1",
        "chr1 19 . AC A . . . GT 0/1",
        "chr1 29 . A AT . . . GT 0/1",
        "chr1 30 . A AT . . . GT 0/1",
        "chr1 40 . A <DEL> . . END=45;SVTYPE=DEL GT 0/1",
        "chr1 49 . ACG A . . . GT 0/1",
        "chrX 10 . A C . . . GT 0/1",
    ]
    made = run(tmp_path, vcf(["s1"], records), spec_for(1, regions=REGIONS))
    inside = [
        (row["contig"], row["position"], row["in_regions"]) for row in rows_of([made], "sites")
    ]
    assert inside == [
        ("chr1", 9, False), ("chr1", 10, True), ("chr1", 19, True), ("chr1", 29, True),
        ("chr1", 30, False), ("chr1", 40, False), ("chr1", 49, False), ("chrX", 10, False),
    ]  # fmt: skip


def test_without_regions_nobody_can_tell(tmp_path: Path) -> None:
    made = run(tmp_path, vcf(["s1"], ["chr1 9 . A C . . . GT 0/1"]), spec_for(1))
    assert [row["in_regions"] for row in rows_of([made], "sites")] == [None]
