"""Making a lake, and saying why a path is none."""

import errno
import os

import pytest

from allelake.errors import LakeError, UsageError
from allelake.warehouse.assembly import Assembly, Contig, shipped_assembly
from allelake.warehouse.check.run import check_lake
from allelake.warehouse.lake import create_lake, read_lake_info
from allelake.warehouse.lock import hold_lock


@pytest.fixture
def assembly():
    return shipped_assembly("GRCh38")


def test_a_lake_remembers_its_assembly(tmp_path, assembly):
    info = create_lake(tmp_path / "a.lake", assembly)
    assert info == read_lake_info(tmp_path / "a.lake")
    assert (info.assembly, info.contigs, info.zones) == (
        "GRCh38",
        assembly.contigs,
        assembly.zones,
    )
    assert check_lake(tmp_path / "a.lake") == []


def test_contigs_are_found_by_any_alias_and_case(lake):
    info = read_lake_info(lake)
    for name in ("chr22", "22", "NC_000022.11", "CM000684.2", "CHR22", "cm000684.2"):
        assert info.contig_named(name).name == "chr22", name
    for name in ("MT", "chrM", "M", "26"):
        assert info.contig_named(name).name == "chrM", name
    for name in ("25", "NC_000022.10", "", "chr22_random"):
        assert info.contig_named(name) is None, name


def test_a_contig_s_own_name_counts_before_another_s_alias(tmp_path):
    contigs = (Contig("1", 9, ("chr1",), "autosome"), Contig("chr1", 9, ("one",), "autosome"))
    info = create_lake(tmp_path / "odd.lake", Assembly("odd", contigs, ()))
    assert info.contig_named("chr1").name == "chr1"


def test_names_with_quotes_and_backslashes_survive_lake_toml(tmp_path):
    contigs = (Contig("a\"b\\c'd", 9, ("é",), "other"),)
    info = create_lake(tmp_path / "odd.lake", Assembly('my "own"', contigs, ()))
    assert info.contigs == contigs
    assert info.assembly == 'my "own"'


def test_an_existing_lake_is_not_made_again(lake, assembly):
    with pytest.raises(LakeError, match="is a lake already"):
        create_lake(lake, assembly)


def test_a_folder_with_files_in_it_is_refused(tmp_path, assembly):
    (tmp_path / "notes.txt").touch()
    with pytest.raises(LakeError, match="is not empty"):
        create_lake(tmp_path, assembly)


def test_an_empty_folder_becomes_a_lake(tmp_path, assembly):
    (tmp_path / "a.lake").mkdir()
    create_lake(tmp_path / "a.lake", assembly)
    assert [path.name for path in tmp_path.iterdir()] == ["a.lake"]


def test_a_lake_where_a_file_is_or_no_folder_is_refused(tmp_path, assembly):
    (tmp_path / "file").touch()
    with pytest.raises(LakeError, match="is a file"):
        create_lake(tmp_path / "file", assembly)
    with pytest.raises(LakeError, match="Make it first"):
        create_lake(tmp_path / "none" / "a.lake", assembly)


@pytest.mark.parametrize("step", ["rename", "link", "replace", "fsync", "mkdir"])
def test_a_lake_that_cannot_be_made_leaves_no_debris(tmp_path, assembly, monkeypatch, step):
    def full(*arguments: object, **named: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, step, full)
        with pytest.raises(LakeError, match="no space left"):
            create_lake(tmp_path / "a.lake", assembly)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_duckdb_cannot_read_is_refused(tmp_path, assembly):
    (tmp_path / "Smith, J").mkdir()
    with pytest.raises(LakeError, match=r"','.*folder without"):
        create_lake(tmp_path / "Smith, J" / "a.lake", assembly)
    create_lake(tmp_path / "a.lake", assembly)
    (tmp_path / "a.lake").rename(tmp_path / "Smith, J" / "a.lake")
    with pytest.raises(LakeError, match=r"','.*folder without"):
        read_lake_info(tmp_path / "Smith, J" / "a.lake")


