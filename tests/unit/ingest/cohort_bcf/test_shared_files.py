"""Real call sets turned into BCF: read by columns to the same rows as by records."""

from pathlib import Path

import pysam
import pytest

from allelake.ingest.cohort.likelihoods import WARNING
from allelake.ingest.spec import PartSummary
from unit.ingest.cohort.both_ways import both
from unit.ingest.cohort_bcf.by_hand import difference, told_of

# Phased panels, callers with and without details, structural variants, haploid X and M.
FILES = [
    "annotated/vep_and_snpeff.vcf",
    "cohort/1000g_chr1_subset.bcf",
    "cohort/2535_wide_5sites.vcf.gz",
    "cohort/hapmap_exome_chr22_22samples.vcf.gz",
    "normalisation/multiallelic_100samples.split_expected.vcf.gz",
    "sex_mt/chrM_3samples.vcf.gz",
    "sex_mt/chrX_54samples.vcf",
    "sv/manta_trio_chr22.vcf.gz",
    "sv/three_samples_chr20.vcf.gz",
    "trio/clinical_643594/snv.vcf.gz",
]


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_comes_out_alike(shared_data: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / "calls.bcf"
    with (
        pysam.VariantFile(str(shared_data / name)) as reading,
        pysam.VariantFile(str(path), "wb", header=reading.header) as writing,
    ):
        for one in reading:
            writing.write(one)
    by_columns, by_records = both(path, tmp_path / "parts")
    assert isinstance(by_columns, PartSummary)
    assert isinstance(by_records, PartSummary)
    assert not difference(told_of(by_columns), told_of(by_records))
    # Of likelihoods htslib speaks once in a process, and that may have been another test.
    told = [
        [notice for notice in of.notices if notice.code != WARNING]
        for of in (by_columns, by_records)
    ]
    assert told[0] == told[1]
