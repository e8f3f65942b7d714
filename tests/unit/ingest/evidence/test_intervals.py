"""Drawn evidence, and the callable intervals it becomes."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from allelake.errors import InputError
from allelake.ingest.evidence.bins import reg2bin
from allelake.ingest.evidence.checks import EvidenceCheck
from allelake.ingest.evidence.covered import asked_spans
from allelake.ingest.evidence.intervals import IntervalBuilder
from allelake.ingest.evidence.pieces import no_pieces
from allelake.model.zone import Zone
from unit.ingest.evidence.building import Row, build, evidence_of
from unit.ingest.evidence.per_base import Piece

RAW, BLOCKS, ADJ, HAPLOID = 1, 2, 4, 8
ALL = (RAW | BLOCKS | ADJ) * 17


def drawn(text: str, **changes: object) -> list[Piece]:
    """Blocks as a drawing has them: `2`s and `1`s are alleles, a bar begins another block.

    >>> [(piece.start, piece.end, piece.alleles) for piece in drawn("22|2 .11")]
    [(1, 2, 2), (3, 3, 2), (6, 7, 1)]
    """
    pieces: list[Piece] = []
    position, is_open = 1, False
    for mark in text:
        if mark == "|":
            is_open = False
            continue
        if mark in "12":
            alleles = int(mark)
            if is_open and pieces[-1].alleles == alleles:
                last = pieces.pop()
                pieces.append(Piece(last.start, position, alleles, **changes))  # type: ignore[arg-type]
            else:
                pieces.append(Piece(position, position, alleles, **changes))  # type: ignore[arg-type]
            is_open = True
        else:
            is_open = False
        position += 1
    return pieces


def spans(rows: Sequence[Row], level: int = RAW) -> list[tuple[int, int, int]]:
    """First base, last base and alleles of the rows under a level."""
    return [row[:3] for row in rows if row[3] & level]


@pytest.mark.parametrize(
    ("drawing", "found"),
    [
        ("222|22", [(1, 5, 2)]),
        ("222.22", [(1, 3, 2), (5, 6, 2)]),
        ("222|11", [(1, 3, 2), (4, 5, 1)]),
        ("2|2|2|2|1|1|2", [(1, 4, 2), (5, 6, 1), (7, 7, 2)]),
        ("", []),
    ],
)
def test_what_touches_with_equal_alleles_is_one(
    drawing: str, found: list[tuple[int, int, int]]
) -> None:
    pieces = drawn(drawing)
    assert spans(build([pieces])) == found
    # Cut everywhere.
    assert spans(build([[piece] for piece in pieces])) == found


def test_where_evidence_overlaps_most_alleles_count() -> None:
    record = Piece(4, 5, 2, "record")
    assert spans(build([[Piece(1, 9, 1), record]])) == [(1, 3, 1), (4, 5, 2), (6, 9, 1)]
    assert spans(build([[Piece(1, 9, 1)], [record]])) == [(1, 3, 1), (4, 5, 2), (6, 9, 1)]
    half = Piece(4, 5, 1, "record")
    assert spans(build([[Piece(1, 9, 2), half]])) == [(1, 9, 2)]


def test_each_half_of_a_cut_interval_has_the_measures_of_its_own_pieces() -> None:
    pieces = [Piece(1, 3, 1, dp=3), Piece(4, 9, 1, dp=20), Piece(5, 5, 2, "record", dp=8)]
    rows = [(row[0], row[1], row[4]) for row in build([pieces]) if row[3] & RAW]
    assert rows == [(1, 4, 3), (5, 5, 8), (6, 9, 20)]
    assert build([pieces]) == build([[piece] for piece in pieces])


def test_equal_intervals_of_several_levels_are_one_row() -> None:
    assert build([[Piece(1, 9, 2)]]) == [(1, 9, 2, ALL, 30, 50, "block")]


def test_depth_zero_is_evidence_for_blocks_at_their_word_only() -> None:
    rows = build([[Piece(1, 4, 2, dp=0), Piece(5, 9, 2, dp=1), Piece(10, 10, 2, dp=None)]])
    assert spans(rows, RAW) == [(5, 10, 2)]
    assert spans(rows, BLOCKS) == [(1, 10, 2)]
    record = build([[Piece(1, 4, 2, "record", dp=0)]])
    assert spans(record, RAW) == [(1, 4, 2)]


@pytest.mark.parametrize(
    ("room", "dp", "gq", "passes"),
    [(2, 10, 20, True), (2, 9, 20, False), (2, 10, 19, False), (1, 5, 20, True), (1, 4, 20, False),
     (2, None, 99, False), (2, 99, None, False)],
)  # fmt: skip
def test_adj_thresholds(room: int, dp: int | None, gq: int | None, passes: bool) -> None:
    rows = build([[Piece(1, 9, room, room=room, dp=dp, gq=gq)]])
    assert bool(spans(rows, ADJ)) is passes
    assert not spans(build([[Piece(1, 9, room, room=room, dp=dp, gq=gq)]], has_adj=False), ADJ)


def test_by_haploid_thresholds_only_bases_outside_par_are_known() -> None:
    zones = [Zone("chrX", 1, 4, "x_par"), Zone("chrX", 5, 8, "x"), Zone("chrX", 9, 20, "x_par")]
    piece = Piece(2, 12, 2, dp=5, gq=20)
    assert spans(build([[piece]], zones=zones), HAPLOID) == [(5, 8, 2)]
    assert spans(build([[piece]], zones=zones), ADJ) == []
    assert spans(build([[piece]]), HAPLOID) == []


def test_filtered_evidence_leaves_a_hole_under_the_passing_levels() -> None:
    pieces = [Piece(1, 4, 2), Piece(5, 6, 2, passes=False), Piece(7, 9, 2)]
    assert spans(build([pieces]), RAW) == [(1, 9, 2)]
    assert spans(build([pieces]), RAW * 16) == [(1, 4, 2), (7, 9, 2)]


def test_regions_join_called_records_and_leave_out_uncalled_ones() -> None:
    records = [
        Piece(4, 5, 2, "record"), Piece(8, 8, 1, "record"), Piece(11, 12, 0, "record"),
    ]  # fmt: skip
    rows = build([records], regions=[(1, 6), (7, 15)])
    assert [(row[0], row[1], row[2], row[6]) for row in rows if row[3] & RAW] == [
        (1, 7, 2, "regions"), (8, 8, 1, "record"), (9, 10, 2, "regions"), (13, 15, 2, "regions"),
    ]  # fmt: skip
    assert rows == build([[record] for record in records], regions=[(1, 6), (7, 15)])


def test_nothing_is_assumed_under_adj() -> None:
    assert not spans(build([[]], regions=[(1, 6)]), ADJ | ADJ * 16)


@pytest.mark.parametrize(
    ("kind", "alleles"), [("x", 3), ("y", 3), ("x_par", 3), ("y_par", 3), ("mt", 1), (None, 2)]
)
def test_what_a_region_stands_for_depends_on_the_zone(kind: str | None, alleles: int) -> None:
    zones = [Zone("c", 1, 100, kind)] if kind else []  # type: ignore[arg-type]
    rows = build([[Piece(4, 5, 2, "record")]], zones=zones, regions=[(1, 9)])
    expected = [(1, 9, 2)] if alleles == 2 else [(1, 3, alleles), (4, 5, 2), (6, 9, alleles)]
    assert spans(rows) == expected


def test_a_span_is_covered_by_one_interval_or_not_at_all() -> None:
    builder = IntervalBuilder(True, ())
    builder.add(evidence_of(drawn("2222|11.22")), no_pieces(), 20)
    first, last = np.array([1, 4, 5, 6, 8], np.int32), np.array([4, 5, 6, 7, 9], np.int32)
    assert (builder.covered(first, last) & 3).tolist() == [2, 0, 1, 0, 2]


def test_a_span_up_to_the_border_is_known_before_its_interval_ends() -> None:
    builder = IntervalBuilder(True, ())
    assert len(builder.add(evidence_of([Piece(1, 9, 2)]), no_pieces(), 10)) == 0
    span = np.array([3], np.int32), np.array([9], np.int32)
    assert (builder.covered(*span) & 3).tolist() == [2]


def test_insertions_ask_for_the_base_after_and_structural_alleles_for_nothing() -> None:
    alts = ["C", "AT", "A", "<DEL>", "A[chr2:9[", "]chr2:9]A", "A.", ".A", "AC", "ACT"]
    refs = ["A", "A", "ACG", "A", "A", "A", "A", "A", "GT", "CC"]
    table = pa.table(
        {
            "position": pa.array([10] * len(alts), pa.int32()),
            "end_position": pa.array([9 + len(ref) for ref in refs], pa.int32()),
            "ref": pa.array(refs),
            "alt": pa.array(alts).dictionary_encode(),
        }
    )
    asked, has_span = asked_spans(table)
    assert asked.end[has_span].tolist() == [10, 11, 12, 11, 11]
    assert has_span.tolist() == [True] * 3 + [False] * 5 + [True] * 2


def _reg2bin(begin: int, end: int) -> int:
    """The function of the SAM specification, 5.3: zero-based, half-open."""
    end -= 1
    for shift, offset in ((14, 4681), (17, 585), (20, 73), (23, 9), (26, 1)):
        if begin >> shift == end >> shift:
            return offset + (begin >> shift)
    return 0


def test_bins_are_those_of_the_sam_specification() -> None:
    generator = np.random.default_rng(1)
    start = generator.integers(1, 250_000_000, 2_000).astype(np.int32)
    length = 2 ** generator.integers(0, 28, 2_000)
    end = np.minimum(start + length - 1, 2**29).astype(np.int32)
    expected = [_reg2bin(a - 1, b) for a, b in zip(start.tolist(), end.tolist(), strict=True)]
    assert reg2bin(start, end).tolist() == expected


@pytest.mark.parametrize(
    ("chunks", "message"),
    [
        ([[Piece(1, 5, 2), Piece(5, 9, 2)]], r"c:5 begins before an earlier one ends \(5\)"),
        ([[Piece(1, 5, 2)], [Piece(4, 9, 0)]], r"c:4 begins before an earlier one ends \(5\)"),
        ([[Piece(1, 101, 2)]], "c:1 ends at 101, but c has 100 bases"),
        ([[Piece(9, 8, 2)]], "c:9 ends at 8, before it begins"),
        ([[Piece(9, 9, 2)], [Piece(8, 8, 2, "record")]], "record at c:8 stands after"),
    ],
)
def test_evidence_that_cannot_be_is_refused(chunks: list[list[Piece]], message: str) -> None:
    check = EvidenceCheck(Path("some.g.vcf"), "c", 100)
    with pytest.raises(InputError, match=f"some.g.vcf: the .*{message}"):
        for chunk in chunks:
            check.add(evidence_of(chunk))


def test_blocks_that_only_lack_an_alt_may_overlap_any_other() -> None:
    check = EvidenceCheck(Path("some.g.vcf"), "c", 100)
    bare = evidence_of([Piece(5, 8, 2), Piece(5, 5, 2)])
    check.add(evidence_of([Piece(1, 9, 2)]))
    check.add(replace(bare, is_bare=np.ones(2, np.bool_)))
    with pytest.raises(InputError, match=r"c:9 begins before an earlier one ends \(9\)"):
        check.add(evidence_of([Piece(9, 9, 2)]))


def test_records_may_overlap_blocks_and_one_another() -> None:
    check = EvidenceCheck(Path("some.g.vcf"), "c", 100)
    check.add(evidence_of([Piece(1, 9, 2), Piece(2, 50, 2, "record"), Piece(10, 20, 2)]))
    check.add(evidence_of([Piece(21, 30, 2), Piece(21, 21, 2, "record")]))
