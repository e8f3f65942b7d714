"""gVCFs as bcftools merges them and as they count here: a test for each disagreement.

Sample a has the variant, sample b the lines that are understood differently. bcftools is asked live
(`merge --gvcf -`); without it these tests skip.
"""

import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

import reference as ref
from make_vcf import vcf
from reference import Lake, Rules
from reference_per_sample import PerSampleBatch
from truth.gvcfs import ADJ, ANY, BLOCKS, PASS, PerSample, assert_equal

pytestmark = pytest.mark.skipif(not shutil.which("bcftools"), reason="no bcftools on PATH")

FIELDS = ("GT", "GQ", "DP", "AD", "MIN_DP")


class Case(NamedTuple):
    """A variant of a, as a row; a line of b."""

    variant: str
    line: str

    @property
    def position(self) -> int:
        return int(self.variant.split()[1])


ZERO_DEPTH = Case("chr1 100 A G,<*> . GT 0/1", "chr1 90/END=110 A <*> . GT:DP:MIN_DP 0/0:0:0")
DELETION = Case("chr1 200 ACT A,<*> . GT 0/1", "chr1 190/END=200 A <*> . GT:DP:MIN_DP 0/0:9:9")
INSERTION = Case("chr1 300 A ACC,<*> . GT 0/1", "chr1 290/END=300 A <*> . GT:DP:MIN_DP 0/0:9:9")
OTHER_ALT = Case("chr1 400 A G,<*> . GT 0/1", "chr1 400 A T,<*> . GT 0/1")
UNNAMED = Case("chr1 500 A G,<*> . GT 0/1", "chr1 490/END=510 A <*> . GT:DP:MIN_DP 0/1:9:9")
OWN_DELETION = Case("chr1 602 A G,<*> . GT 0/1", "chr1 600 ACTT A,<*> . GT 0/1")
COVERED = Case("chr1 700 ACT A,<*> . GT 0/1", "chr1 690/END=702 A <*> . GT:DP:MIN_DP 0/0:9:9")
CASES = (ZERO_DEPTH, DELETION, INSERTION, OTHER_ALT, UNNAMED, OWN_DELETION, COVERED)


def written(folder: Path, *cases: Case) -> PerSample:
    folder.mkdir(exist_ok=True)
    for name, rows in (("a", [c.variant for c in cases]), ("b", [c.line for c in cases])):
        (folder / f"{name}.vcf").write_text(vcf([name], *rows, fields=FIELDS))
    return PerSample((folder / "a.vcf", folder / "b.vcf"), "GRCh38")


def run(*command: str | Path) -> str:
    return subprocess.run([*map(str, command)], capture_output=True, text=True, check=True).stdout


def merged(files: PerSample, *how: str) -> ref.CallSet:
    """What `bcftools merge --gvcf -` makes of the files."""
    packed = []
    for file in files.files:
        run("bcftools", "view", "-Oz", "-o", file.with_suffix(".vcf.gz"), file)
        run("bcftools", "index", file.with_suffix(".vcf.gz"))
        packed.append(file.with_suffix(".vcf.gz"))
    return ref.read_vcf(run("bcftools", "merge", "--gvcf", "-", *how, *packed))


def theirs(folder: Path, case: Case, *how: str) -> str:
    """The genotype that bcftools gives b in the record of the variant."""
    records = merged(written(folder, case), *how).records
    (record,) = (r for r in records if r.position == case.position and r.alts[0] != "<*>")
    return record.columns[1].split(":")[0]


def here(folder: Path, case: Case, rules: Rules = ANY) -> int | None:
    """Called alleles of b at the variant; None: unknown."""
    lake = written(folder, case).reference()
    variant = next(v for v in lake.variants if v.position == case.position)
    counted = ref.answers_at(lake, variant, rules)["b"].counted
    return counted.an if counted else None


def test_a_lake_equals_the_reference_in_all_these_cases(tmp_path: Path) -> None:
    files = written(tmp_path / "files", *CASES)
    for one_by_one in (False, True):
        lake = files.lake(tmp_path / f"lake{one_by_one}", one_by_one=one_by_one)
        assert_equal(lake, files.reference(lake), (ANY, BLOCKS, ADJ, PASS))


def test_where_a_block_covers_the_whole_deletion_both_say_reference(tmp_path: Path) -> None:
    assert (theirs(tmp_path, COVERED), here(tmp_path, COVERED)) == ("0/0", 2)


def test_a_block_without_reads_is_reference_for_bcftools_and_here_under_raw_blocks_alone(
    tmp_path: Path,
) -> None:
    assert theirs(tmp_path, ZERO_DEPTH) == "0/0"
    assert here(tmp_path, ZERO_DEPTH) is None
    assert here(tmp_path, ZERO_DEPTH, BLOCKS) == 2


