"""hail_frequency.py TABLE.mt COHORT.txt OUT.tsv: allele counts of a cohort by Hail."""

import sys

import hail as hl
from session import read_names, serve, write_counts

table, cohort, out = sys.argv[1:]
hl.init(master="local[2]", quiet=True, log=out + ".log", tmp_dir=out + ".tmp")
wanted = hl.literal(set(read_names(cohort)))


def counted() -> hl.Table:
    data = hl.read_matrix_table(table)
    data = data.filter_cols(wanted.contains(data.s))
    return data.annotate_rows(stats=hl.agg.call_stats(data.GT, data.alleles)).rows()


def ask() -> None:
    counted()._force_count()


rows = []
for row in counted().collect():
    counts = list(row.stats.AC)
    rows.append((row.locus.position, row.alleles[0], row.alleles[1:], counts[1:], row.stats.AN))
write_counts(out, rows)
serve(ask)
