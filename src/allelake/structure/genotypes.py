"""Genotypes of chosen people at chosen sites, out of the planes and rows of a lake.

A genotype is its copies of alt, 0 to 2, or -1 where it is missing: not called, called in half,
written with one place, or nothing is known of the person there. Memory: one chunk of about 32 MB.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from allelake.queries.trouble import tidy_errors
from allelake.structure.people import People
from allelake.structure.sites import Sites

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MISSING = -1
_CHUNK_BYTES = 32_000_000
_PLANE_BYTES = 128
_CHOSEN = "chosen_sites"

Progress = Callable[[int, int | None], None]

# Each is asked of one stretch of a contig: $contig, $first and $last position.
_KNOWN = f"""
SELECT c.site - $start AS row, s.batch FROM sites s JOIN {_CHOSEN} c
    ON s.contig = c.contig AND s.position = c.position AND s.ref = c.ref AND s.alt = c.alt
WHERE s.has_genotypes AND s.contig = $contig AND s.position BETWEEN $first AND $last
    AND s.bin BETWEEN $first >> 14 AND $last >> 14
"""
_BITS = f"""
SELECT c.site, b.batch, b.block,
    coalesce(b.alt1, $zero) AS alt1, coalesce(b.alt2, $zero) AS alt2,
    coalesce(b.short1, $zero) AS short1
FROM bits b JOIN {_CHOSEN} c
    ON b.contig = c.contig AND b.position = c.position AND b.ref = c.ref AND b.alt = c.alt
WHERE b.policy = 'raw' AND b.contig = $contig AND b.position BETWEEN $first AND $last
    AND b.bin BETWEEN $first >> 14 AND $last >> 14
ORDER BY b.batch, b.block
"""
_RARE = f"""
SELECT c.site, r.sample_number,
    CASE WHEN r.called_count = 2 THEN r.alt_count ELSE {MISSING} END AS copies
FROM rare_calls r JOIN {_CHOSEN} c
    ON r.contig = c.contig AND r.position = c.position AND r.ref = c.ref AND r.alt = c.alt
WHERE r.contig = $contig AND r.position BETWEEN $first AND $last
    AND r.bin BETWEEN $first >> 14 AND $last >> 14
"""
# Who is written with one place: of them an unwritten genotype is one allele, and not two.
_HAPLOID = """
SELECT batch, block, start_position, end_position, haploid FROM ploidy
WHERE contig = $contig AND start_position <= $last AND end_position >= $first
"""
# Bit 1 of `policies`: known under the policy raw. One allele is no diploid genotype.
_CALLABLE = """
SELECT batch, sample_number, start_position, end_position FROM callable
WHERE policies & 1 = 1 AND coalesce(alleles, 2) = 2 AND contig = $contig
    AND start_position <= $last AND end_position >= $first
