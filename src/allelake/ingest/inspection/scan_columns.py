"""The samples' columns of one record, value by value: slow, asked when something is wrong."""

import re
from collections.abc import Mapping

from allelake.ingest.spec import Field

GENOTYPE = re.compile(rb"(?:\d+|\.)(?:[/|](?:\d+|\.))*")
VALUES = {
    "Integer": (re.compile(rb"(?:[+-]?\d+|\.?)"), "a whole number"),
    "Float": (
        re.compile(
            rb"(?:[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|inf(?:inity)?|nan)|\.?)",
            re.IGNORECASE,
        ),
        "a number",
    ),
}


def find_fault(fmt: bytes, columns: bytes, declared: Mapping[str, Field]) -> str | None:
    """The first fault of the samples' columns, in words without any value of them; None if sound.

    >>> find_fault(b"GT", b"0/1\\t0/", {})
    'the GT of sample 2 is not allele numbers (or .) joined by / or |'
    """
    keys = fmt.split(b":")
    for place, column in enumerate(columns.split(b"\t"), 1):
        values = column.split(b":")
        if len(values) > len(keys):
            return f"sample {place} has {len(values)} values; FORMAT names {len(keys)}"
        for key, value in zip(keys, values, strict=False):
            fault = _value_fault(key, value, declared)
            if fault is not None:
                return f"the {key.decode('utf-8', 'replace')} of sample {place} {fault}"
    return None


def _value_fault(key: bytes, value: bytes, declared: Mapping[str, Field]) -> str | None:
    if key == b"GT":
        return _genotype_fault(value)
    field = declared.get(key.decode("utf-8", "replace"))
    if field is None or field.type not in VALUES:
        return None
    pattern, expected = VALUES[field.type]
    if all(pattern.fullmatch(one) for one in value.split(b",")):
        return None
    return f"is not {expected}, as the header declares it"


def _genotype_fault(value: bytes) -> str | None:
    if GENOTYPE.fullmatch(value):
        return None
    if value[:1] in (b"/", b"|") and GENOTYPE.fullmatch(value[1:]):
        return "begins with / or |, which VCF 4.4 allows and the reader does not know"
    return "is not allele numbers (or .) joined by / or |"
