"""One person in several forms: banded, base by base, called; recoded contigs; callers' dialects."""

from pathlib import Path

import pytest

import allelake
import reference as ref
from make_vcf import vcf
from reference import Frequency, Variant
from truth.gvcfs import ADJ, ANY, BLOCKS, PASS, PerSample, assert_equal, differences, frequencies

REGION = (10_002_393, 10_002_413)  # what the banded and the base-by-base file tell of


def probes(assembly: str, contig: str, first: int, last: int, step: int = 1) -> str:
    """A file of somebody else with a made-up SNV and insertion at every base."""
    rows = []
    for position in range(first, last + 1, step):
        rows += [f"{contig} {position} N G . GT 0/1", f"{contig} {position} N NTT . GT 0/1"]
    return vcf(["probe"], *rows, assembly=assembly)


def answers(
    folder: Path, source: Path, probe: str, assembly: str
) -> dict[str, dict[Variant, Frequency]]:
    """What a file says at the probes under each policy, its own variants left out."""
    folder.mkdir()
    (folder / "probe.vcf").write_text(probe)
    files = PerSample((folder / "probe.vcf", source), assembly)
    lake = files.lake(folder / "lake", one_by_one=True)
    assert_equal(lake, files.reference(lake), (ANY, BLOCKS, ADJ))
    return {
        rules.policy: {v: row for v, row in frequencies(lake, rules).items() if v.ref == "N"}
        for rules in (ANY, BLOCKS, ADJ)
    }


@pytest.mark.slow
def test_a_banded_gvcf_says_at_every_base_what_the_one_of_every_base_says(
    shared_data: Path, tmp_path: Path
) -> None:
    probe = probes("GRCh37", "21", *REGION)
    banded, every_base = (
        answers(tmp_path / form, shared_data / f"gvcf/NA12878_21_10002403.{form}.vcf", probe,
                "GRCh37")
        for form in ("banded", "bp_resolution")
    )  # fmt: skip
    for policy, rows in banded.items():
        assert differences(rows, every_base[policy]) == [], policy
        assert any(row.an_block for row in rows.values()) or policy == "adj@1"


@pytest.mark.slow
def test_a_called_file_says_of_its_variants_what_the_gvcf_says_and_of_all_else_nothing(
    shared_data: Path, tmp_path: Path
) -> None:
    """The called file has 10002403 G>A and not 10002410 C>T, which the gVCF has at QUAL 2."""
    names = {
        name: PerSample((shared_data / f"gvcf/NA12878_21_10002403.{name}.vcf",), "GRCh37")
        for name in ("called", "banded")
    }
    rows = {name: frequencies(f.lake(tmp_path / name)) for name, f in names.items()}
    both = rows["called"].keys() & rows["banded"].keys()
    assert {v.position for v in both} == {10_002_403}
    for variant in both:
        assert rows["called"][variant][:2] == rows["banded"][variant][:2] == (1, 2)
    probe = probes("GRCh37", "21", *REGION)
    called = shared_data / "gvcf/NA12878_21_10002403.called.vcf"
    found = answers(tmp_path / "probed", called, probe, "GRCh37")
    known = {v.position for v, row in found["raw"].items() if row.an_block}
    assert known == {10_002_403}


@pytest.mark.slow
def test_a_gvcf_with_bare_contig_names_equals_the_one_with_chr(
    shared_data: Path, tmp_path: Path
) -> None:
    rows = []
    for name in ("hg38", "nochr"):
        files = PerSample((shared_data / f"gvcf/recoded/HG00187.{name}.g.vcf.gz",), "GRCh38")
        lake = files.lake(tmp_path / name)
        assert_equal(lake, files.reference(lake), (ANY, BLOCKS, ADJ))
        rows.append(frequencies(lake, BLOCKS))
    assert differences(*rows) == []


def mended(source: Path, folder: Path) -> Path:
    """A copy without the line that makes chr1 54,321 bases long."""
    folder.mkdir(exist_ok=True)
    copy = folder / source.name.removesuffix(".gz")
    lines = ref.text_of(source).splitlines(keepends=True)
    copy.write_text("".join(line for line in lines if not line.startswith("##contig=<ID=chr1,")))
    return copy


