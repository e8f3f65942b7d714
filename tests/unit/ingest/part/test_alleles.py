"""Alleles that are no plain bases, and genotypes that are no plain calls."""

import os
from pathlib import Path

import pytest

from allelake.errors import InputError
from allelake.ingest.encoding import ploidy
from allelake.ingest.reading.messages import HtslibMessages
from unit.ingest.part.running import ZONES, run, spec_for, vcf
from unit.ingest.part.staged import Staged, rows_of


def sites(folder: Path, record: str) -> list[tuple[object, ...]]:
    """(position, ref, alt, end_position, sv_length, sv_type) of the variants of one record."""
    rows = rows_of([run(folder, vcf(["a"], [record + " GT 0/1"]), spec_for(1))], "sites")
    names = ("position", "ref", "alt", "end_position", "sv_length", "sv_type")
    return [tuple(row[name] for name in names) for row in rows]


@pytest.mark.parametrize(
    "record, expected",
    [
        ("chr1 9 . A <DEL> . . END=50;SVLEN=-41;SVTYPE=DEL", (9, "A", "<DEL>", 50, -41, "DEL")),
        ("chr1 9 . A <DEL> . . SVLEN=-41", (9, "A", "<DEL>", 50, -41, "DEL")),
        ("chr1 9 . A <DUP:TANDEM> . . SVLEN=41", (9, "A", "<DUP:TANDEM>", 50, 41, "DUP")),
        ("chr1 9 . A <INS> . . SVLEN=41", (9, "A", "<INS>", 9, 41, "INS")),
        ("chr1 9 . A <INV> . . END=80", (9, "A", "<INV>", 80, None, "INV")),
        ("chr1 9 . A <CN0> . . END=80;SVTYPE=CNV", (9, "A", "<CN0>", 80, None, "CNV")),
        ("chr1 9 . A <DEL> . . END=3;SVLEN=-5", (9, "A", "<DEL>", 14, -5, "DEL")),
        ("chr1 9 . AC A[chrX:77[ . . SVTYPE=BND", (9, "AC", "A[chrX:77[", 10, None, "BND")),
        ("chr1 9 . A ]chrX:77]A . . .", (9, "A", "]chrX:77]A", 9, None, "BND")),
        ("chr1 9 . A A. . . SVTYPE=BND", (9, "A", "A.", 9, None, "BND")),
        ("chr1 9 . ACCC A . . END=12;SVLEN=-3;SVTYPE=DEL", (9, "ACCC", "A", 12, None, None)),
    ],
)
def test_structural_alleles_stay_as_written(
    tmp_path: Path, record: str, expected: tuple[object, ...]
) -> None:
    """END counts before SVLEN; an END before POS does not count; a sequence allele is only that."""
    assert sites(tmp_path, record) == [expected]


def test_each_symbolic_alt_has_its_own_length(tmp_path: Path) -> None:
    """SVLEN is Number=A."""
    found = sites(tmp_path, "chr1 9 . A <DEL>,<DUP> . . SVLEN=-5,8")
    assert [(row[2], row[3], row[4]) for row in found] == [("<DEL>", 14, -5), ("<DUP>", 17, 8)]


def test_records_without_an_alt_are_counted_and_make_no_variant(tmp_path: Path) -> None:
    """ALT `.`, and those that have nothing but <NON_REF> or <*>; `*` alone is no variant either."""
    records = [f"chr1 {i} . A {alt} . . . GT 0/0" for i, alt in enumerate([".", "<*>", "*"], 1)]
    summary = run(tmp_path, vcf(["a"], records), spec_for(1), expected_records=3)
    assert not summary.files
    assert summary.contigs == ("chr1",)
    assert summary.counts["reference_records"] == 2
    assert summary.counts["star_alleles"] == 1
    assert summary.counts["records_kept"] == 3


def test_records_of_other_contigs_are_skipped_and_counted(tmp_path: Path) -> None:
    """`contig_names` says which are wanted."""
    records = [f"{contig} 5 . A G . . . GT 0/1" for contig in ("chr1", "chrX", "chrM")]
    spec = spec_for(1, contig_names={"chrX": "X"})
    summary = run(tmp_path, vcf(["a"], records), spec, expected_records=3)
    assert [key[0] for key in Staged.of([summary]).sites] == ["X"]
    assert summary.counts["records_skipped"] == 2
    assert summary.counts["records_kept"] == 1


