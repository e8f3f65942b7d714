"""Kinship and the unrelated set of a lake's cohort: computed and stored."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from allelake.counted import counted
from allelake.errors import QueryError, UsageError
from allelake.structure.genotypes import GenotypeReader
from allelake.structure.people import People, people_of
from allelake.structure.prune import PruneRules, prune
from allelake.structure.relationship import DEGREES, THIRD
from allelake.structure.sites import SiteRules, common_sites
from allelake.structure.stored import (
    Opened,
    SiteSource,
    Steps,
    StoredResult,
    opened,
    refuse_few_sites,
    refuse_unfit,
)
from allelake.structure.unrelated import largest_unrelated

if TYPE_CHECKING:
    from allelake.structure.kinship import Kinship


def store_pruned_sites(
    lake: Path,
    cohort: str = "all",
    sites: SiteRules | None = None,
    rules: PruneRules | None = None,
    steps: Steps | None = None,
) -> StoredResult:
    """Stores the common sites of a cohort of which no two near each other correlate."""
    chosen, rules, steps = sites or SiteRules(), rules or PruneRules(), steps or Steps()
    _ = rules.size
    with opened(lake) as opening:
        people = people_of(opening.connection, cohort)
        refuse_unfit(people, 2, "a correlation of sites", cohort)
        steps.on_step("choosing sites")
        common = common_sites(opening.connection, cohort, chosen)
        steps.on_step("pruning")
        reader = GenotypeReader(opening.connection, people, common)
        kept = common.where(prune(reader, rules, steps.on_progress))
        said = {
            **chosen.said(),
            **rules.said(),
            "samples": len(people),
            "common_sites": len(common),
            "pruned_sites": len(kept),
        }
        refuse_few_sites(len(kept), f"of {len(common):,} common sites are left after pruning and")
        return opening.store(
            "pruned_sites", cohort, {"pruned_sites": kept.table}, said, people.numbers
        )


def store_kinship(
    lake: Path,
    cohort: str = "all",
    source: SiteSource = "common",
    sites: SiteRules | None = None,
    min_kinship: float = THIRD,
    steps: Steps | None = None,
) -> StoredResult:
    """Stores the pairs of a cohort whose KING-robust kinship is at least `min_kinship`."""
    from allelake.structure.kinship import kinship_pairs

    chosen, steps = sites or SiteRules(), steps or Steps()
    if not -1 <= min_kinship <= 0.5:
        raise UsageError(
            f"The least kinship lies between -1 and 0.5, not at {min_kinship:g}: 0.25 is the first "
            "degree, 0.0442 the border of the third."
        )
    with opened(lake) as opening:
        people = people_of(opening.connection, cohort)
        refuse_unfit(people, 2, "kinship", cohort)
        steps.on_step("choosing sites")
        where = opening.sites(source, cohort, chosen)
        steps.on_step("comparing people")
        reader = GenotypeReader(opening.connection, people, where)
        found = kinship_pairs(reader, min_kinship, steps.on_progress)
        said = {
            "sites": source,
            **(chosen.said() if source == "common" else {}),
            "min_kinship": min_kinship,
            "samples": len(people),
            "used_sites": len(where),
            "ibs0_of_strangers": found.ibs0_of_strangers,
            **_counted(found),
        }
        opening.notes += _doubts(found, len(where))
        return opening.store("kinship", cohort, {"kinship": found.pairs}, said, people.numbers)


def _doubts(found: "Kinship", sites: int) -> list[str]:
    """What a reader of these pairs should know."""
    notes = []
    if found.unknown:
        notes.append(
            f"Of {found.unknown:,} pairs kinship says nothing: one of the two is heterozygous at "
            "no site at which both are called."
        )
    few = int(pc.sum(pc.less(found.pairs.column("snps"), sites / 2)).as_py() or 0)
    if few:
        notes.append(
            f"{few:,} of the pairs were compared at fewer than half of the sites. Where files "
            "name carriers only and nothing tells where the others are reference, kinship comes "
            "out too high."
        )
    return notes


def _counted(found: "Kinship") -> dict[str, int]:
    """How many pairs were looked at and stored, and how many have each relationship."""
    named = pc.value_counts(found.pairs.column("relationship").drop_null()).to_pylist()
    return {
        "pairs_looked_at": found.looked_at,
        "pairs_without_kinship": found.unknown,
        "pairs_stored": found.pairs.num_rows,
        **{str(each["values"]): int(each["counts"]) for each in named},
    }


def store_unrelated(
    lake: Path, cohort: str = "all", degree: int = 2, steps: Steps | None = None
) -> StoredResult:
    """Stores a largest set of a cohort's people of whom no two are related, out of its kinship.

    `degree`: the furthest one that counts as related: 1, 2 or 3.
    """
    steps = steps or Steps()
    if degree not in DEGREES:
        raise UsageError(f"The degree is 1, 2 or 3, not {degree}.")
    cutoff = DEGREES[degree]
    with opened(lake) as opening:
        people = people_of(opening.connection, cohort)
        result = opening.result("kinship", cohort)
        _refuse_higher(result["settings"], cutoff, degree)
        _refuse_uncompared(opening, people, result["result"], cohort)
        pairs = opening.table(
            "SELECT sample_number_1, sample_number_2 FROM kinship "
            "WHERE result = $result AND kinship > $cutoff ORDER BY ALL",
            {"result": result["result"], "cutoff": cutoff},
        )
        sides = np.stack([np.asarray(column) for column in pairs.columns], axis=1)
        places = np.searchsorted(people.numbers, sides)
        places[places == len(people)] = 0
        in_cohort = (people.numbers[places] == sides).all(axis=1)
        steps.on_step("choosing people")
        found = largest_unrelated(len(people), places[in_cohort])
        said = {
            "degree": degree,
            "kinship_above": cutoff,
            "samples": len(people),
            "related_pairs": int(in_cohort.sum()),
            "unrelated_samples": len(found.members),
            "groups": found.groups,
            "groups_not_solved_exactly": found.greedy_groups,
        }
        rows = pa.table({"sample_number": pa.array(people.numbers[found.members], pa.int32())})
        return opening.store("unrelated", cohort, {"unrelated": rows}, said, people.numbers)


def _refuse_uncompared(opening: Opened, people: People, result: int, cohort: str) -> None:
    """Refuses people whose relatives nobody looked for: they would pass for unrelated."""
    compared = opening.table(
        "SELECT unnest(sample_numbers) FROM results WHERE result = $result", {"result": result}
    )
    unknown = int((~np.isin(people.numbers, np.asarray(compared.column(0)))).sum())
    if unknown:
        raise QueryError(
            f"{counted(unknown, 'sample')} of the cohort {cohort!r} came after its kinship was "
            "computed, and may be related to anybody. Run `allelake structure kinship` again first."
        )


def _refuse_higher(settings: dict[str, Any], cutoff: float, degree: int) -> None:
    stored = float(settings["min_kinship"])
    if stored > cutoff:
        raise UsageError(
            f"The stored kinship has pairs from {stored:g} on, and a degree of {degree} begins at "
            f"{cutoff:.4f}. Run `allelake structure kinship` with a lower --min-kinship."
        )
