"""Stored frequencies after any sequence of commits are those that are counted anew."""

import random
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

import pytest

import allelake
from allelake.warehouse.strata.materialise import materialise
from lakes import Row, asking, write_people, write_texts
from random_cohort import RandomBatch, Shape, random_cohort
from random_per_sample import Ingest, mixed_cohort

POPULATIONS = ("CHS", "GBR", "YRI", None)
BY = ("population", "sex")
KEY = ("contig", "position", "ref", "alt", "end_position", "sv_length")
COUNTS = (
    *("ac", "an", "af", "an_record", "an_block", "an_assumed"),
    *("homozygotes", "heterozygotes", "hemizygotes", "half_calls"),
)
Found = dict[tuple[object, ...], tuple[object, ...]]


class Growing:
    """A lake that changes at random, and what is stored of it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.chance = folder, random.Random(seed)
        shape = Shape(samples=9, sites=15, with_files_split=False)
        cohort = mixed_cohort(seed) if seed % 2 else random_cohort(seed, shape)
        self.waiting: list[RandomBatch | Ingest] = [b for b in cohort.batches if b.samples]
        self.lake = allelake.init(folder / "lake", cohort.assembly)
        self.number = 0
        self._asked = (self.lake.snapshot, asking(self.lake))
        # By batch: the texts that it came of, and one of further contigs that has not come yet.
        self.texts: dict[int, list[str]] = {}
        self.rest: dict[int, str] = {}
        self.ingest()
        self.people()
        self.cohort()
        self.ploidy = self.chance.choice(["as_called", "by_sex"])
        has_adj = self.ask("SELECT bool_or(has_adj) AS has FROM batches")[0]["has"]
        self.policies = ("adj@1", "raw") if has_adj else ("raw", "raw_blocks")
        for name in ("all", "some"):
            if self.ask(f"FROM cohort_members WHERE cohort = '{name}'"):
                materialise(
                    self.lake.path,
                    BY,
                    cohort=name,
                    policies=self.policies,
                    ploidy=self.ploidy,
                )
        self.lake.refresh()

    def ask(self, sql: str) -> list[Row]:
        """On one connection for each snapshot."""
        if self._asked[0] != self.lake.snapshot:
            self._asked = (self.lake.snapshot, asking(self.lake))
        return self._asked[1](sql)

    def ingest(self) -> None:
        if not self.waiting:
            return
        self.number += 1
        batch = self.waiting.pop(0)
        texts, rest = batch.texts, ""
        if isinstance(batch, RandomBatch) and len(texts) == 1:
            first, rest = in_two(texts[0])
            texts = (first,)
        paths = write_texts(self.folder / "files", texts, f"batch{self.number}")
        regions = None
        if isinstance(batch, Ingest) and batch.bed is not None:
            regions = self.folder / f"regions{self.number}.bed"
            regions.write_text(batch.bed)
        absent = "reference" if batch.absent == "reference" else None
        options = allelake.IngestOptions(absent=absent, regions=regions, workers=1)
        added = self.lake.ingest(paths, options).batches
        if len(added) == 1 and regions is None:
            self.texts[added[0].batch] = list(texts)
            if rest:
                self.rest[added[0].batch] = rest

    def replace(self) -> None:
        """The samples of a batch come anew, under a header that was not there before."""
        if not self.texts:
            return
        self.number += 1
        number, texts = self.chance.choice(sorted(self.texts.items()))
        there = [row["sample_id"] for row in self.ask(f"FROM samples WHERE batch = {number}")]
        names = [name for text in texts for name in columns_of(text)]
        if sorted(map(str, there)) != sorted(names):
            return
        marked = [text.replace("#CHROM", f"##again={self.number}\n#CHROM", 1) for text in texts]
        paths = write_texts(self.folder / "files", marked, f"again{self.number}")
        self.lake.ingest(paths, allelake.IngestOptions(replace=True, workers=1))
        del self.texts[number]

    def extend(self) -> None:
        """A batch gets the contigs that it was ingested without."""
        if not self.rest:
            return
        self.number += 1
        number = self.chance.choice(sorted(self.rest))
        there = [row["sample_id"] for row in self.ask(f"FROM samples WHERE batch = {number}")]
        text = self.rest.pop(number)
        if sorted(map(str, there)) == sorted(columns_of(text)):
            paths = write_texts(self.folder / "files", [text], f"rest{self.number}")
            self.lake.ingest(paths, allelake.IngestOptions(extend=number, workers=1))

    def people(self) -> None:
        """Moves some people between groups; some had none before."""
        names = [str(row["sample_id"]) for row in self.ask("FROM samples")]
        told = [n for n in names if self.chance.random() < 0.7] or names
        known = {str(r["sample_id"]): r for r in self.ask("FROM samples")}
        columns: dict[str, dict[str, str | None]] = {"sex": {}, "population": {}, "crossed": {}}
        for name in told:
            population = self.chance.choice(POPULATIONS) or known[name].get("population")
            if name == told[0]:
                # An import without a value would leave no such attribute.
                population = population or "CHS"
            sex = self.chance.choice(("XX", "XY", None)) or known[name]["sex"]
            columns["sex"][name] = sex  # type: ignore[assignment]
            columns["population"][name] = population  # type: ignore[assignment]
            columns["crossed"][name] = f"{population}_{sex}" if population and sex else None
        self.number += 1
        path = self.folder / f"people{self.number}.tsv"
        self.lake.import_samples(write_people(path, columns, told))

    def cohort(self) -> None:
        where = self.chance.choice(["sex = 'XX'", "sample_number % 3 > 0", "population = 'CHS'"])
        self.lake.define_cohort("some", where=where, replace=True)

    def withdraw(self) -> None:
        names = sorted({str(row["participant_id"]) for row in self.ask("FROM samples")})
        if len(names) > 2:
            self.lake.withdraw(self.chance.sample(names, 2), reason="asked to")

    def compact(self) -> None:
        self.lake.compact()

    def purge(self) -> None:
        self.lake.purge()

    def change(self) -> str:
        kinds = ["ingest", "people", "cohort", "withdraw", "compact", "purge", "replace", "extend"]
        kind = self.chance.choices(kinds, (4, 3, 2, 3, 1, 1, 2, 3))[0]
        getattr(self, kind)()
        return kind

    def stored(self, name: str, policy: str) -> Found:
        rows = self.ask(f"FROM frequencies WHERE name = '{name}' AND policy = '{policy}'")
        return {
            (row["policy"], row["stratum"], *(row[k] for k in KEY)): tuple(row[k] for k in COUNTS)
            for row in rows
        }

    def counted(self, name: str, policy: str) -> Found:
        found: Found = {}
        terms = f"in_policy := '{policy}', in_ploidy := '{self.ploidy}'"
        known = {row["attribute"] for row in self.ask("FROM attributes")}
        for row in self.ask(f"FROM allele_frequency('{name}', {terms})"):
            found[keyed(row, policy, "all")] = tuple(row[k] for k in COUNTS)
        for attribute in known & {"population", "sex", "crossed"}:
            for row in self.ask(f"FROM allele_frequency_by('{name}', '{attribute}', {terms})"):
                value = row["attribute_value"]
                if value is not None:
                    found[keyed(row, policy, value)] = tuple(row[k] for k in COUNTS)
        return found

    def names(self) -> Iterator[str]:
        for row in self.ask("FROM results WHERE kind = 'frequencies'"):
            yield str(row["name"])


def columns_of(text: str) -> list[str]:
    return next(x for x in text.splitlines() if x.startswith("#CHROM")).split("\t")[9:]


def in_two(text: str) -> tuple[str, str]:
    """The text with some of its contigs, and with the others; '' where it has one only."""
    lines = text.splitlines(keepends=True)
    top = "".join(line for line in lines if line.startswith("#"))
    records = [line for line in lines if not line.startswith("#")]
    contigs = list(dict.fromkeys(line.split("\t")[0] for line in records))
    if len(contigs) < 2:
        return text, ""
    early = contigs[: len(contigs) // 2]
    one = "".join(line for line in records if line.split("\t")[0] in early)
    other = "".join(line for line in records if line.split("\t")[0] not in early)
    return top + one, top + other


def keyed(row: Mapping[str, object], policy: str, stratum: object) -> tuple[object, ...]:
    return (policy, stratum, *(row[k] for k in KEY))


def assert_kept(folder: Path, seed: int, changes: int = 5) -> None:
    growing = Growing(folder, seed)
    told = []
    for step in range(changes + 1):
        if step:
            told.append(growing.change())
        for name, policy in product(growing.names(), growing.policies):
            # Each of them at every second step, and all at the end.
            if step == changes or growing.chance.random() < 0.5:
                said = f"seed {seed}, {name}, {policy}: {told}"
                assert growing.stored(name, policy) == growing.counted(name, policy), said
    assert [f for f in growing.lake.check() if f.severity == "error"] == []


@pytest.mark.parametrize("seed", [1])
def test_incremental_equals_from_scratch(tmp_path: Path, seed: int) -> None:
    assert_kept(tmp_path, seed, changes=2)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 20))
def test_incremental_equals_from_scratch_for_many(tmp_path: Path, seed: int) -> None:
    assert_kept(tmp_path, seed, changes=8)
