"""The reference pages are what the tables, the macros, the profiles and the commands say."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def generate():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_no_reference_page_is_stale(generate):
    assert generate.stale_pages() == [], "run `make docs`"


def test_a_stale_page_is_seen(generate, tmp_path, monkeypatch):
    monkeypatch.setattr(generate, "REFERENCE", tmp_path)
    for name, make in generate.PAGES.items():
        (tmp_path / name).write_text(make())
    assert generate.stale_pages() == []
    (tmp_path / "tables.md").write_text("something else")
    assert generate.stale_pages() == ["tables.md"]


def test_every_command_has_a_sentence_and_an_example(generate):
    for words in generate.commands():
        text = generate.help_text(words)
        if "Commands:" not in text:
            assert "Example: allelake" in text, f"allelake {' '.join(words)} has no example"


def test_every_column_says_what_it_means_and_what_unknown_looks_like():
    from allelake.warehouse.tables import load_tables

    for table in load_tables().values():
        for column in table.columns:
            assert column.meaning and column.unknown, f"{table.name}.{column.name}"


def test_what_a_frequency_answers_is_in_the_glossary():
    from allelake.warehouse.catalog.macros import load_macros

    glossary = (ROOT / "GLOSSARY.md").read_text().replace("-", "_")
    entries = " ".join(re.findall(r"^\| (.+?) \|", glossary, flags=re.MULTILINE)).lower()
    (macro,) = [macro for macro in load_macros() if macro.name == "allele_frequency"]
    assert macro.columns
    for column in macro.columns:
        words = {column.name, column.name.removesuffix("s"), column.name.split("_")[0]}
        assert any(word in entries for word in words), column.name
