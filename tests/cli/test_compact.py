"""Compact merges files, and no answer changes."""

import json

import pytest

import allelake
from cli.conftest import CHR22, write_vcf


def lake_of_batches(folder):
    lake = allelake.init(folder / "a.lake")
    for number in range(4):
        names = tuple(f"p{number}_{n}" for n in range(6))
        lake.ingest([write_vcf(folder / f"{number}.vcf", "chr22", CHR22, names)])
    return lake


def test_files_of_small_batches_become_one_and_answers_stay(run, tmp_path) -> None:
    lake = lake_of_batches(tmp_path)
    before = lake.allele_frequency().to_dicts()
    planned = run("compact", lake.path, "--plan")
    assert "sites chr22: 4 files, 20 rows" in planned.out
    assert "Nothing was changed (--plan)." in planned.out
    assert lake.refresh() == 5
    done = json.loads(run("compact", lake.path, "--format", "json").out)
    assert done["snapshot"] == 6
    assert lake.refresh() == 6
    sites = [file for file in lake.files() if file.table == "sites"]
    assert (len(sites), len(lake.files())) == (1, done["files_after"])
    assert lake.allele_frequency().to_dicts() == before
    assert lake.check() == []
    assert allelake.open(lake.path, as_of=5).allele_frequency().to_dicts() == before


@pytest.mark.slow
def test_a_lake_that_is_compact_gets_no_new_snapshot(run, tmp_path) -> None:
    lake = lake_of_batches(tmp_path)
    assert lake.compact().snapshot == 6
    ended = run("compact", lake.path)
    assert "nothing was changed" in ended.out
    assert lake.compact().snapshot is None
    assert lake.snapshot == 6
