"""Pictures of answers: what they draw is what the rows say."""

from dataclasses import dataclass, field

import pyarrow as pa
import pytest

from allelake.errors import UsageError
from allelake.plot.answers import AnswerPlots
from allelake.queries.about import About


@dataclass
class Rows:
    """An answer of given rows."""

    rows: dict[str, list[object]]
    about: About = field(default_factory=lambda: About("frequency", "a.lake", 1, cohort="all"))

    @property
    def columns(self) -> list[str]:
        return list(self.rows)

    def to_arrow(self) -> pa.Table:
        return pa.table(self.rows)


FREQUENCIES = Rows(
    {
        "contig": ["chr1", "chr1", "chr2", "chr2", "chr2"],
        "position": [100, 250, 1000, 1001, 5000],
        "ac": [1, 0, 30, 3, 600],
        "an": [1000, 1000, 1000, 1000, 1000],
        "population": ["a", "a", "b", None, "b"],
    }
)


def heights(figure, label: str) -> dict[str, float]:
    (axes,) = figure.axes
    names = [text.get_text() for text in axes.get_xticklabels()]
    (line,) = [line for line in axes.get_lines() if line.get_label() == label]
    return {names[int(x)]: y for x, y in zip(*line.get_data(), strict=True)}


def test_a_spectrum_counts_variants_by_frequency_and_leaves_out_those_without_a_copy() -> None:
    drawn = heights(AnswerPlots(FREQUENCIES).spectrum(), "variants")
    assert drawn == {"1 copy": 1, "0.1–0.5%": 1, "1–5%": 1, "50% and more": 1}


def test_a_spectrum_by_a_column_has_a_line_for_each_value() -> None:
    figure = AnswerPlots(FREQUENCIES).spectrum(by="population")
    assert heights(figure, "b") == {"1–5%": 1, "50% and more": 1}
    assert heights(figure, "not known") == {"0.1–0.5%": 1}


def test_an_answer_by_attribute_is_split_without_being_told() -> None:
    about = About("frequency", "a.lake", 1, further={"by": "population"})
    figure = AnswerPlots(Rows(FREQUENCIES.rows, about))()
    assert heights(figure, "a") == {"1 copy": 1}


def test_density_has_a_strip_for_each_contig() -> None:
    figure = AnswerPlots(FREQUENCIES).density(width=1000)
    assert [axes.get_ylabel() for axes in figure.axes] == ["chr1", "chr2"]
    (strip,) = figure.axes[1].patches
    assert list(strip.get_data().values) == [2, 0, 0, 0, 1]


def test_points_and_histograms_leave_out_what_is_unknown() -> None:
    rows = Rows({"x": [1, 2, None], "y": [0.5, None, 3.0], "who": ["a", "b", "a"]})
    (dots,) = AnswerPlots(rows).points("x", "y", by="who").axes[0].collections
    assert dots.get_offsets().tolist() == [[1.0, 0.5]]
    (outline,) = AnswerPlots(rows).histogram("y", bins=2).axes[0].patches
    assert outline.get_xy()[:, 1].max() == 1


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda plots: plots.points("x", "z"), "no column 'z'"),
        (lambda plots: plots.points("x", "name"), "does not hold numbers"),
        (lambda plots: plots.histogram("empty"), "nothing to draw"),
        (lambda plots: plots(), "Name one"),
        (lambda plots: plots.density(), "no column 'contig'"),
    ],
)
def test_what_cannot_be_drawn_is_told(draw, said: str) -> None:
    rows = Rows({"x": [1.0], "name": ["a"], "empty": [None]})
    with pytest.raises(UsageError, match=said):
        draw(AnswerPlots(rows))


def test_a_spectrum_of_nobody_s_variants_is_told() -> None:
    with pytest.raises(UsageError, match="no variant with a copy"):
        AnswerPlots(Rows({"ac": [0], "an": [10]})).spectrum()


def test_a_notebook_shows_a_picture_by_itself() -> None:
    figure = AnswerPlots(FREQUENCIES).spectrum()
    assert figure._repr_png_().startswith(b"\x89PNG")


def test_pictures_leave_the_settings_of_a_notebook_alone() -> None:
    import matplotlib

    before = dict(matplotlib.rcParams)
    AnswerPlots(FREQUENCIES).spectrum()
    assert dict(matplotlib.rcParams) == before


def test_colours_differ_and_the_rest_is_grey() -> None:
    from allelake.plot.style import REST, colours

    found = colours(["a", "b", "other values"], frozenset(["other values"]))
    assert len({*found.values()}) == 3 and found["other values"] == REST
