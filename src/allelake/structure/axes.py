"""Principal components of a lake's cohort, and projections onto them: computed and stored."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from allelake.errors import QueryError, UsageError
from allelake.structure.genotypes import GenotypeReader
from allelake.structure.packed import read_along_people
from allelake.structure.people import People, people_of
from allelake.structure.sites import SiteRules, Sites
from allelake.structure.standardised import Standardised, allele_shares
from allelake.structure.stored import (
    Opened,
    SiteSource,
    Steps,
    StoredResult,
    opened,
    refuse_few_sites,
    refuse_unfit,
)

if TYPE_CHECKING:
    from allelake.structure.pca import Components, Matrix

_LOADINGS = """
SELECT l.contig, l.position, l.ref, l.alt, l.af, l.weights
FROM loadings l JOIN contigs c ON l.contig = c.contig
WHERE l.result = $result ORDER BY c.contig_order, l.position
"""


# Projected scores that lie at more than this share of their distance need no note.
MUCH_LEFT = 0.9


@dataclass(frozen=True)
class Loadings:
    """What each site adds to components: `af` and `weights` (sites x components) of `sites`."""

    sites: Sites
    af: NDArray[np.float64]
    weights: "Matrix"
    eigenvalues: "Matrix"

    def rows(self) -> pa.Table:
        """Rows of the table `loadings`."""
        offsets = np.arange(len(self.sites) + 1, dtype=np.int32) * self.weights.shape[1]
        lists = pa.ListArray.from_arrays(
            pa.array(offsets),
            pa.array(np.ascontiguousarray(self.weights).ravel(), pa.float64()),
            type=pa.list_(pa.field("element", pa.float64())),
        )
        table = self.sites.table.append_column("af", pa.array(self.af))
        return table.append_column("weights", lists)


def _stored_loadings(opening: Opened, result: int) -> Loadings:
    rows = opening.table(_LOADINGS, {"result": result})
    values = opening.table(
        "SELECT eigenvalue FROM eigenvalues WHERE result = $result ORDER BY component",
        {"result": result},
    )
    return Loadings(
        Sites(rows.select(["contig", "position", "ref", "alt"])),
        np.asarray(rows.column("af")),
        np.stack(rows.column("weights").to_numpy(zero_copy_only=False)),
        np.asarray(values.column("eigenvalue")),
    )


@dataclass(frozen=True)
class PcaRules:
    """`count` components; `use_everybody`: relatives too; `seed` of the random beginning."""

    count: int = 10
    use_everybody: bool = False
    seed: int = 1

    def __post_init__(self) -> None:
        if self.count < 1:
            raise UsageError(f"The number of components is 1 or more, not {self.count}.")


def store_components(
    lake: Path,
    cohort: str = "all",
    rules: PcaRules | None = None,
    source: SiteSource = "pruned",
    sites: SiteRules | None = None,
    steps: Steps | None = None,
) -> StoredResult:
    """Stores the first components of a cohort: scores, eigenvalues, and loadings of sites.

    Where an unrelated set of the cohort is stored, components are found with those people, and
    the others projected; `use_everybody` finds them with all.
    """
    rules, chosen, steps = rules or PcaRules(), sites or SiteRules(), steps or Steps()
    with opened(lake) as opening:
        people = people_of(opening.connection, cohort)
        is_used = _used(opening, cohort, people, rules.use_everybody)
        used, others = people.among(is_used), people.among(~is_used)
        _refuse_few(used, cohort, rules.count)
        steps.on_step("choosing sites")
        where = opening.sites(source, cohort, chosen)
        found, loadings, scores = _found(opening, used, where, rules, steps)
        if len(others):
            steps.on_step("projecting relatives")
            scores = pa.concat_tables([scores, _projected_rows(opening, others, loadings, steps)])
        said = {
            "sites": source,
            **(chosen.said() if source == "common" else {}),
            "components": rules.count,
            "seed": rules.seed,
            "samples": len(people),
            "used_samples": len(used),
            "projected_samples": len(others),
            "used_sites": len(loadings.sites),
            "residual": found.residual,
        }
        tables = _tables(scores, found, loadings)
        return opening.store("pca", cohort, tables, said, people.numbers)


def _found(
    opening: Opened, used: People, sites: Sites, rules: PcaRules, steps: Steps
) -> "tuple[Components, Loadings, pa.Table]":
    """Components of people, what sites add to them, and the rows of their scores; notes doubts."""
    from allelake.structure.pca import components

    steps.on_step("reading genotypes")
    genotypes, varying = _varying(opening, used, sites, steps)
    steps.on_step("finding components")
    found = components(genotypes, rules.count, rules.seed, steps.on_progress)
    _refuse_flat(found, rules.count)
    opening.notes += _doubts(found)
    scores = _score_rows(used, found.scores, _known_shares(genotypes), is_projected=False)
    return found, Loadings(varying, genotypes.af, found.weights, found.eigenvalues), scores


def store_projection(
    lake: Path, cohort: str, onto: str = "all", steps: Steps | None = None
) -> StoredResult:
    """Stores the scores of a cohort's people along the components of another cohort."""
    steps = steps or Steps()
    with opened(lake) as opening:
        people = people_of(opening.connection, cohort)
        result = opening.result("pca", onto)
        loadings = _stored_loadings(opening, result["result"])
        steps.on_step("projecting")
        rows = _projected_rows(opening, people, loadings, steps)
        shares = np.asarray(rows.column("known_share"))
        said = {
            "onto": onto,
            "samples": len(people),
            "used_sites": len(loadings.sites),
            "least_known_share": float(shares.min()),
        }
        if not shares.any():
            raise QueryError(
                f"None of the {len(loadings.sites):,} sites of the components of {onto!r} is known "
                f"in anybody of the cohort {cohort!r}. Ingest files that have these sites."
            )
        opening.notes += _drawn_in(loadings.eigenvalues)
        return opening.store(
            "projection", cohort, {"principal_components": rows}, said, people.numbers
        )


