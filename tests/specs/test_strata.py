"""frequency_strata, group_max, stored_group_max and carrier_families: groups of a cohort, and its families."""

# Drawn tables are as wide as their columns.
# ruff: noqa: E501

from specs.conftest import Answers

PEOPLE = """
    sample_id | sex | population | batch
    ann       | XX  | CHS        | 1
    bo        | XY  | CHS        | 1
    cy        | XY  | YRI        | 1
    dee       | -   | -          | 1
    eve       | XX  | GBR        | 1
"""
GENOTYPES = """
    contig | position | ref | alt | ann | bo  | cy  | dee | eve
    1      | 10       | A   | G   | 0/1 | 1/1 | 0/0 | 0/1 | ./.
    1      | 20       | A   | G   | 0/1 | 0/0 | 0/1 | 0/0 | 0/0
    1      | 30       | A   | G   | 0/0 | 0/0 | 0/0 | 1/1 | 0/0
    1      | 40       | A   | G   | 0/1 | 0/1 | 1/1 | 0/0 | 0/0
"""


def test_all_and_each_value_come_from_one_question(answers: Answers) -> None:
    """Who has no value is in all and in no other stratum; nothing known is not 0."""
    answers(
        "FROM frequency_strata('all', 'population', '1:10')",
        samples=PEOPLE,
        genotypes=GENOTYPES,
        expected="""
            stratum | ac | an | af   | faf95    | homozygotes | heterozygotes
            all     | 4  | 8  | 0.5  | 0.17079  | 1           | 2
            CHS     | 3  | 4  | 0.75 | 0.204423 | 1           | 1
            YRI     | 0  | 2  | 0    | 0        | 0           | 0
            GBR     | 0  | 0  | -    | -        | 0           | 0
        """,
    )


def test_the_group_with_the_highest_frequency(answers: Answers) -> None:
    """At 20 YRI is more common with fewer copies; at 30 nobody in a group has one; at 40 the
    highest frequency and the surest one are of two groups."""
    drawn = {"samples": PEOPLE, "genotypes": GENOTYPES}
    answers(
        "FROM group_max('all', 'population')",
        **drawn,
        expected="""
            position | grpmax | ac_grpmax | an_grpmax | af_grpmax | homozygotes_grpmax | fafmax95 | fafmax95_group
            10       | CHS    | 3         | 4         | 0.75      | 1                  | 0.204423 | CHS
            20       | YRI    | 1         | 2         | 0.5       | 0                  | -        | -
            30       | -      | -         | -         | -         | -                  | -        | -
            40       | YRI    | 2         | 2         | 1         | 1                  | 0.177681 | YRI
        """,
    )
    answers(
        "FROM group_max('all', 'population', ['YRI'])",
        **drawn,
        expected="""
            position | grpmax | ac_grpmax | an_grpmax | fafmax95  | fafmax95_group | fafmax99  | fafmax99_group
            10       | CHS    | 3         | 4         | 0.204423  | CHS            | 0.109011  | CHS
            20       | CHS    | 1         | 4         | -         | -              | -         | -
            30       | -      | -         | -         | -         | -              | -         | -
            40       | CHS    | 2         | 4         | 0.0888404 | CHS            | 0.0371387 | CHS
        """,
    )


