"""The strata of a cohort: everybody, each value of an attribute, each crossing of values.

People who are alike in all attributes are a cell. Cells are disjoint, so a stratum's counts are
the sums of those of its cells.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from allelake.errors import QueryError
from allelake.warehouse.quoting import sql_identifier

# The values of all attributes, in their order; None where a sample has none.
Values = tuple[str | None, ...]
ALL = "all"


@dataclass(frozen=True)
class Member:
    """What decides how a sample counts: its batch, its sex, and its values of the attributes."""

    batch: int
    sex: str | None
    values: Values


@dataclass(frozen=True)
class Stratum:
    """Everybody who has these values of these attributes."""

    attributes: tuple[str, ...]
    values: tuple[str, ...]

    @property
    def name(self) -> str:
        """all, EAS, XX, EAS_XX."""
        return "_".join(self.values) if self.values else ALL

    def has(self, by: Sequence[str], values: Values) -> bool:
        """Whether people with these values of all attributes are in it."""
        own = dict(zip(by, values, strict=True))
        return all(own[a] == v for a, v in zip(self.attributes, self.values, strict=True))


def members_of(tables: Mapping[str, pa.Table], cohort: str, by: Sequence[str]) -> dict[int, Member]:
    """The samples of a cohort, by number; an attribute that no sample has is nobody's."""
    samples = tables["samples"]
    columns = [
        f"{sql_identifier(name)}::VARCHAR" if name in samples.column_names else "NULL::VARCHAR"
        for name in by
    ]
    question = (
        f"SELECT sample_number, batch, sex, [{', '.join(columns) or 'NULL::VARCHAR'}] FROM samples "
        "SEMI JOIN (FROM members WHERE cohort = $1) USING (sample_number)"
    )
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        connection.register("samples", samples)
        connection.register("members", tables["cohort_members"])
        rows = connection.execute(question, [cohort]).fetchall()
    return {
        number: Member(batch, sex, tuple(values[: len(by)])) for number, batch, sex, values in rows
    }


def strata_of(members: Mapping[int, Member], by: Sequence[str]) -> list[Stratum]:
    """The strata of these people: all, each attribute's values, then crossings.

    QueryError where two would have one name.
    """
    cells = sorted({member.values for member in members.values()}, key=_in_order)
    found = [Stratum((), ())]
    for size in range(1, len(by) + 1):
        for places in combinations(range(len(by)), size):
            crossed = dict.fromkeys(tuple(cell[place] for place in places) for cell in cells)
            names = tuple(by[place] for place in places)
            known = [tuple(v for v in values if v is not None) for values in crossed]
            kept = sorted(values for values in known if len(values) == size)
            found += [Stratum(names, values) for values in kept]
    for name, count in Counter(stratum.name for stratum in found).items():
        if count > 1:
            raise QueryError(
                f"Two strata would be named {name!r}: values of {', '.join(by)} read the same once "
                "joined by _, or as the stratum of everybody, all. Import them with other values, "
                "or materialize the attributes apart, each under a --name of its own."
            )
    return found


def _in_order(values: Values) -> tuple[tuple[bool, str], ...]:
    return tuple((value is None, value or "") for value in values)


def sizes(strata: Sequence[Stratum], members: Mapping[int, Member], by: Sequence[str]) -> list[int]:
    """How many people each stratum has."""
    cells = Counter(member.values for member in members.values())
    return [sum(n for values, n in cells.items() if each.has(by, values)) for each in strata]


class Rollup:
    """Sums of cells to strata. `cells` are the values that people have, `numbers` their places."""

    def __init__(
        self, strata: Sequence[Stratum], by: Sequence[str], *people: Mapping[int, Member]
    ) -> None:
        every = {member.values for each in people for member in each.values()}
        self.cells = sorted(every, key=_in_order)
        self.numbers = {values: number for number, values in enumerate(self.cells)}
        self._parts = [
            [number for number, values in enumerate(self.cells) if each.has(by, values)]
            for each in strata
        ]

    def add(
        self, to: npt.NDArray[np.int32], of_cells: npt.NDArray[np.int32], factor: int = 1
    ) -> None:
        """Adds counts of cells (cells x variants) to those of strata (strata x variants)."""
        for place, parts in enumerate(self._parts):
            for cell in parts:
                if factor > 0:
                    to[place] += of_cells[cell]
                else:
                    to[place] -= of_cells[cell]
