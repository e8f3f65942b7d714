"""The records of a BCF file of many samples, for the fast reading of a part."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from allelake.ingest.cohort.source import NotPlain, OddRecord, Taken
from allelake.ingest.cohort_bcf.columns import Names, plain_records
from allelake.ingest.cohort_bcf.fields import Samples, hide
from allelake.ingest.cohort_bcf.inspect import marked
from allelake.ingest.cohort_bcf.odd import FIXED_COLUMNS, OddReader
from allelake.ingest.cohort_bcf.pieces import Piece, pieces_of
from allelake.ingest.cohort_bcf.walk import (
    ONE_ALT,
    POS,
    SORT,
    START,
    STOP,
    VARIANTS,
    Bytes,
    Known,
    Numbers,
    copy_shared,
)
from allelake.ingest.encoding.plain_records import PlainRecords
from allelake.ingest.inspection.container import ContainerReader, find_container
from allelake.ingest.inspection.header import dictionary_of, parse_header, split_bcf_header
from allelake.ingest.inspection.scan_notices import NoticeBook
from allelake.ingest.reading.records import CHUNK_BYTES, RecordRows
from allelake.ingest.spec import BatchSpec, Header, PartInput
from allelake.ingest.stretches.read import read_stretch

# A chunk ends early where records hold so much beside the arrays of RecordRows.
_MOST_HELD_BYTES = CHUNK_BYTES
# Numbers of a header beyond this are not plain.
_MOST_NUMBERS = 1 << 16


@dataclass
class _Chunk:
    """The records taken for one chunk: what all samples share of them, copied, and their rows."""

    rows: RecordRows
    records: int = 0
    held_bytes: int = 0
    shared_bytes: int = 0
    shared: list[Bytes] = field(default_factory=list)
    tables: list[Numbers] = field(default_factory=list)
    info: list[Numbers] = field(default_factory=list)
    row: list[NDArray[np.int32]] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        held = self.held_bytes + self.shared_bytes
        return self.rows.is_full or held >= _MOST_HELD_BYTES

    def add(self, piece: Piece, part: slice, row: NDArray[np.int32]) -> None:
        """Copies records of a piece, whose genotypes lie in these rows; -1: they are not held."""
        table, info = piece.table[part].copy(), piece.info[part].copy()
        made = np.empty(int((table[:, STOP] - table[:, START]).sum()), np.uint8)
        copy_shared(piece.data, table, info, made, self.shared_bytes)
        self.records += len(table)
        self.shared_bytes += made.size
        self.shared.append(made)
        self.tables.append(table)
        self.info.append(info)
        self.row.append(row)


class BcfSource:
    """A RecordSource of one file. Raises NotPlain for what only the reader of records reads."""

    def __init__(self, spec: BatchSpec, item: PartInput) -> None:
        self._spec = spec
        self._path = item.path
        lines, header, sample_total = _header_of(item)
        contigs, names = dictionary_of(lines)
        if max((*contigs, *names)) >= _MOST_NUMBERS or sample_total != spec.sample_total:
            raise NotPlain
        if item.sample_columns != tuple(range(spec.sample_total)):
            raise NotPlain
        self._contigs = contigs
        self._names = names
        self._samples = Samples(spec, header)
        self._odd_reader = OddReader(spec, item.path, header, lines)
        self.notices = self._odd_reader.notices
        known = _known(sample_total, spec, header, names, self._samples.wanted)
        self._pieces = pieces_of(read_stretch(item.path, item.kind, item.stretch), known)
        self._piece = next(self._pieces, None)
        self._done: set[str] = set()
        self._contig: int | None = None

    def take(self, rows: RecordRows) -> Taken | None:
        """The next records; see RecordSource."""
        piece = self._piece
        if piece is None:
            return None
        contig = self._enter(piece.contig)
        if contig is None:
            return Taken(None, self._pass_over(piece.contig))
        room = rows.capacity - rows.used
        if room <= 0:
            raise NotPlain
        chunk = _Chunk(rows)
        while self._piece is not None and self._piece.contig == piece.contig and not chunk.is_full:
            self._take_some(self._piece, chunk)
            self._go_on()
        left = self._piece
        following = None
        if left is not None and left.contig == piece.contig:
            following = int(left.table[left.used, POS])
        plain, odd = self._shared(chunk, piece.contig)
        return Taken(contig, chunk.records, plain, odd, following)

    def _enter(self, number: int) -> str | None:
        """The lake's name of a contig; NotPlain where the file comes back to it."""
        if number not in self._contigs:
            raise NotPlain
        written = self._contigs[number]
        contig = self._spec.contig_names.get(written)
        if number != self._contig:
            name = contig or written
            if name in self._done:
                raise NotPlain
            self._done.add(name)
            self._contig = number
        return contig

    def _pass_over(self, contig: int) -> int:
        records = 0
        while self._piece is not None and self._piece.contig == contig:
            records += len(self._piece.table) - self._piece.used
            self._piece.used = len(self._piece.table)
            self._go_on()
        return records

    def _go_on(self) -> None:
        """To the next piece, if this one is used up."""
        if self._piece is not None and self._piece.used == len(self._piece.table):
            self._piece = next(self._pieces, None)

    def _take_some(self, piece: Piece, chunk: _Chunk) -> None:
        """Takes records of a piece until the chunk is full."""
        start, rows = piece.used, chunk.rows
        has_row = piece.table[start:, VARIANTS] > 0
        filled = np.cumsum(has_row)
        total = min(int(np.searchsorted(filled, rows.capacity - rows.used)) + 1, len(has_row))
        piece.used = start + total
        has_row, filled = has_row[:total], filled[:total]
        row = np.where(has_row, rows.used - 1 + filled, -1).astype(np.int32)
        chunk.held_bytes += self._samples.fill(rows, piece, start + np.flatnonzero(has_row))
        chunk.add(piece, slice(start, piece.used), row)

    def _shared(self, chunk: _Chunk, contig: int) -> tuple[PlainRecords | None, list[OddRecord]]:
        """The fixed columns and INFO of a chunk."""
        data, row = np.concatenate(chunk.shared), np.concatenate(chunk.row)
        table, info = np.concatenate(chunk.tables), np.concatenate(chunk.info)
        data.flags.writeable = False
        odd = self._odd(chunk.rows, data, table, row)
        is_plain = table[:, SORT] == ONE_ALT
        if not is_plain.any():
            return None, odd
        names = Names(self._names, f"{self._path}: record {self._contigs[contig]}:")
        plain = plain_records(
            self._spec, names, data, table[is_plain], info[is_plain], row[is_plain]
        )
        return plain, odd

    def _odd(
        self, rows: RecordRows, data: Bytes, table: Numbers, row: NDArray[np.int32]
    ) -> list[OddRecord]:
        places = np.flatnonzero(table[:, SORT] != ONE_ALT)
        if not places.size:
            return []
        bounds = table[places][:, [START, STOP]].tolist()
        found = self._odd_reader.read([data[start:stop].tobytes() for start, stop in bounds])
        held = row[places].tolist()
        for record, at in zip(found, held, strict=True):
            if at >= 0:
                hide(rows, at, record)
        return [
            replace(record, facts=replace(record.facts, row=at))
            for record, at in zip(found, held, strict=True)
        ]


