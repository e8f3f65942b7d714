"""The charts: each draws plain numbers on axes, and says what it shows with its unit."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from allelake.plot.style import GRID, INK, MARKERS, PALETTE, REST, colours

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

# A cell of two dimensions: left, bottom, and how many it holds.
Cell = tuple[float, float, int]
# Characters that fit in a line across a picture, before a mark of a legend, and beside bars.
_LINE_CHARACTERS, _MARK_CHARACTERS, _LONGEST_BESIDE = 62, 5, 26


def bars(axes: "Axes", values: Mapping[str, float], unit: str) -> None:
    """Horizontal bars from the top, each with its figure at the end."""
    names = [shortened(name, _LONGEST_BESIDE) for name in values][::-1]
    numbers = list(values.values())[::-1]
    places = range(len(names))
    axes.barh(places, numbers, color=PALETTE[0], height=0.68)
    axes.set_yticks(places, names)
    for at, number in enumerate(numbers):
        axes.annotate(
            _figure(number), (number, at), (4, 0), textcoords="offset points", va="center"
        )
    axes.set_xlim(0, max([*numbers, 1]) * 1.18)
    axes.set_ylim(-0.6, len(names) - 0.4)
    axes.set_xlabel(unit)
    axes.grid(axis="y", visible=False)
    _thousands(axes, "x")
    axes.locator_params(axis="x", nbins=5 if max(map(len, names)) < 16 else 3)


def histogram(axes: "Axes", edges: Sequence[float], heights: Sequence[float], unit: str) -> None:
    """Bars from edge to edge; heights are people per step of the axis, so that areas compare."""
    widths = [right - left for left, right in pairwise(edges)]
    axes.bar(edges[:-1], heights, widths, align="edge", color=PALETTE[0], edgecolor=GRID, lw=0.5)
    axes.set_xlabel(unit)
    axes.set_ylim(0, max([*heights, 1]) * 1.05)
    axes.grid(axis="x", visible=False)
    axes.locator_params(axis="x", nbins=6)
    _thousands(axes, "y")


def lines(
    axes: "Axes",
    classes: Sequence[str],
    series: Mapping[str, Sequence[float | None]],
    unit: str,
    rest: frozenset[str] = frozenset(),
    is_logarithmic: bool = True,
) -> None:
    """One line with marks for each of several groups over named classes."""
    of = colours(list(series), rest)
    for n, (name, values) in enumerate(series.items()):
        known = [(at, value) for at, value in enumerate(values) if value]
        places, heights = [at for at, _ in known], [value for _, value in known]
        marker = MARKERS[n % len(MARKERS)]
        axes.plot(places, heights, marker=marker, color=of[name], label=name)
    axes.set_xticks(range(len(classes)), classes, rotation=38, ha="right", rotation_mode="anchor")
    if is_logarithmic:
        from matplotlib.ticker import LogLocator

        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    _thousands(axes, "y")
    axes.set_ylabel(unit)
    if len(series) > 1 or rest:
        legend_below(axes)


def strip(axes: "Axes", edges: Sequence[float], heights: Sequence[float]) -> None:
    """One contig as a strip: how many variants lie in each stretch.

    A line around keeps thin stretches seen.
    """
    axes.stairs(heights, edges, fill=True, color=PALETTE[0], linewidth=0.7, edgecolor=PALETTE[0])
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)
    axes.set_yticks([])


def points(
    axes: "Axes",
    groups: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    rest: frozenset[str] = frozenset(),
) -> None:
    """A point for each person, coloured and formed by group. Very many become one image."""
    of = colours(list(groups), rest)
    total = sum(len(xs) for xs, _ in groups.values())
    size = 16 if total < 400 else 9 if total < 4000 else 4
    for n, (name, (xs, ys)) in enumerate(groups.items()):
        axes.scatter(
            xs,
            ys,
            s=size,
            # Where colours begin anew, forms are others.
            marker=MARKERS[(n + n // len(PALETTE)) % len(MARKERS)],
            color=of[name],
            alpha=0.65,
            linewidths=0,
            label=f"{name} ({len(xs):,})",
            rasterized=total > 4000,
        )
    if len(groups) > 1:
        legend_below(axes)


def ringed(axes: "Axes", xs: Sequence[float], ys: Sequence[float], label: str) -> None:
    """Rings around the points that stand out."""
    axes.scatter(xs, ys, s=46, facecolors="none", edgecolors=INK, linewidths=1.1, label=label)


def cells(
    axes: "Axes",
    groups: Mapping[str, Sequence[Cell]],
    size: tuple[float, float],
    rest: frozenset[str] = frozenset(),
) -> None:
    """Squares of people, the fuller the denser; groups by colour, over one another."""
    from matplotlib.patches import Patch, Rectangle

    of = colours(list(groups), rest)
    most = max((count for held in groups.values() for _, _, count in held), default=1)
    handles: list[Artist] = []
    for name, held in groups.items():
        for left, bottom, count in held:
            opacity = 0.2 + 0.65 * count / most
            axes.add_patch(
                Rectangle((left, bottom), *size, facecolor=of[name], alpha=opacity, linewidth=0)
            )
        handles.append(Patch(facecolor=of[name], label=name))
    axes.autoscale_view()
    if len(groups) > 1:
        legend_below(axes, handles)


def ellipse(
    axes: "Axes",
    name: str,
    names: Sequence[str],
    x: tuple[float, float],
    y: tuple[float, float],
) -> None:
    """A ring around a group's middle, in its colour; `x` and `y` are middle and reach."""
    from matplotlib.patches import Ellipse

    axes.add_patch(
        Ellipse(
            (x[0], y[0]),
            2 * x[1],
            2 * y[1],
            fill=False,
            edgecolor=colours(list(names), frozenset({"other values", "not known"}))[name],
            linewidth=1.4,
        )
    )
    axes.autoscale_view()


