"""Sections: where the variants lie along the chromosomes, and how frequent they are."""

from collections.abc import Mapping, Sequence
from typing import Any

from allelake.plot import charts
from allelake.plot.style import MUTED, drawing, new_figure, svg_of
from allelake.report.asked import EVERYBODY, Asked
from allelake.report.parts import Cell, Picture, Section, Table
from allelake.report.question import question
from allelake.report.suppress import join_neighbours, join_values
from allelake.warehouse.quoting import sql_literal

_WIDTHS = (1_000, 10_000, 100_000, 1_000_000)
# The fullest contig has variants in so many stretches at least.
_FEWEST_STRETCHES = 50
# More groups than this are in the table only: lines would hide each other.
_MOST_LINES = 8
_ROW_INCHES = 0.34
# A strip has about as many places side by side as a telephone has lines for.
_MOST_PLACES = 200
# From, to, and variants per single stretch in between.
Stretch = tuple[int, int, float]

CLASSES = ("1 copy", "below 0.1%", "0.1–0.5%", "0.5–1%", "1–5%", "5–20%", "20–50%", "50% and more")


def no_variants(asked: Asked, key: str, title: str, query: str) -> Section:
    """Said where the rule leaves nothing of the variants to show."""
    seen = "Nobody in the cohort carries a variant that the lake knows"
    if not asked.rule.hides_nothing:
        seen += f", or fewer than {asked.rule.least} variants are carried"
    return Section(key, title, [f"{seen}: nothing to show."], queries=[query])


def variants_query(asked: Asked) -> str:
    """Variants by contig, stretch and class of frequency: asked once for all who need it."""
    return question("variants", cohort=asked.members, width=f"{_stretch(asked)}")


def carried(asked: Asked) -> list[dict[str, Any]]:
    """Of these rows those of variants that somebody in the cohort carries."""
    return [row for row in asked.ask(variants_query(asked)) if row["class"] is not None]


def along(asked: Asked) -> Section:
    """How many variants somebody in the cohort carries, along each contig."""
    key, title = "density", "Where the variants lie"
    query, width = variants_query(asked), _stretch(asked)
    counts: dict[str, dict[int, int]] = {}
    for row in carried(asked):
        held = counts.setdefault(row["contig"], {})
        held[row["stretch"]] = held.get(row["stretch"], 0) + row["variants"]
    totals = {contig: sum(held.values()) for contig, held in counts.items()}
    joined = join_values(totals, asked.rule)
    if not totals or joined is None:
        return no_variants(asked, key, title, query)
    shown = {contig: counts[contig] for contig in joined.shown}
    rows = _density_rows(asked, shown, width)
    if joined.rest:
        rows.append(["other contigs", asked.rule.shown(joined.rest), None, None])
    table = Table(
        "Variants that somebody in the cohort carries",
        ["contig", "variants", "from Mb", "to Mb"],
        rows,
    )
    words = [
        f"{asked.rule.shown(joined.total):,} variants are carried by somebody in the cohort, "
        f"counted in stretches of {_bases(width)}; each strip is drawn from the first to "
        "the last variant of its contig, all to one scale of height."
    ]
    pictures = [_strips(asked, shown, width)] if shown else []
    return Section(key, title, words, pictures, [table], [query])


def _stretch(asked: Asked) -> int:
    """Bases per stretch: round, and few enough to see a shape."""
    found = asked.ask(question("stretches"))[0]
    fitting = [width for width in _WIDTHS if (found[f"w{width}"] or 0) >= _FEWEST_STRETCHES]
    return fitting[-1] if fitting else _WIDTHS[0]


def _bases(width: int) -> str:
    return f"{width // 1_000_000} Mb" if width >= 1_000_000 else f"{width // 1000} kb"


def _density_rows(
    asked: Asked, shown: Mapping[str, Mapping[int, int]], width: int
) -> list[list[Cell]]:
    return [
        [
            contig,
            asked.rule.shown(sum(held.values())),
            min(held) * width / 1e6,
            (max(held) + 1) * width / 1e6,
        ]
        for contig, held in shown.items()
    ]


def _strips(asked: Asked, shown: Mapping[str, Mapping[int, int]], width: int) -> Picture:
    title = f"Variants per {_bases(width)} along each contig (places in Mb)"
    strips = {contig: _drawn_strip(_joined_strip(asked, held)) for contig, held in shown.items()}
    most = max(height for strip in strips.values() for _, _, height in strip)
    with drawing("density"):
        figure, axes = new_figure(0.25 + (_ROW_INCHES + 0.2) * len(strips), len(strips))
        for each, (contig, strip) in zip(axes, strips.items(), strict=True):
            edges = [start * width / 1e6 for start, _, _ in strip]
            edges.append(strip[-1][1] * width / 1e6)
            charts.strip(each, edges, [height for _, _, height in strip])
            each.set_ylim(0, most)
            each.set_xlim(edges[0], edges[-1])
            each.locator_params(axis="x", nbins=4)
            each.tick_params(axis="x", labelsize=8.5, pad=1)
            each.set_ylabel(contig, rotation=0, ha="right", va="center")
            each.ticklabel_format(axis="x", useOffset=False, style="plain")
        axes[0].set_title(f"highest: {most:,.0f} variants", fontsize=9, color=MUTED, loc="right")
        alt = f"{title}: " + ", ".join(
            f"{contig} {asked.rule.shown(sum(held.values())):,} variants"
            for contig, held in shown.items()
        )
        return Picture(title, svg_of(figure, "density", alt))


