"""Change one token of one shipped .sql file at a time, run the specs, list the changes they miss.

    python tests/mutate.py                  every file
    python tests/mutate.py carriers         these macros only
    python tests/mutate.py --list carriers  the changes, without running them

Run by hand, or by `make test-all`. Each change is tried on the database of the specs, in this
process: a macro is created anew with the change and put back afterwards; no file is touched. A
change that a spec fails on is caught, and so is one that no longer binds. One that is missed asks
for a spec, or has no effect on any answer (an order of evaluation, a limit nothing reaches, a
guard for speed).
"""

import argparse
import re
import resource
import sys
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from _pytest.runner import runtestprotocol

from allelake.warehouse.catalog.macros import MacroFile, load_macros

# (what, instead): each occurrence in a statement is one change.
REPLACEMENTS = (
    (r">=", ">"),
    (r"<=", "<"),
    (r"(?<![<>:=-])>(?![=>])", ">="),
    (r"(?<![<=>])<(?![=>])", "<="),
    (r"<>", "="),
    (r"(?<![<>:=!])=(?![>=])", "<>"),
    (r"\bAND\b", "OR"),
    (r"\bOR\b", "AND"),
    (r"\bNOT (?!MATERIALIZED|DISTINCT|NULL)", ""),
    (r"\bIS NOT NULL\b", "IS NULL"),
    (r"\bIS NULL\b", "IS NOT NULL"),
    (r"\bIS NOT DISTINCT FROM\b", "="),
    (r"(?<![\w.'])0(?![\w.])", "1"),
    (r"(?<![\w.'])1(?![\w.])", "2"),
    (r"(?<![\w.'])2(?![\w.])", "1"),
    (r" \+ ", " - "),
    (r" - ", " + "),
    (r" \* ", " + "),
    (r"\bleast\b", "greatest"),
    (r"\bgreatest\b", "least"),
    (r"\bmin\(", "max("),
    (r"\bmax\(", "min("),
    (r"\bLEFT JOIN\b", "JOIN"),
    (r"\bSEMI JOIN\b", "ANTI JOIN"),
    (r"\bANTI JOIN\b", "SEMI JOIN"),
    (r"\bDISTINCT\b", ""),
    (r"\bbit_or\b", "bit_and"),
    (r"\btrue\b", "false"),
    (r"\bfalse\b", "true"),
    (r"'XX'", "'XY'"),
    (r"'XY'", "'XX'"),
    (r"'as_called'", "'haploid'"),
    (r"'haploid'", "'as_called'"),
    (r"\bnullif\(([^,()]*(?:\([^()]*\))?[^,()]*), 0\)", r"(\1)"),
    (r"'(raw|adj@1|pass|any|reference|unknown|missing)'", "'nothing'"),
)

# Specs of the files' form, which no change of a statement in the database touches.
_ABOUT_FILES = ("test_macro_files.py", "test_older_duckdb.py")

# A change may ask for more rows than there are atoms.
_LONGEST_QUERY_MS = 5_000
_LARGEST_QUERY = "500MB"
_LARGEST_PROCESS_BYTES = 4 * 2**30


@dataclass(frozen=True)
class Change:
    """One token of one macro replaced; `line` counts from the statement's first line."""

    macro: MacroFile
    start: int
    end: int
    instead: str

    @property
    def sql(self) -> str:
        return self.macro.sql[: self.start] + self.instead + self.macro.sql[self.end :]

    def __str__(self) -> str:
        line = self.macro.sql.count("\n", 0, self.start) + 1
        begin = self.macro.sql.rfind("\n", 0, self.start) + 1
        finish = self.macro.sql.find("\n", self.end)
        after = self.macro.sql[self.end : None if finish < 0 else finish]
        text = f"{self.macro.sql[begin : self.start]}[{self.macro.sql[self.start : self.end]} -> "
        return f"{self.macro.name}:{line}: {text.strip()}{self.instead}]{after}"


def changes(macro: MacroFile) -> Iterator[Change]:
    """Every change of a macro's statement, comments and quoted messages left alone."""
    skipped = [match.span() for match in re.finditer(r"--[^\n]*|'[^'\n]{12,}'", macro.sql)]
    for what, instead in REPLACEMENTS:
        for match in re.finditer(what, macro.sql):
            if any(start <= match.start() < end for start, end in skipped):
                continue
            yield Change(macro, match.start(), match.end(), match.expand(instead))


class Mutation:
    """A pytest plugin that runs the collected specs once for each change instead of once."""

    def __init__(self, tried: list[Change], trust: bool) -> None:
        self.tried = tried
        self.trust = trust
        self.survivors: list[Change] = []
        self.database: duckdb.DuckDBPyConnection | None = None

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[object]
    ) -> Generator[None, object, object]:
        made = yield
        if fixturedef.argname == "database":
            assert isinstance(made, duckdb.DuckDBPyConnection)
            self.database = made
        return made

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = [item for item in session.items if isinstance(item, pytest.Function)]
        items = [item for item in items if item.path.name not in _ABOUT_FILES]
        asked = items[: 1 if self.trust else None]
        broken = [item.name for item in asked if not passes(item, items)]
        assert not broken, f"these specs fail without any change: {broken}"
        assert self.database is not None
        self.database.execute(f"SET max_execution_time = {_LONGEST_QUERY_MS}")
        self.database.execute(f"SET memory_limit = '{_LARGEST_QUERY}'")
        for number, change in enumerate(self.tried, 1):
            # Specs that name the macro are the likeliest to fail; the order is otherwise kept.
            items.sort(key=lambda item: change.macro.name not in item.path.read_text())
            note = f"{number} of {len(self.tried)}, {len(self.survivors)} missed"
            print(f"\r{note}", end="", file=sys.stderr, flush=True)
            if self.survives(change, items, self.database):
                self.survivors.append(change)
                print(f"\rmissed: {change}", flush=True)
        return True

    def survives(
        self, change: Change, items: list[pytest.Function], connection: duckdb.DuckDBPyConnection
    ) -> bool:
        """Whether every spec passes with the change. A spec that fails is tried first next time."""
        try:
            connection.execute(change.sql)
        except duckdb.Error:
            return False
        try:
            for item in list(items):
                if not passes(item, items):
                    items.remove(item)
                    items.insert(0, item)
                    return False
            return True
        finally:
            connection.execute(change.macro.sql)


def passes(item: pytest.Function, items: list[pytest.Function]) -> bool:
    """Run one spec once more. Naming one of another module as the next keeps the database open."""
    item._initrequest()
    other = next(each for each in items if each.path != item.path)
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=other))


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("macros", nargs="*")
    arguments.add_argument("--list", action="store_true", help="show the changes, run nothing")
    arguments.add_argument("--trust", action="store_true", help="the specs pass: do not ask first")
    given = arguments.parse_args()
    chosen = [macro for macro in load_macros() if not given.macros or macro.name in given.macros]
    tried = [change for macro in chosen for change in changes(macro)]
    if given.list:
        print("\n".join(map(str, tried)))
        return 0
    resource.setrlimit(resource.RLIMIT_AS, (_LARGEST_PROCESS_BYTES, _LARGEST_PROCESS_BYTES))
    mutation = Mutation(tried, given.trust)
    specs = Path(__file__).with_name("specs")
    code = pytest.main([str(specs), "-q", "--no-header"], plugins=[mutation])
    print(f"\n{len(tried)} changes, {len(mutation.survivors)} missed")
    return 1 if mutation.survivors or code else 0


if __name__ == "__main__":
    sys.exit(main())
