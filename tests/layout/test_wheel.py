"""The wheel holds everything it needs: SQL, table declarations and profiles travel inside."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = ("ingest", "warehouse", "queries")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("allelake-*.whl")
    return built


def shipped_files() -> set[str]:
    """The .sql and .toml files of the three data folders, as the wheel should name them."""
    return {
        f"allelake/_shipped/{path.relative_to(ROOT).as_posix()}"
        for folder in SHIPPED
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".sql", ".toml"}
    }


def test_every_query_table_and_profile_is_in_the_wheel(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {name.split("/")[2] for name in shipped_files()} == set(SHIPPED)
    assert shipped_files() <= names
    assert {"allelake/py.typed", "allelake/report/page.css"} <= names


def test_the_wheel_holds_the_package_and_nothing_else(wheel):
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top.split("-")[0] for top in tops} == {"allelake"}


@pytest.mark.slow
def test_an_installed_wheel_makes_a_lake_away_from_the_checkout(wheel, tmp_path):
    """Only what the wheel brings: its own environment sees the dependencies, not the checkout."""
    target = tmp_path / "environment"
    venv.create(target, with_pip=False)
    site = next(target.glob("lib/python*/site-packages"))
    (site / "dependencies.pth").write_text(
        f"{next(Path(p) for p in sys.path if p.endswith('site-packages'))}\n"
    )
    zipfile.ZipFile(wheel).extractall(site)
    python = str(target / "bin" / "python")
    run = [python, "-c", "from allelake.cli.app import main; main()"]
    where = subprocess.run(
        [python, "-c", "import allelake; print(allelake.__file__)"],
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert Path(where.strip()).is_relative_to(target)
    lake = str(tmp_path / "small.lake")
    for arguments in (["--help"], ["init", lake, "--assembly", "GRCh38"], ["queries"]):
        done = subprocess.run([*run, *arguments], cwd="/", capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
