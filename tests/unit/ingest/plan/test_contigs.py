"""Contigs under their other names, unknown ones, and lengths of another assembly."""

import pytest

from allelake.errors import InputError, UsageError
from allelake.ingest.planning.assembly_match import assembly_hinted, assembly_like
from unit.ingest.plan.reports import lake, only, plan, report, span


@pytest.mark.parametrize("name", ["chr22", "22", "NC_000022.11", "CM000684.2"])
def test_a_contig_is_known_by_its_aliases(name: str) -> None:
    batch = only(plan(report(spans=[span(name)], contigs={name: 50_818_468})))
    assert batch.spec.contig_names == {name: "chr22"}
    assert batch.spec.contig_lengths == {"chr22": 50_818_468}
    assert batch.contigs == ("chr22",)
    assert [n.code for n in batch.notices] == ([] if name == "chr22" else ["contig_alias"])


def test_zones_are_those_of_the_contigs_that_are_taken() -> None:
    batch = only(plan(report(spans=[span("chrX"), span("chr1")])))
    assert {zone.contig for zone in batch.spec.zones} == {"chrX"}


def test_unknown_contigs_are_listed_with_their_records() -> None:
    file = report(spans=[span("chr22"), span("chrOdd", 7), span("phage", 5)], contigs={})
    with pytest.raises(
        InputError, match=r"12 of its 22 records .*: chrOdd \(7\), phage \(5\)\. Name"
    ):
        plan(file)
    batch = only(plan(file, skip_unknown_contigs=True))
    assert (batch.records, batch.contigs) == (10, ("chr22",))
    assert [(s.name, s.records) for s in batch.skipped] == [("chrOdd", 7), ("phage", 5)]
    batch = only(plan(file, contigs=("22",)))
    assert batch.records == 10
    assert batch.parts[0].expected_records == 22


def test_contigs_of_the_users_choice_are_all_that_is_taken() -> None:
    file = report(spans=[span("chr21"), span("chr22", 3)])
    batch = only(plan(file, contigs=("NC_000022.11",)))
    assert (batch.contigs, batch.records) == (("chr22",), 3)
    with pytest.raises(UsageError, match=r"no contig 'chr222'. Did you mean 'chr22'"):
        plan(file, contigs=("chr222",))
    with pytest.raises(InputError, match=r"nothing is left of it"):
        plan(file, contigs=("chr1",))


def test_lengths_of_another_assembly_are_refused_and_it_is_named() -> None:
    grch37 = {c.name: c.length_bp for c in lake("GRCh37").contigs}
    with pytest.raises(InputError, match=r"51,304,566 bp; the lake's chr22 .* those of GRCh37"):
        plan(report(spans=[span("22")], contigs=grch37))
    odd = {"chr22": 5000}
    with pytest.raises(InputError, match=r"has 50,818,468. Ingest it into a lake of its own"):
        plan(report(contigs=odd))
    both = report(spans=[span("chr22"), span("chr21")], contigs={**odd, "chr21": 46_709_983})
    assert only(plan(both, contigs=("chr21",))).contigs == ("chr21",)


def test_other_lengths_of_contigs_without_records_are_told() -> None:
    batch = only(plan(report(contigs={"chr22": 50_818_468, "chr21": 5})))
    assert [n.code for n in batch.notices] == ["contig_length_elsewhere"]
    with pytest.raises(InputError, match=r"--strict"):
        plan(report(contigs={"chr22": 50_818_468, "chr21": 5}), strict=True)


def test_the_first_hg19s_mitochondrion_is_another_contig() -> None:
    spans = [span("chr22"), span("chrM", 4)]
    file = report(spans=spans, contigs={"chr22": 51_304_566, "chrM": 16_571})
    with pytest.raises(InputError, match=r"chrM of 16,571 bp is NC_001807"):
        plan(file, into=lake("GRCh37"))
    batch = only(plan(file, into=lake("GRCh37"), skip_unknown_contigs=True))
    assert (batch.contigs, batch.records) == (("22",), 10)


def test_a_record_beyond_the_lakes_contig_is_refused() -> None:
    with pytest.raises(InputError, match=r"reaches base 51,000,000; the lake's chr22"):
        plan(report(spans=[span("chr22", last=51_000_000)], contigs={}))


def test_a_reference_line_counts_where_no_length_is_given() -> None:
    named = {"contigs": {}, "hint": "file:///refs/human_g1k_v37.fasta"}
    with pytest.raises(InputError, match=r"its header names GRCh37"):
        plan(report(**named))
    assert only(plan(report(hint=named["hint"]))).contigs == ("chr22",)
    assert only(plan(report(**named), into=lake("GRCh37"))).contigs == ("22",)


def test_two_names_of_one_contig_in_a_file_are_refused() -> None:
    with pytest.raises(InputError, match=r"22 and chr22 are both the lake's chr22"):
        plan(report(spans=[span("22"), span("chr22")], contigs={}))


def test_a_file_without_records_is_taken() -> None:
    batch = only(plan(report(spans=[], records=0), report("b.vcf", spans=[span("chr1")])))
    assert len(batch.files) == 2


def test_an_assembly_is_told_by_its_lengths_or_its_name() -> None:
    assert assembly_like({"1": 249_250_621, "MT": 16_569}) == "GRCh37"
    assert assembly_like({"chr20": 62_435_964}) == "NCBI36 (hg18)"
    assert assembly_like({"chrM": 16_569, "x": 5}) is None
    assert assembly_hinted("hs37d5.fa") == "GRCh37"
    assert assembly_hinted("GCA_000001405.15_GRCh38_no_alt") == "GRCh38"
    assert assembly_hinted("liftover hg19 to hg38") is None
    assert assembly_hinted(None) is None
