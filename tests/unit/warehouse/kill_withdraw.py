"""Kills a withdrawal and a purge before every step on the file system, and looks at what is left.

Run by test_withdraw_kill.py as its own process. Arguments: a lake with one batch, a scratch
folder, and `all` or `seen` as kill_commit.py has them. Prints one JSON object per line.
"""

import importlib
import json
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import duckdb

from allelake.warehouse.check.run import check_lake
from allelake.warehouse.snapshots import current_snapshot, snapshot_numbers
from allelake.warehouse.withdrawal.purge import purge
from allelake.warehouse.withdrawal.withdraw import withdraw
from unit.warehouse.kill_commit import killed_at, run, steps_of
from withdrawal_search import search

GONE, NUMBERS = ("person57", "person31"), (57, 31)


def main(template: Path, scratch: Path, which: str) -> None:
    # What is tried is the order of steps; waiting for the disk would be most of the time.
    os.fsync = lambda descriptor: None  # type: ignore[assignment]
    import_what_children_need(template, scratch)
    withdrawn = scratch / "withdrawn"
    shutil.copytree(template, withdrawn)
    assert run(partial(leave, withdrawn)) == 0
    scenarios: dict[str, tuple[Path, Callable[[Path], object]]] = {
        "withdraw": (template, leave),
        "purge": (withdrawn, purge),
    }
    for scenario, (origin, change) in scenarios.items():
        names = steps_of(origin, scratch, change)  # type: ignore[arg-type]
        seen: set[str] = set()
        for number in range(len(names) + 1):
            if which == "seen" and names[number : number + 1] == ["fsync"]:
                continue
            lake = scratch / f"{scenario}{number}"
            shutil.copytree(origin, lake)
            status = run(partial(killed_at, lake, number, change))  # type: ignore[arg-type]
            said = {"scenario": scenario, "step": number, "of": names, "status": status}
            state = state_of(lake)
            if state in seen and status != 0:
                print(json.dumps(said), flush=True)
            else:
                seen.add(state)
                assert run(partial(look_and_tell, lake, said)) == 0
            shutil.rmtree(lake)


def import_what_children_need(template: Path, scratch: Path) -> None:
    """Imports once what every child would import anew."""
    log = scratch / "modules"

    def job() -> None:
        before = set(sys.modules)
        lake = Path(shutil.copytree(template, scratch / "imported"))
        leave(lake)
        look_and_tell(lake, {"scenario": "imports"})
        log.write_text(json.dumps([name for name in sys.modules if name not in before]))

    assert run(job) == 0
    for name in json.loads(log.read_text()):
        with suppress(ImportError):
            importlib.import_module(name)


def state_of(lake: Path) -> str:
    """What tells one state from another: names hold digests of times, so files are counted."""
    folders: dict[str, int] = {}
    for path in lake.rglob("*"):
        where = path.relative_to(lake)
        place = "staging" if where.parts[0] == "staging" else where.parent.as_posix()
        folders[place] = folders.get(place, 0) + 1
    folders["staging"] = bool(folders.get("staging"))
    redacted = [
        path.name for path in lake.glob("snapshots/*.json") if b'redacted": {' in path.read_bytes()
    ]
    ended = [b'finished_at": null' in path.read_bytes() for path in lake.glob("receipts/*.json")]
    sizes = [(lake / name).read_text()[:90] for name in ("lake.sql",)]
    shown = current_snapshot(lake).number
    return json.dumps([sorted(folders.items()), sorted(redacted), ended, sizes, shown])


def leave(lake: Path) -> None:
    withdraw(lake, GONE, "consent withdrawn")


def look_and_tell(lake: Path, said: dict[str, object]) -> None:
    """What is answered after the kill, and whether the next run completes what was begun."""
    after_kill = {
        "snapshot": current_snapshot(lake).number,
        "answers": answers(lake),
        "errors": [str(f) for f in check_lake(lake) if f.severity == "error"],
    }
    if said["scenario"] == "withdraw":
        leave(lake)
        withdrawn = {"answers_after_next": answers(lake)}
        print(json.dumps(said | after_kill | withdrawn), flush=True)
        return
    purge(lake)
    completed = {
        "answers_after_next": answers(lake),
        "findings": [str(finding) for finding in check_lake(lake)],
        "traces": search(lake, GONE, NUMBERS),
        "staging": [path.name for path in (lake / "staging").iterdir()],
        "left_to_purge": purge(lake) is not None,
        "unfinished": sum(
            json.loads(path.read_bytes())["finished_at"] is None
            for path in (lake / "receipts").glob("*.json")
        ),
        "snapshots": snapshot_numbers(lake),
    }
    print(json.dumps(said | after_kill | completed), flush=True)


def answers(lake: Path) -> list[object]:
    connection = duckdb.connect(":memory:", config={"file_search_path": str(lake), "threads": 1})
    connection.execute(f"ATTACH '{lake}/catalog.duckdb' AS lake (READ_ONLY)")
    connection.execute("USE lake")
    numbers = ", ".join(map(str, NUMBERS))
    rows = connection.execute(
        "SELECT (SELECT count(*) FROM samples), (SELECT count(*) FROM calls), "
        f"(SELECT count(*) FROM calls WHERE sample_number IN ({numbers})), "
        "(SELECT sum(bit_count(alt1::BIT)) FROM bits), (SELECT count(*) FROM sample_counts), "
        "(SELECT sum(samples) FROM batches), (SELECT count(*) FROM cohort_members)"
    ).fetchall()
    connection.close()
    return [int(value or 0) for value in rows[0]]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
