"""What is known of one Parquet file, in staging and in the lake."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class StagedFile:
    """A finished Parquet file in staging; `contig` and `tier` are None where not partitioned so.

    `further_columns` are those beyond the declared ones (info_..., format_...), name to SQL type.
    """

    table: str
    contig: str | None
    tier: str | None
    path: Path
    rows: int
    bytes: int
    sha256: str
    first_position: int | None = None
    last_position: int | None = None
    further_columns: dict[str, str] = field(default_factory=dict)
