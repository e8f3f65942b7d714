"""Planes, phases and rows of calls are what plain Python says of each genotype, compiled or not."""

import random
from types import SimpleNamespace

import numpy as np
import pytest

from allelake.ingest.encoding.calls import CallRows, choose_calls
from allelake.ingest.encoding.calls import _genotype_columns as genotype_columns
from allelake.ingest.encoding.phases import phase_planes
from allelake.ingest.encoding.planes import BlockLayout, Tiers, pack_planes, set_bits
from allelake.ingest.encoding.ploidy import haploid_plane
from allelake.ingest.reading.records import RecordRows
from unit.ingest.part.running import spec_for

# (first, second): every kind, of three ALTs.
KINDS = [(a, b) for a in range(-1, 4) for b in range(-2, 4)]


def random_rows(rng: random.Random, samples: int, first_sample: int, records: int) -> RecordRows:
    """Records that are nearly all reference, without missing alleles, or of every kind."""
    rows = RecordRows(spec_for(samples, first_sample=first_sample))
    weights = {
        "rare": [100 if kind == (0, 0) else rng.random() < 0.2 for kind in KINDS],
        "complete": [min(kind) >= 0 for kind in KINDS],
        "any": [rng.random() for _ in KINDS],
        "none": [kind == (0, 0) for kind in KINDS],
        "missing": [min(kind) != -2 for kind in KINDS],
    }
    for row in range(records):
        chosen = rng.choices(KINDS, list(weights.values())[row % len(weights)], k=samples)
        rows.first[row, rows.samples] = [one for one, _ in chosen]
        rows.second[row, rows.samples] = [two for _, two in chosen]
        rows.phased[row, rows.samples] = [rng.random() < 0.5 for _ in chosen]
    rows.note_filled(records, [True] * records)
    return rows


