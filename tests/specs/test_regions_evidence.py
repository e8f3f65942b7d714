"""allele_frequency: reference that is assumed inside regions, for a joint batch and for samples asked alone."""

# Drawn tables are as wide as their columns.
# ruff: noqa: E501

from specs.conftest import Answers

JOINT = {
    "batches": """
        batch | absent  | contigs
        1     | regions | 1 X Y MT
        2     | unknown | 1 X Y MT
    """,
    "samples": """
        sample_id | batch | sex
        ann       | 1     | XX
        bo        | 1     | XY
        cy        | 1     | -
        dee       | 2     | XX
    """,
}


def test_a_joint_batch_is_reference_inside_its_regions_and_unknown_outside(
    answers: Answers,
) -> None:
    """One region must hold the whole span; where the batch has a record, that counts instead."""
    answers(
        "FROM allele_frequency('all')",
        **JOINT,
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy  | dee
            1      | 100      | A   | G   |     |     |     | 0/1
            1      | 200      | A   | G   |     |     |     | 0/1
            1      | 150      | AC  | A   |     |     |     | 0/1
            1      | 150      | A   | AT  |     |     |     | 0/1
            1      | 149      | A   | AT  |     |     |     | 0/1
            1      | 120      | A   | G   | 0/1 | ./. | 0/0 |
            1      | 300      | A   | G   | 0/1 | ./. | 0/0 |
        """,
        callable="""
            contig | start | end | sample_id | batch | alleles | basis
            1      | 100   | 150 | -         | 1     | -       | regions
            1      | 151   | 160 | -         | 1     | -       | regions
        """,
        sites="""
            contig | position | ref | alt | batch | in_regions
            1      | 120      | A   | G   | 1     | true
            1      | 300      | A   | G   | 1     | false
        """,
        expected="""
            position | ref | alt | ac | an | an_record | an_assumed | unknown_samples
            100      | A   | G   | 1  | 8  | 2         | 6          | 0
            200      | A   | G   | 1  | 2  | 2         | 0          | 3
            150      | AC  | A   | 1  | 2  | 2         | 0          | 3
            150      | A   | AT  | 1  | 2  | 2         | 0          | 3
            149      | A   | AT  | 1  | 8  | 2         | 6          | 0
            120      | A   | G   | 1  | 4  | 4         | 0          | 1
            300      | A   | G   | 1  | 4  | 4         | 0          | 1
        """,
    )


ZONES = """
    contig | position | ref | alt | ann | bo | cy | dee
    X      | 50       | A   | G   |     |    |    | 0/1
    X      | 500      | A   | G   |     |    |    | 0/1
    Y      | 50       | A   | G   |     |    |    | 0/1
    Y      | 500      | A   | G   |     |    |    | 0/1
    MT     | 50       | A   | G   |     |    |    | 1
"""


def test_regions_assume_the_alleles_of_zone_and_sex(answers: Answers) -> None:
    whole = """
        contig | start | end  | sample_id | batch | alleles | basis
        X      | 1     | 1000 | -         | 1     | -       | regions
        Y      | 1     | 1000 | -         | 1     | -       | regions
        MT     | 1     | 500  | -         | 1     | -       | regions
    """
    alone = """
        contig | start | end  | sample_id | alleles | basis
        X      | 1     | 1000 | ann       | -       | regions
        Y      | 1     | 1000 | ann       | -       | regions
        MT     | 1     | 500  | ann       | 1       | regions
        X      | 1     | 1000 | bo        | -       | regions
        Y      | 1     | 1000 | bo        | -       | regions
        MT     | 1     | 500  | bo        | 1       | regions
        X      | 1     | 1000 | cy        | -       | regions
        Y      | 1     | 1000 | cy        | -       | regions
        MT     | 1     | 500  | cy        | 1       | regions
    """
    expected = """
        contig | position | an_record | an_block | an_assumed | unknown_samples
        X      | 50       | 2         | 0        | 6          | 0
        X      | 500      | 2         | 0        | 3          | 1
        Y      | 50       | {y}       | 0        | 2          | 1
        Y      | 500      | {y}       | 0        | 1          | 1
        MT     | 50       | 1         | 0        | 3          | 0
    """
    per_sample = """
        batch | kind       | absent  | contigs
        1     | per_sample | regions | 1
    """
    for ploidy, y in (("as_called", 2), ("by_sex", 0)):
        question = f"FROM allele_frequency('all', in_ploidy := '{ploidy}')"
        wanted = expected.format(y=y)
        answers(question, **JOINT, genotypes=ZONES, callable=whole, expected=wanted)
        drawn = {**JOINT, "batches": per_sample}
        answers(question, **drawn, genotypes=ZONES, callable=alone, expected=wanted)


def test_who_is_assumed_to_have_no_allele_is_missing(answers: Answers) -> None:
    answers(
        "FROM genotype_counts('all', 'Y')",
        **JOINT,
        genotypes=ZONES,
        callable="""
            contig | start | end  | sample_id | batch | alleles | basis
            Y      | 1     | 1000 | -         | 1     | -       | regions
        """,
        expected="""
            position | homozygous_reference | single_reference | heterozygotes | missing | unknown_samples
            50       | 1                    | 0                | 1             | 1       | 1
            500      | 0                    | 1                | 1             | 1       | 1
        """,
    )


def test_nobody_is_assumed_under_adj(answers: Answers) -> None:
    answers(
        "FROM allele_frequency('all', in_policy := 'adj@1')",
        samples="""
            sample_id | batch
            ann       | 1
            bo        | 2
            cy        | 3
        """,
        batches="""
            batch | kind       | absent  | has_adj | contigs
            1     | joint      | regions | true    | 1
            2     | per_sample | regions | true    | 1
            3     | per_sample | unknown | true    | 1
        """,
        genotypes="""
            contig | position | ref | alt | ann | bo | cy
            1      | 100      | A   | G   |     |    | 0/1:99:20:10,10
        """,
        callable="""
            contig | start | end | sample_id | batch | alleles | basis
            1      | 1     | 900 | -         | 1     | -       | regions
            1      | 1     | 900 | bo        | 2     | 2       | regions
        """,
        expected="""
            an | an_record | an_assumed | unknown_samples
            2  | 2         | 0          | 2
        """,
    )


ALONE = """
    batch | kind       | absent  | contigs
    1     | per_sample | regions | 1 X Y
"""


def test_own_rows_inside_regions_are_not_assumed_as_well(answers: Answers) -> None:
    """Nor are those that records outside of the regions cover; a no-call is not covered at all."""
    answers(
        "FROM allele_frequency('all')",
        batches=ALONE,
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy  | dee
            1      | 100      | A   | G   | 0/1 | ./. |     | ./1
            1      | 500      | A   | G   | 0/1 | 0/0 |     |
            1      | 500      | A   | T   |     |     | 0/1 |
        """,
        callable="""
            contig | start | end | sample_id | alleles | basis
            1      | 1     | 200 | ann       | 2       | regions
            1      | 500   | 500 | ann       | 2       | record
            1      | 1     | 99  | bo        | 2       | regions
            1      | 101   | 200 | bo        | 2       | regions
            1      | 500   | 500 | bo        | 2       | record
            1      | 1     | 200 | cy        | 2       | regions
            1      | 500   | 500 | cy        | 2       | record
            1      | 1     | 99  | dee       | 2       | regions
            1      | 100   | 100 | dee       | 1       | record
            1      | 101   | 200 | dee       | 2       | regions
        """,
        expected="""
            position | alt | ac | an | an_record | an_block | an_assumed | unknown_samples
            100      | G   | 2  | 5  | 3         | 0        | 2          | 0
            500      | G   | 1  | 6  | 4         | 2        | 0          | 1
            500      | T   | 1  | 6  | 2         | 4        | 0          | 1
        """,
    )


