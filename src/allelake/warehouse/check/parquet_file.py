"""Whether a Parquet file holds what its table's declaration and its manifest say."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from allelake.warehouse.check.finding import Finding
from allelake.warehouse.snapshots import StoredFile
from allelake.warehouse.tables import Table, load_tables


def check_parquet_file(lake: Path, file: StoredFile) -> list[Finding]:
    """What is wrong with one file: checksums, schema, order, rows, the folder it lies in."""
    table = load_tables()[file.table]
    try:
        opened = pq.ParquetFile(lake / file.path, page_checksum_verification=True)
        found = [*_form(table, file, opened)]
        return found or [*_rows(table, file, opened)]
    except (OSError, pa.ArrowException) as error:
        return [_finding(file, "It cannot be read.", str(error), "a whole Parquet file")]


def _form(table: Table, file: StoredFile, opened: pq.ParquetFile) -> Iterator[Finding]:
    schema = table.arrow_schema(file.further_columns)
    if not opened.schema_arrow.equals(schema):
        differing = [
            f"{field.name} {field.type}" + ("" if field.nullable else " not null")
            for field in opened.schema_arrow
            if field.name not in schema.names or not schema.field(field.name).equals(field)
        ]
        yield _finding(
            file,
            "Its columns are not the declared ones.",
            ", ".join(differing) or "other columns or another order",
            f"those of warehouse/{table.name}.toml",
        )
    if opened.metadata.num_rows != file.rows:
        yield _finding(file, "Rows.", f"{opened.metadata.num_rows:,}", f"{file.rows:,}")
    prefix = table.further_columns
    for name in file.further_columns:
        if prefix is None or not name.startswith(prefix):
            yield _finding(file, "An undeclared column.", name, f"names that start {prefix!r}")


def _rows(table: Table, file: StoredFile, opened: pq.ParquetFile) -> Iterator[Finding]:
    """Rows out of order or twice, and partition columns that contradict the folder."""
    names = [name for name in table.sort if name in opened.schema_arrow.names]
    folder = {"contig": file.contig, "tier": file.tier}
    before: pa.Table | None = None
    for group in range(opened.metadata.num_row_groups):
        rows = opened.read_row_group(group)
        for name in table.partition:
            values = pc.unique(rows.column(name)).to_pylist()
            if values != [folder[name]]:
                yield _finding(
                    file, f"Column {name} contradicts the folder.", repr(values), str(folder[name])
                )
        keys = rows.select(names)
        checked = keys if before is None else pa.concat_tables([before, keys])
        fault = first_fault_in_order(checked)
        if fault is not None:
            at = checked.slice(fault, 1).to_pylist()[0]
            place = ", ".join(f"{name} {at[name]}" for name in names if name != "sample_id")
            yield _finding(
                file, "Rows are not in order, or repeat.", place, f"the order of {', '.join(names)}"
            )
            return
        before = keys.slice(keys.num_rows - 1)


def first_fault_in_order(keys: pa.Table) -> int | None:
    """The first row that is not greater than the one before it; None if all are.

    Columns count from left to right, NULL is greater than any value.
    """
    if keys.num_rows < 2:
        return None
    greater = pa.repeat(pa.scalar(False), keys.num_rows - 1)
    equal_so_far = pa.repeat(pa.scalar(True), keys.num_rows - 1)
    for name in keys.column_names:
        column = keys.column(name).combine_chunks()
        one, other = column[:-1], column[1:]
        both_null = pc.and_(pc.is_null(one), pc.is_null(other))
        rises = pc.or_(
            pc.fill_null(pc.less(one, other), False),
            pc.and_(pc.is_valid(one), pc.is_null(other)),
        )
        same = pc.or_(pc.fill_null(pc.equal(one, other), False), both_null)
        greater = pc.or_(greater, pc.and_(equal_so_far, rises))
        equal_so_far = pc.and_(equal_so_far, same)
    fault = pc.index(greater, False).as_py()
    return None if fault < 0 else int(fault) + 1


def _finding(file: StoredFile, what: str, found: str, expected: str) -> Finding:
    return Finding("error", file.path, what, found, expected)
