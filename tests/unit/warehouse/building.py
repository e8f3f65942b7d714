"""Small lakes made row by row, with an encoder as plain as LAYOUT.md's own words.

It shares nothing with the ingest: what it writes is what the layout says, so the checks and the
catalog are tried against the contract and not against another module's habits.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from allelake.warehouse.assembly import shipped_assembly
from allelake.warehouse.commit import Transaction, begin
from allelake.warehouse.lake import create_lake
from allelake.warehouse.parquet import TableWriter
from allelake.warehouse.stored import StagedFile
from allelake.warehouse.tables import load_tables

MANY = 51
CONTIGS = ("chr22", "chrX")
# Inside chrX, outside PAR.
HAPLOID = (2_781_480, 155_701_382)


def new_lake(folder: Path, name: str = "a.lake") -> Path:
    create_lake(folder / name, shipped_assembly("GRCh38"))
    return folder / name


def add_people(transaction: Transaction, batch: int, count: int) -> range:
    """Every second one XY; the names say nothing."""
    samples = transaction.tables["samples"]
    first = samples.num_rows
    people = [
        {
            "sample_number": number,
            "sample_id": f"person{number}",
            "participant_id": f"person{number}",
            "batch": batch,
            "sex": "XY" if number % 2 else "XX",
        }
        for number in range(first, first + count)
    ]
    fresh = pa.Table.from_pylist(people, schema=load_tables()["samples"].arrow_schema())
    transaction.tables["samples"] = pa.concat_tables([samples, fresh], promote_options="default")
    return range(first, first + count)


def add_batch_row(
    transaction: Transaction,
    batch: int,
    samples: int,
    variants: int,
    has_adj: bool = True,
    is_whole: bool = False,
) -> None:
    row = {
        "batch": batch,
        "kind": "joint" if samples else "sites_only",
        "absent": "unknown",
        "profile": "generic",
        "is_normalised": "trimmed",
        "normaliser_version": 1,
        "has_adj": has_adj,
        "has_details": not is_whole if samples else None,
        "contigs": list(CONTIGS),
        "samples": samples,
        "records": variants,
        "variants": variants,
        "skipped_records": 0,
        "inputs": [],
        "warnings": [],
        "ingested_at": datetime(2026, 1, 1),
    }
    batches = transaction.tables["batches"]
    fresh = pa.Table.from_pylist([row], schema=batches.schema)
    transaction.tables["batches"] = pa.concat_tables([batches, fresh])


def write_rows(
    table: str,
    folder: Path,
    rows: Iterable[Mapping[str, object]],
    *,
    batch: int = 1,
    part: int = 0,
    contig: str | None = "chr22",
    tier: str | None = None,
    further: Mapping[str, str] | None = None,
) -> StagedFile:
    schema = load_tables()[table].arrow_schema(further)
    given = pa.Table.from_pylist(
        list(rows), schema=pa.schema([f for f in schema if f.name not in ("contig", "tier")])
    )
    writer = TableWriter(
        table, folder, batch=batch, part=part, contig=contig, tier=tier, further_columns=further
    )
    writer.write(given)
    return writer.close()


def key(position: int, alt: str = "G") -> dict[str, object]:
    return {
        "bin": position >> 14,
        "position": position,
        "ref": "A",
        "alt": alt,
        "end_position": position,
        "sv_length": None,
    }


def site(position: int, batch: int, alt: str = "G", **more: object) -> dict[str, object]:
    return {
        **key(position, alt),
        "batch": batch,
        "has_genotypes": True,
        "record_alt_index": 1,
        "record_alt_total": 1,
        "duplicate_records": 0,
        "filters": [],
        **more,
    }


def sites_file(
    folder: Path,
    batch: int,
    positions: Sequence[int],
    contig: str = "chr22",
    further: Mapping[str, str] | None = None,
    part: int = 0,
    **more: object,
) -> StagedFile:
    rows = [site(position, batch, **more) for position in positions]
    return write_rows("sites", folder, rows, batch=batch, part=part, contig=contig, further=further)


def commit_batch(
    lake: Path,
    batch: int,
    people: int = 120,
    variants: int = 8,
    contigs: Sequence[str] = CONTIGS,
    has_adj: bool = True,
    is_whole: bool = False,
) -> None:
    """A batch with both tiers, both policies and haploid X, random but the same every time.

    With `is_whole` (and without `has_adj`) bits are all there is of its common variants.
    """
    with begin(lake) as transaction:
        numbers = add_people(transaction, batch, people)
        total = 0
        for contig in contigs:
            base = HAPLOID[0] + 100_000 if contig == "chrX" else 100_000
            positions = [base + 7 * index for index in range(variants)]
            total += variants
            files = encode(
                transaction.staging, batch, contig, positions, numbers, has_adj, is_whole
            )
            transaction.add(files)
        add_batch_row(transaction, batch, people, total, has_adj, is_whole)
        transaction.commit("ingest", {"batch": batch})


def encode(
    folder: Path,
    batch: int,
    contig: str,
    positions: Sequence[int],
    numbers: range,
    has_adj: bool = True,
    is_whole: bool = False,
) -> list[StagedFile]:
    """All files of one batch on one contig."""
    chance = random.Random(f"{batch} {contig}")
    rows: dict[str, list[dict[str, object]]] = {"rare": [], "common": [], "bits": []}
    missing = dict.fromkeys(numbers, 0)
    for index, position in enumerate(positions):
        genotypes = _genotypes(chance, contig, numbers, rare=index % 2 == 0)
        if not has_adj:
            _without_adj(genotypes, random.Random(f"{batch} {contig} {position}"))
        for number, genotype in genotypes.items():
            missing[number] += genotype["called_count"] == 0
        for block in sorted({number // 1024 for number in numbers}):
            inside = {n: g for n, g in genotypes.items() if n // 1024 == block}
            _encode_block(rows, contig, position, batch, block, inside, is_whole)
    files = [sites_file(folder, batch, positions, contig)]
    for tier in ("rare", "common"):
        if rows[tier]:
            files.append(
                write_rows("calls", folder, rows[tier], batch=batch, contig=contig, tier=tier)
            )
    if rows["bits"]:
        files.append(write_rows("bits", folder, rows["bits"], batch=batch, contig=contig))
    counts = [
        {
            "batch": batch,
            "sample_number": number,
            "genotypes": len(positions),
            "missing_genotypes": missing[number],
            **dict.fromkeys(("half_calls", "dp_n", "dp_sum", "gq_n", "gq_sum"), 0),
        }
        for number in numbers
    ]
    files.append(write_rows("sample_counts", folder, counts, batch=batch, contig=contig))
    if contig == "chrX":
        haploid = _ploidy(batch, numbers)
        files += [write_rows("ploidy", folder, haploid, contig=contig)] if haploid else []
    return files


def plane(numbers: Iterable[int]) -> bytes | None:
    """128 bytes, most significant bit first; None for nobody."""
    bits = bytearray(128)
    for number in numbers:
        bits[number % 1024 // 8] |= 128 >> number % 8
    return bytes(bits) if any(bits) else None


def _is_haploid(contig: str, number: int) -> bool:
    return contig == "chrX" and number % 2 == 1


def _genotypes(
    chance: random.Random, contig: str, numbers: range, rare: bool
) -> dict[int, dict[str, object]]:
    share = 0.03 if rare else 0.7
    made = {}
    for number in numbers:
        ploidy = 1 if _is_haploid(contig, number) else 2
        called = ploidy if chance.random() > share / 6 else chance.randrange(ploidy)
        copies = sum(chance.random() < share for _ in range(called))
        made[number] = {
            "sample_number": number,
            "alt_count": copies,
            "called_count": called,
            "default_count": ploidy,
            "ploidy": ploidy,
            "is_phased": False,
            "passes_adj": called > 0 and chance.random() > (0.05 if rare else 0.3),
            "passes_adj_haploid": called > 0 and chance.random() > 0.05,
        }
    return made


def _without_adj(genotypes: Mapping[int, dict[str, object]], chance: random.Random) -> None:
    """Takes away what adj@1 says, and makes some genotypes phased instead."""
    share = chance.choice([0, 0.5, 1])
    for genotype in genotypes.values():
        is_phased = genotype["ploidy"] == 2 and chance.random() < share
        genotype |= {"passes_adj": None, "passes_adj_haploid": None, "is_phased": is_phased}
        if is_phased and genotype["alt_count"] == 1:
            genotype["haplotype"] = chance.choice([1, 2])


def _encode_block(
    rows: dict[str, list[dict[str, object]]],
    contig: str,
    position: int,
    batch: int,
    block: int,
    genotypes: Mapping[int, dict[str, object]],
    is_whole: bool = False,
) -> None:
    named = {**key(position), "batch": batch}
    other = {
        number: genotype
        for number, genotype in genotypes.items()
        if genotype["alt_count"] or genotype["called_count"] != genotype["default_count"]
    }
    failing = {n: g for n, g in genotypes.items() if n not in other and g["passes_adj"] is False}
    is_common = len(other) > MANY
    has_adj = any(g["passes_adj"] is not None for g in genotypes.values())
    in_bits = has_adj and (is_common or len(other) + len(failing) > MANY)
    kept = {n: g for n, g in other.items() if not is_common or g["alt_count"]}
    if not in_bits:
        kept |= failing
    tier = "common" if is_common else "rare"
    if not (is_whole and is_common):
        rows[tier] += [
            {**named, **genotype, "adj_in_bits": in_bits} for _, genotype in sorted(kept.items())
        ]
    policies = ["raw"] if is_common else []
    if in_bits:
        policies += ["adj@1", "adj@1-haploid"] if contig == "chrX" else ["adj@1"]
    for policy in sorted(policies, key=["adj@1", "adj@1-haploid", "raw"].index):
        counted = _under(policy, genotypes)
        planes = {
            "alt1": plane(n for n, (copies, _) in counted.items() if copies >= 1),
            "alt2": plane(n for n, (copies, _) in counted.items() if copies == 2),
            "short1": plane(n for n, (_, called) in counted.items() if called <= 1),
            "short2": plane(n for n, (_, called) in counted.items() if called == 0),
        }
        if is_whole:
            planes |= _whole_planes(genotypes)
        rows["bits"].append(
            {**named, "block": block, "policy": policy, "is_whole": is_whole, **planes}
        )


def _whole_planes(genotypes: Mapping[int, dict[str, object]]) -> dict[str, bytes | None]:
    paired = {
        n: g["is_phased"] for n, g in genotypes.items() if g["alt_count"] and g["ploidy"] == 2
    }
    are_all = bool(paired) and all(paired.values())
    return {
        "haploid": plane(n for n, g in genotypes.items() if g["ploidy"] == 1),
        "phased": plane(genotypes if are_all else (n for n, phased in paired.items() if phased)),
        "second": plane(n for n, g in genotypes.items() if g.get("haplotype") == 2),
    }


def _under(policy: str, genotypes: Mapping[int, dict[str, object]]) -> dict[int, tuple[int, int]]:
    passing = {"raw": None, "adj@1": "passes_adj", "adj@1-haploid": "passes_adj_haploid"}[policy]
    return {
        number: (int(g["alt_count"]), int(g["called_count"]))  # type: ignore[call-overload]
        if passing is None or g[passing]
        else (0, 0)
        for number, g in genotypes.items()
    }


def _ploidy(batch: int, numbers: range) -> list[dict[str, object]]:
    return [
        {
            "start_position": HAPLOID[0],
            "end_position": HAPLOID[1],
            "batch": batch,
            "block": block,
            "haploid": plane(n for n in numbers if n // 1024 == block and n % 2 == 1),
        }
        for block in sorted({number // 1024 for number in numbers if number % 2 == 1})
    ]
