"""--regions, --regions-of and --absent: where samples are reference although no record says so."""

import gzip
from pathlib import Path

import pytest

from allelake.errors import AllelakeError, InputError, UsageError
from allelake.ingest.planning.bed import bases, read_bed
from allelake.ingest.spec import Regions
from unit.ingest.plan.reports import lake, only, plan, report, span

CHR22 = 50_818_468


def bed(folder: Path, text: str, name: str = "targets.bed") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def listed(regions: Regions | None) -> dict[str, list[list[int]]] | None:
    return None if regions is None else {name: one.tolist() for name, one in regions.items()}


def test_a_bed_is_read_in_the_lakes_order_and_merged(tmp_path: Path) -> None:
    text = (
        "browser position chr22:1-9\n"
        "track name=exome db=hg38\n"
        "# targets\n"
        "\n"
        "chr22\t100\t200\tgene\t0\t+\n"
        "22\t150\t300\r\n"
        "chr1 10 20\n"
        "chr22\t300\t310\n"
        "chr22\t311\t312\n"
        "chr22\t0\t1\n"
    )
    read = read_bed(bed(tmp_path, text), lake())
    assert list(read) == ["chr1", "chr22"]
    assert listed(read) == {"chr1": [[11, 20]], "chr22": [[1, 1], [101, 310], [312, 312]]}
    assert bases(read) == 10 + 1 + 210 + 1
    packed = tmp_path / "targets.bed.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    assert listed(read_bed(packed, lake())) == listed(read)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("chr22\t1\t5\nchr99\t1\t5\n", r"targets\.bed, line 2: .*\(GRCh38\) has no contig 'chr99'"),
        (
            f"#\nchr22\t1\t{CHR22 + 1}\n",
            r"line 2: .* ends at 50,818,469; chr22 .* another assembly",
        ),
        ("track db=hg19\nchr22\t1\t5\n", r"line 1: it names GRCh37; the lake is GRCh38"),
        ("chr22\t5\t5\n", r"line 1: end 5 is not after start 5"),
        ("chr22\t9\t5\n", r"line 1: end 5 is not after start 9"),
        ("chr22\t-1\t5\n", r"line 1: start and end are '-1' and '5'; expected whole numbers"),
        ("chr22\tstart\tend\n", r"line 1: start and end are 'start' and 'end'"),
        ("chr22\t1\n", r"line 1: 2 columns; expected contig, start and end"),
        ("# nothing\n", r"it has no region; expected lines"),
        ("", r"it has no region"),
    ],
)
def test_a_bed_that_is_not_the_lakes_is_refused_with_its_line(
    tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(InputError, match=told):
        read_bed(bed(tmp_path, text), lake())


def test_a_bed_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.bed: there is no such file"):
        read_bed(tmp_path / "none.bed", lake())
    cut = tmp_path / "cut.bed.gz"
    cut.write_bytes(gzip.compress(b"chr22\t1\t5\n" * 999)[:40])
    with pytest.raises(InputError, match=r"cut\.bed\.gz: the BED cannot be read"):
        read_bed(cut, lake())


def test_the_last_base_of_a_contig_may_be_asked(tmp_path: Path) -> None:
    path = bed(tmp_path, f"chr22\t{CHR22 - 1}\t{CHR22}\nchrUn\t1\t2\n")
    assert listed(read_bed(path, lake(), skip_unknown=True)) == {"chr22": [[CHR22, CHR22]]}


def test_samples_asked_alone_have_the_regions_in_their_files(tmp_path: Path) -> None:
    targets = bed(tmp_path, "chr22\t99\t200\nchr21\t0\t50\n")
    files = [report("ann.vcf", ("ann",)), report("bo.vcf", ("bo",))]
    batch = only(plan(*files, regions=targets))
    assert batch.absent == "regions"
    assert batch.regions_bases == {"targets.bed": 151}
    for part in batch.parts:
        found = listed(part.inputs[0].regions)
        assert found == {"chr21": [[1, 50]], "chr22": [[100, 200]]}
    # Zones and lengths of contigs without a record are needed for what is written there.
    assert batch.contigs == ("chr22",)
    assert set(batch.spec.contig_lengths) == {"chr21", "chr22"}
    assert batch.spec.regions is None


def test_a_joint_batch_has_the_regions_for_all_its_samples(tmp_path: Path) -> None:
    batch = only(plan(report(), regions=bed(tmp_path, "chr22\t99\t200\n")))
    assert (batch.kind, batch.absent) == ("joint", "regions")
    assert listed(batch.spec.regions) == {"chr22": [[100, 200]]}
    assert batch.parts[0].inputs[0].regions is None


def test_regions_go_to_the_file_that_has_the_contig_and_else_to_the_first(tmp_path: Path) -> None:
    targets = bed(tmp_path, "chr20\t0\t9\nchr21\t0\t9\nchr22\t0\t9\n")
    files = [
        report("ann.21.vcf", ("ann",), [span("chr21")]),
        report("ann.22.vcf", ("ann",), [span("22")], contigs={}),
    ]
    parts = only(plan(*files, regions=targets)).parts
    assert [sorted(part.inputs[0].regions or {}) for part in parts] == [
        ["chr20", "chr21"],
        ["chr22"],
    ]


def test_regions_of_contigs_that_are_left_out_do_not_count(tmp_path: Path) -> None:
    targets = bed(tmp_path, "chr21\t0\t9\nchr22\t0\t9\n")
    file = report("ann.vcf", ("ann",), [span("chr21"), span("chr22")])
    batch = only(plan(file, regions=targets, contigs=("chr22",)))
    assert listed(batch.parts[0].inputs[0].regions) == {"chr22": [[1, 9]]}


def test_absent_reference_holds_on_whole_contigs_of_the_batch() -> None:
    files = [
        report("ann.vcf", ("ann",), [span("chr22")]),
        report("bo.vcf", ("bo",), [span("chrM"), span("chr22")]),
    ]
    batch = only(plan(*files, absent="reference"))
    assert batch.absent == "reference"
    whole = {"chr22": [[1, CHR22]], "chrM": [[1, 16_569]]}
    assert [listed(part.inputs[0].regions) for part in batch.parts] == [whole, whole]
    assert only(plan(report("ann.vcf", ("ann",)))).parts[0].inputs[0].regions is None
    joint = only(plan(report(), absent="reference"))
    assert (joint.absent, joint.spec.regions, joint.parts[0].inputs[0].regions) == (
        "reference",
        None,
        None,
    )


def test_absent_reference_with_regions_holds_inside_them(tmp_path: Path) -> None:
    targets = bed(tmp_path, "chr22\t0\t9\n")
    batch = only(plan(report("ann.vcf", ("ann",)), regions=targets, absent="reference"))
    assert batch.absent == "regions"


def test_each_sample_may_have_regions_of_its_own(tmp_path: Path) -> None:
    bed(tmp_path, "chr22\t0\t9\n", "a.bed")
    bed(tmp_path, "chr22\t0\t5\n", "b.bed")
    table = bed(tmp_path, "# sample\tbed\nann\ta.bed\n\nbo.vcf\tb.bed\n", "panels.tsv")
    files = [report(f"{name}.vcf", (name,)) for name in ("ann", "bo")]
    batch = only(plan(*files, regions_of=table))
    found = [listed(part.inputs[0].regions) for part in batch.parts]
    assert found == [{"chr22": [[1, 9]]}, {"chr22": [[1, 5]]}]
    assert batch.regions_bases == {"a.bed": 9, "b.bed": 5}
    rest = report("cy.vcf", ("cy",))
    with pytest.raises(InputError, match=r"cy\.vcf: --regions-of names neither it nor its sample"):
        plan(*files, rest, regions_of=table)
    batch = only(plan(*files, rest, regions_of=table, regions=tmp_path / "a.bed"))
    assert listed(batch.parts[2].inputs[0].regions) == {"chr22": [[1, 9]]}


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("ann a.bed\n", r"panels\.tsv, line 1: 1 columns; expected two"),
        ("ann\ta.bed\tmore\n", r"line 1: 3 columns"),
        ("ann\t\n", r"line 1: 2 columns; expected two"),
        ("ana\ta.bed\n", r"line 1: no file of this ingest is named 'ana' .*ann"),
        ("ann\ta.bed\nann\tb.bed\n", r"line 2: 'ann' stands twice"),
        ("ann\tnone.bed\n", r"panels\.tsv, line 1: there is no file .*none\.bed"),
        ("ann\ta.bed\nann.vcf\tb.bed\n", r"ann\.vcf has two BED files"),
    ],
)
def test_a_table_of_regions_that_does_not_fit_is_refused_with_its_line(
    tmp_path: Path, lines: str, told: str
) -> None:
    for name in ("a.bed", "b.bed"):
        bed(tmp_path, "chr22\t0\t9\n", name)
    with pytest.raises(AllelakeError, match=told):
        plan(report("ann.vcf", ("ann",)), regions_of=bed(tmp_path, lines, "panels.tsv"))


