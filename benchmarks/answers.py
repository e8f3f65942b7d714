"""Allele counts as each program tells them, brought to one form, and compared."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

KEY = ["position", "ref", "alt"]
COUNTS = ["ac", "an"]
COLUMNS = pl.Schema(
    {"position": pl.Int64, "ref": pl.String, "alt": pl.String, "ac": pl.Int64, "an": pl.Int64}
)


def our_counts(connection: "DuckDBPyConnection", cohort: str, contig: str) -> pl.DataFrame:
    """One row per variant of the contig that the lake knows."""
    query = "SELECT position, ref, alt, ac, an FROM allele_frequency(?, in_region := ?)"
    found = connection.sql(query, params=[cohort, contig]).to_arrow_table()
    table = pl.from_arrow(found)
    assert isinstance(table, pl.DataFrame)
    return table.cast(COLUMNS)


def counts_in(path: Path) -> pl.DataFrame:
    """Counts from lines of position, REF, ALTs, their counts and AN, joined by commas.

    bcftools query and the programs in peer_programs write this, without a header.
    """
    table = pl.read_csv(
        path,
        separator="\t",
        has_header=False,
        new_columns=list(COLUMNS),
        schema_overrides=[pl.Int64, pl.String, pl.String, pl.String, pl.Int64],
    )
    return by_alternate(table)


def plink_counts(path: Path) -> pl.DataFrame:
    """plink2's .acount, with `cols=chrom,pos,ref,alt,altfreq,nobs`."""
    named = {"POS": "position", "REF": "ref", "ALT": "alt", "ALT_CTS": "ac", "OBS_CT": "an"}
    table = pl.read_csv(
        path, separator="\t", schema_overrides={"#CHROM": pl.String, "ALT_CTS": pl.String}
    )
    return by_alternate(table.select(pl.col(old).alias(new) for old, new in named.items()))


def by_alternate(table: pl.DataFrame) -> pl.DataFrame:
    """One row per ALT of rows whose ALTs and counts are joined by commas."""
    split = table.with_columns(pl.col("alt", "ac").str.split(",")).explode("alt", "ac")
    return split.filter(pl.col("alt") != ".").cast(COLUMNS)


def difference(ours: pl.DataFrame, theirs: pl.DataFrame) -> str | None:
    """What differs, or None; we may know variants of other batches, about which AN is 0."""
    for whose, table in (("ours", ours), ("theirs", theirs)):
        if table.select(KEY).is_duplicated().any():
            return f"a variant is twice in {whose}"
    if theirs.is_empty():
        return "the peer told no variants"
    missing = theirs.join(ours, on=KEY, how="anti")
    if missing.height:
        return (
            f"{missing.height} variants that we do not have, the first at {missing['position'][0]}"
        )
    further = ours.join(theirs, on=KEY, how="anti").filter(pl.col("an") > 0)
    if further.height:
        return f"{further.height} variants that only we have, the first at {further['position'][0]}"
    both = ours.join(theirs, on=KEY, suffix="_theirs")
    unlike = both.filter(
        (pl.col("ac") != pl.col("ac_theirs")) | (pl.col("an") != pl.col("an_theirs"))
    )
    if unlike.height:
        position, ref, alt, *_ = unlike.row(0)
        return f"{unlike.height} variants with other counts, the first {position}-{ref}-{alt}"
    return None


def agreement(theirs: pl.DataFrame) -> str:
    return f"{theirs.height:,} rows alike, each with its counts"
