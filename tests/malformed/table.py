"""The page docs/reference/malformed-files.md: what an ingest says of each odd file, and why.

python tests/malformed/table.py DATA [PAGE]     writes the page; DATA is the folder of shared files
"""

import sys
import tomllib
from collections.abc import Sequence
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "malformed-files.md"
MOST_CHARACTERS = 320
INTRODUCTION = """# Malformed files

<!-- Made by `python tests/malformed/table.py`; a test compares it with what `ingest` says. -->

What `allelake ingest` says of the malformed and the awkward files in a collection of real public
ones: refused, with which message, or taken, and why that is right. Each file was put into an empty
lake by itself: of GRCh37 or GRCh38 where its assembly is known, else of its own contigs. Whatever
is taken with a warning is counted, and `--strict` refuses it. What a cut can hide from a single
file is told in [Cuts that cannot be seen](../why/invisible-cuts.md).

"""


@cache
def reasons() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = tomllib.loads(
        (Path(__file__).parent / "reasons.toml").read_text()
    )
    return found


def reason_for(file: str, *, is_refused: bool) -> str | None:
    patterns = reasons()["refused" if is_refused else "taken"]
    return next((why for pattern, why in patterns.items() if fnmatch(file, pattern)), None)


def page(found: "Sequence[Verdict]") -> str:
    lines = [INTRODUCTION]
    for title, folder in (("Malformed files", "malformed/"), ("Awkward files", "awkward/")):
        mine = [one for one in found if one.file.startswith(folder)]
        refused = sum(one.is_refused for one in mine)
        lines += [
            f"## {title}\n",
            f"{len(mine)} files: {refused} refused, {len(mine) - refused} taken.\n",
            "| file | lake | verdict | message, or what is told | why that is right |",
            "|---|---|---|---|---|",
            *(row(one, folder) for one in mine),
            "",
        ]
    return "\n".join(lines)


def row(one: "Verdict", folder: str) -> str:
    verdict = "refused" if one.is_refused else "taken"
    if one.records is not None and not one.is_refused:
        verdict += f", {one.records:,} records"
    why = reason_for(one.file, is_refused=one.is_refused)
    if why is None:
        why = "" if one.is_refused else "Valid, or odd in ways that are told."
    cells = [f"`{one.file.removeprefix(folder)}`", one.lake, verdict, _short(one.said), why]
    return "| " + " | ".join(_escaped(cell) for cell in cells) + " |"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 4].rstrip() + " ..."


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


def main() -> None:
    data = Path(sys.argv[1])
    written = Path(sys.argv[2]) if len(sys.argv) > 2 else PAGE
    written.parent.mkdir(parents=True, exist_ok=True)
    written.write_text(page(verdicts(data)))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "tests"))

from malformed.verdicts import Verdict, verdicts  # noqa: E402

if __name__ == "__main__":
    main()
