"""Drawn intervals as rows of `callable`, and what they say over a variant (`calls.covered`).

A second writing of the rules of LAYOUT.md, on purpose without the ingest's code and without SQL.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from specs.drawn import NULL, Row, drawn_rows
from specs.genotypes import Sample

# What a drawn interval is known under if nothing else is drawn: raw and raw_blocks, PASS or not.
_LEVELS = "0145"
# The smallest bin of each level of the SAM specification: bases as a power of two, first number.
_BINS = ((14, 4681), (17, 585), (20, 73), (23, 9), (26, 1))


@dataclass(frozen=True)
class Interval:
    """A drawn interval; `sample_number` None is every sample of the batch, `alleles` None NULL."""

    contig: str
    start: int
    end: int
    batch: int
    sample_number: int | None
    alleles: int | None
    policies: int
    basis: str


def drawn_intervals(text: str, samples: Iterable[Sample]) -> list[Interval]:
    """`contig | start | end | sample_id`, and if not the usual `alleles | levels | basis | batch`.

    `sample_id` - is a whole joint batch, `alleles` - what zone and sex say, `levels` the numbers of
    the levels, written together.
    """
    named = {sample.sample_id: sample for sample in samples}
    return [_interval(row, named.get(row["sample_id"])) for row in drawn_rows(text)]


def _interval(row: Row, sample: Sample | None) -> Interval:
    alleles = row.get("alleles", "2")
    return Interval(
        contig=row["contig"],
        start=int(row["start"]),
        end=int(row["end"]),
        batch=sample.batch if sample else int(row["batch"]),
        sample_number=sample.number if sample else None,
        alleles=None if alleles == NULL else int(alleles),
        policies=sum(1 << int(level) for level in row.get("levels", _LEVELS)),
        basis=row.get("basis", "block"),
    )


def interval_rows(intervals: Iterable[Interval]) -> list[dict[str, object]]:
    """The rows of `callable`."""
    return [
        {
            "contig": each.contig,
            "bin": _bin(each.start, each.end),
            "start_position": each.start,
            "end_position": each.end,
            "batch": each.batch,
            "sample_number": each.sample_number,
            "alleles": each.alleles,
            "policies": each.policies,
            "basis": each.basis,
        }
        for each in intervals
    ]


def covered(intervals: Iterable[Interval], sample: Sample, key: dict[str, object]) -> int:
    """`calls.covered` of the sample's row at a variant."""
    span = asked_span(key)
    own = [each for each in intervals if each.sample_number == sample.number]
    total = 0
    for level in range(8):
        for each in own:
            known = each.policies >> level & 1 and each.contig == key["contig"]
            if span and known and each.start <= span[0] and span[1] <= each.end:
                total += (each.alleles or 3) << 2 * level
    return total


def asked_span(key: dict[str, object]) -> tuple[int, int] | None:
    """First and last base that must be known; None of a symbolic allele or a breakend."""
    ref, alt, position = str(key["ref"]), str(key["alt"]), int(str(key["position"]))
    if not re.fullmatch("[A-Za-z]+", alt):
        return None
    last = position + len(ref) - 1
    return position, last + (len(ref) == 1 and len(alt) > 1)


def _bin(start: int, end: int) -> int:
    """reg2bin of the SAM specification."""
    for shift, first in _BINS:
        if (start - 1) >> shift == (end - 1) >> shift:
            return first + ((start - 1) >> shift)
    return 0
