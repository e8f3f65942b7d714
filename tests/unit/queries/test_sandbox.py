"""What `allelake sql` takes and refuses."""

import pathlib

import duckdb
import pytest

from allelake.errors import QueryError
from allelake.queries.connect import open_lake, restrict, session
from allelake.queries.sandbox import Vocabulary, check_select, vocabulary

from .conftest import write_catalog

ALLOWED = [
    "SELECT 1",
    "FROM sites",
    "from SITES",
    'FROM "Sites"',
    "FROM lake.sites",
    "FROM lake.main.sites",
    "FROM main.sites",
    "SELECT contig, sum(alt_count) FROM sites GROUP BY ALL HAVING count(*) > 1 ORDER BY 1 LIMIT 3",
    "WITH a AS (FROM sites), b AS (FROM a) SELECT * FROM b",
    "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 4) FROM n",
    "SELECT * FROM carriers_of('chr1', min_count := 2)",
    "SELECT doubled(position) FROM sites",
    "SELECT * FROM sites s JOIN LATERAL (SELECT s.position + 1) t ON true",
    "SELECT * FROM sites SEMI JOIN (VALUES ('chr1')) v(contig) USING (contig)",
    "SELECT count(*) FILTER (WHERE alt_count > 0) AS n, list_sort(list(position)) FROM sites",
    "SELECT row_number() OVER (PARTITION BY contig ORDER BY position) FROM sites",
    "SELECT [x * 2 FOR x IN [1, 2]], {'a': 1}, MAP {'k': 1}, list_transform([1], lambda x: x + 1)",
    "SELECT position::BIGINT, CASE WHEN alt_count > 1 THEN 'two' END, coalesce(NULL, 1) FROM sites",
    "SELECT contig LIKE 'chr%', contig ~ '1$', contig IN ('chr1'), contig NOT IN ('x') FROM sites",
    "SELECT * EXCLUDE (contig) REPLACE (alt_count + 1 AS alt_count) FROM sites",
    "SELECT COLUMNS('p.*') FROM sites",
    "SELECT 1 AS a UNION ALL BY NAME SELECT 2 AS a EXCEPT SELECT 3",
    "SELECT DISTINCT ON (contig) * FROM sites",
    "SELECT * FROM range(3), generate_series(1, 2), unnest([1])",
    "SELECT * FROM sites USING SAMPLE 10",
    "SELECT current_date, today(), random()",
    "SELECT '1'::BLOB::BIT, bit_count('101'::BIT), '\\x05'::BLOB",
    "SELECT exists(FROM sites), (SELECT max(position) FROM sites), 1 = ANY (SELECT 1)",
    "FROM (PIVOT sites ON alt_count IN (0, 1) USING count(*))",
    "SELECT view_name FROM duckdb_views()",
    "SHOW TABLES",
    "DESCRIBE sites",
    "SUMMARIZE sites",
    "DESCRIBE FROM carriers_of('chr1')",
    "SELECT 1; -- done",
    "SELECT quantile_cont(position, 0.5), arg_max(contig, position), string_agg(contig) FROM sites",
    "SELECT 1 WHERE 'copy (select 1) to ''x''' <> 'attach'",
]

