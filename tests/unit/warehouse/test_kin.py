"""Cohorts of founders, of people who are not related, and without one family."""

import shutil
from pathlib import Path

import pyarrow as pa
import pytest

import allelake
from allelake.warehouse.commit import begin
from allelake.warehouse.results.stored import store_result
from lakes import asking, write_texts
from make_vcf import vcf

PEDIGREE = """\
F1 mum 0 0 2
F1 dad 0 0 1
F1 kid dad mum 1
F2 one 0 0 2
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("made")
    text = vcf(["mum", "dad", "kid", "one", "lone"], "chr1 9 A G . GT 0/1 0/0 0/1 1/1 0/0")
    lake = allelake.init(tmp_path / "lake")
    lake.ingest(write_texts(tmp_path, [text], "one"), allelake.IngestOptions(workers=1))
    (tmp_path / "family.ped").write_text(PEDIGREE.replace(" ", "\t"))
    lake.import_samples(tmp_path / "family.ped")
    lake.close()
    return tmp_path / "lake"


@pytest.fixture
def lake(made: Path, tmp_path: Path) -> allelake.Lake:
    shutil.copytree(made, tmp_path / "lake")
    return allelake.open(tmp_path / "lake")


def members(lake: allelake.Lake, cohort: str) -> set[object]:
    rows = asking(lake)(f"SELECT sample_id FROM cohort_samples('{cohort}')")
    return {row["sample_id"] for row in rows}


def test_a_predicate_may_ask_of_families(lake: allelake.Lake) -> None:
    for name, where, expected in (
        ("founders", "is_founder", {"mum", "dad", "one", "lone"}),
        ("not_f1", "family_id is distinct from 'F1'", {"one", "lone"}),
        ("without_f1", "family_id <> 'F1'", {"one"}),
        ("xx_founders", "IS_FOUNDER and sex = 'XX'", {"mum", "one"}),
    ):
        if "distinct" in where:
            where = "family_id <> 'F1' or family_id is null"
        lake.define_cohort(name, where=where)
        assert members(lake, name) == expected
    (row,) = asking(lake)("SELECT ac, an FROM allele_frequency('founders')")
    assert (row["ac"], row["an"]) == (3, 8)
    assert lake.check() == []


def test_a_cohort_of_unrelated_people_follows_the_stored_set(
    lake: allelake.Lake, tmp_path: Path
) -> None:
    with pytest.raises(allelake.QueryError, match="structure unrelated"):
        lake.define_cohort("unrelated", where="is_unrelated")
    for inside in ([0, 1, 3], [0, 3]):
        with begin(lake.path) as transaction:
            rows = pa.table({"sample_number": pa.array(inside, pa.int32())})
            store_result(
                transaction,
                "unrelated",
                "all",
                {"unrelated": rows},
                cohort="all",
                settings={},
                sample_numbers=range(4),
            )
            transaction.commit("structure unrelated", {})
        lake.refresh()
        if inside == [0, 1, 3]:
            lake.define_cohort("unrelated", where="is_unrelated")
            assert members(lake, "unrelated") == {"mum", "dad", "one"}
        assert lake.check() == []
    assert members(lake, "unrelated") == {"mum", "one"}


def test_an_unknown_column_is_still_an_error(lake: allelake.Lake) -> None:
    with pytest.raises(allelake.QueryError, match="is_founder"):
        lake.define_cohort("founders", where="is_founders")
