"""adj and Hardy-Weinberg of the plain reference on real files."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import reference as ref
from reference import Batch, Genotype, Lake, Rules
from truth.truth_tables import read_hardy_weinberg

MULTIALLELIC = "normalisation/multiallelic_100samples.vcf.gz"


def genotypes(path: Path) -> Iterator[tuple[str, str, Genotype]]:
    """Every (ALT, GT as written, genotype seen from that ALT) of a file, `*` ALTs included."""
    for record in ref.read_vcf(ref.text_of(path)).records:
        for index, alt in enumerate(record.alts, 1):
            for column in record.columns:
                yield alt, column.split(":")[0], ref.genotype_of(record, column, index)


def test_most_reference_genotypes_of_the_split_multiallelic_file_fail_adj(
    shared_data: Path,
) -> None:
    """65,537 of 73,057: genotypes written 0/0, once for each ALT of their record, `*` included."""
    written_reference = [
        ref.passes_adj(genotype, as_haploid=False)
        for _, gt, genotype in genotypes(shared_data / MULTIALLELIC)
        if gt == "0/0"
    ]
    assert (written_reference.count(False), len(written_reference)) == (65_537, 73_057)


def test_the_denominator_shows_the_reference_genotypes_that_fail_adj(shared_data: Path) -> None:
    """Without `*`, and with 0/2 seen from ALT 1 counted as what it is there: no alt, two called."""
    text = ref.text_of(shared_data / MULTIALLELIC)
    lake = Lake((Batch((text,), assembly="GRCh37"),), "GRCh37")
    raw = ref.allele_frequency(lake)
    adj = ref.allele_frequency(lake, rules=Rules(policy="adj@1"))
    assert raw.keys() == adj.keys()
    reference_raw = ref.genotype_counts(lake)
    reference_adj = ref.genotype_counts(lake, rules=Rules(policy="adj@1"))
    kept = sum(row.homozygous_reference for row in reference_adj.values())
    asked = sum(row.homozygous_reference for row in reference_raw.values())
    assert (asked - kept, asked) == (79_318, 87_824)
    lost_alleles = sum(raw[v].an - adj[v].an for v in raw)
    carriers_failing = sum(sum(reference_raw[v][1:5]) - sum(reference_adj[v][1:5]) for v in raw)
    assert lost_alleles == 2 * (asked - kept) + 2 * carriers_failing


@pytest.mark.parametrize("name", ["1000g_chr20_100samples", "hapmap_exome_chr22_22samples"])
def test_the_exact_test_equals_bcftools_at_biallelic_diploid_sites(
    shared_data: Path, name: str
) -> None:
    text = ref.text_of(shared_data / f"cohort/{name}.vcf.gz")
    lake = Lake((Batch((text,), assembly="GRCh37"),), "GRCh37")
    ours = {v[:4]: row.p_exact for v, row in ref.hardy_weinberg(lake).items()}
    theirs = read_hardy_weinberg(shared_data / f"truth/{name}.tsv.gz")
    assert len(theirs) > 300
    assert theirs == pytest.approx({key: ours[key] for key in theirs}, rel=2e-5)
