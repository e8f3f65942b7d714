"""withdraw, purge and verify-withdrawal on the command line."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest

WITHDRAW = ("--reason", "asked to", "--yes")


def test_a_withdrawal_is_told_and_no_answer_has_them(run, own_lake: Path) -> None:
    ended = run("withdraw", own_lake, "s2", "s5", *WITHDRAW)
    assert ended.code == 0
    assert "2 participants and 2 samples are in no answer any more. Snapshot 5." in ended.out
    listed = run("samples", "list", own_lake, "--format", "csv").out
    assert [line.split(",")[1] for line in listed.splitlines()[1:]] == ["s1", "s3", "s4", "s6"]
    frequency = run("frequency", own_lake, "-r", "chr22:16050075", "-f", "csv").out
    assert frequency.splitlines()[1].startswith("chr22,16050075,A,G,3,8,0.375")
    assert "s5" not in run("carriers", own_lake, "-f", "csv").out
    assert run("check", own_lake).out == "The lake is sound.\n"


def test_plain_duckdb_leaves_them_out_too(run, own_lake: Path) -> None:
    run("withdraw", own_lake, "s5", *WITHDRAW)
    with duckdb.connect(":memory:", config={"file_search_path": str(own_lake)}) as connection:
        connection.execute((own_lake / "lake.sql").read_text())
        tables = ("calls", "rare_calls", "sample_counts", "samples", "cohort_members")
        for table in tables:
            question = f"SELECT count(*) FROM {table} WHERE sample_number = 4"
            assert connection.execute(question).fetchall() == [(0,)], table
        # s5 was the second of two XY people.
        planes = connection.execute("SELECT bit_count(haploid::BIT) FROM ploidy").fetchall()
        assert planes == [(1,)]


def test_an_unknown_participant_is_refused_with_the_nearest_and_nothing_changes(
    run, own_lake: Path
) -> None:
    ended = run("withdraw", own_lake, "s2", "s66", *WITHDRAW)
    assert (ended.code, ended.out) == (5, "")
    assert "1 of 2 names are no participants of this lake: 's66' (nearest: 's6')" in ended.err
    assert "Nothing was changed" in ended.err
    assert run("cohort", "show", own_lake, "all", "-f", "csv").out.count("\n") == 7


def test_whoever_has_withdrawn_already_is_told_and_no_snapshot_is_made(run, own_lake: Path) -> None:
    run("withdraw", own_lake, "s2", *WITHDRAW)
    ended = run("withdraw", own_lake, "s2", *WITHDRAW)
    assert (ended.code, ended.out) == (0, "1 had withdrawn already.\nNothing was changed.\n")
    again = json.loads(run("withdraw", own_lake, "s2", "s3", *WITHDRAW, "-f", "json").out)
    assert again == {"participants": 1, "before": 1, "samples": 1, "batches": [1], "snapshot": 6}


@pytest.mark.parametrize("reason", ["", "S2 asked to", "for s2."])
def test_a_reason_is_needed_and_holds_no_name(run, own_lake: Path, reason: str) -> None:
    ended = run("withdraw", own_lake, "s2", "--reason", reason, "--yes")
    assert (ended.code, ended.out) == (2, "")
    assert "reason" in ended.err


def test_a_withdrawal_must_be_meant(run, own_lake: Path) -> None:
    ended = run("withdraw", own_lake, "s2", "--reason", "asked to")
    assert ended.code == 2
    assert "--yes" in ended.err


def test_a_sample_s_name_gets_the_participant_s_as_a_hint(
    run, own_lake: Path, tmp_path: Path
) -> None:
    people = tmp_path / "people.tsv"
    people.write_text("sample_id\tparticipant_id\ns2\tAnna\ns5\tAnna\n")
    run("samples", "import", own_lake, people)
    ended = run("withdraw", own_lake, "s2", *WITHDRAW)
    assert ended.code == 5
    assert "(a sample of participant 'Anna': name the participant)" in ended.err
    done = run("withdraw", own_lake, "Anna", *WITHDRAW, "-f", "json")
    assert json.loads(done.out)["samples"] == 2


def test_somebody_without_genotypes_leaves_the_pedigree_and_is_nobody_s_parent(
    run, own_lake: Path, tmp_path: Path
) -> None:
    people, names = tmp_path / "people.tsv", tmp_path / "names.txt"
    people.write_text("participant_id\tfather_id\nfather-of-s1\t\ns1\tfather-of-s1\n")
    run("samples", "import", own_lake, people)
    names.write_text("father-of-s1\n")
    ended = run("withdraw", own_lake, "--from-file", names, *WITHDRAW)
    assert "1 participant and 0 samples" in ended.out
    for as_of in ((), ("--as-of", "5")):
        asked = "SELECT * FROM pedigree ORDER BY ALL"
        found = run("sql", own_lake, asked, "-f", "csv", *as_of)
        assert found.code == 0, found.err
        assert "s1" in found.out and "father-of-s1" not in found.out, as_of
    assert run("verify-withdrawal", own_lake, "father-of-s1").code == 6
    assert "snapshot: 7" in run("purge", own_lake).out
    assert run("verify-withdrawal", own_lake, "father-of-s1").code == 0
    assert run("check", own_lake).out == "The lake is sound.\n"


def test_a_cohort_counts_a_participant_once_by_the_preferred_sample(
    run, own_lake: Path, tmp_path: Path
) -> None:
    people = tmp_path / "people.tsv"
    people.write_text("sample_id\tparticipant_id\ns2\tAnna\ns5\tAnna\n")
    run("samples", "import", own_lake, people)

    def members() -> list[str]:
        shown = run("cohort", "show", own_lake, "all", "--format", "csv").out
        return [line.split(",")[1] for line in shown.splitlines()[1:]]

    assert members() == ["s1", "s2", "s3", "s4", "s6"]
    assert run("check", own_lake).out == "The lake is sound.\n"


def test_a_purge_writes_a_receipt_without_a_name_and_leaves_nothing(
    run, own_lake: Path, tmp_path: Path
) -> None:
    run("cohort", "define", own_lake, "few", "--where", "sample_id in ('s2', 's3')")
    run("withdraw", own_lake, "s2", *WITHDRAW)
    found = run("verify-withdrawal", own_lake, "s2", "--sample-number", "1")
    assert found.code == 6
    for table in ("samples", "pedigree", "calls", "sample_counts", "cohorts", "sites", "ploidy"):
        assert f"table {table}" in found.out, table
    receipt = tmp_path / "receipt.json"
    assert run("purge", own_lake, "-o", receipt).code == 0
    said = json.loads(receipt.read_text())
    assert said["sample_numbers"] == [1]
    assert '"s2"' not in receipt.read_text()
    kept = {file["path"] for file in said["after"]}
    assert set(said["kept"]) <= kept and not set(said["removed"]) & kept
    ended = run("verify-withdrawal", own_lake, "s2", "--receipt", receipt, "-f", "json")
    assert json.loads(ended.out)["clean"]
    assert "redacted" in (own_lake / "snapshots" / "000003.json").read_text()
    assert run("check", own_lake).out == "The lake is sound.\n"
    assert "Nobody is left to purge" in run("purge", own_lake).out


PLANTED = {
    "staging/left/half.json": b'{"who": "participant-nine',
    "note.txt": b"what participant-nine said",
    "old.bin": b"\x00\x01participant-nine\x02",
    "manifests/000001-x.json": b'{"files": [], "of": ["a", "participant-nine"]}',
    "lake.lock": b"withdraw participant-nine",
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_name_is_found_wherever_it_lies(run, own_lake: Path, name: str) -> None:
    path = own_lake / name
    path.parent.mkdir(parents=True, exist_ok=True)
    assert run("verify-withdrawal", own_lake, "participant-nine").code == 0
    path.write_bytes(PLANTED[name])
    ended = run("verify-withdrawal", own_lake, "participant-nine")
    assert ended.code == 6
    assert f"FOUND  {name}" in ended.out


def test_a_reader_of_a_purged_snapshot_is_told_that_its_files_are_gone(run, own_lake: Path) -> None:
    import allelake

    with allelake.open(own_lake) as opened:
        run("withdraw", own_lake, "s2", *WITHDRAW)
        run("purge", own_lake)
        shutil.rmtree(own_lake / "staging", ignore_errors=True)
        with pytest.raises(allelake.LakeError, match=r"(?i)purge"):
            opened.sql("SELECT count(alt_count), sum(gq) FROM calls").fetchall()
