"""The INFO fields of a file of frequencies, by gnomAD's names, and their text in SQL."""

import re
from collections.abc import Sequence

from allelake.errors import QueryError
from allelake.export.fields import Field
from allelake.warehouse.quoting import sql_literal

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.]")
# Each field of a stratum: its name before the suffix, number, type and meaning.
_COUNTS = (
    ("AC", "A", "Integer", "Copies of ALT"),
    ("AN", "1", "Integer", "Called alleles"),
    ("AF", "A", "Float", "AC / AN"),
    ("nhomalt", "A", "Integer", "People with two copies of ALT"),
    ("faf95", "A", "Float", "Filtering allele frequency (95 %)"),
    ("faf99", "A", "Float", "Filtering allele frequency (99 %)"),
)
_COUNTS_SQL = {
    "AC": "t.ac",
    "AN": "t.an",
    "AF": "t.af",
    "nhomalt": "t.homozygotes",
    "faf95": "t.faf95",
    "faf99": "t.faf99",
}
_BASIS = (
    ("AN_record", "1", "Integer", "The part of AN that is called in a record of the variant"),
    ("AN_block", "1", "Integer", "The part of AN from reference blocks and other records"),
    ("AN_assumed", "1", "Integer", "The part of AN where reference is assumed"),
)
_LARGEST = (
    ("grpmax", "A", "String", "Group with the highest AF among those with a copy"),
    ("AC_grpmax", "A", "Integer", "Copies of ALT in the group grpmax"),
    ("AN_grpmax", "A", "Integer", "Called alleles in the group grpmax"),
    ("AF_grpmax", "A", "Float", "AF in the group grpmax"),
    ("nhomalt_grpmax", "A", "Integer", "People with two copies in the group grpmax"),
    ("fafmax_faf95_max", "A", "Float", "Highest faf95 of a group"),
    ("fafmax_faf95_max_gen_anc", "A", "String", "Group with the highest faf95"),
    ("fafmax_faf99_max", "A", "Float", "Highest faf99 of a group"),
    ("fafmax_faf99_max_gen_anc", "A", "String", "Group with the highest faf99"),
)
_LARGEST_SQL = {
    "grpmax": "regexp_replace(g.grpmax, '[^A-Za-z0-9_.]', '_', 'g')",
    "AC_grpmax": "g.ac_grpmax",
    "AN_grpmax": "g.an_grpmax",
    "AF_grpmax": "g.af_grpmax",
    "nhomalt_grpmax": "g.homozygotes_grpmax",
    "fafmax_faf95_max": "g.fafmax95",
    "fafmax_faf95_max_gen_anc": "regexp_replace(g.fafmax95_group, '[^A-Za-z0-9_.]', '_', 'g')",
    "fafmax_faf99_max": "g.fafmax99",
    "fafmax_faf99_max_gen_anc": "regexp_replace(g.fafmax99_group, '[^A-Za-z0-9_.]', '_', 'g')",
}
_FLOATS = {name for name, _, kind, _ in (*_COUNTS, *_LARGEST) if kind == "Float"}

# AN_record and AC_grpmax are no groups.
_TAKEN = ("_record", "_block", "_assumed", "_grpmax")


def frequency_fields(suffixes: dict[str, str], has_basis: bool, has_groups: bool) -> list[Field]:
    """The fields with what each means; `suffixes` are of strata."""
    found = []
    for stratum, suffix in suffixes.items():
        of = "" if stratum == "all" else f" of group {stratum}"
        for name, number, kind, what in _COUNTS:
            found.append(_field(f"{name}{suffix}", number, kind, what + of))
    if has_basis:
        found += [_field(*each) for each in _BASIS]
    if has_groups:
        found += [_field(*each) for each in _LARGEST]
    return found


def suffixes_of(strata: Sequence[str]) -> dict[str, str]:
    """What follows the name of a field, by stratum; names that would fall together are told."""
    found: dict[str, str] = {}
    for stratum in strata:
        suffix = "" if stratum == "all" else "_" + _NOT_IN_NAMES.sub("_", stratum)
        taken = [other for other, own in found.items() if own == suffix]
        if taken or suffix.casefold() in _TAKEN:
            with_what = f"those of {taken[0]!r}" if taken else "others of this file"
            raise QueryError(
                f"The fields of the group {stratum!r} would have the same names as {with_what}. "
                "Rename one of the values and import them again."
            )
        found[stratum] = suffix
    return found


def counts_text() -> str:
    """SQL of a stratum's fields, from `t` and `x.suffix`."""
    return _joined(_COUNTS_SQL, "x.suffix")


def basis_text() -> str:
    """SQL of what AN rests on, from `t`."""
    return _joined({name: f"t.{name.lower()}" for name, *_ in _BASIS}, "''")


def largest_text() -> str:
    """SQL of grpmax and fafmax, from `g`."""
    return _joined(_LARGEST_SQL, "''")


def _field(name: str, number: str, kind: str, what: str) -> Field:
    return Field(name, number, kind, what, "NULL", "")


def _joined(columns: dict[str, str], suffix: str) -> str:
    """SQL of `NAME=value` for each column that is not NULL, joined by semicolons."""
    parts = []
    for name, column in columns.items():
        text = f"format('{{:.6g}}', {column})" if name in _FLOATS else f"{column}::VARCHAR"
        parts.append(f"{sql_literal(name)} || {suffix} || '=' || {text}")
    return f"nullif(concat_ws(';', {', '.join(parts)}), '')"
