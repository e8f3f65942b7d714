"""allele_frequency_by: how common is each alternate allele in each part of a cohort?"""

# Drawn tables are as wide as their columns.
# ruff: noqa: E501

from specs.conftest import Answers

PEOPLE = """
    sample_id | sex | population | batch
    ann       | XX  | CHS        | 1
    bo        | XY  | CHS        | 1
    cy        | XY  | YRI        | 2
    dee       | -   | -          | 2
"""
GENOTYPES = """
    contig | position | ref | alt | ann | bo  | cy  | dee
    1      | 10       | A   | G   | 0/1 | 1/1 | ./. | 0/1
    1      | 20       | A   | G   | 0/1 | 0/0 |     |
"""


def test_each_value_has_its_own_counts(answers: Answers) -> None:
    """People without a value are a part of their own, so that the parts add up to the cohort."""
    answers(
        "FROM allele_frequency_by('all', 'population')",
        samples=PEOPLE,
        genotypes=GENOTYPES,
        expected="""
            position | ref | alt | attribute_value | ac | an | af   | homozygotes | unknown_samples
            10       | A   | G   | CHS             | 3  | 4  | 0.75 | 1           | 0
            10       | A   | G   | YRI             | 0  | 0  | -    | 0           | 0
            10       | A   | G   | -               | 1  | 2  | 0.5  | 0           | 0
            20       | A   | G   | CHS             | 1  | 4  | 0.25 | 0           | 0
            20       | A   | G   | YRI             | 0  | 0  | -    | 0           | 1
            20       | A   | G   | -               | 0  | 0  | -    | 0           | 1
        """,
    )


def test_values_that_nobody_in_the_cohort_has_are_no_parts(answers: Answers) -> None:
    answers(
        "FROM allele_frequency_by('some', 'population')",
        samples=PEOPLE,
        genotypes=GENOTYPES,
        cohorts="""
            cohort | members
            some   | ann cy
        """,
        expected="""
            position | attribute_value | ac | an | unknown_samples
            10       | CHS             | 1  | 2  | 0
            10       | YRI             | 0  | 0  | 0
            20       | CHS             | 1  | 2  | 0
            20       | YRI             | 0  | 0  | 1
        """,
    )
    answers(
        "FROM allele_frequency_by('empty', 'population')",
        samples=PEOPLE,
        genotypes=GENOTYPES,
        cohorts="""
            cohort | members
            empty  | -
        """,
        expected="position | attribute_value",
    )


def test_sex_and_batch_are_attributes(answers: Answers) -> None:
    """Rules by sex hold within each part."""
    drawn = {
        "samples": PEOPLE,
        "genotypes": """
            contig | position | ref | alt | ann | bo  | cy  | dee
            X      | 500      | A   | G   | 0/1 | 1/1 | 0/1 | 0/1
        """,
    }
    answers(
        "FROM allele_frequency_by('all', 'sex', in_ploidy := 'by_sex')",
        **drawn,
        expected="""
            attribute_value | ac | an | hemizygotes | heterozygotes | unknown_samples
            XX              | 1  | 2  | 0           | 1             | 0
            XY              | 1  | 1  | 1           | 0             | 0
            -               | 0  | 0  | 0           | 0             | 1
        """,
    )
    answers(
        "FROM allele_frequency_by('all', 'batch')",
        **drawn,
        expected="""
            attribute_value | ac | an
            1               | 3  | 4
            2               | 2  | 4
        """,
    )


def test_assumed_alleles_are_those_of_the_part(answers: Answers) -> None:
    answers(
        "FROM allele_frequency_by('all', 'population', '1:20')",
        samples=PEOPLE,
        genotypes=GENOTYPES,
        batches="""
            batch | absent
            2     | reference
        """,
        expected="""
            attribute_value | ac | an | an_record | an_assumed | unknown_samples
            CHS             | 1  | 4  | 4         | 0          | 0
            YRI             | 0  | 2  | 0         | 2          | 0
            -               | 0  | 2  | 0         | 2          | 0
        """,
    )


def test_policy_filter_and_bounds_hold_for_each_part(answers: Answers) -> None:
    drawn = {
        "samples": PEOPLE,
        "genotypes": """
            contig | position | ref | alt | ann             | bo              | cy              | dee
            1      | 10       | A   | G   | 0/1:99:20:10,10 | 1/1:19:20:0,20  | 0/1:99:20:10,10 | 0/0:99:20:20,0
            1      | 20       | A   | G   | 0/1:99:20:10,10 | 0/1:99:20:10,10 | 0/1:99:20:10,10 | 0/1:99:20:10,10
        """,
        "sites": """
            contig | position | ref | alt | batch | filters
            1      | 20       | A   | G   | 2     | q10
        """,
    }
    answers(
        "FROM allele_frequency_by('all', 'batch', NULL, 'adj@1', 'as_called', 'pass')",
        **drawn,
        expected="""
            position | attribute_value | ac | an | filters
            10       | 1               | 1  | 2  | PASS
            10       | 2               | 1  | 4  | PASS
            20       | 1               | 2  | 4  | PASS|q10
            20       | 2               | 0  | 0  | PASS|q10
        """,
    )
    answers(
        "FROM allele_frequency_by('all', 'batch', min_ac := 2, min_an := 4)",
        **drawn,
        expected="""
            position | attribute_value | ac | an
            10       | 1               | 3  | 4
            20       | 1               | 2  | 4
            20       | 2               | 2  | 4
        """,
    )
    answers(
        "FROM allele_frequency_by('all', 'batch', min_ac := 3)",
        **drawn,
        expected="""
            position | attribute_value
            10       | 1
        """,
    )
    answers(
        "FROM allele_frequency_by('all', 'sex', min_an := 3)",
        **drawn,
        expected="""
            position | attribute_value | an
            10       | XY              | 4
            20       | XY              | 4
        """,
    )


def test_an_unknown_attribute_is_an_error_that_names_the_nearest(refuses: Answers) -> None:
    for drawn in ({}, {"genotypes": GENOTYPES}):
        refuses("FROM allele_frequency_by('all', 'Popultion')", "nearest is 'population'", **drawn)
        refuses("FROM allele_frequency_by('all', NULL)", "no attribute of samples", **drawn)
        refuses("FROM allele_frequency_by('al', 'sex')", "no cohort is named 'al'", **drawn)
    refuses("SELECT ac FROM allele_frequency_by('all', 'se') WHERE ac = 1 AND af > 0", "'sex'")