@pytest.fixture(params=[True, False], ids=["compiled", "whole arrays"])
def is_compiled(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def packed(flags: list[bool]) -> list[int]:
    """Most significant bit first."""
    return np.packbits(np.array(flags, np.bool_)).tolist()


def expected_planes(rows: RecordRows, row: int, allele: int) -> dict[str, list[int]]:
    """The planes of one variant, genotype by genotype."""
    flags: dict[str, list[bool]] = {
        name: []
        for name in ("alt1", "alt2", "short1", "short2", "haploid", "phased", "unphased", "second")
    }
    for one, two, phased in zip(
        rows.first[row].tolist(), rows.second[row].tolist(), rows.phased[row].tolist(), strict=True
    ):
        copies = [one, two].count(allele)
        missing = (one < 0) + (two < 0)
        flags["alt1"].append(copies >= 1)
        flags["alt2"].append(copies == 2)
        flags["short1"].append(missing >= 1)
        flags["short2"].append(missing == 2)
        flags["haploid"].append(two == -2)
        is_diploid_carrier = copies > 0 and two != -2
        flags["phased"].append(is_diploid_carrier and phased)
        flags["unphased"].append(is_diploid_carrier and not phased)
        flags["second"].append(is_diploid_carrier and phased and copies == 1 and two == allele)
    return {name: packed(values) for name, values in flags.items()}


@pytest.mark.parametrize("samples, first_sample", [(1, 0), (9, 3), (130, 1020), (1_025, 5)])
def test_planes_say_what_each_genotype_says(is_compiled, samples, first_sample):
    rng = random.Random(samples)
    rows = random_rows(rng, samples, first_sample, 12)
    rows.is_compiled = is_compiled
    row = np.array([rng.randrange(12) for _ in range(30)] + list(range(12)), np.int32)
    allele = np.array([rng.randint(1, 3) for _ in row], np.int32)
    planes = pack_planes(rows, row, allele, None)
    wanted = np.array(sorted(rng.sample(range(len(row)), 20)), np.int32)
    phases = phase_planes(rows, row, allele, planes, wanted)
    for variant, (held, number) in enumerate(zip(row.tolist(), allele.tolist(), strict=True)):
        expected = expected_planes(rows, held, number)
        for name in ("alt1", "alt2", "short1", "short2", "haploid"):
            assert getattr(planes, name)[variant].tolist() == expected[name], (name, variant)
        for name in ("phased", "unphased", "second"):
            found = getattr(phases, name)[variant].tolist()
            assert found == (expected[name] if variant in wanted else [0] * len(found)), name


@pytest.mark.parametrize("samples, first_sample", [(9, 3), (1_025, 5)])
def test_rows_of_calls_say_what_each_genotype_says(is_compiled, samples, first_sample):
    rng = random.Random(samples)
    rows = random_rows(rng, samples, first_sample, 8)
    rows.is_compiled = is_compiled
    row = np.array([rng.randrange(8) for _ in range(20)], np.int32)
    allele = np.array([rng.randint(1, 3) for _ in row], np.int32)
    planes = pack_planes(rows, row, allele, None)
    layout = BlockLayout.of(spec_for(samples, first_sample=first_sample))
    many = np.array([[rng.random() < 0.5 for _ in layout.numbers] for _ in row])
    tiers = Tiers(many, np.zeros_like(many))
    found = {"rare": set(), "common": set()}
    for tier, chosen in choose_calls(layout, planes, tiers, None, is_compiled=is_compiled):
        columns = genotype_columns(rows, row, allele, chosen)
        values = zip(*(column.to_pylist() for column in columns.values()), strict=True)
        assert list(columns) == ["alt_count", "called_count", "ploidy", "haplotype", "is_phased"]
        places = zip(chosen.variant.tolist(), chosen.column.tolist(), strict=True)
        found[tier] |= {(*place, *value) for place, value in zip(places, values, strict=True)}
    expected = {"rare": set(), "common": set()}
    for variant, (held, number) in enumerate(zip(row.tolist(), allele.tolist(), strict=True)):
        for column in range(rows.samples.start, rows.samples.stop):
            pair = [int(rows.first[held, column]), int(rows.second[held, column])]
            copies, ploidy = pair.count(number), 1 if pair[1] == -2 else 2
            called = sum(one >= 0 for one in pair)
            block = layout.numbers.index((first_sample - rows.pad + column) // 1024)
            tier = "common" if many[variant][block] else "rare"
            if not copies and (tier == "common" or called == 2):
                continue
            phased = bool(rows.phased[held, column]) and ploidy == 2
            haplotype = 1 + (pair[0] != number) if phased and copies == 1 else None
            expected[tier].add((variant, column, copies, called, ploidy, haplotype, phased))
    assert found == expected


def test_a_stretch_without_missing_alleles_is_complete(is_compiled):
    """What is known to be zero is not looked at again, whatever the stretch before it had."""
    rows = random_rows(random.Random(5), 130, 3, 15)
    rows.is_compiled = is_compiled
    layout = BlockLayout.of(spec_for(130, first_sample=3))
    for chosen in ([1], [3], [1, 3], [1, 2, 3], [0], [4]):
        row, ones = np.array(chosen, np.int32), np.ones(len(chosen), np.int32)
        planes = pack_planes(rows, row, ones, None)
        expected = [expected_planes(rows, held, 1) for held in chosen]
        is_short = any(any(one["short1"]) for one in expected)
        assert planes.is_complete == (is_compiled and not is_short)
        odd = [(np.array(one["alt1"]) | one["short1"]).tolist() for one in expected]
        assert planes.nondefault.tolist() == odd
        assert layout.count(planes.nondefault).tolist() == [
            [sum(map(int.bit_count, one))] for one in odd
        ]


@pytest.mark.parametrize("kind", range(5))
def test_haploid_genotypes_are_seen_wherever_they_are(is_compiled, kind):
    rows = random_rows(random.Random(6), 130, 3, 10)
    rows.is_compiled = is_compiled
    row = np.array([kind, kind + 5], np.int32)
    second, called = rows.second[row], (rows.first[row] >= 0) | (rows.second[row] >= 0)
    haploid = ((second == -2) & called).sum(axis=0)
    expected = np.packbits(2 * haploid > called.sum(axis=0))
    plane = haploid_plane(rows, row)
    assert (plane is None) == (not expected.any())
    assert plane is None or plane.tolist() == expected.tolist()


def test_bits_are_found_by_row_and_column(is_compiled):
    rng = np.random.default_rng(3)
    flags = rng.random((20, 80)) < rng.random((20, 1)) ** 4
    rows, columns = set_bits(np.packbits(flags, axis=1), is_compiled)
    expected = [(row, column) for row, column in np.ndindex(*flags.shape) if flags[row, column]]
    assert list(zip(rows.tolist(), columns.tolist(), strict=True)) == expected


def test_alleles_beyond_one_byte_are_left_to_whole_arrays(is_compiled):
    rows = random_rows(random.Random(1), 9, 0, 2)
    rows.is_compiled = is_compiled
    rows.first, rows.second = rows.first.astype(np.int16), rows.second.astype(np.int16)
    rows.first[0, :2] = 200
    row, allele = np.array([0, 0, 1], np.int32), np.array([200, 200 - 256, 1], np.int32)
    planes = pack_planes(rows, row, allele, None)
    wanted = np.array([0, 2], np.int32)
    phases = phase_planes(rows, row, allele, planes, wanted)
    for variant, name in ((0, "alt1"), (2, "alt1"), (0, "short1"), (2, "alt2")):
        expected = expected_planes(rows, int(row[variant]), int(allele[variant]))
        assert getattr(planes, name)[variant].tolist() == expected[name]
        assert phases.second[variant].tolist() == expected["second"]
    chosen = CallRows(np.array([0], np.int32), np.array([1], np.int32))
    columns = genotype_columns(rows, row, allele, chosen)
    assert SimpleNamespace(**columns).alt_count.to_pylist()[0] >= 1
