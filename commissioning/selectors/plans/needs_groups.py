"""How many of each group are in treatment, as one reader is shown it.

Taken from evidence where figures are split so; else what the lead typed stands. A sum over areas
is made of what the reader is shown, and there is none where an area is held back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from commissioning.choices import PopulationGroup
from commissioning.kernel.periods import Grain, Period
from commissioning.kernel.words import MISSING, count
from commissioning.reference.evidence import EvidenceName
from commissioning.rules.needs import GroupFigure
from commissioning.selectors.evidence import Known, KnownFacts

# The groups by which figures are split.
TREATED: Mapping[PopulationGroup, EvidenceName] = {
    PopulationGroup.WOMEN: EvidenceName.TREATED_WOMEN,
    PopulationGroup.MEN: EvidenceName.TREATED_MEN,
    PopulationGroup.YOUNG_ADULTS: EvidenceName.TREATED_YOUNG,
    PopulationGroup.OLDER: EvidenceName.TREATED_OLDER,
    PopulationGroup.MINORITY_ETHNIC: EvidenceName.TREATED_MINORITY_ETHNIC,
    PopulationGroup.STIMULANTS: EvidenceName.TREATED_STIMULANT,
    PopulationGroup.PREGNANT: EvidenceName.TREATED_PREGNANT,
    PopulationGroup.OFFENDERS: EvidenceName.TREATED_OFFENDERS,
}


@dataclass(frozen=True)
class ShownGroup:
    """A group as it is shown: what was typed of it, and who of it the system knows."""

    group: PopulationGroup
    typed: GroupFigure
    known: Sequence[Known] = ()

    @property
    def in_treatment(self) -> str:
        """A number, or the sign that stands for it."""
        if not self.known:
            return count(self.typed.in_treatment)
        held_back = next((one.sign for one in self.known if one.value is None), "")
        return held_back or count(sum(one.people or 0 for one in self.known))

    @property
    def source(self) -> str:
        """Where the numbers come from: typed, and of the system its own words."""
        said = [self.typed.source, self.known[0].source if self.known else ""]
        return "; ".join(one for one in said if one) or MISSING

    @property
    def why_not(self) -> str:
        """Why nothing is known of how many are in treatment."""
        if self.known or self.typed.in_treatment is not None:
            return ""
        return "not measured" if self.group in TREATED else "figures are not split so"


def shown_groups(
    typed: Sequence[GroupFigure], facts: KnownFacts, *, areas: Sequence[int], until: Period
) -> list[ShownGroup]:
    """Every group, in the year of the latest month that is known within the assessment's year."""
    written = {one.group: one for one in typed}
    year = _year(facts, areas, until)
    found = []
    for group in PopulationGroup:
        name = TREATED.get(group)
        known = [facts.of(area, name, year) for area in areas] if name and year else []
        measured = [one for one in known if one and one.is_measured]
        found.append(
            ShownGroup(
                group,
                written.get(group.value, GroupFigure(group=group.value)),
                measured if len(measured) == len(areas) else (),
            )
        )
    return found


def _year(facts: KnownFacts, areas: Sequence[int], until: Period) -> Period | None:
    months = [
        one.period
        for area in areas
        if (one := facts.latest(area, EvidenceName.IN_TREATMENT, Grain.MONTH, before=until.end))
    ]
    return Period.containing(max(months).start, Grain.YEAR) if months else None
