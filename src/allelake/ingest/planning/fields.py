"""Which INFO and FORMAT fields become columns, of which type, and why others do not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from allelake.errors import InputError
from allelake.ingest.planning.detail import (
    NOT_IN_PROFILE,
    WITHOUT_ADJ,
    Detail,
    choose_detail,
)
from allelake.ingest.planning.values import DroppedField
from allelake.ingest.profile import FieldRule, Profile
from allelake.ingest.spec import Field, FieldType, FileReport, KeptField, Notice

SQL_TYPES = {
    "Integer": "INTEGER",
    "Float": "FLOAT",
    "String": "VARCHAR",
    "Character": "VARCHAR",
    "Flag": "BOOLEAN",
}
# These have columns of their own in `sites` (end_position, sv_length, sv_type) and `calls`.
OWN_COLUMNS = {"INFO": ("END", "SVLEN", "SVTYPE"), "FORMAT": ("GT", "DP", "GQ", "AD", "PS")}
# What the columns dp, gq, ad_ref and ad_alt, phase_set are taken from, and how it must be declared.
# Of decimals (older Strelka has such GQ) the whole part is taken.
STANDARD: dict[str, tuple[tuple[FieldType, ...], tuple[str, ...]]] = {
    "DP": (("Integer", "Float"), ("1",)),
    "GQ": (("Integer", "Float"), ("1",)),
    "AD": (("Integer", "Float"), ("R", ".")),
    "PS": (("Integer",), ("1",)),
}
Where = Literal["INFO", "FORMAT"]


@dataclass(frozen=True)
class FieldChoice:
    """The fields of a batch: kept, dropped with the reason, and which standard ones it has.

    `notices` are faults of the files, `facts` are none.
    """

    info: tuple[KeptField, ...]
    format: tuple[KeptField, ...]
    dropped: tuple[DroppedField, ...]
    notices: tuple[Notice, ...]
    has_adj: bool
    has_dp: bool
    has_gq: bool
    has_ps: bool
    has_ad: bool
    facts: tuple[Notice, ...] = ()


def choose_fields(
    files: Sequence[FileReport],
    profile: Profile,
    lake_columns: Mapping[str, Mapping[str, str]],
    asked: Sequence[str] | None = None,
) -> FieldChoice:
    """The fields that these files of one batch bring. `lake_columns`: of `sites` and `calls`.

    `asked`: FORMAT fields to keep, whatever the profile says.
    """
    detail = choose_detail(files, asked)
    dropped: list[DroppedField] = []
    notices: list[Notice] = []
    info = _choose("INFO", files, profile.info, dropped)
    info = [
        kept for kept in info if not _is_unreadable(kept, files, profile.info, dropped, notices)
    ]
    fmt = _choose("FORMAT", files, detail.rule(profile.format), dropped, detail.why)
    _refuse_clashes("INFO", info, lake_columns.get("sites", {}), files)
    _refuse_clashes("FORMAT", fmt, lake_columns.get("calls", {}), files)
    has = {name: _has_standard(name, files, dropped, detail) for name in STANDARD}
    adj = declares_adj(files)
    return FieldChoice(
        tuple(info),
        tuple(fmt),
        tuple(dropped),
        tuple(notices),
        adj and detail.has_judged,
        has["DP"],
        has["GQ"],
        has["PS"],
        has["AD"],
        () if detail.has_judged or not adj else (WITHOUT_ADJ,),
    )


def declares_adj(files: Sequence[FileReport]) -> bool:
    """Whether adj@1 can be told of all these files: they declare DP, GQ and AD as it needs them."""
    return bool(files[0].header.samples) and all(
        _is_standard(name, report) for report in files for name in ("DP", "GQ", "AD")
    )


def _refuse_clashes(
    where: Where, kept: list[KeptField], columns: Mapping[str, str], files: Sequence[FileReport]
) -> None:
    _refuse_case_twins(where, kept)
    _refuse_other_type(where, kept, columns, files)


def _declared(where: Where, report: FileReport) -> Mapping[str, Field]:
    return report.header.info if where == "INFO" else report.header.format


def _choose(
    where: Where,
    files: Sequence[FileReport],
    rule: FieldRule,
    dropped: list[DroppedField],
    not_asked: str = NOT_IN_PROFILE,
) -> list[KeptField]:
    kept: dict[str, KeptField] = {}
    source: dict[str, FileReport] = {}
    for report in files:
        for name, field in _declared(where, report).items():
            if name in OWN_COLUMNS[where]:
                continue
            why = _why_not(field, rule, not_asked)
            if why is not None:
                if DroppedField(where, name, why) not in dropped:
                    dropped.append(DroppedField(where, name, why))
                continue
            other = kept.setdefault(name, _kept(where, field)).field
            source.setdefault(name, report)
            if (other.number, other.type) != (field.number, field.type):
                raise InputError(_conflict(where, other, source[name], field, report))
    return list(kept.values())


def _why_not(field: Field, rule: FieldRule, not_asked: str) -> str | None:
    if not rule.keeps(field.id):
        return not_asked
    if field.number.endswith("G") or field.number in ("P", "LA", "LR", "M"):
        return f"Number={field.number}: its values belong to genotypes or local alleles"
    return None


def _kept(where: Where, field: Field) -> KeptField:
    scalar = SQL_TYPES[field.type]
    is_scalar = field.type == "Flag" or field.number in ("0", "1", "A")
    return KeptField(
        field, f"{where.lower()}_{field.id.lower()}", scalar if is_scalar else f"{scalar}[]"
    )


def declaration(where: Where, field: Field) -> str:
    return f"##{where}=<ID={field.id},Number={field.number},Type={field.type}>"


def _conflict(where: Where, one: Field, first: FileReport, other: Field, second: FileReport) -> str:
    return (
        f"{where} {one.id} is declared differently: {first.path} has {declaration(where, one)}, "
        f"{second.path} has {declaration(where, other)}. Correct one header (bcftools reheader), "
        f'or drop the field: a profile with drop = ["{one.id}"] under [{where.lower()}].'
    )


def _refuse_case_twins(where: Where, kept: Iterable[KeptField]) -> None:
    seen: dict[str, KeptField] = {}
    for one in kept:
        other = seen.setdefault(one.column, one)
        if other is not one:
            raise InputError(
                f"{where} {other.field.id} and {one.field.id} differ by case alone: "
                f"{declaration(where, other.field)} and {declaration(where, one.field)} would both "
                f"be the column {one.column}. Drop one with a profile: drop = "
                f'["{one.field.id}"] under [{where.lower()}].'
            )


def _refuse_other_type(
    where: Where, kept: Iterable[KeptField], columns: Mapping[str, str], files: Sequence[FileReport]
) -> None:
    for one in kept:
        there = columns.get(one.column)
        if there is not None and there != one.sql_type:
            raise InputError(
                f"{files[0].path}: {declaration(where, one.field)} would be the column "
                f"{one.column} of type {one.sql_type}; the lake has it as {there} from an earlier "
                "batch. Correct the header (bcftools reheader), or drop the field: a profile with "
                f'drop = ["{one.field.id}"] under [{where.lower()}].'
            )


def _is_unreadable(
    kept: KeptField,
    files: Sequence[FileReport],
    rule: FieldRule,
    dropped: list[DroppedField],
    notices: list[Notice],
) -> bool:
    """Whether values are not of the declared type, so that the column would hold other numbers.

    Decimals where integers are declared, and values of a Flag, drop the field unless the profile
    asks for it by name: the declaration is wrong, the values are not. Anything else is a refusal.
    """
    for report in files:
        bad = next((u for u in report.unreadable if u.id == kept.field.id), None)
        if bad is None:
            continue
        what = f"INFO {bad.id} is {bad.found} at {bad.first} ({bad.count:,} such records)"
        if not bad.is_other_type or rule.asks_for(bad.id):
            raise InputError(
                f"{report.path}: {what}; its header says {bad.declared}. Correct the records or "
                f'the header, or drop the field: a profile with drop = ["{bad.id}"] under [info].'
            )
        dropped.append(
            DroppedField("INFO", bad.id, f"declared {bad.declared}, but found {bad.found}")
        )
        notices.append(
            Notice(
                "info_other_type",
                f"INFO {bad.id} is declared {bad.declared} and has other values: not kept",
                bad.count,
                bad.first,
            )
        )
        return True
    return False


def _is_standard(name: str, report: FileReport) -> bool:
    field = report.header.format.get(name)
    kinds, numbers = STANDARD[name]
    return field is not None and field.type in kinds and field.number in numbers


def _has_standard(
    name: str, files: Sequence[FileReport], dropped: list[DroppedField], detail: Detail
) -> bool:
    """Whether the field can be a column: rightly declared wherever it is declared or used."""
    concerned = [r for r in files if name in r.header.format or name in r.format_used]
    if concerned and not detail.keeps(name):
        dropped.append(DroppedField("FORMAT", name, detail.why))
        return False
    if all(_is_standard(name, report) for report in concerned):
        return bool(concerned)
    wrong = next(report for report in concerned if not _is_standard(name, report))
    field = wrong.header.format.get(name)
    kinds, numbers = STANDARD[name]
    found = declaration("FORMAT", field) if field else "used but not declared"
    why = f"{found}; expected Number={numbers[0]},Type={kinds[0]}"
    dropped.append(DroppedField("FORMAT", name, why))
    return False


def undeclared(files: Sequence[FileReport]) -> list[DroppedField]:
    """Fields that records use and no header declares: nobody knows their types, so none is kept."""
    found: dict[tuple[Where, str], DroppedField] = {}
    for report in files:
        uses: tuple[tuple[Where, tuple[str, ...]], ...] = (
            ("INFO", report.info_used),
            ("FORMAT", report.format_used),
        )
        for where, names in uses:
            for name in names:
                if name not in _declared(where, report) and name not in ("GT", *STANDARD):
                    found[where, name] = DroppedField(where, name, "used but not declared")
    return list(found.values())
