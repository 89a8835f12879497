"""What the plans of the demonstration say. All of it is invented; no figure is a real one's.

The pattern of a northern borough of about a million pounds a year, stretched by the size of each
partnership.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from commissioning.choices import (
    CoverageState,
    DocumentRole,
    PlanningGrid,
    Purchase,
)

POOLED, MAINSTREAM, DIP, CARE, HOUSING = (
    "pooled-treatment", "pct-mainstream", "dip-main", "community-care", "supporting-people",
)  # fmt: skip
CARRIED = "carried-forward"
SUMMARY = (
    "More people in treatment, sooner and for longer, with a way out of it. This year the"
    " partnership opens prescribing on two evenings, buys rehabilitation in a mixture of block"
    " and spot, and pays for aftercare from the first day."
)
NEEDS = (
    "Fewer than half of those who could benefit are in treatment. Stimulant users and women are"
    " furthest from it; people who leave Tier 4 often have no settled home to go to."
)


@dataclass(frozen=True)
class LineWords:
    """A line for a partnership of size one: priced by unit, volume and weeks, or a plain sum."""

    name: str
    tier: int | None
    intervention: str
    percents: Mapping[str, Decimal]
    sum: Decimal | None = None
    unit_cost: Decimal | None = None
    volume: Decimal | None = None
    weeks: Decimal | None = None
    unit: str = ""
    starts: int | None = None
    more: Mapping[str, Any] = field(default_factory=dict)


def _of(**streams: int) -> dict[str, Decimal]:
    names = {"pooled": POOLED, "pct": MAINSTREAM, "dip": DIP, "care": CARE, "housing": HOUSING}
    return {names[name]: Decimal(share) for name, share in streams.items()}


_D = Decimal
LINES: tuple[LineWords, ...] = (
    LineWords("Liaison nurse, maternity and emergency", 1, "liaison-scheme", _of(pct=100),
              sum=_D(38_400), more={"setting": "general-health", "harm_reduction": True}),
    LineWords("Advice and information centre", 2, "advice", _of(pooled=100), sum=_D(74_500),
              starts=420, more={"setting": "open-access", "evenings": True}),
    LineWords("Needle exchange in pharmacies", 2, "pharmacy-exchange", _of(pct=60, pooled=40),
              sum=_D(46_250), more={"setting": "pharmacy", "weekends": True,
                                    "harm_reduction": True}),
    LineWords("Outreach to stimulant users", 2, "outreach", _of(pooled=100), sum=_D(58_900),
              starts=160, more={"setting": "outreach", "priority": 2, "evenings": True,
                                    "harm_reduction": True}),
    LineWords("Criminal justice intervention team", 2, "cjit-caseload", _of(dip=100),
              sum=_D(182_000), starts=310, more={"setting": "cjit"}),
    LineWords("Aftercare groups and mentors", 2, "aftercare", _of(pooled=100), sum=_D(42_300),
              starts=120, more={"setting": "open-access", "priority": 3, "aftercare": True}),
    LineWords("Supported tenancies", 1, "drug-users-housing", _of(housing=100), sum=_D(54_600),
              starts=24, more={"setting": "supported-housing", "priority": 3, "aftercare": True,
                               "note": "Support with the tenancy alone, for whoever asks: no"
                                       " treatment goes with it."}),
    LineWords("Community prescribing", 3, "specialist-prescribing", _of(pooled=70, pct=30),
              unit_cost=_D("41.50"), volume=_D(185), weeks=_D(52), unit="place a week", starts=260,
              more={"setting": "community-clinic", "priority": 1, "evenings": True,
                    "harm_reduction": True,
                    "places": 185, "purchase": Purchase.AGREEMENT}),
    LineWords("Shared care with general practice", 3, "gp-prescribing", _of(pct=65, pooled=35),
              unit_cost=_D("22.80"), volume=_D(110), weeks=_D(52), unit="patient a week",
              starts=95, more={"setting": "primary-care", "places": 110}),
    LineWords("Structured counselling", 3, "structured-psychosocial", _of(pooled=100),
              sum=_D(96_700), starts=210, more={"setting": "community-clinic"}),
    LineWords("Structured day programme", 3, "day-programme", _of(pooled=80, dip=20),
              unit_cost=_D("138.00"), volume=_D(18), weeks=_D(48), unit="place a week", starts=70,
              more={"setting": "community-clinic", "places": 18}),
    LineWords("Inpatient detoxification", 4, "inpatient", _of(pooled=100),
              unit_cost=_D("1120.00"), volume=_D(2), weeks=_D(52), unit="bed a week", starts=48,
              more={"setting": "specialist-inpatient", "places": 2, "purchase": Purchase.BLOCK,
                    "harm_reduction": True,
                    "pathway": "From community prescribing; on to rehabilitation or aftercare"}),
    LineWords("Residential rehabilitation, block", 4, "residential-rehabilitation",
              _of(pooled=40, care=60), unit_cost=_D("515.00"), volume=_D(3), weeks=_D(52),
              unit="bed a week", starts=12,
              more={"setting": "residential-unit", "places": 3, "purchase": Purchase.BLOCK,
                    "pathway": "From assessment panel; on to supported housing and aftercare"}),
    LineWords("Residential rehabilitation, spot", 4, "residential-rehabilitation",
              _of(pooled=35, care=65), unit_cost=_D("560.00"), volume=_D(4), weeks=_D(26),
              unit="bed a week", starts=8,
              more={"setting": "residential-unit", "places": 4, "purchase": Purchase.SPOT,
                    "pathway": "From assessment panel; on to supported housing and aftercare"}),
    LineWords("Joint commissioning team", None, "", _of(pooled=60, pct=40), sum=_D(88_000)),
    LineWords("Service-user involvement", None, "", _of(pooled=100), sum=_D(14_600)),
)  # fmt: skip

# What the partnerships of a region buy together.
JOINT_NAME = "Tier 4 North East"
JOINT_SUMMARY = (
    "The partnerships of the region buy beds for detoxification and rehabilitation together: a"
    " block that none of them could fill alone, and spot places where it is full. Each pays its"
    " share, and each one's residents may use any bed."
)
_TIER_4_PATHWAY = "From each member's assessment panel; on to aftercare at home"
JOINT_LINES: tuple[LineWords, ...] = (
    LineWords("Regional detoxification beds", 4, "inpatient", _of(pooled=100),
              unit_cost=_D("1085.00"), volume=_D(6), weeks=_D(52), unit="bed a week", starts=140,
              more={"setting": "specialist-inpatient", "places": 6, "purchase": Purchase.BLOCK,
                    "harm_reduction": True, "pathway": _TIER_4_PATHWAY}),
    LineWords("Regional rehabilitation, block", 4, "residential-rehabilitation",
              _of(pooled=40, care=60), unit_cost=_D("505.00"), volume=_D(8), weeks=_D(52),
              unit="bed a week", starts=30,
              more={"setting": "residential-unit", "places": 8, "purchase": Purchase.BLOCK,
                    "pathway": _TIER_4_PATHWAY}),
    LineWords("Regional rehabilitation, spot", 4, "residential-rehabilitation",
              _of(pooled=35, care=65), unit_cost=_D("560.00"), volume=_D(6), weeks=_D(26),
              unit="bed a week", starts=10,
              more={"setting": "residential-unit", "places": 6, "purchase": Purchase.SPOT,
                    "pathway": _TIER_4_PATHWAY}),
)  # fmt: skip

# Lines of these tiers are bought from providers of the partnership.
BOUGHT_TIERS = frozenset({2, 3})
PRIORITIES = (
    "Shorter waits for prescribing in the evenings",
    "Stimulant users, who are few in treatment for their number",
    "Planned exits with housing and aftercare arranged",
)
# Which priority each action serves, when it is due (month, day of the plan's year), by whom.
GRID_ROWS = (
    (PlanningGrid.COMMISSIONING, 3, "One contract form for Tier 4", ("Agree standard terms with"
     " three preferred providers"), (9, 30), "Joint commissioning manager"),
    (PlanningGrid.ACCESS, 1, "No wait over three weeks", ("Open prescribing on two weekdays in the"
     " evening"), (7, 1), "Prescribing service manager"),
    (PlanningGrid.ACCESS, 2, "Stimulant users come earlier", ("Two outreach workers trained for"
     " stimulant use"), (10, 15), "Outreach manager"),
    (PlanningGrid.RETENTION, 1, "Nobody leaves in the first month", ("Call everybody who misses a"
     " second appointment"), (8, 31), "Keyworkers"),
    (PlanningGrid.EXIT, 3, "Leavers have a home", ("Two supported homes are held for Tier 4"
     " leavers"), (12, 1), "Housing link worker"),
    (PlanningGrid.HARM, 2, "Fewer overdoses", "Overdose training led by peers each quarter",
     (6, 30), "Service-user co-ordinator"),
)  # fmt: skip

# In treatment in a year, of those estimated to need it [B].
REACHED = Decimal("0.55")
GROUPS = (
    ("WOMEN", 380, "Childcare during appointments."),
    ("STIMULANTS", 290, "Services that do more than prescribe, open in the evening."),
    ("INJECTORS", 610, "Equipment within walking distance at weekends."),
    ("HOMELESS", 120, "A route from hostels that does not ask for an address."),
)
HARMS = (
    ("needles-shared", Decimal(31)),
    ("equipment-shared", Decimal(54)),
    ("hepatitis-c-2003", Decimal(38)),
)
VIEWS = (
    (
        "USERS",
        "Mornings are hard; the wait for a script is harder.",
        "Forum of users, October",
    ),
    ("CARERS", "Nobody tells us whom to ring at the weekend.", "Carers' group, November"),
)
GAPS = (
    ("No detoxification attached to rehabilitation in the region", "T4-05"),
    ("Outreach to sex workers on one evening only", "T2-10"),
)

DOCUMENTS = (
    (DocumentRole.LOCAL_STRATEGY, "Community strategy", "Local strategic partnership"),
    (DocumentRole.NEEDS, "Needs assessment", "In this service"),
    (DocumentRole.WORKFORCE, "Workforce strategy", "Primary care trust"),
    (DocumentRole.HOMELESSNESS, "Homelessness strategy", "Housing department"),
    (DocumentRole.SUPPORTING_PEOPLE, "Supporting People five-year strategy", "Housing department"),
)

# Of the year before: people, and shares between nought and one; what is meant for the year.
TARGETS = (
    ("in-treatment", "NATIONAL", _D(560), _D(620)),
    ("first-waits", "NATIONAL", _D("0.81"), _D("0.87")),
    ("retained", "NATIONAL", _D("0.71"), _D("0.78")),
    ("retained", "DELIVERY_PLAN", _D("0.71"), _D("0.78")),
    ("planned-exits", "LOCAL", _D(84), _D(110)),
    ("care-plans", "LOCAL", _D("0.88"), _D("0.95")),
)
PEOPLE = frozenset({"in-treatment", "planned-exits"})

# Items that are not in place everywhere; everything else is.
WEAK: Mapping[str, tuple[CoverageState, str]] = {
    "T2-10": (CoverageState.WEAK, "One worker, who covers two partnerships."),
    "T4-05": (CoverageState.MISSING, "No unit in the region; bought singly when it is needed."),
}
GROUNDS = "Minuted by the joint commissioning group in January; seen by the regional team."

REPORT = "Spending follows the profile. Evening prescribing opened as planned."
COMMENTS = (
    ("LINES", "Places in the day programme fall, yet stimulant users are a priority. Why?", True),
    ("TARGETS", "The trajectory of planned exits rises in the last quarter alone.", False),
)
ANSWER = "The places move to outreach in the second quarter; the line says so now."
AMENDMENT = (
    "What was left of last year goes to service-user involvement; what was left of money for"
    " rehabilitation and for housing goes there."
)
# What is left of a ring-fenced stream is spent on what it may pay for.
MORE_REHABILITATION = LineWords(
    "Residential rehabilitation, more spot places", 4, "residential-rehabilitation", {},
    more={"setting": "residential-unit", "purchase": Purchase.SPOT,
          "pathway": "From assessment panel; on to supported housing and aftercare"},
)  # fmt: skip
MORE_TENANCIES = "Supported tenancies"
# A milestone that was due so many days before a report is reported as late, and done by the next.
JUST_LATE = 20
LATE_NOTE = "Begun; done by the end of the next quarter."
# Spot places are bought as they are needed, and fewer were than planned.
SPOT_USED = Decimal("0.4")
# Shares of a line's yearly money paid in a month, around an even rate.
UNEVEN = tuple(map(Decimal, ("0.92", "1.05", "0.98", "1.10", "0.95", "1.00", "1.04", "0.96")))
