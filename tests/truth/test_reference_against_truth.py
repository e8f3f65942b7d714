"""The plain reference equals the published truth on every file that is small enough for it."""

from pathlib import Path

import pytest

import reference as ref
from reference import Batch, Lake
from truth.datasets import MALE_PROBAND, SMALL, Dataset
from truth.truth_tables import (
    Table,
    TruthCounts,
    after_duplicates_rule,
    differences,
    read_truth,
    read_truth_rows,
    table_of,
)


def reference_table(data: Path, dataset: Dataset, duplicates: str = "refuse") -> Table:
    texts = tuple(ref.text_of(data / name) for name in dataset.files)
    batch = Batch(texts, duplicates=duplicates, assembly=dataset.assembly)  # type: ignore[arg-type]
    rows = ref.allele_frequency(Lake((batch,), dataset.assembly))
    return table_of(
        (
            (v.contig, v.position, v.ref, v.alt),
            TruthCounts(f.ac, f.an, f.homozygotes, f.heterozygotes, f.hemizygotes + f.half_calls),
        )
        for v, f in rows.items()
    )


@pytest.mark.parametrize("dataset", SMALL, ids=lambda d: d.name)
def test_the_reference_has_no_difference_from_the_truth(
    shared_data: Path, dataset: Dataset
) -> None:
    truth = read_truth(shared_data / "truth" / f"{dataset.truth}.tsv.gz")
    assert differences(truth, reference_table(shared_data, dataset)) == []


@pytest.mark.parametrize("rule", ["first", "most_alt"])
def test_repeated_variants_equal_the_truth_after_a_stated_rule(
    shared_data: Path, rule: str
) -> None:
    """The truth has every record of the eight repeated variants; the rule says which stands."""
    rows = read_truth_rows(shared_data / "truth" / f"{MALE_PROBAND.truth}.tsv.gz")
    with pytest.raises(ref.DuplicatesError):
        reference_table(shared_data, MALE_PROBAND)
    found = reference_table(shared_data, MALE_PROBAND, rule)
    assert differences(after_duplicates_rule(rows, rule), found) == []
