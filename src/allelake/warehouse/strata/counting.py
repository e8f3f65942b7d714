"""Counts of many disjoint groups of people at every variant of a contig, in one pass.

Which genotype counts how is said by the same parts that every question is made of; only the
planes of common variants are summed here, for all groups at once, as LAYOUT.md says.
"""

from collections.abc import Mapping
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from allelake.warehouse.strata.groups import Member
from allelake.warehouse.strata.planes import PLANES, Planes, counts_of_planes
from allelake.warehouse.strata.state import State

# What is counted, as `stratum_counts` names its lists.
COUNTS = (
    "ac",
    "an_record",
    "an_block",
    "an_assumed",
    "homozygotes",
    "hemizygotes",
    "half_calls",
)
# For each of COUNTS: cells x variants.
Counts = dict[str, npt.NDArray[np.int32]]

_MEMBERS = pa.schema(
    [
        ("sample_number", pa.int32()),
        ("batch", pa.int32()),
        ("sex", pa.string()),
        ("attribute_value", pa.int32()),
    ]
)
_MATCHES = " AND ".join(
    f"g.{name} = v.{name}" for name in ("position", "ref", "alt", "end_position")
)
_MATCHES += " AND g.sv_length IS NOT DISTINCT FROM v.sv_length"

_SETUP = """
CREATE OR REPLACE TEMP TABLE haploids AS FROM ploidy;
CREATE OR REPLACE TEMP TABLE pieces AS
    FROM asked_pieces(NULL, $ploidy, 'haploids') WHERE contig = $contig;
CREATE OR REPLACE TEMP TABLE asked AS SELECT *, 0::INTEGER AS bin FROM pieces;
"""
# A row that no record has, so that the planes are left to counts_of_planes().
_OF_POLICY = """
CREATE OR REPLACE TEMP TABLE cells AS
    FROM block_cells('member', 'pieces', 'cell', $policy, 'haploids');
CREATE OR REPLACE TEMP TABLE no_cells AS FROM cells WHERE false;
"""
_RECORDS = f"""
CREATE OR REPLACE TEMP TABLE records AS
SELECT v.i, s.contig, s.bin, s.position, s.ref, s.alt, s.end_position, s.sv_length, s.batch,
    s.filters, s.in_regions, s.has_genotypes, s.has_genotypes AS is_open, r.rule
FROM (SELECT *, position AS p FROM sites) s
JOIN variants v ON {_MATCHES.replace("g.", "s.")}
JOIN pieces r ON s.position BETWEEN r.low AND r.high
"""
_SHARES = """
SELECT rule, batch, absent, attribute_value AS cell,
    coalesce(sum(base_an), 0)::INTEGER AS an,
    coalesce(sum(assumed_an), 0)::INTEGER AS assumed_an
FROM cells GROUP BY ALL
"""
_JOINT = f"""
SELECT v.i, g.attribute_value AS cell, g.ac, g.an AS an_record, g.homozygotes, g.hemizygotes,
    g.half_calls
FROM joint_counts('member', 'asked', 'no_cells', 'records', NULL, $policy, $ploidy, 'any') g
JOIN variants v ON {_MATCHES}
WHERE g.ac <> 0 OR g.an <> 0 OR g.hemizygotes <> 0 OR g.half_calls <> 0
"""
_ALONE = f"""
SELECT v.i, g.attribute_value AS cell, g.ac, g.an AS an_record, g.homozygotes, g.hemizygotes,
    g.half_calls, g.block_an AS an_block, g.assumed_an AS an_assumed
FROM per_sample_counts('member', 'asked', 'records', NULL, $policy, $ploidy, 'any') g
JOIN variants v ON {_MATCHES}
"""
_BITS = f"""
SELECT v.i, r.rule, g.batch, g.block, g.policy, {", ".join(f"g.{name}" for name in PLANES)}
FROM bits g
SEMI JOIN (SELECT DISTINCT batch, block, policy FROM cells) c
    ON g.batch = c.batch AND g.block = c.block AND g.policy = c.policy
JOIN variants v ON {_MATCHES}
JOIN pieces r ON g.position BETWEEN r.low AND r.high
"""


