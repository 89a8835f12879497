"""Reading NDTMS files the slow and obvious way: clean episodes, journeys, people."""

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

STRUCTURED = {"1", "2", "3", "4", "5", "6", "12"}
DAYS = ("DOB", "REFLD", "TRIAGED", "REFMODDT", "FAOMODDT", "MODST", "MODEND", "DISD", "CPLANDT")
CODES = {}
with Path("commissioning/reference/ndtms_codes.csv").open(newline="", encoding="utf-8") as _file:
    for _row in csv.DictReader(_file):
        CODES.setdefault(_row["list"], set()).add(_row["code"])
CHECKED_CODES = ("MODAL", "DISRSN", "RFLS", "ACCMNEED", "INJSTAT", "ROUTE", "ETHNIC", "SEX")
SAME = ("FINITIAL", "SINITIAL", "DOB", "SEX", "DAT", "REFLD", "TRIAGED", "RFLS", "DRUG1", "DISD")


class Refused(Exception):
    """The episode breaks a rule of the file."""


def day(text):
    for form in ("%Y%m%d", "%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 (days)
        except ValueError:
            continue
    raise Refused(f"not a day: {text}")


@dataclass
class ReadEpisode:
    """An accepted episode; `modalities` are rows with days read."""

    agency: str
    key: tuple
    values: dict
    modalities: list = field(default_factory=list)

    @property
    def person(self):
        return tuple(self.values[name] for name in ("FINITIAL", "SINITIAL", "DOB", "SEX"))

    @property
    def triaged(self):
        return self.values["TRIAGED"]

    @property
    def ends(self):
        return self.values["DISD"] or date.max

    @property
    def age(self):
        born, on = self.values["DOB"], self.values["TRIAGED"]
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day))

    @property
    def started(self):
        return [m for m in self.modalities if m["MODST"] and m["MODAL"] in STRUCTURED]

    @property
    def is_adult_drug(self):
        return self.age >= 18 and self.values["DRUG1"] != "7000"

    @property
    def in_prison(self):
        return self.agency[1:3] == "PR"


def read_rows(path):
    with path.open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            yield {name: "" if value == "NA" else value for name, value in row.items()}


def read_episodes(path, today):
    """Accepted episodes by key, the number refused, and the clients without consent."""
    groups, withdrawn = defaultdict(list), set()
    for row in read_rows(path):
        if row["CONSENT"] == "N":
            withdrawn.add((row["AGNCY"], row["CLIENTID"]))
        else:
            groups[row["AGNCY"], row["CLIENTID"], row["EPISODID"]].append(row)
    accepted, refused = {}, []
    for key, rows in groups.items():
        if key[:2] in withdrawn:
            continue
        try:
            accepted[key] = _episode(key, rows, today)
        except Refused as why:
            refused.append((key, str(why)))
    return accepted, refused, withdrawn


def _episode(key, rows, today):
    if len({row["MODID"] for row in rows}) < len(rows):
        raise Refused("the same key twice")
    if any(row[name] != rows[0][name] for row in rows for name in SAME):
        raise Refused("rows that differ")
    read = []
    for row in rows:
        for name in ("FINITIAL", "SINITIAL", "DOB", "SEX", "REFLD", "TRIAGED", "DRUG1"):
            if not row[name]:
                raise Refused(f"no {name}")
        for name in CHECKED_CODES:
            if row[name] and row[name] not in CODES[name]:
                raise Refused(f"{name} {row[name]}")
        read.append(row | {name: day(row[name]) if row[name] else None for name in DAYS})
    episode = ReadEpisode(key[0], key, read[0])
    episode.modalities = [row for row in read if row["MODAL"]]
    _in_order(episode, today)
    return episode


def _in_order(episode, today):
    v = episode.values
    if v["DOB"].year < 1903 or not v["DOB"] <= v["REFLD"] <= v["TRIAGED"] <= episode.ends:
        raise Refused("order")
    if v["DISRSN"] and not v["DISD"]:
        raise Refused("reason without discharge")
    for m in episode.modalities:
        dated = [m[name] for name in DAYS if m[name] and name != "FAOMODDT"]
        if max(dated) > today:
            raise Refused("future")
        if m["MODST"] and (m["MODST"] < v["TRIAGED"] or m["MODST"] < m["REFMODDT"]):
            raise Refused("start")
        if m["MODEND"] and not (m["MODST"] or date.max) <= m["MODEND"] <= episode.ends:
            raise Refused("end")
        if m["MODST"] and v["DISD"] and not m["MODEND"]:
            raise Refused("open after discharge")


@dataclass
class ReadJourney:
    """Episodes of one person that overlap or follow within 21 days."""

    episodes: list

    @property
    def starts(self):
        return min(one.triaged for one in self.episodes)

    @property
    def first_start(self):
        return min(m["MODST"] for one in self.episodes for m in one.started)

    @property
    def ends(self):
        return max(one.ends for one in self.episodes)

    @property
    def reason(self):
        last = max(self.episodes, key=lambda one: (one.ends, one.key[0], one.key[2]))
        return last.values["DISRSN"]


def journeys_of(episodes):
    """Connected components: two episodes are joined when they lie within 20 days."""
    people = defaultdict(list)
    for one in episodes:
        if one.started:
            people[one.person].append(one)
    for mine in people.values():
        begun = {
            id(one): min(
                min(m["MODST"] for m in one.started).toordinal(), one.triaged.toordinal() + 20
            )
            for one in mine
        }
        left = list(mine)
        while left:
            group = [left.pop()]
            grew = True
            while grew:
                near = [
                    one
                    for one in left
                    if any(
                        begun[id(one)] <= other.ends.toordinal() + 20
                        and begun[id(other)] <= one.ends.toordinal() + 20
                        for other in group
                    )
                ]
                grew = bool(near)
                for one in near:
                    left.remove(one)
                    group.append(one)
            yield ReadJourney(group)
