"""What is known of one Parquet file, in staging and in the lake."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class StagedFile:
    """A finished Parquet file in staging; `contig` and `tier` are None for tables without partitions.

    `schema_columns` are the further columns (info_..., format_...) beyond the declared ones, name to SQL type.
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
