"""Frequencies as a VCF of sites, with gnomAD's names: AC_eas_XX, faf95_eas, nhomalt_grpmax."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from allelake.errors import UsageError
from allelake.export.fields import STRUCTURAL, Field, fields_there
from allelake.export.frequency_fields import (
    basis_text,
    counts_text,
    frequency_fields,
    largest_text,
    suffixes_of,
)
from allelake.export.frequency_strata import Counted, strata_of
from allelake.export.lines import Lines, Wanted, read_sites
from allelake.export.matrix import Details
from allelake.export.order import Order, Report
from allelake.export.people import nobody
from allelake.export.places import Chunk, chunks_of, spans_of
from allelake.export.session import Session, asking
from allelake.export.small_cells import SmallCells, shown_cells
from allelake.export.source import Source
from allelake.export.staging import appearing
from allelake.export.statements import statement
from allelake.export.vcf_header import filters_used
from allelake.export.walk import Progress
from allelake.queries.ask import call
from allelake.warehouse.quoting import sql_literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FORMATS = ("vcf", "vcf.gz", "bcf")
_EVERY_COUNT = "every count is shown, however small: small ones tell of single people (--min-cell)"


def export_frequencies(
    connection: "DuckDBPyConnection",
    order: Order,
    counted: Counted,
    terms: dict[str, str],
    progress: Progress | None = None,
) -> Report:
    """Writes one line for each variant with its frequencies; the file appears when complete."""
    from allelake.export.writers import files_of, writer_of

    if order.format not in FORMATS:
        raise UsageError(
            f"Frequencies are written as {', '.join(FORMATS)}, not as {order.format}. For a table: "
            "`allelake frequency LAKE --by ATTRIBUTE -o FILE.parquet`."
        )
    paths = files_of(order)
    with asking(connection) as session:
        asked = _Frequencies(session, counted)
        source = _source(session, order, asked, terms)
        with appearing(paths, order.overwrite) as staged:
            writer = writer_of(order, source, staged)
            try:
                for lines in asked.lines(source, progress):
                    writer.add(lines)
                    source.variants += lines.told.num_rows
                writer.finish()
            finally:
                writer.close()
        notes = [] if source.variants else ["the lake has no variant there: the file has no record"]
        notes += [*asked.notes(), *writer.notes()]
        return Report(order.format, 0, source.variants, list(paths), notes)


def _source(session: Session, order: Order, asked: "_Frequencies", terms: dict[str, str]) -> Source:
    spans = spans_of(session, order.regions)
    batches = tuple(row[0] for row in session.rows("SELECT batch FROM batches ORDER BY batch"))
    structural = fields_there(session, "sites", STRUCTURAL, "no further column", spans, batches)
    return Source(
        session,
        nobody(),
        spans,
        Wanted(batches, (*structural, *asked.fields()), ()),
        filters_used(session, spans, batches),
        session.rows("SELECT contig, length_bp FROM contigs ORDER BY contig_order"),
        str(session.rows("SELECT assembly FROM lake_info")[0][0]),
        terms,
    )


class _Frequencies:
    """The strata of one question, and their counts chunk by chunk."""

    def __init__(self, session: Session, counted: Counted) -> None:
        self._session = session
        self._asked = counted
        self._cells = counted.small_cells
        self._strata = strata_of(session, counted)
        self._suffixes = suffixes_of(self._strata.names)

    def fields(self) -> list[Field]:
        """The INFO fields, with what each means."""
        has_groups = bool(self._strata.candidates)
        return frequency_fields(self._suffixes, self._cells is None, has_groups)

    def notes(self) -> list[str]:
        """What is shown of small counts."""
        if self._cells is None:
            return [_EVERY_COUNT]
        told = [self._cells.rule.sentence()]
        if self._strata.joined:
            told.append("groups of few people, and such as would tell of them, are left out")
        return told

    def lines(self, source: Source, progress: Progress | None) -> Iterator[Lines]:
        """The lines in the order of the genome."""
        done, total = 0, source.site_rows() if progress else 0
        for span in source.spans:
            batches = source.wanted.record_batches
            for chunk in chunks_of(self._session, span, batches, len(self._strata.names)):
                yield self._lines_of(chunk, source)
                done += chunk.rows
                if progress is not None:
                    progress(done, total)

    def _lines_of(self, chunk: Chunk, source: Source) -> Lines:
        structural = [f for f in source.wanted.info if f in STRUCTURAL]
        told = read_sites(self._session, chunk, source.wanted.record_batches, structural)
        self._session.run(self._count_sql(chunk))
        if self._cells is not None:
            self._hide(self._cells, told.num_rows)
        info = self._session.arrow(self._info_sql())["info"]
        own = told["info"].to_pylist()
        joined = [
            ";".join(part for part in (text, counts) if part not in (".", None)) or "."
            for text, counts in zip(own, info.to_pylist(), strict=True)
        ]
        place = told.schema.get_field_index("info")
        told = told.set_column(place, "info", pa.array(joined, pa.string()))
        nothing = np.zeros(0, np.int32)
        details = Details(nothing, nothing, pa.array([], pa.string()))
        return Lines(chunk.contig, told, np.zeros((told.num_rows, 0), np.uint8), details)

    def _count_sql(self, chunk: Chunk) -> str:
        asked = self._asked
        rules = {
            "in_region": f"{chunk.contig}:{chunk.low}-{chunk.high}",
            "in_policy": asked.policy,
            "in_ploidy": asked.ploidy,
            "in_filter": asked.filter,
        }
        if asked.stored is not None:
            rows = (
                f"(SELECT * FROM frequencies WHERE name = {sql_literal(asked.stored)} "
                f"AND policy = {sql_literal(asked.policy)} "
                f"AND contig = {sql_literal(chunk.contig)} "
                f"AND position BETWEEN {chunk.low} AND {chunk.high})"
            )
        elif asked.by is None:
            rows = (
                "(SELECT *, 'all' AS stratum, faf(ac, an, 0.95) AS faf95, faf(ac, an, 0.99) AS "
                f"faf99 FROM {call('allele_frequency', asked.cohort, **rules)})"
            )
        else:
            rows = call("frequency_strata", asked.cohort, asked.by, **rules)
        groups = ", ".join(map(sql_literal, self._strata.candidates))
        candidate = f"stratum IN ({groups})" if groups else "false"
        return statement("counted_strata", rows=rows, candidate=candidate)

    def _hide(self, cells: SmallCells, variants: int) -> None:
        """Makes `shown_strata` of `counted_strata`."""
        strata = self._strata.names
        found = self._session.arrow(statement("stratum_cells"), {"strata": list(strata)})
        allele, place = found["allele"].to_numpy(), found["place"].to_numpy()
        counts = []
        for name in ("copies", "others", "homozygotes"):
            counts.append(np.zeros((variants, len(strata)), np.int64))
            counts[-1][allele, place] = found[name].to_numpy()
        shown = shown_cells(cells, strata, self._strata.candidates, *counts)
        alleles, places = np.nonzero(shown.counts)
        self._session.run(
            statement("shown_strata"),
            {
                "alleles": alleles.tolist(),
                "strata": [strata[n] for n in places.tolist()],
                "homozygotes": shown.homozygotes[alleles, places].tolist(),
                "largest": shown.largest[alleles].tolist(),
                "nearest": cells.rule.nearest,
            },
        )

    def _info_sql(self) -> str:
        """One row per allele of the temporary table `allele`, in its order."""
        strata = "counted_strata" if self._cells is None else "shown_strata"
        suffixes = ", ".join(
            f"{{'stratum': {sql_literal(s)}, 'suffix': {sql_literal(x)}, 'place': {n}}}"
            for n, (s, x) in enumerate(self._suffixes.items())
        )
        largest = "(SELECT allele, NULL::VARCHAR AS info FROM allele)"
        if self._strata.candidates:
            told = statement("largest_info", strata=sql_literal(strata), largest=largest_text())
            largest = f"({told})"
        return statement(
            "frequency_info",
            strata=strata,
            suffixes=f"[{suffixes}]",
            counts=counts_text(),
            basis=basis_text(),
            largest=largest,
        )
