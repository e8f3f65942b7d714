"""How an ingest is asked for: what the command line's options come to."""

from dataclasses import dataclass
from pathlib import Path

from allelake.ingest.spec import AbsentRule, DuplicatesRule


@dataclass(frozen=True)
class IngestOptions:
    """What a user may choose.

    profile          a shipped profile's name or a TOML file; None: chosen by the header
    reference        FASTA to check REF against and to left-align with; None: trimmed only
    absent           what a site without a record means; None: as the profile says
    regions          BED of where all samples were asked: reference there unless a record says more
    regions_of       TSV of two columns, a sample's or file's name and its BED
    replace          samples the lake has take the place of what it has of them
    expect_records   how many records all files together must have
    extend           number of the batch whose samples these files bring further contigs for
    contigs          take these contigs of the lake and leave the others' records out, counted
    skip_unknown_contigs         leave out records of contigs the lake does not know, counted
    duplicates       what to do with records of one call set that come to one variant and differ
    allow_mixed_normalisation    take the files though the lake's batches were normalised otherwise
    detail           FORMAT fields of genotypes to keep, () for none; None: as the profile says
    strict           refuse whatever would be taken with a warning
    workers          processes; None: as many as there are processors
    plan_only        stop after planning (`--plan`)
    """

    profile: str | None = None
    reference: Path | None = None
    absent: AbsentRule | None = None
    regions: Path | None = None
    regions_of: Path | None = None
    replace: bool = False
    expect_records: int | None = None
    extend: int | None = None
    contigs: tuple[str, ...] | None = None
    skip_unknown_contigs: bool = False
    duplicates: DuplicatesRule = "refuse"
    allow_mixed_normalisation: bool = False
    detail: tuple[str, ...] | None = None
    strict: bool = False
    workers: int | None = None
    plan_only: bool = False
