"""Variants of a chunk column by column: their keys, where their genotypes are, what is written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import isfinite
from operator import itemgetter

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from allelake.ingest.encoding.fields import info_column
from allelake.ingest.encoding.keys import VariantKeys
from allelake.ingest.encoding.plain_records import PlainRecords
from allelake.ingest.encoding.planes import Index
from allelake.ingest.part_duplicates import Duplicates
from allelake.ingest.reading.normalise import Variant
from allelake.ingest.reading.records import RecordRows
from allelake.ingest.spec import BatchSpec
from allelake.warehouse.tables import arrow_type

_WRITTEN = (
    ("sv_type", pa.string()),
    ("id", pa.string()),
    ("other_ids", pa.list_(pa.string())),
    ("qual", pa.float32()),
    ("filters", pa.list_(pa.string())),
    ("record_position", pa.int32()),
    ("record_ref", pa.string()),
    ("record_alt", pa.string()),
    ("record_alt_index", pa.int16()),
    ("record_alt_total", pa.int16()),
    ("duplicate_records", pa.int16()),
)


@dataclass(frozen=True)
class VariantColumns:
    """Variants, sorted by key and unique once they are `settled`.

    `row` is where the genotypes of each are held, `allele` the number of its ALT there; `written`
    has the columns of `sites` that come from records, INFO among them.
    """

    keys: VariantKeys
    row: Index
    allele: Index
    written: pa.Table

    @classmethod
    def of(cls, variants: Sequence[Variant], spec: BatchSpec) -> "VariantColumns":
        """The columns of variants, in their order."""
        return cls(
            VariantKeys.of(variants),
            np.array([v.record.row for v in variants], np.int32),
            np.array([v.alt_index for v in variants], np.int32),
            _written(variants, spec),
        )

    @classmethod
    def of_plain(cls, plain: PlainRecords, spec: BatchSpec) -> "VariantColumns":
        """The columns of records that are variants as they stand."""
        total = len(plain)
        columns: dict[str, object] = {name: pa.nulls(total, of) for name, of in _WRITTEN}
        columns |= {
            "id": plain.id,
            "other_ids": plain.other_ids,
            "qual": plain.qual,
            "filters": plain.filters,
            "record_alt_index": pa.array(np.ones(total, np.int16)),
            "record_alt_total": pa.array(np.ones(total, np.int16)),
            "duplicate_records": pa.array(np.zeros(total, np.int16)),
            **plain.info,
        }
        return cls(
            VariantKeys.of_sequences(plain.position, plain.ref, plain.alt),
            plain.row.astype(np.int32, copy=False),
            np.ones(total, np.int32),
            pa.table(columns, schema=_schema(spec)),
        )

    def __len__(self) -> int:
        return len(self.row)

    def part(self, where: slice) -> "VariantColumns":
        """Some neighbours, without a copy."""
        start, stop, _ = where.indices(len(self))
        return VariantColumns(
            self.keys.part(where),
            self.row[where],
            self.allele[where],
            self.written.slice(start, stop - start),
        )

    def take(self, places: NDArray[np.intp]) -> "VariantColumns":
        """The variants at these places, in that order."""
        return VariantColumns(
            self.keys.take(places),
            self.row[places],
            self.allele[places],
            self.written.take(pa.array(places)),
        )

    def and_then(self, other: "VariantColumns") -> "VariantColumns":
        """These and others behind them."""
        return VariantColumns(
            self.keys.and_then(other.keys),
            np.concatenate([self.row, other.row]),
            np.concatenate([self.allele, other.allele]),
            pa.concat_tables([self.written, other.written]).combine_chunks(),
        )


def settled(
    plain: PlainRecords | None,
    odd: Sequence[Variant],
    spec: BatchSpec,
    rows: RecordRows,
    duplicates: Duplicates,
) -> VariantColumns:
    """The variants of both kinds by key; one for each key, chosen by the rule for duplicates."""
    if plain is None:
        columns = VariantColumns.of(odd, spec)
    else:
        columns = VariantColumns.of_plain(plain, spec)
        if odd:
            columns = columns.and_then(VariantColumns.of(odd, spec))
    position = columns.keys.position
    order = np.argsort(position, kind="stable")
    tied = np.flatnonzero(np.diff(position[order]) == 0)
    if not tied.size:
        return columns if not odd else columns.take(order)
    kept, repeats = _untied(columns, order, tied, _Settling(plain, odd, rows, duplicates))
    return _noted(columns, repeats).take(kept)


@dataclass(frozen=True)
class _Settling:
    """Where the variants of a tie come from, and how they are settled."""

    plain: PlainRecords | None
    odd: Sequence[Variant]
    rows: RecordRows
    duplicates: Duplicates

    def choose(self, places: Sequence[int]) -> tuple[int, int]:
        """Which of the variants of one key stays, and for how many others."""
        plain_total = len(self.plain) if self.plain is not None else 0
        variants = [
            self.plain.variant(place)
            if self.plain is not None and place < plain_total
            else self.odd[place - plain_total]
            for place in places
        ]
        (chosen,) = self.duplicates.settle(variants, self.rows)
        place = next(p for p, v in zip(places, variants, strict=True) if v is chosen)
        return place, chosen.duplicate_records


def _untied(
    columns: VariantColumns,
    order: NDArray[np.intp],
    tied: NDArray[np.intp],
    settling: _Settling,
) -> tuple[NDArray[np.intp], dict[int, int]]:
    """The places that stay, by key, and how many records some of them stand for beside."""
    starts = tied[np.concatenate([[True], np.diff(tied) > 1])]
    stops = tied[np.concatenate([np.diff(tied) > 1, [True]])] + 2
    kept = []
    repeats: dict[int, int] = {}
    last = 0
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        kept.append(order[last:start])
        keys = columns.keys.sort_keys(order[start:stop])
        rows, alleles = columns.row, columns.allele
        sorted_keys = sorted(
            (key, int(rows[place]), int(alleles[place]), place)
            for key, place in zip(keys, order[start:stop].tolist(), strict=True)
        )
        for _, group in groupby(sorted_keys, key=itemgetter(0)):
            places = [place for *_, place in group]
            place = places[0]
            if len(places) > 1:
                place, repeats[place] = settling.choose(places)
            kept.append(np.array([place]))
        last = stop
    kept.append(order[last:])
    return np.concatenate(kept), repeats


def _noted(columns: VariantColumns, repeats: dict[int, int]) -> VariantColumns:
    if not repeats:
        return columns
    totals = np.zeros(len(columns), np.int16)
    totals[list(repeats)] = list(repeats.values())
    place = columns.written.column_names.index("duplicate_records")
    noted = columns.written.set_column(place, "duplicate_records", pa.array(totals))
    return replace(columns, written=noted)


def failed_filters(written: Sequence[str]) -> list[str] | None:
    """NULL for `.`, an empty list for PASS; cyvcf2 gives [] and ['PASS']."""
    if not written:
        return None
    return [] if set(written) == {"PASS"} else list(written)


def _schema(spec: BatchSpec) -> pa.Schema:
    info = [(kept.column, arrow_type(kept.sql_type)) for kept in spec.info]
    return pa.schema([*_WRITTEN, *info])


def _written(variants: Sequence[Variant], spec: BatchSpec) -> pa.Table:
    records = [v.record for v in variants]
    ids = [[name for name in (r.ids or "").split(";") if name] for r in records]
    columns: dict[str, object] = {
        "sv_type": [v.sv_type for v in variants],
        "id": [i[0] if i else None for i in ids],
        "other_ids": [i[1:] or None for i in ids],
        "qual": [_finite(r.qual) for r in records],
        "filters": [failed_filters(r.filters) for r in records],
        **_as_called(variants),
        "duplicate_records": [v.duplicate_records for v in variants],
    }
    is_split = any(len(record.alts) > 1 for record in records)
    for kept in spec.info:
        columns[kept.column] = info_column(kept, variants, is_split)
    return pa.table(columns, schema=_schema(spec))


def _finite(qual: float | None) -> float | None:
    """NULL for NaN and infinity, which callers write where they have no QUAL."""
    return qual if qual is not None and isfinite(qual) else None


def _as_called(variants: Sequence[Variant]) -> dict[str, object]:
    position, ref, alt = [], [], []
    for variant in variants:
        record = variant.record
        written = record.alts[variant.alt_index - 1]
        position.append(record.position if record.position != variant.position else None)
        ref.append(record.ref if record.ref != variant.ref else None)
        alt.append(written if written != variant.alt else None)
    return {
        "record_position": position,
        "record_ref": ref,
        "record_alt": alt,
        "record_alt_index": [v.alt_index for v in variants],
        "record_alt_total": [len(v.record.alts) for v in variants],
    }
