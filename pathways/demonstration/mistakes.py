"""The mistakes agencies make in their returns: one for nearly every check of the file.

A mistake changes the rows of one episode in every return until the agency notices it. One that
has nothing to bite on (no discharge yet, one row only) leaves the rows as they are.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from pathways.demonstration.calibration import Calibration
from pathways.demonstration.draws import Draw
from pathways.demonstration.episodes import Episode
from pathways.demonstration.rows import Row, writing

Change = Callable[[list[Row], Episode, int], list[Row]]
NOTICED_AFTER = (60, 500)  # days from triage, at least and at most [B]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A named change to an episode's rows."""

    name: str
    make: Change
    weight: float = 1.0


def _put(**values: str) -> Change:
    """The same value in every row, whatever was there."""

    def change(rows: list[Row], _: Episode, __: int) -> list[Row]:
        return [row | values for row in rows]

    return change


def _day(field: str, of: str, by: int) -> Change:
    """A day moved so many days from the triage, start or end of the episode's first row."""

    def change(rows: list[Row], episode: Episode, _: int) -> list[Row]:
        first = episode.modalities[0]
        from_day = {
            "REFLD": episode.referred,
            "TRIAGED": episode.triaged,
            "MODST": first.starts,
            "DISD": episode.discharged,
        }[of]
        if from_day is None or not rows[0][field] or not rows[0][of]:
            return rows
        moved = writing(episode.agency.date_format)[from_day + by]
        return [rows[0] | {field: moved}, *rows[1:]]

    return change


def _twice(rows: list[Row], _: Episode, __: int) -> list[Row]:
    return [*rows, dict(rows[-1])]


def _unlike_rows(rows: list[Row], episode: Episode, _: int) -> list[Row]:
    other = "3" if episode.referral_source != "3" else "4"
    return [rows[0], *(row | {"RFLS": other} for row in rows[1:])]


def _no_such_day(rows: list[Row], _: Episode, __: int) -> list[Row]:
    return [row | {"TRIAGED": row["TRIAGED"].replace("0", "O", 1)} for row in rows]


def _triage_before_referral(rows: list[Row], episode: Episode, _: int) -> list[Row]:
    early = writing(episode.agency.date_format)[episode.referred - 9]
    return [row | {"TRIAGED": early} for row in rows]


def _discharged_before_triage(rows: list[Row], episode: Episode, _: int) -> list[Row]:
    early = writing(episode.agency.date_format)[episode.triaged - 9]
    return [row | {"DISD": early if row["DISD"] else ""} for row in rows]


def _open_after_discharge(rows: list[Row], _: Episode, __: int) -> list[Row]:
    return [row | {"MODEND": ""} if row["DISD"] else row for row in rows]


def _reason_before_discharge(rows: list[Row], _: Episode, __: int) -> list[Row]:
    return [row | {"DISRSN": row["DISRSN"] if row["DISD"] else "6"} for row in rows]


def _reason_code(rows: list[Row], _: Episode, __: int) -> list[Row]:
    return [row | {"DISRSN": "21" if row["DISD"] else ""} for row in rows]


def _next_century(rows: list[Row], episode: Episode, _: int) -> list[Row]:
    starts = episode.modalities[0].starts
    if starts is None or not rows[0]["MODST"]:
        return rows
    return [rows[0] | {"MODST": writing(episode.agency.date_format)[starts + 36_525]}, *rows[1:]]


def _negative_wait(rows: list[Row], _: Episode, __: int) -> list[Row]:
    first = rows[0]
    if not first["FAOMODDT"]:
        return rows
    return [first | {"REFMODDT": first["FAOMODDT"], "FAOMODDT": first["REFMODDT"]}, *rows[1:]]


def _late_plan(rows: list[Row], episode: Episode, day: int) -> list[Row]:
    starts = episode.modalities[0].starts
    if starts is None or starts + 30 > min(day, episode.discharged):
        return rows
    return [row | {"CPLANDT": writing(episode.agency.date_format)[starts + 30]} for row in rows]


