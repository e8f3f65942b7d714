"""A stretch of multi-sample VCF text as chunks of records."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from allelake.ingest.cohort.likelihoods import WARNING, likelihood_notices, odd_likelihoods
from allelake.ingest.cohort.source import NotPlain, OddRecord, Taken
from allelake.ingest.cohort_text import kernel
from allelake.ingest.cohort_text.formats import FormatTable
from allelake.ingest.cohort_text.odd import OddReader
from allelake.ingest.cohort_text.plain import PlainReader, head_lines
from allelake.ingest.cohort_text.room import Arrays, Heads, State
from allelake.ingest.encoding.plain_records import PlainRecords
from allelake.ingest.fast_text.lines import ALT, CHROM, FORMAT, INFO, Lines
from allelake.ingest.inspection.container import ContainerReader, find_container
from allelake.ingest.inspection.header import parse_header, split_text_header
from allelake.ingest.inspection.scan_notices import NoticeBook
from allelake.ingest.reading.normalise import UNSPECIFIED_ALLELES
from allelake.ingest.reading.records import CHUNK_BYTES, RecordRows
from allelake.ingest.spec import BatchSpec, Header, Notice, PartInput
from allelake.ingest.stretches.read import read_stretch
from allelake.model.genotype import MISSING_ALLELE

# Lines without a variant take no row: so many more of them fit a chunk.
_FURTHER_LINES = 1024
_HEAD_BYTES = 1 << 18
# Of lines without a variant, and of long INFO, a chunk has no more than so much.
_MOST_HEAD_BYTES = 1 << 25
_PLACE_BYTES = 512
_NONE = np.zeros((1, 1), np.int32)


@dataclass
class _Chunk:
    """Where the kernel puts what it takes: bytes of heads, and numbers of AD of several ALTs."""

    heads: Heads
    depths: NDArray[np.int32]

    @classmethod
    def of(cls, lines: int, heads: int, depths: int) -> "_Chunk":
        """Room for so much."""
        made = Heads(
            np.zeros(heads, np.uint8),
            np.zeros((lines, kernel.HEAD_COLUMNS), np.int32),
            np.zeros(lines, np.int32),
            np.zeros(lines, np.int32),
            np.zeros(lines, np.int32),
            np.zeros(lines, np.int64),
        )
        return cls(made, np.zeros(depths, np.int32))

    def with_more(self) -> "_Chunk":
        """The same in twice the room."""
        old = self.heads
        more = _Chunk.of(2 * old.row.size, 2 * old.text.size, 2 * self.depths.size)
        more.depths[: self.depths.size] = self.depths
        for name in old._fields:
            held = getattr(old, name)
            getattr(more.heads, name)[: len(held)] = held
        return more


class TextSource:
    """Records of a file's text, or of a stretch of it, as the run of a part asks for them."""

    def __init__(
        self,
        spec: BatchSpec,
        item: PartInput,
        chunk_bytes: int = CHUNK_BYTES,
        buffers: Iterator[NDArray[np.uint8]] | None = None,
    ) -> None:
        """`buffers`: the text, as read_stretch gives it, where somebody else reads it too."""
        self._spec = spec
        self._most_held = -(-chunk_bytes // 4)
        self._item = item
        header, lines = _open(item)
        self._header = header
        self._formats = FormatTable(spec, header)
        self._plain = PlainReader(spec, header)
        odd = odd_likelihoods(header)
        # Said once in a process: whoever reads the file itself must still hear of these.
        self._odd = OddReader(spec, item.path, [line for line in lines if not _is_of(line, odd)])
        told = self._odd.notices()
        if odd and any(notice.code == WARNING for notice in told):
            raise NotPlain
        self._told = (*told, *likelihood_notices(odd))
        self._undeclared: list[Notice] = []
        columns = np.asarray(item.sample_columns, np.intp)
        is_in_order = np.array_equal(columns, np.arange(columns.size))
        self._order = None if is_in_order else np.argsort(columns, kind="stable")
        self._buffers = buffers or read_stretch(item.path, item.kind, item.stretch)
        self._data: NDArray[np.uint8] = np.zeros(0, np.uint8)
        self._place = 0
        self._written: str | None = None
        self._last_position = 0
        # By the lake's name; by the file's where the lake leaves a contig out.
        self._done: set[str] = set()
        self._chunk: _Chunk | None = None
        self._has_ad = spec.has_ad or spec.has_adj

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What cyvcf2 would tell of the header, and of the contigs so far."""
        if not self._undeclared:
            return self._told
        return (*self._told, replace(self._undeclared[0], count=len(self._undeclared)))

    def take(self, rows: RecordRows) -> Taken | None:
        """The next records; see RecordSource."""
        start = rows.used
        if not self._has_line():
            return None
        written, _ = self._next_place()
        contig = self._spec.contig_names.get(written)
        if written != self._written:
            self._enter(written, contig)
        state, arrays = self._fill(written, rows, keeps=contig is not None)
        total = int(state.at[kernel.LINE])
        if not total:
            raise NotPlain
        after = self._next_place() if self._has_line() else ("", None)
        next_position = after[1] if after[0] == written else None
        if contig is None:
            return Taken(None, total, next_position=next_position)
        self._note(rows, arrays, start, total)
        counts: Counter[str] = Counter()
        plain, odd = self._records(rows, written, state, counts)
        return Taken(contig, total, plain, odd, next_position, counts)

    def _enter(self, written: str, contig: str | None) -> None:
        """The next contig begins."""
        if (contig or written) in self._done:
            raise NotPlain
        if written not in self._header.contigs:
            self._undeclared.append(self._odd.declare(written))
        self._done.add(contig or written)
        self._written, self._last_position = written, 0

    def _fill(self, contig: str, rows: RecordRows, *, keeps: bool) -> tuple[State, Arrays]:
        """Takes lines until the rows are full or the contig is over."""
        samples, pad = self._spec.sample_total, rows.pad
        if self._chunk is None:
            depths = 64 * samples if self._has_ad else 1
            self._chunk = _Chunk.of(rows.capacity + _FURTHER_LINES, _HEAD_BYTES, depths)
        at = np.zeros(kernel.HELD + 1, np.int64)
        at[kernel.ROW], at[kernel.HELD] = rows.used, self._held_numbers(rows)
        name = np.frombuffer(contig.encode(), np.uint8)
        state = State(at, name, samples, pad, keeps, self._most_held)
        arrays = self._arrays(rows)
        while self._has_line():
            at[kernel.PLACE] = self._place
            arrays = arrays._replace(depths=self._chunk.depths)
            why = kernel.take_lines(
                self._data, state, self._formats.formats, self._chunk.heads, arrays
            )
            self._place = int(at[kernel.PLACE])
            if why == kernel.ODD:
                raise NotPlain
            if why == kernel.NEW_FORMAT:
                self._formats.learn(self._format_of_next())
            elif why == kernel.FULL and self._may_grow(rows, at, keeps=keeps):
                self._chunk = self._chunk.with_more()
            elif why != kernel.MORE:
                break
        return state, arrays

    def _may_grow(self, rows: RecordRows, at: NDArray[np.int64], *, keeps: bool) -> bool:
        """Whether more lines are to be taken, though they need more room beside the rows."""
        assert self._chunk is not None
        if at[kernel.ROW] == rows.capacity or at[kernel.HELD] >= self._most_held:
            return False
        is_small = self._chunk.heads.text.size < _MOST_HEAD_BYTES
        return not at[kernel.LINE] or (keeps and is_small)

    def _held_numbers(self, rows: RecordRows) -> int:
        """How many numbers of AD and PS the rows that wait would count for in RecordRows."""
        held = 2 * self._spec.sample_total * sum(rows.in_pairs)
        arrays = (*rows.ad, *rows.phase_sets)
        return held + sum(array.size for array in arrays if array is not None)

    def _has_line(self) -> bool:
        """Whether a line is left; the next buffer is fetched where one is at its end."""
        while self._place == len(self._data):
            found = next(self._buffers, None)
            if found is None:
                return False
            self._data, self._place = found, 0
        return True

    def _next_place(self) -> tuple[str, int]:
        """CHROM and POS of the next line."""
        text = self._data[self._place : self._place + _PLACE_BYTES].tobytes()
        fields = text.split(b"\t", 2)
        if len(fields) < 3 or not fields[1].isdigit() or len(fields[1]) > 9:
            raise NotPlain
        try:
            return fields[0].decode(), int(fields[1])
        except UnicodeDecodeError:
            raise NotPlain from None

    def _format_of_next(self) -> bytes:
        columns = bytes(self._data[self._place :]).split(b"\t", FORMAT + 1)
        return columns[FORMAT]

    def _arrays(self, rows: RecordRows) -> Arrays:
        assert self._chunk is not None
        has_ps = self._spec.has_ps
        return Arrays(
            rows.first,
            rows.second,
            rows.phased,
            _NONE if rows.dp is None else rows.dp,
            _NONE if rows.gq is None else rows.gq,
            rows.use_ad_pairs() if self._has_ad else _NONE[None],
            self._chunk.depths,
            # Of each chunk its own: rows that wait for the next one keep theirs.
            np.empty((rows.capacity, self._spec.sample_total), np.int32) if has_ps else _NONE,
        )

    def _note(self, rows: RecordRows, arrays: Arrays, start: int, lines: int) -> None:
        """Tells the rows what was filled, and puts samples in the batch's order."""
        assert self._chunk is not None
        heads = self._chunk.heads
        with_row = np.flatnonzero(heads.row[:lines] != kernel.NO_ROW)
        total, alts = with_row.size, heads.alts[with_row]
        number = heads.format[with_row]
        has = {name: np.array(self._formats.has(name))[number] for name in ("DP", "GQ", "AD", "PS")}
        self._put_in_order(rows, slice(start, start + total))
        rows.note_filled(
            total,
            [True] * total,
            has["DP"].tolist(),
            has["GQ"].tolist(),
            (has["AD"] & (alts == 1)).tolist(),
        )
        for place in np.flatnonzero(has["AD"] & (alts > 1)).tolist():
            first, width = int(heads.depths[with_row[place]]), int(alts[place]) + 1
            depths = self._chunk.depths[first : first + width * self._spec.sample_total]
            rows.ad[start + place] = self._ordered(depths.reshape(-1, width))
        for place in np.flatnonzero(has["PS"]).tolist():
            rows.phase_sets[start + place] = self._ordered(arrays.ps[start + place][:, None])

    def _ordered(self, values: NDArray[np.int32]) -> NDArray[np.int32]:
        """A copy with the samples in the batch's order."""
        return values.copy() if self._order is None else values[self._order]

    def _put_in_order(self, rows: RecordRows, part: slice) -> None:
        if self._order is None:
            return
        columns = rows.pad + self._order
        for array in (rows.first, rows.second, rows.phased, rows.dp, rows.gq, rows.ad_pairs):
            if array is not None:
                array[part, ..., rows.samples] = array[part][..., columns]

    def _records(
        self, rows: RecordRows, written: str, state: State, counts: Counter[str]
    ) -> tuple[PlainRecords | None, list[OddRecord]]:
        assert self._chunk is not None
        heads, total = self._chunk.heads, int(state.at[kernel.LINE])
        lines = head_lines(heads.text[: state.at[kernel.HEAD]].tobytes(), heads.ends[:total])
        row = heads.row[:total]
        found = self._plain.look(lines)
        self._check_order(found.position)
        is_plain = found.is_plain & (row != kernel.NO_ROW)
        is_odd = ~is_plain & ~(found.is_told & (row == kernel.NO_ROW))
        _count_no_variant(lines, np.flatnonzero(~is_plain & ~is_odd), counts)
        odd = np.flatnonzero(is_odd)
        records = self._odd.read(
            [_sites_line(lines, line) for line in odd.tolist()], row[odd].tolist()
        )
        _hide_unspecified(rows, records)
        which = np.flatnonzero(is_plain)
        if not which.size:
            return None, records
        source = f"{self._item.path}: record {written}:"
        return self._plain.records(found, which, row[which], source), records

    def _check_order(self, position: NDArray[np.int64]) -> None:
        before = np.concatenate([[max(self._last_position, 1)], position[:-1]])
        if (position < before).any():
            raise NotPlain
        self._last_position = int(position[-1])


def _sites_line(lines: Lines, line: int) -> bytes:
    """CHROM to INFO of a line."""
    info = lines.columns[INFO]
    start, stop = int(lines.columns[CHROM].start[line]), int(info.start[line] + info.length[line])
    return lines.text.raw[start:stop]


def _count_no_variant(lines: Lines, which: NDArray[np.intp], counts: Counter[str]) -> None:
    """Counts lines whose only ALT is no variant as the Normaliser does."""
    is_star = lines.text.equals(lines.columns[ALT][which], b"*")
    counts["star_alleles"] += int(np.count_nonzero(is_star))
    counts["reference_records"] += int(np.count_nonzero(~is_star))


def _hide_unspecified(rows: RecordRows, records: Sequence[OddRecord]) -> None:
    """Alleles that stand for anything else are no call."""
    for record in records:
        for number, alt in enumerate(record.facts.alts, 1):
            if alt in UNSPECIFIED_ALLELES and record.facts.row >= 0:
                for side in (rows.first[record.facts.row], rows.second[record.facts.row]):
                    side[side == number] = MISSING_ALLELE


def _open(item: PartInput) -> tuple[Header, list[bytes]]:
    """The file's header, and its lines but the last. NotPlain if the inspection tells of it."""
    container = find_container(item.path)
    book = NoticeBook(item.path)
    lines, _ = split_text_header(item.path, ContainerReader(container).chunks(), book)
    header = parse_header(item.path, lines, book)
    if book.notices() or len(header.samples) != len(item.sample_columns):
        raise NotPlain
    return header, lines[:-1]


def _is_of(line: bytes, names: list[str]) -> bool:
    return any(line.startswith(b"##FORMAT=<ID=%b," % name.encode()) for name in names)
