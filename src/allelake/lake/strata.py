"""Stored frequencies of a lake in Python."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from allelake.errors import QueryError
from allelake.nearest import did_you_mean

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from allelake.queries.about import About
    from allelake.queries.answer import Answer
    from allelake.warehouse.catalog.as_of import AsOf
    from allelake.warehouse.strata.materialise import Materialised


class LakeStrata:
    """What a `Lake` stores of frequencies by group, and tells of them."""

    path: Path
    as_of: "AsOf | None"

    @property
    def _connection(self) -> "DuckDBPyConnection":
        raise NotImplementedError

    def materialize(
        self,
        by: Sequence[str],
        *,
        cohort: str = "all",
        name: str | None = None,
        policies: Sequence[str] = ("raw",),
        ploidy: str = "as_called",
        leave_out: Sequence[str] = (),
    ) -> "Materialised":
        """Stores how common each allele is in each group of a cohort, kept true by every commit.

        Groups are everybody, each value of an attribute in `by`, and each crossing of values.
        `leave_out`: values of the first attribute that are no candidates for grpmax and fafmax.
        The same `name` (default: the cohort's) again replaces what it stood for.
        """
        from allelake.warehouse.strata.materialise import materialise

        done = materialise(
            self._writable(),
            [by] if isinstance(by, str) else list(by),
            cohort=cohort,
            name=name,
            policies=[policies] if isinstance(policies, str) else list(policies),
            ploidy=ploidy,
            leave_out=list(leave_out),
        )
        self.refresh()
        return done

    def drop_materialized(self, name: str = "all") -> int:
        """Drops stored frequencies, and returns the number of the snapshot without them."""
        from allelake.warehouse.strata.materialise import drop_materialised

        drop_materialised(self._writable(), name)
        return self.refresh()

    def frequencies(
        self,
        name: str = "all",
        *,
        stratum: str | Sequence[str] | None = None,
        region: str | Sequence[str] | None = None,
        policy: str | None = None,
    ) -> "Answer":
        """Stored frequencies: a row per variant, stratum and policy, in the order of the genome.

        Raises QueryError for a name, stratum or policy that is not stored, and where the counts
        of an earlier snapshot cannot be told because people in them have withdrawn since.
        """
        from allelake.queries.answer import Answer
        from allelake.queries.strata import frequencies_sql

        self._refuse_missing(name)
        strata = self._known(name, "stratum", "strata", stratum)
        policies = self._known(name, "policy", "policies", policy)
        sql = frequencies_sql(name, strata, region, policies)
        told = {"name": name, **({"stratum": ", ".join(strata)} if strata else {})}
        about = self._about("frequencies", policy=policy, further=told)
        return Answer(self._connection, sql, about)

    def results(self) -> "Answer":
        """What is stored of results: kind, name, settings, the snapshot, and why one is stale."""
        from allelake.queries.strata import results_sql

        return self._plain("results", results_sql(self._knows_results()))

    def _knows_results(self) -> bool:
        """Whether the catalog is of a time that had stored results; the next commit makes it so."""
        asked = "SELECT 1 FROM duckdb_views() WHERE view_name = 'results'"
        return bool(self._connection.execute(asked).fetchall())

    def _refuse_missing(self, name: str) -> None:
        asked = "SELECT name, stale_reason FROM results WHERE kind = 'frequencies'"
        rows = self._connection.execute(asked).fetchall() if self._knows_results() else []
        stored = dict(rows)
        if name not in stored:
            hint = f"{did_you_mean(name, stored)} " if stored else ""
            raise QueryError(
                f"No frequencies named {name!r} are stored in this snapshot. {hint}"
                "`allelake materialize LAKE --by ATTRIBUTE` stores them; allele_frequency_by() "
                "counts without."
            )
        if stored[name] is not None:
            raise QueryError(
                f"The stored frequencies {name!r} of this snapshot cannot be told: {stored[name]}. "
                "Ask the current snapshot, or count anew with allele_frequency_by()."
            )

    def _known(
        self, name: str, what: str, what_all: str, asked: str | Sequence[str] | None
    ) -> list[str]:
        from allelake.queries.strata import known_sql

        if asked is None:
            return []
        wanted = [asked] if isinstance(asked, str) else list(asked)
        if not wanted:
            raise QueryError(f"The list of {what_all} is empty; None asks for all of them.")
        rows = self._connection.execute(known_sql(what), [name]).fetchall()
        known = [row[0] for row in rows]
        for each in wanted:
            if each not in known:
                raise QueryError(
                    f"The stored frequencies {name!r} have no {what} {each!r}. "
                    f"{did_you_mean(each, known)} Their {what_all}: {', '.join(known)}."
                )
        return wanted

    # A Lake has these.

    def refresh(self) -> int:
        """Moves to the newest snapshot, and returns its number."""
        raise NotImplementedError

    def _writable(self) -> Path:
        raise NotImplementedError

    def _about(
        self, question: str, *, policy: str | None = None, further: dict[str, str] | None = None
    ) -> "About":
        raise NotImplementedError

    def _plain(self, name: str, sql: str) -> "Answer":
        raise NotImplementedError
