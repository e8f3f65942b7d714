"""Draws rows as bars and growth as lines: small SVG files that are legible on light and on dark."""

from dataclasses import dataclass
from html import escape
from math import log2

from results import Growth, Program, Row

WIDTH, LEFT, RIGHT = 720, 170, 150
BAR, GAP, TOP = 18, 10, 12
STYLE = """<style>
text { font-family: system-ui, "Segoe UI", "DejaVu Sans", sans-serif; font-size: 13px;
  fill: #24292f; }
.small { font-size: 11px; fill: #57606a; }
.ours { fill: #0a7ea4; stroke: none; } .peer { fill: #afb8c1; stroke: none; }
.line { fill: none; stroke-width: 2; } .axis { stroke: #afb8c1; stroke-width: 1; }
.ideal { stroke: #afb8c1; stroke-width: 1; stroke-dasharray: 4 4; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; } .small { fill: #9da7b1; }
  .ours { fill: #4cc2e8; } .peer { fill: #57606a; } .axis, .ideal { stroke: #57606a; }
}
</style>"""
# Measures that a figure has room for begin so.
DRAWN = ("seconds", "bytes", "peak", "ms")
# Told apart by hue and by lightness; they stand on white and on black.
COLOURS = ("#0a7ea4", "#d1742f", "#6f55c9", "#3f9142", "#c2408a", "#8a7a1f", "#5b7083")


def bars(row: Row) -> str | None:
    """Wall seconds (or bytes) of each program, the shortest the best; None for less than two."""
    found = [(program, value(row, program)) for program in row.programs]
    shown = [(program, number) for program, number in found if number]
    if len(shown) < 2:
        return None
    longest = max(number for _, number in shown)
    height = 2 * TOP + len(shown) * (BAR + GAP) - GAP
    drawn = []
    for place, (program, number) in enumerate(shown):
        top = TOP + place * (BAR + GAP)
        length = max(2.0, (WIDTH - LEFT - RIGHT) * number / longest)
        sort = "ours" if program is row.ours else "peer"
        drawn.append(
            f'<text x="{LEFT - 8}" y="{top + 14}" text-anchor="end">'
            f"{escape(program.name)}</text>"
            f'<rect class="{sort}" x="{LEFT}" y="{top}" width="{length:.1f}" height="{BAR}"/>'
            f'<text x="{LEFT + length + 6:.1f}" y="{top + 14}">{label(row, number)}</text>'
        )
    return framed(row.question, height, drawn)


def value(row: Row, program: Program) -> float | None:
    return program.bytes_written if row.kind == "bytes" else program.seconds


def label(row: Row, number: float) -> str:
    if row.kind == "bytes":
        return f"{number / 1e6:.1f} MB"
    return f"{1000 * number:.0f} ms" if number < 1 else f"{number:.1f} s"


def framed(title: str, height: int, drawn: list[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img"><title>{escape(title)}</title>'
        + "\n".join([STYLE, *drawn])
        + "\n</svg>\n"
    )


@dataclass(frozen=True)
class Plane:
    """Where a place along the sizes, and a number of doublings, lie in a figure."""

    steps: int
    least: float
    most: float
    top: int = 20
    bottom: int = 290
    left: int = 60
    right: int = 400

    def across(self, place: float) -> float:
        return self.left + (self.right - self.left) * place / self.steps

    def up(self, doublings: float) -> float:
        part = (doublings - self.least) / (self.most - self.least)
        return self.bottom - (self.bottom - self.top) * part


def lines(growth: Growth) -> str:
    """Each measure divided by its first figure, both axes in doublings; dashed: twice for twice."""
    ratios = {
        name: [value / values[0] for value in values]
        for name, values in growth.measures.items()
        if values[0] > 0 and name.startswith(DRAWN)
    }
    steps = len(growth.sizes) - 1
    every = [ratio for each in ratios.values() for ratio in each]
    plane = Plane(steps, min(0.0, log2(min(every))), max(steps, log2(max(every))))
    drawn = axes(plane, growth.sizes)
    for number, (name, ratio) in enumerate(ratios.items()):
        colour = COLOURS[number % len(COLOURS)]
        points = " ".join(
            f"{plane.across(place):.1f},{plane.up(log2(r)):.1f}" for place, r in enumerate(ratio)
        )
        at, right = plane.top + 10 + 22 * number, plane.right
        drawn.append(
            f'<polyline class="line" stroke="{colour}" points="{points}"/>'
            f'<rect fill="{colour}" x="{right + 40}" y="{at - 9}" width="16" height="4"/>'
            f'<text x="{right + 64}" y="{at}">{escape(name)}</text>'
        )
    return framed(f"growth with {growth.what}", plane.bottom + 30, drawn)


def axes(plane: Plane, sizes: list[int]) -> list[str]:
    """The axis of sizes, the doublings beside it, and the line of twice for twice."""
    end = plane.steps
    drawn = [
        f'<line class="axis" x1="{plane.left}" y1="{plane.bottom}" '
        f'x2="{plane.right}" y2="{plane.bottom}"/>',
        f'<line class="ideal" x1="{plane.across(0):.0f}" y1="{plane.up(0):.1f}" '
        f'x2="{plane.across(end):.0f}" y2="{plane.up(end):.1f}"/>',
    ]
    drawn += [
        f'<text class="small" x="{plane.across(place):.0f}" y="{plane.bottom + 18}" '
        f'text-anchor="middle">{size:,}</text>'
        for place, size in enumerate(sizes)
    ]
    drawn += [
        f'<text class="small" x="{plane.left - 8}" y="{plane.up(doublings) + 4:.1f}" '
        f'text-anchor="end">{2**doublings:g}x</text>'
        for doublings in range(int(plane.least), int(plane.most) + 1)
    ]
    return drawn
