"""Simulates the cohort that is timed: phased genotypes of a population that grew, with msprime."""

import io
from pathlib import Path

import msprime

from allelake.demo.bgzf import BgzfWriter

CONTIG = "chr22"
CONTIG_LENGTH = 50_818_468
# The simulated stretch begins here, inside the contig.
OFFSET_BP = 20_000_000


class _Text(io.TextIOBase):
    """Takes the text that tskit writes, and hands it on as bytes."""

    def __init__(self, bgzf: BgzfWriter) -> None:
        self._bgzf = bgzf

    def write(self, text: str) -> int:
        # tskit knows the length of the stretch, not of the contig that it lies on.
        if text.startswith("##contig"):
            end = "\n" if text.endswith("\n") else ""
            text = f"##contig=<ID={CONTIG},length={CONTIG_LENGTH}>{end}"
        self._bgzf.write(text.encode())
        return len(text)


def simulate_cohort(people: int, length_bp: float, path: Path) -> None:
    """Writes a BGZF VCF of `people` over `length_bp` bases, the same for the same arguments.

    Growth of 0.012 a generation over the last 330, from 9,500 to 500,000 people; 7,300 before 5,000
    generations ago. Recombination 1.1e-8 and mutation 1.3e-8 per base and generation.
    """
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
    mutated = msprime.sim_mutations(ancestry, rate=1.3e-8, random_seed=8, model="jc69")
    unfinished = path.with_suffix(".unfinished")
    with BgzfWriter(unfinished) as vcf:
        mutated.write_vcf(
            _Text(vcf),
            contig_id=CONTIG,
            position_transform=lambda positions: [int(p) + OFFSET_BP for p in positions],
            individual_names=[f"SIM{n:05d}" for n in range(people)],
        )
    unfinished.rename(path)
