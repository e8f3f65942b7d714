"""Genotypes and frequencies of a lake as files that other programs read."""

import subprocess
import sys
from pathlib import Path

import pyarrow.feather
import pyarrow.parquet as pq
import pysam
import pytest

import allelake
from lakes import write_people
from make_vcf import vcf


def read(path: Path) -> pysam.VariantFile:
    """The file, by htslib; a warning of it goes to stderr and is looked at by `stderr_of`."""
    return pysam.VariantFile(str(path))


def genotypes_of(path: Path) -> dict[tuple[int, str], list[str]]:
    """By position and ALT the GT of each sample, as written."""
    rows = [line.split("\t") for line in str_of(path).splitlines() if not line.startswith("#")]
    return {(int(row[1]), row[4]): [cell.split(":")[0] for cell in row[9:]] for row in rows}


def str_of(path: Path) -> str:
    return "".join([str(read(path).header), *map(str, read(path))])


def exported(run, lake, path, *arguments):
    ended = run("export", lake, "-o", path, *arguments)
    assert ended.code == 0, ended.err
    return ended


@pytest.mark.parametrize("ending", ["vcf", "vcf.gz", "bcf"])
def test_each_person_has_the_genotype_of_the_source(run, lake, tmp_path, ending) -> None:
    exported(run, lake, tmp_path / f"out.{ending}")
    found = genotypes_of(tmp_path / f"out.{ending}")
    assert found[16050075, "G"] == ["0/1", "0/0", "0/0", "1/1", "./.", "0/0"]
    # A line has one ALT: who has the other one of the record is reference there.
    assert found[16050115, "A"] == ["0/1", "0/0", "0/1", "0/0", "0/0", "./1"]
    assert found[16050115, "T"] == ["0/0", "0/1", "0/1", "0/0", "0/0", "./0"]
    assert found[5000000, "T"] == ["0/1", "1", "0/0", "0/1", "0", "0/1"]


def test_fields_of_carriers_and_of_records_are_kept(run, lake, tmp_path) -> None:
    exported(run, lake, tmp_path / "out.vcf")
    line = next(row for row in (tmp_path / "out.vcf").read_text().splitlines() if "16070000" in row)
    cells = line.split("\t")
    assert cells[2:9] == ["rs4", "C", "CA", "50", "PASS", "DP=9", "GT:AD:DP:GQ"]
    assert cells[9] == "0/1:15,15:30:99"
    assert cells[11] == "0/0"


def test_what_is_not_kept_is_said_in_the_header_and_on_stderr(run, lake, tmp_path) -> None:
    ended = exported(run, lake, tmp_path / "out.vcf")
    header = (tmp_path / "out.vcf").read_text()
    assert "##allelake_not_kept=depth, quality and other fields of reference genotypes" in header
    assert "# not kept: depth, quality and other fields of reference genotypes" in ended.err
    assert "not_kept=records with several ALTs: each ALT is a line, trimmed" in header
    assert "##allelake_cohort=all\n" in header


@pytest.mark.parametrize("ending", ["vcf", "vcf.gz", "bcf"])
def test_bcftools_reads_it_without_a_word(run, lake, tmp_path, ending) -> None:
    path = tmp_path / f"out.{ending}"
    exported(run, lake, path)
    script = f"import pysam; [str(r) for r in pysam.VariantFile({str(path)!r})]"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    assert {"chr22", "chrX"} <= set(read(path).header.contigs)


@pytest.mark.parametrize("ending", ["vcf.gz", "bcf"])
def test_a_region_is_found_by_the_index_that_is_written_beside(run, lake, tmp_path, ending) -> None:
    path = tmp_path / f"out.{ending}"
    exported(run, lake, path)
    whole = [record.pos for record in read(path) if record.chrom == "chr22"]
    with read(path) as opened:
        found = [record.pos for record in opened.fetch("chr22", 16_050_100, 16_060_000)]
    assert found == [pos for pos in whole if 16_050_100 < pos <= 16_060_000]
    exported(run, lake, tmp_path / "b.bcf", "--no-index")
    assert not (tmp_path / "b.bcf.csi").exists()


