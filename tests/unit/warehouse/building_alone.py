"""Batches of samples that were asked alone, and of a joint call set with regions, row by row.

As `building`: what LAYOUT.md says, and none of the ingest's code.
"""

from pathlib import Path

import pyarrow as pa

from allelake.warehouse.commit import Transaction, begin
from unit.warehouse.building import add_batch_row, add_people, site, write_rows

# Levels of `callable`: all but adj@1 by haploid thresholds; without reads; those with reads.
GOOD, EMPTY, WITH_READS = 119, 34, 85
# Two alleles at each of the levels of GOOD, two bits a level.
COVERED = sum(2 << 2 * level for level in (0, 1, 2, 4, 5, 6))


def commit_alone(lake: Path, batch: int) -> None:
    """Two samples: one with a record at 100,100 between blocks, one partly without reads."""
    with begin(lake) as transaction:
        first, second = add_people(transaction, batch, 2)
        staging = transaction.staging
        call = {
            **{name: site(100_100, batch)[name] for name in ("bin", "position", "ref", "alt")},
            "end_position": 100_100,
            "batch": batch,
            "sample_number": first,
            "alt_count": 1,
            "called_count": 2,
            "default_count": 0,
            "ploidy": 2,
            "is_phased": False,
            "passes_adj": True,
            "passes_adj_haploid": True,
            "adj_in_bits": False,
            "covered": COVERED,
            "filters": [],
            **dict.fromkeys(("dp", "gq"), 30),
            **dict.fromkeys(("ad_ref", "ad_alt"), 15),
        }
        counts = [
            {
                "batch": batch,
                "sample_number": number,
                "genotypes": genotypes,
                **dict.fromkeys(
                    ("missing_genotypes", "half_calls", "dp_n", "dp_sum", "gq_n", "gq_sum"), 0
                ),
            }
            for number, genotypes in ((first, 1), (second, 0))
        ]
        transaction.add(
            [
                write_rows("sites", staging, [site(100_100, batch, source_sample=first)]),
                write_rows("calls", staging, [call], tier="rare"),
                write_rows("callable", staging, intervals(batch, first, second)),
                write_rows("sample_counts", staging, counts),
            ]
        )
        add_batch(transaction, batch, 2, kind="per_sample", has_blocks=True)
        transaction.commit("ingest", {"batch": batch})


def intervals(batch: int, first: int, second: int) -> list[dict[str, object]]:
    """The rows of `callable` of the two samples."""
    block = {"batch": batch, "alleles": 2, "basis": "block", "min_gq": 40}
    rows = [
        {"start_position": 100_000, "sample_number": first, "policies": GOOD, "min_dp": 20},
        {"start_position": 100_000, "sample_number": second, "policies": EMPTY, "min_dp": 0},
        {"start_position": 100_151, "sample_number": second, "policies": WITH_READS, "min_dp": 12},
    ]
    return [{**block, **row, "end_position": 100_300, "bin": 4681 + 6} for row in rows]


def commit_with_regions(lake: Path, batch: int) -> None:
    """A joint call set of one sample with one variant inside its one region, and one outside."""
    with begin(lake) as transaction:
        (number,) = add_people(transaction, batch, 1)
        staging = transaction.staging
        places = ((100_100, True), (300_000, False))
        sites = [site(position, batch, in_regions=inside) for position, inside in places]
        region = {
            "batch": batch,
            "bin": 4681 + 6,
            "start_position": 99_900,
            "end_position": 100_400,
            "policies": 51,
            "basis": "regions",
        }
        counts = {
            "batch": batch,
            "sample_number": number,
            "genotypes": 2,
            **dict.fromkeys(
                ("missing_genotypes", "half_calls", "dp_n", "dp_sum", "gq_n", "gq_sum"), 0
            ),
        }
        transaction.add(
            [
                write_rows("sites", staging, sites, batch=batch),
                write_rows("callable", staging, [region], batch=batch),
                write_rows("sample_counts", staging, [counts], batch=batch),
            ]
        )
        add_batch(transaction, batch, 1, variants=2, absent="regions", has_blocks=False)
        transaction.commit("ingest", {"batch": batch})


def add_batch(
    transaction: Transaction, batch: int, samples: int, variants: int = 1, **values: object
) -> None:
    """A row of `batches` that differs in these values."""
    add_batch_row(transaction, batch, samples, variants)
    batches = transaction.tables["batches"]
    rows = batches.to_pylist()
    rows[-1] |= values
    transaction.tables["batches"] = pa.Table.from_pylist(rows, schema=batches.schema)
