"""INFO and FORMAT fields as columns; what is summed over genotypes."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from allelake.ingest.spec import Field, KeptField
from unit.ingest.part.random_vcf import random_records
from unit.ingest.part.running import run, spec_for, vcf
from unit.ingest.part.staged import Staged, key_of, rows_of
from unit.ingest.part.vcf_text import genotypes_of


def kept(name: str, number: str, of: str, sql: str, prefix: str) -> KeptField:
    return KeptField(Field(name, number, of), f"{prefix}_{name.lower()}", sql)


INFO = (
    kept("PER_ALT", "A", "Float", "FLOAT", "info"),
    kept("PER_ALLELE", "R", "Integer", "INTEGER[]", "info"),
    kept("TEXTS", ".", "String", "VARCHAR[]", "info"),
    kept("FLAG", "0", "Flag", "BOOLEAN", "info"),
)
FORMAT = (
    kept("PER_ALT", "A", "Integer", "INTEGER", "format"),
    kept("PER_ALLELE", "R", "Float", "FLOAT[]", "format"),
    kept("PER_GENOTYPE", "G", "Integer", "INTEGER[]", "format"),
    kept("WORD", "1", "String", "VARCHAR", "format"),
)


def info_of(folder: Path, info: str, alts: str = "G,T") -> list[dict[str, Any]]:
    text = vcf(["a"], [f"chr1 9 . A {alts} . . {info} GT 0/1"])
    rows = rows_of([run(folder, text, spec_for(1, info=INFO))], "sites")
    return [{name: value for name, value in row.items() if name[:5] == "info_"} for row in rows]


def test_info_fields_are_dealt_out_to_their_alts(tmp_path: Path) -> None:
    """Number=A has this ALT's value, Number=R that of REF and this ALT's."""
    one, two = info_of(tmp_path, "PER_ALT=0.5,.;PER_ALLELE=1,2,3;TEXTS=x,y,.;FLAG")
    assert one == {
        "info_per_alt": 0.5,
        "info_per_allele": [1, 2],
        "info_texts": ["x", "y", None],
        "info_flag": True,
    }
    assert two == {**one, "info_per_alt": None, "info_per_allele": [1, 3]}


@pytest.mark.parametrize("info", [".", "PER_ALT=.;PER_ALLELE=.;TEXTS=."])
def test_absent_info_is_null_and_an_absent_flag_false(tmp_path: Path, info: str) -> None:
    """NULL is "the file does not say"."""
    nothing = {"info_per_alt": None, "info_per_allele": None, "info_texts": None}
    assert info_of(tmp_path, info) == [{**nothing, "info_flag": False}] * 2


def test_a_wrong_number_of_values_is_null(tmp_path: Path) -> None:
    """One value for two ALTs belongs to neither."""
    for row in info_of(tmp_path, "PER_ALT=0.5;PER_ALLELE=1,2"):
        assert (row["info_per_alt"], row["info_per_allele"]) == (None, None)


def test_info_of_a_record_with_one_alt_needs_no_dealing(tmp_path: Path) -> None:
    """The commonest case has a path of its own."""
    (row,) = info_of(tmp_path, "PER_ALT=0.25;PER_ALLELE=7,8", alts="G")
    assert (row["info_per_alt"], row["info_per_allele"]) == (0.25, [7, 8])


def test_texts_are_kept_as_they_are(tmp_path: Path) -> None:
    """Quotes, percent signs and other letters reach no SQL."""
    (row,) = info_of(tmp_path, 'TEXTS=\')_DROP_TABLE_"sites"_--%3D,é', alts="G")
    assert row["info_texts"] == ['\')_DROP_TABLE_"sites"_--%3D', "é"]


def test_format_fields_go_with_their_genotypes(tmp_path: Path) -> None:
    """Values of the called samples only; lists end where the sample's do."""
    keys = "GT:PER_ALT:PER_ALLELE:PER_GENOTYPE:WORD"
    record = (
        f"chr1 9 . A G,T . . . {keys} 1/2:5,6:0.5,1,.:1,2,3,4,5,6:yes 0/0:1,2:1,2,3:1,2,3,4,5,6:no "
        "0/1:.:.:.:. 1:7,.:0,1,2:1,.,3:x"
    )
    spec = spec_for(4, format=FORMAT)
    staged = Staged.of([run(tmp_path, vcf(list("abcd"), [record]), spec)])
    found = {
        (key[3], sample): tuple(row[field.column] for field in FORMAT)
        for key, rows in staged.calls.items()
        for sample, row in rows.items()
    }
    assert found == {
        ("G", 0): (5, [0.5, 1.0], [1, 2, 3, 4, 5, 6], "yes"),
        ("G", 2): (None, None, None, None),
        ("G", 3): (7, [0.0, 1.0], [1, None, 3], "x"),
        ("T", 0): (6, [0.5, None], [1, 2, 3, 4, 5, 6], "yes"),
    }


