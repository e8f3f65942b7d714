"""allele_frequency, genotype_counts, carriers: the policy that takes reference blocks without reads too."""

# Drawn tables are as wide as their columns.
# ruff: noqa: E501

import pytest

from specs.conftest import Answers

DRAWN = {
    "samples": """
        sample_id | batch
        ann       | 1
        bo        | 1
        cy        | 1
        dee       | 2
        eve       | 3
    """,
    "batches": """
        batch | kind       | absent
        1     | per_sample | unknown
        2     | joint      | unknown
        3     | joint      | reference
    """,
    "genotypes": """
        contig | position | ref | alt | ann | bo | cy | dee | eve
        1      | 100      | A   | G   | 0/1 |    |    | ./1 |
    """,
    "callable": """
        contig | start | end | sample_id | levels
        1      | 50    | 150 | bo        | 15
        1      | 50    | 150 | cy        | 0145
    """,
}


@pytest.mark.parametrize(
    ("policy", "in_filter", "an_block", "unknown"),
    [("raw", "any", 2, 1), ("raw_blocks", "any", 4, 0), ("raw_blocks", "pass", 4, 0)],
)
def test_blocks_without_reads_count_under_raw_blocks_alone(
    answers: Answers, policy: str, in_filter: str, an_block: int, unknown: int
) -> None:
    answers(
        f"FROM allele_frequency('all', in_policy := '{policy}', in_filter := '{in_filter}')",
        **DRAWN,
        expected=f"""
            ac | an_record | an_block   | an_assumed | half_calls | unknown_samples
            2  | 3         | {an_block} | 2          | 1          | {unknown}
        """,
    )


def test_a_joint_batch_is_counted_as_under_raw(answers: Answers) -> None:
    drawn = {
        "genotypes": """
            contig | position | ref | alt | ann           | bo            | cy  | dee
            1      | 100      | A   | G   | 0/1:9:3:2,1   | 1/1:99:30:0,30 | ./. | ./1
            X      | 500      | A   | G   | 1             | 0/1           | ./. | 0
        """,
        "ploidy": """
            contig | start_position | end_position | haploid
            X      | 101            | 900          | ann dee
        """,
    }
    answers(
        "FROM allele_frequency('all', in_policy := 'raw_blocks')",
        **drawn,
        expected="""
            contig | ac | an | homozygotes | heterozygotes | hemizygotes | half_calls | unknown_samples
            1      | 4  | 5  | 1           | 1             | 0           | 1          | 0
            X      | 2  | 4  | 0           | 1             | 1           | 0          | 0
        """,
    )
    answers(
        "FROM genotype_counts('all', '1', 'raw_blocks')",
        **drawn,
        expected="""
            homozygous_reference | heterozygotes | homozygotes | half_calls | missing
            0                    | 1             | 1           | 1          | 1
        """,
    )
    answers(
        "FROM carriers('1', in_policy := 'raw_blocks')",
        **drawn,
        expected="""
            sample_id | alt_count
            ann       | 1
            bo        | 2
            dee       | 1
        """,
    )


def test_an_own_row_takes_away_its_block_of_the_same_level(answers: Answers) -> None:
    """A block without reads beneath an own no-call is no second answer."""
    for policy in ("raw", "raw_blocks"):
        answers(
            f"FROM allele_frequency('all', in_policy := '{policy}')",
            batches="""
                batch | kind
                1     | per_sample
            """,
            genotypes="""
                contig | position | ref | alt | ann | bo
                1      | 100      | A   | G   | 0/1 | ./.
            """,
            callable="""
                contig | start | end | sample_id | levels
                1      | 50    | 150 | bo        | 15
                1      | 100   | 100 | ann       | 0145
            """,
            expected="""
                ac | an | an_block | unknown_samples
                1  | 2  | 0        | 0
            """,
        )
