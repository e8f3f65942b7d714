"""Every statistic again, in plain Python over plain VCF text; imports nothing of ours.

It is written from the definitions (the table "What counts as what" of the manual), not from the SQL
or the encoder, so that the two can be wrong only in different ways. Read it top to bottom:

    read_vcf          text -> CallSet of Records
    minimal_alleles   trimming; end_position, sv_length: what makes a Variant
    genotype_of       one sample's GT and fields, seen from one ALT -> Genotype
    Batch             one call set whose samples were all asked at all records
    Lake              several batches, sexes, attributes: what an `allelake` lake holds
    counted           one genotype under a policy and a ploidy rule -> Counted, or None (unknown)
    allele_frequency, genotype_counts, carriers, call_rate, hardy_weinberg, private_variants ...

Samples that were each asked alone (gVCFs, single-sample VCFs) are in `reference_per_sample`.
"""

import gzip
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, lru_cache
from math import comb, floor
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

Sex = Literal["XX", "XY"] | None
ZoneKind = Literal["autosome", "x", "y", "x_par", "y_par", "mt"]
Policy = Literal["raw", "raw_blocks", "adj@1"]
PloidyRule = Literal["as_called", "by_sex"]
FilterRule = Literal["any", "pass"]

Source = Literal["record", "block", "assumed"]
Treatment = Literal["as called", "haploid", "missing", "unknown"]

NEVER_A_VARIANT = {"<NON_REF>", "<*>"}
SEQUENCE = re.compile(r"[ACGTUNRYSWKMBDHVacgtunryswkmbdhv]+")


# --- reading VCF text -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Record:
    """One line of a VCF, as written. `filters`: None is `.`, an empty tuple is PASS."""

    contig: str
    position: int
    ids: tuple[str, ...]
    ref: str
    alts: tuple[str, ...]
    filters: tuple[str, ...] | None
    info: Mapping[str, str]
    format: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def has_genotypes(self) -> bool:
        return "GT" in self.format and bool(self.columns)

    def info_numbers(self, key: str) -> list[int | None]:
        """The comma-separated integers of an INFO field; an empty list where it is not there."""
        text = self.info.get(key, "")
        return (
            [None if item in (".", "") else int(float(item)) for item in text.split(",")]
            if text
            else []
        )


@dataclass(frozen=True)
class CallSet:
    """One VCF: its samples, the FORMAT fields it declares, its records in file order."""

    samples: tuple[str, ...]
    declared_format: frozenset[str]
    records: tuple[Record, ...]


