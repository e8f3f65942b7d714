"""Pruning, kinship, unrelated sets and components against their definitions."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pytest

import reference_structure as plain
from allelake.errors import QueryError
from allelake.structure.axes import _drawn_in
from allelake.structure.genotypes import Chunk, GenotypeReader
from allelake.structure.kinship import kinship_pairs
from allelake.structure.packed import along_people
from allelake.structure.pca import components, projected
from allelake.structure.people import People
from allelake.structure.prune import PruneRules, prune
from allelake.structure.relationship import relationships
from allelake.structure.sites import Sites
from allelake.structure.standardised import Standardised, allele_shares
from allelake.structure.unrelated import MOST_SOLVED, largest_unrelated
from structure_reading import family_copies


class DrawnGenotypes(GenotypeReader):
    """A reader of an array (sites x people, -1 missing) in chunks of 64 sites, without a lake."""

    def __init__(self, copies: np.ndarray, positions: np.ndarray | None = None) -> None:
        count, people = copies.shape
        if positions is None:
            positions = np.arange(1, count + 1)
        names = ["1"] * count
        columns = {"contig": names, "position": pa.array(positions, pa.int32())}
        self.sites = Sites(pa.table({**columns, "ref": ["A"] * count, "alt": ["G"] * count}))
        numbers = np.arange(people, dtype=np.int32)
        self.people = People(numbers, np.ones(people, np.int32))
        self._copies = copies.astype(np.int8)

    def chunks(self, on_progress: object = None) -> Iterator[Chunk]:
        for start in range(0, len(self._copies), 64):
            stop = min(start + 64, len(self._copies))
            yield Chunk(start, stop, self._copies[start:stop])


def linked(numbers: np.random.Generator, sites: int, people: int, missing: float) -> np.ndarray:
    """Copies at sites that correlate with those before them; some sites without variation."""
    haplotypes = np.empty((sites, 2 * people), np.int8)
    haplotypes[0] = numbers.random(2 * people) < 0.4
    for site in range(1, sites):
        is_new = numbers.random(2 * people) < numbers.choice([0.05, 0.3, 1.0])
        fresh = numbers.random(2 * people) < numbers.uniform(0.05, 0.95)
        haplotypes[site] = np.where(is_new, fresh, haplotypes[site - 1])
    copies = haplotypes[:, ::2] + haplotypes[:, 1::2]
    copies[3::40] = numbers.choice([0, 1, 2], (len(copies[3::40]), 1))
    return np.where(numbers.random(copies.shape) < missing, -1, copies)


def plainly(copies: np.ndarray) -> list[list[int | None]]:
    return [[None if c < 0 else int(c) for c in row] for row in copies]


@pytest.mark.parametrize("missing", [0.0, 0.05])
@pytest.mark.parametrize(
    ("window", "step", "size", "in_bases"),
    [("1kb", 1, 1_000, True), ("0.25kb", 1, 250, True), ("20", 3, 20, False), ("7", 1, 7, False)],
)
def test_pruning_keeps_the_sites_that_its_definition_keeps(
    missing: float, window: str, step: int, size: int, in_bases: bool
) -> None:
    numbers = np.random.default_rng(int(1_000 * missing) + size)
    copies = linked(numbers, 150, 40, missing)
    positions = np.cumsum(numbers.integers(1, 120, len(copies)))
    reader = DrawnGenotypes(copies, positions)
    kept = prune(reader, PruneRules(window, step, 0.2))
    expected = plain.pruned(plainly(copies), positions.tolist(), 0.2, size, step, in_bases)
    assert kept.tolist() == expected
    assert 10 < sum(expected) < 140


def test_pruned_windows_hold_no_pair_that_correlates() -> None:
    copies = linked(np.random.default_rng(8), 130, 70, 0.03)
    kept = prune(DrawnGenotypes(copies), PruneRules("200", 1, 0.3))
    sites = plainly(copies[kept])
    above = [
        1 for i, one in enumerate(sites) for other in sites[:i] if plain.r_squared(one, other) > 0.3
    ]
    assert not above


@pytest.mark.parametrize("missing", [0.0, 0.1])
def test_kinship_is_that_of_its_definition(missing: float) -> None:
    numbers = np.random.default_rng(3)
    copies = numbers.binomial(2, numbers.uniform(0.1, 0.9, (200, 1)), (200, 30))
    copies = np.where(numbers.random(copies.shape) < missing, -1, copies)
    # One person is heterozygous nowhere, one is complete though others are not.
    copies[:, 4] = np.where(copies[:, 4] == 1, 2, copies[:, 4])
    copies[:, 5] = np.where(copies[:, 5] < 0, 0, copies[:, 5])
    found = kinship_pairs(DrawnGenotypes(copies), -10.0)
    people = list(zip(*plainly(copies), strict=True))
    expected = []
    for j in range(30):
        for i in range(j):
            counts = plain.king(people[i], people[j])
            if counts["kinship"] is not None:
                expected.append({"sample_number_1": i, "sample_number_2": j, **counts})
    rows = found.pairs.drop_columns("relationship").to_pylist()
    expected.sort(key=lambda row: (row["sample_number_1"], row["sample_number_2"]))
    assert [{**row, "kinship": pytest.approx(row["kinship"])} for row in expected] == rows
    assert (found.looked_at, found.unknown) == (30 * 29 // 2, 29)


def test_kinship_of_more_people_than_a_block_has_every_pair_once() -> None:
    copies = np.random.default_rng(4).integers(0, 3, (64, 300))
    found = kinship_pairs(DrawnGenotypes(copies), -10.0)
    pairs = list(zip(*(found.pairs.column(n).to_pylist() for n in range(2)), strict=True))
    assert pairs == [(i, j) for i in range(300) for j in range(i + 1, 300)]


def test_more_pairs_than_are_kept_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("allelake.structure.kinship.MOST_PAIRS", 5)
    copies = np.random.default_rng(4).integers(0, 3, (64, 12))
    with pytest.raises(QueryError, match="Raise --min-kinship"):
        kinship_pairs(DrawnGenotypes(copies), -10.0)


def test_families_are_found() -> None:
    copies, named = family_copies(np.random.default_rng(11), 12_000, 4)
    found = kinship_pairs(DrawnGenotypes(copies), 0.0442).pairs.to_pylist()
    told = {(row["sample_number_1"], row["sample_number_2"]): row["relationship"] for row in found}
    assert told == named


def test_relationships_at_the_cutoffs_of_king() -> None:
    kinship = np.array([0.36, 0.35, 0.35, 0.177, 0.176, 0.089, 0.088, 0.0442, 0.0441])
    ibs0 = np.array([0, 0, 0.01, 0.0049, 0, 0, 0, 0, 0])
    assert relationships(kinship, ibs0, 0.08).to_pylist() == [
        "duplicate", "parent-child", "sibling", "parent-child", "second", "second", "third",
        "third", None,
    ]  # fmt: skip


def test_siblings_are_told_from_parents_where_most_sites_are_rare() -> None:
    """Where strangers are opposite homozygotes at 2 % of sites, siblings are at 0.5 %."""
    kinship, ibs0 = np.array([0.25, 0.25]), np.array([0.0045, 0.0004])
    assert relationships(kinship, ibs0, 0.02).to_pylist() == ["sibling", "parent-child"]


@pytest.mark.parametrize("seed", range(6))
def test_the_unrelated_set_is_a_largest_one(seed: int) -> None:
    numbers = np.random.default_rng(seed)
    people = 12
    chosen = numbers.random((people, people)) < 0.3
    pairs = [(i, j) for i in range(people) for j in range(i + 1, people) if chosen[i, j]]
    found = largest_unrelated(people, np.array(pairs, np.intp).reshape(-1, 2))
    members = set(found.members.tolist())
    assert not [pair for pair in pairs if members.issuperset(pair)]
    assert len(members) == plain.largest_unrelated_size(people, pairs)
    again = largest_unrelated(people, np.array(pairs, np.intp).reshape(-1, 2))
    assert again.members.tolist() == found.members.tolist()


def test_nobody_is_related() -> None:
    found = largest_unrelated(3, np.empty((0, 2), np.intp))
    assert (found.members.tolist(), found.groups) == ([0, 1, 2], 0)


def test_a_large_group_is_thinned_until_nobody_is_related() -> None:
    """A ring: of an even one half can stay; the greedy way gets near."""
    people = 2 * MOST_SOLVED
    ring = np.array([(n, (n + 1) % people) for n in range(people)], np.intp)
    found = largest_unrelated(people, ring)
    members = set(found.members.tolist())
    assert not [pair for pair in ring.tolist() if members.issuperset(pair)]
    assert found.greedy_groups == 1
    assert len(members) >= people // 3


def standardised(copies: np.ndarray, af: np.ndarray | None = None) -> Standardised:
    planes = along_people(copies.astype(np.int8))
    found, _ = allele_shares(planes, copies.shape[1])
    return Standardised(planes, copies.shape[1], found if af is None else af)


def three_groups(numbers: np.random.Generator, sites: int, each: int) -> np.ndarray:
    shares = np.clip(numbers.normal(0.5, 0.2, (sites, 3)), 0.1, 0.9)
    return numbers.binomial(2, np.repeat(shares, each, axis=1))


@pytest.mark.parametrize("each", [7, 50])
def test_components_are_eigenvectors_of_the_relationship_matrix(each: int) -> None:
    """With few people the blocks span all of them, with more they do not."""
    numbers = np.random.default_rng(2)
    copies = three_groups(numbers, 150, each)
    copies = np.where(numbers.random(copies.shape) < 0.03, -1, copies)
    found = components(standardised(copies), 3)
    matrix = np.array(plain.relationship_matrix(plainly(copies)))
    values, vectors = np.linalg.eigh(matrix)
    assert found.eigenvalues == pytest.approx(values[::-1][:3], rel=1e-5)
    assert found.shares == pytest.approx(values[::-1][:3] / np.trace(matrix), rel=1e-5)
    alike = np.abs((found.scores * vectors[:, ::-1][:, :3]).sum(axis=0))
    assert alike == pytest.approx(1, abs=1e-6)
    assert np.square(found.weights).sum(axis=0) == pytest.approx(1, abs=1e-4)


def test_who_components_were_found_with_is_projected_onto_the_same_place() -> None:
    copies = three_groups(np.random.default_rng(6), 300, 20)
    genotypes = standardised(copies)
    found = components(genotypes, 2)
    onto = projected(genotypes, found.weights, found.eigenvalues)
    assert onto == pytest.approx(found.scores, abs=1e-5)
    few = projected(standardised(copies[:, 5:9], genotypes.af), found.weights, found.eigenvalues)
    assert few == pytest.approx(found.scores[5:9], abs=1e-5)


def test_new_people_come_out_as_much_nearer_to_the_middle_as_is_said() -> None:
    """Of the distance along a component 1 - 1 / eigenvalue is left."""
    numbers = np.random.default_rng(12)
    shares = np.clip(numbers.normal(0.5, 0.06, (3_000, 2)), 0.1, 0.9)
    used, new = (numbers.binomial(2, np.repeat(shares, 60, axis=1)) for _ in range(2))
    genotypes = standardised(used)
    found = components(genotypes, 1)
    onto = projected(standardised(new, genotypes.af), found.weights, found.eigenvalues)
    left = 1 - 1 / found.eigenvalues[0]
    assert left < 0.7
    assert np.abs(onto).mean() / np.abs(found.scores).mean() == pytest.approx(left, abs=0.05)
    (note,) = _drawn_in(found.eigenvalues)
    assert f"{left:.0%} of the distance" in note


def test_missing_genotypes_draw_a_projected_person_to_the_middle() -> None:
    copies = three_groups(np.random.default_rng(7), 300, 20)
    genotypes = standardised(copies)
    found = components(genotypes, 1)
    nothing = standardised(np.full((300, 1), -1), genotypes.af)
    assert projected(nothing, found.weights, found.eigenvalues) == pytest.approx(0)


def test_people_who_are_all_alike_have_no_share_of_anything() -> None:
    """Everybody is heterozygous everywhere; warnings are errors."""
    found = components(standardised(np.ones((30, 6))), 2)
    assert found.shares.tolist() == [0, 0]


def test_components_are_the_same_each_time() -> None:
    copies = three_groups(np.random.default_rng(9), 200, 30)
    one, other = (components(standardised(copies), 4) for _ in range(2))
    assert (one.scores == other.scores).all()
    largest = np.abs(one.weights).argmax(axis=0)
    assert (one.weights[largest, range(4)] > 0).all()
