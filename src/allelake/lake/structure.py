"""Relatedness and structure of a lake's cohorts in Python: computed, stored, and asked."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from allelake.queries.answer import Answer
    from allelake.structure.sites import SiteRules
    from allelake.structure.stored import StoredResult


class LakeStructure:
    """What a `Lake` computes of who is related to whom. Each method is a commit."""

    def prune(
        self,
        cohort: str = "all",
        *,
        window: str = "500kb",
        step: int = 1,
        max_r2: float = 0.2,
        min_maf: float = 0.01,
        max_missing: float = 0.05,
        left_out: Path | str | None = None,
    ) -> "Answer":
        """Stores the common SNVs of which no two near each other correlate, and returns them.

        As `plink2 --indep-pairwise`: `window` is '500kb' or a number of sites, `step` a number of
        sites. `left_out`: a BED file of regions that do not count.
        """
        from allelake.structure.prune import PruneRules
        from allelake.structure.relatives import store_pruned_sites

        sites = _rules(min_maf, max_missing, left_out)
        rules = PruneRules(window, step, max_r2)
        return self._stored_rows(store_pruned_sites(self._writable(), cohort, sites, rules))

    def kinship(
        self,
        cohort: str = "all",
        *,
        sites: Literal["common", "pruned"] = "common",
        min_kinship: float | None = None,
        min_maf: float = 0.01,
        max_missing: float = 0.05,
    ) -> "Answer":
        """Stores KING-robust kinship of all pairs, and returns those from `min_kinship` on.

        By default those up to the third degree. `sites`: all common ones, or those that `prune`
        stored.
        """
        from allelake.structure.relationship import THIRD
        from allelake.structure.relatives import store_kinship

        least = THIRD if min_kinship is None else min_kinship
        rules = _rules(min_maf, max_missing)
        return self._stored_rows(store_kinship(self._writable(), cohort, sites, rules, least))

    def unrelated(self, cohort: str = "all", *, degree: int = 2) -> "Answer":
        """Stores a largest set of people of whom no two are related, and returns who is in it.

        Of the stored kinship; `degree` is the furthest one that counts as related.
        """
        from allelake.structure.relatives import store_unrelated

        return self._stored_rows(store_unrelated(self._writable(), cohort, degree))

    def pca(
        self,
        cohort: str = "all",
        *,
        components: int = 10,
        sites: Literal["common", "pruned"] = "pruned",
        use_everybody: bool = False,
        min_maf: float = 0.01,
        max_missing: float = 0.05,
    ) -> "Answer":
        """Stores principal components, and returns the score of each person.

        They are found with the stored unrelated set, if there is one, and its relatives projected;
        `use_everybody` finds them with all.
        """
        from allelake.structure.axes import PcaRules, store_components

        stored = store_components(
            self._writable(),
            cohort,
            PcaRules(components, use_everybody),
            sites,
            _rules(min_maf, max_missing),
        )
        return self._stored_rows(stored)

    def project(self, cohort: str, *, onto: str = "all") -> "Answer":
        """Stores the scores of a cohort along the components of another, and returns them."""
        from allelake.structure.axes import store_projection

        return self._stored_rows(store_projection(self._writable(), cohort, onto))

    def _stored_rows(self, stored: "StoredResult") -> "Answer":
        """The rows of a result that was just stored."""
        self.refresh()
        return stored_rows(self, stored)

    def _writable(self) -> Path:
        raise NotImplementedError

    def refresh(self) -> int:
        """Moves to the newest snapshot, and returns its number."""
        raise NotImplementedError


# What each kind of result is read by.
_ROWS = {
    "pruned_sites": "FROM pruned_variants({})",
    "kinship": "FROM kinship_pairs({}) ORDER BY kinship DESC, sample_number_1, sample_number_2",
    "unrelated": "FROM unrelated_samples({}) ORDER BY sample_number",
    "pca": "FROM pca_scores({}) ORDER BY sample_number",
    "projection": "FROM pca_scores({}, in_kind := 'projection') ORDER BY sample_number",
}


def stored_rows(lake: Any, stored: "StoredResult") -> "Answer":
    """The rows of a stored result as an answer of the lake, which shows it."""
    from allelake.queries.answer import Answer
    from allelake.warehouse.quoting import sql_literal

    sql = _ROWS[stored.kind].format(sql_literal(stored.cohort))
    return Answer(lake._connection, sql, lake._about(stored.kind, cohort=stored.cohort))


def _rules(min_maf: float, max_missing: float, left_out: Path | str | None = None) -> "SiteRules":
    from allelake.structure.sites import SiteRules, regions_left_out

    regions = () if left_out is None else regions_left_out(Path(left_out))
    return SiteRules(min_maf, max_missing, left_out=regions)
