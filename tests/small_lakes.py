"""Lakes with people and without genotypes, made through the warehouse: quick to copy."""

import shutil
from pathlib import Path

import pyarrow as pa

from allelake.warehouse.assembly import shipped_assembly
from allelake.warehouse.commit import begin
from allelake.warehouse.lake import create_lake
from allelake.warehouse.tables import load_tables


def lake_with_samples(path: Path, *names: str) -> Path:
    """A GRCh38 lake whose samples are these, of batch 1."""
    create_lake(path, shipped_assembly("GRCh38"))
    rows = [
        {"sample_number": n, "sample_id": name, "participant_id": name, "batch": 1}
        for n, name in enumerate(names)
    ]
    with begin(path) as transaction:
        schema = load_tables()["samples"].arrow_schema()
        transaction.tables["samples"] = pa.Table.from_pylist(rows, schema=schema)
        transaction.commit("test", {})
    return path


def copy_of(lake: Path, folder: Path) -> Path:
    """A copy of the lake for one test to change."""
    return Path(shutil.copytree(lake, folder / lake.name))