"""


@dataclass(frozen=True)
class Chunk:
    """Sites `start` up to `stop` of all: `copies` is sites x people, int8."""

    start: int
    stop: int
    copies: NDArray[np.int8]


class GenotypeReader:
    """Reads the genotypes of people at sites, chunk by chunk in the order of the genome."""

    def __init__(self, connection: "DuckDBPyConnection", people: People, sites: Sites) -> None:
        self._connection = connection
        self.people = people
        self.sites = sites
        numbers = pa.array(np.arange(len(sites), dtype=np.int32))
        connection.register(_CHOSEN, sites.table.append_column("site", numbers))
        with tidy_errors():
            told = connection.execute(
                "SELECT batch, kind, CASE WHEN absent = 'reference' THEN contigs ELSE [] END "
                "FROM batches"
            ).fetchall()
        own = set(people.batches.tolist())
        self._joint = [batch for batch, kind, _ in told if kind == "joint" and batch in own]
        # Where absence means reference it does on contigs of which the batch has records.
        self._assumed = {batch: set(contigs) for batch, _, contigs in told if batch in own}
        self._has_callable = self._asked("SELECT 1 FROM callable LIMIT 1").num_rows > 0

    def chunks(self, on_progress: Progress | None = None) -> Iterator[Chunk]:
        """Every chunk; no chunk goes over the end of a contig.

        A chunk's array is used again for the next one.
        """
        rows = max(256, min(8_192, _CHUNK_BYTES // max(1, len(self.people))) // 64 * 64)
        buffer = np.empty((rows, len(self.people)), np.int8)
        for contig, first, last in self.sites.contigs():
            for start in range(first, last, rows):
                stop = min(start + rows, last)
                copies = buffer[: stop - start]
                self._fill(copies, contig, start, stop)
                if on_progress is not None:
                    on_progress(stop, len(self.sites))
                yield Chunk(start, stop, copies)

    def _fill(self, copies: NDArray[np.int8], contig: str, start: int, stop: int) -> None:
        positions = self.sites.positions[start:stop]
        where = {"contig": contig, "first": int(positions[0]), "last": int(positions[-1])}
        copies[:] = MISSING
        for batch, contigs in self._assumed.items():
            if contig in contigs:
                copies[:, self._columns(self.people.batches == batch)] = 0
        if self._has_callable:
            self._fill_covered(copies, positions, where)
        known = self._asked(_KNOWN, {**where, "start": start})
        for batch in self._joint:
            own = np.asarray(known.column("batch")) == batch
            rows = np.asarray(known.column("row"))[own]
            _set(copies, rows, self._columns(self.people.batches == batch), np.int8(0))
        self._fill_haploid(copies, positions, known, where)
        self._fill_planes(copies, start, where)
        self._fill_rows(copies, start, where)

    def _fill_haploid(
        self,
        copies: NDArray[np.int8],
        positions: NDArray[np.int32],
        known: pa.Table,
        where: dict[str, Any],
    ) -> None:
        """Missing where a record is known of a person whose genotypes have one place there."""
        for each in self._asked(_HAPLOID, where).to_pylist():
            rows = np.asarray(known.column("row"))[
                np.asarray(known.column("batch")) == each["batch"]
            ]
            inside = positions[rows]
            rows = rows[(inside >= each["start_position"]) & (inside <= each["end_position"])]
            numbers = self.people.numbers
            own = (self.people.batches == each["batch"]) & (numbers // 1024 == each["block"])
            plane = np.frombuffer(each["haploid"], np.uint8)[None]
            own[own] = _bits(plane, numbers[own] % 1024)[0] > 0
            _set(copies, rows, self._columns(own), np.int8(MISSING))

    def _fill_covered(
        self, copies: NDArray[np.int8], positions: NDArray[np.int32], where: dict[str, Any]
    ) -> None:
        """Reference where an interval of `callable` covers the site."""
        found = self._asked(_CALLABLE, where)
        first = np.searchsorted(positions, np.asarray(found.column("start_position")), "left")
        after = np.searchsorted(positions, np.asarray(found.column("end_position")), "right")
        sample = found.column("sample_number").fill_null(-1).to_numpy()
        batch = found.column("batch").to_numpy()
        column, is_own = self._places(sample)
        # One more row, for intervals that end after the last site.
        depth = np.zeros((len(positions) + 1, len(self.people)), np.int16)
        np.add.at(depth, (first[is_own], column[is_own]), 1)
        np.subtract.at(depth, (after[is_own], column[is_own]), 1)
        for index in np.flatnonzero(sample < 0):
            everybody = self.people.batches == batch[index]
            depth[first[index], everybody] += 1
            depth[after[index], everybody] -= 1
        np.cumsum(depth, axis=0, dtype=np.int16, out=depth)
        copies[depth[:-1] > 0] = 0

    def _fill_planes(self, copies: NDArray[np.int8], start: int, where: dict[str, Any]) -> None:
        found = self._asked(_BITS, {**where, "zero": bytes(_PLANE_BYTES)})
        if not found.num_rows:
            return
        sites = np.asarray(found.column("site")) - start
        planes = {name: _plane(found.column(name)) for name in ("alt1", "alt2", "short1")}
        key = np.stack([np.asarray(found.column(name)) for name in ("batch", "block")])
        edges = np.flatnonzero(np.any(key[:, 1:] != key[:, :-1], axis=0)) + 1
        for low, high in zip([0, *edges], [*edges, len(sites)], strict=True):
            batch, block = key[:, low]
            numbers = self.people.numbers
            columns = self._columns((self.people.batches == batch) & (numbers // 1024 == block))
            places = numbers[columns] % 1024
            value = _bits(planes["alt1"][low:high], places)
            value += _bits(planes["alt2"][low:high], places)
            short = planes["short1"][low:high]
            if short.any():
                value[_bits(short, places) > 0] = MISSING
            _set(copies, sites[low:high], columns, value)

    def _fill_rows(self, copies: NDArray[np.int8], start: int, where: dict[str, Any]) -> None:
        found = self._asked(_RARE, where)
        column, is_own = self._places(np.asarray(found.column("sample_number")))
        rows = np.asarray(found.column("site"))[is_own] - start
        copies[rows, column[is_own]] = np.asarray(found.column("copies"))[is_own]

    def _places(self, numbers: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """The column of each sample number, and whether it has one."""
        column = np.searchsorted(self.people.numbers, numbers)
        column[column == len(self.people)] = 0
        return column, self.people.numbers[column] == numbers

    def _columns(self, chosen: NDArray[np.bool_]) -> Any:
        """Columns as a slice where they lie together, which numpy copies faster."""
        listed = np.flatnonzero(chosen)
        if len(listed) and listed[-1] - listed[0] + 1 == len(listed):
            return slice(int(listed[0]), int(listed[-1]) + 1)
        return listed

    def _asked(self, sql: str, parameters: dict[str, Any] | None = None) -> pa.Table:
        with tidy_errors():
            return self._connection.sql(sql, params=parameters or {}).to_arrow_table()


def _plane(column: pa.ChunkedArray) -> NDArray[np.uint8]:
    """A column of planes as rows of 128 bytes."""
    parts = [np.zeros((0, _PLANE_BYTES), np.uint8)]
    for chunk in column.chunks:
        data = np.frombuffer(chunk.cast(pa.large_binary()).buffers()[2], np.uint8)
        begin = chunk.offset * _PLANE_BYTES
        own = data[begin : begin + len(chunk) * _PLANE_BYTES]
        parts.append(own.reshape(-1, _PLANE_BYTES))
    return np.concatenate(parts)


def _bits(planes: NDArray[np.uint8], places: NDArray[np.int32]) -> NDArray[np.int8]:
    """Rows x places: the bits of these places (0 to 1023) of each plane."""
    whole = np.unpackbits(planes, axis=1)
    if len(places) and places[-1] - places[0] + 1 == len(places):
        return whole[:, places[0] : places[-1] + 1].view(np.int8)
    return whole[:, places].view(np.int8)


def _set(copies: NDArray[np.int8], rows: NDArray[Any], columns: Any, value: Any) -> None:
    """copies[rows, columns] = value, as an outer product of rows and columns."""
    if isinstance(columns, slice):
        copies[rows, columns] = value
    else:
        copies[rows[:, None], columns] = value
