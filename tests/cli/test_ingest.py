"""init, ingest and check on the command line."""

import json
from pathlib import Path

from .conftest import CHR22, SAMPLES, write_vcf


def test_init_makes_a_lake_and_says_what_to_do_next(run, tmp_path: Path) -> None:
    ended = run("init", tmp_path / "a.lake", "--assembly", "hg19")
    assert ended.code == 0
    assert "GRCh37" in ended.out
    assert "Next: allelake ingest" in ended.out
    again = run("init", tmp_path / "a.lake", "--assembly", "GRCh37")
    assert again.code == 3
    assert "is a lake already" in again.err


def test_init_takes_another_assembly_from_a_fai_or_a_header(run, files, tmp_path: Path) -> None:
    fai = tmp_path / "mouse.fa.fai"
    fai.write_text("1\t195471971\t3\t60\t61\nX\t171031299\t3\t60\t61\n")
    par = tmp_path / "par.bed"
    par.write_text("X\t169969758\t170931299\n")
    ended = run("init", tmp_path / "a", "--fai", fai, "--par", par, "--assembly", "GRCm38")
    assert ended.code == 0, ended.err
    assert "GRCm38, 2 contigs" in ended.out
    other = run("init", tmp_path / "b", "--header", files.chr22)
    assert "chr22, 2 contigs" in other.out


def test_init_asks_for_the_assembly(run, files, tmp_path: Path) -> None:
    assert run("init", tmp_path / "a").code == 2
    unknown = run("init", tmp_path / "a", "--assembly", "GRCh83")
    assert unknown.code == 2
    assert "GRCh38" in unknown.err
    both = run("init", tmp_path / "a", "--fai", files.chr22, "--header", files.chr22)
    assert both.code == 2
    assert run("init", tmp_path / "a", "--assembly", "GRCh38", "--par", files.chr22).code == 2
    assert not (tmp_path / "a").exists()


def test_the_closing_table_tells_what_became_of_every_record(run, files, tmp_path: Path) -> None:
    run("init", tmp_path / "a.lake", "--assembly", "GRCh38")
    ended = run("ingest", tmp_path / "a.lake", files.chr22, files.chrx, "--workers", "1")
    assert ended.code == 0, ended.err
    told = [" ".join(line.split()) for line in ended.out.splitlines()]
    assert "Batch 1 is made: 6 samples, contigs chr22, chrX" in told
    assert f"chr22.vcf vcf 4 {files.chr22.stat().st_size}" in told
    assert "records read 5" in told
    assert "records kept 5" in told
    assert "records split (several ALTs) 1" in told
    assert "variants 6" in told
    assert any(line.startswith("profile ") and ": " in line for line in told)
    assert any(line.startswith("Snapshot 2, after") for line in told)


def test_a_plan_shows_types_and_changes_nothing(run, own_lake: Path) -> None:
    names = tuple(f"n{n}" for n in range(len(SAMPLES)))
    vcf = write_vcf(own_lake.parent / "more.vcf", "chr22", CHR22, names)
    ended = run("ingest", own_lake, vcf, "--plan", "--workers", "1")
    assert ended.code == 0, ended.err
    told = [" ".join(line.split()) for line in ended.out.splitlines()]
    assert "Batch 2 would be made: 6 samples, contigs chr22" in told
    assert "INFO/DP info_dp INTEGER" in told
    assert told[-1] == "Nothing was changed (--plan)."
    assert json.loads(run("snapshots", own_lake, "-f", "json").out)["current"] == 4


def test_the_report_as_json_has_files_counts_and_fields(run, own_lake: Path) -> None:
    names = tuple(f"n{n}" for n in range(len(SAMPLES)))
    vcf = write_vcf(own_lake.parent / "more.vcf", "chr22", CHR22, names)
    ended = run("ingest", own_lake, vcf, "--format", "json", "--workers", "1")
    said = json.loads(ended.out)
    assert said["snapshot"] == 5
    batch = said["batches"][0]
    assert batch["batch"] == 2
    assert batch["samples"] == 6
    assert batch["counts"]["records_read"] == 4
    assert batch["counts"]["variants"] == 5
    assert batch["files"][0]["records"] == 4
    assert {"field": "INFO/DP", "column": "info_dp", "type": "INTEGER"} in batch["fields"]


