"""Whatever a VCF says of each sample, the tables of a part say too: raw, adj@1, both tiers."""

import random
from pathlib import Path

import pytest

from allelake.ingest import part_encode
from allelake.ingest.encoding import adj as encode_adj
from allelake.ingest.encoding import calls as encode_calls
from allelake.ingest.encoding import phases, ploidy
from allelake.ingest.encoding import planes as encode
from allelake.ingest.encoding import sites as encode_sites
from allelake.ingest.spec import Field, KeptField
from unit.ingest.part.random_vcf import random_records
from unit.ingest.part.running import run, spec_for, vcf
from unit.ingest.part.staged import Staged, rows_of
from unit.ingest.part.vcf_text import genotypes_of

# The nineteen kinds of the design; ALT 3 of the records below is `*`.
NINETEEN = [
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
]
ADJ = {"has_adj": True, "has_dp": True, "has_gq": True}
GOOD, LOW_DEPTH, LOW_QUALITY, SKEWED = (
    "30:99:15,15,15,15",
    "7:99:4,3,3,3",
    "30:19:15,15,15,15",
    ("30:99:25,5,5,5"),
)


def assert_same(staged: Staged, text: str, first_sample: int, policies: tuple[str, ...]) -> None:
    """Every sample at every variant, and the details of every row of calls."""
    expected = genotypes_of(text)
    assert set(staged.sites) == set(expected)
    for key, genotypes in expected.items():
        for place, genotype in enumerate(genotypes):
            sample = first_sample + place
            for policy in policies:
                if policy == "adj@1-haploid" and (key[0] != "chrX" or key[1] <= 1_000):
                    continue
                found = staged.counts(key, sample, policy)
                assert found == genotype.counts(policy), (key, place, policy, genotype)
            row = staged.calls.get(key, {}).get(sample)
            assert row is not None or not genotype.alt_count, (key, place, genotype)
            if row is not None:
                assert row["alt_count"] == genotype.alt_count
                assert row["called_count"] == genotype.called_count
                assert row["default_count"] == staged.default_count(key, sample)
                assert row["ploidy"] == genotype.ploidy
                assert row["is_phased"] == (genotype.is_phased and genotype.ploidy == 2)
                assert row["haplotype"] == genotype.haplotype
                if "adj@1" in policies:
                    for name in ("dp", "gq", "ad_ref", "ad_alt"):
                        assert row[name] == getattr(genotype, name)
                    assert row["passes_adj"] == genotype.passes_adj()
                    assert row["passes_adj_haploid"] == genotype.passes_adj(as_haploid=True)


@pytest.mark.parametrize("contig, default", [("chr1", "0/0"), ("chrX", "0")])
@pytest.mark.parametrize("repeats", [1, 60])
@pytest.mark.parametrize("values", [GOOD, LOW_DEPTH, LOW_QUALITY, SKEWED])
def test_each_kind_of_genotype_counts_as_written(
    tmp_path: Path, contig: str, default: str, repeats: int, values: str
) -> None:
    """Nineteen kinds among samples that are mostly reference: few (rare tier) or many (common)."""
    kinds = NINETEEN * repeats
    samples = [f"s{i}" for i in range(len(kinds))]
    head = f"{contig} {{}} . A G,T,* . . . GT:DP:GQ:AD"
    records = [
        " ".join([head.format(5000), *(f"{kind}:{values}" for kind in kinds)]),
        *(
            " ".join([head.format(5000 + i), *(f"{default}:{values}" for _ in kinds)])
            for i in (1, 2, 3)
        ),
    ]
    text = vcf(samples, records)
    spec = spec_for(len(samples), **ADJ)
    summary = run(tmp_path, text, spec)
    staged = Staged.of([summary])
    key = (contig, 5000, "A", "G", 5000, None)
    assert {row["tier"] for row in staged.calls[key].values()} == {
        "rare" if repeats == 1 else "common"
    }
    assert staged.default_count(key, 0) == (1 if contig == "chrX" else 2)
    assert_same(staged, text, 0, ("raw", "adj@1", "adj@1-haploid"))


