"""What an export is asked for, and what it tells when it is done."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from allelake.errors import UsageError
from allelake.export.staging import STDOUT
from allelake.nearest import did_you_mean

# Each format with the endings that mean it; longer endings first.
FORMATS: Mapping[str, tuple[str, ...]] = {
    "vcf.gz": (".vcf.gz", ".vcf.bgz"),
    "vcf": (".vcf",),
    "bcf": (".bcf",),
    "pgen": (".pgen",),
    "bed": (".bed",),
    "parquet": (".parquet",),
    "arrow": (".arrow", ".feather"),
}


@dataclass(frozen=True)
class Order:
    """One export. `said` is the place as the caller gave it; `regions` as macros take it.

    `unknown`: 'missing' writes ./. for who is unknown at a variant, 'leave-out' leaves the variant
    out. `wide`: a table has one row for each variant. `attributes`: of samples, for PLINK 2.
    """

    path: Path
    format: str
    cohort: str = "all"
    regions: "str | Sequence[str] | None" = None
    said: Mapping[str, str] = field(default_factory=dict)
    unknown: str = "missing"
    min_ac: int = 0
    wide: bool = False
    index: bool = True
    attributes: tuple[str, ...] = ()
    overwrite: bool = False


@dataclass
class Report:
    """What was written. `files` are their paths, `notes` what the file does not say as the lake."""

    format: str
    samples: int
    variants: int = 0
    files: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def format_of(path: Path, named: str | None) -> str:
    """The format for a file: the one named, else the one its name ends with."""
    if named is not None and named not in FORMATS:
        raise UsageError(f"There is no format {named!r}. {did_you_mean(named, FORMATS)}")
    if path == STDOUT:
        return _to_stdout(named or "vcf")
    if named is not None:
        return named
    for name, endings in FORMATS.items():
        if path.name.lower().endswith(endings):
            return name
    ending = path.suffix.removeprefix(".")
    nearest = f" {did_you_mean(ending, FORMATS)}" if ending else ""
    raise UsageError(
        f"{path}: the name does not say which format to write.{nearest} "
        f"Give one ({', '.join(FORMATS)})."
    )


def _to_stdout(format: str) -> str:
    if format not in ("vcf", "vcf.gz", "bcf"):
        raise UsageError(f"Stdout takes vcf, vcf.gz or bcf, not {format}. Name a file.")
    if format != "vcf" and sys.stdout.isatty():
        raise UsageError(f"{format} is not for a terminal. Name a file, or pipe it.")
    return format
