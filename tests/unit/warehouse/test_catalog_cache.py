"""Templates of catalogs in the user's cache folder: taken where whole, made anew where not."""

from pathlib import Path

import pytest

import allelake
from allelake.warehouse.catalog import template as catalog_template
from allelake.warehouse.catalog.cache import keep_template, kept_template

STATEMENTS = ("CREATE OR REPLACE MACRO half(x) AS x / 2",)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(catalog_template, "_templates", {})
    return tmp_path / "cache" / "allelake"


def test_what_is_kept_is_found_by_its_statements(cache: Path) -> None:
    keep_template(STATEMENTS, b"template")
    assert kept_template(STATEMENTS) == b"template"
    assert kept_template(("another",)) is None


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda b: b[:-1] + b"x", lambda b: b""])
def test_what_was_cut_or_altered_is_not_taken(cache: Path, damage) -> None:
    keep_template(STATEMENTS, b"template")
    (file,) = cache.iterdir()
    file.write_bytes(damage(file.read_bytes()))
    assert kept_template(STATEMENTS) is None


def test_a_bounded_number_is_kept(cache: Path) -> None:
    for number in range(30):
        keep_template((str(number),), b"template")
    assert len(list(cache.iterdir())) == 16
    assert kept_template(("29",)) is not None


def test_a_lake_is_made_where_nothing_can_be_kept(cache: Path, tmp_path: Path) -> None:
    cache.parent.write_text("no folder")
    lake = allelake.init(tmp_path / "a.lake", "GRCh38")
    assert lake.sql("FROM cohorts").count() == 1


def test_lakes_by_a_kept_template_say_the_same_and_it_holds_nothing_of_a_lake(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = allelake.init(tmp_path / "a.lake", "GRCh38")
    (file,) = cache.iterdir()
    assert b"NC_000007" not in file.read_bytes()
    assert b".parquet" not in file.read_bytes()
    monkeypatch.setattr(catalog_template, "_templates", {})
    monkeypatch.setattr(catalog_template, "_build", None)
    second = allelake.init(tmp_path / "b.lake", "GRCh38")
    said = "SELECT view_name, column_name, comment FROM duckdb_views() JOIN (SELECT table_name AS "
    said += "view_name, column_name FROM duckdb_columns() WHERE NOT internal) USING (view_name) "
    said += "WHERE NOT internal ORDER BY ALL"
    rows = [lake.connect().execute(said).fetchall() for lake in (first, second)]
    assert rows[0] == rows[1]
    assert len(rows[0]) > 100
