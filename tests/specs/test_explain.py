"""explain_an, explain_samples: why is each sample in the AN of a variant, or not?"""

# Drawn tables are as wide as their columns.
# ruff: noqa: E501

import duckdb
import pytest

from specs.conftest import Answers
from specs.drawn import drawn_cells, drawn_rows, table_of, written
from specs.small_lake import _insert, fill_tables

# One batch of a joint call set, and one that has no record of most variants.

PEOPLE = """
    sample_id | sex | batch
    xx        | XX  | 1
    xy        | XY  | 1
    none      | -   | 1
    other     | XX  | 2
"""
JOINT = """
    contig | position | ref | alt | xx             | xy             | none           | other
    1      | 10       | A   | G   | 0/1:99:30:10,9 | ./.            | ./1:99:30:9,9  |
    1      | 20       | A   | G   | 0/1:19:9:8,1   | 0/0:99:30:30,0 | 1/1:.:30:.     |
    X      | 500      | A   | G   | 1/1:99:30:0,30 | 0/1:99:30:9,9  | 0/0:99:30:30,0 |
    Y      | 500      | A   | G   | 0/0:99:30:30,0 | 1:99:7:0,7     | 0/0:99:30:30,0 |
"""


@pytest.fixture
def explains(answers: Answers) -> Answers:
    def explains(name: str, expected: str, *terms: str, **drawn: str) -> None:
        answers(
            f"FROM explain_samples('{name}'{''.join(f', {term}' for term in terms)})",
            expected=expected,
            **drawn,
        )

    return explains


def test_a_record_calls_half_calls_or_does_not_call(explains: Answers) -> None:
    explains(
        "1-10-A-G",
        """
            sample_id | part   | alleles | copies | reason
            xx        | record | 2       | 1      | called
            xy        | record | 0       | 0      | no_call
            none      | record | 1       | 1      | half_called
            other     | none   | 0       | 0      | no_record
        """,
        samples=PEOPLE,
        genotypes=JOINT,
    )


def test_under_adj_the_thresholds_that_fail_are_told(answers: Answers) -> None:
    """Of a reference genotype, stored in bits or as a row, what failed is told where it is kept."""
    answers(
        "FROM explain_samples('1-20-A-G', in_policy := 'adj@1')",
        samples=PEOPLE,
        batches="""
            batch | has_adj
            1     | true
            2     | false
        """,
        genotypes=JOINT,
        expected="""
            sample_id | part   | alleles | reason        | explanation
            xx        | record | 0       | failed_adj    | fails adj@1: GQ < 20, DP < 10, AD / DP < 0.2
            xy        | record | 2       | called        | called in a record of the variant
            none      | record | 0       | failed_adj    | fails adj@1: GQ missing, AD missing
            other     | none   | 0       | no_adj_fields | its batch does not declare GQ, DP and AD, which adj@1 needs
        """,
    )
    answers(
        "FROM explain_an('1-20-A-G', in_policy := 'adj@1')",
        storages=("common",),
        genotypes="""
            contig | position | ref | alt | a              | b             | c
            1      | 20       | A   | G   | 0/1:99:30:15,9 | 0/0:9:30:30,0 | 0/0:99:9:9,0
        """,
        expected="""
            part   | samples | alleles | copies | reason     | explanation
            record | 1       | 2       | 1      | called     | called in a record of the variant
            record | 2       | 0       | 0      | failed_adj | fails adj@1: of a reference genotype that fails, GQ, DP and AD are not kept
        """,
    )


