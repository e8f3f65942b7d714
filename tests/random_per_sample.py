"""Random small lakes of every kind of source: gVCFs of several dialects, single-sample VCFs, exomes
with a BED, joint call sets; as a list of ingests, all from one seed.

Samples of one lake share a pool of sites, so that one's variants lie in another's blocks, gaps,
deletions and regions.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Literal

from make_vcf import header
from random_cohort import (
    FILTERS,
    POPULATIONS,
    Shape,
    Site,
    Style,
    base_at,
    contigs_of,
    distinct,
    line_of,
    one_column,
    random_batch,
    random_sites,
    rewritten,
    written_ploidy,
)
from reference import Sex, zone_at

Dialect = Literal["banded", "bp", "star", "illumina", "len"]
DIALECTS: tuple[Dialect, ...] = ("banded", "bp", "star", "illumina", "len")
UNNAMED = {"banded": "<NON_REF>", "bp": "<NON_REF>", "star": "<*>", "illumina": "", "len": "<*>"}
POOL = Shape(sites=18, with_unnamed_alleles=False)
REACH = 12  # bases told of beside a site


@dataclass(frozen=True)
class Ingest:
    """One command: files, what an absent site means, and a BED if there is one."""

    texts: tuple[str, ...]
    samples: tuple[str, ...]
    is_joint: bool
    absent: Literal["unknown", "reference", "regions"] = "unknown"
    bed: str | None = None


@dataclass(frozen=True)
class MixedCohort:
    """As a RandomCohort, its batches being commands; people may have two samples."""

    seed: int
    assembly: str
    batches: tuple[Ingest, ...]
    sexes: Mapping[str, Sex]
    populations: Mapping[str, str | None]
    participants: Mapping[str, str] = field(default_factory=dict)
    preferred: frozenset[str] = frozenset()


def mixed_cohort(seed: int) -> MixedCohort:
    rng = random.Random(seed)
    assembly = rng.choice(("GRCh38", "GRCh37"))
    pool = random_sites(rng, assembly, POOL)
    gvcfs, singles = names_of(rng, "g", 6), names_of(rng, "v", 3)
    joint = names_of(rng, "j", 4, fewest=2)
    everyone = [*gvcfs, *singles, *joint]
    people = random_people(rng, everyone)
    sexes = {name: rng.choice(("XX", "XY", "XX", "XY", None)) for name in people.values()}
    sexes = {name: sexes[people[name]] for name in everyone}
    populations = {name: rng.choice(POPULATIONS) for name in people.values()}
    ingests = [
        *grouped(rng, gvcf_files(rng, assembly, pool, gvcfs, sexes)),
        *single_sample_ingests(rng, assembly, pool, singles, sexes),
        joint_ingest(rng, assembly, pool, joint, sexes),
    ]
    rng.shuffle(ingests)
    return MixedCohort(
        seed,
        assembly,
        tuple(ingests),
        sexes,
        {name: populations[people[name]] for name in everyone},
        {name: person for name, person in people.items() if name != person},
        frozenset(name for name in everyone if rng.random() < 0.3),
    )


def names_of(rng: random.Random, letter: str, most: int, fewest: int = 1) -> list[str]:
    names = [f"{letter}{n}" for n in range(rng.randint(fewest, most))]
    rng.shuffle(names)
    return names


def random_people(rng: random.Random, samples: Sequence[str]) -> dict[str, str]:
    """Whose each sample is: its own name, or now and then that of another sample."""
    people = {name: name for name in samples}
    if rng.random() < 0.4:
        one, other = rng.sample(list(samples), 2)
        people[one] = other
    return people


# --- gVCF -----------------------------------------------------------------------------------------

File = tuple[tuple[str, ...], tuple[str, ...]]  # the texts and the samples that belong together


def gvcf_files(
    rng: random.Random,
    assembly: str,
    pool: Sequence[Site],
    names: Sequence[str],
    sexes: Mapping[str, Sex],
) -> list[File]:
    """A gVCF a sample, or in several files by contig, or a combined one of two samples."""
    files: list[File] = []
    left = list(names)
    while left:
        count = 2 if len(left) > 1 and rng.random() < 0.2 else 1
        group, left = tuple(left[:count]), left[count:]
        files.append((gvcf_texts(rng, assembly, pool, group, sexes), group))
    return files


def gvcf_texts(
    rng: random.Random,
    assembly: str,
    pool: Sequence[Site],
    names: Sequence[str],
    sexes: Mapping[str, Sex],
) -> tuple[str, ...]:
    dialect = rng.choice(DIALECTS)
    if len(names) > 1 and dialect == "bp":
        dialect = "banded"  # nothing but END tells a combined gVCF from a joint call set
    style = Style(
        fields=("GT", "GQ", "DP", "AD"),
        phased=rng.choice((0.0, 0.3)),
        half_calls=rng.choice((0.0, 0.1)),
        haploid=rng.choice(("haploid", "diploid")),
        low_quality=rng.choice((0.1, 0.5)),
        field_missing=rng.choice((0.0, 0.1)),
        float_quality=False,
        samples=tuple(names),
        sexes=sexes,
    )
    declared = ["GT", "GQ", "DP", "AD", "MIN_DP", "LEN"]
    if rng.random() < 0.15:
        declared.remove("AD")
        style = replace(style, fields=("GT", "GQ", "DP"))
    chosen = distinct([rewritten(rng, site) for site in pool if rng.random() < 0.7])
    lines: dict[str, list[str]] = {}
    for contig in contigs_of(assembly):
        here = [site for site in chosen if site.contig == contig]
        told = [site.position for site in pool if site.contig == contig]
        lines[contig] = contig_lines(rng, assembly, contig, here, told, style, dialect)
    if not any(lines.values()):
        contig = chosen[0].contig if chosen else contigs_of(assembly)[0]
        lines[contig] = [block_line(rng, assembly, contig, 3, 3, style, dialect)]
    top = header(names, assembly=assembly, fields=declared, filters=FILTERS)
    full = [rows for rows in lines.values() if rows]
    if len(full) > 1 and rng.random() < 0.25:
        cut = rng.randrange(1, len(full))
        return tuple(top + "".join(chain(*part)) for part in (full[:cut], full[cut:]))
    return (top + "".join(chain(*full)),)


def contig_lines(
    rng: random.Random,
    assembly: str,
    contig: str,
    sites: Sequence[Site],
    told: Iterable[int],
    style: Style,
    dialect: Dialect,
) -> list[str]:
    """Records, and between them blocks and gaps, over the bases near any site of the pool."""
    wanted = {base for p in told for base in range(max(1, p - REACH), p + REACH)}
    by_position: dict[int, list[Site]] = {}
    for site in sites:
        by_position.setdefault(site.position, []).append(site)
    lines: list[str] = []
    open_from = 1  # no block may begin before the last one's end
    for base in sorted(wanted):
        records = by_position.get(base, [])
        for site in records:
            lines.append(record_line(rng, assembly, site, style, dialect))
            if open_from <= base:
                within = rng.random() < 0.4  # blocks go on inside its own deletion
                open_from = base + (1 if within else len(site.ref))
        if records or base < open_from:
            continue
        if rng.random() < 0.15:
            open_from = base + rng.randint(1, 4)  # a gap
            continue
        last = base if dialect == "bp" else base + rng.choice((0, 1, 3, 8, 20))
        beyond = [p for p in by_position if base < p <= last]
        if beyond and rng.random() < 0.8:
            last = min(beyond) - 1  # else a block lies over a record
        lines.append(block_line(rng, assembly, contig, base, last, style, dialect))
        open_from = last + 1
    return lines


def record_line(
    rng: random.Random, assembly: str, site: Site, style: Style, dialect: Dialect
) -> str:
    alts = (*site.alts, UNNAMED[dialect]) if UNNAMED[dialect] else site.alts
    weights = (*(max(weight, 0.2) for weight in site.weights), 0.05)[: len(alts) + 1]
    info = site.info
    if "SVLEN" in info and len(alts) > len(site.alts):
        info = ";".join(
            f"{item},." if item.startswith("SVLEN") else item for item in info.split(";")
        )
    full = replace(site, alts=alts, weights=weights, info=info)
    zone = zone_at(assembly, site.contig, site.position)
    cells = [":".join(style.fields)]
    for name in style.samples:
        ploidy = written_ploidy(rng, zone, style.sexes[name], style.haploid)
        cells.append(one_column(rng, full, style, style.fields, ploidy))
    return line_of(full, cells)


def block_line(
    rng: random.Random,
    assembly: str,
    contig: str,
    first: int,
    last: int,
    style: Style,
    dialect: Dialect,
) -> str:
    """A block of all the file's samples; each has its own genotype, depth and, with LEN, length."""
    alt = (UNNAMED[dialect],) if UNNAMED[dialect] else ()
    fields = {"bp": "GT:DP:GQ", "illumina": "GT:GQ:DP:MIN_DP", "len": "GT:DP:GQ:LEN"}.get(
        dialect, "GT:DP:GQ:MIN_DP"
    )
    says_end = dialect in ("banded", "star") or (dialect != "bp" and last > first)
    info = f"END={last}" if says_end else ""
    if dialect == "len" and rng.random() < 0.7:
        info = ""  # LEN alone
    filters = rng.choice((".", "PASS", "PASS", "q10"))
    cells = [fields]
    for name in style.samples:
        values = block_values(rng, assembly, contig, first, name, style, dialect)
        length = last - first + 1
        if not info and len(style.samples) > 1 and rng.random() < 0.3:
            length = rng.randint(1, length)
        elif info and rng.random() < 0.2:
            length += rng.choice((-1, 1)) if length > 1 else 1  # END wins
        values["LEN"] = str(length)
        cells.append(":".join(values[key] for key in fields.split(":")))
    site = Site(contig, first, base_at(contig, first), alt, info, (), 0.0, filters)
    return line_of(site, cells)


