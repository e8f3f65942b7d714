"""Section: whether a batch stands out."""

from collections.abc import Mapping, Sequence
from typing import Any

from allelake.plot import charts
from allelake.plot.style import drawing, new_figure, svg_of
from allelake.report.asked import MOST_VALUES, OTHERS, Asked
from allelake.report.parts import Cell, Picture, Section, Table
from allelake.report.question import question
from allelake.report.samples import figures_query
from allelake.warehouse.quoting import sql_literal

FIGURES = {
    "call_rate": "call rate, %",
    "mean_dp": "mean depth, reads",
    "titv": "Ti/Tv",
    "het_hom": "het/hom",
    "singletons": "singletons per person",
}
# More rows than this make a picture nobody reads; the table has them all.
_MOST_ROWS = 40


def batches(asked: Asked) -> Section:
    """Means over each batch's people, side by side."""
    key, title = "batches", "Batches"
    query = figures_query(asked)
    groups = asked.groups("batch")
    if len(asked.attributes["batch"].counts) == 1:
        words = ["All people came in one batch: there is nothing to compare it with."]
        return Section(key, title, words, queries=[query])
    if len(groups) == 1:
        words = ["Each batch has too few people to be shown apart from the others."]
        return Section(key, title, words, queries=[query])
    if not asked.publish("batch", asked.parts("batch")):
        words = ["Not shown: beside the other groups they would tell of few people."]
        return Section(key, title, words, queries=[query])
    names, rows = _rows(asked, query)
    queries, differing = [query], _differing(asked)
    if differing is None:
        words_of_difference = "There are too many batches to test each variant between them."
    else:
        queries.append(differing)
        words_of_difference = _add_differing(asked, names, rows, differing)
    what = "Means over the people of each batch"
    columns = ["batch", "people", *FIGURES.values(), *(["variants differ"] if differing else [])]
    table = Table(what, columns, rows)
    words = [
        "Mean over the people of each batch. `allelake sql LAKE 'FROM batches'` tells what each is."
    ]
    if OTHERS in groups:
        words.append("Batches with too few people are joined: a batch of one is one person.")
    shown = [
        (column, name)
        for n, (column, name) in enumerate(FIGURES.items(), 2)
        if any(row[n] is not None for row in rows)
    ]
    pictures = [_picture(what, names, shown, rows)] if len(names) <= _MOST_ROWS and shown else []
    words.append(words_of_difference)
    return Section(key, title, words, pictures, [table], queries)


def _differing(asked: Asked) -> str | None:
    """A query of how many variants are more or less common in a batch than in all others."""
    if len(asked.attributes["batch"].counts) > MOST_VALUES:
        return None
    return question("differing", cohort=asked.members, attribute=sql_literal(asked.by))


def _add_differing(
    asked: Asked, names: Sequence[str], rows: Sequence[list[Cell]], query: str
) -> str:
    found = {row["batch"]: int(row["variants"]) for row in asked.ask(query)}
    for name, row in zip(names, rows, strict=True):
        count = found.get(name)
        is_few = count is not None and asked.rule.hides(count)
        told = f"1 to {asked.rule.largest_hidden}" if is_few else count
        row.append(asked.rule.shown(told) if isinstance(told, int) else told)
    within = f" within the same {asked.by}" if asked.by is not None else ""
    return (
        "Variants differ where a batch has another frequency than all others together"
        f"{within}, at p below 0.0001 (Fisher's exact test, or Cochran-Mantel-Haenszel's over "
        "several groups)."
    )


def _rows(asked: Asked, query: str) -> tuple[list[str], list[list[Cell]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in asked.ask(query):
        found.setdefault(row["batch"], []).append(row)
    names = [name for name in asked.groups("batch") if name in found]
    rows = [_row(asked, name, found[name]) for name in names]
    # All singletons are told by the spectrum: of one batch they would be those of no other.
    singletons = 2 + list(FIGURES).index("singletons")
    if any(row[singletons] is None for row in rows):
        rows = [[*row[:singletons], None, *row[singletons + 1 :]] for row in rows]
    return names, rows


def _row(asked: Asked, name: str, people: Sequence[Mapping[str, Any]]) -> list[Cell]:
    cells: list[Cell] = [name, asked.rule.shown(len(people))]
    for column in FIGURES:
        known = [row[column] for row in people if row[column] is not None]
        hides = asked.rule.hides(len(known)) or asked.rule.hides(len(people) - len(known))
        # The mean of a count times the people is the count.
        hides |= column == "singletons" and asked.rule.hides(sum(known))
        mean = sum(known) / len(known) if known and not hides else None
        factor = 100 if column == "call_rate" else 1
        cells.append(None if mean is None else float(f"{mean * factor:.4g}"))
    return cells


def _picture(
    what: str,
    names: Sequence[str],
    shown: Sequence[tuple[str, str]],
    rows: Sequence[Sequence[Cell]],
) -> Picture:
    places = {column: n for n, column in enumerate(FIGURES, 2)}
    with drawing("batches"):
        figure, axes = new_figure(len(shown) * (0.62 + 0.2 * len(names)), len(shown))
        for each, (column, unit) in zip(axes, shown, strict=True):
            values = [row[places[column]] for row in rows]
            known = [value if isinstance(value, (int, float)) else None for value in values]
            charts.dots(
                each, [f"batch {name}" if name.isdigit() else name for name in names], known, unit
            )
        alt = f"{what}: {', '.join(unit for _, unit in shown)}; the numbers are in the table"
        return Picture(what, svg_of(figure, "batches", alt))