def _header_of(item: PartInput) -> tuple[list[bytes], Header, int]:
    """The header's lines, what they declare, and how many samples they name."""
    chunks = ContainerReader(find_container(item.path)).chunks()
    lines, _ = split_bcf_header(item.path, chunks)
    columns = lines[-1].split(b"\t")
    if columns[0] != b"#CHROM":
        raise NotPlain
    # That the names are sound was seen when the file was inspected; here are many parts of it.
    bare = [*lines[:-1], b"\t".join(columns[:FIXED_COLUMNS])]
    header = parse_header(item.path, bare, NoticeBook(item.path))
    return bare, header, max(0, len(columns) - FIXED_COLUMNS - 1)


def _known(
    sample_total: int,
    spec: BatchSpec,
    header: Header,
    names: dict[int, str],
    formats: Sequence[str],
) -> Known:
    numbers = {name: number for number, name in names.items()}
    return Known(
        sample_total,
        marked(numbers, ("PASS", *header.filters)),
        marked(numbers, header.info),
        marked(numbers, header.format),
        _numbers(numbers, [kept.field.id for kept in spec.info]),
        _numbers(numbers, formats),
    )


def _numbers(numbers: dict[str, int], wanted: Sequence[str]) -> Numbers:
    """The number of each name; -1 for one that the header does not have."""
    return np.array([numbers.get(name, -1) for name in wanted], np.int64)
