"""What views leave out of files that still hold people who were removed, until a purge.

The SQL is put around the SELECT of a view; a lake without removals has none of it.
"""

import re
from collections.abc import Iterable, Mapping

from allelake.warehouse.quoting import sql_identifier
from allelake.warehouse.results.derived import stays_in, texts_of_results
from allelake.warehouse.tables import load_tables
from allelake.warehouse.withdrawal.masks_people import masked_people, without_said
from allelake.warehouse.withdrawal.removed import Removed

BLOCK = 1_024
# Of `bits`: those that counts come from. Where none is left, no row says the same.
COUNT_PLANES = ("alt1", "alt2", "short1", "short2")
PLANES = (*COUNT_PLANES, "haploid", "phased", "second")
SITE_KEY = ("contig", "position", "ref", "alt", "end_position", "sv_length", "batch")
SITE_SUMS = ("dp_n", "dp_sum", "dp_histogram", "gq_n", "gq_sum", "gq_histogram")
# What a row of sites has from one sample's record.
OF_RECORD = (
    *("id", "other_ids", "qual", "filters", "record_position", "record_ref", "record_alt"),
    "source_sample",
)
_ZERO = "'" + r"\x00" * 128 + "'::BLOB"

# INFO that counts people, or sums over their reads and genotypes: it cannot be told without them.
_COUNTS = r"ac|an|af|ns|mac|maf|mleac|mleaf|dp|dp4|mq0|ncc|nhet|nhom\w*|hom|het|hemi|hwe|hwp|exchet"
_OTHER = r"excesshet|inbreedingcoeff|haplotypescore|gq_mean|gq_stddev|gqmean|sac|ncount|samples"
OF_PEOPLE = re.compile(rf"info_(?:(?:.*_)?(?:{_COUNTS})(?:_.*)?|{_OTHER})")


def masked(table: str, select: str, further: Mapping[str, str], removed: Removed) -> str:
    """The SELECT of a view of this table without the people who were removed."""
    if removed.is_earlier:
        if table in ("samples", "pedigree", "cohorts", "batches", "results"):
            return masked_people(table, select, further, removed)
        if table in ("sites", "calls"):
            select = without_said(select, further, removed)
        if load_tables()[table].is_derived:
            select = without_said(select, texts_of_results(load_tables()[table]), removed)
    if not removed.numbers:
        return select
    declared = load_tables()[table]
    if declared.is_derived:
        stay = stays_in(declared, removed.every_number, removed.results)
        return select if stay == "true" else f"SELECT * FROM (\n{select}\n) WHERE {stay}"
    if table in ("calls", "callable", "sample_counts", "cohort_members"):
        if table == "cohort_members" and not removed.is_earlier:
            return select
        return f"SELECT * FROM (\n{select}\n) WHERE {stays(removed)}"
    if table in ("bits", "ploidy"):
        return masked_planes(table, select, removed)
    if table != "sites":
        return select
    # Today's sites of per-sample batches were written anew when the people were removed.
    return masked_sites(select, further, removed if removed.is_earlier else joint_only(removed))


def joint_only(removed: Removed) -> Removed:
    """Those who are of joint batches."""
    joint = {b: of for b, of in removed.numbers.items() if b not in removed.per_sample}
    return Removed(joint)


def stays(removed: Removed, column: str = "sample_number") -> str:
    """SQL that is true of samples who stay, and of rows that are of no single sample."""
    return f"({column} IS NULL OR {column} NOT IN ({_listed(removed.every_number)}))"


def masked_planes(table: str, select: str, removed: Removed) -> str:
    """A SELECT with their bits cleared; a plane without a bit left is NULL."""
    names = PLANES if table == "bits" else ("haploid",)
    replaced = ", ".join(f"{_cleared(name, removed)} AS {name}" for name in names)
    text = f"SELECT * REPLACE ({replaced}) FROM (\n{select}\n)"
    return text if table == "bits" else f"SELECT * FROM (\n{text}\n) WHERE haploid IS NOT NULL"


