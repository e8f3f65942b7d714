"""Small VCFs with every kind of genotype, made at random from a printed seed."""

import random
from collections.abc import Sequence

KINDS = [
    "0/0",
    "0/1",
    "1/1",
    "0/2",
    "1/2",
    "2/2",
    "0/3",
    "1/3",
    "3/3",
    "./.",
    "./0",
    "./1",
    "0",
    "1",
    "2",
    "3",
    ".",
    "0|1",
    "1|0",
    "1|2",
    ".|1",
    "0|0",
    ".|.",
    "1/.",
    "0/.",
]
BIALLELIC = [kind for kind in KINDS if not set(kind) & {"2", "3"}]


def random_records(
    rng: random.Random, samples: int, records: int, *, with_fields: bool = True
) -> list[str]:
    """Records on chr1 and chrX, sorted, no two variants alike.

    Some records are nearly all reference, some nearly all not; on X a third of the samples is
    mostly haploid. ALT 3 is `*` or `<NON_REF>`.
    """
    made = []
    for contig in ("chr1", "chrX"):
        position = 900 if contig == "chrX" else 1
        for _ in range(records):
            position += rng.randint(1, 40)
            made.append(_record(rng, contig, position, samples, with_fields))
    return made


def _record(rng: random.Random, contig: str, position: int, samples: int, with_fields: bool) -> str:
    ref = rng.choice(["A", "C", "AT", "CAA", "GTTT"])
    alts = _alts(rng, ref)
    kinds = KINDS if len(alts) == 3 else BIALLELIC
    odd = rng.choice([0.02, 0.02, 0.3, 0.9])
    weights = [rng.random() ** 3 for _ in kinds]
    keys = ["GT"]
    if with_fields:
        keys += [key for key in ("DP", "GQ", "AD") if rng.random() < 0.93]
    bad = rng.choice([0.0, 0.02, 0.3, 1.0])
    cells = []
    for sample in range(samples):
        one = contig == "chrX" and position > 1_000 and sample % 3 == 0
        kind = "0" if one else rng.choice(["0/0", "0|0"])
        if rng.random() < odd:
            kind = rng.choices(kinds, weights)[0]
        values = {"GT": kind, **_values(rng, len(alts), rng.random() < bad)}
        cells.append(":".join(values[key] for key in keys))
    return " ".join(
        [contig, str(position), ".", ref, ",".join(alts), ".", ".", ".", ":".join(keys), *cells]
    )


def _alts(rng: random.Random, ref: str) -> list[str]:
    if rng.random() < 0.6:
        return [{"A": "G", "C": "T"}.get(ref, ref[0])]
    # No spelling of one is another's, whatever is trimmed.
    return [ref + "GC", ref[0] + "CCCC" + ref[1:], rng.choice(["*", "<NON_REF>"])]


def _values(rng: random.Random, alts: int, is_bad: bool) -> dict[str, str]:
    if not is_bad:
        dp = rng.randint(25, 40)
        depths: Sequence[object] = [dp // 2] * (alts + 1)
        return {"DP": str(dp), "GQ": str(rng.randint(20, 99)), "AD": ",".join(map(str, depths))}
    depths = [rng.choice([".", 0, 1, 2, 3, 4, 8]) for _ in range(alts + 1)]
    return {
        "DP": str(rng.choice([".", 0, 4, 5, 9, 10, 11, 20])),
        "GQ": str(rng.choice([".", 0, 19, 20, 21])),
        "AD": rng.choice([".", ",".join(map(str, depths))]),
    }