def _joined_strip(asked: Asked, held: Mapping[int, int]) -> list[Stretch]:
    """Stretches with enough variants: from, to, and variants per single stretch."""
    first, last = min(held), max(held)
    counts = [held.get(place, 0) for place in range(first, last + 1)]
    ranges = join_neighbours(counts, asked.rule)
    assert ranges is not None, "a contig with too few variants is joined with others"
    strip: list[Stretch] = []
    for start, stop in ranges:
        height = asked.rule.shown(sum(counts[start:stop])) / (stop - start)
        if strip and strip[-1][2] == height == 0:
            start = strip.pop()[0] - first
        strip.append((first + start, first + stop, height))
    return strip


def _drawn_strip(strip: list[Stretch]) -> list[Stretch]:
    """As it is drawn: no stretch thinner than a line, each place as high as the highest there."""
    first, last = strip[0][0], strip[-1][1]
    width = -(-(last - first) // _MOST_PLACES)
    if width == 1:
        return strip
    heights = [0.0] * -(-(last - first) // width)
    for start, stop, height in strip:
        for place in range((start - first) // width, (stop - first - 1) // width + 1):
            heights[place] = max(heights[place], height)
    return [
        (first + n * width, min(first + (n + 1) * width, last), height)
        for n, height in enumerate(heights)
    ]


def spectrum(asked: Asked) -> Section:
    """How many variants each group has in each class of frequency."""
    key, title = "spectrum", "How frequent the variants are"
    query, counts = _spectra(asked)
    told = _told(asked, counts)
    if not told and any(map(any, counts.values())):
        why = "Not shown: each group carries few variants, or all but few of the cohort's."
        return Section(key, title, [why], queries=[query])
    ranges = common_classes(asked, told)
    if not told or ranges is None:
        return no_variants(asked, key, title, query)
    names = [class_name(start, stop) for start, stop in ranges]
    shown = {
        name: [asked.rule.shown(sum(held[start:stop])) for start, stop in ranges]
        for name, held in told.items()
    }
    what = f"Variants by frequency in each {asked.by}" if asked.by else "Variants by frequency"
    rows: list[list[Cell]] = [[group, *held] for group, held in shown.items()]
    table = Table(what, [asked.by or "people", *names], rows)
    words = [
        "Each group's variants by their frequency in that group alone; a variant with one copy "
        "there stands apart. In a small group no frequency can be low.",
    ]
    if len(told) < len(counts):
        words.append("A group is left out where few variants are in it, or few only in the others.")
    if len(ranges) < len(CLASSES):
        words.append("Neighbouring classes with too few variants are joined.")
    if len(told) > _MOST_LINES:
        words.append(f"The picture has the {_MOST_LINES} largest groups, the table all.")
    picture = _spectrum_picture(asked, what, names, shown)
    return Section(key, title, words, [picture], [table], [query])


def _spectra(asked: Asked) -> tuple[str, dict[str, list[int]]]:
    """The variants of each group by class, and the query behind."""
    counts = {name: [0] * len(CLASSES) for name in asked.groups(asked.by)}
    if asked.by is None:
        for row in carried(asked):
            counts[EVERYBODY][row["class"]] += row["variants"]
        return variants_query(asked), counts
    group = asked.group_sql(asked.by, "attribute_value")
    of = {"cohort": asked.members, "attribute": sql_literal(asked.by)}
    query = question("spectrum_by", group=group, **of)
    for row in asked.ask(query):
        counts[row["people"]][row["class"]] = row["variants"]
    return query, counts


def _told(asked: Asked, counts: Mapping[str, list[int]]) -> dict[str, list[int]]:
    """The groups with variants enough, outside of which are enough, too.

    All that the cohort carries stand beside: less those of a group they are what only others have.
    """
    everything = sum(row["variants"] for row in carried(asked))
    sums = {name: sum(held) for name, held in counts.items()}
    return {
        name: held
        for name, held in counts.items()
        if sums[name] > 0
        and not asked.rule.hides(sums[name])
        and not asked.rule.hides(everything - sums[name])
    }


def common_classes(
    asked: Asked, counts: Mapping[str, Sequence[int]]
) -> list[tuple[int, int]] | None:
    """Neighbouring classes joined until no group has few variants in any, for all alike."""
    ranges = [(n, n + 1) for n in range(len(CLASSES))]
    for held in counts.values():
        if asked.rule.hides(sum(held)) or not any(held):
            continue
        while True:
            found = join_neighbours([sum(held[a:b]) for a, b in ranges], asked.rule)
            if found is None:
                return None
            if len(found) == len(ranges):
                break
            ranges = [(ranges[a][0], ranges[b - 1][1]) for a, b in found]
    # Joining for one group may leave another with an empty class joined: never with a small one.
    return ranges


def class_name(start: int, stop: int) -> str:
    if stop - start == 1:
        return CLASSES[start]
    if start == 0 and stop == len(CLASSES):
        return "all"
    low = "" if start <= 1 else CLASSES[start].split("–")[0].replace("%", "")
    high = "" if stop == len(CLASSES) else CLASSES[stop - 1].split("–")[-1].removeprefix("below ")
    copies = "1 copy, " if start == 0 else ""
    if not low:
        return f"{copies}below {high}" if high else "2 copies and more"
    return f"{copies}{low}–{high}" if high else f"{low}% and more"


def _spectrum_picture(
    asked: Asked, what: str, names: Sequence[str], shown: Mapping[str, Sequence[int]]
) -> Picture:
    people = asked.groups(asked.by)
    largest = sorted(shown, key=lambda name: -people[name])[:_MOST_LINES]
    drawn = {name: shown[name] for name in shown if name in largest}
    with drawing("spectrum"):
        figure, (axes,) = new_figure(2.9 + charts.legend_inches(list(drawn)))
        charts.lines(axes, names, drawn, "variants", asked.grey(list(drawn)))
        alt = f"{what}; the numbers are in the table"
        return Picture(what, svg_of(figure, "spectrum", alt))
