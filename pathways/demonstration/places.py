"""Where a person goes: the agency for a line of work, a bed, a prison team, a neighbour's area."""

from collections import defaultdict
from collections.abc import Mapping

from pathways.demonstration.draws import Draw
from pathways.demonstration.geography import SyntheticPartnership
from pathways.demonstration.register import Kind, Line, Register, SyntheticAgency

# Beds used inside the person's own region: rehabilitation has a national catchment [B].
IN_OWN_REGION = {Kind.INPATIENT: 0.85, Kind.REHABILITATION: 0.65}
KIND_OF_BED: Mapping[str, Kind] = {"1": Kind.INPATIENT, "6": Kind.REHABILITATION}


class Places:
    """The agencies of a register as seen by the people of its partnerships."""

    def __init__(self, register: Register) -> None:
        self._community = {
            (one.code, line): Draw({a: a.share for a in register.serving(one.code, line)})
            for one in register.partnerships
            for line in Line
        }
        by_region: dict[str, list[SyntheticPartnership]] = defaultdict(list)
        for one in register.partnerships:
            by_region[one.region_code].append(one)
        self._region = {
            code: Draw({one: one.share for one in members}) for code, members in by_region.items()
        }
        self._near: dict[tuple[Kind, str], Draw[SyntheticAgency]] = {}
        self._anywhere: dict[Kind, Draw[SyntheticAgency]] = {}
        for kind in (Kind.INPATIENT, Kind.REHABILITATION, Kind.PRISON):
            agencies = register.of_kind(kind)
            self._anywhere[kind] = Draw(dict.fromkeys(agencies, 1.0))
            for code in by_region:
                near = [one for one in agencies if one.region_code == code]
                self._near[kind, code] = Draw(dict.fromkeys(near, 1.0))

    def community(self, home: SyntheticPartnership, line: Line, number: float) -> SyntheticAgency:
        """An agency of the partnership that does this line of work."""
        return self._community[home.code, line](number)

    def neighbour(self, home: SyntheticPartnership, number: float) -> SyntheticPartnership:
        """A partnership of the same region, now and then the same one."""
        return self._region[home.region_code](number)

    def bed(
        self, home: SyntheticPartnership, modal: str, luck: float, number: float
    ) -> SyntheticAgency:
        """An inpatient unit or a rehabilitation house, in the region or anywhere."""
        kind = KIND_OF_BED[modal]
        if luck < IN_OWN_REGION[kind]:
            return self._near[kind, home.region_code](number)
        return self._anywhere[kind](number)

    def prison(self, home: SyntheticPartnership, number: float) -> SyntheticAgency:
        """A prison treatment team of the region."""
        return self._near[Kind.PRISON, home.region_code](number)
