"""adj@1 on real files with GQ, DP and AD: equal to the plain reference, and AN shows what fails."""

from pathlib import Path

import pytest

import allelake
import reference as ref
from lakes import asking
from properties.asking import by_variant, call
from reference import Batch, Lake, Rules
from truth.datasets import SMALL, Dataset, cohort
from truth.real_lakes import RealLakes

WITH_FIELDS = {
    "multiallelic_100samples",
    "1000g_chr20_100samples",
    "1000g_chr20_broad_2535",
    "1000g_chr22_hg38_100samples",
    "hapmap_exome_chr22_22samples",
    "2535_wide_5sites",
    "chrM_indels",
    "chrX_54samples",
}
FURTHER = (
    Dataset("trio_par", ("sex_mt/trio_par.vcf.gz",), "GRCh38", ""),
    Dataset("chrM_3samples", ("sex_mt/chrM_3samples.vcf.gz",), "GRCh38", ""),
)
DATASETS = (*(dataset for dataset in SMALL if dataset.name in WITH_FIELDS), *FURTHER)
ADJ = Rules(policy="adj@1")


def plain_lake(data: Path, dataset: Dataset) -> Lake:
    texts = tuple(ref.text_of(data / name) for name in dataset.files)
    return Lake((Batch(texts, assembly=dataset.assembly),), dataset.assembly)


def frequencies(lake: allelake.Lake, policy: str) -> dict[ref.Variant, ref.Frequency]:
    rows = asking(lake)(call("allele_frequency", "all", in_policy=policy))
    return by_variant(rows, ref.Frequency)  # type: ignore[return-value]


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda d: d.name)
def test_adj_equals_the_reference(
    shared_data: Path, real_lakes: RealLakes, dataset: Dataset
) -> None:
    expected = ref.allele_frequency(plain_lake(shared_data, dataset), rules=ADJ)
    assert frequencies(real_lakes.of(dataset), "adj@1") == expected


def test_the_denominator_shows_the_reference_genotypes_that_fail(real_lakes: RealLakes) -> None:
    """Of 87,824 genotypes without the ALT 79,318 fail, of them 65,454 of the 72,967 written 0/0.

    With the three `*` ALTs, which are no variants, those are 65,537 of 73,057. All they had to add
    is two alleles each, which AN lacks; the rest of the loss is failing carriers.
    """
    (dataset,) = (d for d in SMALL if d.name == "multiallelic_100samples")
    ask = asking(real_lakes.of(dataset))
    raw, adj = (
        ask(f"SELECT sum(homozygous_reference) AS ref, sum(an) AS an, sum(carriers) AS carriers "
            f"FROM (SELECT *, heterozygotes + homozygotes AS carriers "
            f"FROM allele_frequency('all', in_policy := '{policy}') "
            f"JOIN (SELECT contig, position, ref, alt, homozygous_reference "
            f"FROM genotype_counts('all', in_policy := '{policy}')) "
            f"USING (contig, position, ref, alt))")[0]
        for policy in ("raw", "adj@1")
    )  # fmt: skip
    assert raw["ref"] == 87_824
    assert raw["ref"] - adj["ref"] == 79_318  # type: ignore[operator]
    lost = raw["an"] - adj["an"]  # type: ignore[operator]
    assert lost == 2 * 79_318 + 2 * (raw["carriers"] - adj["carriers"])  # type: ignore[operator]


def test_adj_is_an_error_where_no_batch_has_the_fields(real_lakes: RealLakes) -> None:
    lake = real_lakes.of(cohort("1000g_phase1_chr22_5samples", "GRCh37"))
    with pytest.raises(allelake.QueryError, match=r"adj@1.*GQ.*DP.*AD"):
        lake.allele_frequency(policy="adj@1").to_arrow()
