"""A lake opened to compute from, and what was computed put into it."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa

from allelake.errors import LakeError, QueryError, UsageError
from allelake.queries.trouble import tidy_errors
from allelake.structure.genotypes import Progress
from allelake.structure.people import People
from allelake.structure.sites import FEWEST_SITES, SiteRules, Sites, common_sites

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Kind = Literal["pruned_sites", "kinship", "unrelated", "pca", "projection"]
# Which sites people are compared at: those that `prune` stored, or all common ones.
SiteSource = Literal["pruned", "common"]

_COMMANDS = {
    "pruned_sites": "allelake structure prune",
    "kinship": "allelake structure kinship",
    "unrelated": "allelake structure unrelated",
    "pca": "allelake structure pca",
    "projection": "allelake structure project",
}


@dataclass(frozen=True)
class StoredResult:
    """What was stored: `said` are its settings and counts; `notes` what a reader should know."""

    kind: Kind
    cohort: str
    snapshot: int
    said: Mapping[str, object]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Steps:
    """Whom to tell that a step begins, and how far it is."""

    on_step: Callable[[str], None] = lambda _: None
    on_progress: Progress = lambda _done, _total: None


class Opened:
    """A lake at its newest snapshot, by today's macros."""

    def __init__(self, path: Path, connection: "DuckDBPyConnection", snapshot: int) -> None:
        self.path = path
        self.connection = connection
        self.snapshot = snapshot
        self.notes: list[str] = []
        self._made_from: list[dict[str, object]] = []

    def sites(self, source: SiteSource, cohort: str, rules: SiteRules) -> Sites:
        """The sites of a cohort: those that are stored, or the common ones."""
        if source == "common":
            return common_sites(self.connection, cohort, rules)
        if source != "pruned":
            raise UsageError(f"Sites are 'common' or 'pruned', not {source!r}.")
        result = self.result("pruned_sites", cohort)
        sites = Sites(
            self.table(
                "SELECT p.contig, p.position, p.ref, p.alt FROM pruned_sites p "
                "JOIN contigs c ON p.contig = c.contig WHERE p.result = $result "
                "ORDER BY c.contig_order, p.position",
                {"result": result["result"]},
            )
        )
        refuse_few_sites(len(sites), f"of the pruned sites of {cohort!r}")
        return sites

    def has(self, kind: Kind, cohort: str) -> bool:
        """Whether a result of this kind is stored for the cohort."""
        sql = "SELECT 1 FROM results WHERE kind = $kind AND name = $name"
        return bool(self.table(sql, {"kind": kind, "name": cohort}).num_rows)

    def result(self, kind: Kind, cohort: str) -> dict[str, Any]:
        """The row of `results` for this kind and cohort, its settings as values.

        Raises QueryError where there is none. That it is stale becomes a note; what is stored
        next is made from it, and stale once it is made anew.
        """
        with tidy_errors():
            found = self.table(
                "FROM stored_result($kind, $name, $command)",
                {"kind": kind, "name": cohort, "command": _COMMANDS[kind]},
            )
        row: dict[str, Any] = found.to_pylist()[0]
        if row["stale_reason"] is not None:
            self.notes.append(
                f"The stored {kind} of {cohort!r} is stale: {row['stale_reason']}. "
                f"`{_COMMANDS[kind]}` makes it anew."
            )
        self._made_from.append({"kind": kind, "name": cohort, "snapshot": row["snapshot"]})
        return {**row, "settings": json.loads(row["settings"])}

    def table(self, sql: str, parameters: Mapping[str, object] | None = None) -> pa.Table:
        """The answer to a question, as Arrow."""
        with tidy_errors():
            return self.connection.sql(sql, params=dict(parameters or {})).to_arrow_table()

    def store(
        self,
        kind: Kind,
        cohort: str,
        tables: Mapping[str, pa.Table],
        said: Mapping[str, object],
        numbers: Iterable[int],
    ) -> StoredResult:
        """Commits a result, in the place of one of its kind and cohort.

        Raises LakeError where the lake was changed since it was opened.
        """
        from allelake.warehouse.commit import begin
        from allelake.warehouse.results.stored import store_result

        with begin(self.path) as transaction:
            if transaction.snapshot.number != self.snapshot:
                raise LakeError(
                    f"{self.path}: was changed while this was computed: snapshot "
                    f"{transaction.snapshot.number} came after snapshot {self.snapshot}. Nothing "
                    "was stored; run it again."
                )
            store_result(
                transaction,
                kind,
                cohort,
                tables,
                cohort=cohort,
                settings={**said, **({"made_from": self._made_from} if self._made_from else {})},
                sample_numbers=sorted(map(int, numbers)),
            )
            operation = _COMMANDS[kind].removeprefix("allelake ")
            number = transaction.commit(operation, {"cohort": cohort}).number
        return StoredResult(kind, cohort, number, said, tuple(self.notes))


@contextmanager
def opened(lake: Path) -> Iterator[Opened]:
    """The lake's newest snapshot, until the end of the block."""
    from allelake.queries.connect import Limits
    from allelake.queries.opened import open_at
    from allelake.warehouse.info import read_lake_info

    at = open_at(read_lake_info(lake), Limits())
    try:
        yield Opened(lake, at.connection, at.snapshot.number)
    finally:
        at.connection.close()


def refuse_few_sites(found: int, which: str) -> None:
    """Refuses to compute from hardly any sites."""
    if found < FEWEST_SITES:
        raise QueryError(
            f"{found:,} {which} can be used, and at least {FEWEST_SITES} are needed. Prune again "
            "with a larger --max-r2 or a lower --min-maf, or ask for --sites common."
        )


def refuse_unfit(people: People, least: int, what: str, cohort: str) -> None:
    """Refuses a cohort with fewer people than `what` can be computed of."""
    if len(people) < least:
        raise QueryError(
            f"The cohort {cohort!r} has {len(people)} sample{'s' * (len(people) != 1)}, and {what} "
            f"needs at least {least}. Ask for a larger cohort."
        )
