"""A small lake as tables of one DuckDB database, filled from drawn tables.

Its assembly has `1` (50,000 bases), `22`, `X` (1,000 bases, PAR 1-100 and 901-1000), `Y` (PAR
1-100), `MT` and a contig with colons in its name. What no spec draws is filled in: a batch 1,
samples and cohort `all` as the genotypes have them, records that pass.
"""

import itertools
from weakref import WeakKeyDictionary

import duckdb

from allelake.warehouse.catalog.asked_rows import whole_macros
from allelake.warehouse.strata.view import frequencies_select
from allelake.warehouse.tables import load_tables
from specs.drawn import NULL, Row, drawn_names, drawn_rows
from specs.genotypes import Alone, Sample, Storage, Stored, store
from specs.intervals import Interval, covered, drawn_intervals, interval_rows

_CONTIGS = """
    contig              | length_bp | kind     | aliases
    1                   | 50000     | autosome | 1 chr1 NC_000001.11
    22                  | 50818468  | autosome | 22 chr22 NC_000022.11
    X                   | 1000      | x        | X chrX
    Y                   | 1000      | y        | Y chrY
    MT                  | 500       | mt       | MT M chrM
    HLA-A*01:01:01:01   | 300       | other    | HLA-A*01:01:01:01
"""
_ZONES = """
    contig              | start_position | end_position | zone
    1                   | 1              | 50000        | autosome
    22                  | 1              | 50818468     | autosome
    X                   | 1              | 100          | x_par
    X                   | 101            | 900          | x
    X                   | 901            | 1000         | x_par
    Y                   | 1              | 100          | y_par
    Y                   | 101            | 1000         | y
    MT                  | 1              | 500          | mt
    HLA-A*01:01:01:01   | 1              | 300          | autosome
"""
_FIXED = ("contig", "position", "ref", "alt", "end_position", "sv_length")
# Stored results are drawn by sample number.
_STORED = (
    "results",
    "kinship",
    "unrelated",
    "pruned_sites",
    "principal_components",
    "strata",
    "stratum_counts",
)
# Which tables may have rows, as far as that is known.
_FILLED: WeakKeyDictionary[duckdb.DuckDBPyConnection, set[str]] = WeakKeyDictionary()
_ATTRIBUTES = ("sex", "population", "batch")


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """The declared tables and the computed ones, all empty but contigs and zones."""
    for table in load_tables().values():
        columns = ", ".join(f"{column.name} {column.type}" for column in table.columns)
        connection.execute(f"CREATE TABLE {table.name} ({columns})")
    connection.execute("ALTER TABLE samples ADD COLUMN population VARCHAR")
    for tier in ("rare", "common"):
        connection.execute(f"CREATE VIEW {tier}_calls AS FROM calls WHERE tier = '{tier}'")
    connection.execute("CREATE VIEW stored_calls AS FROM calls")
    connection.execute("CREATE VIEW detailed_calls AS FROM common_calls")
    for statement in whole_macros():
        connection.execute(statement)
    parts = " UNION ALL ".join(
        f"SELECT '{name}' AS attribute, sample_number, {name}::VARCHAR AS value FROM samples"
        for name in _ATTRIBUTES
    )
    connection.execute(f"CREATE VIEW sample_attributes AS {parts}")
    connection.execute(f"CREATE VIEW attributes AS SELECT unnest({list(_ATTRIBUTES)}) AS attribute")
    connection.execute(
        "CREATE VIEW policies AS SELECT unnest(['raw', 'raw_blocks', 'adj@1']) AS policy"
    )
    connection.execute(
        "CREATE TABLE contigs (contig VARCHAR, length_bp INTEGER, aliases VARCHAR[], "
        "contig_order INTEGER, kind VARCHAR)"
    )
    connection.execute(f"CREATE VIEW frequencies AS {frequencies_select()}")
    for order, row in enumerate(drawn_rows(_CONTIGS)):
        values = (row["contig"], int(row["length_bp"]), row["aliases"].split(), order, row["kind"])
        connection.execute("INSERT INTO contigs VALUES (?, ?, ?, ?, ?)", values)
    connection.execute(
        "CREATE TABLE zones (contig VARCHAR, start_position INTEGER, end_position INTEGER, "
        "zone VARCHAR)"
    )
    for row in drawn_rows(_ZONES):
        connection.execute("INSERT INTO zones VALUES (?, ?, ?, ?)", list(row.values()))


