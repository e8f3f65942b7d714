"""A report as lines for a terminal: the same sections, words and numbers, without the pictures."""

import textwrap
from collections.abc import Iterator, Sequence

from allelake.report.page import cell_text
from allelake.report.parts import Report, Section, Table

# Bars are drawn beside counts of these.
_COUNTED = ("people", "variants")
_BAR = 30
_LONGEST = 40


def report_lines(report: Report, width: int = 100, with_bars: bool = False) -> Iterator[str]:
    """The report's lines; names from files cannot steer the terminal."""
    yield report.title
    yield "  ".join(f"{name} {value}" for name, value in report.about)
    for rule in report.rules:
        yield from textwrap.wrap(rule, width)
    for section in report.sections:
        yield ""
        yield from _section_lines(section, width, with_bars)


def _section_lines(section: Section, width: int, with_bars: bool) -> Iterator[str]:
    yield section.title.upper()
    for words in section.words:
        yield from textwrap.wrap(words, width)
    for table in section.tables:
        yield ""
        yield f"  {_printable(table.title)}"
        yield from (f"    {line}" for line in _table_lines(table, with_bars))


def _table_lines(table: Table, with_bars: bool) -> Iterator[str]:
    texts = [[_printable(cell_text(cell)) for cell in row] for row in table.rows]
    head = [_printable(name) for name in table.columns]
    widths = [max(map(len, column)) for column in zip(head, *texts, strict=True)]
    bars = _bars(table) if with_bars else [""] * len(texts)
    yield _line(head, widths)
    for text, bar in zip(texts, bars, strict=True):
        yield f"{_line(text, widths)}  {bar}".rstrip()


def _line(texts: Sequence[str], widths: Sequence[int]) -> str:
    """The first column to the left, numbers to the right."""
    cells = [f"{texts[0]:<{widths[0]}}"]
    cells += [f"{text:>{width}}" for text, width in zip(texts[1:], widths[1:], strict=True)]
    return "  ".join(cells).rstrip()


def _bars(table: Table) -> list[str]:
    if len(table.columns) < 2 or table.columns[1] not in _COUNTED:
        return [""] * len(table.rows)
    numbers = [row[1] if isinstance(row[1], int) else 0 for row in table.rows]
    most = max(numbers, default=0) or 1
    # Something is never shown as nothing.
    return ["█" * max(1, round(_BAR * number / most)) if number else "" for number in numbers]


def _printable(text: str) -> str:
    shown = "".join(character if character.isprintable() else "?" for character in text)
    return shown if len(shown) <= _LONGEST * 2 else shown[: _LONGEST * 2 - 1] + "…"
