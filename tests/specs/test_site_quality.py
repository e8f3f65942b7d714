"""site_quality, batch_differences: is a variant credible, and does one batch differ from the others?"""

# Drawn tables are as wide as their columns.
# ruff: noqa: E501

import random
from collections.abc import Callable

import duckdb
import pytest
from scipy.stats import chi2, fisher_exact

import reference_quality as quality
from specs.conftest import Answers

Asked = Callable[..., list[dict[str, object]]]

TWO_BATCHES = """
    sample_id | batch | population
    ann       | 1     | CHS
    bo        | 1     | GBR
    cy        | 2     | CHS
    dee       | 2     | -
"""
READS = {
    "samples": TWO_BATCHES,
    "genotypes": """
        contig | position | ref | alt | ann             | bo              | cy             | dee
        1      | 10       | A   | G   | 0/1:50:10:6,4   | 0/0:40:20:20,0  | 0/1:60:8:2,6   | ./.
        1      | 20       | A   | G   | 1/1:50:10:0,10  | 0/0:40:20:20,0  | 0/0:60:8:8,0   | 0/0:9:2:2,0
    """,
    "sites": """
        batch | contig | position | ref | alt | dp_n | dp_sum | gq_n | gq_sum
        1     | 1      | 10       | A   | G   | 2    | 30     | 2    | 90
        2     | 1      | 10       | A   | G   | 1    | 8      | 1    | 60
        1     | 1      | 20       | A   | G   | 2    | 30     | 2    | 90
        2     | 1      | 20       | A   | G   | 2    | 10     | 2    | 69
    """,
    "batches": """
        batch | kind  | has_adj | samples
        1     | joint | true    | 2
        2     | joint | true    | 2
    """,
    "cohorts": """
        cohort | members
        first  | ann bo
        mixed  | ann cy
    """,
}


def test_depth_and_quality_are_of_all_genotypes_and_balance_of_heterozygotes(
    answers: Answers,
) -> None:
    answers(
        "FROM site_quality('all')",
        **READS,
        expected="""
            position | samples | call_rate | mean_dp | mean_gq | balanced_heterozygotes | mean_balance | median_balance
            10       | 4       | 0.75      | 12.6667 | 50      | 2                      | 0.575        | 0.575
            20       | 4       | 1         | 10      | 39.75   | 0                      | -            | -
        """,
    )
    answers(
        "FROM site_quality('first')",
        **READS,
        expected="""
            position | samples | call_rate | mean_dp | mean_gq | balanced_heterozygotes | mean_balance
            10       | 2       | 1         | 15      | 45      | 1                      | 0.4
            20       | 2       | 1         | 15      | 45      | 0                      | -
        """,
    )


def test_a_cohort_that_is_not_whole_batches_has_no_mean_depth(answers: Answers) -> None:
    """Reads of reference genotypes are kept as sums of a batch: the carriers' mean would mislead."""
    answers(
        "FROM site_quality('mixed')",
        **READS,
        expected="""
            position | samples | mean_dp | mean_gq | balanced_heterozygotes | mean_balance
            10       | 2       | -       | -       | 2                      | 0.575
            20       | 2       | -       | -       | 0                      | -
        """,
    )


def test_a_batch_that_lost_somebody_leaves_no_mean_depth(answers: Answers) -> None:
    """Its sums would be with them, so the view has none: the other batch alone would mislead."""
    lost = READS["sites"].replace(
        "1     | 1      | 10       | A   | G   | 2    | 30     | 2    | 90",
        "1     | 1      | 10       | A   | G   | -    | -      | -    | -",
    )
    answers(
        "FROM site_quality('all', '1:10')",
        **{
            **READS,
            "sites": lost,
            "batches": READS["batches"].replace("true    | 2\n        2", "true    | 3\n        2"),
        },
        expected="""
            position | mean_dp | mean_gq
            10       | -       | -
        """,
    )


