"""Telling the other side of a plan what happened to it."""

import datetime as dt
from collections.abc import Iterable

from commissioning.models import Plan, User
from commissioning.scoping import Actor
from commissioning.selectors.plans.sides import reviewers_of, writers_of
from commissioning.services.notices import tell


def address_of(plan: Plan, *more: str) -> str:
    """Where the plan is read, or a page of it."""
    return "/".join(["/partnership", plan.partnership.code, "plan", plan.slug, *more, ""])


def tell_region(
    plan: Plan, sentence: str, *, cause: str, by: Actor, on: dt.date, link: str = ""
) -> int:
    """Tell those who review the plan, once for each cause. Returns how many were told."""
    others = _besides(by, reviewers_of(plan.partnership_id, on=on))
    return tell(people=others, **_said(plan, sentence, cause, link))


def tell_partnership(
    plan: Plan, sentence: str, *, cause: str, by: Actor, on: dt.date, link: str = ""
) -> int:
    """Tell those who write the plan, once for each cause. Returns how many were told."""
    others = _besides(by, writers_of(plan.partnership_id, on=on))
    return tell(people=others, **_said(plan, sentence, cause, link))


def _besides(by: Actor, people: Iterable[User]) -> list[User]:
    return [one for one in people if one != by]


def _said(plan: Plan, sentence: str, cause: str, link: str) -> dict[str, str]:
    return {
        "sentence": sentence[:300],
        "link": link or address_of(plan),
        "cause": f"plan:{plan.pk}:{cause}",
    }
