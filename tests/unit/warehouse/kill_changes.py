"""Kills compact, vacuum, withdraw, purge and ingest, and looks at what is left.

Run by test_change_kill.py as its own process: it forks before any library has started a thread.
Arguments: a scratch folder, a scenario, how many kills at random moments, and `random`, or `steps`
to kill it before each of its steps too (`steps/3`: each third). Prints one JSON object per line.

A further change needs one line of SCENARIOS: how the lake it works on is made, and the change.
"""

import hashlib
import importlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import duckdb

import allelake
from allelake.errors import LakeError
from allelake.warehouse.check.files import check_history, check_stored_files
from allelake.warehouse.commit import begin
from allelake.warehouse.snapshots import current_snapshot
from allelake.warehouse.upkeep.debris import orphans
from unit.warehouse.building import commit_batch, new_lake
from unit.warehouse.kill_commit import fingerprint, killed_at, run, steps_of

Change = Callable[[Path], object]
QUESTIONS = (
    "FROM allele_frequency('all')",
    "FROM samples",
    "SELECT * EXCLUDE (removed_at, purged_at) FROM removals",
    "SELECT * EXCLUDE (result) FROM frequencies",
    "SELECT kind, name, sample_numbers, stale_reason FROM results",
    "SELECT * EXCLUDE (result) FROM unrelated",
)


@dataclass(frozen=True)
class Scenario:
    """A lake, and a change to it. `is_neutral`: it changes no answer."""

    prepare: Change
    change: Change
    is_neutral: bool


def compact(lake: Path) -> None:
    from allelake.warehouse.upkeep.compact import compact as change

    change(lake)


def vacuum(lake: Path) -> None:
    from allelake.warehouse.upkeep.vacuum import vacuum as change

    change(lake, keep=1, grace=timedelta(0))


def withdraw(lake: Path) -> None:
    from allelake.warehouse.withdrawal.withdraw import withdraw as change

    change(lake, ["person3", "person65"], "a test")


def materialize(lake: Path) -> None:
    from allelake.warehouse.strata.materialise import materialise

    materialise(lake, ["sex"])


def purge(lake: Path) -> None:
    from allelake.warehouse.withdrawal.purge import purge as change

    change(lake)


