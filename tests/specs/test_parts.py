"""The building blocks of questions that the questions themselves cannot reach one by one."""

# Drawn tables are as wide as their columns.
# ruff: noqa: E501

from collections.abc import Callable

import pytest

Asked = Callable[..., list[dict[str, object]]]


def value(asked: Asked, expression: str) -> object:
    (row,) = asked(f"SELECT {expression} AS value")
    return row["value"]


@pytest.mark.parametrize(
    ("zone", "sex", "treated"),
    [
        ("autosome", None, "as_called"), ("mt", "XY", "as_called"), ("x_par", None, "as_called"),
        ("x", "XX", "as_called"), ("x", "XY", "haploid"), ("x", None, "unknown"),
        ("y", "XX", "missing"), ("y", "XY", "haploid"), ("y", None, "unknown"),
        ("y_par", "XX", "missing"), ("y_par", "XY", "as_called"), ("y_par", None, "unknown"),
    ],
)  # fmt: skip
def test_by_sex_a_zone_says_how_a_genotype_counts(
    asked: Asked, zone: str, sex: str | None, treated: str
) -> None:
    sex_sql = "NULL" if sex is None else f"'{sex}'"
    assert value(asked, f"treatment('{zone}', {sex_sql}, 'by_sex')") == treated
    assert value(asked, f"treatment('{zone}', {sex_sql}, 'as_called')") == "as_called"


@pytest.mark.parametrize(
    ("zone", "xx", "xy", "none"),
    [
        ("autosome", 2, 2, 2), ("x_par", 2, 2, 2), ("mt", 1, 1, 1),
        ("x", 2, 1, None), ("y", 0, 1, None), ("y_par", 0, 2, None),
    ],
)  # fmt: skip
def test_alleles_are_assumed_by_zone_and_sex(
    asked: Asked, zone: str, xx: int, xy: int, none: int | None
) -> None:
    found = [value(asked, f"assumed_alleles('{zone}', {sex})") for sex in ("'XX'", "'XY'", "NULL")]
    assert found == [xx, xy, none]


@pytest.mark.parametrize(
    ("ref", "alt", "kind", "transition"),
    [
        ("A", "G", "snv", True), ("G", "A", "snv", True), ("C", "T", "snv", True),
        ("T", "C", "snv", True), ("A", "C", "snv", False), ("A", "T", "snv", False),
        ("G", "C", "snv", False), ("G", "T", "snv", False), ("C", "A", "snv", False),
        ("C", "G", "snv", False), ("T", "A", "snv", False), ("T", "G", "snv", False),
        ("A", "N", "snv", None), ("N", "A", "snv", None), ("AC", "GT", "mnv", None),
        ("A", "AT", "insertion", None), ("AT", "A", "deletion", None), ("ATT", "GC", "deletion", None),
        ("A", "<DEL>", "symbolic", None), ("A", "<INS:ME:ALU>", "symbolic", None),
        ("A", "A[chr2:9[", "breakend", None), ("A", "]2:9]A", "breakend", None),
        ("AT", "A.", "breakend", None), ("A", ".A", "breakend", None),
    ],
)  # fmt: skip
def test_kinds_of_change(
    asked: Asked, ref: str, alt: str, kind: str, transition: bool | None
) -> None:
    assert value(asked, f"variant_kind('{ref}', '{alt}')") == kind
    assert value(asked, f"is_transition('{ref}', '{alt}')") is transition


@pytest.mark.parametrize(
    ("given", "trimmed"),
    [
        ((100, "CAGT", "CGGT"), (101, "A", "G")),
        ((100, "CAA", "CA"), (100, "CA", "C")),
        ((100, "GA", "GAA"), (100, "G", "GA")),
        ((100, "ACGT", "ACGT"), (100, "A", "A")),
        ((100, "TCC", "TGC"), (101, "C", "G")),
        ((100, "AAAA", "A"), (100, "AAAA", "A")),
        ((100, "CT", "<DEL>"), (100, "CT", "<DEL>")),
        ((100, "AT", "AT[2:9["), (100, "AT", "AT[2:9[")),
    ],
)
def test_alleles_are_trimmed_from_the_end_and_then_from_the_start(
    asked: Asked, given: tuple[int, str, str], trimmed: tuple[int, str, str]
) -> None:
    found = value(asked, f"trimmed_variant({given[0]}, '{given[1]}', '{given[2]}')")
    assert isinstance(found, dict)
    assert tuple(found.values()) == trimmed


def test_a_name_is_a_place_or_an_identifier(asked: Asked) -> None:
    for name, region in {
        "1-10-A-G": "1:10",
        "chr1:10:A:G": "chr1:10",
        "HLA-A*01:01-5-A-G": "HLA-A*01:01:5",
        "1-10-A-<DEL>": "1:10",
        "1-10-ACG-AT": "1:10-12",
        "a-5-T-c-10-AC-G": "a-5-T-c:10-11",
    }.items():
        assert value(asked, f"region_in('{name}')") == region
    for name in ("rs1", "1-10-A", "1-x-A-G", "COSV1-2", "1-10-*-G"):
        assert value(asked, f"region_in('{name}')") is None


def test_filters_are_joined_sorted_and_once(asked: Asked) -> None:
    for kinds, failed, text in (
        (1, "NULL", "PASS"),
        (2, "NULL", "."),
        (3, "NULL", ".|PASS"),
        (4, "['q10']", "q10"),
        (4, "['s50', 'q10', 's50']", "q10|s50"),
        (7, "['q10', 'Low']", ".|Low|PASS|q10"),
    ):
        assert value(asked, f"filters_text({kinds}, {failed})") == text


def test_a_sum_of_packed_pairs_tells_both_sums(asked: Asked) -> None:
    most = 2**31 - 1
    for pairs in (
        [(3, 4)],
        [(0, 0), (-1, 0)],
        [(0, -1), (-1, -1), (-5, 7)],
        [(most, most)],
        [(-most, -most)],
        [(most, 5), (-most, -7), (-1, most)],
    ):
        listed = ", ".join(f"({first}, {second})" for first, second in pairs)
        (row,) = asked(
            "SELECT first_packed(total) AS first, second_packed(total) AS second FROM (SELECT "
            f"sum(packed(a, b))::BIGINT AS total FROM (VALUES {listed}) AS pairs(a, b))"
        )
        assert (row["first"], row["second"]) == tuple(map(sum, zip(*pairs, strict=True)))
