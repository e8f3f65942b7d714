"""Frequencies as a VCF of sites, with gnomAD's names: AC_eas_XX, faf95_eas, nhomalt_grpmax."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from allelake.errors import QueryError, UsageError
from allelake.export.fields import STRUCTURAL, Field, fields_there
from allelake.export.lines import Lines, Wanted, read_sites
from allelake.export.matrix import Details
from allelake.export.order import Order, Report
from allelake.export.people import nobody
from allelake.export.places import Chunk, chunks_of, spans_of
from allelake.export.session import Session, asking
from allelake.export.source import Source
from allelake.export.staging import appearing
from allelake.export.vcf_header import filters_used
from allelake.export.walk import Progress
from allelake.queries.ask import call
from allelake.warehouse.quoting import sql_literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FORMATS = ("vcf", "vcf.gz", "bcf")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.]")


@dataclass(frozen=True)
class Counted:
    """Which frequencies: counted now in a cohort and the groups of one attribute, or `stored`.

    `left_out`: groups that are no candidates for grpmax and fafmax.
    """

    cohort: str
    by: str | None
    stored: str | None
    policy: str
    ploidy: str
    filter: str
    left_out: tuple[str, ...] = ()


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
        return Report(order.format, 0, source.variants, list(paths), [*notes, *writer.notes()])


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
        if counted.stored is None:
            self.strata, self._groups = _strata_now(session, counted)
        else:
            self.strata, self._groups = _strata_stored(session, counted)
        self._suffixes = _suffixes(self.strata)

    def fields(self) -> list[Field]:
        """The INFO fields, with what each means."""
        found = []
        for stratum in self.strata:
            of = "" if stratum == "all" else f" of group {stratum}"
            suffix = self._suffixes[stratum]
            for name, number, kind, what in _COUNTS:
                found.append(_field(f"{name}{suffix}", number, kind, what + of))
        found += [_field(*each) for each in _BASIS]
        if self._groups:
            found += [_field(*each) for each in _LARGEST]
        return found

    def lines(self, source: Source, progress: Progress | None) -> Iterator[Lines]:
        """The lines in the order of the genome."""
        done, total = 0, source.site_rows() if progress else 0
        for span in source.spans:
            batches = source.wanted.record_batches
            for chunk in chunks_of(self._session, span, batches, len(self.strata)):
                yield self._lines_of(chunk, source)
                done += chunk.rows
                if progress is not None:
                    progress(done, total)

    def _lines_of(self, chunk: Chunk, source: Source) -> Lines:
        structural = [f for f in source.wanted.info if f in STRUCTURAL]
        told = read_sites(self._session, chunk, source.wanted.record_batches, structural)
        self._session.run(self._count_sql(chunk))
        info = self._session.arrow(self._info_sql())["info"]
        own = told["info"].to_pylist()
        joined = [
            counts if text == "." else f"{text};{counts}"
            for text, counts in zip(own, info.to_pylist(), strict=True)
        ]
        place = told.schema.get_field_index("info")
        told = told.set_column(place, "info", pa.array(joined, pa.string()))
        nothing = np.zeros(0, np.int32)
        details = Details(nothing, nothing, pa.array([], pa.string()))
        return Lines(chunk.contig, told, np.zeros((told.num_rows, 0), np.uint8), details)

    def _count_sql(self, chunk: Chunk) -> str:
        """A temporary table: one row per variant and stratum."""
        asked = self._asked
        region = f"{chunk.contig}:{chunk.low}-{chunk.high}"
        rules = {
            "in_region": region,
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
        groups = ", ".join(map(sql_literal, self._groups))
        candidate = f"stratum IN ({groups})" if groups else "false"
        return (
            "CREATE OR REPLACE TEMP TABLE counted_strata AS "
            f"SELECT *, {candidate} AS is_candidate FROM {rows}"
        )

    def _info_sql(self) -> str:
        """One row per allele of the temporary table `allele`, in its order."""
        of_all = _joined(_COUNTS_SQL, "suffix")
        basis = _joined({name: name.lower() for name, *_ in _BASIS}, "''")
        suffixes = ", ".join(
            f"{{'stratum': {sql_literal(s)}, 'suffix': {sql_literal(x)}, 'place': {n}}}"
            for n, (s, x) in enumerate(self._suffixes.items())
        )
        largest = "SELECT allele, NULL::VARCHAR AS info FROM allele"
        if self._groups:
            key = _key_join("g")
            largest = (
                f"SELECT a.allele, {_joined(_LARGEST_SQL, chr(39) * 2)} AS info "
                f"FROM largest_groups('counted_strata') g JOIN allele a ON {key}"
            )
        return f"""
