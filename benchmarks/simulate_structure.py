"""Writes genotypes of five populations at unlinked sites of all autosomes, for structure.py.

Allele frequencies drift from an ancestral one as Balding and Nichols (1995) draw them, with a
fixation index of 0.005 to 0.08, so that components stand out as among people of one continent.
No site correlates with another but by population: pruning keeps nearly all.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from simulate_cohort import names

# GRCh38, in bases.
AUTOSOMES = {
    "chr1": 248_956_422, "chr2": 242_193_529, "chr3": 198_295_559, "chr4": 190_214_555,
    "chr5": 181_538_259, "chr6": 170_805_979, "chr7": 159_345_973, "chr8": 145_138_636,
    "chr9": 138_394_717, "chr10": 133_797_422, "chr11": 135_086_622, "chr12": 133_275_309,
    "chr13": 114_364_328, "chr14": 107_043_718, "chr15": 101_991_189, "chr16": 90_338_345,
    "chr17": 83_257_441, "chr18": 80_373_285, "chr19": 58_617_616, "chr20": 64_444_167,
    "chr21": 46_709_983, "chr22": 50_818_468,
}  # fmt: skip
# The fixation index of each population.
DRIFT = (0.005, 0.01, 0.02, 0.04, 0.08)
# Site by site a call to numpy costs more than the drawing.
SITES_AT_ONCE = 200
GENOTYPES = np.frombuffer(b"0/0\t0/1\t1/1\t", np.uint8).reshape(3, 4)


def positions(sites: int) -> Iterator[tuple[str, NDArray[np.int64]]]:
    """Contigs with evenly spread positions, so many on each as its length calls for."""
    whole = sum(AUTOSOMES.values())
    begun = before = 0
    for contig, length in AUTOSOMES.items():
        before += length
        stop = round(sites * before / whole)
        yield contig, np.linspace(10_000, length - 10_000, stop - begun).astype(np.int64)
        begun = stop


def copies(numbers: np.random.Generator, people: int, sites: int) -> NDArray[np.int8]:
    """Copies of alt, sites x people; people of a population lie together."""
    ancestral = numbers.uniform(0.05, 0.95, sites)
    sizes = np.diff(np.linspace(0, people, len(DRIFT) + 1).astype(int))
    groups = []
    for drift, size in zip(DRIFT, sizes, strict=True):
        scale = (1 - drift) / drift
        af = numbers.beta(ancestral * scale, (1 - ancestral) * scale)
        # Two draws of a bit, from a byte each: a quarter of the time of binomial().
        limit = np.round(af * 256).astype(np.int16)[:, None]
        bytes_ = np.frombuffer(numbers.bytes(sites * 2 * size), np.uint8)
        bits = bytes_.reshape(sites, 2, size) < limit[:, None]
        groups.append(bits.sum(axis=1, dtype=np.int8))
    return np.concatenate(groups, axis=1)


def write_bcf(path: Path, people: int, sites: int) -> None:
    """Writes a BCF, the same for the same arguments; bcftools must be on PATH."""
    numbers = np.random.default_rng(12)
    unfinished = path.with_suffix(".unfinished")
    command = ["bcftools", "view", "--no-version", "-Ob1", "-o", str(unfinished), "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as bcftools:
        assert bcftools.stdin
        bcftools.stdin.write(header(people))
        for contig, all_of in positions(sites):
            for start in range(0, len(all_of), SITES_AT_ONCE):
                chunk = all_of[start : start + SITES_AT_ONCE]
                drawn = copies(numbers, people, len(chunk))
                for position, row in zip(chunk.tolist(), drawn, strict=True):
                    fixed = f"{contig}\t{position}\t.\tA\tG\t.\tPASS\t.\tGT\t".encode()
                    bcftools.stdin.write(fixed + GENOTYPES[row].tobytes()[:-1] + b"\n")
    if bcftools.returncode:
        raise RuntimeError(f"bcftools ended with {bcftools.returncode}")
    unfinished.rename(path)


def header(people: int) -> bytes:
    contigs = "".join(f"##contig=<ID={n},length={size}>\n" for n, size in AUTOSOMES.items())
    return (
        "##fileformat=VCFv4.2\n"
        '##FILTER=<ID=PASS,Description="All filters passed">\n'
        f"{contigs}"
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n'
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t" + "\t".join(names(people)) + "\n"
    ).encode()
