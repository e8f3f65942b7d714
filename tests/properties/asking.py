"""The answers of a lake's macros, in the shapes of the plain reference.

A lake is asked through SQL, so that what is compared is the macro an analyst calls.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import reference as ref
from reference import Rules, Variant

Row = Mapping[str, object]
Ask = Callable[[str], list[Row]]


def literal(value: object) -> str:
    """A value as SQL: a string, a list of strings, a number or NULL."""
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(literal, value)) + "]"
    return str(value)


def call(macro: str, *positional: object, **named: object) -> str:
    """`FROM macro('a', in_region := 'chr1')`."""
    given = [literal(value) for value in positional]
    given += [f"{name} := {literal(value)}" for name, value in named.items()]
    return f"FROM {macro}({', '.join(given)})"


def rule_arguments(rules: Rules) -> dict[str, str]:
    return {"in_policy": rules.policy, "in_ploidy": rules.ploidy, "in_filter": rules.filter}


def region_texts(regions: Iterable[ref.Region] | None) -> str | list[str] | None:
    """Regions as a macro takes them: NULL, one string, or a list."""
    if regions is None:
        return None
    texts = [f"{contig}:{start}-{end}" for contig, start, end in regions]
    return texts[0] if len(texts) == 1 else texts


def variant_of(row: Row) -> Variant:
    return Variant(*(row[name] for name in Variant._fields))  # type: ignore[arg-type]


def by_variant(rows: Iterable[Row], shape: type) -> dict[Variant, object]:
    """Rows as `shape`, by variant; a variant told twice is an error."""
    found: dict[Variant, object] = {}
    for row in rows:
        variant = variant_of(row)
        assert variant not in found, f"{variant} is told twice"
        found[variant] = shape(*(row[name] for name in shape._fields))
    return found
