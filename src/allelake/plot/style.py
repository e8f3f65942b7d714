"""How every picture looks, and pictures as SVG whose colours follow the page they stand in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's colours, darkened where they would be pale on white; grey is for all the rest.
PALETTE = ("#0072b2", "#d55e00", "#009e73", "#c4609a", "#c98a00", "#3a9fd6", "#8b6f47", "#5b5fc7")
REST = "#7a7a7a"
INK, MUTED, GRID = "#1b1f24", "#5c6670", "#d9dee3"
# Form says again what colour says, for those who print in grey.
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "h")

# A figure is as wide as a telephone's screen in CSS pixels, so that its letters stay as they are.
WIDTH_INCHES = 4.5
_RC = {
    "font.size": 10.0,
    "axes.titlesize": 10.0,
    "axes.labelsize": 10.0,
    "xtick.labelsize": 9.5,
    "ytick.labelsize": 9.5,
    "legend.fontsize": 9.5,
    "font.family": "sans-serif",
    "svg.fonttype": "none",
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "axes.titlelocation": "left",
    "legend.frameon": False,
    "lines.linewidth": 1.6,
    "lines.markersize": 5.0,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "patch.linewidth": 0.0,
}
# What a page puts in the place of each colour: its own variables.
_VARIABLES = {colour: f"var(--c{n})" for n, colour in enumerate(PALETTE, 1)} | {
    REST: "var(--rest)",
    INK: "var(--ink)",
    MUTED: "var(--muted)",
    GRID: "var(--grid)",
}


@contextmanager
def drawing(salt: str = "allelake") -> Iterator[None]:
    """Inside the block matplotlib draws in this style; `salt` makes the ids of an SVG its own."""
    import matplotlib

    settings: dict[Any, Any] = {**_RC, "svg.hashsalt": salt}
    with matplotlib.rc_context(settings):
        yield


def new_figure(height: float, rows: int = 1) -> "tuple[Figure, list[Axes]]":
    """A figure of one column, `height` inches high, and its axes from the top. Without pyplot."""
    from allelake.plot.figure import Drawn

    figure = Drawn(figsize=(WIDTH_INCHES, height), layout="constrained")
    axes = figure.subplots(rows, 1, squeeze=False)
    return figure, [each[0] for each in axes]


def svg_of(figure: "Figure", name: str, alt: str) -> str:
    """The figure as an SVG element to stand in a page, its ids beginning with `name`.

    It names no address, carries no date, and its colours are the page's CSS variables. `alt` says
    in words what is seen.
    """
    text = StringIO()
    nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
    figure.savefig(text, format="svg", metadata=nothing)
    svg = text.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r' xmlns(:xlink)?="[^"]*"', "", svg).replace("xlink:href", "href")
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r'href="#', f'href="#{name}-', svg)
    svg = svg.replace("url(#", f"url(#{name}-")
    svg = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font: \1px var(--sans)", svg)
    for colour, variable in _VARIABLES.items():
        svg = svg.replace(colour, variable)
    # The size is the page's to say: the viewBox keeps the proportions.
    head = re.sub(r' (width|height)="[^"]*"', "", svg[: svg.index(">")])
    label = alt.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    head = head.replace("<svg", f'<svg role="img" aria-label="{label}"', 1)
    body = re.sub(r"\n\s*", "\n", svg[svg.index(">") :])
    return head + body.strip()


def colours(names: list[str], rest: frozenset[str] = frozenset()) -> dict[str, str]:
    """A colour for each name, grey for those in `rest`; after eight they begin anew."""
    named = [name for name in names if name not in rest]
    found = {name: PALETTE[n % len(PALETTE)] for n, name in enumerate(named)}
    return {name: found.get(name, REST) for name in names}