def test_without_gt_a_site_is_kept_and_its_samples_are_unknown(tmp_path: Path) -> None:
    """No calls, no planes; it is no reference either."""
    records = ["chr1 5 . A G . . . DP 3", "chr1 6 . A G . . . GT:DP 0/1:4"]
    summary = run(tmp_path, vcf(["a"], records), spec_for(1, has_dp=True))
    rows = rows_of([summary], "sites")
    assert [(row["has_genotypes"], row["dp_sum"]) for row in rows] == [(False, 3), (True, 4)]
    assert [row["position"] for row in rows_of([summary], "calls")] == [6]
    assert [row["genotypes"] for row in rows_of([summary], "sample_counts")] == [1]


def test_a_file_without_samples_gives_sites_only(tmp_path: Path) -> None:
    """Nobody to count."""
    summary = run(tmp_path, vcf([], ["chr1 5 rs1 A G,T . . ."]), spec_for(0))
    assert [file.table for file in summary.files] == ["sites"]
    assert [row["has_genotypes"] for row in rows_of([summary], "sites")] == [False, False]


def test_more_than_two_alleles_are_refused(tmp_path: Path) -> None:
    """With the record, not the genotype's sample."""
    text = vcf(["a", "b"], ["chr1 5 . A G . . . GT 0/0 0/0/1"])
    with pytest.raises(InputError, match=r"record chr1:5: a genotype has 3 alleles"):
        run(tmp_path, text, spec_for(2))


@pytest.mark.parametrize("genotype", ["0/2", "2", "./7", "0/257"])
def test_an_allele_number_beyond_alt_is_refused(tmp_path: Path, genotype: str) -> None:
    """htslib lets it pass; 257 must not become 1 in a narrow number."""
    text = vcf(["a", "b"], [f"chr1 5 . A G . . . GT 0/0 {genotype}"])
    with pytest.raises(InputError, match=r"record chr1:5: .* lists 1 ALT"):
        run(tmp_path, text, spec_for(2))


@pytest.mark.parametrize("alts", [100, 127, 128, 200])
def test_records_with_very_many_alts_are_split(tmp_path: Path, alts: int) -> None:
    """Beside ordinary ones, in one chunk and after another."""
    names = ["A" + "C" * i for i in range(1, alts + 1)]
    records = [
        "chr1 5 . A G . . . GT 0/1 1/1",
        f"chr1 6 . A {','.join(names)} . . . GT 1/{alts} {alts}/{alts}",
        "chr1 7 . A G . . . GT ./1 1",
    ]
    for chunk_bytes in (1, 1 << 20):
        summary = run(tmp_path, vcf(["a", "b"], records), spec_for(2), chunk_bytes=chunk_bytes)
        staged = Staged.of([summary])
        counts = {
            (key[1], key[3]): [staged.counts(key, s, "raw") for s in (0, 1)] for key in staged.sites
        }
        assert len(counts) == alts + 2
        assert counts[5, "G"] == [(1, 2), (2, 2)]
        assert counts[6, names[0]] == [(1, 2), (0, 2)]
        assert counts[6, names[1]] == [(0, 2), (0, 2)]
        assert counts[6, names[-1]] == [(1, 2), (2, 2)]
        assert counts[7, "G"] == [(1, 1), (1, 1)]


def test_genotypes_that_fail_ft_are_no_calls_if_the_profile_says_so(tmp_path: Path) -> None:
    """PASS and a dot pass; a haploid call stays haploid."""
    text = vcf(list("abcd"), ["chr1 5 . A G . . . GT:FT 0/1:PASS 0/1:. 0/1:q10 1:a;b"])
    for by_ft, expected in ((False, [2, 2, 2, 1]), (True, [2, 2, 0, 0])):
        spec = spec_for(4, filter_genotypes_by_ft=by_ft)
        staged = Staged.of([run(tmp_path, text, spec)])
        (key,) = staged.sites
        assert [staged.counts(key, s, "raw")[1] for s in range(4)] == expected
        assert staged.calls[key][3]["ploidy"] == 1


