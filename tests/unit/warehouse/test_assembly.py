"""Contigs, their names, and where the number of copies depends on sex."""

import gzip
import re
from itertools import pairwise

import pytest

from allelake.errors import InputError
from allelake.model.zone import Zone
from allelake.warehouse.assembly import (
    assembly_from_fai,
    assembly_from_header,
    shipped_assembly,
)

FAI = (
    "chr1\t1000\t6\t60\t61\nchrX\t500\t99\t60\t61\nchrY\t400\t9\t60\t61\nMT\t50\t9\t60\t61\nun\t7\n"
)


def write(folder, name, content):
    path = folder / name
    path.write_text(content)
    return path


@pytest.mark.parametrize(
    ("named", "is_named"),
    [
        ("hg38", "GRCh38"),
        ("GRCh38", "GRCh38"),
        ("grch37", "GRCh37"),
        ("hg19", "GRCh37"),
        ("b37", "GRCh37"),
        ("hs37d5", "GRCh37"),
    ],
)
def test_usual_names_of_an_assembly_resolve(named, is_named):
    assert shipped_assembly(named).name == is_named


@pytest.mark.parametrize("name", ["GRCh37", "GRCh38"])
def test_shipped_assemblies_have_25_contigs_and_no_name_twice(name):
    contigs = shipped_assembly(name).contigs
    assert [contig.kind for contig in contigs] == ["autosome"] * 22 + ["x", "y", "mt"]
    names = [each.casefold() for c in contigs for each in (c.name, *c.aliases)]
    assert len(names) == len(set(names))


def test_contigs_print_as_their_assembly_names_them():
    assert [c.name for c in shipped_assembly("GRCh37").contigs][-4:] == ["22", "X", "Y", "MT"]
    assert [c.name for c in shipped_assembly("GRCh38").contigs][-4:] == [
        "chr22",
        "chrX",
        "chrY",
        "chrM",
    ]


def test_plink_s_numbers_are_understood_where_they_are_unambiguous():
    contigs = shipped_assembly("GRCh37").contigs
    by_alias = {alias: c.name for c in contigs for alias in c.aliases}
    assert (by_alias["23"], by_alias["24"], by_alias["26"]) == ("X", "Y", "MT")
    # PLINK's XY, and MT to others.
    assert "25" not in by_alias


@pytest.mark.parametrize(
    ("assembly", "file"),
    [
        ("GRCh38", "sex_mt/trio_par.vcf.gz"),
        ("GRCh38", "cohort/1000g_chr22_hg38_100samples.vcf.gz"),
        ("GRCh37", "cohort/1000g_chr22_2504.vcf.gz"),
        ("GRCh37", "reference_sites/maf50_sites_GRCh37.vcf.gz"),
    ],
)
def test_lengths_are_those_that_headers_of_real_files_give(shared_data, assembly, file):
    lengths = {}
    with gzip.open(shared_data / file, "rt") as lines:
        for line in lines:
            if not line.startswith("##"):
                break
            found = re.match(r"##contig=<ID=([^,>]+),.*?length=(\d+)", line)
            if found:
                lengths[found[1]] = int(found[2])
    compared = 0
    for contig in shipped_assembly(assembly).contigs:
        for name in (contig.name, *contig.aliases):
            if name in lengths:
                assert lengths[name] == contig.length_bp, name
                compared += 1
    assert compared >= 24


def test_par_is_that_of_the_assembly():
    zones = shipped_assembly("GRCh37").zones
    assert Zone("X", 60_001, 2_699_520, "x_par") in zones
    assert Zone("X", 2_699_521, 154_931_043, "x") in zones
    assert Zone("Y", 59_034_050, 59_363_566, "y_par") in zones
    assert Zone("MT", 1, 16_569, "mt") in zones


@pytest.mark.parametrize("name", ["GRCh37", "GRCh38"])
def test_zones_cover_x_y_and_mt_exactly_once(name):
    assembly = shipped_assembly(name)
    for contig in assembly.contigs:
        zones = [zone for zone in assembly.zones if zone.contig == contig.name]
        if contig.kind == "autosome":
            assert zones == []
            continue
        assert zones[0].start_position == 1
        assert zones[-1].end_position == contig.length_bp
        for one, other in pairwise(zones):
            assert other.start_position == one.end_position + 1