def test_records_on_x_stand_beside_regions_that_zone_and_sex_fill(answers: Answers) -> None:
    answers(
        "FROM allele_frequency('all', in_ploidy := 'by_sex')",
        samples="""
            sample_id | sex
            ann       | XX
            bo        | XY
            cy        | -
        """,
        batches=ALONE,
        genotypes="""
            contig | position | ref | alt | ann | bo | cy
            X      | 500      | A   | G   | 0/1 | 1  | 0/1
            X      | 500      | A   | T   |     | .  |
            X      | 501      | A   | C   | 0/1 |    |
        """,
        callable="""
            contig | start | end | sample_id | alleles | basis
            X      | 101   | 499 | ann       | -       | regions
            X      | 500   | 501 | ann       | 2       | record
            X      | 502   | 900 | ann       | -       | regions
            X      | 101   | 499 | bo        | -       | regions
            X      | 500   | 500 | bo        | 1       | record
            X      | 501   | 900 | bo        | -       | regions
            X      | 101   | 499 | cy        | -       | regions
            X      | 500   | 500 | cy        | 2       | record
            X      | 501   | 900 | cy        | -       | regions
        """,
        expected="""
            position | alt | ac | an_record | an_block | an_assumed | unknown_samples
            500      | G   | 2  | 3         | 0        | 0          | 1
            500      | T   | 0  | 0         | 2        | 0          | 1
            501      | C   | 1  | 2         | 0        | 1          | 1
        """,
    )