def test_of_groups_that_are_equal_it_is_the_first_by_name(answers: Answers) -> None:
    answers(
        "FROM group_max('all', 'population')",
        samples=PEOPLE,
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy  | dee | eve
            1      | 10       | A   | G   | 0/1 | 0/1 | 0/1 | 0/0 | 0/1
        """,
        expected="""
            grpmax | ac_grpmax
            CHS    | 2
        """,
    )


def test_a_group_named_as_the_stratum_of_everybody_is_an_error(refuses: Answers) -> None:
    drawn = {"samples": PEOPLE.replace("YRI", "all"), "genotypes": GENOTYPES}
    refuses(
        "FROM frequency_strata('all', 'population')", "the value 'all' of 'population'", **drawn
    )
    refuses("FROM group_max('all', 'population')", "the value 'all' of 'population'", **drawn)


def test_an_unknown_group_or_attribute_is_an_error(refuses: Answers) -> None:
    for drawn in ({}, {"samples": PEOPLE, "genotypes": GENOTYPES}):
        refuses("FROM group_max('all', 'population', ['CHX'])", "'CHX'", **drawn)
        refuses("FROM group_max('all', 'populaton')", "nearest is 'population'", **drawn)
        refuses("FROM frequency_strata('all', 'populaton')", "'population'", **drawn)
        refuses("FROM stored_group_max()", "no frequencies named 'all' are stored", **drawn)


def test_copies_within_one_family_are_one_observation(answers: Answers) -> None:
    answers(
        "FROM carrier_families()",
        samples=PEOPLE,
        genotypes=GENOTYPES,
        pedigree="""
            participant_id | family_id | father_id | mother_id
            ann            | F1        | -         | -
            bo             | F1        | -         | ann
            cy             | F2        | -         | -
        """,
        expected="""
            position | ac | carriers | families | no_family | founders | most_in_family
            10       | 4  | 3        | 1        | 1         | 2        | 2
            20       | 2  | 2        | 2        | 0         | 2        | 1
            30       | 2  | 1        | 0        | 1         | 1        | -
            40       | 4  | 3        | 2        | 0         | 2        | 2
        """,
    )


STORED = {
    "results": """
        result | kind        | name  | cohort | sample_numbers | settings
        3      | frequencies | all   | all    | [0,1]          | {"by":["pop","sex"],"policies":["raw","adj@1"],"leave_out":["GBR"]}
        4      | frequencies | other | all    | [0,1]          | {"by":["sex"],"policies":["raw"],"leave_out":[]}
    """,
    "strata": """
        result | place | stratum | attributes | values   | samples
        3      | 1     | all     | []         | []       | 9
        3      | 2     | CHS     | [pop]      | [CHS]    | 4
        3      | 3     | GBR     | [pop]      | [GBR]    | 4
        3      | 4     | XX      | [sex]      | [XX]     | 9
        3      | 5     | CHS_XX  | [pop, sex] | [CHS,XX] | 4
        4      | 1     | all     | []         | []       | 9
    """,
    "stratum_counts": """
        result | contig | position | ref | alt | end_position | policy | ac          | an_record      | homozygotes
        3      | 1      | 10       | A   | G   | 10           | raw    | [9,2,6,7,2] | [18,8,8,18,8]  | [1,0,1,1,0]
        3      | 1      | 10       | A   | G   | 10           | adj@1  | [2,1,1,0,0] | [18,8,8,18,8]  | -
        3      | 1      | 20       | A   | G   | 20           | raw    | -           | [18,8,0,18,8]  | -
        4      | 1      | 10       | A   | G   | 10           | raw    | [9]         | [18]           | -
    """,
}


def test_stored_counts_are_rows_of_frequencies(answers: Answers) -> None:
    """A list that is NULL is 0 in each stratum; where nothing is known a frequency is NULL."""
    answers(
        "FROM frequencies WHERE result = 3 AND policy = 'raw'",
        **STORED,
        expected="""
            position | stratum | ac | an | af       | faf95     | homozygotes | heterozygotes | an_block
            10       | all     | 9  | 18 | 0.5      | 0.260846  | 1           | 7             | 0
            10       | CHS     | 2  | 8  | 0.25     | 0.0444202 | 0           | 2             | 0
            10       | GBR     | 6  | 8  | 0.75     | 0.326627  | 1           | 4             | 0
            10       | XX      | 7  | 18 | 0.388889 | 0.182518  | 1           | 5             | 0
            10       | CHS_XX  | 2  | 8  | 0.25     | 0.0444202 | 0           | 2             | 0
            20       | all     | 0  | 18 | 0        | 0         | 0           | 0             | 0
            20       | CHS     | 0  | 8  | 0        | 0         | 0           | 0             | 0
            20       | GBR     | 0  | 0  | -        | -         | 0           | 0             | 0
            20       | XX      | 0  | 18 | 0        | 0         | 0           | 0             | 0
            20       | CHS_XX  | 0  | 8  | 0        | 0         | 0           | 0             | 0
        """,
    )


def test_groups_of_stored_frequencies_are_those_of_the_first_attribute(answers: Answers) -> None:
    """GBR was left out when they were stored; XX and CHS_XX are no groups."""
    answers(
        "FROM stored_group_max()",
        **STORED,
        expected="""
            position | grpmax | ac_grpmax | an_grpmax | af_grpmax | fafmax95  | fafmax95_group
            10       | CHS    | 2         | 8         | 0.25      | 0.0444202 | CHS
            20       | -      | -         | -         | -         | -         | -
        """,
    )
    answers(
        "FROM stored_group_max(in_policy := 'adj@1', in_left_out := ['CHS'])",
        **STORED,
        expected="""
            position | grpmax | fafmax95
            10       | -      | -
        """,
    )


def test_what_is_not_stored_is_an_error(refuses: Answers) -> None:
    refuses("FROM stored_group_max('mine')", "no frequencies named 'mine'", "all, other", **STORED)
    refuses("FROM stored_group_max('other', 'adj@1')", "policy raw, not 'adj@1'", **STORED)
