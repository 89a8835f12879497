"""A contract as its pages reach it: who looks, for which side, and what they may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse

from commissioning.components import Tone
from commissioning.models import User
from commissioning.roles import Permission
from commissioning.views.lists import Crumbs
from commissioning.views.requests import signed_in
from providers.choices import ContractState, Side
from providers.models import Contract, Variation
from providers.selectors.contracts.more_money import joining_by
from providers.selectors.contracts.records import record_of, variation_in_hand
from providers.services.contracts.guard import WRITES, place_of

TONES: dict[str, Tone] = {
    ContractState.DRAFT: "plain",
    ContractState.OFFERED: "watch",
    ContractState.AWARDED: "info",
    ContractState.LIVE: "good",
    ContractState.SUSPENDED: "bad",
    ContractState.ENDED: "plain",
    ContractState.WITHDRAWN: "plain",
}
TABS = (
    ("providers:contract-detail", "Terms"),
    ("providers:contract-money", "Money"),
    ("providers:contract-performance", "Performance"),
    ("providers:contract-utilisation", "Utilisation"),
    ("providers:contract-versions", "Versions"),
    ("providers:contract-documents", "Documents"),
    ("providers:contract-history", "History"),
)


@dataclass(frozen=True)
class ReachedContract:
    """A contract and the person who looks at it."""

    contract: Contract
    person: User

    def holds(self, permission: Permission, organisation: int) -> bool:
        return self.person.reach(permission).covers(organisation)

    def writes_for(self, side: Side) -> bool:
        return self.holds(WRITES[side], place_of(self.contract, side))

    @property
    def side(self) -> Side | None:
        """For which side the person writes; None for who only reads."""
        return next((side for side in Side if self.writes_for(side)), None)

    @property
    def awards(self) -> bool:
        return self.holds(Permission.CONTRACT_AWARD, self.contract.lead_id)

    @cached_property
    def wrote(self) -> bool:
        """Whether the person wrote of its terms or its money: nobody awards what they wrote."""
        return self.contract.writers.filter(pk=self.person.pk).exists()

    @property
    def is_ours_as_buyer(self) -> bool:
        """Whether the person belongs to a partnership that shares in it, or is asked to."""
        reach = self.person.reach(Permission.CONTRACT_VIEW)
        parties = {one.partnership_id for one in self.contract.shares.all()}
        if reach.nation or reach.partnerships & parties:
            return True
        return bool(reach.partnerships) and bool(reach.partnerships & self.joining)

    @cached_property
    def pending(self) -> Variation | None:
        """The variation in hand. One query, once."""
        return variation_in_hand(self.contract)

    @property
    def joining(self) -> frozenset[int]:
        """Partnerships that the variation in hand gives a share, and that have none."""
        return joining_by(self.contract, self.pending) if self.pending else frozenset()

    def href(self, page: str = "contract-detail", *more: Any) -> str:
        return reverse(f"providers:{page}", args=[self.contract.reference, *more])


def contract_or_404(
    request: HttpRequest, reference: str, *, is_whole: bool = True
) -> ReachedContract:
    """404 unless the person may see the contract; `is_whole` as in `record_of`."""
    person = signed_in(request)
    contract = record_of(person, reference, is_whole=is_whole)
    if contract is None:
        raise Http404
    return ReachedContract(contract, person)


def contract_of(request: HttpRequest, reference: str, *sides: Side) -> ReachedContract:
    """For those who write for one of the sides; 403 for others who see it."""
    reached = contract_or_404(request, reference)
    if not any(reached.writes_for(side) for side in sides or tuple(Side)):
        raise PermissionDenied("Your role does not let you do this here.")
    return reached


def listed_at(reached: ReachedContract) -> str:
    """The list of contracts that the contract is in, on the person's side."""
    contract = reached.contract
    if not reached.is_ours_as_buyer:
        return reverse("providers:provider-contracts", args=[contract.provider.code])
    mine = reached.person.reach(Permission.CONTRACT_VIEW).partnerships
    ours = [one.partnership for one in contract.shares.all() if one.partnership_id in mine]
    whose = ours[0] if ours and contract.lead_id not in mine else contract.lead
    return reverse("providers:partnership-contracts", args=[whose.code])


def crumbs(reached: ReachedContract, *more: tuple[str, str]) -> Crumbs:
    contract, listed = reached.contract, listed_at(reached)
    if not more:
        return [("Contracts", listed)]
    return [("Contracts", listed), (contract.reference, reached.href()), *more[:-1]]


def contract_page(reached: ReachedContract, tab: str, **more: Any) -> dict[str, Any]:
    """What `providers/contracts/base.html` is given; `tab` is the page's name."""
    contract = reached.contract
    words = next(words for page, words in TABS if page == tab)
    is_first = tab == TABS[0][0]
    return {
        "contract": contract,
        "reached": reached,
        "tone": TONES[contract.state],
        "tabs": [
            (words, reverse(page, args=[contract.reference]), page == tab) for page, words in TABS
        ],
        "page_heading": contract.title if is_first else f"{contract.title}: {words.lower()}",
        "breadcrumbs": crumbs(reached) if is_first else crumbs(reached, (words, "")),
        **more,
    }


def buttons(found: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """Deeds as the buttons on top of the page: words and address; the first is the main one."""
    return [
        {"words": words, "href": href, "is_first": number == 0}
        for number, (words, href) in enumerate(found)
    ]