def block_values(
    rng: random.Random,
    assembly: str,
    contig: str,
    base: int,
    name: str,
    style: Style,
    dialect: Dialect,
) -> dict[str, str]:
    zone = zone_at(assembly, contig, base)
    ploidy = written_ploidy(rng, zone, style.sexes[name], style.haploid)
    genotype = "/".join("0" * ploidy)
    kind = rng.random()
    if kind < 0.06:
        genotype = "/".join("." * ploidy)
    elif kind < 0.09:
        genotype = "/".join([*("0" * (ploidy - 1)), rng.choice("1.")])
    elif kind < 0.12:
        genotype = genotype.replace("/", "|")
    if dialect == "illumina":
        genotype = genotype.replace("1", ".")  # ALT `.` has no allele 1
    least = rng.choice((0, 0, 1, 4, 5, 9, 10, 25, 40))
    values = {
        "GT": genotype,
        "GQ": str(rng.choice((0, 19, 20, 50, 99))),
        "DP": str(least + rng.choice((0, 0, 1, 6))),
        "MIN_DP": str(least),
    }
    for key in ("GQ", "DP", "MIN_DP"):
        if rng.random() < style.field_missing:
            values[key] = "."
    return values


def grouped(rng: random.Random, files: Sequence[File]) -> list[Ingest]:
    """All files in one command, one by one, or in some groups."""
    how = rng.choice(("all", "one by one", "groups"))
    groups: list[list[File]] = [list(files)]
    if how == "one by one":
        groups = [[file] for file in files]
    elif how == "groups" and len(files) > 1:
        cut = rng.randrange(1, len(files))
        groups = [list(files[:cut]), list(files[cut:])]
    found = []
    for group in groups:
        texts = [text for part, _ in group for text in part]
        rng.shuffle(texts)
        found.append(Ingest(tuple(texts), tuple(n for _, names in group for n in names), False))
    return found