class Counter:
    """Counts groups of people at some variants of the contig that a connection shows.

    `variants`: a table of keys with `i`, the variant's place among `size`. `cells`: each sample's
    group, by number.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        state: State,
        contig: str,
        ploidy: str,
    ) -> None:
        self._connection, self._state = connection, state
        self._ploidy = ploidy
        for statement in filter(str.strip, _SETUP.split(";")):
            given = {"ploidy": ploidy, "contig": contig}
            named = {name: value for name, value in given.items() if f"${name}" in statement}
            connection.execute(statement, named)

    def count(
        self,
        people: Mapping[int, Member],
        cells: Mapping[tuple[str | None, ...], int],
        variants: pa.Table,
        size: int,
        policy: str,
        *,
        without_records: bool = False,
    ) -> Counts:
        """The counts of each cell at each variant; 0 at places that no variant has.

        `without_records`: only what people add where their batch has no record of a variant.
        """
        counts = {name: np.zeros((len(cells), size), np.int32) for name in COUNTS}
        if not people or not variants.num_rows or not cells:
            return counts
        self._take(people, cells, variants)
        for statement in filter(str.strip, _OF_POLICY.split(";")):
            self._execute(statement, policy)
        self._add_shares(counts)
        batches = {member.batch for member in people.values()}
        if batches & self._state.batches_of_kind("joint") and not without_records:
            self._add_rows(counts, _JOINT, policy)
            self._add_planes(counts, policy)
        if batches & self._state.batches_of_kind("per_sample") or self._has_regions(batches):
            self._add_rows(counts, _ALONE, policy)
        return counts

    def _take(
        self,
        people: Mapping[int, Member],
        cells: Mapping[tuple[str | None, ...], int],
        variants: pa.Table,
    ) -> None:
        rows = [
            {
                "sample_number": number,
                "batch": member.batch,
                "sex": member.sex,
                "attribute_value": cells[member.values],
            }
            for number, member in people.items()
        ]
        self._connection.register("given_member", pa.Table.from_pylist(rows, schema=_MEMBERS))
        self._connection.register("given_variants", variants)
        for name in ("member", "variants"):
            self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM given_{name}")
        self._connection.execute(_RECORDS)

    def _has_regions(self, batches: set[int]) -> bool:
        rows = self._state.tables["batches"].select(["batch", "absent"]).to_pylist()
        return any(row["batch"] in batches and row["absent"] == "regions" for row in rows)

    def _named(self, sql: str, policy: str) -> dict[str, str]:
        given = {"policy": policy, "ploidy": self._ploidy}
        return {name: value for name, value in given.items() if f"${name}" in sql}

    def _execute(self, sql: str, policy: str) -> None:
        self._connection.execute(sql, self._named(sql, policy))

    def _rows(self, sql: str, policy: str) -> duckdb.DuckDBPyRelation:
        return self._connection.sql(sql, params=self._named(sql, policy))

    def _add_shares(self, counts: Counts) -> None:
        """What each batch's record says before any genotype is looked at, and what none says."""
        shares = self._connection.execute(_SHARES).fetchall()
        own: dict[tuple[int, int], list[tuple[str, int, int, int]]] = {}
        for rule, batch, absent, cell, an, assumed in shares:
            own.setdefault((rule, batch), []).append((absent, cell, an, assumed))
        question = (
            "SELECT rule, batch, has_genotypes, coalesce(in_regions, false) AS in_regions, "
            "list(i) AS places FROM records GROUP BY ALL"
        )
        rows = self._connection.sql(question).to_arrow_table().to_pylist()
        for row in rows:
            places = np.asarray(row["places"], np.int64)
            for absent, cell, an, assumed in own.get((row["rule"], row["batch"]), ()):
                if row["has_genotypes"] and an:
                    counts["an_record"][cell, places] += an
                if assumed and (absent == "reference" or row["in_regions"]):
                    counts["an_assumed"][cell, places] -= assumed
        rules = self._connection.sql(
            "SELECT rule, list(DISTINCT i) AS places FROM records GROUP BY rule"
        ).to_arrow_table()
        for row in rules.to_pylist():
            places = np.asarray(row["places"], np.int64)
            for (rule, _), said in own.items():
                for absent, cell, _, assumed in said if rule == row["rule"] else ():
                    if absent == "reference" and assumed:
                        counts["an_assumed"][cell, places] += assumed

    def _add_rows(self, counts: Counts, question: str, policy: str) -> None:
        """Adds rows of variant, cell and counts, of which several may be of one place."""
        for batch in self._rows(question, policy).to_arrow_reader(1_000_000):
            columns: dict[str, Any] = {
                name: batch.column(name).to_numpy(zero_copy_only=False)
                for name in batch.schema.names
            }
            cells, places = columns.pop("cell"), columns.pop("i")
            for name, values in columns.items():
                kept = np.flatnonzero(values)
                if len(kept):
                    np.add.at(
                        counts[name], (cells[kept], places[kept]), values[kept].astype(np.int32)
                    )

    def _add_planes(self, counts: Counts, policy: str) -> None:
        groups = self._connection.execute(
            "SELECT rule, batch, block, policy, attribute_value AS cell, treated, n, shortage, "
            "mask::BLOB AS mask FROM cells WHERE block IS NOT NULL AND treated IN "
            "('as_called', 'haploid')"
        ).fetchall()
        planes = Planes(groups)
        for batch in self._rows(_BITS, policy).to_arrow_reader(32_768):
            counts_of_planes(pa.Table.from_batches([batch]), planes, counts)
