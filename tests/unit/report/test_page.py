"""The page: whole, by itself, and silent on what its rule hides."""

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

import allelake
from allelake.errors import QueryError, UsageError
from allelake.report.asked import Asked
from allelake.report.compare import compared
from allelake.report.page import page
from allelake.report.parts import Report, Table
from allelake.report.people import who
from allelake.report.samples import figures_query, ratios
from allelake.report.suppress import PRESETS

VOID = {"meta", "br", "hr", "img", "link", "input"}


class Reader(HTMLParser):
    """Checks that every element ends where it should, and keeps what a test asks for."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def tables(report: Report) -> dict[str, Table]:
    return {table.title: table for section in report.sections for table in section.tables}


def words(report: Report, key: str) -> str:
    return " ".join(next(one for one in report.sections if one.key == key).words)


def test_the_page_is_well_formed_and_asks_for_nothing_outside(report: Report) -> None:
    text = page(report)
    read = Reader(text)
    assert len(read.ids) == len(set(read.ids))
    for _, name, value in read.attributes:
        if name in ("src", "href", "xlink:href"):
            assert value.startswith(("#", "data:")), value
    assert not re.search(
        r"https?:|//[a-z]|@import|<script|<link|<iframe|javascript:|\son\w+=", text
    )
    # Whatever an id points at is there.
    for target in re.findall(r'(?:href="|url\()#([^")]+)', text):
        assert target in read.ids


@pytest.mark.slow
def test_the_page_is_small_and_the_same_each_time(report: Report, crowd: Path) -> None:
    with allelake.open(crowd) as lake:
        again = page(lake.report(compare="hill"))
    assert again == page(report)
    assert len(again) < 1_000_000


def test_colours_are_those_of_the_page_in_light_and_dark(report: Report) -> None:
    for section in report.sections:
        for picture in section.pictures:
            assert not re.search(r"#[0-9a-f]{6}", picture.svg), picture.title
            assert "var(--ink)" in picture.svg


def test_each_section_has_pictures_numbers_and_query_or_says_why_not(report: Report) -> None:
    keys = [section.key for section in report.sections]
    assert keys == [
        "people",
        "density",
        "spectrum",
        "ratios",
        "rates",
        "pca",
        "kinship",
        "basis",
        "batches",
        "compare",
    ]
    for section in report.sections:
        assert section.words
        assert all(picture.svg for picture in section.pictures)
        if section.pictures:
            assert section.tables and section.queries
    assert "allelake structure pca" in words(report, "pca")
    assert "one batch" in words(report, "batches")


def test_nothing_is_nan_and_no_picture_is_empty(report: Report) -> None:
    text = re.sub(r"<pre.*?</pre>", "", page(report), flags=re.DOTALL)
    assert not re.search(r"\b(nan|inf|None|NULL)\b", text)
    for section in report.sections:
        for picture in section.pictures:
            assert "var(--c1)" in picture.svg, picture.title


def test_no_name_of_anybody_is_in_the_page(report: Report, crowd: Path) -> None:
    """No sample, no value that few have, no value of an attribute that is a name."""
    text = page(report)
    assert "person0" not in text and "nick" not in text.replace("nickname", "")
    assert "lighthouse" not in text


def test_no_count_of_people_or_variants_is_small(report: Report) -> None:
    hidden = range(1, PRESETS["all-of-us"].least)
    for table in tables(report).values():
        for row in table.rows:
            numbers = [
                cell
                for name, cell in zip(table.columns, row, strict=True)
                if isinstance(cell, int) and name not in ("expected kinship",)
            ]
            assert not any(number in hidden for number in numbers), (table.title, row)


def test_groups_are_joined_until_none_is_small_in_every_section_alike(report: Report) -> None:
    """Four people of the lighthouse take the shore with them: its 41 alone would tell them."""
    found = tables(report)
    assert list(found["People by population"].rows) == [
        ["hill", 45, "50.0%"],
        ["other values", 45, "50.0%"],
    ]
    spectrum = found["Variants by frequency in each population"]
    assert [row[0] for row in spectrum.rows] == ["hill", "other values"]
    assert [row[0] for row in found["Ti/Tv and het/hom by group"].rows] == ["hill", "other values"]


@pytest.mark.parametrize("other", ["large", "few"])
def test_a_comparison_that_would_tell_of_few_people_is_not_made(crowd: Path, other: str) -> None:
    """All but four people, or those four: the two cohorts' difference is as good as a cohort."""
    with allelake.open(crowd) as lake:
        asked = Asked(lake, "all", PRESETS["all-of-us"], None, False)
        section = compared(asked, other)
    assert "Not shown" in section.words[0]
    assert not section.tables and not section.pictures


