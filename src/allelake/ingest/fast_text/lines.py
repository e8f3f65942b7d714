"""The columns of the record lines of a single-sample VCF, as pieces of their text."""

from dataclasses import dataclass

import numpy as np

from allelake.ingest.fast_text.text import Pieces, Places, Text

COLUMNS = 10
CHROM, POS, ID, REF, ALT, QUAL, FILTER, INFO, FORMAT, SAMPLE = range(COLUMNS)


@dataclass(frozen=True)
class Lines:
    """Whole lines of ten columns each; `columns` are CHROM, POS, ... FORMAT and the sample's."""

    text: Text
    columns: tuple[Pieces, ...]

    def __len__(self) -> int:
        return len(self.columns[0])

    def line(self, row: int) -> bytes:
        """One line without its newline."""
        last = self.columns[-1]
        start, stop = int(self.columns[0].start[row]), int(last.start[row] + last.length[row])
        return self.text.raw[start:stop]

    def rows_of(self, places: Places) -> Places:
        """The lines that places of the text belong to; places are sorted."""
        return np.searchsorted(self.columns[0].start, places, side="right") - 1


def cut_lines(raw: bytes) -> Lines | None:
    """The columns of `raw`, whole lines that each end in a newline; None if they are not plain.

    Plain lines are ASCII without control characters and have ten columns each.
    """
    text = Text(raw)
    if text.loops is not None:
        starts, lengths = text.loops.cut_columns(text.bytes, COLUMNS)
        columns = tuple(Pieces(starts[i], lengths[i]) for i in range(COLUMNS))
        return Lines(text, columns) if len(columns[0]) else None
    return _cut_by_arrays(raw, text)


def _cut_by_arrays(raw: bytes, text: Text) -> Lines | None:
    data = text.bytes
    places = np.flatnonzero((data == 9) | (data == 10))
    if not places.size or places.size % COLUMNS or not raw.isascii():
        return None
    controls = np.count_nonzero(data < 32) + np.count_nonzero(data == 127)
    if controls != places.size:
        return None
    ends = places.reshape(-1, COLUMNS)
    is_newline = data[ends] == 10
    if not is_newline[:, -1].all() or is_newline[:, :-1].any():
        return None
    starts = np.empty_like(ends)
    starts[:, 1:] = ends[:, :-1] + 1
    starts[0, 0] = 0
    starts[1:, 0] = ends[:-1, -1] + 1
    columns = tuple(
        Pieces(np.ascontiguousarray(starts[:, i]), ends[:, i] - starts[:, i])
        for i in range(COLUMNS)
    )
    return Lines(text, columns)
