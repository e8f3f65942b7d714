"""BRAVO's published counts of people and of reads, from a file with DP and GQ of 2,504 people."""

from collections.abc import Callable, Iterator
from pathlib import Path

import reference as ref
from lakes import Row, asking
from truth.datasets import SMALL
from truth.real_lakes import RealLakes
from truth.truth_tables import Key

(DATASET,) = (dataset for dataset in SMALL if dataset.name == "1000g_chr22_dp_gq_2504")
Histogram = list[int]


def published(data: Path) -> Iterator[tuple[Key, ref.Record, int]]:
    """Each allele of BRAVO's answer, and which ALT of its record it is (from 0)."""
    text = ref.text_of(data / "truth/bravo_allelecounts_and_histograms.vcf.gz")
    for record in ref.read_vcf(text).records:
        for index, alt in enumerate(record.alts):
            minimal = ref.minimal_alleles(record.position, record.ref, alt)
            yield (record.contig, *minimal), record, index


def key_of(row: Row) -> Key:
    return (row["contig"], row["position"], row["ref"], row["alt"])  # type: ignore[return-value]


def counts_of(lake: RealLakes) -> dict[Key, list[object]]:
    rows = asking(lake.of(DATASET))(
        "SELECT f.*, s.dp_sum FROM allele_frequency('all') f "
        "JOIN sites s USING (contig, position, ref, alt)"
    )
    names = ("ac", "an", "dp_sum", "homozygotes", "heterozygotes")
    return {key_of(row): [row[name] for name in names] for row in rows}


def test_counts_equal_those_that_bravo_published(shared_data: Path, real_lakes: RealLakes) -> None:
    found = counts_of(real_lakes)
    expected = {}
    for key, record, index in published(shared_data):
        ac, hom = (record.info_numbers(name)[index] for name in ("AC", "Hom"))
        an, dp = (record.info_numbers(name)[0] for name in ("AN", "DP"))
        expected[key] = [ac, an, dp, hom]
    assert {key: counts[:4] for key, counts in found.items()} == expected


def test_bravo_counts_a_heterozygote_of_two_alts_at_neither_of_them(
    shared_data: Path, real_lakes: RealLakes
) -> None:
    """Its Het are people with REF and this ALT; ours all with one copy, so that AC adds up."""
    found = counts_of(real_lakes)
    differing = set()
    for key, record, index in published(shared_data):
        theirs = record.info_numbers("Het")[index]
        ac, _, _, hom, het = found[key]
        assert ac == het + 2 * hom  # type: ignore[operator]
        if het != theirs:
            assert het > theirs and len(record.alts) > 1  # type: ignore[operator]
            differing.add(record.position)
    assert differing == {16_050_654, 16_051_453}


def histogram(values: list[int], bin_of: Callable[[int], int]) -> Histogram:
    counts = [0] * 20
    for value in values:
        counts[min(19, bin_of(value))] += 1
    return counts


def test_histograms_are_bravos_but_for_the_side_on_which_bins_are_closed(
    shared_data: Path, real_lakes: RealLakes
) -> None:
    """A DP of 5 is in BRAVO's first bin of five and in our second, which is 5 to 9."""
    ours: dict[Key, list[Histogram]] = {}
    bravos: dict[Key, list[Histogram]] = {}
    text = ref.text_of(shared_data / DATASET.files[0])
    for record in ref.read_vcf(text).records:
        for index in range(1, len(record.alts) + 1):
            genotypes = [ref.genotype_of(record, column, index) for column in record.columns]
            fields = [[g.dp for g in genotypes], [g.gq for g in genotypes]]
            there = [[value for value in values if value is not None] for values in fields]
            variant = ref.variant_of(record, index, record.contig)
            ours[variant[:4]] = [histogram(values, lambda v: v // 5) for values in there]
            bravos[variant[:4]] = [
                histogram(values, lambda v: max(0, v - 1) // 5) for values in there
            ]
    assert bravos == {
        key: [list(map(int, record.info[name].split("|"))) for name in ("DP_HIST", "GQ_HIST")]
        for key, record, _ in published(shared_data)
    }
    rows = asking(real_lakes.of(DATASET))("FROM sites")
    assert ours == {key_of(row): [row["dp_histogram"], row["gq_histogram"]] for row in rows}
