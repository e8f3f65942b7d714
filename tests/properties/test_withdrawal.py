"""After a withdrawal a lake answers as if they had never been there; a purge leaves no trace."""

import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import allelake
from allelake.warehouse.withdrawal.purge import purge
from allelake.warehouse.withdrawal.verify import verify_withdrawal
from allelake.warehouse.withdrawal.withdraw import withdraw
from lakes import CohortOrder, Row, asking, lake_of
from random_cohort import RandomBatch, RandomCohort, Shape, random_cohort
from withdrawal_search import search

SHAPE = Shape(
    batches=2, samples=80, fewest_samples=65, with_alike_duplicates=False, with_files_split=False
)
TERMS = (
    "",
    ", in_ploidy := 'by_sex'",
    ", in_filter := 'pass'",
)
# Numbers of samples and batches' file names differ between the lakes; nothing else may.
QUESTIONS = (
    *(
        f"FROM allele_frequency('{who}'{terms})"
        for who in ("all", "chs", "some")
        for terms in TERMS
    ),
    *(f"FROM genotype_counts('all'{terms})" for terms in TERMS),
    *(f"FROM call_rate('all'{terms})" for terms in TERMS),
    *(f"FROM hardy_weinberg('all'{terms})" for terms in TERMS),
    "FROM allele_frequency_by('all', 'sex')",
    "FROM allele_frequency_by('all', 'population')",
    "FROM carriers()",
    "FROM carriers(in_cohort := 'chs')",
    "SELECT * EXCLUDE (sample_number) FROM cohort_samples('all')",
    "SELECT * EXCLUDE (sample_number) FROM cohort_samples('some')",
    "FROM cohort_summary('all')",
    "FROM private_variants('chs')",
    "FROM variants_in(NULL)",
    "SELECT * EXCLUDE (sample_number) FROM samples",
    "SELECT * EXCLUDE (sample_number) "
    "FROM cohort_members JOIN samples USING (sample_number, batch)",
    "SELECT sample_id, c.* EXCLUDE (sample_number) FROM sample_counts c "
    "JOIN samples USING (sample_number)",
    "SELECT sample_id, c.* EXCLUDE (sample_number, tier, adj_in_bits) FROM calls c "
    "JOIN samples USING (sample_number) WHERE alt_count > 0",
    "FROM pedigree",
    "SELECT cohort, predicate, sample_ids FROM cohorts",
    "SELECT batch, samples, variants, records FROM batches",
)
ADJ = (
    "FROM allele_frequency('all', in_policy := 'adj@1')",
    "FROM genotype_counts('all', in_policy := 'adj@1', in_ploidy := 'by_sex')",
    "FROM call_rate('all', in_policy := 'adj@1')",
    "FROM carriers(in_policy := 'adj@1')",
)


def named_long(cohort: RandomCohort) -> RandomCohort:
    """The same cohort with names that are nowhere by chance."""

    def rename(name: str) -> str:
        return f"PERSON-{name}-X"

    def batch(of: RandomBatch) -> RandomBatch:
        texts = []
        for text in of.texts:
            lines = text.splitlines()
            at = next(n for n, line in enumerate(lines) if line.startswith("#CHROM"))
            cells = lines[at].split("\t")
            lines[at] = "\t".join([*cells[:9], *map(rename, cells[9:])])
            texts.append("\n".join(lines) + "\n")
        return replace(of, texts=tuple(texts), samples=tuple(map(rename, of.samples)))

    return replace(
        cohort,
        batches=tuple(map(batch, cohort.batches)),
        sexes={rename(name): sex for name, sex in cohort.sexes.items()},
        populations={rename(name): value for name, value in cohort.populations.items()},
    )


def without(cohort: RandomCohort, gone: Sequence[str]) -> RandomCohort:
    """The cohort as `bcftools view -S ^gone` gives it: columns are missing, no site is."""

    def batch(of: RandomBatch) -> RandomBatch:
        kept = tuple(name for name in of.samples if name not in gone)
        return replace(of, texts=tuple(cut(text, gone) for text in of.texts), samples=kept)

    return replace(cohort, batches=tuple(map(batch, cohort.batches)))


def cut(text: str, gone: Sequence[str]) -> str:
    lines = text.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("#CHROM"))
    names = lines[at].split("\t")
    kept = [n for n, name in enumerate(names) if n < 9 or name not in gone]
    cells = (line.split("\t") for line in lines[at:])
    return "\n".join([*lines[:at], *("\t".join(row[n] for n in kept) for row in cells)]) + "\n"


