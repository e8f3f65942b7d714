"""What a report is asked for, and the groups of people it speaks of."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from allelake.errors import QueryError
from allelake.nearest import did_you_mean
from allelake.queries.answer import Answer
from allelake.report.question import question
from allelake.report.suppress import CellRule, Joined, join_values, tells_together
from allelake.warehouse.quoting import sql_literal

UNKNOWN, OTHERS, EVERYBODY = "not known", "other values", "everybody"
# An attribute with more values than this is no group of people but a name, a date or a quantity.
MOST_VALUES = 40
# Numbers that differ more often are a quantity, not codes of groups.
MOST_CODES = 12


@dataclass(frozen=True)
class Attribute:
    """An attribute of the cohort's people: how many have each value, None where it is unknown."""

    name: str
    counts: Mapping[str | None, int]

    @property
    def is_quantity(self) -> bool:
        """Whether its values are numbers, and many."""
        known = [value for value in self.counts if value is not None]
        return len(known) > MOST_CODES and all(_is_number(value) for value in known)

    @property
    def is_group(self) -> bool:
        """Whether it puts people into groups that can be listed."""
        return not self.is_quantity and len(self.counts) <= MOST_VALUES


class Asked:
    """A lake, a cohort, a rule, and the groups that every section uses alike.

    `lake` is anything with `sql(text) -> Answer`.
    """

    def __init__(
        self, lake: Any, cohort: str, rule: CellRule, by: str | None, is_individual: bool
    ) -> None:
        self.lake = lake
        self.cohort = cohort
        self.rule = rule
        self.is_individual = is_individual
        self._answered: dict[str, list[dict[str, Any]]] = {}
        self._published: dict[str, Mapping[int, Hashable]] = {}
        self.attributes = self._read_attributes()
        self.by = self._group_attribute(by)
        if self.by is not None:
            self.publish(self.by, self.parts(self.by))

    def ask(self, sql: str) -> list[dict[str, Any]]:
        """The rows of a query. The same text again is not run again."""
        if sql not in self._answered:
            answer: Answer = self.lake.sql(sql)
            self._answered[sql] = answer.to_dicts()
        return self._answered[sql]

    @property
    def people(self) -> int:
        """How many people the cohort has."""
        return int(self._sizes["people"])

    @property
    def outsiders(self) -> int:
        """How many people of the lake are not in the cohort."""
        return int(self._sizes["everybody"]) - self.people

    @cached_property
    def _sizes(self) -> dict[str, Any]:
        """Asked once: an unknown cohort is an error here."""
        return self.ask(question("sizes", cohort=self.members))[0]

    @property
    def members(self) -> str:
        """The cohort's name as SQL."""
        return sql_literal(self.cohort)

    @property
    def people_query(self) -> str:
        """How many people have each value of each attribute."""
        return question("people", cohort=self.members)

    def _read_attributes(self) -> dict[str, Attribute]:
        self._require_people()
        found: dict[str, dict[str | None, int]] = {}
        # Values in their own order, unknown last: the order by which counts are joined.
        for row in self.ask(self.people_query):
            found.setdefault(row["attribute"], {})[row["value"]] = row["people"]
        imported = [row["attribute"] for row in self.ask("FROM attributes")]
        return {
            name: Attribute(name, {v: found[name][v] for v in sorted(found[name], key=_place)})
            for name in imported
            if name in found
        }

    def _require_people(self) -> None:
        if self._sizes["everybody"] == 0:
            raise QueryError(
                "Nobody is in the lake, so there is nothing to report. `allelake ingest LAKE "
                "FILES...` brings people in."
            )
        if self.people == 0:
            raise QueryError(
                f"The cohort {self.cohort!r} has nobody in it, so there is nothing to report. "
                "`allelake cohort list` shows the cohorts and how many are in each."
            )
        if self.rule.hides(self.people):
            raise QueryError(
                f"The cohort {self.cohort!r} has fewer people than may be spoken of: "
                f"{self.rule.sentence()} Choose a larger cohort; or, where whoever reads the page "
                "may see individuals, another rule (--min-cell none)."
            )

    def _group_attribute(self, by: str | None) -> str | None:
        if by is not None:
            if by not in self.attributes:
                known = did_you_mean(by, self.attributes)
                raise QueryError(f"No attribute of samples is named {by!r}. {known}")
            if not self.attributes[by].is_group:
                raise QueryError(
                    f"The attribute {by!r} has too many values to be groups of people. Name one "
                    f"with at most {MOST_VALUES}, and no quantity."
                )
            return by
        listed = [one for one in self.attributes.values() if one.is_group and len(one.counts) > 1]
        imported = [one.name for one in listed if one.name not in ("sex", "batch")]
        return next(iter([*imported, *(one.name for one in listed if one.name == "sex")]), None)

    def joined(self, attribute: str) -> Joined[str | None]:
        """The values of an attribute that may be shown, and the rest."""
        joined = join_values(self.attributes[attribute].counts, self.rule)
        assert joined is not None, "a cohort too small for its rule is refused before"
        return joined

    def groups(self, attribute: str | None) -> dict[str, int]:
        """The groups that an attribute makes, by name, with their people; the rest last."""
        if attribute is None:
            return {EVERYBODY: self.people}
        joined = self.joined(attribute)
        names = self.names(attribute)
        found = {names[value]: count for value, count in joined.shown.items()}
        return found | ({OTHERS: joined.rest} if joined.rest else {})

    def names(self, attribute: str) -> dict[str | None, str]:
        """How each value that stands alone is shown, no two alike."""
        found: dict[str | None, str] = {None: UNKNOWN}
        taken = {UNKNOWN, OTHERS}
        for value in self.joined(attribute).shown:
            if value is not None:
                name = value_name(value)
                while name in taken:
                    name += "′"
                found[value] = name
                taken.add(name)
        return found

    def parts(self, attribute: str) -> dict[int, Hashable]:
        """The group of each person, by sample number."""
        shown = self.joined(attribute).shown
        return {
            number: value if value in shown else (OTHERS,)
            for number, value in self.values_of(attribute).items()
        }

    def values_of(self, attribute: str) -> dict[int, str | None]:
        """The value that each person has, by sample number."""
        query = question("sample_values", cohort=self.members, attribute=sql_literal(attribute))
        columns = self.lake.sql(query).to_arrow()
        numbers, values = (columns.column(n).to_pylist() for n in (0, 1))
        return dict(zip(numbers, values, strict=True))

    def publish(self, name: str, parts: Mapping[int, Hashable]) -> bool:
        """Whether the page may show how many people are in each part, beside what it shows.

        The first that asks is shown; what would tell of few people together with it is not.
        """
        others = [held for known, held in self._published.items() if known != name]
        if others and tells_together([*others, parts], self.rule):
            return False
        self._published[name] = parts
        return True

    def group_sql(self, attribute: str | None, column: str) -> str:
        """SQL that turns a value into its group's name. Values that are joined are not named."""
        if attribute is None:
            return sql_literal(EVERYBODY)
        joined, names = self.joined(attribute), self.names(attribute)
        known = [value for value in joined.shown if value is not None]
        plain = [value for value in known if names[value] == value]
        if not joined.rest and plain == known:
            return f"coalesce({column}, {sql_literal(UNKNOWN)})"
        cases = [
            f"WHEN {column} = {sql_literal(value)} THEN {sql_literal(names[value])}"
            for value in known
            if names[value] != value
        ]
        if plain:
            cases.append(f"WHEN {column} IN ({', '.join(map(sql_literal, plain))}) THEN {column}")
        if None in joined.shown:
            cases.append(f"WHEN {column} IS NULL THEN {sql_literal(UNKNOWN)}")
        others = sql_literal(OTHERS)
        return f"CASE {' '.join(cases)} ELSE {others} END" if cases else others

    def grey(self, names: Sequence[str]) -> frozenset[str]:
        """The groups that are drawn in grey, being no group of their own."""
        return frozenset(name for name in names if name in (OTHERS, UNKNOWN))


def value_name(value: str) -> str:
    """A value as it is shown: a name from a file must not steer the page."""
    text = "".join(character if character.isprintable() else "?" for character in value)
    return text if len(text) <= 40 else text[:39] + "…"


def _place(value: str | None) -> tuple[bool, bool, float, str]:
    """Numbers by size, then texts, then unknown."""
    if value is None:
        return (True, True, 0.0, "")
    is_number = _is_number(value)
    return (False, not is_number, float(value) if is_number else 0.0, value)


def _is_number(text: str) -> bool:
    try:
        return abs(float(text)) < float("inf")
    except ValueError:
        return False