def _cleared(plane: str, removed: Removed) -> str:
    cases = []
    for (batch, block), mask in kept_bits(removed).items():
        cases.append(
            f"WHEN batch = {batch} AND block = {block} "
            f"THEN nullif(({plane}::BIT & {mask})::BLOB, {_ZERO})"
        )
    return f"CASE {' '.join(cases)} ELSE {plane} END" if cases else plane


def kept_bits(removed: Removed) -> dict[tuple[int, int], str]:
    """For each batch and block with somebody to clear: the bits that stay, as SQL of type BIT."""
    masks: dict[tuple[int, int], bytearray] = {}
    for batch, numbers in removed.numbers.items():
        if batch in removed.per_sample:
            continue
        for number in numbers:
            mask = masks.setdefault((batch, number // BLOCK), bytearray(b"\xff" * (BLOCK // 8)))
            mask[number % BLOCK // 8] &= ~(128 >> number % 8)
    return {
        place: "'" + "".join(f"\\x{byte:02X}" for byte in mask) + "'::BLOB::BIT"
        for place, mask in masks.items()
    }


def masked_sites(select: str, further: Mapping[str, str], removed: Removed) -> str:
    """Rows of sites without sums over the people removed, and without what only they told.

    Where a per-sample batch is among them, the view `rare_calls` must be there, without their
    rows: a variant without any call was theirs alone, and its filters are those of who stays.
    """
    if not removed.numbers:
        return select
    changed = ", ".join(
        f"{sql} AS {sql_identifier(name)}" for name, sql in site_columns(further, removed).items()
    )
    if not removed.per_sample:
        return f"SELECT * REPLACE ({changed}) FROM (\n{select}\n)"
    batches = _listed(sorted(removed.per_sample))
    named = ", ".join(SITE_KEY)
    keys = " AND ".join(
        f"own.{name} {'IS NOT DISTINCT FROM' if name == 'sv_length' else '='} told.{name}"
        for name in SITE_KEY
    )
    return f"""SELECT * EXCLUDE (is_called, is_pass, is_unfiltered, first_filters)
REPLACE ({changed}) FROM (
SELECT own.*, told.is_called, told.is_pass, told.is_unfiltered, told.first_filters
FROM (
{select}
) AS own
LEFT JOIN (
SELECT {named}, true AS is_called, bool_or(len(filters) = 0) AS is_pass,
bool_or(filters IS NULL) AS is_unfiltered, arg_min(filters, sample_number) AS first_filters
FROM rare_calls WHERE batch IN ({batches}) GROUP BY {named}
) AS told ON {keys}
) WHERE is_called OR {stays(removed, "source_sample")}"""


def site_columns(further: Mapping[str, str], removed: Removed) -> dict[str, str]:
    """The columns of sites that change where somebody was removed, as SQL over the row."""
    touched = f"batch IN ({_listed(sorted(removed.numbers))})"
    columns = {name: _null_if(touched, name) for name in SITE_SUMS}
    for name in further:
        if OF_PEOPLE.fullmatch(name):
            columns[name] = _null_if(touched, name)
    if removed.per_sample:
        theirs = f"source_sample IN ({_listed(removed.every_number)})"
        for name in (*OF_RECORD, *(name for name in further if name not in columns)):
            columns[name] = _null_if(theirs, name)
        # [] where a record that stays is PASS, else NULL where one has '.', else the first one's.
        columns["filters"] = (
            f"CASE WHEN batch IN ({_listed(sorted(removed.per_sample))}) AND is_called "
            "THEN CASE WHEN is_pass THEN [] WHEN is_unfiltered THEN NULL ELSE first_filters END "
            f"ELSE {_null_if(theirs, 'filters')} END"
        )
    return columns


def _null_if(condition: str, column: str) -> str:
    quoted = sql_identifier(column)
    return f"CASE WHEN {condition} THEN NULL ELSE {quoted} END"


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(str(number) for number in numbers)
