"""Questions to stored frequencies, as SQL text."""

from collections.abc import Sequence

from allelake.queries.ask import in_genome_order
from allelake.warehouse.quoting import sql_literal
from allelake.warehouse.tables import load_tables


def results_sql(is_known: bool) -> str:
    """What is stored of results; `is_known`: whether the catalog has the view `results`."""
    source = "results" if is_known else f"({load_tables()['results'].empty_select()})"
    return (
        "SELECT kind, name, cohort, len(sample_numbers) AS samples, snapshot, stale_since, "
        f"stale_reason, settings, made_at, allelake_version FROM {source} ORDER BY kind, name"
    )


def frequencies_sql(
    name: str,
    strata: Sequence[str],
    region: str | Sequence[str] | None,
    policies: Sequence[str],
) -> str:
    """Stored frequencies of this name; empty lists mean all strata and policies."""
    conditions = [f"f.name = {sql_literal(name)}"]
    for column, values in (("stratum", strata), ("policy", policies)):
        if values:
            listed = ", ".join(map(sql_literal, values))
            conditions.append(f"f.{column} IN ({listed})")
    if region is not None:
        names = [region] if isinstance(region, str) else list(region)
        asked = "[" + ", ".join(map(sql_literal, names)) + "]"
        spans = (
            f"JOIN asked_spans({asked}) a ON f.contig = a.contig "
            "AND f.position BETWEEN a.span_start AND a.span_end"
        )
    else:
        spans = ""
    place = "JOIN strata s ON f.result = s.result AND f.stratum = s.stratum"
    source = (
        f"(SELECT f.*, s.place FROM frequencies f {place} {spans} WHERE {' AND '.join(conditions)})"
    )
    ordered = in_genome_order(source, then=["policy", "place"])
    return f"SELECT * EXCLUDE (place, name, result)\nFROM (\n{ordered}\n)"


def known_sql(what: str) -> str:
    """The strata or policies that frequencies named $1 have, in their order."""
    if what == "stratum":
        return (
            "SELECT stratum FROM strata JOIN results USING (result) WHERE name = $1 "
            "AND kind = 'frequencies' ORDER BY place"
        )
    return (
        "SELECT unnest((settings -> '$.policies')::VARCHAR[]) FROM results WHERE name = $1 "
        "AND kind = 'frequencies'"
    )
