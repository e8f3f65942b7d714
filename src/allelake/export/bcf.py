"""BCF: the same lines as a VCF, as typed values. (VCF specification, section 6.)"""

import re
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from allelake.export.bcf_formats import encoded_formats
from allelake.export.bcf_values import INT8, typed_info, typed_int, typed_ints, typed_text
from allelake.export.bgzf import BgzfWriter
from allelake.export.csi import IndexBuilder
from allelake.export.genotypes import BCF_BYTES
from allelake.export.lines import Lines
from allelake.export.source import Source
from allelake.export.staging import opened
from allelake.export.vcf import differing_note, header_of

_MISSING_QUAL = struct.pack("<I", 0x7F800001)
_ID = re.compile(r"##(?:FILTER|INFO|FORMAT)=<ID=([^,]+)")


def dictionary_of(header: str) -> dict[str, int]:
    """The numbers of names of filters and fields: PASS, then as the header lists them."""
    names = ["PASS", *_ID.findall(header)]
    return {name: number for number, name in enumerate(dict.fromkeys(names))}


class BcfWriter:
    """Writes lines as BCF, with an index beside where a second file is named."""

    def __init__(self, source: Source, staged: Sequence[Path]) -> None:
        self._wanted = source.wanted
        self._contigs = {name: n for n, (name, _) in enumerate(source.contigs)}
        self._differing = 0
        header = header_of(source)
        self._numbers = dictionary_of(header.decode())
        self._kinds = {field.name: field.type for field in source.wanted.info}
        self._file = opened(staged[0])
        self._bgzf = BgzfWriter(self._file)
        self._index_path = staged[1] if len(staged) > 1 else None
        self._index = IndexBuilder(source.contigs, is_vcf=False) if self._index_path else None
        self._bgzf.write(b"BCF\2\2" + struct.pack("<I", len(header) + 1) + header + b"\0")

    def add(self, lines: Lines) -> None:
        """Writes some lines."""
        self._differing += sum(lines.told["differing"].to_pylist())
        begins, sizes = [], []
        for head, shared, pieces in self._records(lines):
            begins.append(self._bgzf.written)
            self._bgzf.write(head + shared)
            for piece in pieces:
                self._bgzf.write(piece)
            sizes.append(self._bgzf.written - begins[-1])
        if self._index is not None:
            self._index.add(lines, np.array(begins, np.int64), np.array(sizes, np.int64))

    def _records(self, lines: Lines) -> Iterator[tuple[bytes, bytes, list[bytes | memoryview]]]:
        """Of each line its two lengths, what is told of the site, and the genotypes in pieces."""
        samples = lines.codes.shape[1]
        genotypes = memoryview(BCF_BYTES[lines.codes].ravel().view(np.uint8).data)
        # A file of sites has no GT.
        genotype_head = typed_int(self._numbers.get("GT", 0)) + bytes([2 << 4 | INT8])
        formats = encoded_formats(lines, self._wanted.format, self._numbers)
        contig = self._contigs[lines.contig]
        rows = zip(*(lines.told[name].to_pylist() for name in _COLUMNS), strict=True)
        for number, (position, end, ids, ref, alt, qual, filters, info, told) in enumerate(rows):
            own: list[bytes | memoryview] = []
            if told and samples:
                at = number * samples * 2
                own = [genotype_head, genotypes[at : at + samples * 2], *formats.get(number, ())]
            fields = [] if info == "." else info.split(";")
            shared = b"".join(
                (
                    struct.pack("<3i", contig, position - 1, max(end - position + 1, 1)),
                    _MISSING_QUAL if qual is None else struct.pack("<f", qual),
                    struct.pack("<HHI", len(fields), 2, samples | ((len(own) + 1) // 2 << 24)),
                    typed_text("" if ids == "." else ids),
                    typed_text(ref),
                    typed_text(alt),
                    self._filters(filters),
                    *(self._info(field) for field in fields),
                )
            )
            yield struct.pack("<2I", len(shared), sum(map(len, own))), shared, own

    def _filters(self, text: str) -> bytes:
        if text == ".":
            return b"\0"
        return typed_ints([self._numbers[name] for name in text.split(";")])

    def _info(self, field: str) -> bytes:
        name, _, value = field.partition("=")
        return typed_int(self._numbers[name]) + typed_info(self._kinds[name], value)

    def finish(self) -> None:
        """Writes what is left, and the index."""
        self._bgzf.finish()
        if self._index is not None and self._index_path is not None:
            self._index_path.write_bytes(self._index.to_bytes(self._bgzf))
        self._file.flush()

    def close(self) -> None:
        """Closes the file."""
        self._bgzf.cancel()
        self._file.close()

    def notes(self) -> Sequence[str]:
        """Where batches say different things of one variant."""
        return differing_note(self._differing)


_COLUMNS = (
    *("position", "end_position", "ids", "ref", "alt"),
    *("qual", "filters", "info", "has_genotypes"),
)