@pytest.mark.parametrize("seed", range(6))
def test_random_files_come_back_whatever_the_chunks_and_the_block(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chunks of a few records, samples that begin inside a block and go into the next one.

    Two times of three the arrays are worked through in the smallest steps, or the smallest groups.
    """
    rng = random.Random(seed)
    if seed % 3 == 1:
        for module in (encode, encode_adj, encode_sites, ploidy):
            monkeypatch.setattr(module, "_STEP_GENOTYPES", 1)
        monkeypatch.setattr(encode_calls, "_MOST_ROWS", 3)
    if seed % 3 == 2:
        monkeypatch.setattr(part_encode, "_GROUP_GENOTYPES", 1)
    samples = rng.choice([1, 7, 130, 600])
    first = rng.choice([0, 5, 1000, 1024, 1999])
    has_adj = rng.random() < 0.7
    text = vcf([f"s{i}" for i in range(samples)], random_records(rng, samples, 12))
    spec = spec_for(samples, first_sample=first, batch=3, **(ADJ if has_adj else {}))
    chunk_bytes = rng.choice([1, 3 * samples * 4, 1 << 24])
    summary = run(tmp_path, text, spec, chunk_bytes=chunk_bytes)
    policies = ("raw", "adj@1", "adj@1-haploid") if has_adj else ("raw",)
    assert_same(Staged.of([summary]), text, first, policies)


@pytest.mark.parametrize("seed", range(6))
def test_rows_of_bits_stand_for_carriers_where_nothing_else_is_kept(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alleles, ploidy and phase of all carriers come back; calls has rows of tier rare only."""
    if seed % 2:
        monkeypatch.setattr(phases, "_STEP_GENOTYPES", 1)
    rng = random.Random(seed)
    samples = rng.choice([130, 700, 1_025])
    first = rng.choice([0, 5, 1000, 1999])
    text = vcf([f"s{i}" for i in range(samples)], random_records(rng, samples, 12))
    if seed == 0:
        text = text.replace("/", "|")
    summary = run(tmp_path, text, spec_for(samples, first_sample=first, batch=3))
    staged = Staged.of([summary])
    assert_same(staged, text, first, ("raw",))
    assert {file.tier for file in summary.files if file.table == "calls"} == {"rare"}
    whole = {row["is_whole"] for row in rows_of([summary], "bits")}
    assert whole == {True}
    assert any(row["tier"] == "common" for rows in staged.calls.values() for row in rows.values())


@pytest.mark.parametrize("details", [
    {"has_dp": True},
    {"has_gq": True},
    {"has_ps": True},
    {"has_ad": True},
    {"format": (KeptField(Field("WORD", "1", "String"), "format_word", "VARCHAR"),)},
])  # fmt: skip
def test_a_batch_that_keeps_any_detail_has_rows_of_calls_for_all_carriers(
    tmp_path: Path, details: dict[str, object]
) -> None:
    records = ["chr1 5 . A G . . . GT" + " 0|1" * 60]
    text = vcf([f"s{i}" for i in range(60)], records)
    summary = run(tmp_path, text, spec_for(60, **details))
    assert summary.counts["calls_common"] == 60
    (row,) = rows_of([summary], "bits")
    assert not row["is_whole"]
    assert row["haploid"] is row["phased"] is row["second"] is None


@pytest.mark.parametrize("odd, failing, tier, policies", [
    (51, 0, "rare", []),
    (52, 0, "common", ["adj@1", "raw"]),
    (30, 21, "rare", []),
    (30, 22, "rare", ["adj@1"]),
    (0, 51, "rare", []),
    (0, 52, None, ["adj@1"]),
])  # fmt: skip
def test_more_than_51_genotypes_that_are_no_default_are_many(
    tmp_path: Path, odd: int, failing: int, tier: str | None, policies: list[str]
) -> None:
    """Under adj@1 those that fail count beside them; then no row is written for their sake."""
    cells = ["./.:30:99:30,0"] * (odd // 2) + ["0/1:30:99:15,15"] * (odd - odd // 2)
    cells += ["0/0:9:99:9,0"] * failing + ["0/0:30:99:30,0"] * (100 - odd - failing)
    text = vcf([f"s{i}" for i in range(100)], [f"chr1 5 . A G . . . GT:DP:GQ:AD {' '.join(cells)}"])
    staged = Staged.of([run(tmp_path, text, spec_for(100, **ADJ))])
    (key,) = staged.sites
    rows = staged.calls.get(key, {}).values()
    assert {row["tier"] for row in rows} == ({tier} if tier else set())
    assert {row["adj_in_bits"] for row in rows} <= {bool(policies)}
    assert sum(not row["alt_count"] and row["called_count"] == 2 for row in rows) == (
        0 if policies else failing
    )
    assert sorted(policy for _, _, policy in staged.bits) == policies
    assert_same(staged, text, 0, ("raw", "adj@1"))
