"""Stored frequencies brought from one state of a lake to another, by parts.

Counts add up over people. So what a commit changes is: less the counts of people who left, moved
or changed as they were before, plus those of people who came, moved or changed as they are now.
At variants that no batch had before, everybody else is counted too: reference blocks, regions and
assumed reference say something of them there. A contig on which a batch got more records is
counted anew: then what was said of its people before holds no more.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from allelake.warehouse.connection import duckdb_failure
from allelake.warehouse.parquet import TableWriter
from allelake.warehouse.snapshots import StoredFile
from allelake.warehouse.stored import StagedFile
from allelake.warehouse.strata.counting import COUNTS, Counter, Counts
from allelake.warehouse.strata.groups import Member, Rollup, Stratum
from allelake.warehouse.strata.state import Opened, keys_of
from allelake.warehouse.strata.stored import KEY, read_counts, rows_of

# Counts held at a time for one kind of count: strata and cells times variants.
_MOST_COUNTS = 6_000_000
_FEWEST_VARIANTS = 2_000
Progress = Callable[[int, int], None]
People = Mapping[int, Member]
# First and last position; None: all of the contig.
Span = tuple[int, int] | None


@dataclass(frozen=True)
class Terms:
    """What frequencies are counted by."""

    by: tuple[str, ...]
    policies: tuple[str, ...]
    ploidy: str


@dataclass(frozen=True)
class Side:
    """A state with the people of the cohort in it, and the strata they make."""

    opened: Opened
    people: People
    strata: Sequence[Stratum]


@dataclass(frozen=True)
class Difference:
    """Who counts otherwise on the two sides."""

    left: People
    came: People
    stayed: People


def difference(before: Side | None, after: Side) -> Difference:
    """Who left, came and stayed; whoever changed both left and came."""
    old = before.people if before else {}
    new = after.people
    same = {number: member for number, member in new.items() if old.get(number) == member}
    left = {number: member for number, member in old.items() if number not in same}
    came = {number: member for number, member in new.items() if number not in same}
    return Difference(left, came, same)


class Update:
    """The stored counts of one result on the way from `before` (None: there are none) to `after`.

    `stored`: the files that hold the counts of `before`, by contig.
    """

    def __init__(
        self,
        terms: Terms,
        before: Side | None,
        after: Side,
        stored: Mapping[str, Sequence[StoredFile]],
        staging: Path,
    ) -> None:
        self._terms, self._before, self._after = terms, before, after
        self._stored, self._staging = stored, staging
        self._changed = difference(before, after)
        people = (before.people,) if before else ()
        self._rollup = Rollup(after.strata, terms.by, after.people, *people)
        old = {each: place for place, each in enumerate(before.strata)} if before else {}
        self._mapping = [old.get(each) for each in after.strata]

    def write(self, contig: str, result: int, part: int) -> StagedFile | None:
        """The contig's counts as a file, None if it has no variants any more.

        To count all anew, give no `before`.
        """
        writer = TableWriter(
            "stratum_counts", self._staging, batch=result, part=part, contig=contig
        )
        rows = 0
        try:
            for span, keys in self._spans(contig):
                counts = self._counts(contig, span, keys)
                made = rows_of(contig, keys, counts, result)
                writer.write(made)
                rows += made.num_rows
        except duckdb.Error as error:
            writer.abort()
            lake = self._after.opened.state.info.path
            raise duckdb_failure(error, f"counting strata on {contig}", lake) from error
        if rows:
            return writer.close()
        writer.abort()
        return None

    def differences(
        self, contig: str, stored: Sequence[StoredFile]
    ) -> Iterator[tuple[str, str, str]]:
        """Where stored counts differ from those counted here: place, found and expected.

        One at most for each policy and stretch of variants.
        """
        total = 0
        identity = list(range(len(self._after.strata)))
        for span, keys in self._spans(contig):
            total += keys.num_rows
            for policy, counted in self._counts(contig, span, keys).items():
                connection = self._after.opened.at(contig, span)
                found, known = read_counts(connection, stored, policy, keys, identity)
                if not known.all():
                    lacking = int(np.argmin(known))
                    place = f"{contig}:{keys['position'][lacking]}, policy {policy}"
                    yield place, "no row", "a row"
                    continue
                for name in COUNTS:
                    differing = np.argwhere(found[name] != counted[name])
                    if len(differing):
                        stratum, at = map(int, differing[0])
                        where = f"{contig}:{keys['position'][at]}, policy {policy}"
                        named = f"{name} of {self._after.strata[stratum].name}"
                        yield (
                            where,
                            f"{named} {found[name][stratum, at]}",
                            f"{counted[name][stratum, at]}",
                        )
                        break
        expected = total * len(self._terms.policies)
        rows = sum(file.rows for file in stored)
        if rows != expected:
            yield contig, f"{rows:,} rows", f"{expected:,} rows"

    def _spans(self, contig: str) -> Iterator[tuple[Span, pa.Table]]:
        """The contig's variants, as many at a time as memory is meant for."""
        keys = keys_of(self._after.opened.at(contig))
        width = len(self._after.strata) + len(self._rollup.cells)
        most = max(_FEWEST_VARIANTS, _MOST_COUNTS // width)
        positions = keys.column("position").to_numpy()
        start = 0
        while start < len(positions):
            end = min(start + most, len(positions))
            # Variants of one position stay together.
            end = int(np.searchsorted(positions, positions[end - 1], side="right"))
            own = keys.slice(start, end - start)
            is_all = end - start == len(positions)
            span = None if is_all else (int(positions[start]), int(positions[end - 1]))
            places = pa.array(np.arange(own.num_rows, dtype=np.int32))
            yield span, own.append_column("i", places)
            start = end

    def _counts(self, contig: str, span: Span, keys: pa.Table) -> dict[str, Counts]:
        """For each policy the counts of strata at these variants."""
        connection = self._after.opened.at(contig, span)
        base = {
            policy: read_counts(
                connection,
                self._stored.get(contig, ()),
                policy,
                keys,
                self._mapping,
            )
            for policy in self._terms.policies
        }
        counts = {policy: found for policy, (found, _) in base.items()}
        known = next(iter(base.values()))[1]
        old, fresh = keys.filter(pa.array(known)), keys.filter(pa.array(~known))
        change = self._changed
        if change.left and old.num_rows and self._before:
            self._add(counts, self._before.opened, contig, span, [(change.left, old, False)], -1)
        asked = [(change.came, keys, False)]
        if self._says_of_others(change.stayed):
            asked.append((change.stayed, fresh, True))
        self._add(counts, self._after.opened, contig, span, asked, 1)
        return counts

    def _add(
        self,
        counts: Mapping[str, Counts],
        opened: Opened,
        contig: str,
        span: Span,
        asked: Sequence[tuple[People, pa.Table, bool]],
        factor: int,
    ) -> None:
        wanted = [each for each in asked if each[0] and each[1].num_rows]
        if not wanted:
            return
        size = next(iter(next(iter(counts.values())).values())).shape[1]
        connection = opened.at(contig, span)
        counter = Counter(connection, opened.state, contig, self._terms.ploidy)
        for people, variants, without_records in wanted:
            for policy in self._terms.policies:
                found = counter.count(
                    people,
                    self._rollup.numbers,
                    variants.select([*KEY, "i"]),
                    size,
                    policy,
                    without_records=without_records,
                )
                self._roll(counts[policy], found, factor)

    def _roll(self, to: Counts, cells: Counts, factor: int) -> None:
        for name in COUNTS:
            if _is_some(cells[name]):
                self._rollup.add(to[name], cells[name], factor)

    def _says_of_others(self, people: People) -> bool:
        """Whether a batch of these people says something where it has no record."""
        own = {member.batch for member in people.values()}
        rows = (
            self._after.opened.state.tables["batches"]
            .select(["batch", "kind", "absent"])
            .to_pylist()
        )
        return any(
            row["batch"] in own and (row["kind"] == "per_sample" or row["absent"] != "unknown")
            for row in rows
        )


def _is_some(counts: npt.NDArray[np.int32]) -> bool:
    return bool(counts.any())
