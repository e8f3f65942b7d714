"""Variants of one sample as rows of `sites` and `calls`, as SampleOutput takes them."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from allelake.ingest.encoding.sites import HISTOGRAM_BINS, HISTOGRAM_STEP
from allelake.ingest.encoding.variants import failed_filters
from allelake.ingest.fast_text.lines import ALT, FILTER, ID, QUAL, REF, Lines
from allelake.ingest.fast_text.samples import Integers, Samples, Unplain
from allelake.ingest.fast_text.text import Flags, Pieces, Places
from allelake.ingest.fast_text.values import cut_at, decimals_of, scattered, texts_of
from allelake.ingest.fast_text.variants import Variants
from allelake.model.genotype import (
    ADJ_BALANCE_DIVISOR,
    ADJ_MIN_DP,
    ADJ_MIN_DP_HAPLOID,
    ADJ_MIN_GQ,
    MISSING_INTEGER,
    NO_ALLELE,
    count_alleles,
    is_known,
)

_MOST_FILTERS = 64
Columns = dict[str, pa.Array]


@dataclass(frozen=True)
class Chunk:
    """Lines of one contig, and what was made of them.

    position    POS of each line
    alt_total   how many ALTs each line has
    filters     FILTER of each line, as the tables have it
    """

    lines: Lines
    position: Places
    alt_total: Places
    samples: Samples
    variants: Variants
    filters: pa.Array


def filters_of(lines: Lines, declared: tuple[str, ...]) -> tuple[pa.Array, Flags]:
    """FILTER of each line as the tables have it, and which lines passed or were not filtered."""
    code, firsts = lines.text.codes(lines.columns[FILTER], _MOST_FILTERS)
    if (code < 0).any():
        raise Unplain
    known = {"PASS", *declared}
    lists: list[list[str] | None] = []
    for first in firsts:
        written = lines.text.text_of(lines.columns[FILTER], first).decode()
        names = [] if written == "." else written.split(";")
        odd = len(set(names)) < len(names) or not known.issuperset(names)
        if odd or ("PASS" in names and len(names) > 1):
            raise Unplain
        lists.append(failed_filters(names))
    passes = np.array([not names for names in lists], np.bool_)
    return pa.array(lists, pa.list_(pa.string())).take(pa.array(code)), passes[code]


def sites_table(chunk: Chunk, info: Columns, *, has_dp: bool, has_gq: bool) -> pa.Table:
    """A row of `sites` for each variant; `has_dp`, `has_gq`: whether the batch has these fields."""
    variants, samples, row = chunk.variants, chunk.samples, chunk.variants.row
    return pa.table(
        {
            **_keys(chunk),
            "sv_type": pa.nulls(len(variants), pa.string()),
            **_names(chunk),
            "qual": _qualities(chunk),
            "filters": chunk.filters.take(pa.array(row)),
            "has_genotypes": pa.array(samples.has_gt[row]),
            **_as_called(chunk),
            "duplicate_records": pa.array(np.zeros(len(variants), np.int16)),
            **_depth_columns("dp", "DP" if has_dp else None, samples, row),
            **_depth_columns("gq", "GQ" if has_gq else None, samples, row),
            **info,
        }
    )


def _keys(chunk: Chunk) -> Columns:
    variants, text = chunk.variants, chunk.lines.text
    return {
        "position": pa.array(variants.position),
        "ref": texts_of(text, variants.ref),
        "alt": texts_of(text, variants.alt),
        "end_position": pa.array(variants.end_position),
        "sv_length": pa.nulls(len(variants), pa.int32()),
    }


def _names(chunk: Chunk) -> Columns:
    row, text = chunk.variants.row, chunk.lines.text
    written = chunk.lines.columns[ID][row]
    named = np.flatnonzero(~text.equals(written, b"."))
    total = len(row)
    if not named.size:
        return {"id": pa.nulls(total, pa.string()), "other_ids": _no_lists(total)}
    lists = [
        [name for name in text.text_of(written, place).decode().split(";") if name]
        for place in named.tolist()
    ]
    first = pa.array([names[0] if names else None for names in lists], pa.string())
    others = pa.array([names[1:] or None for names in lists], pa.list_(pa.string()))
    return {"id": scattered(first, named, total), "other_ids": scattered(others, named, total)}


def _no_lists(total: int) -> pa.Array:
    return pa.nulls(total, pa.list_(pa.string()))


def _qualities(chunk: Chunk) -> pa.Array:
    row, text = chunk.variants.row, chunk.lines.text
    written = chunk.lines.columns[QUAL][row]
    has = np.flatnonzero(~text.equals(written, b"."))
    return scattered(decimals_of(text, written[has]), has, len(row))


def _as_called(chunk: Chunk) -> Columns:
    variants, lines = chunk.variants, chunk.lines
    total = len(variants)
    moved = np.flatnonzero(variants.moved)
    row = variants.row[moved]
    position = chunk.position[row]
    other = position != variants.position[moved]
    alts = texts_of(lines.text, lines.columns[ALT][row]).to_pylist()
    numbers = variants.number[moved].tolist()
    alt = [written.split(",")[n - 1] for written, n in zip(alts, numbers, strict=True)]
    return {
        "record_position": scattered(
            pa.array(position[other].astype(np.int32)), moved[other], total
        ),
        "record_ref": scattered(texts_of(lines.text, lines.columns[REF][row]), moved, total),
        "record_alt": scattered(pa.array(alt, pa.string()), moved, total),
        "record_alt_index": pa.array(variants.number.astype(np.int16)),
        "record_alt_total": pa.array(chunk.alt_total[variants.row].astype(np.int16)),
    }


def _depth_columns(name: str, field: str | None, samples: Samples, row: Places) -> Columns:
    absent = np.ones(row.size, np.bool_) if field is None else ~samples.has[field][row]
    values = samples.integers[field][row] if field else np.full(row.size, MISSING_INTEGER)
    known = is_known(values)
    counted = np.where(known, values, 0)
    bins = np.zeros((row.size, HISTOGRAM_BINS), np.int32)
    place = np.clip(counted // HISTOGRAM_STEP, 0, HISTOGRAM_BINS - 1)
    bins[np.flatnonzero(known), place[known]] = 1
    offsets = np.arange(row.size + 1, dtype=np.int32) * HISTOGRAM_BINS
    return {
        f"{name}_n": pa.array(known.astype(np.int32), mask=absent),
        f"{name}_sum": pa.array(counted.astype(np.int64), mask=absent),
        f"{name}_histogram": pa.ListArray.from_arrays(
            pa.array(offsets), pa.array(bins.reshape(-1)), mask=pa.array(absent)
        ),
    }


def calls_table(chunk: Chunk, sample_number: int, fields: frozenset[str]) -> pa.Table:
    """A row of `calls` for each variant; `fields`: which of DP, GQ, AD, PS and adj are columns."""
    variants, samples, row = chunk.variants, chunk.samples, chunk.variants.row
    first, second = samples.first[row], samples.second[row]
    number = variants.number.astype(np.int8)
    copies, called = count_alleles(first, second, number)
    is_diploid = second != NO_ALLELE
    phased = samples.phased[row]
    depths = allele_depths(chunk) if "AD" in fields else _no_depths(row.size)
    return pa.table(
        {
            **_keys(chunk),
            "sample_number": pa.array(np.full(row.size, sample_number, np.int32)),
            "alt_count": pa.array(copies),
            "called_count": pa.array(called),
            "ploidy": pa.array(1 + is_diploid.astype(np.int8)),
            "haplotype": pa.array(
                np.where(first == number, 1, 2).astype(np.int8), mask=~(phased & (copies == 1))
            ),
            "phase_set": _integers(samples, "PS", row, fields),
            "is_phased": pa.array(phased),
            **_adj_columns(samples, row, (copies, called), depths, "adj" in fields),
            "dp": _integers(samples, "DP", row, fields),
            "gq": _integers(samples, "GQ", row, fields),
            "ad_ref": pa.array(depths[0], mask=~is_known(depths[0])),
            "ad_alt": pa.array(depths[1], mask=~is_known(depths[1])),
            "filters": chunk.filters.take(pa.array(row)),
        }
    )


def _integers(samples: Samples, name: str, row: Places, fields: frozenset[str]) -> pa.Array:
    if name not in fields:
        return pa.nulls(row.size, pa.int32())
    values = samples.integers[name][row]
    return pa.array(values, mask=~is_known(values))


def _no_depths(total: int) -> tuple[Integers, Integers]:
    return np.full(total, MISSING_INTEGER, np.int32), np.full(total, MISSING_INTEGER, np.int32)


def allele_depths(chunk: Chunk) -> tuple[Integers, Integers]:
    """AD of REF and of each variant's ALT; missing where AD has not a value for each allele."""
    row, number = chunk.variants.row, chunk.variants.number
    ad_ref, ad_alt = _no_depths(row.size)
    has = np.flatnonzero(chunk.samples.depths.length[row] > 0)
    place, index, parts = cut_at(chunk.lines.text, b",", chunk.samples.depths[row[has]])
    fits = np.bincount(place, minlength=has.size) == chunk.alt_total[row[has]] + 1
    for into, wanted in ((ad_ref, np.zeros(has.size, np.int64)), (ad_alt, number[has])):
        mine = fits[place] & (index == wanted[place])
        into[has[place[mine]]] = _whole_numbers(chunk.lines, parts[mine])
    return ad_ref, ad_alt


