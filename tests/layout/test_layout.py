"""The repository keeps the shape that CONTRIBUTING.md describes."""

import ast
import importlib.util
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "allelake"

# What each part of the package may import. `ingest` and `queries` meet only in files on disk.
LEAVES = {"compiled", "counted", "errors", "files", "nearest", "without_pandas"}
MAY_IMPORT = {
    "compiled": set(),
    "counted": set(),
    "errors": set(),
    "files": set(),
    "nearest": set(),
    "without_pandas": set(),
    "model": {"model"} | LEAVES,
    "warehouse": {"model", "warehouse"} | LEAVES,
    "ingest": {"model", "warehouse", "ingest"} | LEAVES,
    "queries": {"model", "warehouse", "queries", "plot"} | LEAVES,
    "demo": {"demo"} | LEAVES,
    "structure": {"model", "warehouse", "queries", "structure"} | LEAVES,
    # Pictures of plain numbers: an answer offers them, so `queries` may import it.
    "plot": {"plot"} | LEAVES,
    "report": {"model", "warehouse", "queries", "plot", "report"} | LEAVES,
    "export": {"model", "warehouse", "queries", "export"} | LEAVES,
}
# These stand above the parts and may import them all.
ABOVE = {"__init__", "__main__", "lake", "cli"}


def load_limits():
    """limits.py is a script beside this file, not a module on the path."""
    spec = importlib.util.spec_from_file_location("limits", Path(__file__).with_name("limits.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_parts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every `allelake.<part>` a module imports, at the top or inside a function."""
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide which part is meant"
            names = [node.module or ""]
            if node.module == "allelake":
                names = [f"allelake.{alias.name}" for alias in node.names]
        for name in names:
            if name.startswith("allelake."):
                yield node.lineno, name.split(".")[1]


def forbidden_imports(package: Path) -> list[str]:
    found = []
    for path in sorted(package.rglob("*.py")):
        part = path.relative_to(package).parts[0].removesuffix(".py")
        if part in ABOVE:
            continue
        for line, imported in imported_parts(ast.parse(path.read_text())):
            if imported not in MAY_IMPORT[part]:
                found.append(f"{path.relative_to(package)}:{line} imports {imported}")
    return found


def tracked_text() -> Iterator[tuple[str, str]]:
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    for name in filter(None, names):
        path = ROOT / name
        if path.is_file() and path.stat().st_size < 1_000_000:
            yield name, path.read_text(errors="ignore")


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in tracked_text()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_ingest_and_queries_meet_only_in_files_on_disk():
    assert forbidden_imports(PACKAGE) == []


def test_a_forbidden_import_would_be_seen(tmp_path):
    """The test above can fail: a module of `queries` that imports `ingest` inside a function."""
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "connect.py").write_text(
        "def run():\n    from allelake.ingest import spec\n"
    )
    assert forbidden_imports(tmp_path) == ["queries/connect.py:2 imports ingest"]


def test_every_part_of_the_package_has_a_rule():
    parts = {part_of(path) for path in PACKAGE.rglob("*.py")}
    assert parts <= set(MAY_IMPORT) | ABOVE


def test_no_file_has_more_than_400_lines_and_no_function_more_than_40():
    limits = load_limits()
    assert [f for f in limits.file_lengths() if f[0] > limits.MOST_LINES_IN_A_FILE] == []
    assert [f for f in limits.function_lengths() if f[0] > limits.MOST_LINES_IN_A_FUNCTION] == []


def test_no_module_is_named_after_nothing():
    """`utils` says that its author did not know what it makes."""
    vague = {"utils", "util", "helpers", "common", "core", "misc", "manager"}
    assert [path for path in PACKAGE.rglob("*.py") if path.stem in vague] == []


def test_no_machine_path_and_no_registry_is_named():
    # Each pattern is broken up so that this file does not find itself.
    machine = r"(?<![\w.])/(wo" r"rk|ho" r"me|ro" r"ot)/\w"
    registry = r"py" r"pi\.org|python" r"hosted|registry\.np" r"mjs|deb\.deb" r"ian"
    assert lines_with(re.compile(machine)) == []
    assert lines_with(re.compile(registry)) == []


def test_no_promise_is_left_in_a_comment():
    assert lines_with(re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")) == []


def test_no_shared_file_is_copied_into_the_repository(shared_data):
    """Real data stay where they are: only their names and digests stand here."""
    import hashlib

    known = set(re.findall(r"\b[0-9a-f]{64}\b", (shared_data / "MANIFEST.tsv").read_text()))
    copies = [
        name
        for name, text in tracked_text()
        if text and hashlib.sha256((ROOT / name).read_bytes()).hexdigest() in known
    ]
    assert copies == []


def test_the_version_is_written_in_one_place():
    import allelake

    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert allelake.__version__ == declared


def test_the_lock_pins_every_dependency_by_digest_and_names_no_host():
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock
    pins = re.findall(r"^([a-z0-9-]+)==", lock, flags=re.MULTILINE)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = (
        project["project"]["dependencies"] + project["project"]["optional-dependencies"]["test"]
    )
    wanted += project["build-system"]["requires"]
    assert {re.split(r"[^a-z0-9-]", name)[0] for name in wanted} <= set(pins)
    blocks = re.split(r"^(?=[a-z0-9-]+==)", lock, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in block for block in blocks)


@pytest.mark.parametrize(
    "name", ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "GLOSSARY.md", "LICENSE"]
)
def test_the_repository_explains_itself(name):
    assert (ROOT / name).stat().st_size > 500


def test_the_places_that_contributing_names_exist():
    """Above all the modules that hold rows of people: the privacy rule is read from that list."""
    text = (ROOT / "CONTRIBUTING.md").read_text()
    named = re.findall(r"`((?:ingest|warehouse|queries|cli)/[a-z_/]+(?:\.py)?)`", text)
    assert len(named) > 10
    for name in named:
        if name.endswith((".py", "/")):
            assert (PACKAGE / name).exists() or (ROOT / name).exists(), name
