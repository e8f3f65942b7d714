"""Rows of `sites` of several samples made one per variant."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from allelake.ingest.encoding.sites import HISTOGRAM_BINS, HISTOGRAM_STEP
from allelake.warehouse.stored import StagedFile

# Sums of one value of each sample, which for one sample say what the histogram does.
_COUNTED = ("dp", "gq")
HISTOGRAMS = tuple(f"{name}_histogram" for name in _COUNTED)
_KEY = ("position", "ref", "alt", "end_position", "sv_length")
_MOST_DUPLICATES = 2**15 - 1

Starts = NDArray[np.intp]


def have_one_value_at_most(files: Sequence[StagedFile]) -> bool:
    """Whether no row of these files of `sites` sums up more than one depth or quality."""
    for file in files:
        found = pq.read_metadata(file.path)
        names = {found.schema.column(place).name: place for place in range(found.num_columns)}
        for group in range(found.num_row_groups):
            for name in _COUNTED:
                column = found.row_group(group).column(names[f"{name}_n"])
                told = column.statistics
                if told is None or not (told.has_min_max or told.null_count == column.num_values):
                    return False
                if told.has_min_max and told.max > 1:
                    return False
    return True


def united_sites(batches: Iterable[pa.RecordBatch], one_hot: bool = False) -> Iterator[pa.Table]:
    """One row for each variant, out of rows sorted as the table is and then by source_sample.

    The row of the lowest sample stays; duplicate_records and the sums of depth and quality are
    added up; `filters` is PASS where any sample's record passes, else unknown where any is.
    Holds a batch and the rows of one variant. `one_hot`: the histograms are left out of the rows,
    since they have a value at most: their sums tell which.
    """
    held: pa.Table | None = None
    for batch in batches:
        rows = pa.Table.from_batches([batch])
        rows = rows if held is None else pa.concat_tables([held, rows])
        rows = rows.combine_chunks()
        starts = _starts(rows)
        # The last variant may go on in the next batch.
        held = rows.slice(starts[-1])
        if len(starts) > 1:
            yield _one_each(rows.slice(0, starts[-1]), starts[:-1], one_hot)
    if held is not None:
        yield _one_each(held, np.zeros(1, np.intp), one_hot)


def _starts(rows: pa.Table) -> Starts:
    """Where each variant's rows begin."""
    is_new = np.ones(rows.num_rows, np.bool_)
    is_new[1:] = False
    for name in _KEY:
        values = rows.column(name)
        before, after = values.slice(0, rows.num_rows - 1), values.slice(1)
        differs = pc.fill_null(pc.not_equal(before, after), False)
        either = pc.xor(before.is_null(), after.is_null())
        is_new[1:] |= pc.or_(differs, either).to_numpy()
    return np.flatnonzero(is_new)


def _one_each(rows: pa.Table, starts: Starts, one_hot: bool) -> pa.Table:
    chosen = rows.take(pa.array(starts))
    made: dict[str, pa.Array] = {
        "filters": _filters(rows, chosen, starts),
        "has_genotypes": pa.array(
            np.logical_or.reduceat(rows.column("has_genotypes").to_numpy(), starts)
        ),
        "duplicate_records": _duplicates(rows, starts),
    }
    for name in _COUNTED:
        made[f"{name}_n"] = _summed(rows.column(f"{name}_n"), starts)
        made[f"{name}_sum"] = _summed(rows.column(f"{name}_sum"), starts)
        if one_hot:
            number, value = rows.column(f"{name}_n"), rows.column(f"{name}_sum")
            made[f"{name}_histogram"] = _histograms_of_values(number, value, starts)
        else:
            made[f"{name}_histogram"] = _histograms(rows.column(f"{name}_histogram"), starts)
    for name, values in made.items():
        place = chosen.column_names.index(name)
        chosen = chosen.set_column(place, name, values)
    return chosen


def _filters(rows: pa.Table, chosen: pa.Table, starts: Starts) -> pa.Array:
    written = rows.column("filters")
    unfiltered = np.logical_or.reduceat(written.is_null().to_numpy(), starts)
    lengths = pc.fill_null(pc.list_value_length(written), -1).to_numpy()
    passes = np.logical_or.reduceat(lengths == 0, starts)
    own = chosen.column("filters").combine_chunks()
    choices = pa.concat_arrays([pa.array([[], None], own.type), own])
    place = np.where(passes, 0, np.where(unfiltered, 1, np.arange(len(starts)) + 2))
    return choices.take(pa.array(place))


def _duplicates(rows: pa.Table, starts: Starts) -> pa.Array:
    counts = rows.column("duplicate_records").to_numpy().astype(np.int64)
    summed = np.add.reduceat(counts, starts)
    return pa.array(np.minimum(summed, _MOST_DUPLICATES).astype(np.int16))


def _summed(values: pa.ChunkedArray, starts: Starts) -> pa.Array:
    """Sums of what is known; NULL where nothing is."""
    known = values.is_valid().to_numpy()
    numbers = pc.fill_null(values, 0).to_numpy().astype(np.int64)
    unknown = ~np.logical_or.reduceat(known, starts)
    return pa.array(np.add.reduceat(numbers, starts), mask=unknown).cast(values.type)


def _histograms(values: pa.ChunkedArray, starts: Starts) -> pa.Array:
    known = values.is_valid().to_numpy()
    counts = np.zeros((len(known), HISTOGRAM_BINS), np.int64)
    flat = values.combine_chunks().flatten().to_numpy()
    counts[known] = flat.reshape(-1, HISTOGRAM_BINS)
    return _lists(np.add.reduceat(counts, starts, axis=0), known, starts)


def _histograms_of_values(
    number: pa.ChunkedArray, value: pa.ChunkedArray, starts: Starts
) -> pa.Array:
    """As `_histograms`, of rows with one value (`number` is 1) or none."""
    known = number.is_valid().to_numpy()
    has_value = pc.fill_null(number, 0).to_numpy() == 1
    values = pc.fill_null(value, 0).to_numpy()[has_value]
    place = np.clip(values // HISTOGRAM_STEP, 0, HISTOGRAM_BINS - 1)
    variant = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(known)))[has_value]
    summed = np.bincount(variant * HISTOGRAM_BINS + place, minlength=len(starts) * HISTOGRAM_BINS)
    return _lists(summed, known, starts)


def _lists(summed: NDArray[np.int64], known: NDArray[np.bool_], starts: Starts) -> pa.Array:
    unknown = ~np.logical_or.reduceat(known, starts)
    offsets = pa.array(np.arange(len(starts) + 1, dtype=np.int32) * HISTOGRAM_BINS)
    flattened = pa.array(summed.reshape(-1)).cast(pa.int32())
    return pa.ListArray.from_arrays(offsets, flattened, mask=pa.array(unknown))
