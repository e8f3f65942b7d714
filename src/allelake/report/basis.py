"""Section: what AN rests on."""

from collections import Counter
from collections.abc import Mapping, Sequence

from allelake.plot import charts
from allelake.plot.style import drawing, new_figure, svg_of
from allelake.report.asked import Asked
from allelake.report.parts import Cell, Picture, Section, Table
from allelake.report.suppress import join_values, share
from allelake.report.variants import variants_query

_WHAT = "People at variants, by how they are known (% of the cohort)"
PARTS = ("record", "reference block", "assumed", "unknown")
_COLUMNS = ("record", "block", "assumed", "unknown")
_REST = "the rest"


def basis(asked: Asked) -> Section:
    """Of the cohort's people at all variants: how many are known, and by what."""
    key, title = "basis", "What AN rests on"
    query = variants_query(asked)
    sums: dict[str, Counter[str]] = {}
    for row in asked.ask(query):
        figures = {name: int(row[name] or 0) for name in ("variants", *_COLUMNS)}
        sums.setdefault(row["contig"], Counter()).update(figures)
    if not sums:
        return Section(key, title, ["The lake knows no variant: nothing to show."], queries=[query])
    joined = join_values({name: row["variants"] for name, row in sums.items()}, asked.rule)
    if joined is None:
        words = [f"Fewer than {asked.rule.least} variants are known: nothing to show."]
        return Section(key, title, words, queries=[query])
    shares = {name: _shares(asked, [sums[name]]) for name in joined.shown}
    if joined.rest:
        others = [row for name, row in sums.items() if name not in joined.shown]
        shares["other contigs"] = _shares(asked, others)
    told = {name: tell(asked, held) for name, held in shares.items()}
    everything = _told_of_all(asked, _shares(asked, list(sums.values())), told)
    cells: list[list[Cell]] = [[name, *held] for name, held in told.items()]
    if everything is not None:
        cells.append(["all", *everything])
    table = Table(_WHAT, ["contig", *PARTS], cells)
    return Section(key, title, _words(everything), [_picture(asked, shares)], [table], [query])


def tell(asked: Asked, values: Sequence[float]) -> list[str]:
    """The four shares as texts that tell of no few people, nor do their sum and differences."""
    rule, whole = asked.rule, asked.people
    people = {n: _people(asked, value) for n, value in enumerate(values)}
    some = [n for n in people if people[n]]
    if len(some) < 3 or not any(rule.hides(people[n]) for n in some):
        return [share(people[n], whole, rule) for n in people]
    # Three parts and more: a hundred less those that are told would be a small one.
    joined = join_values({n: people[n] for n in some}, rule)
    shown = joined.shown if joined is not None else {}
    return [
        share(people[n], whole, rule)
        if n in shown or n not in some or rule.hides(people[n])
        else _REST
        for n in people
    ]


def _told_of_all(
    asked: Asked, everything: Sequence[float], told: Mapping[str, Sequence[str]]
) -> list[str] | None:
    """The shares over all variants; None where with those of the contigs they tell one's few."""
    of_all = tell(asked, everything)
    rows = [*told.values(), of_all]
    is_exact = [[_is_exact(text) for text in row] for row in rows]
    are_alike = all(len(set(column)) == 1 for column in zip(*is_exact, strict=True))
    return of_all if are_alike else None


def _is_exact(text: str) -> bool:
    return text[0].isdigit()


def _people(asked: Asked, value: float) -> int:
    """How many people a share stands for. Neither nobody nor everybody unless it is exact."""
    if min(value, 100 - value) < 1e-9:
        return asked.people if value > 50 else 0
    return min(max(round(value * asked.people / 100), 1), asked.people - 1)


def _drawn(asked: Asked, values: Sequence[float]) -> list[float]:
    """The shares as they are drawn: those that are not told as nothing, one takes them."""
    told = tell(asked, values)
    shown = [float(text[:-1]) if _is_exact(text) else 0.0 for text in told]
    untold = [n for n, text in enumerate(told) if not _is_exact(text)]
    largest = max(untold or range(len(values)), key=lambda n: values[n])
    shown[largest] += 100 - sum(shown)
    return shown


def _words(everything: Sequence[str] | None) -> list[str]:
    if everything is None:
        return [
            "How it is over all contigs together is not told: with what is told of each, it would "
            "tell of few people on one."
        ]
    record, block, assumed, unknown = everything
    if "not shown" in everything:
        return ["Too few people are known in one way or another to tell how many they are."]
    words = [
        f"Over all variants the lake knows, {record} of the cohort are known by a record of the "
        f"variant, {block} by a reference block or another record there, {assumed} are assumed to "
        f"be reference, and {unknown} are unknown: they are not in AN. "
        "`allelake explain LAKE VARIANT` tells it of one variant."
    ]
    if unknown == "100%":
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


def _shares(asked: Asked, rows: Sequence[Mapping[str, int]]) -> list[float]:
    """Percentages of people at variants: those known split as their called alleles are.

    Somebody whose genotype is missing in a record is known by no allele: with the others of a
    record he is no part of AN, yet asked, so he goes with them.
    """
    variants = sum(row["variants"] for row in rows)
    unknown = 100 * sum(row["unknown"] for row in rows) / (variants * asked.people)
    parts = [float(sum(row[part] for row in rows)) for part in _COLUMNS[:3]]
    called = sum(parts)
    if called == 0:
        return [100 - unknown, 0.0, 0.0, unknown]
    return [(100 - unknown) * part / called for part in parts] + [unknown]
