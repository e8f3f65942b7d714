"""The part that every peer's program has: answers a line on stdin by asking its question once."""

import sys
from collections.abc import Callable


def serve(question: Callable[[], object]) -> None:
    """Says `ready`, then for each line on stdin asks the question and says `done`."""
    print("ready", flush=True)
    for _ in sys.stdin:
        question()
        print("done", flush=True)


def write_counts(path: str, rows: list[tuple[int, str, list[str], list[int], int]]) -> None:
    """Lines of position, REF, ALTs, their counts, AN: what answers.counts_in reads."""
    with open(path, "w") as file:  # noqa: PTH123
        for position, ref, alts, counts, total in rows:
            told = [str(position), ref, ",".join(alts), ",".join(map(str, counts)), str(total)]
            file.write("\t".join(told) + "\n")


def read_names(path: str) -> list[str]:
    with open(path) as file:  # noqa: PTH123
        return file.read().split()
