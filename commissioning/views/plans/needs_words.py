"""A needs assessment in words: its rings as a chart, its tables row by row."""

import datetime as dt

from commissioning import charts
from commissioning.choices import BullseyeRing, PopulationGroup, ViewOf
from commissioning.components import DataTable, Fact
from commissioning.kernel.words import MISSING, count, day, joined, percent
from commissioning.rules.bullseye import Estimate, Penetration, penetration
from commissioning.selectors.evidence import Known
from commissioning.selectors.plans.needs import KNOWN_RINGS, AreaRings, Reached, Ring
from commissioning.selectors.plans.needs_groups import ShownGroup
from commissioning.selectors.plans.needs_parts import AssessmentParts

# From the centre outwards; what is left of the estimate lies around them.
INNER = (BullseyeRing.IN_TREATMENT, BullseyeRing.LEFT, BullseyeRing.KNOWN)
UNKNOWN = "Estimated, known to nobody"


def finding(area: AreaRings) -> str:
    """What the rings say, as a chart's title."""
    now = area.rings[BullseyeRing.IN_TREATMENT]
    reached = penetration(now.value, area.estimate)
    if area.bullseye.overfull:
        return f"{area.name}: more people are known than were estimated"
    if reached is None and now.value is not None and area.estimate is None:
        return (
            f"{area.name}: {count(now.value)} are in treatment; how many need it is not estimated"
        )
    if reached is None:
        return f"{area.name}: the bullseye"
    return f"{area.name}: {percent(reached.share)} of those estimated are in treatment"


def bullseye_chart(area: AreaRings, *, period: str) -> charts.Rings:
    rings = [_drawn(area.rings[ring]) for ring in INNER]
    rings.append(charts.Ring(UNKNOWN, area.bullseye.unknown))
    told = "; ".join(f"{one.name}: {one.sign or count(one.value)}" for one in rings)
    return charts.Rings(
        title=finding(area),
        subtitle=f"People, {period}",
        description=f"Rings from the centre outwards, each as large as its people. {told}.",
        rings=rings,
    )


def bullseye_table(area: AreaRings) -> DataTable:
    """The rings in full, from the outside in, with where each comes from."""
    rows = [
        [ring.ring.label, number(ring), interval(ring.estimate), told_by(ring)]
        for ring in area.in_order()
    ]
    unknown = area.bullseye.unknown
    rows.append([UNKNOWN, count(unknown), "", "What is left of the estimate"])
    return DataTable(["Ring", "People", "Interval", "Known from"], rows)


def areas_table(areas: list[AreaRings], together: AreaRings | None) -> DataTable:
    """Every area a row, the rings across, and all together where every area is shown."""
    header = ["Area", *(ring.label for ring in BullseyeRing), UNKNOWN]
    shown = [*areas, together] if together else areas
    return DataTable(
        header,
        [
            [one.name, *(number(ring) for ring in one.in_order()), count(one.bullseye.unknown)]
            for one in shown
        ],
    )


def reached_table(reached: list[Reached]) -> DataTable:
    """How far treatment reaches, here, in the region and in England."""
    return DataTable(
        [
            "Area", "Estimate", "Interval", "In treatment now", "Reached now", "Limits",
            "In treatment in the last full year", "Reached in the year", "Estimate from",
        ],
        [
            [
                one.name,
                count(one.estimate.value) if one.estimate else MISSING,
                interval(one.estimate),
                number(one.now),
                share(one.of_now),
                limits(one.of_now),
                (one.in_year.sign or count(one.in_year.value)) if one.in_year else MISSING,
                share(one.of_year),
                one.source or MISSING,
            ]
            for one in reached
        ],
    )  # fmt: skip


