"""The records of a BCF file of many samples, for the fast reading of a part."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from allelake.ingest.cohort.plain_rows import joined
from allelake.ingest.cohort.source import NotPlain, OddRecord, Taken
from allelake.ingest.cohort_bcf.columns import Names, plain_records
from allelake.ingest.cohort_bcf.fields import Samples
from allelake.ingest.cohort_bcf.inspect import marked
from allelake.ingest.cohort_bcf.odd import FIXED_COLUMNS, OddReader
from allelake.ingest.cohort_bcf.pieces import Known, Piece, pieces_of
from allelake.ingest.cohort_bcf.walk import ONE_ALT, POS, SORT, START, STOP, Numbers
from allelake.ingest.encoding.plain_records import PlainRecords
from allelake.ingest.inspection.container import ContainerReader, find_container
from allelake.ingest.inspection.header import dictionary_of, parse_header, split_bcf_header
from allelake.ingest.inspection.scan_notices import NoticeBook
from allelake.ingest.reading.normalise import STAR_ALLELE, UNSPECIFIED_ALLELES
from allelake.ingest.reading.records import CHUNK_BYTES, RecordRows
from allelake.ingest.spec import BatchSpec, Header, PartInput
from allelake.ingest.stretches.read import read_stretch

# A chunk ends early where records hold so much beside the arrays of RecordRows.
_MOST_HELD_BYTES = CHUNK_BYTES
_NO_VARIANT = UNSPECIFIED_ALLELES | {STAR_ALLELE}
# Numbers of a header beyond this are not plain.
_MOST_NUMBERS = 1 << 16


@dataclass
class _Chunk:
    """What was taken for one chunk."""

    rows: RecordRows
    records: int = 0
    held_bytes: int = 0
    plain: PlainRecords | None = None
    odd: list[OddRecord] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        return self.rows.is_full or self.held_bytes >= _MOST_HELD_BYTES

    def add(self, plain: PlainRecords) -> None:
        self.plain = joined(self.plain, plain)


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
        self._odd_reader = OddReader(spec, item.path, lines)
        known = _known(sample_total, spec, header, names, self._samples.wanted)
        self._pieces = pieces_of(read_stretch(item.path, item.kind, item.stretch), known)
        self._piece = next(self._pieces, None)
        self._odd: dict[int, OddRecord] = {}
        self._done: set[str] = set()
        self._contig: int | None = None
        self._look()

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
        return Taken(contig, chunk.records, chunk.plain, chunk.odd, following)

    def _enter(self, number: int) -> str | None:
        """The lake's name of a contig; NotPlain where the file comes back to it."""
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
            self._look()

    def _look(self) -> None:
        """Reads the odd ones among the records of a piece that has just come."""
        self._odd = {}
        piece = self._piece
        if piece is None:
            return
        if piece.contig not in self._contigs:
            raise NotPlain
        if self._contigs[piece.contig] not in self._spec.contig_names:
            return
        places = np.flatnonzero(piece.table[:, SORT] != ONE_ALT)
        if places.size:
            raw = [
                piece.data[start:stop].tobytes()
                for start, stop in piece.table[places][:, [START, STOP]].tolist()
            ]
            self._odd = dict(zip(places.tolist(), self._odd_reader.read(raw), strict=True))

    def _take_some(self, piece: Piece, chunk: "_Chunk") -> None:
        """Takes records of a piece until the chunk is full."""
        start, rows = piece.used, chunk.rows
        has_row = np.ones(len(piece.table) - start, np.bool_)
        for place, record in self._odd.items():
            if place >= start:
                has_row[place - start] = not _NO_VARIANT.issuperset(record.facts.alts)
        room = rows.capacity - rows.used
        total = min(int(np.searchsorted(np.cumsum(has_row), room)) + 1, len(has_row))
        piece.used = start + total
        held = start + np.flatnonzero(has_row[:total])
        row_of = np.full(len(piece.table), -1, np.int32)
        row_of[held] = np.arange(rows.used, rows.used + held.size, dtype=np.int32)
        chunk.records += total
        chunk.held_bytes += self._samples.fill(rows, piece, held, self._odd)
        for place, record in self._odd.items():
            if start <= place < piece.used:
                facts = replace(record.facts, row=int(row_of[place]))
                chunk.odd.append(replace(record, facts=facts))
        chosen = held[piece.table[held, SORT] == ONE_ALT]
        if chosen.size:
            chunk.add(self._plain(piece, chosen, row_of[chosen]))

    def _plain(
        self, piece: Piece, chosen: NDArray[np.intp], row: NDArray[np.int32]
    ) -> PlainRecords:
        where = f"{self._path}: record {self._contigs[piece.contig]}:"
        names = Names(self._names, where)
        return plain_records(
            self._spec, names, piece.data, piece.table[chosen], piece.info[chosen], row
        )


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
