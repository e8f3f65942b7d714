"""cohort_summary and sample_summary: a cohort at a glance, and each of its samples."""

# Drawn tables are as wide as their columns.
# ruff: noqa: E501

from collections.abc import Callable

from specs.conftest import Answers
from specs.genotypes import STORAGES

Asked = Callable[..., list[dict[str, object]]]

PEOPLE = """
    sample_id | sex | participant_id | batch
    ann       | XX  | P1             | 1
    bo        | XY  | P2             | 1
    cy        | -   | P2             | 2
"""
GENOTYPES = """
    contig | position | ref | alt    | ann | bo  | cy
    1      | 10       | A   | G      | 0/1 | 1/1 | 0/1
    1      | 20       | A   | C      | 0/1 | 0/0 | 0/0
    1      | 30       | C   | T      | 1/1 | 0/1 | ./.
    1      | 40       | AT  | A      | 0/1 | 0/0 |
    1      | 50       | A   | AT     | 0/0 | ./1 | 0/0
    1      | 60       | AT  | GC     | 0/0 | 0/0 | 1/1
    1      | 70       | A   | <DEL>  | 0/0 | 0/0 | 0/1
    1      | 80       | A   | A]2:9] | 0/0 | 0/1 | 0/0
    1      | 90       | G   | A      | 0/0 | 0/0 | 0/0
    1      | 95       | G   | T      | ./. | ./. | ./.
    X      | 500      | T   | C      | 0/1 | 1   | 0/0
"""
PLOIDY = """
    contig | start_position | end_position | haploid
    X      | 101            | 900          | bo
"""


def figures(rows: list[dict[str, object]], section: str) -> dict[object, object]:
    return {row["item"]: row["value"] for row in rows if row["section"] == section}


def test_people_variants_and_genotypes_are_summed_up(asked: Asked) -> None:
    for storage in STORAGES:
        rows = asked(
            "FROM cohort_summary('all')",
            storage=storage,
            samples=PEOPLE,
            genotypes=GENOTYPES,
            ploidy=PLOIDY,
        )
        assert figures(rows, "people") == {
            "samples": 3, "participants": 2, "XX": 1, "XY": 1, "sex unknown": 1,
        }  # fmt: skip
        assert figures(rows, "variants") == {"known": 11, "seen": 9}
        assert figures(rows, "kind") == {
            "snv": 4, "mnv": 1, "insertion": 1, "deletion": 1, "symbolic": 1, "breakend": 1,
        }  # fmt: skip
        # Once: at 20, 40, 50, 70, 80. The others seen have 4 of 6, 3 of 4, 2 of 6, 2 of 5.
        assert figures(rows, "frequency") == {
            "not called": 1, "monomorphic": 1, "singleton": 5, "rare": 0, "low": 0, "common": 4,
        }  # fmt: skip
        # A>G, C>T, T>C; A>C.
        assert figures(rows, "substitutions") == {"transitions": 3, "transversions": 1, "titv": 3}
        genotypes = figures(rows, "genotypes")
        # Asked 3 x 10 + 2; missing 1 + 3; the half-call at 50.
        assert genotypes.pop("call_rate") == (32 - 4 - 1) / 32
        assert genotypes == {
            "heterozygotes": 8, "homozygotes": 3, "hemizygotes": 1, "half calls": 1, "missing": 4,
            "het_hom": 8 / 3,
        }  # fmt: skip
        # Ti/Tv: ann 3 to 1; bo and cy have no transversion. Het/hom: ann 4 to 1, bo 2 to 1, cy 2 to 1.
        assert figures(rows, "per_person") == {
            "heterozygotes": 8 / 3, "homozygotes": 1, "singletons": 5 / 3, "titv": 3,
            "het_hom": (4 + 2 + 2) / 3,
        }  # fmt: skip


def test_frequency_classes_begin_at_one_and_at_five_percent(asked: Asked) -> None:
    """100 people: 2 of 200 alleles are 1%, 10 are 5%; singletons are a class of their own."""

    def row(position: int, copies: int) -> str:
        cells = ["0/1"] * copies + ["0/0"] * (100 - copies)
        return " | ".join(["1", str(position), "A", "G", *cells])

    names = [f"s{number}" for number in range(100)]
    header = " | ".join(["contig", "position", "ref", "alt", *names])
    drawn = "\n".join([header, row(10, 2), row(20, 9), row(30, 10), row(40, 1)])
    rows = asked("FROM cohort_summary('all')", storage="common", genotypes=drawn)
    wanted = {"singleton": 1, "rare": 0, "low": 2, "common": 1, "monomorphic": 0, "not called": 0}
    assert figures(rows, "frequency") == wanted
    # One more person without a copy: 2 of 202 is below 1%.
    more = "\n".join(
        line + (" | 0/0" if number else " | one") for number, line in enumerate(drawn.splitlines())
    )
    rows = asked("FROM cohort_summary('all')", storage="rare", genotypes=more)
    wanted = {"singleton": 1, "rare": 1, "low": 2, "common": 0, "monomorphic": 0, "not called": 0}
    assert figures(rows, "frequency") == wanted


