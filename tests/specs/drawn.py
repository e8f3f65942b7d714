"""Tables drawn in text: a line of names, then lines of cells, with | between."""

from collections.abc import Iterable

Row = dict[str, str]

# What a drawn cell says where there is no value.
NULL = "-"


def drawn_rows(text: str) -> list[Row]:
    """The rows of a drawn table, every cell as it is written.

    >>> drawn_rows('''
    ...     ref | alt
    ...     A   | G
    ... ''')
    [{'ref': 'A', 'alt': 'G'}]
    """
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    names, *rows = lines
    for row in rows:
        assert len(row) == len(names), f"{row} has {len(row)} cells, not {len(names)}"
    return [dict(zip(names, row, strict=True)) for row in rows]


def drawn_names(text: str) -> list[str]:
    return [cell.strip() for cell in text.strip().splitlines()[0].split("|")]


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
