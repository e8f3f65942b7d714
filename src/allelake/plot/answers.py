"""Plots of an answer in a line: `answer.plot.spectrum()`, in a notebook or saved to a file."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from allelake.errors import UsageError
from allelake.nearest import did_you_mean
from allelake.plot import charts
from allelake.plot.style import colours, drawing, new_figure

if TYPE_CHECKING:
    import pyarrow as pa
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Upper ends of the classes of frequency, and what a spectrum calls them.
_BOUNDS = (0.001, 0.005, 0.01, 0.05, 0.2, 0.5, float("inf"))
_CLASSES = (
    "1 copy",
    "below 0.1%",
    "0.1–0.5%",
    "0.5–1%",
    "1–5%",
    "5–20%",
    "20–50%",
    "50% and more",
)


class Plottable(Protocol):
    """What is needed of an answer: its columns, its rows, and the words of what it speaks of."""

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        ...

    @property
    def about(self) -> Any:
        """The terms; `about.line()` says them."""
        ...

    def to_arrow(self) -> "pa.Table":
        """The rows."""
        ...


class AnswerPlots:
    """The pictures of one answer. Each is a matplotlib Figure, which a notebook shows by itself.

    Nothing is left out for being small: an answer's pictures are for those who may see its rows.
    """

    def __init__(self, answer: Plottable) -> None:
        self._answer = answer

    def __call__(self) -> "Figure":
        """The picture that suits the answer's columns: spectrum, density or points."""
        columns = set(self._answer.columns)
        if {"ac", "an"} <= columns:
            return self.spectrum()
        if "position" in columns:
            return self.density()
        if {"pc1", "pc2"} <= columns:
            return self.points("pc1", "pc2")
        raise UsageError(
            f"No picture suits this answer by itself. Name one: plot.points(x, y) or "
            f"plot.histogram(column), with columns {', '.join(self._answer.columns)}."
        )

    def spectrum(self, by: str | None = None) -> "Figure":
        """How many variants have each frequency: of the cohort, or of each value of column `by`.

        Variants without a copy are left out.
        """
        names = ["ac", "an"] + ([by] if by is not None else self._groups())
        columns = self._columns(*names)
        groups = columns[2] if len(columns) > 2 else ["variants"] * len(columns[0])
        counts: dict[str, list[float | None]] = {}
        for ac, an, group in zip(columns[0], columns[1], groups, strict=True):
            if ac and an:
                held = counts.setdefault(_text(group), [0.0] * len(_CLASSES))
                place = _class_of(ac, an)
                held[place] = (held[place] or 0.0) + 1
        self._refuse_nothing(counts, "no variant with a copy")

        def draw(axes: "Axes") -> None:
            charts.lines(axes, _CLASSES, dict(sorted(counts.items())), "variants")

        return self._draw("Variants by frequency", draw, 3.4)

    def density(self, width: int = 10_000) -> "Figure":
        """How many variants (rows) lie in each stretch of `width` bases, a strip per contig."""
        contigs, positions = self._columns("contig", "position")
        if width < 1:
            raise UsageError(f"A stretch has at least one base; width is {width}.")
        counts: dict[str, dict[int, int]] = {}
        for contig, position in zip(contigs, positions, strict=True):
            held = counts.setdefault(contig, {})
            held[position // width] = held.get(position // width, 0) + 1
        self._refuse_nothing(counts, "no variant")
        most = max(max(held.values()) for held in counts.values())
        with drawing():
            figure, axes = new_figure(0.5 + 0.55 * len(counts), len(counts))
            for each, (contig, held) in zip(axes, counts.items(), strict=True):
                first, last = min(held), max(held)
                heights = [float(held.get(place, 0)) for place in range(first, last + 1)]
                edges = [place * width / 1e6 for place in range(first, last + 2)]
                charts.strip(each, edges, heights)
                each.set_ylim(0, most)
                each.set_xlim(edges[0], edges[-1])
                each.set_ylabel(contig, rotation=0, ha="right", va="center")
            axes[0].set_title(self._title(f"Variants per {width:,} bases (places in Mb)"))
        return figure

    def points(self, x: str, y: str, by: str | None = None) -> "Figure":
        """A point for each row with both columns known, coloured by column `by`."""
        columns = self._columns(x, y, *([by] if by is not None else []))
        names = columns[2] if by is not None else ["rows"] * len(columns[0])
        groups: dict[str, tuple[list[float], list[float]]] = {}
        for at, to, name in zip(columns[0], columns[1], names, strict=True):
            if at is not None and to is not None:
                held = groups.setdefault(_text(name), ([], []))
                held[0].append(self._number(at, x))
                held[1].append(self._number(to, y))
        self._refuse_nothing(groups, f"no row with {x} and {y}")

        def draw(axes: "Axes") -> None:
            charts.points(axes, dict(sorted(groups.items())))
            axes.set_xlabel(x)
            axes.set_ylabel(y)

        return self._draw(f"{y} by {x}", draw, 3.7 + charts.legend_inches(list(groups)))

    def histogram(self, column: str, by: str | None = None, bins: int = 30) -> "Figure":
        """How often a number has each size, one outline per value of column `by`."""
        columns = self._columns(column, *([by] if by is not None else []))
        names = columns[1] if by is not None else [column] * len(columns[0])
        groups: dict[str, list[float]] = {}
        for value, name in zip(columns[0], names, strict=True):
            if value is not None:
                groups.setdefault(_text(name), []).append(self._number(value, column))
        self._refuse_nothing(groups, f"no row with {column}")
        everything = [value for held in groups.values() for value in held]
        span = (min(everything), max(everything))

        def draw(axes: "Axes") -> None:
            of = colours(list(groups))
            for name, held in sorted(groups.items()):
                axes.hist(held, bins=bins, range=span, histtype="step", color=of[name], label=name)
            axes.set_xlabel(column)
            axes.set_ylabel("rows")
            if len(groups) > 1:
                charts.legend_below(axes)

        return self._draw(f"Rows by {column}", draw, 2.8)

    def _groups(self) -> list[str]:
        """The column by which an answer of `allele_frequency(by=...)` is split, if it is."""
        by = getattr(self._answer.about, "further", {}).get("by")
        columns = self._answer.columns
        return [name for name in (by, "attribute_value", "stratum") if name in columns][:1]

    def _draw(self, what: str, draw: "Callable[[Axes], None]", height: float) -> "Figure":
        with drawing():
            figure, (axes,) = new_figure(height)
            draw(axes)
            axes.set_title(self._title(what))
        return figure

    def _title(self, what: str) -> str:
        cohort = getattr(self._answer.about, "cohort", None)
        return f"{what}, cohort {cohort}" if cohort else what

    def _columns(self, *names: str) -> list[list[Any]]:
        for name in names:
            if name not in self._answer.columns:
                hint = did_you_mean(name, self._answer.columns)
                raise UsageError(f"This answer has no column {name!r}. {hint}")
        rows = self._answer.to_arrow()
        return [rows.column(name).to_pylist() for name in names]

    def _number(self, value: Any, column: str) -> float:
        if isinstance(value, (int, float)):
            return float(value)
        raise UsageError(f"The column {column!r} does not hold numbers, so it cannot be drawn.")

    def _refuse_nothing(self, found: Any, what: str) -> None:
        """An empty picture would look like an answer."""
        if not found:
            raise UsageError(f"There is nothing to draw: {what} in {self._answer.about.line()}.")


def _class_of(ac: int, an: int) -> int:
    if ac == 1:
        return 0
    return 1 + next(n for n, bound in enumerate(_BOUNDS) if ac < bound * an)


def _text(value: Any) -> str:
    return "not known" if value is None else str(value)
