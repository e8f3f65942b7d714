"""The SQL of a lake's catalog: views over its files, comments, and the shipped macros."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from allelake.warehouse.catalog.asked_region import region_macros
from allelake.warehouse.catalog.asked_rows import ASKED_VIEWS, asked_macro, asked_source
from allelake.warehouse.catalog.known_cohorts import known_cohorts, no_known_cohort
from allelake.warehouse.catalog.macros import MacroFile, load_macros
from allelake.warehouse.catalog.template import CatalogParts
from allelake.warehouse.catalog.whole_rows import WHOLE_CALLS, has_whole_rows
from allelake.warehouse.info import LakeInfo
from allelake.warehouse.quoting import sql_identifier, sql_literal
from allelake.warehouse.snapshots import Snapshot, StoredFile
from allelake.warehouse.strata.view import FREQUENCIES_COMMENT, frequencies_select
from allelake.warehouse.tables import Table, common_type, load_tables
from allelake.warehouse.withdrawal.masks import masked
from allelake.warehouse.withdrawal.removed import Removed, batch_kinds, removed_now

# Who the sample is, not what is known of it: no attribute to group a cohort by.
_NO_ATTRIBUTES = ("sample_number", "sample_id", "participant_id")

_COMPUTED_COMMENTS = {
    "rare_calls": "The rows of calls in tier rare: their counts come from these rows.",
    "common_calls": "The rows of calls in tier common: carriers only, their counts come from bits.",
    "stored_calls": "The rows of calls that lie in files: without carriers that bits alone tell.",
    "detailed_calls": "Of stored_calls those in tier common.",
    "contigs": "One row per contig of the lake's assembly, with the names files may use for it.",
    "zones": "Disjoint stretches that cover every base of every contig: autosome, x, y, x_par, "
    "y_par or mt.",
    "sample_attributes": "One row per attribute and sample: sex, batch and imported metadata.",
    "attributes": "The attributes that frequencies can be split by.",
    "frequencies": FREQUENCIES_COMMENT,
    "policies": "The genotype policies this lake's format knows.",
    "lake_info": "One row: the assembly, the format, and the snapshot that this catalog shows.",
}


# Planning the counts of one kind of batch takes as long as all else of a small question: a lake
# without what the key names has another macro instead, which gives no row, or the given ones.
_STANDS_IN = (
    ("joint", ("joint_counts", "no_joint_counts()")),
    ("detailed", ("detailed_haploids", "no_detailed_haploids()")),
    ("detailed", ("plain_haploids", "no_detailed_haploids()")),
    ("whole", ("whole_carriers", "no_whole_carriers()")),
    ("whole", ("plain_whole", "no_whole_carriers()")),
    ("tallied", ("whole_tallies", "no_whole_tallies()")),
    ("per_sample", ("per_sample_counts", "no_per_sample_counts()")),
    ("assumed", ("assumed_rows", "no_assumed_rows(in_rows)")),
    ("plain", ("is_plain_lake", "false")),
    ("otherwise named", ("otherwise_named", "no_otherwise_named()")),
)


def catalog_parts(
    info: LakeInfo,
    snapshot: Snapshot,
    files: Iterable[StoredFile],
    removed: Removed | None = None,
) -> CatalogParts:
    """Views, comments and macros of one snapshot.

    Paths are relative to the lake's folder: run them there, or with file_search_path set to it.
    `removed` as view_statements takes it.
    """
    listed = list(files)
    kinds = _kinds_there(info, listed)
    views = view_statements(info, snapshot, listed, removed, has_whole="whole" in kinds)
    stands_in = dict(call for kind, call in _STANDS_IN if kind not in kinds)
    # What stands in for another has to be there first.
    macros = [
        text
        for macro in sorted(load_macros(), key=lambda macro: not macro.name.startswith("no_"))
        for text in (
            _macro_sql(macro, stands_in),
            f"COMMENT ON MACRO {'TABLE ' if macro.is_table else ''}"
            f"{sql_identifier(macro.name)} IS {sql_literal(macro.help)}",
        )
    ]
    empty_views = partial(view_statements, info, snapshot, [])
    return CatalogParts(views, macros, _empty_tables(), empty_views)


@cache
def _empty_tables() -> tuple[str, ...]:
    """Views with their comments that are the same in every lake: of tables without a file, and
    those that name no file and no contig."""
    empty = [
        text
        for table in load_tables().values()
        if table.name != "calls"
        for text in (_view(table.name, _select(table, [], None)), *table.comments())
    ]
    return (*empty, *_same_everywhere())


def _same_everywhere() -> Iterator[str]:
    yield _view("policies", "SELECT unnest(['raw', 'raw_blocks', 'adj@1']) AS policy")
    yield _computed_comment("policies")
    yield _view("frequencies", frequencies_select())
    yield _computed_comment("frequencies")


def _computed_comment(view: str) -> str:
    comment = sql_literal(_COMPUTED_COMMENTS[view])
    return f"COMMENT ON VIEW {sql_identifier(view)} IS {comment}"


def _kinds_there(info: LakeInfo, files: Sequence[StoredFile]) -> set[str]:
    """Of the keys of _STANDS_IN, those that the lake needs planned."""
    paths = [info.path / file.path for file in files if file.table == "batches"]
    kinds = set()
    of_batches: set[tuple[str, str]] = set()
    for path in paths:
        columns = pq.read_table(path, columns=["kind", "absent"], partitioning=None).to_pydict()
        told = set(zip(columns["kind"], columns["absent"], strict=True))
        kinds |= {kind for kind, _ in told}
        of_batches |= told
        if told & {("per_sample", "regions"), ("per_sample", "reference")}:
            kinds.add("assumed")
    if not kinds:
        kinds.add("joint")
    if of_batches == {("joint", "unknown")}:
        kinds.add("plain")
    if any(file.table == "calls" and file.tier == "common" for file in files):
        kinds.add("detailed")
    if any(file.table == "callable" for file in files):
        kinds.add("per_sample")
    if has_whole_rows(info.path, files):
        kinds |= {"whole", "tallied"}
    if any(_has_other_ids(info.path / file.path) for file in files if file.table == "sites"):
        kinds.add("otherwise named")
    return kinds


@lru_cache(maxsize=10_000)
def _has_other_ids(path: Path) -> bool:
    """Whether a row of `sites` has a second identifier; only the footer is read.

    Of a file with that name it stays true: the name bears its digest. One that cannot be read may
    have some; what is wrong with it is told by whoever reads its rows.
    """
    try:
        metadata = pq.read_metadata(path)
    except (OSError, pa.ArrowInvalid):
        return True
    paths = [metadata.schema.column(n).path for n in range(metadata.num_columns)]
    place = next(n for n, of in enumerate(paths) if of.startswith("other_ids."))
    for group in range(metadata.num_row_groups):
        column = metadata.row_group(group).column(place)
        statistics = column.statistics
        if statistics is None or not statistics.has_null_count:
            return True
        if statistics.null_count < column.num_values:
            return True
    return False


def _macro_sql(macro: MacroFile, stands_in: Mapping[str, str]) -> str:
    if macro.name not in stands_in:
        return macro.sql.strip().rstrip(";")
    arguments = ", ".join(argument.name for argument in macro.arguments)
    given = f"TABLE FROM {stands_in[macro.name]}" if macro.is_table else stands_in[macro.name]
    return f"CREATE OR REPLACE MACRO {sql_identifier(macro.name)}({arguments}) AS {given}"


def view_statements(
    info: LakeInfo,
    snapshot: Snapshot,
    files: list[StoredFile],
    removed: Removed | None = None,
    has_whole: bool | None = None,
) -> list[str]:
    """The views of one snapshot with their comments.

    They leave out `removed`: by default whom the snapshot's own `removals` name and no purge took
    out of the files; for an earlier snapshot what `removed_as_of` gives. `has_whole`: whether rows
    of bits are whole; None: the files are asked.
    """
    if has_whole is None:
        has_whole = has_whole_rows(info.path, files)
    left_out = removed or removed_now(info.path, files)
    has_alone = "per_sample" in batch_kinds(info.path, files).values()
    # Of an earlier snapshot some cohorts may be hidden.
    cohorts = no_known_cohort() if removed is not None else known_cohorts(info.path, files)
    statements = [*region_macros(info, files), cohorts]
    for table in load_tables().values():
        own = [file for file in files if file.table == table.name]
        statements += _views_of_table(info, table, own, left_out, has_alone)
        if table.name == "calls":
            statements += _views_of_carriers(has_whole)
        statements += [*table.comments(), *_further_comments(table.name, own, snapshot)]
    samples = [file for file in files if file.table == "samples"]
    statements += [
        _view("contigs", _contigs(info)),
        _view("zones", _zones(info)),
        *_attribute_views(further_types(samples)),
        _view("lake_info", _lake_info(info, snapshot)),
        *_same_everywhere(),
    ]
    comments = map(_computed_comment, _COMPUTED_COMMENTS)
    return statements + [comment for comment in comments if comment not in statements]


def _views_of_table(
    info: LakeInfo,
    table: Table,
    files: Sequence[StoredFile],
    left_out: Removed | None,
    has_alone: bool,
) -> Iterator[str]:
    """The views over files of a table, and the macros that read those of the contigs asked."""
    for view, of_view in _files_of_views(table, files).items():
        has_record = view != "stored_calls" or has_alone
        select = _select(table, of_view, left_out)
        yield _view(view, select if has_record else _without_record(select))
        if view in ASKED_VIEWS:
            select = _asked_select(info, table, of_view, left_out)
            yield asked_macro(view, select if has_record else _without_record(select))


def _files_of_views(table: Table, files: Sequence[StoredFile]) -> dict[str, Sequence[StoredFile]]:
    """The views over files of a table: its own, of calls those by tier, in an order that binds."""
    if table.name != "calls":
        return {table.name: files}
    tiers = {tier: [file for file in files if file.tier == tier] for tier in ("rare", "common")}
    return {
        "rare_calls": tiers["rare"],
        "detailed_calls": tiers["common"],
        "stored_calls": files,
    }


def _without_record(select: str) -> str:
    """Where no sample was asked alone: a list that is NULL throughout reads as slowly as three
    other columns."""
    nothing = "NULL::INTEGER AS covered, NULL::VARCHAR[] AS filters"
    return f"SELECT * REPLACE ({nothing}) FROM (\n{select}\n)"


def _views_of_carriers(has_whole: bool) -> Iterator[str]:
    """The view of all calls and the one of tier common: with the carriers that bits alone tell."""
    whole = f"\nUNION ALL BY NAME\n{WHOLE_CALLS}" if has_whole else ""
    yield _view("calls", f"FROM stored_calls{whole}")
    yield _view("common_calls", f"FROM detailed_calls{whole}")


def _further_comments(table: str, files: Sequence[StoredFile], snapshot: Snapshot) -> Iterator[str]:
    comments = snapshot.column_comments.get(table, {})
    for name in further_types(files):
        if name in comments:
            column = f"{sql_identifier(table)}.{sql_identifier(name)}"
            yield f"COMMENT ON COLUMN {column} IS {sql_literal(comments[name])}"


def _select(table: Table, files: Sequence[StoredFile], removed: Removed | None) -> str:
    select = table_select(table, files)
    if removed is None or not files:
        return select
    return masked(table.name, select, further_types(files), removed)


def _asked_select(
    info: LakeInfo, table: Table, files: Sequence[StoredFile], removed: Removed | None
) -> str:
    """What the macro for asked contigs reads: the view's declared columns, without the others."""
    if not files:
        return table.empty_select()
    columns = ", ".join(sql_identifier(column.name) for column in table.columns)
    # Rows of others begin at a position and reach beyond it.
    is_placed = any(column.name == "position" for column in table.columns)
    select = f"SELECT {columns}\nFROM {asked_source(info, files, _partitions(table), is_placed)}"
    return select if removed is None else masked(table.name, select, {}, removed)