def known_then(finished_on: dt.date | None, areas: list[AreaRings]) -> str:
    """Of a finished assessment, whose day its figures are, and what was not known on it."""
    if finished_on is None:
        return ""
    said = (
        f"It was finished on {day(finished_on)}: what this system fills in is as it was known on"
        " that day."
    )
    missing = {
        ring.label.lower(): [one.name for one in areas if one.rings[ring].value is None]
        for ring in KNOWN_RINGS
    }
    gone = "; ".join(f"{ring} ({joined(names)})" for ring, names in missing.items() if names)
    if not gone:
        return said
    return f"{said} Not known then: {gone}. Opened again, it shows what is known today."


def number(ring: Ring) -> str:
    return ring.sign or count(ring.value)


def interval(estimate: Estimate | None) -> str:
    if estimate is None or (estimate.lower is None and estimate.upper is None):
        return MISSING
    return f"{count(estimate.lower)} to {count(estimate.upper)}"


def share(reached: Penetration | None) -> str:
    return percent(reached.share) if reached else MISSING


def limits(reached: Penetration | None) -> str:
    """The limits, and what they come from."""
    if reached is None:
        return MISSING
    if reached.limits is None:
        return "More than were estimated"
    low, high = reached.limits
    whence = "the estimate's interval" if reached.of_estimate else "chance alone"
    return f"{percent(low)} to {percent(high)}, from {whence}"


def told_by(ring: Ring) -> str:
    """Typed with its source, or from the system with its day."""
    if ring.known and not ring.known.is_measured:
        return f"Not measured {_since(ring.known)}"
    if ring.known:
        return f"This system, {day(ring.known.as_at)}: {ring.source}"
    return ring.source or MISSING


def missing_of_reached(reached: list[Reached]) -> list[str]:
    """Why numbers of treatment are missing from the table of how far it reaches."""
    found = []
    for one in reached:
        if one.why:
            found.append(f"{one.name}: {one.why}")
        for known, words in ((one.now.known, "now"), (one.in_year, "in the last full year")):
            if known and not known.is_measured:
                found.append(f"{one.name}, in treatment {words}: not measured {_since(known)}")
    return found


def missing_of_groups(groups: list[ShownGroup]) -> list[str]:
    """Why it is not known how many of a group are in treatment."""
    found: dict[str, list[str]] = {}
    for one in groups:
        if one.why_not:
            found.setdefault(one.why_not, []).append(one.group.label)
    return [f"{joined(names)}: {why}" for why, names in found.items()]


def _since(known: Known) -> str:
    """From which day on it is not measured, and why."""
    return f"since {day(known.as_at)}: {known.source}"


def now_says(parts: AssessmentParts, part: str) -> list[Fact]:
    """What a part says now, for whoever typed something else meanwhile."""
    areas = {area.pk: area.name for area in parts.areas}
    said: dict[str, list[Fact]] = {
        "bullseye": [
            Fact(
                f"{areas.get(one.partnership, MISSING)}: {BullseyeRing(one.ring).label.lower()}",
                f"{count(one.value)} ({interval(one.estimate)}), {one.source}",
            )
            for one in parts.rings
        ],
        "groups": [
            Fact(
                PopulationGroup(one.group).label,
                f"Estimated {count(one.estimate)}, in treatment {count(one.in_treatment)}."
                f" {one.need} {one.source}",
            )
            for one in parts.groups
        ],
        "harm": [
            Fact(one.comparator, f"{one.value.normalize():f}, {one.source}") for one in parts.harms
        ],
        "views": [
            Fact(ViewOf(one.of).label, f"{one.said} ({one.how_asked})") for one in parts.views
        ],
        "gaps": [Fact(one.item or "Gap", one.text) for one in parts.gaps],
        "capacity": [Fact(one.intervention, one.worked.arithmetic) for one in parts.capacity],
        "summary": [Fact("Summary", parts.assessment.summary or MISSING)],
    }
    return said[part] or [Fact("Nothing", "This part is empty now.")]


def _drawn(ring: Ring) -> charts.Ring:
    return charts.Ring(ring.ring.label, ring.value, ring.sign)
