"""The filters of capacity and gaps: their rows are put together and told apart in Python."""

import django_filters

from commissioning.list_filters import RowFilter
from commissioning.models import Organisation
from commissioning.reference import framework
from providers.choices import PlaceKind
from reporting.selectors.market import ALL, CapacityLine, GapLine, Tier4Line

DETOX, SHARED_CARE, EVENINGS, WEEKENDS, ANY = "detox", "shared-care", "evenings", "weekends", "any"
FREE, STALE = "free", "stale"


def _interventions() -> list[tuple[str, str]]:
    return [("all", ALL), *((one.code, one.name) for one in framework().intervention_types)]


class _AreaFilter(RowFilter):
    class Meta:
        model = Organisation
        fields: list[str] = []


class CapacityFilter(_AreaFilter):
    """Areas by name, one intervention, and how places and boards stand."""

    intervention = django_filters.ChoiceFilter(
        label="Intervention",
        choices=_interventions,
        empty_label="Any, and all services",
        method="later",
    )
    kind = django_filters.ChoiceFilter(
        label="Kind of place", choices=PlaceKind.choices, empty_label="Any kind", method="later"
    )
    tonight = django_filters.ChoiceFilter(
        label="Tonight",
        choices=((FREE, "With places free"), (STALE, "With boards that are not fresh")),
        empty_label="Any",
        method="later",
    )

    def lets(self, line: CapacityLine) -> bool:
        code = line.member.area.code if line.member else ""
        wanted = self.asked("intervention")
        if wanted and (wanted if wanted != "all" else "") != line.standing.intervention:
            return False
        match self.asked("tonight"):
            case "free" if not line.standing.free:
                return False
            case "stale" if not line.standing.stale:
                return False
        return self.names(line.name, code)


class Tier4Filter(_AreaFilter):
    """Areas by name."""

    def lets(self, line: Tier4Line) -> bool:
        return self.names(line.name, line.member.area.code)


class GapFilter(_AreaFilter):
    """Partnerships by name and by what is missing."""

    gap = django_filters.ChoiceFilter(
        label="What is missing",
        choices=(
            (ANY, "Anything"),
            (DETOX, "Detoxification near"),
            (SHARED_CARE, "Shared care"),
            (EVENINGS, "Evening hours"),
            (WEEKENDS, "Weekend hours"),
        ),
        empty_label="All partnerships",
        method="later",
    )

    def lets(self, line: GapLine) -> bool:
        missing = {
            ANY: line.number > 0,
            DETOX: not line.gaps.is_detox_near,
            SHARED_CARE: not line.gaps.has_shared_care,
            EVENINGS: not line.gaps.has_evenings,
            WEEKENDS: not line.gaps.has_weekends,
        }
        wanted = self.asked("gap")
        return (not wanted or missing[wanted]) and self.names(line.name, line.member.area.code)
