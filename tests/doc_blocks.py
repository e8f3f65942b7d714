"""Runs the code blocks of a Markdown page in order, and tells where the page shows something else.

```sh       a line `$ command` (`> ` goes on) is run by bash; the lines below it are what it prints,
            stdout and stderr together, and `[exit 4]` last where it fails. One shell per block.
```python   is run, all blocks of a page in one namespace; the next ```text block is what it prints.
```sql      is run by `allelake sql`, and the next ```text block shows its answer. The lake is that
            of the demo, or the one that the fence names: ```sql small.lake

A line `...` in an expected output stands for any lines, `...` inside a line for anything.
A block whose fence says `no-run` (```sh no-run) is not run. Other languages are not run.

    python tests/doc_blocks.py PAGE...          writes what was printed where the page differs
    python tests/doc_blocks.py --all PAGE...    writes all of it, `...` of the page too
"""

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LAKE = "demo/demo.lake"
COLUMNS = "100"
_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_SEPARATOR = "\x1e"
# What differs from run to run, or (compressed sizes) between processors, is shown as `...`.
_VOLATILE = (
    (re.compile(r"\b\d+(\.\d+)? seconds"), "... seconds"),
    (re.compile(r"(\.vcf\.gz +bgzf +\d+ +)\d+"), r"\1..."),
    (re.compile(r"at byte \d+"), "at byte ..."),
    (re.compile(r"[0-9a-f]{12}\.parquet"), "....parquet"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d(\.\d+)?)?"), "..."),
)


@dataclass(frozen=True)
class Block:
    """One fenced block; `start` and `end` are where its body lies in the page."""

    language: str
    lake: str
    is_run: bool
    body: str
    start: int
    end: int


@dataclass(frozen=True)
class Shown:
    """What a page shows and what was printed; both without trailing blanks."""

    what: str
    expected: str
    printed: str
    start: int
    end: int

    @property
    def is_true(self) -> bool:
        return matches(self.expected, self.printed)


def blocks_of(text: str) -> list[Block]:
    return [
        Block(
            language=(found["info"].split() or [""])[0],
            lake=(found["info"].split()[1:] or [LAKE])[0],
            is_run="no-run" not in found["info"],
            body=found["body"],
            start=found.start("body"),
            end=found.end("body"),
        )
        for found in _FENCE.finditer(text)
    ]


def matches(expected: str, printed: str) -> bool:
    """Whether the expected text, with its `...`, is what was printed."""
    pattern = ""
    for line in expected.splitlines():
        if line.strip() == "...":
            pattern += r"(?:.*\n)*"
        else:
            pattern += ".*".join(re.escape(part) for part in line.rstrip().split("...")) + "\n"
    return re.fullmatch(pattern, tidy(printed)) is not None


def tidy(text: str) -> str:
    """The text without colour, blanks at line ends, and empty lines around it."""
    lines = "\n".join(line.rstrip() for line in _COLOUR.sub("", text).splitlines()).strip("\n")
    return lines + "\n" if lines else ""


def run_page(text: str, folder: Path) -> Iterator[Shown]:
    """Runs a page's blocks in `folder`, which holds `demo/`."""
    namespace: dict[str, object] = {"__name__": "__page__"}
    blocks = blocks_of(text)
    for number, block in enumerate(blocks):
        if not block.is_run:
            continue
        after = blocks[number + 1] if number + 1 < len(blocks) else None
        if block.language == "sh":
            yield from run_shell(block, folder)
        elif block.language in {"python", "sql"}:
            is_python = block.language == "python"
            printed = run_python(block, folder, namespace) if is_python else run_sql(block, folder)
            if after is not None and after.language == "text" and after.is_run:
                yield Shown(block.body, after.body, printed, after.start, after.end)
            else:
                yield Shown(block.body, "...\n", printed, block.end, block.end)


