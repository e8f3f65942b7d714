"""What views of an earlier snapshot leave out of its tables of people: who withdrew since.

The names are nowhere but in that snapshot's own files, so the views find them there.
"""

from collections.abc import Mapping, Sequence

from allelake.warehouse.quoting import sql_identifier, sql_literal
from allelake.warehouse.results.derived import PEOPLE_LEFT
from allelake.warehouse.snapshots import StoredFile
from allelake.warehouse.tables import load_tables
from allelake.warehouse.withdrawal.names import REDACTED, SHORTEST_IN_TEXT
from allelake.warehouse.withdrawal.removed import Removed

# Keys, not mentions of somebody.
_OWN_NAMES = {
    "samples": ("sample_id", "participant_id"),
    "pedigree": ("participant_id",),
    "results": ("kind", "name", "allelake_version", "stale_reason"),
}


def masked_people(table: str, select: str, further: Mapping[str, str], removed: Removed) -> str:
    """The SELECT of samples, pedigree, cohorts or batches without people who withdrew since."""
    gone = _gone_names(removed)
    if table == "cohorts":
        literal = "'''' || replace(name, '''', '''''') || ''''"
        named = (
            f"len(list_filter(names, lambda name: contains(predicate, {literal}) "
            f"OR {_said_in('predicate')})) > 0"
        )
        listed = "list_filter(sample_ids, lambda name: NOT list_contains(names, name))"
        hidden = f"CASE WHEN {named} THEN {_redacted_literal()} ELSE predicate END"
        replaced = f"{hidden} AS predicate, {listed} AS sample_ids"
    elif table == "batches":
        return _masked_batches(select, removed)
    else:
        replaced = ", ".join(
            f"CASE WHEN list_contains(names, {quoted}) OR {_any_in(quoted)} "
            f"THEN NULL ELSE {quoted} END AS {quoted}"
            for name, of in _declared_and_further(table, further).items()
            if of == "VARCHAR" and name not in _OWN_NAMES[table]
            for quoted in [sql_identifier(name)]
        )
    if table == "results":
        replaced += _masked_results(removed)
    stay = {
        "results": "true",
        "samples": _numbers_stay(removed),
        "pedigree": "NOT list_contains(names, participant_id)",
        "cohorts": "true",
    }[table]
    return (
        f"SELECT * EXCLUDE (names) REPLACE ({replaced}) FROM (\n{select}\n), ({gone}) AS gone\n"
        f"WHERE {stay}"
    )


def _masked_results(removed: Removed) -> str:
    """Columns of results without them; a result that is out of sight says why."""
    if not removed.numbers:
        return ""
    numbers = ", ".join(map(str, removed.every_number))
    listed = f"list_filter(sample_numbers, lambda number: number NOT IN ({numbers}))"
    hidden = ", ".join(map(str, sorted(removed.results))) or "NULL"
    return (
        f", {listed} AS sample_numbers, CASE WHEN result IN ({hidden}) "
        "THEN coalesce(stale_since, snapshot) ELSE stale_since END AS stale_since, "
        f"CASE WHEN result IN ({hidden}) "
        f"THEN coalesce(stale_reason, {sql_literal(PEOPLE_LEFT)}) ELSE stale_reason END "
        "AS stale_reason"
    )


def _said_in(column: str) -> str:
    """SQL that is true where a name, if it is no short one, is somewhere in the column's text."""
    return f"(length(name) >= {SHORTEST_IN_TEXT} AND contains(lower({column}), lower(name)))"


def _any_in(column: str) -> str:
    return f"coalesce(len(list_filter(names, lambda name: {_said_in(column)})) > 0, false)"


def without_said(select: str, further: Mapping[str, str], removed: Removed) -> str:
    """The SELECT of sites or calls with texts of a source file NULL where they name somebody."""
    texts = {name: of for name, of in further.items() if of in ("VARCHAR", "VARCHAR[]")}
    if not texts:
        return select
    names = f"(SELECT names FROM ({_gone_names(removed)}))"
    replaced = []
    for name, of in texts.items():
        quoted = sql_identifier(name)
        text = f"array_to_string({quoted}, ' ')" if of == "VARCHAR[]" else quoted
        said = f"len(list_filter({names}, lambda name: {_said_in(text)})) > 0"
        replaced.append(f"CASE WHEN {said} THEN NULL ELSE {quoted} END AS {quoted}")
    return f"SELECT * REPLACE ({', '.join(replaced)}) FROM (\n{select}\n)"


def _numbers_stay(removed: Removed) -> str:
    numbers = ", ".join(map(str, removed.every_number))
    return f"sample_number NOT IN ({numbers})" if numbers else "true"


def _masked_batches(select: str, removed: Removed) -> str:
    """Batches with fewer samples; names of files are those of today, which lack theirs."""
    if not removed.numbers:
        return select
    lost = " ".join(f"WHEN {b} THEN {len(of)}" for b, of in removed.numbers.items())
    touched = ", ".join(map(str, removed.numbers))
    inputs = (
        f"CASE WHEN batch IN ({touched}) THEN list_transform(inputs, lambda file: "
        f"struct_pack(name := {_redacted_literal()}, bytes := file.bytes, sha256 := file.sha256, "
        "records := file.records)) ELSE inputs END"
    )
    return (
        f"SELECT * REPLACE ((samples - CASE batch {lost} ELSE 0 END)::INTEGER AS samples, "
        f"{inputs} AS inputs) FROM (\n{select}\n)"
    )


def _gone_names(removed: Removed) -> str:
    """SQL of one row, one column `names`: what people are called who withdrew since."""
    numbers = ", ".join(map(str, removed.every_number)) or "NULL"
    own, today = removed.own_people, _names(removed.people_today)
    return (
        "SELECT coalesce(list(name), []::VARCHAR[]) AS names FROM ("
        f"SELECT unnest([sample_id, participant_id]) AS name FROM ({_rows(own, 'samples')}) "
        f"WHERE sample_number IN ({numbers}) "
        f"UNION (({_names(own)}) EXCEPT ({today})))"
    )


def _names(files: Sequence[StoredFile]) -> str:
    samples, pedigree = _rows(files, "samples"), _rows(files, "pedigree")
    return (
        f"SELECT unnest([sample_id, participant_id]) AS name FROM ({samples}) UNION "
        f"SELECT unnest([participant_id, father_id, mother_id]) FROM ({pedigree})"
    )


def _rows(files: Sequence[StoredFile], table: str) -> str:
    paths = [file.path for file in files if file.table == table]
    if not paths:
        nothing = ("sample_id", "participant_id", "father_id", "mother_id")
        columns = ", ".join(f"NULL::VARCHAR AS {name}" for name in nothing)
        return f"SELECT NULL::INTEGER AS sample_number, {columns} WHERE false"
    listed = ", ".join(map(sql_literal, paths))
    return f"FROM read_parquet([{listed}])"


def _declared_and_further(table: str, further: Mapping[str, str]) -> dict[str, str]:
    """Each column of a view of this table with its SQL type."""
    return load_tables()[table].column_types(further)


def _redacted_literal() -> str:
    """What stands for a name, as an SQL literal."""
    return sql_literal(REDACTED)
