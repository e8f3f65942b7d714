"""Every shipped .sql file keeps the form of one."""

import re
from pathlib import Path

import duckdb
import pytest

from allelake.files import shipped
from allelake.warehouse.catalog.macros import MacroFile, load_macros
from specs.small_lake import fill_tables

MACROS = load_macros()
QUESTIONS = [macro for macro in MACROS if not macro.is_part]
LONGEST_FILE = 400
LONGEST_LINE = 100

# What the examples in the headers ask of.
LAKE = {
    "samples": """
        sample_id | sex
        S1        | XX
        S2        | XY
        S3        | XX
    """,
    "genotypes": """
        contig | position | ref | alt | S1  | S2  | S3
        22     | 16050075 | A   | G   | 0/1 | 1/1 | 0/1
        22     | 16500000 | C   | T   | 0/0 | 0/1 | 0/0
        X      | 500      | C   | T   | 0/1 | 1/1 | 0/1
    """,
    "pedigree": """
        participant_id | father_id | mother_id
        S3             | S2        | S1
    """,
    "sites": """
        contig | position | ref | alt | id
        22     | 16050075 | A   | G   | rs587697622
    """,
    "results": """
        result | kind         | name | cohort | snapshot | sample_numbers | settings
        1      | kinship      | all  | all    | 4        | [0,1]          | {}
        2      | unrelated    | all  | all    | 5        | [0,1]          | {}
        3      | pca          | all  | all    | 6        | [0,1]          | {}
        4      | pruned_sites | all  | all    | 7        | [0,1]          | {}
        5 | frequencies | all | all | 8 | [0,1] | {"by":["sex"],"policies":["raw"],"leave_out":[]}
    """,
    "strata": """
        result | place | stratum | attributes | values | samples
        5      | 1     | all     | []         | []     | 3
        5      | 2     | XX      | [sex]      | [XX]   | 2
    """,
    "stratum_counts": """
        result | contig | position | ref | alt | end_position | policy | ac    | an_record
        5      | 22     | 16050075 | A   | G   | 16050075     | raw    | [4,2] | [6,4]
    """,
    "kinship": """
        result | sample_number_1 | sample_number_2 | snps | ibs0 | kinship | relationship
        1      | 0               | 1               | 100  | 0    | 0.5     | duplicate
    """,
    "unrelated": """
        result | sample_number
        2      | 0
    """,
    "principal_components": """
        result | sample_number | component | score | is_projected | known_share
        3      | 0             | 1         | 0.5   | false        | 1
    """,
    "pruned_sites": """
        result | contig | position | ref | alt
        4      | 22     | 16050075 | A   | G
    """,
}

FIRST_SET = [
    "allele_frequency",
    "allele_frequency_by",
    "frequency_strata",
    "group_max",
    "stored_group_max",
    "carrier_families",
    "faf",
    "genotype_counts",
    "carriers",
    "sample_variants",
    "variants_in",
    "variant",
    "cohort_samples",
    "cohort_overlap",
    "call_rate",
    "private_variants",
    "explain_an",
    "explain_samples",
    "hardy_weinberg",
    "hardy_weinberg_by",
    "hardy_weinberg_x",
    "site_quality",
    "batch_differences",
    "sample_quality",
    "sample_outliers",
    "inferred_sex",
    "sample_duplicates",
    "mendel_errors",
    "mendel_trios",
    "cohort_summary",
    "sample_summary",
    "common_snvs",
    "pruned_variants",
    "kinship_pairs",
    "relatives",
    "unrelated_samples",
    "pca_scores",
]


