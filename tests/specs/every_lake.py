"""Every lake that the specs draw: for what must hold of any lake whatever."""

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path

Drawn = dict[str, str]


def drawn_lakes() -> Iterator[tuple[str, Drawn]]:
    """(where it is drawn, what is drawn) of each lake that a spec gives to `answers`, once each."""
    seen: set[tuple[tuple[str, str], ...]] = set()
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        module = importlib.import_module(f"specs.{path.stem}")
        for name, spec in inspect.getmembers(module, inspect.isfunction):
            # Parametrised specs draw the same lakes with other arguments, or need more fixtures.
            if not name.startswith("test_") or list(inspect.signature(spec).parameters) != [
                "answers"
            ]:
                continue
            lakes: list[Drawn] = []

            def keep(*_: object, lakes: list[Drawn] = lakes, **given: object) -> None:
                named = {key: str(text) for key, text in given.items()}
                lakes.append(
                    {k: v for k, v in named.items() if k not in ("query", "expected", "storages")}
                )

            spec(keep)
            for number, lake in enumerate(lakes, 1):
                drawn = tuple(sorted(lake.items()))
                if drawn not in seen:
                    seen.add(drawn)
                    yield f"{path.stem}.{name} {number}", lake
