"""Families dropped through a pedigree over all autosomes are found, and told from strangers.

Founders' alleles are independent and mostly rare, as those of whole genomes are; children get
their parents' haplotypes with crossovers, one in 100 million bases. Some genotypes are missing,
some wrong.
"""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import allelake
from allelake.structure.kinship import kinship_pairs
from unit.structure.test_statistics import DrawnGenotypes

# Lengths of chr1 to chr22 in million bases.
AUTOSOMES = (249, 242, 198, 190, 182, 171, 159, 145, 138, 134, 135, 133, 114, 107, 102, 90, 83, 80,
             59, 64, 47, 51)  # fmt: skip
# Each person's parents; founders have none. 5 and 6 are siblings, 7 is their half sibling, 10 and
# 11 are cousins, 12 is the twin of 11, 13 a half cousin of both.
FAMILY: dict[int, tuple[int, int]] = {
    5: (0, 1), 6: (0, 1), 7: (1, 2), 10: (5, 3), 11: (6, 4), 13: (7, 8)
}  # fmt: skip
TWINS = (11, 12)
SIZE = 14
EXPECTED = {
    "parent-child": {(0, 5), (1, 5), (0, 6), (1, 6), (1, 7), (2, 7), (5, 10), (3, 10), (6, 11),
                     (4, 11), (6, 12), (4, 12), (7, 13), (8, 13)},
    "sibling": {(5, 6)},
    "duplicate": {TWINS},
    # Half siblings, grandparents, uncles and aunts.
    "second": {(5, 7), (6, 7), (0, 10), (1, 10), (0, 11), (1, 11), (0, 12), (1, 12), (1, 13),
               (2, 13), (6, 10), (5, 11), (5, 12)},
    # Cousins, and half aunts; half cousins are of the fourth degree, which has no name.
    "third": {(10, 11), (10, 12), (7, 10), (7, 11), (7, 12), (5, 13), (6, 13)},
}  # fmt: skip


class Genome:
    """Sites spread over all autosomes, and people's haplotypes there: sites x 2."""

    def __init__(self, numbers: np.random.Generator, sites: int, least_af: float) -> None:
        self.numbers = numbers
        share = np.array(AUTOSOMES) / sum(AUTOSOMES)
        self.contig = np.sort(numbers.choice(22, sites, p=share))
        self.position = np.concatenate(
            [
                np.sort(numbers.choice(10**6 * AUTOSOMES[c] - 10**6, each, replace=False)) + 1
                for c, each in enumerate(np.bincount(self.contig, minlength=22))
            ]
        )
        # As many sites between 1 and 2 % as between 10 and 20 %.
        self.af = np.exp(numbers.uniform(np.log(least_af), np.log(1 - least_af), sites))

    def founder(self) -> NDArray[np.int8]:
        return (self.numbers.random((len(self.af), 2)) < self.af[:, None]).astype(np.int8)

    def gamete(self, parent: NDArray[np.int8]) -> NDArray[np.int8]:
        which = np.empty(len(self.af), np.int8)
        for contig in range(22):
            own = self.contig == contig
            million = 10**6 * AUTOSOMES[contig]
            crossovers = self.numbers.uniform(0, million, self.numbers.poisson(million / 1e8))
            passed = np.searchsorted(np.sort(crossovers), self.position[own])
            which[own] = (passed + self.numbers.integers(2)) % 2
        return parent[np.arange(len(which)), which]

    def copies(self, families: int, strangers: int) -> NDArray[np.int8]:
        """Copies of alt, sites x people: families one after the other, then strangers."""
        people = []
        for _ in range(families):
            family: list[NDArray[np.int8]] = []
            for person in range(SIZE):
                if person == TWINS[1]:
                    family.append(family[TWINS[0]])
                elif person in FAMILY:
                    gametes = [self.gamete(family[parent]) for parent in FAMILY[person]]
                    family.append(np.stack(gametes, axis=1))
                else:
                    family.append(self.founder())
            people += family
        people += [self.founder() for _ in range(strangers)]
        drawn = np.stack([person.sum(axis=1) for person in people], axis=1).astype(np.int8)
        is_wrong = self.numbers.random(drawn.shape) < 0.0005
        drawn = np.where(is_wrong, self.numbers.integers(0, 3, drawn.shape), drawn)
        return np.where(self.numbers.random(drawn.shape) < 0.005, -1, drawn)


