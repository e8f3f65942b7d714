"""A part of one single-sample VCF text read by columns, to the same bytes as by records."""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import numpy as np

from allelake.ingest.evidence.notices import BlockNotices
from allelake.ingest.evidence.output import SampleOutput
from allelake.ingest.fast_text.lines import ALT, CHROM, POS, REF, Lines, cut_lines
from allelake.ingest.fast_text.samples import Unplain
from allelake.ingest.fast_text.segment import SegmentReader
from allelake.ingest.fast_text.source import open_lines
from allelake.ingest.fast_text.text import Places
from allelake.ingest.part_output import PartOutput
from allelake.ingest.part_run import COUNTS
from allelake.ingest.spec import BatchSpec, Part, PartSummary

Progress = Callable[[int], None] | None


def read_plain_part(
    spec: BatchSpec, part: Part, staging: Path, progress: Progress = None
) -> PartSummary | None:
    """The part's summary; None, and nothing is left in staging, if records must be read one by one.

    Memory: about 40 times the text of a chunk (2 MiB), beside what SampleOutput holds.
    """
    if not _suits(spec, part):
        return None
    try:
        return _PlainRun(spec, part, staging).run(progress)
    except Unplain:
        return None


def _suits(spec: BatchSpec, part: Part) -> bool:
    """Whether nothing is asked that only the reader of records can do."""
    is_one = len(part.inputs) == 1 and len(part.inputs[0].sample_columns) == 1
    is_text = is_one and part.inputs[0].kind != "bcf"
    is_simple = spec.reference is None and not spec.format and not spec.half_calls_are_haploid
    return is_text and is_simple and part.contig is None and part.start is None


class _PlainRun:
    def __init__(self, spec: BatchSpec, part: Part, staging: Path) -> None:
        self._spec = spec
        self._part = part
        self._counts: Counter[str] = Counter()
        self._notices = BlockNotices()
        self._output = PartOutput(spec, part.number, staging)
        self._samples = SampleOutput(spec, part.inputs[0], self._output)
        self._header, self._chunks = open_lines(part.inputs[0].path)
        self._reader = SegmentReader(
            spec, part.inputs[0], self._header, self._counts, self._notices
        )
        # As the file names it; the lake's name is None where its records are left out.
        self._written: str | None = None
        self._contig: str | None = None
        self._contigs: list[str] = []
        self._done: set[str] = set()
        self._last_position = 0

    def run(self, progress: Progress) -> PartSummary:
        with ExitStack() as undo:
            undo.callback(self._output.abort)
            held = b""
            for chunk in self._chunks:
                held = self._take(held + chunk, is_last=False)
                if progress is not None:
                    progress(self._counts["records_read"])
            if held:
                self._take(held, is_last=True)
            self._finish_contig()
            self._samples.finish(self._part.contig)
            expected = self._part.expected_records
            if expected is not None and self._counts["records_read"] != expected:
                raise Unplain
            summary = self._summary()
            undo.pop_all()
        if progress is not None:
            progress(self._counts["records_read"])
        return summary

    def _take(self, raw: bytes, *, is_last: bool) -> bytes:
        """Read lines, but for the last ones that a later line might come before."""
        lines = cut_lines(raw)
        if lines is None:
            raise Unplain
        changes = np.flatnonzero(~lines.text.same_as_before(lines.columns[CHROM], b""))
        bounds = [*changes.tolist(), len(lines)]
        for start, stop in pairwise(bounds):
            is_open = stop == len(lines) and not is_last
            first_byte = int(lines.columns[CHROM].start[start])
            mine = lines
            if len(bounds) > 2:
                last = len(raw) if stop == len(lines) else int(lines.columns[CHROM].start[stop])
                again = cut_lines(raw[first_byte:last])
                assert again is not None
                mine = again
            done = self._take_contig(mine, is_open=is_open)
            if is_open:
                return raw[first_byte + done :]
        return b""

    def _take_contig(self, lines: Lines, *, is_open: bool) -> int:
        """Read lines of one contig; how many bytes of them were read."""
        name = lines.text.text_of(lines.columns[CHROM], 0).decode()
        position, sound = lines.text.integers(lines.columns[POS])
        if not sound.all():
            raise Unplain
        total = self._safe_total(lines, position) if is_open else len(lines)
        if not total:
            return 0
        read = Lines(lines.text, tuple(column[:total] for column in lines.columns))
        if name != self._written:
            self._start_contig(name)
        position = position[:total]
        if position[0] < self._last_position or (position[1:] < position[:-1]).any():
            raise Unplain
        self._last_position = int(position[-1])
        self._counts["records_read"] += total
        if self._contig is None:
            self._counts["records_skipped"] += total
        else:
            before = int(position[-1]) + 1 if not is_open else self._next
            found = self._reader.read(read, position, self._contig)
            self._samples.add([found.evidence], found.sites, found.calls, before)
        end = read.columns[-1]
        return int(end.start[-1] + end.length[-1]) + 1

    def _safe_total(self, lines: Lines, position: Places) -> int:
        """How many lines lie, whole, before the next; notes where that begins."""
        is_block = lines.text.equals(lines.columns[ALT], b".")
        is_block |= lines.text.starts_with(lines.columns[ALT], b"<")
        reach = np.where(is_block, position, position + lines.columns[REF].length - 1)
        before = np.maximum.accumulate(reach)
        safe = np.flatnonzero(position[1:] > before[:-1])
        if not safe.size:
            return 0
        self._next = int(position[safe[-1] + 1])
        return int(safe[-1]) + 1

    def _start_contig(self, name: str) -> None:
        self._finish_contig()
        self._written, self._contig = name, self._spec.contig_names.get(name)
        is_known = name in self._header.contigs and (self._contig or name) not in self._done
        if not is_known:
            raise Unplain
        self._done.add(self._contig or name)
        self._last_position = 0
        if self._contig is not None:
            self._contigs.append(self._contig)
            self._samples.start_contig(self._contig)

    def _finish_contig(self) -> None:
        if self._contig is not None:
            self._samples.finish_contig()
        self._written = self._contig = None

    def _summary(self) -> PartSummary:
        counts = self._counts
        counts["records_kept"] = counts["records_read"] - counts["records_skipped"]
        files = self._output.finish()
        for table in ("calls_rare", "calls_common", "bits", "callable"):
            counts[table] = self._output.rows[table]
        return PartSummary(
            self._part.number,
            files,
            {name: counts[name] for name in COUNTS},
            self._notices.notices(),
            tuple(self._contigs),
        )