SELECT a.allele, concat_ws(';', c.info, l.info) AS info
FROM allele a
LEFT JOIN (
    SELECT a.allele, string_agg(concat_ws(';', {of_all},
        CASE WHEN t.stratum = 'all' THEN {basis} END), ';' ORDER BY x.place) AS info
    FROM counted_strata t
    JOIN (SELECT unnest([{suffixes}], recursive := true)) x ON t.stratum = x.stratum
    JOIN allele a ON {_key_join("t")}
    GROUP BY a.allele
) c ON a.allele = c.allele
LEFT JOIN ({largest}) l ON a.allele = l.allele
ORDER BY a.allele
"""


# Each field of a stratum: its name before the suffix, number, type and meaning.
_COUNTS = (
    ("AC", "A", "Integer", "Copies of ALT"),
    ("AN", "1", "Integer", "Called alleles"),
    ("AF", "A", "Float", "AC / AN"),
    ("nhomalt", "A", "Integer", "People with two copies of ALT"),
    ("faf95", "A", "Float", "Filtering allele frequency, 95 %,"),
    ("faf99", "A", "Float", "Filtering allele frequency, 99 %,"),
)
_COUNTS_SQL = {
    "AC": "ac",
    "AN": "an",
    "AF": "af",
    "nhomalt": "homozygotes",
    "faf95": "faf95",
    "faf99": "faf99",
}
_BASIS = (
    ("AN_record", "1", "Integer", "The part of AN that is called in a record of the variant"),
    ("AN_block", "1", "Integer", "The part of AN from reference blocks and other records"),
    ("AN_assumed", "1", "Integer", "The part of AN where reference is assumed"),
)
_LARGEST = (
    ("grpmax", "A", "String", "Group with the highest AF among those with a copy"),
    ("AC_grpmax", "A", "Integer", "Copies of ALT in the group grpmax"),
    ("AN_grpmax", "A", "Integer", "Called alleles in the group grpmax"),
    ("AF_grpmax", "A", "Float", "AF in the group grpmax"),
    ("nhomalt_grpmax", "A", "Integer", "People with two copies in the group grpmax"),
    ("fafmax_faf95_max", "A", "Float", "Highest faf95 of a group"),
    ("fafmax_faf95_max_gen_anc", "A", "String", "Group with the highest faf95"),
    ("fafmax_faf99_max", "A", "Float", "Highest faf99 of a group"),
    ("fafmax_faf99_max_gen_anc", "A", "String", "Group with the highest faf99"),
)
_LARGEST_SQL = {
    "grpmax": "regexp_replace(g.grpmax, '[^A-Za-z0-9_.]', '_', 'g')",
    "AC_grpmax": "g.ac_grpmax",
    "AN_grpmax": "g.an_grpmax",
    "AF_grpmax": "g.af_grpmax",
    "nhomalt_grpmax": "g.homozygotes_grpmax",
    "fafmax_faf95_max": "g.fafmax95",
    "fafmax_faf95_max_gen_anc": "regexp_replace(g.fafmax95_group, '[^A-Za-z0-9_.]', '_', 'g')",
    "fafmax_faf99_max": "g.fafmax99",
    "fafmax_faf99_max_gen_anc": "regexp_replace(g.fafmax99_group, '[^A-Za-z0-9_.]', '_', 'g')",
}
_FLOATS = {name for name, _, kind, _ in (*_COUNTS, *_LARGEST) if kind == "Float"}


def _field(name: str, number: str, kind: str, what: str) -> Field:
    return Field(name, number, kind, what, "NULL", "")


def _joined(columns: dict[str, str], suffix: str) -> str:
    """SQL of `NAME=value` for each column that is not NULL, joined by semicolons."""
    parts = []
    for name, column in columns.items():
        text = f"format('{{:.6g}}', {column})" if name in _FLOATS else f"{column}::VARCHAR"
        parts.append(f"{sql_literal(name)} || {suffix} || '=' || {text}")
    return f"nullif(concat_ws(';', {', '.join(parts)}), '')"


def _key_join(relation: str) -> str:
    same = " AND ".join(
        f"{relation}.{name} = a.{name}" for name in ("position", "ref", "alt", "end_position")
    )
    return f"{same} AND {relation}.sv_length IS NOT DISTINCT FROM a.sv_length"


def _strata_now(session: Session, counted: Counted) -> tuple[list[str], list[str]]:
    """The strata that are counted now, and those that are candidates for grpmax."""
    session.rows(f"FROM {call('checked_question', counted.cohort, *_rules(counted))}")
    if counted.by is None:
        return ["all"], []
    session.rows(f"FROM {call('checked_attribute', counted.by)}")
    session.rows(f"FROM {call('known_groups', counted.by, list(counted.left_out))}")
    rows = session.rows(
        "SELECT DISTINCT a.value FROM sample_attributes a "
        "JOIN cohort_members m ON a.sample_number = m.sample_number "
        "WHERE a.attribute = $by AND m.cohort = $cohort AND a.value IS NOT NULL ORDER BY ALL",
        {"by": counted.by, "cohort": counted.cohort},
    )
    groups = [row[0] for row in rows]
    if not groups:
        raise QueryError(
            f"Nobody in the cohort {counted.cohort!r} has a value of {counted.by!r}, so there are "
            "no groups to tell apart. `allelake samples import` adds attributes."
        )
    return ["all", *groups], [group for group in groups if group not in counted.left_out]


def _rules(counted: Counted) -> tuple[str, str, str]:
    return counted.policy, counted.ploidy, counted.filter


def _strata_stored(session: Session, counted: Counted) -> tuple[list[str], list[str]]:
    """The strata that are stored by a name, and the candidates among them."""
    assert counted.stored is not None
    # Tells in words which names and policies there are.
    call_of_it = call("stored_group_max", counted.stored, counted.policy, list(counted.left_out))
    session.rows(f"FROM {call_of_it} LIMIT 0")
    rows = session.rows(
        "SELECT s.stratum, s.attributes, r.settings ->> '$.by[0]', "
        "(r.settings -> '$.leave_out')::VARCHAR[] FROM strata s JOIN results r "
        "ON s.result = r.result WHERE r.kind = 'frequencies' AND r.name = $name ORDER BY s.place",
        {"name": counted.stored},
    )
    if not rows:
        stored = session.rows("SELECT name FROM results WHERE kind = 'frequencies' ORDER BY ALL")
        known = ", ".join(row[0] for row in stored) or "none"
        raise QueryError(
            f"No frequencies named {counted.stored!r} are stored; there are: {known}. "
            "`allelake materialize LAKE --by ATTRIBUTES` stores them."
        )
    left_out = counted.left_out or tuple(rows[0][3] or ())
    groups = [
        stratum
        for stratum, attributes, first, _ in rows
        if attributes == [first] and stratum not in left_out
    ]
    return [row[0] for row in rows], groups


def _suffixes(strata: Sequence[str]) -> dict[str, str]:
    """What follows the name of a field, by stratum; names that would fall together are told."""
    found: dict[str, str] = {}
    for stratum in strata:
        suffix = "" if stratum == "all" else "_" + _NOT_IN_NAMES.sub("_", stratum)
        taken = [other for other, own in found.items() if own == suffix]
        if taken or suffix.casefold() in _TAKEN:
            with_what = f"those of {taken[0]!r}" if taken else "others of this file"
            raise QueryError(
                f"The fields of the group {stratum!r} would have the same names as {with_what}. "
                "Rename one of the values and import them again."
            )
        found[stratum] = suffix
    return found


# AN_record and AC_grpmax are no groups.
_TAKEN = ("_record", "_block", "_assumed", "_grpmax")
