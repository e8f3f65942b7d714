"""The span of a variant that must be known for its absence to be known."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from allelake.ingest.evidence.spans import Spans

# <DEL>, N[chr2:9[, ]chr2:9]N, and single breakends A. and .A
_STRUCTURAL = r"^<|[\[\]]|^\..|.\.$"


def asked_spans(variants: pa.Table) -> tuple[Spans, NDArray[np.bool_]]:
    """The asked span of each row, by its position, end_position, ref and alt; and which have one.

    An insertion asks for the base after it as well: it lies between the two. Symbolic alleles and
    breakends have none, since nothing says that they are not there.
    """
    start = variants.column("position").to_numpy().astype(np.int32, copy=False)
    end = variants.column("end_position").to_numpy().astype(np.int32, copy=False)
    ref, alt = (_by_text(variants.column(name)) for name in ("ref", "alt"))
    is_insertion = (ref[0] == 1) & (alt[0] > 1)
    return Spans(start, end + is_insertion.astype(np.int32)), ~alt[1]


def _by_text(column: pa.ChunkedArray) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Of each value its length and whether it names a structural change, each text asked once."""
    if not len(column):
        return np.zeros(0, np.int32), np.zeros(0, np.bool_)
    coded = column.combine_chunks()
    coded = coded if pa.types.is_dictionary(coded.type) else coded.dictionary_encode()
    texts, place = coded.dictionary, coded.indices.to_numpy()
    lengths = pc.binary_length(texts).to_numpy()
    structural = pc.match_substring_regex(texts, _STRUCTURAL)
    return lengths[place], structural.to_numpy(zero_copy_only=False)[place]
