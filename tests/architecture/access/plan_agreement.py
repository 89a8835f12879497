"""How a plan is agreed: comments, versions, amendments, deeds; plans side by side; days due."""

from commissioning.models import Amendment, PlanComment, PlanVersion
from commissioning.selectors.plans.content import content_of
from tests.architecture.access.plan_lines import READERS, plan, seen
from tests.architecture.access_table import Row, in_place, page_and_post
from tests.factories.commissioning import UserFactory

WRITERS = ("lead", "commissioner")
REVIEWERS = ("regional_reviewer", "national_reviewer")
PLACES = (
    ("plan", "partnership", "our own"),
    ("other_plan", "other_partnership", "another's"),
)
FOREIGN = ("national_reviewer",)  # who reaches another's plan


def with_version(name):
    def where(world):
        about = getattr(world, name)
        PlanVersion.objects.get_or_create(
            plan=about, number=1, defaults={"reason": "AGREED", "content": content_of(about)}
        )
        return {**plan(name)(world), "number": 1}

    return where


def with_comment(name):
    def where(world):
        about = getattr(world, name)
        made = about.comments.first() or PlanComment.objects.create(
            plan=about, section="MONEY", text="Why?", made_by=UserFactory()
        )
        return {**plan(name)(world), "number": made.pk}

    return where


def with_amendment(name, **more):
    def where(world):
        about = getattr(world, name)
        Amendment.objects.get_or_create(plan=about, number=1, defaults={"reason": "A clinic."})
        return {**plan(name)(world), "number": 1, **more}

    return where


def among(place, *allowed, then=200):
    """Those of the allowed who reach the place's plans."""
    reach = allowed if place == "partnership" else [one for one in allowed if one in FOREIGN]
    return seen(place, *reach, then=then)


def pages(url, where, *allowed, then=200):
    return [Row(url, among(place, *allowed, then=then), where(name), about)
            for name, place, about in PLACES]  # fmt: skip


def posts(url, where, *allowed, then=200):
    return [Row(url, among(place, *allowed, then=then), where(name), about, method="post")
            for name, place, about in PLACES]  # fmt: skip


def deed(word, *allowed, then=200):
    """A deed on an amendment that is open; one that may not be done now leads back to it."""

    def where(name):
        return with_amendment(name, deed=word)

    return [
        *pages("commissioning:amendment-deed", where, *allowed, then=then),
        *posts("commissioning:amendment-deed", where, *allowed),
    ]


def year_of(place):
    return lambda world: {"code": getattr(world, place).code, "year": "FY2006"}


def of_england(world):
    assert world.nation
    return {"year": "FY2006"}


def england_now(world):
    assert world.nation
    return {}


ROWS = [
    *pages("commissioning:plan-comments", plan, *READERS),
    *posts("commissioning:plan-comments", plan, *REVIEWERS),
    *pages("commissioning:comment-answer", with_comment, *WRITERS),
    *posts("commissioning:comment-answer", with_comment, *WRITERS),
    *posts("commissioning:comment-settle", with_comment, *REVIEWERS, then=302),
    *pages("commissioning:plan-versions", plan, *READERS),
    *pages("commissioning:plan-version", with_version, *READERS),
    *pages("commissioning:plan-compare", plan, *READERS),
    *pages("commissioning:amendment-open", plan, *WRITERS),
    *posts("commissioning:amendment-open", plan, *WRITERS),
    *pages("commissioning:amendment-detail", with_amendment, *READERS),
    *deed("submit", "lead"),
    *deed("withdraw", *WRITERS),
    *deed("agree", *REVIEWERS, then=302),
    *deed("refuse", *REVIEWERS, then=302),
    *deed("return", *REVIEWERS, then=302),
    # A draft can be submitted; every other deed comes later, and its page leads back to the plan.
    *pages("commissioning:plan-submit", plan, "lead"),
    *posts("commissioning:plan-submit", plan, "lead"),
    *pages("commissioning:plan-resubmit", plan, "lead", then=302),
    *posts("commissioning:plan-resubmit", plan, "lead"),
    *(
        row
        for word in ("return", "agree", "begin-monitoring", "close")
        for row in (
            *pages(f"commissioning:plan-{word}", plan, *REVIEWERS, then=302),
            *posts(f"commissioning:plan-{word}", plan, *REVIEWERS),
        )
    ),
    *(
        row
        for place, allowed, about in (
            ("region", REVIEWERS, "our own"),
            ("other_region", ("national_reviewer",), "another's"),
        )
        for row in (
            Row(
                "commissioning:region-plans-now",
                in_place(place, *allowed),
                lambda world, place=place: {"code": getattr(world, place).code},
                about,
            ),
            Row("commissioning:region-plans", in_place(place, *allowed), year_of(place), about),
            *page_and_post(
                "commissioning:region-plan-dates",
                in_place(place, *allowed),
                year_of(place),
                about=about,
                posted=302,
            ),
        )
    ),
    Row("commissioning:england-plans-now", in_place("nation", "national_reviewer"), england_now),
    Row("commissioning:england-plans", in_place("nation", "national_reviewer"), of_england),
    *page_and_post(
        "commissioning:england-plan-dates",
        in_place("nation", "national_reviewer"),
        of_england,
        posted=302,
    ),
]
