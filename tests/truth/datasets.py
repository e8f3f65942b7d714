"""The real files that have a truth.

All of them are taken without any option but one, `trio_chrX_chrY_male_proband`, which repeats
variants and needs a duplicates rule. Where contig lengths or whole contig lines are missing, the
lake knows them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Dataset:
    """One call set: its files below the data folder and its truth's name."""

    name: str
    files: tuple[str, ...]
    assembly: str
    truth: str


def cohort(name: str, assembly: str) -> Dataset:
    return Dataset(name, (f"cohort/{name}.vcf.gz",), assembly, name)


# Small enough for the plain reference.
SMALL = (
    cohort("1000g_chr20_100samples", "GRCh37"),
    cohort("1000g_chr20_broad_2535", "GRCh37"),
    cohort("1000g_chr22_hg38_100samples", "GRCh38"),
    cohort("1000g_phase1_chr22_5samples", "GRCh37"),
    cohort("hapmap_exome_chr22_22samples", "GRCh37"),
    cohort("1000g_chr22_dp_gq_2504", "GRCh37"),
    cohort("2535_wide_5sites", "GRCh37"),
    cohort("opencga_4samples", "GRCh37"),
    Dataset(
        "multiallelic_100samples",
        ("normalisation/multiallelic_100samples.vcf.gz",),
        "GRCh37",
        "multiallelic_100samples",
    ),
    Dataset(
        "three_samples_chr20",
        ("sv/three_samples_chr20.vcf.gz",),
        "GRCh38",
        "sv_three_samples_chr20",
    ),
    Dataset("hgsvc_freeze3_32", ("sv/hgsvc_freeze3_32.vcf.gz",), "GRCh38", "sv_hgsvc_freeze3_32"),
    Dataset("chrM_indels", ("sex_mt/chrM_indels.vcf.gz",), "GRCh38", "chrM_indels"),
    Dataset("chrX_54samples", ("sex_mt/chrX_54samples.vcf",), "GRCh37", "chrX_54samples"),
    Dataset(
        "trio_ashkenazi_hg002", ("trio/ashkenazi_hg002.vcf.gz",), "GRCh37", "trio_ashkenazi_hg002"
    ),
    Dataset("pgx_100samples", ("pgx/cohort/100samples.vcf.gz",), "GRCh38", "pgx_100samples"),
)

MALE_PROBAND = Dataset(
    "trio_chrX_chrY_male_proband",
    ("sex_mt/trio_chrX_chrY_male_proband.vcf.gz",),
    "GRCh38",
    "trio_chrX_chrY_male_proband",
)

CHR22_2504 = Dataset(
    "1000g_chr22_2504", ("cohort/1000g_chr22_2504.vcf.gz",), "GRCh37", "1000g_chr22_2504.ALL"
)
CHR22_FILTERED = Dataset(
    "1000g_chr22_2504.filtered",
    ("cohort/1000g_chr22_2504.filtered.vcf.gz",),
    "GRCh37",
    "1000g_chr22_2504.filtered.ALL",
)
CHR1_3202 = Dataset(
    "1000g_high_coverage_chr1_3202",
    ("cohort/1000g_high_coverage_chr1_3202.vcf.gz",),
    "GRCh38",
    "1000g_high_coverage_chr1_3202.ALL",
)
CHROMOSOMES = (*(str(number) for number in range(1, 23)), "X")
ALL_CHR_1126 = Dataset(
    "1000g_all_chr",
    tuple(f"cohort/1000g_all_chr/chr{name}.vcf.gz" for name in CHROMOSOMES),
    "GRCh37",
    "1000g_all_chr.ALL",
)
BATCHES = (
    "batch1_1-500",
    "batch2_501-1000",
    "batch3_1001-1500",
    "batch4_1501-2000",
    "batch5_2001-2504",
)

SUPER_POPULATIONS = {
    "EAS": ("CHB", "JPT", "CHS", "CDX", "KHV"),
    "EUR": ("CEU", "TSI", "FIN", "GBR", "IBS"),
    "AFR": ("YRI", "LWK", "GWD", "MSL", "ESN", "ASW", "ACB"),
    "AMR": ("MXL", "PUR", "CLM", "PEL"),
    "SAS": ("GIH", "PJL", "BEB", "STU", "ITU"),
}