def test_platinum_genomes_equal_the_reference(shared_data: Path, tmp_path: Path) -> None:
    """END without a symbolic ALT, eleven people of one family; their chrM is not the rCRS."""
    sources = sorted((shared_data / "gvcf/platinum").glob("*.genome.vcf.gz"))[:4]
    copies = tuple(mended(source, tmp_path / "mended") for source in sources)
    files = PerSample(copies, "GRCh37", ("chrM",))
    lake = files.lake(tmp_path / "lake")
    assert_equal(lake, files.reference(lake), (ANY, BLOCKS, ADJ, PASS))


def test_platinum_genomes_are_refused_for_the_length_of_their_chr1(
    shared_data: Path, tmp_path: Path
) -> None:
    """The header says 54,321 bases: that is no chr1 of GRCh37."""
    file = shared_data / "gvcf/platinum/NA12877.genome.vcf.gz"
    with pytest.raises(allelake.InputError, match="54,321"):
        PerSample((file,), "GRCh37", ("chrM",)).lake(tmp_path / "lake")


@pytest.mark.parametrize("person", ["NA12877", "NA12878"])
def test_a_platinum_file_of_variants_counts_as_its_genome_file(
    shared_data: Path, tmp_path: Path, person: str
) -> None:
    """Where both files have a variant; each is a slice of its own length of the same call set."""
    rows = {}
    for form in ("genome", "variants"):
        source = shared_data / f"gvcf/platinum/{person}.{form}.vcf.gz"
        files = PerSample((mended(source, tmp_path / "mended"),), "GRCh37", ("chrM",))
        rows[form] = frequencies(files.lake(tmp_path / form))
    both = rows["genome"].keys() & rows["variants"].keys()
    assert len(both) > 20
    assert all(rows["genome"][v][:7] == rows["variants"][v][:7] for v in both)


DRAGEN = (
    "chr1 100/END=119 A <NON_REF> PASS GT:GQ:DP:MIN_DP 0/0:30:22:18",
    "chr1 120 A G,<NON_REF> PASS GT:GQ:DP:AD 0/1:48:30:15,15,0",
    "chr1 121/END=140 C <NON_REF> LowGQ GT:GQ:DP:MIN_DP 0/0:3:4:1",
    "chr1 141/END=150 C <NON_REF> . GT:GQ:DP:MIN_DP ./.:0:0:0",
    "chrX 50000000/END=50000100 C <NON_REF> PASS GT:GQ:DP:MIN_DP 0:30:9:6",
    "chrM 100/END=200 C <NON_REF> PASS GT:GQ:DP:MIN_DP 0:99:3000:2500",
)


def test_a_gvcf_as_dragen_writes_it(tmp_path: Path) -> None:
    """Filtered blocks, no-call blocks, one allele on X and MT."""
    fields = ("GT", "GQ", "DP", "AD", "MIN_DP")
    dragen = tmp_path / "dragen.gvcf"
    dragen.write_text(vcf(["d"], *DRAGEN, fields=fields, filters=["LowGQ"]))
    probe = tmp_path / "probe.vcf"
    places = ("chr1 110", "chr1 130", "chr1 145", "chr1 160", "chrX 50000050", "chrM 150")
    rows = [f"{place} N G . GT:GQ:DP:AD 0/1:50:30:15,15" for place in places]
    probe.write_text(vcf(["p"], *rows, fields=fields))
    files = PerSample((dragen, probe), "GRCh38")
    lake = files.lake(tmp_path / "lake", one_by_one=True)
    assert_equal(lake, files.reference(lake), (ANY, BLOCKS, ADJ, PASS))
    told = {
        rules: [row.an_block for v, row in sorted(frequencies(lake, rules).items()) if v.ref == "N"]
        for rules in (ANY, PASS, ADJ)
    }
    # chr1 110, 130, 145, 160, then X (depth 6 is enough for one allele), then MT
    assert told == {ANY: [2, 2, 0, 0, 1, 1], PASS: [2, 0, 0, 0, 1, 1], ADJ: [2, 0, 0, 0, 1, 1]}


