"""Names of records in addresses: made once from a name, and never changed afterwards."""

import re
import unicodedata
from collections.abc import Collection
from itertools import count

LONGEST = 40
# Words that stand for deeds in addresses, so that no record may be called by them.
RESERVED = frozenset({"add", "agencies", "end", "file", "links", "records", "new"})


def free_slug(name: str, *, taken: Collection[str], otherwise: str = "one") -> str:
    """The name in small letters, digits and hyphens; with a number where that is taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[: LONGEST - 4].strip("-")
    words = words or otherwise
    held = {*taken, *RESERVED}
    return next(
        one
        for one in (words if number == 1 else f"{words}-{number}" for number in count(1))
        if one not in held
    )
