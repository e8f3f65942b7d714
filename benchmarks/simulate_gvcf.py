"""Simulates gVCFs of single people as HaplotypeCaller writes them: blocks, and records between.

Genotypes are drawn from the neutral spectrum without linkage, which is enough to weigh files and to
count alleles: about 1,300 genotypes other than reference for each person and million bases.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from allelake.demo.bgzf import BgzfWriter

CONTIG = "chr20"
CONTIG_LENGTH = 64_444_167
# The simulated stretch begins here, inside the contig.
OFFSET_BP = 30_000_000
# Heterozygous genotypes per base; of homozygous ones there are half as many.
THETA = 870e-6
# Borders of blocks beside those that records make: where depth or quality changes its band.
BREAKS_PER_BP = 3_200e-6
# Of blocks: so many are of low quality, without a read, or well covered. Neighbours of different
# sorts make an interval each, at least 1,000 of them in a million bases.
LOW_PART, EMPTY_PART = 0.24, 0.02
INDEL_PART = 0.14
BASES = np.frombuffer(b"ACGT", np.uint8)

HEADER = """##fileformat=VCFv4.2
##ALT=<ID=NON_REF,Description="Represents any possible alternative allele at this location">
##FILTER=<ID=LowQual,Description="Low quality">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Allelic depths">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Approximate read depth">
##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Genotype quality">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##FORMAT=<ID=MIN_DP,Number=1,Type=Integer,Description="Minimum DP within the block">
##FORMAT=<ID=PL,Number=G,Type=Integer,Description="Phred-scaled genotype likelihoods">
##FORMAT=<ID=SB,Number=4,Type=Integer,Description="Strand bias">
##GATKCommandLine=<ID=HaplotypeCaller,CommandLine="simulated">
##GVCFBlock0-20=minGQ=0(inclusive),maxGQ=20(exclusive)
##GVCFBlock20-60=minGQ=20(inclusive),maxGQ=60(exclusive)
##GVCFBlock60-100=minGQ=60(inclusive),maxGQ=100(exclusive)
##INFO=<ID=BaseQRankSum,Number=1,Type=Float,Description="Z-score of base qualities">
##INFO=<ID=DP,Number=1,Type=Integer,Description="Approximate read depth">
##INFO=<ID=END,Number=1,Type=Integer,Description="Stop position of the interval">
##INFO=<ID=ExcessHet,Number=1,Type=Float,Description="Excess heterozygosity">
##INFO=<ID=MLEAC,Number=A,Type=Integer,Description="Likeliest allele count">
##INFO=<ID=MLEAF,Number=A,Type=Float,Description="Likeliest allele frequency">
##INFO=<ID=MQRankSum,Number=1,Type=Float,Description="Z-score of mapping qualities">
##INFO=<ID=RAW_MQandDP,Number=2,Type=Integer,Description="Raw mapping qualities and depth">
##INFO=<ID=ReadPosRankSum,Number=1,Type=Float,Description="Z-score of positions in reads">
"""


class Population:
    """Sites with the frequency of their ALT, and the reference, of one seeded stretch."""

    def __init__(self, people: int, length_bp: int, seed: int = 1):
        random = np.random.default_rng(seed)
        self.length_bp = length_bp
        self.reference = BASES[random.integers(0, 4, length_bp + 100)]
        counts = np.arange(1, 2 * people)
        weights = 1 / counts
        total = int(random.poisson(THETA * length_bp * weights.sum()))
        self.position0 = np.sort(random.choice(length_bp - 100, total, replace=False)) + 1
        chosen = random.choice(counts, total, p=weights / weights.sum())
        self.frequency = chosen / (2 * people)
        self.is_indel = random.random(total) < INDEL_PART
        # Of an indel the bases that go (below 0) or come, else which other base.
        size = random.geometric(0.35, total).clip(1, 30)
        self.change = np.where(random.random(total) < 0.55, -size, size)
        self.shift = random.integers(1, 4, total)

    def alleles(self, site: int) -> tuple[str, str]:
        """REF and ALT of a site."""
        at = int(self.position0[site])
        base = chr(self.reference[at])
        if not self.is_indel[site]:
            return base, "ACGT"[("ACGT".index(base) + int(self.shift[site])) % 4]
        change = int(self.change[site])
        if change < 0:
            return self.reference[at : at - change + 1].tobytes().decode(), base
        return base, base + ("ACGT" * 9)[int(self.shift[site]) :][:change]


def write_gvcf(population: Population, person: int, path: Path) -> None:
    """Writes a person's BGZF gVCF, the same for the same population and number."""
    random = np.random.default_rng([2, person])
    copies = (random.random((2, population.frequency.size)) < population.frequency).sum(axis=0)
    lines = _lines(population, random, np.flatnonzero(copies), copies)
    contig = f"##contig=<ID={CONTIG},length={CONTIG_LENGTH}>\n"
    columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t"
    with BgzfWriter(path) as file:
        file.write(f"{HEADER}{contig}{columns}SIM{person:05d}\n".encode())
        file.write("".join(lines).encode())