def fill_tables(
    connection: duckdb.DuckDBPyConnection, storage: Storage, drawn: dict[str, str]
) -> None:
    """Empty every declared table and fill it from what is drawn, genotypes stored one way."""
    for table in _FILLED.pop(connection, load_tables()):
        connection.execute(f"DELETE FROM {table}")
    _FILLED[connection] = set()
    records = drawn_rows(drawn.get("genotypes", "contig | position | ref | alt"))
    sample_rows = _samples(drawn)
    samples = [
        Sample(int(row["sample_number"]), row["sample_id"], int(row["batch"]))
        for row in sample_rows
    ]
    haploid = _haploid(drawn, samples)
    batches = _batches(drawn, records, samples)
    adj_batches = {int(row["batch"]) for row in batches if row["has_adj"] == "true"}
    intervals = drawn_intervals(drawn.get("callable", "contig"), samples)
    stored = store(
        records,
        samples,
        adj_batches,
        lambda sample, contig, position: any(
            contig == row["contig"]
            and int(row["start_position"]) <= position <= int(row["end_position"])
            and int(row["batch"]) == sample.batch
            and sample.sample_id in row["haploid"].split()
            for row in haploid
        ),
        storage,
        _alone(drawn, batches, intervals),
    )
    _insert(connection, "callable", interval_rows(intervals))
    _insert(connection, "samples", sample_rows)
    _insert(connection, "batches", [_batch_row(row) for row in batches])
    _insert(connection, "ploidy", [row for each in haploid for row in _planes(each, samples)])
    _insert_genotypes(connection, stored, drawn_rows(drawn.get("sites", "batch")))
    _insert_cohorts(connection, drawn, samples)
    for name in ("sample_counts", "pedigree", *_STORED):
        rows = drawn_rows(drawn[name]) if name in drawn else []
        _insert(connection, name, [_numbered(row, samples) for row in rows])


def _samples(drawn: dict[str, str]) -> list[Row]:
    """Samples as drawn, or those the genotypes name; numbered in that order unless drawn so."""
    if "samples" in drawn:
        rows = drawn_rows(drawn["samples"])
    elif "genotypes" in drawn:
        names = [name for name in drawn_names(drawn["genotypes"]) if name not in _FIXED]
        rows = [{"sample_id": name} for name in names]
    else:
        rows = []
    return [
        {"sample_number": str(number), "batch": "1", "participant_id": row["sample_id"], **row}
        for number, row in enumerate(rows)
    ]


def _batches(drawn: dict[str, str], records: list[Row], samples: list[Sample]) -> list[Row]:
    """Batches as drawn, the rest filled in; one declares GQ, DP and AD if a cell has them."""
    contigs = " ".join(sorted({record["contig"] for record in records}))
    given = drawn_rows(drawn["batches"]) if "batches" in drawn else []
    named = {row["batch"] for row in given}
    others = sorted({str(sample.batch) for sample in samples} | _site_batches(drawn) - named)
    rows = given + [{"batch": batch} for batch in others if batch not in named]
    filled = []
    for row in rows:
        names = [sample.sample_id for sample in samples if str(sample.batch) == row["batch"]]
        has_adj = any(":" in record.get(name, "") for record in records for name in names)
        filled.append(
            {
                "kind": "joint" if names else "sites_only",
                "absent": "unknown",
                "has_adj": str(has_adj).lower(),
                "contigs": contigs,
                **row,
            }
        )
    return filled


def _alone(drawn: dict[str, str], batches: list[Row], intervals: list[Interval]) -> Alone:
    """Per-sample batches; drawn `own_filters` say what records failed, the others pass."""
    failed = {
        (row["sample_id"], row["contig"], row["position"], row["ref"], row["alt"]): row["filters"]
        for row in drawn_rows(drawn.get("own_filters", "sample_id"))
    }

    def filters(sample: Sample, key: dict[str, object]) -> list[str] | None:
        place = (str(key[name]) for name in ("contig", "position", "ref", "alt"))
        return _filters(failed.get((sample.sample_id, *place), "PASS"))

    return Alone(
        frozenset(int(row["batch"]) for row in batches if row["kind"] == "per_sample"),
        lambda sample, key: covered(intervals, sample, key),
        filters,
    )


def _site_batches(drawn: dict[str, str]) -> set[str]:
    return {row.get("batch", "1") for row in drawn_rows(drawn.get("sites", "batch"))}