def test_a_cohort_without_members_has_figures_and_no_divisions(asked: Asked) -> None:
    rows = asked(
        "FROM cohort_summary('empty')",
        samples=PEOPLE,
        genotypes=GENOTYPES,
        cohorts="""
            cohort | members
            empty  | -
        """,
    )
    assert figures(rows, "people")["samples"] == 0
    assert figures(rows, "frequency")["not called"] == 11
    assert set(figures(rows, "per_person").values()) == {None}
    assert figures(rows, "substitutions")["titv"] is None
    assert figures(rows, "genotypes")["het_hom"] is None
    assert figures(rows, "genotypes")["call_rate"] is None
    assert len(asked("FROM cohort_summary('all')")) == len(rows)


def test_region_policy_ploidy_and_filter_hold_for_all_figures(asked: Asked) -> None:
    drawn = {
        "samples": """
            sample_id | sex
            ann       | XX
            bo        | XY
        """,
        "genotypes": """
            contig | position | ref | alt | ann             | bo
            X      | 500      | A   | G   | 0/1:99:20:10,10 | 0/1:99:20:10,10
            X      | 600      | A   | C   | 0/1:9:20:10,10  | 1/1:99:5:0,5
            X      | 700      | A   | C   | 0/1:99:20:10,10 | 1/1:99:5:0,5
            1      | 10       | A   | C   | 0/1:99:20:10,10 | 1/1:99:5:0,5
        """,
        "sites": """
            contig | position | ref | alt | filters
            X      | 700      | A   | C   | q10
        """,
    }
    rows = asked("FROM cohort_summary('all', 'X', 'adj@1', 'by_sex', 'pass')", **drawn)
    assert figures(rows, "variants") == {"known": 2, "seen": 2}
    assert figures(rows, "substitutions") == {"transitions": 1, "transversions": 1, "titv": 1}
    genotypes = figures(rows, "genotypes")
    assert (genotypes["heterozygotes"], genotypes["hemizygotes"], genotypes["missing"]) == (1, 1, 2)
    # ann has only the transition, bo only the transversion.
    assert figures(rows, "per_person")["titv"] == 0


def test_each_sample_with_what_it_carries(answers: Answers) -> None:
    answers(
        "FROM sample_summary('all')",
        samples=PEOPLE,
        genotypes=GENOTYPES,
        ploidy=PLOIDY,
        expected="""
            sample_id | participant_id | sex | batch | variants | heterozygotes | homozygotes | hemizygotes | half_calls | singletons | transitions | transversions | titv | het_hom
            ann       | P1             | XX  | 1     | 5        | 4             | 1           | 0           | 0          | 2          | 3           | 1             | 3    | 4
            bo        | P2             | XY  | 1     | 5        | 2             | 1           | 1           | 1          | 2          | 3           | 0             | -    | 2
            cy        | P2             | -   | 2     | 3        | 2             | 1           | 0           | 0          | 1          | 1           | 0             | -    | 2
        """,
    )


def test_a_singleton_is_the_only_copy_in_the_cohort_asked(answers: Answers) -> None:
    """Two copies in one person are no singleton. Symbolic alleles are told apart by length."""
    answers(
        "FROM sample_summary('some')",
        cohorts="""
            cohort | members
            some   | ann bo
        """,
        genotypes="""
            contig | position | ref | alt   | end_position | sv_length | ann | bo  | cy
            1      | 10       | A   | G     | 10           | -         | 0/1 | 0/0 | 0/1
            1      | 20       | A   | G     | 20           | -         | 1/1 | 0/0 | 0/0
            1      | 30       | A   | <DEL> | 130          | -100      | 0/1 | 0/0 | 0/0
            1      | 30       | A   | <DEL> | 130          | -         | 0/1 | 0/1 | 0/0
            1      | 30       | A   | <DEL> | 230          | -         | 0/1 | 0/1 | 0/0
        """,
        expected="""
            sample_id | variants | singletons
            ann       | 5        | 2
            bo        | 2        | 0
        """,
    )


def test_how_well_a_sample_was_called_comes_from_its_sums(answers: Answers) -> None:
    """Over all contigs; what no genotype has is unknown, not zero."""
    answers(
        "FROM sample_summary('all')",
        samples=PEOPLE,
        sample_counts="""
            contig | sample_id | genotypes | missing_genotypes | half_calls | dp_n | dp_sum | gq_n | gq_sum
            1      | ann       | 10        | 1                 | 2          | 4    | 100    | 2    | 90
            X      | ann       | 10        | 2                 | 0          | 1    | 25     | 0    | 0
            1      | bo        | 5         | 0                 | 0          | 0    | 0      | 0    | 0
        """,
        expected="""
            sample_id | variants | genotypes | missing | call_rate | mean_dp | mean_gq
            ann       | 0        | 20        | 3       | 0.75      | 25      | 45
            bo        | 0        | 5         | 0       | 1         | -       | -
            cy        | 0        | 0         | 0       | -         | -       | -
        """,
    )


def test_an_unknown_cohort_is_an_error(refuses: Answers) -> None:
    for drawn in ({}, {"genotypes": GENOTYPES}):
        refuses("FROM cohort_summary('al')", "no cohort is named 'al'", **drawn)
        refuses("FROM sample_summary('al')", "no cohort is named 'al'", **drawn)
        refuses("FROM cohort_summary('all', '3')", "names a contig", **drawn)