def test_a_fai_gives_names_lengths_kinds_and_aliases(tmp_path):
    assembly = assembly_from_fai(write(tmp_path, "a.fai", FAI), None, "mine")
    assert [(c.name, c.length_bp, c.kind) for c in assembly.contigs] == [
        ("chr1", 1000, "autosome"),
        ("chrX", 500, "x"),
        ("chrY", 400, "y"),
        ("MT", 50, "mt"),
        ("un", 7, "other"),
    ]
    assert assembly.contigs[0].aliases == ("1",)
    assert assembly.contigs[3].aliases == ("M", "chrM", "chrMT")
    assert assembly.zones == (
        Zone("chrX", 1, 500, "x"),
        Zone("chrY", 1, 400, "y"),
        Zone("MT", 1, 50, "mt"),
    )


def test_a_par_bed_counts_from_0_and_ends_before_its_end(tmp_path):
    bed = write(tmp_path, "par.bed", "# PAR\nX\t0\t10\nchrX\t490\t500\nchrY\t20\t30\tpar\n")
    zones = assembly_from_fai(write(tmp_path, "a.fai", FAI), bed, "mine").zones
    assert zones[:3] == (
        Zone("chrX", 1, 10, "x_par"),
        Zone("chrX", 11, 490, "x"),
        Zone("chrX", 491, 500, "x_par"),
    )
    assert zones[3:6] == (
        Zone("chrY", 1, 20, "y"),
        Zone("chrY", 21, 30, "y_par"),
        Zone("chrY", 31, 400, "y"),
    )


@pytest.mark.parametrize(
    ("bed", "told"),
    [
        ("chr1\t0\t10\n", "line 1: 'chr1' is not the X or Y"),
        ("chrX\t0\t501\n", "does not lie within chrX, which has 500 bp"),
        ("chrX\t10\t10\n", "does not lie within"),
        ("chrX\t0\n", "expected contig, start and end"),
        ("chrX\t0\t10\nchrX\t9\t20\n", "overlap"),
    ],
)
def test_a_par_bed_that_cannot_be_is_refused(tmp_path, bed, told):
    with pytest.raises(InputError, match=told):
        assembly_from_fai(write(tmp_path, "a.fai", FAI), write(tmp_path, "par.bed", bed), "mine")


@pytest.mark.parametrize(
    ("fai", "told"),
    [
        ("", "names no contig"),
        ("chr1\n", "line 1 is no line of a .fai"),
        ("chr1\tlong\n", "line 1 is no line of a .fai"),
        ("chr1\t0\n", "has length 0"),
        ("chr1\t3000000000\n", "has length 3000000000"),
        ("chr1\t5\nCHR1\t5\n", "'CHR1' and 'chr1' differ by case alone.*numbers 1 and 2"),
        ("chr1\t5\nchr1\t5\n", "'chr1' is there twice"),
        ("a\x07b\t5\n", "control character"),
        ("__HIVE_DEFAULT_PARTITION__\t5\n", "no value"),
        ("\t5\n", "empty name"),
    ],
)
def test_hostile_or_broken_contigs_are_refused(tmp_path, fai, told):
    with pytest.raises(InputError, match=told):
        assembly_from_fai(write(tmp_path, "a.fai", fai), None, "mine")


HEADER = (
    "##fileformat=VCFv4.2\n"
    '##contig=<ID=chr1,length=1000,assembly="a, b">\n'
    "##contig=<ID=HLA-A*01:01:01:01,length=7>\n"
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
)


def test_a_vcf_header_gives_its_contigs(tmp_path):
    assembly = assembly_from_header(write(tmp_path, "a.vcf", HEADER), None, "mine")
    assert [(c.name, c.length_bp) for c in assembly.contigs] == [
        ("chr1", 1000),
        ("HLA-A*01:01:01:01", 7),
    ]
    packed = tmp_path / "a.vcf.gz"
    packed.write_bytes(gzip.compress(HEADER.encode()))
    assert assembly_from_header(packed, None, "mine") == assembly


def test_a_bcf_gives_the_contigs_of_its_vcf(shared_data):
    cohort = shared_data / "cohort"
    bcf = assembly_from_header(cohort / "1000g_chr1_subset.bcf", None, "b37")
    vcf = assembly_from_header(cohort / "1000g_all_chr" / "chr1.vcf.gz", None, "b37")
    assert bcf.contigs[:25] == vcf.contigs[:25]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"##contig=<ID=chr1>\n", "'chr1' has no length"),
        (b"##fileformat=VCFv4.2\n#CHROM\n", "names no contig"),
        (b"\x1f\x8bnot gzip", "cannot be read"),
        (b"##contig=<ID=\xff,length=5>\n", "not UTF-8"),
    ],
)
def test_headers_that_give_no_assembly_are_refused(tmp_path, content, told):
    path = tmp_path / "a.vcf"
    path.write_bytes(content)
    with pytest.raises(InputError, match=told):
        assembly_from_header(path, None, "mine")


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        assembly_from_fai(tmp_path / "none.fai", None, "mine")