def test_a_cohort_a_region_and_the_copies_that_are_asked_for(run, own_lake, tmp_path) -> None:
    run("cohort", "define", own_lake, "south", "--where", "population = 'south'")
    path = tmp_path / "out.vcf"
    exported(run, own_lake, path, "--cohort", "south", "--region", "chr22", "--min-ac", "1")
    assert list(read(path).header.samples) == ["s3", "s4", "s5"]
    assert [(pos, alt) for pos, alt in genotypes_of(path)] == [
        (16050075, "G"),
        (16050115, "A"),
        (16050115, "T"),
        (16070000, "CA"),
    ]


def test_a_region_without_variants_is_a_file_without_records(run, lake, tmp_path) -> None:
    ended = exported(run, lake, tmp_path / "out.vcf", "--region", "chr1:1-1000")
    assert "no variant of these samples is in chr1:1-1000: the file has no record" in ended.err
    assert list(read(tmp_path / "out.vcf")) == []


def test_symbolic_alleles_at_one_base_have_names_of_their_own(tmp_path) -> None:
    with allelake.init(tmp_path / "lake") as lake:
        row = "chr1 600 . N <DEL> . PASS SVTYPE=DEL;SVLEN=-{};END={} GT 0/1 0|1"
        declared = ("END,1,Integer", "SVLEN,A,Integer", "SVTYPE,1,String")
        kinds = (text.split(",") for text in declared)
        info = [
            f'##INFO=<ID={name},Number={number},Type={kind},Description="d">'
            for name, number, kind in kinds
        ]
        rows = [row.format(300, 900).split(), row.format(900, 1500).split()]
        text = vcf(["s1", "s2"], "chr1 100 A G PASS GT 0/1 0|1").splitlines()
        text[1:1] = info
        text += ["\t".join(fields) for fields in rows]
        (tmp_path / "a.vcf").write_text("\n".join(text) + "\n")
        lake.ingest([tmp_path / "a.vcf"], allelake.IngestOptions(workers=1))
        people = {"participant_id": {"s1": "p", "s2": "p"}}
        lake.import_samples(write_people(tmp_path / "people.tsv", people, ["s1", "s2"]))
        report = lake.export(tmp_path / "a.pgen")
    names = [line.split("\t")[2] for line in (tmp_path / "a.pvar").read_text().splitlines()[1:]]
    assert names == ["chr1-100-A-G", "chr1-600-N-<DEL>-900-300", "chr1-600-N-<DEL>-1500-900"]
    assert report.samples == 1
    told = "not kept: 1 further sample of these participants: a cohort counts a participant once"
    assert told in report.notes


def test_who_withdrew_is_in_no_export(run, own_lake, tmp_path) -> None:
    assert run("withdraw", own_lake, "s1", "--yes", "--reason", "asked").code == 0
    exported(run, own_lake, tmp_path / "out.vcf.gz")
    assert "s1" not in list(read(tmp_path / "out.vcf.gz").header.samples)
    exported(run, own_lake, tmp_path / "old.vcf.gz", "--as-of", "2")
    assert "s1" not in list(read(tmp_path / "old.vcf.gz").header.samples)


def test_plink_files_have_sex_family_and_attributes(run, own_lake, tmp_path) -> None:
    import pgenlib

    ended = exported(run, own_lake, tmp_path / "out.pgen", "--attribute", "population")
    assert "half-calls (./1) are missing" in ended.err
    people = (tmp_path / "out.psam").read_text().splitlines()
    assert people[0] == "#FID\tIID\tPAT\tMAT\tSEX\tpopulation"
    assert people[1:3] == ["0\ts1\t0\t0\t2\tnorth", "0\ts2\t0\t0\t1\tnorth"]
    assert people[6] == "0\ts6\t0\t0\tNA\tnorth"
    reader = pgenlib.PgenReader(str(tmp_path / "out.pgen").encode())
    assert doses(reader, 6)[1] == [1, 0, 1, 0, 0, -9]
    names = [row.split("\t")[2] for row in (tmp_path / "out.pvar").read_text().splitlines()[1:]]
    assert "chr22-16060000-T-C" in names


