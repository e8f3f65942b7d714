"""The questions: every `queries/**/*.sql`, its header taken apart, in the order to create them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib.resources.abc import Traversable

from allelake.files import shipped

# The folder of macros that others are built of: in the catalog, but not among the questions.
PARTS_FOLDER = "parts"

_CREATE = re.compile(
    r"^CREATE OR REPLACE MACRO (?P<name>[a-z_][a-z0-9_]*)\((?P<arguments>.*?)\)\s+AS\b"
    r"(?P<table>\s+TABLE\b)?",
    re.MULTILINE | re.DOTALL,
)
# `   name   what it is`: three spaces, a name, at least two more.
_ENTRY = re.compile(r"^ {2,3}(?P<name>[a-z_][a-z0-9_]*) {2,}(?P<meaning>\S.*)$")
_EXAMPLE = re.compile(r"^ {2,3}(?P<sql>(?:FROM|SELECT|WITH)\b.*)$")
_CALL = re.compile(r"\b([a-z_][a-z0-9_]*)\(")
_COMMENT = re.compile(r"--[^\n]*")


class MacroFileError(Exception):
    """A shipped .sql file that does not keep the form of one: a fault of the installation."""


@dataclass(frozen=True)
class Described:
    """A name and what it means; `default` is an argument's default as SQL, None if it has none."""

    name: str
    meaning: str
    default: str | None = None


@dataclass(frozen=True)
class MacroFile:
    """One question or part of one: the statement that creates it, and its header as help."""

    name: str
    folder: str
    sql: str
    summary: str
    help: str
    arguments: tuple[Described, ...]
    columns: tuple[Described, ...]
    example: str
    is_table: bool

    @property
    def is_part(self) -> bool:
        """Whether it is a building block rather than a question people ask."""
        return self.folder == PARTS_FOLDER


@cache
def load_macros() -> tuple[MacroFile, ...]:
    """Every shipped macro, each after those that its body uses."""
    found = [
        parse_macro(file.name.removesuffix(".sql"), folder, file.read_text(encoding="utf-8"))
        for folder, file in _sql_files(shipped("queries"), "")
    ]
    return in_dependency_order(found)


def _sql_files(folder: Traversable, name: str) -> Iterable[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _sql_files(entry, entry.name)
        elif entry.name.endswith(".sql"):
            yield name, entry


def parse_macro(name: str, folder: str, text: str) -> MacroFile:
    """One .sql file taken apart: header comment, then exactly one CREATE OR REPLACE MACRO.

    >>> text = '-- twice: double of a number.\\n--\\n--   in_number   any number\\n--\\n'
    >>> text += '--   SELECT twice(2);\\n\\n'
    >>> text += 'CREATE OR REPLACE MACRO twice(in_number) AS 2 * in_number;'
    >>> macro = parse_macro('twice', 'parts', text)
    >>> macro.summary, macro.arguments[0].meaning, macro.example, macro.is_table
    ('double of a number.', 'any number', 'SELECT twice(2);', False)
    """
    header, sql = _header_and_statement(name, text)
    created = _CREATE.match(sql)
    if created is None or len(_CREATE.findall(_COMMENT.sub("", sql))) != 1:
        raise MacroFileError(f"{name}.sql: expected exactly one CREATE OR REPLACE MACRO")
    if created["name"] != name:
        raise MacroFileError(f"{name}.sql creates a macro of another name, {created['name']}")
    defaults = dict(_signature(created["arguments"]))
    entries = _entries(header)
    return MacroFile(
        name=name,
        folder=folder,
        sql=sql,
        summary=_summary(name, header),
        help="\n".join(header),
        arguments=tuple(
            Described(argument, entries.get(argument, ""), default)
            for argument, default in defaults.items()
        ),
        columns=tuple(
            Described(entry, meaning) for entry, meaning in entries.items() if entry not in defaults
        ),
        example=_example(header),
        is_table=created["table"] is not None,
    )


def _header_and_statement(name: str, text: str) -> tuple[list[str], str]:
    lines = text.splitlines()
    start = next((n for n, line in enumerate(lines) if not line.startswith("--")), len(lines))
    header = [line.removeprefix("--").removeprefix(" ").rstrip() for line in lines[:start]]
    statement = "\n".join(lines[start:]).strip()
    if not header or not statement.endswith(";"):
        raise MacroFileError(
            f"{name}.sql: expected a header comment, then a statement that ends in ;"
        )
    return header, statement.removesuffix(";")


def _signature(arguments: str) -> Iterable[tuple[str, str | None]]:
    """(name, SQL of its default or None) for each argument; a default holds no comma."""
    for argument in _COMMENT.sub("", arguments).split(","):
        name, _, default = argument.partition(":=")
        if name.strip():
            yield name.strip(), default.strip() or None


def _entries(header: list[str]) -> dict[str, str]:
    """The header's `name   meaning` lines, each with the lines that go on deeper below it."""
    entries: dict[str, str] = {}
    current: str | None = None
    for line in header:
        found = _ENTRY.match(line)
        if found is not None and _EXAMPLE.match(line) is None:
            current = found["name"]
            entries[current] = found["meaning"]
        elif current is not None and line.startswith("     "):
            entries[current] += " " + line.strip()
        else:
            current = None
    return entries


def _summary(name: str, header: list[str]) -> str:
    """What follows `name:` up to the first empty line, as one line."""
    first = header.index("") if "" in header else len(header)
    sentence = " ".join(header[:first])
    if not sentence.startswith(f"{name}: "):
        raise MacroFileError(f"{name}.sql: expected the header to begin with '{name}: '")
    return sentence.removeprefix(f"{name}: ")


def _example(header: list[str]) -> str:
    """The one statement at the header's end that can be run as it stands, '' if there is none."""
    starts = [n for n, line in enumerate(header) if _EXAMPLE.match(line)]
    if not starts:
        return ""
    lines = header[starts[-1] :]
    end = next((n for n, line in enumerate(lines) if line.endswith(";")), len(lines) - 1)
    return "\n".join(line.strip() for line in lines[: end + 1])


def in_dependency_order(macros: Iterable[MacroFile]) -> tuple[MacroFile, ...]:
    """The same macros, each after those it calls: DuckDB binds a table macro when it is created."""
    by_name = {macro.name: macro for macro in macros}
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for name in sorted(by_name):
        body = _COMMENT.sub("", by_name[name].sql)
        sorter.add(name, *sorted(set(_CALL.findall(body)) & by_name.keys() - {name}))
    try:
        order = tuple(sorter.static_order())
    except CycleError as cycle:
        raise MacroFileError(f"these .sql files call each other in a circle: {cycle}") from cycle
    return tuple(by_name[name] for name in order)
