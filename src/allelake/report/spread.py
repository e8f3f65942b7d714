"""How a quantity is spread over people: histograms that show no person and no extreme value."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from allelake.report.suppress import CellRule, join_neighbours

# Bins between the quartiles, about; beyond, as many again on each side before the tails open.
_BINS_INSIDE = 8
_REACH = 12
# How many steps long an open tail is drawn.
_TAIL = 4


@dataclass(frozen=True)
class Spread:
    """A histogram whose every bar is empty or large enough; first and last bars are open tails.

    `edges` has one more than `counts`. `mean` is of everybody; a quartile is None where fewer
    people than the rule's least lie on one side of it.
    """

    edges: Sequence[float]
    counts: Sequence[int]
    step: float
    mean: float
    quartiles: tuple[float | None, float | None, float | None]
    has_open_ends: bool

    @property
    def heights(self) -> list[float]:
        """People per step, so that wide bars are as high as what they stand for."""
        pairs = zip(self.edges, self.edges[1:], strict=False)
        widths = [max(1.0, round((right - left) / self.step)) for left, right in pairs]
        return [count / width for count, width in zip(self.counts, widths, strict=True)]

    def ranges(self) -> list[str]:
        """Each bar's range in words."""
        digits = max(0, -math.floor(math.log10(self.step)))
        names = []
        last = len(self.counts) - 1
        for n, (left, right) in enumerate(zip(self.edges, self.edges[1:], strict=False)):
            if self.has_open_ends and n == 0 and n == last:
                names.append("all")
            elif self.has_open_ends and n == 0:
                names.append(f"below {right:,.{digits}f}")
            elif self.has_open_ends and n == last:
                names.append(f"{left:,.{digits}f} and more")
            else:
                names.append(f"{left:,.{digits}f} to {right:,.{digits}f}")
        return names


def spread(
    values: Sequence[float],
    rule: CellRule,
    floor: float | None = None,
    ceiling: float | None = None,
) -> Spread | None:
    """The spread of a quantity, one value per person; None where they are too few, or nobody.

    The steps are round numbers of the size of the quartiles' distance, so that no edge is
    somebody's value; `floor` and `ceiling` are the least and most that the quantity can be.
    """
    if not values or rule.hides(len(values)):
        return None
    ordered = sorted(values)
    low, middle, high = (_quantile(ordered, q) for q in (0.25, 0.5, 0.75))
    step = round_step((high - low) / _BINS_INSIDE or abs(middle) / 50 or 0.01)
    first = math.floor(low / step) - _REACH
    bins = math.floor(high / step) + 1 + _REACH - first
    if floor is not None and first * step < floor:
        bins, first = bins - (math.floor(floor / step) - first), math.floor(floor / step)
    if ceiling is not None:
        bins = min(bins, max(1, math.ceil(ceiling / step - 1e-9) - first))
    counts = [0] * bins
    for value in ordered:
        counts[min(max(math.floor(value / step) - first, 0), bins - 1)] += 1
    ranges = join_neighbours(counts, rule)
    assert ranges is not None
    ranges = _without_empty_ends(ranges, counts)
    low_end = -math.inf if floor is None else math.floor(floor / step) - first
    high_end = math.inf if ceiling is None else math.ceil(ceiling / step - 1e-9) - first
    edges = [min(max(at, low_end), high_end) for at in _edges(ranges, rule)]
    return Spread(
        [(first + at) * step for at in edges],
        [rule.shown(sum(counts[start:stop])) for start, stop in ranges],
        step,
        sum(ordered) / len(ordered),
        _quartiles(ordered, rule),
        True,
    )


def _edges(ranges: Sequence[tuple[int, int]], rule: CellRule) -> list[int]:
    """The ranges' edges. Where a tail ends is where the last person is: it is drawn to a length."""
    edges = [start for start, _ in ranges] + [ranges[-1][1]]
    if len(ranges) > 1 and not rule.hides_nothing:
        edges[0] = edges[1] - _TAIL
        edges[-1] = edges[-2] + _TAIL
    return edges


def _without_empty_ends(
    ranges: Sequence[tuple[int, int]], counts: Sequence[int]
) -> list[tuple[int, int]]:
    held = [n for n, (start, stop) in enumerate(ranges) if any(counts[start:stop])]
    return list(ranges[held[0] : held[-1] + 1])


def _quartiles(
    ordered: Sequence[float], rule: CellRule
) -> tuple[float | None, float | None, float | None]:
    """To three digits, for a quartile is somebody's own value."""
    found: list[float | None] = []
    for q in (0.25, 0.5, 0.75):
        beyond = math.floor(len(ordered) * min(q, 1 - q))
        is_shown = rule.hides_nothing or beyond >= rule.least
        found.append(float(f"{_quantile(ordered, q):.3g}") if is_shown else None)
    return found[0], found[1], found[2]


def _quantile(ordered: Sequence[float], q: float) -> float:
    at = q * (len(ordered) - 1)
    below = math.floor(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (at - below)


def round_step(about: float) -> float:
    """The round number (1, 2 or 5 times a power of ten) next above.

    >>> round_step(0.013), round_step(3.0)
    (0.02, 5.0)
    """
    power = 10.0 ** math.floor(math.log10(about))
    for factor in (1, 2, 5, 10):
        if about <= factor * power * (1 + 1e-9):
            return float(f"{factor * power:.3g}")
    raise AssertionError("a power of ten above the last is ten times it")
