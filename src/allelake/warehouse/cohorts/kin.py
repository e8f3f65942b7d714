"""What a cohort's predicate may ask of families, beyond the columns of `samples`.

family_id      the participant's family, as the pedigree has it
is_founder     whether the pedigree knows neither father nor mother of the participant
is_unrelated   whether the sample is in the stored largest set of people who are not related
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from allelake.errors import QueryError
from allelake.warehouse.cohorts.predicate import predicate_columns
from allelake.warehouse.results.derived import result_of

KIN_COLUMNS = ("family_id", "is_founder", "is_unrelated")
_UNRELATED = "is_unrelated"
_SET = "unrelated"


def with_kin(
    tables: Mapping[str, pa.Table], cohorts: pa.Table, unrelated_files: Iterable[Path]
) -> pa.Table:
    """`samples` with those of the columns that a cohort's predicate names.

    An imported attribute of such a name is taken as it is. Raises QueryError where no unrelated
    set is stored, and one is asked for.
    """
    samples, pedigree = tables["samples"], tables["pedigree"]
    asked = _asked(cohorts, samples.column_names)
    people = samples["participant_id"].to_pylist() if asked else []
    known = {row["participant_id"]: row for row in pedigree.to_pylist()} if asked else {}
    rows = [known.get(person, {}) for person in people]
    if "family_id" in asked:
        families = pa.array([row.get("family_id") for row in rows], pa.string())
        samples = samples.append_column("family_id", families)
    if "is_founder" in asked:
        has_parent = [row.get("father_id") or row.get("mother_id") for row in rows]
        samples = samples.append_column("is_founder", pa.array([not each for each in has_parent]))
    if _UNRELATED in asked:
        chosen = _unrelated(tables["results"], samples, unrelated_files)
        samples = samples.append_column(_UNRELATED, pa.array(chosen, pa.bool_()))
    return samples


def _asked(cohorts: pa.Table, taken: Sequence[str]) -> set[str]:
    """The columns that one of the predicates names, and that no attribute is called."""
    texts = [text for text in cohorts["predicate"].to_pylist() if text]
    # Parsing takes milliseconds, and hardly any predicate asks for families.
    maybe = [text for text in texts if any(name in text.casefold() for name in KIN_COLUMNS)]
    named = {column.casefold() for text in maybe for column in predicate_columns(text)}
    return {name for name in KIN_COLUMNS if name in named and name not in taken}


def _unrelated(results: pa.Table, samples: pa.Table, files: Iterable[Path]) -> list[bool | None]:
    """Whether each sample is in the set; None where it was not asked when the set was made."""
    row = next((r for r in results.to_pylist() if (r["kind"], r["name"]) == (_SET, "all")), None)
    if row is None:
        raise QueryError(
            "is_unrelated asks for the stored set of people who are not related, and there is "
            "none. `allelake structure unrelated LAKE` makes it. Nothing was changed."
        )
    considered = set(row["sample_numbers"])
    inside = {
        number
        for file in files
        if result_of(file) == row["result"]
        for number in pq.read_table(file, partitioning=None)["sample_number"].to_pylist()
    }
    numbers = samples["sample_number"].to_pylist()
    return [n in inside if n in considered else None for n in numbers]
