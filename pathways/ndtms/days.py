"""Days as NDTMS files write them: `YYYYMMDD`, and `DD/MM/YYYY` or `YYYY-MM-DD` as well."""

import datetime as dt
import re

_WRITTEN = re.compile(
    r"(?:(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)"
    r"|(?P<d2>\d\d)/(?P<m2>\d\d)/(?P<y2>\d{4})"
    r"|(?P<y3>\d{4})-(?P<m3>\d\d)-(?P<d3>\d\d))\Z",
    re.ASCII,
)
_LAST_AMBIGUOUS = 12


def read_day(written: str) -> dt.date | None:
    """The day, or None where the text is no day in one of the three ways of writing it."""
    found = _WRITTEN.match(written)
    if found is None:
        return None
    year, month, day = (int(part) for part in _parts(found))
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _parts(found: re.Match[str]) -> tuple[str, str, str]:
    for suffix in ("", "2", "3"):
        if found[f"y{suffix}"]:
            return found[f"y{suffix}"], found[f"m{suffix}"], found[f"d{suffix}"]
    raise AssertionError("one of the three alternatives has matched")


def may_be_american(written: str) -> bool:
    """Whether a day with slashes could as well be read month first."""
    return "/" in written and int(written[:2]) <= _LAST_AMBIGUOUS
