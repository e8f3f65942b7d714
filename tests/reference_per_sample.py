"""Samples that were each asked alone, in plain Python: gVCFs, single-sample VCFs, regions.

Base by base and sample by sample. What a sample is known to be at a base is looked up in its own
lines; nothing is merged, sorted or added up beforehand. With `reference` it shares the reading of
text and of genotypes; it imports nothing of ours.

    Evidence          one reference block, record or region: what it says of the bases it spans
    Person            one sample's lines -> its own records, its evidence
    PerSampleBatch    several of them in one lake, with what absence means
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple

import reference as ref
from reference import BatchSite, Genotype, Record, SampleAnswer, Variant, ZoneKind

Kind = Literal["block", "record"]
# What a base is worth in a region on X and Y: as many alleles as zone and sex say.
AS_SEX_SAYS = "as sex says"
Worth = int | str | None

BUCKET = 10_000  # bases; only to find a line again without reading all of them
SEXED: tuple[ZoneKind, ...] = ("x", "y", "x_par", "y_par")


class Evidence(NamedTuple):
    """One line of one sample: bases `start` to `end`, `alleles` of them called.

    `room` is how many alleles its GT has room for, `depth` is MIN_DP, else DP.
    """

    kind: Kind
    start: int
    end: int
    alleles: int
    room: int
    depth: int | None
    gq: int | None
    is_kept: bool

    def is_known(self, policy: ref.Policy, *, by_haploid: bool) -> bool:
        """Whether it counts under a policy. `by_haploid`: by the thresholds of one allele."""
        if policy == "raw_blocks":
            return True
        if policy == "raw":
            return self.kind == "record" or self.depth != 0
        if self.gq is None or self.depth is None:
            return False
        return self.gq >= 20 and self.depth >= (5 if by_haploid or self.room == 1 else 10)


def is_block(record: Record) -> bool:
    """A line that names no ALT of its own: `<NON_REF>`, `<*>` or `.`."""
    return all(alt in ref.NEVER_A_VARIANT for alt in record.alts)


def fields_of(record: Record, column: str) -> dict[str, str]:
    return dict(zip(record.format, column.split(":"), strict=False))


def last_base(record: Record, values: Mapping[str, str]) -> int:
    """Where a block ends: END, else POS + LEN - 1, else the last base of REF."""
    ends = record.info_numbers("END")
    if ends and ends[0] is not None:
        return ends[0]
    length = ref.number(values.get("LEN"))
    return record.position + (len(record.ref) if length is None else length) - 1


def evidence_of(record: Record, column: str) -> Evidence | None:
    """What one line says of one sample's bases; None where it calls nothing."""
    values = fields_of(record, column)
    if "GT" not in values:
        return None
    alleles, _phased = ref.alleles_of(values["GT"])
    if is_block(record):
        if any(allele != 0 for allele in alleles):
            return None
        kind: Kind = "block"
        called, end = len(alleles), last_base(record, values)
    else:
        kind = "record"
        called = ref.genotype_of(record, column, 1).called_count
        end = record.position + len(record.ref) - 1
    if called == 0:
        return None
    depth = ref.number(values.get("MIN_DP"))
    depth = ref.number(values.get("DP")) if depth is None else depth
    gq = ref.number(values.get("GQ"))
    return Evidence(kind, record.position, end, called, len(alleles), depth, gq, not record.filters)