def table_select(table: Table, files: Sequence[StoredFile]) -> str:
    """A SELECT over exactly these files; files that lack a further column have it NULL."""
    every = further_types(files)
    if not files:
        return table.empty_select()
    groups: dict[tuple[tuple[str, str], ...], list[StoredFile]] = {}
    for file in files:
        groups.setdefault(tuple(sorted(file.further_columns.items())), []).append(file)
    selects = [
        _group_select(table, every, dict(columns), members) for columns, members in groups.items()
    ]
    return "\nUNION ALL BY NAME\n".join(selects)


def further_types(files: Iterable[StoredFile]) -> dict[str, str]:
    """The further columns of any of the files, each with a type that holds all their values."""
    types: dict[str, str] = {}
    for file in files:
        for name, of in file.further_columns.items():
            types[name] = common_type(types.get(name, of), of)
    return types


def _group_select(
    table: Table, every: Mapping[str, str], own: Mapping[str, str], files: Sequence[StoredFile]
) -> str:
    columns = [sql_identifier(column.name) for column in table.columns]
    for name, wanted in every.items():
        quoted = sql_identifier(name)
        if name not in own:
            columns.append(f"NULL::{wanted} AS {quoted}")
        elif own[name] != wanted:
            columns.append(f"{quoted}::{wanted} AS {quoted}")
        else:
            columns.append(quoted)
    # One text: thousands of them would be read, and bound, one by one.
    paths = sql_literal("\n".join(file.path for file in files))
    listed = f"string_split({paths}, chr(10))"
    return f"SELECT {', '.join(columns)}\nFROM read_parquet({listed}{_partitions(table)})"


