"""The demo from nothing to a frequency: simulates, ingests, asks; shows each command it runs."""

import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

from allelake.demo.simulate import DemoFiles, make_demo
from allelake.demo.sites import CONTIG_LENGTHS, FOUNDER_ID, FOUNDER_POSITION
from allelake.errors import AllelakeError, UsageError

LAKE = "demo.lake"
PEOPLE = "people.tsv"
NOTE = "about-this-folder.txt"
_UNFINISHED = "allelake is making a demo here.\n"
_FINISHED = (
    "An allelake demo: a simulated cohort. No person, no real genome. Delete it when you like.\n"
)


def run_demo(folder: Path, *, people: int = 1000, rebuild: bool = False) -> None:
    """Makes the demo in `folder` if it is not there, asks it some questions, and says how to go on.

    A finished demo is kept unless `rebuild`; an unfinished one is made again.
    """
    if state_of(folder) == _FINISHED and not rebuild:
        say(f"There is a demo in {folder} already (`--rebuild` makes it again). Asking it:")
    else:
        build(folder, people)
    ask(folder)
    go_on(folder)


def state_of(folder: Path) -> str | None:
    """What the note in the folder says; None where the folder is empty or missing.

    Raises UsageError where the folder holds something else: a demo overwrites nothing.
    """
    note = folder / NOTE
    if note.is_file():
        return note.read_text()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} holds other files; give the demo an empty folder or a new name")
    return None


def build(folder: Path, people: int) -> None:
    """Simulates the cohort and takes it into a new lake."""
    begun = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NOTE).write_text(_UNFINISHED)
    shutil.rmtree(folder / LAKE, ignore_errors=True)
    say(f"Simulating {people:,} people of three invented populations ...")
    files = make_demo(folder, people)
    say_files(files)
    lake = str(folder / LAKE)
    allelake("init", lake, "--assembly", "GRCh38")
    allelake("ingest", lake, *(str(folder / f"{contig}.vcf.gz") for contig in CONTIG_LENGTHS))
    allelake("samples", "import", lake, str(folder / PEOPLE))
    allelake("cohort", "define", lake, "island", "--where", "population = 'island'")
    (folder / NOTE).write_text(_FINISHED)
    say(f"\nFrom nothing to a lake in {time.monotonic() - begun:.0f} seconds.")


def say_files(files: DemoFiles) -> None:
    for path in files.vcfs:
        say(f"  {path}  {path.stat().st_size / 1e6:.1f} MB")
    say(f"  {files.people}")
    say(f"  {files.records:,} records, {files.samples:,} samples; nobody here is real")


def ask(folder: Path) -> None:
    """Asks the lake for frequencies by population, and for a cohort's summary."""
    lake = str(folder / LAKE)
    near = f"chr22:{FOUNDER_POSITION - 1_000}-{FOUNDER_POSITION + 1_000}"
    say("\nHow common is one variant in each population?")
    allelake("frequency", lake, "--id", FOUNDER_ID, "--by", "population")
    say("\nAnd those around it, in the cohort `island`?")
    allelake("frequency", lake, "--cohort", "island", "--region", near, "--min-ac", "1")
    say("\nWho is in that cohort, and what do they carry?")
    allelake("summary", lake, "--cohort", "island")


def go_on(folder: Path) -> None:
    """Prints commands and SQL to go on with."""
    lake = shlex.quote(str(folder / LAKE))
    say(
        f"""
Go on with:
  allelake carriers {lake} --id {FOUNDER_ID}
  allelake frequency {lake} --region chrX:2,781,480-2,800,000 --ploidy by_sex --by sex
  allelake frequency {lake} --region chr21 --policy adj@1 --format csv
  allelake cohort define {lake} children --where "age < 18"
  allelake queries {lake}
  allelake sql {lake} "FROM allele_frequency('island') WHERE af > 0.05 LIMIT 10"
  allelake check {lake}

The same in DuckDB, from inside the lake's folder (duckdb -readonly catalog.duckdb):
  FROM allele_frequency_by('all', 'population', in_region := 'chr22:20,500,000');
  FROM carriers(in_region := 'chr22:20,500,000');

The tutorial is docs/tutorial/first-lake.md."""
    )


def allelake(*arguments: str) -> None:
    """Shows a command and runs it as a process of its own, as a person would."""
    say(f"\n$ {' '.join(map(quoted, ['allelake', *arguments]))}")
    program = "import sys; from allelake.cli.app import main; sys.argv[0] = 'allelake'; main()"
    done = subprocess.run([sys.executable, "-c", program, *arguments], check=False)
    if done.returncode != 0:
        raise AllelakeError(f"The demo stopped: `allelake {arguments[0]}` failed, as shown above.")


def say(text: str) -> None:
    # Flushed, so that it stands before what the next process prints.
    print(text, flush=True)


def quoted(word: str) -> str:
    """A word of a command line as a person would type it.

    >>> print(quoted("population = 'island'"))
    "population = 'island'"
    """
    if "'" in word and not set('"$`\\!') & set(word):
        return f'"{word}"'
    return shlex.quote(word)
