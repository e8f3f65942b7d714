"""All that a writer may need of the lake before the first line."""

from dataclasses import dataclass, field

from allelake.export.lines import Wanted
from allelake.export.people import People
from allelake.export.places import WHERE, Chunk, Span
from allelake.export.session import Session
from allelake.export.vcf_header import (
    FIELD_NAMES,
    ORDER_OF_ALLELES,
    REFERENCE_DETAILS,
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

    def not_kept(self) -> tuple[str, ...]:
        """What the lake does not have of the files that were ingested, as far as it concerns."""
        told = [ORDER_OF_ALLELES]
        if self.wanted.format:
            told.append(REFERENCE_DETAILS)
        if self.wanted.info or self.wanted.format or self.filters:
            told.append(FIELD_NAMES)
        if self.has_stars():
            told.append(STAR_ALLELES)
        if any(batch.kind == "per_sample" for batch in self.people.batches):
            told.append("QUAL and INFO of records that are of one sample alone")
        return tuple(told)

    def has_stars(self) -> bool:
        """Whether a record lists `*` or another ALT that is no variant."""
        sql = (
            "SELECT count(*) FROM (SELECT record_alt_total AS total, count(*) AS n FROM sites "
            f"WHERE {WHERE} AND record_alt_total > 1 "
            "AND list_contains($batches::INTEGER[], batch) GROUP BY batch, "
            "coalesce(record_position, position), coalesce(record_ref, ref), record_alt_total "
            "HAVING n % total <> 0)"
        )
        return any(self.session.rows(sql, self._values(span))[0][0] for span in self.spans)

    def site_rows(self) -> int:
        """How many rows of `sites` are in the spans."""
        sql = (
            f"SELECT count(*) FROM sites WHERE {WHERE} "
            "AND list_contains($batches::INTEGER[], batch)"
        )
        return sum(int(self.session.rows(sql, self._values(s))[0][0]) for s in self.spans)

    def line_total(self) -> int:
        """How many lines there will be, where none is left out for its genotypes."""
        sql = (
            "SELECT count(*) FROM (SELECT DISTINCT position, ref, alt, end_position, sv_length "
            f"FROM sites WHERE {WHERE} AND list_contains($batches::INTEGER[], batch))"
        )
        return sum(int(self.session.rows(sql, self._values(s))[0][0]) for s in self.spans)

    def _values(self, span: Span) -> dict[str, object]:
        batches = list(self.wanted.record_batches)
        return {**Chunk(span.contig, span.start, span.end, 0).values(), "batches": batches}
