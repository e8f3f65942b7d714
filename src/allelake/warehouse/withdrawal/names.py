"""Names of people who are gone, in texts that others wrote: found, and taken out."""

import mmap
import re
from collections.abc import Iterable

import pyarrow as pa

# What stands where a name was. No sample can bear it: names of samples are never in brackets.
REDACTED = "[redacted]"
# Shorter names are in words, digests and compressed pages by chance: of fewer than 4 letters they
# count only as a whole text or an SQL literal, of fewer than 6 bytes only where they stand alone.
SHORTEST_IN_TEXT = 4
SHORTEST_IN_BYTES = 6
_QUOTE = "'"
_ALONE = r"(?<![^\W_]){}(?![^\W_])"


class GoneNames:
    """Names to take out of texts, whatever their case, and not where a name that stays has them.

    >>> names = GoneNames({"NA12878"}, {"NA12878-2"})
    >>> names.redacted("sample_id in ('NA12878', 'na12878', 'NA12878-2')")
    "sample_id in ('[redacted]', '[redacted]', 'NA12878-2')"
    """

    def __init__(self, gone: Iterable[str], staying: Iterable[str | None] = ()) -> None:
        self.gone = frozenset(gone)
        spelled = {text for name in self.gone for text in (name, _doubled(name))}
        # A longer name before one that it holds: the first that fits is taken.
        long = {text for text in spelled if len(text) >= SHORTEST_IN_TEXT}
        self._short = self.gone - long
        self._any = re.compile("|".join(map(re.escape, _longest_first(long))), re.IGNORECASE)
        kept = {name for name in staying if name and long and self._any.search(name)} - self.gone
        self._kept = kept | {_doubled(name) for name in kept}
        patterns = {**{text: _pattern(text) for text in long}}
        patterns |= {text: re.escape(text) for text in self._kept}
        ordered = [patterns[text] for text in _longest_first(patterns)]
        self._found = re.compile("|".join(ordered), re.IGNORECASE) if long else None
        self._folded = {text.casefold() for text in self._kept}

    def __bool__(self) -> bool:
        return bool(self.gone)

    def redacted(self, text: str) -> str:
        """The text without the names."""
        if text in self.gone:
            return REDACTED
        for name in self._short:
            text = text.replace(_literal(name), f"'{REDACTED}'")
        if self._found is None:
            return text
        return self._found.sub(lambda m: m[0] if self._stays(m[0]) else REDACTED, text)

    def is_in(self, text: str) -> bool:
        """Whether one of the names is in the text."""
        if text in self.gone or any(_literal(name) in text for name in self._short):
            return True
        if self._found is None:
            return False
        return any(not self._stays(found[0]) for found in self._found.finditer(text))

    def in_bytes(self, content: bytes | mmap.mmap, is_packed: bool = False) -> bool:
        """Whether one of the names that are long enough is in the bytes, spelled as it is.

        Packed bytes break words apart: names within the name of who stays are not sought there.
        """
        for name in self.gone:
            sought = name.encode()
            if len(sought) < SHORTEST_IN_BYTES:
                continue
            kept = [each.encode() for each in self._kept if name in each]
            if is_packed and kept:
                continue
            at = content.find(sought)
            while at >= 0:
                alone = not name.isdecimal() or _is_alone_at(content, at, len(sought))
                if alone and not any(_is_kept_at(content, at, sought, each) for each in kept):
                    return True
                at = content.find(sought, at + 1)
        return False

    def redacted_predicate(self, predicate: str) -> str:
        """An SQL expression with the names taken out of its literals: a column may be called so."""
        literals = r"'(?:[^']|'')*'|\$\$.*?\$\$"
        return re.sub(literals, lambda found: self._in_literal(found[0]), predicate, flags=re.S)

    def _in_literal(self, literal: str) -> str:
        edge = 1 if literal[0] == _QUOTE else 2
        start, text, end = literal[:edge], literal[edge:-edge], literal[-edge:]
        return f"{start}{self.redacted(text)}{end}"

    def may_be_in(self, texts: pa.Array) -> bool:
        """Whether a text of the array may have a name; quick, and sometimes yes for nothing."""
        # A tenth of a second of every start, for what only a purge asks.
        import pyarrow.compute as pc

        is_one = pc.is_in(texts, value_set=pa.array(sorted(self.gone), pa.string()))
        if pc.any(is_one).as_py():
            return True
        pattern = self.rough_pattern
        if not pattern:
            return False
        return bool(pc.any(pc.match_substring_regex(texts, pattern, ignore_case=True)).as_py())

    @property
    def rough_pattern(self) -> str:
        """A regular expression that finds every text with a name of 4 letters or more."""
        return self._any.pattern

    def _stays(self, found: str) -> bool:
        return found in self._kept or (found not in self.gone and found.casefold() in self._folded)


def _pattern(name: str) -> str:
    is_glued = len(name.encode()) >= SHORTEST_IN_BYTES and not name.isdecimal()
    return re.escape(name) if is_glued else _ALONE.format(re.escape(name))


def _is_alone_at(content: bytes | mmap.mmap, at: int, length: int) -> bool:
    """Whether no letter or digit is beside it: counts and digests are full of digits."""
    before, after = content[max(0, at - 1) : at], content[at + length : at + length + 1]
    return not (before.isalnum() or after.isalnum())


def _is_kept_at(content: bytes | mmap.mmap, at: int, sought: bytes, kept: bytes) -> bool:
    """Whether what was found is within the name of somebody who stays."""
    start = kept.find(sought)
    while start >= 0:
        if start <= at and content[at - start : at - start + len(kept)] == kept:
            return True
        start = kept.find(sought, start + 1)
    return False


def _longest_first(texts: Iterable[str]) -> list[str]:
    return sorted(texts, key=lambda text: (-len(text), text))


def _doubled(name: str) -> str:
    return name.replace(_QUOTE, _QUOTE * 2)


def _literal(name: str) -> str:
    return f"'{_doubled(name)}'"