def test_reads_of_a_record_without_genotypes_are_of_no_genotype(answers: Answers) -> None:
    """FORMAT may hold DP and no GT: `sample_quality` counts them for nobody either."""
    answers(
        "FROM site_quality('all', '1:10')",
        **{
            **READS,
            "genotypes": """
                contig | position | ref | alt | ann | bo  | cy           | dee
                1      | 10       | A   | G   | ./. | ./. | 0/1:60:8:2,6 | ./.
            """,
            "sites": """
                batch | contig | position | ref | alt | has_genotypes | dp_n | dp_sum | gq_n | gq_sum
                1     | 1      | 10       | A   | G   | false         | 2    | 30     | 2    | 90
                2     | 1      | 10       | A   | G   | true          | 1    | 8      | 1    | 60
            """,
        },
        expected="""
            position | mean_dp | mean_gq
            10       | 8       | 60
        """,
    )


def test_reads_of_a_record_that_failed_its_filters_do_not_count_where_only_pass_does(
    answers: Answers,
) -> None:
    sites = """
        batch | contig | position | ref | alt | filters | dp_n | dp_sum | gq_n | gq_sum
        1     | 1      | 10       | A   | G   | q10     | 2    | 30     | 2    | 90
        2     | 1      | 10       | A   | G   | PASS    | 1    | 8      | 1    | 60
    """
    answers(
        "FROM site_quality('all', '1:10', in_filter := 'pass')",
        **{**READS, "sites": sites},
        expected="""
            position | mean_dp | mean_gq
            10       | 8       | 60
        """,
    )


def test_where_a_block_tells_of_somebody_there_is_no_mean_depth(answers: Answers) -> None:
    """No reads of blocks are kept: the mean of who has a record would be that of the carriers."""
    answers(
        "FROM site_quality('all')",
        batches="""
            batch | kind
            1     | per_sample
        """,
        genotypes="""
            contig | position | ref | alt | ann             | bo
            1      | 100      | A   | T   | 0/1:50:10:6,4   |
            1      | 200      | A   | G   | 0/1:50:10:6,4   | 1/1:50:20:0,20
        """,
        sites="""
            batch | contig | position | ref | alt | dp_n | dp_sum | gq_n | gq_sum
            1     | 1      | 100      | A   | T   | 1    | 10     | 1    | 50
            1     | 1      | 200      | A   | G   | 2    | 30     | 2    | 100
        """,
        callable="""
            contig | start | end | sample_id | basis
            1      | 100   | 200 | ann       | block
            1      | 100   | 200 | bo        | block
        """,
        expected="""
            position | samples | call_rate | mean_dp | mean_gq | mean_balance
            100      | 2       | 1         | -       | -       | 0.4
            200      | 2       | 1         | 15      | 50      | 0.4
        """,
    )


def test_balances_are_counted_in_bins_of_a_twentieth(asked: Asked) -> None:
    cells = ["0/1:9:20:19,1", "0/1:9:20:17,3", "0/1:9:20:0,20", "0/1:9:20:10,10", "0/1:9:20:1,1"]
    names = [f"s{number}" for number in range(len(cells))]
    (row,) = asked(
        "FROM site_quality('all')",
        genotypes="\n".join(
            [
                " | ".join(["contig", "position", "ref", "alt", *names]),
                " | ".join(["1", "10", "A", "G", *cells]),
            ]
        ),
    )
    assert row["balance_histogram"] == quality.histogram([0.05, 0.15, 1, 0.5, 0.5])
    assert row["balance_histogram"] == [0, 1, 0, 1] + [0] * 6 + [2] + [0] * 8 + [1]


def test_what_is_doubted_is_said(answers: Answers) -> None:
    answers(
        "FROM site_quality('all')",
        genotypes="""
            contig | position | ref | alt | a   | b   | c
            1      | 10       | A   | G   | 0/1 | 0/1 | 0/1
            1      | 20       | A   | G   | 0/1 | 0/0 | ./.
            1      | 30       | A   | G   | 0/0 | 0/1 | 0/0
            Y      | 200      | A   | G   | 0/1 | 0/1 | 0/1
        """,
        expected="""
            position | is_flagged | inbreeding | reason
            10       | true       | -1         | inbreeding coefficient -1 is below -0.3: too many heterozygotes
            20       | true       | -0.333333  | call rate 0.6667 is below 0.9; inbreeding coefficient -0.3333 is below -0.3: too many heterozygotes
            30       | false      | -0.2       | -
            200      | false      | -          | -
        """,
    )


