"""Writes docs/reference from the tables, the macros, the profiles and the commands themselves.

python docs/generate.py            writes the pages
python docs/generate.py --check    writes nothing; fails if a page is stale
"""

import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

REFERENCE = Path(__file__).parent / "reference"
# Terminals differ in width; the manual has one.
WIDTH = 100
MADE = "<!-- Made by `make docs`; edit the source it names, not this page. -->\n"


def tables_page() -> str:
    """Every stored table and column, from warehouse/*.toml."""
    from allelake.warehouse.tables import load_tables

    tables = load_tables()
    lines = [
        "# Tables",
        "",
        MADE,
        "What a lake stores, from `warehouse/*.toml`. The catalog has a view of each name, and",
        "`rare_calls` and `common_calls` for the tiers of `calls`. Those marked * are never NULL.",
        "",
        " · ".join(f"[`{name}`](#{name})" for name in tables),
        "",
    ]
    for table in tables.values():
        lines += [f"## {table.name}", "", table.what, ""]
        if table.partition:
            folders = "/".join(f"{column}=..." for column in table.partition)
            lines += [f"Folders: `data/{table.name}/{folders}`.", ""]
        lines += [f"Sorted by {', '.join(f'`{c}`' for c in table.sort)}.", ""]
        lines += ["| column | type | meaning | where unknown |", "|---|---|---|---|"]
        for column in table.columns:
            star = "" if column.nullable else "*"
            lines.append(
                f"| `{column.name}`{star} | {column.type} | {cell(column.meaning)} "
                f"| {cell(column.unknown)} |"
            )
        if table.further_columns is not None:
            lines += ["", further_columns(table.further_columns)]
        lines.append("")
    return "\n".join(lines)


def further_columns(prefix: str) -> str:
    if prefix:
        return f"Further columns `{prefix}...`: what the profile keeps, typed as the header says."
    return "Further columns: what an import of people brought, typed by its values."


def macros_page() -> str:
    """Every question, from the headers of queries/**/*.sql."""
    from allelake.warehouse.catalog.macros import load_macros

    asked = sorted((m for m in load_macros() if not m.is_part), key=lambda m: (m.folder, m.name))
    lines = [
        "# Questions in SQL",
        "",
        MADE,
        "Macros of the catalog, from `queries/**/*.sql`. `allelake queries NAME` prints the same",
        "help, and so does the comment on the macro inside the database.",
        "",
        " · ".join(f"[`{macro.name}`](#{macro.name})" for macro in asked),
        "",
    ]
    for macro in asked:
        lines += [f"## {macro.name}", "", f"`queries/{macro.folder}/{macro.name}.sql`", ""]
        lines += ["```text", macro.help.rstrip(), "```", ""]
    return "\n".join(lines)


def profiles_page() -> str:
    """Every profile, from ingest/*.toml."""
    from allelake.files import shipped

    files = sorted((f for f in shipped("ingest").iterdir()), key=lambda file: file.name)
    lines = [
        "# Profiles",
        "",
        MADE,
        "What `allelake ingest` assumes of a kind of source, from `ingest/*.toml`. Without",
        "`--profile` the header decides, and the choice is told.",
        "",
    ]
    for file in files:
        if file.name.endswith(".toml"):
            text = file.read_text("utf-8")
            name = str(tomllib.loads(text).get("name", file.name.removesuffix(".toml")))
            lines += [f"## {name}", "", "```toml", text.rstrip(), "```", ""]
    return "\n".join(lines)


def commands_page() -> str:
    """The help of every command."""
    lines = ["# Commands", "", MADE, "The help of each command, in the order of use.", ""]
    for words in commands():
        title = " ".join(["allelake", *words])
        lines += [f"## {title}", "", "```text", help_text(words), "```", ""]
    lines += ["## Exit codes", "", "```text", exit_codes(), "```", ""]
    return "\n".join(lines)


def exit_codes() -> str:
    """The tree of errors, as the module draws it."""
    from allelake import errors

    return (errors.__doc__ or "").strip()


def commands() -> Iterator[tuple[str, ...]]:
    """Every command's words, groups before what is in them."""
    import typer

    from allelake.cli.app import app

    def below(command: object, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        if not getattr(command, "hidden", False):
            yield words
            for name, inner in getattr(command, "commands", {}).items():
                yield from below(inner, (*words, name))

    yield from below(typer.main.get_command(app), ())


def help_text(words: Sequence[str]) -> str:
    """What `allelake WORDS --help` prints, WIDTH columns wide and without colour."""
    from typer.testing import CliRunner

    from allelake.cli.app import app

    plain = {"COLUMNS": str(WIDTH), "TERMINAL_WIDTH": str(WIDTH), "NO_COLOR": "1", "TERM": "dumb"}
    done = CliRunner().invoke(app, [*words, "--help"], prog_name="allelake", env=plain)
    if done.exit_code != 0:
        raise SystemExit(f"allelake {' '.join(words)} --help failed:\n{done.output}")
    return "\n".join(line.rstrip() for line in done.output.strip("\n").splitlines())


def cell(text: str) -> str:
    """Text that can stand in a Markdown table."""
    return text.replace("|", "\\|")


PAGES = {
    "tables.md": tables_page,
    "questions.md": macros_page,
    "profiles.md": profiles_page,
    "commands.md": commands_page,
}


def stale_pages() -> list[str]:
    """The pages that are not what the sources say."""
    return [
        name
        for name, make in PAGES.items()
        if not (REFERENCE / name).is_file() or (REFERENCE / name).read_text() != make()
    ]


def main() -> None:
    if "--check" in sys.argv:
        stale = stale_pages()
        sys.exit(f"stale: {', '.join(stale)}; run make docs" if stale else 0)
    REFERENCE.mkdir(exist_ok=True)
    for name, make in PAGES.items():
        (REFERENCE / name).write_text(make())


if __name__ == "__main__":
    main()
