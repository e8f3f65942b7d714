"""Quality of sites and samples again, in plain Python from the definitions; imports none of ours.

excess_p, inbreeding, x_joint_p      Hardy-Weinberg beyond the two-sided test of `reference`
site_quality                         call rate, mean depth and quality, allele balance
fisher_p, mantel_haenszel            two-by-two tables, one and several
batch_differences                    each part of a cohort against all its others
sample_quality                       what each sample carries and how it was called
outliers                             median absolute deviations within groups
x_heterozygosity                     F on X outside PAR, and calls on Y
mendel_errors                        genotypes of a child that its parents cannot give
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import comb, erfc, factorial, sqrt
from statistics import median
from typing import NamedTuple

import reference as ref
from reference import Lake, Rules, Variant

# --- Hardy-Weinberg -------------------------------------------------------------------------------


def excess_p(homozygous_reference: int, heterozygotes: int, homozygotes: int) -> Fraction:
    """The probability of as many heterozygotes as seen, or more (bcftools ExcHet)."""
    samples = homozygous_reference + heterozygotes + homozygotes
    rarer = 2 * min(homozygous_reference, homozygotes) + heterozygotes
    weights = ref.heterozygote_weights(rarer, samples)
    return Fraction(
        sum(w for het, w in weights.items() if het >= heterozygotes), sum(weights.values())
    )


def inbreeding(homozygous_reference: int, heterozygotes: int, homozygotes: int) -> float | None:
    """F = 1 - heterozygotes / (2 p q n); None where one allele alone is seen."""
    n = homozygous_reference + heterozygotes + homozygotes
    copies = 2 * homozygotes + heterozygotes
    expected = Fraction(copies * (2 * n - copies), 2 * n) if n else Fraction(0)
    return float(1 - heterozygotes / expected) if expected else None


def x_joint_p(
    male_reference: int, male_alternate: int, women: tuple[int, int, int]
) -> tuple[Fraction, Fraction]:
    """The joint test of men's alleles and women's genotypes on X (Graffelman and Weir 2016).

    Given how many alleles of each kind there are in all, of (men with alt, women with one copy)
    those no likelier than what is seen; and the same with half of those as likely.
    """
    males, females = male_reference + male_alternate, sum(women)
    copies = male_alternate + women[1] + 2 * women[2]
    weights: dict[tuple[int, int], int] = {}
    for men in range(min(males, copies) + 1):
        among_women = copies - men
        if among_women > 2 * females:
            continue
        for het in range(among_women % 2, min(among_women, 2 * females - among_women) + 1, 2):
            two = (among_women - het) // 2
            ways = factorial(females) // (
                factorial(het) * factorial(two) * factorial(females - het - two)
            )
            weights[men, het] = comb(males, men) * ways * 2**het
    seen, total = weights[male_alternate, women[1]], sum(weights.values())
    below = sum(w for w in weights.values() if w < seen)
    equal = sum(w for w in weights.values() if w == seen)
    return Fraction(below + equal, total), Fraction(below, total) + Fraction(equal, 2 * total)


# --- tables of two by two -------------------------------------------------------------------------


def fisher_p(a: int, b: int, c: int, d: int) -> Fraction:
    """The two-sided exact p of (a b / c d): all tables of the same margins that are no likelier."""
    first, copies, total = a + b, a + c, a + b + c + d
    weights = {
        x: comb(first, x) * comb(total - first, copies - x)
        for x in range(max(0, copies - (total - first)), min(first, copies) + 1)
    }
    return Fraction(sum(w for w in weights.values() if w <= weights[a]), sum(weights.values()))


def mantel_haenszel(tables: Iterable[tuple[int, int, int, int]]) -> float | None:
    """p of the Cochran-Mantel-Haenszel test, uncorrected; None: no variance."""
    difference, variance = Fraction(0), Fraction(0)
    for a, b, c, d in tables:
        n = a + b + c + d
        if n > 1:
            difference += a - Fraction((a + b) * (a + c), n)
            variance += Fraction((a + b) * (c + d) * (a + c) * (b + d), n * n * (n - 1))
    return erfc(sqrt(difference**2 / variance / 2)) if variance else None


class Difference(NamedTuple):
    """One part of a cohort against all its others, at one variant."""

    ac: int
    an: int
    other_ac: int
    other_an: int
    p: float | None


def batch_differences(
    lake: Lake,
    part_of: Mapping[str, str | None],
    stratum_of: Mapping[str, str | None] | None = None,
    cohort: Iterable[str] | None = None,
    regions: Iterable[ref.Region] | None = None,
    rules: Rules = ref.RAW,
) -> dict[tuple[Variant, str], Difference]:
    """Each part with a value, where it and the others have alleles called."""
    members = lake.samples if cohort is None else tuple(cohort)
    strata = stratum_of or {}
    found = {}
    for variant in ref.known_variants(lake, regions, rules):
        answers = ref.answers_at(lake, variant, rules)
        sums: dict[tuple[str, str | None], list[int]] = {}
        for name in members:
            part, counted = part_of.get(name), answers[name].counted
            if part is not None and counted is not None:
                cell = sums.setdefault((part, strata.get(name)), [0, 0])
                cell[0] += counted.ac
                cell[1] += counted.an
        for part in {part for part, _ in sums}:
            found[variant, part] = difference_of(sums, part, has_strata=stratum_of is not None)
    return {key: row for key, row in found.items() if row.an and row.other_an}


def difference_of(
    sums: Mapping[tuple[str, str | None], Sequence[int]], part: str, *, has_strata: bool
) -> Difference:
    tables = []
    for stratum in sorted({stratum for _, stratum in sums}, key=str):
        own = sums.get((part, stratum), (0, 0))
        others = [cell for (p, s), cell in sums.items() if p != part and s == stratum]
        ac, an = sum(cell[0] for cell in others), sum(cell[1] for cell in others)
        tables.append((own[0], own[1] - own[0], ac, an - ac))
    total = tuple(map(sum, zip(*tables, strict=True)))
    used = [t for t in tables if t[0] + t[1] and t[2] + t[3]]
    if has_strata:
        p = mantel_haenszel(used)
    else:
        p = float(fisher_p(*total)) if total[0] + total[1] and total[2] + total[3] else None
    return Difference(total[0], total[0] + total[1], total[2], total[2] + total[3], p)


# --- sites ----------------------------------------------------------------------------------------


class SiteQuality(NamedTuple):
    """One row of site_quality, without the key and the counts of call_rate."""

    mean_dp: float | None
    mean_gq: float | None
    balanced_heterozygotes: int
    mean_balance: float | None
    median_balance: float | None
    balance_histogram: list[int] | None


def site_quality(lake: Lake, cohort: Iterable[str] | None = None) -> dict[Variant, SiteQuality]:
    """Depth and quality over all genotypes where whole batches are asked, balance of carriers.

    Of a reference block no reads are kept: where one tells of somebody, there is no mean.
    """
    members = set(lake.samples if cohort is None else cohort)
    asked = [batch for batch in lake.batches if members & set(batch.samples)]
    is_whole = all(set(batch.samples) <= members for batch in asked)
    found = {}
    for variant in lake.variants:
        genotypes = [
            genotype
            for batch in asked
            if variant in batch.sites and batch.sites[variant].genotypes is not None
            for name, genotype in zip(batch.samples, batch.sites[variant].genotypes, strict=True)
            if name in members and genotype is not None
        ]
        balances = [
            g.ad_alt / (g.ad_ref + g.ad_alt)
            for g in genotypes
            if (g.alt_count, g.called_count) == (1, 2)
            and g.ad_ref is not None
            and g.ad_alt is not None
            and g.ad_ref + g.ad_alt
        ]
        answers = ref.answers_at(lake, variant, Rules())
        is_told = is_whole and not any(answers[name].source == "block" for name in members)
        found[variant] = SiteQuality(
            ref.mean(g.dp for g in genotypes) if is_told else None,
            ref.mean(g.gq for g in genotypes) if is_told else None,
            len(balances),
            ref.mean(balances),
            median(balances) if balances else None,
            histogram(balances) if balances else None,
        )
    return found


def histogram(balances: Iterable[float]) -> list[int]:
    """20 bins of 0.05; 1 is in the last."""
    bins = [0] * 20
    for balance in balances:
        bins[min(19, int(Fraction(balance).limit_denominator(10**6) * 20))] += 1
    return bins


# --- samples --------------------------------------------------------------------------------------


class SampleQuality(NamedTuple):
    """One row of sample_quality, without names."""

    genotypes: int
    called: int
    half_called: int
    missing: int
    variants: int
    heterozygotes: int
    homozygotes: int
    hemizygotes: int
    singletons: int
    snv: int
    insertions: int
    deletions: int
    other_variants: int
    transitions: int
    transversions: int
    autosomal_genotypes: int | None
    observed_homozygotes: int | None
    expected_homozygotes: float | None
    inbreeding: float | None


def is_joint(lake: Lake, name: str) -> bool:
    return any(isinstance(batch, ref.Batch) and name in batch.samples for batch in lake.batches)


def is_on_autosome(variant: Variant) -> bool:
    return variant.contig.removeprefix("chr") in {str(number) for number in range(1, 23)}


def frequencies(
    lake: Lake, members: Sequence[str], regions: Iterable[ref.Region] | None
) -> dict[Variant, tuple[int, float]]:
    """Copies of each variant in the cohort, and its frequency (0 where nobody is called)."""
    rows = ref.allele_frequency(lake, members, regions)
    return {variant: (row.ac, row.af or 0.0) for variant, row in rows.items()}


def sample_quality(
    lake: Lake,
    cohort: Iterable[str] | None = None,
    regions: Iterable[ref.Region] | None = None,
) -> dict[str, SampleQuality]:
    members = lake.samples if cohort is None else tuple(cohort)
    chosen = None if regions is None else list(regions)
    common = frequencies(lake, members, chosen)
    rows: dict[str, list[tuple[Variant, ref.SampleAnswer]]] = {name: [] for name in members}
    for variant in common:
        answers = ref.answers_at(lake, variant, ref.RAW)
        for name in members:
            if answers[name].source == "record" and answers[name].room is not None:
                rows[name].append((variant, answers[name]))
    return {name: quality_of(own, common, has_f=is_joint(lake, name)) for name, own in rows.items()}


def quality_of(
    rows: Sequence[tuple[Variant, ref.SampleAnswer]],
    common: Mapping[Variant, tuple[int, float]],
    *,
    has_f: bool,
) -> SampleQuality:
    asked = [(v, a.counted, a.room) for v, a in rows if a.counted is not None]
    carried = [(v, c) for v, c, _ in asked if c.ac]
    shapes = [c.shape for _, c in carried]
    kinds = [ref.kind_of(v) for v, _ in carried]
    snvs = [v for v, _ in carried if ref.kind_of(v) == "snv"]
    transitions = sum(ref.is_transition(v) for v in snvs)
    missing = sum(c.an == 0 for _, c, _ in asked)
    called = sum(c.an == room for _, c, room in asked)
    judged = [(v, c) for v, c, _ in asked if is_on_autosome(v) and c.an == 2]
    expected = sum(1 - 2 * common[v][1] * (1 - common[v][1]) for v, _ in judged)
    observed = sum(c.shape != "heterozygous" for _, c in judged)
    varying = len(judged) - expected
    return SampleQuality(
        genotypes=len(asked),
        called=called,
        half_called=len(asked) - called - missing,
        missing=missing,
        variants=len(carried),
        heterozygotes=shapes.count("heterozygous"),
        homozygotes=shapes.count("homozygous"),
        hemizygotes=shapes.count("hemizygous"),
        singletons=sum(common[v][0] == 1 for v, _ in carried),
        snv=len(snvs),
        insertions=kinds.count("insertion"),
        deletions=kinds.count("deletion"),
        other_variants=len(kinds) - len(snvs) - kinds.count("insertion") - kinds.count("deletion"),
        transitions=transitions,
        transversions=len(snvs) - transitions,
        autosomal_genotypes=len(judged) if has_f else None,
        observed_homozygotes=observed if has_f else None,
        expected_homozygotes=expected if has_f else None,
        inbreeding=(observed - expected) / varying if has_f and varying > 1e-9 else None,
    )


def outliers(
    values: Mapping[str, float | None], group_of: Mapping[str, str | None], max_deviations: float
) -> dict[str, tuple[float, float, float | None]]:
    """Samples apart from their group: median, 1.4826 MAD, deviations (None where MAD is 0)."""
    groups: dict[str | None, dict[str, float]] = {}
    for name, value in values.items():
        if value is not None:
            groups.setdefault(group_of.get(name), {})[name] = value
    found: dict[str, tuple[float, float, float | None]] = {}
    for members in groups.values():
        middle = median(members.values())
        mad = 1.4826 * median(abs(value - middle) for value in members.values())
        for name, value in members.items():
            if len(members) > 1 and mad and abs(value - middle) > max_deviations * mad:
                found[name] = (middle, mad, (value - middle) / mad)
            elif len(members) > 1 and not mad and value != middle:
                found[name] = (middle, 0.0, None)
    return found


def x_heterozygosity(
    lake: Lake, cohort: Iterable[str] | None = None
) -> dict[str, tuple[int, int, float | None]]:
    """On X outside PAR: genotypes with a called allele, heterozygotes, F."""
    members = lake.samples if cohort is None else tuple(cohort)
    found = {}
    zoned = [v for v in lake.variants if ref.zone_at(lake.assembly, v.contig, v.position) == "x"]
    common = {v: f for v, f in frequencies(lake, members, None).items() if v in set(zoned)}
    for name in members:
        called, het, expected = 0, 0, 0.0
        for variant, (_, af) in common.items():
            answer = ref.answers_at(lake, variant, ref.RAW)[name]
            if answer.source == "record" and answer.counted and answer.counted.an:
                called += 1
                het += answer.counted.shape == "heterozygous"
                expected += 2 * af * (1 - af)
        found[name] = (called, het, 1 - het / expected if expected > 1e-9 else None)
    return found


# --- families -------------------------------------------------------------------------------------

# What a parent may hand on, by copies; None: nothing is known of the parent.
HANDS_ON: dict[int | None, set[int]] = {0: {0}, 1: {0, 1}, 2: {1}, None: {0, 1}}


def is_mendelian(child: int, father: int | None, mother: int | None) -> bool:
    """Whether a child with two alleles can have so many copies from these parents."""
    return any(f + m == child for f in HANDS_ON[father] for m in HANDS_ON[mother])


def copies(counted: ref.Counted | None) -> int | None:
    """Copies of a genotype without missing allele; None: not fully called."""
    return None if counted is None or counted.an < 2 else counted.ac


def mendel_errors(
    lake: Lake, trios: Iterable[tuple[str, str, str]]
) -> dict[tuple[Variant, str], tuple[int, int, int]]:
    """On autosomes and in PAR, of trios (child, father, mother) that are all called there."""
    found = {}
    listed = list(trios)
    for variant in lake.variants:
        if ref.zone_at(lake.assembly, variant.contig, variant.position) not in (
            "autosome",
            "x_par",
        ):
            continue
        answers = ref.answers_at(lake, variant, ref.RAW)
        for child, father, mother in listed:
            own = [
                copies(answers[name].counted) if answers[name].source == "record" else None
                for name in (child, father, mother)
            ]
            if None not in own and not is_mendelian(*own):  # type: ignore[arg-type]
                found[variant, child] = tuple(own)
    return found  # type: ignore[return-value]
