"""A cohort's figures and attributes in one answer, and as lines with small charts."""

from collections.abc import Sequence
from dataclasses import dataclass

from allelake.queries.ask import Argument, call

# An attribute with more values than this is described, not listed: it may be a name or a date.
MOST_VALUES = 30
# Codes (a phenotype of 1 or 2) are listed; more different numbers than this are a quantity.
MOST_NUMBERS = 12
BAR = 30
LONGEST_ITEM = 24
# Sections whose counts are parts of a whole, so that bars compare them.
PARTS = ("kind", "frequency", "substitutions")
_SEXES = ("XX", "XY", "sex unknown")
_NO_PART = ("titv",)

_SQL = """\
WITH figures AS MATERIALIZED (
    SELECT *, row_number() OVER () AS place FROM {figures}
),
valued AS MATERIALIZED (
    SELECT attribute, value
    FROM sample_attributes
    SEMI JOIN {members} AS members USING (sample_number)
    WHERE attribute <> 'sex'
),
counted AS (
    SELECT attribute, value, count(*) AS samples FROM valued GROUP BY ALL
),
sized AS (
    SELECT
        attribute,
        CASE
            WHEN count(*) <= {most_numbers} THEN 'list'
            WHEN bool_and(value IS NULL OR try_cast(value AS DOUBLE) IS NOT NULL) THEN 'quartiles'
            WHEN count(*) <= {most_values} THEN 'list'
            ELSE 'count'
        END AS way,
        count(*) AS different
    FROM counted
    GROUP BY attribute
    HAVING attribute <> 'batch' OR different > 1
),
described AS (
    -- A value that one person alone has may tell who it is.
    SELECT
        attribute,
        CASE
            WHEN value IS NULL THEN 'unknown'
            WHEN samples = 1 THEN 'other'
            ELSE value
        END AS item,
        sum(samples)::DOUBLE AS figure,
        if(item = 'other', 'samples, each alone with its value', 'samples') AS note
    FROM counted JOIN sized USING (attribute)
    WHERE way = 'list'
    GROUP BY ALL
    UNION ALL
    SELECT
        attribute,
        unnest(['lower quartile', 'median', 'upper quartile']),
        unnest(quantile_disc(try_cast(value AS DOUBLE), [0.25, 0.5, 0.75])),
        'of those whose value is known'
    FROM valued JOIN sized USING (attribute)
    WHERE way = 'quartiles'
    GROUP BY attribute
    UNION ALL
    SELECT attribute, 'different values', different, 'too many to list: ask samples'
    FROM sized
    WHERE way = 'count'
)
SELECT section, item, value, note
FROM (
    SELECT 1 AS part, place, NULL::BIGINT AS rank, section, item, value, note
    FROM figures WHERE section = 'people'
    UNION ALL
    SELECT
        2,
        list_position((SELECT list(attribute) FROM attributes), attribute),
        row_number() OVER (PARTITION BY attribute ORDER BY note, figure DESC, item),
        'by ' || attribute,
        item,
        figure,
        note
    FROM described
    UNION ALL
    SELECT 3, place, NULL, section, item, value, note FROM figures WHERE section <> 'people'
)
ORDER BY part, place, rank"""


def summary_sql(cohort: str, arguments: dict[str, Argument]) -> str:
    """The figures of cohort_summary, with the cohort's attributes after its people."""
    figures = call("cohort_summary", cohort, **arguments)
    return _SQL.format(
        figures=figures,
        members=call("cohort_samples", cohort),
        most_values=MOST_VALUES,
        most_numbers=MOST_NUMBERS,
    )


@dataclass(frozen=True)
class Figure:
    """One row of a summary."""

    section: str
    item: str
    value: float | None
    note: str


def summary_lines(figures: Sequence[Figure], with_bars: bool) -> list[str]:
    """The figures by section, for people; bars compare the parts of one whole."""
    widest = max((len(_item(figure)) for figure in figures), default=0)
    longest = max((len(_number(figure.value)) for figure in figures), default=0)
    lines: list[str] = []
    section = None
    for figure in figures:
        if figure.section != section:
            section = figure.section
            lines += ["", section.replace("_", " ")]
        parts = [each for each in figures if each.section == section and _is_part(each)]
        bar = _bar(figure, parts) if with_bars and figure in parts else ""
        text = f"  {_item(figure):<{widest}}  {_number(figure.value):>{longest}}  "
        chart = f"{bar:<{BAR}}  " if with_bars else ""
        lines.append(f"{text}{chart}{figure.note}".rstrip())
    return lines


def _item(figure: Figure) -> str:
    """What is counted, in few characters that cannot steer a terminal."""
    text = "".join(character if character.isprintable() else "?" for character in figure.item)
    return text if len(text) <= LONGEST_ITEM else text[: LONGEST_ITEM - 1] + "…"


def _is_part(figure: Figure) -> bool:
    """Whether the figure is one part of what its section counts."""
    if figure.section == "people":
        return figure.item in _SEXES
    if figure.section in PARTS:
        return figure.item not in _NO_PART
    return figure.section.startswith("by ") and figure.note.startswith("samples")


def _bar(figure: Figure, parts: Sequence[Figure]) -> str:
    most = max((part.value or 0 for part in parts), default=0)
    if not most or not figure.value:
        return ""
    # Something is never shown as nothing.
    return "█" * max(1, round(BAR * figure.value / most))


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if value == round(value) else f"{value:,.4g}"


def per_person_sql(cohort: str) -> str:
    """One row per sample of the cohort, in the order of sample numbers."""
    source = call("sample_summary", cohort)
    return (
        f"SELECT answer.* FROM {source} AS answer JOIN samples USING (sample_id) "
        "ORDER BY samples.sample_number"
    )
