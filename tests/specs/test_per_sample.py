"""carriers, sample_variants, variants_in, variant, hardy_weinberg, private_variants, cohort_summary, sample_summary: of samples that were asked alone."""

# Drawn tables are as wide as their columns.
# ruff: noqa: E501

from collections.abc import Callable

import pytest

from specs.conftest import Answers

Asked = Callable[..., list[dict[str, object]]]

ALONE = """
    batch | kind
    1     | per_sample
"""


def test_a_sample_with_another_alt_is_called_at_both(answers: Answers) -> None:
    """Within one ingest: ann has A>T where bo has A>G. Each is reference to the other's."""
    answers(
        "FROM allele_frequency('all')",
        batches=ALONE,
        genotypes="""
            contig | position | ref | alt | ann | bo
            1      | 100      | A   | T   | 0/1 |
            1      | 100      | A   | G   |     | 1/1
        """,
        callable="""
            contig | start | end | sample_id | basis
            1      | 100   | 100 | ann       | record
            1      | 100   | 100 | bo        | record
        """,
        expected="""
            alt | ac | an | an_record | an_block | unknown_samples | heterozygotes | homozygotes
            T   | 1  | 4  | 2         | 2        | 0               | 1             | 0
            G   | 2  | 4  | 2         | 2        | 0               | 0             | 1
        """,
    )


def test_a_record_of_two_alts_is_the_samples_own_at_both(answers: Answers) -> None:
    answers(
        "FROM allele_frequency('all')",
        batches=ALONE,
        genotypes="""
            contig | position | ref | alt | ann | bo
            1      | 100      | A   | G,T | 1/2 | 0/2
        """,
        callable="""
            contig | start | end | sample_id | basis
            1      | 100   | 100 | ann       | record
            1      | 100   | 100 | bo        | record
        """,
        expected="""
            alt | ac | an | an_record | an_block | heterozygotes
            G   | 1  | 4  | 4         | 0        | 1
            T   | 2  | 4  | 4         | 0        | 2
        """,
    )


def test_a_sample_inside_its_own_deletion_is_called(answers: Answers) -> None:
    """Its record spans the place, and says nothing of the base after."""
    answers(
        "FROM allele_frequency('all')",
        batches=ALONE,
        genotypes="""
            contig | position | ref  | alt | ann | bo
            1      | 100      | ACGT | A   | 0/1 |
            1      | 102      | G    | T   |     | 0/1
            1      | 103      | T    | TA  |     | 0/1
        """,
        callable="""
            contig | start | end | sample_id | basis
            1      | 100   | 103 | ann       | record
            1      | 102   | 103 | bo        | record
        """,
        expected="""
            position | ac | an | an_block | unknown_samples
            100      | 1  | 2  | 0        | 1
            102      | 1  | 4  | 2        | 0
            103      | 1  | 2  | 0        | 1
        """,
    )


def test_a_half_call_leaves_one_allele_for_other_variants(answers: Answers) -> None:
    answers(
        "FROM genotype_counts('all')",
        batches=ALONE,
        genotypes="""
            contig | position | ref | alt | ann | bo
            1      | 100      | A   | T   | ./1 |
            1      | 100      | A   | G   |     | 0/1
        """,
        callable="""
            contig | start | end | sample_id | basis  | alleles
            1      | 100   | 100 | ann       | record | 1
            1      | 100   | 100 | bo        | record | 2
        """,
        expected="""
            alt | homozygous_reference | heterozygotes | half_calls | single_reference | missing | unknown_samples
            T   | 1                    | 0             | 1          | 0                | 0       | 0
            G   | 0                    | 1             | 0          | 1                | 0       | 0
        """,
    )


FILTERED = {
    "batches": ALONE,
    "genotypes": """
        contig | position | ref | alt | ann | bo  | cy
        1      | 100      | A   | G   | 0/1 | 1/1 |
        1      | 200      | A   | G   | 0/1 | 1/1 | ./.
    """,
    "sites": """
        contig | position | ref | alt | filters
        1      | 200      | A   | G   | .
    """,
    "own_filters": """
        contig | position | ref | alt | sample_id | filters
        1      | 100      | A   | G   | bo        | q10;s50
        1      | 200      | A   | G   | ann       | .
        1      | 200      | A   | G   | bo        | q10
        1      | 200      | A   | G   | cy        | q10
    """,
    "callable": """
        contig | start | end | sample_id | levels | basis
        1      | 100   | 100 | ann       | 0145   | record
        1      | 100   | 100 | bo        | 01     | record
        1      | 50    | 150 | cy        | 0145   | block
        1      | 200   | 200 | ann       | 0145   | record
        1      | 200   | 200 | bo        | 01     | record
    """,
}


def test_a_sample_whose_own_record_failed_is_unknown_and_the_others_are_not(
    answers: Answers,
) -> None:
    answers(
        "FROM allele_frequency('all', in_filter := 'pass')",
        **FILTERED,
        expected="""
            position | ac | an | an_record | an_block | unknown_samples | filters
            100      | 1  | 4  | 2         | 2        | 1               | PASS
            200      | 1  | 2  | 2         | 0        | 2               | .
        """,
    )
    answers(
        "FROM call_rate('all', in_filter := 'pass')",
        **FILTERED,
        expected="""
            position | samples | fully_called | missing | unknown_samples
            100      | 2       | 2            | 0       | 1
            200      | 1       | 1            | 0       | 2
        """,
    )


