"""Small counts are not shown, and nobody works them out: not with the code in hand either."""

import itertools
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence

import pytest

from allelake.errors import UsageError
from allelake.report.suppress import (
    DEFAULT,
    PRESETS,
    CellRule,
    join_neighbours,
    join_values,
    rule_of,
    share,
    tells_crossing,
    tells_together,
)

Cells = tuple[int, ...]
NAMES = "abcdefgh"


def published(cells: Cells, rule: CellRule) -> object:
    """All that a reader sees of a table, hashable: what two tables may have in common."""
    joined = join_values(dict(zip(NAMES, cells, strict=False)), rule)
    return None if joined is None else (tuple(joined.shown.items()), joined.rest)


def neighbours(cells: Cells, rule: CellRule) -> object:
    ranges = join_neighbours(cells, rule)
    if ranges is None:
        return None
    return tuple((start, stop, sum(cells[start:stop])) for start, stop in ranges)


def possible(tables: Iterator[Cells], show, rule: CellRule) -> dict[object, list[Cells]]:
    """Tables by what is seen of them: a reader who knows everything else knows the class."""
    classes = defaultdict(list)
    for cells in tables:
        classes[show(cells, rule)].append(cells)
    return classes


def every_table(cells: int, most: int) -> Iterator[Cells]:
    return itertools.product(range(most + 1), repeat=cells)


@pytest.mark.parametrize(
    ("cells", "least", "most"), [(2, 4, 30), (3, 3, 16), (3, 4, 20), (4, 3, 9)]
)
def test_no_small_value_can_be_worked_out_with_the_code_in_hand(
    cells: int, least: int, most: int
) -> None:
    """Every table there is: those that look alike must differ in each of their small cells."""
    rule = CellRule("test", least)
    for seen, tables in possible(every_table(cells, most), published, rule).items():
        if seen is None:
            continue
        for column in zip(*tables, strict=True):
            # At the edge of what was enumerated a class may be cut off: those are left out.
            if max(map(sum, tables)) <= most and any(map(rule.hides, column)):
                assert len(set(column)) > 1, (seen, tables)


def test_a_small_value_could_be_anything_that_is_hidden() -> None:
    """Not only unknown, but as unknown as the rule says: from 1 to the largest hidden count."""
    rule = CellRule("test", 4)
    classes = possible(every_table(3, 22), published, rule)
    for seen, tables in classes.items():
        if seen is None or seen[1] == 0 or sum(tables[0]) > 22 or not seen[0]:
            continue
        for column in zip(*tables, strict=True):
            if any(map(rule.hides, column)):
                assert set(column) >= {1, 2, 3}, (seen, tables)


@pytest.mark.parametrize(("cells", "least", "most"), [(2, 4, 12), (3, 3, 9), (4, 3, 7), (5, 3, 5)])
def test_no_small_cell_of_a_histogram_can_be_worked_out(cells: int, least: int, most: int) -> None:
    rule = CellRule("test", least)
    for seen, tables in possible(every_table(cells, most), neighbours, rule).items():
        if seen is None or max(map(sum, tables)) > most:
            continue
        for column in zip(*tables, strict=True):
            if any(map(rule.hides, column)):
                assert len(set(column)) > 1, (seen, tables)


@pytest.mark.parametrize("seed", range(200))
def test_random_tables_show_nothing_small_and_add_up(seed: int) -> None:
    rng = random.Random(seed)
    rule = rng.choice([PRESETS["all-of-us"], PRESETS["nhs"], PRESETS["ohdsi"], rule_of("20")])
    scale = rng.choice([3, 30, 300])
    cells = {name: int(rng.expovariate(1 / scale)) for name in range(rng.randint(1, 12))}
    joined = join_values(cells, rule)
    if joined is None:
        assert rule.hides(sum(cells.values()))
        return
    for count in (*joined.shown.values(), joined.rest, joined.total):
        assert not rule.hides(count)
    assert joined.total == sum(cells.values())
    # Any union of what is shown, and all but it, is empty or large: nothing is left to subtract.
    parts = [*joined.shown.values(), joined.rest]
    for size in range(min(len(parts), 5)):
        for some in itertools.combinations(parts, size):
            assert not rule.hides(sum(some)) and not rule.hides(joined.total - sum(some))