class Own(NamedTuple):
    """A sample's own record of a variant, seen from its ALT."""

    genotype: Genotype | None
    filters: tuple[str, ...] | None
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Person:
    """One sample and every line that is about it, over all its files."""

    name: str
    lines: tuple[tuple[Record, str], ...]
    assembly: str
    duplicates: str = "refuse"

    def contig_of(self, record: Record) -> str:
        return ref.lake_contig(self.assembly, record.contig)

    @cached_property
    def own(self) -> dict[Variant, list[Own]]:
        """Its own records of each variant, whatever the genotype."""
        found: dict[Variant, list[Own]] = {}
        for record, column in self.lines:
            for index, alt in enumerate(record.alts, 1):
                if ref.is_a_variant(alt):
                    variant = ref.variant_of(record, index, self.contig_of(record))
                    genotype = None
                    if "GT" in record.format:
                        genotype = ref.genotype_of(record, column, index)
                    found.setdefault(variant, []).append(Own(genotype, record.filters, record.ids))
        return found

    def own_record(self, variant: Variant) -> Own | None:
        """The record that stands where several come to one variant."""
        records = self.own.get(variant)
        if not records:
            return None
        counts = [None if o.genotype is None else o.genotype[:3] for o in records]
        if all(count == counts[0] for count in counts) or self.duplicates == "first":
            return records[0]
        if self.duplicates == "most_alt":
            return max(records, key=lambda o: o.genotype.alt_count if o.genotype else 0)
        raise ref.DuplicatesError(f"unlike records of {variant}")

    @cached_property
    def evidence(self) -> dict[tuple[str, int], list[Evidence]]:
        found: dict[tuple[str, int], list[Evidence]] = {}
        for record, column in self.lines:
            if (evidence := evidence_of(record, column)) is not None:
                for bucket in range(evidence.start // BUCKET, evidence.end // BUCKET + 1):
                    found.setdefault((self.contig_of(record), bucket), []).append(evidence)
        return found

    @cached_property
    def record_spans(self) -> list[tuple[str, int, int]]:
        """Bases of its own records, called or not, with an ALT or not: a region says nothing there.

        Only files without blocks have regions.
        """
        return [
            (self.contig_of(record), record.position, record.position + len(record.ref) - 1)
            for record, _ in self.lines
        ]

    def evidence_at(self, contig: str, base: int) -> list[Evidence]:
        near = self.evidence.get((contig, base // BUCKET), [])
        return [evidence for evidence in near if evidence.start <= base <= evidence.end]

    def is_in_own_record(self, contig: str, base: int) -> bool:
        return any(c == contig and start <= base <= end for c, start, end in self.record_spans)


@dataclass(frozen=True)
class PerSampleBatch:
    """Samples that were asked alone, in the order of their numbers in the lake.

    `files` are texts; a file of several samples tells of each of them. `regions` are those of a
    BED, (contig, first, last base).
    """

    files: tuple[str, ...]
    absent: Literal["unknown", "reference", "regions"] = "unknown"
    regions: tuple[ref.Region, ...] = ()
    assembly: str = "GRCh38"
    duplicates: str = "refuse"
    order: tuple[str, ...] | None = None

    @cached_property
    def call_sets(self) -> tuple[ref.CallSet, ...]:
        return tuple(ref.read_vcf(text) for text in self.files)

    @cached_property
    def samples(self) -> tuple[str, ...]:
        return self.order or tuple(
            dict.fromkeys(name for calls in self.call_sets for name in calls.samples)
        )

    @cached_property
    def people(self) -> tuple[Person, ...]:
        lines: dict[str, list[tuple[Record, str]]] = {name: [] for name in self.samples}
        for calls in self.call_sets:
            for record in calls.records:
                for name, column in zip(calls.samples, record.columns, strict=True):
                    if name in lines:
                        lines[name].append((record, column))
        return tuple(
            Person(name, tuple(rows), self.assembly, self.duplicates)
            for name, rows in lines.items()
        )

    @cached_property
    def has_adj(self) -> bool:
        return all({"GQ", "DP", "AD"} <= calls.declared_format for calls in self.call_sets)

    @cached_property
    def contigs(self) -> frozenset[str]:
        return frozenset(
            ref.lake_contig(self.assembly, record.contig)
            for calls in self.call_sets
            for record in calls.records
        )

    @cached_property
    def sites(self) -> dict[Variant, BatchSite]:
        """Each variant that some sample's own record lists."""
        known = dict.fromkeys(variant for person in self.people for variant in person.own)
        return {variant: self.site(variant) for variant in known}

    def site(self, variant: Variant) -> BatchSite:
        rows = [person.own_record(variant) for person in self.people]
        there = [row for row in rows if row is not None]
        kept = [row.filters for row in there if not row.filters]
        filters: tuple[str, ...] | None = there[0].filters
        if kept:
            filters = () if () in kept else None
        return BatchSite(
            filters,
            tuple(row.genotype if row else None for row in rows),
            there[0].ids,
            sum(len(person.own.get(variant, ())[1:]) for person in self.people),
            tuple(row.filters if row else None for row in rows),
        )

    # --- what a sample is known to be where no record of its own lists the variant ---------------

    def in_region(self, person: Person, contig: str, base: int) -> bool:
        """Whether reference is assumed at a base: only outside the sample's own records."""
        if base < 1 or base > ref.LENGTHS[self.assembly].get(contig, base):
            return False
        if self.absent == "reference":
            inside = contig in self.contigs
        else:
            inside = any(c == contig and a <= base <= b for c, a, b in self.regions)
        return inside and self.absent != "unknown" and not person.is_in_own_record(contig, base)

    def worth(
        self, person: Person, contig: str, base: int, rules: ref.Rules, *, by_haploid: bool
    ) -> Worth:
        """How many alleles are known of a sample at a base; None where nothing is."""
        zone = ref.zone_at(self.assembly, contig, base)
        if rules.policy == "adj@1" and (not self.has_adj or (by_haploid and zone not in "xy")):
            return None
        called = [
            evidence.alleles
            for evidence in person.evidence_at(contig, base)
            if (rules.filter == "any" or evidence.is_kept)
            and evidence.is_known(rules.policy, by_haploid=by_haploid)
        ]
        if called:
            return max(called)
        if rules.policy == "adj@1" or not self.in_region(person, contig, base):
            return None
        return AS_SEX_SAYS if zone in SEXED else 1 if zone == "mt" else 2

    def is_assumed(
        self, person: Person, contig: str, span: tuple[int, int], rules: ref.Rules, worth: Worth
    ) -> bool:
        """Whether a region has part in the run of equal bases that a span lies in."""
        if self.absent == "unknown" or rules.policy == "adj@1":
            return False
        for base, step in ((span[0], -1), (span[0], 1)):
            while self.worth(person, contig, base, rules, by_haploid=False) == worth:
                if self.in_region(person, contig, base):
                    return True
                base += step
        return False

    def elsewhere(
        self, person: Person, variant: Variant, zone: ZoneKind, sex: ref.Sex, rules: ref.Rules
    ) -> SampleAnswer:
        """A sample that has no record of the variant: known over all of its span, or unknown."""
        span = asked_span(variant)
        if span is None:
            return ref.UNKNOWN
        treatment = ref.treatment(zone, sex, rules.ploidy)
        by_haploid = treatment == "haploid" and rules.policy == "adj@1"
        worths = {
            self.worth(person, variant.contig, base, rules, by_haploid=by_haploid)
            for base in range(span[0], span[1] + 1)
        }
        worth = worths.pop()
        if worths or worth is None or treatment == "unknown":
            return ref.UNKNOWN
        source = (
            "assumed" if self.is_assumed(person, variant.contig, span, rules, worth) else "block"
        )
        if isinstance(worth, str):
            answer = ref.MISSING if treatment == "missing" else ref.assumed(zone, sex)
            return SampleAnswer(answer, source)
        alleles = 1 if treatment == "haploid" else worth
        # Evidence is an answer of the sample's own file; a region is somebody's rule.
        room = alleles if source == "block" else None
        if treatment == "missing":
            return SampleAnswer(ref.MISSING, source, room)
        return SampleAnswer(ref.ASSUMED_SHAPES[alleles], source, room)

    def answer(
        self, column: int, sex: ref.Sex, variant: Variant, zone: ZoneKind, rules: ref.Rules
    ) -> SampleAnswer:
        """What one sample adds at a variant."""
        if rules.policy == "adj@1" and not self.has_adj:
            return ref.UNKNOWN
        person = self.people[column]
        own = person.own_record(variant)
        if own is None or own.genotype is None:
            return self.elsewhere(person, variant, zone, sex, rules)
        if rules.filter == "pass" and own.filters:
            return ref.UNKNOWN
        return ref.recorded(own.genotype, sex, zone, rules)

    def without(self, names: Sequence[str]) -> "PerSampleBatch":
        """The same as if these samples had never come."""
        kept = tuple(name for name in self.samples if name not in set(names))
        files = tuple(
            text
            for text, calls in zip(self.files, self.call_sets, strict=True)
            if set(calls.samples) & set(kept)
        )
        return PerSampleBatch(
            files, self.absent, self.regions, self.assembly, self.duplicates, kept
        )


def asked_span(variant: Variant) -> tuple[int, int] | None:
    """The bases that must be known to be reference: an insertion's next base too."""
    if not ref.is_sequence(variant.alt):
        return None
    after = 1 if len(variant.ref) == 1 and len(variant.alt) > 1 else 0
    return variant.position, variant.end_position + after


def bed_regions(assembly: str, text: str) -> tuple[ref.Region, ...]:
    """The regions of a BED: its first base counts from 0, its last is not in it."""
    return tuple(_bed_rows(assembly, text))


def _bed_rows(assembly: str, text: str) -> Iterator[ref.Region]:
    for line in text.splitlines():
        if line and not line.startswith(("#", "track", "browser")):
            contig, start, end = line.split("\t")[:3]
            if int(end) > int(start):
                yield ref.lake_contig(assembly, contig), int(start) + 1, int(end)


def withdraw(lake: ref.Lake, participants: Iterable[str]) -> ref.Lake:
    """The lake without these people. What a joint call set knew of its variants stays."""
    gone = set(participants)
    names = frozenset(n for n in lake.samples if lake.participants.get(n, n) in gone)
    batches = tuple(
        batch.without(tuple(names)) if isinstance(batch, PerSampleBatch) else batch
        for batch in lake.batches
    )
    return replace(lake, batches=batches, withdrawn=lake.withdrawn | names)
