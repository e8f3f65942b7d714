"""A value as JSON on stdout."""

import json


def print_json(value: object) -> None:
    """Prints the value, indented; paths and the like as text."""
    print(json.dumps(value, ensure_ascii=False, indent=1, default=str))
