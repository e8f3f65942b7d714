"""Profiles: which fields of a kind of source are kept, and how its genotypes are to be read."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from allelake.errors import UsageError
from allelake.files import shipped
from allelake.ingest.spec import AbsentRule, Header
from allelake.nearest import did_you_mean

GENERIC = "generic"
SECTIONS: dict[str, dict[str, type]] = {
    "": {
        "name": str,
        "what": str,
        "order": int,
        "match": dict,
        "info": dict,
        "format": dict,
        "genotypes": dict,
        "absent": str,
    },
    "match": {"source": list, "sites_only": bool},
    "info": {"keep": list, "drop": list},
    "format": {"keep": list, "drop": list},
    "genotypes": {"half_calls_are_haploid": bool, "filter_by_ft": bool},
}


@dataclass(frozen=True)
class FieldRule:
    """Names to keep and to drop; a name ending in * stands for all that begin so.

    A name written out counts before a pattern, and dropping before keeping.
    """

    keep: tuple[str, ...]
    drop: tuple[str, ...]

    def keeps(self, name: str) -> bool:
        if name in self.drop:
            return False
        if name in self.keep:
            return True
        return not _fits(name, self.drop) and _fits(name, self.keep)

    def asks_for(self, name: str) -> bool:
        """Whether the name itself, and not only a pattern, is to be kept."""
        return name in self.keep and name not in self.drop


@dataclass(frozen=True)
class Profile:
    """One kind of source. `sources` are searched for in the header's lines `key=value`."""

    name: str
    what: str
    order: int
    sources: tuple[re.Pattern[str], ...]
    sites_only: bool
    info: FieldRule
    format: FieldRule
    half_calls_are_haploid: bool
    filter_by_ft: bool
    absent: AbsentRule

    def fits(self, header: Header) -> str | None:
        """Why this profile fits a header, or None."""
        if self.sites_only:
            return "the file has no samples" if not header.samples else None
        for line in header.sources:
            for pattern in self.sources:
                # Not the whole line: command lines name samples and paths.
                if found := pattern.search(line):
                    return f"the header has ##{found[0][:60]}"
        return None


def _fits(name: str, patterns: tuple[str, ...]) -> bool:
    return any(
        re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), name)
        for pattern in patterns
        if "*" in pattern
    )


@cache
def load_profiles() -> tuple[Profile, ...]:
    """The shipped profiles, in the order in which they are tried; `generic` is the last."""
    files = [file for file in shipped("ingest").iterdir() if file.name.endswith(".toml")]
    profiles = [parse_profile(file.read_text("utf-8"), file.name) for file in files]
    return tuple(sorted(profiles, key=lambda profile: (profile.order, profile.name)))


def choose_profile(header: Header, named: str | None = None) -> tuple[Profile, str]:
    """The profile for a file with this header, and why it."""
    profiles = load_profiles()
    if named is not None:
        return _named_profile(named, profiles)
    for profile in profiles:
        why = profile.fits(header)
        if why is not None:
            return profile, why
    generic = next(profile for profile in profiles if profile.name == GENERIC)
    return generic, "no other profile fits the header"


def _named_profile(named: str, profiles: tuple[Profile, ...]) -> tuple[Profile, str]:
    for profile in profiles:
        if profile.name == named:
            return profile, "--profile asks for it"
    path = Path(named)
    if path.suffix == ".toml" or path.exists():
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{named}: the profile cannot be read: {error}") from None
        return parse_profile(text, named), "--profile asks for it"
    known = did_you_mean(named, [profile.name for profile in profiles])
    raise UsageError(
        f"no profile is named {named!r}. {known} A TOML file of your own can be named."
    )


def parse_profile(text: str, file: str) -> Profile:
    """A profile from its TOML; unknown keys and wrong types are refused, with the nearest known."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{file}: not readable as TOML: {error}") from None
    _check_keys(said, "", file)
    match = _section(said, "match", file)
    genotypes = _section(said, "genotypes", file)
    absent = said.get("absent", "unknown")
    if absent not in ("unknown", "reference"):
        raise UsageError(f"{file}: absent is {absent!r}; expected 'unknown' or 'reference'.")
    return Profile(
        name=said.get("name") or Path(file).stem,
        what=said.get("what", ""),
        order=said.get("order", 50),
        sources=tuple(_pattern(text, file) for text in _texts(match, "source", file)),
        sites_only=match.get("sites_only", False),
        info=_field_rule(_section(said, "info", file), file, default=("*",)),
        format=_field_rule(_section(said, "format", file), file, default=()),
        half_calls_are_haploid=genotypes.get("half_calls_are_haploid", False),
        filter_by_ft=genotypes.get("filter_by_ft", False),
        absent=absent,
    )


def _section(said: Mapping[str, Any], name: str, file: str) -> Mapping[str, Any]:
    section: Mapping[str, Any] = said.get(name, {})
    _check_keys(section, name, file)
    return section


def _check_keys(section: Mapping[str, Any], name: str, file: str) -> None:
    known = SECTIONS[name]
    for key, value in section.items():
        at = f"[{name}] {key}" if name else key
        if key not in known:
            raise UsageError(f"{file}: no key {at!r} in a profile. {did_you_mean(key, known)}")
        if type(value) is not known[key]:
            raise UsageError(
                f"{file}: {at} is {value!r}; expected {'a' if known[key] is not int else 'an'} "
                f"{TYPE_NAMES[known[key]]}."
            )


TYPE_NAMES = {
    str: "text",
    int: "integer",
    bool: "boolean (true or false)",
    list: "list of texts",
    dict: "section",
}


def _texts(section: Mapping[str, Any], key: str, file: str) -> tuple[str, ...]:
    values = section.get(key, [])
    for value in values:
        if not isinstance(value, str):
            raise UsageError(f"{file}: {key} has {value!r}; expected texts.")
    return tuple(values)


def _pattern(text: str, file: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise UsageError(f"{file}: {text!r} is no regular expression: {error}") from None


def _field_rule(section: Mapping[str, Any], file: str, default: tuple[str, ...]) -> FieldRule:
    keep = _texts(section, "keep", file) if "keep" in section else default
    return FieldRule(keep, _texts(section, "drop", file))
