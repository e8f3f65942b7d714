"""Whether the questions of a lake answer alike: carriers and AC, AN and who is explained in it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import duckdb

from allelake.warehouse.quoting import sql_literal
from allelake.warehouse.snapshots import StoredFile

# Carriers are compared in groups of contigs that together have so many rows of calls: a question
# costs a tenth of a second however small a contig is.
_CALLS_AT_ONCE = 30_000_000
# A row of bits may stand for as many, commonly a third of its block.
_CALLS_OF = {"calls": 1, "bits": 340}
# AN is compared member by member, which is a row for each variant and sample.
_ROWS_AT_ONCE = 1_000_000
# Without --deep so many rows are enough: a rule that counts wrongly does so at many variants.
_SAMPLED_ROWS = 300_000
_MOST_SAMPLED = 200


@dataclass(frozen=True)
class Asked:
    """One way to ask: regions, and whose genotypes count."""

    regions: tuple[str, ...]
    policy: str
    ploidy: str = "as_called"

    def set_in(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Lets the checks read it."""
        regions = ", ".join(map(sql_literal, self.regions))
        connection.execute(f"SET VARIABLE regions = [{regions}]")
        connection.execute(f"SET VARIABLE policy = {sql_literal(self.policy)}")
        connection.execute(f"SET VARIABLE ploidy = {sql_literal(self.ploidy)}")


def ways_to_ask(
    connection: duckdb.DuckDBPyConnection, files: Sequence[StoredFile], is_deep: bool
) -> dict[str, Callable[[], Iterator[Asked]]]:
    """For each check of `checks/answers` by name, how it is asked."""
    rows = connection.execute(
        "SELECT bool_or(has_adj), bool_or(coalesce(has_blocks, false)) FROM batches"
    ).fetchall()
    has_adj, has_blocks = rows[0]
    terms = [("raw", "as_called")]
    terms += [("adj@1", "by_sex")] if has_adj else []
    terms += [("raw_blocks", "as_called")] if has_blocks else []

    def whole() -> Iterator[Asked]:
        for contigs in _groups(files):
            for policy in ("raw", "adj@1") if has_adj else ("raw",):
                yield Asked(contigs, policy)

    def single() -> Iterator[Asked]:
        for places in _variants(connection, is_deep):
            for policy, ploidy in terms:
                yield Asked(places, policy, ploidy)

    return {"carriers_are_ac": whole, "an_adds_up": single}


def _groups(files: Sequence[StoredFile]) -> Iterator[tuple[str, ...]]:
    """The contigs that have variants, in groups."""
    calls: dict[str, int] = {}
    for file in files:
        if file.table in ("sites", "calls", "bits") and file.contig is not None:
            rows = file.rows * _CALLS_OF.get(file.table, 0)
            calls[file.contig] = calls.get(file.contig, 0) + rows
    group: list[str] = []
    for contig in calls:
        if group and sum(calls[each] for each in group) + calls[contig] > _CALLS_AT_ONCE:
            yield tuple(group)
            group = []
        group.append(contig)
    if group:
        yield tuple(group)


def _variants(connection: duckdb.DuckDBPyConnection, is_deep: bool) -> Iterator[tuple[str, ...]]:
    """Places of variants in groups: all of them, or some from all over the lake."""
    members = connection.execute("SELECT count(*) FROM samples").fetchall()[0][0]
    if not members:
        return
    # By hash: any of them, and the same ones each time.
    limit = "" if is_deep else f"LIMIT {max(5, min(_MOST_SAMPLED, _SAMPLED_ROWS // members))}"
    places = connection.execute(
        "SELECT contig || ':' || position FROM (SELECT DISTINCT contig, position FROM sites) "
        f"ORDER BY hash(contig, position) {limit}"
    ).fetchall()
    size = max(1, _ROWS_AT_ONCE // members)
    for start in range(0, len(places), size):
        yield tuple(place for (place,) in places[start : start + size])