def test_a_block_over_the_first_base_of_a_deletion_is_enough_for_bcftools_and_not_here(
    tmp_path: Path,
) -> None:
    assert (theirs(tmp_path, DELETION), here(tmp_path, DELETION)) == ("0/0", None)


def test_a_block_that_ends_before_an_insertion_is_enough_for_bcftools_and_not_here(
    tmp_path: Path,
) -> None:
    assert (theirs(tmp_path, INSERTION), here(tmp_path, INSERTION)) == ("0/0", None)


def test_another_alt_is_missing_for_bcftools_unless_it_joins_alts_and_called_here(
    tmp_path: Path,
) -> None:
    split = [
        record
        for record in merged(written(tmp_path, OTHER_ALT), "-m", "none").records
        if record.alts[0] == "G"
    ]
    # bcftools 1.16 joins what shares <*> even so; without it the two records stay apart.
    joined = {record.columns[1].split(":")[0] for record in split}
    assert joined <= {"./.", "0/3"}
    plain = Case("chr1 400 A G . GT 0/1", "chr1 400 A T . GT 0/1")
    files = written(tmp_path / "plain", plain)
    apart = {r.alts[0]: r.columns[1] for r in merged(files, "-m", "none").records}
    assert apart["G"] == "./."
    assert here(tmp_path / "plain", plain) == here(tmp_path, OTHER_ALT) == 2


def test_a_block_that_calls_the_unnamed_allele_is_half_reference_for_bcftools_and_unknown_here(
    tmp_path: Path,
) -> None:
    assert (theirs(tmp_path, UNNAMED), here(tmp_path, UNNAMED)) == ("0/2", None)


def test_a_sample_within_its_own_deletion_is_missing_for_bcftools_and_called_here(
    tmp_path: Path,
) -> None:
    assert (theirs(tmp_path, OWN_DELETION), here(tmp_path, OWN_DELETION)) == ("./.", 2)


def test_an_run_of_reference_bases_over_several_blocks_is_evidence_of_no_deletion(
    tmp_path: Path,
) -> None:
    """PharmCAT asks for a record at an indel; here bases that are all reference leave no room."""
    case = Case(COVERED.variant, "chr1 690/END=700 A <*> . GT:DP:MIN_DP 0/0:9:9")
    further = Case("chr1 900 A G . GT 0/1", "chr1 701/END=710 A <*> . GT:DP:MIN_DP 0/0:3:3")
    lake = written(tmp_path, case, further).reference()
    variant = next(v for v in lake.variants if v.position == 700)
    counted = ref.answers_at(lake, variant, ANY)["b"].counted
    assert counted is not None
    assert counted.an == 2


@pytest.mark.slow
def test_bcftools_merges_25_gvcfs_to_the_counts_of_raw_blocks_at_plain_snvs(
    shared_data: Path,
) -> None:
    """A second opinion: positions at which all 25 have one SNV and no other line but blocks."""
    files = sorted((shared_data / "gvcf/1kg_chr22").glob("*.g.vcf.gz"))
    texts = [ref.text_of(file) for file in files]
    lake = Lake((PerSampleBatch(tuple(texts)),))
    rows = ref.allele_frequency(lake, rules=BLOCKS)
    plain = plain_snvs(lake)
    assert len(plain) > 250
    merged_rows = {}
    for record in ref.read_vcf(
        run("bcftools", "merge", "--no-index", "--gvcf", "-", *files)
    ).records:
        called = [gt for c in record.columns for gt in ref.alleles_of(c.split(":")[0])[0]]
        for index in range(1, len(record.alts) + 1):
            variant = ref.variant_of(record, index, record.contig)
            if variant in plain:
                counts = (called.count(index), sum(gt is not None for gt in called))
                merged_rows[variant] = counts
    assert merged_rows == {v: (rows[v].ac, rows[v].an) for v in plain}


def plain_snvs(lake: Lake) -> set[ref.Variant]:
    """SNVs at whose base no record of anybody has another ALT, or a longer REF."""
    at: dict[int, set[tuple[str, tuple[str, ...]]]] = {}
    for batch in lake.batches:
        for calls in batch.call_sets:  # type: ignore[attr-defined]
            for record in calls.records:
                if record.alts != ("<NON_REF>",):
                    for base in range(record.position, record.position + len(record.ref)):
                        at.setdefault(base, set()).add((record.ref, record.alts))
    return {
        v
        for v in lake.variants
        if ref.kind_of(v) == "snv" and at[v.position] == {(v.ref, (v.alt, "<NON_REF>"))}
    }
