"""Batches side by side: means over their people, small ones joined, and what differs."""

import random
from pathlib import Path

import pytest

import allelake
from allelake.report.asked import Asked
from allelake.report.batches import batches
from allelake.report.suppress import PRESETS, CellRule

from .conftest import vcf


def shifted(rng: random.Random, prefix: str, people: int) -> str:
    """The same sites for other people, who all carry the first 30 of them."""
    lines = vcf(rng).splitlines()
    head = [line for line in lines if line.startswith("##")]
    columns = "\t".join(lines[len(head)].split("\t")[:9])
    names = "\t".join(f"{prefix}{n}" for n in range(people))
    rows = []
    for n, line in enumerate(lines[len(head) + 1 :][:120]):
        site = line.split("\t")[:9]
        calls = ["1/1:30" if n < 30 else rng.choice(["0/0:20", "0/1:30"]) for _ in range(people)]
        rows.append("\t".join([*site, *calls]))
    return "\n".join([*head, f"{columns}\t{names}", *rows]) + "\n"


@pytest.fixture(scope="module")
def batched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("batched")
    rng = random.Random(3)
    texts = [vcf(rng), shifted(rng, "second", 40), shifted(rng, "third", 3)]
    with allelake.init(folder / "batched.lake", "GRCh38") as lake:
        for n, text in enumerate(texts):
            (folder / f"{n}.vcf").write_text(text)
            lake.ingest([folder / f"{n}.vcf"], allelake.IngestOptions(workers=1))
    return folder / "batched.lake"


def test_a_small_batch_is_joined_with_another(batched: Path) -> None:
    with allelake.open(batched) as lake:
        section = batches(Asked(lake, "all", PRESETS["all-of-us"], None, False))
    (table,) = section.tables
    assert [row[:2] for row in table.rows] == [["1", 90], ["other values", 43]]
    assert "joined" in " ".join(section.words)
    assert len(section.queries) == 2


def test_means_are_of_the_batch_and_variants_that_differ_are_counted(batched: Path) -> None:
    with allelake.open(batched) as lake:
        section = batches(Asked(lake, "all", PRESETS["none"], None, False))
        people = lake.sample_summary().to_dicts()
        flagged = lake.sql(
            "SELECT count(*) AS n FROM batch_differences('all') "
            "WHERE is_flagged AND attribute_value = '2'"
        ).to_dicts()[0]["n"]
    (table,) = section.tables
    rows = {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}
    of_second = [person for person in people if person["batch"] == 2]
    mean = sum(person["mean_dp"] for person in of_second) / len(of_second)
    assert rows["2"]["mean depth, reads"] == pytest.approx(mean, rel=1e-3)
    assert rows["2"]["variants differ"] == flagged > 20


def test_who_has_no_depth_is_not_told_beside_the_batches() -> None:
    """Forty have depth, and 43 are in the joined batches: the other three are a batch."""
    from types import SimpleNamespace

    from allelake.report.samples import known_rows

    sizes = {("1", None): 90, ("other values", 30.0): 40, ("other values", None): 3}
    rows = [
        {"people": "everybody", "batch": batch, "mean_dp": depth}
        for (batch, depth), size in sizes.items()
        for _ in range(size)
    ]
    asked = SimpleNamespace(rule=PRESETS["all-of-us"])
    assert known_rows(asked, rows, "mean_dp") is None  # type: ignore[arg-type]
    assert known_rows(asked, rows[:130], "mean_dp") is not None  # type: ignore[arg-type]


def test_bars_that_tell_of_few_beside_the_groups_are_not_shown(crowd: Path) -> None:
    """All of the hill are deep, and one of the others: 46 deep ones less the hill's 45."""
    from allelake.report.samples import spread_of

    with allelake.open(crowd) as lake:
        asked = Asked(lake, "all", PRESETS["all-of-us"], "population", False)
        beside = Asked(lake, "all", PRESETS["all-of-us"], "population", False)
        groups = asked.parts("population").items()
    rows = [{"sample_number": n, "deep": 30.0 if group == "hill" else 12.0} for n, group in groups]
    assert spread_of(asked, rows, "deep") is not None
    next(row for row in rows if row["deep"] == 12.0)["deep"] = 30.0
    assert spread_of(beside, rows, "deep") is None


def test_batches_all_too_small_are_not_told_apart(batched: Path) -> None:
    with allelake.open(batched) as lake:
        section = batches(Asked(lake, "all", CellRule("test", 100), None, False))
    assert not section.tables
    assert "too few people" in section.words[0]
