"""The tables beside this module, row by row: partnerships, NDTMS fields, codes and reasons."""

import csv
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

Outcome = Literal["planned", "unplanned", "transfer", "left out"]


@dataclass(frozen=True, kw_only=True)
class PartnershipRow:
    """A partnership of 2006: its authority's ONS code, and its DAT code where one was read."""

    code: str
    name: str
    region_code: str
    region: str
    authority_type: str
    ndtms_dat_code: str | None


@dataclass(frozen=True, kw_only=True)
class CentreRow:
    """The approximate centre of a partnership's main town, in degrees (WGS 84)."""

    code: str
    latitude: Decimal
    longitude: Decimal


@dataclass(frozen=True, kw_only=True)
class FieldRow:
    """A header of NDTMS data set H, in order, and whether a file of 2006/07 may hold it."""

    position: int
    header: str
    meaning: str
    in_2006_07: Literal["probable", "no", "unknown"]
    basis: str


@dataclass(frozen=True, kw_only=True)
class DischargeReason:
    """A `DISRSN` code and what it counts as under the rules of 2006 and of 2009."""

    code: str
    label: str
    rules_2006: Outcome
    rules_2009: Outcome
    note: str


@dataclass(frozen=True, kw_only=True)
class WaitHistoryRow:
    """Weeks waited and allowed for an intervention before 2006: baseline, maxima, longest."""

    modality: str
    average_1999_2000: Decimal
    maximum_2002_03: int
    maximum_2003_04: int
    longest_dec_2001: int
    longest_dec_2002: int


@dataclass(frozen=True, kw_only=True)
class FundingStreamRow:
    """A source of money, and the intervention types it may pay for (none named: any)."""

    code: str
    name: str
    pays_only: tuple[str, ...]
    rule: str
    source: str
    mark: str


@dataclass(frozen=True, kw_only=True)
class ComparatorRow:
    """A published national figure; `compares` where a partnership's own is set beside it."""

    code: str
    group: str
    name: str
    value: Decimal
    unit: Literal["people", "%"]
    year: str
    compares: bool
    source: str
    mark: str


def _rows(file_name: str) -> Iterator[dict[str, str]]:
    path = Path(__file__).parent / file_name
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@functools.cache
def partnerships() -> tuple[PartnershipRow, ...]:
    """The 149 partnerships of England of 2006, region by region."""
    return tuple(
        PartnershipRow(
            code=row["code"],
            name=row["name"],
            region_code=row["region_code"],
            region=row["region"],
            authority_type=row["authority_type"],
            ndtms_dat_code=row["ndtms_dat_code"] or None,
        )
        for row in _rows("partnerships.csv")
    )


@functools.cache
def partnership_centres() -> tuple[CentreRow, ...]:
    """Where distances of each partnership are measured from; approximate, an assumption."""
    return tuple(
        CentreRow(
            code=row["code"],
            latitude=Decimal(row["latitude"]),
            longitude=Decimal(row["longitude"]),
        )
        for row in _rows("partnership_centres.csv")
    )


@functools.cache
def _regions() -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys((row.region_code, row.region) for row in partnerships()))


def regions() -> dict[str, str]:
    """The nine regions, code to name, in the order of the table."""
    return dict(_regions())


@functools.cache
def _code_rows() -> tuple[tuple[str, str, str, str], ...]:
    rows = _rows("ndtms_codes.csv")
    return tuple((row["list"], row["code"], row["label"], row["note"]) for row in rows)


def code_lists() -> tuple[str, ...]:
    """The names of the code lists held, such as `MODAL`."""
    return tuple(dict.fromkeys(name for name, *_ in _code_rows()))


def codes(name: str) -> dict[str, str]:
    """One NDTMS code list, code to label, in the order published. `KeyError` when not held.

    `DRUG` holds the heads of the drug list only, so a drug code outside it is not wrong.
    """
    found = {code: label for listed, code, label, _ in _code_rows() if listed == name}
    if not found:
        raise KeyError(name)
    return found


@functools.cache
def discharge_reasons() -> tuple[DischargeReason, ...]:
    """The thirteen reasons for discharge, in the order of their codes."""
    return tuple(DischargeReason(**row) for row in _rows("discharge_reasons.csv"))  # type: ignore[arg-type]  # the tests hold the file to these outcomes


@functools.cache
def ndtms_fields() -> tuple[FieldRow, ...]:
    """The 112 headers of data set H, in the order of the file."""
    return tuple(
        FieldRow(position=int(row.pop("position")), **row)  # type: ignore[arg-type]  # held by tests
        for row in _rows("ndtms_fields.csv")
    )


@functools.cache
def waiting_time_history() -> tuple[WaitHistoryRow, ...]:
    """Older maxima and baselines by intervention, in weeks."""
    return tuple(
        WaitHistoryRow(
            modality=row["modality"],
            average_1999_2000=Decimal(row["avg_wait_weeks_1999_2000"]),
            maximum_2002_03=int(row["nta_max_weeks_2002_03"]),
            maximum_2003_04=int(row["nta_max_weeks_2003_04"]),
            longest_dec_2001=int(row["longest_wait_weeks_dec_2001"]),
            longest_dec_2002=int(row["longest_wait_weeks_dec_2002"]),
        )
        for row in _rows("waiting_time_history.csv")
    )


@functools.cache
def funding_streams() -> tuple[FundingStreamRow, ...]:
    """The streams a plan is paid from, in the order in which a plan lists them."""
    return tuple(
        FundingStreamRow(
            code=row["code"],
            name=row["name"],
            pays_only=tuple(row["pays_only"].split()),
            rule=row["rule"],
            source=row["source"],
            mark=row["mark"],
        )
        for row in _rows("funding_streams.csv")
    )


@functools.cache
def comparators() -> tuple[ComparatorRow, ...]:
    """National figures for needs assessments, in the order they are shown."""
    return tuple(
        ComparatorRow(
            value=Decimal(row.pop("value")),
            compares=row.pop("compares") == "yes",
            **row,  # type: ignore[arg-type]  # the tests hold the units to these
        )
        for row in _rows("comparators.csv")
    )
