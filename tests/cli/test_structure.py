"""`allelake structure`: what the commands say, and print where a format is asked for."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import allelake
from make_vcf import vcf
from structure_reading import family_copies, vcf_rows


@pytest.fixture
def family(tmp_path: Path) -> Path:
    """A lake of one family of nine at 600 sites."""
    copies, _ = family_copies(np.random.default_rng(3), 600, 1)
    path = tmp_path / "family.vcf"
    path.write_text(vcf([f"f{person}" for person in range(9)], *vcf_rows(copies)))
    with allelake.init(tmp_path / "lake", "GRCh38") as lake:
        lake.ingest([path], allelake.IngestOptions(workers=1))
    return tmp_path / "lake"


@pytest.mark.slow
def test_each_command_says_what_it_stored_and_prints_rows_when_asked(
    run: Callable, family: Path, tmp_path: Path
) -> None:
    pruned = run("structure", "prune", family, "--max-r2", "0.9", "--output", tmp_path / "p.csv")
    assert "of 514 common sites stay" in pruned.err
    assert (tmp_path / "p.csv").read_text().startswith("contig,position,ref,alt,")
    kinship = run("structure", "kinship", family, "--format", "json")
    assert "36 pairs of 9 samples were compared at" in kinship.err
    assert "duplicate: 1" in kinship.err
    first = json.loads(kinship.out)["rows"][0]
    assert (first["sample_id_1"], first["sample_id_2"], first["kinship"]) == ("f7", "f8", 0.5)
    unrelated = run("structure", "unrelated", family)
    assert (unrelated.code, unrelated.out) == (0, "")
    assert "4 of 9 samples are in the set" in unrelated.err
    pca = run("structure", "pca", family, "--components", "2", "-f", "csv")
    assert "2 components of 4 samples" in pca.err
    assert "5 related samples were projected" in pca.err
    assert len(pca.out.splitlines()) == 10


def test_what_cannot_be_done_ends_with_a_code_and_words(
    run: Callable, lake: Path, tmp_path: Path
) -> None:
    """The small lake has six people and two SNVs on an autosome."""
    few = run("structure", "kinship", lake)
    assert few.code == 5
    assert "Lower --min-maf" in few.err
    none = run("structure", "pca", lake, "--components", "2")
    assert none.code == 5
    assert "allelake structure prune" in none.err
    window = run("structure", "prune", lake, "--window", "many")
    assert window.code == 2
    assert "500kb" in window.err
    taken = tmp_path / "rows.csv"
    taken.write_text("mine")
    for output, says in ((taken, "is there already"), (tmp_path / "no" / "rows.csv", "no folder")):
        told = run("structure", "kinship", lake, "--output", output)
        assert (told.code, says in told.err, "Lower" in told.err) == (2, True, False)
    step = run("structure", "prune", lake, "--step", "5")
    assert step.code == 2
    assert "does not go with" in step.err
