"""The same people give the same rows, however their files come in."""

import gzip
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import allelake
from lakes import Row, asking, lake_of, write_people, write_texts
from random_cohort import RandomCohort, Shape, random_cohort

COHORT = random_cohort(11, Shape(batches=1, samples=90, fewest_samples=70, with_files_split=False))
(BATCH,) = COHORT.batches
(TEXT,) = BATCH.texts

QUESTIONS = (
    "FROM allele_frequency('all')",
    "FROM allele_frequency('all', in_ploidy := 'by_sex', in_filter := 'pass')",
    "FROM carriers()",
    "FROM samples",
    "SELECT * EXCLUDE (record_alt_index, duplicate_records) FROM sites",
    "FROM bits",
    "FROM sample_counts",
)


def rows_of(lake: allelake.Lake) -> list[list[str]]:
    """The sorted rows of each question, tables on disk among them."""
    ask = asking(lake)
    return [sorted(map(told, ask(question))) for question in QUESTIONS]


def told(row: Row) -> str:
    return str(sorted(row.items()))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[list[str]]]:
    """The rows of the call set as one file, read by one worker."""
    lake = lake_of(tmp_path_factory.mktemp("plain"), COHORT)
    yield rows_of(lake)
    lake.close()


def parts_of(text: str, chosen: Callable[[int, str], object]) -> list[str]:
    """The records over several files: those for which `chosen` gives the same go together."""
    lines = text.splitlines(keepends=True)
    top = [line for line in lines if line.startswith("#")]
    groups: dict[object, list[str]] = {}
    for number, line in enumerate(line for line in lines if not line.startswith("#")):
        groups.setdefault(chosen(number, line), []).append(line)
    return ["".join([*top, *group]) for group in groups.values()]


def with_columns_shuffled(text: str, seed: int) -> str:
    """The same file with its samples in another order."""
    shuffled = random.Random(seed)
    order: list[int] = []
    lines = []
    for line in text.splitlines():
        cells = line.split("\t")
        if line.startswith("##"):
            lines.append(line)
            continue
        order = order or shuffled.sample(range(len(cells) - 9), len(cells) - 9)
        lines.append("\t".join([*cells[:9], *(cells[9 + column] for column in order)]))
    return "\n".join(lines) + "\n"


def by_contig(_: int, line: str) -> str:
    return line.split("\t")[0]


def test_split_by_contig_with_samples_in_other_orders(
    plain: list[list[str]], tmp_path: Path
) -> None:
    first, *others = parts_of(TEXT, by_contig)
    others = [with_columns_shuffled(text, seed) for seed, text in enumerate(others)]
    cohort = with_texts(first, *reversed(others))
    assert rows_of(lake_of(tmp_path, cohort, workers=2)) == plain


def test_split_by_region_in_the_other_order_with_windows_line_ends(
    plain: list[list[str]], tmp_path: Path
) -> None:
    middle = TEXT.count("\n", TEXT.index("#CHROM")) // 2
    first, second = parts_of(TEXT, lambda number, _: number < middle)
    assert rows_of(lake_of(tmp_path, with_texts(second, first.replace("\n", "\r\n")))) == plain


def test_interleaved_files(plain: list[list[str]], tmp_path: Path) -> None:
    texts = parts_of(TEXT, lambda number, _: number % 3)
    assert rows_of(lake_of(tmp_path, with_texts(*texts), workers=2)) == plain


def with_texts(*texts: str) -> RandomCohort:
    return replace(COHORT, batches=(replace(BATCH, texts=texts),))


@pytest.mark.parametrize("kind", ["gzip", pytest.param("bgzf", marks=pytest.mark.slow), "bcf"])
def test_other_containers(plain: list[list[str]], tmp_path: Path, kind: str) -> None:
    if kind != "gzip" and not shutil.which("bcftools"):
        pytest.skip("no bcftools on PATH")
    (source,) = write_texts(tmp_path, [TEXT], "plain")
    packed = tmp_path / ("packed.bcf" if kind == "bcf" else "packed.vcf.gz")
    if kind == "gzip":
        packed.write_bytes(gzip.compress(TEXT.encode()))
    else:
        option = "-Ob" if kind == "bcf" else "-Oz"
        command = ["bcftools", "view", "-I", "--no-version", option, "-o", packed, source]
        subprocess.run(command, check=True, capture_output=True)
    lake = allelake.init(tmp_path / "lake", COHORT.assembly)
    lake.ingest([packed], allelake.IngestOptions(workers=1, absent=BATCH.absent))
    columns = {"sex": COHORT.sexes, "population": COHORT.populations}
    lake.import_samples(write_people(tmp_path / "people.tsv", columns, BATCH.samples))
    assert rows_of(lake) == plain


def test_ingesting_twice_is_ingesting_once_and_what_is_refused_changes_nothing(
    plain: list[list[str]], tmp_path: Path
) -> None:
    lake = lake_of(tmp_path, COHORT)
    before = lake.snapshot
    files = sorted((tmp_path / "files").iterdir())
    lake.ingest(files, allelake.IngestOptions(workers=1, absent=BATCH.absent))
    (again,) = write_texts(tmp_path, [TEXT.replace(BATCH.samples[0], "a_stranger")], "again")
    with pytest.raises(allelake.InputError):
        lake.ingest([again])
    assert lake.snapshot == before
    assert rows_of(lake) == plain
    assert lake.check() == []


def test_parts_of_a_cohort_add_up(tmp_path: Path) -> None:
    """AC and AN of disjoint cohorts add up to those of all, which lie between 0 and AN."""
    lake = lake_of(tmp_path, COHORT)
    ask = asking(lake)
    for terms in ("", ", in_ploidy := 'by_sex'", ", in_filter := 'pass'"):
        whole = ask(f"FROM allele_frequency('all'{terms}) ORDER BY ALL")
        parts = ask(
            "SELECT contig, position, ref, alt, end_position, sv_length, sum(ac)::BIGINT AS ac, "
            "sum(an)::BIGINT AS an, sum(unknown_samples)::BIGINT AS unknown_samples "
            f"FROM allele_frequency_by('all', 'sex'{terms}) GROUP BY ALL ORDER BY ALL"
        )
        names = ("contig", "position", "ref", "alt", "end_position", "sv_length")
        counts = ("ac", "an", "unknown_samples")
        assert {tuple(r[n] for n in names): [r[c] for c in counts] for r in whole} == {
            tuple(r[n] for n in names): [r[c] for c in counts] for r in parts
        }
        for row in whole:
            assert 0 <= row["ac"] <= row["an"]  # type: ignore[operator]
            assert (row["af"] is None) == (row["an"] == 0)
