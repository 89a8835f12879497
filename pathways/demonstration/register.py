"""The providers and NDTMS agencies of the synthetic England.

The register is the same whatever the seed of the people and whichever partnerships are chosen:
codes are made from the codes of partnerships and regions, and everything else is drawn from the
code. No organisation in it exists.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pathways.demonstration.geography import SyntheticPartnership


class Kind(StrEnum):
    """What sort of service an agency is."""

    STATUTORY = "community drug team of a trust"
    VOLUNTARY = "voluntary day and open-access programme"
    SHARED_CARE = "general practice shared care"
    INPATIENT = "inpatient unit"
    REHABILITATION = "residential rehabilitation"
    PRISON = "prison treatment team"


class Line(StrEnum):
    """A line of work in the community, done in each partnership by one or more agencies."""

    PRESCRIBING = "specialist prescribing and what goes with it"
    SHARED_CARE = "prescribing by general practitioners"
    STRUCTURED = "day programmes and structured psychosocial work"


# How an intervention type of the community divides over the lines of work [B].
LINES_OF: Mapping[str, Mapping[Line, float]] = {
    "2": {Line.PRESCRIBING: 1.0},
    "3": {Line.SHARED_CARE: 1.0},
    "4": {Line.PRESCRIBING: 0.45, Line.STRUCTURED: 0.55},
    "5": {Line.STRUCTURED: 1.0},
    "12": {Line.PRESCRIBING: 0.4, Line.STRUCTURED: 0.6},
}
MODALS_OF_LINE: Mapping[Line, tuple[str, ...]] = {
    line: tuple(modal for modal, lines in LINES_OF.items() if line in lines) for line in Line
}


@dataclass(frozen=True, slots=True)
class SyntheticProvider:
    """An organisation that runs agencies; `months_late` of them are missing at the end."""

    code: str
    name: str
    months_late: int = 0


@dataclass(frozen=True, slots=True)
class SyntheticAgency:
    """One place that sends NDTMS rows.

    `modals` are the intervention types it gives; `drop_out_factor` multiplies the national share
    of new journeys that end within 84 days and averages one over England; `share` is its part in
    the work of its line in its partnership. `date_format` and `blank` are how its system writes
    a day and a value that is not supplied.
    """

    code: str
    name: str
    provider_code: str
    partnership_code: str
    region_code: str
    kind: Kind
    modals: tuple[str, ...]
    lines: tuple[Line, ...] = ()
    share: float = 1.0
    drop_out_factor: float = 1.0
    date_format: str = "%Y%m%d"
    blank: str = ""

    @property
    def is_prison(self) -> bool:
        return self.kind is Kind.PRISON


@dataclass(frozen=True)
class Register:
    """Providers and agencies, and who serves whom."""

    partnerships: tuple[SyntheticPartnership, ...]
    providers: tuple[SyntheticProvider, ...]
    agencies: tuple[SyntheticAgency, ...]

    def provider(self, code: str) -> SyntheticProvider:
        return next(one for one in self.providers if one.code == code)

    def agency(self, code: str) -> SyntheticAgency:
        return next(one for one in self.agencies if one.code == code)

    def serving(self, partnership_code: str, line: Line) -> tuple[SyntheticAgency, ...]:
        """The agencies of a partnership that do a line of work, with their shares of it."""
        return tuple(
            agency
            for agency in self.agencies
            if agency.partnership_code == partnership_code and line in agency.lines
        )

    def of_kind(self, kind: Kind) -> tuple[SyntheticAgency, ...]:
        return tuple(agency for agency in self.agencies if agency.kind is kind)
