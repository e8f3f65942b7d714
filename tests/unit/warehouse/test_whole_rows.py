"""Batches of whose common variants bits are all there is: views, checks, withdrawal and purge."""

import shutil

import duckdb
import pyarrow as pa
import pytest

import allelake
from allelake.warehouse.catalog.whole_rows import has_whole_rows
from allelake.warehouse.check.counts import load_checks
from allelake.warehouse.check.run import check_lake
from allelake.warehouse.commit import begin
from allelake.warehouse.snapshots import files_for_readers
from allelake.warehouse.upkeep.compact import compact
from allelake.warehouse.withdrawal.purge import purge
from allelake.warehouse.withdrawal.verify import verify_withdrawal
from allelake.warehouse.withdrawal.withdraw import withdraw
from lakes import asking
from properties.every_macro import answer_to
from unit.warehouse.building import commit_batch, new_lake
from unit.warehouse.test_check import first_row, rewritten, set_values
from withdrawal_search import search

GONE, NUMBERS = ["person57", "person60"], [57, 60]
PEOPLE = 150


def made(folder, is_whole):
    """Two batches without qualities, one of which crosses the end of a block."""
    lake = new_lake(folder, "whole.lake" if is_whole else "rows.lake")
    commit_batch(lake, 1, people=PEOPLE, has_adj=False, is_whole=is_whole)
    commit_batch(lake, 2, people=1000, variants=2, has_adj=False, is_whole=is_whole)
    return lake