@pytest.mark.parametrize("contig, position, applies", [
    ("chrX", 5000, True), ("chrX", 1000, False), ("chrM", 5, True), ("chr1", 5, False),
])  # fmt: skip
def test_half_calls_are_haploid_if_the_profile_says_so(
    tmp_path: Path, contig: str, position: int, applies: bool
) -> None:
    """Outside PAR, on Y and MT only; counted."""
    record = f"{contig} {position} . A G . . . GT ./1 0/. ./1 0/0 ./."
    spec = spec_for(5, half_calls_are_haploid=True)
    summary = run(tmp_path, vcf(list("abcde"), [record]), spec)
    staged = Staged.of([summary])
    (key,) = staged.sites
    assert staged.calls[key][0]["ploidy"] == (1 if applies else 2)
    assert [staged.counts(key, s, "raw") for s in range(5)] == [
        (1, 1), (0, 1), (1, 1), (0, 2), (0, 0)
    ]  # fmt: skip
    assert [n.count for n in summary.notices] == ([3] if applies else [])


def test_who_is_haploid_is_kept_as_intervals(tmp_path: Path) -> None:
    """Diploid in PAR, haploid behind it; `.` decides nothing; chunks with the same people go on."""
    par = [f"chrX {p} . A G . . . GT 0/0 0/0 0/1" for p in (900, 1000)]
    behind = [f"chrX {p} . A G . . . GT 0 . 0/1" for p in (1001, 1500, 2000)]
    odd = ["chrX 2500 . A G . . . GT 0/0 0 ."]
    for chunk_bytes in (1, 1 << 20):
        text = vcf(list("abc"), [*par, *behind, *odd])
        summary = run(tmp_path, text, spec_for(3, first_sample=1022), chunk_bytes=chunk_bytes)
        rows = rows_of([summary], "ploidy")
        assert all(row["start_position"] >= 1001 for row in rows)
        staged = Staged.of([summary])
        counts = {
            key[1]: [staged.default_count(key, s) for s in (1022, 1023, 1024)]
            for key in staged.sites
        }
        assert counts[1000] == [2, 2, 2]
        assert counts[1500][0] == 1
        assert counts[1500][2] == 2
        assert not staged.calls.get(("chrX", 1500, "A", "G", 1500, None), {}).get(1022)


def test_a_haploid_stretch_of_many_chunks_is_one_interval(tmp_path: Path) -> None:
    """Else a chromosome would have thousands."""
    records = [f"chrX {p} . A G . . . GT 0 0/1" for p in range(2000, 2400)]
    summary = run(tmp_path, vcf(["a", "b"], records), spec_for(2), chunk_bytes=1)
    (row,) = rows_of([summary], "ploidy")
    assert (row["start_position"], row["end_position"]) == (2000, 2399)


