"""All that a writer may need of the lake before the first line."""

from dataclasses import dataclass, field
from functools import cached_property

from allelake.counted import counted
from allelake.export.lines import Wanted
from allelake.export.people import People
from allelake.export.places import Chunk, Span
from allelake.export.session import Session
from allelake.export.statements import statement
from allelake.export.vcf_header import (
    FIELD_NAMES,
    LEFT_OUT,
    ORDER_OF_ALLELES,
    REFERENCE_DETAILS,
    SEVERAL_ALTS,
    STAR_ALLELES,
)


@dataclass
class Source:
    """Who and what is exported. `contigs` are all of the assembly with their lengths, in order;
    `variants` counts the lines so far."""

    session: Session
    people: People
    spans: list[Span]
    wanted: Wanted
    filters: list[str]
    contigs: list[tuple[str, int]]
    assembly: str
    terms: dict[str, str]
    variants: int = field(default=0)

    @cached_property
    def not_kept(self) -> tuple[str, ...]:
        """What the lake does not have of the files that were ingested, as far as it concerns."""
        several = [
            self.session.rows(statement("several_alts"), self._values(s))[0] for s in self.spans
        ]
        told = [ORDER_OF_ALLELES]
        if any(records for records, _ in several):
            told.append(SEVERAL_ALTS)
        if self.wanted.format:
            told.append(REFERENCE_DETAILS)
        if self.wanted.info or self.wanted.format or self.filters:
            told.append(FIELD_NAMES)
        told.append(LEFT_OUT)
        if any(stars for _, stars in several):
            told.append(STAR_ALLELES)
        if any(batch.kind == "per_sample" for batch in self.people.batches):
            told.append("QUAL and INFO of records that are of one sample alone")
        others = int(self.session.rows(statement("other_samples"))[0][0])
        if others:
            more = counted(others, "further sample")
            told.append(f"{more} of these participants: a cohort counts a participant once")
        return tuple(told)

    def site_rows(self) -> int:
        """How many rows of `sites` are in the spans."""
        return sum(rows for rows, _ in self._totals())

    def line_total(self) -> int:
        """How many lines there will be, where none is left out for its genotypes."""
        return sum(variants for _, variants in self._totals())

    def _totals(self) -> list[tuple[int, int]]:
        rows = [self.session.rows(statement("site_rows"), self._values(s))[0] for s in self.spans]
        return [(int(sites), int(variants)) for sites, variants in rows]

    def _values(self, span: Span) -> dict[str, object]:
        batches = list(self.wanted.record_batches)
        return {**Chunk(span.contig, span.start, span.end, 0).values(), "batches": batches}