def test_carriers_have_the_filters_of_their_own_record(answers: Answers) -> None:
    answers(
        "FROM carriers()",
        **FILTERED,
        expected="""
            position | sample_id | alt_count | filters
            100      | ann       | 1         | PASS
            100      | bo        | 2         | q10;s50
            200      | ann       | 1         | .
            200      | bo        | 2         | q10
        """,
    )
    answers(
        "FROM carriers(in_filter := 'pass')",
        **FILTERED,
        expected="""
            position | sample_id | alt_count
            100      | ann       | 1
            200      | ann       | 1
        """,
    )
    answers(
        "FROM sample_variants('bo')",
        **FILTERED,
        expected="""
            position | alt_count | filters
            100      | 2         | q10;s50
            200      | 2         | q10
        """,
    )


def test_own_rows_fail_the_policy_each_for_itself(answers: Answers) -> None:
    """Asked and failed is missing, also inside a block; without the fields nobody is known."""
    drawn = {
        "samples": """
            sample_id | batch
            ann       | 1
            bo        | 1
            cy        | 1
            dee       | 2
        """,
        "batches": """
            batch | kind       | has_adj
            1     | per_sample | true
            2     | per_sample | false
        """,
        "genotypes": """
            contig | position | ref | alt | ann             | bo             | cy | dee
            1      | 100      | A   | G   | 0/1:99:20:10,10 | 1/1:9:20:0,20  |    | 0/1
        """,
        "callable": """
            contig | start | end | sample_id | levels
            1      | 50    | 150 | ann       | 012456
            1      | 50    | 150 | bo        | 012456
            1      | 50    | 150 | cy        | 012456
            1      | 50    | 150 | dee       | 0145
        """,
    }
    answers(
        "FROM allele_frequency('all', in_policy := 'adj@1')",
        **drawn,
        expected="""
            ac | an | an_record | an_block | unknown_samples | heterozygotes | homozygotes
            1  | 4  | 2         | 2        | 1               | 1             | 0
        """,
    )
    answers(
        "FROM genotype_counts('all', in_policy := 'adj@1')",
        **drawn,
        expected="""
            homozygous_reference | heterozygotes | missing | unknown_samples
            1                    | 1             | 1       | 1
        """,
    )
    answers(
        "FROM carriers(in_policy := 'adj@1')",
        **drawn,
        expected="""
            sample_id
            ann
        """,
    )


def test_by_sex_own_rows_count_what_is_possible(answers: Answers) -> None:
    answers(
        "FROM genotype_counts('all', in_ploidy := 'by_sex')",
        batches=ALONE,
        samples="""
            sample_id | sex
            ann       | XX
            bo        | XY
            cy        | XY
            dee       | -
        """,
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy  | dee
            X      | 500      | A   | G   | 0/1 | 1/1 | 0/1 | 0/1
            Y      | 500      | A   | G   | 0/1 | 1   | ./. | 1
        """,
        callable="""
            contig | start | end  | sample_id
            X      | 1     | 1000 | ann
            X      | 1     | 1000 | bo
            X      | 1     | 1000 | cy
            X      | 1     | 1000 | dee
            Y      | 1     | 1000 | ann
            Y      | 1     | 1000 | bo
            Y      | 1     | 1000 | cy
            Y      | 1     | 1000 | dee
        """,
        expected="""
            contig | homozygous_reference | heterozygotes | homozygotes | hemizygotes | single_reference | missing | unknown_samples
            X      | 0                    | 1             | 0           | 1           | 0                | 1       | 1
            Y      | 0                    | 0             | 0           | 1           | 0                | 2       | 1
        """,
    )


MIXED = {
    "samples": """
        sample_id | batch | population
        ann       | 1     | north
        bo        | 1     | south
        cy        | 2     | north
        dee       | 2     | south
        eve       | 3     | south
        fay       | 4     | north
    """,
    "batches": """
        batch | kind       | absent    | contigs
        1     | joint      | unknown   | 1
        2     | per_sample | unknown   | 1
        3     | joint      | reference | 1
        4     | joint      | regions   | 1
    """,
    "genotypes": """
        contig | position | ref | alt | ann | bo  | cy  | dee | eve | fay
        1      | 100      | A   | G   | 0/1 | 0/0 |     |     |     |
        1      | 200      | A   | G   |     |     | 0/1 |     |     |
        1      | 300      | A   | G   |     |     |     |     | 1/1 |
        1      | 400      | A   | G   |     |     |     |     |     | ./1
    """,
    "callable": """
        contig | start | end | sample_id | alleles | basis   | batch
        1      | 50    | 250 | cy        | 2       | block   | 2
        1      | 150   | 450 | dee       | 2       | block   | 2
        1      | 250   | 500 | -         | -       | regions | 4
    """,
    "sites": """
        contig | position | ref | alt | batch | in_regions
        1      | 400      | A   | G   | 4     | true
    """,
}


def test_batches_of_every_kind_add_up(answers: Answers) -> None:
    answers(
        "FROM allele_frequency('all')",
        **MIXED,
        expected="""
            position | ac | an | an_record | an_block | an_assumed | unknown_samples | half_calls
            100      | 1  | 8  | 4         | 2        | 2          | 2               | 0
            200      | 1  | 6  | 2         | 2        | 2          | 3               | 0
            300      | 2  | 6  | 2         | 2        | 2          | 3               | 0
            400      | 1  | 5  | 1         | 2        | 2          | 3               | 1
        """,
    )


def test_and_so_do_the_parts_of_a_cohort(answers: Answers) -> None:
    answers(
        "FROM allele_frequency_by('all', 'population', ['1:300', '1:400'])",
        **MIXED,
        expected="""
            position | attribute_value | ac | an_record | an_block | an_assumed | unknown_samples
            300      | north           | 0  | 0         | 0        | 2          | 2
            300      | south           | 2  | 2         | 2        | 0          | 1
            400      | north           | 1  | 1         | 0        | 0          | 2
            400      | south           | 0  | 0         | 2        | 2          | 1
        """,
    )


def test_what_is_private_and_how_hard_others_were_looked_at(answers: Answers) -> None:
    answers(
        "FROM private_variants('south')",
        **MIXED,
        cohorts="""
            cohort | members
            south  | bo dee eve
        """,
        expected="""
            position | ac | an | an_others
            300      | 2  | 4  | 2
        """,
    )


def test_hardy_weinberg_takes_people_in_blocks_as_homozygous_reference(answers: Answers) -> None:
    answers(
        "FROM hardy_weinberg('all')",
        batches=ALONE,
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy | dee | eve
            1      | 100      | A   | G   | 0/1 | 1/1 |    |     |
        """,
        callable="""
            contig | start | end | sample_id | alleles
            1      | 50    | 150 | cy        | 2
            1      | 50    | 150 | dee       | 2
            1      | 50    | 150 | eve       | 1
        """,
        expected="""
            homozygous_reference | heterozygotes | homozygotes
            2                    | 1             | 1
        """,
    )


