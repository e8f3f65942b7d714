"""carriers: who carries which alternate alleles?"""

# Drawn tables are as wide as their columns.
# ruff: noqa: E501

from collections.abc import Callable

import pytest

from specs.conftest import Answers
from specs.genotypes import STORAGES

PEOPLE = """
    sample_id | sex | participant_id | batch
    ann       | XX  | P1             | 1
    bo        | XY  | P2             | 1
    cy        | XY  | P3             | 2
    none      | -   | P4             | 2
"""


def test_one_row_for_each_person_with_a_copy(answers: Answers) -> None:
    """Reference, missing and other alleles are no carriers."""
    answers(
        "FROM carriers()",
        samples=PEOPLE,
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy  | none
            1      | 10       | A   | G,T | 0/1 | 1/2 | 2/2 | ./.
            X      | 500      | A   | G   | ./1 | 1   | 0/0 | 0
        """,
        ploidy="""
            contig | start_position | end_position | haploid
            X      | 101            | 900          | bo
        """,
        expected="""
            contig | position | ref | alt | sample_id | alt_count | called_count | participant_id | ploidy | batch | end_position
            1      | 10       | A   | G   | ann       | 1         | 2            | P1             | 2      | 1     | 10
            1      | 10       | A   | G   | bo        | 1         | 2            | P2             | 2      | 1     | 10
            1      | 10       | A   | T   | bo        | 1         | 2            | P2             | 2      | 1     | 10
            1      | 10       | A   | T   | cy        | 2         | 2            | P3             | 2      | 2     | 10
            X      | 500      | A   | G   | ann       | 1         | 1            | P1             | 2      | 1     | 500
            X      | 500      | A   | G   | bo        | 1         | 1            | P2             | 1      | 1     | 500
        """,
    )


def test_only_members_of_the_cohort(answers: Answers) -> None:
    answers(
        "FROM carriers(NULL, 'some')",
        samples=PEOPLE,
        cohorts="""
            cohort | members
            some   | bo cy
        """,
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy  | none
            1      | 10       | A   | G   | 0/1 | 0/0 | 1/1 | 0/1
        """,
        expected="""
            sample_id | alt_count
            cy        | 2
        """,
    )