def run_shell(block: Block, folder: Path) -> Iterator[Shown]:
    """Runs one block's commands in one shell, each with the output the page shows below it."""
    commands = shell_commands(block)
    script = "set -o pipefail\nexec 2>&1\n"
    script += "".join(f'{c.what}\nprintf "{_SEPARATOR}%d{_SEPARATOR}" $?\n' for c in commands)
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=environment(), capture_output=True, text=True
    )
    parts = done.stdout.split(_SEPARATOR)
    for command, printed, status in zip(commands, parts[::2], parts[1::2], strict=False):
        ending = "" if status == "0" else f"[exit {status}]\n"
        yield Shown(
            command.what, command.expected, tidy(printed) + ending, command.start, command.end
        )
    assert len(parts) == 2 * len(commands) + 1, f"the shell stopped early:\n{done.stdout}"


def shell_commands(block: Block) -> list[Shown]:
    """The commands of a shell block, each with the output shown below it and where that lies."""
    commands: list[Shown] = []
    what, expected, start, position = "", "", block.start, block.start
    for line in block.body.splitlines(keepends=True):
        is_command = line.startswith("$ ")
        goes_on = line.startswith("> ") and not expected
        if is_command and what:
            commands.append(Shown(what, expected, "", start, position))
            expected = ""
        if is_command or goes_on:
            what = line[2:].rstrip("\n") if is_command else f"{what}\n{line[2:].rstrip()}"
            start = position + len(line)
        else:
            expected += line
        position += len(line)
    assert what, f"a shell block without a `$ ` line: {block.body}"
    return [*commands, Shown(what, expected, "", start, position)]


def run_python(block: Block, folder: Path, namespace: dict[str, object]) -> str:
    printed = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(printed):
        exec(compile(block.body, "<page>", "exec"), namespace)
    return tidy(printed.getvalue())


def run_sql(block: Block, folder: Path) -> str:
    done = subprocess.run(
        ["allelake", "sql", block.lake, block.body.strip()],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return tidy(done.stdout)


def environment() -> dict[str, str]:
    """The shell's environment: this Python's `allelake` and `duckdb` first, and one width."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return os.environ | {"PATH": path, "COLUMNS": COLUMNS, "NO_COLOR": "1", "TERM": "dumb"}


def copy_demo(made: Path, folder: Path) -> None:
    """A demo that a page may change: the lake is copied, the VCFs are links."""
    shutil.copytree(made / "demo.lake", folder / "demo" / "demo.lake")
    for path in made.iterdir():
        if path.is_file():
            (folder / "demo" / path.name).symlink_to(path)


def make_demo_lake(folder: Path) -> str:
    """Runs the whole demo in folder/demo, as `make demo` does; what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "allelake.demo", "demo"],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def with_outputs(text: str, shown: list[Shown], replace_all: bool) -> str:
    """The page with what was printed in place of what it shows wrongly, or of everything shown."""
    for one in sorted(shown, key=lambda one: one.start, reverse=True):
        if (one.start != one.end and replace_all) or not one.is_true:
            printed = one.printed
            for pattern, dots in _VOLATILE:
                printed = pattern.sub(dots, printed)
            text = text[: one.start] + printed + text[one.end :]
    return text


def main(arguments: list[str]) -> None:
    replace_all = "--all" in arguments
    pages = [argument for argument in arguments if argument != "--all"]
    with tempfile.TemporaryDirectory() as name:
        made = Path(os.environ.get("ALLELAKE_DOCS_DEMO", Path(name) / "made"))
        if not (made / "demo").is_dir():
            made.mkdir(parents=True, exist_ok=True)
            make_demo_lake(made)
        for number, page in enumerate(map(Path, pages)):
            folder = Path(name) / str(number)
            (folder / "demo").mkdir(parents=True)
            copy_demo(made / "demo", folder)
            text = page.read_text()
            shown = list(run_page(text, folder))
            page.write_text(with_outputs(text, shown, replace_all))
            print(f"{page}: {sum(not one.is_true for one in shown)} of {len(shown)} written")


if __name__ == "__main__":
    main(sys.argv[1:])
