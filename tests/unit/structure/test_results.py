"""What `structure` stores in a lake: who is in it, who leaves it, and what is refused."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import allelake
from allelake.errors import AllelakeError, LakeError, QueryError, UsageError
from allelake.model.region import Region
from allelake.structure.axes import PcaRules, store_components
from allelake.structure.relatives import store_kinship, store_pruned_sites, store_unrelated
from allelake.structure.sites import SiteRules
from allelake.structure.stored import opened
from make_vcf import vcf
from structure_reading import family_copies, vcf_rows

NOWHERE = SiteRules(left_out=[Region("chr1"), Region("chr2")])
NAMES = [f"f{family}_{person}" for family in range(4) for person in range(9)]


@pytest.fixture(scope="module")
def families(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake of four families of nine at 3,000 sites of two contigs, with all results stored."""
    folder = tmp_path_factory.mktemp("families")
    copies, _ = family_copies(np.random.default_rng(12), 3_000, 4)
    path = folder / "families.vcf"
    path.write_text(vcf(NAMES, *vcf_rows(copies, ("chr1", "chr2"))))
    with allelake.init(folder / "lake", "GRCh38") as lake:
        lake.ingest([path], allelake.IngestOptions(workers=1))
        lake.define_cohort("first", where="sample_id LIKE 'f0%'")
        lake.define_cohort("others", where="NOT sample_id LIKE 'f0%'")
        lake.define_cohort("one", samples=["f0_0"])
        lake.prune(max_r2=0.5)
        lake.kinship()
        lake.unrelated()
        lake.pca(components=3)
    return folder / "lake"


@pytest.fixture
def lake(families: Path, tmp_path: Path) -> Iterator[allelake.Lake]:
    """A copy of it, to be changed."""
    shutil.copytree(families, tmp_path / "lake")
    with allelake.open(tmp_path / "lake") as copied:
        yield copied


def test_a_twin_under_another_name_is_a_duplicate(families: Path) -> None:
    with allelake.open(families) as lake:
        rows = lake.sql("FROM relatives('f0_8')").to_dicts()
        assert [(row["sample_id"], row["relationship"]) for row in rows[:1]] == [
            ("f0_7", "duplicate")
        ]
        parents = {row["sample_id"] for row in rows if row["relationship"] == "parent-child"}
        assert parents == {"f0_3", "f0_5"}


def test_founders_and_partners_are_a_largest_unrelated_set(families: Path) -> None:
    """Of each family both grandparents and both partners: four of nine."""
    with allelake.open(families) as lake:
        found = [row["sample_id"] for row in lake.sql("FROM unrelated_samples('all')").to_dicts()]
    assert len(found) == 16


def test_relatives_are_projected_and_not_used(families: Path) -> None:
    with allelake.open(families) as lake:
        rows = lake.sql("FROM pca_scores('all')").to_dicts()
        used = lake.sql("FROM unrelated_samples('all')").to_dicts()
    assert {row["sample_id"] for row in rows if not row["is_projected"]} == {
        row["sample_id"] for row in used
    }
    assert len(rows) == 36
    twins = {row["sample_id"]: row["pc1"] for row in rows}
    assert twins["f1_7"] == pytest.approx(twins["f1_8"])


@pytest.mark.slow
def test_a_lake_with_results_is_sound(families: Path) -> None:
    with allelake.open(families) as lake:
        assert lake.check(deep=True) == []


def test_who_withdraws_leaves_every_result_at_once(lake: allelake.Lake) -> None:
    lake.withdraw(["f0_7"], reason="asked")
    pairs = lake.sql("FROM kinship_pairs('all')").to_dicts()
    assert "f0_7" not in {row[side] for row in pairs for side in ("sample_id_1", "sample_id_2")}
    assert {row["stale_reason"] is not None for row in pairs} == {True}
    scores = lake.sql("FROM pca_scores('all')").to_dicts()
    assert len(scores) == 35
    for query in ("relatives('f0_8')", "unrelated_samples('all')", "pruned_variants('all')"):
        rows = lake.sql(f"FROM {query}").to_dicts()
        assert all(row["stale_reason"] for row in rows)
        assert rows
    stored = store_unrelated(lake.path)
    assert any("kinship" in note and "stale" in note for note in stored.notes)
    assert stored.said["samples"] == 35
    lake.purge()
    assert len(lake.sql("FROM pca_scores('all')").to_dicts()) == 35
    assert lake.check() == []


@pytest.mark.slow
def test_people_are_projected_onto_components_of_others(lake: allelake.Lake) -> None:
    lake.prune("others", max_r2=0.5)
    lake.pca("others", components=2)
    rows = lake.project("first", onto="others").to_dicts()
    assert [row["sample_id"] for row in rows] == NAMES[:9]
    assert all(row["is_projected"] and row["known_share"] == 1 for row in rows)


