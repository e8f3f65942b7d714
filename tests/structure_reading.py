"""Genotypes that structure reads from a lake, as plain lists; and people drawn into families."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from allelake.structure.genotypes import GenotypeReader
from allelake.structure.people import people_of
from allelake.structure.sites import SiteRules, common_sites
from allelake.structure.stored import opened

# Copies of alt of each person at one site; None where missing.
Copies = list[int | None]


def read_sites(
    path: Path, rules: SiteRules, cohort: str = "all"
) -> tuple[list[tuple[str, int]], list[Copies]]:
    """The sites that rules choose, and everybody's copies there."""
    with opened(path) as opening:
        people = people_of(opening.connection, cohort)
        sites = common_sites(opening.connection, cohort, rules)
        rows: list[Copies] = []
        for chunk in GenotypeReader(opening.connection, people, sites).chunks():
            rows += [[None if c < 0 else c for c in row] for row in chunk.copies.tolist()]
        names = sites.table.column("contig").to_pylist()
        return list(zip(names, sites.positions.tolist(), strict=True)), rows


def child(numbers: np.random.Generator, mother: np.ndarray, father: np.ndarray) -> np.ndarray:
    """A child's two haplotypes: sites x 2. Of each parent a stretch of 10 sites stays whole."""
    sites = len(mother)
    which = np.repeat(numbers.integers(0, 2, (-(-sites // 10), 2)), 10, axis=0)[:sites]
    rows = np.arange(sites)
    return np.stack([mother[rows, which[:, 0]], father[rows, which[:, 1]]], axis=1)


def family_copies(
    numbers: np.random.Generator, sites: int, families: int
) -> tuple[np.ndarray, dict[tuple[int, int], str]]:
    """Copies (sites x people) of families of nine, and the relationships in them.

    Of each: grandparents 0 and 1, their children 2 and 3, partners 4 and 5, children 6 (of 2, 4)
    and 7 (of 3, 5), and 8, the same genome as 7.
    """
    af = numbers.uniform(0.05, 0.5, (sites, 1))
    people = []
    named: dict[tuple[int, int], str] = {}
    for family in range(families):
        grandmother, grandfather, wife, husband = (
            (numbers.random((sites, 2)) < af).astype(np.int8) for _ in range(4)
        )
        one, two = (child(numbers, grandmother, grandfather) for _ in range(2))
        cousin, other = child(numbers, one, wife), child(numbers, two, husband)
        people += [grandmother, grandfather, one, two, wife, husband, cousin, other, other]
        first = 9 * family
        for parent, young in ((0, 2), (1, 2), (0, 3), (1, 3), (2, 6), (4, 6), (3, 7), (5, 7)):
            named[first + parent, first + young] = "parent-child"
        named |= {(first + 3, first + 8): "parent-child", (first + 5, first + 8): "parent-child"}
        named[first + 2, first + 3] = "sibling"
        for elder, young in (
            (0, 6),
            (1, 6),
            (0, 7),
            (1, 7),
            (0, 8),
            (1, 8),
            (3, 6),
            (2, 7),
            (2, 8),
        ):
            named[first + elder, first + young] = "second"
        named |= {(first + 6, first + 7): "third", (first + 6, first + 8): "third"}
        named[first + 7, first + 8] = "duplicate"
    return np.stack([each.sum(axis=1) for each in people], axis=1), named


def vcf_rows(copies: np.ndarray, contigs: Sequence[str] = ("chr1",)) -> list[str]:
    """Short rows of make_vcf, sites 1,000 bases apart, spread evenly over the contigs."""
    texts = np.array(["0/0", "0/1", "1/1"])
    each = -(-len(copies) // len(contigs))
    return [
        f"{contigs[site // each]} {1_000_000 + 1_000 * (site % each)} A G . GT "
        + " ".join(texts[row])
        for site, row in enumerate(copies)
    ]
