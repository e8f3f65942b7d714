"""Small counts: which may be shown, and what is joined so that no hidden one can be worked out.

Everything a report shows is a partition of people (or of variants, or of genotypes) into parts of
which each is empty or large enough. Sums and differences of parts are then counts of large parts
too, so neither totals nor percentages nor complementary cells tell a small one. What is left is to
join well: whoever knows this code and every value that exists must still find each small count
anything from 1 to the largest hidden one. And since several partitions of the same people are
shown, two of them must not tell together what each alone does not.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Generic, TypeVar

from allelake.errors import UsageError
from allelake.nearest import did_you_mean

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Key = TypeVar("Key", bound=Hashable)
Person = TypeVar("Person", bound=Hashable)


@dataclass(frozen=True)
class CellRule:
    """Counts from 1 to `least` - 1 are not shown; those shown are rounded to `nearest`."""

    name: str
    least: int
    nearest: int = 1

    @property
    def hides_nothing(self) -> bool:
        """Whether every count is shown."""
        return self.least <= 1

    @property
    def largest_hidden(self) -> int:
        """The largest count that is not shown; 0 where all are."""
        return max(0, self.least - 1)

    def hides(self, count: int) -> bool:
        """Whether a count is too small to be shown. 0 never is."""
        return 0 < count < self.least

    def shown(self, count: int) -> int:
        """A count that is not hidden, as it is shown."""
        assert not self.hides(count)
        if self.nearest == 1:
            return count
        # Halves go up: Python's round would send 12.5 and 17.5 to different sides.
        return (count + self.nearest // 2) // self.nearest * self.nearest

    def sentence(self) -> str:
        """The rule in words.

        >>> CellRule("all-of-us", 21).sentence()
        'Counts from 1 to 20 are not shown (all-of-us), nor anything they could be worked out from.'
        """
        if self.hides_nothing:
            return "Every count is shown, however small (none)."
        range_ = "Counts of 1" if self.least == 2 else f"Counts from 1 to {self.largest_hidden}"
        rounded = f" Other counts are rounded to the nearest {self.nearest}."
        return (
            f"{range_} are not shown ({self.name}), nor anything they could be worked out from."
            + (rounded if self.nearest > 1 else "")
        )


# definitions.md 3.12: who publishes what. The first is the default, being the strictest.
PRESETS = {
    rule.name: rule
    for rule in (
        CellRule("all-of-us", 21),
        CellRule("pcornet", 11),
        CellRule("plco", 10),
        CellRule("nhs", 8, nearest=5),
        CellRule("pdpc", 5),
        CellRule("ohdsi", 5),
        CellRule("pedsnet", 5),
        CellRule("none", 0),
    )
}
DEFAULT = "all-of-us"


def rule_of(text: str) -> CellRule:
    """The rule that `--min-cell` names: a preset, or the smallest count that is shown.

    >>> rule_of("20").hides(19), rule_of("20").hides(20)
    (True, False)
    """
    name = text.strip().lower()
    if name in PRESETS:
        return PRESETS[name]
    if not name.isascii() or not name.isdecimal():
        raise UsageError(
            f"{text!r} is no rule for small counts. Give the smallest count that may be shown, "
            f"such as 20, or a preset. {did_you_mean(name, PRESETS)}"
        )
    return CellRule(f"--min-cell {int(name)}", int(name))


@dataclass(frozen=True)
class Joined(Generic[Key]):
    """Counts by value, the small ones joined.

    `shown` are the values that stand alone, in the order given. `rest` is the sum of those joined,
    0 where none is; how many they are is not told, for 30 values of 30 people are of one each.
    """

    shown: Mapping[Key, int]
    rest: int

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.shown.values()) + self.rest


def join_values(counts: Mapping[Key, int], rule: CellRule) -> Joined[Key] | None:
    """Joins values with small counts into one rest; None where all together are too few.

    Where a rest is, values of nobody are not shown either.
    The order of `counts` says who is joined to protect a small rest: the last that is not small
    first. It must not depend on the counts, or that would tell of them.
    """
    total = sum(counts.values())
    if rule.hides(total):
        return None
    small = [key for key, count in counts.items() if rule.hides(count)]
    added: list[Key] = []
    candidates = [key for key, count in counts.items() if count >= max(rule.least, 1)]
    while small and candidates and not _is_safe([counts[key] for key in small + added], rule):
        added.append(candidates.pop())
    # An empty value beside a rest would tell that the rest is of the others, each at least one.
    empty = [key for key, count in counts.items() if small and count == 0]
    joined = {*small, *added, *empty}
    shown = {key: count for key, count in counts.items() if key not in joined}
    return Joined(shown, sum(counts[key] for key in joined))


def _is_safe(pool: Sequence[int], rule: CellRule) -> bool:
    """Whether, from their sum, each small count could still be anything from 1 to the largest."""
    total, most = sum(pool), rule.largest_hidden
    small = sum(count < rule.least for count in pool)
    large = len(pool) - small
    # One small count at its most, the others at their least.
    if total < most + (small - 1) + large * rule.least:
        return False
    # One small count at its least: a large one takes what is left, else the other small ones.
    return large > 0 or total <= 1 + (small - 1) * most


def join_neighbours(counts: Sequence[int], rule: CellRule) -> list[tuple[int, int]] | None:
    """Joins neighbouring cells until none is small: half-open ranges of indices, in order.

    Empty cells stay alone where they can. None where all together are too few.
    """
    if rule.hides(sum(counts)):
        return None
    ranges: list[tuple[int, int]] = []
    start, held = 0, 0
    for index, count in enumerate(counts):
        held += count
        if held == 0 or held >= max(rule.least, 1):
            ranges.append((start, index + 1))
            start, held = index + 1, 0
    if start < len(counts):
        # Too few are left at the end: they go to the last range that has any.
        while ranges and not any(counts[slice(*ranges[-1])]):
            start = ranges.pop()[0]
        ranges[-1] = (ranges[-1][0], len(counts))
    return ranges


def tells_crossing(
    first: Mapping[Person, Hashable], second: Mapping[Person, Hashable], rule: CellRule
) -> bool:
    """Whether two partitions of the same people tell together of few who are in a part of each."""
    return tells_together([first, second], rule)


def tells_together(partitions: Sequence[Mapping[Person, Hashable]], rule: CellRule) -> bool:
    """Whether the last of several partitions of the same people, beside the others, tells of few.

    A region is the sum of its populations: if one of them is joined with one of another region, the
    region less its other populations is that one. In general the sizes of all parts leave the size
    of a set of people no choice where sums and differences of parts make that set. Looked at are
    the people whom a part of the last has in common with a part of another, with parts of two
    others, and with parts of all.
    """
    cells = Counter(tuple(held[person] for held in partitions) for person in partitions[-1])
    if rule.hides_nothing or not cells:
        return False
    directions = _directions(list(cells))
    last = len(partitions) - 1
    chosen = [c for size in {1, 2, last} for c in combinations(range(last), size)]
    return any(_tells_of_few(cells, directions, (*others, last), rule) for others in chosen)


def _directions(cells: Sequence[tuple[Hashable, ...]]) -> "NDArray[np.float64]":
    """An orthonormal basis (cells, rank) of what sums and differences of parts can single out."""
    import numpy as np

    names = {part: n for n, part in enumerate({p for cell in cells for p in enumerate(cell)})}
    parts = np.zeros((len(cells), len(names)))
    for n, cell in enumerate(cells):
        parts[n, [names[part] for part in enumerate(cell)]] = 1
    # Of the parts' products, which are few: people lie in as many cells as there are people.
    sizes, turned = np.linalg.eigh(parts.T @ parts)
    kept = sizes > 1e-9 * sizes[-1]
    basis: NDArray[np.float64] = parts @ (turned[:, kept] / np.sqrt(sizes[kept]))
    return basis


def _tells_of_few(
    cells: Mapping[tuple[Hashable, ...], int],
    directions: "NDArray[np.float64]",
    chosen: Sequence[int],
    rule: CellRule,
) -> bool:
    """Whether a small set of people, those in one part of each chosen partition, is singled out.

    A set is if its projection on the directions is itself: if their lengths are the same.
    """
    import numpy as np

    sets: dict[tuple[Hashable, ...], list[int]] = {}
    people: Counter[tuple[Hashable, ...]] = Counter()
    for n, (cell, count) in enumerate(cells.items()):
        key = tuple(cell[at] for at in chosen)
        sets.setdefault(key, []).append(n)
        people[key] += count
    return any(
        rule.hides(people[key]) and len(held) - np.square(directions[held].sum(axis=0)).sum() < 1e-6
        for key, held in sets.items()
    )


def share(part: int, whole: int, rule: CellRule) -> str:
    """A part of a whole as a percentage, told so that neither it nor what is left is worked out.

    >>> share(3, 1000, CellRule("x", 21)), share(998, 1000, CellRule("x", 21))
    ('below 2.1%', 'above 97.9%')
    >>> share(250, 1000, CellRule("x", 21))
    '25.0%'
    """
    if whole == 0:
        return "–"
    bound = 100 * rule.least / whole
    if rule.hides(whole) or (bound > 50 and (rule.hides(part) or rule.hides(whole - part))):
        return "not shown"
    if rule.hides(part):
        return f"below {_percent(bound)}"
    if rule.hides(whole - part):
        return f"above {_percent(100 - bound)}"
    part, whole = rule.shown(part), max(rule.shown(whole), 1)
    return _percent(min(100 * part / whole, 100.0))


def _percent(value: float) -> str:
    if value in (0, 100) or 1 <= value <= 99:
        return f"{value:.1f}%" if value not in (0, 100) else f"{value:.0f}%"
    return f"{value:.2g}%" if value < 1 else f"{value:.4g}%"