# --- files without blocks -------------------------------------------------------------------------


def single_sample_ingests(
    rng: random.Random,
    assembly: str,
    pool: Sequence[Site],
    names: Sequence[str],
    sexes: Mapping[str, Sex],
) -> list[Ingest]:
    """Single-sample VCFs in one command or one by one, with any rule for what is absent."""
    groups = [list(names)] if rng.random() < 0.5 else [[name] for name in names]
    found = []
    for group in groups:
        texts: list[str] = []
        for name in group:
            shape = replace(POOL, with_reference_sites=False)
            batch = random_batch(rng, assembly, pool, [name], sexes, shape)
            texts += batch.texts
        absent, bed = absence(rng, assembly, pool)
        found.append(Ingest(tuple(texts), tuple(group), False, absent, bed))
    return found


def joint_ingest(
    rng: random.Random,
    assembly: str,
    pool: Sequence[Site],
    names: Sequence[str],
    sexes: Mapping[str, Sex],
) -> Ingest:
    batch = random_batch(rng, assembly, pool, names, sexes, POOL)
    absent, bed = absence(rng, assembly, pool)
    return Ingest(batch.texts, tuple(batch.samples), True, absent, bed)


def absence(
    rng: random.Random, assembly: str, pool: Sequence[Site]
) -> tuple[Literal["unknown", "reference", "regions"], str | None]:
    how = rng.choice(("unknown", "reference", "regions"))
    if how != "regions":
        return how, None  # type: ignore[return-value]
    rows = []
    for contig in contigs_of(assembly):
        for site in sorted({site.position for site in pool if site.contig == contig}):
            first = max(0, site - rng.randint(0, 6))
            rows.append(f"{contig}\t{first}\t{first + rng.choice((1, 3, 7, 30))}")
    rng.shuffle(rows)
    kept = rows[: max(1, len(rows) * 2 // 3)]
    return "regions", "\n".join(kept) + "\n"
