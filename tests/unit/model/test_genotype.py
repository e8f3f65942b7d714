"""Copies and called alleles of every kind of genotype."""

import numpy as np
import pytest

from allelake.model.genotype import MISSING_INTEGER, VECTOR_END, count_alleles, is_known

KINDS = {
    "0/0": (0, 0, 0, 2), "0/1": (0, 1, 1, 2), "1/1": (1, 1, 2, 2), "0/2": (0, 2, 0, 2),
    "1/2": (1, 2, 1, 2), "2/2": (2, 2, 0, 2), "./.": (-1, -1, 0, 0), "./0": (-1, 0, 0, 1),
    "./1": (-1, 1, 1, 1), "1/.": (1, -1, 1, 1), "0": (0, -2, 0, 1), "1": (1, -2, 1, 1),
    "2": (2, -2, 0, 1), ".": (-1, -2, 0, 0),
}  # fmt: skip


@pytest.mark.parametrize("of", [np.int8, np.int16])
@pytest.mark.parametrize("kind", KINDS)
def test_a_genotype_counts_what_was_called(kind: str, of: type[np.int8 | np.int16]) -> None:
    """Seen from ALT 1."""
    first, second, copies, called = KINDS[kind]
    found = count_alleles(np.array([first], of), np.array([second], of), 1)
    assert [int(value[0]) for value in found] == [copies, called]


def test_only_a_value_is_known() -> None:
    """Neither a missing one nor the place after a vector's end; negative values are values."""
    values = np.array([0, -1, 2**31 - 1, MISSING_INTEGER, VECTOR_END], np.int32)
    assert is_known(values).tolist() == [True, True, True, False, False]
