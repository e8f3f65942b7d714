"""Rows that real files have and tools disagree about, in one call set, as the reference has it."""

from collections.abc import Callable
from pathlib import Path

import pytest

import allelake
import reference as ref
from lakes import Row, asking, write_texts
from make_vcf import vcf
from properties.asking import by_variant, call, variant_of
from reference import Batch, Lake, Rules

FIELDS = ["GT", "GQ", "DP", "AD", "PS"]
ROWS = (
    # bases without case, unknown and ambiguous bases
    "chr1 1000 a g . GT 0/1 0/0 0/0",
    "chr1 1010 ac aT . GT 0/1 1/1 0/0",
    "chr1 1020 R G . GT 0/1 0/0 0/0",
    "chr1 1030 A R . GT 0/1 0/0 0/0",
    # symbolic alleles of one place, told apart by END, by SVLEN, by name
    "chr1 1100/END=1200;SVLEN=-100 N <DEL> . GT 0/1 0/0 0/0",
    "chr1 1100/END=1300;SVLEN=-200 N <DEL> . GT 0/0 1/1 0/0",
    "chr1 1100/END=1300;SVLEN=-200 N <DUP> . GT 0/0 1/1 ./.",
    "chr1 1400 N <DEL> . GT 0/1 0/0 0/0",
    "chr1 1400 N <DEL> . GT 0/1 0/0 0/0",
    # END before the record, END missing, one SVLEN for two ALTs, one of them missing
    "chr1 1500/END=1400 N <DEL> . GT 0/1 0/0 0/0",
    "chr1 1510/END=.;SVLEN=-10 N <DEL> . GT 0/1 0/0 0/0",
    "chr1 1520/SVLEN=-10 N <DEL>,<DUP> . GT 0/1 0/2 0/0",
    "chr1 1530/SVLEN=-10,. N <DEL>,<DUP> . GT 0/1 0/2 0/0",
    "chr1 1540/SVLEN=-2,-9;END=1549 AGT A,<DEL> . GT 0/1 0/2 0/0",
    "chr1 1550/SVLEN=50 N <INV> . GT 0/1 0/0 0/0",
    "chr1 1550/SVLEN=50 N <DUP:TANDEM> . GT 0/1 0/0 0/0",
    "chr1 1550/SVLEN=50 N <INS:ME> . GT 0/1 0/0 0/0",
    "chr1 1550/SVLEN=50 N <CNV:TR> . GT 0/1 0/0 0/0",
    "chr1 1550/SVLEN=50 N <CN0> . GT 0/1 0/0 0/0",
    # breakends, a very long allele
    "chr1 1600 G G]chr2:5],[chr2:7[G,G.,.G . GT 1/2 3/4 0/4",
    f"chr1 1610 {'ACGT' * 400} A . GT 0/1 0/0 0/0",
    # `*`, unnamed alleles
    "chr1 1700 A * . GT 0/1 1/1 0/0",
    "chr1 1710 ACC *,A . GT 1/2 0/2 2/2",
    "chr1 1720 A G,<NON_REF> . GT 2/2 0/2 1/2",
    "chr1 1730 A G,<*> . GT ./. 0|2 1/.",
    # ploidy that changes, half calls with phase, GT not first, trailing fields left out
    "chr1 1800 A G . GT 0 0/1 1",
    "chr1 1810 A G . GT 0/1 1 .",
    "chr1 1820 A G . GT .|1 1|. .|.",
    "chr1 1830 A G . DP:GT 3:0/1 4:0/0 5:1|0",
    "chr1 1840 A G,T . GT:GQ:DP:AD:PS 0|1:30:30:10,20:7 1|2:30:30:1,2,3 .",
    "chr1 1850 A G . GT:DP 0/1:. 0/0 ./.:9",
    # filters that say both, a filter named 0
    "chr1 1900 A G PASS;q10 GT 0/1 0/0 0/0",
    # one variant written twice alike: as it is, and with bases to cut off
    "chr1 2000 AT GT PASS GT 0/1 0/0 1/1",
    "chr1 2000 A G . GT 1|0 0|0 1|1",
    # the last base of MT, an event beyond its end
    "chrM 16000/END=17000 N <DEL> . GT 0/1 0/0 1",
    "chrM 16569 A G . GT 0/1 0 1",
)


@pytest.fixture(scope="module")
def lakes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lake, Callable[[str], list[Row]]]:
    text = vcf(["a", "b", "c"], *ROWS, fields=FIELDS, filters=["q10"])
    file: Path = tmp_path_factory.mktemp("awkward") / "rows.vcf"
    file.write_text(text)
    lake = allelake.init(file.parent / "lake")
    lake.ingest([file], allelake.IngestOptions(workers=1))
    assert lake.check() == []
    return Lake((Batch((text,)),)), asking(lake)


@pytest.mark.parametrize("policy", ["raw", "adj@1"])
@pytest.mark.parametrize("filters", ["any", "pass"])
def test_frequencies_of_awkward_rows(
    lakes: tuple[Lake, Callable[[str], list[Row]]], policy: ref.Policy, filters: ref.FilterRule
) -> None:
    reference, ask = lakes
    rows = ask(call("allele_frequency", "all", in_policy=policy, in_filter=filters))
    expected = ref.allele_frequency(reference, rules=Rules(policy, filter=filters))
    assert by_variant(rows, ref.Frequency) == expected


def test_carriers_of_awkward_rows(lakes: tuple[Lake, Callable[[str], list[Row]]]) -> None:
    reference, ask = lakes
    found = {
        (variant_of(row), row["sample_id"]): tuple(row[name] for name in ref.Carrier._fields)
        for row in ask("FROM carriers()")
    }
    assert found == ref.carriers(reference)


def test_kinds_of_awkward_rows(lakes: tuple[Lake, Callable[[str], list[Row]]]) -> None:
    reference, ask = lakes
    assert by_variant(ask("FROM variants_in(NULL)"), ref.Known) == ref.variants_in(reference)


REPEATED = (
    "chr1 100 A G PASS GT 0/1 0/0 0/0",
    "chr1 100 AC GC q10 GT 1/1 0/0 ./.",
    "chr1 100 A G,T . GT 0/1 0/2 0/1",
    "chr1 200 A G . GT 0/0 0/1 0/0",
    "chr1 200 A G . GT 0/1 0/0 0/0",
)


@pytest.mark.parametrize("files", [pytest.param(1, marks=pytest.mark.slow), 2])
def test_unlike_records_of_one_variant_need_a_rule(tmp_path: Path, files: int) -> None:
    """Refused by default; `most_alt` takes the record with the most copies, of equals the first."""
    groups = [REPEATED]
    if files == 2:
        groups = [REPEATED[:1] + REPEATED[3:4], REPEATED[1:3] + REPEATED[4:]]
    texts = [vcf(["a", "b", "c"], *rows, filters=["q10"]) for rows in groups]
    paths = write_texts(tmp_path, texts, "repeated")
    with pytest.raises(allelake.InputError, match="2 variants have several records"):
        allelake.init(tmp_path / "refused").ingest(paths)
    for rule in ("first", "most_alt"):
        lake = allelake.init(tmp_path / rule)
        lake.ingest(paths, allelake.IngestOptions(workers=1, duplicates=rule))
        reference = Lake((Batch(tuple(texts), duplicates=rule),))
        found = by_variant(asking(lake)("FROM allele_frequency('all')"), ref.Frequency)
        assert found == ref.allele_frequency(reference), rule
        assert lake.check() == []
