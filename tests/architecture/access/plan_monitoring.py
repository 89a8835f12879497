"""Quarterly reports: read by all of a plan, written and signed by its partnership."""

from tests.architecture.access.plan_lines import READERS, WRITERS, seen
from tests.architecture.access_table import Row, in_place, page_and_post

REVIEWERS = ("regional_reviewer", "national_reviewer")


def report(name="report", **more):
    def where(world):
        plan = getattr(world, name).plan
        return {"code": plan.partnership.code, "slug": plan.slug, **more}

    return where


def _pages(page, **more):
    url = f"commissioning:{page}"
    return [
        Row(url, seen("partnership", *READERS), report(**more), "our own"),
        Row(
            url,
            seen("other_partnership", "national_reviewer"),
            report("other_report", **more),
            "of others",
        ),
    ]


def _deeds(page, ours, *of_others):
    url = f"commissioning:{page}"
    q1 = {"quarter": "q1"}
    return [
        *page_and_post(url, seen("partnership", *ours), report(**q1), about="our own"),
        *page_and_post(
            url,
            seen("other_partnership", *of_others),
            report("other_report", **q1),
            about="of others",
        ),
    ]


def _spend(page, place, *allowed):
    def where(world):
        code = {} if place == "nation" else {"code": getattr(world, place).code}
        return {**code, "year": "FY2006"}

    return Row(f"reporting:{page}", in_place(place, *allowed), where, place)


SPEND = [
    _spend("region-spend", "region", "regional_reviewer", "national_reviewer"),
    _spend("region-spend", "other_region", "national_reviewer"),
    _spend("england-spend", "nation", "national_reviewer"),
]
ROWS = [
    *SPEND,
    *_pages("plan-monitoring"),
    *_pages("plan-monitoring-svg"),
    *_pages("plan-monitoring-json"),
    *_pages("plan-quarter", quarter="q1"),
    Row(
        "commissioning:plan-quarter",
        seen("partnership", *WRITERS),
        report(quarter="q1"),
        "our own",
        method="post",
    ),
    Row(
        "commissioning:plan-quarter",
        seen("other_partnership"),
        report("other_report", quarter="q1"),
        "of others",
        method="post",
    ),
    *_deeds("plan-quarter-sign", ["lead"]),
    *_deeds("plan-quarter-reopen", REVIEWERS, "national_reviewer"),
]