@pytest.mark.parametrize("seed", range(100))
def test_random_histograms_show_nothing_small_and_cover_everything(seed: int) -> None:
    rng = random.Random(seed)
    rule = CellRule("test", rng.randint(2, 21))
    cells = [int(rng.expovariate(1 / 15)) * rng.randint(0, 1) for _ in range(rng.randint(1, 30))]
    ranges = join_neighbours(cells, rule)
    if ranges is None:
        assert rule.hides(sum(cells))
        return
    assert [start for start, _ in ranges] == [0, *(stop for _, stop in ranges[:-1])]
    assert ranges[-1][1] == len(cells)
    assert not any(rule.hides(sum(cells[start:stop])) for start, stop in ranges)


def test_two_attributes_of_the_same_people_do_not_tell_who_is_in_both() -> None:
    """From two partitions of the same people a small crossing is never certain (Fréchet)."""
    rule = CellRule("test", 4)
    rng = random.Random(7)
    for _ in range(300):
        people = [(rng.choice("aaab"), rng.choice("xxxyz")) for _ in range(rng.randint(4, 40))]
        tables = []
        for n in (0, 1):
            counts = dict.fromkeys(sorted({person[n] for person in people}), 0)
            for person in people:
                counts[person[n]] += 1
            joined = join_values(counts, rule)
            assert joined is not None
            tables.append([*joined.shown.values(), joined.rest])
        for row, column in itertools.product(*tables):
            lowest, highest = max(0, row + column - len(people)), min(row, column)
            assert lowest != highest or not rule.hides(lowest)


def test_a_lone_small_value_takes_a_large_one_with_it() -> None:
    rule = PRESETS["all-of-us"]
    joined = join_values({"XX": 500, "XY": 497, "unknown": 3}, rule)
    assert joined is not None
    assert (dict(joined.shown), joined.rest) == ({"XX": 500}, 500)


def test_who_is_joined_does_not_depend_on_how_many_they_are() -> None:
    """Were it the smallest, 'b has no more than a' would bound the small one."""
    rule = PRESETS["all-of-us"]
    for a, b in ((500, 500), (30, 900), (900, 45)):
        joined = join_values({"a": a, "b": b, "c": 20}, rule)
        assert joined is not None and list(joined.shown) == ["a"]


def test_nothing_is_said_of_too_few_and_of_nobody_that_they_are_none() -> None:
    rule = PRESETS["all-of-us"]
    assert join_values({"a": 12, "b": 8}, rule) is None
    assert join_neighbours([5, 5, 5], rule) is None
    joined = join_values({"a": 0, "b": 0}, rule)
    assert joined is not None and dict(joined.shown) == {"a": 0, "b": 0}
    assert join_neighbours([0, 0], rule) == [(0, 1), (1, 2)]


def test_without_a_rule_everything_is_shown() -> None:
    rule = PRESETS["none"]
    joined = join_values({"a": 1, "b": 2, "c": 0}, rule)
    assert joined is not None and dict(joined.shown) == {"a": 1, "b": 2, "c": 0}
    assert join_neighbours([1, 0, 2], rule) == [(0, 1), (1, 2), (2, 3)]


@pytest.mark.parametrize(
    ("name", "hidden", "shown"),
    [
        ("all-of-us", 20, {21: 21}),
        ("nhs", 7, {8: 10, 12: 10, 13: 15, 0: 0}),
        ("pcornet", 10, {11: 11}),
        ("ohdsi", 4, {5: 5}),
        ("plco", 9, {10: 10}),
        ("20", 19, {20: 20}),
        ("ALL-OF-US", 20, {21: 21}),
    ],
)
def test_presets_hide_what_their_owners_hide(name: str, hidden: int, shown: dict[int, int]) -> None:
    rule = rule_of(name)
    assert rule.largest_hidden == hidden
    assert all(map(rule.hides, range(1, hidden + 1)))
    assert {count: rule.shown(count) for count in shown} == shown


def test_the_default_is_the_strictest_preset() -> None:
    assert PRESETS[DEFAULT].least == max(rule.least for rule in PRESETS.values())


