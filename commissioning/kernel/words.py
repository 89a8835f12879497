"""How numbers and days are written, on pages, in sentences and in files.

A value that is not there is written `–`; the signs `*`, `–` and `n/a` stay themselves.
"""

import datetime as dt
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

MISSING = "–"
SUPPRESSED = "*"
NOT_APPLICABLE = "n/a"
_WRITTEN = dict(
    enumerate(
        (
            *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
            *("eleven", "twelve"),
        ),
        start=1,
    )
)
_WHOLE, _PENNY = Decimal(1), Decimal("0.01")
SIGNS = frozenset({MISSING, SUPPRESSED, NOT_APPLICABLE})


def pounds(value: object) -> str:
    """Money: £1,174,983; pence only where there are some."""
    amount = _number(value)
    if amount is None:
        return _sign(value)
    pennies = int(amount.quantize(_PENNY, ROUND_HALF_UP) * 100)
    whole, pence = divmod(abs(pennies), 100)
    written = f"£{whole:,}.{pence:02}" if pence else f"£{whole:,}"
    return f"−{written}" if pennies < 0 else written


def about(value: object) -> str:
    """Whole pounds: of an estimate pence would say more than is known, and a list of many plans
    is read across."""
    return pounds(round(value) if isinstance(value, Decimal) else value)


def weeks(value: object) -> str:
    """A time in weeks with one decimal, without its unit: 2.4."""
    return _decimals(value, "0.1")


def weeks_of_days(value: object) -> str:
    """Days as weeks with one decimal: 17 days are 2.4."""
    days = _number(value)
    return _sign(value) if days is None else _decimals(days / 7, "0.1")


def length_in_words(days: int, *, days_per_week: int = 7) -> str:
    """A length of time in a sentence: `twelve weeks`; where they are no whole weeks, `20 days`."""
    weeks, over = divmod(days, days_per_week)
    if over or not weeks:
        return f"{days} {'day' if days == 1 else 'days'}"
    return f"{_WRITTEN.get(weeks, weeks)} {'week' if weeks == 1 else 'weeks'}"


def time_left(left: dt.timedelta) -> str:
    """How long something lasts yet, in whole hours, the last one in minutes: 47 hours."""
    minutes = max(left // dt.timedelta(minutes=1), 1)
    hours = left // dt.timedelta(hours=1)
    number, unit = (hours, "hour") if hours else (minutes, "minute")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def percent(value: object) -> str:
    """A share between 0 and 1 as a whole per cent: 83%."""
    share = _number(value)
    return _sign(value) if share is None else f"{_decimals(share * 100, '1')}%"


def points(value: object) -> str:
    """A difference of shares in per cent points, with its sign: +4."""
    share = _number(value)
    if share is None:
        return _sign(value)
    written = _decimals(share * 100, "1")
    return written if written.startswith("−") or written == "0" else f"+{written}"


def count(value: object) -> str:
    """A count with thousands: 12,480."""
    number = _number(value)
    if number is None:
        return _sign(value)
    whole = int(number.quantize(_WHOLE, ROUND_HALF_UP))
    return f"−{-whole:,}" if whole < 0 else f"{whole:,}"


def day(value: dt.date | None) -> str:
    """A day: 6 May 2006."""
    return MISSING if value is None else f"{value.day} {value:%B %Y}"


def joined(words: Iterable[object]) -> str:
    """A list within a sentence: a, b and c."""
    *first, last = [str(word) for word in words] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return Decimal(value)
    if not isinstance(value, Decimal):
        try:
            value = Decimal(str(value))
        except InvalidOperation:
            return None
    return value if value.is_finite() else None


def _sign(value: object) -> str:
    return value if isinstance(value, str) and value in SIGNS else MISSING


def _decimals(value: object, step: str) -> str:
    number = _number(value)
    if number is None:
        return _sign(value)
    rounded = number.quantize(Decimal(step), ROUND_HALF_UP)
    return f"{'−' if rounded < 0 else ''}{abs(rounded):,}"
