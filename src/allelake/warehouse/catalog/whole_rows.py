"""Rows of `bits` that stand for rows of `calls`: whether a lake has some, and what they tell."""

from collections.abc import Iterable
from pathlib import Path

import pyarrow.parquet as pq

from allelake.warehouse.snapshots import StoredFile

# Rows of `calls` out of planes, for views: a word of 64 samples at a time, and only words with a
# carrier sample by sample. Questions about few samples ask the macro whole_carriers() instead,
# which looks at their words alone.
WHOLE_CALLS = """SELECT
    'common' AS tier, contig, bin, position, ref, alt, end_position, sv_length, batch,
    (first_sample + place)::INTEGER AS sample_number,
    (CASE WHEN twice & bit > 0 THEN 2 ELSE 1 END)::TINYINT AS alt_count,
    (CASE WHEN short & bit > 0 THEN 1 ELSE 2 END)::TINYINT AS called_count,
    NULL::TINYINT AS default_count,
    (CASE WHEN single & bit > 0 THEN 1 ELSE 2 END)::TINYINT AS ploidy,
    (CASE
        WHEN paired & bit = 0 OR twice & bit > 0 THEN NULL
        WHEN latter & bit > 0 THEN 2
        ELSE 1
    END)::TINYINT AS haplotype,
    paired & bit > 0 AS is_phased,
    false AS adj_in_bits
FROM (
    SELECT
        contig, bin, position, ref, alt, end_position, sv_length, batch,
        1024 * block::INTEGER + 8 * (byte - 1) AS first_sample,
        alt1[byte:byte + 7]::BIT::UBIGINT AS once,
        coalesce(alt2[byte:byte + 7]::BIT::UBIGINT, 0) AS twice,
        coalesce(short1[byte:byte + 7]::BIT::UBIGINT, 0) AS short,
        coalesce(haploid[byte:byte + 7]::BIT::UBIGINT, 0) AS single,
        coalesce(phased[byte:byte + 7]::BIT::UBIGINT, 0) & ~single AS paired,
        coalesce(second[byte:byte + 7]::BIT::UBIGINT, 0) AS latter
    FROM (SELECT *, unnest(range(1, 129, 8)) AS byte FROM bits WHERE is_whole)
    WHERE once > 0
)
CROSS JOIN (
    SELECT place, 1::UBIGINT << (63 - place)::UBIGINT AS bit
    FROM (SELECT unnest(range(64))::INTEGER AS place)
)
WHERE once & bit > 0"""


def has_whole_rows(lake: Path, files: Iterable[StoredFile]) -> bool:
    """Whether a row of `bits` in these files is whole; of `bits` only footers are read."""
    files = list(files)
    for file in files:
        if file.table == "batches":
            details = pq.read_table(lake / file.path, columns=["has_details"], partitioning=None)
            # A batch may have got details with a later contig, so true says nothing of its others.
            if False in details.column("has_details").to_pylist():
                return True
    return any(
        _is_whole_anywhere(pq.read_metadata(lake / file.path))
        for file in files
        if file.table == "bits"
    )


def _is_whole_anywhere(metadata: pq.FileMetaData) -> bool:
    column = metadata.schema.names.index("is_whole")
    for group in range(metadata.num_row_groups):
        statistics = metadata.row_group(group).column(column).statistics
        if statistics is None or not statistics.has_min_max or statistics.max:
            return True
    return False
