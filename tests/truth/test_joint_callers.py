"""What joint callers made of the same gVCFs: equal, or each difference is named here.

The reasons are in docs/why/joint-callers.md, under the same headings.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import allelake
import reference as ref
from reference import Batch, Lake, Variant
from truth.gvcfs import (
    ADJ,
    ANY,
    BLOCKS,
    PASS,
    Frequencies,
    PerSample,
    assert_equal,
    frequencies,
)

Counts = tuple[int, int] | None  # copies and called alleles of one sample; None: unknown

# --- gvcfgenotyper --------------------------------------------------------------------------------

# Variant -> sample -> what gvcfgenotyper says and what is counted here, where they differ.
HAPLOID_INSIDE_A_DELETION: dict[tuple[int, str, str], str] = {
    (5420, "C", "CA"): "NA12879 NA12881 NA12888",
    (5420, "CAAAAA", "C"): "NA12879 NA12881",
    (5420, "CAAAAAA", "C"): "NA12879 NA12881",
    (5420, "CAAAAAAA", "C"): "NA12879 NA12881",
    (5426, "A", "C"): "NA12877 NA12878 NA12880 NA12882 NA12883 NA12884 NA12886 NA12888 NA12890 "
    "NA12891",
    (39914, "A", "C"): "NA12892",
    (44394, "C", "A"): "NA12878 NA12880 NA12881 NA12882 NA12885 NA12886 NA12887 NA12888",
    (78103, "A", "C"): "NA12877 NA12879 NA12884 NA12889 NA12892",
    (95595, "AAAAG", "A"): "NA12882 NA12885 NA12886 NA12891",
}
NO_CALL_INSIDE_A_DELETION: dict[tuple[int, str, str], str] = {
    (5426, "A", "C"): "NA12885",
    (95599, "G", "A"): "NA12880 NA12893",
}
LEFT_ALIGNED_THERE: dict[tuple[int, str, str], str] = {(5418, "TACAAAA", "T"): "NA12888"}
NOT_LEFT_ALIGNED_HERE = (5420, "CAAAAAA", "A")


def gvcfgenotyper(data: Path) -> PerSample:
    folder = data / "gvcf/gvcfgenotyper"
    return PerSample(tuple(sorted(folder.glob("*.genome.vcf.gz"))), "GRCh37")


def published_joint(data: Path) -> Batch:
    text = (data / "gvcf/gvcfgenotyper/expected_joint_17.vcf").read_text()
    return Batch((text,), assembly="GRCh37")


def counts_of(lake: Lake, variants: Iterator[Variant]) -> dict[tuple[Variant, str], Counts]:
    found = {}
    for variant in variants:
        for name, answer in ref.answers_at(lake, variant, ref.RAW).items():
            counted = answer.counted
            found[variant, name] = (counted.ac, counted.an) if counted else None
    return found


def named(differing: dict[tuple[int, str, str], str]) -> set[tuple[tuple[int, str, str], str]]:
    return {(key, f"{name}_S1") for key, names in differing.items() for name in names.split()}


def test_gvcfgenotyper_differs_at_41_of_5253_genotypes_each_of_them_explained(
    shared_data: Path,
) -> None:
    """309 alleles of 17 people. The page explains the 41, by these three lists."""
    theirs = published_joint(shared_data)
    ours = gvcfgenotyper(shared_data).reference()
    variants = theirs.sites.keys()
    assert len(variants) == 309
    expected = counts_of(Lake((theirs,), "GRCh37"), iter(variants))
    found = counts_of(ours, iter(variants))
    differing: dict[tuple[Counts, Counts], set[tuple[tuple[int, str, str], str]]] = {}
    for (variant, name), count in expected.items():
        if found[variant, name] != count:
            kind = (count, found[variant, name])
            differing.setdefault(kind, set()).add((variant[1:4], name))
    assert differing == {
        ((0, 1), (0, 2)): named(HAPLOID_INSIDE_A_DELETION),
        ((0, 0), (0, 2)): named(NO_CALL_INSIDE_A_DELETION),
        ((1, 2), None): named(LEFT_ALIGNED_THERE),
    }
    assert sum(map(len, differing.values())) == 41
    known = {variant[1:4] for variant in ours.variants}
    assert known - {variant[1:4] for variant in variants} == {NOT_LEFT_ALIGNED_HERE}


@pytest.mark.slow
def test_17_gvcfs_equal_the_reference(shared_data: Path, tmp_path: Path) -> None:
    files = gvcfgenotyper(shared_data)
    lake = files.lake(tmp_path / "lake")
    assert_equal(lake, files.reference(lake), (ANY, BLOCKS, ADJ, PASS))


# --- GenomicsDB -----------------------------------------------------------------------------------


def totals(rows: Frequencies) -> dict[Variant, tuple[int, int, int]]:
    return {variant: (row.ac, row.an, row.unknown_samples) for variant, row in rows.items()}


def genomicsdb(data: Path, *names: str) -> PerSample:
    return PerSample(tuple(data / f"gvcf/genomicsdb/{n}.vcf.gz" for n in names), "GRCh37")


@pytest.mark.slow
def test_three_gvcfs_count_as_the_combined_one_of_genomicsdb(
    shared_data: Path, tmp_path: Path
) -> None:
    """In the combined file everyone has a record of both ALTs; alone, HG01958 has only its own."""
    single = genomicsdb(shared_data, "t0", "t1", "t2")
    combined = genomicsdb(shared_data, "t0_1_2_combined")
    rows = []
    for name, files in (("single", single), ("combined", combined)):
        lake = files.lake(tmp_path / name)
        assert_equal(lake, files.reference(lake), (ANY, BLOCKS, ADJ))
        rows.append(frequencies(lake))
    assert totals(rows[0]) == totals(rows[1])
    assert sorted(totals(rows[0]).values()) == [(2, 6, 0), (2, 6, 0)]
    assert sorted((r.an_record, r.an_block) for r in rows[0].values()) == [(2, 4), (4, 2)]
    assert {(r.an_record, r.an_block) for r in rows[1].values()} == {(6, 0)}


def test_the_blocks_of_the_combined_file_are_those_of_its_parts(
    shared_data: Path, tmp_path: Path
) -> None:
    """Its MIN_DP is 0 beside a DP of 2 and 3: evidence for `raw_blocks` alone, as in the parts."""
    lakes = [
        files.lake(tmp_path / str(number))
        for number, files in enumerate(
            (
                genomicsdb(shared_data, "t0", "t1", "t2"),
                genomicsdb(shared_data, "t0_1_2_combined"),
            )
        )
    ]
    spans = [
        lake.sql(
            "SELECT sample_id, start_position, end_position, alleles, policies & 3 AS policies "
            "FROM callable JOIN samples USING (sample_number) WHERE start_position < 17000 "
            "ORDER BY ALL"
        ).to_arrow().to_pylist()
        for lake in lakes
    ]  # fmt: skip
    assert spans[0] == spans[1] != []


@pytest.mark.parametrize(
    "names",
    [("t6", "t7", "t8"), ("inconsistent_DP_t0",), ("bigint0",), ("min_PL_spanning_deletion",),
     ("spanning_del_star_allele",), ("multi_contig0", "multi_contig1", "multi_contig2")],
    ids=lambda names: names[0],
)  # fmt: skip
def test_gvcfs_of_genomicsdb_equal_the_reference(
    shared_data: Path, tmp_path: Path, names: tuple[str, ...]
) -> None:
    if len(set(samples_of(genomicsdb(shared_data, *names)))) < len(names):
        names = names[:1]
    files = genomicsdb(shared_data, *names)
    lake = files.lake(tmp_path / "lake")
    assert_equal(lake, files.reference(lake), (ANY, BLOCKS, ADJ))


def samples_of(files: PerSample) -> list[str]:
    return [name for file in files.files for name in ref.read_vcf(ref.text_of(file)).samples]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("t0_overlapping", "overlap"),
        ("t0_haploid_triploid", "ploidy"),
        ("t3_triploid_deletion", "ploidy"),
    ],
)
def test_gvcfs_of_genomicsdb_that_are_refused(
    shared_data: Path, tmp_path: Path, name: str, why: str
) -> None:
    """Blocks that contradict each other, three alleles: nothing is added."""
    assert_refused(genomicsdb(shared_data, name), tmp_path, why)


def assert_refused(files: PerSample, folder: Path, why: str) -> None:
    lake = allelake.init(folder / "lake", files.assembly)
    with pytest.raises(allelake.InputError, match=f"(?i){why}"):
        lake.ingest(list(files.files), allelake.IngestOptions(workers=1))
    assert lake.sql("SELECT * FROM batches").to_arrow().num_rows == 0


# --- a combined gVCF of three people --------------------------------------------------------------


def test_a_combined_gvcf_base_by_base_equals_the_reference(
    shared_data: Path, tmp_path: Path
) -> None:
    """Records whose only ALT beside `<NON_REF>` is `*`: nobody's variant, everybody's evidence."""
    file = shared_data / "gvcf/combined_3samples.g.vcf"
    lake = allelake.init(tmp_path / "lake")
    lake.ingest([file], allelake.IngestOptions(workers=1))
    kinds = lake.sql("SELECT kind FROM batches").to_arrow()["kind"].to_pylist()
    files = PerSample((file,), "GRCh38")
    reference = files.reference()
    if kinds == ["joint"]:  # no END, no LEN: nothing tells it from a joint call set
        reference = Lake((Batch((file.read_text(),)),))
    assert_equal(lake, reference, (ANY, BLOCKS, ADJ))


# --- GLnexus --------------------------------------------------------------------------------------


def test_glnexus_example_of_unknown_coverage_is_taken(shared_data: Path, tmp_path: Path) -> None:
    """Both blocks are no-calls: evidence of nothing."""
    files = PerSample((shared_data / "gvcf/glnexus/missingdata1.g.vcf",), "GRCh37")
    lake = files.lake(tmp_path / "lake")
    assert lake.sql("SELECT * FROM callable").to_arrow().num_rows == 0
    assert frequencies(lake) == {}


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_glnexus_files_of_made_up_contigs_are_refused_by_a_lake_of_grch37(
    shared_data: Path, tmp_path: Path, number: int
) -> None:
    """Contig 1 of 3,000 bases is no contig 1 of GRCh37."""
    files = PerSample((shared_data / f"gvcf/glnexus/F{number}.g.vcf.gz",), "GRCh37")
    assert_refused(files, tmp_path, "3,?000")


WILD = (
    "long_ref_intervals_A", "long_ref_intervals_B", "sampleset_range1", "sampleset_range2",
    "sampleset_range3", "sampleset_rnd1", "sampleset_rnd2", "synthetic_A.21", "synthetic_B.21",
)  # fmt: skip


@pytest.mark.parametrize("name", WILD)
def test_glnexus_unit_files_are_refused(shared_data: Path, tmp_path: Path, name: str) -> None:
    """Blanks in the column line, and blocks of one sample over each other."""
    file = shared_data / f"malformed/wild/glnexus_spaces_in_chrom_line_{name}.g.vcf"
    assert_refused(PerSample((file,), "GRCh37"), tmp_path, "QUAL|column")


@pytest.mark.parametrize("name", WILD)
def test_glnexus_unit_files_with_their_column_line_mended(
    shared_data: Path, tmp_path: Path, name: str
) -> None:
    """Mended, all are refused for blocks that overlap."""
    file = shared_data / f"malformed/wild/glnexus_spaces_in_chrom_line_{name}.g.vcf"
    mended = tmp_path / "mended.g.vcf"
    mended.write_text(file.read_text().replace("\t  QUAL", "\tQUAL"))
    assert_refused(PerSample((mended,), "GRCh37"), tmp_path, "overlap")


def test_no_two_lines_of_the_17_gvcfs_are_blocks_over_each_other(shared_data: Path) -> None:
    """Strelka's blocks inside a deletion do lie over records; that is taken."""
    over = Counter[str]()
    for file in gvcfgenotyper(shared_data).files:
        last = 0
        for record in ref.read_vcf(ref.text_of(file)).records:
            if not record.alts:
                over["block over block"] += record.position <= last
                last = max(last, (record.info_numbers("END") or [record.position])[0] or 0)
    assert over["block over block"] == 0
