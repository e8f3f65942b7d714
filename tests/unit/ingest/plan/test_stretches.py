"""A large file is cut into stretches that share its records, whatever machine reads it."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import pytest

from allelake.ingest.planning.parts import make_parts
from allelake.ingest.planning.stretches import stretches_of
from allelake.ingest.spec import Cut, FileReport
from unit.ingest.plan.reports import report

LEAST = 1000


def file_of(contigs: Mapping[str, int], step: int = 100) -> FileReport:
    """A file with so much text on each contig, a cut every `step` bytes, a record for each."""
    cuts: list[Cut] = []
    place = records = 50
    for name, size in contigs.items():
        for start in range(0, size, step):
            cuts.append(Cut(place + start, place + start, name, start + 1, records - 50))
            records += 1
        place += size
    cuts.append(Cut(place, place, "", 0, records - 50))
    return replace(report(), cuts=tuple(cuts))


def bounds(file: FileReport, names: set[str], step: int = 100) -> list[tuple[int, int]]:
    stretches = stretches_of(file, {name: name for name in names}, LEAST)
    for stretch in stretches:
        assert stretch.end - stretch.start == stretch.text_bytes
        assert stretch.records == -(-stretch.text_bytes // step)
    return [(stretch.start - 50, stretch.end - 50) for stretch in stretches]


@pytest.mark.parametrize(
    ("size", "parts"), [(900, 1), (1900, 1), (2000, 2), (3900, 2), (4000, 4), (100_000, 8)]
)
def test_a_contig_is_cut_in_two_four_or_eight_of_about_the_same_length(
    size: int, parts: int
) -> None:
    found = bounds(file_of({"chr1": size}), {"chr1"})
    assert len(found) == parts
    assert found[0][0] == 0
    assert found[-1][1] == size
    assert all(one[1] == other[0] for one, other in pairwise(found))
    assert max(end - start for start, end in found) - min(e - s for s, e in found) <= 200


def test_small_contigs_share_a_stretch_and_large_ones_do_not() -> None:
    file = file_of({"chr1": 2000, "chr2": 300, "chr3": 300, "chr4": 300, "chr5": 300})
    names = {f"chr{n}" for n in range(1, 6)}
    assert bounds(file, names) == [(0, 1000), (1000, 2000), (2000, 2900), (2900, 3200)]


def test_contigs_that_are_left_out_are_not_read() -> None:
    file = file_of({"chr1": 300, "chr2": 5000, "chr3": 300})
    assert bounds(file, {"chr1", "chr3"}) == [(0, 300), (5300, 5600)]


def test_few_cuts_make_fewer_stretches_and_none_is_empty() -> None:
    assert bounds(file_of({"chr1": 8000}, step=8000), {"chr1"}, 8000) == [(0, 8000)]
    cuts = bounds(file_of({"chr1": 9000}, step=3000), {"chr1"}, 3000)
    assert cuts == [(0, 3000), (3000, 6000), (6000, 9000)]


def test_a_file_that_is_left_aligned_is_not_cut() -> None:
    file = file_of({"chr22": 500_000_000}, step=50_000_000)
    names = {"chr22": "chr22"}
    assert len(make_parts([file], ("ann", "bo"), names)) == 2
    (part,) = make_parts([file], ("ann", "bo"), names, left_align=True)
    assert part.inputs[0].stretch is None
