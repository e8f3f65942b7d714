"""Fixed columns of many lines: which records are plain, and their columns."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from allelake.ingest.cohort.source import NotPlain
from allelake.ingest.encoding.plain_records import PlainRecords
from allelake.ingest.fast_text.alleles import find_alleles
from allelake.ingest.fast_text.grammar import NAME, QUALITY
from allelake.ingest.fast_text.info import InfoItems
from allelake.ingest.fast_text.kept_info import InfoReader
from allelake.ingest.fast_text.lines import ALT, ID, POS, QUAL, REF, Lines
from allelake.ingest.fast_text.samples import Unplain
from allelake.ingest.fast_text.tables import filters_of
from allelake.ingest.fast_text.text import Flags, Pieces, Places, Text
from allelake.ingest.fast_text.values import decimals_of, scattered, texts_of
from allelake.ingest.spec import BatchSpec, Header

# What tells where a record ends: htslib has its say where it lies before POS.
_END = b"END"


@dataclass(frozen=True)
class PlainLines:
    """What lines say in their fixed columns.

    is_plain    the line is one of PlainRecords, whatever its genotypes
    is_told     cyvcf2 has nothing to say of its INFO and FILTER
    """

    lines: Lines
    position: Places
    is_plain: Flags
    is_told: Flags
    filters: pa.Array
    items: tuple[Places, InfoItems] | None


class PlainReader:
    """Reads fixed columns against what the header declares."""

    def __init__(self, spec: BatchSpec, header: Header):
        self._declared = header.filters
        self._info = InfoReader(spec.info, header)

    def look(self, lines: Lines) -> PlainLines:
        """What the lines say. Raises NotPlain where a POS is no number."""
        text, columns = lines.text, lines.columns
        position, is_number = text.integers(columns[POS])
        if not is_number.all():
            raise NotPlain
        try:
            filters, _ = filters_of(lines, self._declared)
            items = self._info.items(lines, np.arange(len(lines)))
        except Unplain:
            none = np.zeros(len(lines), np.bool_)
            return PlainLines(lines, position, none, none, pa.nulls(len(lines)), None)
        is_told = np.ones(len(lines), np.bool_)
        is_told[lines.rows_of(np.flatnonzero(text.bytes > 126))] = False
        if items is not None and _END in items[1].keys:
            rows, found = items
            is_told[rows[found.row[found.key == found.keys.index(_END)]]] = False
        plain = is_told & self._has_plain_alleles(lines)
        for column, grammar in ((ID, NAME), (QUAL, QUALITY)):
            rest = np.flatnonzero(plain & ~text.equals(columns[column], b"."))
            plain[rest[~grammar.accepts(text, columns[column][rest])]] = False
        return PlainLines(lines, position, plain, is_told, filters, items)

    def _has_plain_alleles(self, lines: Lines) -> Flags:
        alleles = find_alleles(lines)
        is_one = alleles.is_ref & alleles.is_variant & ~alleles.has_any_other
        return is_one & ~self._is_trimmed(lines)

    @staticmethod
    def _is_trimmed(lines: Lines) -> Flags:
        """Lines whose REF and ALT, both longer than a base, begin or end alike."""
        data, ref, alt = lines.text.bytes, lines.columns[REF], lines.columns[ALT]
        both = (ref.length > 1) & (alt.length > 1)
        alike = data[ref.start] == data[alt.start]
        alike |= data[ref.stop - 1] == data[alt.stop - 1]
        return np.asarray(both & alike)

    def records(
        self, found: PlainLines, which: Places, row: NDArray[np.int32], source: str
    ) -> PlainRecords:
        """The lines `which`, all plain; `row` is where each one's genotypes are held."""
        lines = found.lines
        text, columns = lines.text, lines.columns
        ones = np.ones(len(lines), np.int64)
        names, qualities = columns[ID][which], columns[QUAL][which]
        named = np.flatnonzero(~text.equals(names, b"."))
        known = np.flatnonzero(~text.equals(qualities, b"."))
        total = len(which)
        return PlainRecords(
            row=row,
            position=found.position[which].astype(np.int32),
            ref=texts_of(text, columns[REF][which]),
            alt=texts_of(text, columns[ALT][which]),
            id=scattered(texts_of(text, names[named]), named, total),
            other_ids=pa.nulls(total, pa.list_(pa.string())),
            qual=scattered(_finite(decimals_of(text, qualities[known])), known, total),
            filters=found.filters.take(pa.array(which)),
            info=self._info.columns(lines, found.items, which, ones[which], ones),
            source=source,
        )


def _finite(decimals: pa.Array) -> pa.Array:
    """NULL for what is too large for 32 bits."""
    values = decimals.to_numpy(zero_copy_only=False)
    return pa.array(values, pa.float32(), mask=~np.isfinite(values))


def head_lines(raw: bytes, ends: NDArray[np.int32]) -> Lines:
    """The lines of copied fixed columns; `ends` is where each column of each line ends."""
    stops = ends.astype(np.int64)
    starts = np.empty_like(stops)
    starts[:, 1:] = stops[:, :-1] + 1
    starts[:1, 0] = 0
    starts[1:, 0] = stops[:-1, -1] + 1
    columns = tuple(
        Pieces(np.ascontiguousarray(starts[:, i]), stops[:, i] - starts[:, i])
        for i in range(stops.shape[1])
    )
    return Lines(Text(raw), columns)
