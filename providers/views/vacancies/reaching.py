"""Who searches, for which partnership, and from where distances are measured."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from commissioning.choices import OrganisationKind
from commissioning.context import acting_membership
from commissioning.kernel.clock import business_day, technical_now
from commissioning.models import Partnership, User
from commissioning.roles import Permission
from commissioning.selectors.areas import partnership_at
from commissioning.selectors.rule_sets import settings_in_force
from commissioning.views.requests import signed_in
from providers.selectors.vacancies.asked import Asking


@dataclass(frozen=True)
class Searcher:
    """Whoever looks for a place. `ours`: the partnership they act for, if it is one."""

    person: User
    ours: Partnership | None
    asking: Asking
    usual_nights: int
    hold_hours: int

    @property
    def holds(self) -> bool:
        """Whether they may hold a place for the partnership."""
        return self.ours is not None and self.person.reach(Permission.PLACE_HOLD).covers(
            self.ours.pk
        )


def searcher(request: HttpRequest, *, near: str = "") -> Searcher:
    """403 unless the person finds places; `near` is another partnership to measure from."""
    person = signed_in(request)
    if not person.reach(Permission.PLACE_FIND):
        raise PermissionDenied
    membership = acting_membership(request)
    ours = None
    if membership is not None and membership.organisation.kind == OrganisationKind.PARTNERSHIP:
        ours = partnership_at(membership.organisation.code)
    today = business_day()
    rules = settings_in_force(on=today)
    return Searcher(
        person,
        ours,
        Asking(
            now=technical_now(),
            fresh_hours=rules.board_unknown_hours,
            partnership=ours,
            centre=partnership_at(near) if near else ours,
            on=today,
        ),
        rules.stay_bed_days,
        rules.hold_hours,
    )