def ingest(lake: Path) -> None:
    """By a process of its own, in a session of its own, with workers of its own."""
    files = sorted(str(path) for path in lake.parent.glob("*.vcf"))
    command = [sys.executable, "-m", "allelake", "ingest", str(lake), *files, "--workers", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def three_batches(lake: Path) -> None:
    for batch in (1, 2, 3):
        commit_batch(lake, batch, people=60, variants=3, contigs=("chr22",))


def counted(lake: Path) -> None:
    three_batches(lake)
    materialize(lake)


def stored(lake: Path) -> None:
    """Counts that each commit keeps true, and a result that none does."""
    import pyarrow as pa

    from allelake.warehouse.results.stored import store_result

    counted(lake)
    rows = pa.table({"sample_number": pa.array([0, 3], pa.int32())})
    with begin(lake) as transaction:
        store_result(
            transaction,
            "unrelated",
            "all",
            {"unrelated": rows},
            cohort="all",
            settings={},
            sample_numbers=range(180),
        )
        transaction.commit("structure unrelated", {})


def fourth_batch(lake: Path) -> None:
    with begin(lake) as transaction:
        is_there = 4 in transaction.tables["batches"].column("batch").to_pylist()
    if not is_there:
        commit_batch(lake, 4, people=60, variants=3, contigs=("chr22",))


def withdrawn(lake: Path) -> None:
    three_batches(lake)
    withdraw(lake)


def stored_and_withdrawn(lake: Path) -> None:
    stored(lake)
    withdraw(lake)


def single_samples(lake: Path) -> None:
    """One batch, and beside the lake the files of two samples with blocks."""
    commit_batch(lake, 1, people=60, variants=3, contigs=("chr22",))
    for name in ("left", "right"):
        rows = [
            "chr22\t90000\t.\tA\t<NON_REF>\t.\t.\tEND=100000\tGT:DP:GQ\t0/0:30:60",
            "chr22\t100007\t.\tA\tG,<NON_REF>\t50\tPASS\t.\tGT:DP:GQ:AD\t0/1:30:60:15,15,0",
        ]
        header = [
            "##fileformat=VCFv4.2",
            "##contig=<ID=chr22,length=50818468>",
            '##INFO=<ID=END,Number=1,Type=Integer,Description="End">',
            '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
            '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">',
            '##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Quality">',
            '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Reads">',
            f"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{name}",
        ]
        (lake.parent / f"{name}.vcf").write_text("\n".join([*header, *rows]) + "\n")


SCENARIOS = {
    "compact": Scenario(three_batches, compact, True),
    "vacuum": Scenario(three_batches, vacuum, True),
    "withdraw": Scenario(three_batches, withdraw, False),
    "purge": Scenario(withdrawn, purge, True),
    "materialize": Scenario(three_batches, materialize, False),
    "withdraw from stored results": Scenario(stored, withdraw, False),
    "purge beside stored results": Scenario(stored_and_withdrawn, purge, True),
    "compact beside stored results": Scenario(stored, compact, True),
    "another batch beside stored results": Scenario(stored, fourth_batch, False),
    "ingest": Scenario(single_samples, ingest, False),
}


def main(scratch: Path, name: str, kills: int, how: str) -> None:
    scenario = SCENARIOS[name]
    import_what_children_need(scratch, scenario)
    origin = scratch / "origin"
    assert run(partial(prepare, origin, scenario)) == 0
    done = scratch / "done"
    copy(origin, done)
    started = time.monotonic()
    assert run(partial(scenario.change, lake_in(done))) == 0
    duration = time.monotonic() - started
    ends = {"before": told(origin), "after": told(done)}
    print(json.dumps({"scenario": name, "seconds": duration, **ends}), flush=True)
    if how != "random":
        kill_at_steps(scratch, origin, scenario, int(how.partition("/")[2] or 1))
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    for number in range(kills):
        folder = scratch / f"random{number}"
        copy(origin, folder)
        moment = chance.uniform(0, duration)
        status = kill_after(scenario, lake_in(folder), moment)
        said = {"seed": seed, "moment": moment, "status": status}
        assert run(partial(look_and_tell, folder, scenario, said)) == 0
        shutil.rmtree(folder)


def kill_at_steps(scratch: Path, origin: Path, scenario: Scenario, stride: int) -> None:
    names = steps_of(lake_in(origin), scratch, scenario.change)
    seen: set[str] = set()
    for number in range(0, len(names) + 1, stride):
        if names[number : number + 1] == ["fsync"]:
            # No reader can see it; the step after it is killed before too.
            continue
        folder = scratch / f"step{number}"
        copy(origin, folder)
        status = run(partial(killed_at, lake_in(folder), number, scenario.change))
        said = {"step": number, "of": len(names), "status": status}
        state = fingerprint(lake_in(folder))
        if state not in seen:
            seen.add(state)
            assert run(partial(look_and_tell, folder, scenario, said)) == 0
        shutil.rmtree(folder)


def kill_after(scenario: Scenario, lake: Path, moment: float) -> int:
    """The change in a child with a session of its own, of which every process is killed."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.setsid()
        # What the change prints when it is not killed is of no interest.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        try:
            scenario.change(lake)
        except BaseException:
            os._exit(1)
        os._exit(0)
    time.sleep(moment)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def lake_in(folder: Path) -> Path:
    return folder / "a.lake"


def copy(origin: Path, folder: Path) -> None:
    shutil.copytree(origin, folder)


def prepare(folder: Path, scenario: Scenario) -> None:
    folder.mkdir()
    scenario.prepare(new_lake(folder))


def import_what_children_need(scratch: Path, scenario: Scenario) -> None:
    """Imports once what every child would import anew: a third of the time."""
    log = scratch / "modules"

    def job() -> None:
        before = set(sys.modules)
        folder = scratch / "imported"
        prepare(folder, scenario)
        with suppress(LakeError):
            scenario.change(lake_in(folder))
        look(folder, scenario)
        log.write_text(json.dumps([name for name in sys.modules if name not in before]))

    assert run(job) == 0
    for name in json.loads(log.read_text()):
        with suppress(ImportError):
            importlib.import_module(name)


def told(folder: Path) -> dict[str, object]:
    """What a child sees of the lake: this process opens no database, so that it can fork."""
    log = folder.parent / "told"
    assert run(lambda: log.write_text(json.dumps(seen_in(lake_in(folder)))) and None) == 0
    return dict(json.loads(log.read_text()))


def seen_in(lake: Path) -> dict[str, object]:
    return {"snapshot": current_snapshot(lake).number, "answers": answers(lake)}


def look(folder: Path, scenario: Scenario) -> dict[str, object]:
    """What readers see after the kill; then the change is made again, and must complete."""
    lake = lake_in(folder)
    after_kill = seen_in(lake)
    as_killed = file_findings(lake, ("error",))
    with suppress(LakeError), begin(lake):
        # What the killed one left is taken away by any writer.
        pass
    cleaned = {
        "orphans": [path.name for path in orphans(lake, current_snapshot(lake).number)],
        "staging": [path.name for path in (lake / "staging").iterdir()],
    }
    scenario.change(lake)
    return {
        **after_kill,
        "errors_when_killed": as_killed,
        **cleaned,
        "answers_after_again": answers(lake),
        "findings_after_again": file_findings(lake, ("error", "info")),
    }


def file_findings(lake: Path, severities: tuple[str, ...]) -> list[str]:
    """What `check` says of snapshots, manifests and bytes; the counts are in the answers."""
    history = check_history(lake)
    live: set[str] = set()
    stored = [f for _, f in check_stored_files(lake, history.every_file, live, lambda: None)]
    return [str(f) for f in [*history.findings, *stored] if f.severity in severities]


def look_and_tell(folder: Path, scenario: Scenario, said: dict[str, object]) -> None:
    print(json.dumps(said | look(folder, scenario)), flush=True)


def answers(lake: Path) -> str:
    """A digest of all rows of some questions, asked as the plain DuckDB command line would.

    The library, which takes the list of files from the snapshot, must answer alike.
    """
    with allelake.open(lake) as opened:
        frequencies = opened.sql(f"{QUESTIONS[0]} ORDER BY ALL").tuples()
        by_library = [row for rows in frequencies for row in rows]
    connection = duckdb.connect(":memory:", config={"file_search_path": str(lake), "threads": 1})
    try:
        connection.execute(f"ATTACH '{lake}/catalog.duckdb' AS lake (READ_ONLY)")
        connection.execute("USE lake")
        rows = [connection.execute(f"{q} ORDER BY ALL").fetchall() for q in QUESTIONS]
        assert by_library == rows[0]
    finally:
        connection.close()
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4])