def test_an_own_row_over_a_region_that_zone_and_sex_fill_takes_it_away(answers: Answers) -> None:
    """`covered` 3: over an own record of another span, regions may be whole."""
    answers(
        "FROM genotype_counts('all', 'Y')",
        samples="""
            sample_id | sex
            ann       | XX
            bo        | XY
            cy        | XY
        """,
        batches=ALONE,
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy
            Y      | 500      | A   | G   | ./. | ./. |
        """,
        callable="""
            contig | start | end  | sample_id | alleles | basis
            Y      | 101   | 1000 | ann       | -       | regions
            Y      | 101   | 1000 | bo        | -       | regions
            Y      | 101   | 1000 | cy        | -       | regions
        """,
        expected="""
            homozygous_reference | single_reference | missing | unknown_samples
            0                    | 1                | 2       | 0
        """,
    )


def test_whole_contigs_are_reference_where_absence_says_so(answers: Answers) -> None:
    """A batch of samples asked alone has its assumption in `callable`, not for whole contigs."""
    answers(
        "FROM allele_frequency('all')",
        batches="""
            batch | kind       | absent    | contigs
            1     | per_sample | reference | 1
        """,
        genotypes="""
            contig | position | ref | alt | ann | bo
            1      | 100      | A   | G   | 0/1 |
            1      | 200      | A   | G   | 0/1 |
        """,
        callable="""
            contig | start | end   | sample_id | basis
            1      | 1     | 50000 | ann       | regions
            1      | 1     | 150   | bo        | regions
        """,
        expected="""
            position | an | an_assumed | unknown_samples
            100      | 4  | 2          | 0
            200      | 2  | 0          | 1
        """,
    )


def test_under_filter_pass_regions_hold_as_before(answers: Answers) -> None:
    """A failed record of a joint batch in its regions leaves its samples unknown, not assumed."""
    answers(
        "FROM allele_frequency('all', in_filter := 'pass')",
        **JOINT,
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy  | dee
            1      | 100      | A   | G   | 0/1 | 0/0 | 0/0 | 0/1
            1      | 120      | A   | G   |     |     |     | 0/1
        """,
        callable="""
            contig | start | end | sample_id | batch | alleles | basis
            1      | 100   | 150 | -         | 1     | -       | regions
        """,
        sites="""
            contig | position | ref | alt | batch | in_regions | filters
            1      | 100      | A   | G   | 1     | true       | q10
        """,
        expected="""
            position | ac | an | an_assumed | unknown_samples
            100      | 1  | 2  | 0          | 3
            120      | 1  | 8  | 6          | 0
        """,
    )
