"""Section: what two cohorts share, and what each has alone."""

from collections.abc import Sequence

from allelake.plot import charts
from allelake.plot.style import drawing, new_figure, svg_of
from allelake.report.asked import Asked
from allelake.report.parts import Cell, Picture, Section, Table
from allelake.report.question import question
from allelake.report.variants import CLASSES
from allelake.warehouse.quoting import sql_literal

KINDS = ("both", "first", "second")


def compared(asked: Asked, other: str) -> Section:
    """Variants carried in both cohorts, or in one alone."""
    key, title = "compare", f"Compared with cohort {other}"
    two = {"cohort": asked.members, "other": sql_literal(other)}
    overlap_query = question("overlap", **two)
    parts = _parts(asked, overlap_query)
    why_not = _why_not(asked, other, parts)
    if why_not is None and not asked.publish(f"cohort {other}", _sides(asked, two)):
        why_not = (
            "Not shown: beside the groups of people that are shown, how many are in both cohorts "
            "would tell of few of them."
        )
    if why_not:
        return Section(key, title, [why_not], queries=[overlap_query])
    query = question("compared", **two)
    counts = {kind: [0] * len(CLASSES) for kind in KINDS}
    for row in asked.ask(query):
        counts[row["kind"]][row["class"]] += row["variants"]
    names = {"both": "both", "first": f"{asked.cohort} only", "second": f"{other} only"}
    people = _people_table(asked, other, parts)
    words = [
        "Classes are by frequency in the cohort that has the variant; of variants in both, by "
        f"that in {asked.cohort}. A larger cohort has more of its own."
    ]
    totals = {kind: sum(held) for kind, held in counts.items()}
    if any(map(asked.rule.hides, totals.values())) or not sum(totals.values()):
        words.append("Too few variants are shared, or carried in one cohort alone, to be shown.")
        return Section(key, title, words, [], [people], [overlap_query, query])
    ranges = _classes(asked, counts)
    return Section(
        key,
        title,
        words,
        [_picture(asked, names, counts, ranges)],
        [_variant_table(asked, names, counts, ranges), people],
        [query, overlap_query],
    )


def _parts(asked: Asked, overlap_query: str) -> tuple[int, int, int]:
    """How many people are in both, in the first alone, in the second alone."""
    overlap = asked.ask(overlap_query)[0]
    first, second = int(overlap["samples"]), int(overlap["other_samples"])
    both = int(overlap["shared_samples"])
    return both, first - both, second - both


def _sides(asked: Asked, two: "dict[str, str]") -> dict[int, bool]:
    """Who of the first cohort is in the second, by sample number."""
    rows = asked.ask(question("sides", **two))
    return {row["sample_number"]: row["is_in_both"] for row in rows}


def _why_not(asked: Asked, other: str, parts: tuple[int, int, int]) -> str | None:
    """Why the two are not compared, if they are not."""
    second = parts[0] + parts[2]
    if second == 0:
        return f"The cohort {other!r} has nobody in it: there is nothing to compare."
    if any(map(asked.rule.hides, (*parts, second))):
        # The difference of two cohorts is as good as a cohort: it would be one that is too small.
        return (
            "Not shown: too few people are in both cohorts, or in one alone, and comparing the two "
            "would tell of those few."
        )
    return None


def _people_table(asked: Asked, other: str, parts: Sequence[int]) -> Table:
    names = ("in both", f"in {asked.cohort} alone", f"in {other} alone")
    rows: list[list[Cell]] = [
        [name, asked.rule.shown(count)] for name, count in zip(names, parts, strict=True)
    ]
    return Table("People of the two cohorts", ["people", "how many"], rows)


def _classes(asked: Asked, counts: "dict[str, list[int]]") -> list[tuple[int, int]]:
    from allelake.report.variants import common_classes

    found = common_classes(asked, counts)
    assert found is not None, "each kind has enough variants, or none"
    return found


def _variant_table(
    asked: Asked,
    names: "dict[str, str]",
    counts: "dict[str, list[int]]",
    ranges: Sequence[tuple[int, int]],
) -> Table:
    from allelake.report.variants import class_name

    rows: list[list[Cell]] = [
        [class_name(a, b), *(asked.rule.shown(sum(counts[kind][a:b])) for kind in KINDS)]
        for a, b in ranges
    ]
    rows.append(["all", *(asked.rule.shown(sum(counts[kind])) for kind in KINDS)])
    return Table("Variants in both and in one alone", ["frequency", *names.values()], rows)


def _picture(
    asked: Asked,
    names: "dict[str, str]",
    counts: "dict[str, list[int]]",
    ranges: Sequence[tuple[int, int]],
) -> Picture:
    from allelake.report.variants import class_name

    title = "Variants in both cohorts and in one alone, by frequency"
    series = {
        names[kind]: [float(asked.rule.shown(sum(held[a:b]))) for a, b in ranges]
        for kind, held in counts.items()
        if any(held)
    }
    with drawing("compare"):
        figure, (axes,) = new_figure(3.1)
        charts.lines(axes, [class_name(a, b) for a, b in ranges], series, "variants")
        alt = f"{title}: " + ", ".join(
            f"{name} {asked.rule.shown(sum(counts[kind])):,}" for kind, name in names.items()
        )
        return Picture(title, svg_of(figure, "compare", alt))
