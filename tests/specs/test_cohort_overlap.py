"""cohort_overlap: how many people do two cohorts share?"""

# Drawn tables are as wide as their columns.
# ruff: noqa: E501

from specs.conftest import Answers

DRAWN = {
    "samples": """
        sample_id | participant_id
        ann1      | P1
        ann2      | P1
        bo        | P2
        cy        | P3
        dee       | P4
    """,
    "cohorts": """
        cohort | members
        north  | ann1 bo cy
        south  | ann2 cy dee
        small  | bo
        empty  | -
        none   | -
    """,
}


def test_samples_and_people_in_both(answers: Answers) -> None:
    """One person has two samples, one in each cohort: shared as a person, not as a sample."""
    answers(
        "FROM cohort_overlap('north', 'south')",
        **DRAWN,
        expected="""
            cohort | other_cohort | samples | other_samples | shared_samples | shared_people | is_subset | jaccard
            north  | south        | 3       | 3             | 1              | 2             | false     | 0.2
        """,
    )


def test_a_subset_and_a_cohort_with_itself(answers: Answers) -> None:
    answers(
        "FROM cohort_overlap('small', 'north')",
        **DRAWN,
        expected="""
            samples | other_samples | shared_samples | shared_people | is_subset | jaccard
            1       | 3             | 1              | 1             | true      | 0.333333
        """,
    )
    answers(
        "FROM cohort_overlap('all', 'all')",
        **DRAWN,
        expected="""
            cohort | other_cohort | samples | other_samples | shared_samples | shared_people | is_subset | jaccard
            all    | all          | 5       | 5             | 5              | 4             | true      | 1
        """,
    )


def test_empty_cohorts_share_nothing(answers: Answers) -> None:
    answers(
        "FROM cohort_overlap('empty', 'north')",
        **DRAWN,
        expected="""
            samples | other_samples | shared_samples | is_subset | jaccard
            0       | 3             | 0              | true      | 0
        """,
    )
    answers(
        "FROM cohort_overlap('empty', 'none')",
        **DRAWN,
        expected="""
            samples | other_samples | shared_samples | shared_people | is_subset | jaccard
            0       | 0             | 0              | 0             | true      | -
        """,
    )


def test_either_name_unknown_is_an_error(refuses: Answers) -> None:
    for drawn in ({}, DRAWN):
        refuses("FROM cohort_overlap('al', 'all')", "no cohort is named 'al'", **drawn)
        refuses("FROM cohort_overlap('all', 'al')", "no cohort is named 'al'", **drawn)
        refuses("FROM cohort_overlap('all', NULL)", "no cohort is named NULL", **drawn)