def _lines(
    population: Population,
    random: np.random.Generator,
    sites: NDArray[np.int64],
    copies: NDArray[np.int64],
) -> Iterator[str]:
    length = population.length_bp
    total = int(random.poisson(BREAKS_PER_BP * length))
    borders = np.unique(random.integers(1, length, total)).tolist()
    borders.append(length)
    made = iter(_Numbers(random, len(borders) + 2 * len(sites) + 1000))
    at0, place = 0, 0
    for site in [*sites.tolist(), -1]:
        begins0 = int(population.position0[site]) if site >= 0 else length
        if begins0 < at0:
            continue
        while at0 < begins0:
            while borders[place] <= at0:
                place += 1
            end0 = min(borders[place], begins0)
            yield _block(chr(population.reference[at0]), at0, end0, next(made))
            at0 = end0
        if site >= 0:
            ref, alt = population.alleles(site)
            yield _record(ref, alt, at0, int(copies[site]), next(made))
            at0 += len(ref)


class _Numbers:
    """Random depths and qualities, drawn together because single draws are slow."""

    def __init__(self, random: np.random.Generator, total: int):
        depth = random.poisson(32, total)
        quality = random.integers(20, 100, total)
        sort = random.random(total)
        low = sort < LOW_PART
        quality[low] = random.integers(0, 20, int(low.sum()))
        depth[sort > 1 - EMPTY_PART] = 0
        self._columns = (depth.tolist(), quality.tolist(), random.normal(0, 1, total).tolist())

    def __iter__(self) -> Iterator[tuple[int, int, float]]:
        return zip(*self._columns, strict=True)


def _block(base: str, at0: int, end0: int, drawn: tuple[int, int, float]) -> str:
    depth, quality, _ = drawn
    quality = quality if depth else 0
    first = OFFSET_BP + at0 + 1
    return (
        f"{CONTIG}\t{first}\t.\t{base}\t<NON_REF>\t.\t.\tEND={OFFSET_BP + end0}\t"
        f"GT:DP:GQ:MIN_DP:PL\t0/0:{depth}:{quality}:{max(0, depth - 3) if depth > 3 else depth}:"
        f"0,{quality},{15 * quality}\n"
    )


def _record(ref: str, alt: str, at0: int, copies: int, drawn: tuple[int, int, float]) -> str:
    depth, quality, score = drawn
    depth = max(2, depth)
    alt_depth = depth if copies == 2 else depth // 2
    ref_depth = depth - alt_depth
    likely = "1,0;MLEAF=0.500,0.00" if copies == 1 else "2,0;MLEAF=1.00,0.00"
    genotype, low = ("0/1", f"{quality + 9},0,{quality + 50}") if copies == 1 else (
        "1/1", f"{9 * quality},{quality},0"
    )  # fmt: skip
    return (
        f"{CONTIG}\t{OFFSET_BP + at0 + 1}\t.\t{ref}\t{alt},<NON_REF>\t{18.5 * alt_depth:.2f}\t.\t"
        f"BaseQRankSum={score:.3f};DP={depth};ExcessHet=3.0103;MLEAC={likely};"
        f"MQRankSum={score / 2:.3f};RAW_MQandDP={3600 * depth},{depth};"
        f"ReadPosRankSum={-score:.3f}\tGT:AD:DP:GQ:PL:SB\t"
        f"{genotype}:{ref_depth},{alt_depth},0:{depth}:{quality}:{low},{quality + 90},"
        f"{quality + 99},{quality + 150}:{ref_depth // 2},{ref_depth - ref_depth // 2},"
        f"{alt_depth // 2},{alt_depth - alt_depth // 2}\n"
    )