# The text, and what the refusal must name.
REFUSED = [
    ("", "no query"),
    ("-- only a comment", "no query"),
    ("SELECT 1; SELECT 2", "2 statements"),
    ("SELECT 1; DROP VIEW sites", "DROP"),
    ("COPY sites TO 'out.csv'", "COPY"),
    ("copy (select 1) to '/dev/stdout'", "COPY"),
    ("COPY sites FROM 'in.csv'", "COPY"),
    ("WITH x AS (COPY (SELECT 1) TO 'out.csv') SELECT * FROM x", "COPY is not allowed"),
    ("wItH x As MATERIALIZED (cOpY (SELECT 1) tO 'out.csv') FROM x", "COPY"),
    ("WITH a AS (WITH x AS (COPY (SELECT 1) TO 'o') FROM x) FROM a", "COPY"),
    ("SELECT * FROM (WITH x AS (COPY (SELECT 1) TO 'o') FROM x)", "COPY"),
    ("SELECT (WITH x AS (COPY (SELECT 1) TO 'o') SELECT 1 FROM x)", "COPY"),
    ("WITH x AS (INSERT INTO sites VALUES (1) RETURNING *) FROM x", "INSERT"),
    ("WITH x AS (DELETE FROM sites RETURNING *) FROM x", "DELETE"),
    ("WITH x AS (UPDATE sites SET position = 1 RETURNING *) FROM x", "UPDATE"),
    ("INSERT INTO sites VALUES (1)", "INSERT"),
    ("DELETE FROM sites", "DELETE"),
    ("UPDATE sites SET position = 1", "UPDATE"),
    ("TRUNCATE sites", "DELETE"),
    ("ATTACH 'other.duckdb'", "ATTACH"),
    ("ATTACH ':memory:' AS m", "ATTACH"),
    ("DETACH lake", "DETACH"),
    ("USE memory", "SET"),
    ("SET memory_limit = '1TB'", "SET"),
    ("SET VARIABLE x = 1", "SET"),
    ("RESET memory_limit", "SET"),
    ("PRAGMA database_list", "PRAGMA"),
    ("CALL pragma_version()", "CALL"),
    ("EXPORT DATABASE 'out'", "EXPORT"),
    ("IMPORT DATABASE 'in'", "PRAGMA"),
    ("INSTALL httpfs", "LOAD"),
    ("LOAD httpfs", "LOAD"),
    ("UPDATE EXTENSIONS", "not allowed"),
    ("CREATE TABLE t (a INTEGER)", "CREATE"),
    ("CREATE TEMP VIEW v AS SELECT 1", "CREATE"),
    ("CREATE MACRO f() AS 1", "CREATE"),
    ("CREATE SECRET (TYPE s3)", "CREATE"),
    ("ALTER VIEW sites RENAME TO s", "ALTER"),
    ("COMMENT ON VIEW sites IS 'x'", "ALTER"),
    ("DROP VIEW sites", "DROP"),
    ("VACUUM", "VACUUM"),
    ("CHECKPOINT", "CALL"),
    ("BEGIN", "TRANSACTION"),
    ("PREPARE p AS SELECT 1", "PREPARE"),
    ("EXECUTE p", "EXECUTE"),
    ("EXPLAIN ANALYZE SELECT 1", "EXPLAIN"),
    ("PIVOT sites ON alt_count USING count(*)", "PIVOT"),
    ("MERGE INTO sites USING sites s ON true WHEN MATCHED THEN DELETE", "MERGE"),
    ("FROM read_csv('/etc/passwd')", "read_csv"),
    ("FROM READ_CSV('/etc/passwd')", "read_csv"),
    ("FROM \"read_csv\"('/etc/passwd')", "read_csv"),
    ("FROM /* hidden */ read_parquet('data/sites.parquet')", "read_parquet"),
    ("FROM read_text('/etc/passwd')", "read_text"),
    ("FROM read_blob('/etc/passwd')", "read_blob"),
    ("FROM read_json_auto('x')", "read_json_auto"),
    ("FROM read_duckdb('x')", "read_duckdb"),
    ("FROM parquet_metadata('data/sites.parquet')", "parquet_metadata"),
    ("FROM sniff_csv('x')", "sniff_csv"),
    ("FROM glob('*')", "glob"),
    ("FROM query('SELECT 1')", "query"),
    ("FROM query_table('sites')", "query_table"),
    ("FROM json_execute_serialized_sql('x')", "json_execute_serialized_sql"),
    ("FROM seq_scan('sites')", "seq_scan"),
    ("FROM duckdb_settings()", "duckdb_settings"),
    ("FROM duckdb_secrets()", "duckdb_secrets"),
    ("FROM duckdb_logs()", "duckdb_logs"),
    ("FROM pragma_table_info('sites')", "pragma_table_info"),
    ("FROM test_all_types()", "test_all_types"),
    ("FROM system.main.range(3)", "system.main.range"),
    ("SELECT * FROM sites, LATERAL read_csv(contig)", "read_csv"),
    ("SELECT (FROM read_text('/etc/passwd'))", "read_text"),
    ("SELECT 1 WHERE 1 IN (FROM read_csv('x'))", "read_csv"),
    ("SELECT 1 ORDER BY (SELECT content FROM read_text('x'))", "read_text"),
    ("SELECT 1 LIMIT (SELECT count(*) FROM read_csv('x'))", "read_csv"),
    ("SELECT sum(1) OVER (ORDER BY (SELECT 1 FROM glob('*')))", "glob"),
    ("SELECT list_transform([1], lambda x: (SELECT 1 FROM glob('*')))", "glob"),
    ("FROM carriers_of((SELECT content FROM read_text('x')))", "read_text"),
    ("DESCRIBE FROM read_csv('/etc/passwd')", "read_csv"),
    ("SUMMARIZE 'secret.csv'", "secret.csv"),
    ("FROM (PIVOT 'secret.csv' ON a IN (1) USING count(*))", "secret.csv"),
    ("FROM '/etc/passwd'", "/etc/passwd"),
    ("FROM 'data/secret.parquet'", "secret.parquet"),
    ('FROM "data/sites.parquet"', "sites.parquet"),
    ("FROM 's3://bucket/x'", "s3://bucket/x"),
    ("FROM U&'\\0061.csv'", ""),
    ("FROM information_schema.tables", "information_schema"),
    ("FROM memory.main.sites", "memory.main.sites"),
    ("FROM sites AT (VERSION => 1)", "AT"),
    ("FROM sitez", "sites"),
    ("FROM carriers_off('chr1')", "carriers_of"),
    # A name given by WITH inside a subquery is not a table outside of it.
    ('SELECT * FROM (WITH "a.csv" AS (SELECT 1) FROM "a.csv"), \'a.csv\'', "a.csv"),
    ('WITH "a.csv" AS (FROM \'a.csv\') FROM "a.csv"', "a.csv"),
    ("SELECT getenv('HOME')", "getenv"),
    ("SELECT GetEnv('HOME')", "getenv"),
    ("SELECT current_setting('home_directory')", "current_setting"),
    ("SELECT getvariable('x')", "getvariable"),
    ("SELECT nextval('s')", "nextval"),
    ("SELECT sleep_ms(10000)", "sleep_ms"),
    ("SELECT pg_sleep(10)", "pg_sleep"),
    ("SELECT write_log('x')", "write_log"),
    ("SELECT setseed(0.5)", "setseed"),
    ("SELECT json_serialize_plan('FROM read_csv(''x'')')", "json_serialize_plan"),
    ("SELECT 'x'.getenv()", "getenv"),
    ("SELECT system.main.getenv('x')", "system.main.getenv"),
    ("SELECT sum(getenv('x')) OVER ()", "getenv"),
    ("WITH other AS (SELECT 1) FROM memory.main.other", "memory.main.other"),
    ("SELECT nothing_known(1) OVER ()", "nothing_known"),
    ("SHOW DATABASES", "SHOW"),
    ("SHOW VARIABLES", "SHOW"),
    ("SHOW TABLES FROM memory", "SHOW"),
    ("SELECT FROM sites WHERE", "cannot be read"),
    ("SELECT '\0'", "NUL"),
    ("SELECT " + "1, " * 40_000 + "1", "characters"),
    ("SELECT " + "(SELECT " * 2_000 + "1" + ")" * 2_000, ""),
]


