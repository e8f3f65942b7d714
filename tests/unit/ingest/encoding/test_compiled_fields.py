"""adj@1 and sums of depths are what plain Python says of each genotype, compiled or not."""

import random

import numpy as np
import pytest

from allelake.ingest.encoding.adj import adj_planes
from allelake.ingest.encoding.calls import _allele_depths
from allelake.ingest.encoding.planes import BlockLayout, pack_planes
from allelake.ingest.encoding.sites import SampleTotals, _depth_columns
from allelake.ingest.reading.records import RecordRows
from allelake.model.genotype import MISSING_INTEGER, VECTOR_END
from unit.ingest.part.running import spec_for

GENOTYPES = [(0, 0), (0, 1), (1, 1), (0, 2), (-1, 1), (0, -1), (-1, -1), (1, -2), (0, -2), (-1, -2)]
# At, below and above each threshold.
DEPTHS = [MISSING_INTEGER, VECTOR_END, -1, 0, 1, 2, 3, 4, 5, 9, 10, 11, 49, 50, 99, 100, 2**31 - 1]
QUALITIES = [MISSING_INTEGER, VECTOR_END, 0, 19, 20, 21, 99]
ALTS = 2


@pytest.fixture(params=[True, False], ids=["compiled", "whole arrays"])
def is_compiled(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def random_rows(rng: random.Random, samples: int, first_sample: int, records: int) -> RecordRows:
    """Records with one ALT have AD in pairs; every third has two ALTs, every seventh no AD."""
    spec = spec_for(samples, first_sample=first_sample, has_adj=True, has_dp=True, has_gq=True)
    rows = RecordRows(spec)
    pairs = rows.use_ad_pairs()
    columns = rows.samples
    for row in range(records):
        chosen = rng.choices(GENOTYPES, k=samples)
        rows.first[row, columns] = [one for one, _ in chosen]
        rows.second[row, columns] = [two for _, two in chosen]
        rows.dp[row, columns] = rng.choices(DEPTHS, k=samples)
        rows.gq[row, columns] = rng.choices(QUALITIES, k=samples)
        pairs[row, 0, columns] = rng.choices(DEPTHS[:-1], k=samples)
        pairs[row, 1, columns] = rng.choices(DEPTHS, k=samples)
    in_pairs = [row % 3 > 0 for row in range(records)]
    rows.note_filled(
        records, [True] * records, *[[row % 5 > 0 for row in range(records)]] * 2, in_pairs
    )
    for row in range(0, records, 3):
        if row % 7:
            values = [[rng.choice(DEPTHS) for _ in range(ALTS + 1)] for _ in range(samples)]
            rows.ad[row] = np.array(values, np.int32)
    return rows


def depths_at(rows: RecordRows, row: int, column: int, allele: int) -> tuple[int, int]:
    """AD of REF and of an ALT."""
    if rows.in_pairs[row]:
        return int(rows.ad_pairs[row, 0, column]), int(rows.ad_pairs[row, 1, column])
    if rows.ad[row] is None:
        return MISSING_INTEGER, MISSING_INTEGER
    values = rows.ad[row][column - rows.pad].tolist()
    return values[0], values[allele]


def passes(rows: RecordRows, row: int, column: int, allele: int, least_dp: int) -> bool:
    """adj@1, word for word."""
    pair = [int(rows.first[row, column]), int(rows.second[row, column])]
    dp, gq = int(rows.dp[row, column]), int(rows.gq[row, column])
    ad_ref, ad_alt = depths_at(rows, row, column, allele)
    known = min(dp, gq, ad_ref, ad_alt) > VECTOR_END
    if not known or max(pair) < 0 or gq < 20 or dp < least_dp:
        return False
    is_het = pair.count(allele) == 1 and min(pair) >= 0
    return not is_het or 5 * ad_alt >= dp


@pytest.mark.parametrize("samples, first_sample", [(9, 3), (1_025, 5)])
def test_adj_judges_each_genotype(is_compiled, samples, first_sample):
    rng = random.Random(samples)
    rows = random_rows(rng, samples, first_sample, 24)
    rows.is_compiled = is_compiled
    row = np.arange(24, dtype=np.int32)
    allele = np.array(
        [1 if rows.in_pairs[held] else rng.randint(1, ALTS) for held in row], np.int32
    )
    planes = pack_planes(rows, row, allele, None)
    layout = BlockLayout.of(spec_for(samples, first_sample=first_sample))
    adj = adj_planes(rows, row, allele, planes, layout)
    for variant in range(24):
        found = [np.unpackbits(plane[variant]) for plane in (adj.passes, adj.passes_haploid)]
        reference = np.unpackbits(adj.failing_reference[variant])
        for column in range(rows.width):
            is_sample = rows.samples.start <= column < rows.samples.stop
            one, two = int(rows.first[variant, column]), int(rows.second[variant, column])
            of = (rows, variant, column, int(allele[variant]))
            as_called = is_sample and passes(*of, 5 if two == -2 else 10)
            assert found[0][column] == as_called
            assert found[1][column] == (is_sample and passes(*of, 5))
            carries_none = one >= 0 and two >= 0 and int(allele[variant]) not in (one, two)
            assert reference[column] == (is_sample and carries_none and not as_called)


def test_depths_of_rows_of_calls_are_those_of_their_allele():
    rng = random.Random(4)
    rows = random_rows(rng, 9, 3, 24)
    row = np.arange(24, dtype=np.int32)
    allele = np.array(
        [1 if rows.in_pairs[held] else rng.randint(1, ALTS) for held in row], np.int32
    )
    variant = np.repeat(row, 9)
    column = np.tile(np.arange(3, 12, dtype=np.int32), 24)
    columns = _allele_depths(rows, variant, row, allele, column)
    for place, (held, at) in enumerate(zip(variant.tolist(), column.tolist(), strict=True)):
        expected = depths_at(rows, held, at, int(allele[held]))
        for name, value in zip(("ad_ref", "ad_alt"), expected, strict=True):
            assert columns[name][place].as_py() == (value if value > VECTOR_END else None)


def test_sums_and_histograms_count_each_known_value(is_compiled):
    rows = random_rows(random.Random(7), 1_025, 5, 24)
    rows.is_compiled = is_compiled
    rows.has_gt[4] = False
    row = np.array([3, 5, 4, 5, 10, *range(11, 20)], np.int32)
    totals = SampleTotals(rows.width)
    columns = _depth_columns("dp", rows.dp, rows.has_dp, rows, row, totals)
    by_sample = np.zeros((2, rows.width), np.int64)
    for variant, held in enumerate(row.tolist()):
        values = {c: v for c, v in enumerate(rows.dp[held].tolist()) if v > VECTOR_END}
        if rows.has_gt[held]:
            for column, value in values.items():
                by_sample[:, column] += 1, value
        found = [columns[f"dp_{name}"][variant].as_py() for name in ("n", "sum", "histogram")]
        if not rows.has_dp[held]:
            assert found == [None, None, None]
            continue
        bins = [0] * 20
        for value in values.values():
            bins[max(0, min(value // 5, 19))] += 1
        assert found == [len(values), sum(values.values()), bins]
    assert totals.sums["dp_n"].tolist() == by_sample[0].tolist()
    assert totals.sums["dp_sum"].tolist() == by_sample[1].tolist()
