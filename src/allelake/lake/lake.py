"""A lake in Python: what the command line does, as methods that return answers."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from allelake.lake.changes import LakeChanges
from allelake.lake.export import LakeExport
from allelake.lake.quality import LakeQuality
from allelake.lake.report import LakeReport
from allelake.lake.strata import LakeStrata
from allelake.lake.structure import LakeStructure
from allelake.queries.about import About
from allelake.queries.answer import Answer
from allelake.queries.ask import Argument, call, in_genome_order
from allelake.queries.connect import Limits, open_lake
from allelake.queries.explain import explain_sql
from allelake.queries.opened import Opening, open_at
from allelake.queries.place import Place, place_of
from allelake.queries.summary import per_person_sql, summary_sql
from allelake.queries.terms import Terms
from allelake.queries.trouble import tidy_errors

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from allelake.queries.difference import Difference
    from allelake.warehouse.catalog.as_of import AsOf
    from allelake.warehouse.info import LakeInfo
    from allelake.warehouse.snapshots import StoredFile

Ploidy = Literal["as_called", "by_sex"]
Filter = Literal["any", "pass"]
# One region as text, or several; None is the whole genome.
Where = str | Sequence[str] | None


class Lake(LakeChanges, LakeStrata, LakeExport, LakeReport, LakeStructure, LakeQuality):
    """A lake opened at its current snapshot, to ask and to add to; with `as_of` at an earlier one.

    `as_of` is a snapshot's number, or a date, or a date and time (UTC): then the last snapshot at
    or before it. Answers come from that day's data, by today's questions, without anybody who has
    withdrawn since, and nothing can be changed.

    It keeps answering from that snapshot while others commit; its own changes (`ingest`,
    `define_cohort`, ...) and `refresh` move it to the newest. Close it, or use it in `with`.

    >>> import allelake                                             # doctest: +SKIP
    >>> with allelake.open("hk.lake") as lake:                      # doctest: +SKIP
    ...     lake.allele_frequency("CHS", region="chr22").to_polars()
    """

    def __init__(
        self, path: Path | str, limits: Limits | None = None, as_of: "AsOf | None" = None
    ) -> None:
        from allelake.warehouse.info import read_lake_info

        self.path = Path(path)
        self.info: LakeInfo = read_lake_info(self.path)
        self.as_of = as_of
        self._limits = limits or Limits()
        self._at = Opening(self.info, self._limits, as_of)

    def _settled(self) -> Self:
        """This lake, opened already: whoever commits from now on changes none of its answers."""
        self._at.settle()
        return self

    @property
    def _connection(self) -> "DuckDBPyConnection":
        return self._at.opened.connection

    @property
    def snapshot(self) -> int:
        """The number of the snapshot that answers come from."""
        return self._at.number

    def refresh(self) -> int:
        """Moves to the newest snapshot, and returns its number. Answers made before keep theirs.

        A lake opened as of an earlier snapshot stays there; who withdrew meanwhile is gone from it.
        """
        self._at = Opening(self.info, self._limits, self.as_of)
        return self.snapshot

    def close(self) -> None:
        """Frees what DuckDB holds. Answers that were not read yet cannot be read any more."""
        self._at.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Lake {self.path}: {self.info.assembly}, snapshot {self.snapshot}>"

    def connect(self) -> "DuckDBPyConnection":
        """A DuckDB connection of your own on the newest snapshot, without limits: join your frames.

        The lake's tables and macros are its default names; nothing in the lake can be written. Of
        a lake opened as of an earlier snapshot it is a connection on that one.
        """
        if self.as_of is None:
            return open_lake(self.path, Limits())
        return open_at(self.info, Limits(), self.as_of).connection

    # Questions

    def allele_frequency(
        self,
        cohort: str = "all",
        *,
        region: Where = None,
        by: str | None = None,
        policy: str = "raw",
        ploidy: Ploidy = "as_called",
        filter: Filter = "any",
        min_ac: int = 0,
        min_an: int = 0,
        variant: str | None = None,
        id: str | None = None,
        bed: Path | str | None = None,
    ) -> Answer:
        """How common each alternate allele is in one cohort.

        One row per variant the lake knows there, those nobody in the cohort carries included, in
        the order of the genome: `ac` copies among `an` called alleles, and `af` = ac / an in
        [0, 1], NULL where `an` is 0. `by` gives one row per variant and value of that attribute
        of samples, in a column of its name after `alt`.

        Where: `region` (1-based, inclusive), a `bed` file (0-based, half-open), one `variant`
        ('22-16050075-A-G') or one `id` ('rs587697622'); one of them at most.
        """
        place = place_of(self._connection, region, bed, variant, id)
        terms = Terms(cohort, policy, ploidy, filter)
        bounds = {"min_ac": min_ac, "min_an": min_an}
        arguments = {**place.argument(), **terms.arguments(), **bounds}
        further = {"by": by} if by is not None else {}
        further |= {name: str(bound) for name, bound in bounds.items() if bound}
        if by is None:
            source = call("allele_frequency", cohort, **arguments)
            sql = in_genome_order(source, place.variants, regions=place.regions)
        else:
            source = call("allele_frequency_by", cohort, by, **arguments)
            sql = self._by_parts(source, by, place)
        return self._answer("allele_frequency", sql, terms, place, further)

    def _by_parts(self, source: str, by: str, place: Place) -> str:
        # An attribute may be named as a column of the answer: that column keeps its name.
        # An empty name is refused by the question itself.
        is_taken = not by or by in self._connection.sql(f"FROM {source} LIMIT 0").columns
        rename = {} if is_taken else {"attribute_value": by}
        return in_genome_order(source, place.variants, ["attribute_value"], rename, place.regions)

    def genotype_counts(
        self,
        cohort: str = "all",
        *,
        region: Where = None,
        policy: str = "raw",
        ploidy: Ploidy = "as_called",
        filter: Filter = "any",
        variant: str | None = None,
        id: str | None = None,
        bed: Path | str | None = None,
    ) -> Answer:
        """How many people of a cohort have each kind of genotype, per variant."""
        place = place_of(self._connection, region, bed, variant, id)
        terms = Terms(cohort, policy, ploidy, filter)
        source = call("genotype_counts", cohort, **place.argument(), **terms.arguments())
        sql = in_genome_order(source, place.variants, regions=place.regions)
        return self._answer("genotype_counts", sql, terms, place)

    def carriers(
        self,
        cohort: str = "all",
        *,
        region: Where = None,
        policy: str = "raw",
        ploidy: Ploidy = "as_called",
        filter: Filter = "any",
        variant: str | None = None,
        id: str | None = None,
        bed: Path | str | None = None,
    ) -> Answer:
        """Who carries which alternate alleles: one row per variant and sample with a copy.

        `alt_count` adds up to the `ac` of `allele_frequency` under the same terms.
        """
        place = place_of(self._connection, region, bed, variant, id)
        terms = Terms(cohort, policy, ploidy, filter)
        source = call("carriers", in_cohort=cohort, **place.argument(), **terms.arguments())
        sql = in_genome_order(source, place.variants, ["sample_id"], regions=place.regions)
        return self._answer("carriers", sql, terms, place)

    def explain(
        self,
        variant: str,
        cohort: str = "all",
        *,
        samples: bool = False,
        policy: str = "raw",
        ploidy: Ploidy = "as_called",
        filter: Filter = "any",
    ) -> Answer:
        """Why `an` is what it is at a variant ('22-16050075-A-G', or an identifier).

        One row per group of samples that are alike, with the part of `an` they are in and the
        reason; or, with `samples`, one per sample, by name.
        """
        terms = Terms(cohort, policy, ploidy, filter)
        sql = explain_sql(variant, cohort, terms.arguments(), samples)
        question = "explain_samples" if samples else "explain_an"
        return self._answer(question, sql, terms, Place(said={"variant": variant}))

    def summary(
        self,
        cohort: str = "all",
        *,
        region: Where = None,
        policy: str = "raw",
        ploidy: Ploidy = "as_called",
        filter: Filter = "any",
        bed: Path | str | None = None,
    ) -> Answer:
        """A cohort's figures as rows of section, item, value and note, in reading order.

        People by sex and attribute; variants by kind and frequency; Ti/Tv, het/hom, call rate.
        """
        place = place_of(self._connection, region, bed)
        terms = Terms(cohort, policy, ploidy, filter)
        sql = summary_sql(cohort, {**place.argument(), **terms.arguments()})
        return self._answer("summary", sql, terms, place)

    def sample_summary(self, cohort: str = "all") -> Answer:
        """What each sample of a cohort carries, and how well it was called: a row per sample."""
        about = self._about("sample_summary", cohort=cohort, policy="raw", ploidy="as_called")
        return Answer(self._connection, per_person_sql(cohort), about)

    def variant(self, name: str) -> Answer:
        """What the lake knows of one variant, by '22-16050075-A-G' or its identifier."""
        return self.query("variant", name)

    def query(self, name: str, *positional: Argument, **named: Argument) -> Answer:
        """Any of the lake's queries by its name and arguments (see `queries`), in its own order.

        `lake.query("call_rate", "CHS", in_region="chr22")`
        """
        asked = call(name, *positional, **named)
        about = self._about(name, further={"call": asked})
        return Answer(self._connection, f"FROM {asked}", about)

    def sql(self, query: str) -> Answer:
        """The answer to one SELECT over the lake's tables, views and macros.

        The text is checked: it may read the lake and nothing else, and change nothing.
        """
        from allelake.queries.sandbox import check_select, vocabulary

        with tidy_errors():
            text = check_select(query, vocabulary(self._connection))
        return Answer(self._connection, text, self._about("sql"))

    def samples(self) -> Answer:
        """Everybody with genotypes: name, person, batch, sex and imported attributes."""
        return self._plain("samples", "FROM samples ORDER BY sample_number")

    def cohorts(self) -> Answer:
        """The cohorts: name, members, and the predicate or the length of the list behind each."""
        sql = (
            "SELECT cohort, coalesce(members, 0) AS members, predicate, len(sample_ids) AS listed, "
            "created_by, created_at FROM cohorts LEFT JOIN (SELECT cohort, count(*) AS members "
            "FROM cohort_members GROUP BY cohort) USING (cohort) ORDER BY cohort"
        )
        return self._plain("cohorts", sql)

    def cohort_samples(self, name: str) -> Answer:
        """Who is in a cohort."""
        sql = f"FROM {call('cohort_samples', name)} ORDER BY sample_number"
        about = self._about("cohort_samples", cohort=name)
        return Answer(self._connection, sql, about)

    def files(self) -> "list[StoredFile]":
        """The files of this snapshot: what other engines may read, paths relative to the lake."""
        return list(self._at.opened.files)

    def diff(
        self,
        before: "AsOf",
        after: "AsOf | None" = None,
        *,
        cohort: str = "all",
        threshold: float = 0.01,
        region: Where = None,
        policy: str = "raw",
        ploidy: Ploidy = "as_called",
        filter: Filter = "any",
    ) -> "Difference":
        """What differs between two snapshots, by default up to the current one.

        `variants`: whose `af` in the cohort changed by more than `threshold`, that are new or
        gone, or whose `af` became known or unknown; with ac, an and its parts on both sides.
        `samples`: who was added, withdrawn or replaced. Who has withdrawn by today is in neither
        side's frequencies.
        """
        from allelake.queries.difference import difference
        from allelake.warehouse.catalog.as_of import removed_between

        terms = {"region": region, "policy": policy, "ploidy": ploidy, "filter": filter}
        now = self.snapshot if after is None else after
        with (
            Lake(self.path, self._limits, before) as old,
            Lake(self.path, self._limits, now) as new,
        ):
            people = (old._names_by_number(), new._names_by_number())
            return difference(
                self.path,
                old.allele_frequency(cohort, **terms),  # type: ignore[arg-type]
                new.allele_frequency(cohort, **terms),  # type: ignore[arg-type]
                removed_between(self.path, old.files(), new.files()),
                people,
                threshold,
            )

    def _names_by_number(self) -> dict[int, str]:
        with tidy_errors():
            rows = self._connection.execute("SELECT sample_number, sample_id FROM samples")
            return dict(rows.fetchall())

    def _plain(self, name: str, sql: str) -> Answer:
        return Answer(self._connection, sql, self._about(name))

    def _answer(
        self,
        question: str,
        sql: str,
        terms: Terms,
        place: Place,
        further: Mapping[str, str] | None = None,
    ) -> Answer:
        about = self._about(
            question,
            cohort=terms.cohort,
            policy=terms.policy,
            ploidy=terms.ploidy,
            filter=terms.filter,
            further={**(place.said or {}), **(further or {})},
        )
        return Answer(self._connection, sql, about, is_own=True)

    def _about(
        self,
        question: str,
        *,
        cohort: str | None = None,
        policy: str | None = None,
        ploidy: str | None = None,
        filter: str | None = None,
        further: Mapping[str, str] | None = None,
    ) -> About:
        redacted = self._at.opened.snapshot.redacted
        return About(
            question,
            self._name,
            self.snapshot,
            cohort,
            policy,
            ploidy,
            filter,
            further or {},
            f"{redacted.time} UTC" if redacted else None,
        )

    @property
    def _name(self) -> str:
        """The folder's name: where it lies is nobody's business in an answer that travels."""
        return self.path.resolve().name