@pytest.fixture(scope="module")
def templates(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    return {is_whole: made(folder, is_whole) for is_whole in (False, True)}


@pytest.fixture
def whole(templates, tmp_path):
    return shutil.copytree(templates[True], tmp_path / "a.lake")


@pytest.fixture
def rows(templates, tmp_path):
    return shutil.copytree(templates[False], tmp_path / "b.lake")


def rows_of(lake, relation):
    with allelake.open(lake) as opened:
        return opened.sql(f"FROM {relation} ORDER BY ALL").to_arrow().to_pylist()


QUESTIONS = (
    "allele_frequency('all')",
    "allele_frequency('all', in_ploidy := 'by_sex', in_filter := 'pass')",
    "carriers()",
)
# Each takes several of the paths through the planes.
MORE_QUESTIONS = (
    "carriers('chrX', in_ploidy := 'by_sex')",
    "carriers('chr22:100,007')",
    "genotype_counts('all')",
    "call_rate('all')",
    "sample_variants('person31')",
    "sample_summary('all')",
    "cohort_summary('all', in_ploidy := 'by_sex')",
    "explain_samples('chr22-100007-A-G')",
    "explain_samples('chrX-2881487-A-G', in_ploidy := 'by_sex')",
)


def answers_of(lake, questions=QUESTIONS):
    with allelake.open(lake) as opened:
        return {asked: answer_to(asking(opened), f"FROM {asked}") for asked in questions}


def test_bits_alone_tell_what_rows_would(whole, rows):
    tables = {(file.table, file.tier) for file in files_for_readers(whole)}
    assert ("calls", "common") not in tables
    for relation in ("calls", "common_calls", "rare_calls"):
        without_default = f"(SELECT * EXCLUDE (default_count) FROM {relation})"
        assert rows_of(whole, without_default) == rows_of(rows, without_default)


def test_every_question_has_the_same_answer(whole, rows):
    asked = QUESTIONS + MORE_QUESTIONS
    found = answers_of(whole, asked)
    assert found == answers_of(rows, asked)
    assert all(isinstance(answer, list) and answer for answer in found.values())


def test_a_sound_lake_of_both_kinds_has_no_finding(whole):
    commit_batch(whole, 3, people=120)
    assert [str(finding) for finding in check_lake(whole)] == []


@pytest.mark.slow
def test_compact_changes_nothing(whole):
    before = rows_of(whole, "calls")
    commit_batch(whole, 3, people=2, variants=1)
    after = rows_of(whole, "calls")
    compact(whole)
    assert rows_of(whole, "calls") == after
    assert [row for row in after if row["batch"] < 3] == before
    assert check_lake(whole) == []


def test_who_withdrew_is_in_no_plane(whole, rows):
    for lake in (whole, rows):
        withdraw(lake, GONE, "consent withdrawn")
    answers = answers_of(rows)
    told = rows_of(whole, "(SELECT * EXCLUDE (default_count) FROM calls)")
    assert {row["sample_number"] for row in told} & set(NUMBERS) == set()
    assert answers_of(whole) == answers
    assert search(whole, ["person57.not"], NUMBERS), "the files have them until a purge"
    purge(whole)
    assert search(whole, ["person57.not"], NUMBERS) == []
    traces, looked = verify_withdrawal(whole, GONE)
    assert traces == []
    assert looked.planes > 0
    assert check_lake(whole) == []
    assert answers_of(whole) == answers
    assert told == rows_of(whole, "(SELECT * EXCLUDE (default_count) FROM calls)")


def test_every_plane_with_the_bit_of_who_withdrew_is_a_trace(whole):
    withdraw(whole, GONE, "consent withdrawn")
    traces, _ = verify_withdrawal(whole, ["nobody.here"], sample_numbers=NUMBERS)
    found = {trace.column for trace in traces if trace.table == "bits"}
    assert found == {"alt1", "alt2", "short1", "short2", "haploid", "phased", "second"}


def test_an_earlier_snapshot_is_told_without_who_withdrew(whole):
    withdraw(whole, GONE, "consent withdrawn")
    with allelake.open(whole, as_of=2) as opened:
        found = opened.sql("SELECT DISTINCT sample_number FROM calls").to_arrow().to_pylist()
        assert {row["sample_number"] for row in found} & set(NUMBERS) == set()
        assert len(found) == PEOPLE - len(NUMBERS)


# Samples 0 to 7, all of them in batch 1.
EIGHT = b"\xff" + bytes(127)
TAMPERED = {
    "a second allele without a copy": (
        {"alt1": EIGHT, "second": b"\0" + EIGHT[:127]},
        "whole_planes",
    ),
    "a second allele of two": (
        {"alt1": EIGHT, "alt2": EIGHT, "phased": EIGHT, "second": EIGHT},
        "whole_planes",
    ),
    "a second allele of no phased genotype": (
        {"alt1": EIGHT, "alt2": None, "phased": None, "second": EIGHT},
        "whole_planes",
    ),
    "a haploid genotype with two alleles": ({"short1": None, "haploid": EIGHT}, "whole_planes"),
    "phases of a row that is not whole": ({"is_whole": False}, "whole_planes"),
    "a whole row of a policy": ({"policy": "adj@1"}, "whole_planes"),
    "a phased sample of another batch": ({"phased": b"\xff" * 128}, "plane_form"),
    "no phased sample": ({"phased": bytes(128)}, "plane_form"),
}


@pytest.mark.parametrize("fault", TAMPERED)
def test_planes_that_contradict_each_other_are_found(whole, fault):
    values, check = TAMPERED[fault]
    rewritten(whole, "bits", lambda rows: set_values(rows, first_row(rows), **values))
    every = {c.name: c.what for c in load_checks()}
    assert every[check] in {finding.what for finding in check_lake(whole)}


def test_rows_beside_whole_bits_are_found(whole, rows):
    """The rows of a lake that has them, made rare where bits are whole."""
    rewritten(rows, "bits", lambda bits: set_values(bits, first_row(bits), is_whole=True))
    every = {c.name: c.what for c in load_checks()}
    found = {finding.what for finding in check_lake(rows)}
    assert every["block_in_both_tiers"] in found


def test_carriers_whose_copies_bits_do_not_have_are_found(whole):
    """AC comes from one way through the planes, carriers from another."""
    with duckdb.connect(config={"file_search_path": str(whole)}) as connection:
        connection.execute(f"ATTACH '{whole}/catalog.duckdb' AS lake (READ_ONLY)")
        connection.execute("USE lake")
        told = connection.execute(
            "SELECT sum(alt_count) FROM common_calls WHERE contig = 'chr22'"
        ).fetchall()
        counted = connection.execute(
            "SELECT sum(bit_count(alt1::BIT)) + coalesce(sum(bit_count(alt2::BIT)), 0) FROM bits "
            "WHERE contig = 'chr22'"
        ).fetchall()
    assert told == counted


def test_a_batch_that_got_details_later_keeps_its_whole_rows(whole, rows):
    """Then its row of batches says that it has details; its files tell the rest."""
    before = rows_of(whole, "calls")
    with begin(whole) as transaction:
        batches = transaction.tables["batches"]
        transaction.tables["batches"] = set_values(
            batches, pa.array([True] * batches.num_rows), has_details=True
        )
        transaction.commit("tamper", {})
    assert has_whole_rows(whole, files_for_readers(whole))
    assert rows_of(whole, "calls") == before
    assert not has_whole_rows(rows, files_for_readers(rows))
