"""The two haplotypes of everyone: drawn from the population, or passed on by the parents."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from allelake.demo.people import DRIFT, Person
from allelake.demo.sites import STAR, X_OUTSIDE_PAR, Site

# One crossover per 100 million bases and generation: the human average.
CROSSOVERS_PER_BP = 1e-8
POPULATIONS = tuple(DRIFT)


def draw_haplotypes(
    sites: Sequence[Site], people: Sequence[Person], rng: np.random.Generator
) -> NDArray[np.int8]:
    """Allele numbers (sites, people, 2); XY outside PAR get a second haplotype nobody looks at."""
    haplotypes = np.zeros((len(sites), len(people), 2), dtype=np.int8)
    draws = rng.random(haplotypes.shape, dtype=np.float32)
    populations = [person.population for person in people]
    reached = np.zeros((len(sites), len(people), 1), dtype=np.float32)
    for alt in range(max(len(site.alts) for site in sites)):
        rates = np.array(
            [
                [
                    site.frequencies[alt][name] if alt < len(site.alts) else 0.0
                    for name in POPULATIONS
                ]
                for site in sites
            ],
            dtype=np.float32,
        )
        chances = rates[:, [POPULATIONS.index(name) for name in populations], None]
        haplotypes[(draws >= reached) & (draws < reached + chances)] = alt + 1
        reached = reached + chances
    return haplotypes


def pass_on_to_children(
    haplotypes: NDArray[np.int8],
    positions: NDArray[np.int64],
    people: Sequence[Person],
    is_x: bool,
    rng: np.random.Generator,
) -> None:
    """Gives each child, in place, one recombined haplotype of the mother and one of the father."""
    index = {person.participant_id: n for n, person in enumerate(people)}
    for child, person in enumerate(people):
        if not person.mother_id:
            continue
        mother, father = index[person.mother_id], index[person.father_id]
        haplotypes[:, child, 0] = make_gamete(haplotypes[:, mother], positions, rng)
        from_father = make_gamete(haplotypes[:, father], positions, rng)
        if is_x:
            # The father has one X outside PAR: a daughter gets it whole, a son gets none.
            outside = is_outside_par(positions)
            from_father[outside] = haplotypes[outside, father, 0]
        haplotypes[:, child, 1] = from_father


def make_gamete(
    parent: NDArray[np.int8], positions: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int8]:
    """The haplotype a parent passes on: a random one of two, exchanged at each crossover."""
    length_bp = int(positions[-1] - positions[0])
    crossovers = rng.integers(
        positions[0], positions[-1] + 1, size=rng.poisson(length_bp * CROSSOVERS_PER_BP)
    )
    side = (rng.integers(2) + np.searchsorted(np.sort(crossovers), positions)) % 2
    return np.asarray(parent[np.arange(len(positions)), side])


def is_outside_par(positions: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which positions of chrX lie where XY people have one copy."""
    return (positions >= X_OUTSIDE_PAR[0]) & (positions <= X_OUTSIDE_PAR[1])


def star_out_deleted(sites: Sequence[Site], haplotypes: NDArray[np.int8]) -> None:
    """Writes `*` in place, as a further ALT, where a haplotype's deletion spans a later site."""
    for number, site in enumerate(sites):
        for later in range(number + 1, len(sites)):
            if sites[later].position not in site.deletes:
                break
            deleted = haplotypes[number] == 1
            if deleted.any():
                if STAR not in sites[later].alts:
                    sites[later].alts.append(STAR)
                haplotypes[later][deleted] = sites[later].alts.index(STAR) + 1
