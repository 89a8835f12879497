"""From the NDTMS attributor to a pseudonym, while a file is read.

The attributor is both initials, the date of birth and the sex. The same attributor is one person
to us, so two people who share one are counted as one: with 300,000 people about one in ten does.
"""

import datetime as dt
import hashlib
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from pathways.ndtms.days import read_day
from pathways.ndtms.fields import NOT_SUPPLIED

PSEUDONYM_BYTES = 16
_LONGEST_KEY = 64

# Reading may say these of an identity field, never its value. The checks know them by these names.
MISSING = "missing"
UNREADABLE = "unreadable"
TOO_EARLY = "too-early"
AFTER_REFERRAL = "after-referral"
IN_FUTURE = "in-future"

COPY_NULL = "\\N"


class Attributor(NamedTuple):
    """The raw values, as a row has them, that make a pseudonym and an age."""

    first_initial: str
    second_initial: str
    born: str
    sex: str
    referred: str
    triaged: str


def pseudonymiser(key: str) -> Callable[[str], str]:
    """A function from an attributor's text to 32 hexadecimal digits: BLAKE2b under the key."""
    secret = key.encode()
    if len(secret) > _LONGEST_KEY:
        secret = hashlib.blake2b(secret).digest()
    keyed = hashlib.blake2b(key=secret, digest_size=PSEUDONYM_BYTES)

    def pseudonym(text: str) -> str:
        hashing = keyed.copy()
        hashing.update(text.encode())
        return hashing.hexdigest()

    return pseudonym


class Identities:
    """Makes the three cells of a row that come of its attributor: person, age, faults.

    `latest` is the last day the file knows about, `earliest_year` the first year of birth that is
    believed.
    """

    def __init__(self, *, key: str, latest: dt.date, earliest_year: int) -> None:
        self._pseudonym = pseudonymiser(key)
        self._latest = latest
        self._earliest_year = earliest_year
        self._last: tuple[str, ...] | None = None
        self._last_cells = ""

    def cells(self, raw: tuple[str, ...]) -> str:
        """Person, age at triage and faults, joined by tabs; rows of one episode repeat them."""
        if raw != self._last:
            self._last_cells = self._read(Attributor._make(raw))
            self._last = raw
        return self._last_cells

    def _read(self, raw: Attributor) -> str:
        first, second, sex = initial(raw.first_initial), initial(raw.second_initial), raw.sex
        born, triaged = day(raw.born), day(raw.triaged)
        if first and second and born and _sex(sex):
            person = self._pseudonym(f"{first}{second}{born.text}{_sex(sex)}")
            faults = self._doubts(born.on, raw)
        else:
            person = COPY_NULL
            faults = self._faults(raw)
        return f"{person}\t{_age(born, triaged)}\t{faults}"

    def _doubts(self, born: dt.date, raw: Attributor) -> str:
        """What is wrong with a date of birth that can be read."""
        found = []
        referred = day(raw.referred)
        if born.year < self._earliest_year:
            found.append(f"DOB:{TOO_EARLY}")
        if born > self._latest:
            found.append(f"DOB:{IN_FUTURE}")
        elif referred and born > referred.on:
            found.append(f"DOB:{AFTER_REFERRAL}")
        return " ".join(found)

    def _faults(self, raw: Attributor) -> str:
        found = []
        for header, value, read in (
            ("FINITIAL", raw.first_initial, initial),
            ("SINITIAL", raw.second_initial, initial),
            ("DOB", raw.born, day),
        ):
            if value.strip() in NOT_SUPPLIED:
                found.append(f"{header}:{MISSING}")
            elif not read(value):
                found.append(f"{header}:{UNREADABLE}")
        born = day(raw.born)
        return " ".join([*found, *([self._doubts(born.on, raw)] if born else [])]).strip()


@lru_cache(maxsize=4096)
def initial(raw: str) -> str:
    """One Latin letter as a capital, else nothing: a name is not an initial."""
    letter = unicodedata.normalize("NFC", raw.strip()).upper()
    return letter if len(letter) == 1 and unicodedata.name(letter, "").startswith("LATIN") else ""


@lru_cache(maxsize=64)
def _sex(raw: str) -> str:
    """The code without zeros in front; nothing where none is supplied."""
    value = raw.strip()
    return "" if value in NOT_SUPPLIED else value.lstrip("0") or "0"


class Read(NamedTuple):
    """A day with what is asked of it for every row."""

    on: dt.date
    text: str
    year: int
    within_year: int


@lru_cache(maxsize=65536)
def day(raw: str) -> Read | None:
    found = read_day(raw.strip())
    if found is None:
        return None
    return Read(found, f"{found:%Y%m%d}", found.year, found.month * 100 + found.day)


def _age(born: Read | None, on: Read | None) -> str:
    """Whole years on the day; none where either is not known or the day is before the birth."""
    if born is None or on is None or on.on < born.on:
        return COPY_NULL
    return str(on.year - born.year - (on.within_year < born.within_year))
