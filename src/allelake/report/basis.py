"""Section: what AN rests on."""

from collections.abc import Mapping, Sequence

from allelake.plot import charts
from allelake.plot.style import drawing, new_figure, svg_of
from allelake.queries.ask import call
from allelake.report.asked import Asked
from allelake.report.parts import Cell, Picture, Section, Table
from allelake.report.suppress import join_values, share

_WHAT = "People at variants, by how they are known (% of the cohort)"
PARTS = ("record", "reference block", "assumed", "unknown")


def basis(asked: Asked) -> Section:
    """Of the cohort's people at all variants: how many are known, and by what."""
    key, title = "basis", "What AN rests on"
    query = (
        "SELECT contig, count(*) AS variants, sum(an_record) AS record, "
        "sum(an_block) AS block,\n    sum(an_assumed) AS assumed, "
        "sum(unknown_samples) AS unknown\n"
        f"FROM {call('allele_frequency', asked.cohort)}\nJOIN contigs USING (contig)\n"
        "GROUP BY contig ORDER BY any_value(contig_order)"
    )
    rows = asked.ask(query)
    if not rows:
        return Section(key, title, ["The lake knows no variant: nothing to show."], queries=[query])
    sums = {row["contig"]: row for row in rows}
    joined = join_values({name: int(row["variants"]) for name, row in sums.items()}, asked.rule)
    if joined is None:
        words = [f"Fewer than {asked.rule.least} variants are known: nothing to show."]
        return Section(key, title, words, queries=[query])
    shares = {name: _shares(asked, [sums[name]]) for name in joined.shown}
    if joined.rest:
        others = [row for name, row in sums.items() if name not in joined.shown]
        shares["other contigs"] = _shares(asked, others)
    everything = _shares(asked, rows)
    cells: list[list[Cell]] = [
        [name, *(_percent(asked, value) for value in held)]
        for name, held in [*shares.items(), ("all", everything)]
    ]
    table = Table(_WHAT, ["contig", *PARTS], cells)
    return Section(
        key, title, _words(asked, everything), [_picture(asked, shares)], [table], [query]
    )


def _percent(asked: Asked, value: float) -> str:
    """A share of the cohort. One of few people would be their number: three unknown everywhere."""
    return share(_people(asked, value), asked.people, asked.rule)


def _people(asked: Asked, value: float) -> int:
    """How many people a share stands for. Neither nobody nor everybody unless it is exact."""
    if min(value, 100 - value) < 1e-9:
        return asked.people if value > 50 else 0
    return min(max(round(value * asked.people / 100), 1), asked.people - 1)


def _drawn(asked: Asked, values: Sequence[float]) -> list[float]:
    """The shares as they are drawn: those of few people as nothing, the largest takes them."""
    shown = [0.0 if asked.rule.hides(_people(asked, v)) else v for v in values]
    shown[shown.index(max(shown))] += 100 - sum(shown)
    return shown


def _words(asked: Asked, everything: Sequence[float]) -> list[str]:
    record, block, assumed, unknown = (_percent(asked, value) for value in everything)
    words = [
        f"Over all variants the lake knows, {record} of the cohort are known by a record of the "
        f"variant, {block} by a reference block or another record there, {assumed} are assumed to "
        f"be reference, and {unknown} are unknown: they are not in AN. "
        "`allelake explain LAKE VARIANT` tells it of one variant."
    ]
    if everything[3] > 99.95:
        words.append("The cohort has no genotypes at the lake's variants.")
    return words


def _picture(asked: Asked, shares: Mapping[str, Sequence[float]]) -> Picture:
    with drawing("basis"):
        figure, (axes,) = new_figure(1.15 + 0.24 * len(shares))
        drawn = [_drawn(asked, held) for held in shares.values()]
        parts = {part: [held[n] for held in drawn] for n, part in enumerate(PARTS)}
        charts.stacked(axes, list(shares), parts, "% of the cohort, mean over variants")
        alt = f"{_WHAT}; the numbers are in the table"
        return Picture(_WHAT, svg_of(figure, "basis", alt))


def _shares(asked: Asked, rows: "list[dict[str, int]]") -> list[float]:
    """Percentages of people at variants: those known split as their called alleles are.

    Somebody whose genotype is missing in a record is known by no allele: with the others of a
    record he is no part of AN, yet asked, so he goes with them.
    """
    variants = sum(row["variants"] for row in rows)
    unknown = 100 * sum(row["unknown"] or 0 for row in rows) / (variants * asked.people)
    parts = [float(sum(row[part] or 0 for row in rows)) for part in ("record", "block", "assumed")]
    called = sum(parts)
    if called == 0:
        return [100 - unknown, 0.0, 0.0, unknown]
    return [(100 - unknown) * part / called for part in parts] + [unknown]
