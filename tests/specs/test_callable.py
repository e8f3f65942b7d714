"""allele_frequency: reference blocks of samples that were asked alone give alleles to a denominator."""

# Drawn tables are as wide as their columns.
# ruff: noqa: E501

import pytest

from specs.conftest import Answers

ALONE = """
    batch | kind
    1     | per_sample
"""


def test_a_sample_without_a_record_counts_where_a_block_covers_it(answers: Answers) -> None:
    """ann carries; bo has a block, cy another's, dee none, eve one that ends a base before."""
    answers(
        "FROM allele_frequency('all')",
        batches=ALONE,
        genotypes="""
            contig | position | ref | alt | ann | bo | cy | dee | eve
            1      | 100      | A   | G   | 0/1 |    |    |     |
        """,
        callable="""
            contig | start | end | sample_id
            1      | 100   | 100 | ann
            1      | 1     | 200 | bo
            1      | 100   | 100 | cy
            1      | 101   | 200 | dee
            1      | 1     | 99  | eve
        """,
        expected="""
            ac | an | an_record | an_block | an_assumed | unknown_samples | homozygotes | heterozygotes
            1  | 6  | 2         | 4        | 0          | 2               | 0           | 1
        """,
    )


def test_a_block_counts_the_alleles_it_has(answers: Answers) -> None:
    answers(
        "FROM allele_frequency('all')",
        batches=ALONE,
        genotypes="""
            contig | position | ref | alt | ann | bo | cy
            X      | 500      | A   | G   | 0/1 |    |
        """,
        callable="""
            contig | start | end | sample_id | alleles
            X      | 1     | 900 | bo        | 1
            X      | 1     | 900 | cy        | 2
        """,
        expected="""
            an | an_record | an_block | unknown_samples
            5  | 2         | 3        | 0
        """,
    )


