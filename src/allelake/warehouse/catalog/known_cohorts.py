"""The macro is_known_cohort(in_cohort): whether a cohort is there, told while a question is bound.

Looking a name up in the table `cohorts` takes a tenth of a small question. A name that is not known
here is looked for there, and the error says which is the nearest.
"""

from collections.abc import Iterable
from pathlib import Path

import pyarrow.parquet as pq

from allelake.warehouse.quoting import sql_literal
from allelake.warehouse.snapshots import StoredFile

_NAME = "CREATE OR REPLACE MACRO is_known_cohort(in_cohort) AS"


def no_known_cohort() -> str:
    """The macro of a database that is no lake, and of an earlier snapshot."""
    return f"{_NAME} false"


def known_cohorts(lake: Path, files: Iterable[StoredFile]) -> str:
    """The statement of the macro for a snapshot whose table of cohorts shows all its rows."""
    names = [
        name
        for file in files
        if file.table == "cohorts"
        for name in pq.read_table(lake / file.path, columns=["cohort"], partitioning=None)[
            "cohort"
        ].to_pylist()
    ]
    told = "".join(f"\n{name}" for name in names if "\n" not in name) + "\n"
    # Text, as a list of constants takes longer to bind. NULL and names of two lines are unknown.
    return (
        f"{_NAME} coalesce(contains({sql_literal(told)}, chr(10) || in_cohort || chr(10)), false)"
        " AND NOT contains(in_cohort, chr(10))"
    )
