"""The real sample that goes by another name is found: HG004 here is HG007 byte for byte."""

from pathlib import Path

import allelake
from allelake.structure.relatives import store_kinship
from allelake.structure.sites import SiteRules


def test_hg004_is_a_duplicate_of_hg007(shared_data: Path, tmp_path: Path) -> None:
    """Files of single people name carriers only: what they lack is unknown, and said to be."""
    files = [shared_data / f"single_sample/HG00{number}.1k.vcf.gz" for number in (4, 5, 6, 7)]
    with allelake.init(tmp_path / "lake", "GRCh38") as lake:
        lake.ingest(files, allelake.IngestOptions(workers=1))
        stored = store_kinship(lake.path, sites=SiteRules(0, 1))
        lake.refresh()
        (closest, *_) = lake.sql("FROM relatives('HG004')").to_dicts()
    assert (closest["sample_id"], closest["relationship"]) == ("HG007", "duplicate")
    assert (closest["kinship"], closest["ibs0_share"]) == (0.5, 0)
    assert any("comes out too high" in note for note in stored.notes)
