"""People in treatment, each once in an area and period, by listing every period of every stay."""

from collections.abc import Iterator

import pandas as pd

from benchmarks.plainly.cells import AREAS, GRAINS, as_cells, breakdowns, place_in_time
from benchmarks.plainly.facts import LEFT_OUT
from benchmarks.plainly.journeys import Courses
from benchmarks.plainly.reading import Records
from benchmarks.plainly.waiting import months_of


def in_treatment(
    records: Records, found: Courses, splits: pd.DataFrame, since: int
) -> pd.DataFrame:
    """Every cell of people in treatment, in months from `since` on."""
    made = [
        cells
        for grain in GRAINS
        for part in (
            _latest(records, found, splits, grain, since),
            _received(records, found, splits, grain, since),
            _left_out(records, found, splits, grain, since),
        )
        for cells in part
    ]
    together = pd.concat(made, ignore_index=True)
    keys = ["area_kind", "area_code", "grain", "place", "breakdown", "value"]
    return together.fillna(0).groupby(keys).sum().reset_index()


def _periods(lines: pd.DataFrame, grain: str, since: int) -> pd.DataFrame:
    """A line for each period that each stay from `from_day` to `to_day` meets."""
    step = {"month": 1, "quarter": 3, "year": 12}[grain]
    first = place_in_time(months_of(lines["from_day"]).clip(lower=since), grain)
    last = place_in_time(months_of(lines["to_day"]), grain)
    many = ((last - first) // step + 1).clip(lower=0)
    rows = lines.loc[lines.index.repeat(many)]
    turn = rows.groupby(level=0).cumcount()
    return rows.assign(place=first.reindex(rows.index) + turn * step).reset_index(drop=True)


def _stays(records: Records, found: Courses, splits: pd.DataFrame) -> pd.DataFrame:
    held = found.episodes
    ends = held["DISD"].fillna(records.until)
    stays = splits.reindex(held.index).assign(
        from_day=held["first"],
        to_day=ends.where(ends >= held["first"], held["first"]),
        triaged=held["TRIAGED"],
        left_out=held["left_out"],
    )
    return stays.rename_axis("episode").reset_index()


def _latest(
    records: Records, found: Courses, splits: pd.DataFrame, grain: str, since: int
) -> Iterator[pd.DataFrame]:
    stays = _stays(records, found, splits)
    stays = stays[stays["left_out"] == ""].sort_values(["from_day", "triaged", "episode"])
    lines = _periods(stays.reset_index(drop=True), grain, since)
    for kind, column in AREAS.items():
        once = lines.drop_duplicates([column, "person", "place"], keep="last")
        for breakdown, value, chosen in breakdowns(once.assign(kind=""), kind, grain):
            if breakdown != "type":
                keys = [column, "place", *([value] if value in chosen.columns else [])]
                cells = chosen.groupby(keys).size().rename("people").reset_index()
                yield as_cells(cells, kind, column, grain, breakdown=breakdown, value=value)


def _received(
    records: Records, found: Courses, splits: pd.DataFrame, grain: str, since: int
) -> Iterator[pd.DataFrame]:
    if grain == "month":
        return
    begun = found.begun[found.begun["episode"].isin(
        found.episodes.index[found.episodes["left_out"] == ""]
    )]  # fmt: skip
    left = found.episodes["DISD"].reindex(begun["episode"]).to_numpy()
    ends = begun["ended"].fillna(pd.Series(left, begun.index)).fillna(records.until)
    held = begun[["episode", "kind"]].assign(
        from_day=begun["started"], to_day=ends.where(ends >= begun["started"], begun["started"])
    )
    held["kind"] = held["kind"].astype(str)
    held = held.join(splits[[*AREAS.values(), "person"]], on="episode").reset_index(drop=True)
    lines = _periods(held, grain, since)
    for kind, column in AREAS.items():
        once = lines.drop_duplicates([column, "person", "place", "kind"])
        cells = once.groupby([column, "place", "kind"]).size().rename("people").reset_index()
        yield as_cells(cells, kind, column, grain, breakdown="type", value="kind")


def _left_out(
    records: Records, found: Courses, splits: pd.DataFrame, grain: str, since: int
) -> Iterator[pd.DataFrame]:
    stays = _stays(records, found, splits)
    stays = stays[stays["left_out"] != ""].reset_index(drop=True)
    lines = _periods(stays, grain, since)
    for kind, column in AREAS.items():
        once = lines.drop_duplicates([column, "person", "place", "left_out"])
        for reason in LEFT_OUT:
            chosen = once[once["left_out"] == reason]
            cells = chosen.groupby([column, "place"]).size().rename(f"left_out_{reason}")
            yield as_cells(cells.reset_index(), kind, column, grain, breakdown="", value="")
