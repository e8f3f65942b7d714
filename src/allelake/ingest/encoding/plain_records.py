"""Records that are variants as they stand, column by column instead of object by object."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from allelake.ingest.reading.normalise import RecordFacts, Variant


@dataclass(frozen=True)
class PlainRecords:
    """Records of one contig with one ALT each, in the order of the file.

    REF and ALT are sequences in upper case with nothing to trim or to align, so that each record
    is one variant under its own POS, REF and ALT. All other records (several ALTs, symbolic ones,
    `*`, `<*>`, `<NON_REF>`, breakends, lower case, bases in common) are `Variant` objects beside.

    row         where each record's genotypes are held in RecordRows (ascending)
    position    POS, ascending
    ref, alt    as string arrays
    id          the first of the IDs, NULL for `.`
    other_ids   the others, NULL for none
    qual        float32, NULL for `.`, NaN and infinity
    filters     the filters that failed: NULL for `.`, an empty list for PASS
    info        the kept INFO fields by the names of their columns, of the types the batch gives
                them; exactly the columns of `BatchSpec.info`
    source      what an error puts before a position: `<path>: record <CHROM as written>:`
    """

    row: NDArray[np.int32]
    position: NDArray[np.int32]
    ref: pa.Array
    alt: pa.Array
    id: pa.Array
    other_ids: pa.Array
    qual: pa.Array
    filters: pa.Array
    info: Mapping[str, pa.Array] = field(default_factory=dict)
    source: str = ""

    def __len__(self) -> int:
        return len(self.position)

    def variant(self, place: int) -> Variant:
        """One record as the object that the rules for duplicates ask for; without INFO."""
        position, ref = int(self.position[place]), self.ref[place].as_py()
        alt = self.alt[place].as_py()
        where = f"{self.source}{position}"
        facts = RecordFacts(position, ref, [alt], None, None, (), {}, where, int(self.row[place]))
        return Variant(position, ref, alt, position + len(ref) - 1, None, None, 1, facts)
