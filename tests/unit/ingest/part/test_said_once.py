"""What htslib says once in a process is told of every file, whichever was read before."""

from pathlib import Path

import pytest

from allelake.errors import InputError
from unit.ingest.part.running import run, spec_for, vcf

PL = '##FORMAT=<ID=PL,Number=.,Type=Integer,Description="likelihoods">\n'
GL = '##FORMAT=<ID=GL,Number=3,Type=Float,Description="likelihoods">\n'
ODD_PL = ("htslib", 1, "PL should be declared as Number=G")
END = ("end_before_pos", 2, "chr1:20")


def text(declared: str, *records: str) -> str:
    """A file of two samples with further lines in its header."""
    made: str = vcf(["a", "b"], records or ["chr1 10 . A C . . . GT 0/1 0/0"])
    return made.replace("##INFO", declared + "##INFO", 1)


@pytest.mark.parametrize(
    "declared, records, told",
    [
        (PL, (), [ODD_PL]),
        (PL.replace("=.", "=G"), (), []),
        (PL.replace("FORMAT", "INFO"), (), []),
        (PL + GL, (), [("htslib", 2, "PL should be declared as Number=G")]),
        ("", ("chr1 10 . A C . . END=10 GT 0/1 0/0",), []),
        (
            "",
            (
                "chr1 20 . A C . . END=19 GT 0/1 0/0",
                "chr1 30 . A C . . END=. GT 0/1 0/0",
                "chr1 40 . A C . . END=3 GT 0/1 0/0",
            ),
            [END],
        ),
    ],
)
def test_a_second_file_is_told_of_as_the_first_was(
    tmp_path: Path, declared: str, records: tuple[str, ...], told: list[tuple[str, int, str]]
) -> None:
    """In the process that read the first."""
    for number in range(2):
        folder = tmp_path / str(number)
        folder.mkdir()
        summary = run(folder, text(declared, *records), spec_for(2))
        assert [(n.code, n.count, n.first) for n in summary.notices] == told


def test_strict_refuses_a_second_file_as_it_does_the_first(tmp_path: Path) -> None:
    """It was laxer with the files that a worker read later."""
    for number in range(2):
        folder = tmp_path / str(number)
        folder.mkdir()
        with pytest.raises(InputError, match=r"PL should be declared.*Refused by --strict"):
            run(folder, text(PL), spec_for(2, strict=True))
