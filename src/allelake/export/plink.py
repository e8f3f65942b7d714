"""PLINK 2 (pgen, pvar, psam) and PLINK 1 (bed, bim, fam)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allelake.errors import QueryError
from allelake.export.genotypes import (
    CALLED,
    COPIES,
    IS_HALF_CALL,
    IS_HAPLOID,
    TEXTS,
    Codes,
)
from allelake.export.lines import Lines
from allelake.export.plink_people import fam_text, psam_text
from allelake.export.source import Source
from allelake.export.vcf_text import qual_text
from allelake.export.walk import count_lines

# PLINK has no half-call: they are missing. A haploid genotype is written as two equal alleles.
_MISSING = (CALLED == 0) | IS_HALF_CALL
_DOSES = np.where(_MISSING, -9, np.where(IS_HAPLOID, 2 * COPIES, COPIES)).astype(np.int8)
_FIRST = np.where(_DOSES < 0, -9, (_DOSES == 2) | np.array([t == "1|0" for t in TEXTS]))
_SECOND = np.where(_DOSES < 0, -9, _DOSES - _FIRST)
# Both alleles as pgenlib takes them, two int32 in one number.
_PAIRS = np.stack([_FIRST, _SECOND], axis=1).astype(np.int32).view(np.int64)[:, 0]
# Two bits of a bed, by the code: A1 is ALT.
_BED = np.select([_DOSES == 0, _DOSES == 1, _DOSES == 2], [3, 2, 0], 1).astype(np.uint8)
# Codes that are looked for in each genotype: comparing is many times faster than a table is.
_PHASED_HETS = (TEXTS.index("0|1"), TEXTS.index("1|0"))
_HALF_CALLS = np.flatnonzero(IS_HALF_CALL)
_HAPLOIDS = np.flatnonzero(IS_HAPLOID)
# Genotypes of which pgenlib is given both alleles at a time, 9 bytes each.
_CELLS = 4_000_000
_BED_MAGIC = bytes([0x6C, 0x1B, 0x01])


class _Plink:
    """What both have: the variants' text, and what of genotypes they cannot hold."""

    def __init__(self, source: Source, variants: Path) -> None:
        self.source = source
        self._half_calls = 0
        self._haploid = False
        self._text = variants.open("w", encoding="utf-8")

    def _count_lost(self, codes: Codes) -> None:
        if codes.max() < _HALF_CALLS[0]:
            return
        self._half_calls += int(np.count_nonzero(_is_between(codes, _HALF_CALLS)))
        self._haploid = self._haploid or bool(_is_between(codes, _HAPLOIDS).any())

    def notes(self) -> Sequence[str]:
        """What the files do not say as the lake does."""
        told = ["PLINK files have genotypes alone: no depth, quality or INFO"]
        if self._half_calls:
            told.append(f"{self._half_calls:,} half-calls (./1) are missing: PLINK has none")
        if self._haploid:
            told.append("haploid genotypes (1) are written as homozygous, as PLINK does")
        return told


