"""Whom a check of a withdrawal looks for, what of them was found, and what was looked at."""

import mmap
import re
from dataclasses import dataclass, field

from allelake.warehouse.withdrawal.names import GoneNames

# Data files are called by batch, part and digest: a person called P0002 is not in such a name.
_OWN_FILES = re.compile(r"\bb[0-9]{6,}-p[0-9]{4,}-[0-9a-f]{12}\.parquet\b")


@dataclass(frozen=True)
class Trace:
    """Where something of the participant is. `table` and `column` where the file has such."""

    file: str
    what: str
    table: str | None = None
    column: str | None = None

    def __str__(self) -> str:
        place = f", table {self.table}" if self.table else ""
        return f"{self.file}{place}{f', column {self.column}' if self.column else ''}: {self.what}"


@dataclass(frozen=True)
class Sought:
    """Whom to look for: names, sample numbers, and the batches whose sums they were in."""

    spelled: GoneNames
    numbers: frozenset[int]
    batches: frozenset[int]

    @property
    def names(self) -> frozenset[str]:
        """The names as they were given."""
        return self.spelled.gone

    def in_text(self, text: str) -> bool:
        """Whether one of the names is in the text, other than within the name of who stays."""
        return self.spelled.is_in(_OWN_FILES.sub("", text))

    def in_bytes(self, content: bytes | mmap.mmap, is_packed: bool) -> bool:
        """Whether the bytes of one of the names are there, likewise."""
        return self.spelled.in_bytes(content, is_packed)


@dataclass
class Looked:
    """What was looked at, for whoever has to believe that nothing was found."""

    files: int = 0
    bytes: int = 0
    parquet_files: int = 0
    rows: int = 0
    texts: int = 0
    planes: int = 0
    statements: int = 0
    bloom_filters: int = 0
    bloom_filters_in_doubt: int = 0
    by_kind: dict[str, int] = field(default_factory=dict)
