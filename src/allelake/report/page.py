"""A report as one HTML page: no script, no address, everything inside."""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path

from allelake.report.parts import Cell, Report, Section, Table

_STYLE = Path(__file__).with_name("page.css")
# Rows beyond these are folded away on a screen; print shows them all.
_ROWS_OPEN = 14
# Tables with more columns stand under their picture in print, where nothing can be scrolled.
_COLUMNS_BESIDE = 4
_NUMBER = re.compile(r"(below |above |1 to )?[\d.]+%?|few|not shown|the rest")
# Nothing is fetched, whatever a name in the data says.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def page(report: Report) -> str:
    """The page's text."""
    style = re.sub(r"\s*\n\s*", "\n", _STYLE.read_text("utf-8"))
    sections = "\n".join(_section(section) for section in report.sections)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>{escape(report.title)}</title>
<style>
{style}
</style>
</head>
<body>
<header>
<h1>{escape(report.title)}</h1>
{_individual(report)}
<dl>{_about(report)}</dl>
<div class="rules">{_paragraphs(report.rules)}</div>
<nav aria-label="Sections"><ul>{_links(report.sections)}</ul></nav>
</header>
<main>
{sections}
</main>
<footer>
<p>Made by allelake. The page needs no network: it holds everything it shows.
Each query is SQL over the lake (<code>allelake sql LAKE "..."</code>); a click selects it.</p>
</footer>
</body>
</html>
"""


def _about(report: Report) -> str:
    return "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"
        for name, value in report.about
    )


def _individual(report: Report) -> str:
    if not report.is_individual:
        return ""
    return (
        '<p class="individual"><strong>Individual-level data.</strong> Some pictures have a point '
        "for each person. This page is for those who may see the lake itself, not for others.</p>"
    )


def _links(sections: Iterable[Section]) -> str:
    return "".join(f'<li><a href="#{one.key}">{escape(one.title)}</a></li>' for one in sections)


def _section(section: Section) -> str:
    beside = "\n".join(_beside(section))
    queries = "\n".join(
        f'<pre tabindex="0"><code>{escape(query)};</code></pre>' for query in section.queries
    )
    asked = "The query behind it" if len(section.queries) == 1 else "The queries behind it"
    behind = f'<div class="query"><h3>{asked}</h3>\n{queries}</div>' if queries else ""
    return (
        f'<section id="{section.key}" aria-labelledby="{section.key}-title">\n'
        f'<h2 id="{section.key}-title">{escape(section.title)}</h2>\n'
        f"{_paragraphs(section.words)}\n"
        f'<div class="beside">\n{beside}\n</div>\n{behind}\n</section>'
    )


def _beside(section: Section) -> Iterator[str]:
    """Each picture with the table of the same title to its right, then the other tables."""
    left = list(section.tables)
    for one in section.pictures:
        yield f"<figure>\n<figcaption>{escape(one.title)}</figcaption>\n{one.svg}\n</figure>"
        numbers = next((table for table in left if table.title == one.title), None)
        if numbers is not None:
            left.remove(numbers)
            yield _table(numbers, is_paired=True)
    yield from map(_table, left)


def _paragraphs(words: Sequence[str]) -> str:
    return "".join(f"<p>{_with_code(each)}</p>" for each in words)


def _with_code(words: str) -> str:
    """The words escaped, commands between backticks as code."""
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(words))


def _table(table: Table, is_paired: bool = False) -> str:
    numbers = [
        all(
            isinstance(row[n], (int, float, type(None))) or _looks_number(row[n])
            for row in table.rows
        )
        for n in range(len(table.columns))
    ]
    head = "".join(
        f'<th scope="col"{_number_class(is_number)}>{escape(name)}</th>'
        for name, is_number in zip(table.columns, numbers, strict=True)
    )
    rows = "\n".join(_row(row, numbers) for row in table.rows)
    # The picture's title stands beside it already; whoever hears the page is told it again.
    hidden = ' class="heard"' if is_paired or len(table.rows) > _ROWS_OPEN else ""
    wide = " wide" if len(table.columns) > _COLUMNS_BESIDE else ""
    text = (
        f'<div class="table{wide}"><table>\n<caption{hidden}>{escape(table.title)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>"
    )
    if len(table.rows) <= _ROWS_OPEN:
        return text
    summary = f"{escape(table.title)}: {len(table.rows):,} rows"
    return f'<details class="{wide.strip()}"><summary>{summary}</summary>\n{text}\n</details>'


def _row(row: Sequence[Cell], numbers: Sequence[bool]) -> str:
    first = f'<th scope="row">{escape(cell_text(row[0]))}</th>'
    others = "".join(
        f"<td{_number_class(is_number)}>{escape(cell_text(cell))}</td>"
        for cell, is_number in zip(row[1:], numbers[1:], strict=True)
    )
    return f"<tr>{first}{others}</tr>"


def _number_class(is_number: bool) -> str:
    return ' class="n"' if is_number else ""


def _looks_number(cell: Cell) -> bool:
    return isinstance(cell, str) and _NUMBER.fullmatch(cell) is not None


def cell_text(cell: Cell) -> str:
    """A cell as people read it; what is unknown or not shown is a dash."""
    if cell is None:
        return "–"
    if isinstance(cell, float):
        return f"{cell:,.0f}" if cell == round(cell) and abs(cell) >= 1000 else f"{cell:,.5g}"
    return f"{cell:,}" if isinstance(cell, int) else cell
