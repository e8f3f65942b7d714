"""What was measured, as plain values that go to JSON and come back."""

import json
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any, Literal

from measure import Run

OURS = "allelake"
# What a row compares, and the unit of its bound: seconds against a peer, seconds, bytes, memory.
Kind = Literal["time", "milliseconds", "bytes", "memory"]


@dataclass
class Program:
    """One program's part in a row; seconds are of each run, in the order they were made."""

    name: str
    how: str
    wall_seconds: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    peak_mib: float | None = None
    bytes_written: int | None = None
    # What its answer was compared in, or None where there was nothing to compare.
    answer: str | None = None
    # Why it has no figures: not installed, failed, or its answer differs.
    missing: str | None = None

    def add(self, runs: list[Run]) -> None:
        self.wall_seconds += [run.wall_seconds for run in runs]
        self.cpu_seconds += [run.cpu_seconds for run in runs]

    @property
    def seconds(self) -> float | None:
        """The median."""
        return median(self.wall_seconds) if self.wall_seconds else None

    @property
    def cpu(self) -> float:
        """The median of its CPU seconds."""
        return median(self.cpu_seconds)


@dataclass(frozen=True)
class Spread:
    """Ours divided by a peer's: of the medians, and of runs side by side the least and most."""

    middle: float
    least: float
    most: float


@dataclass
class Row:
    """One question of the benchmark; the first program is allelake."""

    key: str
    group: str
    question: str
    kind: Kind
    programs: list[Program]
    # What it must not exceed: a ratio to `against`, or milliseconds or MiB of our own.
    bound: float | None = None
    against: str | None = None
    note: str = ""

    @property
    def ours(self) -> Program:
        return self.programs[0]

    def spread(self, peer: Program) -> Spread | None:
        """Our time or bytes, divided by the peer's."""
        if self.kind == "bytes":
            if not self.ours.bytes_written or not peer.bytes_written:
                return None
            ratio = self.ours.bytes_written / peer.bytes_written
            return Spread(ratio, ratio, ratio)
        if not self.ours.wall_seconds or not peer.wall_seconds:
            return None
        pairs = zip(self.ours.wall_seconds, peer.wall_seconds, strict=False)
        ratios = [ours / theirs for ours, theirs in pairs]
        middle = median(self.ours.wall_seconds) / median(peer.wall_seconds)
        return Spread(middle, min(*ratios, middle), max(*ratios, middle))

    def reached(self) -> float | None:
        """The figure that the bound is about."""
        if self.against is not None:
            peers = [program for program in self.programs[1:] if program.name == self.against]
            spread = self.spread(peers[0]) if peers else None
            return spread.middle if spread else None
        if self.kind == "memory":
            return self.ours.peak_mib
        seconds = self.ours.seconds
        return None if seconds is None else 1000 * seconds


@dataclass
class Growth:
    """How figures grow with people or sites: a list for each measure, as long as `sizes`."""

    key: str
    what: str
    sizes: list[int]
    # What stays the same: people where sites grow, sites where people do.
    other: int = 0
    measures: dict[str, list[float]] = field(default_factory=dict)

    def factors(self, measure: str) -> list[float]:
        """Each figure divided by the one of half the size."""
        values = self.measures[measure]
        return [later / earlier for earlier, later in pairwise(values)]


@dataclass
class Results:
    """All of a benchmark, with what it ran on."""

    machine: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    growth: list[Growth] = field(default_factory=list)

    def put(self, row: Row) -> None:
        """Adds a row, in the place of an older one of its key."""
        self.rows = [old for old in self.rows if old.key != row.key] + [row]

    def put_growth(self, growth: Growth) -> None:
        self.growth = [old for old in self.growth if old.key != growth.key] + [growth]

    def row(self, key: str) -> Row | None:
        return next((row for row in self.rows if row.key == key), None)

    def grown(self, key: str) -> Growth | None:
        return next((growth for growth in self.growth if growth.key == key), None)

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=1) + "\n")


def read_results(path: Path) -> Results:
    """What `Results.write` wrote."""
    told: dict[str, Any] = json.loads(path.read_text())
    rows = [
        Row(**{**row, "programs": [Program(**program) for program in row["programs"]]})
        for row in told["rows"]
    ]
    growth = [Growth(**one) for one in told["growth"]]
    return Results(told["machine"], told["versions"], told["data"], rows, growth)
