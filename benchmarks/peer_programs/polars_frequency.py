"""polars_frequency.py TABLE.parquet FILE.vcf.gz COHORT.txt OUT.tsv: allele counts by Polars.

The table is polars-bio's: a list of GT texts for each record, in the order of the file's samples.
"""

import gzip
import sys

import polars as pl
from session import read_names, serve, write_counts

table, source, cohort, out = sys.argv[1:]
with gzip.open(source, "rt") as file:
    header = next(line for line in file if line.startswith("#CHROM"))
names = set(read_names(cohort))
wanted = [n for n, name in enumerate(header.rstrip("\n").split("\t")[9:]) if name in names]
# One digit is one allele: the simulated records have at most three ALTs.
ALLELES = "123"


def count() -> pl.DataFrame:
    """Records with the copies of each allele, and the called alleles."""
    chosen = pl.col("genotypes").struct.field("GT").list.gather(wanted).list.join(" ")
    return (
        pl.scan_parquet(table)
        .select("start", "ref", "alt", chosen.alias("text"))
        .select(
            "start",
            "ref",
            "alt",
            *(pl.col("text").str.count_matches(allele).alias(allele) for allele in ALLELES),
            pl.col("text").str.count_matches("[0-9]").alias("an"),
        )
        .collect(engine="streaming")
    )


rows = []
for position, ref, alt, *counts, total in count().sort("start").iter_rows():
    alts = alt.replace("|", ",").split(",")
    rows.append((position, ref, alts, counts[: len(alts)], total))
write_counts(out, rows)
serve(count)
