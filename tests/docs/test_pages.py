"""What the pages show is what happens: every code block is run, every shown output compared."""

import re
from pathlib import Path

import pytest

import doc_blocks

ROOT = Path(__file__).parents[2]
FOLDERS = ("tutorial", "how-to", "why")
PAGES = ["README.md"]
PAGES += sorted(str(p.relative_to(ROOT)) for f in FOLDERS for p in (ROOT / "docs" / f).glob("*.md"))

# Minutes of processor time in all: each runs a dozen commands and more.
LONG = {
    "docs/how-to/cohorts.md",
    "docs/how-to/explain-a-denominator.md",
    "docs/how-to/export.md",
    "docs/how-to/gvcf.md",
    "docs/how-to/ingest.md",
    # What it shows is what tests/malformed and tests/cli/test_mistakes.py expect of each file.
    "docs/how-to/refused.md",
    "docs/how-to/report.md",
    "docs/how-to/snapshots.md",
    "docs/how-to/strata.md",
    "docs/how-to/structure.md",
    "docs/how-to/withdraw-a-participant.md",
    "docs/why/counting.md",
    "docs/why/invisible-cuts.md",
}


@pytest.mark.parametrize(
    "page",
    [pytest.param(page, marks=[pytest.mark.slow] * (page in LONG)) for page in PAGES],
)
def test_a_page_shows_what_its_code_prints(page, demo, tmp_path):
    (tmp_path / "demo").mkdir()
    doc_blocks.copy_demo(demo, tmp_path)
    for shown in doc_blocks.run_page((ROOT / page).read_text(), tmp_path):
        if not shown.is_true:
            # Compared as text so that pytest draws the difference.
            assert shown.printed == doc_blocks.tidy(shown.expected), shown.what


@pytest.mark.parametrize("page", [*PAGES, "docs/README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_between_pages_lead_somewhere(page):
    text = (ROOT / page).read_text()
    for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text):
        assert ((ROOT / page).parent / target).exists(), f"{page} links to {target}"


def test_every_page_is_reached_from_the_index():
    index = (ROOT / "docs" / "README.md").read_text()
    pages = {str(path.relative_to(ROOT / "docs")) for path in (ROOT / "docs").rglob("*.md")}
    assert {page for page in pages - {"README.md"} if f"]({page})" not in index} == set()


def test_a_wrong_output_is_seen(tmp_path):
    page = "```sh\n$ echo one\n$ echo two\nthree\n```\n"
    first, second = doc_blocks.run_page(page, tmp_path)
    # A command with nothing below it shows nothing, and `echo one` prints a line.
    assert not first.is_true
    assert not second.is_true and second.printed == "two\n"


def test_a_failing_command_shows_its_exit_status(tmp_path):
    page = "```sh\n$ echo no; exit_with() { return 4; }; exit_with\nno\n[exit 4]\n```\n"
    (shown,) = doc_blocks.run_page(page, tmp_path)
    assert shown.is_true


def test_python_blocks_share_their_names(tmp_path):
    page = "```python\nx = 2\n```\n\n```python\nprint(x + 1)\n```\n\n```text\n3\n```\n"
    assert all(shown.is_true for shown in doc_blocks.run_page(page, tmp_path))
    wrong = page.replace("3\n", "4\n")
    assert not all(shown.is_true for shown in doc_blocks.run_page(wrong, tmp_path))


def test_dots_stand_for_anything_and_nothing_else_does():
    assert doc_blocks.matches("a\n...\nz\n", "a\nb\nc\nz\n")
    assert doc_blocks.matches("took ... s\n", "took 3.2 s\n")
    assert not doc_blocks.matches("a\n...\nz\n", "a\nb\n")
    assert not doc_blocks.matches("a+\n", "aa\n")
