"""The lines of one chunk: what stands before the genotypes, and the genotypes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from allelake.export.fields import Field, format_text, info_text
from allelake.export.genotypes import COPIES, UNKNOWN, Codes
from allelake.export.matrix import Alleles, Details, read_matrix
from allelake.export.people import People
from allelake.export.places import Chunk
from allelake.export.session import Session
from allelake.export.statements import statement


@dataclass
class Lines:
    """Lines in the order of the genome, one for each variant.

    `told` has one row for each: position, ref, alt, end_position, sv_length (the variant's key),
    ids, qual, filters and info as a VCF writes them, `differing` (batches that say otherwise).
    """

    contig: str
    told: pa.Table
    codes: Codes
    details: Details


@dataclass(frozen=True)
class Wanted:
    """Which lines of the records, and what of them.

    `record_batches` are those whose records make lines. `needs_known`: leave out lines at which
    nothing is known of somebody; `min_ac`: those with fewer copies among the people;
    `has_foreign`: records of other batches make lines too, if they tell of somebody here.
    """

    record_batches: tuple[int, ...]
    info: Sequence[Field]
    format: Sequence[Field]
    needs_known: bool = False
    min_ac: int = 0
    has_foreign: bool = False

    @property
    def leaves_out(self) -> bool:
        """Whether a line may be left out for its genotypes."""
        return self.needs_known or self.min_ac > 0 or self.has_foreign


_ZONES = "SELECT start_position, end_position, zone FROM zones WHERE contig = $contig ORDER BY ALL"


def read_lines(session: Session, people: People, chunk: Chunk, wanted: Wanted) -> Lines:
    """The chunk's lines with everybody's genotypes."""
    told = read_sites(session, chunk, wanted.record_batches, wanted.info)
    alleles = _alleles(session, chunk)
    found = read_matrix(session, people, alleles, format_text(wanted.format))
    told = _with_known(told, found.codes)
    lines = Lines(chunk.contig, told, found.codes, found.details)
    return _kept(lines, wanted, found.is_recorded) if wanted.leaves_out else lines


def read_sites(
    session: Session, chunk: Chunk, batches: Sequence[int], info: Sequence[Field]
) -> pa.Table:
    """What stands before the genotypes. Makes the temporary table `allele`."""
    values = {**chunk.values(), "batches": list(batches)}
    session.run(statement("allele"), values)
    return session.arrow(statement("told_of_sites", info=info_text(info)), values)


def _alleles(session: Session, chunk: Chunk) -> Alleles:
    rows = session.arrow("SELECT position, covered_end FROM allele ORDER BY allele")
    positions = rows["position"].to_numpy()
    zones = np.full(len(positions), "autosome", dtype="U8")
    for start, end, zone in session.rows(_ZONES, {"contig": chunk.contig}):
        first, stop = np.searchsorted(positions, [start, end + 1])
        zones[first:stop] = zone
    return Alleles(chunk, positions, rows["covered_end"].to_numpy(), zones)


def _with_known(told: pa.Table, codes: Codes) -> pa.Table:
    """A line has genotypes, too, where no record has, but something else tells of somebody."""
    column = told.schema.get_field_index("has_genotypes")
    has_genotypes = told[column].to_numpy().copy()
    without = np.flatnonzero(~has_genotypes)
    if not without.size:
        return told
    has_genotypes[without] = (codes[without] != UNKNOWN).any(axis=1)
    return told.set_column(column, "has_genotypes", pa.array(has_genotypes))


def _kept(lines: Lines, wanted: Wanted, is_recorded: NDArray[np.bool_]) -> Lines:
    keep = is_recorded | (lines.codes != UNKNOWN).any(axis=1)
    if wanted.needs_known:
        keep &= ~(lines.codes == UNKNOWN).any(axis=1)
    if wanted.min_ac:
        keep &= COPIES[lines.codes].sum(axis=1, dtype=np.int64) >= wanted.min_ac
    if keep.all():
        return lines
    numbers = np.cumsum(keep) - 1
    of_kept = np.flatnonzero(keep[lines.details.allele])
    details = Details(
        numbers[lines.details.allele[of_kept]].astype(np.int32),
        lines.details.place[of_kept],
        lines.details.texts.take(pa.array(of_kept)),
    )
    return Lines(lines.contig, lines.told.filter(pa.array(keep)), lines.codes[keep], details)