def doses(reader, samples: int) -> list[list[int]]:
    import numpy as np

    found = []
    for number in range(reader.get_variant_ct()):
        row = np.empty(samples, np.int8)
        reader.read(number, row)
        found.append(row.tolist())
    return found


def test_plink_1_tells_that_phase_is_lost_and_has_the_same_doses(run, lake, tmp_path) -> None:
    import pgenlib

    exported(run, lake, tmp_path / "one.bed")
    exported(run, lake, tmp_path / "two.pgen")
    one = pgenlib.PgenReader(str(tmp_path / "one.bed").encode(), raw_sample_ct=6)
    two = pgenlib.PgenReader(str(tmp_path / "two.pgen").encode())
    assert doses(one, 6) == doses(two, 6)
    assert (tmp_path / "one.bim").read_text().splitlines()[0] == "chr22\trs1\t0\t16050075\tG\tA"


def test_plink_refuses_an_empty_region(run, lake, tmp_path) -> None:
    ended = run("export", lake, "-o", tmp_path / "out.bed", "--region", "chr1:1-1000")
    assert ended.code == 5
    assert "PLINK cannot read files without one" in ended.err
    assert not list(tmp_path.iterdir())


def test_the_long_table_has_what_is_no_reference_and_the_variants(run, lake, tmp_path) -> None:
    exported(run, lake, tmp_path / "long.parquet")
    rows = pq.read_table(tmp_path / "long.parquet").to_pylist()
    own = [row for row in rows if row["position"] == 16070000]
    assert [(row["sample_id"], row["genotype"], row["dp"], row["ad_alt"]) for row in own] == [
        ("s1", "0/1", 30, 15),
        ("s5", "0/1", 30, 1),
    ]
    assert not any(row["genotype"] in ("0/0", "0") for row in rows if row["dp"] is None)
    variants = pq.read_table(tmp_path / "long.variants.parquet")
    assert variants.num_rows == 6
    assert pq.read_schema(tmp_path / "long.parquet").metadata[b"allelake.cohort"] == b"all"


def test_the_wide_table_has_lists_over_the_samples(run, lake, tmp_path) -> None:
    exported(run, lake, tmp_path / "wide.arrow", "--wide")
    row = pyarrow.feather.read_table(tmp_path / "wide.arrow").to_pylist()[0]
    assert row["alt_counts"] == [1, 0, 0, 2, None, 0]
    assert row["called_counts"] == [2, 2, 2, 2, 0, 2]


def test_frequencies_have_the_names_of_gnomad_and_the_numbers_of_the_lake(
    run, lake, tmp_path
) -> None:
    path = tmp_path / "sites.vcf.gz"
    exported(run, lake, path, "--frequencies", "--by", "population")
    found = {(r.chrom, r.pos, r.alts[0]): dict(r.info) for r in read(path)}
    with allelake.open(lake) as opened:
        expected = opened.allele_frequency().to_dicts()
        by_group = opened.allele_frequency(by="population").to_dicts()
    assert len(found) == len(expected)
    for row in expected:
        own = found[row["contig"], row["position"], row["alt"]]
        assert (own["AC"], own["AN"]) == ((row["ac"],), row["an"])
        assert own["nhomalt"] == (row["homozygotes"],)
        assert own["AN_record"] == row["an_record"]
    for row in by_group:
        own = found[row["contig"], row["position"], row["alt"]]
        assert own[f"AC_{row['population']}"] == (row["ac"],)
        assert own[f"AN_{row['population']}"] == row["an"]
    assert found["chr22", 16050075, "G"]["grpmax"] == ("south",)


