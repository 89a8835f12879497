"""A file's rows as episodes and modalities, without those a rule of validity keeps out."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from commissioning.reference.tables import codes
from commissioning.rule_settings import RuleSettings

EPISODE = ["AGNCY", "CLIENTID", "EPISODID"]
IDENTITY = ["FINITIAL", "SINITIAL", "DOB", "SEX"]
OF_MODALITY = ["MODAL", "MODID", "REFMODDT", "FAOMODDT", "MODST", "MODEND"]
DAYS = ["DOB", "REFLD", "TRIAGED", "DISD", "CPLANDT", "REFMODDT", "FAOMODDT", "MODST", "MODEND"]
LISTED = [
    *("SEX", "RFLS", "MODAL", "DISRSN", "ETHNIC", "ROUTE", "INJSTAT", "ACCMNEED", "PREGNANT"),
    *("HEPBSTAT", "HEPBVAC", "HEPCSTAT", "HEPCTD", "EMPSTAT", "DUALDIAG", "PREVTR"),
]
NEEDED = ["FINITIAL", "SINITIAL", "DOB", "SEX", "REFLD", "TRIAGED", "DRUG1"]
FORMS = {8: "%Y%m%d", 10: "%d/%m/%Y"}
BUCKETS = {"": "dat-missing", "Z00B": "dat-outside"}
ELSEWHERE = "dat-unknown"


@dataclass(frozen=True)
class Country:
    """What codes stand for: partnerships (by both their codes) and their regions, agencies and
    their providers."""

    partnerships: Mapping[str, str]
    regions: Mapping[str, str]
    providers: Mapping[str, str]
    prisons: frozenset[str]
    agencies: Mapping[str, int]  # in the order in which they were registered


@dataclass(frozen=True)
class Records:
    """Accepted episodes, a line each, and their modalities (`episode` is the line)."""

    episodes: pd.DataFrame
    modalities: pd.DataFrame
    until: int
    rules: RuleSettings


def number(day: dt.date) -> int:
    return (day - dt.date(1970, 1, 1)).days


def read(path: Path, *, country: Country, rules: RuleSettings, cut_off: dt.date) -> Records:
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    rows = rows.replace({"NA": ""})
    rows["DAT"] = _residence(rows["DAT"], country)
    rows, bad = _typed(rows)
    named = ~(rows["CONSENT"] == "N")
    bad |= _broken(rows, rules, number(cut_off))
    keys = rows.groupby(EPISODE, sort=False).ngroup()
    bad |= rows.duplicated([*EPISODE, "MODID"], keep=False) & named
    shared = [name for name in rows.columns if name not in {*OF_MODALITY, *EPISODE}]
    values = rows[shared].astype("category").apply(lambda one: one.cat.codes)
    firsts = values.groupby(keys).transform("first")
    bad |= (values != firsts).any(axis=1)
    kept = named & ~bad.groupby(keys).transform("any")
    rows, keys = rows[kept], keys[kept]
    episodes = rows.assign(key=keys).drop_duplicates("key").drop(columns=OF_MODALITY)
    episodes = _episodes(episodes, country, rules)
    lines = pd.Series(episodes.index, index=episodes["key"])
    modalities = rows.loc[rows["MODAL"] != "", OF_MODALITY].copy()
    modalities["episode"] = keys[modalities.index].map(lines)
    modalities["kind"] = modalities.pop("MODAL").astype(int)
    modalities = modalities.set_axis(
        ["ref", "asked", "offered", "started", "ended", "episode", "kind"], axis=1
    )
    return Records(episodes, modalities.reset_index(drop=True), number(cut_off), rules)


def _residence(written: pd.Series, country: Country) -> pd.Series:
    """Each code as the partnership or bucket it means."""
    found = {}
    for code in written.unique():
        padded = [code, *(code.zfill(width) for width in (2, 3, 4) if code.isdecimal())]
        known = [country.partnerships[one] for one in padded if one in country.partnerships]
        found[code] = known[0] if known else BUCKETS.get(code, ELSEWHERE)
    return written.map(found)


def _typed(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Days as numbers and codes as their lists write them; rows with one that cannot be read."""
    bad = pd.Series(data=False, index=rows.index)
    for name in DAYS:
        table = {text: _day(text) for text in rows[name].unique()}
        days = rows[name].map(table)
        bad |= days.isna() & (rows[name] != "")
        rows[name] = days
    for name in LISTED:
        known = codes(name)
        table = {
            text: text if text in known or not text else text.lstrip("0")
            for text in rows[name].unique()
        }
        rows[name] = rows[name].map(table)
        bad |= ~rows[name].isin([*known, ""])
    return rows, bad


def _day(text: str) -> float:
    if not text:
        return float("nan")
    form = "%Y-%m-%d" if "-" in text else FORMS.get(len(text), "%Y%m%d")
    try:
        return float(number(dt.datetime.strptime(text, form).date()))  # noqa: DTZ007 - a day
    except ValueError:
        return float("nan")


def _broken(rows: pd.DataFrame, rules: RuleSettings, until: int) -> pd.Series:
    """Rows that break a rule of validity by themselves."""
    born, asked, triaged, left = (rows[one] for one in ("DOB", "REFLD", "TRIAGED", "DISD"))
    referred, started, ended = (rows[one] for one in ("REFMODDT", "MODST", "MODEND"))
    bad = born < number(dt.date(rules.earliest_birth_year, 1, 1))
    for name in NEEDED:
        bad |= rows[name].isna() if name in DAYS else rows[name] == ""
    for later, earlier in [
        *((asked, born), (triaged, asked), (left, triaged), (started, referred)),
        *((started, triaged), (ended, started), (left, ended)),
    ]:
        bad |= later < earlier
    bad |= left.notna() & started.notna() & ended.isna()
    bad |= (rows["DISRSN"] != "") & left.isna()
    given = (rows["MODID"] != "") | rows[["REFMODDT", "FAOMODDT", "MODST", "MODEND"]].notna().any(
        axis=1
    )
    bad |= (rows["MODAL"] == "") & given
    for name in DAYS:
        if name != "FAOMODDT":
            bad |= rows[name] > until
    return bad


def _episodes(rows: pd.DataFrame, country: Country, rules: RuleSettings) -> pd.DataFrame:
    born = pd.to_datetime(rows["DOB"], unit="D")
    seen = pd.to_datetime(rows["TRIAGED"], unit="D")
    had = (seen.dt.month * 100 + seen.dt.day) >= (born.dt.month * 100 + born.dt.day)
    age = seen.dt.year - born.dt.year - (~had).astype(int)
    order = rows["AGNCY"].map(country.agencies)
    rows = rows.assign(
        person=rows.groupby(IDENTITY, sort=False).ngroup(),
        age=age,
        region=rows["DAT"].map(country.regions),
        provider=rows["AGNCY"].map(country.providers),
        order=order,
        line=rows.index,
    )
    prison = rows["AGNCY"].isin(country.prisons)
    left_out = pd.Series("", index=rows.index)
    left_out[rows["DRUG1"].isin(rules.alcohol_main_drug_codes)] = "alcohol"
    left_out[age < rules.adult_age] = "young"
    left_out[prison] = "prison"
    rows["left_out"] = left_out
    return rows.sort_values(["order", "line"]).reset_index(drop=True)
