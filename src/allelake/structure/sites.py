"""The sites at which people are compared."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from allelake.errors import InputError, QueryError, UsageError
from allelake.queries.trouble import tidy_errors

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from allelake.model.region import Region

# Fewer say nothing of relatedness or descent.
FEWEST_SITES = 20


@dataclass(frozen=True)
class SiteRules:
    """Which variants count: biallelic SNVs on autosomes at least this common, and this complete.

    `min_maf` in [0, 0.5], `max_missing` a share of alleles in [0, 1]; `left_out`: regions that do
    not count, such as those of long-range linkage.
    """

    min_maf: float = 0.01
    max_missing: float = 0.05
    filter: str = "any"
    left_out: "Sequence[Region]" = ()

    def __post_init__(self) -> None:
        if not 0 <= self.min_maf <= 0.5:
            raise UsageError(
                f"The rarer allele's frequency lies between 0 and 0.5, not at {self.min_maf:g}."
            )
        if not 0 <= self.max_missing <= 1:
            raise UsageError(
                f"A share of unknown alleles lies between 0 and 1, not at {self.max_missing:g}."
            )

    def said(self) -> dict[str, object]:
        """The rules as plain values, to be stored beside a result."""
        return {
            "min_maf": self.min_maf,
            "max_missing": self.max_missing,
            "filter": self.filter,
            "left_out": [str(region) for region in self.left_out],
        }


@dataclass(frozen=True)
class Sites:
    """Sites in the order of the genome: `table` has contig, position, ref and alt."""

    table: pa.Table

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @property
    def positions(self) -> NDArray[np.int32]:
        """1-based positions."""
        return np.asarray(self.table.column("position").to_numpy(), np.int32)

    def contigs(self) -> Iterator[tuple[str, int, int]]:
        """Each contig with its first site and the one after its last."""
        names = self.table.column("contig").to_numpy(zero_copy_only=False)
        if not len(names):
            return
        starts = [0, *np.flatnonzero(names[1:] != names[:-1]) + 1]
        for start, stop in zip(starts, [*starts[1:], len(names)], strict=True):
            yield str(names[start]), int(start), int(stop)

    def where(self, kept: NDArray[np.bool_]) -> "Sites":
        """The sites for which `kept` is true."""
        return Sites(self.table.filter(pa.array(kept)))


def regions_left_out(bed: Path) -> "list[Region]":
    """The regions of a BED file; InputError where it cannot be read."""
    from allelake.model.region import regions_of_bed

    try:
        with bed.open(encoding="utf-8") as lines:
            return regions_of_bed(lines, bed.name)
    except OSError as error:
        raise InputError(f"{bed}: cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise InputError(f"{bed}: is not a text file in UTF-8.") from None


_COMMON = """
SELECT v.contig, v.position, v.ref, v.alt
FROM common_snvs($cohort, min_maf := $min_maf, max_missing := $max_missing, in_filter := $filter) v
JOIN contigs c ON v.contig = c.contig
ORDER BY c.contig_order, v.position
"""


def common_sites(connection: "DuckDBPyConnection", cohort: str, rules: SiteRules) -> Sites:
    """The sites of a cohort by the rules.

    Raises QueryError where none, or too few to tell anything, are left, and says which rule to
    change.
    """
    parameters = {
        "cohort": cohort,
        "min_maf": rules.min_maf,
        "max_missing": rules.max_missing,
        "filter": rules.filter,
    }
    with tidy_errors():
        found = connection.sql(_COMMON, params=parameters).to_arrow_table()
    sites = _without(Sites(found), connection, rules.left_out)
    if len(sites) < FEWEST_SITES:
        raise QueryError(_too_few(connection, cohort, rules, len(sites)))
    return sites


def _without(sites: Sites, connection: "DuckDBPyConnection", left_out: "Sequence[Region]") -> Sites:
    if not left_out or not len(sites):
        return sites
    with tidy_errors():
        listed = connection.execute("SELECT contig, aliases FROM contigs").fetchall()
    names = {alias: contig for contig, aliases in listed for alias in [contig, *aliases]}
    unknown = sorted({region.contig for region in left_out} - set(names))
    if unknown:
        raise QueryError(
            f"The regions to leave out name {unknown[0]!r}, which is no contig of this lake's "
            "assembly. `allelake sql LAKE 'FROM contigs'` lists the contigs."
        )
    positions = sites.positions
    kept = np.ones(len(sites), bool)
    spans = {contig: slice(start, stop) for contig, start, stop in sites.contigs()}
    for region in left_out:
        own = spans.get(names[region.contig], slice(0, 0))
        first = 1 if region.start is None else region.start
        last = np.iinfo(np.int32).max if region.end is None else region.end
        kept[own] &= (positions[own] < first) | (positions[own] > last)
    return sites.where(kept)


def _too_few(connection: "DuckDBPyConnection", cohort: str, rules: SiteRules, found: int) -> str:
    with tidy_errors():
        row = connection.execute(
            "SELECT count(*), count(*) FILTER (c.kind = 'autosome') "
            "FROM sites s JOIN contigs c ON s.contig = c.contig"
        ).fetchone()
    everywhere, on_autosomes = row or (0, 0)
    if not everywhere:
        return "This lake has no variants yet. `allelake ingest` adds files."
    if not on_autosomes:
        return (
            "This lake has no variants on autosomes, and people are compared on those alone: on X, "
            "Y and MT the copies depend on sex."
        )
    return (
        f"{found:,} sites of the cohort {cohort!r} are left, and at least {FEWEST_SITES} are "
        f"needed: biallelic SNVs on autosomes with a frequency of the rarer allele of at least "
        f"{rules.min_maf:g} and at most {rules.max_missing:.0%} of alleles unknown. Lower "
        "--min-maf, or raise --max-missing: where files of single people were ingested without "
        "reference blocks, most of them are unknown at most sites."
    )