@pytest.mark.parametrize("name", ["it's.lake", 'a"b.lake', "50%.lake", "a b.lake", "é[1]*.lake"])
def test_other_odd_names_of_folders_are_fine(tmp_path, assembly, name):
    create_lake(tmp_path / name, assembly)
    assert check_lake(tmp_path / name) == []


def test_a_misspelt_path_names_the_nearest_one(lake):
    with pytest.raises(LakeError, match=r"a\.lke: no such folder\. Did you mean .*a\.lake\?"):
        read_lake_info(lake.with_name("a.lke"))


def test_a_file_is_no_lake(tmp_path):
    (tmp_path / "a.vcf").touch()
    with pytest.raises(LakeError, match="is a file, and a lake is a folder"):
        read_lake_info(tmp_path / "a.vcf")


def test_an_empty_folder_is_no_lake_yet(tmp_path):
    with pytest.raises(LakeError, match=r"is an empty folder.*allelake init"):
        read_lake_info(tmp_path)


def test_a_folder_of_other_things_is_no_lake(tmp_path):
    (tmp_path / "x").touch()
    with pytest.raises(LakeError, match=r"not a lake: it has no lake\.toml"):
        read_lake_info(tmp_path)


def test_a_folder_inside_a_lake_names_the_lake(lake):
    with pytest.raises(LakeError, match=r"lies inside the lake .*a\.lake"):
        read_lake_info(lake / "manifests")


def change_lake_toml(lake, was, becomes):
    path = lake / "lake.toml"
    path.chmod(0o644)
    path.write_text(path.read_text().replace(was, becomes, 1))


def test_a_lake_of_a_newer_format_says_which_allelake_wrote_it(lake):
    change_lake_toml(lake, "format_version = 3", "format_version = 7")
    change_lake_toml(lake, "allelake 0.1.0", "allelake 9.2.0")
    with pytest.raises(LakeError, match=r"format 7, written by allelake 9\.2\.0.*Upgrade"):
        read_lake_info(lake)


@pytest.mark.parametrize("older", [1, 2])
def test_a_lake_of_an_older_format_is_to_be_made_anew(lake, older):
    change_lake_toml(lake, "format_version = 3", f"format_version = {older}")
    with pytest.raises(LakeError, match=rf"format {older};.* reads format 3\. Make a new lake"):
        read_lake_info(lake)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("format_version = 3", "format_version = 'x'"),
        ("format_version = 3", "format_version 2"),
        ("assembly = ", "asembly = "),
        ("length_bp", "length"),
    ],
)
def test_a_damaged_lake_toml_is_told(lake, was, becomes):
    change_lake_toml(lake, was, becomes)
    with pytest.raises(LakeError, match=r"lake\.toml: is damaged"):
        read_lake_info(lake)


def test_a_lake_that_may_not_be_read_says_so(lake, monkeypatch):
    def refuse(*arguments: object, **named: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr("pathlib.Path.read_text", refuse)
    with pytest.raises(LakeError, match="no permission to read"):
        read_lake_info(lake)


def test_an_unknown_assembly_names_the_nearest():
    with pytest.raises(UsageError, match=r"GRCh39.*GRCh37 and GRCh38.*Did you mean GRCh38\?"):
        shipped_assembly("GRCh39")


def test_what_a_killed_init_left_is_removed_by_the_next_one(tmp_path, assembly):
    """Not what an init that still runs is building, nor what belongs to another name."""
    dead, alive, other = (
        tmp_path / f".{name}.{digit * 32}.init"
        for name, digit in (("a.lake", "0"), ("a.lake", "1"), ("b.lake", "0"))
    )
    for folder in (dead, alive, other):
        (folder / "data").mkdir(parents=True)
        (folder / "lake.toml").touch()
    with hold_lock(alive):
        create_lake(tmp_path / "a.lake", assembly)
    assert {path.name for path in tmp_path.iterdir()} == {"a.lake", alive.name, other.name}
