"""Small random cohorts as VCF text: several batches, awkward genotypes, all from one seed.

Equal seeds give equal text. Sites come from one pool, so that batches overlap at some variants,
have others alone, and write the same variant with other padding and among other ALTs.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from make_vcf import header
from reference import NEVER_A_VARIANT, PAR, Sex, is_a_variant, is_symbolic, minimal_alleles, zone_at

POPULATIONS = ("CHS", "GBR", "YRI", None)
FILTERS = ("q10", "s50")


@dataclass(frozen=True)
class RandomBatch:
    """The VCF texts of one call set, in the order in which they would be given."""

    texts: tuple[str, ...]
    samples: tuple[str, ...]
    absent: Literal["unknown", "reference"] = "unknown"


@dataclass(frozen=True)
class RandomCohort:
    seed: int
    assembly: str
    batches: tuple[RandomBatch, ...]
    sexes: Mapping[str, Sex]
    populations: Mapping[str, str | None]


@dataclass(frozen=True)
class Shape:
    """How large and how awkward a cohort is; each number is an upper bound."""

    batches: int = 3
    samples: int = 8
    fewest_samples: int = 1
    sites: int = 25
    with_alike_duplicates: bool = True
    with_files_split: bool = True
    with_unnamed_alleles: bool = True
    with_mixed_ploidy: bool = True
    with_reference_sites: bool = True
    assembly: str | None = None


@dataclass(frozen=True)
class Site:
    contig: str
    position: int
    ref: str
    alts: tuple[str, ...]
    info: str
    weights: tuple[float, ...]  # how often each ALT is drawn, the first entry for REF
    missing: float
    filters: str = "."


@dataclass
class Style:
    """How one batch writes its genotypes."""

    fields: tuple[str, ...]
    phased: float
    half_calls: float
    haploid: Literal["haploid", "diploid", "mixed"]
    low_quality: float
    field_missing: float
    float_quality: bool
    samples: tuple[str, ...] = ()
    sexes: Mapping[str, Sex] = field(default_factory=dict)


def base_at(contig: str, position: int) -> str:
    """The reference base of a made-up genome, the same in every batch."""
    return "ACGT"[(hash_of(contig) * 31 + position * 7 + position // 3) % 4]


def hash_of(text: str) -> int:
    return sum(ord(letter) * (n + 3) for n, letter in enumerate(text))


def bases(contig: str, position: int, count: int) -> str:
    return "".join(base_at(contig, position + n) for n in range(count))


def random_cohort(seed: int, shape: Shape | None = None) -> RandomCohort:
    """A cohort of this seed and shape."""
    rng = random.Random(seed)
    shape = shape or Shape()
    assembly = shape.assembly or rng.choice(("GRCh38", "GRCh37"))
    pool = random_sites(rng, assembly, shape)
    batch_total = rng.randint(1, shape.batches)
    names: list[list[str]] = [[] for _ in range(batch_total)]
    for batch, group in enumerate(names):
        group += [f"b{batch}s{n}" for n in range(rng.randint(shape.fewest_samples, shape.samples))]
        rng.shuffle(group)
    everyone = [name for group in names for name in group]
    sexes = {name: rng.choice(("XX", "XY", "XX", "XY", None)) for name in everyone}
    populations = {name: rng.choice(POPULATIONS) for name in everyone}
    batches = tuple(random_batch(rng, assembly, pool, group, sexes, shape) for group in names)
    if shape.batches > 1 and rng.random() < 0.2:
        batches += (sites_only_batch(rng, assembly, pool),)
    return RandomCohort(seed, assembly, batches, sexes, populations)


# --- sites ----------------------------------------------------------------------------------------


def contigs_of(assembly: str) -> tuple[str, ...]:
    names = ("1", "22", "X", "Y", "MT")
    if assembly == "GRCh37":
        return names
    return tuple("chrM" if name == "MT" else f"chr{name}" for name in names)


def random_position(rng: random.Random, assembly: str, contig: str) -> int:
    """A position close to others: around the ends of PAR, the end of a bin, and elsewhere."""
    if contig in ("MT", "chrM"):
        return rng.randint(10, 300)
    ends = [end for stretch in PAR[assembly].get(contig, ()) for end in stretch]
    if ends:
        return rng.choice([*ends, 20_000_000]) + rng.randint(-2, 2)
    return rng.choice((1_000, 16_384, 16_384 * 2, 5_000_000)) + rng.randint(-20, 20)


def random_sites(rng: random.Random, assembly: str, shape: Shape) -> list[Site]:
    count, unnamed = rng.randint(3, shape.sites), shape.with_unnamed_alleles
    contigs = contigs_of(assembly)
    return [random_site(rng, assembly, rng.choice(contigs), unnamed) for _ in range(count)]


def random_site(rng: random.Random, assembly: str, contig: str, with_unnamed: bool) -> Site:
    position = random_position(rng, assembly, contig)
    ref = bases(contig, position, rng.choice((1, 1, 1, 2, 3, 4)))
    alts: list[str] = []
    info: list[str] = []
    for _ in range(rng.choice((1, 1, 1, 2, 3, 4))):
        alt = random_alt(rng, ref)
        if not with_unnamed and alt in NEVER_A_VARIANT:
            alt = "*"
        if alt != ref and alt not in alts:
            alts.append(alt)
    if all(alt in NEVER_A_VARIANT for alt in alts):
        # A record with nothing else is a reference block of a gVCF.
        alts = ["ACGT"["ACGT".index(ref[0]) - 1]]
    if any(is_symbolic(alt) and is_a_variant(alt) for alt in alts):
        length = rng.randint(1, 400)
        if rng.random() < 0.7:
            info.append(f"END={position + length}")
        if rng.random() < 0.7:
            sign = rng.choice(("", "-"))
            info.append("SVLEN=" + ",".join(f"{sign}{length + n}" for n in range(len(alts))))
    common = rng.random() < 0.4
    weights = [rng.random() * (1.0 if common else 0.04) for _ in alts]
    if rng.random() < 0.1:
        weights = [0.0] * len(alts)
    rest = 0.0 if rng.random() < 0.05 and any(weights) else max(0.0, 1 - sum(weights)) + 0.01
    missing = rng.choice((0.0, 0.0, 0.05, 0.5, 1.0))
    return Site(contig, position, ref, tuple(alts), ";".join(info), (rest, *weights), missing)


def random_alt(rng: random.Random, ref: str) -> str:
    kind = rng.random()
    if kind < 0.5:
        place = rng.randrange(len(ref))
        return ref[:place] + rng.choice("ACGT") + ref[place + 1 :]
    if kind < 0.65:
        return ref + "".join(rng.choice("ACGT") for _ in range(rng.randint(1, 3)))
    if kind < 0.8:
        return ref[: rng.randint(1, len(ref))]
    if kind < 0.88:
        return "*"
    if kind < 0.9:
        return rng.choice(("<NON_REF>", "<*>"))
    if kind < 0.97:
        return rng.choice(("<DEL>", "<DUP>", "<INS>", "<DEL:ME:ALU>", "<CN0>", "<INV>"))
    return rng.choice((f"{ref}]2:321]", f"[chr5:99[{ref}", f"{ref}.", f".{ref}"))


# --- one batch ------------------------------------------------------------------------------------

FIELD_CHOICES = (
    ("GT",),
    ("GT", "GQ", "DP", "AD"),
    ("GT", "AD", "DP", "GQ"),
    ("GT", "GQ", "DP", "AD", "PS"),
    ("GT", "DP", "GQ"),
)


def random_batch(
    rng: random.Random,
    assembly: str,
    pool: Sequence[Site],
    samples: Sequence[str],
    sexes: Mapping[str, Sex],
    shape: Shape,
) -> RandomBatch:
    mixed = "mixed" if shape.with_mixed_ploidy else "haploid"
    style = Style(
        fields=rng.choice(FIELD_CHOICES),
        phased=rng.choice((0.0, 0.5, 1.0)),
        half_calls=rng.choice((0.0, 0.0, 0.1)),
        haploid=rng.choice(("haploid", "haploid", "diploid", mixed)),  # type: ignore[arg-type]
        low_quality=rng.choice((0.0, 0.1, 0.7)),
        field_missing=rng.choice((0.0, 0.0, 0.1)),
        float_quality=rng.random() < 0.2,
        samples=tuple(samples),
        sexes=sexes,
    )
    chosen = [rewritten(rng, site) for site in pool if rng.random() < 0.75] or [pool[0]]
    records = []
    for site in distinct(chosen):
        columns = genotype_columns(rng, assembly, site, style)
        records.append((site, columns))
        if shape.with_alike_duplicates and rng.random() < 0.03 and len(site.alts) == 1:
            records.append((site, columns))
    # A record without ALT is a block in a file of one sample, and blocks forbid a rule for absence.
    if shape.with_reference_sites and len(samples) > 1:
        records += extra_records(rng, assembly, pool, style)
    files = texts_of(rng, assembly, records, style, split=shape.with_files_split)
    absent: Literal["unknown", "reference"] = rng.choice(("unknown", "unknown", "reference"))
    return RandomBatch(files, tuple(samples), absent)


def rewritten(rng: random.Random, site: Site) -> Site:
    """A site as another caller would write it: fewer ALTs, longer REF, another filter."""
    filters = rng.choice((".", "PASS", "PASS", "q10", "q10;s50"))
    keep = [n for n in range(len(site.alts)) if rng.random() < 0.8] or [0]
    if site.info:
        keep = list(range(len(site.alts)))  # SVLEN has one number for each ALT
    if all(site.alts[n] in NEVER_A_VARIANT for n in keep):
        keep = list(range(len(site.alts)))
    alts = [site.alts[n] for n in keep]
    weights = (site.weights[0], *(site.weights[n + 1] for n in keep))
    ref = site.ref
    if not site.info and all(alt.isalpha() for alt in alts) and rng.random() < 0.3:
        tail = bases(site.contig, site.position + len(ref), rng.randint(1, 3))
        ref, alts = ref + tail, [alt + tail for alt in alts]
    return Site(
        site.contig, site.position, ref, tuple(alts), site.info, weights, site.missing, filters
    )


def distinct(sites: Sequence[Site]) -> list[Site]:
    """Sites without those that would repeat a variant of an earlier one."""
    seen: set[tuple[str, int, str, str]] = set()
    kept = []
    for site in sites:
        keys = {
            (site.contig, *minimal_alleles(site.position, site.ref, alt))
            for alt in site.alts
            if is_a_variant(alt)
        }
        if not keys & seen:
            seen |= keys
            kept.append(site)
    return kept


def extra_records(
    rng: random.Random, assembly: str, pool: Sequence[Site], style: Style
) -> list[tuple[Site, list[str] | None]]:
    """Records that are no variant (ALT `.`), or have no GT; at positions no other record has."""
    records: list[tuple[Site, list[str] | None]] = []
    contig = rng.choice(pool).contig
    if rng.random() < 0.2:
        site = Site(contig, 7, base_at(contig, 7), (), "", (1.0,), 0.0, "PASS")
        records.append((site, genotype_columns(rng, assembly, site, style)))
    if rng.random() < 0.15 and "DP" in style.fields:
        ref = base_at(contig, 5)
        alt = "ACGT"["ACGT".index(ref) - 1]
        records.append((Site(contig, 5, ref, (alt,), "", (1.0, 0.0), 0.0, "PASS"), None))
    return records


def genotype_columns(rng: random.Random, assembly: str, site: Site, style: Style) -> list[str]:
    zone = zone_at(assembly, site.contig, site.position)
    fields = [f for f in style.fields if f == "GT" or rng.random() >= style.field_missing / 2]
    columns = [":".join(fields)]
    for name in style.samples:
        ploidy = written_ploidy(rng, zone, style.sexes[name], style.haploid)
        columns.append(one_column(rng, site, style, fields, ploidy))
    return columns


def written_ploidy(rng: random.Random, zone: str, sex: Sex, habit: str) -> int:
    single = zone == "mt" or (zone in ("x", "y") and sex == "XY")
    if habit == "mixed":
        return rng.choice((1, 2)) if single or rng.random() < 0.05 else 2
    return 1 if single and habit == "haploid" else 2


def one_column(
    rng: random.Random, site: Site, style: Style, fields: Sequence[str], ploidy: int
) -> str:
    indexes = range(len(site.alts) + 1)
    if rng.random() < site.missing:
        alleles = ["."] * (1 if rng.random() < 0.3 else ploidy)
    else:
        alleles = [str(rng.choices(indexes, site.weights)[0]) for _ in range(ploidy)]
        if ploidy == 2 and rng.random() < style.half_calls:
            alleles[rng.randrange(2)] = "."
    values = {"GT": ("|" if rng.random() < style.phased else "/").join(alleles)}
    if set(fields) & {"GQ", "DP", "AD", "PS"}:
        values |= qualities(rng, style, len(site.alts))
    text = ":".join(values[name] for name in fields)
    while rng.random() < 0.5 and text.endswith(":."):
        text = text.removesuffix(":.")
    return text


def qualities(rng: random.Random, style: Style, alt_total: int) -> dict[str, str]:
    """GQ, DP, AD and PS around their thresholds, now and then missing."""
    low = rng.random() < style.low_quality
    depth = rng.choice((4, 5, 6, 9, 10)) if low else rng.randint(10, 40)
    shares = [rng.randint(0, depth // 2) for _ in range(alt_total)]
    reads = [str(max(0, depth - sum(shares))), *map(str, shares)]
    if rng.random() < style.field_missing:
        reads[rng.randrange(len(reads))] = "."
    quality = rng.choice((0, 19, 20, 21, 99)) if low else rng.randint(20, 99)
    values = {
        "GQ": f"{max(0, quality - rng.choice((0, 0.1, 0.5)))}"
        if style.float_quality
        else str(quality),
        "DP": str(depth),
        "AD": ",".join(reads),
        "PS": str(rng.choice((1, 17, 2_000_000))),
    }
    for name in values:
        if rng.random() < style.field_missing / 2:
            values[name] = "."
    return values


# --- files ----------------------------------------------------------------------------------------


def texts_of(
    rng: random.Random,
    assembly: str,
    records: Sequence[tuple[Site, list[str] | None]],
    style: Style,
    *,
    split: bool,
) -> tuple[str, ...]:
    """The records as one file, or over several by contig or by region, in any order."""
    order = contigs_of(assembly)
    rows = sorted(records, key=lambda r: (order.index(r[0].contig), r[0].position))
    groups: list[list[tuple[Site, list[str] | None]]] = [rows]
    how = rng.choice(("one", "one", "contig", "region")) if split else "one"
    if how == "contig":
        groups = [[r for r in rows if r[0].contig == name] for name in order]
    elif how == "region" and len(rows) > 1 and len(style.samples) > 1:
        cut = rng.randrange(1, len(rows))
        while cut < len(rows) and rows[cut][0].position == rows[cut - 1][0].position:
            cut += 1  # a variant's records stay in one file
        groups = [rows[:cut], rows[cut:]]
    groups = [group for group in groups if group]
    texts = []
    for number, group in enumerate(groups):
        shuffled = list(range(len(style.samples)))
        if number and rng.random() < 0.5:
            rng.shuffle(shuffled)
        texts.append(text_of(assembly, group, style, shuffled))
    later = texts[1:]
    rng.shuffle(later)
    return (texts[0], *later)


def text_of(
    assembly: str,
    records: Sequence[tuple[Site, list[str] | None]],
    style: Style,
    order: Sequence[int],
) -> str:
    names = [style.samples[n] for n in order]
    top = header(names, assembly=assembly, fields=style.fields, filters=FILTERS)
    if style.float_quality:
        top = top.replace("ID=GQ,Number=1,Type=Integer", "ID=GQ,Number=1,Type=Float")
    lines = [top]
    for site, columns in records:
        if columns is None:
            columns = ["DP", *("12" for _ in style.samples)]
        cells = [columns[0], *(columns[n + 1] for n in order)]
        lines.append(line_of(site, cells))
    return "".join(lines)


def line_of(site: Site, cells: Sequence[str]) -> str:
    name = f"rs{site.position}" if site.position % 3 == 0 else "."
    alt = ",".join(site.alts) or "."
    start = [site.contig, str(site.position), name, site.ref, alt, "50", site.filters]
    return "\t".join([*start, site.info or ".", *cells]) + "\n"


def sites_only_batch(rng: random.Random, assembly: str, pool: Sequence[Site]) -> RandomBatch:
    order = contigs_of(assembly)
    sites = distinct([rewritten(rng, site) for site in pool])
    rows = sorted(sites, key=lambda s: (order.index(s.contig), s.position))
    text = header([], assembly=assembly, filters=FILTERS)
    return RandomBatch((text + "".join(line_of(site, []) for site in rows),), ())
