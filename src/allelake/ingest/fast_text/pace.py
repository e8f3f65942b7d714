"""Whether texts are taken apart by compiled loops: only where there is much of it.

Importing the compiler and what it made costs a process half a second, as much as the compiled loops
save on this much text (measured). A process that has seen it will see more.
"""

from types import ModuleType

COMPILE_AFTER_BYTES = 48 << 20

_seen_bytes = 0
_loops: ModuleType | None = None


def loops_for(size: int) -> ModuleType | None:
    """The compiled loops, for `size` more bytes of text; None while this process saw but little."""
    global _seen_bytes, _loops
    _seen_bytes += size
    if _loops is None and _seen_bytes >= COMPILE_AFTER_BYTES:
        from allelake.ingest.fast_text import compiled_text

        _loops = compiled_text
    return _loops
