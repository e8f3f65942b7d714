"""The demo's cohort: plainly invented, always the same, and true to biology where it matters."""

import csv
import gzip
from collections import Counter
from pathlib import Path

import cyvcf2
import numpy as np
import pytest

from allelake.demo import DemoFiles, make_demo
from allelake.demo.bgzf import END_OF_FILE
from allelake.demo.sites import CONTIG_LENGTHS, FOUNDER_ID, X_OUTSIDE_PAR
from allelake.errors import UsageError

PEOPLE, VARIANTS = 130, 700


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> DemoFiles:
    return make_demo(tmp_path_factory.mktemp("demo"), people=PEOPLE, variants=VARIANTS)


@pytest.fixture(scope="module")
def people(demo) -> list[dict[str, str]]:
    with demo.people.open() as rows:
        return list(csv.DictReader(rows, delimiter="\t"))


@pytest.fixture(scope="module")
def sequenced(demo, people) -> list[dict[str, str]]:
    """The rows of the people whose sample is in the VCFs, in the order of the VCFs."""
    rows = {row["sample_id"]: row for row in people}
    return [rows[name] for name in cyvcf2.VCF(str(demo.vcfs[0])).samples]


@pytest.fixture(scope="module")
def records(demo) -> list[tuple[str, cyvcf2.Variant, np.ndarray]]:
    return [
        (path.name.split(".")[0], record, record.genotype.array()[:, :2].copy())
        for path in demo.vcfs
        for record in cyvcf2.VCF(str(path))
    ]


def text_of(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes())


def test_the_same_seed_gives_the_same_text(demo, tmp_path):
    again = make_demo(tmp_path, people=PEOPLE, variants=VARIANTS)
    for first, second in zip(demo.vcfs, again.vcfs, strict=True):
        assert text_of(first) == text_of(second)
    assert demo.people.read_bytes() == again.people.read_bytes()


def test_another_seed_gives_another_cohort(demo, tmp_path):
    other = make_demo(tmp_path, people=PEOPLE, variants=VARIANTS, seed=2)
    assert text_of(demo.vcfs[0]) != text_of(other.vcfs[0])


def test_the_files_are_whole_bgzf_and_count_what_was_told(demo, records):
    assert all(path.read_bytes().endswith(END_OF_FILE) for path in demo.vcfs)
    assert demo.records == len(records)
    assert demo.samples == PEOPLE


def test_every_sample_has_a_row_and_some_people_were_not_sequenced(people, sequenced):
    assert len(sequenced) == PEOPLE < len(people)
    fathers = {row["father_id"] for row in people}
    absent = [row for row in people if row not in sequenced]
    assert {row["participant_id"] for row in absent} <= fathers


def test_there_are_three_populations_both_sexes_and_families(people):
    assert set(Counter(row["population"] for row in people)) == {"north", "south", "island"}
    assert set(Counter(row["sex"] for row in people)) == {"XX", "XY", ""}
    ids = {row["participant_id"] for row in people}
    children = [row for row in people if row["mother_id"]]
    assert len(children) > 3
    assert all({row["mother_id"], row["father_id"]} <= ids for row in children)


def test_children_carry_their_parents_alleles(records, sequenced):
    """Each called diploid child has one allele of each parent; a boy's X is his mother's."""
    index = {row["participant_id"]: n for n, row in enumerate(sequenced)}
    trios = [
        (index[row["participant_id"]], index[row["father_id"]], index[row["mother_id"]])
        for row in sequenced
        if row["mother_id"] and row["father_id"] in index
    ]
    looked_at = 0
    for _, _, genotypes in records:
        for child, father, mother in trios:
            alleles = [set(genotypes[n][genotypes[n] >= 0].tolist()) for n in (father, mother)]
            first, second = genotypes[child].tolist()
            if -1 in genotypes[[child, father, mother]]:
                continue
            looked_at += 1
            if second == -2:
                assert first in alleles[1]
            else:
                assert (first in alleles[0] and second in alleles[1]) or (
                    second in alleles[0] and first in alleles[1]
                )
    assert looked_at > 1000


def test_only_xy_people_are_haploid_and_only_on_x_outside_par(records, sequenced):
    sexes = [row["sex"] for row in sequenced]
    is_xy, is_known = np.array([s == "XY" for s in sexes]), np.array([s != "" for s in sexes])
    inside = Counter()
    for contig, record, genotypes in records:
        outside_par = contig == "chrX" and X_OUTSIDE_PAR[0] <= record.POS <= X_OUTSIDE_PAR[1]
        haploid = genotypes[:, 1] == -2
        assert (haploid[is_known] == (is_xy[is_known] & outside_par)).all()
        inside[contig, outside_par] += 1
    assert inside["chrX", True] and inside["chrX", False]


def test_every_kind_of_variant_and_call_is_there(records):
    alts = Counter()
    calls = Counter()
    for _, record, genotypes in records:
        alts["two"] += len(record.ALT) > 1
        alts["star"] += "*" in record.ALT
        alts["indel"] += any(len(alt) != len(record.REF) for alt in record.ALT)
        calls["missing"] += int((genotypes == -1).any(axis=1).sum())
        calls["second"] += int((genotypes == 2).any(axis=1).sum())
    assert alts["two"] and alts["indel"] and alts["star"]
    assert calls["missing"] and calls["second"]


def test_the_counts_in_info_are_those_of_the_genotypes(records):
    for _, record, genotypes in records:
        counts = record.INFO["AC"]
        counts = counts if isinstance(counts, tuple) else (counts,)
        assert counts == tuple((genotypes == n + 1).sum() for n in range(len(record.ALT)))
        assert record.INFO["AN"] == (genotypes >= 0).sum()


def test_reads_add_up_and_a_call_without_reads_is_missing(records):
    for _, record, genotypes in records:
        depth = record.format("DP")[:, 0]
        assert (record.format("AD").clip(0).sum(axis=1) == depth).all()
        assert (genotypes[depth == 0, 0] == -1).all()


def test_records_are_sorted_trimmed_and_inside_their_contig(records):
    last = {}
    for contig, record, _ in records:
        assert last.get(contig, 0) < record.POS <= CONTIG_LENGTHS[contig]
        last[contig] = record.POS
        for alt in record.ALT:
            if alt[0] in "ACGT" and len(record.ALT) == 1 and len(alt) != len(record.REF):
                # Neither can lose a base at its end, nor move to the left.
                assert alt[-1] != record.REF[-1] and alt[0] == record.REF[0]


def test_the_founder_allele_is_far_commoner_on_the_island(demo, sequenced):
    populations = np.array([row["population"] for row in sequenced])
    founder = [r for r in cyvcf2.VCF(str(demo.vcfs[1])) if founder_id(r)]
    (record,) = founder
    copies = (record.genotype.array()[:, :2] == 1).sum(axis=1)
    island = populations == "island"
    assert copies[island].sum() / island.sum() > 5 * copies[~island].sum() / (~island).sum()


def founder_id(record: cyvcf2.Variant) -> bool:
    return record.ID == FOUNDER_ID


def test_the_header_says_that_nobody_is_real(demo):
    for path in demo.vcfs:
        with gzip.open(path, "rt") as text:
            assert "no person and no real genome" in text.read(500)


def test_a_cohort_too_small_for_three_populations_is_refused(tmp_path: Path):
    with pytest.raises(UsageError, match="at least 30 people; 5 were asked"):
        make_demo(tmp_path, people=5)
