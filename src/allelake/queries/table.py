"""A few rows as a table of plain text, for people."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL")
# Long alleles would push all other columns out of sight.
WIDEST = 24


@dataclass(frozen=True)
class Layout:
    """Which columns of a table are shown, how wide, and which of them to the right (numbers)."""

    columns: Sequence[str]
    kept: list[int]
    sizes: list[int]
    right: list[bool]
    left_out: list[str]
    longest: int

    def header(self) -> str:
        """The line of the columns' names."""
        return self._line(self.columns)

    def lines(self, rows: Sequence[Sequence[Any]]) -> list[str]:
        """The rows, one line each."""
        return [self._line([_shown(value, self.longest) for value in row]) for row in rows]

    def _line(self, cells: Sequence[str]) -> str:
        sizes, right = self.sizes, self.right
        return "  ".join(
            cells[n].rjust(sizes[n]) if right[n] else cells[n].ljust(sizes[n]) for n in self.kept
        ).rstrip()


def lay_out(
    columns: Sequence[str],
    types: Sequence[str],
    rows: Sequence[Sequence[Any]],
    width: int | None = None,
    longest: int = WIDEST,
) -> Layout:
    """The layout that fits these rows; with a `width`, columns that do not fit are left out.

    Texts of more than `longest` characters are cut. First go columns that say nothing (0, empty or
    false in every row), then the last ones.
    """
    cells = [[_shown(value, longest) for value in row] for row in rows]
    sizes = [max([len(name), *(len(row[n]) for row in cells)]) for n, name in enumerate(columns)]
    kept = list(range(len(columns)))
    left_out: list[int] = []
    if width is not None and _total(sizes, kept) > width:
        dull = [n for n in kept if rows and all(row[n] in (None, 0, "", False) for row in rows)]
        kept, left_out = _fitting(sizes, kept, dull, width)
    right = [of.startswith(NUMBERS) and not of.endswith("]") for of in types]
    return Layout(columns, kept, sizes, right, [columns[n] for n in left_out], longest)


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


def _shown(value: Any, longest: int) -> str:
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
    return text if len(text) <= longest else text[: longest - 1] + "…"
