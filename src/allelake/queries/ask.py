"""Questions to a lake as SQL text: a macro's name, its arguments, an order of rows."""

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite

from allelake.errors import QueryError
from allelake.warehouse.quoting import sql_identifier, sql_literal

Argument = str | int | float | bool | None | Sequence[str]
# A variant by what tells it apart in an answer.
VariantKey = tuple[str, int, str, str]

_KEY_ORDER = "answer.position, answer.ref, answer.alt, answer.end_position, answer.sv_length"


def call(macro: str, *positional: Argument, **named: Argument) -> str:
    """A call of a table macro, every argument a literal.

    >>> call("allele_frequency", "CHS", in_region=["1:5", "X"], min_ac=1)
    "allele_frequency('CHS', in_region := ['1:5', 'X'], min_ac := 1)"
    """
    arguments = [_literal(value) for value in positional]
    arguments += [f"{_plain_name(name)} := {_literal(v)}" for name, v in named.items()]
    return f"{_plain_name(macro)}({', '.join(arguments)})"


def _plain_name(name: str) -> str:
    """A name that is plainly one, without quotes; anything else is refused."""
    if not name.isidentifier():
        raise QueryError(f"{name!r} is no name of a query or of an argument.")
    return name


def _literal(value: Argument) -> str:
    if value is None or isinstance(value, str):
        if value is not None and "\0" in value:
            raise QueryError("A text with a NUL character cannot be asked for.")
        return sql_literal(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        if not isfinite(value):
            raise QueryError(f"{value} is no number that can be asked for.")
        return repr(value)
    return "[" + ", ".join(_literal(each) for each in value) + "]"


def _of_variants(variants: Iterable[VariantKey]) -> str:
    """A condition that keeps these variants of an answer."""
    keys = [
        f"({sql_literal(contig)}, {position}, {sql_literal(ref)}, {sql_literal(alt)})"
        for contig, position, ref, alt in variants
    ]
    return f"(answer.contig, answer.position, answer.ref, answer.alt) IN ({', '.join(keys)})"


def in_genome_order(
    source: str,
    variants: Sequence[VariantKey] | None = None,
    then: Sequence[str] = (),
    rename: Mapping[str, str] | None = None,
    regions: str | Sequence[str] | None = None,
) -> str:
    """SELECT of an answer in the order of the assembly's contigs, then of variants, then of `then`.

    `variants` are those to keep, None for all. `regions`: where the source was asked; of one region
    no contigs are looked up.
    """
    renamed = ", ".join(
        f"{sql_identifier(old)} AS {sql_identifier(new)}" for old, new in (rename or {}).items()
    )
    columns = f"answer.* RENAME ({renamed})" if renamed else "answer.*"
    order = ", ".join([_KEY_ORDER, *(f"answer.{sql_identifier(name)}" for name in then)])
    # A text may be a list as DuckDB writes it.
    is_one = isinstance(regions, str) and not regions.lstrip().startswith("[")
    joined, first = ("", "") if is_one else ("\nJOIN contigs USING (contig)", "contig_order, ")
    kept = f"\nWHERE {_of_variants(variants)}" if variants is not None else ""
    return f"SELECT {columns}\nFROM {source} AS answer{joined}{kept}\nORDER BY {first}{order}"