def _partitions(table: Table) -> str:
    """Arguments of read_parquet(): what the folders of the table's files say, taken from there."""
    if not table.partition:
        return ""
    types = ", ".join(f"'{name}': VARCHAR" for name in table.partition)
    return f", hive_partitioning = true, hive_types = {{{types}}}"


def _view(name: str, select: str) -> str:
    return f"CREATE OR REPLACE VIEW {sql_identifier(name)} AS\n{select}"


def _contigs(info: LakeInfo) -> str:
    lines = [
        [contig.name, contig.length_bp, order, contig.kind, *contig.aliases]
        for order, contig in enumerate(info.contigs)
    ]
    columns = (
        "part[1] AS contig, part[2]::INTEGER AS length_bp, part[5:] AS aliases, "
        "part[3]::INTEGER AS contig_order, part[4] AS kind"
    )
    return _told(columns, lines)


def _zones(info: LakeInfo) -> str:
    lines: list[list[object]] = [
        [zone.contig, zone.start_position, zone.end_position, zone.kind] for zone in info.zones
    ]
    zoned = {zone.contig for zone in info.zones}
    lines += [
        [contig.name, 1, contig.length_bp, "autosome"]
        for contig in info.contigs
        if contig.name not in zoned
    ]
    columns = (
        "part[1] AS contig, part[2]::INTEGER AS start_position, "
        "part[3]::INTEGER AS end_position, part[4] AS zone"
    )
    return _told(columns, lines)


