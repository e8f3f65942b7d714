"""Draws gVCF texts of one person with odd lines among plain ones."""

from random import Random

HEADER = """##fileformat=VCFv4.2
##ALT=<ID=NON_REF,Description="any other">
##FILTER=<ID=q10,Description="low">
##contig=<ID=chr1,length=100000>
##contig=<ID=chr2,length=90000>
##contig=<ID=chrX,length=80000>
##INFO=<ID=END,Number=1,Type=Integer,Description="end">
##INFO=<ID=DP,Number=1,Type=Integer,Description="depth">
##INFO=<ID=Score,Number=1,Type=Float,Description="score">
##INFO=<ID=PerAlt,Number=A,Type=Float,Description="per ALT">
##INFO=<ID=PerAllele,Number=R,Type=Integer,Description="per allele">
##INFO=<ID=Two,Number=2,Type=Integer,Description="two">
##INFO=<ID=Any,Number=.,Type=Float,Description="any number">
##INFO=<ID=Word,Number=1,Type=String,Description="word">
##INFO=<ID=Words,Number=.,Type=String,Description="words">
##INFO=<ID=WordPerAlt,Number=A,Type=String,Description="words">
##INFO=<ID=Flagged,Number=0,Type=Flag,Description="flag">
##FORMAT=<ID=GT,Number=1,Type=String,Description="genotype">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description="depths">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description="depth">
##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="quality">
##FORMAT=<ID=MIN_DP,Number=1,Type=Integer,Description="least depth">
##FORMAT=<ID=PL,Number=G,Type=Integer,Description="likelihoods">
##FORMAT=<ID=PS,Number=1,Type=Integer,Description="phase set">
##FORMAT=<ID=LEN,Number=1,Type=Integer,Description="length">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1
"""

# What may stand in a column instead, each rarely; most of it is odd or wrong.
ODD_COLUMNS = {
    0: ("chr9", "chr1 ", ""),
    1: ("0", "-5", "1e3", "0012", "4000000000", "", "99999999999"),
    2: ("rs1", "rs1;rs2", "rs 1", "", ";rs1"),
    3: ("a", "M", "", ".", "AC", "ACGTACGTACGTACGTACGTA", "<X>"),
    4: ("<DEL>", "A]chr2:9]", "a", "", "*", "*,<NON_REF>", "C,G,<NON_REF>", "A,A", "N", "C,*", "T"),
    5: (".", "12.5", "-3", "nan", "1e-5", "x", "", "5.", ".5"),
    6: ("PASS", "q10", "q10;PASS", "", "q99", "q10;q10", "PASS;PASS"),
    7: (
        "END=5",
        "END=x",
        "END=.",
        "DP=3;END=99999999",
        "DP=3;;Flagged",
        "Flagged=1",
        "DP",
        "DP=1;DP=2",
        "Undeclared=4",
        "Score=nan",
        "Score=1e400",
        "DP=5000000000",
        "DP=-4",
        "Two=1",
        "Two=1,.",
        "PerAlt=.,.",
        "PerAlt=1",
        "Any=.",
        "Words=a,.,b",
        "Word=",
        "WordPerAlt=a,b",
        "",
        "=5",
        "Any=1,2,3,.",
    ),
    8: ("GT", "GT:LEN", "DP:GT", ".", "GT:GT", "GT:XX", "GT:", ""),
    9: (
        "./.",
        "0",
        "1",
        "0/1:3",
        "1|0",
        "0/1/1",
        "0/9",
        "0/12345",
        "-1/0",
        ".",
        "0/.",
        "./1",
        "0/0:1234567890123",
        "0/1:-",
        "0/0:0:0:0",
        "0/0:.:.:.:.",
        "1/1:1:1:1:1:1:1:1:1",
        "",
    ),
}


def draw(random: Random, records: int, *, odd: float = 0.0) -> str:
    """A text of so many records; a part `odd` of them has something odd in a column."""
    lines: list[str] = []
    for contig in ("chr1", "chr2", "chrX"):
        position = random.randint(1, 50)
        for _ in range(records // 3):
            columns, position = _record(random, contig, position)
            if random.random() < odd:
                place = random.choice(list(ODD_COLUMNS))
                columns[place] = random.choice(ODD_COLUMNS[place])
            lines.append("\t".join(columns))
    return HEADER + "\n".join(lines) + "\n"


def _record(random: Random, contig: str, position: int) -> tuple[list[str], int]:
    """A record's columns, and where the next may begin."""
    fields = f"{random.randint(0, 40)}:{random.randint(0, 99)}"
    if random.random() < 0.6:
        end = position + random.choice((0, 0, 3, 20))
        alt = random.choice(("<NON_REF>", "<NON_REF>", "<*>", "."))
        info = f"END={end}" if end > position or random.random() < 0.5 else "."
        genotype = random.choice(("0/0", "0/0", "0/0", "0", "./.", "0|0"))
        base = random.choice("ACGTN")
        sample = f"{genotype}:{fields}:{random.randint(0, 9)}"
        filters = random.choice((".", "PASS", "q10"))
        columns = [contig, str(position), ".", base, alt, ".", filters, info, "GT:DP:GQ:MIN_DP"]
        return [*columns, sample], end + 1 + random.choice((0, 0, 5))
    ref, alts = _alleles(random)
    total = alts.count(",") + 1
    genotype = f"{random.randint(0, total)}{random.choice('/|')}{random.randint(0, total)}"
    depths = ",".join(str(random.randint(0, 30)) for _ in range(total + 1))
    info = _info(random, total)
    columns = [contig, str(position), ".", ref, alts, str(random.randint(1, 999)), ".", info]
    phase = random.choice((".", str(position)))
    sample = f"{genotype}:{depths}:{fields}:{phase}"
    return [*columns, "GT:AD:DP:GQ:PS", sample], position + random.choice((0, 1, len(ref)))


def _alleles(random: Random) -> tuple[str, str]:
    length = random.choice((1, 1, 1, 2, 5))
    ref = "".join(random.choice("ACGT") for _ in range(length))
    other = random.choice([base for base in "ACGT" if base != ref[-1]])
    alts = [ref[:-1] + other]
    if random.random() < 0.3:
        alts.append(ref + "GT")
    if random.random() < 0.1:
        alts.append("*")
    if random.random() < 0.8:
        alts.append(random.choice(("<NON_REF>", "<*>")))
    return ref, ",".join(alts)


def _info(random: Random, alts: int) -> str:
    def numbers(total: int) -> str:
        return ",".join(str(random.randint(-9, 99)) for _ in range(total))

    items = [
        f"DP={random.randint(0, 99)}",
        f"Score={random.gauss(0, 1):.3f}",
        f"PerAlt={','.join(f'{random.random():.4g}' for _ in range(alts))}",
        f"PerAllele={numbers(alts + 1)}",
        f"Two={numbers(2)}",
        f"Any={numbers(random.randint(1, 4))}",
        "Word=a_long_word_of_letters",
        "Words=a,b",
        "Flagged",
    ]
    return ";".join(random.sample(items, random.randint(1, len(items))))
