"""What a person does wrong, and what is said to help."""

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import CHR22, HEADER, SAMPLES, write_vcf

TRACEBACK = "Traceback"


def test_a_path_that_is_not_there_names_the_nearest(run, lake: Path) -> None:
    ended = run("frequency", lake.with_name("smal.lake"))
    assert ended.code == 3
    assert ended.out == ""
    assert "no such folder" in ended.err
    assert "small.lake" in ended.err


@pytest.mark.parametrize("command", ["frequency", "carriers", "summary", "sql", "files", "check"])
def test_a_folder_that_is_no_lake_is_told_by_every_command(
    run, command: str, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("x")
    further = ["SELECT 1"] if command == "sql" else []
    ended = run(command, tmp_path, *further)
    assert ended.code == 3
    assert "not a lake" in ended.err
    assert TRACEBACK not in ended.err


def test_a_lake_of_a_newer_format_asks_for_an_upgrade(run, own_lake: Path) -> None:
    described = own_lake / "lake.toml"
    described.chmod(0o644)
    text = described.read_text().replace("format_version = 3", "format_version = 99")
    described.write_text(text)
    for command in ("frequency", "check", "files"):
        ended = run(command, own_lake)
        assert ended.code == (6 if command == "check" else 3)
        assert "format 99" in ended.err + ended.out
        assert "Upgrade" in ended.err + ended.out


def test_an_unknown_cohort_names_the_nearest(run, lake: Path) -> None:
    ended = run("frequency", lake, "--cohort", "nroth")
    assert (ended.code, ended.out) == (5, "")
    assert "'nroth'" in ended.err
    assert "'north'" in ended.err


def test_a_misspelt_region_names_the_nearest_contig_and_an_example(run, lake: Path) -> None:
    ended = run("frequency", lake, "--region", "chr222:16,050,000-16,060,000")
    assert ended.code == 5
    assert "region 'chr222:16,050,000-16,060,000'" in ended.err
    assert "the nearest is chr22" in ended.err
    assert "Write chr22:16,050,000-16,060,000" in ended.err


@pytest.mark.parametrize(
    "region", ["chr22:20-10", "chr22:0-10", "chr22:1-60000000", "chr22:a-b", "chr22:", "-", ""]
)
def test_a_region_that_cannot_be_is_refused_and_shown(run, lake: Path, region: str) -> None:
    ended = run("frequency", lake, "--region", region)
    assert (ended.code, ended.out) == (5, "")
    assert f"region '{region}'" in ended.err
    assert TRACEBACK not in ended.err


@pytest.mark.parametrize("name", ["chr22", "22", "NC_000022.11", "CM000684.2"])
def test_any_alias_of_a_contig_is_understood(run, lake: Path, name: str) -> None:
    ended = run("frequency", lake, "--region", f"{name}:16,050,075", "--format", "csv")
    assert ended.out.splitlines()[1].startswith("chr22,16050075,A,G,3,10,0.3,")


def test_an_unknown_policy_attribute_or_rule_is_told(run, lake: Path) -> None:
    assert "'adj@1'" in run("frequency", lake, "--policy", "adj").err
    ended = run("frequency", lake, "--by", "popluation")
    assert ended.code == 5
    assert "population" in ended.err.replace("popluation", "")
    # The option's own values are for the command line to refuse.
    assert run("frequency", lake, "--ploidy", "sex").code == 2


def test_two_places_at_once_are_refused(run, lake: Path) -> None:
    ended = run("frequency", lake, "--region", "chr22", "--id", "rs1")
    assert ended.code == 2
    assert "region and id" in ended.err


def test_an_sql_error_shows_the_place_and_what_was_meant(run, lake: Path) -> None:
    ended = run("sql", lake, "SELECT positon FROM sites")
    assert ended.code == 5
    assert '"positon"' in ended.err
    assert '"position"' in ended.err
    assert "Binder Error" not in ended.err
    misread = run("sql", lake, "SELECT FROM")
    assert "line 1" in misread.err


def test_a_missing_or_unreadable_input_is_named(run, own_lake: Path, tmp_path: Path) -> None:
    assert "gone.vcf" in run("ingest", own_lake, tmp_path / "gone.vcf").err
    assert run("ingest", own_lake, tmp_path / "gone.vcf").code == 4
    for arguments in (
        ("samples", "import", own_lake, tmp_path / "gone.tsv"),
        ("cohort", "define", own_lake, "x", "--samples", tmp_path / "gone.txt"),
        ("frequency", own_lake, "--bed", tmp_path / "gone.bed"),
    ):
        ended = run(*arguments)
        assert ended.code == 4
        assert "cannot be read" in ended.err


def test_an_output_file_that_is_there_is_kept(run, lake: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    out.write_text("mine")
    ended = run("frequency", lake, "--output", out)
    assert ended.code == 2
    assert "there already" in ended.err
    assert out.read_text() == "mine"
    assert run("frequency", lake, "--output", out, "--overwrite").code == 0
    assert out.read_text().startswith("contig,position")


def test_an_output_file_that_cannot_be_written_is_told(run, lake: Path, tmp_path: Path) -> None:
    for path in (tmp_path / "missing" / "a.csv", tmp_path, tmp_path / "a.xlsx"):
        ended = run("frequency", lake, "--output", path)
        assert ended.code == 2
        assert str(path) in ended.err
    assert run("frequency", lake, "--output", tmp_path / "a", "--format", "table").code == 2


HOSTILE = [
    "a'b",
    'a"b',
    "a/b",
    "../../a",
    "a;drop",
    "a b",
    "a,b",
    "名前",
    "=1+1",
    "%2F",
    "a\\b",
]


def test_hostile_sample_names_go_in_and_come_out_as_they_are(run, own_lake: Path) -> None:
    """Quotes, slashes and the like are names; control characters and twins by case are refused."""
    names = tuple(f"{name}{n}" for n, name in enumerate(HOSTILE))
    genotypes = "\t".join("0/1" for _ in names)
    record = "16050075\trs1\tA\tG\t50\tPASS\tDP=9\tGT\t" + genotypes
    vcf = write_vcf(own_lake.parent / "hostile.vcf", "chr22", [record], names)
    ended = run("ingest", own_lake, vcf, "--workers", "1")
    assert ended.code == 0, ended.err
    out = run("sql", own_lake, "SELECT sample_id FROM samples WHERE batch = 2", "-f", "json").out
    for name in names:
        assert f'"{name}"'.replace("\\", "\\\\") in out or name.replace('"', '\\"') in out
    assert run("check", own_lake).code == 0


@pytest.mark.parametrize("names", [("a\x07b", "b"), ("a", "A"), ("a", "a"), ("a\x1b[31m", "b")])
def test_names_no_table_should_carry_are_refused(
    run, own_lake: Path, names: tuple[str, str]
) -> None:
    record = "16050075\trs1\tA\tG\t50\tPASS\tDP=9\tGT\t0/1\t0/1"
    vcf = write_vcf(own_lake.parent / "hostile.vcf", "chr22", [record], names)
    ended = run("ingest", own_lake, vcf, "--workers", "1")
    assert ended.code == 4
    assert "hostile.vcf" in ended.err
    # Nothing in the message may steer the terminal.
    assert "\x1b" not in ended.err
    assert "\x07" not in ended.err


def test_a_lake_without_write_permission_says_so(
    run, own_lake: Path, files, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may write anywhere, so the system's refusal is put in its place."""

    def refuse(path: object, *arguments: object, **named: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(os, "open", refuse)
    ended = run("cohort", "drop", own_lake, "north")
    monkeypatch.undo()
    assert ended.code == 3
    assert "permission" in ended.err.lower()
    assert TRACEBACK not in ended.err


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of four megabytes; only root can make one."""
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        pytest.skip("a small file system needs root")
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run([mount, "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], check=False)
    if made.returncode != 0:
        pytest.skip("this machine lets nobody mount")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def test_a_full_disk_is_told_and_leaves_the_lake_as_it_was(
    run, lake: Path, files, tiny_disk: Path
) -> None:
    small = tiny_disk / "small.lake"
    assert run("init", small, "--assembly", "GRCh38").code == 0
    filler = tiny_disk / "filler"
    free = shutil.disk_usage(tiny_disk).free
    filler.write_bytes(b"x" * max(0, free - 8_192))
    ended = run("ingest", small, files.chr22, files.chrx, "--workers", "1")
    assert ended.code == 3
    assert "space" in ended.err
    assert TRACEBACK not in ended.err
    filler.unlink()
    assert run("check", small).code == 0
    assert run("files", small, "-f", "json").out.count("b000001") == 0


def test_a_full_disk_under_an_output_file_is_told(run, lake: Path, tiny_disk: Path) -> None:
    filler = tiny_disk / "filler"
    filler.write_bytes(b"x" * (shutil.disk_usage(tiny_disk).free - 4_096))
    out = tiny_disk / "a.csv"
    ended = run("sql", lake, "SELECT range AS x FROM range(200000)", "-o", out)
    assert ended.code == 3
    assert "disk is full" in ended.err
    assert not out.exists()


def test_no_sample_name_is_in_an_error_about_records(run, own_lake: Path) -> None:
    broken = CHR22[0].replace("0/1", "0/7")
    names = tuple(f"person{n}" for n in range(len(SAMPLES)))
    vcf = own_lake.parent / "broken.vcf"
    vcf.write_text(HEADER.format(samples="\t".join(names)) + f"chr22\t{broken}\n")
    ended = run("ingest", own_lake, vcf, "--workers", "1")
    assert ended.code == 4
    assert "16050075" in ended.err
    assert "person" not in ended.err + ended.out
    assert "0/7" not in ended.err + ended.out