def test_a_record_without_the_format_fields_has_nulls(tmp_path: Path) -> None:
    """Beside one that has them, in one chunk."""
    records = ["chr1 8 . A G . . . GT 0/1", "chr1 9 . A G . . . GT:WORD:PER_ALT 0/1:w:3"]
    rows = rows_of([run(tmp_path, vcf(["a"], records), spec_for(1, format=FORMAT))], "calls")
    assert [(row["format_word"], row["format_per_alt"]) for row in rows] == [(None, None), ("w", 3)]


def test_phase_sets_go_with_their_genotypes(tmp_path: Path) -> None:
    """Missing where the sample has none."""
    text = vcf(
        ["a", "b"], ["chr1 9 . A G . . . GT:PS 0|1:77 1|1:.", "chr1 10 . A G . . . GT 0|1 0|1"]
    )
    rows = rows_of([run(tmp_path, text, spec_for(2, has_ps=True))], "calls")
    assert [row["phase_set"] for row in rows] == [77, None, None, None]


def test_ids_filters_and_quality_are_as_written(tmp_path: Path) -> None:
    """NULL for a dot, an empty list for PASS."""
    records = [
        "chr1 1 rs1;rs2;x A G 1.5 PASS . GT 0/1",
        "chr1 2 . A G . . . GT 0/1",
        "chr1 3 rs3 A G 0 q10 . GT 0/1",
        "chr1 4 . ac a,G 0 q10 . GT 0/1",
    ]
    rows = rows_of([run(tmp_path, vcf(["a"], records), spec_for(1))], "sites")
    names = ("id", "other_ids", "qual", "filters")
    assert [tuple(row[name] for name in names) for row in rows[:3]] == [
        ("rs1", ["rs2", "x"], 1.5, []),
        (None, None, None, None),
        ("rs3", None, 0.0, ["q10"]),
    ]
    names = ("ref", "alt", "record_position", "record_ref", "record_alt", "record_alt_index")
    assert [tuple(row[name] for name in names) for row in rows[3:]] == [
        ("AC", "A", None, "ac", "a", 1),
        ("AC", "G", None, "ac", None, 2),
    ]
    assert {row["record_alt_total"] for row in rows[3:]} == {2}


