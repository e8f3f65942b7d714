"""Lakes of real files, each made once in a test run; their answers in the shape of the truth."""

from collections.abc import Iterable
from pathlib import Path

import allelake
from lakes import Row, asking
from truth.datasets import SUPER_POPULATIONS, Dataset
from truth.truth_tables import Table, TruthCounts, table_of


class RealLakes:
    """Makes the lake of a dataset when it is first asked for."""

    def __init__(self, data: Path, folder: Path) -> None:
        self.data = data
        self._folder = folder
        self._made: dict[str, allelake.Lake] = {}

    def of(self, dataset: Dataset, duplicates: str = "refuse") -> allelake.Lake:
        """One batch of all the dataset's files; `duplicates` is the rule for repeated variants."""
        name = f"{dataset.name}.{duplicates}"
        if name not in self._made:
            lake = self.empty(name, dataset.assembly)
            options = allelake.IngestOptions(workers=2, duplicates=duplicates)  # type: ignore[arg-type]
            lake.ingest([self.data / file for file in dataset.files], options)
            self._made[name] = lake
        return self._made[name]

    def empty(self, name: str, assembly: str) -> allelake.Lake:
        """A lake of this name without anything in it."""
        return allelake.init(self._folder / name, assembly)

    def with_people(self, dataset: Dataset) -> allelake.Lake:
        """The same with the 1000 Genomes sample sheet, and the super-population of everyone."""
        lake = self.of(dataset)
        ask = asking(lake)
        if "super_population" not in {row["attribute"] for row in ask("FROM attributes")}:
            lake.import_samples(self.data / "cohort/1000g_2504.ped")
            lake.import_samples(self._super_populations(asking(lake)("FROM samples")))
        return lake

    def _super_populations(self, samples: Iterable[Row]) -> Path:
        part_of = {part: whole for whole, parts in SUPER_POPULATIONS.items() for part in parts}
        lines = [f"{s['sample_id']}\t{part_of[str(s['population'])]}\n" for s in samples]
        sheet = self._folder / "super_populations.tsv"
        sheet.write_text("sample_id\tsuper_population\n" + "".join(lines))
        return sheet


def frequency_table(lake: allelake.Lake, arguments: str = "'all'", where: str = "true") -> Table:
    """The answer of allele_frequency as the truth has it; `where` chooses rows."""
    return lake_table(asking(lake)(f"FROM allele_frequency({arguments}) WHERE {where}"))


def lake_table(rows: Iterable[Row]) -> Table:
    return table_of(
        (
            (row["contig"], row["position"], row["ref"], row["alt"]),  # type: ignore[misc]
            TruthCounts(
                ac=row["ac"],  # type: ignore[arg-type]
                an=row["an"],  # type: ignore[arg-type]
                homozygotes=row["homozygotes"],  # type: ignore[arg-type]
                heterozygotes=row["heterozygotes"],  # type: ignore[arg-type]
                one_allele=row["hemizygotes"] + row["half_calls"],  # type: ignore[operator]
            ),
        )
        for row in rows
    )
