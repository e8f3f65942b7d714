"""A call set with every kind of genotype, in every zone, with every quality: one person of a kind.

The ALTs of each record are G, T and `*`, so that each kind is seen as what it is from G, and as
something else from T.
"""

from itertools import product

from make_vcf import vcf
from reference import Sex

KINDS = (
    "0/0 0/1 1/1 0/2 1/2 2/2 0/* 1/* */* ./. ./0 ./1 0 1 2 * . 0|1 1|0".split()  # noqa: SIM905
)
SEXES: tuple[Sex, ...] = ("XX", "XY", None)

# GQ:DP:AD of G, T and *: passes always; only as haploid; never; a het of G fails on balance alone
QUALITIES = {
    "good": "30:20:8,6,6,0",
    "shallow": "30:7:3,2,2,0",
    "doubtful": "19:20:8,6,6,0",
    "unbalanced": "30:20:11,1,8,0",
    "no_depths": "30:20:.",
}

POSITIONS = {
    "autosome": ("chr1", 1_000),
    "x": ("chrX", 50_000_000),
    "x_par": ("chrX", 1_000_000),
    "y": ("chrY", 20_000_000),
    "y_par": ("chrY", 1_000_000),
    "mt": ("chrM", 100),
}


def written(kind: str) -> str:
    """The GT of a kind: `*` is the third ALT."""
    return kind.replace("*", "3")


def people(copies: int) -> list[tuple[str, str, Sex]]:
    """Name, kind and sex of everyone: each kind in each sex, so often."""
    combinations = product(range(copies), enumerate(KINDS), SEXES)
    return [(f"k{number}_{sex}_{copy}", kind, sex) for copy, (number, kind), sex in combinations]


def call_set(copies: int, has_details: bool = True) -> str:
    """One VCF: in each zone a record of each quality, and one where qualities alternate.

    Without details there are the genotypes alone.
    """
    everyone = people(copies)
    rows = []
    names = ["GT", "GQ", "DP", "AD"] if has_details else ["GT"]
    for contig, position in POSITIONS.values():
        for step, quality in enumerate([*QUALITIES, "mixed"]):
            columns = [
                f"{written(kind)}:{quality_of(quality, number)}" if has_details else written(kind)
                for number, (_, kind, _) in enumerate(everyone)
            ]
            at = f"{contig} {position + 10 * step} A G,T,* PASS {':'.join(names)}"
            rows.append(f"{at} {' '.join(columns)}")
    rows.sort(key=lambda text: (list("1XYM").index(text[3]), int(text.split()[1])))
    return vcf([name for name, _, _ in everyone], *rows, fields=names)


def quality_of(quality: str, number: int) -> str:
    if quality == "mixed":
        quality = list(QUALITIES)[number % len(QUALITIES)]
    return QUALITIES[quality]


def filler(count: int) -> str:
    """A call set whose people only take up sample numbers: the next one starts inside a block."""
    names = [f"filler{n}" for n in range(count)]
    return vcf(names, f"chr1 500 C T PASS GT {' '.join(['0/0'] * count)}")
