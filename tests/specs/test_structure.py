"""common_snvs, kinship_pairs, relatives, pca_scores, pruned_variants, unrelated_samples: structure.

What `allelake structure` stores is drawn here by sample number: ann 0, bo 1, cy 2, dee 3.
"""

from specs.conftest import Answers

PEOPLE = """
    sample_id | sex
    ann       | XX
    bo        | XY
    cy        | XX
    dee       | XY
"""
GENOTYPES = """
    contig | position | ref | alt | ann | bo  | cy  | dee
    1      | 10       | A   | G   | 0/1 | 0/0 | 0/0 | 0/0
"""
RESULTS = """
    result | kind         | name | cohort | snapshot | sample_numbers | stale_reason
    1      | kinship      | all  | all    | 4        | [0,1,2]        | -   
    2      | kinship      | few  | few    | 5        | [0,1]          | somebody left
    3      | unrelated    | all  | all    | 6        | [0,1,2]        | -   
    4      | pca          | all  | all    | 7        | [0,1,2]        | -   
    5      | pruned_sites | all  | all    | 7        | [0,1,2]        | -   
    6      | projection   | few  | few    | 8        | [3]            | -   
"""
KINSHIP = """
    result | sample_number_1 | sample_number_2 | snps | het_het | ibs0 | het_hom_1 | het_hom_2 | kinship | relationship
    1      | 0               | 1               | 100  | 30      | 1    | 5         | 5         | 0.2     | sibling
    1      | 1               | 2               | 0    | 0       | 0    | 0         | 0         | 0.4     | duplicate
    2      | 0               | 1               | 100  | 30      | 0    | 5         | 5         | 0.1     | -   
"""  # noqa: E501
STORED = {"samples": PEOPLE, "genotypes": GENOTYPES, "results": RESULTS, "kinship": KINSHIP}


def test_common_snvs_are_biallelic_and_on_autosomes(answers: Answers) -> None:
    """An indel, a second SNV at one position, X, and a record with two ALTs are left out."""
    answers(
        "FROM common_snvs('all', min_maf := 0.1)",
        genotypes="""
            contig | position | ref | alt | ann | bo  | cy  | dee
            1      | 10       | A   | G   | 0/1 | 0/0 | 0/0 | 0/0
            1      | 20       | A   | AT  | 0/1 | 0/0 | 0/0 | 0/0
            1      | 30       | A   | C   | 0/1 | 0/0 | 0/0 | 0/0
            1      | 30       | A   | G   | 0/1 | 0/0 | 0/0 | 0/0
            1      | 40       | C   | T   | 1/1 | 1/1 | 1/1 | 0/1
            1      | 50       | C   | T   | 0/1 | 0/0 | 0/0 | 0/0
            1      | 50       | CA  | C   | 0/1 | 0/0 | 0/0 | 0/0
            X      | 500      | C   | T   | 0/1 | 0/1 | 0/0 | 0/0
        """,
        expected="""
            contig | position | ref | alt | af    | an
            1      | 10       | A   | G   | 0.125 | 8
            1      | 40       | C   | T   | 0.875 | 8
            1      | 50       | C   | T   | 0.125 | 8
        """,
    )


def test_common_snvs_leaves_out_a_record_with_two_alts(answers: Answers) -> None:
    answers(
        "FROM common_snvs('all', min_maf := 0.1)",
        genotypes="""
            contig | position | ref | alt | ann | bo
            1      | 10       | A   | G   | 0/1 | 0/0
            1      | 20       | A   | G   | 0/1 | 0/0
        """,
        sites="""
            contig | position | ref | alt | record_alt_total
            1      | 20       | A   | G   | 2
        """,
        expected="""
            position
            10
        """,
    )


def test_common_snvs_at_and_beside_the_thresholds(answers: Answers) -> None:
    drawn = """
        contig | position | ref | alt | ann | bo  | cy  | dee
        1      | 10       | A   | G   | 0/1 | 0/0 | 0/0 | 0/0
        1      | 20       | A   | G   | 0/1 | 0/1 | 0/0 | 0/0
        1      | 30       | A   | G   | 0/1 | 0/1 | 0/1 | ./.
    """
    answers(
        "FROM common_snvs('all', min_maf := 0.25, max_missing := 0.25)",
        genotypes=drawn,
        expected="""
            position
            20
            30
        """,
    )
    answers(
        "FROM common_snvs('all', min_maf := 0.125, max_missing := 0.2)",
        genotypes=drawn,
        expected="""
            position
            10
            20
        """,
    )


