"""VCF, as text or BGZF with an index."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from allelake.export.bgzf import BgzfWriter
from allelake.export.csi import IndexBuilder
from allelake.export.lines import Lines
from allelake.export.source import Source
from allelake.export.staging import opened
from allelake.export.vcf_header import Told, header_lines
from allelake.export.vcf_text import vcf_lines


def header_of(source: Source) -> bytes:
    """The whole header of a file of genotypes."""
    told = Told(source.terms, source.not_kept if source.people.names else ())
    lines = header_lines(
        source.contigs,
        source.assembly,
        source.filters,
        source.wanted.info,
        source.wanted.format,
        told,
        source.people if source.people.names else None,
    )
    return ("\n".join(lines) + "\n").encode()


class VcfWriter:
    """Writes lines as text; compressed, with an index beside where a second file is named."""

    def __init__(self, source: Source, staged: Sequence[Path], is_compressed: bool) -> None:
        self._format = source.wanted.format
        self._differing = 0
        self._file = opened(staged[0])
        self._bgzf = BgzfWriter(self._file) if is_compressed else None
        self._index_path = staged[1] if len(staged) > 1 else None
        self._index = IndexBuilder(source.contigs, is_vcf=True) if self._index_path else None
        (self._bgzf or self._file).write(header_of(source))

    def add(self, lines: Lines) -> None:
        """Writes some lines."""
        self._differing += sum(lines.told["differing"].to_pylist())
        pieces = vcf_lines(lines, self._format)
        if self._bgzf is None:
            self._file.writelines(pieces)
            return
        if self._index is not None:
            sizes = np.array([len(piece) for piece in pieces], np.int64).reshape(-1, 3).sum(axis=1)
            self._index.add(lines, self._bgzf.written + np.cumsum(sizes) - sizes, sizes)
        for piece in pieces:
            self._bgzf.write(piece)

    def finish(self) -> None:
        """Writes what is left, and the index."""
        if self._bgzf is not None:
            self._bgzf.finish()
            if self._index is not None and self._index_path is not None:
                self._index_path.write_bytes(self._index.to_bytes(self._bgzf))
        self._file.flush()

    def close(self) -> None:
        """Closes the file."""
        if self._bgzf is not None:
            self._bgzf.cancel()
        self._file.close()

    def notes(self) -> Sequence[str]:
        """Where batches say different things of one variant."""
        return differing_note(self._differing)


def differing_note(variants: int) -> Sequence[str]:
    """What is told where batches differ in what they say of so many variants."""
    if not variants:
        return ()
    return (
        f"{variants:,} variants have other QUAL, FILTER or INFO in one batch than in another: "
        "QUAL and INFO are of the first batch that has them, FILTER is what failed in any, so the "
        "rule 'pass' leaves out more there than in the lake",
    )
