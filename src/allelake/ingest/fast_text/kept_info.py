"""INFO fields that the profile keeps, as columns of `sites`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from allelake.ingest.encoding.fields import info_column
from allelake.ingest.fast_text.grammar import DECIMALS, INTEGERS
from allelake.ingest.fast_text.info import InfoItems, count_values, take_apart
from allelake.ingest.fast_text.lines import INFO, Lines
from allelake.ingest.fast_text.samples import Unplain
from allelake.ingest.fast_text.text import Flags, Pieces, Places, Text
from allelake.ingest.fast_text.values import (
    cut_at,
    decimals_of,
    integers_of,
    scattered,
    texts_of,
)
from allelake.ingest.spec import Field, Header, KeptField
from allelake.warehouse.tables import arrow_type


@dataclass(frozen=True)
class _Record:
    info: dict[str, object]
    alts: range


@dataclass(frozen=True)
class _Variant:
    """As much of a variant as `info_column` asks for."""

    record: _Record
    alt_index: int


class InfoReader:
    """Reads INFO of lines of a file with this header."""

    def __init__(self, kept: Sequence[KeptField], header: Header):
        self._kept = kept
        self._declared = header.info

    def end_of(self, lines: Lines) -> tuple[Places, Flags]:
        """INFO END of lines that have nothing else, and which have it."""
        text, info = lines.text, lines.columns[INFO]
        found = text.starts_with(info, b"END=")
        end, is_number = text.integers(Pieces(info.start + 4, info.length - 4))
        found &= is_number
        return np.where(found, end, 0), found

    def items(self, lines: Lines, rows: Places) -> tuple[Places, InfoItems] | None:
        """The items of the lines `rows` that have INFO; None if there are none."""
        info = lines.columns[INFO][rows]
        some = np.flatnonzero(~lines.text.equals(info, b"."))
        if not some.size:
            return None
        items = take_apart(lines.text, info[some])
        if items is None:
            raise Unplain
        self._check(lines, items)
        return rows[some], items

    def _check(self, lines: Lines, items: InfoItems) -> None:
        """Raises Unplain for items that htslib has something to say of, or might misread."""
        for _, keys in items.shapes:
            names = [key.removesuffix(b"=") for key in keys]
            if len(set(names)) < len(names):
                raise Unplain
        for number, key in enumerate(items.keys):
            field = self._declared.get(key.decode())
            mine = items.key == number
            if field is None or bool((items.has_value[mine] == (field.type == "Flag")).any()):
                raise Unplain
            if field.type in ("Integer", "Float"):
                grammar = INTEGERS if field.type == "Integer" else DECIMALS
                if not grammar.accepts(lines.text, items.value[mine]).all():
                    raise Unplain

    def columns(
        self,
        lines: Lines,
        found: tuple[Places, InfoItems] | None,
        row: Places,
        number: Places,
        alt_total: Places,
    ) -> dict[str, pa.Array]:
        """The kept fields of variants: the line of each, its number there, the ALTs of lines."""
        columns = {}
        for kept in self._kept:
            of = arrow_type(kept.sql_type)
            key = kept.field.id.encode()
            if found is None or key not in found[1].keys:
                is_flag = kept.field.type == "Flag"
                none = pa.repeat(pa.scalar(False), row.size) if is_flag else pa.nulls(row.size, of)
                columns[kept.column] = none
                continue
            rows, items = found
            mine = items.key == items.keys.index(key)
            place = np.full(len(lines), -1, np.int64)
            place[rows[items.row[mine]]] = np.arange(int(np.count_nonzero(mine)))
            at = place[row]
            has = np.flatnonzero(at >= 0)
            values = items.value[mine][at[has]]
            columns[kept.column] = self._column(
                lines, kept, values, has, _Alts(row.size, number[has], alt_total[row[has]])
            )
        return columns

    def _column(
        self, lines: Lines, kept: KeptField, values: Pieces, has: Places, alts: "_Alts"
    ) -> pa.Array:
        of, field = arrow_type(kept.sql_type), kept.field
        if field.type == "Flag":
            flags = np.zeros(alts.total, np.bool_)
            flags[has] = True
            return pa.array(flags)
        text = lines.text
        if field.type in ("Integer", "Float"):
            single = text.equals(values, b".")
            if single.any():
                keep = ~single
                values, has = values[keep], has[keep]
                alts = _Alts(alts.total, alts.number[keep], alts.alt_total[keep])
            return _numbers(lines, field, values, has, alts, of)
        if field.number == "1" and not pa.types.is_list(of):
            missing = text.equals(values, b".") | (values.length == 0)
            return scattered(texts_of(text, values[~missing]), has[~missing], alts.total)
        return _by_record(lines, kept, values, has, alts)


@dataclass(frozen=True)
class _Alts:
    """How many variants there are; of those with the field: their number, and their ALTs."""

    total: int
    number: Places
    alt_total: Places


def _numbers(
    lines: Lines, field: Field, values: Pieces, has: Places, alts: _Alts, of: pa.DataType
) -> pa.Array:
    text = lines.text
    if field.number != "A" and not pa.types.is_list(of):
        single = count_values(text, values) == 1
        return scattered(_parsed(text, field, values[single]), has[single], alts.total).cast(of)
    row, index, parts = cut_at(text, b",", values)
    count = np.bincount(row, minlength=len(values))
    fits = count == _expected(field, count, alts.alt_total)
    if not fits.all():
        # Which value is this ALT's cannot be told: NULL.
        alts = _Alts(alts.total, alts.number[fits], alts.alt_total[fits])
        return _numbers(lines, field, values[fits], has[fits], alts, of)
    # Lists of nothing but missing values were NULL before one ALT's were picked.
    is_known = np.bincount(row, ~text.equals(parts, b"."), minlength=len(values)) > 0
    if not pa.types.is_list(of):
        return scattered(
            _parsed(text, field, parts[index == (alts.number - 1)[row]]), has, alts.total
        ).cast(of)
    if field.number == "R":
        parts = parts[(index == 0) | (index == alts.number[row])]
        count = np.full(len(values), 2)
    offsets = np.concatenate([[0], np.cumsum(count)]).astype(np.int32)
    flat = _parsed(text, field, parts).cast(of.value_type)
    lists = pa.ListArray.from_arrays(pa.array(offsets), flat, mask=pa.array(~is_known))
    return scattered(lists, has, alts.total).cast(of)


def _parsed(text: Text, field: Field, parts: Pieces) -> pa.Array:
    """The numbers; NULL for '.'."""
    known = np.flatnonzero(~text.equals(parts, b"."))
    make = integers_of if field.type == "Integer" else decimals_of
    return scattered(make(text, parts[known]), known, len(parts))


def _expected(field: Field, count: Places, alt_total: Places) -> Places:
    """How many values each record should have; `count` where that is not fixed."""
    if field.number in ("A", "R"):
        return alt_total + (field.number == "R")
    return np.full_like(count, int(field.number)) if field.number.isdigit() else count


def _by_record(lines: Lines, kept: KeptField, values: Pieces, has: Places, alts: _Alts) -> pa.Array:
    """By the rules for whole records, one after another: texts that are lists."""
    name = kept.field.id
    shown = texts_of(lines.text, values).to_pylist()
    numbers, totals = alts.number.tolist(), alts.alt_total.tolist()
    variants = [
        _Variant(_Record({name: value}, range(total)), number)
        for value, number, total in zip(shown, numbers, totals, strict=True)
    ]
    is_split = any(total > 1 for total in totals)
    made = info_column(kept, variants, is_split)  # type: ignore[arg-type]
    return scattered(made, has, alts.total)
