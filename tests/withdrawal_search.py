"""Looks for a person in every file under a folder, with pyarrow and raw bytes alone.

It shares no code with `allelake verify-withdrawal` and imports nothing of allelake: what the one
overlooks, the other is meant to find. Names to look for must be long enough (8 bytes) not to be
anywhere by chance. As a program: withdrawal_search.py FOLDER NAME... [--number N]...
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

PLANES = {"alt1", "alt2", "short1", "short2", "haploid", "phased", "second"}
SHORTEST_NAME = 7


def search(folder: Path, names: Sequence[str], numbers: Iterable[int] = ()) -> list[str]:
    """Every place where a name or a sample number is, as text."""
    assert all(len(name) >= SHORTEST_NAME for name in names), "too short to look for in bytes"
    numbers = set(numbers)
    found = []
    for path in sorted(path for path in folder.rglob("*")):
        place = str(path.relative_to(folder))
        found += [f"{place}: its path" for name in names if name in place]
        if not path.is_file():
            continue
        content = path.read_bytes()
        spellings = [s for name in names for s in (name.encode(), name.encode("utf-16-le"))]
        found += [f"{place}: bytes" for spelling in spellings if spelling in content]
        if content[:4] == b"PAR1":
            found += [f"{place}: {what}" for what in in_parquet(path, names, numbers)]
    return found


def in_parquet(path: Path, names: Sequence[str], numbers: set[int]) -> Iterator[str]:
    """What a Parquet file says of them once it is decompressed."""
    file = pq.ParquetFile(path, memory_map=False)
    about = str(file.metadata.metadata) + str(file.schema) + str(file.metadata.to_dict())
    yield from (f"footer has {name}" for name in names if name in about)
    table = file.read()
    for field in table.schema:
        column = table.column(field.name)
        if leaves_text(field.type):
            # As Python values: lists and structs are spelled out with all that is in them.
            told = "\n".join(map(str, column.to_pylist()))
            yield from (f"column {field.name} has {name}" for name in names if name in told)
        if (
            field.name in ("sample_number", "source_sample")
            and "removed_at" not in table.schema.names
        ):
            hits = numbers & set(column.to_pylist())
            yield from (f"column {field.name} has number {number}" for number in hits)
        if field.name in PLANES:
            yield from in_planes(field.name, column.to_pylist(), table, numbers)


def in_planes(
    name: str, planes: Sequence[bytes | None], table: pa.Table, numbers: set[int]
) -> Iterator[str]:
    """Bits of theirs that are set; a plane is a number of 1,024 binary digits."""
    for block, plane in zip(table.column("block").to_pylist(), planes, strict=True):
        if plane is None:
            continue
        digits = format(int.from_bytes(plane, "big"), "01024b")
        for number in numbers:
            if number // 1024 == block and digits[number % 1024] == "1":
                yield f"plane {name} has the bit of {number}"


def leaves_text(of: pa.DataType) -> bool:
    """Whether values of the type hold text somewhere."""
    if pa.types.is_list(of):
        return leaves_text(of.value_type)
    if pa.types.is_struct(of):
        return any(leaves_text(field.type) for field in of)
    return pa.types.is_string(of) or pa.types.is_large_string(of) or pa.types.is_binary(of)


def main(arguments: Sequence[str]) -> int:
    given = list(arguments)
    numbers = []
    while "--number" in given:
        place = given.index("--number")
        numbers.append(int(given[place + 1]))
        del given[place : place + 2]
    found = search(Path(given[0]), given[1:], numbers)
    print("\n".join(found) or "nothing")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
