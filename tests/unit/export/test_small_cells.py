"""No sum or difference of what a file of frequencies shows is a small count."""

import numpy as np
import pytest

from allelake.export.small_cells import Shown, SmallCells, shown_cells
from allelake.report.suppress import CellRule, join_values, rule_of

GROUPS = ("a", "b", "c", "d")


def shown(least: int, *counts: np.ndarray) -> Shown:
    rule = rule_of(str(least))

    def stand_alone(parts, fewest):
        joined = join_values(parts, CellRule("test", fewest))
        return None if joined is None else joined.shown.keys()

    cells = SmallCells(rule, stand_alone)
    return shown_cells(cells, ("all", *GROUPS), GROUPS, *counts)


def drawn(seed: int, rows: int, least: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """AC, other alleles and homozygotes of everybody and four groups; some are in no group."""
    rng = np.random.default_rng(seed)
    sizes = [0, 1, 2, least - 1, least, 3 * least, 40 * least]
    often = [0.7, 0.04, 0.04, 0.04, 0.06, 0.06, 0.06]
    people = rng.choice(sizes, (3, rows, 5), p=often)
    none, once, twice = np.concatenate([people.sum(axis=2, keepdims=True), people[:, :, :4]], 2)
    return once + 2 * twice, 2 * none + once, twice


@pytest.mark.parametrize("least", [2, 5, 21])
def test_what_is_left_by_subtraction_is_of_nobody_or_of_enough(least: int) -> None:
    copies, others, twice = drawn(least, 4_000, least)
    told = shown(least, copies, others, twice)
    assert told.counts[:, 0].any() and not told.counts[:, 0].all()
    assert told.counts[:, 1:].any(axis=1).sum() > told.counts[:, 1:].all(axis=1).sum() > 0
    assert told.homozygotes.any()
    for alleles in (copies, others):
        parts = np.where(told.counts, alleles, 0)
        rest = parts[:, 0] - parts[:, 1:].sum(axis=1)
        for count in (*parts.T, rest):
            assert not ((count > 0) & (count < 2 * least - 1)).any()
    assert not (told.counts[:, 1:] & ~told.counts[:, :1]).any()
    assert (told.largest == told.counts.all(axis=1)).all()


@pytest.mark.parametrize("least", [2, 5, 21])
def test_numbers_of_genotypes_are_shown_where_none_is_small(least: int) -> None:
    copies, others, twice = drawn(100 + least, 4_000, least)
    told = shown(least, copies, others, twice)
    once = copies - 2 * twice
    for genotypes in (once, twice, (others - once) // 2):
        parts = np.where(told.homozygotes, genotypes, 0)
        some = told.homozygotes[:, 1:].any(axis=1)
        rest = np.where(some, parts[:, 0] - parts[:, 1:].sum(axis=1), 0)
        for count in (*parts.T, rest):
            assert not ((count > 0) & (count < least)).any()


def test_hidden_homozygotes_may_be_any_small_number() -> None:
    # 41 copies: from 20 people with two and one with one, to 41 with one.
    for homozygotes in range(21):
        row = np.array([[41, 41, 0, 0, 0]])
        other = np.array([[400, 400, 0, 0, 0]])
        told = shown(21, row, other, np.array([[homozygotes, homozygotes, 0, 0, 0]]))
        assert told.counts[0, 0]
        assert told.homozygotes[0, 0] == (homozygotes == 0)
