"""The ledger of a plan: who reads it, posts to it, and decides what moves."""

from commissioning.models import Plan, Virement
from tests.architecture.access.plan_lines import READERS, plan, seen
from tests.architecture.access_table import Row
from tests.factories.commissioning import UserFactory
from tests.factories.ledger import allocated, line_of

POSTERS = ("lead", "commissioner", "approver")
APPROVERS = ("lead", "approver")


def virement(name="plan"):
    """The plan's address, with a virement that somebody else asked for."""

    def where(world):
        about = getattr(world, name)
        made = Virement.objects.filter(source__line__plan=about).first()
        made = made or Virement.objects.create(
            partnership=about.partnership,
            source=allocated(line_of(about, "From", position=90), 10),
            target=allocated(line_of(about, "To", position=91), 10),
            amount=5,
            cause="a test",
            reason="So.",
            asked_by=UserFactory(),
        )
        return {**plan(name)(world), "number": made.pk}

    return where


def agreed(name="plan"):
    """The plan's address, once it is agreed: before that nobody posts to its ledger."""

    def where(world):
        Plan.objects.filter(pk=getattr(world, name).pk).update(state="AGREED")
        return plan(name)(world)

    return where


def read(url, where=plan):
    return [
        Row(url, seen("partnership", *READERS), where(), "our own"),
        Row(url, seen("other_partnership", "national_reviewer"), where("other_plan"), "of others"),
    ]


def posted(url, allowed, where=agreed, *, methods=("get", "post")):
    """A form for those who may, and what comes of posting it with nothing filled in."""
    return [
        row
        for method in methods
        for row in (
            Row(url, seen("partnership", *allowed), where(), "our own", method=method),
            Row(url, seen("other_partnership"), where("other_plan"), "of others", method=method),
        )
    ]


ROWS = [
    *read("commissioning:plan-ledger"),
    *read("commissioning:plan-ledger-lines"),
    *posted("commissioning:plan-ledger-post", POSTERS),
    *posted("commissioning:plan-payments", POSTERS),
    *read("commissioning:plan-virements"),
    *posted("commissioning:plan-virement-ask", POSTERS),
    *read("commissioning:plan-virement", virement),
    *posted("commissioning:plan-virement", APPROVERS, virement, methods=("post",)),
]