def described(names: list[MacroFile]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("macro", names, ids=[macro.name for macro in names])


def source(macro: MacroFile) -> str:
    return (shipped("queries") / macro.folder / f"{macro.name}.sql").read_text(encoding="utf-8")


def test_the_first_set_of_questions_is_there() -> None:
    assert sorted(macro.name for macro in QUESTIONS) == sorted(FIRST_SET)


@described(list(MACROS))
def test_a_file_is_one_statement_of_limited_length(macro: MacroFile) -> None:
    text = source(macro)
    (statement,) = duckdb.extract_statements(text)
    assert statement.type == duckdb.StatementType.CREATE
    lines = text.splitlines()
    assert len(lines) <= LONGEST_FILE
    assert [line for line in lines if len(line) > LONGEST_LINE] == []
    assert [line for line in lines if line != line.rstrip() or "\t" in line] == []


@described(list(MACROS))
def test_the_header_explains_every_argument(macro: MacroFile) -> None:
    assert macro.summary
    assert [argument.name for argument in macro.arguments if not argument.meaning] == []
    assert re.fullmatch(r"(FROM|SELECT) .*\b" + macro.name + r"\(.*;", macro.example)


# The relations that some parts are handed by name, as allele_counts makes them.
RELATIONS = """
    WITH spans AS (SELECT '22' AS contig, 16000000 AS span_start, 17000000 AS span_end),
    member AS (
        SELECT
            sample_number, batch, sample_id, participant_id, sex, NULL::VARCHAR AS attribute_value
        FROM samples
    ),
    pieces AS (FROM asked_pieces(NULL, 'as_called')),
    asked AS (
        SELECT *, unnest(range(low >> 14, (high >> 14) + 1))::INTEGER AS bin FROM pieces
    ),
    cells AS (FROM block_cells('member', 'pieces', NULL, 'raw')),
    records AS (
        SELECT s.*, r.rule FROM sites s JOIN pieces r
        ON s.contig = r.contig AND s.position BETWEEN r.low AND r.high
    ),
    single AS (SELECT * EXCLUDE (batch) FROM sites),
    some_groups AS (
        SELECT *, true AS is_candidate FROM frequency_strata('all', 'sex')
    ),
    counts AS (SELECT *, 1 AS ac, 2 AS an FROM single),
    tables AS (
        SELECT
            * EXCLUDE (batch), NULL::VARCHAR AS attribute_value, true AS is_diploid, 4 AS people,
            4 AS alternate_alleles, 1 AS homozygous_reference, 2 AS heterozygotes, 1 AS homozygotes,
            1 AS male_reference, 2 AS male_alternate, 1 AS ac, 2 AS an, 1 AS other_ac, 2 AS other_an
        FROM sites
    ),
    holders AS (
        SELECT
            sample_number AS holder, sex, attribute_value,
            false AS has_regions, 1::SMALLINT AS part, 1 AS n
        FROM member
    ),
    own_rows AS (
        SELECT
            c.contig, c.bin, c.position, c.ref, c.alt, c.end_position, c.sv_length,
            c.sample_number, h.attribute_value, 'autosome' AS zone, h.sex, 'as_called' AS treated,
            h.has_regions, 0 AS asked_level, c.alt_count, 0 AS covered_there,
            false AS is_haploid, true AS is_open, c.called_count AS alleles
        FROM stored_calls c
        JOIN holders h ON c.sample_number = h.holder
    )
"""


@described([macro for macro in MACROS if macro.is_table])
def test_the_header_explains_every_column_in_order(
    macro: MacroFile, database: duckdb.DuckDBPyConnection
) -> None:
    arguments = {"in_attribute": "'sex'", "in_name": "'22-5-A-G'", "in_sample": "'S1'"}
    arguments |= {"in_variant": "'22-16050075-A-G'"}
    defaults = {"in_policy": "'raw'", "in_ploidy": "'as_called'", "in_filter": "'any'"}
    given = {**arguments, **defaults, "in_region": "NULL", "is_with_filters": "true"}
    given |= {"in_cohort": "'all'", "in_other": "'all'", "is_with_whole": "true"}
    given |= {"is_with_duos": "true"}
    given |= {"in_members": "'member'", "in_pieces": "'pieces'", "in_asked": "'asked'"}
    given |= {"in_piece": "'pieces'", "is_alone": "false"}
    given |= {
        "in_cells": "'cells'",
        "in_single": "'single'",
        "in_holders": "'holders'",
        "in_rows": "'own_rows'",
    }
    given |= {
        "in_counts": "'counts'",
        "in_tables": "'tables'",
        "in_kind": "'autosome'",
        "in_command": "'init'",
        "in_groups": "'some_groups'",
        "in_left_out": "['XX']",
        "max_deviations": "4.0",
        "in_memberships": "'cohort_members'",
    }
    given |= {"in_records": "'records'", "in_planes": "'bits'"}
    given |= {"in_spans": "'spans'", "in_sites": "'sites'"}
    values = [given[argument.name] for argument in macro.arguments if argument.default is None]
    asked = f"{RELATIONS} FROM {macro.name}({', '.join(values)})"
    rows = database.execute(f"DESCRIBE {asked}").fetchall()
    assert [column.name for column in macro.columns] == [row[0] for row in rows]
    assert [column.name for column in macro.columns if not column.meaning] == []
    # HUGEINT would reach Python and Arrow as something else, DECIMAL and NULL likewise.
    assert {row[1] for row in rows} <= {
        "VARCHAR", "BIGINT", "INTEGER", "SMALLINT", "TINYINT", "DOUBLE", "BOOLEAN", "VARCHAR[]",
        "BIGINT[]", "BIT",
    }  # fmt: skip


@described(list(MACROS))
def test_the_example_runs(macro: MacroFile, database: duckdb.DuckDBPyConnection) -> None:
    fill_tables(database, "rare", LAKE)
    handed_over = r"'(member|asked|spans|holders|own_rows|single|counts|tables|some_groups)'"
    is_handed = re.search(handed_over, macro.example)
    handed = f"{RELATIONS} " if is_handed else ""
    rows = database.execute(handed + macro.example).fetchall()
    filters = " WHERE " in macro.example
    assert rows or filters, "an example without an answer explains nothing"


def test_no_argument_bears_the_name_of_a_column(database: duckdb.DuckDBPyConnection) -> None:
    """DuckDB would take the column for it, silently: `cohort = cohort` is true of every row."""
    rows = database.execute("SELECT DISTINCT column_name FROM duckdb_columns()").fetchall()
    columns = {name for (name,) in rows}
    columns |= {column.name for macro in MACROS for column in macro.columns}
    arguments = {argument.name for macro in MACROS for argument in macro.arguments}
    assert arguments & columns == set()
    assert {name for name in arguments if not re.match(r"(in|min|max|is)_", name)} == set()


@described(QUESTIONS)
def test_every_question_has_a_spec(macro: MacroFile) -> None:
    """A spec's first line says which questions it is about."""
    specs = [path.read_text() for path in Path(__file__).parent.glob("test_*.py")]
    heads = [text.split("\n", 1)[0].split(":")[0] for text in specs]
    assert any(re.search(rf"\b{macro.name}\b", head) for head in heads)


def test_a_macro_comes_after_those_it_uses() -> None:
    order = [macro.name for macro in MACROS]
    for place, macro in enumerate(MACROS):
        body = re.sub(r"--[^\n]*", "", macro.sql)
        used = {name for name in order if re.search(rf"\b{name}\(", body)} - {macro.name}
        assert used <= set(order[:place])


def test_arguments_that_several_questions_have_mean_the_same_default() -> None:
    defaults: dict[str, set[str | None]] = {}
    for macro in QUESTIONS:
        for argument in macro.arguments:
            if argument.default is not None and "hardy_weinberg" not in macro.name:
                defaults.setdefault(argument.name, set()).add(argument.default)
    assert {name: given for name, given in defaults.items() if len(given) > 1} == {
        # Batches are compared by default; outliers are looked for among all.
        "in_attribute": {"NULL", "'batch'"},
    }
    assert {name: defaults[name] for name in ("in_region", "in_policy", "in_ploidy", "min_an")} == {
        "in_region": {"NULL"},
        "in_policy": {"'raw'"},
        "in_ploidy": {"'as_called'"},
        "min_an": {"0"},
    }
