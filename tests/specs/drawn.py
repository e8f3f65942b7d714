"""Tables drawn in text: a line of names, then lines of cells, with a free-standing | between."""

import re
from collections.abc import Iterable

Row = dict[str, str]

# What a drawn cell says where there is no value.
NULL = "-"

# `PASS|q10` is one cell.
_BETWEEN = re.compile(r"\s\|(?=\s|$)")


def drawn_rows(text: str) -> list[Row]:
    """The rows of a drawn table, every cell as it is written.

    >>> drawn_rows('''
    ...     ref | alt
    ...     A   | G
    ... ''')
    [{'ref': 'A', 'alt': 'G'}]
    """
    names, *rows = drawn_cells(text)
    for row in rows:
        assert len(row) == len(names), f"{row} has {len(row)} cells, not {len(names)}"
    return [dict(zip(names, row, strict=True)) for row in rows]


def drawn_cells(text: str) -> list[list[str]]:
    """The lines of a drawn table, names first, each as its cells."""
    return [[cell.strip() for cell in _BETWEEN.split(line)] for line in text.strip().splitlines()]


def drawn_names(text: str) -> list[str]:
    return drawn_cells(text)[0]


def written(value: object) -> str:
    """A value of an answer as a drawn table writes it.

    >>> [written(value) for value in (None, True, 0.5, 1 / 3, "PASS", 12)]
    ['-', 'true', '0.5', '0.333333', 'PASS', '12']
    """
    if value is None:
        return NULL
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value)


def table_of(names: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Rows as a drawn table, sorted: what a failed comparison prints."""
    return "\n".join(" | ".join(row) for row in [list(names), *sorted(map(list, rows))])
