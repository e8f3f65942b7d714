"""Quality of sites and samples on real files against plink2 and bcftools, asked live.

Each test says where we differ on purpose, and why.
"""

import csv
import gzip
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

import allelake
import reference as ref
import reference_quality as quality
from lakes import Row, asking
from reference import Batch, Lake
from truth.datasets import CHR1_3202, Dataset, cohort
from truth.real_lakes import RealLakes

pytestmark = pytest.mark.skipif(
    not (shutil.which("bcftools") and shutil.which("plink2")),
    reason="no bcftools and plink2 on PATH",
)

CHR20 = cohort("1000g_chr20_100samples", "GRCh37")
CHR_X = Dataset("1000g_chrX_1126", ("cohort/1000g_all_chr/chrX.vcf.gz",), "GRCh37", "")
Key = tuple[int, str, str]
# An id of every variant, from which the key is read again.
IDS = ("--set-all-var-ids", "@:#:$r:$a", "--new-id-max-allele-len", "500")


def split_text(path: Path, contig: str = "") -> str:
    """A file with one alternate allele a record; `contig` where its header lacks the line."""
    text = ref.text_of(path)
    if contig:
        first, rest = text.split("\n", 1)
        text = f"{first}\n##contig=<ID={contig}>\n{rest}"
    return run("bcftools", "norm", "-m-any", "-", text=text)


def run(*command: str | Path, text: str | None = None) -> str:
    arguments = [*map(str, command)]
    return subprocess.run(arguments, input=text, capture_output=True, text=True, check=True).stdout


def plink(folder: Path, text: str, *flags: str) -> Callable[[str], list[dict[str, str]]]:
    """Runs plink2 on a VCF; a function that reads what it wrote, by the end of the file's name."""
    vcf = folder / "asked.vcf"
    vcf.write_text(text)
    out = folder / "answer"
    run("plink2", "--vcf", vcf, *IDS, "--threads", "1", "--out", out, *flags)

    def read(suffix: str) -> list[dict[str, str]]:
        lines = Path(f"{out}.{suffix}").read_text().lstrip("#").splitlines()
        return list(csv.DictReader(lines, delimiter="\t"))

    return read


def key_of(identifier: str) -> Key:
    _, position, reference, alternate = identifier.split(":")
    return ref.minimal_alleles(int(position), reference, alternate)


def by_key(rows: Iterable[Row]) -> dict[Key, Row]:
    return {(row["position"], row["ref"], row["alt"]): row for row in rows}


@pytest.fixture(scope="module")
def chr20_text(shared_data: Path) -> str:
    return split_text(shared_data / CHR20.files[0], "20")


def test_hardy_weinberg_is_that_of_plink2_and_bcftools(
    real_lakes: RealLakes, chr20_text: str, tmp_path: Path
) -> None:
    """Also one-sided: ExcHet of bcftools. Both print six figures."""
    found = by_key(asking(real_lakes.of(CHR20))("FROM hardy_weinberg('all')"))
    for column, flags in (("p_exact", ("--hardy",)), ("p_mid", ("--hardy", "midp"))):
        read = plink(tmp_path, chr20_text, "--vcf-half-call", "missing", *flags)
        theirs = {
            key_of(row["ID"]): float(row["MIDP" if column == "p_mid" else "P"])
            for row in read("hardy")
        }
        assert len(theirs) == len(found) == 346
        # plink2 gives 1 for a variant of one allele, also as mid-p; half of 1 is 0.5.
        alone = {key for key, row in found.items() if row["inbreeding"] is None}
        assert {theirs[key] for key in alone} <= {1.0, 0.5}
        ours = {key: row[column] for key, row in found.items() if key not in alone}
        told = {key: theirs[key] for key in ours}
        assert told == pytest.approx(ours, rel=1e-5)
    tagged = run("bcftools", "+fill-tags", "-", "--", "-t", "HWE,ExcHet", text=chr20_text)
    records = ref.read_vcf(tagged).records
    for tag, column in (("HWE", "p_exact"), ("ExcHet", "p_excess")):
        theirs = {
            ref.minimal_alleles(r.position, r.ref, r.alts[0]): float(r.info[tag]) for r in records
        }
        assert theirs == pytest.approx({key: row[column] for key, row in found.items()}, rel=2e-5)


def people_of(shared_data: Path, folder: Path) -> Path:
    """The sexes of the 1000 Genomes, as plink2 takes them."""
    rows = (shared_data / "cohort/1000g_2504.ped").read_text().splitlines()[1:]
    sheet = folder / "sexes.txt"
    fields = [row.split("\t") for row in rows]
    sheet.write_text("#IID\tSEX\n" + "".join(f"{each[1]}\t{each[4]}\n" for each in fields))
    return sheet


@pytest.fixture(scope="module")
def x_lake(real_lakes: RealLakes, shared_data: Path) -> allelake.Lake:
    lake = real_lakes.of(CHR_X)
    lake.import_samples(shared_data / "cohort/1000g_2504.ped")
    return lake


