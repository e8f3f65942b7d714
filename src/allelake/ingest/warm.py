"""What workers for a large file make ready before they fork: compiled code, loaded once for all.

Loading it takes a quarter of a second, beside as much for the compiler. It is loaded at a call with
the same types, so a file of a few lines is inspected and read as a large one is.
"""

import os
import tempfile
from pathlib import Path

from allelake.ingest.spec import BatchSpec, Part, PartInput

# What a worker can be told to make ready.
TEXT, BCF = "text", "bcf"
# A file below this may hold so little text that nothing compiled is used for it.
LEAST_BYTES = 1 << 22

# As numba names what it keeps of the function that reads genotypes.
_COMPILED = "kernel.take_lines-*.nbi"

# More than a variant of tier rare may have: so both tiers are written.
_SAMPLES = 64
_HEAD = (
    "##fileformat=VCFv4.2",
    "##contig=<ID=1>",
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="">',
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t"
    + "\t".join(map(str, range(_SAMPLES))),
)


def wanted(files: list[Path]) -> str:
    """What is worth being made ready for these files: TEXT, BCF or nothing."""
    large = [file for file in files if file.is_file() and file.stat().st_size >= LEAST_BYTES]
    if not large:
        return ""
    return BCF if large[0].suffix == ".bcf" else TEXT


def has_to_compile(files: list[Path]) -> bool:
    """Whether what is wanted for these files was never compiled for this user on this machine.

    False, too, where the user says where such things are kept.
    """
    if wanted(files) != TEXT or "NUMBA_CACHE_DIR" in os.environ:
        return False
    beside = Path(__file__).parent / "cohort_text" / "__pycache__"
    elsewhere = Path.home() / ".cache" / "numba"
    return not any((*beside.glob(_COMPILED), *elsewhere.glob(f"*/{_COMPILED}")))


def warm(what: str) -> None:
    """Imports and loads it."""
    if what == BCF:
        import allelake.ingest.cohort_bcf.source
        import allelake.ingest.inspection.bcf_pieces
        import allelake.ingest.inspection.cohort_scan  # noqa: F401
    else:
        with tempfile.TemporaryDirectory() as folder:
            _read_text(Path(folder))


def _read_text(folder: Path) -> None:
    from allelake.ingest.cohort.part import CohortRun
    from allelake.ingest.cohort_text.source import TextSource
    from allelake.ingest.inspection.pieces import scan_piece, survey_file

    path, chunk_bytes = folder / "few.vcf", 1 << 20
    path.write_text("\n".join([*_HEAD, *_lines()]) + "\n")
    survey = survey_file(path, least_text_bytes=1)
    assert survey is not None
    report = scan_piece(survey, survey.pieces[0])
    assert report is not None
    item = PartInput(path, "vcf", None, tuple(range(_SAMPLES)), report.records)
    part = Part(1, (item,), None, None, None, report.records)
    spec = _spec()
    CohortRun(spec, part, folder, TextSource(spec, item, chunk_bytes), chunk_bytes).run(None)


def _lines() -> list[str]:
    """A variant that everybody has, and others that one has."""
    most, few = ["0|1"] * _SAMPLES, ["0|0"] * (_SAMPLES - 1) + ["0|1"]
    return [
        "\t".join(["1", str(position), ".", "A", "C", ".", ".", ".", "GT", *genotypes])
        for position, genotypes in enumerate([most, few, few], 1)
    ]


def _spec() -> BatchSpec:
    return BatchSpec(
        batch=1,
        first_sample=0,
        sample_total=_SAMPLES,
        contig_names={"1": "1"},
        contig_lengths={"1": 1_000},
        zones=(),
        info=(),
        format=(),
        has_adj=False,
        has_dp=False,
        has_gq=False,
        has_ps=False,
    )
