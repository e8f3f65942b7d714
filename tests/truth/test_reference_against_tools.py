"""The plain reference against bcftools and plink2: equal where the definitions are, and every
disagreement that is meant has a test of its own name.

bcftools (`norm -m-any`, `+fill-tags`) and plink2 are asked live; without them these tests skip.
"""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

import reference as ref
from make_vcf import vcf
from random_cohort import Shape, random_cohort
from reference import Batch, Lake, Rules, Variant

needs_bcftools = pytest.mark.skipif(not shutil.which("bcftools"), reason="no bcftools on PATH")
needs_plink2 = pytest.mark.skipif(not shutil.which("plink2"), reason="no plink2 on PATH")

# bcftools counts <NON_REF> as a called allele: that has a test of its own.
ONE_FILE = Shape(
    batches=1, samples=40, fewest_samples=10, with_files_split=False, with_unnamed_alleles=False
)

Counts = tuple[
    int, int, int, int, int
]  # an, ac, alleles of hets, of homozygotes, of one-allele calls


def run(*command: str | Path, text: str | None = None) -> str:
    done = subprocess.run(
        [*map(str, command)], input=text, capture_output=True, text=True, check=True
    )
    return done.stdout


def bcftools_counts(text: str, *view: str) -> dict[Variant, Counts]:
    """What bcftools counts at each split allele, by trimmed key; `*` and <NON_REF> left out."""
    chosen = run("bcftools", "view", "-I", *view, "-", text=text)
    split = run("bcftools", "norm", "-m-any", "-", text=chosen)
    tags = "AN,AC,AC_Het,AC_Hom,AC_Hemi"
    tagged = run("bcftools", "+fill-tags", "-", "--", "-t", tags, text=split)
    found = {}
    for record in ref.read_vcf(tagged).records:
        if record.alts and ref.is_a_variant(record.alts[0]) and record.has_genotypes:
            values = [record.info_numbers(tag)[0] or 0 for tag in tags.split(",")]
            found[ref.variant_of(record, 1, record.contig)] = (*values,)
    return found  # type: ignore[return-value]


def reference_counts(
    text: str, samples: Sequence[str] | None = None, assembly: str = "GRCh38"
) -> dict[Variant, Counts]:
    """The same from the plain reference; variants without any genotypes left out."""
    lake = Lake((Batch((text,), assembly=assembly),), assembly)
    return {
        variant: (f.an, f.ac, f.heterozygotes, 2 * f.homozygotes, f.hemizygotes + f.half_calls)
        for variant, f in ref.allele_frequency(lake, samples).items()
        if not f.unknown_samples
    }


@needs_bcftools
@pytest.mark.parametrize("seed", range(12))
def test_bcftools_counts_as_the_reference_does(seed: int) -> None:
    cohort = random_cohort(seed, ONE_FILE)
    (text,) = cohort.batches[0].texts
    assert bcftools_counts(text) == reference_counts(text, assembly=cohort.assembly)


@needs_bcftools
def test_bcftools_counts_as_the_reference_does_for_some_samples() -> None:
    cohort = random_cohort(5, ONE_FILE)
    (text,), names = cohort.batches[0].texts, sorted(cohort.batches[0].samples)[:5]
    chosen = bcftools_counts(text, "-s", ",".join(names))
    assert chosen == reference_counts(text, names, cohort.assembly)


def plink2_counts(
    text: str, folder: Path, *options: str
) -> dict[tuple[str, str], tuple[float, int]]:
    """plink2 --freq counts: (ID, ALT) -> copies, called alleles."""
    (folder / "in.vcf").write_text(text)
    run("plink2", "--vcf", folder / "in.vcf", "--freq", "counts", "--out", folder / "out", *options)
    found = {}
    for line in (folder / "out.acount").read_text().splitlines()[1:]:
        _chrom, name, _ref, alts, counts, called = line.split("\t")
        for alt, count in zip(alts.split(","), counts.split(","), strict=True):
            found[name, alt] = (float(count), int(called))
    return found


DIPLOID = vcf(
    list("abcdef"),
    "chr1 100 A G . GT 0/1 1/1 0|0 ./. 0/1 1|0",
    "chr1 200 A G,T . GT 0/1 1/2 2/2 0/2 0/0 ./.",
    "chr1 300 AT A . GT 0/1 0/0 0/0 0/0 1/1 1/1",
)


@needs_plink2
def test_plink2_counts_diploid_calls_as_the_reference_does(tmp_path: Path) -> None:
    text = DIPLOID.replace("\t.\tA", "\trs\tA")
    theirs = plink2_counts(text, tmp_path, "--set-all-var-ids", "@:#")
    ours = ref.allele_frequency(Lake((Batch((text,)),)))
    assert theirs == {(f"1:{v.position}", v.alt): (f.ac, f.an) for v, f in ours.items()}


# --- where tools disagree, and which side the reference is on ------------------------------------


def frequency_of(text: str, rules: Rules = ref.RAW, **sexes: ref.Sex) -> ref.Frequency:
    (row,) = ref.allele_frequency(Lake((Batch((text,)),), sexes=sexes), rules=rules).values()
    return row


