"""What a kinship coefficient means, by the cut-offs of KING (Manichaikul et al. 2010).

They are powers of two half way, on that scale, between what the degrees expect: 1/2 for one
genome twice, 1/4 for the first degree, 1/8 for the second, 1/16 for the third.
"""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

DUPLICATE = 2**-1.5
FIRST = 2**-2.5
SECOND = 2**-3.5
THIRD = 2**-4.5

# The smallest kinship of each degree that relatives can be asked by.
DEGREES = {1: FIRST, 2: SECOND, 3: THIRD}
# A parent and a child share an allele everywhere: opposite homozygotes are errors of calls, at
# fewer sites than this. Siblings have them at a quarter of the sites at which strangers do, which
# is less than this where most sites are rare: then a quarter of that quarter is the limit.
MOST_IBS0_OF_PARENT = 0.005
PART_OF_STRANGERS = 1 / 16


def relationships(
    kinship: NDArray[np.float64], ibs0_share: NDArray[np.float64], of_strangers: float
) -> pa.Array:
    """A name for each pair; NULL where the pair is further apart than the third degree.

    `ibs0_share`: opposite homozygotes among the sites called in both; `of_strangers`: the share
    that two people without a common ancestor are expected to have.
    """
    is_parent = ibs0_share < min(MOST_IBS0_OF_PARENT, PART_OF_STRANGERS * of_strangers)
    names = np.select(
        [
            kinship > DUPLICATE,
            (kinship > FIRST) & is_parent,
            kinship > FIRST,
            kinship > SECOND,
            kinship > THIRD,
        ],
        ["duplicate", "parent-child", "sibling", "second", "third"],
        "",
    )
    return pa.array(names, pa.string(), mask=names == "")
