"""zarr_frequency.py STORE COHORT.txt OUT.tsv: allele counts of a cohort from VCF Zarr by NumPy.

Chunks of genotypes are read one after another, as the VCF Zarr paper's example does.
"""

import sys

import numpy as np
import zarr
from session import read_names, serve, write_counts

store, cohort, out = sys.argv[1:]
root = zarr.open(store, mode="r")
wanted = np.isin(root["sample_id"][:], read_names(cohort))
genotypes = root["call_genotype"]
ALLELES = root["variant_allele"].shape[1]


def count() -> tuple[np.ndarray, np.ndarray]:
    """Copies of each allele (variants x alleles), and called alleles."""
    copies = np.zeros((genotypes.shape[0], ALLELES), np.int64)
    rows = genotypes.chunks[0]
    for first in range(0, genotypes.shape[0], rows):
        # Columns chosen before: a boolean mask on a chunk in memory.
        chunk = genotypes[first : first + rows][:, wanted]
        for allele in range(ALLELES):
            copies[first : first + rows, allele] = (chunk == allele).sum(axis=(1, 2))
    return copies, copies.sum(axis=1)


copies, called = count()
alleles = root["variant_allele"][:]
positions = root["variant_position"][:]
rows = []
for position, names, counts, total in zip(positions, alleles, copies, called, strict=True):
    number = sum(1 for name in names if name)
    rows.append(
        (int(position), names[0], list(names[1:number]), counts[1:number].tolist(), int(total))
    )
write_counts(out, rows)
serve(count)