def _is_between(codes: Codes, wanted: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether each code is one of those wanted, which follow one another."""
    return np.asarray((codes >= wanted[0]) & (codes <= wanted[-1]))


def _is_phased_het(codes: Codes) -> NDArray[np.bool_]:
    return np.asarray((codes == _PHASED_HETS[0]) | (codes == _PHASED_HETS[1]))


def variant_ids(lines: Lines) -> list[str]:
    """Identifiers of the variants, or names: PLINK tells variants apart by them.

    A symbolic allele's name has its end and length, too: two deletions may begin at one base.
    """
    columns = ("ids", "position", "ref", "alt", "end_position", "sv_length")
    rows = zip(*(lines.told[name].to_pylist() for name in columns), strict=True)
    found = []
    for ids, position, ref, alt, end, length in rows:
        name = f"{lines.contig}-{position}-{ref}-{alt}"
        if alt.startswith("<"):
            name += f"-{end}" if length is None else f"-{end}-{abs(length)}"
        found.append(name if ids == "." else ids)
    return found


class PgenWriter(_Plink):
    """PLINK 2: phased genotypes, variants with quality and filters, people with attributes."""

    def __init__(self, source: Source, staged: Sequence[Path], attributes: Sequence[str]) -> None:
        import pgenlib

        people = psam_text(source.session, source.people, attributes)
        total = count_lines(source)
        if not total:
            raise _no_variant()
        super().__init__(source, staged[1])
        staged[2].write_text(people, "utf-8")
        self._pgen: Any = pgenlib.PgenWriter(
            str(staged[0]).encode(),
            len(source.people.names),
            variant_ct=total,
            nonref_flags=False,
            hardcall_phase_present=True,
        )
        for name in source.filters:
            self._text.write(f'##FILTER=<ID={name},Description="As the lake has it: {name}">\n')
        self._text.write("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\n")

    def add(self, lines: Lines) -> None:
        """Writes some lines."""
        columns = ("position", "ref", "alt", "qual", "filters")
        for name, position, ref, alt, qual, filters in zip(
            variant_ids(lines), *(lines.told[name].to_pylist() for name in columns), strict=True
        ):
            self._text.write(
                f"{lines.contig}\t{position}\t{name}\t{ref}\t{alt}\t{qual_text(qual)}\t{filters}\n"
            )
        self._count_lost(lines.codes)
        samples = lines.codes.shape[1]
        step = max(1, _CELLS // samples)
        for start in range(0, len(lines.codes), step):
            self._append(np.ascontiguousarray(lines.codes[start : start + step]))

    def _append(self, codes: Codes) -> None:
        phased = _is_phased_het(codes)
        if not phased.any():
            self._pgen.append_biallelic_batch(_DOSES[codes])
            return
        self._pgen.append_partially_phased_batch(_PAIRS[codes].view(np.int32), phased)

    def finish(self) -> None:
        """Writes what is left."""
        self._pgen.close()
        self._pgen = None
        self._text.flush()

    def close(self) -> None:
        """Closes the files."""
        self._text.close()


class BedWriter(_Plink):
    """PLINK 1: no phase, two alleles."""

    def __init__(self, source: Source, staged: Sequence[Path], attributes: Sequence[str]) -> None:
        super().__init__(source, staged[1])
        staged[2].write_text(fam_text(source.session, source.people), "utf-8")
        self._bed = staged[0].open("wb")
        self._bed.write(_BED_MAGIC)
        self._phased = False

    def add(self, lines: Lines) -> None:
        """Writes some lines."""
        columns = ("position", "ref", "alt")
        for name, position, ref, alt in zip(
            variant_ids(lines), *(lines.told[name].to_pylist() for name in columns), strict=True
        ):
            self._text.write(f"{lines.contig}\t{name}\t0\t{position}\t{alt}\t{ref}\n")
        self._count_lost(lines.codes)
        self._phased |= bool(_is_phased_het(lines.codes).any())
        samples = lines.codes.shape[1]
        # The bits beyond the last sample are zero.
        padded = np.zeros((len(lines.codes), -(-samples // 4) * 4), np.uint8)
        padded[:, :samples] = _BED[lines.codes]
        quads = padded.reshape(len(padded), -1, 4)
        packed = quads[:, :, 0] | quads[:, :, 1] << 2 | quads[:, :, 2] << 4 | quads[:, :, 3] << 6
        self._bed.write(packed.tobytes())

    def finish(self) -> None:
        """Writes what is left."""
        if self._bed.tell() == len(_BED_MAGIC):
            raise _no_variant()
        self._bed.flush()
        self._text.flush()

    def close(self) -> None:
        """Closes the files."""
        self._bed.close()
        self._text.close()

    def notes(self) -> Sequence[str]:
        """What the files do not say as the lake does."""
        told = [*super().notes()]
        if self._phased:
            told.append("phase is not kept: PLINK 1 has none; write .pgen for it")
        return told


def _no_variant() -> QueryError:
    return QueryError(
        "No variant is left to export, and PLINK cannot read files without one. Ask for a larger "
        "region, or write a VCF."
    )
