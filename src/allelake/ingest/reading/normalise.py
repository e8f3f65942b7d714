"""Variants of a record under their keys: split, trimmed, left-aligned if there is a reference."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from allelake.errors import InputError
from allelake.ingest.reading.fasta import ReferenceFasta, agrees
from allelake.ingest.reading.read import ReadRecord
from allelake.model.allele import is_breakend, is_symbolic, left_align, trim

# Alleles of a gVCF that stand for "anything else": never a variant, and no call in a genotype.
UNSPECIFIED_ALLELES = frozenset(("<NON_REF>", "<*>"))
STAR_ALLELE = "*"

# Symbolic alleles that take up reference bases, so that a missing END follows from SVLEN
# (VCF 4.4, 1.6.1 and 5.4); an insertion lies between two bases.
_SPANNING_TYPES = frozenset(("DEL", "DUP", "INV", "CNV"))

Key = tuple[int, str, str, int, bool, int]


@dataclass(slots=True)
class RecordFacts:
    """What a record says of all its ALTs together, as written.

    `row` is where its genotypes are held.
    """

    position: int
    ref: str
    alts: Sequence[str]
    ids: str | None
    qual: float | None
    filters: Sequence[str]
    info: dict[str, object]
    where: str
    row: int = -1


@dataclass(slots=True)
class Variant:
    """One ALT of a record under its final key; `alt_index` counts the record's ALTs from 1."""

    position: int
    ref: str
    alt: str
    end_position: int
    sv_length: int | None
    sv_type: str | None
    alt_index: int
    record: RecordFacts
    duplicate_records: int = 0

    @property
    def key(self) -> Key:
        """Sorts as the tables are sorted: no `sv_length` comes after any (LAYOUT.md)."""
        length = self.sv_length
        return (
            self.position,
            self.ref,
            self.alt,
            self.end_position,
            length is None,
            length or 0,
        )


@dataclass
class Normaliser:
    """Makes the variants of each record, and counts what it did to them.

    Without `reference` alleles are trimmed only. `fasta_names` maps a contig of the lake to its
    name in the reference.
    """

    reference: ReferenceFasta | None = None
    fasta_names: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def variants(self, read: ReadRecord, record: RecordFacts) -> list[Variant]:
        """The variants of a record, in the order of its ALTs; none for a reference block."""
        self.check_ref(read, record)
        made = []
        for index, alt in enumerate(record.alts, start=1):
            if alt in UNSPECIFIED_ALLELES:
                continue
            if alt == STAR_ALLELE:
                self.counts["star_alleles"] += 1
                continue
            if is_symbolic(alt) or is_breakend(alt):
                self.counts["symbolic_alleles"] += 1
                made.append(_structural(read, record, alt, index))
            else:
                made.append(self._sequence(read, record, alt.upper(), index))
        if not made:
            self.counts["reference_records"] += all(a != STAR_ALLELE for a in record.alts)
        self.counts["split_records"] += len(made) > 1
        return made

    def _sequence(self, read: ReadRecord, record: RecordFacts, alt: str, index: int) -> Variant:
        position, ref = record.position, record.ref.upper()
        if len(ref) > 1 or len(alt) > 1:
            position, ref, alt = trim(position, ref, alt)
            self.counts["trimmed"] += len(ref) != len(record.ref)
            if self.reference is not None and len(ref) != len(alt):
                position, ref, alt = self._left_align(read, position, ref, alt)
        return Variant(position, ref, alt, position + len(ref) - 1, None, None, index, record)

    def _left_align(
        self, read: ReadRecord, position: int, ref: str, alt: str
    ) -> tuple[int, str, str]:
        assert self.reference is not None
        name = self.fasta_names[read.contig]
        aligned = left_align(
            position,
            ref,
            alt,
            partial(self.reference.bases, name),
            self.reference.length_bp(name),
        )
        self.counts["left_aligned"] += aligned != (position, ref, alt)
        return aligned

    def check_ref(self, read: ReadRecord, record: RecordFacts) -> None:
        """Raises InputError where REF is not what the reference has."""
        if self.reference is None:
            return
        name = self.fasta_names.get(read.contig)
        if name is None:
            raise InputError(
                f"{record.where}: the reference {self.reference.path} has no sequence named "
                f"{read.contig}; give the reference of this lake's assembly"
            )
        end = record.position + len(record.ref) - 1
        found = self.reference.bases(name, record.position, end)
        if not agrees(record.ref.upper(), found):
            raise InputError(
                f"{record.where}: REF is {_shown(record.ref)}, but the reference "
                f"{self.reference.path} has {_shown(found) or 'no bases'} there; the file was "
                "called on another reference, or is damaged"
            )


def fasta_names(reference: ReferenceFasta, contig_names: dict[str, str]) -> dict[str, str]:
    """Each lake contig's name in the reference: the lake's own, or one that the files use."""
    held = set(reference.contig_names())
    names: dict[str, str] = {}
    for written, contig in contig_names.items():
        for name in (contig, written, contig.removeprefix("chr"), f"chr{contig}"):
            if name in held:
                names.setdefault(contig, name)
                break
    return names


def _structural(read: ReadRecord, record: RecordFacts, alt: str, index: int) -> Variant:
    ref, end = record.ref.upper(), record.position + len(record.ref) - 1
    info = read.variant.INFO
    if is_breakend(alt):
        sv_type = info.get("SVTYPE") or "BND"
        return Variant(record.position, ref, alt, end, None, sv_type, index, record)
    named = alt.strip("<>").split(":")[0]
    sv_type = info.get("SVTYPE") or named
    sv_length = _of_alt(info.get("SVLEN"), index, len(record.alts))
    written_end = info.get("END")
    if isinstance(written_end, int) and written_end >= record.position:
        end = written_end
    elif sv_length is not None and (sv_type in _SPANNING_TYPES or named in _SPANNING_TYPES):
        end = record.position + abs(sv_length)
    else:
        end = record.position
    return Variant(record.position, ref, alt, end, sv_length, sv_type, index, record)


def _of_alt(value: object, index: int, alt_total: int) -> int | None:
    """One ALT's value of SVLEN, which files declare as one number, one per ALT, or any number."""
    if isinstance(value, tuple):
        value = value[index - 1] if len(value) == alt_total else value[0]
    return value if isinstance(value, int) else None


def _shown(bases: str, most: int = 20) -> str:
    return bases if len(bases) <= most else f"{bases[:most]}... ({len(bases)} bases)"