@pytest.mark.slow
def test_python_returns_the_rows_that_were_stored(lake: allelake.Lake) -> None:
    pairs = lake.kinship("first", min_kinship=0.2).to_dicts()
    kinship = [row["kinship"] for row in pairs]
    assert kinship == sorted(kinship, reverse=True)
    assert min(kinship) >= 0.2
    sites = lake.prune("first", window="50", step=5, max_r2=0.1).to_dicts()
    assert len(sites) < 3_000


@pytest.mark.slow
def test_regions_can_be_left_out(lake: allelake.Lake, tmp_path: Path) -> None:
    bed = tmp_path / "left_out.bed"
    bed.write_text("1\t0\t248956422\n")
    sites = lake.prune(left_out=bed).to_dicts()
    assert {row["contig"] for row in sites} == {"chr2"}
    bed.write_text("chr99\t0\t10\n")
    with pytest.raises(QueryError, match="chr99"):
        lake.prune(left_out=bed)
    with pytest.raises(AllelakeError, match="cannot be read"):
        lake.prune(left_out=tmp_path / "none.bed")


def test_what_cannot_be_computed_is_told_in_words(families: Path) -> None:
    refused = [
        (QueryError, "no cohort is named 'al'", lambda: store_kinship(families, "al")),
        (QueryError, "has 1 sample, and kinship", lambda: store_kinship(families, "one")),
        (QueryError, "has 1 sample", lambda: store_pruned_sites(families, "one")),
        (QueryError, "has 1 sample", lambda: store_components(families, "one")),
        (QueryError, "no kinship is stored", lambda: store_unrelated(families, "first")),
        (
            QueryError,
            "no pruned_sites is stored",
            lambda: store_components(families, "first", PcaRules(3)),
        ),
        (UsageError, "degree is 1, 2 or 3", lambda: store_unrelated(families, degree=4)),
        (
            UsageError,
            "15 components at most",
            lambda: store_components(families, "all", PcaRules(16)),
        ),
        (UsageError, "least kinship", lambda: store_kinship(families, min_kinship=2)),
        (UsageError, "between 0 and 0.5", lambda: SiteRules(min_maf=0.7)),
        (UsageError, "between 0 and 1", lambda: SiteRules(max_missing=-1)),
        (QueryError, "Lower --min-maf", lambda: store_kinship(families, sites=NOWHERE)),
    ]
    for kind, says, make in refused:
        with pytest.raises(kind, match=says):
            make()


def test_who_came_after_kinship_does_not_pass_for_unrelated(
    lake: allelake.Lake, tmp_path: Path
) -> None:
    """A child of two people who are there."""
    path = tmp_path / "late.vcf"
    path.write_text(vcf(["late"], "chr1 1000000 A G . GT 0/1"))
    lake.ingest([path], allelake.IngestOptions(workers=1))
    with pytest.raises(QueryError, match="1 sample of the cohort 'all' came after"):
        lake.unrelated()
    with pytest.raises(UsageError, match="'common' or 'pruned', not 'prune'"):
        lake.kinship(sites="prune")  # type: ignore[arg-type]


@pytest.mark.slow
def test_too_high_a_stored_kinship_is_no_base_for_a_low_degree(lake: allelake.Lake) -> None:
    lake.kinship(min_kinship=0.2)
    with pytest.raises(UsageError, match="lower --min-kinship"):
        lake.unrelated(degree=2)


def test_an_empty_lake_and_one_without_autosomes_say_so(tmp_path: Path) -> None:
    with allelake.init(tmp_path / "lake", "GRCh38") as lake:
        with pytest.raises(QueryError, match="nobody"):
            lake.kinship()
        path = tmp_path / "x.vcf"
        path.write_text(vcf(["a", "b"], "chrX 5000000 A G . GT 0/1 1/1"))
        lake.ingest([path], allelake.IngestOptions(workers=1))
        with pytest.raises(QueryError, match="no variants on autosomes"):
            lake.kinship()


def test_a_lake_that_changed_meanwhile_keeps_no_result(lake: allelake.Lake) -> None:
    with opened(lake.path) as opening:
        lake.define_cohort("more", samples=["f0_1"])
        with pytest.raises(LakeError, match="was changed while"):
            opening.store("kinship", "all", {}, {}, [])


def test_nothing_is_stored_into_an_earlier_snapshot(families: Path) -> None:
    with allelake.open(families, as_of=2) as lake, pytest.raises(UsageError, match="earlier"):
        lake.kinship()
