"""Quality of a lake's sites and samples in Python."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from allelake.errors import QueryError
from allelake.queries.ask import Argument, call, in_genome_order
from allelake.queries.place import Place, place_of
from allelake.queries.terms import Terms

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from allelake.queries.answer import Answer

Ploidy = Literal["as_called", "by_sex"]
Filter = Literal["any", "pass"]
Where = str | Sequence[str] | None


class LakeQuality:
    """What a `Lake` tells of how good its sites and samples are."""

    @property
    def _connection(self) -> "DuckDBPyConnection":
        raise NotImplementedError

    def site_quality(
        self,
        cohort: str = "all",
        *,
        region: Where = None,
        bed: Path | str | None = None,
        policy: str = "raw",
        ploidy: Ploidy = "as_called",
        filter: Filter = "any",
        min_call_rate: float = 0.9,
        min_inbreeding: float = -0.3,
    ) -> "Answer":
        """How well each variant was called: call rate, mean DP and GQ, allele balance, a flag.

        `mean_dp` and `mean_gq` are of all genotypes of whole batches, and NULL for a cohort that
        is not made of whole batches.
        """
        terms, place = Terms(cohort, policy, ploidy, filter), self._place(region, bed)
        bounds = {"min_call_rate": min_call_rate, "min_inbreeding": min_inbreeding}
        source = call("site_quality", cohort, **place.argument(), **terms.arguments(), **bounds)
        return self._answer("site_quality", in_genome_order(source), terms, place)

    def hardy_weinberg(
        self,
        cohort: str = "all",
        *,
        by: str | None = None,
        region: Where = None,
        bed: Path | str | None = None,
        policy: str = "raw",
        ploidy: Ploidy = "by_sex",
        filter: Filter = "any",
        founders: bool = False,
    ) -> "Answer":
        """Whether genotypes fit Hardy-Weinberg: exact p, mid-p, excess of heterozygotes, F.

        `by` tests each value of an attribute by itself; `founders` leaves out people with a parent
        in the pedigree.
        """
        terms, place = Terms(cohort, policy, ploidy, filter), self._place(region, bed)
        named = {**place.argument(), **terms.arguments(), "is_founders_only": founders}
        if by is None:
            sql = in_genome_order(call("hardy_weinberg", cohort, **named))
        else:
            source = call("hardy_weinberg_by", cohort, by, **named)
            sql = in_genome_order(source, then=["attribute_value"])
        return self._answer("hardy_weinberg", sql, terms, place, _said(by=by, founders=founders))

    def hardy_weinberg_x(
        self,
        cohort: str = "all",
        *,
        region: Where = "X",
        policy: str = "raw",
        filter: Filter = "any",
        founders: bool = False,
    ) -> "Answer":
        """The same on X outside PAR, of men's alleles and women's genotypes together."""
        terms, place = Terms(cohort, policy, "by_sex", filter), self._place(region, None)
        named: dict[str, Argument] = {**place.argument(), "in_policy": policy, "in_filter": filter}
        source = call("hardy_weinberg_x", cohort, **named, is_founders_only=founders)
        sql = in_genome_order(source)
        return self._answer("hardy_weinberg_x", sql, terms, place, _said(founders=founders))

    def batch_differences(
        self,
        cohort: str = "all",
        *,
        by: str = "batch",
        within: str | None = None,
        region: Where = None,
        bed: Path | str | None = None,
        policy: str = "raw",
        ploidy: Ploidy = "as_called",
        filter: Filter = "any",
        max_p: float = 1e-4,
    ) -> "Answer":
        """Whether an allele is more common in one batch than in all others: a row for each.

        `by` is another attribute than the batch; `within` one whose values are compared apart
        (Cochran-Mantel-Haenszel instead of Fisher), such as the population. Raises QueryError
        where all people have one value.
        """
        terms, place = Terms(cohort, policy, ploidy, filter), self._place(region, bed)
        named: dict[str, Argument] = {**place.argument(), **terms.arguments(), "max_p": max_p}
        source = call("batch_differences", cohort, in_attribute=by, in_stratum=within, **named)
        sql = in_genome_order(source, then=["attribute_value"])
        return self._answer("batch_differences", sql, terms, place, _said(by=by, within=within))

    def sample_quality(
        self, cohort: str = "all", *, region: Where = None, bed: Path | str | None = None
    ) -> "Answer":
        """How each sample was called and what it carries, with its inbreeding coefficient F."""
        place = self._place(region, bed)
        source = call("sample_quality", cohort, **place.argument())
        return self._of_samples("sample_quality", source, cohort, place)

    def sample_outliers(
        self,
        cohort: str = "all",
        *,
        by: str | None = None,
        max_deviations: float = 4.0,
        region: Where = None,
    ) -> "Answer":
        """Samples that lie more than some median absolute deviations from their group's median.

        `by` is the attribute that makes the groups. Samples alone in their group, and groups of
        which more than half have one value, are told in `note`.
        """
        place = self._place(region, None)
        source = call(
            "sample_outliers",
            cohort,
            in_attribute=by,
            max_deviations=max_deviations,
            **place.argument(),
        )
        said = _said(by=by, max_deviations=max_deviations)
        return self._of_samples("sample_outliers", source, cohort, place, ["metric"], said)

    def inferred_sex(
        self,
        cohort: str = "all",
        *,
        max_female_f: float = 0.2,
        min_male_f: float = 0.8,
        max_female_y: float | None = 0.2,
        min_male_y: float | None = 0.8,
    ) -> "Answer":
        """The sex that genotypes on X and Y tell, beside the declared one.

        F on X of at most `max_female_f` tells XX, of at least `min_male_f` XY; call rates on Y
        likewise, None leaves Y out. Raises QueryError where one figure would tell both.
        """
        _refuse_overlap("F on X", max_female_f, min_male_f)
        _refuse_overlap("a call rate on Y", max_female_y, min_male_y)
        source = call(
            "inferred_sex",
            cohort,
            max_female_f=max_female_f,
            min_male_f=min_male_f,
            max_female_y=max_female_y,
            min_male_y=min_male_y,
        )
        return self._of_samples("inferred_sex", source, cohort, Place())

    def sample_duplicates(
        self,
        cohort: str = "all",
        *,
        region: Where = None,
        min_concordance: float = 0.98,
        min_variants: int = 50,
    ) -> "Answer":
        """Pairs of samples that are one person by genotype, or by name alone.

        Raises QueryError where fewer than `min_variants` variants lie far enough apart to tell.
        """
        place = self._place(region, None)
        source = call(
            "sample_duplicates",
            cohort,
            min_concordance=min_concordance,
            min_variants=min_variants,
            **place.argument(),
        )
        return self._of_samples("sample_duplicates", source, cohort, place, ["other_sample_id"])

    def mendel_errors(
        self,
        cohort: str = "all",
        *,
        region: Where = None,
        bed: Path | str | None = None,
        filter: Filter = "any",
        duos: bool = False,
    ) -> "Answer":
        """Genotypes of children that their declared parents cannot have given: a row for each.

        `duos`: one parent is enough. Raises QueryError where no family is in the cohort.
        """
        terms, place = Terms(cohort, "raw", "as_called", filter), self._place(region, bed)
        named: dict[str, Argument] = {**place.argument(), "in_filter": filter}
        source = call("mendel_errors", cohort, **named, is_with_duos=duos)
        sql = in_genome_order(source, then=["participant_id"])
        return self._answer("mendel_errors", sql, terms, place, _said(duos=duos))

    def mendel_trios(
        self,
        cohort: str = "all",
        *,
        region: Where = None,
        bed: Path | str | None = None,
        filter: Filter = "any",
        duos: bool = False,
        max_error_rate: float = 0.03,
        min_variants: int = 50,
    ) -> "Answer":
        """Whether each child's genotypes fit its declared parents: a row per child."""
        terms, place = Terms(cohort, "raw", "as_called", filter), self._place(region, bed)
        named: dict[str, Argument] = {**place.argument(), "in_filter": filter}
        named |= {"max_error_rate": max_error_rate, "min_variants": min_variants}
        source = call("mendel_trios", cohort, **named, is_with_duos=duos)
        sql = f"FROM {source} ORDER BY participant_id"
        return self._answer("mendel_trios", sql, terms, place, _said(duos=duos))

    def _of_samples(
        self,
        question: str,
        source: str,
        cohort: str,
        place: Place,
        then: Sequence[str] = (),
        further: Mapping[str, str] | None = None,
    ) -> "Answer":
        """An answer in the order of sample numbers."""
        order = ", ".join(["samples.sample_number", *(f"answer.{name}" for name in then)])
        sql = (
            f"SELECT answer.* FROM {source} AS answer JOIN samples USING (sample_id) "
            f"ORDER BY {order}"
        )
        terms = Terms(cohort, "raw", "as_called", "any")
        return self._answer(question, sql, terms, place, further)

    def _place(self, region: Where, bed: Path | str | None) -> Place:
        return place_of(self._connection, region, bed)

    def _answer(
        self,
        question: str,
        sql: str,
        terms: Terms,
        place: Place,
        further: Mapping[str, str] | None = None,
    ) -> "Answer":
        """An answer that tells what was asked."""
        raise NotImplementedError


def _refuse_overlap(what: str, most: float | None, least: float | None) -> None:
    if most is not None and least is not None and most >= least:
        raise QueryError(
            f"With {what} of at most {most} for XX and at least {least} for XY, one figure would "
            "tell both. The first must be below the second."
        )


def _said(**settings: object) -> dict[str, str]:
    """Settings that are not left to themselves, as an answer tells them."""
    return {name: str(value) for name, value in settings.items() if value not in (None, False)}
