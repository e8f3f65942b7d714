"""A lake that grows, batch by batch or contig by contig, answers as if all had come at once."""

from pathlib import Path

import pytest

import allelake
import reference as ref
from lakes import asking, write_people, write_texts
from make_vcf import vcf
from properties.asking import by_variant, call, rule_arguments
from properties.grid import rules_of
from random_cohort import Shape, random_cohort
from reference import Batch, Lake, Rules

ONE = {"workers": 1}


def assert_equal(lake: allelake.Lake, reference: Lake, rules: Rules = ref.RAW) -> None:
    rows = asking(lake)(call("allele_frequency", "all", **rule_arguments(rules)))
    assert by_variant(rows, ref.Frequency) == ref.allele_frequency(reference, rules=rules)


def test_a_call_set_that_comes_contig_by_contig(tmp_path: Path) -> None:
    shape = Shape(batches=1, samples=70, fewest_samples=60, sites=25, with_files_split=False)
    cohort = random_cohort(17, shape)
    (batch,) = cohort.batches
    lines = batch.texts[0].splitlines(keepends=True)
    top = "".join(line for line in lines if line.startswith("#"))
    contigs: dict[str, str] = {}
    for line in lines:
        if not line.startswith("#"):
            name = line.split("\t")[0]
            contigs[name] = contigs.get(name, top) + line
    assert len(contigs) > 2
    lake = allelake.init(tmp_path / "lake", cohort.assembly)
    for number, path in enumerate(write_texts(tmp_path, list(contigs.values()), "contig")):
        extend = 1 if number else None
        lake.ingest([path], allelake.IngestOptions(**ONE, absent=batch.absent, extend=extend))
    lake.import_samples(write_people(tmp_path / "people.tsv", {"sex": cohort.sexes}, batch.samples))
    whole = Batch(batch.texts, batch.absent, assembly=cohort.assembly)
    reference = Lake((whole,), cohort.assembly, cohort.sexes)
    for rules in rules_of(reference):
        assert_equal(lake, reference, rules)
    assert lake.check() == []


def test_a_contig_that_the_batch_has_is_not_extended(tmp_path: Path) -> None:
    first, second = (
        vcf(["a"], "chr1 100 A G . GT 0/1"),
        vcf(["a"], "chr1 200 A G . GT 0/1", "chr2 100 A G . GT 0/1"),
    )
    paths = write_texts(tmp_path, [first, second], "x")
    lake = allelake.init(tmp_path / "lake")
    lake.ingest(paths[:1], allelake.IngestOptions(**ONE))
    with pytest.raises(allelake.InputError, match="chr1"):
        lake.ingest(paths[1:], allelake.IngestOptions(**ONE, extend=1))
    with pytest.raises(allelake.InputError, match="extend"):
        lake.ingest(paths[1:], allelake.IngestOptions(**ONE))
    assert len(asking(lake)("FROM variants_in(NULL)")) == 1


@pytest.mark.slow
def test_seventy_small_batches_are_merged_and_still_right(tmp_path: Path) -> None:
    """More batches than files may live: the smallest are merged at a commit."""
    batches = []
    lake = allelake.init(tmp_path / "lake")
    for number in range(70):
        names = [f"s{number}_{n}" for n in range(2)]
        rows = [
            f"chr1 {100 + number % 7} A G . GT 0/1 {'./.' if number % 5 else '1/1'}",
            f"chr1 {200 + number} C T PASS GT 0/1 0|0",
            "chr1 400 C T PASS GT 0/0 1|1",
        ]
        absent = "reference" if number % 3 == 0 else "unknown"
        text = vcf(names, *rows)
        batches.append(Batch((text,), absent))  # type: ignore[arg-type]
        paths = write_texts(tmp_path, [text], f"batch{number}")
        lake.ingest(paths, allelake.IngestOptions(**ONE, absent=absent))  # type: ignore[arg-type]
    reference = Lake(tuple(batches))
    assert_equal(lake, reference)
    found = {
        (row["position"], row["sample_id"]): row["alt_count"]
        for row in asking(lake)("FROM carriers()")
    }
    assert found == {
        (variant.position, name): row.alt_count
        for (variant, name), row in ref.carriers(reference).items()
    }
    per_table: dict[tuple[str, str | None], int] = {}
    for file in lake.files():
        key = (file.table, file.tier)
        per_table[key] = per_table.get(key, 0) + 1
    assert max(per_table.values()) <= 64
    assert lake.check() == []
