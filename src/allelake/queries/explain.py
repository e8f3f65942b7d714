"""Why a variant's AN is what it is: `explain_an`, `explain_samples`, and a line that says it."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from allelake.queries.ask import Argument, call

# The parts of AN in the order they are told, then who is in none.
_ORDER = "list_position(['record', 'block', 'assumed', 'none', 'withdrawn'], answer.part)"
_KEY = ("contig", "position", "ref", "alt", "end_position", "sv_length")


def explain_sql(name: str, cohort: str, arguments: Mapping[str, Argument], samples: bool) -> str:
    """SELECT of the groups of samples that are alike, largest first, or of each sample."""
    macro = "explain_samples" if samples else "explain_an"
    then = "answer.sample_id" if samples else "answer.samples DESC, answer.reason, answer.batch"
    key = ", ".join(f"answer.{column}" for column in _KEY)
    source = call(macro, name, cohort, **arguments)
    return (
        f"SELECT answer.*\nFROM {source} AS answer\n"
        f"ORDER BY {key}, {_ORDER}, {then}, answer.explanation"
    )


def headlines(groups: Iterable[Mapping[str, Any]]) -> list[str]:
    """One line for each variant of the groups: its AC, and its AN with its parts.

    >>> row = {"contig": "22", "position": 7, "ref": "A", "alt": "G", "end_position": 7}
    >>> row |= {"sv_length": None, "part": "record", "samples": 3, "alleles": 5, "copies": 1}
    >>> told = headlines([row, row | {"part": "none", "samples": 2, "alleles": 0, "copies": 0}])
    >>> told[0].split("; ")
    ['22-7-A-G: AC 1, AN 5 = 5 in records + 0 in blocks + 0 assumed', '2 of 5 samples unknown']
    """
    return [
        _headline(dict(zip(_KEY, key, strict=True)), list(rows))
        for key, rows in groupby(groups, key=lambda row: tuple(row[name] for name in _KEY))
    ]


def _headline(key: Mapping[str, Any], rows: list[Mapping[str, Any]]) -> str:
    alleles = dict.fromkeys(("record", "block", "assumed", "none", "withdrawn"), 0)
    samples = dict(alleles)
    for row in rows:
        alleles[row["part"]] += row["alleles"]
        samples[row["part"]] += row["samples"]
    copies = sum(row["copies"] for row in rows)
    name = "{contig}-{position}-{ref}-{alt}".format(**key)
    if key["sv_length"] is not None or key["alt"].startswith("<"):
        name += f" (to {key['end_position']}, SVLEN {key['sv_length'] or 'not given'})"
    withdrawn = samples.pop("withdrawn")
    line = (
        f"{name}: AC {copies:,}, AN {sum(alleles.values()):,} = {alleles['record']:,} in records + "
        f"{alleles['block']:,} in blocks + {alleles['assumed']:,} assumed; {samples['none']:,} of "
        f"{sum(samples.values()):,} samples unknown"
    )
    return line + (f"; {withdrawn:,} withdrawn or replaced" if withdrawn else "")
