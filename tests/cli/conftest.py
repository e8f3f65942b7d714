"""The command line, run on a small lake.

run        a function: runs `allelake` with arguments in this process; exit code, stdout, stderr
lake       one lake for the session, read only: six samples, chr22 and chrX of GRCh38, raw and adj
own_lake   a copy of it for one test to change
files      the VCFs and the people file that the lake was made of
"""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from small_lakes import copy_of

SAMPLES = ("s1", "s2", "s3", "s4", "s5", "s6")

HEADER = """\
##fileformat=VCFv4.2
##contig=<ID=chr22,length=50818468>
##contig=<ID=chrX,length=156040895>
##FILTER=<ID=PASS,Description="All filters passed">
##FILTER=<ID=low,Description="Low quality">
##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Quality">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Reads">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{samples}
"""

# s1 and s4 are XX, s2 and s5 XY, s6 unknown; s3 is a woman without an age.
CHR22 = [
    "16050075\trs1\tA\tG\t50\tPASS\tDP=9\tGT\t0/1\t0/0\t0/0\t1/1\t./.\t0/0",
    "16050115\trs2;rs22\tG\tA,T\t50\tlow\tDP=9\tGT\t0/1\t0/2\t1/2\t0/0\t0/0\t./1",
    "16060000\t.\tT\tC\t50\tPASS\tDP=9\tGT\t0/0\t0/0\t0/0\t0/0\t0/0\t0/0",
    "16070000\trs4\tC\tCA\t50\tPASS\tDP=9\tGT:GQ:DP:AD\t0/1:99:30:15,15\t0/0:10:30:30,0"
    "\t0/0:99:30:30,0\t0/0:99:30:30,0\t0/1:99:30:29,1\t0/0:99:30:30,0",
]
CHRX = ["5000000\trsX\tC\tT\t50\tPASS\t.\tGT\t0/1\t1\t0/0\t0/1\t0\t0/1"]

PEOPLE = """\
sample_id\tsex\tpopulation\tage
s1\tF\tnorth\t41
s2\tM\tnorth\t30
s3\tF\tsouth\t
s4\tF\tsouth\t12
s5\tM\tsouth\t80
s6\t\tnorth\t55
"""


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    return lambda *arguments, stdin="": run_here(monkeypatch, arguments, stdin)


def run_here(monkeypatch: pytest.MonkeyPatch, arguments: tuple[object, ...], stdin: str) -> Ended:
    from allelake.cli.app import main

    out, err = io.BytesIO(), io.BytesIO()
    monkeypatch.setattr(sys, "argv", ["allelake", *(str(each) for each in arguments)])
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, "utf-8", write_through=True))
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(err, "utf-8", write_through=True))
    monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
    try:
        main()
        code = 0
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 0 if left.code is None else 1
    return Ended(code, out.getvalue().decode(errors="replace"), err.getvalue().decode())


def write_vcf(path: Path, contig: str, records: list[str], samples: tuple[str, ...]) -> Path:
    lines = "".join(f"{contig}\t{record}\n" for record in records)
    path.write_text(HEADER.format(samples="\t".join(samples)) + lines)
    return path


@dataclass(frozen=True)
class Files:
    """What the lake was made of."""

    chr22: Path
    chrx: Path
    people: Path


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("files")
    (folder / "people.tsv").write_text(PEOPLE)
    return Files(
        write_vcf(folder / "chr22.vcf", "chr22", CHR22, SAMPLES),
        write_vcf(folder / "chrX.vcf", "chrX", CHRX, SAMPLES),
        folder / "people.tsv",
    )


@pytest.fixture(scope="session")
def lake(files: Files, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lakes") / "small.lake"
    with pytest.MonkeyPatch.context() as patch:
        for arguments in (
            ("init", path, "--assembly", "GRCh38"),
            ("ingest", path, files.chr22, files.chrx, "--workers", "1"),
            ("samples", "import", path, files.people),
            ("cohort", "define", path, "north", "--where", "population = 'north'"),
        ):
            ended = run_here(patch, arguments, "")
            assert ended.code == 0, ended.err
    return path


@pytest.fixture
def own_lake(lake: Path, tmp_path: Path) -> Path:
    return copy_of(lake, tmp_path)
