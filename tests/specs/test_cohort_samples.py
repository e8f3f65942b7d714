"""cohort_samples: who is in a cohort?"""

from specs.conftest import Answers

SAMPLES = """
    sample_id | sex | participant_id | batch
    ann       | XX  | P1             | 1
    bo        | -   | P1             | 2
    cy        | XY  | P3             | 2
"""


def test_members_with_what_is_known_of_them(answers: Answers) -> None:
    answers(
        "FROM cohort_samples('some')",
        samples=SAMPLES,
        cohorts="""
            cohort | members
            some   | bo cy
            more   | ann
        """,
        expected="""
            sample_number | sample_id | participant_id | batch | sex
            1             | bo        | P1             | 2     | -
            2             | cy        | P3             | 2     | XY
        """,
    )


def test_everybody_is_in_all(answers: Answers) -> None:
    answers(
        "FROM cohort_samples('all')",
        samples=SAMPLES,
        expected="""
            sample_id
            ann
            bo
            cy
        """,
    )


def test_a_cohort_without_members_gives_no_rows(answers: Answers) -> None:
    answers(
        "FROM cohort_samples('empty')",
        samples=SAMPLES,
        cohorts="""
            cohort | members
            empty  | -
        """,
        expected="sample_id",
    )


def test_an_unknown_cohort_is_an_error_that_names_the_nearest(refuses: Answers) -> None:
    for drawn in ({}, {"samples": SAMPLES}):
        refuses("FROM cohort_samples('al')", "'al'; the nearest is 'all'", **drawn)
        refuses("FROM cohort_samples(NULL)", "no cohort is named NULL", **drawn)
    refuses("SELECT batch FROM cohort_samples('al') WHERE batch = 1 AND sex = 'XX'", "'all'")
