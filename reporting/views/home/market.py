"""What the market answered to whoever opens their home page, and where its pages are."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from commissioning.choices import OrganisationKind
from commissioning.models import Organisation
from commissioning.rule_settings import RuleSettings
from commissioning.selectors.together import Row
from providers.selectors.gaps import Gaps

GAPS = "gaps"


@dataclass(frozen=True)
class Market:
    """What the market answered: the rows of each question by its name."""

    organisation: Organisation
    found: Mapping[str, list[Row]]
    today: dt.date
    rules: RuleSettings

    def rows(self, name: str) -> list[Row]:
        return list(self.found.get(name, ()))

    def first(self, name: str) -> Row:
        """The one row of a question that counts; empty where it was not asked."""
        rows = self.rows(name)
        return rows[0] if rows else {}

    def total(self, name: str) -> int:
        """How many there are in all, of which the first few were told."""
        return int(self.first(name).get("total", 0))

    @property
    def code(self) -> str:
        return self.organisation.code

    @property
    def hours(self) -> str:
        return f"{self.rules.board_unknown_hours} hours"

    def gaps(self) -> list[Gaps]:
        within = self.rules.detox_within_miles
        return [Gaps(**one, detox_within=within) for one in self.rows(GAPS)]


def day_of(written: str) -> dt.date:
    return dt.date.fromisoformat(written)


def board_href(market: Market) -> str:
    return reverse("providers:board", args=[market.code])


def contracts_href(market: Market) -> str:
    kind = "provider" if market.organisation.kind == OrganisationKind.PROVIDER else "partnership"
    return reverse(f"providers:{kind}-contracts", args=[market.code])


def capacity_href(market: Market) -> str:
    return f"{area_href(market)}capacity/"


def area_href(market: Market) -> str:
    """The pages of a region, or of England."""
    return "/england/" if is_nation(market) else f"/region/{market.code}/"


def is_nation(market: Market) -> bool:
    return market.organisation.kind == OrganisationKind.NATION