def test_a_comparison_that_tells_of_few_beside_the_groups_is_not_made(crowd: Path) -> None:
    """All large: 41 of the shore, 49 not. Beside 45 of 'other values' they tell the lighthouse."""
    with allelake.open(crowd) as lake:
        asked = Asked(lake, "all", PRESETS["all-of-us"], "population", False)
        beside = compared(asked, "shore")
        alone = compared(Asked(lake, "all", PRESETS["all-of-us"], "sex", False), "shore")
    assert "beside the groups" in beside.words[0] and not beside.tables
    assert alone.tables


def test_an_attribute_that_tells_of_few_beside_another_is_not_shown(crowd: Path) -> None:
    """Town and country are large, and each a union of populations but for the lighthouse."""
    with allelake.open(crowd) as lake:
        by_town = who(Asked(lake, "all", PRESETS["all-of-us"], "landscape", False))
        by_population = who(Asked(lake, "all", PRESETS["all-of-us"], "population", False))
    assert "tell of few people: population." in " ".join(by_town.words)
    assert "tell of few people: landscape." in " ".join(by_population.words)


def test_who_is_nearly_everybody_is_told_so(crowd: Path) -> None:
    with allelake.open(crowd) as lake:
        section = who(Asked(lake, "most", PRESETS["all-of-us"], None, False))
    assert "Nearly everybody" in " ".join(section.words)


def test_counts_are_those_of_the_lake_where_nothing_is_hidden(crowd: Path) -> None:
    with allelake.open(crowd) as lake:
        made = lake.report(min_cell="none", compare="few")
        found = tables(made)
        rows = lake.allele_frequency().to_dicts()
        few = {row["position"]: row for row in lake.allele_frequency("few").to_dicts()}
    assert list(found["People by population"].rows) == [
        ["hill", 45, "50.0%"],
        ["lighthouse", 4, "4.4%"],
        ["shore", 41, "45.6%"],
    ]
    carried = [row for row in rows if row["ac"] > 0]
    contigs = found["Variants that somebody in the cohort carries"].rows
    assert [row[:2] for row in contigs] == [["chr22", len(carried)]]
    spectrum = {row[0]: row[1:] for row in found["Variants by frequency in each population"].rows}
    assert sum(spectrum["lighthouse"]) == sum(row["ac"] > 0 for row in few.values())
    compared = {row[0]: row[1:] for row in found["Variants in both and in one alone"].rows}
    both = sum(few[row["position"]]["ac"] > 0 for row in carried)
    assert compared["all"] == [both, len(carried) - both, 0]
    basis = found["People at variants, by how they are known (% of the cohort)"].rows[-1]
    assert basis == ["all", "100%", "0%", "0%", "0%"]


def test_a_share_of_the_cohort_is_not_told_where_it_is_of_few(crowd: Path) -> None:
    """Of 90 people 2% are two: were they unknown everywhere, that is a count of people."""
    from allelake.report.basis import _drawn, tell

    with allelake.open(crowd) as lake:
        asked = Asked(lake, "all", PRESETS["all-of-us"], None, False)
    for few in (0.1, 2.2, 22.0):
        assert tell(asked, [100 - few, 0, 0, few]) == ["above 76.7%", "0%", "0%", "below 23.3%"]
    assert _drawn(asked, [97.8, 0.0, 0.0, 2.2]) == [100.0, 0.0, 0.0, 0.0]
    assert tell(asked, [50.0, 0.0, 0.0, 50.0]) == ["50.0%", "0%", "0%", "50.0%"]


def test_a_hundred_less_the_shares_that_are_told_is_no_share_of_few(crowd: Path) -> None:
    """Of 90 people 49 and 37 are told exactly: the four that are left would be unknown."""
    from allelake.report.basis import _drawn, _told_of_all, tell

    with allelake.open(crowd) as lake:
        asked = Asked(lake, "all", PRESETS["all-of-us"], None, False)
    few = [100 * people / 90 for people in (49, 37, 0, 4)]
    assert tell(asked, few) == ["54.4%", "the rest", "0%", "below 23.3%"]
    assert _drawn(asked, few) == pytest.approx([54.4, 45.6, 0.0, 0.0])
    # Nor is the mean of two contigs, less one of them, the other.
    much = [100 * people / 90 for people in (30, 30, 0, 30)]
    assert _told_of_all(asked, much, {"1": tell(asked, few), "2": tell(asked, much)}) is None
    assert _told_of_all(asked, much, {"1": tell(asked, much), "2": tell(asked, much)}) is not None


