"""An export from the first question to the last rename."""

from pathlib import Path
from typing import TYPE_CHECKING

from allelake.errors import UsageError
from allelake.export.fields import STANDARD, STRUCTURAL, Field, fields_there
from allelake.export.lines import Wanted
from allelake.export.order import Order, Report
from allelake.export.people import People, people_of
from allelake.export.phases import with_phases
from allelake.export.places import spans_of
from allelake.export.session import Session, asking
from allelake.export.source import Source
from allelake.export.staging import appearing
from allelake.export.vcf_header import filters_used
from allelake.export.walk import Progress, all_lines
from allelake.nearest import did_you_mean

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from allelake.export.writers import Writer

UNKNOWN_RULES = ("missing", "leave-out")


def export(
    connection: "DuckDBPyConnection",
    order: Order,
    terms: dict[str, str],
    progress: Progress | None = None,
) -> Report:
    """Writes the genotypes of a cohort; the files appear when they are complete.

    `terms` are said in the file (lake, snapshot, cohort, region). `progress` is called with how
    many rows of `sites` are done, and of how many.
    """
    from allelake.export.writers import files_of, writer_of

    if order.unknown not in UNKNOWN_RULES:
        nearest = did_you_mean(order.unknown, UNKNOWN_RULES)
        raise UsageError(f"There is no rule {order.unknown!r} for unknown genotypes. {nearest}")
    paths = files_of(order)
    with asking(connection) as session:
        source = _source(session, order, terms)
        with appearing(paths, order.overwrite) as staged:
            writer = writer_of(order, source, staged)
            try:
                for lines in all_lines(source, progress):
                    writer.add(lines)
                    source.variants += lines.told.num_rows
                writer.finish()
            finally:
                writer.close()
        return _report(order, source, writer, paths)


def _source(session: Session, order: Order, terms: dict[str, str]) -> Source:
    people = people_of(session, order.cohort)
    spans = spans_of(session, order.regions)
    record_batches = _record_batches(session, people)
    people = with_phases(session, people, spans)
    info = fields_there(session, "sites", STRUCTURAL, "info_", spans, record_batches)
    format: tuple[Field, ...] = ()
    if any(batch.has_details for batch in people.batches):
        format = fields_there(
            session, "stored_calls", STANDARD, "format_", spans, people.batch_numbers
        )
    wanted = Wanted(
        record_batches,
        info,
        format,
        order.unknown == "leave-out",
        order.min_ac,
        people.knows_beyond_records,
    )
    return Source(
        session,
        people,
        spans,
        wanted,
        filters_used(session, spans, record_batches),
        session.rows("SELECT contig, length_bp FROM contigs ORDER BY contig_order"),
        str(session.rows("SELECT assembly FROM lake_info")[0][0]),
        terms,
    )


def _record_batches(session: Session, people: People) -> tuple[int, ...]:
    """The batches whose records are lines: those of the people; or all, where something is known
    of somebody beyond records."""
    if not people.knows_beyond_records:
        return tuple(people.batch_numbers)
    return tuple(row[0] for row in session.rows("SELECT batch FROM batches ORDER BY batch"))


def _report(order: Order, source: Source, writer: "Writer", paths: list[Path]) -> Report:
    notes = [*(f"not kept: {text}" for text in source.not_kept), *writer.notes()]
    if not source.variants:
        where = ", ".join(order.said.values()) or "the lake"
        notes.insert(0, f"no variant of these samples is in {where}: the file has no record")
    return Report(order.format, len(source.people.names), source.variants, list(paths), notes)