def test_sex_decides_outside_par(explains: Answers) -> None:
    by_sex = "in_ploidy := 'by_sex'"
    explains(
        "X-500-A-G",
        """
            sample_id | part   | alleles | copies | reason
            xx        | record | 2       | 2      | called
            xy        | record | 0       | 0      | het_by_sex
            none      | none   | 0       | 0      | unknown_sex
            other     | none   | 0       | 0      | no_record
        """,
        by_sex,
        samples=PEOPLE,
        genotypes=JOINT,
    )
    explains(
        "Y-500-A-G",
        """
            sample_id | part   | alleles | copies | reason
            xx        | record | 0       | 0      | none_by_sex
            xy        | record | 1       | 1      | called
            none      | none   | 0       | 0      | unknown_sex
            other     | none   | 0       | 0      | no_record
        """,
        by_sex,
        samples=PEOPLE,
        genotypes=JOINT,
    )


def test_filters_and_records_without_genotypes_leave_samples_unknown(answers: Answers) -> None:
    drawn = {
        "samples": PEOPLE,
        "genotypes": JOINT,
        "sites": """
            contig | position | ref | alt | batch | filters | has_genotypes
            1      | 10       | A   | G   | 1     | q10;s50 | true
            1      | 10       | A   | G   | 2     | PASS    | false
        """,
    }
    answers(
        "FROM explain_an('1-10-A-G', in_filter := 'pass')",
        expected="""
            part | batch | samples | alleles | reason       | explanation
            none | 1     | 3       | 0       | filtered     | its record or block failed filters: q10;s50
            none | 2     | 1       | 0       | no_genotypes | the record of its batch has no genotypes
        """,
        **drawn,
    )


def test_what_is_assumed_names_its_rule(answers: Answers) -> None:
    drawn = {
        "samples": PEOPLE,
        "batches": """
            batch | absent    | contigs
            1     | reference | 1 Y
            2     | unknown   | 1 X Y
        """,
        "genotypes": """
            contig | position | ref | alt | other
            1      | 30       | A   | G   | 0/1
            X      | 500      | A   | G   | 0/1
            Y      | 500      | A   | G   | ./.
        """,
    }
    answers(
        "FROM explain_an('1-30-A-G')",
        expected="""
            part    | batch | samples | alleles | reason  | explanation
            record  | 2     | 1       | 2       | called  | called in a record of the variant
            assumed | 1     | 3       | 6       | assumed | no record, and --absent reference: taken as reference
        """,
        **drawn,
    )
    answers(
        "FROM explain_samples('Y-500-A-G')",
        expected="""
            sample_id | part    | alleles | reason
            xx        | assumed | 0       | none_by_sex
            xy        | assumed | 1       | assumed
            none      | none    | 0       | unknown_sex
            other     | record  | 0       | no_call
        """,
        **drawn,
    )
    answers(
        "FROM explain_an('X-500-A-G')",
        expected="""
            part   | batch | samples | alleles | reason
            record | 2     | 1       | 2       | called
            none   | 1     | 3       | 0       | other_contig
        """,
        **drawn,
    )


def test_every_variant_of_a_name_is_explained(answers: Answers) -> None:
    """Two deletions begin at one place; blocks and regions say nothing of either."""
    answers(
        "FROM explain_an('1-10-N-<DEL>')",
        genotypes="""
            contig | position | ref | alt   | end_position | sv_length | a   | b
            1      | 10       | N   | <DEL> | 50           | -40       | 0/1 | 0/0
            1      | 10       | N   | <DEL> | 90           | -80       | ./. | 1/1
            1      | 10       | N   | A     | 10           | -         | 0/1 | 1/1
        """,
        expected="""
            end_position | sv_length | samples | alleles | copies | reason
            50           | -40       | 2       | 4       | 1      | called
            90           | -80       | 1       | 2       | 2      | called
            90           | -80       | 1       | 0       | 0      | no_call
        """,
    )