@needs_bcftools
def test_one_two_is_one_copy_of_each_alt_as_in_bcftools_not_missing_as_in_glow() -> None:
    text = vcf(["a"], "chr1 100 A G,T . GT 1/2")
    assert bcftools_counts(text) == reference_counts(text)
    assert {f[:2] for f in reference_counts(text).values()} == {(2, 1)}


@needs_bcftools
def test_bcftools_counts_a_half_call_among_its_hemizygotes_and_the_reference_apart() -> None:
    text = vcf(["a", "b"], "chr1 100 A G . GT ./1 1")
    (theirs,) = bcftools_counts(text).values()
    row = frequency_of(text)
    assert theirs[4] == 2
    assert (row.hemizygotes, row.half_calls) == (1, 1)


@needs_bcftools
def test_bcftools_counts_an_unnamed_allele_as_called_and_the_reference_does_not() -> None:
    text = vcf(["a", "b"], "chr1 100 A G,<NON_REF> . GT 0/1 0/2")
    (theirs,) = bcftools_counts(text).values()
    assert theirs[0] == 4
    assert frequency_of(text).an == 3


@needs_plink2
def test_plink2_takes_a_half_call_as_missing_or_haploid_by_option(tmp_path: Path) -> None:
    text = vcf(["a", "b"], "chr1 100 A G . GT ./1 0/0")
    as_missing = plink2_counts(text, tmp_path, "--vcf-half-call", "missing")
    as_haploid = plink2_counts(text, tmp_path, "--vcf-half-call", "haploid")
    # plink2 keeps autosomes diploid: its "haploid" half-call weighs two alleles there.
    assert list(as_missing.values()) == [(0, 2)]
    assert list(as_haploid.values()) == [(2, 4)]
    assert (frequency_of(text).ac, frequency_of(text).an) == (1, 3)


def plink2_sexes(folder: Path, **sexes: str) -> Path:
    sheet = folder / "sexes.psam"
    rows = (f"{name}\t{1 if sex == 'XY' else 2}\n" for name, sex in sexes.items())
    sheet.write_text("#IID\tSEX\n" + "".join(rows))
    return sheet


@needs_plink2
def test_an_xy_het_on_x_is_half_a_copy_in_plink2_one_of_two_as_called_and_missing_by_sex(
    tmp_path: Path,
) -> None:
    text = vcf(["a", "b"], "chrX 50000000 A G . GT 0/1 0/1")
    sheet = plink2_sexes(tmp_path, a="XY", b="XX")
    theirs = plink2_counts(text, tmp_path, "--psam", str(sheet), "--split-par", "b38")
    assert list(theirs.values()) == [(1.5, 3)]
    called = frequency_of(text, a="XY", b="XX")
    by_sex = frequency_of(text, Rules(ploidy="by_sex"), a="XY", b="XX")
    assert (called.ac, called.an) == (2, 4)
    assert (by_sex.ac, by_sex.an) == (1, 2)


@needs_plink2
def test_plink2_takes_all_before_the_end_of_par1_as_par_and_the_reference_its_start(
    tmp_path: Path,
) -> None:
    sheet = plink2_sexes(tmp_path, a="XY")
    seen = {}
    for position in (10_000, 10_001, 2_781_479, 2_781_480):
        text = vcf(["a"], f"chrX {position} A G . GT 1/1")
        theirs = plink2_counts(text, tmp_path, "--psam", str(sheet), "--split-par", "b38")
        ours = frequency_of(text, Rules(ploidy="by_sex"), a="XY")
        seen[position] = (next(iter(theirs.values()))[1], ours.an)
    assert seen == {10_000: (2, 1), 10_001: (2, 2), 2_781_479: (2, 2), 2_781_480: (1, 1)}


def test_an_indel_over_the_end_of_par_lies_where_its_position_does() -> None:
    """A deletion is anchored at its first base: the last PAR base keeps it in PAR."""
    inside = vcf(["a"], "chrX 2781479 ACGT A . GT 0/1")
    outside = vcf(["a"], "chrX 2781480 ACGT A . GT 0/1")
    rules = Rules(ploidy="by_sex")
    assert frequency_of(inside, rules, a="XY").an == 2
    assert frequency_of(outside, rules, a="XY").an == 0


@needs_bcftools
def test_a_region_takes_variants_by_position_as_bcftools_targets_not_by_overlap() -> None:
    text = vcf(["a"], "chr1 98 ACGT A . GT 0/1", "chr1 100 A G . GT 0/1")
    lake = Lake((Batch((text,)),))
    ours = {v.position for v in ref.allele_frequency(lake, regions=[("chr1", 100, 200)])}
    by_position = {v.position for v in bcftools_counts(text, "-t", "chr1:100-200")}
    overlapping = {
        v.position for v in bcftools_counts(text, "-t", "chr1:100-200", "--targets-overlap", "1")
    }
    assert ours == by_position == {100}
    assert overlapping == {98, 100}
