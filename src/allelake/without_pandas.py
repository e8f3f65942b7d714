"""pandas kept out of a process that has no use for it."""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType


class _WithoutPandas:
    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name == "pandas":
            raise ModuleNotFoundError("pandas is not used in this process", name=name)
        return None


def hide_pandas() -> None:
    """pyarrow imports pandas where it is installed (0.3 s); commands and workers never use it.

    Only for processes that are allelake's own, since what is hidden cannot be imported by anybody:
    where one of the two is imported already, somebody else's code runs too.
    """
    if "pandas" in sys.modules or "pyarrow" in sys.modules:
        return
    sys.meta_path.insert(0, _WithoutPandas())
