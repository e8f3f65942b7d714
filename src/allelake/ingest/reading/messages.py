"""What htslib says on its error output while a file is read: faults, and warnings to count."""

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import NamedTuple

from allelake.errors import InputError
from allelake.ingest.spec import Notice

_ERROR = re.compile(r"\[E::\w+\]\s*(.*)")
_WARNING = re.compile(r"\[W::\w+\]\s*(.*)")


# htslib says these once in a process, and would not tell of the next file: see PartReader.
_ONCE = re.compile(r"(PL|GL) should be declared as Number=G|INFO/END=\S+ is smaller than POS")
# An error only by name: the line is left out, and the records are read all the same.
_HARMLESS = re.compile(r"Could not parse the header line")


class _Kind(NamedTuple):
    pattern: re.Pattern[str]
    code: str
    message: str


# What htslib 1.2x writes (vcf.c); each is taken, counted and told.
_KINDS = (
    _Kind(_HARMLESS, "header_line_unreadable", "header lines that are no declarations"),
    _Kind(re.compile(r"Contig '.*' is not defined"), "contig_not_declared",
          "records on a contig that the header does not declare"),
    _Kind(re.compile(r"INFO '.*' is not defined"), "info_not_declared",
          "an INFO field that the header does not declare"),
    _Kind(re.compile(r"FORMAT '.*' at .* is not defined"), "format_not_declared",
          "a FORMAT field that the header does not declare"),
    _Kind(re.compile(r"FILTER '.*' is not defined"), "filter_not_declared",
          "a FILTER that the header does not declare"),
    _Kind(re.compile(r"Extreme .* set to missing"), "number_out_of_range",
          "numbers beyond 32 bits, made missing"),
)  # fmt: skip


class HtslibMessages:
    """Collects what is written to file descriptor 2 while it is entered.

    htslib knows no other way to report a warning, and of some faults it only warns.
    """

    def __init__(self) -> None:
        self.errors: list[str] = []
        self._counts: dict[str, tuple[str, int, str]] = {}

    def __enter__(self) -> "HtslibMessages":
        if sys.stderr is not None:
            sys.stderr.flush()
        self._file = tempfile.TemporaryFile(mode="w+b")
        self._kept = os.dup(2)
        os.dup2(self._file.fileno(), 2)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if sys.stderr is not None:
            sys.stderr.flush()
        os.dup2(self._kept, 2)
        os.close(self._kept)
        with self._file:
            self._file.seek(0)
            for line in self._file:
                self._sort_out(line.decode("utf-8", "replace").strip())

    def refuse_errors(self, names: str) -> None:
        """Raises what htslib called an error: it goes on after some that lose data."""
        if self.errors:
            raise InputError(f"{names}: {self.errors[0]}. Nothing of it was taken; repair the file")

    def notices(self) -> tuple[Notice, ...]:
        """The warnings, one for each kind, counted."""
        return tuple(
            Notice(code, message, count, first)
            for code, (message, count, first) in self._counts.items()
        )

    def _sort_out(self, line: str) -> None:
        if _ONCE.search(line):
            return
        found = _ERROR.match(line)
        if found and not _HARMLESS.match(found[1]):
            self.errors.append(found[1].rstrip("."))
        elif found := found or _WARNING.match(line):
            for code, message in _kinds_of(found[1]):
                _, count, first = self._counts.get(code, ("", 0, found[1]))
                self._counts[code] = (message, count + 1, first)


def _kinds_of(text: str) -> Iterator[tuple[str, str]]:
    known = [kind for kind in _KINDS if kind.pattern.search(text)]
    for kind in known:
        yield kind.code, kind.message
    if not known:
        yield "htslib", "a warning of the VCF reader"
