"""The prompt of `allelake sql`: statements over several lines, history, a few commands."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from allelake.cli.ending import warn
from allelake.cli.output import show
from allelake.errors import AllelakeError

if TYPE_CHECKING:
    from allelake.lake import Lake

HISTORY = Path("~/.allelake_history")
HISTORY_LINES = 1_000
HELP = """\
A SELECT ends with ; and may take several lines.
  .tables        the tables        .describe NAME  the columns of one
  .queries       the questions     .help NAME      what one of them means
  .quit          leave (or ctrl-d)"""


def run_prompt(lake: "Lake", rows: int | None) -> None:
    """Reads and answers until ctrl-d or .quit. An error is told, and the prompt goes on."""
    _remember()
    print(f"{lake!r}. One SELECT at a time, ended by ; - .help tells more.")
    lines: list[str] = []
    while True:
        try:
            line = input("allelake> " if not lines else "     ...> ")
        except EOFError:
            print()
            return
        except KeyboardInterrupt:
            print()
            lines = []
            continue
        if not lines and line.strip() in (".quit", ".exit", "\\q", "quit", "exit"):
            return
        lines = _take(lake, [*lines, line], rows)


def _take(lake: "Lake", lines: list[str], rows: int | None) -> list[str]:
    """Answers if the lines are complete; the lines to go on with if they are not."""
    text = "\n".join(lines).strip()
    if not text:
        return []
    is_command = len(lines) == 1 and text.startswith((".", "\\"))
    if not is_command and not text.endswith(";"):
        return lines
    try:
        if is_command:
            _run_command(lake, text)
        else:
            show(lake.sql(text), rows=rows)
    except AllelakeError as error:
        warn(str(error))
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
    return []


def _run_command(lake: "Lake", text: str) -> None:
    from allelake.queries.catalogue import catalogue_lines, help_of

    command, _, name = text.partition(" ")
    name = name.strip()
    if command in (".tables", "\\d", "\\dt") and not name:
        _print_tables(lake)
    elif command in (".describe", "\\d"):
        quoted = name.replace('"', '""')
        show(lake.sql(f'DESCRIBE "{quoted}"'))
    elif command in (".queries", "\\df"):
        print(*catalogue_lines(), sep="\n")
    elif command in (".help", "\\?", "\\h"):
        print(help_of(name) if name else HELP)
    else:
        print(HELP)


def _print_tables(lake: "Lake") -> None:
    """Each table with the sentence that says what its rows are."""
    listed = lake.sql("SELECT view_name, comment FROM duckdb_views() WHERE NOT internal").head(
        1_000
    )
    longest = max(len(name) for name, _ in listed)
    for name, comment in sorted(listed):
        print(f"  {name:{longest}}  {(comment or '').split('. ')[0].rstrip('.')}")


def _remember() -> None:
    """Keeps the lines typed, for the arrow keys, over sessions where the home folder allows it."""
    try:
        import atexit
        import readline
    except ImportError:
        # Python may be built without readline; the prompt works, without history.
        return
    history = HISTORY.expanduser()
    with suppress(OSError):
        readline.read_history_file(history)
    readline.set_history_length(HISTORY_LINES)
    atexit.register(_write_history, history)


def _write_history(history: Path) -> None:
    import readline

    # Without a home folder to write to the history ends with the session.
    with suppress(OSError):
        readline.write_history_file(history)
