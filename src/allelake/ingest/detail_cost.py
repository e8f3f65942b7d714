"""What each kept FORMAT field of a batch's genotypes takes up on disk."""

from collections.abc import Sequence

import pyarrow.parquet as pq

from allelake.ingest.run_result import DetailCost
from allelake.ingest.spec import BatchSpec
from allelake.warehouse.stored import StagedFile

_OWN_COLUMNS = {"dp": "DP", "gq": "GQ", "ad_ref": "AD", "ad_alt": "AD", "phase_set": "PS"}


def detail_costs(spec: BatchSpec, files: Sequence[StagedFile]) -> tuple[DetailCost, ...]:
    """The packed bytes of each field in the rows of `calls`; files must still be where they are."""
    is_kept = {"DP": spec.has_dp, "GQ": spec.has_gq, "AD": spec.has_ad, "PS": spec.has_ps}
    fields = {column: name for column, name in _OWN_COLUMNS.items() if is_kept[name]}
    fields |= {kept.column: kept.field.id for kept in spec.format}
    packed = dict.fromkeys(fields.values(), 0)
    rows = 0
    for file in files if fields else ():
        if file.table != "calls":
            continue
        rows += file.rows
        metadata = pq.read_metadata(file.path)
        for group in map(metadata.row_group, range(metadata.num_row_groups)):
            for column in map(group.column, range(group.num_columns)):
                name = fields.get(column.path_in_schema.split(".")[0])
                if name is not None:
                    packed[name] += column.total_compressed_size
    return tuple(DetailCost(name, size, rows) for name, size in packed.items())
