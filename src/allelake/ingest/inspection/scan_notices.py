"""What a file shows that is taken all the same: counted by kind, with the first place."""

from allelake.errors import InputError
from allelake.ingest.spec import Notice

# A hostile file may have a different fault in every record; beyond these, kinds are lumped.
MAX_NOTICES = 200
FURTHER = ("further", "further notices of many kinds")


class NoticeBook:
    """Notices of one file, counted; under `strict` the first fault is a refusal.

    `fact` is for what is no fault of the file (records without ALT, say): strict takes it too.
    """

    def __init__(self, path: object, *, strict: bool = False):
        self._path = path
        self._strict = strict
        self._counts: dict[tuple[str, str], int] = {}
        self._firsts: dict[tuple[str, str], str | None] = {}

    def fault(self, code: str, message: str, first: str | None = None, count: int = 1) -> None:
        if self._strict:
            at = f" at {first}" if first else ""
            raise InputError(
                f"{self._path}{at}: {message}. Without --strict this is taken and counted."
            )
        self.fact(code, message, first, count)

    def fact(self, code: str, message: str, first: str | None = None, count: int = 1) -> None:
        key = (code, message)
        if key not in self._counts:
            if len(self._counts) >= MAX_NOTICES:
                key = FURTHER
            self._firsts.setdefault(key, first)
        self._counts[key] = self._counts.get(key, 0) + count

    def has(self, code: str) -> bool:
        """Whether a notice of this kind was taken."""
        return any(known == code for known, _ in self._counts)

    def again(self, code: str, count: int) -> None:
        """Count more of a kind that was taken before."""
        if count:
            message = next((text for known, text in self._counts if known == code), None)
            key = FURTHER if message is None else (code, message)
            self._counts[key] = self._counts.get(key, 0) + count

    def notices(self) -> tuple[Notice, ...]:
        return tuple(
            Notice(code, message, count, self._firsts[code, message])
            for (code, message), count in self._counts.items()
        )
