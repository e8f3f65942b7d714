"""Frequencies by group as others have them: published ones of 1000 Genomes and gnomAD, and those
that bcftools and plink2 count of the same groups."""

import gzip
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

import allelake
import reference as ref
from allelake.warehouse.catalog.macros import load_macros
from lakes import Row, asking
from truth.datasets import CHR22_2504, cohort
from truth.real_lakes import RealLakes

GROUPS = ("AFR", "AMR", "EAS", "EUR", "SAS")
# gnomAD's candidates for popmax; the others are bottlenecked or what remains.
CANDIDATES = ("afr", "amr", "eas", "nfe", "sas")
OTHERS = ("asj", "fin", "oth")


def records(path: Path) -> Iterator[tuple[list[str], dict[str, str]]]:
    """The first columns of each record, and its INFO."""
    with gzip.open(path, "rt") as file:
        for line in file:
            if not line.startswith("#"):
                cells = line.rstrip("\n").split("\t", 8)[:8]
                pairs = (each.partition("=") for each in cells[7].split(";"))
                yield cells, {name: value for name, _, value in pairs}


Key = tuple[int, str, str]
COUNTED = ("AC", "AN", "AC_Het", "AC_Hom", "AC_Hemi")
CHR20 = cohort("1000g_chr20_100samples", "GRCh37")


def run(*command: str | Path, text: str | None = None) -> str:
    arguments = [*map(str, command)]
    return subprocess.run(arguments, input=text, capture_output=True, text=True, check=True).stdout


def strata_of(row: Row) -> list[str]:
    """The strata that a sample is in, but `all`."""
    known = [str(row[name]) for name in ("population", "sex") if row[name] is not None]
    return [*known, "_".join(known)] if len(known) == 2 else known


def by_variant(rows: list[Row], group: str) -> dict[tuple[object, ...], Row]:
    return {(r["position"], r["ref"], r["alt"], r[group]): r for r in rows}


def counts_of_plink(folder: Path, text: str, people: list[str]) -> dict[Key, tuple[int, int]]:
    """AC and AN that plink2 counts of these people, by trimmed key."""
    keep, asked, out = folder / "keep.txt", folder / "asked.vcf", folder / "plink"
    keep.write_text("\n".join(people))
    asked.write_text(text)
    ids = ("--set-all-var-ids", "@:#:$r:$a", "--new-id-max-allele-len", "500", "--threads", "1")
    run("plink2", "--vcf", asked, *ids, "--keep", keep, "--freq", "counts", "--out", out)
    found = {}
    for line in Path(f"{out}.acount").read_text().splitlines()[1:]:
        _, name, *_, ac, an = line.split("\t")
        _, position, reference, alternate = name.split(":")
        found[ref.minimal_alleles(int(position), reference, alternate)] = (int(ac), int(an))
    return found


def assert_as_bcftools(told: ref.Record, stratum: str, row: Row, tested: Row | None) -> None:
    """It counts half-calls and haploid calls as hemizygous, homozygotes by alleles; six figures."""
    counts = tuple(told.info_numbers(f"{tag}_{stratum}")[0] for tag in COUNTED)
    own = [int(str(row[n])) for n in ("ac", "an", "heterozygotes", "homozygotes")]
    one_allele = int(str(row["hemizygotes"])) + int(str(row["half_calls"]))
    assert counts == (*own[:3], 2 * own[3], one_allele), (told.position, stratum)
    if tested is not None and tested["p_exact"] is not None:
        for tag, name in (("HWE", "p_exact"), ("ExcHet", "p_excess")):
            value = float(told.info[f"{tag}_{stratum}"])
            assert tested[name] == pytest.approx(value, rel=1e-4), (told.position, stratum, tag)


@pytest.mark.skipif(
    not (shutil.which("bcftools") and shutil.which("plink2")),
    reason="no bcftools and plink2 on PATH",
)
def test_stored_frequencies_equal_those_of_bcftools_by_group_and_of_plink2(
    shared_data: Path, real_lakes: RealLakes, tmp_path: Path
) -> None:
    """`+fill-tags -S`: counts, HWE and ExcHet of each stratum; plink2 of one, by --keep."""
    lake = real_lakes.empty("by_group", CHR20.assembly)
    lake.ingest([shared_data / CHR20.files[0]], allelake.IngestOptions(workers=1))
    lake.import_samples(shared_data / "cohort/1000g_2504.ped")
    lake.materialize(["population", "sex"])
    ask = asking(lake)
    people = {str(row["sample_id"]): strata_of(row) for row in ask("FROM samples")}
    strata = sorted({name for of in people.values() for name in of})
    groups = tmp_path / "groups.txt"
    groups.write_text("".join(f"{name}\t{','.join(of)}\n" for name, of in people.items() if of))
    first, rest = ref.text_of(shared_data / CHR20.files[0]).split("\n", 1)
    split = run("bcftools", "norm", "-m-any", "-", text=f"{first}\n##contig=<ID=20>\n{rest}")
    tags = ",".join((*COUNTED, "HWE", "ExcHet"))
    tagged = run("bcftools", "+fill-tags", "-", "--", "-S", groups, "-t", tags, text=split)
    stored = by_variant(ask("FROM frequencies"), "stratum")
    tested = by_variant(ask("FROM hardy_weinberg_by('all', 'population')"), "attribute_value")
    records = ref.read_vcf(tagged).records
    assert len(records) * len(strata) > 4_000
    for record in records:
        key = ref.minimal_alleles(record.position, record.ref, record.alts[0])
        for stratum in strata:
            place = (*key, stratum)
            assert_as_bcftools(record, stratum, stored[place], tested.get(place))
    crossed = next(name for name in strata if "_" in name)
    kept = [name for name, of in people.items() if crossed in of]
    for key, counts in counts_of_plink(tmp_path, split, kept).items():
        row = stored[(*key, crossed)]
        assert (row["ac"], row["an"]) == counts, key