def _no_modality(rows: list[Row], _: Episode, __: int) -> list[Row]:
    blank = dict.fromkeys(("MODAL", "MODID", "REFMODDT", "FAOMODDT", "MODST", "MODEND"), "")
    return [row | blank for row in rows[:1]] if len(rows) == 1 else rows


def _zeros_lost(rows: list[Row], _: Episode, __: int) -> list[Row]:
    return [row | {"DAT": row["DAT"].lstrip("0")} for row in rows]


# Each keeps the episode out.
REJECTED = (
    Mistake("an initial is missing", _put(SINITIAL="")),
    Mistake("the date of birth is missing", _put(DOB="")),
    Mistake("the sex is missing", _put(SEX="")),
    Mistake("the referral date is missing", _put(REFLD="")),
    Mistake("the triage date is missing", _put(TRIAGED="")),
    Mistake("the main drug is missing", _put(DRUG1="")),
    Mistake("the date of birth is in 1879", _put(DOB="18790412")),
    Mistake("a day that does not exist", _put(REFLD="20060231")),
    Mistake("a letter in a date", _no_such_day),
    Mistake("a referral source not in the list", _put(RFLS="7"), weight=2.0),
    Mistake("a sex not in the list", _put(SEX="M")),
    Mistake("a modality not in the list", _put(MODAL="14")),
    Mistake("an accommodation need not in the list", _put(ACCMNEED="7")),
    Mistake("a discharge reason not in the list", _reason_code),
    Mistake("triaged before the referral", _triage_before_referral, weight=2.0),
    Mistake("discharged before the triage", _discharged_before_triage, weight=2.0),
    Mistake("started before the triage", _day("MODST", "TRIAGED", -6), weight=2.0),
    Mistake("ended before the start", _day("MODEND", "MODST", -3), weight=2.0),
    Mistake("ended after the discharge", _day("MODEND", "DISD", 12), weight=2.0),
    Mistake("open after the discharge", _open_after_discharge, weight=3.0),
    Mistake("a reason without a discharge", _reason_before_discharge, weight=2.0),
    Mistake("rows of an episode that differ", _unlike_rows, weight=2.0),
    Mistake("the same row twice", _twice, weight=2.0),
    Mistake("a start in the next century", _next_century),
)
# Each is accepted with a reason, or only told.
QUESTIONED = (
    Mistake("discharged without a reason", _put(DISRSN=""), weight=12.0),
    Mistake("offered before the referral", _negative_wait, weight=5.0),
    Mistake("started before the offer", _day("FAOMODDT", "MODST", 2), weight=3.0),
    Mistake("a care plan after the start", _late_plan, weight=3.0),
    Mistake("no modality", _no_modality, weight=2.0),
    Mistake("a drug not among the heads", _put(DRUG2="3299"), weight=3.0),
    Mistake("the partnership is missing", _put(DAT=""), weight=2.0),
    Mistake("the partnership is unknown", _put(DAT="Q99B"), weight=2.0),
    Mistake("outside every partnership", _put(DAT="Z00B"), weight=3.0),
    Mistake("leading zeros lost", _zeros_lost, weight=3.0),
)


class Carelessness:
    """Draws which episodes are written with a mistake, and until when."""

    def __init__(self, calibration: Calibration, rng: random.Random) -> None:
        self._truth = calibration
        self._rng = rng
        self._rejected = Draw({one: one.weight for one in REJECTED})
        self._questioned = Draw({one: one.weight for one in QUESTIONED})

    def touch(self, episode: Episode) -> None:
        """Give an episode a mistake, or mostly not."""
        rng, truth = self._rng, self._truth
        luck = rng.random()
        if luck >= truth.rejected + truth.questioned:
            return
        draw = self._rejected if luck < truth.rejected else self._questioned
        episode.mistake = draw(rng.random())
        least, most = NOTICED_AFTER
        noticed = rng.random() < truth.corrected
        after = least + int(rng.random() * (most - least)) if noticed else most * 100
        episode.mistake_until = episode.triaged + after