def _batch_row(row: Row) -> dict[str, object]:
    unused = {
        "profile": "generic",
        "is_normalised": "trimmed",
        "normaliser_version": 1,
        "samples": 0,
        "records": 0,
        "variants": 0,
        "skipped_records": 0,
        "inputs": [],
        "warnings": [],
        "ingested_at": "2026-01-01",
    }
    return {**unused, **row, "contigs": row["contigs"].split()}


def _haploid(drawn: dict[str, str], samples: list[Sample]) -> list[Row]:
    """Drawn intervals of `ploidy`; `haploid` is a list of sample names."""
    rows = drawn_rows(drawn.get("ploidy", "contig"))
    return [{"batch": "1", **row} for row in rows]


def _planes(row: Row, samples: list[Sample]) -> list[dict[str, object]]:
    blocks: dict[int, bytearray] = {}
    for sample in samples:
        if sample.sample_id in row["haploid"].split():
            plane = blocks.setdefault(sample.number // 1024, bytearray(128))
            place = sample.number % 1024
            plane[place // 8] |= 1 << (7 - place % 8)
    return [{**row, "block": block, "haploid": bytes(plane)} for block, plane in blocks.items()]


def _insert_genotypes(
    connection: duckdb.DuckDBPyConnection, stored: Stored, sites: list[Row]
) -> None:
    """Rows of drawn `sites` say more of the records that genotypes have, or add records without."""
    records = {_site_key(row): row for row in stored.sites}
    for drawn in sites:
        position = int(drawn["position"])
        end = drawn.get("end_position") or str(position + len(drawn["ref"]) - 1)
        row = {"batch": "1", "sv_length": NULL, "end_position": end, **drawn}
        values: dict[str, object] = {
            name: None if cell == NULL else cell for name, cell in row.items()
        }
        values |= {"position": position, "bin": position >> 14}
        own = records.setdefault(_site_key(values), {})
        own |= values
    rows = []
    for row in records.values():
        filled = {"filters": "PASS", "has_genotypes": "true", **row}
        filled["filters"] = _filters(str(filled["filters"]))
        if isinstance(filled.get("other_ids"), str):
            filled["other_ids"] = str(filled["other_ids"]).split()
        rows.append(
            {"record_alt_index": 1, "record_alt_total": 1, "duplicate_records": 0, **filled}
        )
    _insert(connection, "sites", rows)
    _insert(connection, "calls", stored.calls)
    _insert(connection, "bits", stored.bits)


def _site_key(row: dict[str, object]) -> tuple[str, ...]:
    names = ("contig", "position", "ref", "alt", "end_position", "sv_length", "batch")
    return tuple(str(row[name]) for name in names)


def _filters(cell: str) -> list[str] | None:
    """`PASS`, `.` or names with ; between."""
    return {"PASS": [], ".": None}.get(cell, cell.split(";"))


def _insert_cohorts(
    connection: duckdb.DuckDBPyConnection, drawn: dict[str, str], samples: list[Sample]
) -> None:
    """Cohorts as drawn (`cohort | members`, names with spaces between), and always `all`."""
    rows = drawn_rows(drawn.get("cohorts", "cohort | members"))
    everybody = " ".join(sample.sample_id for sample in samples)
    cohorts, members = [], []
    for row in [*rows, {"cohort": "all", "members": everybody}]:
        cohorts.append({"cohort": row["cohort"], "created_at": "2026-01-01"})
        members += [
            {"cohort": row["cohort"], "sample_number": sample.number, "batch": sample.batch}
            for sample in samples
            if sample.sample_id in row["members"].split()
        ]
    _insert(connection, "cohorts", cohorts)
    _insert(connection, "cohort_members", members)


def _numbered(row: Row, samples: list[Sample]) -> Row:
    numbers = {sample.sample_id: str(sample.number) for sample in samples}
    if "sample_id" not in row:
        return row
    rest = {name: cell for name, cell in row.items() if name != "sample_id"}
    return {"batch": "1", "sample_number": numbers[row["sample_id"]], **rest}


def _insert(
    connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, object]] | list[Row]
) -> None:
    if rows:
        _FILLED[connection].add(table)
    # Rows that say the same columns at once: a statement takes as long as many rows.
    for columns, alike in itertools.groupby(rows, key=tuple):
        values = [[None if cell == NULL else cell for cell in row.values()] for row in alike]
        marks = ", ".join(f"({', '.join('?' for _ in columns)})" for _ in values)
        connection.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES {marks}",
            list(itertools.chain.from_iterable(values)),
        )