def test_the_variants_of_samples_asked_alone_are_known_once(answers: Answers) -> None:
    for question in ("variants_in('1')", "variant('1-100-A-G')"):
        answers(
            f"FROM {question}",
            batches=ALONE,
            genotypes="""
                contig | position | ref | alt | ann | bo
                1      | 100      | A   | G   | 0/1 | 0/1
            """,
            expected="""
                position | kind | filters | batches
                100      | snv  | PASS    | 1
            """,
        )


def figures(rows: list[dict[str, object]]) -> dict[str, object]:
    return {f"{row['section']} {row['item']}": row["value"] for row in rows}


def test_a_summary_counts_people_in_blocks_as_asked(asked: Asked) -> None:
    drawn = {
        "batches": ALONE,
        "genotypes": """
            contig | position | ref | alt | ann | bo  | cy | dee
            1      | 100      | A   | G   | 0/1 | ./. |    |
            1      | 200      | A   | G   | 0/0 |     |    |
            1      | 300      | A   | G   | ./. |     |    |
        """,
        "callable": """
            contig | start | end | sample_id
            1      | 50    | 250 | ann
            1      | 50    | 250 | cy
        """,
    }
    told = figures(asked("FROM cohort_summary('all')", **drawn))
    assert told["variants known"] == 3
    assert told["frequency singleton"] == 1
    assert told["frequency monomorphic"] == 1
    assert told["frequency not called"] == 1
    assert told["genotypes missing"] == 2
    # Of ann, bo and cy; ann and cy; ann.
    assert told["genotypes call_rate"] == pytest.approx(4 / 6)


def test_a_sample_asked_alone_is_summarised_by_its_own_rows(asked: Asked) -> None:
    rows = asked(
        "FROM sample_summary('all') ORDER BY sample_id",
        batches=ALONE,
        genotypes="""
            contig | position | ref | alt | ann | bo
            1      | 100      | A   | G   | 0/1 | 1/1
            1      | 200      | A   | C   | 0/1 | 0/0
        """,
        callable="""
            contig | start | end | sample_id
            1      | 50    | 250 | ann
        """,
        sample_counts="""
            sample_id | contig | genotypes | missing_genotypes | half_calls | dp_n | dp_sum | gq_n | gq_sum
            ann       | 1      | 2         | 0                 | 0          | 2    | 40     | 2    | 100
            bo        | 1      | 2         | 0                 | 0          | 2    | 60     | 2    | 80
        """,
    )
    names = (
        "variants",
        "heterozygotes",
        "homozygotes",
        "singletons",
        "titv",
        "genotypes",
        "mean_dp",
    )
    assert [tuple(row[name] for name in names) for row in rows] == [
        (2, 2, 0, 1, 1.0, 2, 20.0),
        (1, 0, 1, 0, None, 2, 30.0),
    ]