@pytest.mark.slow
def test_the_joint_test_on_x_is_that_of_plink2(
    x_lake: allelake.Lake, shared_data: Path, tmp_path: Path
) -> None:
    """Men are written 0/. in this file: by sex that is the one allele there is room for."""
    text = split_text(shared_data / CHR_X.files[0])
    found = by_key(asking(x_lake)("FROM hardy_weinberg_x('all')"))
    sexes = ("--update-sex", str(people_of(shared_data, tmp_path)), "--split-par", "hg19")
    for column, name, flags in (
        ("p_exact", "P", ("--hardy",)),
        ("p_mid", "MIDP", ("--hardy", "midp")),
    ):
        read = plink(tmp_path, text, *sexes, "--vcf-half-call", "haploid", *flags)
        rows = {key_of(row["ID"]): row for row in read("hardy.x")}
        ours = {key: found[key][column] for key in rows if found[key]["male_alternate"]}
        assert len(ours) > 500
        assert {key: float(rows[key][name]) for key in ours} == pytest.approx(ours, rel=1e-5)


@pytest.mark.slow
def test_sex_of_the_1000_genomes_is_the_declared_one(
    x_lake: allelake.Lake, shared_data: Path, tmp_path: Path
) -> None:
    """F on X is plink2's --het of the same variants, taken for an autosome, by our frequencies.

    Women of all continents together are less heterozygous than their frequencies expect: F of
    many is above 0.2, so that they are told as unknown, and one as XY.
    """
    told = x_lake.inferred_sex().to_arrow().to_pylist()
    assert len(told) == 1126
    men = [row for row in told if row["declared_sex"] == "XY"]
    assert {(row["status"], row["x_f"]) for row in men} == {("agrees", 1)}
    women = [row["status"] for row in told if row["declared_sex"] == "XX"]
    assert [women.count(each) for each in ("agrees", "unknown", "differs")] == [333, 241, 1]
    lines = split_text(shared_data / CHR_X.files[0]).splitlines()
    outside = [
        line if line.startswith("#") else "1" + line[1:]
        for line in lines
        if line.startswith("#") or 2_699_520 < int(line.split("\t", 2)[1]) < 154_931_044
    ]
    text = "\n".join(outside).replace("##contig=<ID=X,", "##contig=<ID=1,") + "\n"
    found = by_key(asking(x_lake)("FROM allele_frequency('all', 'X')"))
    sheet = tmp_path / "ours.afreq"
    rows = [line.split("\t", 5) for line in outside if not line.startswith("#")]
    sheet.write_text(
        "#CHROM\tID\tREF\tALT\tALT_FREQS\tOBS_CT\n"
        + "".join(
            f"1\t1:{row[1]}:{row[3]}:{row[4]}\t{row[3]}\t{row[4]}\t{own['af']:.17g}\t2252\n"
            for row in rows
            if (own := found.get(ref.minimal_alleles(int(row[1]), row[3], row[4])))
        )
    )
    read = plink(tmp_path, text, "--vcf-half-call", "haploid", "--read-freq", str(sheet), "--het")
    theirs = {row["IID"]: float(row["F"]) for row in read("het")}
    assert theirs == pytest.approx({row["sample_id"]: row["x_f"] for row in told}, abs=1e-4)


def test_counts_of_samples_are_those_of_plink2_and_bcftools(
    real_lakes: RealLakes, chr20_text: str, tmp_path: Path
) -> None:
    """For plink2 an allele that one person alone has is a singleton, also if he has it twice; for
    bcftools and us it has one copy."""
    ask = asking(real_lakes.of(CHR20))
    twice = [
        row["sample_id"]
        for row in ask(
            "FROM carriers() JOIN allele_frequency('all') USING (contig, position, ref, alt) "
            "WHERE ac = 2 AND homozygotes = 1"
        )
    ]
    found = {
        str(r["sample_id"]): r for r in asking(real_lakes.of(CHR20))("FROM sample_quality('all')")
    }
    read = plink(
        tmp_path, chr20_text, "--missing", "--sample-counts",
        "cols=hom,homalt,het,ts,tv,nonsnp,single,missing",
    )  # fmt: skip
    names = {
        "MISSING_CT": "missing",
        "HOM_ALT_CT": "homozygotes",
        "HET_CT": "heterozygotes",
    }
    rows = read("scount")
    assert len(rows) == 100
    for row in rows:
        own = found[row["IID"]]
        assert {name: int(row[name]) for name in names} == {n: own[c] for n, c in names.items()}
        alone = own["singletons"] + twice.count(row["IID"])
        assert int(row["SINGLETON_CT"]) == alone
        assert int(row["TRANSITION_CT"]) == own["transitions"]
        assert int(row["TRANSVERSION_CT"]) == own["transversions"]
    for row in read("smiss"):
        own = found[row["IID"]]
        assert (int(row["MISSING_CT"]), int(row["OBS_CT"])) == (own["missing"], own["genotypes"])
    for line in run("bcftools", "stats", "-s", "-", "-", text=chr20_text).splitlines():
        if line.startswith("PSC\t"):
            fields = line.split("\t")
            own = found[fields[2]]
            # Genotypes of changes of one base alone: indels are in another of its tables.
            assert int(fields[4]) + int(fields[5]) == own["snv"]
            ours = [own[name] for name in ("transitions", "transversions", "missing")]
            assert [int(fields[n]) for n in (6, 7, 13)] == ours


