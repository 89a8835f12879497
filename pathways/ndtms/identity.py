"""From the NDTMS attributor to a pseudonym, while a file is read.

The attributor is both initials, the date of birth and the sex. The same attributor is one person
to us, so two people who share one are counted as one: with 300,000 people about one in ten does.
"""

import datetime as dt
import hashlib
import unicodedata
from collections.abc import Callable, Sequence

from pathways.ndtms.days import read_day
from pathways.ndtms.fields import NOT_SUPPLIED
from pathways.ndtms.memory import Remembered

PSEUDONYM_BYTES = 16
_LONGEST_KEY = 64

# What makes a pseudonym and an age, in the order in which `Identities` is given the columns.
ATTRIBUTOR = ("FINITIAL", "SINITIAL", "DOB", "SEX", "REFLD", "TRIAGED")

# Reading may say these of an identity field, never its value. The checks know them by these names.
MISSING = "missing"
UNREADABLE = "unreadable"
TOO_EARLY = "too-early"
AFTER_REFERRAL = "after-referral"
IN_FUTURE = "in-future"

COPY_NULL = "\\N"
NOBODY = f"{COPY_NULL}\t{COPY_NULL}\t"


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
    """Makes the three cells of a row that come of its attributor: person, age at triage, faults.

    `latest` is the last day the file knows about, `earliest_year` the first year of birth that is
    believed. Days are numbers such as 20060504 here, 0 where there is none: they compare as days
    do, and the whole years between two of them are their difference in ten thousands.
    """

    def __init__(self, *, key: str, latest: dt.date, earliest_year: int) -> None:
        self._pseudonym = pseudonymiser(key)
        self._latest = _number(latest)
        self._earliest = earliest_year * 10_000
        self._initials: Remembered[str, str] = Remembered(initial)
        self._sexes: Remembered[str, str] = Remembered(_sex)
        self._days: Remembered[str, int] = Remembered(_day)
        self._people: Remembered[tuple[str, ...], tuple[str, int]] = Remembered(self._person)

    def cells(self, columns: Sequence[Sequence[str]]) -> list[str]:
        """The cells of some rows, joined by tabs, from the columns of `ATTRIBUTOR` as written."""
        earliest, latest = self._earliest, self._latest
        days = self._days.__getitem__
        self._people.clear()  # somebody's rows stand side by side; a small table is quicker
        *attributor, referred, triaged = columns
        return [
            f"{person}\t{(on - birth) // 10_000}\t"
            if earliest < birth <= since <= on and birth <= latest and person is not COPY_NULL
            else self._unusual([column[number] for column in columns])
            for number, ((person, birth), since, on) in enumerate(
                zip(
                    map(self._people.__getitem__, zip(*attributor, strict=True)),
                    map(days, referred),
                    map(days, triaged),
                    strict=True,
                )
            )
        ]

    def _person(self, raw: tuple[str, ...]) -> tuple[str, int]:
        """The pseudonym of an attributor as written, and the date of birth in it."""
        first, second = self._initials[raw[0]], self._initials[raw[1]]
        born, sex = self._days[raw[2]], self._sexes[raw[3]]
        if first and second and born and sex:
            return self._pseudonym(f"{first}{second}{born}{sex}"), born
        return COPY_NULL, born

    def _unusual(self, raw: Sequence[str]) -> str:
        """The cells of a row in which something is missing or not as it should be."""
        person, born = self._people[*raw[:4]]
        referred, triaged = self._days[raw[4]], self._days[raw[5]]
        age = str((triaged - born) // 10_000) if 0 < born <= triaged else COPY_NULL
        read = (self._initials[raw[0]], self._initials[raw[1]], born)
        faults = [
            f"{header}:{MISSING if written.strip() in NOT_SUPPLIED else UNREADABLE}"
            for header, written, found in zip(ATTRIBUTOR, raw, read, strict=False)
            if not found
        ]
        if born:
            faults += self._doubts(born, referred)
        return f"{person}\t{age}\t{' '.join(faults)}"

    def _doubts(self, born: int, referred: int) -> list[str]:
        """What is wrong with a date of birth that can be read."""
        found = []
        if born < self._earliest:
            found.append(f"DOB:{TOO_EARLY}")
        if born > self._latest:
            found.append(f"DOB:{IN_FUTURE}")
        elif 0 < referred < born:
            found.append(f"DOB:{AFTER_REFERRAL}")
        return found


def initial(raw: str) -> str:
    """One Latin letter as a capital, else nothing: a name is not an initial."""
    letter = unicodedata.normalize("NFC", raw.strip()).upper()
    return letter if len(letter) == 1 and unicodedata.name(letter, "").startswith("LATIN") else ""


def _sex(raw: str) -> str:
    """The code without zeros in front; nothing where none is supplied."""
    value = raw.strip()
    return "" if value in NOT_SUPPLIED else value.lstrip("0") or "0"


def _day(raw: str) -> int:
    found = read_day(raw.strip())
    return 0 if found is None else _number(found)


def _number(day: dt.date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day
