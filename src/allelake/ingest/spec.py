"""The values that pass between the steps of an ingest: reports, plans, parts, summaries."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from allelake.model.zone import Zone
from allelake.warehouse.stored import StagedFile

# Inspection, which reads texts of cohorts in little memory, does without NumPy.
if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

AbsentRule = Literal["unknown", "reference", "regions"]
# 'joint': all samples were asked at all records. 'per_sample': each file asked its own alone.
SampledKind = Literal["joint", "per_sample"]
# Disjoint sorted intervals of each contig of the lake: (n, 2) first and last base, 1-based.
Regions = dict[str, "NDArray[np.int32]"]
DuplicatesRule = Literal["refuse", "first", "most_alt"]
FileKind = Literal["vcf", "vcf.gz", "bgzf", "bcf"]
FieldType = Literal["Integer", "Float", "String", "Character", "Flag"]


@dataclass(frozen=True)
class Field:
    """One INFO or FORMAT field as the header declares it.

    `number` is as written: '1', 'A', 'R', 'G', '.'.
    """

    id: str
    number: str
    type: FieldType
    description: str = ""


@dataclass(frozen=True)
class Header:
    """What a VCF or BCF header says.

    `contigs` maps each declared contig to its length (None: not given), in the header's order;
    `assembly_hint` is what ##reference, ##assembly or contig assembly= say, or None.
    """

    version: str
    samples: tuple[str, ...] = field(repr=False)
    contigs: dict[str, int | None] = field(repr=False)
    info: dict[str, Field] = field(repr=False)
    format: dict[str, Field] = field(repr=False)
    filters: tuple[str, ...] = field(repr=False)
    sources: tuple[str, ...] = field(default=(), repr=False)
    assembly_hint: str | None = None


@dataclass(frozen=True)
class Notice:
    """Something taken with a warning: what, how often, and where first ("contig:position")."""

    code: str
    message: str
    count: int = 1
    first: str | None = None


@dataclass(frozen=True)
class ContigSpan:
    """The records a file has on one contig, as the file names it; positions 1-based.

    `last_base` is the greatest POS + length of REF - 1.
    """

    name: str
    records: int
    first_position: int
    last_position: int
    last_base: int


@dataclass(frozen=True)
class UnreadableField:
    """An INFO field with values that are not of its declared type, which htslib would misread.

    `found` is the first such value, `first` its place; `is_other_type`: all of them are right for
    another type (decimals where integers are declared, values of a Flag). A plan that keeps the
    field is refused.
    """

    id: str
    declared: str
    found: str
    count: int
    first: str
    is_other_type: bool = False


@dataclass(frozen=True)
class Cut:
    """A place between two records where a file may be cut.

    No record before it on its contig reaches the one that follows, at `position` of `contig` (""
    and 0 at the end of the records). `offset` is a virtual offset in a BGZF file (where the block
    begins in the file << 16 | place in the block's text), a place in the file where it is not
    packed; `place` is where that is in the text. `records` lie before it.
    """

    offset: int
    place: int
    contig: str
    position: int
    records: int


@dataclass(frozen=True)
class FileReport:
    """A file that was read through once and found whole.

    `modified_ns` is the file's time stamp when it was inspected: a file that has another one when
    it is read again has been changed in between. `blocks` are its reference blocks (gVCF);
    `bare_blocks` those among them that only lack an ALT, as records of an all-sites VCF do. `cuts`
    are places to cut a large file at, its first record and the end of its last one among them.
    """

    path: Path
    kind: FileKind
    bytes: int
    sha256: str
    header: Header = field(repr=False)
    spans: tuple[ContigSpan, ...] = field(repr=False)
    records: int
    index: Path | None
    notices: tuple[Notice, ...] = field(default=(), repr=False)
    info_used: tuple[str, ...] = field(default=(), repr=False)
    format_used: tuple[str, ...] = field(default=(), repr=False)
    unreadable: tuple[UnreadableField, ...] = field(default=(), repr=False)
    modified_ns: int = 0
    blocks: int = 0
    bare_blocks: int = 0
    cuts: tuple[Cut, ...] = field(default=(), repr=False)

    @property
    def has_blocks(self) -> bool:
        """Whether blocks say where the file's samples were seen to be reference."""
        return self.blocks > self.bare_blocks


@dataclass(frozen=True)
class KeptField:
    """An INFO or FORMAT field that becomes a column."""

    field: Field
    column: str
    sql_type: str


@dataclass(frozen=True)
class Stretch:
    """A run of whole records of a file, cut where no variant of one side reaches the other.

    `start` and `end` (exclusive) are offsets as those of a Cut; `text_bytes` is what lies between
    them, unpacked; `records` how many records, and `records_before` how many lie before them.
    """

    start: int
    end: int
    text_bytes: int
    records: int
    records_before: int = 0


@dataclass(frozen=True)
class PartInput:
    """One file of a part.

    `sample_columns[i]` is the batch-local index (0-based) of the file's i-th sample.
    `records` is how many records the whole file has: its reader stops there, because htslib crashes
    on the blank lines that may follow. `regions` (per_sample batches without blocks): where its
    samples are taken for reference if no record says otherwise. `stretch`: these records alone are
    the part's; None: the whole file's.
    """

    path: Path
    kind: FileKind
    index: Path | None
    sample_columns: tuple[int, ...] = field(repr=False)
    records: int | None = None
    regions: Regions | None = field(default=None, repr=False)
    stretch: Stretch | None = None


@dataclass(frozen=True)
class Part:
    """A piece of a batch that one worker reads, encodes and writes on its own.

    Records with `contig` (lake's name, or None: every kept contig of the files) and, if given,
    start <= POS <= end belong to it. `contig_names` maps the files' contig names to the lake's;
    a name that is not in it is skipped and counted. Several inputs overlap each other and are
    read as one sorted stream, with the contigs in the order of `contigs` (the lake's names).
    """

    number: int
    inputs: tuple[PartInput, ...] = field(repr=False)
    contig: str | None
    start: int | None
    end: int | None
    expected_records: int | None
    contigs: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class BatchSpec:
    """What all parts of a batch share.

    `first_sample` is the sample number of batch-local index 0. `has_blocks`: the files of a
    per_sample batch have reference blocks. `regions`: those of a joint batch, for all its samples.
    """

    batch: int
    first_sample: int
    sample_total: int
    contig_names: dict[str, str] = field(repr=False)
    contig_lengths: dict[str, int] = field(repr=False)
    zones: tuple[Zone, ...] = field(repr=False)
    info: tuple[KeptField, ...] = field(repr=False)
    format: tuple[KeptField, ...] = field(repr=False)
    has_adj: bool
    has_dp: bool
    has_gq: bool
    has_ps: bool
    duplicates: DuplicatesRule = "refuse"
    half_calls_are_haploid: bool = False
    filter_genotypes_by_ft: bool = False
    reference: Path | None = None
    strict: bool = False
    has_ad: bool = False
    kind: SampledKind = "joint"
    has_blocks: bool = False
    regions: Regions | None = field(default=None, repr=False)

    @property
    def has_details(self) -> bool:
        """Whether the batch has anything to say of a carrier beside alleles and phase."""
        fields = self.has_dp or self.has_gq or self.has_ad or self.has_ps or bool(self.format)
        return self.has_adj or fields


@dataclass(frozen=True)
class PartSummary:
    """What a part did.

    `counts`: records_read, records_skipped, records_kept, variants, split_records, star_alleles,
    reference_records (ALT .), symbolic_alleles, duplicates_alike, duplicates_resolved, trimmed,
    left_aligned, calls_rare, calls_common, bits, genotypes.
    """

    part: int
    files: tuple[StagedFile, ...]
    counts: dict[str, int]
    notices: tuple[Notice, ...] = ()
    contigs: tuple[str, ...] = ()
