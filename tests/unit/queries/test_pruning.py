"""A region reads the row groups it needs: through the macro, for a text, a list and a BED file."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import allelake
from allelake.queries.ask import call
from allelake.queries.place import place_of

RECORDS = 140_000
STEP_BP = 300


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[allelake.Lake]:
    """Every site is carried by one sample: three row groups of sites, and two of rare calls."""
    folder = tmp_path_factory.mktemp("pruning")
    head = (
        "##fileformat=VCFv4.2\n##contig=<ID=chr1,length=248956422>\n"
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n'
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ta\tb\n"
    )
    lines = (
        f"chr1\t{n * STEP_BP}\t.\tA\tG\t.\t.\t.\tGT\t0/1\t0/0\n" for n in range(1, RECORDS + 1)
    )
    (folder / "many.vcf").write_text(head + "".join(lines))
    opened = allelake.init(folder / "many.lake", assembly="GRCh38")
    opened.ingest([folder / "many.vcf"])
    yield opened
    opened.close()


def row_groups(lake: allelake.Lake, place: str | list[str] | Path | None) -> tuple[int, int, int]:
    """Rows of the answer, row groups read, and row groups there are."""
    connection = lake.connect()
    where = {"bed": place} if isinstance(place, Path) else {"region": place}
    asked = place_of(connection, **where).argument()
    connection.execute("PRAGMA enable_profiling = 'no_output'")
    connection.execute("PRAGMA profiling_mode = 'detailed'")
    rows = connection.sql(f"FROM {call('allele_frequency', 'all', **asked)}").fetchall()
    read = json.loads(connection.get_profiling_information("json"))["query"]
    return len(rows), read["total_row_groups_scanned"], read["total_row_groups_to_scan"]


def test_without_a_region_every_row_group_is_read(lake: allelake.Lake) -> None:
    rows, read, there = row_groups(lake, None)
    assert rows == RECORDS
    assert read == there >= 9


@pytest.mark.parametrize("kind", ["text", "list", "bed"])
def test_a_region_prunes_row_groups(lake: allelake.Lake, kind: str, tmp_path: Path) -> None:
    """100 kb at either end lie in one row group each of sites and of calls."""
    first, last = "chr1:300,000-400,000", "chr1:41,800,000-41,900,000"
    bed = tmp_path / "two.bed"
    bed.write_text("chr1\t299999\t400000\nchr1\t41799999\t41900000\n")
    place = {"text": first, "list": [first, last], "bed": bed}[kind]
    rows, read, _ = row_groups(lake, place)
    spans = 1 if kind == "text" else 2
    assert rows == pytest.approx(334 * spans, abs=2)
    _, of_everything, _ = row_groups(lake, None)
    # Two tables lose all row groups but one for each span; the small tables are read whole.
    assert read <= of_everything - (3 - spans) - (2 - spans)