def test_a_record_of_its_own_counts_and_not_the_block_around_it(answers: Answers) -> None:
    """Whatever the record says: a no-call inside of what other records cover stays a no-call."""
    answers(
        "FROM allele_frequency('all')",
        batches=ALONE,
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy  | dee | eve
            1      | 100      | A   | G   | 0/1 | ./. | ./1 | 0/0 | 1
        """,
        callable="""
            contig | start | end | sample_id
            1      | 1     | 200 | ann
            1      | 1     | 200 | bo
            1      | 1     | 200 | cy
            1      | 1     | 200 | dee
        """,
        expected="""
            ac | an | an_record | an_block | half_calls | hemizygotes | unknown_samples
            3  | 6  | 6         | 0        | 1          | 1           | 0
        """,
    )


def test_only_the_level_of_the_policy_covers(answers: Answers) -> None:
    drawn = {
        "batches": """
            batch | kind       | has_adj
            1     | per_sample | true
        """,
        "genotypes": """
            contig | position | ref | alt | ann             | bo | cy | dee
            1      | 100      | A   | G   | 0/1:99:20:10,10 |    |    |
        """,
        "callable": """
            contig | start | end | sample_id | levels
            1      | 1     | 200 | ann       | 012456
            1      | 1     | 200 | bo        | 0145
            1      | 1     | 200 | cy        | 15
            1      | 1     | 200 | dee       | 012456
        """,
    }
    for policy, an_block, unknown in (("raw", 4, 1), ("raw_blocks", 6, 0), ("adj@1", 2, 2)):
        answers(
            f"FROM allele_frequency('all', in_policy := '{policy}')",
            **drawn,
            expected=f"""
                ac | an_record | an_block   | unknown_samples
                1  | 2         | {an_block} | {unknown}
            """,
        )


def test_with_filter_pass_only_evidence_that_passed_covers(answers: Answers) -> None:
    answers(
        "FROM allele_frequency('all', in_filter := 'pass')",
        batches=ALONE,
        genotypes="""
            contig | position | ref | alt | ann | bo | cy
            1      | 100      | A   | G   | 0/1 |    |
        """,
        callable="""
            contig | start | end | sample_id | levels
            1      | 1     | 200 | bo        | 0145
            1      | 1     | 200 | cy        | 01
        """,
        expected="""
            ac | an_record | an_block | unknown_samples
            1  | 2         | 2        | 1
        """,
    )


def test_one_interval_must_hold_the_whole_span(answers: Answers) -> None:
    """Of a deletion all of REF, of an insertion the base after too; of intervals that touch, none."""
    answers(
        "FROM allele_frequency('all')",
        batches=ALONE,
        genotypes="""
            contig | position | ref  | alt | ann | whole | short | two | late
            1      | 100      | ACGT | A   | 0/1 |       |       |     |
            1      | 200      | A    | AT  | 0/1 |       |       |     |
            1      | 300      | AC   | GT  | 0/1 |       |       |     |
            1      | 400      | AC   | ACG | 0/1 |       |       |     |
        """,
        callable="""
            contig | start | end | sample_id | alleles
            1      | 100   | 103 | whole     | 2
            1      | 200   | 201 | whole     | 2
            1      | 300   | 301 | whole     | 2
            1      | 400   | 401 | whole     | 2
            1      | 90    | 102 | short     | 2
            1      | 90    | 200 | two       | 1
            1      | 190   | 200 | short     | 2
            1      | 300   | 300 | short     | 2
            1      | 301   | 302 | short     | 1
            1      | 101   | 200 | late      | 2
            1      | 201   | 299 | late      | 2
            1      | 301   | 399 | late      | 2
        """,
        expected="""
            position | an | an_block | unknown_samples
            100      | 5  | 3        | 2
            200      | 4  | 2        | 3
            300      | 4  | 2        | 3
            400      | 4  | 2        | 3
        """,
    )


def test_spans_that_begin_at_one_base_are_told_apart(answers: Answers) -> None:
    answers(
        "FROM allele_frequency('all')",
        batches=ALONE,
        genotypes="""
            contig | position | ref                  | alt | ann | bo | cy
            1      | 60       | A                    | G   | 0/1 |    |
            1      | 60       | AC                   | A   | 0/1 |    |
            1      | 60       | ACGTACGTACGTACGTACGT | A   | 0/1 |    |
            1      | 60       | A                    | AT  | 0/1 |    |
        """,
        callable="""
            contig | start | end | sample_id
            1      | 33    | 60  | bo
            1      | 61    | 64  | bo
            1      | 60    | 70  | cy
            1      | 71    | 90  | cy
        """,
        expected="""
            ref                  | alt | an_block | unknown_samples
            A                    | G   | 4        | 0
            AC                   | A   | 2        | 1
            ACGTACGTACGTACGTACGT | A   | 0        | 2
            A                    | AT  | 2        | 1
        """,
    )


def test_symbolic_alleles_and_breakends_are_never_covered(answers: Answers) -> None:
    answers(
        "FROM allele_frequency('all')",
        batches=ALONE,
        genotypes="""
            contig | position | ref | alt       | end_position | ann | bo
            1      | 100      | A   | <DEL>     | 110          | 0/1 |
            1      | 120      | A   | A[1:900[  | 120          | 0/1 |
        """,
        callable="""
            contig | start | end | sample_id
            1      | 1     | 200 | ann
            1      | 1     | 200 | bo
        """,
        expected="""
            position | an | an_block | unknown_samples
            100      | 2  | 0        | 1
            120      | 2  | 0        | 1
        """,
    )


@pytest.mark.parametrize("region", ["1:100", "1:16384-16385", "1:32768-50000", "1"])
def test_intervals_of_every_size_are_found_from_any_region(answers: Answers, region: str) -> None:
    """They lie in bins of six sizes; the variants are at the borders of the smallest."""
    variants = {100: 2, 16384: 6, 16385: 4, 32768: 4, 40000: 2}
    low, high = (region.partition(":")[2] or "1-50000").partition("-")[::2]
    inside = [p for p in variants if int(low) <= p <= int(high or low)]
    rows = "".join(f"\n{p} | {variants[p]}" for p in inside)
    answers(
        f"FROM allele_frequency('all', '{region}')",
        batches=ALONE,
        genotypes="""
            contig | position | ref | alt | ann | bo | cy | dee
            1      | 100      | A   | G   | 0/1 |    |    |
            1      | 16384    | A   | G   | 0/1 |    |    |
            1      | 16385    | A   | G   | 0/1 |    |    |
            1      | 32768    | A   | G   | 0/1 |    |    |
            1      | 40000    | A   | G   | 0/1 |    |    |
        """,
        callable="""
            contig | start | end   | sample_id
            1      | 1     | 50000 | bo
            1      | 16000 | 16384 | cy
            1      | 16300 | 16385 | dee
            1      | 32000 | 32768 | cy
        """,
        expected=f"position | an_block{rows}",
    )


def test_several_regions_count_an_interval_once_each(answers: Answers) -> None:
    answers(
        "FROM allele_frequency('all', ['1:100-110', '1:100-105', '1:120-130', '1:140'])",
        batches=ALONE,
        genotypes="""
            contig | position | ref | alt | ann | bo | cy
            1      | 100      | A   | G   | 0/1 |    |
            1      | 115      | A   | G   | 0/1 |    |
            1      | 125      | A   | G   | 0/1 |    |
            1      | 140      | A   | G   | 0/1 |    |
        """,
        callable="""
            contig | start | end | sample_id
            1      | 50    | 200 | bo
            1      | 112   | 126 | cy
        """,
        expected="""
            position | an_block
            100      | 2
            125      | 4
            140      | 2
        """,
    )


BY_SEX = {
    "batches": ALONE,
    "samples": """
        sample_id | sex
        ann       | XX
        bo        | XY
        cy        | -
        dee       | XX
    """,
    "genotypes": """
        contig | position | ref | alt | ann | bo | cy | dee
        X      | 50       | A   | G   | 0/1 |    |    |
        X      | 500      | A   | G   | 0/1 |    |    |
        Y      | 50       | A   | G   | 0/1 |    |    |
        Y      | 500      | A   | G   | 0/1 |    |    |
        MT     | 50       | A   | G   | 1   |    |    |
    """,
    "callable": """
        contig | start | end  | sample_id | alleles
        X      | 1     | 1000 | bo        | 2
        X      | 1     | 1000 | cy        | 2
        X      | 1     | 1000 | dee       | 2
        Y      | 1     | 1000 | bo        | 2
        Y      | 1     | 1000 | cy        | 2
        Y      | 1     | 1000 | dee       | 2
        MT     | 1     | 500  | bo        | 1
        MT     | 1     | 500  | cy        | 2
        MT     | 1     | 500  | dee       | 1
    """,
}


def test_by_sex_a_block_counts_the_alleles_that_sex_and_zone_allow(answers: Answers) -> None:
    answers(
        "FROM allele_frequency('all', in_ploidy := 'by_sex')",
        **BY_SEX,
        expected="""
            contig | position | ac | an | an_record | an_block | unknown_samples
            X      | 50       | 1  | 8  | 2         | 6        | 0
            X      | 500      | 1  | 5  | 2         | 3        | 1
            Y      | 50       | 0  | 2  | 0         | 2        | 1
            Y      | 500      | 0  | 1  | 0         | 1        | 1
            MT     | 50       | 1  | 5  | 1         | 4        | 0
        """,
    )


def test_as_called_a_block_counts_what_it_has(answers: Answers) -> None:
    answers(
        "FROM allele_frequency('all')",
        **BY_SEX,
        expected="""
            contig | position | ac | an | an_block | unknown_samples
            X      | 50       | 1  | 8  | 6        | 0
            X      | 500      | 1  | 8  | 6        | 0
            Y      | 50       | 1  | 8  | 6        | 0
            Y      | 500      | 1  | 8  | 6        | 0
            MT     | 50       | 1  | 5  | 4        | 0
        """,
    )


def test_people_in_blocks_are_homozygous_reference(answers: Answers) -> None:
    """Whoever has one allele there is a single reference; XX on Y is missing; no sex is unknown."""
    answers(
        "FROM genotype_counts('all', in_ploidy := 'by_sex')",
        **BY_SEX,
        expected="""
            contig | position | homozygous_reference | single_reference | heterozygotes | hemizygotes | missing | unknown_samples
            X      | 50       | 3                    | 0                | 1             | 0           | 0       | 0
            X      | 500      | 1                    | 1                | 1             | 0           | 0       | 1
            Y      | 50       | 1                    | 0                | 0             | 0           | 2       | 1
            Y      | 500      | 0                    | 1                | 0             | 0           | 2       | 1
            MT     | 50       | 1                    | 2                | 0             | 1           | 0       | 0
        """,
    )


def test_people_in_blocks_were_asked_and_are_fully_called(answers: Answers) -> None:
    answers(
        "FROM call_rate('all', in_ploidy := 'by_sex')",
        **BY_SEX,
        expected="""
            contig | position | samples | fully_called | half_called | missing | unknown_samples
            X      | 50       | 4       | 4            | 0           | 0       | 0
            X      | 500      | 3       | 3            | 0           | 0       | 1
            Y      | 50       | 3       | 1            | 0           | 2       | 1
            Y      | 500      | 3       | 1            | 0           | 2       | 1
            MT     | 50       | 4       | 4            | 0           | 0       | 0
        """,
    )


def test_adj_takes_its_own_level_where_one_allele_counts(answers: Answers) -> None:
    """XY outside PAR needs half the depth: a diploid block fails at level 2 and passes at 3."""
    answers(
        "FROM allele_frequency('all', in_policy := 'adj@1', in_ploidy := 'by_sex')",
        samples="""
            sample_id | sex
            ann       | XX
            bo        | XY
            cy        | XX
        """,
        batches="""
            batch | kind       | has_adj
            1     | per_sample | true
        """,
        genotypes="""
            contig | position | ref | alt | ann             | bo | cy
            X      | 50       | A   | G   | 0/1:99:20:10,10 |    |
            X      | 500      | A   | G   | 0/1:99:20:10,10 |    |
        """,
        callable="""
            contig | start | end  | sample_id | levels
            X      | 1     | 100  | bo        | 0145
            X      | 101   | 900  | bo        | 013457
            X      | 101   | 900  | cy        | 013457
        """,
        expected="""
            position | an | an_record | an_block | unknown_samples
            50       | 2  | 2         | 0        | 2
            500      | 3  | 2         | 1        | 1
        """,
    )


def test_parts_of_a_cohort_have_their_own_blocks(answers: Answers) -> None:
    answers(
        "FROM allele_frequency_by('all', 'population')",
        batches=ALONE,
        samples="""
            sample_id | population
            ann       | north
            bo        | south
            cy        | -
            dee       | south
        """,
        genotypes="""
            contig | position | ref | alt | ann | bo | cy | dee
            1      | 100      | A   | G   | 0/1 |    |    |
            1      | 300      | A   | G   |     |    |    | 1/1
        """,
        callable="""
            contig | start | end | sample_id
            1      | 1     | 200 | ann
            1      | 1     | 200 | bo
            1      | 1     | 400 | cy
        """,
        expected="""
            position | attribute_value | ac | an | an_record | an_block | unknown_samples
            100      | north           | 1  | 2  | 2         | 0        | 0
            100      | south           | 0  | 2  | 0         | 2        | 1
            100      | -               | 0  | 2  | 0         | 2        | 0
            300      | north           | 0  | 0  | 0         | 0        | 1
            300      | south           | 2  | 2  | 2         | 0        | 1
            300      | -               | 0  | 2  | 0         | 2        | 0
        """,
    )


def test_only_members_of_the_cohort_have_blocks(answers: Answers) -> None:
    drawn = {
        "batches": ALONE,
        "cohorts": """
            cohort | members
            south  | bo
            nobody | zed
        """,
        "genotypes": """
            contig | position | ref | alt | ann | bo | cy
            1      | 100      | A   | G   | 0/1 |    |
        """,
        "callable": """
            contig | start | end | sample_id
            1      | 1     | 200 | bo
            1      | 1     | 200 | cy
        """,
    }
    for cohort, an, unknown in (("south", "2", 0), ("nobody", "0", 0)):
        answers(
            f"FROM allele_frequency('{cohort}')",
            **drawn,
            expected=f"""
                ac | an   | an_block | unknown_samples | zero_reason
                0  | {an} | {an}     | {unknown}       | {"no_variant" if an == "2" else "no_data"}
            """,
        )