def _told(columns: str, lines: Iterable[Sequence[object]]) -> str:
    """Rows out of one text: VALUES of thousands of contigs take hundreds of milliseconds to bind.

    No name has a tab or the end of a line.
    """
    text = "\n".join("\t".join(map(str, line)) for line in lines)
    return (
        f"SELECT {columns}\nFROM (\n"
        "SELECT string_split(line, chr(9)) AS part FROM (\n"
        f"SELECT unnest(string_split({sql_literal(text)}, chr(10))) AS line))"
    )


def _attribute_views(metadata: Mapping[str, str]) -> list[str]:
    declared = [column.name for column in load_tables()["samples"].columns]
    names = [name for name in (*declared, *metadata) if name not in _NO_ATTRIBUTES]
    selects = [
        f"SELECT {sql_literal(name)} AS attribute, sample_number, "
        f"{sql_identifier(name)}::VARCHAR AS value FROM samples"
        for name in names
    ]
    listed = ", ".join(sql_literal(name) for name in names)
    return [
        _view("sample_attributes", "\nUNION ALL\n".join(selects)),
        _view("attributes", f"SELECT unnest([{listed}]) AS attribute"),
    ]


def _lake_info(info: LakeInfo, snapshot: Snapshot) -> str:
    return (
        f"SELECT {sql_literal(info.assembly)} AS assembly, "
        f"{info.format_version} AS format_version, {snapshot.number} AS snapshot, "
        f"TIMESTAMP {sql_literal(snapshot.time)} AS snapshot_time, "
        f"{sql_literal(snapshot.allelake_version)} AS allelake_version"
    )