@pytest.mark.parametrize("wrong", ["-1", "al-of-us", "1.5", "", "²"])
def test_what_is_no_rule_is_told(wrong: str) -> None:
    with pytest.raises(UsageError, match=r"(?s)smallest count.*(Did you mean|Known)"):
        rule_of(wrong)


def test_a_percentage_never_tells_a_small_count() -> None:
    """For one whole, percentages of all hidden parts look alike, and differ from no other way."""
    rule = CellRule("test", 21)
    for whole in (21, 40, 100, 5000):
        low = {share(part, whole, rule) for part in range(1, min(21, whole))}
        high = {share(whole - part, whole, rule) for part in range(1, min(21, whole))}
        assert len(low) == len(high) == 1
    assert share(0, 1000, rule) == "0%" and share(1000, 1000, rule) == "100%"
    assert share(5, 10, rule) == "not shown"
    assert share(0, 0, rule) == "–"


def shares(parts: Sequence[int], rule: CellRule) -> list[str]:
    return [share(part, sum(parts), rule) for part in parts]


def test_rounded_counts_have_percentages_of_the_rounded() -> None:
    assert shares([13, 87], PRESETS["nhs"]) == ["15.0%", "85.0%"]


def crossings_told(pairs: dict[tuple[str, str], int]) -> set[tuple[str, str]]:
    """The crossings whose size follows from the sizes of all parts, by linear algebra."""
    import numpy as np

    edges = list(pairs)
    parts = sorted({(n, pair[n]) for pair in edges for n in (0, 1)})
    sums = np.array([[float(edge[n] == part) for edge in edges] for n, part in parts])
    rank = np.linalg.matrix_rank(sums)
    return {
        edge
        for place, edge in enumerate(edges)
        if np.linalg.matrix_rank(np.vstack([sums, np.eye(len(edges))[place]])) == rank
    }


@pytest.mark.parametrize("seed", range(150))
def test_crossings_that_two_partitions_tell_are_found(seed: int) -> None:
    """As linear algebra finds them, in random crossings with many empty places."""
    rng = random.Random(seed)
    rule = CellRule("test", 4)
    names = [(one, other) for one in "abcde" for other in "vwxyz"]
    pairs = {pair: rng.choice([1, 3, 5, 40]) for pair in rng.sample(names, rng.randint(1, 12))}
    people = [pair for pair, count in pairs.items() for _ in range(count)]
    first = {n: pair[0] for n, pair in enumerate(people)}
    second = {n: pair[1] for n, pair in enumerate(people)}
    told = {pair for pair in crossings_told(pairs) if rule.hides(pairs[pair])}
    assert tells_crossing(first, second, rule) == bool(told)


def test_a_region_less_its_populations_does_not_tell_a_small_one() -> None:
    """The small population is joined with one of another region: the regions' sums tell it."""
    rule = PRESETS["all-of-us"]
    sizes = {("east", "a"): 50, ("east", "b"): 7, ("west", "c"): 60, ("west", "d"): 40}
    people = [place for place, size in sizes.items() for _ in range(size)]
    counts: dict[str, int] = {}
    for _, population in people:
        counts[population] = counts.get(population, 0) + 1
    joined = join_values(counts, rule)
    assert joined is not None and list(joined.shown) == ["a", "c"]
    regions = {n: region for n, (region, _) in enumerate(people)}
    shown = {n: name if name in joined.shown else "rest" for n, (_, name) in enumerate(people)}
    assert tells_crossing(regions, shown, rule)
    alike = {n: "one" if n % 2 else "other" for n in regions}
    assert not tells_crossing(alike, shown, rule)


def test_three_attributes_that_tell_what_no_two_do_are_found() -> None:
    """Three ways to halve four kinds of people: half the sum of three halves is one kind."""
    rule = PRESETS["all-of-us"]
    kinds = [
        kind for kind, size in {"a": 6, "b": 50, "c": 60, "d": 70}.items() for _ in range(size)
    ]
    halves = [{n: kind in pair for n, kind in enumerate(kinds)} for pair in ("ab", "bc", "ac")]
    assert not any(tells_crossing(one, two, rule) for one in halves for two in halves)
    assert tells_together(halves, rule)
    assert not tells_together(halves, PRESETS["none"])
