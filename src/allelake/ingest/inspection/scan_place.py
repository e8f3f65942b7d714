"""Where a scan stands in its file, and refusals that say so."""

from pathlib import Path

from allelake.errors import InputError

SHOWN_CHARACTERS = 60


def shown(raw: bytes) -> str:
    """A field's bytes as a person can read them, quoted, cut if long."""
    text = raw.decode("utf-8", "replace")
    return repr(text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 3] + "...")


class Place:
    """The record being looked at: its number from 1, its line (text only), contig and position."""

    __slots__ = ("contig", "line", "path", "position", "record")

    def __init__(self, path: Path):
        self.path = path
        self.record = 0
        self.line: int | None = None
        self.contig: str | None = None
        self.position: int | None = None

    @property
    def where(self) -> str:
        """`contig:position` if these are known, else the line or record."""
        if self.contig is not None and self.position is not None:
            return f"{self.contig}:{self.position}"
        return f"line {self.line}" if self.line is not None else f"record {self.record}"

    def refuse(self, what: str) -> InputError:
        at = f"record {self.record}" + (f" (line {self.line})" if self.line is not None else "")
        if self.contig is not None and self.position is not None:
            at += f" at {self.contig}:{self.position}"
        return InputError(f"{self.path}: {at}: {what}")
