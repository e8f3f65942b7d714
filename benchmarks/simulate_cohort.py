"""Simulates a population that grew, with msprime, and writes its genotypes as lines of a VCF."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import tskit

CONTIG = "chr22"
CONTIG_LENGTH = 50_818_468
# The simulated stretch begins here, inside the contig.
OFFSET_BP = 20_000_000

HEADER = """##fileformat=VCFv4.2
##FILTER=<ID=PASS,Description="All filters passed">
##contig=<ID={contig},length={length}>
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
{more}#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{names}
"""


@dataclass(frozen=True)
class Site:
    """A record's alleles, and which of them each person has, two numbers a person."""

    position: int
    identifier: str
    alleles: tuple[str, ...]
    copies: NDArray[np.int8]

    def fixed_columns(self, contig: str, fields: str) -> bytes:
        """CHROM to FORMAT, with the tab that the first genotype follows."""
        ref, *alts = self.alleles
        alt = ",".join(alts) or "."
        return (
            f"{contig}\t{self.position}\t{self.identifier}\t{ref}\t{alt}\t.\tPASS\t.\t{fields}\t"
        ).encode()


def population(people: int, length_bp: float) -> "tskit.TreeSequence":
    """The trees of `people` over `length_bp` bases, the same for the same arguments.

    Growth of 0.012 a generation over the last 330, from 9,500 to 500,000 people; 7,300 before 5,000
    generations ago. Recombination 1.1e-8 and mutation 1.3e-8 per base and generation.
    """
    import msprime

    demography = msprime.Demography()
    demography.add_population(name="A", initial_size=500_000, growth_rate=0.012)
    demography.add_population_parameters_change(time=330, initial_size=9_500, growth_rate=0)
    demography.add_population_parameters_change(time=5_000, initial_size=7_300)
    ancestry = msprime.sim_ancestry(
        samples={"A": people},
        demography=demography,
        sequence_length=length_bp,
        recombination_rate=1.1e-8,
        random_seed=7,
    )
    return msprime.sim_mutations(ancestry, rate=1.3e-8, random_seed=8, model="jc69")


def kept_population(people: int, length_bp: float, folder: Path) -> "tskit.TreeSequence":
    """`population`, kept in the folder, since the larger ones take minutes."""
    import tskit

    path = folder / f"population-{people}x{length_bp:.0f}.trees"
    if not path.exists():
        unfinished = path.with_suffix(".unfinished")
        population(people, length_bp).dump(unfinished)
        unfinished.rename(path)
    return tskit.load(path)


def sites(trees: "tskit.TreeSequence", first: int = 0, end: int | None = None) -> Iterator[Site]:
    """The sites numbered from `first`, before `end`."""
    import tskit

    stop = trees.num_sites if end is None else min(end, trees.num_sites)
    variant = tskit.Variant(trees)
    for number in range(first, stop):
        variant.decode(number)
        yield Site(
            int(variant.site.position) + OFFSET_BP,
            f"rs{number + 1}",
            tuple(variant.alleles),
            variant.genotypes,
        )


def names(people: int, prefix: str = "SIM") -> list[str]:
    return [f"{prefix}{number:05d}" for number in range(people)]


def header(
    people: Sequence[str], contig: str = CONTIG, length: int = CONTIG_LENGTH, more: str = ""
) -> bytes:
    """The header's lines, with `more` declarations before the line of columns."""
    text = HEADER.format(contig=contig, length=length, more=more, names="\t".join(people))
    return text.encode()


class Genotypes:
    """The GT columns of one line after another, in one buffer that is written anew each time."""

    def __init__(self, people: int, *, phased: bool) -> None:
        self._text = np.empty((people, 4), np.uint8)
        self._text[:, 1] = ord("|" if phased else "/")
        self._text[:, 3] = ord("\t")
        self._text[-1, 3] = ord("\n")
        self._phased = phased

    def columns(self, copies: NDArray[np.int8]) -> bytes:
        """`0|1` for each person; where phase is not kept the lower allele comes first."""
        first, second = copies[0::2], copies[1::2]
        if not self._phased:
            first, second = np.minimum(first, second), np.maximum(first, second)
        self._text[:, 0] = first + ord("0")
        self._text[:, 2] = second + ord("0")
        return self._text.tobytes()


def lines(
    records: Iterator[Site], people: int, *, phased: bool, contig: str = CONTIG
) -> Iterator[bytes]:
    """The records with genotypes alone."""
    genotypes = Genotypes(people, phased=phased)
    for site in records:
        yield site.fixed_columns(contig, "GT") + genotypes.columns(site.copies)
