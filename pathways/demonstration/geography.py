"""The 149 partnerships and what the synthetic England supposes of each."""

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pathways.demonstration.calibration import ENGLAND_CLIENTS, Calibration

TABLE = Path(__file__).resolve().parents[2] / "commissioning" / "reference" / "partnerships.csv"

# Drug users in treatment against a typical unitary authority, by kind of authority [B].
SIZE_BY_TYPE = {
    "County council": 3.2,
    "Metropolitan district": 1.9,
    "London borough": 1.6,
    "Unitary authority": 1.1,
    "City corporation": 0.12,
}
# Authorities far from the usual size of their kind [B].
SIZE_AGAINST_TYPE = {
    "00CN": 3.2, "00DA": 2.2, "00BY": 2.2, "00BN": 2.2, "00CG": 1.6, "00CX": 1.6, "00HB": 3.0,
    "00FY": 2.0, "00FN": 1.7, "00ML": 1.8, "00FP": 0.1, "00HN": 1.4, "00FF": 0.8, "35": 0.4,
    "00MF": 0.5, "00ME": 0.6, "00MB": 0.5, "00MA": 0.5, "30": 1.6, "29": 1.3, "22": 1.2,
}  # fmt: skip
INTENSIVE_SHARE = 0.35  # partnerships with the intensive Drug Interventions Programme [B]


class UnknownPartnerships(ValueError):
    """Codes that are not in the table of partnerships."""


@dataclass(frozen=True, slots=True)
class SyntheticPartnership:
    """A partnership of the reference table with its part in the synthetic England.

    `share` is of England's clients; `wait_factor` and `planned_factor` multiply the national mean
    wait and share of planned exits, and average one over England.
    """

    code: str
    name: str
    region_code: str
    region: str
    authority_type: str
    dat_code: str  # what its agencies write in DAT
    share: float
    is_dip_intensive: bool
    wait_factor: float
    planned_factor: float


@cache
def partnerships() -> tuple[SyntheticPartnership, ...]:
    """All 149, in the order of the reference table; the same in every run."""
    intensive_wait = Calibration().dip_intensive_wait
    with TABLE.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    drawn = []
    for row in rows:
        rng = random.Random(f"partnership {row['code']}")  # noqa: S311 (not a secret)
        size = SIZE_BY_TYPE[row["authority_type"]] * SIZE_AGAINST_TYPE.get(row["code"], 1.0)
        size *= rng.lognormvariate(0, 0.18)
        intensive = rng.random() < INTENSIVE_SHARE
        wait = (intensive_wait if intensive else 1.0) * rng.lognormvariate(0, 0.22)
        drawn.append((row, size, intensive, wait, rng.lognormvariate(0, 0.12)))
    whole = sum(size for _, size, *_ in drawn)
    wait_mean = sum(size * wait for _, size, _, wait, _ in drawn) / whole
    planned_mean = sum(size * planned for _, size, _, _, planned in drawn) / whole
    return tuple(
        SyntheticPartnership(
            code=row["code"],
            name=row["name"],
            region_code=row["region_code"],
            region=row["region"],
            authority_type=row["authority_type"],
            dat_code=row["ndtms_dat_code"] or row["code"],
            share=size / whole,
            is_dip_intensive=intensive,
            wait_factor=wait / wait_mean,
            planned_factor=planned / planned_mean,
        )
        for row, size, intensive, wait, planned in drawn
    )


def chosen_partnerships(codes: Sequence[str] | None) -> tuple[SyntheticPartnership, ...]:
    """Those with these codes, in the order of the table; all of them for none given."""
    if codes is None:
        return partnerships()
    wanted = set(codes)
    found = tuple(one for one in partnerships() if one.code in wanted)
    if unknown := wanted - {one.code for one in found}:
        raise UnknownPartnerships(f"No partnership has the code {', '.join(sorted(unknown))}.")
    return found


def full_density(chosen: Sequence[SyntheticPartnership]) -> int:
    """How many clients these partnerships have when England has 300,000."""
    return round(ENGLAND_CLIENTS * sum(one.share for one in chosen))