def test_by_sex_xy_outside_par_carry_one_copy_or_none(answers: Answers) -> None:
    """A heterozygous XY is no carrier there, nor is anybody whose sex is unknown, nor XX on Y."""
    answers(
        "FROM carriers(in_ploidy := 'by_sex')",
        samples=PEOPLE,
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy  | none
            X      | 500      | A   | G   | 1/1 | 1/1 | 0/1 | 1/1
            X      | 50       | A   | G   | 1/1 | 1/1 | 0/1 | 1/1
            Y      | 500      | A   | G   | 1/1 | ./1 | 1   | 1/1
        """,
        expected="""
            contig | position | sample_id | alt_count | called_count | ploidy
            X      | 500      | ann       | 2         | 2            | 2
            X      | 500      | bo        | 1         | 1            | 2
            X      | 50       | ann       | 2         | 2            | 2
            X      | 50       | bo        | 2         | 2            | 2
            X      | 50       | cy        | 1         | 2            | 2
            X      | 50       | none      | 2         | 2            | 2
            Y      | 500      | bo        | 1         | 1            | 2
            Y      | 500      | cy        | 1         | 1            | 1
        """,
    )


def test_who_fails_the_policy_is_no_carrier(answers: Answers) -> None:
    """Nor is anybody of a batch that lacks the fields. Reads are shown as they are."""
    answers(
        "FROM carriers(in_policy := 'adj@1')",
        samples=PEOPLE,
        genotypes="""
            contig | position | ref | alt | ann            | bo             | cy  | none
            1      | 10       | A   | G   | 0/1:20:20:16,4 | 0/1:19:20:16,4 | 0/1 | 1/1
        """,
        expected="""
            sample_id | dp | gq | ad_ref | ad_alt
            ann       | 20 | 20 | 16     | 4
        """,
    )


def test_by_sex_the_policy_takes_haploid_thresholds(answers: Answers) -> None:
    answers(
        "FROM carriers(in_policy := 'adj@1', in_ploidy := 'by_sex')",
        samples=PEOPLE,
        genotypes="""
            contig | position | ref | alt | ann          | bo           | cy           | none
            X      | 500      | A   | G   | 1/1:99:5:0,5 | 1/1:99:5:0,5 | 1/1:99:4:0,4 | ./.:.:.:.
            X      | 50       | A   | G   | 1/1:99:5:0,5 | 1/1:99:5:0,5 | 1:99:5:0,5   | ./.:.:.:.
        """,
        expected="""
            position | sample_id | alt_count
            500      | bo        | 1
            50       | cy        | 1
        """,
    )
    # The second batch has no fields to judge by.
    answers(
        "FROM carriers(in_policy := 'adj@1', in_ploidy := 'by_sex')",
        samples=PEOPLE,
        genotypes="""
            contig | position | ref | alt | ann          | bo           | cy  | none
            X      | 500      | A   | G   | 1/1:99:5:0,5 | 1/1:99:5:0,5 | 1/1 | 1/1
        """,
        expected="""
            sample_id | alt_count
            bo        | 1
        """,
    )


def test_a_record_that_failed_has_no_carriers_under_pass(answers: Answers) -> None:
    drawn = {
        "samples": PEOPLE,
        "genotypes": """
            contig | position | ref | alt | ann | bo  | cy  | none
            1      | 10       | A   | G   | 0/1 | 0/0 | 1/1 | 0/0
            1      | 20       | A   | G   | 0/1 | 0/0 | 1/1 | 0/0
        """,
        "sites": """
            contig | position | ref | alt | batch | filters
            1      | 10       | A   | G   | 1     | q10;s50
            1      | 20       | A   | G   | 1     | .
        """,
    }
    answers(
        "FROM carriers(in_filter := 'pass')",
        **drawn,
        expected="""
            position | sample_id | filters
            10       | cy        | PASS
            20       | ann       | .
            20       | cy        | PASS
        """,
    )
    answers(
        "FROM carriers()",
        **drawn,
        expected="""
            position | sample_id | filters
            10       | ann       | q10;s50
            10       | cy        | PASS
            20       | ann       | .
            20       | cy        | PASS
        """,
    )


def test_variants_of_one_place_are_told_apart_by_end_and_length(answers: Answers) -> None:
    answers(
        "FROM carriers(in_filter := 'pass')",
        genotypes="""
            contig | position | ref | alt   | end_position | sv_length | ann
            1      | 10       | A   | <DEL> | 110          | -100      | 0/1
            1      | 10       | A   | <DEL> | 110          | -         | 1/1
            1      | 10       | A   | <DEL> | 210          | -         | 0/1
        """,
        sites="""
            contig | position | ref | alt   | end_position | sv_length | filters
            1      | 10       | A   | <DEL> | 110          | -100      | q10
        """,
        expected="""
            end_position | sv_length | alt_count | filters
            110          | -         | 2         | PASS
            210          | -         | 1         | PASS
        """,
    )


@pytest.mark.parametrize("storage", STORAGES)
@pytest.mark.parametrize("policy", ["raw", "adj@1"])
@pytest.mark.parametrize("ploidy", ["as_called", "by_sex"])
@pytest.mark.parametrize("kept", ["any", "pass"])
def test_copies_of_carriers_add_up_to_the_allele_count(
    asked: Callable[..., list[dict[str, object]]],
    storage: str,
    policy: str,
    ploidy: str,
    kept: str,
) -> None:
    cells = "0/1:99:20:10,10 | 1/1:99:5:0,5 | 0/1:99:20:10,10 | 1:99:5:0,5"
    rows = asked(
        f"""
        SELECT f.contig, f.position, f.ac, coalesce(sum(c.alt_count), 0)::BIGINT AS copies
        FROM allele_frequency('all', NULL, '{policy}', '{ploidy}', '{kept}') f
        LEFT JOIN carriers(NULL, 'all', '{policy}', '{ploidy}', '{kept}') c
            USING (contig, position, ref, alt)
        GROUP BY ALL
        """,
        storage=storage,
        samples=PEOPLE,
        genotypes=f"""
            contig | position | ref | alt | ann | bo | cy | none
            1      | 10       | A   | G   | {cells}
            X      | 50       | A   | G   | {cells}
            X      | 500      | A   | G   | {cells}
            Y      | 50       | A   | G   | {cells}
            Y      | 500      | A   | G   | {cells}
            MT     | 50       | A   | G   | {cells}
        """,
        sites="""
            contig | position | ref | alt | batch | filters
            X      | 500      | A   | G   | 1     | q10
        """,
    )
    assert len(rows) == 6
    assert [row["copies"] for row in rows] == [row["ac"] for row in rows]


def test_names_that_nothing_bears_are_errors(refuses: Answers) -> None:
    refuses("FROM carriers(in_cohort := 'al')", "no cohort is named 'al'; the nearest is 'all'")
    refuses("FROM carriers('3')", "names a contig that this lake has not")
    refuses("FROM carriers(in_policy := 'adj')", "in_policy is")
    refuses("SELECT dp FROM carriers('3') WHERE dp > 1 AND alt_count = 2", "names a contig")
    refuses("SELECT dp FROM carriers(in_cohort := 'al') WHERE sample_id = 'x'", "no cohort")