def test_the_same_file_again_changes_nothing_and_names_its_batch(
    run, own_lake: Path, files
) -> None:
    ended = run("ingest", own_lake, files.chr22, "--workers", "1")
    assert ended.code == 0
    assert "chr22.vcf: batch 1 holds this file already" in ended.out
    assert "Nothing was changed" in ended.out


def test_expected_records_are_held_against_the_files(run, own_lake: Path) -> None:
    names = tuple(f"n{n}" for n in range(len(SAMPLES)))
    vcf = write_vcf(own_lake.parent / "more.vcf", "chr22", CHR22, names)
    ended = run("ingest", own_lake, vcf, "--expect-records", "5", "--workers", "1")
    assert ended.code == 4
    assert "4" in ended.err
    assert "5" in ended.err


def test_contigs_left_out_are_counted(run, files, tmp_path: Path) -> None:
    run("init", tmp_path / "a.lake", "--assembly", "GRCh38")
    ended = run(
        "ingest", tmp_path / "a.lake", files.chr22, files.chrx, "--contigs", "22", "--workers", "1"
    )
    assert ended.code == 0, ended.err
    assert "1 record of chrX left out" in ended.out


def test_check_calls_a_sound_lake_sound_and_finds_one_flipped_byte(run, own_lake: Path) -> None:
    sound = run("check", own_lake)
    assert (sound.code, sound.out) == (0, "The lake is sound.\n")
    assert json.loads(run("check", own_lake, "--format", "json").out)["sound"]
    file = next((own_lake / "data" / "sites").rglob("*.parquet"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.chmod(0o644)
    file.write_bytes(content)
    broken = run("check", own_lake)
    assert broken.code == 6
    assert file.name in broken.out
    assert "1 errors." in broken.out or "errors." in broken.out
    said = json.loads(run("check", own_lake, "--format", "json").out)
    assert not said["sound"]


def test_detail_says_which_fields_of_genotypes_are_kept_and_what_they_cost(
    run, tmp_path: Path
) -> None:
    declared = "".join(
        f'##FORMAT=<ID={name},Number={number},Type=Integer,Description="">\n'
        for name, number in (("DP", "1"), ("GQ", "1"), ("AD", "R"))
    )
    vcf = tmp_path / "detail.vcf"
    columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tann\tbo\n"
    vcf.write_text(
        '##fileformat=VCFv4.3\n##FORMAT=<ID=GT,Number=1,Type=String,Description="">\n'
        f"{declared}##contig=<ID=chr22>\n{columns}"
        "chr22\t20000000\t.\tA\tC\t.\tPASS\t.\tGT:DP:GQ:AD\t0/1:30:99:15,15\t0/0:20:60:20,0\n"
    )
    for detail, told, column in (
        ("dp,gq,ad", "genotypes     2", 30),
        ("none", "under adj@1 the samples of this batch are unknown", None),
    ):
        lake = tmp_path / f"{column}.lake"
        assert run("init", lake, "--assembly", "GRCh38").code == 0
        ended = run("ingest", lake, vcf, "--workers", "1", "--detail", detail)
        assert told in ended.out, ended.err
        sql = "SELECT dp FROM calls WHERE alt_count > 0"
        assert json.loads(run("sql", lake, sql, "-f", "json").out)["rows"] == [{"dp": column}]
    assert run("init", tmp_path / "empty.lake", "--assembly", "GRCh38").code == 0
    for wrong in ("dq", "", "none,dp"):
        ended = run("ingest", tmp_path / "empty.lake", vcf, "--detail", wrong)
        assert ended.code == 2
        assert "--detail" in ended.err
    asked = ("--detail", "gq,DP", "--format", "json")
    (batch,) = json.loads(run("ingest", tmp_path / "empty.lake", vcf, *asked).out)["batches"]
    costs = {cost["field"]: cost for cost in batch["detail"]}
    assert set(costs) == {"DP", "GQ"}
    assert all(cost["calls"] == 1 and cost["bytes"] > 0 for cost in costs.values())