def test_a_cohort_is_explained_alone_and_who_was_withdrawn_is_a_number(
    database: duckdb.DuckDBPyConnection,
) -> None:
    fill_tables(
        database,
        "rare",
        {
            "samples": PEOPLE,
            "genotypes": JOINT,
            "cohorts": "cohort | members\nmen | xy",
        },
    )
    _insert(
        database,
        "removals",
        [
            {"sample_number": "8", "batch": "1", "kind": "withdrawn", "removed_at": "2026-01-01"},
            {"sample_number": "9", "batch": "1", "kind": "replaced", "removed_at": "2026-01-01"},
        ],
    )
    found = database.execute(
        "SELECT part, batch, samples, alleles, reason FROM explain_an('1-10-A-G', 'men') ORDER BY ALL"
    ).fetchall()
    assert found == [
        ("record", 1, 1, 0, "no_call"),
        ("withdrawn", 1, 1, 0, "replaced"),
        ("withdrawn", 1, 1, 0, "withdrawn"),
    ]


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("explain_an('1-10-A-T')", ["no variant '1-10-A-T'", "nearest is '1-10-A-G'"]),
        ("explain_an('1-19-A-G')", ["no variant", "nearest is '1-20-A-G'"]),
        ("explain_samples('X-500-A-C')", ["no variant", "nearest is 'X-500-A-G'"]),
        ("explain_an('MT-10-A-C')", ["no variant 'MT-10-A-C'. Write"]),
        ("explain_an('rs0')", ["no variant is named 'rs0'"]),
        ("explain_an('1-10-A-G', 'al')", ["nearest is 'all'"]),
        ("explain_an('1-10-A-G', in_policy := 'adj')", ["in_policy is"]),
    ],
)
def test_a_wrong_question_is_an_error_with_the_nearest(
    refuses: Answers, question: str, says: list[str]
) -> None:
    refuses(f"FROM {question}", *says, samples=PEOPLE, genotypes=JOINT)


# A batch of samples asked alone: rows of `calls` and `callable` as LAYOUT.md has them.

ALONE = {
    "samples": """
        sample_id | batch
        carrier   | 1
        block     | 1
        empty     | 1
        shallow   | 1
        other_alt | 1
        deletion  | 1
        part      | 1
        filtered  | 1
        nothing   | 1
        exome     | 2
        beside    | 2
    """,
    "batches": """
        batch | kind       | absent  | has_blocks | has_adj | contigs
        1     | per_sample | unknown | true       | true    | 1
        2     | per_sample | regions | false      | false   | 1
    """,
    "sites": """
        contig | position | ref | alt | batch | source_sample
        1      | 100      | A   | G   | 1     | 0
        1      | 100      | A   | T   | 1     | 4
        1      | 98       | CAAA | C  | 1     | 5
    """,
}
CALLS = """
    sample_number | position | ref  | alt | end_position | alt_count | called_count | covered
    0             | 100      | A    | G   | 100          | 1         | 2            | 43690
    4             | 100      | A    | T   | 100          | 1         | 2            | 43690
    5             | 98       | CAAA | C   | 101          | 1         | 2            | 43690
"""
CALLABLE = """
    sample_number | batch | start_position | end_position | alleles | policies | basis   | min_dp | min_gq
    0             | 1     | 90             | 200          | 2       | 119      | block   | 12     | 30
    1             | 1     | 1              | 500          | 2       | 119      | block   | 11     | 25
    2             | 1     | 1              | 500          | 2       | 34       | block   | 0      | 0
    3             | 1     | 1              | 500          | 2       | 51       | block   | 9      | 99
    4             | 1     | 1              | 500          | 2       | 119      | block   | 20     | 50
    5             | 1     | 98             | 101          | 2       | 119      | record  | 20     | 50
    6             | 1     | 1              | 99           | 2       | 119      | block   | 20     | 50
    6             | 1     | 101            | 500          | 2       | 119      | block   | 20     | 50
    7             | 1     | 1              | 500          | 2       | 7        | block   | 20     | 50
    9             | 2     | 50             | 150          | 2       | 51       | regions | -      | -
"""