def _whole_numbers(lines: Lines, parts: Pieces) -> NDArray[np.int64]:
    values, sound = lines.text.integers(parts)
    missing = lines.text.equals(parts, b".")
    if not (sound | missing).all():
        raise Unplain
    return np.where(missing, MISSING_INTEGER, values)


def _adj_columns(
    samples: Samples,
    row: Places,
    counts: tuple[NDArray[np.int8], NDArray[np.int8]],
    depths: tuple[Integers, Integers],
    has_adj: bool,
) -> Columns:
    """adj@1 of each genotype, as `encoding.adj` has it."""
    if not has_adj:
        unknown = pa.nulls(row.size, pa.bool_())
        return {"passes_adj": unknown, "passes_adj_haploid": unknown}
    copies, called = counts
    dp, gq = samples.integers["DP"][row], samples.integers["GQ"][row]
    ad_ref, ad_alt = depths
    sound = is_known(dp) & is_known(ad_ref) & is_known(ad_alt) & (gq >= ADJ_MIN_GQ) & (called > 0)
    is_het = (copies == 1) & (called == 2)
    least = dp // ADJ_BALANCE_DIVISOR + (dp % ADJ_BALANCE_DIVISOR > 0)
    sound &= ~is_het | (ad_alt >= least)
    deep = dp >= ADJ_MIN_DP
    deep_haploid = dp >= ADJ_MIN_DP_HAPLOID
    is_haploid = samples.second[row] == NO_ALLELE
    return {
        "passes_adj": pa.array(sound & (deep | (is_haploid & deep_haploid))),
        "passes_adj_haploid": pa.array(sound & deep_haploid),
    }
