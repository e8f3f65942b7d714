"""One in a hundred of 2,504 people withdraws: the lake answers as bcftools would have cut it."""

import shutil
import subprocess
from pathlib import Path

import pytest

import allelake
from lakes import asking
from withdrawal_search import search

pytestmark = pytest.mark.skipif(not shutil.which("bcftools"), reason="no bcftools on PATH")

COHORT = "cohort/1000g_chr22_2504.vcf.gz"
REGION = "22:16,050,000-16,100,000"
QUESTIONS = (
    "FROM allele_frequency('all')",
    "FROM allele_frequency('all', in_policy := 'raw_blocks', in_ploidy := 'by_sex')",
    "FROM allele_frequency('all', in_filter := 'pass')",
    "FROM genotype_counts('all')",
    "FROM call_rate('all')",
    f"FROM hardy_weinberg('all', in_region := '{REGION}')",
    f"FROM allele_frequency_by('all', 'batch', in_region := '{REGION}')",
    f"FROM carriers('{REGION}')",
    "FROM cohort_summary('all')",
    "SELECT * EXCLUDE (sample_number) FROM cohort_samples('all')",
    f"FROM variants_in('{REGION}')",
    "FROM cohort_overlap('all', 'all')",
    "FROM sample_summary('all')",
)


def answers(lake: allelake.Lake) -> dict[str, list[str]]:
    ask = asking(lake)
    found = {}
    for question in QUESTIONS:
        rows = [
            {k: round(v, 12) if isinstance(v, float) else v for k, v in row.items()}
            for row in ask(question)
        ]
        found[question] = sorted(map(repr, rows))
    return found


@pytest.mark.slow
def test_one_in_a_hundred_withdraws_and_is_purged(shared_data: Path, tmp_path: Path) -> None:
    source, cut = shared_data / COHORT, tmp_path / "cut.vcf.gz"
    people = subprocess.run(
        ["bcftools", "query", "-l", str(source)], capture_output=True, text=True, check=True
    ).stdout.split()
    gone = people[7::100]
    assert len(gone) == 25
    view = ["bcftools", "view", "-S", "^" + str(tmp_path / "gone.txt"), "-Oz", "-o", str(cut)]
    (tmp_path / "gone.txt").write_text("\n".join(gone) + "\n")
    subprocess.run([*view, str(source)], check=True)
    without = allelake.init(tmp_path / "without", "GRCh37")
    without.ingest([cut])
    expected = answers(without)
    lake = allelake.init(tmp_path / "lake", "GRCh37")
    lake.ingest([source])
    assert answers(lake) != expected
    lake.withdraw(gone, reason="asked to")
    assert different(answers(lake), expected) == []
    lake.purge()
    assert different(answers(lake), expected) == []
    numbers = [people.index(name) for name in gone]
    assert search(lake.path, gone, numbers) == []


def different(found: dict[str, list[str]], expected: dict[str, list[str]]) -> list[str]:
    return [question for question in expected if found[question] != expected[question]]