def test_inbreeding_is_that_of_plink2_which_leaves_out_what_does_not_vary(
    real_lakes: RealLakes, chr20_text: str, tmp_path: Path
) -> None:
    """A variant of one allele adds 1 to observed, expected and counted alike: F is the same."""
    read = plink(tmp_path, chr20_text, "--het", "--bad-freqs")
    found = {
        str(r["sample_id"]): r for r in asking(real_lakes.of(CHR20))("FROM sample_quality('all')")
    }
    for row in read("het"):
        own = found[row["IID"]]
        constant = int(own["autosomal_genotypes"]) - int(row["OBS_CT"])
        assert 0 <= constant <= 12
        assert int(row["O(HOM)"]) + constant == own["observed_homozygotes"]
        expected = float(row["E(HOM)"]) + constant
        assert expected == pytest.approx(own["expected_homozygotes"], rel=1e-5)
        assert float(row["F"]) == pytest.approx(own["inbreeding"], abs=2e-5)


def test_depth_quality_and_balance_are_those_of_the_plain_reference(
    real_lakes: RealLakes, shared_data: Path
) -> None:
    text = ref.text_of(shared_data / CHR20.files[0])
    expected = quality.site_quality(Lake((Batch((text,), assembly="GRCh37"),), "GRCh37"))
    found = by_key(asking(real_lakes.of(CHR20))("FROM site_quality('all')"))
    assert len(found) == len(expected) == 346
    names = quality.SiteQuality._fields
    for variant, row in expected.items():
        own = found[variant[1:4]]
        for name in names:
            assert own[name] == pytest.approx(getattr(row, name)), (variant, name)


def test_mendel_errors_are_those_of_the_truth_where_one_alternate_is_listed(
    shared_data: Path, real_lakes: RealLakes
) -> None:
    """We look at each alternate by itself: of 1/2 the truth knows more."""
    lake = real_lakes.of(Dataset("mendel", ("trio/ashkenazi_hg002.vcf.gz",), "GRCh37", ""))
    lake.import_samples(shared_data / "trio/ashkenazi_hg002.ped")
    rows = asking(lake)("FROM mendel_errors('all')")
    found = {(int(str(r["position"])), r["error"] == "new allele") for r in rows}
    with gzip.open(shared_data / "truth/mendel_ashkenazi_hg002.tsv.gz", "rt") as lines:
        told = list(csv.DictReader(lines, delimiter="\t"))
    simple = [row for row in told if len(row["ref"] + row["alt"]) == 2]
    expected = {(int(row["pos"]), row["class"] == "de_novo_allele") for row in simple}
    assert len(expected) == 42
    assert expected <= found
    # What we list beyond is at places the truth has too, written otherwise: indels, two alternates.
    others = {int(row["pos"]) for row in told}
    assert all(any(0 <= p - other < 60 for other in others) for p, _ in found - expected)


@pytest.mark.slow
def test_mendel_errors_of_602_trios_are_those_of_bcftools(
    real_lakes: RealLakes, shared_data: Path, tmp_path: Path
) -> None:
    lake = real_lakes.of(CHR1_3202)
    lake.import_samples(shared_data / "cohort/1000g_2504.ped")
    found = {str(r["participant_id"]): r for r in asking(lake)("FROM mendel_trios('all')")}
    assert len(found) == 602
    trios = tmp_path / "trios.txt"
    trios.write_text(
        "".join(f"{r['mother_id']},{r['father_id']},{child}\n" for child, r in found.items())
    )
    vcf = tmp_path / "split.vcf"
    vcf.write_text(split_text(shared_data / CHR1_3202.files[0]))
    counted = run("bcftools", "+mendelian", vcf, "-T", trios, "-c")
    errors = {
        line.split("\t")[3].split(",")[2]: int(line.split("\t")[1])
        for line in counted.splitlines()
        if not line.startswith("#")
    }
    assert errors == {child: row["errors"] for child, row in found.items()}
    assert sum(errors.values()) == 346


def test_the_renamed_sample_is_found(shared_data: Path, real_lakes: RealLakes) -> None:
    """HG004 is HG007's data under another name; HG005 to HG007 are a family."""
    files = tuple(f"single_sample/HG00{n}.1k.vcf.gz" for n in (4, 5, 6, 7))
    lake = real_lakes.of(Dataset("giab_singles", files, "GRCh38", ""))
    (pair,) = lake.sample_duplicates().to_arrow().to_pylist()
    assert (pair["sample_id"], pair["other_sample_id"]) == ("HG004", "HG007")
    assert (pair["concordance"], pair["verdict"]) == (1, "duplicate")
