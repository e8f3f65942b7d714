"""Sections about each person's genotypes: Ti/Tv and het/hom, call rate and depth."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from allelake.plot import charts
from allelake.plot.style import drawing, new_figure, svg_of
from allelake.report.asked import Asked
from allelake.report.parts import Cell, Picture, Section, Table
from allelake.report.people import spread_picture, spread_table
from allelake.report.question import question
from allelake.report.spread import Spread, spread
from allelake.report.suppress import join_neighbours, share, tells_crossing
from allelake.warehouse.quoting import sql_literal

# What sample_outliers takes where nothing else is said.
MOST_DEVIATIONS = 4
_RATIOS = {"titv": "Ti/Tv", "het_hom": "heterozygotes / homozygotes"}
_RATES = {"call_rate": "call rate, %", "mean_dp": "mean depth, reads"}
_TELLING = "{}: not shown by bars, for beside the groups they would tell of few people."
_SHORT = {"titv": "Ti/Tv", "het_hom": "het/hom"}

RATE_CLASSES = ("100%", "99.9% and more", "99–99.9%", "95–99%", "90–95%", "below 90%")


def figures_query(asked: Asked) -> str:
    """A row per person without a name: groups, figures, and whether they stand out.

    Asked once for all sections that speak of people's figures.
    """
    return question(
        "figures",
        cohort=asked.members,
        attribute=sql_literal(asked.by),
        group=asked.group_sql(asked.by, "a.value"),
        batch=asked.group_sql("batch", "m.batch::VARCHAR"),
        most=f"{MOST_DEVIATIONS}",
    )


def known_rows(
    asked: Asked, rows: Sequence[Mapping[str, Any]], column: str
) -> list[Mapping[str, Any]] | None:
    """The people of whom a figure is known; None where how many they are would tell of few.

    That may be so beside the groups and the batches: one batch has depth, the other has not.
    """
    known = {n: row[column] is not None for n, row in enumerate(rows)}
    how_many = sum(known.values())
    if how_many == 0 or asked.rule.hides(how_many) or asked.rule.hides(len(rows) - how_many):
        return None
    for groups in ("people", "batch"):
        if tells_crossing(known, {n: row[groups] for n, row in enumerate(rows)}, asked.rule):
            return None
    return [row for row in rows if row[column] is not None]


def _percentage(share_of_one: float | None) -> float | None:
    return None if share_of_one is None else 100 * share_of_one


def ratios(asked: Asked) -> Section:
    """Ti/Tv and het/hom of each person, and who stands out in the group."""
    key, title = "ratios", "Ti/Tv and het/hom by person"
    query = figures_query(asked)
    rows = asked.ask(query)
    words = [
        "Ti/Tv: transitions over transversions; het/hom: heterozygotes over homozygotes of an "
        f"alternate allele. Somebody stands out who is more than {MOST_DEVIATIONS} deviations "
        f"from the median of {_whose(asked)} (deviation: 1.4826 times the median absolute "
        "deviation)."
    ]
    told: dict[str, list[Mapping[str, Any]]] = {}
    for column, name in _RATIOS.items():
        known = known_rows(asked, rows, column)
        if known is None:
            words.append(f"{name}: known of too few people, or unknown of too few, to show.")
        else:
            told[column] = known
    if not told:
        return Section(key, title, words, queries=[query])
    pictures, tables, telling = _histograms(asked, rows, told)
    words += [_TELLING.format(_RATIOS[column]) for column in telling]
    if asked.is_individual:
        pictures = [_ratio_points(asked, rows)]
    return Section(key, title, words, pictures, [_by_group(asked, told), *tables], [query])


def _whose(asked: Asked) -> str:
    return f"the people of the same {asked.by}" if asked.by else "the cohort"


def _by_group(asked: Asked, told: Mapping[str, Sequence[Mapping[str, Any]]]) -> Table:
    rows: list[list[Cell]] = []
    for group, people in asked.groups(asked.by).items():
        cells: list[Cell] = [group, asked.rule.shown(people)]
        for column, known in told.items():
            held = [row for row in known if row["people"] == group]
            if not held or asked.rule.hides(len(held)) or asked.rule.hides(people - len(held)):
                cells += [None, None]
                continue
            out = sum(bool(row[f"{column}_stands_out"]) for row in held)
            mean = float(f"{sum(row[column] for row in held) / len(held):.4g}")
            cells += [mean, outlier_text(asked, out, len(held))]
        rows.append(cells)
    columns = [text for column in told for text in (f"mean {_SHORT[column]}", "stand out")]
    return Table("Ti/Tv and het/hom by group", ["group", "people", *columns], rows)


def outlier_text(asked: Asked, out: int, people: int) -> Cell:
    """How many stand out: drawn points can be counted, so then it is told."""
    if asked.is_individual or not (asked.rule.hides(out) or asked.rule.hides(people - out)):
        return asked.rule.shown(out) if not asked.is_individual else out
    return f"1 to {asked.rule.largest_hidden}" if asked.rule.hides(out) else "not shown"


def spread_of(
    asked: Asked, rows: Sequence[Mapping[str, Any]], column: str, most: float | None = None
) -> Spread | None:
    """The spread of a figure; None where its bars, beside the groups shown, tell of few people."""
    found = spread([row[column] for row in rows if row[column] is not None], asked.rule, 0, most)
    assert found is not None, "too few are told in words"
    inner = list(found.edges[1:-1])
    bars = {
        row["sample_number"]: None
        if row[column] is None
        else bisect_right(inner, row[column] + 1e-9)
        for row in rows
    }
    return found if asked.publish(f"figure {column}", bars) else None


def _histograms(
    asked: Asked,
    rows: Sequence[Mapping[str, Any]],
    told: Mapping[str, Sequence[Mapping[str, Any]]],
) -> tuple[list[Picture], list[Table], list[str]]:
    pictures: list[Picture] = []
    tables: list[Table] = []
    telling: list[str] = []
    for column in told:
        found = spread_of(asked, rows, column)
        if found is None:
            telling.append(column)
            continue
        name, title = _RATIOS[column], f"People by {_SHORT[column]}"
        picture = spread_picture(title, name, found, f"ratio-{column.replace('_', '-')}")
        pictures += [picture] if picture else []
        tables.append(spread_table(title, name, found))
    return pictures, tables, telling


def _ratio_points(asked: Asked, rows: Sequence[Mapping[str, Any]]) -> Picture:
    title = "Ti/Tv and het/hom: a point for each person, rings around those who stand out"
    both = [row for row in rows if row["titv"] is not None and row["het_hom"] is not None]
    out = [row for row in both if row["titv_stands_out"] or row["het_hom_stands_out"]]
    with drawing("ratios"):
        groups = _columns(asked, both, "titv", "het_hom")
        figure, (axes,) = new_figure(3.7 + charts.legend_inches([*groups, "stands out"]))
        if out:
            xs, ys = [row["titv"] for row in out], [row["het_hom"] for row in out]
            charts.ringed(axes, xs, ys, "stands out")
        charts.points(axes, groups, asked.grey(list(groups)))
        axes.set_xlabel("Ti/Tv")
        axes.set_ylabel("heterozygotes / homozygotes")
        alt = f"{title}: {len(both):,} people, {len(out):,} stand out"
        return Picture(title, svg_of(figure, "ratios", alt))


def _columns(
    asked: Asked, rows: Sequence[Mapping[str, Any]], x: str, y: str
) -> dict[str, tuple[list[float], list[float]]]:
    groups: dict[str, tuple[list[float], list[float]]] = {
        name: ([], []) for name in asked.groups(asked.by)
    }
    for row in rows:
        groups[row["people"]][0].append(row[x])
        groups[row["people"]][1].append(row[y])
    return {name: held for name, held in groups.items() if held[0]}


def rates(asked: Asked) -> Section:
    """How completely variants and people were called, and how deeply."""
    people = figures_query(asked)
    rows = asked.ask(people)
    rows = [{**row, "call_rate": _percentage(row["call_rate"])} for row in rows]
    by_variant, pictures, tables = _variant_rates(asked)
    words = [
        "Call rate: fully called genotypes over those asked for. Mean depth: reads (FORMAT DP) per "
        "genotype, reference ones included, over the whole lake."
    ]
    if all(row["mean_dp"] is None for row in rows):
        words.append("No depth is known: the files have no DP in FORMAT, or it was not kept.")
    for column, name in _RATES.items():
        held = known_rows(asked, rows, column)
        if held is None:
            if any(row[column] is not None for row in rows):
                words.append(f"{name}: known of too few people, or unknown of too few, to show.")
            continue
        found = spread_of(asked, rows, column, 100 if column == "call_rate" else None)
        if found is None:
            words.append(_TELLING.format(name))
        else:
            title = f"People by {name}"
            picture = spread_picture(title, name, found, column.replace("_", "-"))
            pictures += [picture] if picture and not asked.is_individual else []
            tables.append(spread_table(title, name, found))
    deep = [row for row in rows if row["mean_dp"] is not None and row["call_rate"] is not None]
    if asked.is_individual and deep:
        pictures.append(_depth_points(asked, deep))
    queries = [by_variant, people]
    return Section("rates", "Call rate and depth", words, pictures, tables, queries)


def _depth_points(asked: Asked, deep: Sequence[Mapping[str, Any]]) -> Picture:
    title = "Mean depth and call rate: a point for each person"
    with drawing("depths"):
        groups = _columns(asked, deep, "mean_dp", "call_rate")
        figure, (axes,) = new_figure(3.6 + charts.legend_inches(list(groups)))
        charts.points(axes, groups, asked.grey(list(groups)))
        axes.set_xlabel("mean depth, reads")
        axes.set_ylabel("call rate, %")
        return Picture(title, svg_of(figure, "depths", f"{title}: {len(deep):,} people"))


def _variant_rates(asked: Asked) -> tuple[str, list[Picture], list[Table]]:
    query = question("call_rates", cohort=asked.members)
    counts = [0] * len(RATE_CLASSES)
    for row in asked.ask(query):
        counts[row["class"]] = row["variants"]
    ranges = join_neighbours(counts, asked.rule)
    if ranges is None or not any(counts):
        return query, [], []
    sums = {_rate_name(a, b): sum(counts[a:b]) for a, b in ranges}
    drawn = {name: float(asked.rule.shown(count)) for name, count in sums.items()}
    title = "Variants that the cohort carries, by call rate"
    total = sum(counts)
    rows: list[list[Cell]] = [
        [name, asked.rule.shown(count), share(count, total, asked.rule)]
        for name, count in sums.items()
    ]
    with drawing("variant-rates"):
        figure, (axes,) = new_figure(0.75 + 0.27 * len(sums))
        charts.bars(axes, drawn, "variants")
        alt = f"{title}: " + ", ".join(f"{name} {count:,.0f}" for name, count in drawn.items())
        picture = Picture(title, svg_of(figure, "variant-rates", alt))
    return query, [picture], [Table(title, ["call rate", "variants", "share"], rows)]


def _rate_name(start: int, stop: int) -> str:
    if stop - start == 1:
        return RATE_CLASSES[start]
    if stop == len(RATE_CLASSES):
        high = ("", "below 100%", "below 99.9%", "below 99%", "below 95%")[start]
        return high or "all"
    low = ("99.9%", "99.9%", "99%", "95%", "90%")[stop - 1]
    return f"{low} and more" if start == 0 else f"{low} to {(0, 100, 99.9, 99, 95)[start]}%"