@pytest.mark.slow
def test_stored_frequencies_equal_those_that_1000_genomes_published(
    shared_data: Path, real_lakes: RealLakes
) -> None:
    """Published with four decimals; records with one ALT are compared, of one base each."""
    lake = real_lakes.with_people(CHR22_2504)
    lake.materialize(["super_population", "sex"], name="published")
    rows = asking(lake)(
        "SELECT position, ref, alt, stratum, af FROM frequencies WHERE name = 'published' "
        "AND len(ref) = 1 AND len(alt) = 1"
    )
    found = {(r["position"], r["ref"], r["alt"], r["stratum"]): r["af"] for r in rows}
    compared = 0
    for cells, info in records(shared_data / CHR22_2504.files[0]):
        _, position, _, ref, alt = cells[:5]
        if len(ref) == 1 and len(alt) == 1:
            for group in GROUPS:
                published = float(info[f"{group}_AF"])
                stored = found[int(position), ref, alt, group]
                assert stored == pytest.approx(published, abs=5.1e-5), (position, group)
                compared += 1
    assert compared > 40_000
    sexes = asking(lake)(
        "SELECT stratum, sum(ac) AS ac, sum(an) AS an FROM frequencies WHERE name = 'published' "
        "AND (stratum = 'EAS' OR starts_with(stratum, 'EAS_')) GROUP BY ALL ORDER BY ALL"
    )
    whole, *parts = [(int(r["ac"]), int(r["an"])) for r in sexes]  # type: ignore[call-overload]
    assert len(parts) == 2
    assert whole == (sum(ac for ac, _ in parts), sum(an for _, an in parts))
    lake.drop_materialized("published")


def test_filtering_frequencies_and_popmax_are_those_of_gnomad(shared_data: Path) -> None:
    """gnomAD r2.1.1 published faf99 with the quantile of 95 %, so that faf95 alone is compared."""
    rows, published, popmax = [], {}, {}
    path = shared_data / "reference_sites/gnomad_exomes_r2.1.1_chr1.vcf.gz"
    for cells, info in records(path):
        key = (int(cells[1]), cells[3], cells[4])
        for group in (*CANDIDATES, *OTHERS):
            ac, an = int(info[f"AC_{group}"]), int(info[f"AN_{group}"])
            homozygotes = int(info[f"nhomalt_{group}"])
            rows.append((*key, group, ac, an, homozygotes, group in CANDIDATES))
            if f"faf95_{group}" in info and an:
                published[(*key, group)] = float(info[f"faf95_{group}"])
        if info.get("popmax", ".") != ".":
            told = ("popmax", "AC_popmax", "AN_popmax", "nhomalt_popmax")
            popmax[key] = tuple(info[name] for name in told)
    with duckdb.connect(config={"threads": 1}) as connection:
        for macro in load_macros():
            if macro.name in ("faf", "poisson_bound", "largest_groups"):
                connection.execute(macro.sql)
        connection.execute(
            "CREATE TABLE told (position INTEGER, ref VARCHAR, alt VARCHAR, stratum VARCHAR, "
            "ac INTEGER, an INTEGER, homozygotes INTEGER, is_candidate BOOLEAN)"
        )
        connection.executemany("INSERT INTO told VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        connection.execute(
            "CREATE VIEW groups AS SELECT *, '1' AS contig, position AS end_position, "
            "NULL AS sv_length, ac / nullif(an, 0) AS af, faf(ac, an, 0.95) AS faf95, "
            "faf(ac, an, 0.99) AS faf99 FROM told"
        )
        fafs = connection.execute("SELECT position, ref, alt, stratum, faf95 FROM groups")
        found = {tuple(row[:4]): row[4] for row in fafs.fetchall()}
        largest = connection.execute(
            "SELECT position, ref, alt, grpmax, ac_grpmax, an_grpmax, homozygotes_grpmax "
            "FROM largest_groups('groups') WHERE grpmax IS NOT NULL"
        )
        groups = {tuple(row[:3]): tuple(map(str, row[3:])) for row in largest.fetchall()}
    assert len(published) > 300 and sum(value > 0 for value in published.values()) > 15
    for place, value in published.items():
        assert abs(found[place] - value) < 1.1e-6, place
    assert groups == popmax
    assert len(popmax) > 40