# The example of VCF 4.5, "Representing unspecified alleles and REF-only blocks": its END and LEN
# agree in two of five blocks, and its LEN follows a semicolon, which is none of FORMAT's.
OF_THE_SPECIFICATION = (
    ("4370/END=4383", "G <*>", "GT:DP:GQ:MIN_DP:LEN 0/0:25:60:23:14"),
    ("4384/END=4388", "C <*>", "GT:DP:GQ:MIN_DP:LEN 0/0:25:45:25:4"),
    ("4389", "T TC,<*>", "GT:DP:GQ 0/1:23:99"),
    ("4390/END=4390", "C <*>", "GT:DP:GQ:MIN_DP:LEN 0/0:26:0:26:1"),
    ("4391/END=4395", "C <*>", "GT:DP:GQ:MIN_DP:LEN 0/0:27:63:27:4"),
    ("4396", "G C,<*>", "GT:DP:GQ 0/0:24:52"),
    ("4397/END=4416", "T <*>", "GT:DP:GQ:MIN_DP:LEN 0/0:22:14:22:19"),
)


@pytest.mark.parametrize("form", ["END and LEN", "END alone", "LEN alone"])
def test_the_example_of_the_specification_with_len(tmp_path: Path, form: str) -> None:
    """END wins over LEN, and where they disagree that is told; alone, each is believed."""
    rows = []
    for place, alleles, cells in OF_THE_SPECIFICATION:
        position, keys, values = (place, *cells.split())
        if form == "END alone" and "LEN" in keys:
            keys, values = keys.removesuffix(":LEN"), values.rpartition(":")[0]
        if form == "LEN alone":
            position = place.partition("/")[0]
        rows.append(f"1 {position} {alleles} . {keys} {values}")
    source = tmp_path / "spec.g.vcf"
    source.write_text(
        vcf(["s"], *rows, assembly="GRCh37", fields=("GT", "GQ", "DP", "MIN_DP", "LEN"))
    )
    probe = tmp_path / "probe.vcf"
    probe.write_text(probes("GRCh37", "1", 4_360, 4_420))
    files = PerSample((source, probe), "GRCh37")
    lake = files.lake(tmp_path / "lake", one_by_one=True)
    assert_equal(lake, files.reference(lake), (ANY, BLOCKS))
    rows_found = frequencies(lake)
    snvs = {v.position for v, row in rows_found.items() if v[2:4] == ("N", "G") and row.an_block}
    lost = {4388, 4395, 4416} if form == "LEN alone" else set()
    assert snvs == set(range(4_370, 4_417)) - lost
    (warnings,) = lake.sql("SELECT warnings FROM batches WHERE batch = 1").to_arrow()["warnings"]
    told = {w["code"]: w["count"] for w in warnings.as_py()}
    assert told.get("len_disagrees_with_end", 0) == (3 if form == "END and LEN" else 0)


@pytest.mark.parametrize("kind", ["", ".chr6-31"])
@pytest.mark.slow
def test_a_trio_of_three_single_sample_files_is_unknown_where_a_file_is_silent(
    shared_data: Path, tmp_path: Path, kind: str
) -> None:
    folder = shared_data / "trio/chinese_hg005"
    names = [f"HG00{number}{kind}.vcf.gz" for number in (5, 6, 7)]
    files = PerSample(tuple(folder / name for name in names), "GRCh38")
    lake = files.lake(tmp_path / "lake")
    reference = files.reference(lake)
    assert_equal(lake, reference, (ANY, BLOCKS, PASS))
    rows = frequencies(lake)
    assert sum(row.unknown_samples for row in rows.values()) > 0
    assert all(row.an_assumed == 0 for row in rows.values())
    several = [v for v, row in rows.items() if row.unknown_samples == 0]
    assert all(sum(v in p.own for p in reference.batches[0].people) == 3  # type: ignore[attr-defined]
               or rows[v].an_block for v in several)  # fmt: skip


@pytest.mark.slow
def test_a_file_with_filtered_blocks(shared_data: Path, tmp_path: Path) -> None:
    for name in ("has_filter.g.vcf.gz", "non_ref_call.g.vcf.gz", "HG00096_excerpt.g.vcf"):
        files = PerSample((shared_data / "gvcf" / name,), "GRCh38")
        lake = files.lake(tmp_path / name)
        assert_equal(lake, files.reference(lake), (ANY, BLOCKS, ADJ, PASS))
    assert all(ref.is_a_variant(v.alt) for v in frequencies(lake))