def test_who_is_haploid_is_decided_over_the_whole_stretch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One diploid genotype before one haploid one is a tie, so diploid; in steps of any length."""
    written = ["0/0 0/0", "0 0", ". 0"]
    records = [f"chrX {2000 + i} . A G . . . GT {gts}" for i, gts in enumerate(written)]
    for step in (1, 1 << 18):
        monkeypatch.setattr(ploidy, "_STEP_GENOTYPES", step)
        summary = run(tmp_path, vcf(["a", "b"], records), spec_for(2))
        (row,) = rows_of([summary], "ploidy")
        assert row["haploid"][0] == 0b0100_0000


def test_sums_per_sample_go_beyond_what_a_byte_holds(tmp_path: Path) -> None:
    """600 variants at which somebody is missing."""
    records = [f"chr1 {i} . A G . . . GT ./. ./1 0/0" for i in range(1, 601)]
    (a, b, c) = rows_of([run(tmp_path, vcf(list("abc"), records), spec_for(3))], "sample_counts")
    assert [row["missing_genotypes"] for row in (a, b, c)] == [600, 0, 0]
    assert [row["half_calls"] for row in (a, b, c)] == [0, 600, 0]
    assert {row["genotypes"] for row in (a, b, c)} == {600}


def test_zones_are_those_of_the_final_position(tmp_path: Path) -> None:
    """A record that begins in PAR and whose change lies behind it."""
    samples = [f"s{i}" for i in range(60)]
    cells = " ".join(["1/1:30:99:0,30"] * 60)
    record = f"chrX 999 . AAC AAG . . . GT:DP:GQ:AD {cells}"
    spec = spec_for(60, has_adj=True, has_dp=True, has_gq=True, zones=ZONES)
    bits = rows_of([run(tmp_path, vcf(samples, [record]), spec)], "bits")
    assert [(row["position"], row["policy"]) for row in bits] == [
        (1001, "adj@1"), (1001, "adj@1-haploid"), (1001, "raw"),
    ]  # fmt: skip


@pytest.mark.parametrize("expected", [2, 4])
def test_another_number_of_records_than_inspected_is_refused(tmp_path: Path, expected: int) -> None:
    """The file or its index changed, or the reader stopped early."""
    text = vcf(["a"], [f"chr1 {p} . A G . . . GT 0/1" for p in (1, 2, 3)])
    with pytest.raises(InputError, match=f"3 records could be read, .* found {expected}"):
        run(tmp_path, text, spec_for(1), expected_records=expected)


def test_records_out_of_order_are_refused(tmp_path: Path) -> None:
    """The output would not be sorted."""
    text = vcf(["a"], [f"chr1 {p} . A G . . . GT 0/1" for p in (9, 7)])
    with pytest.raises(InputError, match="chr1:7 stands after chr1:9"):
        run(tmp_path, text, spec_for(1))


def test_a_record_that_htslib_cannot_read_is_named_by_the_one_before(tmp_path: Path) -> None:
    """cyvcf2 raises a plain Exception; the caller gets an InputError."""
    text = vcf(["a"], ["chr1 5 . A G . . . GT 0/1", "chr1 x . A G . . . GT 0/1"])
    with pytest.raises(InputError, match="record chr1:5, or the one after it, cannot be read"):
        run(tmp_path, text, spec_for(1))


def test_what_htslib_only_warns_of_is_counted_or_refused(tmp_path: Path) -> None:
    """A contig that the header does not declare."""
    text = vcf(["a"], ["chr7 5 . A G . . . GT 0/1"])
    names = {"chr7": "chr7"}
    summary = run(tmp_path, text, spec_for(1, contig_names=names))
    assert [(n.code, n.count) for n in summary.notices] == [("contig_not_declared", 1)]
    with pytest.raises(InputError, match=r"does not declare.*--strict"):
        run(tmp_path, text, spec_for(1, contig_names=names, strict=True))


@pytest.mark.parametrize(
    "line, code",
    [
        ("[vcf_parse_info] Extreme INFO/AN value encountered and set to missing at 1:5",
         "number_out_of_range"),
        ("[vcf_parse_filter] FILTER 'q9' is not defined in the header", "filter_not_declared"),
        ("[vcf_parse_info] INFO 'X' is not defined in the header, assuming", "info_not_declared"),
        ("[vcf_parse_format_dict2] FORMAT 'Y' at 1:5 is not defined in the header",
         "format_not_declared"),
    ],
)  # fmt: skip
def test_warnings_are_told_by_kind(line: str, code: str) -> None:
    """htslib's wording, one notice for each kind."""
    with HtslibMessages() as messages:
        os.write(2, b"[W::" + line[1:].encode() + b"\n[W::" + line[1:].encode() + b"\n")
    assert [(n.code, n.count) for n in messages.notices()] == [(code, 2)]


def test_an_error_that_htslib_only_prints_is_a_refusal() -> None:
    """It goes on after some that lose data."""
    with HtslibMessages() as messages:
        os.write(2, b"[W::vcf_parse] odd\n[E::vcf_parse_format] Broken at chr1:5\nnothing\n")
    assert [(n.code, n.first) for n in messages.notices()] == [("htslib", "odd")]
    with pytest.raises(InputError, match=r"x\.vcf: Broken at chr1:5"):
        messages.refuse_errors("x.vcf")
