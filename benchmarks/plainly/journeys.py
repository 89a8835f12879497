"""First structured starts, and journeys by walking each person's episodes in order."""

from dataclasses import dataclass

import pandas as pd

from benchmarks.plainly.reading import Records

FOR_EVER = float("inf")


@dataclass(frozen=True)
class Courses:
    """Structured treatment begun: its modalities (with `is_first` of the journey), its episodes
    (`first`, `kind`, `tier4`), and the journeys of those that count."""

    begun: pd.DataFrame
    episodes: pd.DataFrame
    journeys: pd.DataFrame


def courses(records: Records) -> Courses:
    rules, held = records.rules, records.modalities
    begun = held[held["kind"].isin(rules.structured_modals) & held["started"].notna()]
    begun = begun.sort_values(["episode", "started", "kind"])
    first = begun.drop_duplicates("episode").set_index("episode")
    tier4 = begun["kind"].isin(rules.tier4_modals).groupby(begun["episode"]).any()
    episodes = records.episodes.loc[first.index].assign(
        first=first["started"], kind=first["kind"], tier4=tier4
    )
    joined = _joined(episodes[episodes["left_out"] == ""], rules.journey_join_days)
    begun = begun.assign(journey=begun["episode"].map(joined["journey"]))
    of_journeys = begun.dropna(subset="journey").assign(
        agency=begun["episode"].map(joined["AGNCY"]),
        number=begun["episode"].map(joined["EPISODID"]),
        client=begun["episode"].map(joined["CLIENTID"]),
    )
    order = ["journey", "asked", "started", "agency", "number", "ref", "client"]
    leading = of_journeys.sort_values(order).drop_duplicates("journey")
    begun["is_first"] = begun.index.isin(leading.index)
    return Courses(begun, episodes, _journeys(joined, leading))


def _joined(episodes: pd.DataFrame, days: int) -> pd.DataFrame:
    """The episodes that count, with the number of the journey each belongs to."""
    open_ended = episodes["DISD"].fillna(FOR_EVER)
    walk = episodes.assign(
        begins=episodes[["first"]].assign(other=episodes["TRIAGED"] + days).min(axis=1),
        reaches=open_ended + days,
        ends=open_ended,
    ).sort_values(["person", "begins"])
    reached = walk.groupby("person")["reaches"].cummax().groupby(walk["person"]).shift()
    walk["journey"] = (reached.isna() | (walk["begins"] > reached)).cumsum()
    return walk


def _journeys(joined: pd.DataFrame, leading: pd.DataFrame) -> pd.DataFrame:
    """A line a journey: its first episode, when it began and ended, why, and its first kind."""
    names = ["AGNCY", "EPISODID", "CLIENTID"]
    firsts = joined.sort_values(["journey", "TRIAGED", *names]).drop_duplicates("journey")
    lasts = joined.sort_values(["journey", "ends", *names]).drop_duplicates("journey", keep="last")
    lasts = lasts.set_index("journey")
    found = pd.DataFrame({"episode": firsts.index, "began": firsts["TRIAGED"].to_numpy()})
    found.index = pd.Index(firsts["journey"])
    found["ended"] = lasts["DISD"]
    found["reason"] = lasts["DISRSN"].where(lasts["DISD"].notna(), "")
    found["kind"] = leading.set_index("journey")["kind"]
    return found