BATCHED = {
    "samples": "sample_id | batch | population\n"
    + "\n".join(
        f"s{number} | {1 + number // 6} | {'CHS' if number % 2 else 'GBR'}" for number in range(18)
    ),
    "genotypes": " | ".join(["contig", "position", "ref", "alt", *(f"s{n}" for n in range(18))])
    + "\n"
    + " | ".join(["1", "10", "A", "G", *(["1/1"] * 6 + ["0/0"] * 12)])
    + "\n"
    + " | ".join(["1", "20", "A", "G", *(["0/1", "0/0"] * 9)]),
}


def test_each_batch_is_compared_with_all_the_others(asked: Asked) -> None:
    rows = asked("FROM batch_differences('all')", **BATCHED)
    found = {(row["position"], row["attribute_value"]): row for row in rows}
    assert len(found) == 6
    first = found[10, "1"]
    assert [first[n] for n in ("ac", "an", "other_ac", "other_an")] == [12, 12, 0, 24]
    assert first["p"] == pytest.approx(float(quality.fisher_p(12, 0, 0, 24)))
    assert (first["test"], first["strata"], first["is_flagged"]) == ("fisher", 1, True)
    assert first["reason"] == "af 1 against 0 in the others: Fisher p 8e-10, below 0.0001"
    calm = found[20, "1"]
    assert (calm["p"], calm["is_flagged"], calm["reason"]) == (pytest.approx(1), False, None)


def test_within_strata_the_test_is_that_of_mantel_and_haenszel(asked: Asked) -> None:
    """At 20 all copies are in GBR: the batches do not differ within either population."""
    rows = asked("FROM batch_differences('all', in_stratum := 'population')", **BATCHED)
    found = {(row["position"], row["attribute_value"]): row for row in rows}
    expected = quality.mantel_haenszel([(6, 0, 0, 12), (6, 0, 0, 12)])
    assert found[10, "1"]["p"] == pytest.approx(expected)
    assert (found[10, "1"]["test"], found[10, "1"]["strata"]) == ("cmh", 2)
    assert found[20, "1"]["p"] == pytest.approx(1)


def test_people_of_one_batch_cannot_be_compared(refuses: Answers) -> None:
    drawn = {"genotypes": READS["genotypes"], "samples": TWO_BATCHES, "cohorts": READS["cohorts"]}
    refuses("FROM batch_differences('first')", "has the same value of 'batch'", **drawn)
    refuses(
        "FROM batch_differences('all', in_attribute := 'bach')", "the nearest is 'batch'", **drawn
    )
    refuses(
        "FROM batch_differences('all', in_stratum := 'bach')", "the nearest is 'batch'", **drawn
    )
    refuses(
        "FROM batch_differences('all', in_stratum := 'batch')",
        "within each value of 'batch'",
        **drawn,
    )
    refuses("FROM batch_differences('al')", "no cohort is named 'al'", **drawn)


def test_exact_tests_of_large_tables_equal_those_of_scipy(
    database: duckdb.DuckDBPyConnection,
) -> None:
    rng = random.Random(7)
    tables = {(3, 10, 0, 8), (0, 5, 0, 7), (5, 5, 7, 7), (1, 1, 0, 1)}
    for alleles in (40, 5_000, 106_000, 2_000_000):
        for share in (0.5, 0.1, 0.001):
            an, other = rng.randint(1, alleles), rng.randint(1, alleles)
            ac = min(an, int(an * share * rng.choice((1, 1.01, 1.3))) + rng.randint(0, 2))
            tables.add((ac, an, min(other, int(other * share)), other))
    rows = database.execute(
        f"WITH tables AS (FROM (VALUES {', '.join(map(str, tables))}) AS t(ac, an, other_ac, other_an)) "
        "FROM fisher_tests('tables')"
    ).fetchall()
    expected = {t: fisher_exact([[t[0], t[1] - t[0]], [t[2], t[3] - t[2]]]).pvalue for t in tables}
    assert {row[:4]: row[4] for row in rows} == {
        table: pytest.approx(p, rel=1e-6, abs=1e-300) for table, p in expected.items()
    }


@pytest.mark.parametrize("statistic", [0, 1e-9, 0.5, 2.999, 3, 3.84, 30, 400, 1_300])
def test_the_tail_of_chi_square(database: duckdb.DuckDBPyConnection, statistic: float) -> None:
    (found,) = database.execute(f"SELECT chi_square_p({statistic}::DOUBLE)").fetchone() or ()
    assert found == pytest.approx(chi2.sf(statistic, 1), rel=1e-9)