def test_options_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    targets = bed(tmp_path, "chr22\t0\t9\n")
    alone, gvcf = report("ann.vcf", ("ann",)), report("bo.g.vcf", ("bo",), blocks=4)
    table = bed(tmp_path, "bo\ttargets.bed\n", "panels.tsv")
    for options, told in (
        ({"regions": targets, "absent": "unknown"}, "Leave one of them out"),
        ({"regions_of": table, "absent": "unknown"}, "--regions-of says where"),
    ):
        with pytest.raises(UsageError, match=told):
            plan(alone, **options)
    for options, asked in (
        ({"regions": targets}, "--regions cannot"),
        ({"absent": "reference"}, "--absent reference cannot"),
        ({"regions_of": table, "regions": targets}, "--regions-of cannot"),
    ):
        with pytest.raises(UsageError, match=rf"bo\.g\.vcf: {asked} .* 4 reference blocks"):
            plan(alone, gvcf, **options)
    both = report("joint.vcf", ("bo", "cy"))
    with pytest.raises(UsageError, match=r"joint\.vcf has 2 samples that were called together"):
        plan(both, regions_of=table)


def test_blocks_are_no_reason_to_take_absence_for_reference() -> None:
    batch = only(plan(report("bo.g.vcf", ("bo",), blocks=4)))
    assert (batch.absent, batch.parts[0].inputs[0].regions) == ("unknown", None)


def test_sites_alone_have_nobody_to_be_reference(tmp_path: Path) -> None:
    batch = only(plan(report("a.vcf", ()), regions=bed(tmp_path, "chr22\t0\t9\n")))
    assert (batch.absent, batch.spec.regions) == ("unknown", None)