def stacked(
    axes: "Axes", rows: Sequence[str], parts: Mapping[str, Sequence[float]], unit: str
) -> None:
    """Horizontal bars of parts of a hundred, one row per name from the top."""
    from matplotlib.patches import Patch

    of = dict(zip(parts, (PALETTE[0], PALETTE[5], PALETTE[4], REST), strict=False))
    left = [0.0] * len(rows)
    places = list(range(len(rows)))[::-1]
    for name, values in parts.items():
        axes.barh(places, values, left=left, color=of[name], height=0.72)
        left = [start + value for start, value in zip(left, values, strict=True)]
    axes.set_yticks(places, rows)
    axes.set_xlim(0, 100)
    axes.set_xlabel(unit)
    axes.grid(axis="y", visible=False)
    handles: list[Artist] = [Patch(facecolor=of[name], label=name) for name in parts]
    legend_below(axes, handles)


def dots(axes: "Axes", rows: Sequence[str], values: Sequence[float | None], unit: str) -> None:
    """A dot per row, from the top; rows without a value have none."""
    places = list(range(len(rows)))[::-1]
    known = [(value, at) for value, at in zip(values, places, strict=True) if value is not None]
    axes.plot([value for value, _ in known], [at for _, at in known], "o", color=PALETTE[0])
    axes.set_yticks(places, rows)
    axes.set_ylim(-0.6, len(rows) - 0.4)
    axes.set_xlabel(unit)
    axes.margins(x=0.12)
    axes.locator_params(axis="x", nbins=5)


def reference(axes: "Axes", x: float, y: float, text: str, is_below: bool = False) -> None:
    """A cross with words where theory expects something."""
    axes.plot([x], [y], "+", color=INK, markersize=9, markeredgewidth=1.4)
    at = (5, -12 if is_below else 4)
    axes.annotate(text, (x, y), at, textcoords="offset points", color=INK, fontsize=9)


def legend_below(axes: "Axes", handles: "Sequence[Artist] | None" = None) -> None:
    """The legend under the axes, where it covers nothing; long names are cut."""
    figure = axes.get_figure()
    assert figure is not None
    given = axes.get_legend_handles_labels()[0] if handles is None else handles
    names = [str(handle.get_label()) for handle in given]
    columns = _legend_columns(names)
    figure.legend(
        handles=given,
        labels=[shortened(name, _LINE_CHARACTERS // columns - _MARK_CHARACTERS) for name in names],
        loc="outside lower left",
        ncols=columns,
        handletextpad=0.4,
        columnspacing=1.2,
        fontsize=9.5 if columns < 3 or len(names) < 4 else 8.5,
    )


def _legend_columns(names: Sequence[str]) -> int:
    """As many as three entries side by side, where their names leave room."""
    wanted = len(names) if len(names) < 4 else 2 if len(names) <= 8 else 3
    longest = max(map(len, names), default=0) + _MARK_CHARACTERS
    return max(1, min(wanted, _LINE_CHARACTERS // longest))


def legend_inches(names: Sequence[str]) -> float:
    """How high the legend under a picture is: what its figure is to have more."""
    return 0.19 * -(-len(names) // _legend_columns(names)) if len(names) > 1 else 0.0


def shortened(name: str, most: int) -> str:
    """A name cut to as many characters, for a picture; the table beside it has it whole.

    >>> shortened("Yoruba in Ibadan", 7)
    'Yoruba…'
    """
    return name if len(name) <= most else name[: most - 1] + "…"


def _thousands(axes: "Axes", axis: str) -> None:
    from matplotlib.ticker import FuncFormatter, NullFormatter

    one = axes.xaxis if axis == "x" else axes.yaxis
    one.set_major_formatter(FuncFormatter(lambda value, _: _figure(value)))
    one.set_minor_formatter(NullFormatter())


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 10 or value == round(value) else f"{value:.3g}"
