"""The limits on the length of files and functions; `make check` prints the longest."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("src", "benchmarks", "docs")
# Made on the spot, with the environments of other programs.
IGNORED = "benchmarks/data"
MOST_LINES_IN_A_FILE = 400
MOST_LINES_IN_A_FUNCTION = 40


def python_files(root: Path = ROOT) -> list[Path]:
    """The project's own Python files, tests apart."""
    paths = (path for folder in FOLDERS for path in (root / folder).rglob("*.py"))
    return sorted(path for path in paths if root / IGNORED not in path.parents)


def file_lengths(root: Path = ROOT) -> list[tuple[int, str]]:
    """(lines, file), longest first."""
    return sorted(
        (
            (len(path.read_text().splitlines()), str(path.relative_to(root)))
            for path in python_files(root)
        ),
        reverse=True,
    )


def function_lengths(root: Path = ROOT) -> list[tuple[int, str]]:
    """(lines, file:line name), longest first."""
    return sorted(functions(root), reverse=True)


def functions(root: Path) -> Iterator[tuple[int, str]]:
    for path in python_files(root):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                yield lines, f"{path.relative_to(root)}:{node.lineno} {node.name}"


def main() -> int:
    files, longest = file_lengths(), function_lengths()
    for title, rows in (("longest files", files), ("longest functions", longest)):
        print(f"{title}:")
        for lines, name in rows[:5]:
            print(f"  {lines:4} {name}")
    over = [f for f in files if f[0] > MOST_LINES_IN_A_FILE]
    over += [f for f in longest if f[0] > MOST_LINES_IN_A_FUNCTION]
    for lines, name in over:
        print(f"too long: {name} has {lines} lines", file=sys.stderr)
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