@pytest.fixture(scope="module")
def known(toy: duckdb.DuckDBPyConnection) -> Vocabulary:
    return vocabulary(toy)


@pytest.mark.parametrize("sql", ALLOWED)
def test_a_query_over_the_lake_is_taken_and_runs(
    toy: duckdb.DuckDBPyConnection, known: Vocabulary, sql: str
) -> None:
    check_select(sql, known)
    session(toy).execute(sql).fetchall()


@pytest.mark.parametrize(("sql", "named"), REFUSED, ids=[sql[:60] for sql, _ in REFUSED])
def test_what_is_no_query_over_the_lake_is_refused_by_name(
    known: Vocabulary, sql: str, named: str
) -> None:
    with pytest.raises(QueryError) as refusal:
        check_select(sql, known)
    assert named in str(refusal.value)


def test_a_misspelt_table_names_the_nearest(known: Vocabulary) -> None:
    with pytest.raises(QueryError, match=r"no table 'sitez' in this lake\. Did you mean 'sites'\?"):
        check_select("FROM sitez", known)


@pytest.mark.parametrize(
    "sql",
    [
        "FROM read_csv('/etc/passwd')",
        "FROM 'data/secret.parquet'",
        "FROM read_parquet('data/../data/secret.parquet')",
        "COPY (SELECT 1) TO 'out.csv'",
        "WITH x AS (COPY (SELECT 1) TO '/tmp/allelake_out.csv') FROM x",
        "ATTACH '/tmp/allelake_other.duckdb'",
        "SET enable_external_access = true",
        "SET allowed_paths = ['/etc/passwd']",
        "SELECT * FROM glob('/etc/*')",
        "LOAD httpfs",
    ],
)
def test_the_connection_itself_reads_no_other_file_and_writes_none(
    toy: duckdb.DuckDBPyConnection, sql: str
) -> None:
    """The second wall: were the check of the text passed by a trick, DuckDB would still refuse."""
    with pytest.raises(duckdb.Error, match=r"disabled|locked|Cannot open|not allowed"):
        session(toy).execute(sql).fetchall()


def test_a_reader_keeps_its_snapshot_and_the_next_one_sees_the_commit(
    toy_lake: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    link = tmp_path / "lake"
    link.symlink_to(toy_lake)
    before = open_lake(link)
    restrict(before, link, ["data/sites.parquet"])
    number = "SELECT DISTINCT snapshot FROM sites"
    first = before.execute(number).fetchall()[0][0]
    write_catalog(link, first + 1)
    after = open_lake(link)
    assert session(before).execute(number).fetchall() == [(first,)]
    assert after.execute(number).fetchall() == [(first + 1,)]


def test_a_question_that_came_after_the_lakes_last_commit_is_told_so(known: Vocabulary) -> None:
    """The toy's catalog knows none of today's questions, as an old lake's knows not all."""
    with pytest.raises(QueryError, match=r"newer than this lake's catalog.*next commit"):
        check_select("FROM allele_frequency('all')", known)
