"""Lakes made from texts and files through the public API, for tests that ask them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import allelake
from random_cohort import RandomCohort, random_cohort
from random_per_sample import MixedCohort

Row = Mapping[str, object]


@dataclass(frozen=True)
class CohortOrder:
    """A cohort to define: by a predicate, or by a list of samples."""

    name: str
    where: str | None
    samples: tuple[str, ...]


def asking(lake: allelake.Lake) -> Callable[[str], list[Row]]:
    """A function that answers SQL with rows as dicts, on a connection of its own."""
    connection = lake.connect()

    def ask(sql: str) -> list[Row]:
        answer = connection.execute(sql)
        names = [column[0] for column in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    return ask


def write_texts(folder: Path, texts: Sequence[str], stem: str) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, text in enumerate(texts):
        paths.append(folder / f"{stem}_{number}.vcf")
        paths[-1].write_text(text)
    return paths


def write_people(
    path: Path, columns: Mapping[str, Mapping[str, str | None]], samples: Sequence[str]
) -> Path:
    """A TSV of samples; what is not known is an empty field."""
    lines = ["\t".join(["sample_id", *columns])]
    for name in samples:
        lines.append("\t".join([name, *(values.get(name) or "" for values in columns.values())]))
    path.write_text("\n".join(lines) + "\n")
    return path


def lake_of(
    folder: Path,
    cohort: RandomCohort,
    orders: Sequence[CohortOrder] = (),
    *,
    workers: int = 1,
    attributes: Mapping[str, Mapping[str, str | None]] | None = None,
) -> allelake.Lake:
    """A lake in `folder` with the cohort's batches, people and cohorts."""
    folder.mkdir(parents=True, exist_ok=True)
    lake = allelake.init(folder / "lake", cohort.assembly)
    for number, batch in enumerate(cohort.batches, 1):
        paths = write_texts(folder / "files", batch.texts, f"batch{number}")
        absent = batch.absent if batch.samples else None
        lake.ingest(paths, allelake.IngestOptions(absent=absent, workers=workers))
    columns = {"sex": cohort.sexes, "population": cohort.populations, **(attributes or {})}
    add_people(lake, folder, cohort, columns, orders)
    return lake


def mixed_lake_of(
    folder: Path, cohort: MixedCohort, orders: Sequence[CohortOrder] = ()
) -> allelake.Lake:
    """A lake of gVCFs, single-sample VCFs and joint call sets, one command after the other."""
    lake = allelake.init(folder / "lake", cohort.assembly)
    for number, ingest in enumerate(cohort.batches, 1):
        paths = write_texts(folder / "files", ingest.texts, f"ingest{number}")
        regions = None
        if ingest.bed is not None:
            regions = folder / f"regions{number}.bed"
            regions.write_text(ingest.bed)
        absent = "reference" if ingest.absent == "reference" else None
        lake.ingest(paths, allelake.IngestOptions(absent=absent, regions=regions, workers=1))
    columns = {"sex": cohort.sexes, "population": cohort.populations}
    if cohort.participants:
        everyone = [name for ingest in cohort.batches for name in ingest.samples]
        columns["participant_id"] = {n: cohort.participants.get(n, n) for n in everyone}
        columns["preferred"] = {n: str(n in cohort.preferred).lower() for n in everyone}
    add_people(lake, folder, cohort, columns, orders)
    return lake


def add_people(
    lake: allelake.Lake,
    folder: Path,
    cohort: RandomCohort | MixedCohort,
    columns: Mapping[str, Mapping[str, str | None]],
    orders: Sequence[CohortOrder],
) -> None:
    everyone = [name for batch in cohort.batches for name in batch.samples]
    lake.import_samples(write_people(folder / "people.tsv", columns, everyone))
    for order in orders:
        if order.name != "all":
            listed = None if order.where else list(order.samples)
            lake.define_cohort(order.name, where=order.where, samples=listed)


__all__ = [
    "CohortOrder",
    "Row",
    "asking",
    "lake_of",
    "mixed_lake_of",
    "random_cohort",
    "write_people",
    "write_texts",
]
