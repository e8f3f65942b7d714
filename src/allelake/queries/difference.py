"""What differs between two snapshots: frequencies of a cohort, and who is in the lake."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allelake.errors import UsageError
from allelake.queries.about import About
from allelake.queries.answer import Answer
from allelake.queries.connect import Limits, open_lake, session
from allelake.queries.trouble import tidy_errors
from allelake.warehouse.quoting import sql_literal

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

_KEY = ("contig", "position", "ref", "alt", "end_position", "sv_length")
# What is shown of both sides, where the answer has it.
_SHOWN = ("af", "ac", "an", "an_record", "an_block", "an_assumed", "unknown_samples")
# More names than these are for `--samples`.
_NAMED = 10


@dataclass(frozen=True)
class Difference:
    """Two answers: the variants whose frequency changed, and the samples that came or went.

    `samples` has rows of change ('added', 'withdrawn', 'replaced'), sample_number and sample_id;
    the name of whoever is no more in the lake is not known to it.
    """

    variants: Answer
    samples: Answer

    def lines(self) -> list[str]:
        """The samples in words: numbers, and the names of those that were added."""
        told: dict[str, list[str]] = {"added": [], "withdrawn": [], "replaced": []}
        for row in self.samples:
            name = f" {row['sample_id']}" if row["sample_id"] else ""
            told[row["change"]].append(f"{row['sample_number']}{name}")
        lines = []
        for change, who in told.items():
            named = ", ".join(who[:_NAMED]) + (", ..." if len(who) > _NAMED else "")
            lines.append(f"Samples {change}: {len(who):,}" + (f" ({named})" if who else ""))
        return lines


def difference(
    lake: "Path",
    before: Answer,
    after: Answer,
    removed: Sequence[tuple[str, int]],
    people: tuple[Mapping[int, str], Mapping[int, str]],
    threshold: float,
) -> Difference:
    """What differs between two answers of `allele_frequency` of one lake, a snapshot each.

    `removed` are kind and number of samples that left between the two, `people` the names by
    number on each side.
    """
    if not 0 <= threshold <= 1:
        raise UsageError(f"the threshold is {threshold}; frequencies differ by 0 to 1")
    connection = open_lake(lake, Limits(), ())
    running = session(connection)
    with tidy_errors():
        _keep(running, "before", before)
        _keep(running, "after", after)
        _keep_people(running, removed, people)
    terms = {
        "before": f"snapshot {before.about.snapshot}",
        "threshold": f"{threshold:g}",
        **before.about.further,
    }
    about = after.about
    said = About(
        *("diff", about.lake, about.snapshot, about.cohort, about.policy, about.ploidy),
        about.filter,
        terms,
        about.redacted,
    )
    sides = [name for name in _SHOWN if name in before.columns and name in after.columns]
    return Difference(
        Answer(connection, variants_sql(sides, threshold), said),
        Answer(connection, "FROM people ORDER BY change, sample_number", said),
    )


def _keep(running: "DuckDBPyConnection", name: str, answer: Answer) -> None:
    """The answer's rows as a table; the lake's order of contigs comes with the rows' order."""
    rows = answer.to_batches()
    columns = ", ".join([*_KEY, *(column for column in _SHOWN if column in answer.columns)])
    running.register("rows", rows)
    running.execute(f'CREATE TABLE "{name}" AS SELECT {columns} FROM rows')
    running.unregister("rows")


def _keep_people(
    running: "DuckDBPyConnection",
    removed: Sequence[tuple[str, int]],
    people: tuple[Mapping[int, str], Mapping[int, str]],
) -> None:
    then, now = people
    rows = [("added", number, name) for number, name in now.items() if number not in then]
    left = [(kind, number, None) for kind, number in removed]
    listed = [f"('{k}', {number}, {sql_literal(name)})" for k, number, name in [*rows, *left]]
    running.execute(
        "CREATE TABLE people (change VARCHAR, sample_number INTEGER, sample_id VARCHAR)"
    )
    if listed:
        running.execute(f"INSERT INTO people VALUES {', '.join(listed)}")


def variants_sql(sides: Sequence[str], threshold: float) -> str:
    """The variants of the tables `before` and `after` that differ by more than the threshold.

    Compared exactly, as fractions: a difference that is the threshold is not more than it.
    """
    keys = ", ".join(f"coalesce(after.{name}, before.{name}) AS {name}" for name in _KEY)
    both = ", ".join(
        f"before.{name} AS {name}_before, after.{name} AS {name}_after" for name in sides
    )
    same = " AND ".join(f"after.{name} IS NOT DISTINCT FROM before.{name}" for name in _KEY[4:])
    return f"""\
WITH place AS (
    SELECT contig, row_number() OVER (ORDER BY min(place)) AS contig_order
    FROM (
        SELECT contig, rowid AS place FROM after
        UNION ALL
        SELECT contig, rowid FROM before
    )
    GROUP BY contig
), joined AS (
    SELECT {keys}, {both},
        CASE
            WHEN before.contig IS NULL THEN 'new'
            WHEN after.contig IS NULL THEN 'gone'
            WHEN before.an = 0 AND after.an > 0 THEN 'known'
            WHEN before.an > 0 AND after.an = 0 THEN 'unknown'
            WHEN abs(after.ac::HUGEINT * before.an - before.ac::HUGEINT * after.an)::DECIMAL(38, 9)
                > {threshold:.9f}::DECIMAL(10, 9) * (before.an::HUGEINT * after.an)::DECIMAL(28, 0)
                THEN 'changed'
        END AS change
    FROM before FULL JOIN after
        ON after.contig = before.contig AND after.position = before.position
        AND after.ref = before.ref AND after.alt = before.alt AND {same}
)
SELECT contig, position, ref, alt, change, joined.* EXCLUDE (contig, position, ref, alt, change)
FROM joined JOIN place USING (contig)
WHERE change IS NOT NULL
ORDER BY contig_order, position, ref, alt, end_position, sv_length"""
