"""Which counts of a file of frequencies are shown where small ones are hidden.

What is shown of a variant are sums over groups of people that tell of no few: the people with a
copy, and those with another allele, are nobody or enough in each group that stands alone, in all,
and in the rest that subtraction gives.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
# Who is in no group that the file has.
REST = "\0rest"


class Rule(Protocol):
    """Counts from 1 to `least` - 1 are not shown, others are rounded to `nearest`."""

    @property
    def least(self) -> int:
        """The smallest count that is shown."""

    @property
    def nearest(self) -> int:
        """What counts are rounded to; 1 where they are not."""

    def sentence(self) -> str:
        """The rule in words."""


@dataclass(frozen=True)
class SmallCells:
    """A rule, and what is made of counts by name and the least that is shown: those that may stand
    alone, the others being joined; None where all together are too few."""

    rule: Rule
    stand_alone: Callable[[Mapping[str, int], int], Collection[str] | None]


@dataclass(frozen=True)
class Shown:
    """What is shown: of each variant (rows) and stratum (columns, all people first) AC, AN, AF and
    filtering frequencies; and nhomalt. `largest`: of each variant grpmax and fafmax."""

    counts: NDArray[np.bool_]
    homozygotes: NDArray[np.bool_]
    largest: NDArray[np.bool_]


def shown_cells(
    cells: SmallCells,
    strata: Sequence[str],
    candidates: Collection[str],
    copies: Counts,
    others: Counts,
    homozygotes: Counts,
) -> Shown:
    """What may be shown of variants (rows) in strata (columns): `all`, then groups.

    `copies` are AC, `others` the called alleles that are no copies. Fewer than 2 n - 1 alleles may
    be of fewer than n people, and with as many AC does not tell how many homozygotes are hidden.
    """
    least = cells.rule.least
    alleles = 2 * least - 1
    is_shown = ~_small(copies[:, 0], alleles) & ~_small(others[:, 0], alleles)
    counts = np.repeat(is_shown[:, None], len(strata), axis=1)
    names = [*strata[1:], REST]
    carried, left = _parts(copies), _parts(others)
    has_small = (_small(carried, alleles) | _small(left, alleles)).any(axis=1)
    for row in np.flatnonzero(is_shown & has_small).tolist():
        alone = set(names)
        for measure in (carried[row], left[row]):
            found = cells.stand_alone(dict(zip(names, measure.tolist(), strict=True)), alleles)
            alone &= set(found or ())
        counts[row, 1:] = [name in alone for name in strata[1:]]
    twice = counts.copy()
    twice[_tells_genotypes(copies[:, :1], others[:, :1], homozygotes[:, :1], least)] = False
    in_parts = _tells_genotypes(carried, left, _parts(homozygotes), least)
    twice[in_parts, 1:] = False
    chosen = [number for number, name in enumerate(strata) if name in candidates]
    return Shown(counts, twice, counts[:, chosen].all(axis=1) & counts[:, 0])


def _tells_genotypes(
    copies: Counts, others: Counts, homozygotes: Counts, least: int
) -> NDArray[np.bool_]:
    """Of which variants nhomalt, beside AC and AN, would tell few people with two copies, one, or
    none in one of the columns."""
    once = copies - 2 * homozygotes
    none = (np.maximum(others - once, 0) + 1) // 2
    told = _small(homozygotes, least) | _small(once, least) | _small(none, least)
    return np.asarray(told.any(axis=1))


def _small(counts: Counts, least: int) -> NDArray[np.bool_]:
    return np.asarray((counts > 0) & (counts < least))


def _parts(counts: Counts) -> Counts:
    """The groups, and who is in none of them."""
    groups = counts[:, 1:]
    return np.column_stack([groups, counts[:, 0] - groups.sum(axis=1)])
