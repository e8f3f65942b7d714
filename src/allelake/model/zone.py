"""Stretches of a contig where the number of copies depends on sex."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Zone:
    """A stretch of a contig (1-based, inclusive) where ploidy by sex differs.

    `kind`: 'x' and 'y' outside PAR, 'x_par', 'y_par', 'mt'. What no zone covers is autosomal.
    """

    contig: str
    start_position: int
    end_position: int
    kind: Literal["x", "y", "x_par", "y_par", "mt"]
