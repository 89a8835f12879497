"""Who was waiting at the end of each month, quarter and year, or on the last day known."""

import pandas as pd

from benchmarks.plainly.facts import finished
from benchmarks.plainly.journeys import FOR_EVER
from benchmarks.plainly.reading import Records

MARCH = 2  # the third month: quarters and financial years close with it


def months_of(days: pd.Series) -> pd.Series:
    """Months counted through all time."""
    dates = pd.to_datetime(days, unit="D")
    return dates.dt.year * 12 + dates.dt.month - 1


def last_days(months: pd.Series) -> pd.Series:
    """The last day of each month."""
    following = months + 1
    firsts = pd.to_datetime({"year": following // 12, "month": following % 12 + 1, "day": 1})
    return (firsts - pd.Timestamp(0)).dt.days - 1


def waiting(records: Records) -> pd.DataFrame:
    rules, until = records.rules, records.until
    held = records.modalities
    asked = held[held["kind"].isin(rules.structured_modals) & (held["asked"] <= until)].copy()
    asked["person"] = records.episodes["person"].reindex(asked["episode"]).to_numpy()
    left = records.episodes["DISD"].reindex(asked["episode"]).to_numpy()
    asked["over"] = asked[["started", "ended"]].assign(left=left).min(axis=1).fillna(FOR_EVER)
    asked = asked[asked["over"] > asked["asked"]]
    first = months_of(asked["asked"])
    many = months_of(asked["over"].clip(upper=until)) - first + 1
    rows = asked.loc[asked.index.repeat(many)]
    turn = rows.groupby(level=0).cumcount()
    month = first.reindex(rows.index).to_numpy() + turn
    rows = rows.assign(identity=rows.index, month=month.to_numpy()).reset_index(drop=True)
    rows["day"] = last_days(rows["month"]).clip(upper=until)
    rows = rows[rows["over"] > rows["day"]]
    at_the_end = rows["day"] == until
    is_open = ~(rows["offered"].notna() & ((rows["offered"] <= rows["day"]) | at_the_end))
    treated = rows["identity"].map(_treated_from(records, rows[is_open]))
    is_first = ~(treated <= rows["day"])
    days = rows["day"] - rows["asked"]
    quarter, year = (at_the_end | (rows["month"] % many == MARCH) for many in (3, 12))
    upto = 1 + quarter.astype(int) + year.astype(int)
    long = days >= rules.long_wait_days
    facts = pd.DataFrame(
        {
            "episode": rows["episode"],
            "day": rows["day"],
            "kind": rows["kind"],
            "upto": upto,
            "open_waits": is_open.astype(int),
            "open_first": (is_open & is_first).astype(int),
            "open_long": (is_open & long).astype(int),
            "open_first_long": (is_open & is_first & long).astype(int),
            "offered_not_started": (~is_open).astype(int),
        }
    )
    return finished(facts, records)


def _treated_from(records: Records, waits: pd.DataFrame) -> pd.Series:
    """For each wait the first start of the person's structured treatment that it would join."""
    rules, held = records.rules, records.modalities
    counted = records.episodes[records.episodes["left_out"] == ""]
    others = held[held["kind"].isin(rules.structured_modals) & held["started"].notna()]
    others = others[others["episode"].isin(counted.index)]
    others = pd.DataFrame(
        {
            "person": counted["person"].reindex(others["episode"]).to_numpy(),
            "from_day": others["started"].to_numpy(),
            "to_day": others["ended"]
            .fillna(pd.Series(counted["DISD"].reindex(others["episode"]).to_numpy(), others.index))
            .fillna(FOR_EVER)
            .to_numpy(),
        }
    )
    pairs = waits.drop_duplicates("identity")[["identity", "person", "asked"]].merge(
        others, on="person"
    )
    joins = pairs[pairs["to_day"] >= pairs["asked"] - rules.journey_join_days]
    return joins.groupby("identity")["from_day"].min()
