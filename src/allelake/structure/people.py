"""The people of a cohort, as the columns of a matrix of genotypes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from allelake.errors import QueryError
from allelake.queries.trouble import tidy_errors

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class People:
    """`numbers`: sample numbers, ascending; `batches`: the batch of each."""

    numbers: NDArray[np.int32]
    batches: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.numbers)

    def among(self, wanted: NDArray[np.bool_]) -> "People":
        """Those for whom `wanted` is true."""
        return People(self.numbers[wanted], self.batches[wanted])


def people_of(connection: "DuckDBPyConnection", cohort: str) -> People:
    """The members of a cohort.

    Raises QueryError for a cohort that nobody defined, or that has nobody in it.
    """
    with tidy_errors():
        connection.execute("FROM checked_question($1, 'raw', 'as_called', 'any')", [cohort])
        found = connection.execute(
            "SELECT sample_number, batch FROM cohort_members WHERE cohort = $1 ORDER BY ALL",
            [cohort],
        ).fetchnumpy()
    people = People(
        np.asarray(found["sample_number"], np.int32), np.asarray(found["batch"], np.int32)
    )
    if not len(people):
        raise QueryError(
            f"The cohort {cohort!r} has nobody in it. `allelake samples list` tells who is there."
        )
    return people
