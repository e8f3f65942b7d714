"""The ## lines of a VCF header, taken apart as the specification writes them."""

import re
from dataclasses import dataclass

# VCF 4.3 section 1.4: keys within <> are names; a value is quoted, bracketed or runs to , or >.
ATTRIBUTE = re.compile(
    r"""\s*(?P<key>[A-Za-z_][\w.]*)\s*=\s*
        (?:"(?P<quoted>(?:[^"\\]|\\.)*)"\s*|\[(?P<list>[^\]]*)\]|(?P<bare>[^",>]*))
        (?P<end>,|>|$)""",
    re.VERBOSE,
)
ESCAPED = re.compile(r"\\(.)")
STRUCTURED_KEYS = ("INFO", "FORMAT", "FILTER", "ALT", "contig")


@dataclass(frozen=True)
class HeaderLine:
    """One ## line. `attributes` is what stands in <>, None for a plain `##key=value`.

    `is_whole` is False where only the front of the <> could be read; `number` counts from 1.
    """

    number: int
    key: str
    value: str
    attributes: dict[str, str] | None = None
    is_whole: bool = True

    @property
    def text(self) -> str:
        return f"##{self.key}={self.value}"


def parse_header_line(text: str, number: int) -> HeaderLine | None:
    """One ## line taken apart; None if it is no `##key=value`.

    >>> line = parse_header_line('##INFO=<ID=DP,Number=1,Type=Integer,Description="a, b">', 7)
    >>> line.key, line.attributes["ID"], line.attributes["Description"]
    ('INFO', 'DP', 'a, b')
    """
    key, equals, value = text[2:].partition("=")
    if not equals or not key.strip():
        return None
    if not value.startswith("<"):
        return HeaderLine(number, key, value, None, key not in STRUCTURED_KEYS)
    attributes, is_whole = _parse_attributes(value)
    return HeaderLine(number, key, value, attributes, is_whole)


def _parse_attributes(value: str) -> tuple[dict[str, str], bool]:
    attributes: dict[str, str] = {}
    at = 1
    while match := ATTRIBUTE.match(value, at):
        found = match["quoted"]
        if found is not None:
            found = ESCAPED.sub(r"\1", found)
        elif match["list"] is not None:
            found = match["list"]
        else:
            found = match["bare"].strip()
        attributes.setdefault(match["key"], found)
        at = match.end()
        if match["end"] == ">":
            return attributes, not value[at:].strip()
        if not match["end"]:
            break
    return attributes, False
