"""Cuts a cohort into the files of a lake that is small but has the shape of whole genomes.

One large batch with all its people on every contig (its chr22 is the cohort's own file), and seven
batches of 100 others, each with records on all 25 contigs in two files a contig. Records of other
contigs are sites of the cohort at other places, so nothing more is simulated.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import simulate_fields
from simulate_cohort import CONTIG, OFFSET_BP, Site, header, lines, names, sites

from allelake.demo.bgzf import BgzfWriter

if TYPE_CHECKING:
    import tskit

# GRCh38.
LENGTHS = {
    "chr1": 248956422, "chr2": 242193529, "chr3": 198295559, "chr4": 190214555, "chr5": 181538259,
    "chr6": 170805979, "chr7": 159345973, "chr8": 145138636, "chr9": 138394717, "chr10": 133797422,
    "chr11": 135086622, "chr12": 133275309, "chr13": 114364328, "chr14": 107043718,
    "chr15": 101991189, "chr16": 90338345, "chr17": 83257441, "chr18": 80373285, "chr19": 58617616,
    "chr20": 64444167, "chr21": 46709983, "chr22": 50818468, "chrX": 156040895, "chrY": 57227415,
    "chrM": 16569,
}  # fmt: skip
SMALL_BATCHES = 7
SMALL_PEOPLE = 100
# Of the small batches these have AD, DP, GQ and PL beside GT.
DETAILED = (5, 6)
PIECES = 2
# Records of a piece lie so far apart, from here on; on chrM it still fits.
SPACING_BP, FIRST_BP = 47, 1_001


@dataclass(frozen=True)
class LakeFiles:
    """What each batch is made of; the first is the large one, its chr22 left out."""

    large: list[Path]
    small: list[list[Path]]


def moved(records: Iterable[Site], contig: str, first: int = 0) -> Iterator[Site]:
    """The records at places of another contig, those of every batch alike; on chr22 they stay.

    `first`: the place of the first of them among the records of the contig.
    """
    start = FIRST_BP if contig == "chrM" else OFFSET_BP // 2
    for number, site in enumerate(records, first):
        if contig == CONTIG:
            yield site
        else:
            yield replace(site, position=start + SPACING_BP * number, identifier=".")


def among(records: Iterable[Site], first: int, people: int) -> Iterator[Site]:
    """The genotypes of `people` from the person numbered `first`, where any of them has an ALT."""
    for site in records:
        copies = site.copies[2 * first : 2 * (first + people)]
        if copies.any():
            yield replace(site, copies=copies)


def haploid(text: Iterable[bytes]) -> Iterator[bytes]:
    """Lines of `0|1` with the second allele taken away."""
    for line in text:
        fixed, genotypes = line.split(b"GT\t", 1)
        both = np.frombuffer(genotypes, np.uint8).reshape(-1, 4)
        yield fixed + b"GT\t" + both[:, [0, 3]].tobytes()


def write_piece(
    path: Path, contig: str, people: list[str], records: Iterator[Site], *, detailed: bool
) -> None:
    """One file; chrY and chrM are haploid, and have GT alone."""
    is_haploid = contig in ("chrY", "chrM")
    detailed = detailed and not is_haploid
    declared = simulate_fields.DECLARATIONS if detailed else ""
    if detailed:
        text = simulate_fields.lines(records, contig=contig)
    else:
        text = lines(records, len(people), phased=True, contig=contig)
    unfinished = path.with_suffix(".unfinished")
    with BgzfWriter(unfinished) as file:
        file.write(header(people, contig, LENGTHS[contig], declared))
        for line in haploid(text) if is_haploid else text:
            file.write(line)
    unfinished.rename(path)


def write_lake_files(
    trees: "tskit.TreeSequence", folder: Path, sites_of_large: int, sites_of_small: int
) -> LakeFiles:
    """Writes the files that are missing, and names all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    everybody = names(trees.num_individuals)
    files = LakeFiles([], [[] for _ in range(SMALL_BATCHES)])
    for number, contig in enumerate(LENGTHS):
        start = number * sites_of_large
        if contig != CONTIG:
            path = folder / f"large-{contig}.vcf.gz"
            files.large.append(path)
            if not path.exists():
                found = moved(sites(trees, start, start + sites_of_large), contig)
                write_piece(path, contig, everybody, found, detailed=False)
        for batch in range(SMALL_BATCHES):
            for first in range(0, PIECES * sites_of_small, sites_of_small):
                path = folder / f"small-{batch + 1}-{contig}-{first}.vcf.gz"
                files.small[batch].append(path)
                if not path.exists():
                    chosen = sites(trees, start + first, start + first + sites_of_small)
                    write_small(path, contig, batch, moved(chosen, contig, first))
    return files


def write_small(path: Path, contig: str, batch: int, records: Iterator[Site]) -> None:
    """A piece of a small batch: the genotypes of some of the cohort, under other names."""
    people = names(SMALL_PEOPLE, f"B{batch + 1}_")
    chosen = among(records, batch * SMALL_PEOPLE, SMALL_PEOPLE)
    write_piece(path, contig, people, chosen, detailed=batch in DETAILED)
