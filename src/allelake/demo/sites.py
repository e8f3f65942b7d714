"""Where the demo's variants lie, what they change, and how common each is in each population."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from allelake.demo.people import DRIFT, POPULATION_SHARES

# GRCh38 lengths and pseudoautosomal boundaries, as the assembly's report gives them.
CONTIG_LENGTHS = {"chr21": 46_709_983, "chr22": 50_818_468, "chrX": 156_040_895}
X_OUTSIDE_PAR = (2_781_480, 155_701_382)

STAR = "*"
DELETION = "<DEL>"


@dataclass(frozen=True)
class Window:
    """A stretch of a contig (1-based, inclusive) that gets `share` of all variants."""

    contig: str
    start_position: int
    end_position: int
    share: float


# Both edges of the stretch of X outside PAR are inside a window, so that every ploidy rule shows.
WINDOWS = (
    Window("chr21", 30_000_001, 31_000_000, 0.35),
    Window("chr22", 20_000_001, 21_000_000, 0.35),
    Window("chrX", 2_500_001, 3_100_000, 0.22),
    Window("chrX", 155_600_001, 155_800_000, 0.08),
)

# Every fifth deletion of at least this many bases has an SNV inside, where its carriers show `*`.
SHORTEST_SPANNING_DELETION = 3

# The variant that the documentation follows: a founder allele of the island population.
FOUNDER_POSITION = 20_500_000
FOUNDER_FREQUENCY = {"north": 0.0, "south": 0.004, "island": 0.09}
FOUNDER_ID = "sim22_founder"


@dataclass
class Site:
    """One record to come: its alleles, and each ALT's frequency in each population."""

    position: int
    ref: str
    alts: list[str]
    frequencies: list[dict[str, float]]
    id: str = "."
    end_position: int | None = None
    deletes: range = field(default_factory=lambda: range(0))


def draw_frequencies(count: int, people: int, rng: np.random.Generator) -> list[dict[str, float]]:
    """How common each of `count` alleles is in each population of a cohort of `people`.

    Half are old, and drifted from one ancestral frequency; half are young, and sit on a few
    chromosomes of one population: together near a third is seen once and a tenth above 0.05.
    """
    names = list(DRIFT)
    frequencies = []
    for ancestral in draw_ancestral_frequencies(count, rng).tolist():
        if rng.random() < 0.5:
            frequencies.append(drift_apart(ancestral, rng))
        else:
            home = names[rng.integers(len(names))]
            copies = min(rng.zipf(2.0), 20)
            share = POPULATION_SHARES[home]
            frequencies.append(dict.fromkeys(names, 0.0) | {home: copies / (2 * people * share)})
    return frequencies


