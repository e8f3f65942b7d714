"""Stored results: kept true or marked stale, and gone with the people they were computed from."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import allelake
from allelake.warehouse.commit import begin
from allelake.warehouse.results.stored import drop_result, store_result
from allelake.warehouse.snapshots import live_files, read_snapshot, snapshot_numbers
from allelake.warehouse.withdrawal.verify import verify_withdrawal
from lakes import Row, asking, write_people, write_texts
from make_vcf import vcf

PEOPLE = ("PERSON-ANN", "PERSON-BO", "PERSON-CY")
POPULATION = dict(zip(PEOPLE, ("CHS", "CHS", "YRI"), strict=True))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    text = vcf(
        list(PEOPLE),
        "chr1 100 A G . GT 0/1 0/0 1/1",
        "chr1 200 C T . GT 0/1 0/0 0/0",
        "chr2 300 C T . GT 0/0 0/1 0/0",
    )
    with allelake.init(folder / "lake") as lake:
        lake.ingest(write_texts(folder, [text], "one"), allelake.IngestOptions(workers=1))
        sheet = write_people(folder / "people.tsv", {"population": POPULATION}, PEOPLE)
        lake.import_samples(sheet)
    return folder / "lake"


@pytest.fixture
def lake(made: Path, tmp_path: Path) -> allelake.Lake:
    shutil.copytree(made, tmp_path / "lake")
    return allelake.open(tmp_path / "lake")


def ask(lake: allelake.Lake, sql: str) -> list[Row]:
    return asking(lake)(sql)


def store(lake: allelake.Lake, numbers: list[int], **settings: object) -> int:
    """An unrelated set, as a result that no commit keeps true."""
    rows = pa.table({"sample_number": pa.array(numbers, pa.int32())})
    with begin(lake.path) as transaction:
        result = store_result(
            transaction,
            "unrelated",
            "all",
            {"unrelated": rows},
            cohort="all",
            settings=settings,
            sample_numbers=[0, 1, 2],
        )
        transaction.commit("structure unrelated", {})
    lake.refresh()
    return result


def reason(lake: allelake.Lake) -> object:
    return ask(lake, "FROM results WHERE kind = 'unrelated'")[0]["stale_reason"]


def test_a_result_is_stored_with_its_settings_and_replaced_by_the_next(
    lake: allelake.Lake,
) -> None:
    first = store(lake, [0, 2], threshold=0.1)
    second = store(lake, [1, 2], threshold=0.2)
    assert first != second
    (row,) = ask(lake, "FROM results")
    assert row["settings"] == '{"threshold": 0.2}'
    assert (row["snapshot"], row["stale_reason"]) == (lake.snapshot, None)
    found = ask(lake, "SELECT sample_number FROM unrelated ORDER BY ALL")
    assert [each["sample_number"] for each in found] == [1, 2]
    assert lake.check() == []
    with begin(lake.path) as transaction:
        drop_result(transaction, "unrelated", "all")
        transaction.commit("drop", {})
    lake.refresh()
    assert ask(lake, "FROM results") == ask(lake, "FROM unrelated") == []
    with (
        begin(lake.path) as transaction,
        pytest.raises(allelake.QueryError, match="Nothing is stored"),
    ):
        drop_result(transaction, "unrelated", "all")


def again(lake: allelake.Lake, folder: Path) -> None:
    text = vcf(["PERSON-DEE"], "chr1 100 A G . GT 0/1")
    lake.ingest(write_texts(folder, [text], "two"), allelake.IngestOptions(workers=1))


def more_records(lake: allelake.Lake, folder: Path) -> None:
    text = vcf(list(PEOPLE), "chr3 100 A G . GT 0/1 0/0 0/0")
    options = allelake.IngestOptions(workers=1, extend=1)
    lake.ingest(write_texts(folder, [text], "more"), options)


def moved(lake: allelake.Lake, folder: Path) -> None:
    sheet = write_people(folder / "moved.tsv", {"population": {"PERSON-BO": "YRI"}}, ["PERSON-BO"])
    lake.import_samples(sheet)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (again, "1 sample came to its cohort all"),
        pytest.param(
            more_records, "1 batch of its samples got more records", marks=pytest.mark.slow
        ),
        pytest.param(moved, "population of 1 sample changed", marks=pytest.mark.slow),
        (lambda lake, _: lake.withdraw(["PERSON-BO"], reason="asked to"), "left the lake"),
    ],
)
def test_what_makes_a_result_stale_is_told(
    lake: allelake.Lake,
    tmp_path: Path,
    change: Callable[[allelake.Lake, Path], object],
    says: str,
) -> None:
    store(lake, [0, 1], attributes=["population"])
    lake.compact()
    lake.define_cohort("other", where="sample_number = 1")
    assert reason(lake) is None
    change(lake, tmp_path)
    assert says in str(reason(lake))
    (row,) = ask(lake, "FROM results")
    assert row["stale_since"] == lake.snapshot
    lake.define_cohort("third", where="sample_number = 1")
    assert row["stale_since"] == lake.snapshot - 1
    assert lake.check() == []


def store_made_from(lake: allelake.Lake, kind: str, *sources: str) -> int:
    """A result without rows, of everybody; its number. Each source is a kind."""
    with begin(lake.path) as transaction:
        rows = {row["kind"]: row for row in transaction.tables["results"].to_pylist()}
        made_from = [{"kind": k, "name": "all", "snapshot": rows[k]["snapshot"]} for k in sources]
        settings = {"made_from": made_from}
        result = store_result(
            transaction, kind, "all", {}, cohort=None, settings=settings, sample_numbers=[0, 1]
        )
        transaction.commit(kind, {})
    lake.refresh()
    return result


def test_a_result_goes_stale_with_what_it_was_made_from(lake: allelake.Lake) -> None:
    """Kinship, the unrelated of it, and components of those; pruned sites are made of nothing."""

    def reasons() -> dict[object, object]:
        return {row["kind"]: row["stale_reason"] for row in ask(lake, "FROM results")}

    kinds = ("kinship", "unrelated", "pca", "projection")
    first = [store_made_from(lake, kind, *kinds[n - 1 : n]) for n, kind in enumerate(kinds)]
    store_made_from(lake, "pruned_sites")
    assert set(reasons().values()) == {None}
    numbers = [*first, store_made_from(lake, "kinship")]
    assert len(set(numbers)) == 5
    assert reasons() == {
        "kinship": None,
        "unrelated": "the kinship of all it was made from was made anew",
        "pca": "the unrelated of all it was made from is stale",
        "projection": "the pca of all it was made from is stale",
        "pruned_sites": None,
    }
    # Made anew, and then from one that is gone.
    store_made_from(lake, "pca", "kinship")
    store_made_from(lake, "projection", "pca")
    assert reasons()["projection"] is None
    with begin(lake.path) as transaction:
        drop_result(transaction, "pca", "all")
        transaction.commit("drop", {})
    lake.refresh()
    assert reasons()["projection"] == "the pca of all it was made from was dropped"


def test_no_result_has_the_number_of_one_that_was_dropped(lake: allelake.Lake) -> None:
    first = store_made_from(lake, "pca")
    with begin(lake.path) as transaction:
        drop_result(transaction, "pca", "all")
        transaction.commit("drop", {})
    assert store_made_from(lake, "kinship") != first


def test_rows_about_somebody_go_at_once_and_from_files_by_the_purge(lake: allelake.Lake) -> None:
    store(lake, [0, 1, 2])
    before = lake.snapshot
    lake.withdraw(["PERSON-BO"], reason="asked to")
    numbers = "SELECT sample_number FROM unrelated ORDER BY ALL"
    assert [row["sample_number"] for row in ask(lake, numbers)] == [0, 2]
    with allelake.open(lake.path, as_of=before) as earlier:
        assert [row["sample_number"] for row in ask(earlier, numbers)] == [0, 2]
        assert ask(earlier, "FROM results")[0]["sample_numbers"] == [0, 2]
        told = reason(earlier)
    assert "people it was computed from" in str(told)
    traces, _ = verify_withdrawal(lake.path, ["PERSON-BO"], [1])
    assert "unrelated" in {trace.table for trace in traces}
    assert "results" in {trace.table for trace in traces}
    lake.purge()
    assert verify_withdrawal(lake.path, ["PERSON-BO"])[0] == []
    with allelake.open(lake.path, as_of=before) as earlier:
        assert [row["sample_number"] for row in ask(earlier, numbers)] == [0, 2]
        assert reason(earlier) == told
    assert lake.check() == []


def frequencies(lake: allelake.Lake) -> dict[tuple[object, object], object]:
    rows = ask(lake, "FROM frequencies")
    return {(row["position"], row["stratum"]): (row["ac"], row["an"]) for row in rows}


def test_frequencies_lose_who_withdraws_and_the_past_is_not_told(lake: allelake.Lake) -> None:
    lake.materialize(["population"])
    before = lake.snapshot
    assert frequencies(lake)[100, "all"] == (3, 6)
    assert frequencies(lake)[200, "CHS"] == (1, 4)
    lake.withdraw(["PERSON-ANN"], reason="asked to")
    assert frequencies(lake) == {
        (100, "all"): (2, 4),
        (100, "CHS"): (0, 2),
        (100, "YRI"): (2, 2),
        (200, "all"): (0, 4),
        (200, "CHS"): (0, 2),
        (200, "YRI"): (0, 2),
        (300, "all"): (1, 4),
        (300, "CHS"): (1, 2),
        (300, "YRI"): (0, 2),
    }
    with allelake.open(lake.path, as_of=before) as earlier:
        assert frequencies(earlier) == {}
        assert ask(earlier, "FROM strata") == []
        assert "withdrawn" in str(ask(earlier, "FROM results")[0]["stale_reason"])
        with pytest.raises(allelake.QueryError, match="withdrawn"):
            earlier.frequencies()
    lake.purge()
    counted = [
        file.path
        for number in snapshot_numbers(lake.path)[:-2]
        for file in live_files(lake.path, read_snapshot(lake.path, number))
        if file.table in ("stratum_counts", "strata")
    ]
    assert counted == []
    assert verify_withdrawal(lake.path, ["PERSON-ANN"])[0] == []
    with allelake.open(lake.path, as_of=before) as earlier:
        assert frequencies(earlier) == {}
    assert frequencies(lake)[100, "all"] == (2, 4)
    assert lake.check() == []


@pytest.mark.slow
def test_a_group_that_bears_a_name_leaves_with_the_name(
    lake: allelake.Lake, tmp_path: Path
) -> None:
    sheet = {"ward": {"PERSON-BO": "of PERSON-ANN", "PERSON-CY": "of PERSON-ANN"}}
    lake.import_samples(write_people(tmp_path / "family.tsv", sheet, PEOPLE[1:]))
    lake.define_cohort("others", where="sample_number > 0")
    lake.materialize(["ward"], cohort="others")
    before = lake.snapshot
    lake.withdraw(["PERSON-ANN"], reason="asked to")
    assert [row["stratum"] for row in ask(lake, "FROM strata")] == ["all", "of [redacted]"]
    with allelake.open(lake.path, as_of=before) as earlier:
        assert "PERSON-ANN" not in str(ask(earlier, "FROM strata"))
    lake.purge()
    assert verify_withdrawal(lake.path, ["PERSON-ANN"])[0] == []


@pytest.mark.slow
def test_the_cohort_of_stored_frequencies_is_not_dropped(lake: allelake.Lake) -> None:
    lake.define_cohort("some", where="sample_number > 0")
    lake.materialize(["population"], cohort="some", name="mine")
    with pytest.raises(allelake.QueryError, match="--drop --name mine"):
        lake.drop_cohort("some")
    lake.drop_materialized("mine")
    lake.drop_cohort("some")
    assert ask(lake, "FROM results") == []


def test_what_cannot_be_materialized_is_told(lake: allelake.Lake, tmp_path: Path) -> None:
    lake.define_cohort("nobody", where="sample_number > 99")
    for keywords, says in (
        ({"by": ["populaton"]}, "population"),
        ({"by": ["sex"], "cohort": "al"}, "all"),
        ({"by": ["sex"], "cohort": "nobody"}, "Nobody"),
        ({"by": ["sex"], "policies": ["adj@1"]}, "needs GQ"),
        ({"by": ["sex"], "policies": ["rough"]}, "raw"),
        ({"by": ["population"], "leave_out": ["CHX"]}, "CHS"),
        ({"by": ["sex", "sex"]}, "different"),
        ({"by": ["sex"], "name": "a b"}, "name"),
        ({"by": ["sex"], "name": ""}, "name"),
        ({"by": []}, "Name an attribute"),
        ({"by": ["sex", "batch", "population", "a"]}, "attribute"),
        ({"by": ["population"], "policies": []}, "at least one policy"),
    ):
        with pytest.raises(allelake.AllelakeError, match=says):
            lake.materialize(**keywords)  # type: ignore[arg-type]
    with pytest.raises(allelake.QueryError, match="No frequencies"):
        lake.frequencies()
    lake.materialize("population")
    with pytest.raises(allelake.QueryError, match="CHS"):
        lake.frequencies(stratum="CHX")
    with pytest.raises(allelake.QueryError, match="None asks for all"):
        lake.frequencies(stratum=[])
    empty = allelake.init(tmp_path / "empty")
    with pytest.raises(allelake.QueryError, match="Nobody"):
        empty.materialize(["sex"])
    with pytest.raises(allelake.QueryError, match="no frequencies named 'all' are stored"):
        empty.query("stored_group_max").to_arrow()


def test_two_strata_of_one_name_are_refused(lake: allelake.Lake, tmp_path: Path) -> None:
    columns = {"a": {"PERSON-ANN": "x_y"}, "b": {"PERSON-BO": "x_y"}}
    lake.import_samples(write_people(tmp_path / "twins.tsv", columns, PEOPLE))
    with pytest.raises(allelake.QueryError, match="x_y"):
        lake.materialize(["a", "b"])
    # A later commit that would make two of them is refused, and says what is in its way.
    lake.materialize(["population"], name="mine")
    sheet = write_people(tmp_path / "all.tsv", {"population": {"PERSON-BO": "all"}}, PEOPLE)
    with pytest.raises(allelake.QueryError, match=r"'mine' cannot.*--drop --name mine"):
        lake.import_samples(sheet)


def test_a_check_finds_counts_that_are_not_those_of_the_genotypes(
    lake: allelake.Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    from allelake.warehouse.strata import update

    def wrong(contig: str, variants: pa.Table, counts: Any, result: int) -> pa.Table:
        for of_policy in counts.values():
            of_policy["ac"][-1] += 1
        return rows_of(contig, variants, counts, result)

    rows_of = update.rows_of
    monkeypatch.setattr(update, "rows_of", wrong)
    lake.materialize(["population"])
    found = [finding for finding in lake.check() if finding.severity == "error"]
    assert [(each.found, each.expected) for each in found] == [
        ("ac of YRI 3", "2"),
        ("ac of YRI 1", "0"),
    ]
    assert "chr1:100" in found[0].where


def test_a_lake_made_before_there_were_results_has_none(
    lake: allelake.Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its catalog has no such view until the next commit."""
    monkeypatch.setattr(allelake.Lake, "_knows_results", lambda _: False)
    assert lake.results().to_arrow().num_rows == 0
    with pytest.raises(allelake.QueryError, match="No frequencies named 'all' are stored"):
        lake.frequencies()
