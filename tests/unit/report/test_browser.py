"""The page in a browser: no message in its console, light and dark, a telephone, and print."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import allelake

pytestmark = pytest.mark.slow
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SETTINGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--enable-logging=stderr",
)


@pytest.fixture(scope="module")
def browser() -> str:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip(f"no browser is installed: none of {', '.join(BROWSERS)}")
    return found


@pytest.fixture(scope="module")
def written(crowd: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / "report.html"
    with allelake.open(crowd) as lake:
        lake.report(path, compare="hill")
    return path


def run(browser: str, page: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    profile = page.parent / "profile"
    return subprocess.run(
        [browser, *SETTINGS, f"--user-data-dir={profile}", *arguments, page.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )


def console(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in done.stderr.splitlines() if ":CONSOLE" in line]


def test_the_console_stays_empty_and_the_page_is_read_whole(browser: str, written: Path) -> None:
    done = run(browser, written, "--dump-dom")
    assert console(done) == []
    assert done.stdout.count("<svg") == written.read_text().count("<svg") > 5
    assert done.stdout.rstrip().endswith("</html>")


def test_a_message_in_the_console_would_be_seen(browser: str, tmp_path: Path) -> None:
    page = tmp_path / "bad.html"
    page.write_text("<!DOCTYPE html><script>nothing()</script>")
    assert console(run(browser, page, "--dump-dom"))


@pytest.mark.parametrize("width", [390, 1100])
def test_light_and_dark_differ_on_telephone_and_desk(
    browser: str, written: Path, tmp_path: Path, width: int
) -> None:
    from matplotlib.image import imread

    corners = {}
    for name, scheme in (("light", 1), ("dark", 0)):
        picture = tmp_path / f"{name}.png"
        size = (f"--screenshot={picture}", f"--window-size={width},900")
        run(browser, written, *size, f"--blink-settings=preferredColorScheme={scheme}")
        corners[name] = imread(picture)[2, 2, :3].mean()
    assert corners["light"] > 0.95
    assert corners["dark"] < 0.2


def test_it_prints(browser: str, written: Path, tmp_path: Path) -> None:
    pdf = tmp_path / "report.pdf"
    run(browser, written, f"--print-to-pdf={pdf}", "--no-pdf-header-footer")
    content = pdf.read_bytes()
    assert content.startswith(b"%PDF")
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", content)) <= 30


def test_nothing_is_cut_off_in_print(browser: str, written: Path, tmp_path: Path) -> None:
    """As wide as A4 is between its margins, with the rules of print: no table reaches beyond."""
    page = tmp_path / "print.html"
    script = (
        "<script>document.title = [...document.querySelectorAll('table, svg, pre')]"
        ".filter(e => e.getBoundingClientRect().right > innerWidth + 1).length</script>"
    )
    text = written.read_text().replace("@media print", "@media all")
    # The page's own policy allows no script.
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
    page.write_text(text.replace("</html>", f"{script}</html>"))
    done = run(browser, page, "--dump-dom", "--window-size=700,1000")
    assert "<title>0</title>" in done.stdout