def expected_of(families: int) -> dict[tuple[int, int], str]:
    return {
        (SIZE * family + one, SIZE * family + other): name
        for family in range(families)
        for name, pairs in EXPECTED.items()
        for one, other in pairs
    }


def compared(found: dict[tuple[int, int], str], families: int) -> None:
    """All near relatives by name; of distant ones what crossovers leave to chance."""
    expected = expected_of(families)
    near = ("duplicate", "parent-child", "sibling", "second")
    for name in near:
        of_name = {pair for pair, told in found.items() if told == name}
        wanted = {pair for pair, told in expected.items() if told == name}
        if name == "second":
            # Crossovers bring some over the border of the degree, and none further than the next.
            assert len(of_name & wanted) >= 0.85 * len(wanted)
            assert {found.get(pair) for pair in wanted} <= {"second", "third"}
        else:
            assert of_name == wanted
    # KING divides by the heterozygotes of whoever has fewer, which brings kinship down a little.
    third = {pair for pair, told in expected.items() if told == "third"}
    assert sum(found.get(pair) in ("second", "third") for pair in third) >= 0.75 * len(third)
    # Half cousins are near the border; nobody else is found.
    half = {
        (SIZE * f + one, SIZE * f + other)
        for f in range(families)
        for one, other in ((10, 13), (11, 13), (12, 13))
    }
    assert set(found) <= set(expected) | half


def test_a_family_is_found_among_strangers() -> None:
    copies = Genome(np.random.default_rng(3), 12_000, 0.01).copies(2, 10)
    rows = kinship_pairs(DrawnGenotypes(copies), 2**-4.5).pairs.to_pylist()
    compared({(r["sample_number_1"], r["sample_number_2"]): r["relationship"] for r in rows}, 2)


@pytest.mark.slow
def test_families_are_found_genome_wide_in_a_lake(tmp_path: Path) -> None:
    """Ten families and 60 strangers; the unrelated set has no relatives, and all founders fit."""
    genome = Genome(np.random.default_rng(4), 30_000, 0.01)
    copies = genome.copies(10, 60)
    names = [f"person{n:03d}" for n in range(copies.shape[1])]
    (tmp_path / "all.vcf").write_text(vcf_text(genome, copies, names))
    with allelake.init(tmp_path / "lake", "GRCh38") as lake:
        lake.ingest([tmp_path / "all.vcf"], allelake.IngestOptions(workers=1))
        rows = lake.kinship().to_dicts()
        found = {(row["sample_number_1"], row["sample_number_2"]): row for row in rows}
        compared({pair: str(row["relationship"]) for pair, row in found.items()}, 10)
        within = [row["kinship"] for pair, row in found.items() if pair in expected_of(10)]
        assert min(within) >= 2**-4.5
        unrelated = {row["sample_number"] for row in lake.unrelated(degree=2).to_dicts()}
    related = {pair for pair, told in expected_of(10).items() if told != "third"}
    assert not [pair for pair in related if unrelated.issuperset(pair)]
    # The founders alone are seven of each family.
    assert len(unrelated) >= 60 + 10 * 7


def vcf_text(genome: Genome, copies: NDArray[np.int8], names: list[str]) -> str:
    texts = np.array(["0/0", "0/1", "1/1", "./."])
    lines = ["##fileformat=VCFv4.2"]
    lines += [f"##contig=<ID=chr{n + 1}>" for n in range(22)]
    lines += ['##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">']
    columns = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT"]
    lines.append("\t".join([*columns, *names]))
    for contig, position, row in zip(genome.contig, genome.position, copies, strict=True):
        fixed = f"chr{contig + 1}\t{position}\t.\tA\tG\t.\tPASS\t.\tGT\t"
        lines.append(fixed + "\t".join(texts[row]))
    return "\n".join(lines) + "\n"
