"""Alleles: told apart by kind, and spelt as shortly as they can be."""

import pytest

from allelake.model.allele import classify, is_breakend, trim


@pytest.mark.parametrize(
    "ref, alt, kind",
    [
        ("A", "G", "snv"),
        ("AC", "GT", "mnv"),
        ("A", "AT", "insertion"),
        ("AT", "A", "deletion"),
        ("ACG", "T", "deletion"),
        ("A", "<INS:ME:ALU>", "symbolic"),
        ("A", "G]17:198982]", "breakend"),
        ("A", "[13:123457[T", "breakend"),
        ("A", "A.", "breakend"),
        ("A", ".A", "breakend"),
        ("A", "]<ctg1>:7]A", "breakend"),
    ],
)
def test_an_alt_is_of_one_kind(ref: str, alt: str, kind: str) -> None:
    """A change of length decides before a change of bases."""
    assert classify(ref, alt) == kind


def test_a_lone_dot_is_no_breakend() -> None:
    """It says that there is no ALT."""
    assert not is_breakend(".")


@pytest.mark.parametrize(
    "spelt, shortest",
    [
        ((10, "A", "G"), (10, "A", "G")),
        ((10, "CAA", "CA"), (10, "CA", "C")),
        ((10, "CA", "CAA"), (10, "C", "CA")),
        ((10, "GCAT", "GTAT"), (11, "C", "T")),
        ((10, "CTCC", "CCC"), (10, "CT", "C")),
        ((10, "AAA", "A"), (10, "AAA", "A")),
        ((10, "AT", "GATT"), (10, "A", "GAT")),
    ],
)
def test_equal_ends_go_before_equal_starts(
    spelt: tuple[int, str, str], shortest: tuple[int, str, str]
) -> None:
    """One base of each stays."""
    assert trim(*spelt) == shortest
    assert trim(*shortest) == shortest