def test_frequencies_as_bcf_say_the_same(run, lake, tmp_path) -> None:
    for ending in ("vcf", "bcf"):
        exported(run, lake, tmp_path / f"f.{ending}", "--frequencies", "--by", "sex")
    assert str_of(tmp_path / "f.vcf") == str_of(tmp_path / "f.bcf")


def test_small_counts_of_frequencies_are_hidden_where_asked(run, own_lake, tmp_path) -> None:
    path = tmp_path / "f.vcf"
    arguments = ("--frequencies", "--by", "population", "--overwrite")
    ended = exported(run, own_lake, path, *arguments)
    assert "# every count is shown, however small" in ended.err
    ended = exported(run, own_lake, path, *arguments, "--min-cell", "2")
    assert "# Counts of 1 are not shown" in ended.err
    found = {(r.pos, r.alts[0]): dict(r.info) for r in read(path)}
    # Three copies of which two are of one person: nhomalt would tell it.
    own = found[16050075, "G"]
    assert (own["AC"], own["AN"], "nhomalt" in own, "AN_record" in own) == ((3,), 10, False, False)
    # One carrier, or two copies that may be of one.
    assert "AC" not in found[16050115, "T"] and "AF" not in found[16070000, "CA"]
    ended = run("export", own_lake, "-o", path, *arguments, "--min-cell", "7")
    assert ended.code == 5
    assert "too few people for frequencies where small counts are hidden" in ended.err


def test_small_counts_of_crossed_groups_are_refused(run, own_lake, tmp_path) -> None:
    assert run("materialize", own_lake, "--by", "population,sex").code == 0
    told = ("--frequencies", "--stored", "all", "--min-cell", "nhs")
    ended = run("export", own_lake, "-o", tmp_path / "f.vcf", *told)
    assert ended.code == 2
    assert "of several attributes, whose groups tell of small ones together" in ended.err
    assert not list(tmp_path.glob("f*"))


