"""Tables of genotypes as Parquet or Arrow: long, or one row for each variant."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from allelake.export.fields import DEPTHS, Field
from allelake.export.genotypes import (
    CALLED,
    COPIES,
    HAPLOID_REFERENCE,
    IS_HAPLOID,
    IS_PHASED,
    PHASED_REFERENCE,
    REFERENCE,
    TEXTS,
    UNKNOWN,
)
from allelake.export.lines import Lines
from allelake.export.source import Source

_DEFAULTS = np.zeros(len(TEXTS), np.bool_)
_DEFAULTS[[REFERENCE, PHASED_REFERENCE, HAPLOID_REFERENCE]] = True
_VARIANT = pa.schema(
    [
        ("contig", pa.string()),
        ("position", pa.int32()),
        ("ref", pa.string()),
        ("alt", pa.string()),
        ("end_position", pa.int32()),
        ("sv_length", pa.int32()),
    ]
)
_SITE = pa.schema(
    [
        ("ids", pa.string()),
        ("qual", pa.float32()),
        ("filters", pa.string()),
        ("info", pa.string()),
        ("has_genotypes", pa.bool_()),
    ]
)
_GENOTYPE = pa.schema(
    [
        ("sample_id", pa.dictionary(pa.int32(), pa.string())),
        ("genotype", pa.dictionary(pa.int8(), pa.string())),
        ("alt_count", pa.int8()),
        ("called_count", pa.int8()),
        ("ploidy", pa.int8()),
        ("is_phased", pa.bool_()),
        ("is_known", pa.bool_()),
    ]
)


def _detail_schema(fields: Sequence[Field]) -> pa.Schema:
    columns: list[tuple[str, pa.DataType]] = []
    for field in fields:
        if field is DEPTHS:
            columns += [("ad_ref", pa.int32()), ("ad_alt", pa.int32())]
        elif field.number == "1" and field.type in ("Integer", "Float"):
            columns.append((field.column, pa.int32() if field.type == "Integer" else pa.float32()))
        else:
            columns.append((field.column, pa.string()))
    return pa.schema(columns)


class _File:
    """A Parquet or Arrow file that grows by record batches."""

    def __init__(self, path: Path, schema: pa.Schema, format: str) -> None:
        self.schema = schema
        self._writer: Any
        if format == "parquet":
            self._writer = pq.ParquetWriter(path, schema, compression="zstd")
        else:
            self._writer = pa.ipc.new_file(str(path), schema)

    def write(self, columns: Sequence[pa.Array]) -> None:
        self._writer.write_batch(pa.record_batch(list(columns), schema=self.schema))

    def close(self) -> None:
        self._writer.close()


def _variant_columns(lines: Lines) -> list[pa.Array]:
    total = lines.told.num_rows
    contig = pa.array([lines.contig] * total, pa.string())
    return [contig, *(_one(lines.told[name]) for name in _VARIANT.names[1:])]


def _site_columns(lines: Lines) -> list[pa.Array]:
    dots = {name: _one(lines.told[name]) for name in _SITE.names}
    for name in ("ids", "info"):
        dots[name] = pc.if_else(pc.equal(dots[name], "."), None, dots[name])
    return list(dots.values())


def _one(column: pa.ChunkedArray) -> pa.Array:
    found = column.combine_chunks()
    return pa.concat_arrays(found.chunks) if isinstance(found, pa.ChunkedArray) else found


class LongWriter:
    """A row for each genotype that is not reference, and a second file with the variants.

    A variant and sample without a row is a reference genotype; who is not known has a row.
    """

    def __init__(self, source: Source, staged: Sequence[Path], format: str) -> None:
        self._fields = source.wanted.format
        self._details = _detail_schema(self._fields)
        schema = pa.schema([*_VARIANT, *_GENOTYPE, *self._details]).with_metadata(_metadata(source))
        self._names = pa.array(source.people.names, pa.string())
        self._genotypes = _File(staged[0], schema, format)
        variants = pa.schema([*_VARIANT, *_SITE]).with_metadata(_metadata(source))
        self._variants = _File(staged[1], variants, format)

    def add(self, lines: Lines) -> None:
        """Writes some lines."""
        variant = _variant_columns(lines)
        self._variants.write([*variant, *_site_columns(lines)])
        step = max(1, 4_000_000 // lines.codes.shape[1])
        for start in range(0, len(lines.codes), step):
            codes = lines.codes[start : start + step]
            row, place = np.nonzero(~_DEFAULTS[codes])
            own = codes[row, place]
            row = row + start
            self._genotypes.write(
                [
                    *(column.take(pa.array(row)) for column in variant),
                    pa.DictionaryArray.from_arrays(pa.array(place.astype(np.int32)), self._names),
                    pa.DictionaryArray.from_arrays(
                        pa.array(own.astype(np.int8)), pa.array(TEXTS, pa.string())
                    ),
                    pa.array(COPIES[own]),
                    pa.array(CALLED[own]),
                    pa.array((2 - IS_HAPLOID[own]).astype(np.int8)),
                    pa.array(IS_PHASED[own]),
                    pa.array(own != UNKNOWN),
                    *self._detail_columns(lines, row, place),
                ]
            )

    def _detail_columns(self, lines: Lines, row: Any, place: Any) -> list[pa.Array]:
        """What is told of these genotypes; both are in the order of lines and people."""
        samples = np.int64(lines.codes.shape[1])
        wanted = row.astype(np.int64) * samples + place
        told = lines.details.allele.astype(np.int64) * samples + lines.details.place
        found = np.searchsorted(told, wanted)
        found_in = np.minimum(found, max(len(told) - 1, 0))
        is_told = told[found_in] == wanted if len(told) else np.zeros(len(wanted), np.bool_)
        index = pa.array(found_in, mask=~is_told)
        texts = lines.details.texts.take(index) if len(told) else pa.nulls(len(wanted), pa.string())
        parts = pc.split_pattern(texts.cast(pa.string()), ":")
        columns: list[pa.Array] = []
        for nth, field in enumerate(self._fields):
            text = pc.list_element(parts, nth + 1)
            if field is DEPTHS:
                # A lone '.' says that neither is known.
                pair = pc.split_pattern(pc.if_else(pc.equal(text, "."), ".,.", text), ",")
                columns += [_cast(pc.list_element(pair, n), pa.int32()) for n in (0, 1)]
            else:
                columns.append(_cast(text, self._details.field(field.column).type))
        return columns

    def finish(self) -> None:
        """Writes what is left."""
        self._genotypes.close()
        self._variants.close()

    def close(self) -> None:
        """Nothing is held that finish does not close."""

    def notes(self) -> Sequence[str]:
        """What the files do not say by themselves."""
        return ("a variant and sample without a row is a reference genotype",)


def _cast(text: pa.Array, to: pa.DataType) -> pa.Array:
    return pc.if_else(pc.equal(text, "."), None, text).cast(to)


class WideWriter:
    """A row for each variant; lists over the samples, whose names are in the schema's metadata."""

    def __init__(self, source: Source, staged: Sequence[Path], format: str) -> None:
        lists = [
            pa.field(name, pa.list_(pa.int8(), len(source.people.names)))
            for name in ("alt_counts", "called_counts")
        ]
        names = json.dumps(source.people.names, ensure_ascii=False).encode()
        metadata = {**_metadata(source), b"allelake.samples": names}
        schema = pa.schema([*_VARIANT, *_SITE, *lists]).with_metadata(metadata)
        self._file = _File(staged[0], schema, format)

    def add(self, lines: Lines) -> None:
        """Writes some lines."""
        called = CALLED[lines.codes]
        copies = pa.array(COPIES[lines.codes].ravel(), mask=(called == 0).ravel())
        lists = [
            pa.FixedSizeListArray.from_arrays(values, lines.codes.shape[1])
            for values in (copies, pa.array(called.ravel()))
        ]
        self._file.write([*_variant_columns(lines), *_site_columns(lines), *lists])

    def finish(self) -> None:
        """Writes what is left."""
        self._file.close()

    def close(self) -> None:
        """Nothing is held that finish does not close."""

    def notes(self) -> Sequence[str]:
        """What the file does not say by itself."""
        return ("phase, depth and quality are in the long table, not in the wide one",)


def _metadata(source: Source) -> dict[bytes, bytes]:
    told = {f"allelake.{name}".encode(): value.encode() for name, value in source.terms.items()}
    return {**told, b"allelake.not_kept": "; ".join(source.not_kept).encode()}
