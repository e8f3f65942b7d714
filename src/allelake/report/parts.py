"""What a report is made of: sections with words, pictures, tables, and the queries behind them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

Cell = str | int | float | None


@dataclass(frozen=True)
class Picture:
    """A picture as an SVG element; `title` says what it shows, with its unit."""

    title: str
    svg: str


@dataclass(frozen=True)
class Table:
    """Numbers beside a picture; None is not known or not shown, which the section says."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Section:
    """One question that the page answers. Without pictures and tables `words` say why."""

    key: str
    title: str
    words: Sequence[str] = ()
    pictures: Sequence[Picture] = field(default=())
    tables: Sequence[Table] = field(default=())
    queries: Sequence[str] = field(default=())


@dataclass(frozen=True)
class Report:
    """The whole: what it speaks of, by which rule, and its sections in order."""

    title: str
    about: Sequence[tuple[str, str]]
    rules: Sequence[str]
    sections: Sequence[Section]
    is_individual: bool
