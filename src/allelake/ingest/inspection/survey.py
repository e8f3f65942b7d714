"""What is known of a large file before its records are looked at, and what a piece of it holds."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from allelake.ingest.spec import ContigSpan, Cut, FileKind, Header, Notice, UnreadableField
from allelake.ingest.stretches.piece import Piece


@dataclass(frozen=True)
class Survey:
    """What is known of a file before its records are looked at.

    `header` is without the samples' names, which nobody needs to look at records. `notices` are
    those of the header. `dictionary` has a BCF file's contigs and names by their numbers. `looks`
    are small pieces at the beginning and where the file could be cut into parts, of texts that may
    be read while they are inspected.
    """

    path: Path
    kind: FileKind
    bytes: int
    modified_ns: int
    sha256: str
    samples: tuple[str, ...] = field(repr=False)
    header: Header = field(repr=False)
    notices: tuple[Notice, ...] = field(repr=False)
    pieces: tuple[Piece, ...] = field(repr=False)
    strict: bool
    dictionary: tuple[dict[int, str], dict[int, str]] | None = field(default=None, repr=False)
    looks: tuple[Piece, ...] = field(default=(), repr=False)

    @property
    def text_bytes(self) -> int:
        """The length of the text, with the header."""
        return self.pieces[-1].text + self.pieces[-1].text_bytes

    def for_worker(self) -> "Survey":
        """As much of it as a piece needs."""
        return replace(self, samples=(), pieces=(), looks=())


@dataclass(frozen=True)
class PieceReport:
    """What a piece holds. The last of the cuts is the end of its records.

    `records` of a cut are those of the piece before it. `begin` and `end` are the places of its
    first record and after its last one in the text of the file, where the piece had to guess them.
    """

    records: int
    spans: tuple[ContigSpan, ...] = field(repr=False)
    notices: tuple[Notice, ...] = field(repr=False)
    info_used: tuple[str, ...] = field(repr=False)
    format_used: tuple[str, ...] = field(repr=False)
    unreadable: tuple[UnreadableField, ...] = field(repr=False)
    cuts: tuple[Cut, ...] = field(repr=False)
    begin: int | None = None
    end: int | None = None
