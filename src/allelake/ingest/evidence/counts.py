"""Sums over the calls of each sample of a per-sample file, for `sample_counts`."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_NAMES = ("genotypes", "missing_genotypes", "half_calls", "dp_n", "dp_sum", "gq_n", "gq_sum")


class CallTotals:
    """Sums of one contig; the samples are those of the file."""

    def __init__(self, batch: int, numbers: Sequence[int]) -> None:
        self._batch = batch
        self._numbers = np.array(sorted(numbers), np.int32)
        self._sums = {name: np.zeros(len(numbers), np.int64) for name in _NAMES}

    def add(self, calls: pa.Table) -> None:
        """Counts some rows of `calls`."""
        place = np.searchsorted(self._numbers, calls.column("sample_number").to_numpy())
        called = calls.column("called_count").to_numpy()
        has_room = calls.column("ploidy").to_numpy() > 1
        self._count("genotypes", place)
        self._count("missing_genotypes", place[called == 0])
        self._count("half_calls", place[(called == 1) & has_room])
        for name in ("dp", "gq"):
            if name in calls.column_names:
                values = calls.column(name)
                known = values.is_valid().to_numpy()
                self._count(f"{name}_n", place[known])
                numbers = values.drop_null().to_numpy()
                np.add.at(self._sums[f"{name}_sum"], place[known], numbers)

    def table(self) -> pa.Table:
        """The rows of `sample_counts`."""
        columns: dict[str, pa.Array] = {
            "batch": pa.repeat(pa.scalar(self._batch, pa.int32()), len(self._numbers)),
            "sample_number": pa.array(self._numbers),
        }
        for name, values in self._sums.items():
            wide = np.int64 if name.endswith("_sum") else np.int32
            columns[name] = pa.array(values.astype(wide))
        return pa.table(columns)

    def _count(self, name: str, place: NDArray[np.intp]) -> None:
        self._sums[name] += np.bincount(place, minlength=len(self._numbers))
