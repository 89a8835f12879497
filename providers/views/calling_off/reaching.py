"""Who sees a call-off, and for which side they act."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from commissioning.models import Organisation, User
from commissioning.roles import Permission
from commissioning.views.lists import Crumbs
from commissioning.views.requests import signed_in
from providers.models import CallOff, Contract, Occupancy
from providers.selectors.call_offs.lists import hold_named


@dataclass(frozen=True)
class ReachedCallOff:
    """A call-off and whoever looks at it, with what they may do."""

    call_off: CallOff
    person: User

    def _holds(self, permission: Permission, organisation: int) -> bool:
        return self.person.reach(permission).covers(organisation)

    @property
    def buys(self) -> bool:
        return self._holds(Permission.PLACE_HOLD, self.call_off.partnership_id)

    @property
    def approves(self) -> bool:
        return self._holds(Permission.CALL_OFF_APPROVE, self.call_off.partnership_id)

    @property
    def answers(self) -> bool:
        return self._holds(Permission.CALL_OFF_ANSWER, self.call_off.provider_id)

    @property
    def opens_contract(self) -> bool:
        """Whether they may open the contract by which it is bought."""
        contract = self.call_off.contract
        rows = Contract.objects.permitted(self.person, Permission.CONTRACT_VIEW)
        return contract is not None and rows.filter(pk=contract.pk).exists()

    @property
    def is_buyers(self) -> bool:
        """Whether they read it for the partnership: whose money it is is theirs alone."""
        return self._holds(Permission.CALL_OFF_VIEW, self.call_off.partnership_id)

    @property
    def side(self) -> Organisation:
        """The organisation through which they read it."""
        if self.is_buyers:
            return self.call_off.partnership.organisation
        return self.call_off.provider.organisation

    @property
    def href(self) -> str:
        return f"/call-offs/{self.call_off.pk}/"

    @property
    def list_crumbs(self) -> Crumbs:
        kind = self.side.kind.lower()
        return [
            (self.side.name, f"/{kind}/{self.side.code}/"),
            ("Call-offs", reverse(f"providers:{kind}-call-offs", args=[self.side.code])),
        ]

    @property
    def crumbs(self) -> Crumbs:
        return [*self.list_crumbs, (str(self.call_off), self.href)]


def call_off_at(request: HttpRequest, number: int) -> ReachedCallOff:
    """404 unless the person may view it, for either side."""
    person = signed_in(request)
    rows = CallOff.objects.permitted(person, Permission.CALL_OFF_VIEW).with_names()
    found = get_object_or_404(
        rows.select_related("requested_by", "decided_by", "answered_by", "occupancy"), pk=number
    )
    return ReachedCallOff(found, person)


def hold_at(request: HttpRequest, number: int) -> Occupancy:
    """A place that is held for a partnership for which the person calls places off."""
    reached = Occupancy.objects.permitted(signed_in(request), Permission.PLACE_HOLD)
    return get_object_or_404(hold_named(number).filter(pk__in=reached.values("pk")))