def test_points_of_people_are_drawn_only_where_asked_for(report: Report, crowd: Path) -> None:
    with allelake.open(crowd) as lake:
        section = ratios(Asked(lake, "all", PRESETS["all-of-us"], None, True))
    individual = page(Report("x", [], [], [section], True))
    assert "Individual-level data" in individual
    assert "a point for each person" in individual
    assert individual.count("<use") > 90
    assert "a point for each person" not in page(report)
    assert "person0" not in individual


def test_an_end_of_a_histogram_is_not_where_the_last_person_is(crowd: Path) -> None:
    """Tails are open, and drawn to the same length whoever is in them."""
    from allelake.report.spread import spread

    rule = PRESETS["all-of-us"]
    values = [float(n % 50) for n in range(200)]
    plain = spread(values, rule)
    extreme = spread([*values[:-1], 1e6], rule)
    assert plain is not None and extreme is not None
    assert plain.edges == extreme.edges
    assert extreme.ranges()[-1].endswith("and more")


def test_a_quartile_is_shown_only_with_enough_people_beyond_it() -> None:
    from allelake.report.spread import spread

    rule = PRESETS["all-of-us"]
    found = spread([float(n) for n in range(50)], rule)
    assert found is not None and found.quartiles[0] is None and found.quartiles[1] is not None
    assert all(not rule.hides(count) for count in found.counts)
    assert spread([1.0] * 20, rule) is None
    alone = spread([3.0] * 30, rule)
    assert alone is not None and sum(alone.counts) == 30


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"cohort": "lagre"}, "nearest is 'large'"),
        ({"compare": "lagre"}, "nearest is 'large'"),
        ({"by": "poplation"}, "Did you mean 'population'"),
        ({"by": "nickname"}, "too many values"),
        ({"by": "age"}, "too many values"),
        ({"cohort": "nobody"}, "nobody in it"),
        ({"cohort": "few"}, "fewer people than may be spoken of"),
    ],
)
def test_what_cannot_be_reported_is_told(crowd: Path, arguments: dict[str, str], said: str) -> None:
    with allelake.open(crowd) as lake, pytest.raises(QueryError, match=re.escape(said)):
        lake.report(**arguments)  # type: ignore[arg-type]


def test_where_a_page_cannot_be_written_is_told_first(crowd: Path, tmp_path: Path) -> None:
    there = tmp_path / "there.html"
    there.write_text("mine")
    with allelake.open(crowd) as lake:
        for output, said in (
            (there, "is there already"),
            (tmp_path, "folder"),
            (tmp_path / "a" / "b", "no folder"),
        ):
            with pytest.raises(UsageError, match=said):
                lake.report(output, cohort="no such cohort")
    assert there.read_text() == "mine"


def test_a_group_of_one_and_a_lake_without_sex_or_variants_are_told(
    crowd: Path, tmp_path: Path
) -> None:
    with allelake.open(crowd) as lake:
        asked = Asked(lake, "few", PRESETS["none"], "nickname", True)
        section = ratios(asked)
    assert [row[1:4:2] for row in section.tables[0].rows] == [[1, 0]] * 4
    from small_lakes import lake_with_samples

    empty = lake_with_samples(tmp_path / "empty.lake", *(f"s{n}" for n in range(30)))
    with allelake.open(empty) as lake:
        made = lake.report()
    Reader(page(made))
    assert "Nothing else is known" in words(made, "people")
    assert "nothing to show" in words(made, "density")
    assert "knows no variant" in words(made, "basis")
    assert not [p for s in made.sections for p in s.pictures if s.key != "people"]


def test_hostile_names_do_not_become_markup(tmp_path: Path) -> None:
    from small_lakes import lake_with_samples

    path = lake_with_samples(tmp_path / "a.lake", *(f"s{n}" for n in range(60)))
    sheet = tmp_path / "people.tsv"
    bad = '<img src=x onerror="alert(1)">&#39;'
    long = "x" * 60
    values = [bad, "$x^2$ {y}", "not known", "", "other values", f"{long}1", f"{long}2"]
    lines = [f"s{n}\t{values[n % len(values)]}\n" for n in range(60)]
    sheet.write_text("sample_id\torigin\n" + "".join(lines))
    with allelake.open(path) as lake:
        lake.import_samples(sheet)
        asked = Asked(lake, "all", PRESETS["pdpc"], "origin", False)
        section = who(asked)
        # A name that is cut, or that means something else here, is nobody else's.
        named = [row["people"] for row in asked.ask(figures_query(asked))]
    assert dict(Counter(named)) == asked.groups("origin")
    assert list(asked.groups("origin").values()) == [9, 9, 9, 8, 8, 8, 9]
    text = page(Report(bad, [(bad, bad)], [bad], [section], False))
    Reader(text)
    assert "<img" not in text
    assert "&lt;img src=x" in text
