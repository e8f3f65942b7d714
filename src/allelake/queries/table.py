"""A few rows as a table of plain text, for people."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL")
# Long alleles would push all other columns out of sight.
WIDEST = 24


@dataclass(frozen=True)
class TextTable:
    """The lines of a table (header first) and notes on what it leaves out."""

    lines: list[str]
    notes: list[str]


def text_table(
    columns: Sequence[str],
    types: Sequence[str],
    rows: Sequence[Sequence[Any]],
    width: int | None = None,
) -> TextTable:
    """Rows under their column names; with a `width`, columns that do not fit are left out.

    The notes name them. First go columns that say nothing (0, empty or false in every row shown),
    then the last ones.
    """
    cells = [[_shown(value) for value in row] for row in rows]
    sizes = [
        max(len(name), *(len(row[n]) for row in cells), 1) if cells else len(name)
        for n, name in enumerate(columns)
    ]
    kept = list(range(len(columns)))
    dull = [n for n in kept if rows and all(row[n] in (None, 0, "", False) for row in rows)]
    notes = []
    if width is not None and _total(sizes, kept) > width:
        kept, left_out = _fitting(sizes, kept, dull, width)
        names = ", ".join(columns[n] for n in left_out)
        notes = [f"Columns left out for want of width: {names}."] if left_out else []
    right = [types[n].startswith(NUMBERS) for n in range(len(columns))]
    lines = [_line(list(columns), kept, sizes, right)]
    lines += [_line(row, kept, sizes, right) for row in cells]
    return TextTable(lines, notes)


def _total(sizes: Sequence[int], kept: Sequence[int]) -> int:
    return sum(sizes[n] for n in kept) + 2 * (len(kept) - 1)


def _fitting(
    sizes: Sequence[int], kept: list[int], dull: Sequence[int], width: int
) -> tuple[list[int], list[int]]:
    """The columns that fit, and those left out, both in order; the first column always stays."""
    order = [*reversed(dull), *(n for n in reversed(kept) if n not in dull)]
    left_out: list[int] = []
    for n in order:
        if _total(sizes, kept) <= width or len(kept) == 1:
            break
        if n == 0:
            continue
        kept = [each for each in kept if each != n]
        left_out.append(n)
    return kept, sorted(left_out)


def _line(
    cells: Sequence[str], kept: Sequence[int], sizes: Sequence[int], right: Sequence[bool]
) -> str:
    parts = [cells[n].rjust(sizes[n]) if right[n] else cells[n].ljust(sizes[n]) for n in kept]
    return "  ".join(parts).rstrip()


def _shown(value: Any) -> str:
    """One value for a person: NULL is empty, a frequency has 6 significant digits."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6g}"
    text = value.hex() if isinstance(value, bytes) else str(value)
    # A control character in a name must not steer the terminal.
    text = "".join(character if character.isprintable() else "?" for character in text)
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"
