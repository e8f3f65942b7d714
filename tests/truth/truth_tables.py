"""The truth tables made by bcftools, in the shape both the reference and a lake are compared in.

A row per allele that is a variant (`*` rows are none), keyed by contig and trimmed alleles. A file
may have several symbolic alleles of one key (told apart by END): a key has a sorted list of counts.
"""

import csv
import gzip
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from reference import is_a_variant

Key = tuple[str, int, str, str]


class TruthCounts(NamedTuple):
    """What the truth says of one allele, in people: its `ac_hom` counts alleles, two a person."""

    ac: int
    an: int
    homozygotes: int
    heterozygotes: int
    one_allele: int


Table = dict[Key, list[TruthCounts]]


def read_truth_rows(path: Path) -> list[tuple[Key, TruthCounts]]:
    """The rows of one `*.tsv.gz` of the truth folder, in file order."""
    with gzip.open(path, "rt", newline="") as lines:
        return [
            (
                (row["chrom"], int(row["pos_min"]), row["ref_min"], row["alt_min"]),
                TruthCounts(
                    ac=int(row["ac"]),
                    an=int(row["an"]),
                    homozygotes=int(row["ac_hom"]) // 2,
                    heterozygotes=int(row["ac_het"]),
                    one_allele=int(row["ac_hemi"]),
                ),
            )
            for row in csv.DictReader(lines, delimiter="\t")
            if is_a_variant(row["alt_min"])
        ]


def read_hardy_weinberg(path: Path) -> dict[Key, float]:
    """The p of bcftools' exact test where nobody has a single allele, to six digits as written.

    bcftools counts one-allele calls in its own way, so variants with one are left out.
    """
    with gzip.open(path, "rt", newline="") as lines:
        return {
            (row["chrom"], int(row["pos_min"]), row["ref_min"], row["alt_min"]): float(row["hwe"])
            for row in csv.DictReader(lines, delimiter="\t")
            if is_a_variant(row["alt_min"]) and row["ac_hemi"] == "0" and row["an"] != "0"
        }


def read_truth(path: Path) -> Table:
    """The same by key."""
    return table_of(read_truth_rows(path))


def after_duplicates_rule(rows: Iterable[tuple[Key, TruthCounts]], rule: str) -> Table:
    """One row a variant: the first in the file, or the first of those with the most copies."""
    chosen: dict[Key, TruthCounts] = {}
    for key, counts in rows:
        if key not in chosen or (rule == "most_alt" and counts.ac > chosen[key].ac):
            chosen[key] = counts
    return table_of(chosen.items())


def table_of(rows: Iterable[tuple[Key, TruthCounts]]) -> Table:
    """Rows by key, those of one key in sorted order."""
    table: Table = {}
    for key, counts in rows:
        table.setdefault(key, []).append(counts)
    return {key: sorted(counts) for key, counts in table.items()}


def differences(truth: Table, found: Table, limit: int = 5) -> list[str]:
    """The first few keys at which two tables differ, in words."""
    told = [
        f"{key}: truth {truth.get(key)}, found {found.get(key)}"
        for key in sorted(truth.keys() | found.keys())
        if truth.get(key) != found.get(key)
    ]
    return told[:limit] + ([f"and {len(told) - limit} more"] if len(told) > limit else [])