def test_stored_frequencies_have_crossed_groups(run, own_lake, tmp_path) -> None:
    assert run("materialize", own_lake, "--by", "population,sex").code == 0
    exported(run, own_lake, tmp_path / "f.vcf", "--frequencies", "--stored", "all")
    record = next(iter(read(tmp_path / "f.vcf")))
    assert record.info["AC_south_XX"] == (2,)
    assert record.info["AC"] == (3,)


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["-o", "a.xcf"], 2, "the name does not say which format to write"),
        (["-o", "a.vcf", "--format", "bvcf"], 2, "There is no format 'bvcf'. Did you mean"),
        (["-o", "a.vcf", "--cohort", "al"], 5, "no cohort is named 'al'; the nearest is 'all'"),
        (["-o", "a.vcf", "--region", "chr23"], 5, "the nearest is"),
        (["-o", "a.vcf", "--by", "sex"], 2, "--by is for --frequencies"),
        (["-o", "a.vcf", "--frequencies", "--wide"], 2, "--wide is for genotypes"),
        (["-o", "a.pgen", "--frequencies"], 2, "Frequencies are written as vcf, vcf.gz, bcf"),
        (["-o", "a.vcf", "--frequencies", "--by", "poplation"], 5, "nearest is 'population'"),
        (["-o", "a.vcf", "--frequencies", "--stored", "x"], 5, "No frequencies named 'x'"),
        (["-o", "a.pgen", "--attribute", "sx"], 2, "There is no attribute 'sx'. Did you mean"),
        (["-o", "no/a.vcf"], 2, "cannot be written"),
        (["-o", "-", "--format", "pgen"], 2, "Stdout takes vcf, vcf.gz or bcf, not pgen"),
        (["-o", "/dev/null", "-f", "vcf", "--overwrite"], 2, "/dev/null is no ordinary file"),
    ],
)
def test_mistakes_are_told_and_leave_no_file(
    run, lake, tmp_path, monkeypatch, arguments, code, told
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = run("export", lake, *arguments)
    assert (ended.code, ended.out) == (code, "")
    assert told in ended.err
    assert not list(tmp_path.iterdir())


def test_an_empty_cohort_is_told(run, own_lake, tmp_path) -> None:
    run("cohort", "define", own_lake, "nobody", "--where", "age > 200")
    ended = run("export", own_lake, "-o", tmp_path / "a.vcf", "--cohort", "nobody")
    assert ended.code == 5
    assert "Nobody is in the cohort 'nobody'" in ended.err


def test_a_file_that_is_there_stays_unless_it_may_be_replaced(run, lake, tmp_path) -> None:
    path = tmp_path / "a.vcf"
    path.write_text("mine")
    assert run("export", lake, "-o", path).code == 2
    assert path.read_text() == "mine"
    exported(run, lake, path, "--overwrite")
    assert path.read_text().startswith("##fileformat=VCFv4.3")


def test_no_file_of_a_lake_is_ever_replaced(run, lake) -> None:
    catalog = (lake / "catalog.duckdb").read_bytes()
    for name in ("catalog.duckdb", "data/sites/a.vcf"):
        ended = run("export", lake, "-o", lake / name, "-f", "vcf", "--overwrite")
        assert ended.code == 2
        assert "would lie inside the lake" in ended.err
    assert (lake / "catalog.duckdb").read_bytes() == catalog


def test_the_index_of_another_file_does_not_stay_beside(run, lake, tmp_path) -> None:
    path = tmp_path / "a.vcf.gz"
    (tmp_path / "a.vcf.gz.tbi").write_bytes(b"of another file")
    ended = run("export", lake, "-o", path)
    assert ended.code == 2
    assert "a.vcf.gz.tbi is there already, the index of another file" in ended.err
    exported(run, lake, path, "--overwrite")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.vcf.gz", "a.vcf.gz.csi"]
    exported(run, lake, path, "--overwrite", "--no-index")
    assert [file.name for file in tmp_path.iterdir()] == ["a.vcf.gz"]


def test_an_export_can_be_piped(lake, tmp_path) -> None:
    allelake.open(lake).export(tmp_path / "a.bcf", index=False)
    command = [sys.executable, "-m", "allelake", "export", lake, "-o", "-", "-f", "bcf"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stdout == (tmp_path / "a.bcf").read_bytes()
    assert done.stderr.endswith(b"variants of 6 samples written to stdout\n")


def test_plink_files_have_the_name_that_was_given(run, lake, tmp_path) -> None:
    exported(run, lake, tmp_path / "A.PGEN")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["A.PGEN", "A.psam", "A.pvar"]


def test_a_full_disk_is_told_and_leaves_nothing(run, lake, tmp_path, monkeypatch) -> None:
    import errno

    from allelake.export import vcf

    def no_space(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(vcf, "vcf_lines", no_space)
    ended = run("export", lake, "-o", tmp_path / "a.vcf")
    assert ended.code == 3
    assert "the disk is full; nothing was written there" in ended.err
    assert not list(tmp_path.iterdir())


def test_unknown_people_are_missing_or_the_variant_is_left_out(tmp_path) -> None:
    lake = allelake.init(tmp_path / "lake")
    for number, position in enumerate((100, 200)):
        path = tmp_path / f"{number}.vcf"
        rows = (f"chr1 {position} A G PASS GT 0/1 0/0", "chr1 300 C T PASS GT 0/0 ./.")
        path.write_text(vcf([f"p{number}", f"q{number}"], *rows))
        lake.ingest([path], allelake.IngestOptions(workers=1))
    lake.export(tmp_path / "all.vcf")
    assert genotypes_of(tmp_path / "all.vcf") == {
        (100, "G"): ["0/1", "0/0", "./.", "./."],
        (200, "G"): ["./.", "./.", "0/1", "0/0"],
        (300, "T"): ["0/0", "./.", "0/0", "./."],
    }
    # A genotype that was called missing is known to be missing.
    lake.export(tmp_path / "known.vcf", unknown="leave-out")
    assert list(genotypes_of(tmp_path / "known.vcf")) == [(300, "T")]
    lake.close()
