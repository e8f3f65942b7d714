"""crowd   a lake of 90 people, made once: two large groups and a small one, sexes, ages, depth;
its cohorts are 'hill', 'large' (without the small group), 'most' (everybody but two), 'few'
report  the report of all its people, compared with 'hill'
"""

import random
from pathlib import Path

import pytest

import allelake
from allelake.report.parts import Report

PEOPLE = 90
VARIANTS = 400


def vcf(rng: random.Random) -> str:
    samples = [f"person{n:03d}" for n in range(PEOPLE)]
    lines = [
        "##fileformat=VCFv4.2",
        "##contig=<ID=chr22,length=50818468>",
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
        '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">',
        "\t".join(["#CHROM POS ID REF ALT QUAL FILTER INFO FORMAT".replace(" ", "\t"), *samples]),
    ]
    for n in range(VARIANTS):
        af = rng.choice([0.01, 0.05, 0.2, 0.5])
        ref, alt = rng.choice(["AG", "CT", "AG", "GT"])
        cells = []
        for _ in samples:
            alleles = "/".join(str(int(rng.random() < af)) for _ in range(2))
            cells.append(f"{alleles if rng.random() > 0.02 else './.'}:{rng.randint(20, 40)}")
        fields = ["chr22", str(20_000_000 + 500 * n), ".", ref, alt, "50", "PASS", ".", "GT:DP"]
        lines.append("\t".join([*fields, *cells]))
    return "\n".join(lines) + "\n"


def people(rng: random.Random) -> str:
    lines = ["sample_id\tsex\tpopulation\tlandscape\tage\tnickname"]
    for n in range(PEOPLE):
        sex = "" if n in (5, 60) else "XX" if n % 2 else "XY"
        population = "hill" if n < 45 else "shore" if n < 86 else "lighthouse"
        landscape = "water" if population == "shore" else "land"
        age = rng.randint(18, 80)
        lines.append(f"person{n:03d}\t{sex}\t{population}\t{landscape}\t{age}\tnick{n}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="session")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crowd")
    rng = random.Random(11)
    (folder / "crowd.vcf").write_text(vcf(rng))
    (folder / "people.tsv").write_text(people(rng))
    with allelake.init(folder / "crowd.lake", "GRCh38") as lake:
        lake.ingest([folder / "crowd.vcf"], allelake.IngestOptions(workers=1))
        lake.import_samples(folder / "people.tsv")
        lake.define_cohort("hill", where="population = 'hill'")
        lake.define_cohort("shore", where="population = 'shore'")
        lake.define_cohort("large", where="population <> 'lighthouse'")
        lake.define_cohort("most", where="nickname NOT IN ('nick1', 'nick2')")
        lake.define_cohort("few", where="population = 'lighthouse'")
        lake.define_cohort("nobody", where="population = 'moon'")
    return folder / "crowd.lake"


@pytest.fixture(scope="session")
def report(crowd: Path) -> Report:
    with allelake.open(crowd) as lake:
        return lake.report(compare="hill")
