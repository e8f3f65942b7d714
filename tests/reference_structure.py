"""Pruning, kinship and components again, slow and plain, from their definitions.

Genotypes are lists of copies of alt, None where missing. Imports nothing of ours.
"""

import math
from itertools import combinations


def r_squared(one, other):
    """The squared correlation of two sites' copies over people called at both; 0 without any."""
    both = [(a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None]
    n = len(both)
    if not n:
        return 0.0
    mean_a = sum(a for a, _ in both) / n
    mean_b = sum(b for _, b in both) / n
    covariance = sum((a - mean_a) * (b - mean_b) for a, b in both)
    spread_a = sum((a - mean_a) ** 2 for a, _ in both)
    spread_b = sum((b - mean_b) ** 2 for _, b in both)
    if spread_a * spread_b == 0:
        return 0.0
    return covariance**2 / (spread_a * spread_b)


def king(one, other):
    """KING-robust kinship of two people, with the counts it is made of.

    Manichaikul et al. 2010, equation 11 (between families), as plink2 prints it; None where the
    person with fewer heterozygous sites has none.
    """
    both = [(a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None]
    het_het = sum(a == 1 and b == 1 for a, b in both)
    ibs0 = sum({a, b} == {0, 2} for a, b in both)
    het_1 = sum(a == 1 for a, _ in both)
    het_2 = sum(b == 1 for _, b in both)
    fewer = min(het_1, het_2)
    kinship = None
    if fewer:
        kinship = (het_het - 2 * ibs0) / (2 * fewer) + 0.5 - (het_1 + het_2) / (4 * fewer)
    return {
        "snps": len(both),
        "het_het": het_het,
        "ibs0": ibs0,
        "het_hom_1": het_1 - het_het,
        "het_hom_2": het_2 - het_het,
        "kinship": kinship,
    }


def relationship_matrix(sites):
    """People x people: the mean over sites of the products of standardised copies; missing is 0."""
    people = len(sites[0])
    total = [[0.0] * people for _ in range(people)]
    for copies in sites:
        called = [c for c in copies if c is not None]
        p = sum(called) / (2 * len(called))
        scale = math.sqrt(2 * p * (1 - p))
        z = [0.0 if c is None else (c - 2 * p) / scale for c in copies]
        for i in range(people):
            for j in range(people):
                total[i][j] += z[i] * z[j]
    return [[value / len(sites) for value in row] for row in total]


def largest_unrelated_size(people, pairs):
    """How many people a largest set without a related pair has: every set is tried."""
    related = {frozenset(pair) for pair in pairs}
    for size in range(people, 0, -1):
        for chosen in combinations(range(people), size):
            if not any(frozenset(pair) in related for pair in combinations(chosen, 2)):
                return size
    return 0


def pruned(sites, positions, max_r2, window, step=1, in_bases=True):
    """Which sites of a contig stay, as plink2 --indep-pairwise tells it.

    Windows move along the contig. In one, pairs of sites that are still there are looked at in
    order; of a pair above `max_r2` the one with the commoner major allele goes, the later one if
    they are alike, and the next first site follows; passes go on while one removes something.
    """
    major = []
    for copies in sites:
        called = [c for c in copies if c is not None]
        p = sum(called) / (2 * len(called)) if called else 0.0
        major.append(max(p, 1 - p))
    gone = {i for i, copies in enumerate(sites) if len({c for c in copies if c is not None}) < 2}
    n = len(sites)
    for start in range(0, n, step):
        if in_bases:
            stop = max(i for i in range(n) if positions[i] <= positions[start] + window) + 1
        else:
            stop = min(start + window, n)
        while True:
            before = len(gone)
            for i in range(start, stop):
                if i in gone:
                    continue
                for j in range(i + 1, stop):
                    if j not in gone and r_squared(sites[i], sites[j]) > max_r2 * (1 + 1e-12):
                        gone.add(i if major[i] > major[j] * (1 + 1e-12) else j)
                        break
            if len(gone) == before:
                break
    return [i not in gone for i in range(n)]