def text_of(path: Path) -> str:
    """The text of a VCF file, plain or compressed (BGZF is gzip in many members)."""
    raw = path.read_bytes()
    return (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode()


def read_vcf(text: str) -> CallSet:
    """A VCF's records. Empty lines and carriage returns at line ends mean nothing."""
    samples: tuple[str, ...] = ()
    declared = set()
    records = []
    for line in text.split("\n"):
        line = line.removesuffix("\r")
        if line.startswith("##"):
            if found := re.match(r"##FORMAT=<ID=([^,>]+)", line):
                declared.add(found.group(1))
        elif line.startswith("#"):
            samples = tuple(line.split("\t")[9:])
        elif line:
            records.append(read_record(line.split("\t")))
    return CallSet(samples, frozenset(declared), tuple(records))


def read_record(columns: Sequence[str]) -> Record:
    contig, position, ids, ref, alt, _qual, filters, info = columns[:8]
    return Record(
        contig=contig,
        position=int(position),
        ids=() if ids == "." else tuple(ids.split(";")),
        ref=ref,
        alts=() if alt == "." else tuple(alt.split(",")),
        filters=read_filters(filters),
        info=read_info(info),
        format=tuple(columns[8].split(":")) if len(columns) > 8 else (),
        columns=tuple(columns[9:]),
    )


def read_filters(text: str) -> tuple[str, ...] | None:
    if text == ".":
        return None
    return () if text == "PASS" else tuple(text.split(";"))


def read_info(text: str) -> dict[str, str]:
    pairs = (item.partition("=") for item in text.split(";") if item not in (".", ""))
    return {key: value for key, _, value in pairs}


# --- alleles --------------------------------------------------------------------------------------


class Variant(NamedTuple):
    """One alternate allele, and what tells it from every other one."""

    contig: str
    position: int
    ref: str
    alt: str
    end_position: int
    sv_length: int | None


def is_sequence(allele: str) -> bool:
    return SEQUENCE.fullmatch(allele) is not None


def is_symbolic(allele: str) -> bool:
    return allele.startswith("<") and allele.endswith(">")


def is_breakend(allele: str) -> bool:
    return (
        "[" in allele
        or "]" in allele
        or (len(allele) > 1 and (allele[0] == "." or allele[-1] == "."))
    )


def is_a_variant(alt: str) -> bool:
    """Whether an ALT stands for a variant of its own: `*`, `<NON_REF>` and `<*>` never do."""
    return alt != "*" and alt not in NEVER_A_VARIANT


def minimal_alleles(position: int, ref: str, alt: str) -> tuple[int, str, str]:
    """The same change without shared bases: the suffix cut first, then the prefix, one base kept.

    VCF's bases have no case.

    >>> minimal_alleles(100, "CAGT", "CGT")
    (100, 'CA', 'C')
    >>> minimal_alleles(100, "ATT", "ATC")
    (102, 'T', 'C')
    >>> minimal_alleles(100, "AT", "<DEL>")
    (100, 'AT', '<DEL>')
    """
    if not (is_sequence(ref) and is_sequence(alt)):
        return position, ref, alt
    ref, alt = ref.upper(), alt.upper()
    while len(ref) > 1 and len(alt) > 1 and ref[-1] == alt[-1]:
        ref, alt = ref[:-1], alt[:-1]
    while len(ref) > 1 and len(alt) > 1 and ref[0] == alt[0]:
        position, ref, alt = position + 1, ref[1:], alt[1:]
    return position, ref, alt


def variant_of(record: Record, index: int, contig: str) -> Variant:
    """The variant that ALT number `index` (from 1) of a record is; `contig` is the lake's name."""
    alt = record.alts[index - 1]
    position, ref, alt = minimal_alleles(record.position, record.ref, alt)
    if not is_symbolic(alt):
        return Variant(contig, position, ref, alt, position + len(ref) - 1, None)
    length = sv_length_of(record, index)
    ends = record.info_numbers("END")
    if ends and ends[0] is not None and ends[0] >= position:
        end = ends[0]
    elif length is not None and spans_reference(alt):
        end = position + abs(length)
    else:
        end = position
    return Variant(contig, position, ref, alt, end, length)


def sv_length_of(record: Record, index: int) -> int | None:
    """SVLEN of one ALT: a value per ALT, or one value that holds for all."""
    lengths = record.info_numbers("SVLEN")
    if len(lengths) >= index and len(lengths) == len(record.alts):
        return lengths[index - 1]
    return lengths[0] if lengths else None


def spans_reference(symbolic: str) -> bool:
    """Whether a symbolic allele takes up reference bases: an insertion stands between two."""
    return symbolic.strip("<>").split(":")[0] in {"DEL", "DUP", "INV", "CNV"}


def kind_of(variant: Variant) -> str:
    """snv, mnv, insertion, deletion, symbolic or breakend."""
    if is_symbolic(variant.alt):
        return "symbolic"
    if is_breakend(variant.alt):
        return "breakend"
    if len(variant.ref) == len(variant.alt):
        return "snv" if len(variant.ref) == 1 else "mnv"
    return "insertion" if len(variant.alt) > len(variant.ref) else "deletion"


def is_transition(variant: Variant) -> bool:
    """A<->G or C<->T."""
    return {variant.ref.upper(), variant.alt.upper()} in ({"A", "G"}, {"C", "T"})


# --- genotypes ------------------------------------------------------------------------------------


class Genotype(NamedTuple):
    """One sample's genotype seen from one ALT.

    `ploidy` is how many alleles the GT has room for. `haplotype`: 1 or 2 where a phased diploid
    genotype has one copy.
    """

    alt_count: int
    called_count: int
    ploidy: int
    phased: bool
    haplotype: int | None
    phase_set: int | None
    dp: int | None
    gq: int | None
    ad_ref: int | None
    ad_alt: int | None


@lru_cache(maxsize=100_000)
def alleles_of(gt: str) -> tuple[tuple[int | None, ...], bool]:
    """The allele numbers of a GT (None: missing) and whether it is phased.

    A leading separator (VCF 4.4) is a mark of phase, not an allele.

    >>> alleles_of("0|1")
    ((0, 1), True)
    >>> alleles_of("./1")
    ((None, 1), False)
    >>> alleles_of(".")
    ((None,), False)
    """
    body = gt[1:] if gt[:1] in "/|" else gt
    parts = re.split(r"[/|]", body)
    if len(parts) > 2:
        raise ValueError(f"ploidy {len(parts)} in {gt}")
    phased = len(parts) == 2 and "|" in body
    return tuple(None if part == "." else int(part) for part in parts), phased


def number(text: str | None) -> int | None:
    """A field's number, its whole part if it has another (callers write GQ as a float, too).

    None where nothing is written, or something else (PS may be any text).
    """
    return floor(float(text)) if text and re.fullmatch(r"[-+]?[\d.]*\d[\d.eE+-]*", text) else None


def genotype_of(record: Record, column: str, index: int) -> Genotype:
    """A sample's genotype, seen from ALT number `index` (from 1) of its record."""
    values = dict(zip(record.format, column.split(":"), strict=False))
    alleles, phased = alleles_of(values["GT"])
    if any(allele is not None and allele > len(record.alts) for allele in alleles):
        raise ValueError(f"{record.contig}:{record.position}: allele beyond ALT")
    called = [
        a
        for a in alleles
        if a is not None and (a == 0 or record.alts[a - 1] not in NEVER_A_VARIANT)
    ]
    alt_count = called.count(index)
    depths = (values.get("AD") or "").split(",")
    # With more or fewer depths than alleles nobody can tell which allele one is of.
    if len(depths) != 1 + len(record.alts):
        depths = []
    one_of_two = phased and len(alleles) == 2 and alt_count == 1
    return Genotype(
        alt_count=alt_count,
        called_count=len(called),
        ploidy=len(alleles),
        phased=phased,
        haplotype=alleles.index(index) + 1 if one_of_two else None,
        phase_set=number(values.get("PS")),
        dp=number(values.get("DP")),
        gq=number(values.get("GQ")),
        ad_ref=number(depths[0]) if depths else None,
        ad_alt=number(depths[index]) if depths else None,
    )


def passes_adj(genotype: Genotype, *, as_haploid: bool) -> bool:
    """gnomAD's adj made exact: GQ >= 20, DP >= 10 (5 if haploid), a het a fifth of the reads.

    A missing GQ, DP or AD fails. The share of reads is compared without division.
    """
    if None in (genotype.gq, genotype.dp, genotype.ad_ref, genotype.ad_alt):
        return False
    assert genotype.gq is not None and genotype.dp is not None and genotype.ad_alt is not None
    if genotype.gq < 20 or genotype.dp < (5 if as_haploid else 10):
        return False
    if genotype.alt_count == 1 and genotype.called_count == 2:
        return 5 * genotype.ad_alt >= genotype.dp
    return True


# --- what a lake holds ----------------------------------------------------------------------------


class Zone(NamedTuple):
    contig: str
    start: int
    end: int
    kind: ZoneKind


LENGTHS = {"GRCh37": {"MT": 16_569}, "GRCh38": {"chrM": 16_569}}  # where tests reach the end

# PAR, 1-based, inclusive: Hail's reference JSON (its ends are exclusive), plink2 --split-par.
PAR = {
    "GRCh37": {
        "X": ((60_001, 2_699_520), (154_931_044, 155_260_560)),
        "Y": ((10_001, 2_649_520), (59_034_050, 59_363_566)),
    },
    "GRCh38": {
        "chrX": ((10_001, 2_781_479), (155_701_383, 156_030_895)),
        "chrY": ((10_001, 2_781_479), (56_887_903, 57_217_415)),
    },
}


def zone_at(assembly: str, contig: str, position: int) -> ZoneKind:
    """Where a position lies, for the number of copies that a sex has of it."""
    if contig in ("MT", "chrM"):
        return "mt"
    if contig not in PAR[assembly]:
        return "autosome"
    letter = contig[-1].lower()
    in_par = any(start <= position <= end for start, end in PAR[assembly][contig])
    return f"{letter}_par" if in_par else letter  # type: ignore[return-value]


def lake_contig(assembly: str, name: str) -> str:
    """A contig as the assembly names it: bare in GRCh37, with `chr` in GRCh38."""
    bare = name.removeprefix("chr")
    bare = "MT" if bare == "M" else bare
    if assembly == "GRCh37":
        return bare
    return "chrM" if bare == "MT" else f"chr{bare}"


@dataclass(frozen=True)
class BatchSite:
    """What one batch says of one variant.

    `genotypes` is None where its record has no GT, and None for a sample without a record of its
    own. `own_filters`: those of each sample's own record, where samples were asked alone.
    """

    filters: tuple[str, ...] | None
    genotypes: tuple[Genotype | None, ...] | None
    ids: tuple[str, ...]
    duplicates: int = 0
    own_filters: tuple[tuple[str, ...] | None, ...] | None = None

    @property
    def filter_text(self) -> str:
        return filter_text(self.filters)

    def filter_text_of(self, column: int) -> str:
        """What the record failed that a sample's genotype was read from."""
        return (
            self.filter_text if self.own_filters is None else filter_text(self.own_filters[column])
        )

    def is_kept(self, rule: FilterRule) -> bool:
        return rule == "any" or not self.filters


def filter_text(filters: tuple[str, ...] | None) -> str:
    return "." if filters is None else ";".join(filters) or "PASS"


class DuplicatesError(ValueError):
    """Records of one batch that come to one variant and are unlike."""


@dataclass(frozen=True)
class Batch:
    """The files of one call set: all have the same samples, though perhaps in another order.

    `regions` are those of a BED, (contig, first, last base): with `absent` "regions" a variant that
    the call set has no record of is reference where they hold all of its span.
    """

    texts: tuple[str, ...]
    absent: Literal["unknown", "reference", "regions"] = "unknown"
    duplicates: Literal["refuse", "first", "most_alt"] = "refuse"
    assembly: str = "GRCh38"
    regions: "tuple[Region, ...]" = ()

    @cached_property
    def call_sets(self) -> tuple[CallSet, ...]:
        return tuple(read_vcf(text) for text in self.texts)

    @cached_property
    def samples(self) -> tuple[str, ...]:
        return self.call_sets[0].samples

    @cached_property
    def has_adj(self) -> bool:
        return all({"GQ", "DP", "AD"} <= calls.declared_format for calls in self.call_sets)

    @cached_property
    def contigs(self) -> frozenset[str]:
        """Contigs on which the batch has a record."""
        return frozenset(
            lake_contig(self.assembly, r.contig) for c in self.call_sets for r in c.records
        )

    @cached_property
    def sites(self) -> dict[Variant, BatchSite]:
        found: dict[Variant, list[BatchSite]] = {}
        for variant, site in self.all_sites():
            found.setdefault(variant, []).append(site)
        return {variant: self.one_of(variant, sites) for variant, sites in found.items()}

    def all_sites(self) -> Iterator[tuple[Variant, BatchSite]]:
        for calls in self.call_sets:
            order = [calls.samples.index(name) for name in self.samples]
            for record in calls.records:
                for index, alt in enumerate(record.alts, 1):
                    if is_a_variant(alt):
                        yield self.site(record, index, order)

    def site(self, record: Record, index: int, order: Sequence[int]) -> tuple[Variant, BatchSite]:
        variant = variant_of(record, index, lake_contig(self.assembly, record.contig))
        genotypes = None
        if record.has_genotypes:
            genotypes = tuple(
                genotype_of(record, record.columns[column], index) for column in order
            )
        return variant, BatchSite(record.filters, genotypes, record.ids)

    def one_of(self, variant: Variant, sites: list[BatchSite]) -> BatchSite:
        """The site that stands where several records come to one variant: alike ones are one."""
        if len(sites) == 1:
            return sites[0]
        if (
            all(calls_of(site) == calls_of(sites[0]) for site in sites)
            or self.duplicates == "first"
        ):
            chosen = sites[0]
        elif self.duplicates == "most_alt":
            chosen = max(sites, key=copies_of)
        else:
            raise DuplicatesError(f"unlike records of {variant}")
        return BatchSite(chosen.filters, chosen.genotypes, chosen.ids, len(sites) - 1)

    def answer(
        self, column: int, sex: Sex, variant: Variant, zone: ZoneKind, rules: "Rules"
    ) -> "SampleAnswer":
        """What one sample adds at a variant."""
        site = self.sites.get(variant)
        if site is None:
            if rules.policy == "adj@1" or not self.is_reference_by_rule(variant):
                return UNKNOWN
            return SampleAnswer(assumed(zone, sex), "assumed")
        if site.genotypes is None or not site.is_kept(rules.filter):
            return UNKNOWN
        if rules.policy == "adj@1" and not self.has_adj:
            return UNKNOWN
        genotype = site.genotypes[column]
        assert genotype is not None
        return recorded(genotype, sex, zone, rules)

    def is_reference_by_rule(self, variant: Variant) -> bool:
        """Whether no record means reference at a variant."""
        if self.absent == "regions":
            first, last = variant.position, variant.end_position
            last += len(variant.ref) == 1 and len(variant.alt) > 1
            return is_sequence(variant.alt) and all(
                any(c == variant.contig and a <= base <= b for c, a, b in self.regions)
                for base in range(first, last + 1)
            )
        return self.absent == "reference" and variant.contig in self.contigs


class AnyBatch(Protocol):
    """What a lake asks of a batch."""

    assembly: str

    @property
    def samples(self) -> tuple[str, ...]: ...
    @property
    def sites(self) -> Mapping[Variant, BatchSite]: ...
    @property
    def has_adj(self) -> bool: ...
    def answer(
        self, column: int, sex: Sex, variant: Variant, zone: ZoneKind, rules: "Rules"
    ) -> "SampleAnswer": ...


def calls_of(site: BatchSite) -> list[tuple[int, int, int]] | None:
    """What makes two records of one variant alike: copies, called alleles, ploidy of everyone."""
    if site.genotypes is None:
        return None
    return [(g.alt_count, g.called_count, g.ploidy) for g in site.genotypes if g is not None]


def copies_of(site: BatchSite) -> int:
    return sum(g.alt_count for g in site.genotypes or () if g is not None)


@dataclass(frozen=True)
class Lake:
    """Batches of different samples, with the sex and other attributes of each sample by name.

    `participants`: whose sample it is where that is not its own name. `preferred`: samples that
    count for their participant, before all others.
    """

    batches: tuple[AnyBatch, ...]
    assembly: str = "GRCh38"
    sexes: Mapping[str, Sex] = field(default_factory=dict)
    attributes: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    participants: Mapping[str, str] = field(default_factory=dict)
    preferred: frozenset[str] = frozenset()
    withdrawn: frozenset[str] = frozenset()  # samples

    @cached_property
    def samples(self) -> tuple[str, ...]:
        return tuple(
            name for batch in self.batches for name in batch.samples if name not in self.withdrawn
        )

    @cached_property
    def variants(self) -> tuple[Variant, ...]:
        seen = {variant: None for batch in self.batches for variant in batch.sites}
        return tuple(seen)

    def counted_once(self, chosen: Iterable[str]) -> tuple[str, ...]:
        """Of the chosen samples one for each participant: a preferred one, else the first."""
        picked = set(chosen)
        kept: dict[str, str] = {}
        for name in self.samples:
            person = self.participants.get(name, name)
            if name in picked and (
                person not in kept
                or (name in self.preferred and kept[person] not in self.preferred)
            ):
                kept[person] = name
        return tuple(name for name in self.samples if name in set(kept.values()))


Region = tuple[str, int, int]


def in_regions(variant: Variant, regions: Iterable[Region] | None) -> bool:
    """Whether a variant's position (not its span) lies in a region; None is everywhere."""
    if regions is None:
        return True
    return any(
        c == variant.contig and start <= variant.position <= end for c, start, end in regions
    )


# --- one genotype under the rules -----------------------------------------------------------------

Shape = Literal[
    "homozygous_reference",
    "heterozygous",
    "homozygous",
    "hemizygous",
    "half_call",
    "single_reference",
    "missing",
]


class Counted(NamedTuple):
    """What one sample adds at a variant."""

    ac: int
    an: int
    shape: Shape


MISSING = Counted(0, 0, "missing")


def as_called(genotype: Genotype) -> Counted:
    """A genotype by what was written."""
    alt, called = genotype.alt_count, genotype.called_count
    if called == 0:
        return MISSING
    if called == 2:
        return Counted(alt, 2, ("homozygous_reference", "heterozygous", "homozygous")[alt])  # type: ignore[arg-type]
    if alt == 0:
        return Counted(0, 1, "single_reference")
    return Counted(1, 1, "hemizygous" if genotype.ploidy == 1 else "half_call")


def as_one_allele(genotype: Genotype) -> Counted:
    """A genotype of someone with one copy of the contig there: a het call cannot be, so missing."""
    alt, called = genotype.alt_count, genotype.called_count
    if called == 0 or (alt == 1 and called == 2):
        return MISSING
    return Counted(1, 1, "hemizygous") if alt else Counted(0, 1, "single_reference")


def treatment(zone: ZoneKind, sex: Sex, ploidy: PloidyRule) -> Treatment:
    """How a person of a sex is counted in a zone."""
    if ploidy == "as_called" or zone not in ("x", "y", "y_par"):
        return "as called"
    if sex is None:
        return "unknown"
    if sex == "XX":
        return "as called" if zone == "x" else "missing"
    return "as called" if zone == "y_par" else "haploid"


def counted(
    genotype: Genotype, zone: ZoneKind, sex: Sex, policy: Policy, ploidy: PloidyRule
) -> Counted | None:
    """What a sample adds; None where it is unknown because its sex is."""
    how = treatment(zone, sex, ploidy)
    if how == "unknown":
        return None
    if how == "missing":
        return MISSING
    single = how == "haploid"
    as_haploid = single or genotype.ploidy == 1
    if (
        policy == "adj@1"
        and genotype.called_count
        and not passes_adj(genotype, as_haploid=as_haploid)
    ):
        return MISSING
    return as_one_allele(genotype) if single else as_called(genotype)


ASSUMED_SHAPES: dict[int, Counted] = {
    0: MISSING,
    1: Counted(0, 1, "single_reference"),
    2: Counted(0, 2, "homozygous_reference"),
}


def assumed(zone: ZoneKind, sex: Sex) -> Counted | None:
    """What a sample adds where its batch has no record and absence was declared reference."""
    if zone in ("x", "y", "y_par") and sex is None:
        return None
    copies = {"x": {"XX": 2, "XY": 1}, "y": {"XX": 0, "XY": 1}, "y_par": {"XX": 0, "XY": 2}}
    if zone in copies:
        return ASSUMED_SHAPES[copies[zone][sex]]  # type: ignore[index]
    return ASSUMED_SHAPES[1 if zone == "mt" else 2]


class SampleAnswer(NamedTuple):
    """What one sample adds at a variant.

    `room` is how many alleles there is room for; None where nobody asked: there is no record with
    genotypes and no block, what it adds was assumed or is unknown.
    """

    counted: Counted | None
    source: Source = "record"
    room: int | None = None


UNKNOWN = SampleAnswer(None)


@dataclass(frozen=True)
class Rules:
    """Which genotypes count, and how."""

    policy: Policy = "raw"
    ploidy: PloidyRule = "as_called"
    filter: FilterRule = "any"


RAW = Rules()


class AdjError(ValueError):
    """No batch of the lake has what the policy needs."""


def answers_at(lake: Lake, variant: Variant, rules: Rules) -> dict[str, SampleAnswer]:
    """What every sample of the lake adds at one variant."""
    if rules.policy == "adj@1" and not any(batch.has_adj for batch in lake.batches):
        raise AdjError("no batch declares GQ, DP and AD")
    zone = zone_at(lake.assembly, variant.contig, variant.position)
    answers: dict[str, SampleAnswer] = {}
    for batch in lake.batches:
        for column, name in enumerate(batch.samples):
            answers[name] = batch.answer(column, lake.sexes.get(name), variant, zone, rules)
    return answers


def recorded(genotype: Genotype, sex: Sex, zone: ZoneKind, rules: Rules) -> SampleAnswer:
    """What a sample adds by the genotype of a record."""
    answer = counted(genotype, zone, sex, rules.policy, rules.ploidy)
    if answer is None:
        return UNKNOWN
    single = treatment(zone, sex, rules.ploidy) == "haploid"
    return SampleAnswer(answer, room=1 if single else genotype.ploidy)


def known_variants(lake: Lake, regions: Iterable[Region] | None, rules: Rules) -> list[Variant]:
    """The variants of a region that some batch has in a record the filter rule keeps."""
    chosen = None if regions is None else list(regions)
    return [
        variant
        for variant in lake.variants
        if in_regions(variant, chosen)
        and any(variant in b.sites and b.sites[variant].is_kept(rules.filter) for b in lake.batches)
    ]


def filters_shown(lake: Lake, variant: Variant) -> str:
    """The filter texts of all batches that have the variant: distinct, sorted, joined by `|`.

    Under `pass` too: a text that failed explains why that batch's samples are unknown.
    """
    sites = [batch.sites[variant] for batch in lake.batches if variant in batch.sites]
    return "|".join(sorted({site.filter_text for site in sites}))


# --- the questions --------------------------------------------------------------------------------


class Frequency(NamedTuple):
    """One row of allele_frequency, without the key."""

    ac: int
    an: int
    af: float | None
    homozygotes: int
    heterozygotes: int
    hemizygotes: int
    half_calls: int
    an_record: int
    an_block: int
    an_assumed: int
    unknown_samples: int
    filters: str
    zero_reason: str | None


def allele_frequency(
    lake: Lake,
    cohort: Iterable[str] | None = None,
    regions: Iterable[Region] | None = None,
    rules: Rules = RAW,
    *,
    min_ac: int = 0,
    min_an: int = 0,
) -> dict[Variant, Frequency]:
    """How common each variant is among a cohort's samples (None: everyone)."""
    members = lake.samples if cohort is None else tuple(cohort)
    found = {}
    for variant in known_variants(lake, regions, rules):
        answers = answers_at(lake, variant, rules)
        called = copies_called(lake, variant, members)
        shown = filters_shown(lake, variant)
        row = frequency_of([answers[name] for name in members], shown, called)
        if row.ac >= min_ac and row.an >= min_an:
            found[variant] = row
    return found


def copies_called(lake: Lake, variant: Variant, members: Iterable[str]) -> int:
    """Copies in any record of these samples, whatever policy, filter and ploidy make of them."""
    chosen = set(members)
    return sum(
        genotype.alt_count
        for batch in lake.batches
        if (site := batch.sites.get(variant)) is not None
        for name, genotype in zip(batch.samples, site.genotypes or (), strict=False)
        if name in chosen and genotype is not None
    )


def frequency_of(answers: Sequence[SampleAnswer], filters: str, copies: int) -> Frequency:
    known = [(a.counted, a.source) for a in answers if a.counted is not None]
    shapes = [c.shape for c, _ in known]
    ac = sum(c.ac for c, _ in known)
    parts = {
        part: sum(c.an for c, source in known if source == part)
        for part in ("record", "block", "assumed")
    }
    an = sum(parts.values())
    reason = None
    if ac == 0:
        reason = "filtered" if copies else "no_variant" if an else "no_data"
    return Frequency(
        ac=ac,
        an=an,
        af=ac / an if an else None,
        homozygotes=shapes.count("homozygous"),
        heterozygotes=shapes.count("heterozygous"),
        hemizygotes=shapes.count("hemizygous"),
        half_calls=shapes.count("half_call"),
        an_record=parts["record"],
        an_block=parts["block"],
        an_assumed=parts["assumed"],
        unknown_samples=len(answers) - len(known),
        filters=filters,
        zero_reason=reason,
    )


def allele_frequency_by(
    lake: Lake,
    attribute: str,
    cohort: Iterable[str] | None = None,
    regions: Iterable[Region] | None = None,
    rules: Rules = RAW,
    **bounds: int,
) -> dict[tuple[Variant, str | None], Frequency]:
    """The same for each value of an attribute; people without a value are a group."""
    members = lake.samples if cohort is None else tuple(cohort)
    values = lake.sexes if attribute == "sex" else lake.attributes[attribute]
    chosen = None if regions is None else list(regions)
    found = {}
    for value in {values.get(name) for name in members}:
        part = [name for name in members if values.get(name) == value]
        rows = allele_frequency(lake, part, chosen, rules, **bounds)
        found.update({(variant, value): row for variant, row in rows.items()})
    return found


class GenotypeCounts(NamedTuple):
    """One row of genotype_counts, without the key. They add up to the cohort's size."""

    homozygous_reference: int
    heterozygotes: int
    homozygotes: int
    hemizygotes: int
    half_calls: int
    single_reference: int
    missing: int
    unknown_samples: int


def genotype_counts(
    lake: Lake,
    cohort: Iterable[str] | None = None,
    regions: Iterable[Region] | None = None,
    rules: Rules = RAW,
) -> dict[Variant, GenotypeCounts]:
    members = lake.samples if cohort is None else tuple(cohort)
    found = {}
    for variant in known_variants(lake, regions, rules):
        answers = answers_at(lake, variant, rules)
        shapes = [
            a.shape if (a := answers[name].counted) is not None else "unknown" for name in members
        ]
        found[variant] = GenotypeCounts(
            *(
                shapes.count(shape)
                for shape in (
                    "homozygous_reference",
                    "heterozygous",
                    "homozygous",
                    "hemizygous",
                    "half_call",
                    "single_reference",
                    "missing",
                    "unknown",
                )
            )
        )
    return found


class Carrier(NamedTuple):
    """One row of carriers, without variant and sample; the counts are those that count."""

    alt_count: int
    called_count: int
    ploidy: int
    haplotype: int | None
    phase_set: int | None
    dp: int | None
    gq: int | None
    ad_ref: int | None
    ad_alt: int | None
    batch: int
    filters: str


def carriers(
    lake: Lake,
    cohort: Iterable[str] | None = None,
    regions: Iterable[Region] | None = None,
    rules: Rules = RAW,
) -> dict[tuple[Variant, str], Carrier]:
    """Who has at least one copy that counts."""
    members = set(lake.samples if cohort is None else cohort)
    found = {}
    for variant in known_variants(lake, regions, rules):
        answers = answers_at(lake, variant, rules)
        for batch_number, batch in enumerate(lake.batches, 1):
            site = batch.sites.get(variant)
            if site is None or site.genotypes is None:
                continue
            for column, (name, genotype) in enumerate(
                zip(batch.samples, site.genotypes, strict=True)
            ):
                answer = answers[name].counted
                if name in members and genotype and answer is not None and answer.ac:
                    found[variant, name] = Carrier(
                        answer.ac,
                        answer.an,
                        genotype.ploidy,
                        genotype.haplotype,
                        genotype.phase_set,
                        genotype.dp,
                        genotype.gq,
                        genotype.ad_ref,
                        genotype.ad_alt,
                        batch_number,
                        site.filter_text_of(column),
                    )
    return found


class CallRate(NamedTuple):
    """One row of call_rate, without the key: the first four are of those who were asked."""

    samples: int
    fully_called: int
    half_called: int
    missing: int
    unknown_samples: int
    call_rate: float | None


def call_rate(
    lake: Lake,
    cohort: Iterable[str] | None = None,
    regions: Iterable[Region] | None = None,
    rules: Rules = RAW,
) -> dict[Variant, CallRate]:
    """How many people were called at each variant, of those a record asked about."""
    members = lake.samples if cohort is None else tuple(cohort)
    found = {}
    for variant in known_variants(lake, regions, rules):
        answers = answers_at(lake, variant, rules)
        found[variant] = call_rate_of([answers[name] for name in members])
    return found


def call_rate_of(answers: Sequence[SampleAnswer]) -> CallRate:
    asked = [
        (a.counted.an, a.room) for a in answers if a.counted is not None and a.room is not None
    ]
    fully = sum(an == room for an, room in asked)
    missing = sum(an == 0 for an, _ in asked)
    return CallRate(
        samples=len(asked),
        fully_called=fully,
        half_called=len(asked) - fully - missing,
        missing=missing,
        unknown_samples=sum(a.counted is None for a in answers),
        call_rate=fully / len(asked) if asked else None,
    )


class Private(NamedTuple):
    """One row of private_variants, without the key."""

    ac: int
    an: int
    af: float
    an_others: int
    homozygotes: int
    heterozygotes: int
    hemizygotes: int
    half_calls: int


def private_variants(
    lake: Lake,
    cohort: Iterable[str],
    regions: Iterable[Region] | None = None,
    rules: Rules = RAW,
) -> dict[Variant, Private]:
    """Variants that somebody in the cohort carries and nobody else of the lake does."""
    members = tuple(cohort)
    others = [name for name in lake.samples if name not in set(members)]
    chosen = None if regions is None else list(regions)
    inside = allele_frequency(lake, members, chosen, rules)
    outside = allele_frequency(lake, others, chosen, rules)
    return {
        v: Private(f.ac, f.an, f.ac / f.an, outside[v].an, *f[3:7])
        for v, f in inside.items()
        if f.ac and not outside[v].ac
    }


class Overlap(NamedTuple):
    """The row of cohort_overlap, without the names; samples and people are the same here."""

    samples: int
    other_samples: int
    shared_samples: int
    shared_people: int
    is_subset: bool
    jaccard: float | None


def cohort_overlap(one: Iterable[str], other: Iterable[str]) -> Overlap:
    first, second = set(one), set(other)
    shared, either = len(first & second), len(first | second)
    jaccard = shared / either if either else None
    return Overlap(len(first), len(second), shared, shared, first <= second, jaccard)


class Known(NamedTuple):
    """One row of variants_in, without the key."""

    kind: str
    ids: str | None
    filters: str
    batches: int


def variants_in(lake: Lake, regions: Iterable[Region] | None = None) -> dict[Variant, Known]:
    """What the batches say of each variant, whoever carries it."""
    found = {}
    for variant in known_variants(lake, regions, RAW):
        sites = [batch.sites[variant] for batch in lake.batches if variant in batch.sites]
        ids = ";".join(sorted({name for site in sites for name in site.ids})) or None
        found[variant] = Known(kind_of(variant), ids, filters_shown(lake, variant), len(sites))
    return found


# --- Hardy-Weinberg -------------------------------------------------------------------------------


class HardyWeinberg(NamedTuple):
    """One row of hardy_weinberg, without the key: people with two called alleles, and the test.

    The p are None where there is nothing to test: nobody with two alleles, or on Y and MT.
    """

    homozygous_reference: int
    heterozygotes: int
    homozygotes: int
    expected_heterozygotes: float | None
    p_exact: float | None
    p_mid: float | None


def heterozygote_weights(copies_of_rarer: int, samples: int) -> dict[int, int]:
    """How many arrangements of the alleles give each number of heterozygotes (Wigginton 2005).

    P(het = x) is proportional to 2^x n! / (n_AA! x! n_BB!), all integers, so ties are exact.
    """
    weights = {}
    for het in range(copies_of_rarer % 2, copies_of_rarer + 1, 2):
        rare_homozygotes = (copies_of_rarer - het) // 2
        if het + rare_homozygotes <= samples:
            ways = comb(samples, het) * comb(samples - het, rare_homozygotes)
            weights[het] = ways * 2**het
    return weights


def hardy_weinberg_p(
    homozygous_reference: int, heterozygotes: int, homozygotes: int
) -> tuple[Fraction, Fraction]:
    """The two-sided exact p and the mid-p of one table of diploid genotypes.

    >>> exact, mid = hardy_weinberg_p(250, 500, 250)
    >>> float(exact), round(float(mid), 5)
    (1.0, 0.97478)
    """
    samples = homozygous_reference + heterozygotes + homozygotes
    rarer = 2 * min(homozygous_reference, homozygotes) + heterozygotes
    weights = heterozygote_weights(rarer, samples)
    observed, total = weights[heterozygotes], sum(weights.values())
    below = sum(w for w in weights.values() if w < observed)
    equal = sum(w for w in weights.values() if w == observed)
    return Fraction(below + equal, total), Fraction(below, total) + Fraction(equal, 2 * total)


def expected_heterozygotes(
    homozygous_reference: int, heterozygotes: int, homozygotes: int
) -> float | None:
    """How many people would have one copy if the alleles met at random: r a / (2n - 1)."""
    people = homozygous_reference + heterozygotes + homozygotes
    copies = 2 * homozygotes + heterozygotes
    return copies * (2 * people - copies) / (2 * people - 1) if people else None


def hardy_weinberg(
    lake: Lake,
    cohort: Iterable[str] | None = None,
    regions: Iterable[Region] | None = None,
    rules: Rules | None = None,
) -> dict[Variant, HardyWeinberg]:
    """The test over people with two alleles; by sex unless the rules say otherwise.

    By sex nobody but women has two alleles on X outside PAR. Whoever is assumed to be reference
    counts as in AN: else a variant that only some batches list would seem to lack homozygotes.
    """
    members = lake.samples if cohort is None else tuple(cohort)
    rules = rules or Rules(ploidy="by_sex")
    found = {}
    for variant in known_variants(lake, regions, rules):
        zone = zone_at(lake.assembly, variant.contig, variant.position)
        answers = answers_at(lake, variant, rules)
        shapes = [a.shape for name in members if (a := answers[name].counted) is not None]
        table = (
            shapes.count("homozygous_reference"),
            shapes.count("heterozygous"),
            shapes.count("homozygous"),
        )
        found[variant] = tested(table, is_tested=zone not in ("y", "y_par", "mt"))
    return found


def tested(table: tuple[int, int, int], *, is_tested: bool) -> HardyWeinberg:
    expected = expected_heterozygotes(*table)
    if not is_tested or sum(table) == 0:
        return HardyWeinberg(*table, expected, None, None)
    exact, mid = hardy_weinberg_p(*table)
    return HardyWeinberg(*table, expected, float(exact), float(mid))


# --- summaries ------------------------------------------------------------------------------------


class SampleSummary(NamedTuple):
    """One row of sample_summary, without names: one person over all variants asked about."""

    variants: int
    heterozygotes: int
    homozygotes: int
    hemizygotes: int
    half_calls: int
    singletons: int
    transitions: int
    transversions: int
    titv: float | None
    het_hom: float | None
    genotypes: int
    missing: int
    call_rate: float | None


def ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def sample_summary(
    lake: Lake,
    cohort: Iterable[str] | None = None,
    regions: Iterable[Region] | None = None,
    rules: Rules = RAW,
) -> dict[str, SampleSummary]:
    """What each person carries; a singleton is a variant with one copy in the cohort.

    Genotypes are those of records: what blocks say of a person is no genotype.
    """
    members = lake.samples if cohort is None else tuple(cohort)
    rows: dict[str, list[tuple[Variant, SampleAnswer, bool]]] = {name: [] for name in members}
    for variant in known_variants(lake, regions, rules):
        answers = answers_at(lake, variant, rules)
        ac = sum(a.ac for name in members if (a := answers[name].counted) is not None)
        for name in members:
            if answers[name].room is not None and answers[name].source == "record":
                rows[name].append((variant, answers[name], ac == 1))
    return {name: summary_of(rows[name]) for name in members}


def summary_of(rows: Sequence[tuple[Variant, SampleAnswer, bool]]) -> SampleSummary:
    counts = [(v, a.counted, single) for v, a, single in rows if a.counted is not None]
    carried = [(v, c, single) for v, c, single in counts if c.ac]
    snvs = [v for v, _, _ in carried if kind_of(v) == "snv"]
    shapes = [c.shape for _, c, _ in carried]
    het, hom = shapes.count("heterozygous"), shapes.count("homozygous")
    transitions = sum(is_transition(v) for v in snvs)
    rates = call_rate_of([answer for _, answer, _ in rows])
    return SampleSummary(
        variants=len(carried),
        heterozygotes=het,
        homozygotes=hom,
        hemizygotes=shapes.count("hemizygous"),
        half_calls=shapes.count("half_call"),
        singletons=sum(single for _, _, single in carried),
        transitions=transitions,
        transversions=len(snvs) - transitions,
        titv=ratio(transitions, len(snvs) - transitions),
        het_hom=ratio(het, hom),
        genotypes=len(rows),
        missing=rates.missing,
        call_rate=rates.call_rate,
    )


def mean_depths(lake: Lake) -> dict[str, tuple[float | None, float | None]]:
    """Each sample's mean DP and GQ over all its genotypes that have one, at every variant asked."""
    found = {}
    for batch in lake.batches:
        for column, name in enumerate(batch.samples):
            rows = [s.genotypes[column] for s in batch.sites.values() if s.genotypes is not None]
            asked = [genotype for genotype in rows if genotype is not None]
            found[name] = (mean(g.dp for g in asked), mean(g.gq for g in asked))
    return found


def frequency_class(row: Frequency) -> str:
    """not called, monomorphic, singleton, rare (under 1%), low (under 5%) or common."""
    if row.an == 0:
        return "not called"
    if row.ac < 2:
        return ("monomorphic", "singleton")[row.ac]
    assert row.af is not None
    return "rare" if row.af < 0.01 else "low" if row.af < 0.05 else "common"


KINDS = ("snv", "mnv", "insertion", "deletion", "symbolic", "breakend")
CLASSES = ("not called", "monomorphic", "singleton", "rare", "low", "common")


def cohort_summary(
    lake: Lake,
    cohort: Iterable[str] | None = None,
    regions: Iterable[Region] | None = None,
    rules: Rules = RAW,
) -> dict[tuple[str, str], float | None]:
    """The figures of cohort_summary, by section and item."""
    members = lake.samples if cohort is None else tuple(cohort)
    chosen = None if regions is None else list(regions)
    rows = allele_frequency(lake, members, chosen, rules)
    people = list(sample_summary(lake, members, chosen, rules).values())
    sexes = [lake.sexes.get(name) for name in members]
    seen = [v for v, row in rows.items() if row.ac]
    classes = [frequency_class(row) for row in rows.values()]
    kinds = [kind_of(v) for v in seen]
    transitions = sum(kind_of(v) == "snv" and is_transition(v) for v in seen)
    transversions = kinds.count("snv") - transitions
    het, hom = (sum(getattr(p, name) for p in people) for name in ("heterozygotes", "homozygotes"))
    rates = list(call_rate(lake, members, chosen, rules).values())
    figures: dict[tuple[str, str], float | None] = {
        ("people", "samples"): len(members),
        ("people", "participants"): len(members),
        ("people", "XX"): sexes.count("XX"),
        ("people", "XY"): sexes.count("XY"),
        ("people", "sex unknown"): sexes.count(None),
        ("variants", "known"): len(rows),
        ("variants", "seen"): len(seen),
        **{("kind", kind): kinds.count(kind) for kind in KINDS},
        **{("frequency", name): classes.count(name) for name in CLASSES},
        ("substitutions", "transitions"): transitions,
        ("substitutions", "transversions"): transversions,
        ("substitutions", "titv"): ratio(transitions, transversions),
        ("genotypes", "heterozygotes"): het,
        ("genotypes", "homozygotes"): hom,
        ("genotypes", "hemizygotes"): sum(p.hemizygotes for p in people),
        ("genotypes", "half calls"): sum(p.half_calls for p in people),
        ("genotypes", "missing"): sum(r.missing for r in rates),
        ("genotypes", "het_hom"): ratio(het, hom),
        ("genotypes", "call_rate"): ratio(
            sum(r.fully_called for r in rates), sum(r.samples for r in rates)
        ),
        ("per_person", "heterozygotes"): ratio(het, len(people)),
        ("per_person", "homozygotes"): ratio(hom, len(people)),
        ("per_person", "singletons"): ratio(sum(p.singletons for p in people), len(people)),
        ("per_person", "titv"): mean(p.titv for p in people),
        ("per_person", "het_hom"): mean(p.het_hom for p in people),
    }
    return figures


def mean(values: Iterable[float | None]) -> float | None:
    """The mean of what is there."""
    there = [value for value in values if value is not None]
    return ratio(sum(there), len(there))
