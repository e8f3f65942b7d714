"""The genotypes of one chunk: a code for each line and person, by what the lake knows.

The rules are those of the counts (LAYOUT.md): a record of the person's batch, else what `callable`
or the batch's rule for absent sites says; nobody is reference without evidence.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from allelake.export.genotypes import (
    BLOCK,
    CODE_SQL,
    HAPLOID_REFERENCE,
    MISSING,
    PHASED_REFERENCE,
    PLANES,
    REFERENCE,
    UNKNOWN,
    Codes,
    Planes,
    codes_of_planes,
)
from allelake.export.people import BatchColumns, People
from allelake.export.places import Chunk
from allelake.export.session import Session
from allelake.export.statements import statement

# Pairs of an interval and a line that are looked at together.
_PAIRS = 2_000_000


@dataclass
class Alleles:
    """The alternate alleles of a chunk in the order of their numbers.

    `positions` ascend. `covered_ends` is the last base that must be known for an allele to be
    absent, 0 where nothing tells (symbolic). `zones` are kinds, by allele.
    """

    chunk: Chunk
    positions: NDArray[np.int32]
    covered_ends: NDArray[np.int32]
    zones: NDArray[np.str_]

    @property
    def total(self) -> int:
        """How many."""
        return len(self.positions)


@dataclass
class Details:
    """What is told of single genotypes beside GT, by allele and then by column."""

    allele: NDArray[np.int32]
    place: NDArray[np.int32]
    texts: pa.StringArray


@dataclass
class Matrix:
    """Codes (alleles, people), the details, and which alleles a batch of the people recorded."""

    codes: Codes
    details: Details
    is_recorded: NDArray[np.bool_]


def read_matrix(session: Session, people: People, alleles: Alleles, detail_sql: str) -> Matrix:
    """The genotypes of everybody. The temporary table `allele` has the alleles."""
    codes = np.full((alleles.total, len(people.names)), UNKNOWN, np.uint8)
    has_record, has_genotypes = _records(session, people, alleles)
    ploidy = _haploid_intervals(session, people, alleles)
    for nth, batch in enumerate(people.batches):
        if batch.kind == "joint":
            _fill_defaults(codes, batch, alleles, has_genotypes[nth], ploidy)
            if batch.absent == "reference" and alleles.chunk.contig in batch.contigs:
                _assume(codes, people, batch, alleles, np.flatnonzero(~has_record[nth]))
    if people.knows_beyond_records:
        _cover(session, codes, people, alleles, has_record)
    _overlay_planes(session, codes, people, alleles, ploidy)
    details = _overlay_calls(session, codes, alleles, detail_sql)
    return Matrix(codes, details, np.any(has_record, axis=0))


def _records(
    session: Session, people: People, alleles: Alleles
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """For each batch and allele: whether it has a record, and one with genotypes."""
    has_record = np.zeros((len(people.batches), alleles.total), np.bool_)
    has_genotypes = has_record.copy()
    rows = session.arrow(
        statement("records"),
        {**alleles.chunk.values(), "batches": people.batch_numbers},
    )
    allele = rows["allele"].to_numpy()
    batch = rows["batch"].to_numpy()
    told = rows["has_genotypes"].to_numpy(zero_copy_only=False)
    for nth, number in enumerate(people.batch_numbers):
        has_record[nth, allele[batch == number]] = True
        has_genotypes[nth, allele[(batch == number) & told]] = True
    return has_record, has_genotypes


Intervals = dict[tuple[int, int], list[tuple[int, int, Planes]]]


def _haploid_intervals(session: Session, people: People, alleles: Alleles) -> Intervals:
    """For each batch and block the ranges of alleles with the bits that are haploid there."""
    chunk = alleles.chunk
    rows = session.rows(
        statement("haploid_intervals"),
        {
            "contig": chunk.contig,
            "low": chunk.low,
            "high": chunk.high,
            "batches": people.batch_numbers,
        },
    )
    found: Intervals = {}
    for batch, block, low, high, plane in rows:
        first = int(np.searchsorted(alleles.positions, low))
        stop = int(np.searchsorted(alleles.positions, high, side="right"))
        if first < stop:
            bits = np.frombuffer(plane, np.uint8)
            found.setdefault((batch, block), []).append((first, stop, bits))
    return found


def _fill_defaults(
    codes: Codes,
    batch: BatchColumns,
    alleles: Alleles,
    has_genotypes: NDArray[np.bool_],
    ploidy: Intervals,
) -> None:
    default = PHASED_REFERENCE if batch.is_phased else REFERENCE
    if has_genotypes.all():
        codes[:, batch.start : batch.stop] = default
    else:
        codes[has_genotypes, batch.start : batch.stop] = default
    for block, columns, places in batch.blocks():
        for first, stop, plane in ploidy.get((batch.batch, block), ()):
            haploid = np.flatnonzero(np.unpackbits(plane)[places]) + columns.start
            rows = np.flatnonzero(has_genotypes[first:stop]) + first
            if haploid.size and rows.size:
                codes[np.ix_(rows, haploid)] = HAPLOID_REFERENCE


def _assumed_code(zone: str, sex: int) -> int:
    """The genotype of a person of this sex where reference is assumed."""
    if zone == "mt":
        return HAPLOID_REFERENCE
    if zone not in ("x", "y", "y_par"):
        return REFERENCE
    if sex == 2:
        return REFERENCE if zone == "x" else MISSING
    if sex == 1:
        return REFERENCE if zone == "y_par" else HAPLOID_REFERENCE
    return UNKNOWN


def _assumed_codes(alleles: Alleles) -> Codes:
    """By allele and sex (0, 1, 2)."""
    table = np.empty((alleles.total, 3), np.uint8)
    for zone in np.unique(alleles.zones).tolist():
        table[alleles.zones == zone] = [_assumed_code(zone, sex) for sex in range(3)]
    return table


def _assume(
    codes: Codes, people: People, batch: BatchColumns, alleles: Alleles, rows: NDArray[np.intp]
) -> None:
    if rows.size:
        sexes = people.sexes[batch.start : batch.stop]
        codes[rows, batch.start : batch.stop] = _assumed_codes(alleles)[rows][:, sexes]


def _cover(
    session: Session,
    codes: Codes,
    people: People,
    alleles: Alleles,
    has_record: NDArray[np.bool_],
) -> None:
    """Reference where one interval of `callable` holds the whole asked span of an allele."""
    chunk = alleles.chunk
    # Of an insertion the base after it is asked too.
    high = int(max(chunk.high, alleles.covered_ends.max(initial=0)))
    rows = session.arrow(
        statement("callable_intervals"),
        {
            "contig": chunk.contig,
            "low": chunk.low,
            "high": high,
            "batches": people.batch_numbers,
        },
    )
    if not rows.num_rows:
        return
    holder, kinds = rows["holder"].to_numpy(), rows["alleles"].to_numpy()
    low, last = rows["low"].to_numpy(), rows["high"].to_numpy()
    assumed = _assumed_codes(alleles)
    for nth, batch in enumerate(people.batches):
        whole = np.flatnonzero(holder == -batch.batch)
        for index in whole.tolist():
            first, stop = np.searchsorted(alleles.positions, [low[index], last[index] + 1])
            covered = np.arange(first, stop)
            is_in = _is_within(alleles, covered, last[index]) & ~has_record[nth, covered]
            sexes = people.sexes[batch.start : batch.stop]
            codes[covered[is_in], batch.start : batch.stop] = assumed[covered[is_in]][:, sexes]
    of_samples = np.flatnonzero(holder >= 0)
    numbers = np.concatenate([batch.numbers for batch in people.batches])
    place = np.searchsorted(numbers, holder[of_samples])
    bounds = (low[of_samples], last[of_samples])
    _cover_samples(codes, people, alleles, place, bounds, kinds[of_samples])


def _cover_samples(
    codes: Codes,
    people: People,
    alleles: Alleles,
    place: NDArray[np.intp],
    bounds: tuple[NDArray[np.int32], NDArray[np.int32]],
    kinds: NDArray[np.int8],
) -> None:
    """The same of intervals of one sample each: its column, first and last base, and alleles."""
    low, last = bounds
    assumed = _assumed_codes(alleles)
    first = np.searchsorted(alleles.positions, low)
    width = np.searchsorted(alleles.positions, last, side="right") - first
    ends = np.cumsum(width)
    start = 0
    while start < len(width):
        before = int(ends[start - 1]) if start else 0
        upto = max(start + 1, int(np.searchsorted(ends, before + _PAIRS, side="right")))
        part = slice(start, upto)
        interval = np.repeat(np.arange(start, upto), width[part])
        starts = ends[part] - width[part] - before
        within = np.arange(len(interval)) - np.repeat(starts, width[part])
        allele = first[interval] + within
        is_in = _is_within(alleles, allele, last[interval])
        allele, interval = allele[is_in], interval[is_in]
        column = place[interval]
        known = np.where(kinds[interval] == 1, HAPLOID_REFERENCE, REFERENCE)
        by_sex = assumed[allele, people.sexes[column]]
        codes[allele, column] = np.where(kinds[interval] == 3, by_sex, known)
        start = upto


def _is_within(
    alleles: Alleles, allele: NDArray[np.intp], last: NDArray[np.int32]
) -> NDArray[np.bool_]:
    ends = alleles.covered_ends[allele]
    return np.asarray((ends > 0) & (ends <= last))


def _overlay_planes(
    session: Session, codes: Codes, people: People, alleles: Alleles, ploidy: Intervals
) -> None:
    joint = [batch for batch in people.batches if batch.kind == "joint"]
    if not joint:
        return
    rows = session.arrow(
        statement("planes"),
        {**alleles.chunk.values(), "batches": [batch.batch for batch in joint]},
    )
    if not rows.num_rows:
        return
    allele = rows["allele"].to_numpy()
    of_batch, of_block = rows["batch"].to_numpy(), rows["block"].to_numpy()
    is_whole = rows["is_whole"].to_numpy(zero_copy_only=False)
    planes = {name: _plane(rows[name]) for name in PLANES}
    for batch in joint:
        for block, columns, places in batch.blocks():
            chosen = np.flatnonzero((of_batch == batch.batch) & (of_block == block))
            if not chosen.size:
                continue
            own = {name: plane[chosen] for name, plane in planes.items()}
            target = allele[chosen]
            _default_haploid(own["haploid"], target, is_whole[chosen], ploidy, (batch.batch, block))
            found = codes_of_planes(own, places)
            if batch.is_phased:
                found[found == REFERENCE] = PHASED_REFERENCE
            codes[target, columns] = found


def _plane(column: pa.ChunkedArray) -> Planes:
    """Rows of 128 bytes; NULL is all zero."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    out = np.zeros((len(array), BLOCK // 8), np.uint8)
    known = array.is_valid().to_numpy(zero_copy_only=False)
    if known.any():
        values = b"".join(array.drop_null().to_pylist())
        out[known] = np.frombuffer(values, np.uint8).reshape(-1, BLOCK // 8)
    return out


def _default_haploid(
    haploid: Planes,
    allele: NDArray[np.int32],
    is_whole: NDArray[np.bool_],
    ploidy: Intervals,
    place: tuple[int, int],
) -> None:
    """Rows that are not whole have the haploid bits of the defaults there."""
    for first, stop, plane in ploidy.get(place, ()):
        haploid[~is_whole & (allele >= first) & (allele < stop)] |= plane


def _overlay_calls(session: Session, codes: Codes, alleles: Alleles, detail_sql: str) -> Details:
    rows = session.arrow(
        statement("calls", code=CODE_SQL, detail=detail_sql),
        alleles.chunk.values(),
    )
    allele, place = rows["allele"].to_numpy(), rows["place"].to_numpy()
    codes[allele, place] = rows["code"].to_numpy()
    detail = _one_array(rows["detail"])
    told = np.flatnonzero(detail.is_valid().to_numpy(zero_copy_only=False))
    order = told[np.lexsort((place[told], allele[told]))]
    return Details(allele[order], place[order], detail.take(pa.array(order)))


def _one_array(column: pa.ChunkedArray) -> pa.Array:
    if isinstance(column, pa.ChunkedArray):
        found = column.combine_chunks()
        return found if isinstance(found, pa.Array) else pa.concat_arrays(found.chunks)
    return column