@pytest.fixture
def alone(database: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    fill_tables(database, "rare", ALONE)
    calls = {
        "tier": "rare",
        "contig": "1",
        "bin": "0",
        "batch": "1",
        "default_count": "0",
        "ploidy": "2",
    }
    calls |= {"is_phased": "false", "passes_adj": "true", "passes_adj_haploid": "true"}
    calls |= {"adj_in_bits": "false", "dp": "30", "gq": "99", "ad_ref": "15", "ad_alt": "15"}
    _insert(database, "calls", [{**calls, **row} for row in drawn_rows(CALLS)])
    database.execute("UPDATE calls SET filters = []")
    _insert(
        database,
        "callable",
        [{"contig": "1", "bin": "4681", **row} for row in drawn_rows(CALLABLE)],
    )
    return database


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (
            "in_policy := 'raw'",
            """
            sample_id | part    | alleles | reason          | explanation
            carrier   | record  | 2       | called          | called in a record of the variant
            block     | block   | 2       | block           | reference block, DP at least 11 and GQ at least 25
            empty     | none    | 0       | no_reads        | reference block without reads, which raw_blocks would count
            shallow   | block   | 2       | block           | reference block, DP at least 9 and GQ at least 99
            other_alt | block   | 2       | other_record    | called in another record of its own there, without this alt
            deletion  | block   | 2       | own_deletion    | called: a deletion of its own covers this place (*)
            part      | none    | 0       | no_coverage     | no record and no reference block there
            filtered  | block   | 2       | block           | reference block, DP at least 20 and GQ at least 50
            nothing   | none    | 0       | no_coverage     | no record and no reference block there
            exome     | assumed | 2       | assumed         | no record, inside the regions of --regions: taken as reference
            beside    | none    | 0       | outside_regions | no record, outside the regions of --regions
            """,
        ),
        (
            "in_policy := 'adj@1', in_filter := 'pass'",
            """
            sample_id | part   | alleles | reason        | explanation
            carrier   | record | 2       | called        | called in a record of the variant
            block     | block  | 2       | block         | reference block, DP at least 11 and GQ at least 25
            empty     | none   | 0       | no_reads      | reference block without reads, which raw_blocks would count
            shallow   | none   | 0       | failed_adj    | fails adj@1: DP < 10
            other_alt | block  | 2       | other_record  | called in another record of its own there, without this alt
            deletion  | block  | 2       | own_deletion  | called: a deletion of its own covers this place (*)
            part      | none   | 0       | no_coverage   | no record and no reference block there
            filtered  | none   | 0       | filtered      | its record or block failed filters
            nothing   | none   | 0       | no_coverage   | no record and no reference block there
            exome     | none   | 0       | no_adj_fields | its batch does not declare GQ, DP and AD, which adj@1 needs
            beside    | none   | 0       | no_adj_fields | its batch does not declare GQ, DP and AD, which adj@1 needs
            """,
        ),
    ],
)  # fmt: skip
def test_a_sample_asked_alone_is_explained_by_its_own_intervals(
    alone: duckdb.DuckDBPyConnection, terms: str, expected: str
) -> None:
    names, *wanted = drawn_cells(expected)
    answer = alone.execute(f"SELECT {', '.join(names)} FROM explain_samples('1-100-A-G', {terms})")
    found = [[written(value) for value in row] for row in answer.fetchall()]
    assert table_of(names, found) == table_of(names, wanted)


def test_a_deletion_needs_its_whole_span_covered(alone: duckdb.DuckDBPyConnection) -> None:
    found = alone.execute(
        "SELECT sample_id, reason FROM explain_samples('1-98-CAAA-C') WHERE sample_id IN ('part', 'block', 'carrier')"
    ).fetchall()
    assert dict(found) == {
        "block": "block",
        "carrier": "other_record",
        "part": "partly_covered",
    }


def test_groups_of_samples_alike_are_one_row_with_their_least_depth(
    alone: duckdb.DuckDBPyConnection,
) -> None:
    found = alone.execute(
        "SELECT samples, alleles, explanation FROM explain_an('1-100-A-G') WHERE reason = 'block'"
    ).fetchall()
    assert found == [(3, 6, "reference block, DP at least 9 and GQ at least 25")]