def orders(cohort: RandomCohort) -> list[CohortOrder]:
    everyone = [name for batch in cohort.batches for name in batch.samples]
    return [
        CohortOrder("chs", "population = 'CHS'", ()),
        CohortOrder("some", None, tuple(everyone[::2])),
    ]


def rows_of(lake: allelake.Lake, questions: Sequence[str]) -> dict[str, list[str]]:
    ask = asking(lake)
    return {question: sorted(map(told, ask(question))) for question in questions}


def told(row: Row) -> str:
    """The row as text; a mean depends in its last digit on the order of its summands."""
    rounded = {k: round(v, 12) if isinstance(v, float) else v for k, v in row.items()}
    return str(sorted(rounded.items()))


class Case:
    """A lake with everybody, who withdraws, and a lake that never had them."""

    def __init__(self, folder: Path, seed: int) -> None:
        cohort = named_long(random_cohort(seed, SHAPE))
        chance = random.Random(seed)
        joint = [batch for batch in cohort.batches if batch.samples]
        self.gone = [name for b in joint for name in chance.sample(sorted(b.samples), 3)]
        self.lake = lake_of(folder / "whole", cohort, orders(cohort))
        left = without(cohort, self.gone)
        # The list of the cohort that everybody was in, less those who left.
        listed = [
            replace(order, samples=tuple(n for n in order.samples if n not in self.gone))
            for order in orders(cohort)
        ]
        self.expected = lake_of(folder / "left", left, listed)
        self.questions = QUESTIONS
        if any("adj" in str(row) for row in asking(self.expected)("FROM batches WHERE has_adj")):
            self.questions += ADJ
        self.answers = rows_of(self.expected, self.questions)


@pytest.fixture(scope="module", params=[3, pytest.param(8, marks=pytest.mark.slow)])
def case(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Case]:
    made = Case(tmp_path_factory.mktemp("withdrawal"), request.param)
    yield made
    made.lake.close()
    made.expected.close()


@pytest.fixture
def own(case: Case, tmp_path: Path) -> Path:
    """A copy of the lake with everybody."""
    return Path(shutil.copytree(case.lake.path, tmp_path / "own.lake"))


def assert_as_if_never_there(path: Path, case: Case) -> None:
    with allelake.open(path) as lake:
        found = rows_of(lake, case.questions)
    for question, expected in case.answers.items():
        assert found[question] == expected, question


def test_from_the_withdrawal_on_every_answer_is_as_if_they_had_never_been_there(
    case: Case, own: Path
) -> None:
    withdraw(own, case.gone, "consent withdrawn")
    assert_as_if_never_there(own, case)
    assert allelake.open(own).check() == []


@pytest.mark.slow
def test_a_purge_changes_no_answer_and_leaves_a_sound_lake(case: Case, own: Path) -> None:
    withdraw(own, case.gone, "consent withdrawn")
    purge(own)
    assert_as_if_never_there(own, case)
    assert allelake.open(own).check() == []


def test_after_a_purge_no_file_has_them_by_either_search(case: Case, own: Path) -> None:
    numbers = [
        row["sample_number"]
        for row in asking(case.lake)("FROM samples")
        if row["sample_id"] in case.gone
    ]
    withdraw(own, case.gone, "consent withdrawn")
    # Seen failing: before the purge both programs find them.
    assert search(own, case.gone, numbers)
    assert verify_withdrawal(own, case.gone, numbers)[0]
    receipt = purge(own)
    assert search(own, case.gone, numbers) == []
    assert verify_withdrawal(own, case.gone, numbers)[0] == []
    assert receipt is not None
    assert receipt.sample_numbers == tuple(sorted(numbers))
    assert purge(own) is None


def test_earlier_snapshots_show_today_s_withdrawals_before_and_after_a_purge(
    case: Case, own: Path
) -> None:
    last = len(list((own / "snapshots").glob("*.json")))
    withdraw(own, case.gone, "consent withdrawn")
    tables = ("samples", "cohort_members", "sample_counts", "calls")
    for step in ("before", "after"):
        if step == "after":
            purge(own)
        with allelake.open(own, as_of=last) as lake:
            ask = asking(lake)
            names = {row["sample_id"] for row in ask("FROM samples")}
            assert not names & set(case.gone), step
            assert not {row["participant_id"] for row in ask("FROM pedigree")} & set(case.gone)
            for row in ask("FROM cohorts"):
                assert not set(row["sample_ids"] or ()) & set(case.gone), step
            for table in tables:
                left = (
                    f"SELECT DISTINCT sample_number FROM {table} "
                    "EXCEPT SELECT sample_number FROM samples"
                )
                assert ask(left) == [], (step, table)
            question = "FROM allele_frequency('all')"
            assert sorted(map(told, ask(question))) == case.answers[question], step
