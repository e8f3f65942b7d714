"""Truvari's published counts by group: nine structural variants of 3,202 people with labels."""

from pathlib import Path

import pytest

import allelake
import reference as ref
from lakes import asking

GROUPS = ("AFR", "AMR", "EAS", "EUR", "SAS")


def test_counts_by_label_equal_those_that_truvari_published(
    shared_data: Path, tmp_path: Path
) -> None:
    sheet = tmp_path / "labels.tsv"
    sheet.write_text(
        "sample_id\tsuper_population\n" + (shared_data / "sv/grpaf_labels.txt").read_text()
    )
    lake = allelake.init(tmp_path / "lake")
    lake.ingest([shared_data / "sv/grpaf_3202.vcf.gz"], allelake.IngestOptions(workers=1))
    lake.import_samples(sheet)
    found = {
        (row["position"], row["alt"], row["attribute_value"]): (
            *(row[name] for name in ("ac", "an", "heterozygotes", "homozygotes")),
            row["hemizygotes"] + row["half_calls"],  # type: ignore[operator]
            row["af"],
        )
        for row in asking(lake)("FROM allele_frequency_by('all', 'super_population')")
        if row["attribute_value"] in GROUPS
    }
    expected = {}
    text = ref.text_of(shared_data / "truth/grpaf_expected.vcf.gz")
    for record in ref.read_vcf(text).records:
        variant = ref.variant_of(record, 1, record.contig)
        for group in GROUPS:
            names = ("AC", "AN", "N_HET", "N_HOMALT", "N_HEMI")
            counts = [record.info_numbers(f"{name}_{group}")[0] for name in names]
            af = pytest.approx(float(record.info[f"AF_{group}"]), rel=1e-5)
            expected[variant.position, variant.alt, group] = (*counts, af)
    assert len(expected) == 45
    assert found == expected
