"""Kills a commit before every step it takes on the file system, and looks at what is left.

Run by test_commit_kill.py as its own process: it forks before any library has started a thread.
Arguments: a lake with one batch, a scratch folder, and `all`, `seen` or `last`: also before the
steps that no reader can see (fsync), only before the others, or only before the last of those that
a commit takes. Prints one JSON object per line.
"""

import importlib
import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import duckdb

from allelake.errors import LakeError
from allelake.warehouse.check.run import check_lake
from allelake.warehouse.commit import begin
from allelake.warehouse.snapshots import current_snapshot
from allelake.warehouse.upkeep.debris import orphans
from unit.warehouse.building import commit_batch

STEPS = ("rename", "link", "replace", "unlink", "fsync", "rmdir", "mkdir")
PEOPLE, VARIANTS = 60, 2
# Linking manifests and snapshot, the replace that is the commit, and what is tidied after it.
LAST_STEPS = 15


def main(template: Path, scratch: Path, which: str) -> None:
    import_what_children_need(template, scratch)
    scenarios: dict[str, Callable[[Path], None]] = {"commit": second_batch}
    if which == "last":
        # What is tried is the order of steps; waiting for the disk would be half of the time.
        os.fsync = lambda descriptor: None  # type: ignore[assignment]
    else:
        kill_at_random_moments(template, scratch, kills=20 if which == "all" else 3)
        scenarios["recovery"] = recover
    for scenario, change in scenarios.items():
        origin = template
        if scenario == "recovery":
            # The state that a commit leaves when it dies just before the replace.
            origin = scratch / "interrupted"
            shutil.copytree(template, origin)
            names = steps_of(template, scratch, second_batch)
            run(partial(killed_at, origin, names.index("replace"), second_batch))
        names = steps_of(origin, scratch, change)
        seen: set[str] = set()
        for number in steps_to_kill_before(names, which):
            lake = scratch / f"{scenario}{number}"
            shutil.copytree(origin, lake)
            status = run(partial(killed_at, lake, number, change))
            state = fingerprint(lake)
            said = {"scenario": scenario, "step": number, "of": names, "status": status}
            if state not in seen:
                seen.add(state)
                run(partial(look_and_tell, lake, said, is_checked=which != "last"))
            else:
                print(json.dumps(said), flush=True)
            shutil.rmtree(lake)


def steps_to_kill_before(names: list[str], which: str) -> list[int]:
    """Numbers of steps; the last one is that of no step, before which nothing is killed."""
    if which == "all":
        return list(range(len(names) + 1))
    visible = [number for number, name in enumerate(names) if name != "fsync"]
    return [*(visible[-LAST_STEPS:] if which == "last" else visible), len(names)]


def kill_at_random_moments(template: Path, scratch: Path, kills: int) -> None:
    """Kills between any two instructions, not only between steps; the seed is in the output."""
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    started = time.monotonic()
    shutil.copytree(template, scratch / "timed")
    run(partial(second_batch, scratch / "timed"))
    duration = time.monotonic() - started
    for number in range(kills):
        lake = scratch / f"random{number}"
        shutil.copytree(template, lake)
        moment = chance.uniform(0, duration)
        status = run(partial(second_batch, lake), kill_after=moment)
        said = {"scenario": "random", "seed": seed, "moment": moment, "status": status}
        run(partial(look_and_tell, lake, said))
        shutil.rmtree(lake)


def import_what_children_need(template: Path, scratch: Path) -> None:
    """Imports once what every child would import anew: a third of the time."""
    log = scratch / "modules"

    def job() -> None:
        before = set(sys.modules)
        shutil.copytree(template, scratch / "imported")
        second_batch(scratch / "imported")
        look(scratch / "imported")
        log.write_text(json.dumps([name for name in sys.modules if name not in before]))

    assert run(job) == 0
    for name in json.loads(log.read_text()):
        with suppress(ImportError):
            importlib.import_module(name)


def run(job: Callable[[], None], kill_after: float | None = None) -> int:
    """Runs the job in a child, killed after so many seconds; the child's wait status."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            job()
        except BaseException as error:
            print(json.dumps({"failed": repr(error)}), flush=True)
            os._exit(1)
        os._exit(0)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def small_batch(lake: Path, batch: int) -> None:
    commit_batch(lake, batch, people=PEOPLE, variants=VARIANTS, contigs=("chr22",))


def second_batch(lake: Path) -> None:
    small_batch(lake, 2)


def recover(lake: Path) -> None:
    with begin(lake):
        pass


def steps_of(origin: Path, scratch: Path, change: Callable[[Path], None]) -> list[str]:
    """The names of the steps that the change takes, in order."""
    lake, log = scratch / "counted", scratch / "steps"
    shutil.copytree(origin, lake)

    def job() -> None:
        names: list[str] = []
        on_each_step(lambda name: names.append(name))
        change(lake)
        log.write_text(json.dumps(names))

    assert run(job) == 0
    shutil.rmtree(lake)
    return json.loads(log.read_text())


def killed_at(lake: Path, number: int, change: Callable[[Path], None]) -> None:
    """Dies by SIGKILL before the step of that number; lives if there are fewer."""
    left = number

    def count(name: str) -> None:
        nonlocal left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    on_each_step(count)
    change(lake)


def on_each_step(note: Callable[[str], None]) -> None:
    for name in STEPS:
        original = getattr(os, name)

        def step(
            *arguments: object,
            original: Callable[..., object] = original,
            name: str = name,
            **named: object,
        ) -> object:
            note(name)
            return original(*arguments, **named)

        setattr(os, name, step)


def fingerprint(lake: Path) -> str:
    files = sorted(path for path in lake.rglob("*"))
    # What a staging folder is called, and the build of a catalog in it, differ between runs.
    names = [p.relative_to(lake).as_posix() for p in files if "staging" not in p.parts]
    is_left = any((lake / "staging").iterdir()) if (lake / "staging").is_dir() else None
    shown = duckdb_free_number(lake)
    return json.dumps([names, is_left, shown, (lake / "lake.sql").read_text()[:80]])


def duckdb_free_number(lake: Path) -> int | None:
    try:
        return current_snapshot(lake).number
    except LakeError:
        return None


def look(lake: Path, *, is_checked: bool = True) -> dict[str, object]:
    """What readers see after the kill, and what the next writer leaves.

    The whole check takes as long as all the rest.
    """
    after_kill = {"snapshot": current_snapshot(lake).number, "sites": answers(lake)}
    with begin(lake) as transaction:
        names = transaction.tables["samples"].num_rows
        transaction.commit("nothing", {})
    number = current_snapshot(lake).number
    return {
        **after_kill,
        "people": names,
        "next_snapshot": number,
        "sites_after_next": answers(lake),
        "orphans": [path.name for path in orphans(lake, number)],
        "staging": [path.name for path in (lake / "staging").iterdir()],
        "findings_after_next": [str(f) for f in check_lake(lake)] if is_checked else [],
    }


def look_and_tell(lake: Path, said: dict[str, object], *, is_checked: bool = True) -> None:
    print(json.dumps(said | look(lake, is_checked=is_checked)), flush=True)


def answers(lake: Path) -> list[list[int]]:
    connection = duckdb.connect(":memory:", config={"file_search_path": str(lake), "threads": 1})
    connection.execute(f"ATTACH '{lake}/catalog.duckdb' AS lake (READ_ONLY)")
    connection.execute("USE lake")
    rows = connection.execute("SELECT batch, count(*) FROM sites GROUP BY 1 ORDER BY 1").fetchall()
    connection.close()
    return [list(row) for row in rows]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
