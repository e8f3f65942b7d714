"""Regions as texts and as BED files."""

import pytest

from allelake.errors import InputError
from allelake.model.region import Region, regions_of_bed


def test_a_bed_line_leaves_out_its_end_and_counts_from_0() -> None:
    assert regions_of_bed(["chr1\t0\t1"], "a.bed") == [Region("chr1", 1, 1)]


def test_comments_tracks_blank_lines_and_further_columns_are_passed_over() -> None:
    lines = ["# made by hand", "track name=x", "browser position", "", "chr2 9 20 exon 0 +\r\n"]
    assert regions_of_bed(lines, "a.bed") == [Region("chr2", 10, 20)]


def test_touching_and_overlapping_regions_become_one() -> None:
    """A variant must not be met twice."""
    lines = ["chr1\t20\t30", "chr1\t0\t10", "chr1\t10\t12", "chr1\t5\t8", "chr2\t0\t5"]
    expected = [Region("chr1", 1, 12), Region("chr1", 21, 30), Region("chr2", 1, 5)]
    assert regions_of_bed(lines, "a.bed") == expected


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("chr1\t5", "contig, start, end"),
        ("chr1\tx\t9", "contig, start, end"),
        ("chr1\t5\t5", "hold no base"),
        ("chr1\t-1\t5", "hold no base"),
    ],
)
def test_a_line_that_is_no_region_is_refused_with_its_number(line: str, said: str) -> None:
    with pytest.raises(InputError, match=r"a\.bed, line 2: .*" + said):
        regions_of_bed(["chr1\t0\t1", line], "a.bed")


def test_a_bed_file_without_regions_is_refused() -> None:
    with pytest.raises(InputError, match="no region"):
        regions_of_bed(["# nothing"], "a.bed")


def test_a_region_prints_as_it_is_asked_for() -> None:
    shown = [str(Region("X")), str(Region("X", 5)), str(Region("X", 5, 5))]
    assert shown == ["X", "X:5-", "X:5-5"]
