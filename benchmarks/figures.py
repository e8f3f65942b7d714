"""Draws rows as bars and growth as lines: small SVG files that are legible on light and on dark."""

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


def lines(growth: Growth) -> str:
    """Each measure divided by its first figure, both axes in doublings; dashed: twice for twice."""
    measures = {
        name: values
        for name, values in growth.measures.items()
        if values[0] > 0 and name.startswith(DRAWN)
    }
    top, bottom, left, right = 20, 290, 60, 400
    steps = len(growth.sizes) - 1
    ratios = [[v / values[0] for v in values] for values in measures.values()]
    most = max(steps, *(log2(max(ratio)) for ratio in ratios))
    least = min(0.0, *(log2(min(ratio)) for ratio in ratios))

    def across(place: float) -> float:
        return left + (right - left) * place / steps

    def up(doublings: float) -> float:
        return bottom - (bottom - top) * (doublings - least) / (most - least)

    drawn = [
        f'<line class="axis" x1="{left}" y1="{bottom}" x2="{right}" y2="{bottom}"/>',
        f'<line class="ideal" x1="{across(0):.0f}" y1="{up(0):.1f}" '
        f'x2="{across(steps):.0f}" y2="{up(steps):.1f}"/>',
    ]
    for place, size in enumerate(growth.sizes):
        drawn.append(
            f'<text class="small" x="{across(place):.0f}" y="{bottom + 18}" '
            f'text-anchor="middle">{size:,}</text>'
        )
    for doublings in range(int(least), int(most) + 1):
        drawn.append(
            f'<text class="small" x="{left - 8}" y="{up(doublings) + 4:.1f}" '
            f'text-anchor="end">{2**doublings:g}x</text>'
        )
    for number, (name, ratio) in enumerate(zip(measures, ratios, strict=True)):
        colour = COLOURS[number % len(COLOURS)]
        points = " ".join(f"{across(p):.1f},{up(log2(r)):.1f}" for p, r in enumerate(ratio))
        drawn.append(f'<polyline class="line" stroke="{colour}" points="{points}"/>')
        place = top + 10 + 22 * number
        drawn.append(
            f'<rect fill="{colour}" x="{right + 40}" y="{place - 9}" width="16" height="4"/>'
            f'<text x="{right + 64}" y="{place}">{escape(name)}</text>'
        )
    return framed(f"growth with {growth.what}", bottom + 30, drawn)