def test_common_snvs_at_a_threshold_that_a_computer_cannot_write(answers: Answers) -> None:
    """Nine of ten copies are alt, one of ten is, and three of ten alleles are unknown."""
    answers(
        "FROM common_snvs('all', min_maf := 0.1, max_missing := 0.0)",
        genotypes="""
            contig | position | ref | alt | a   | b   | c   | d   | e
            1      | 10       | A   | G   | 1/1 | 1/1 | 1/1 | 1/1 | 0/1
            1      | 20       | A   | G   | 0/0 | 0/0 | 0/0 | 0/0 | 0/1
        """,
        expected="""
            position | af
            10       | 0.9
            20       | 0.1
        """,
    )
    answers(
        "FROM common_snvs('all', min_maf := 0.1, max_missing := 0.7)",
        genotypes="""
            contig | position | ref | alt | a   | b   | c   | d   | e
            1      | 10       | A   | G   | 0/1 | 0/. | ./. | ./. | ./.
        """,
        expected="""
            position
            10
        """,
    )


def test_common_snvs_of_an_unknown_cohort_is_an_error(refuses: Answers) -> None:
    refuses("FROM common_snvs('al')", "no cohort is named 'al'", genotypes=GENOTYPES)


def test_kinship_pairs_bear_names_and_shares(answers: Answers) -> None:
    answers(
        "FROM kinship_pairs('all')",
        **STORED,
        expected="""
            sample_id_1 | sample_id_2 | kinship | relationship | snps | ibs0_share | snapshot
            ann         | bo          | 0.2     | sibling      | 100  | 0.01       | 4
            bo          | cy          | 0.4     | duplicate    | 0    | -          | 4
        """,
    )


def test_a_stale_kinship_says_why(answers: Answers) -> None:
    answers(
        "FROM kinship_pairs('few')",
        **STORED,
        expected="""
            sample_id_1 | sample_id_2 | relationship | stale_reason
            ann         | bo          | -            | somebody left
        """,
    )


def test_kinship_that_nobody_computed_is_an_error(refuses: Answers) -> None:
    refuses(
        "FROM kinship_pairs('men')",
        "no kinship is stored for the cohort 'men'; it is for 'all', 'few'",
        "allelake structure kinship",
        **STORED,
    )
    refuses("FROM kinship_pairs('all')", "no kinship is stored", genotypes=GENOTYPES)


def test_relatives_come_from_the_newest_kinship_that_the_sample_was_in(answers: Answers) -> None:
    answers(
        "FROM relatives('ann')",
        **STORED,
        expected="""
            sample_id | kinship | cohort | stale_reason
            bo        | 0.1     | few    | somebody left
        """,
    )
    answers(
        "FROM relatives('cy')",
        **STORED,
        expected="""
            sample_id | kinship | relationship | ibs0_share | cohort
            bo        | 0.4     | duplicate    | -          | all
        """,
    )


def test_relatives_of_nobody_or_of_somebody_not_compared_are_errors(refuses: Answers) -> None:
    refuses("FROM relatives('eve')", "no sample is named 'eve'", **STORED)
    refuses("FROM relatives('dee')", "no kinship is stored of this sample", **STORED)


def test_pca_scores_are_a_row_per_sample(answers: Answers) -> None:
    drawn = """
        result | sample_number | component | score | is_projected | known_share
        4      | 0             | 1         | 0.5   | false        | 1
        4      | 0             | 2         | -0.5  | false        | 1
        4      | 2             | 1         | -     | true         | 0
        4      | 2             | 2         | -     | true         | 0
        6      | 3             | 1         | 0.25  | true         | 0.5
    """
    answers(
        "FROM pca_scores('all')",
        **STORED,
        principal_components=drawn,
        expected="""
            sample_id | sex | pc1  | pc2  | pc3  | is_projected | known_share | snapshot
            ann       | XX  | 0.5  | -0.5 | -    | false        | 1           | 7
            cy        | XX  | -    | -    | -    | true         | 0           | 7
        """,
    )
    answers(
        "FROM pca_scores('few', in_kind := 'projection')",
        **STORED,
        principal_components=drawn,
        expected="""
            sample_id | pc1  | is_projected | known_share
            dee       | 0.25 | true         | 0.5
        """,
    )


def test_components_that_nobody_computed_are_an_error(refuses: Answers) -> None:
    refuses("FROM pca_scores('few')", "no pca is stored for the cohort 'few'", **STORED)


def test_unrelated_samples_are_those_of_the_set(answers: Answers, refuses: Answers) -> None:
    answers(
        "FROM unrelated_samples('all')",
        **STORED,
        unrelated="""
            result | sample_number
            3      | 0
            3      | 2
        """,
        expected="""
            sample_id | sex | snapshot
            ann       | XX  | 6
            cy        | XX  | 6
        """,
    )
    refuses("FROM unrelated_samples('few')", "no unrelated is stored", **STORED)


def test_pruned_variants_are_those_of_the_cohort(answers: Answers, refuses: Answers) -> None:
    answers(
        "FROM pruned_variants('all')",
        **STORED,
        pruned_sites="""
            result | contig | position | ref | alt
            5      | 22     | 20       | A   | G
            5      | 1      | 30       | C   | T
            9      | 1      | 10       | C   | T
        """,
        expected="""
            contig | position | ref | alt
            22     | 20       | A   | G
            1      | 30       | C   | T
        """,
    )
    refuses("FROM pruned_variants('few')", "no pruned_sites is stored", **STORED)
