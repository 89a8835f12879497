"""What the contracts of the demonstration say: each carried by one line of a plan of 2006/07.

Prices and volumes follow the line, so that a contract costs no more than its line has.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from providers.choices import ContractKind, PriceUnit, TenderRoute

APRIL, NEXT_APRIL = dt.date(2006, 4, 1), dt.date(2007, 4, 1)


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """One contract. `line` is the plan's line that carries it; `seller` says how its provider is
    found: the code of an agency, or `provider:` with its own.

    `sub_contractors`: what a provider does of it, by code, in which `{}` is the lead's own.
    `price`: for one unit; None: what the line comes to a year. `less`: what a unit costs less than
    the line reckons with, pounds. `schedule`: measure → what is agreed of it.
    """

    reference: str
    title: str
    kind: ContractKind
    line: str
    seller: str
    interventions: tuple[str, ...]
    starts_on: dt.date = APRIL
    ends_on: dt.date = NEXT_APRIL
    unit: PriceUnit | str = ""
    price: Decimal | None = None
    less: Decimal = Decimal(5)
    takes_volume: bool = False
    ceiling: Decimal | None = None
    take_up: Decimal | None = None
    void_rate: Decimal | None = None
    uplift: Decimal | None = None
    uplift_on: dt.date | None = None
    extension_months: int = 0
    extend_by: dt.date | None = None
    notice_weeks: int = 13
    route: TenderRoute = TenderRoute.RESTRICTED
    waiver: str = ""
    is_shared: bool = False
    without: frozenset[str] = frozenset()
    schedule: Mapping[str, Decimal] = field(default_factory=dict)
    sub_contractors: Mapping[str, str] = field(default_factory=dict)
    monitoring: str = "Each quarter, within five weeks of its end"


_D = Decimal
WAITS = {
    "WAIT-FIRST-ALL": _D("0.9"), "RET-NEW": _D("0.78"), "EXIT-PLANNED-2006": _D("0.4"),
    "CARE-PLAN": _D("0.95"),
}  # fmt: skip
BEDS = {"places": _D("0.9"), "TIER4-COMPLETED": _D("0.6")}

# What the joint plan of the home region buys, led by the home partnership.
JOINT = (
    Agreement(
        reference="ne-rehab-2006", title="Rehabilitation beds for the region",
        kind=ContractKind.BLOCK, line="Regional rehabilitation, block", seller="ARH01",
        interventions=("residential-rehabilitation",), unit=PriceUnit.BED_WEEK, takes_volume=True,
        extension_months=12, extend_by=dt.date(2007, 2, 28), route=TenderRoute.OPEN,
        is_shared=True, schedule=BEDS,
    ),
    Agreement(
        reference="ne-detox-2006", title="Detoxification beds for the region",
        kind=ContractKind.BLOCK, line="Regional detoxification beds", seller="AIP01",
        interventions=("inpatient",), ends_on=dt.date(2008, 4, 1), unit=PriceUnit.BED_WEEK,
        takes_volume=True, take_up=_D(80), void_rate=_D(60), is_shared=True, schedule=BEDS,
    ),
)  # fmt: skip

# What the home partnership buys alone.
HOME = (
    Agreement(
        reference="gh-rehab-block", title="Three-month rehabilitation, block",
        kind=ContractKind.BLOCK, line="Residential rehabilitation, block", seller="ARH02",
        interventions=("residential-rehabilitation",), ends_on=dt.date(2007, 10, 1),
        unit=PriceUnit.BED_WEEK, takes_volume=True, uplift=_D("2.5"), uplift_on=NEXT_APRIL,
        schedule=BEDS,
    ),
    Agreement(
        reference="gh-rehab-framework", title="Rehabilitation when the blocks are full",
        kind=ContractKind.FRAMEWORK, line="", seller="ARH01",
        interventions=("residential-rehabilitation",), ends_on=dt.date(2008, 4, 1),
        unit=PriceUnit.BED_WEEK, price=_D(550), ceiling=_D(60_000), route=TenderRoute.OPEN,
    ),
    Agreement(
        reference="gh-rehab-spot", title="Single places for women with children",
        kind=ContractKind.SPOT, line="", seller="ARH03",
        interventions=("residential-rehabilitation",), ends_on=dt.date(2008, 4, 1),
        unit=PriceUnit.BED_WEEK, price=_D(610), route=TenderRoute.QUOTATIONS,
    ),
    Agreement(
        reference="gh-prescribing", title="Community prescribing",
        kind=ContractKind.SLA, line="Community prescribing", seller="team",
        interventions=("specialist-prescribing", "care-coordination", "triage"),
        ends_on=dt.date(2009, 4, 1), unit=PriceUnit.YEAR, route=TenderRoute.NONE,
        schedule={**WAITS, "IN-TREATMENT": _D(560)},
        sub_contractors={"PH{}": "Supervised consumption in the first three months"},
    ),
    Agreement(
        reference="gh-day-programme", title="Structured day programme",
        kind=ContractKind.SLA, line="Structured day programme", seller="programme",
        interventions=("day-programme",), unit=PriceUnit.YEAR, extension_months=12,
        extend_by=dt.date(2007, 3, 15), without=frozenset({"user-involvement"}),
        schedule={"RET-NEW": _D("0.75"), "EXIT-PLANNED-2006": _D("0.45")},
    ),
    Agreement(
        reference="gh-counselling", title="Structured counselling by the start",
        kind=ContractKind.COST_AND_VOLUME, line="Structured counselling", seller="programme",
        interventions=("structured-psychosocial",), ends_on=dt.date(2008, 4, 1),
        unit=PriceUnit.START, takes_volume=True, route=TenderRoute.QUOTATIONS,
    ),
    Agreement(
        reference="gh-aftercare", title="Aftercare groups and mentors",
        kind=ContractKind.SLA, line="Aftercare groups and mentors", seller="programme",
        interventions=("aftercare",), unit=PriceUnit.YEAR, route=TenderRoute.WAIVER,
        waiver="The only body in the area whose mentors have been through treatment themselves.",
    ),
    Agreement(
        reference="gh-outreach-2006", title="Outreach to stimulant users, until the summer",
        kind=ContractKind.SLA, line="Outreach to stimulant users", seller="programme",
        interventions=("outreach",), ends_on=dt.date(2006, 10, 1), unit=PriceUnit.YEAR,
        route=TenderRoute.QUOTATIONS,
    ),
    Agreement(
        reference="gh-practice-1", title="Enhanced care in general practice (local)",
        kind=ContractKind.LES, line="Shared care with general practice", seller="provider:GP{}1",
        interventions=("gp-prescribing",), unit=PriceUnit.YEAR, price=_D(9_600),
        ends_on=dt.date(2008, 4, 1), route=TenderRoute.NONE,
    ),
    Agreement(
        reference="gh-practice-2", title="Drug users in essential services of a practice",
        kind=ContractKind.GMS, line="", seller="provider:GP{}2",
        interventions=("screening", "generic-advice"), ends_on=dt.date(2009, 4, 1),
        route=TenderRoute.NONE, notice_weeks=26,
        monitoring="Once a year; the practice is paid by its general contract, not by the plan",
    ),
    Agreement(
        reference="gh-practice-3", title="Care of drug users in a practice with its own agreement",
        kind=ContractKind.PMS, line="Shared care with general practice", seller="provider:GP{}3",
        interventions=("gp-prescribing", "screening"), unit=PriceUnit.YEAR, price=_D(8_400),
        ends_on=dt.date(2008, 4, 1), route=TenderRoute.NONE,
    ),
    Agreement(
        reference="gh-practice-4", title="Enhanced care in general practice (national)",
        kind=ContractKind.NES, line="Shared care with general practice", seller="provider:GP{}4",
        interventions=("gp-prescribing",), unit=PriceUnit.YEAR, price=_D(7_200),
        route=TenderRoute.NONE,
    ),
)  # fmt: skip

# What every other partnership with a plan buys from its own drug team.
ELSEWHERE = (
    Agreement(
        reference="prescribing-2006", title="Community prescribing", kind=ContractKind.SLA,
        line="Community prescribing", seller="team",
        interventions=("specialist-prescribing", "care-coordination"),
        ends_on=dt.date(2008, 4, 1), unit=PriceUnit.YEAR, route=TenderRoute.NONE, schedule=WAITS,
    ),
)  # fmt: skip
