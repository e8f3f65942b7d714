"""Sections about structure: principal components and kinship, where the lake has them stored."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import fmean, median, pstdev
from typing import Any

from allelake.plot import charts
from allelake.plot.style import MUTED, drawing, new_figure, svg_of
from allelake.report.asked import Asked
from allelake.report.parts import Cell, Picture, Section, Table
from allelake.report.question import question
from allelake.report.spread import round_step
from allelake.report.suppress import join_values
from allelake.warehouse.quoting import sql_literal

Rows = Sequence[Mapping[str, Any]]
Squares = dict[tuple[int, int], int]

# Cells across the bulk of the people, finest first; the finest that shows most people is taken.
_FINENESS = (24, 16, 11, 8, 5, 3)
_MOST_PEOPLE = 0.6
RELATIONSHIPS = ("duplicate", "parent-child", "sibling", "second", "third")
# Kinship that theory expects, and the share of strangers' opposite homozygotes (KING, 2010).
_EXPECTED = {
    "duplicate": (0.5, 0.0),
    "parent-child": (0.25, 0.0),
    "sibling": (0.25, 0.25),
    "second": (0.125, 0.5),
    "third": (0.0625, 0.75),
}


def _stored(asked: Asked, kind: str) -> tuple[str, list[str]] | None:
    """The cohort whose stored result speaks of these people, and what has to be said of it."""
    rows = asked.ask(question("stored", kind=sql_literal(kind), cohort=asked.members))
    if not rows:
        return None
    cohort, words = str(rows[0]["cohort"]), []
    if cohort != asked.cohort:
        words.append(f"Computed of the cohort {cohort}; shown is who is in {asked.cohort}.")
    if rows[0]["stale_reason"]:
        words.append(
            f"It is of snapshot {rows[0]['snapshot']} and does not hold any more: "
            f"{_without_few(asked, rows[0]['stale_reason'])}."
        )
    return cohort, words


def _without_few(asked: Asked, reason: str) -> str:
    """Why a result is stale, without saying how few people left."""
    return re.sub(
        r"\b(\d+) (sample|participant)s?\b",
        lambda found: f"some {found[2]}s" if asked.rule.hides(int(found[1])) else found[0],
        reason,
    )


def _not_stored(key: str, title: str, what: str, command: str, asked: Asked) -> Section:
    asks = f" --cohort {asked.cohort}" if asked.cohort != "all" else ""
    # Components are of pruned sites; kinship takes all that are common, and needs no other step.
    first = f"`allelake structure prune LAKE{asks}`, then " if command == "pca" else ""
    words = f"{what} stored in the lake. Run {first}`allelake structure {command} LAKE{asks}`."
    return Section(key, title, [words])


def components(asked: Asked) -> Section:
    """Where people lie along the first two principal components, by group."""
    key, title = "pca", "Principal components"
    stored = _stored(asked, "pca")
    if stored is None:
        return _not_stored(key, title, "No principal components are", "pca", asked)
    cohort, words = stored
    query = _scores_query(asked, cohort)
    rows = asked.ask(query)
    if not rows or asked.rule.hides(len(rows)):
        words.append("Too few people have scores to show them.")
        return Section(key, title, words, queries=[query])
    if len(rows) < asked.people:
        # How many have none is not told: it may be few, in all or in a group.
        words.append("Not everybody has scores: sites that vary may not be called in all.")
    what = f"People along PC1 and PC2, by {asked.by}" if asked.by else "People along PC1 and PC2"
    groups: dict[str, list[tuple[float, float]]] = {name: [] for name in asked.groups(asked.by)}
    for row in rows:
        groups[row["people"]].append((row["pc1"], row["pc2"]))
    told = {name: held for name, held in groups.items() if held and not asked.rule.hides(len(held))}
    if asked.is_individual:
        return Section(
            key, title, words, [_points(asked, what, groups)], [_means(asked, told)], [query]
        )
    if sum(map(len, told.values())) != len(rows):
        words.append("Groups of whom too few have scores are left out.")
    picture, drawn = _cells(asked, what, told)
    share = 100 * drawn / asked.people
    if drawn == 0:
        words.append("People lie too far apart for squares with enough of them to be drawn.")
    else:
        words.append(
            f"Each square has at least {max(asked.rule.least, 1)} people of one group, the more "
            f"the denser; about {share:.0f}% of the people are in one, who lies elsewhere is not "
            "drawn."
        )
    words.append("Rings: mean and two standard deviations of a group.")
    return Section(key, title, words, [picture], [_means(asked, told)], [query])


def _scores_query(asked: Asked, cohort: str) -> str:
    return question(
        "scores",
        of=sql_literal(cohort),
        cohort=asked.members,
        # Everybody has a batch, and so a row, where nothing makes groups.
        attribute=sql_literal(asked.by or "batch"),
        group=asked.group_sql(asked.by, "value"),
    )


def _points(
    asked: Asked, what: str, groups: Mapping[str, Sequence[tuple[float, float]]]
) -> Picture:
    with drawing("pca"):
        figure, (axes,) = new_figure(3.7 + charts.legend_inches(list(groups)))
        held = {name: ([x for x, _ in xy], [y for _, y in xy]) for name, xy in groups.items() if xy}
        charts.points(axes, held, asked.grey(list(held)))
        axes.set_xlabel("PC1")
        axes.set_ylabel("PC2")
        return Picture(what, svg_of(figure, "pca", f"{what}: a point for each person"))


def _means(asked: Asked, groups: Mapping[str, Sequence[tuple[float, float]]]) -> Table:
    rows: list[list[Cell]] = []
    for name, held in groups.items():
        figures = (f([at[n] for at in held]) for f in (fmean, pstdev) for n in (0, 1))
        # All of the group, not those with scores: the difference may be few.
        people = asked.rule.shown(asked.groups(asked.by)[name])
        rows.append([name, people, *(float(f"{value:.3g}") for value in figures)])
    columns = ["group", "people", "mean PC1", "mean PC2", "SD PC1", "SD PC2"]
    return Table("Where each group lies", columns, rows)


def _cells(
    asked: Asked, what: str, groups: Mapping[str, Sequence[tuple[float, float]]]
) -> tuple[Picture, int]:
    """The people of each group in squares, and how many of them are drawn."""
    everybody = [at for held in groups.values() for at in held]
    best: tuple[tuple[float, float], dict[str, Squares], int] | None = None
    for fineness in _FINENESS:
        size = (_step(everybody, 0, fineness), _step(everybody, 1, fineness))
        squares = {name: _squares(asked, held, size) for name, held in groups.items()}
        drawn = sum(sum(held.values()) for held in squares.values())
        if best is None or drawn > best[2]:
            best = (size, squares, drawn)
        if drawn >= _MOST_PEOPLE * len(everybody):
            break
    assert best is not None, "there is a coarsest fineness"
    size, squares, drawn = best
    with drawing("pca"):
        figure, (axes,) = new_figure(3.7 + charts.legend_inches(list(groups)))
        charts.cells(axes, _placed(asked, squares, size), size, asked.grey(list(squares)))
        for name, held in groups.items():
            around = [(fmean(of), 2 * pstdev(of)) for of in zip(*held, strict=True)]
            charts.ellipse(axes, name, list(groups), around[0], around[1])
        axes.set_xlabel("PC1")
        axes.set_ylabel("PC2")
        return Picture(what, svg_of(figure, "pca", f"{what}: squares of people")), drawn


def _placed(
    asked: Asked, squares: Mapping[str, Squares], size: tuple[float, float]
) -> dict[str, list[charts.Cell]]:
    return {
        name: [(x * size[0], y * size[1], asked.rule.shown(n)) for (x, y), n in held.items()]
        for name, held in squares.items()
    }


def _step(everybody: Sequence[tuple[float, float]], axis: int, fineness: int) -> float:
    """A round step, so many of which span the middle nine tenths."""
    ordered = sorted(at[axis] for at in everybody)
    low, high = ordered[len(ordered) // 20], ordered[-1 - len(ordered) // 20]
    return round_step((high - low or abs(high) or 1.0) / fineness)


def _squares(
    asked: Asked, held: Sequence[tuple[float, float]], size: tuple[float, float]
) -> Squares:
    """The squares that may be drawn. Those given up to protect others are the outermost."""
    counts = Counter((math.floor(x / size[0]), math.floor(y / size[1])) for x, y in held)
    middle = (fmean(x for x, _ in held) / size[0], fmean(y for _, y in held) / size[1])
    order = sorted(counts, key=lambda at: (math.dist(at, middle), at))
    joined = join_values({at: counts[at] for at in order}, asked.rule)
    return dict(joined.shown) if joined is not None else {}


def kinship(asked: Asked) -> Section:
    """Pairs of relatives, and where they lie between what theory expects."""
    key, title = "kinship", "Kinship"
    stored = _stored(asked, "kinship")
    if stored is None:
        return _not_stored(key, title, "No kinship is", "kinship", asked)
    cohort, words = stored
    query = question("kinship", of=sql_literal(cohort), cohort=asked.members)
    rows = asked.ask(query)
    if not rows:
        words.append("No two people of the cohort are related to the third degree or closer.")
        return Section(key, title, words, queries=[query])
    table = Table(
        "Pairs by relationship (KING-robust kinship)",
        ["relationship", "pairs", "people in them", "expected kinship"],
        [_related(asked, name, rows) for name in RELATIONSHIPS],
    )
    if not asked.rule.hides_nothing:
        words.append(
            "A relationship with too few pairs, or too few people in them, is told as few. How "
            "many pairs there are in all is not."
        )
    picture = _plane(asked, rows)
    if picture is None:
        words.append("No place of the plane of IBS0 and kinship has enough pairs to be drawn.")
    return Section(key, title, words, [picture] if picture else [], [table], [query])


def _people_of(rows: Rows) -> int:
    return len({row[f"sample_number_{n}"] for row in rows for n in (1, 2)})


def _related(asked: Asked, name: str, rows: Rows) -> list[Cell]:
    held = [row for row in rows if row["relationship"] == name]
    people = _people_of(held)
    expected = _EXPECTED[name][0]
    is_few = asked.rule.hides(len(held)) or asked.rule.hides(people)
    if is_few and not asked.is_individual:
        return [name, "few", "few", expected]
    if asked.is_individual:
        return [name, len(held), people, expected]
    return [name, asked.rule.shown(len(held)), asked.rule.shown(people), expected]


def _plane(asked: Asked, rows: Rows) -> Picture | None:
    title = "Opposite homozygotes (IBS0) and kinship of pairs, with what is expected"
    with drawing("kinship"):
        figure, (axes,) = new_figure(4.2)
        if asked.is_individual:
            groups = {
                name: [row for row in rows if row["relationship"] == name] for name in RELATIONSHIPS
            }
            charts.points(
                axes,
                {
                    name: ([row["ibs0_share"] for row in held], [row["kinship"] for row in held])
                    for name, held in groups.items()
                    if held
                },
            )
        elif not _draw_pairs(asked, axes, rows):
            return None
        _draw_expected(asked, axes, rows)
        axes.set_xlabel("share of sites with opposite homozygotes (IBS0)")
        axes.set_ylabel("kinship")
        return Picture(title, svg_of(figure, "kinship", title))


def _draw_pairs(asked: Asked, axes: Any, rows: Rows) -> bool:
    size = (0.005, 0.02)
    held: dict[tuple[int, int], list[Mapping[str, Any]]] = {}
    for row in rows:
        at = (math.floor(row["ibs0_share"] / size[0]), math.floor(row["kinship"] / size[1]))
        held.setdefault(at, []).append(row)
    # Few people make many pairs: a family of seven has 21.
    counts = {at: min(len(found), _people_of(found)) for at, found in sorted(held.items())}
    joined = join_values(counts, asked.rule)
    if joined is None or not joined.shown:
        return False
    charts.cells(axes, {"pairs": _placed(asked, {"": dict(joined.shown)}, size)[""]}, size)
    return True


def _draw_expected(asked: Asked, axes: Any, rows: Rows) -> None:
    """Crosses where each relationship is expected, and the line of all that share one parent."""
    # Of strangers' opposite homozygotes a pair has the share 1 - 4 x kinship, siblings apart.
    ratios = [
        row["ibs0_share"] / (1 - 4 * row["kinship"])
        for row in rows
        if row["relationship"] in ("second", "third") and row["kinship"] < 0.2
    ]
    strangers = median(ratios) if ratios and not asked.rule.hides(len(ratios)) else None
    for name, (expected, share) in _EXPECTED.items():
        if share == 0 or strangers is not None:
            charts.reference(axes, share * (strangers or 0), expected, name, name == "sibling")
        else:
            axes.axhline(expected, color=MUTED, linewidth=0.8, linestyle=":")
    if strangers is not None:
        axes.plot([0, strangers], [0.25, 0], color=MUTED, linewidth=1, linestyle="--")