def _drawn_in(eigenvalues: "Matrix") -> list[str]:
    """By how much new people come out nearer to the middle, if that is much.

    Whoever components were found with pulls them along: of a score the part 1 / eigenvalue is the
    person's own doing, since a person's relationship to itself is 1. New people lack that part.
    """
    left = np.maximum(1 - 1 / eigenvalues, 0)
    if left.min() > MUCH_LEFT:
        return []
    return [
        "New people come out nearer to the middle than those the components were found with: at "
        f"about {left[0]:.0%} of the distance along the first component, {left[-1]:.0%} along the "
        "last. With more people to find components with the difference is smaller."
    ]


def _used(opening: Opened, cohort: str, people: People, use_everybody: bool) -> NDArray[np.bool_]:
    """Whom components are found with."""
    if use_everybody or not opening.has("unrelated", cohort):
        if not use_everybody:
            opening.notes.append(
                f"No unrelated set of {cohort!r} is stored: everybody is used, relatives too. "
                "`allelake structure unrelated` stores one."
            )
        return np.ones(len(people), bool)
    result = opening.result("unrelated", cohort)
    found = opening.table(
        "SELECT sample_number FROM unrelated WHERE result = $result", {"result": result["result"]}
    )
    return np.isin(people.numbers, np.asarray(found.column("sample_number")))


def _refuse_few(used: People, cohort: str, count: int) -> None:
    refuse_unfit(used, 3, "a principal component analysis", cohort)
    if count > len(used) - 1:
        raise UsageError(
            f"{len(used)} people have {len(used) - 1} components at most, not {count}. Lower "
            "--components."
        )


def _doubts(found: "Components") -> list[str]:
    """What a reader of these components should know."""
    from allelake.structure.pca import SETTLED

    if found.residual < 10 * SETTLED:
        return []
    return [
        f"The last components are not settled (to {found.residual:.1g} of the first eigenvalue): "
        "people differ along further axes nearly as much. Ask for fewer --components."
    ]


def _refuse_flat(found: "Components", count: int) -> None:
    """Refuses components along which nobody differs: any axis would do there."""
    if found.eigenvalues[0] <= 1e-6:
        raise QueryError(
            "The people have the same genotype at every site that is called in them, so that they "
            "differ along no axis. Ask for other people."
        )
    if found.eigenvalues[-1] <= found.eigenvalues[0] * 1e-6:
        raise QueryError(
            f"The people differ along fewer than {count} components. Lower --components."
        )


def _varying(
    opening: Opened, people: People, sites: Sites, steps: Steps
) -> tuple[Standardised, Sites]:
    """Genotypes at the sites at which people vary, and those sites."""
    reader = GenotypeReader(opening.connection, people, sites)
    planes = read_along_people(reader, steps.on_progress)
    af, _ = allele_shares(planes, len(people))
    varies = (af > 0) & (af < 1)
    refuse_few_sites(int(varies.sum()), f"of {len(sites):,} sites vary among these people and")
    return Standardised(planes.where(varies), len(people), af[varies]), sites.where(varies)


def _known_shares(genotypes: Standardised) -> NDArray[np.float64]:
    """The share of sites that are called in each person."""
    missing = np.zeros(genotypes.people)
    planes = genotypes.planes
    for start in range(0, len(planes), 2_048):
        own = slice(start, start + 2_048)
        bits = np.unpackbits(
            (planes.doubled[own] & ~planes.carried[own]).view(np.uint8),
            axis=1,
            bitorder="little",
            count=genotypes.people,
        )
        missing += bits.sum(axis=0)
    return 1 - missing / len(planes)


def _projected_rows(opening: Opened, people: People, loadings: Loadings, steps: Steps) -> pa.Table:
    from allelake.structure.pca import projected

    reader = GenotypeReader(opening.connection, people, loadings.sites)
    planes = read_along_people(reader, steps.on_progress)
    genotypes = Standardised(planes, len(people), loadings.af)
    scores = projected(genotypes, loadings.weights, loadings.eigenvalues)
    return _score_rows(people, scores, _known_shares(genotypes), is_projected=True)


def _score_rows(
    people: People, scores: "Matrix", known: NDArray[np.float64], *, is_projected: bool
) -> pa.Table:
    count = scores.shape[1]
    is_unknown = np.repeat(known == 0, count)
    return pa.table(
        {
            "sample_number": pa.array(np.repeat(people.numbers, count), pa.int32()),
            "component": pa.array(np.tile(np.arange(1, count + 1), len(people)), pa.int16()),
            "score": pa.array(scores.ravel(), pa.float64(), mask=is_unknown),
            "is_projected": pa.array(np.full(scores.size, is_projected)),
            "known_share": pa.array(np.repeat(known, count), pa.float64()),
        }
    )


def _tables(scores: pa.Table, found: "Components", loadings: Loadings) -> dict[str, pa.Table]:
    eigenvalues = pa.table(
        {
            "component": pa.array(np.arange(1, len(found.eigenvalues) + 1), pa.int16()),
            "eigenvalue": pa.array(found.eigenvalues, pa.float64()),
            "share": pa.array(found.shares, pa.float64()),
        }
    )
    return {
        "principal_components": scores,
        "eigenvalues": eigenvalues,
        "loadings": loadings.rows(),
    }
