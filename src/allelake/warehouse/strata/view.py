"""The view `frequencies`: stored counts of strata as rows, with the frequencies they make."""

import re

from allelake.warehouse.catalog.macros import load_macros

FREQUENCIES_COMMENT = (
    "Stored frequencies (allelake materialize): a row per variant, stratum and policy of each "
    "result. `strata` says who is counted, `results` how, and `stratum_counts` keeps the counts."
)
_COUNTS = ("ac", "an_record", "an_block", "an_assumed", "homozygotes", "hemizygotes", "half_calls")


def frequencies_select() -> str:
    """The SELECT of the view, over `stratum_counts`, `strata` and `results`."""
    counts = ", ".join(f"coalesce(c.{name}[s.place], 0) AS {name}" for name in _COUNTS)
    return (
        "SELECT contig, position, ref, alt, stratum, ac, an, ac / nullif(an, 0) AS af, "
        f"{_faf('0.95')} AS faf95, {_faf('0.99')} AS faf99, homozygotes, "
        "ac - 2 * homozygotes - hemizygotes - half_calls AS heterozygotes, hemizygotes, "
        "half_calls, an_record, an_block, an_assumed, end_position, sv_length, policy, name, "
        "result\nFROM (SELECT *, an_record + an_block + an_assumed AS an FROM (\n"
        "SELECT c.contig, c.position, c.ref, c.alt, c.end_position, c.sv_length, c.policy, "
        f"s.result, r.name, s.stratum, {counts}\n"
        "FROM stratum_counts c JOIN strata s ON c.result = s.result "
        "JOIN results r ON s.result = r.result))"
    )


def _faf(level: str) -> str:
    """faf(ac, an, level) written out: a view is made before there are macros."""
    wanted = ("faf", "poisson_bound")
    of = {m.name: m.sql.split(" AS\n", 1)[1] for m in load_macros() if m.name in wanted}
    return _put(of["faf"], level).replace(
        f"poisson_bound(ac, {level})", f"({_put(of['poisson_bound'], level)})"
    )


def _put(body: str, level: str) -> str:
    for argument, value in (("in_ac", "ac"), ("in_an", "an"), ("in_ci", level)):
        body = re.sub(rf"\b{argument}\b", value, body)
    return body.strip()
