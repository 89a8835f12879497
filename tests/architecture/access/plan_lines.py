"""The lines and the money of a plan."""

from tests.architecture.access_table import VIEWERS, Row, in_place

WRITERS = ("lead", "commissioner")
READERS = tuple(VIEWERS["partnership"] - {"administrator"})


def seen(place, *allowed, then=200):
    """Administrators keep the service and reach no plan."""
    return in_place(place, *allowed, then=then) | {"administrator": 404}


def plan(name="plan", **more):
    def where(world):
        shown = getattr(world, name)
        return {"code": shown.partnership.code, "slug": shown.slug, **more}

    return where


def _pages(url, *, after=None):
    after = after or {}
    ours, others = plan(**after), plan("other_plan", **after)
    return [
        Row(url, seen("partnership", *READERS), ours, "our own"),
        Row(url, seen("other_partnership", "national_reviewer"), others, "of others"),
    ]


def _posts(url, posted, *, after=None):
    after = after or {}
    ours, others = plan(**after), plan("other_plan", **after)
    return [
        Row(url, seen("partnership", *WRITERS, then=posted), ours, "our own", method="post"),
        Row(url, seen("other_partnership"), others, "of others", method="post"),
    ]


ROWS = [
    *_pages("commissioning:plan-lines"),
    *_posts("commissioning:plan-lines", 200),
    *_pages("commissioning:plan-line", after={"number": 1}),
    *_posts("commissioning:plan-line", 200, after={"number": 1}),
    Row(
        "commissioning:plan-line-order",
        seen("partnership", *WRITERS),
        plan(),
        "our own",
    ),
    *_posts("commissioning:plan-line-order", 200),
    *_pages("commissioning:plan-money"),
    *_posts("commissioning:plan-money", 200),
    *_pages("commissioning:plan-money-svg"),
    *_pages("commissioning:plan-money-json"),
    *_pages("commissioning:plan-money-totals", after={"by": "tier"}),
]
