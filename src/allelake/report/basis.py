"""Section: what AN rests on."""

from collections.abc import Mapping, Sequence

from allelake.plot import charts
from allelake.plot.style import drawing, new_figure, svg_of
from allelake.queries.ask import call
from allelake.report.asked import Asked
from allelake.report.parts import Cell, Picture, Section, Table
from allelake.report.suppress import join_values

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
        [name, *(f"{value:.1f}%" for value in held)]
        for name, held in [*shares.items(), ("all", everything)]
    ]
    table = Table(_WHAT, ["contig", *PARTS], cells)
    return Section(key, title, _words(everything), [_picture(shares, everything)], [table], [query])


def _words(everything: Sequence[float]) -> list[str]:
    words = [
        f"Over all variants the lake knows, {everything[0]:.1f}% of the cohort are known by a "
        f"record of the variant, {everything[1]:.1f}% by a reference block or another record "
        f"there, {everything[2]:.1f}% are assumed to be reference, and {everything[3]:.1f}% are "
        "unknown: they are not in AN. `allelake explain LAKE VARIANT` tells it of one variant.",
    ]
    if everything[3] > 99.95:
        words.append("The cohort has no genotypes at the lake's variants.")
    return words


def _picture(shares: Mapping[str, Sequence[float]], everything: Sequence[float]) -> Picture:
    with drawing("basis"):
        figure, (axes,) = new_figure(1.15 + 0.24 * len(shares))
        parts = {part: [held[n] for held in shares.values()] for n, part in enumerate(PARTS)}
        charts.stacked(axes, list(shares), parts, "% of the cohort, mean over variants")
        alt = f"{_WHAT}: " + ", ".join(
            f"{part} {value:.1f}%" for part, value in zip(PARTS, everything, strict=True)
        )
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
