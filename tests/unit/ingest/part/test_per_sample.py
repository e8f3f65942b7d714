"""Parts of per-sample batches: what blocks and own records of small gVCFs become."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from allelake.errors import InputError
from allelake.ingest.spec import PartSummary
from unit.ingest.part.running import run, spec_for, vcf
from unit.ingest.part.staged import Row, rows_of

RAW_AND_PASSING = 1 | 2 | 16 | 32


def gvcf(
    folder: Path, records: Sequence[str], samples: Sequence[str] = ("s1",), **more: Any
) -> PartSummary:
    """A part of a per-sample batch of these records, MIN_DP and LEN declared."""
    text = vcf(samples, records).replace(
        "##FORMAT=<ID=GT",
        '##FORMAT=<ID=MIN_DP,Number=1,Type=Integer,Description="least depth">\n'
        '##FORMAT=<ID=LEN,Number=1,Type=Integer,Description="length">\n##FORMAT=<ID=GT',
    )
    chosen = {"kind": "per_sample", "has_blocks": True, "has_dp": True, "has_gq": True}
    columns = more.pop("columns", None) or [range(len(samples))]
    running = {
        name: more.pop(name)
        for name in ("chunk_bytes", "contig", "number", "regions")
        if name in more
    }
    spec = spec_for(more.pop("sample_total", len(samples)), **(chosen | more))
    return run(folder, text, spec, columns=columns, **running)


def intervals(summary: PartSummary, *names: str) -> list[tuple[Any, ...]]:
    """Rows of `callable` as tuples: start, end, alleles, policies and the columns named."""
    wanted = ("start_position", "end_position", "alleles", "policies", *names)
    return sorted(tuple(row[name] for name in wanted) for row in rows_of([summary], "callable"))


def block(position: int, end: int | None, genotype: str = "0/0", contig: str = "chr1") -> str:
    """A reference block that says nothing of depth."""
    info = "." if end is None else f"END={end}"
    return f"{contig} {position} . A <NON_REF> . . {info} GT {genotype}"


def calls(summary: PartSummary) -> dict[tuple[int, str, int], Row]:
    """Rows of `calls` by position, ALT and sample."""
    return {(r["position"], r["alt"], r["sample_number"]): r for r in rows_of([summary], "calls")}


def notices(summary: PartSummary) -> dict[str, tuple[int, str | None]]:
    """Count and first place of each notice."""
    return {notice.code: (notice.count, notice.first) for notice in summary.notices}


def test_a_file_without_records_has_no_rows(tmp_path: Path) -> None:
    made = gvcf(tmp_path, [])
    assert made.files == ()
    assert made.contigs == ()


def test_blocks_that_touch_are_one_interval(tmp_path: Path) -> None:
    made = gvcf(tmp_path, [block(10, 19), block(20, 29), block(31, 40)])
    assert intervals(made) == [(10, 29, 2, RAW_AND_PASSING), (31, 40, 2, RAW_AND_PASSING)]
    assert made.counts["blocks"] == 3
    assert made.counts["callable"] == 2
    assert not rows_of([made], "sites")
    assert not rows_of([made], "sample_counts")


@pytest.mark.parametrize("alt", ["<NON_REF>", "<*>", "."])
def test_a_block_may_spell_its_alt_in_three_ways(tmp_path: Path, alt: str) -> None:
    made = gvcf(tmp_path, [f"chr1 10 . A {alt} . . END=20 GT 0/0"])
    assert intervals(made, "basis") == [(10, 20, 2, RAW_AND_PASSING, "block")]


def test_a_block_ends_at_end_else_after_len_else_with_ref(tmp_path: Path) -> None:
    made = gvcf(
        tmp_path,
        [
            "chr1 10 . A <*> . . END=19 GT:LEN 0/0:5",
            "chr1 30 . A <*> . . . GT:LEN 0/0:5",
            "chr1 40 . ACG <*> . . . GT 0/0",
            "chr1 50 . A <*> . . END=59 GT:LEN 0/0:10",
        ],
    )
    assert [row[:2] for row in intervals(made)] == [(10, 19), (30, 34), (40, 42), (50, 59)]
    assert notices(made) == {"len_disagrees_with_end": (1, "chr1:10")}


def test_min_dp_is_the_depth_of_a_block_else_dp(tmp_path: Path) -> None:
    made = gvcf(
        tmp_path,
        [
            "chr1 10 . A <*> . . END=19 GT:DP:MIN_DP:GQ 0/0:30:7:40",
            "chr1 20 . A <*> . . END=29 GT:DP:MIN_DP:GQ 0/0:9:.:50",
            "chr1 50 . A <*> . . END=59 GT:DP:MIN_DP:GQ 0/0:9:0:50",
        ],
    )
    assert intervals(made, "min_dp", "min_gq") == [
        (10, 29, 2, RAW_AND_PASSING, 7, 40),
        (50, 59, 2, 2 | 32, 0, 50),
    ]


@pytest.mark.parametrize(
    ("genotype", "code"),
    [("0/1", "block_not_reference"), ("./1", "block_not_reference"), ("1", "block_not_reference"),
     ("./.", "no_call_block"), ("0/.", "no_call_block"), (".", "no_call_block")],
)  # fmt: skip
def test_a_block_that_is_not_reference_is_no_evidence_and_told(
    tmp_path: Path, genotype: str, code: str
) -> None:
    made = gvcf(tmp_path, [block(10, 19), block(20, 29, genotype), block(30, 39)])
    assert [row[:2] for row in intervals(made)] == [(10, 19), (30, 39)]
    assert notices(made) == {code: (1, "chr1:20")}


def test_haploid_blocks_have_one_allele(tmp_path: Path) -> None:
    made = gvcf(tmp_path, [block(10, 19), block(20, 29, "0")])
    assert intervals(made) == [(10, 19, 2, RAW_AND_PASSING), (20, 29, 1, RAW_AND_PASSING)]


def test_half_calls_are_haploid_blocks_where_the_profile_says_so(tmp_path: Path) -> None:
    records = [block(500, 509, "0/.", "chr1"), block(2000, 2009, "0/.", "chrX")]
    made = gvcf(tmp_path, records, half_calls_are_haploid=True)
    assert intervals(made) == [(2000, 2009, 1, RAW_AND_PASSING)]


def test_own_records_and_blocks_join(tmp_path: Path) -> None:
    made = gvcf(
        tmp_path,
        [block(10, 19), "chr1 20 . AC A,<NON_REF> . PASS . GT 0/1", block(22, 29)],
    )
    assert intervals(made, "basis") == [(10, 29, 2, RAW_AND_PASSING, "block")]
    (row,) = calls(made).values()
    assert (row["alt_count"], row["called_count"], row["default_count"]) == (1, 2, 0)
    assert (row["tier"], row["filters"], row["adj_in_bits"]) == ("rare", [], False)
    # Two bits for each of raw, raw_blocks and those of what passes.
    assert row["covered"] == 2 * (1 + 4 + 256 + 1024)


@pytest.mark.parametrize("genotype", ["0/0", "./.", "0/2", "0/1", "2/2", ".", "0"])
def test_every_own_record_is_a_row_whatever_its_genotype(tmp_path: Path, genotype: str) -> None:
    made = gvcf(tmp_path, [f"chr1 20 . A C,G . . . GT {genotype}"])
    assert sorted(calls(made)) == [(20, "C", 0), (20, "G", 0)]


def test_non_ref_is_no_called_allele_of_a_record(tmp_path: Path) -> None:
    made = gvcf(
        tmp_path, ["chr1 20 . A C,<NON_REF> . . . GT 1/2", "chr1 30 . A C,<NON_REF> . . . GT 2/2"]
    )
    assert intervals(made) == [(20, 20, 1, RAW_AND_PASSING)]
    assert [row["called_count"] for row in calls(made).values()] == [1, 0]


def test_a_star_alone_is_evidence_and_no_variant(tmp_path: Path) -> None:
    made = gvcf(tmp_path, ["chr1 20 . A *,<NON_REF> . . . GT 0/1"])
    assert intervals(made, "basis") == [(20, 20, 2, RAW_AND_PASSING, "record")]
    assert made.counts["variants"] == 0


def test_adj_levels_take_depth_and_quality(tmp_path: Path) -> None:
    lines = []
    for place, (gt, dp, gq) in enumerate(
        [("0/0", 10, 20), ("0/0", 9, 20), ("0/0", 10, 19), ("0", 5, 20), ("0", 4, 20)]
    ):
        start = 10 * (place + 1)
        lines.append(f"chr1 {start} . A <*> . . END={start + 4} GT:DP:GQ {gt}:{dp}:{gq}")
    made = gvcf(tmp_path, lines, has_adj=True)
    assert [row[0] for row in intervals(made) if row[3] & 4] == [10, 40]
    assert not [row for row in intervals(made) if row[3] & 8]


def test_haploid_thresholds_hold_on_x_outside_par(tmp_path: Path) -> None:
    lines = ["chrX 990 . A <*> . . END=1010 GT:DP:GQ 0/0:5:20"]
    made = gvcf(tmp_path, lines, has_adj=True)
    assert intervals(made) == [(990, 1010, 2, RAW_AND_PASSING), (1001, 1010, 2, 8 | 128)]


def test_filtered_evidence_is_not_among_the_passing_levels(tmp_path: Path) -> None:
    made = gvcf(tmp_path, [block(10, 19), "chr1 20 . A C . q10 . GT 0/1", block(21, 29)])
    assert intervals(made) == [(10, 19, 2, 48), (10, 29, 2, 3), (21, 29, 2, 48)]
    (row,) = calls(made).values()
    assert row["filters"] == ["q10"]
    assert row["covered"] == 2 * (1 + 4)


def test_an_insertion_asks_for_the_base_after_it(tmp_path: Path) -> None:
    made = gvcf(
        tmp_path,
        [
            block(10, 19),
            "chr1 20 . A AT . . . GT 0/1",
            "chr1 30 . A AT . . . GT 0/1",
            block(31, 31),
        ],
    )
    assert {key: row["covered"] & 3 for key, row in calls(made).items()} == {
        (20, "AT", 0): 0,
        (30, "AT", 0): 2,
    }


def test_symbolic_alleles_are_never_covered(tmp_path: Path) -> None:
    made = gvcf(tmp_path, ["chr1 20 . A <DEL> . . END=25;SVTYPE=DEL GT 0/1", block(21, 60)])
    (row,) = calls(made).values()
    assert row["covered"] == 0


def test_a_deletion_over_later_blocks_is_covered_by_all_of_them(tmp_path: Path) -> None:
    made = gvcf(tmp_path, ["chr1 20 . ACGTA A . . . GT 0/1", block(22, 22), block(25, 30, "0")])
    (row,) = calls(made).values()
    assert row["covered"] & 3 == 2
    assert intervals(made) == [(20, 24, 2, RAW_AND_PASSING), (25, 30, 1, RAW_AND_PASSING)]


def test_blocks_that_overlap_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"chr1:19 begins before an earlier one ends \(19\)"):
        gvcf(tmp_path, [block(10, 19), block(19, 29)])


def test_blocks_that_overlap_over_the_border_of_chunks_are_refused(tmp_path: Path) -> None:
    lines = [block(i * 10, i * 10 + 9) for i in range(1, 9)]
    with pytest.raises(InputError, match="chr1:89"):
        gvcf(tmp_path, [*lines, block(89, 99)], chunk_bytes=1)


def test_a_block_over_the_end_of_its_contig_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"reference block at chrM:16560 ends at 16570.*16569 bases"
    ):
        gvcf(tmp_path, [block(16560, 16570, contig="chrM")])


def test_a_block_that_ends_before_it_begins_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="chr1:20"):
        gvcf(tmp_path, [block(20, 19)])


def test_sites_name_the_lowest_sample_and_every_sample_has_a_row(tmp_path: Path) -> None:
    made = gvcf(
        tmp_path,
        ["chr1 20 rs1 A C,<*> 30 q10 . GT:DP 0/1:3 ./.:.",
         "chr1 21 . A <*> . . END=29 GT:DP 0/0:3 0/0:0"],
        ("b", "a"), columns=[(5, 4)], sample_total=7, first_sample=100,
    )  # fmt: skip
    (site,) = rows_of([made], "sites")
    assert (site["source_sample"], site["id"], site["dp_n"], site["dp_sum"]) == (104, "rs1", 1, 3)
    found = calls(made)
    assert {key[2]: row["called_count"] for key, row in found.items()} == {104: 0, 105: 2}
    assert intervals(made, "sample_number") == [
        (20, 29, 2, 3, 105), (21, 29, 2, 2 | 32, 104), (21, 29, 2, 16 | 32, 105),
    ]  # fmt: skip
    counts = {row["sample_number"]: row for row in rows_of([made], "sample_counts")}
    assert counts[104]["missing_genotypes"] == 1
    assert (counts[105]["genotypes"], counts[105]["dp_n"], counts[105]["dp_sum"]) == (1, 1, 3)


def test_regions_are_reference_but_for_own_records(tmp_path: Path) -> None:
    listed = {"chr1": [[10, 19], [30, 39]], "chrM": [[1, 9]], "chrX": [[1, 2000]]}
    regions = {contig: np.array(spans, np.int32) for contig, spans in listed.items()}
    made = gvcf(
        tmp_path,
        ["chr1 12 . A C . . . GT 0/1", "chr1 35 . AC A . . . GT ./.",
         "chrX 1500 . A C . . . GT 0/1"],
        regions=regions, has_blocks=False,
    )  # fmt: skip
    found = {(r["contig"], r["start_position"], r["end_position"], r["alleles"], r["basis"])
             for r in rows_of([made], "callable")}  # fmt: skip
    assert found == {
        ("chr1", 10, 19, 2, "regions"), ("chr1", 30, 34, 2, "regions"),
        ("chr1", 37, 39, 2, "regions"),
        ("chrX", 1, 1499, None, "regions"), ("chrX", 1500, 1500, 2, "record"),
        ("chrX", 1501, 2000, None, "regions"), ("chrM", 1, 9, 1, "regions"),
    }  # fmt: skip


def _records() -> list[str]:
    lines = []
    for place in range(60):
        start = 10 + place * 10
        told = f"END={start + 5 + place % 4} GT:DP:GQ 0/0:{place % 13}:{place}"
        lines.append(f"chr1 {start} . A <*> . . {told}")
        if place % 3 == 0:
            ref = "ACGT" * (1 + place % 5)
            lines.append(f"chr1 {start + 6} . {ref} A,T . PASS . GT:DP:GQ 1/2:20:{place}")
    return lines


def test_the_files_are_the_same_however_the_records_are_cut(tmp_path: Path) -> None:
    made = []
    for number, size in enumerate((1, 200, 1 << 24)):
        folder = tmp_path / str(number)
        folder.mkdir()
        made.append(gvcf(folder, _records(), has_adj=True, chunk_bytes=size))
    digests = [{(f.table, f.contig, f.tier, f.sha256) for f in one.files} for one in made]
    assert digests[0] == digests[1] == digests[2]
    assert {table for table, *_ in digests[0]} == {"sites", "calls", "callable", "sample_counts"}
