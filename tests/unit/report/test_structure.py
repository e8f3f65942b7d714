"""Principal components and kinship on the page: squares of enough people, pairs of enough."""

import random
import re
from pathlib import Path
from typing import Any

import pytest

import allelake
from allelake.report.asked import Asked
from allelake.report.structure import _squares, components, kinship
from allelake.report.suppress import PRESETS


class Given(Asked):
    """Asks the lake who is there, and has stored results given."""

    results: list[dict[str, Any]]
    scores: list[dict[str, Any]]
    pairs: list[dict[str, Any]]

    def ask(self, sql: str) -> list[dict[str, Any]]:
        for word, rows in (
            ("FROM results", "results"),
            ("pca_scores", "scores"),
            ("kinship_pairs", "pairs"),
        ):
            if word in sql:
                return list(getattr(self, rows))
        return super().ask(sql)


@pytest.fixture
def given(crowd: Path):
    """A function that makes a question whose stored results are given."""
    with allelake.open(crowd) as lake:

        def make(is_individual: bool = False, **rows: list[dict[str, Any]]) -> Given:
            asked = Given(lake, "all", PRESETS["all-of-us"], "population", is_individual)
            asked.results = [{"cohort": "all", "snapshot": 3, "stale_reason": None}]
            asked.scores, asked.pairs = rows.get("scores", []), rows.get("pairs", [])
            return asked

        yield make


def scores(seed: int, hill: int = 45) -> list[dict[str, Any]]:
    rng = random.Random(seed)
    around = {"hill": (0.0, hill), "other values": (1.0, 45)}
    return [
        {"people": name, "pc1": middle + rng.gauss(0, 0.05), "pc2": rng.gauss(0, 0.05)}
        for name, (middle, people) in around.items()
        for _ in range(people)
    ]


def pairs(relationship: str, count: int, families: int) -> list[dict[str, Any]]:
    return [
        {
            "relationship": relationship,
            "kinship": 0.25,
            "ibs0_share": 0.0,
            "sample_number_1": n % families,
            "sample_number_2": 50 + n % families,
        }
        for n in range(count)
    ]


def test_components_are_squares_of_enough_people_and_no_points(given) -> None:
    section = components(given(scores=scores(1)))
    (picture,) = section.pictures
    assert "squares of people" in picture.svg
    (table,) = section.tables
    assert [row[:2] for row in table.rows] == [["hill", 45], ["other values", 45]]
    assert table.rows[1][2] == pytest.approx(1.0, abs=0.05)


def test_no_square_has_few_people_nor_have_all_that_are_not_drawn(given) -> None:
    asked = given()
    for seed in range(50):
        rng = random.Random(seed)
        held = [(rng.gauss(0, 1), rng.gauss(0, 1)) for _ in range(rng.randint(21, 300))]
        drawn = _squares(asked, held, (1.0, 1.0))
        assert not any(map(asked.rule.hides, drawn.values()))
        assert not asked.rule.hides(len(held) - sum(drawn.values()))


def test_how_many_have_no_scores_is_not_told(given) -> None:
    """Two of the hill have none: its table says all 45."""
    section = components(given(scores=scores(1, hill=43)))
    assert [row[1] for row in section.tables[0].rows] == [45, 45]
    assert "Not everybody has scores" in " ".join(section.words)
    assert not re.search(r"\b(43|88|2)\b", " ".join(section.words))


def test_what_is_not_stored_or_holds_no_more_is_told(given) -> None:
    asked = given(scores=scores(1))
    asked.results = []
    assert "allelake structure pca" in components(asked).words[0]
    assert "allelake structure kinship" in kinship(asked).words[0]
    asked = given(scores=scores(1))
    asked.results = [{"cohort": "all", "snapshot": 3, "stale_reason": "a person of it left"}]
    assert "does not hold any more: a person of it left" in components(asked).words[0]
    # How many left is a count of people, too.
    asked.results[0]["stale_reason"] = "3 samples it was computed from left the lake"
    assert "more: some samples it was computed from left" in components(asked).words[0]
    asked.results[0]["stale_reason"] = "30 samples it was computed from left the lake"
    assert "more: 30 samples" in components(asked).words[0]


def test_few_pairs_and_many_pairs_of_few_people_are_told_as_few(given) -> None:
    rows = [*pairs("sibling", 5, 5), *pairs("second", 40, 4), *pairs("parent-child", 30, 30)]
    (table,) = kinship(given(pairs=rows)).tables
    found = {row[0]: row[1:3] for row in table.rows}
    assert found["sibling"] == ["few", "few"]
    assert found["second"] == ["few", "few"]
    assert found["parent-child"] == [30, 60]
    assert found["duplicate"] == [0, 0]


def test_points_of_pairs_are_drawn_only_where_asked_for(given) -> None:
    rows = pairs("sibling", 5, 5)
    assert not kinship(given(pairs=rows)).pictures
    section = kinship(given(pairs=rows, is_individual=True))
    assert section.pictures
    assert section.tables[0].rows[2][1] == 5


def test_nobody_related_is_told(given) -> None:
    section = kinship(given())
    assert "No two people" in section.words[0]
    assert not section.pictures and not section.tables
