"""A lake that another version of allelake wrote: allelake asks with its own macros."""

import duckdb
import pytest

import allelake
from cli.conftest import CHR22, write_vcf

ANOTHER = "0.0.1"


@pytest.fixture
def another(tmp_path, monkeypatch):
    """A lake whose catalog is of another version."""
    lake = allelake.init(tmp_path / "a.lake")
    with monkeypatch.context() as patched:
        patched.setattr("allelake.warehouse.commit.allelake_version", lambda: ANOTHER)
        people = tuple(f"p{n}" for n in range(6))
        lake.ingest([write_vcf(tmp_path / "a.vcf", "chr22", CHR22, people)])
    return lake.path


@pytest.fixture
def older(another):
    """And which counts wrongly."""
    catalog = another / "catalog.duckdb"
    catalog.chmod(0o644)
    with duckdb.connect(catalog, config={"file_search_path": str(another)}) as connection:
        connection.execute(
            "CREATE OR REPLACE MACRO carriers(in_region, in_cohort := 'all') AS TABLE "
            "SELECT 'nobody' AS sample_id"
        )
    return another


def carriers_by_duckdb(path):
    with duckdb.connect(config={"file_search_path": str(path)}) as connection:
        connection.execute(f"ATTACH '{path}/catalog.duckdb' AS lake (READ_ONLY); USE lake")
        return connection.execute("SELECT sample_id FROM carriers('chr22')").fetchall()


def test_questions_are_those_of_the_program_that_asks(older, tmp_path) -> None:
    assert carriers_by_duckdb(older) == [("nobody",)]
    ours = allelake.init(tmp_path / "b.lake")
    ours.ingest([tmp_path / "a.vcf"])
    expected = ours.sql("SELECT sample_id FROM carriers('chr22') ORDER BY ALL").to_dicts()
    assert expected
    found = allelake.open(older).sql("SELECT sample_id FROM carriers('chr22') ORDER BY ALL")
    assert found.to_dicts() == expected


def test_check_tells_of_it_and_compact_mends_it(run, older) -> None:
    checked = run("check", older)
    assert f"Found allelake {ANOTHER}" in checked.out
    assert "The lake is sound." not in checked.out  # its bytes are not those of the commit
    planned = run("compact", older, "--plan")
    assert f"The catalog of allelake {ANOTHER} would be made anew." in planned.out
    assert f"The catalog of allelake {ANOTHER} is made anew." in run("compact", older).out
    assert ("p1",) in carriers_by_duckdb(older)
    again = run("check", older)
    assert again.out.strip() == "The lake is sound."
    assert "nothing was changed" in run("compact", older).out


def test_a_sound_lake_of_another_version_is_sound(run, another) -> None:
    checked = run("check", another)
    assert "INFO  catalog.duckdb: Its macros are of another version." in checked.out
    assert checked.out.rstrip().endswith("The lake is sound.")
