"""The #CHROM line: the columns in their order and the samples' names."""

import re
from collections import Counter
from pathlib import Path

from allelake.errors import InputError

FIXED = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
RENAME = "Rename with bcftools reheader --samples."


def parse_column_line(path: Path, raw: bytes, number: int) -> tuple[str, ...]:
    """The samples that the #CHROM line names, in its order."""
    at = f"{path}: line {number}"
    try:
        columns = raw.decode().split("\t")
    except UnicodeDecodeError:
        raise InputError(
            f"{at}: a sample name in the #CHROM line is not UTF-8. Convert the file: iconv -t UTF-8"
        ) from None
    if tuple(columns[: len(FIXED)]) != FIXED:
        raise InputError(f"{at}: {_column_fault(columns)}")
    if len(columns) > len(FIXED) and columns[len(FIXED)] != "FORMAT":
        raise InputError(
            f"{at}: column 9 of the #CHROM line is {columns[8][:40]!r}; expected FORMAT. Remove a "
            "tab at the line's end, or put FORMAT before the samples."
        )
    samples = tuple(columns[len(FIXED) + 1 :])
    if len(columns) == len(FIXED) + 1:
        raise InputError(
            f"{at}: the #CHROM line has a FORMAT column and no samples. Remove FORMAT, or copy the "
            "file again if it had samples."
        )
    _check_names(at, samples)
    return samples


def _column_fault(columns: list[str]) -> str:
    if len(columns) == 1 and " " in columns[0]:
        return (
            "the #CHROM line has spaces between its columns; expected tabs. Replace them in this "
            "line (and in the records, if they have them too)."
        )
    for place, (found, expected) in enumerate(zip(columns, FIXED, strict=False), 1):
        if found != expected:
            return f"column {place} of the #CHROM line is {found[:40]!r}; expected {expected}."
    return f"the #CHROM line has {len(columns)} columns; expected at least 8, to INFO."


def _check_names(at: str, samples: tuple[str, ...]) -> None:
    seen: dict[str, str] = {}
    for place, name in enumerate(samples, 1):
        if not name.strip():
            raise InputError(
                f"{at}: sample {place} of {len(samples)} has no name: there is a tab too many in "
                "the #CHROM line. Remove it, or name the sample."
            )
        if CONTROL.search(name):
            raise InputError(f"{at}: the sample name {name!r} has control characters. {RENAME}")
        if name != name.strip():
            raise InputError(f"{at}: the sample name {name!r} begins or ends in a space. {RENAME}")
        earlier = seen.setdefault(name.casefold(), name)
        if earlier != name:
            raise InputError(
                f"{at}: the sample names {earlier!r} and {name!r} differ by case alone. {RENAME}"
            )
    for name, count in Counter(samples).items():
        if count > 1:
            raise InputError(f"{at}: {count} samples are named {name!r}. {RENAME}")