@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
def test_depths_are_summed_over_all_genotypes(tmp_path: Path, chunk_bytes: int) -> None:
    """Per variant with a histogram, and per sample; reference genotypes too."""
    import random

    samples = [f"s{i}" for i in range(90)]
    text = vcf(samples, random_records(random.Random(4), len(samples), 15))
    spec = spec_for(len(samples), first_sample=1003, has_dp=True, has_gq=True)
    summary = run(tmp_path, text, spec, chunk_bytes=chunk_bytes)
    expected = genotypes_of(text)
    declared = {
        line.split("\t")[0] + ":" + line.split("\t")[1]: line.split("\t")[8].split(":")
        for line in text.splitlines()
        if line[0] != "#"
    }
    sums: dict[tuple[str, int], Counter[str]] = {}
    for row in rows_of([summary], "sites"):
        key = key_of(row)
        fields = declared[f"{key[0]}:{row['record_position'] or row['position']}"]
        for name in ("dp", "gq"):
            values = [v for g in expected[key] if (v := getattr(g, name)) is not None]
            if name.upper() not in fields:
                assert row[f"{name}_n"] is row[f"{name}_sum"] is row[f"{name}_histogram"] is None
                continue
            bins = Counter(min(value // 5, 19) for value in values)
            assert row[f"{name}_n"] == len(values)
            assert row[f"{name}_sum"] == sum(values)
            assert row[f"{name}_histogram"] == [bins[i] for i in range(20)]
        for place, genotype in enumerate(expected[key]):
            mine = sums.setdefault((key[0], 1003 + place), Counter())
            mine["genotypes"] += 1
            mine["missing_genotypes"] += genotype.called_count == 0
            mine["half_calls"] += genotype.ploidy == 2 and genotype.called_count == 1
            for name in ("dp", "gq"):
                value = getattr(genotype, name)
                mine[f"{name}_n"] += value is not None
                mine[f"{name}_sum"] += value or 0
    found = {
        (row["contig"], row["sample_number"]): Counter(
            {name: value for name, value in row.items() if name in next(iter(sums.values()))}
        )
        for row in rows_of([summary], "sample_counts")
    }
    assert found == sums


def test_depths_without_genotypes_do_not_count_for_samples(tmp_path: Path) -> None:
    """The site keeps them; a sample's mean is over its genotypes."""
    records = ["chr1 100 . A G . . . DP:GQ 12:13", "chr1 200 . A G . . . GT:DP:GQ 0/1:30:40"]
    summary = run(tmp_path, vcf(["a"], records), spec_for(1, has_dp=True, has_gq=True))
    (counts,) = rows_of([summary], "sample_counts")
    names = ("genotypes", "dp_n", "dp_sum", "gq_n", "gq_sum")
    assert [counts[name] for name in names] == [1, 1, 30, 1, 40]


def test_qualities_in_decimals_are_judged_as_the_numbers_they_are(tmp_path: Path) -> None:
    """19.9 is below 20, and the whole part is kept; beyond 32 bits is the greatest integer."""
    text = vcf(
        ["a", "b", "c", "d", "e"],
        ["chr1 9 . A G . . . GT:GQ:DP:AD 0/1:19.9:30:15,15 0/1:20:30:15,15 "
         "0/1:20.5:30:15,15 0/1:.:30:15,15 0/1:1e30:30:15,15"],
    ).replace("ID=GQ,Number=1,Type=Integer", "ID=GQ,Number=1,Type=Float")  # fmt: skip
    spec = spec_for(5, has_adj=True, has_dp=True, has_gq=True)
    rows = rows_of([run(tmp_path, text, spec)], "calls")
    assert [(row["gq"], row["passes_adj"]) for row in rows] == [
        (19, False), (20, True), (20, True), (None, False), (2**31 - 1, True),
    ]  # fmt: skip


@pytest.mark.parametrize("written", ["2,18", "2,18,0,0", "."])
def test_depths_of_another_number_than_the_alleles_are_missing(
    tmp_path: Path, written: str
) -> None:
    """Which allele a depth is of cannot be told, so adj@1 fails the genotype."""
    record = f"chr1 9 . A G,T . . . GT:GQ:DP:AD 0/1:30:20:{written} 0/1:30:20:10,10,0"
    spec = spec_for(2, has_adj=True, has_ad=True, has_dp=True, has_gq=True)
    rows = rows_of([run(tmp_path, vcf(["a", "b"], [record]), spec)], "calls")
    found = {
        row["sample_number"]: (row["ad_ref"], row["ad_alt"], row["passes_adj"])
        for row in rows
        if row["alt"] == "G"
    }
    assert found == {0: (None, None, False), 1: (10, 10, True)}
