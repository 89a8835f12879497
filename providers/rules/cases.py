"""A case is a reference that its owner can read and nobody else: never a name. Pure."""

import re

NAMES = re.compile(r"[^\W\d_]+[\s,.]+[^\W\d_]+")


def reads_like_a_name(case: str) -> bool:
    """Words and no number, as “John Smith”: references of cases have a number or are one word."""
    return not any(one.isdigit() for one in case) and NAMES.search(case) is not None