def draw_ancestral_frequencies(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Frequencies with density proportional to x^-1.3: mostly rare, as in a population that grew.

    A population of constant size would give 1/x.
    """
    rarest, commonest, power = 2.5e-4, 0.95, -0.3
    low, high = rarest**power, commonest**power
    return np.asarray((low - rng.random(count) * (low - high)) ** (1 / power))


def drift_apart(ancestral: float, rng: np.random.Generator) -> dict[str, float]:
    """One allele's frequency in each population: a beta around the ancestral one."""
    frequencies = {}
    for population, drift in DRIFT.items():
        scale = (1 - drift) / drift
        frequencies[population] = float(rng.beta(ancestral * scale, (1 - ancestral) * scale))
    return frequencies


def draw_sites(window: Window, count: int, people: int, rng: np.random.Generator) -> list[Site]:
    """Up to `count` sites of a window in order of position, no two at one position."""
    length_bp = window.end_position - window.start_position + 1
    bases = rng.choice(np.frombuffer(b"ACGT", dtype=np.uint8), size=length_bp).tobytes().decode()
    offsets = np.unique(rng.integers(1, length_bp - 4_000, size=count))
    sites = []
    for offset in offsets.tolist():
        site = draw_site(bases, offset, window.start_position + offset, rng)
        site.frequencies = draw_frequencies(len(site.alts), people, rng)
        sites.append(site)
        if len(site.deletes) >= SHORTEST_SPANNING_DELETION and rng.random() < 0.2:
            inside = Site(site.position + 2, site.ref[2], [substitute(site.ref[2], rng)], [])
            inside.frequencies = draw_frequencies(1, people, rng)
            sites.append(inside)
    sites = list({site.position: site for site in sites}.values())
    sites.sort(key=lambda site: site.position)
    add_founder_allele(sites, window)
    return leave_snvs_inside_deletions(sites)


def draw_site(bases: str, offset: int, position: int, rng: np.random.Generator) -> Site:
    """One site's alleles: 84% SNVs, 15% indels, a few deletions of kilobases; 3% have two ALTs."""
    kind = rng.random()
    if kind < 0.84:
        alts = [substitute(bases[offset], rng)]
        if rng.random() < 0.03:
            alts.append(next(base for base in "ACGT" if base not in (bases[offset], *alts)))
        return Site(position, bases[offset], alts, [])
    if kind < 0.92:
        return draw_insertion(bases[offset], position, rng)
    if kind < 0.999:
        return draw_deletion(bases, offset, position, rng)
    length_bp = int(rng.integers(300, 3_000))
    return Site(position, bases[offset], [DELETION], [], end_position=position + length_bp)


def substitute(ref: str, rng: np.random.Generator) -> str:
    """The base an SNV puts in place of `ref`: two transitions for each transversion."""
    transition = {"A": "G", "G": "A", "C": "T", "T": "C"}[ref]
    if rng.random() < 2 / 3:
        return transition
    return str(rng.choice([base for base in "ACGT" if base not in (ref, transition)]))


def draw_insertion(anchor: str, position: int, rng: np.random.Generator) -> Site:
    """An insertion after `anchor`, or two of them.

    Its last base differs from the anchor, so that it cannot be shifted left: it is normalised.
    """
    alts: list[str] = []
    for _ in range(2 if rng.random() < 0.03 else 1):
        body = "".join(rng.choice(list("ACGT"), size=min(int(rng.geometric(0.4)), 12)))
        last = str(rng.choice([base for base in "ACGT" if base != anchor]))
        if anchor + body[:-1] + last not in alts:
            alts.append(anchor + body[:-1] + last)
    return Site(position, anchor, alts, [])


def draw_deletion(bases: str, offset: int, position: int, rng: np.random.Generator) -> Site:
    """A deletion of 1 to 30 bases that cannot be shifted left."""
    length_bp = min(int(rng.geometric(0.25)), 30)
    while bases[offset + length_bp] == bases[offset]:
        length_bp += 1
    ref = bases[offset : offset + length_bp + 1]
    return Site(position, ref, [ref[0]], [], deletes=range(position + 1, position + len(ref)))


def add_founder_allele(sites: list[Site], window: Window) -> None:
    """Puts the documentation's founder allele among the sites if its position is in the window."""
    if window.contig != "chr22" or not window.start_position <= FOUNDER_POSITION:
        return
    sites[:] = [site for site in sites if abs(site.position - FOUNDER_POSITION) > 40]
    sites.append(Site(FOUNDER_POSITION, "C", ["T"], [dict(FOUNDER_FREQUENCY)], id=FOUNDER_ID))
    sites.sort(key=lambda site: site.position)


def leave_snvs_inside_deletions(sites: list[Site]) -> list[Site]:
    """The sites without those indels that begin inside a deletion: two records would conflict."""
    kept: list[Site] = []
    deleted_to = 0
    for site in sites:
        is_inside = site.position <= deleted_to
        if is_inside and (len(site.ref) > 1 or any(len(alt) > 1 for alt in site.alts)):
            continue
        if site.deletes:
            deleted_to = max(deleted_to, site.deletes.stop - 1)
        kept.append(site)
    return kept
