"""What a plan says beside its lines, its checks, and the judgement of one's own commissioning."""

import datetime as dt

from commissioning.models import (
    CompetenceAnswer,
    Declaration,
    GridRow,
    PlanDocument,
    SelfAssessment,
    Target,
)
from tests.architecture.access.plan_lines import READERS, WRITERS, plan, seen
from tests.architecture.access_table import Row, page_and_post

NAMES = (("plan", "partnership", "our own"), ("other_plan", "other_partnership", "of others"))


def _target(plan):
    Target.objects.get_or_create(plan=plan, indicator="retained", source="LOCAL")


def _row(plan):
    words = {
        "objective": "Waits",
        "action": "Open on Saturdays",
        "by_when": dt.date(2006, 9, 30),
        "by_whom": "The service",
    }
    GridRow.objects.get_or_create(plan=plan, grid="ACCESS", number=1, defaults=words)


def _declaration(plan):
    Declaration.objects.get_or_create(
        plan=plan, check_code="shared-care", defaults={"holds": True, "grounds": "Seen"}
    )


def where(name, *, made=None, **more):
    """The plan's address once it has what the address names."""

    def at(world):
        if made:
            made(getattr(world, name))
        return plan(name, **more)(world)

    return at


def document(name):
    def at(world):
        words = {"role": "OTHER", "title": "A paper"}
        linked, _ = PlanDocument.objects.get_or_create(plan=getattr(world, name), **words)
        return {**plan(name)(world), "number": linked.pk}

    return at


def judged(place, **more):
    def at(world):
        organisation = getattr(world, place)
        judgement, _ = SelfAssessment.objects.get_or_create(
            partnership=organisation.partnership, year=2006
        )
        CompetenceAnswer.objects.get_or_create(
            assessment=judgement, head="needs", defaults={"action": "Ask service users"}
        )
        return {"code": organisation.code, "year": "FY2006", **more}

    return at


def _readers(place):
    return READERS if place == "partnership" else ("national_reviewer",)


def _writers(place):
    return WRITERS if place == "partnership" else ()


def pages(url, **more):
    return [
        Row(url, seen(place, *_readers(place)), where(name, **more), about)
        for name, place, about in NAMES
    ]


def forms(url, **more):
    return [
        row
        for name, place, about in NAMES
        for row in page_and_post(
            url, seen(place, *_writers(place)), where(name, **more), about=about
        )
    ]


def deeds(url, **more):
    """Posted with a press of a button."""
    return [
        Row(
            url, seen(place, *_writers(place), then=302), where(name, **more), about, method="post"
        )
        for name, place, about in NAMES
    ]


TARGET = {"made": _target, "source": "local", "indicator": "retained"}
GRID_ROW = {"made": _row, "grid": "access", "number": 1}
CHECK = {"made": _declaration, "check": "shared-care"}
ROWS = [
    *forms("commissioning:plan-summary"),
    *forms("commissioning:plan-document-link"),
    *(
        Row(
            "commissioning:plan-document-unlink",
            seen(place, *_writers(place), then=302),
            document(name),
            about,
            method="post",
        )
        for name, place, about in NAMES
    ),
    *pages("commissioning:plan-targets"),
    *forms("commissioning:plan-priorities"),
    *forms("commissioning:plan-target-set", **TARGET),
    *deeds("commissioning:plan-target-drop", **TARGET),
    *pages("commissioning:plan-target-svg", **TARGET),
    *pages("commissioning:plan-target-json", **TARGET),
    *pages("commissioning:plan-tiers"),
    *forms("commissioning:plan-coverage", tier=2),
    *pages("commissioning:plan-grids"),
    *forms("commissioning:plan-grid-add"),
    *pages("commissioning:plan-grid-row", **GRID_ROW),
    *(
        Row(
            "commissioning:plan-grid-row",
            seen(place, *_writers(place)),
            where(name, **GRID_ROW),
            about,
            method="post",
        )
        for name, place, about in NAMES
    ),
    *forms("commissioning:plan-grid-change", **GRID_ROW),
    *deeds("commissioning:plan-grid-remove", **GRID_ROW),
    *pages("commissioning:plan-checks"),
    *forms("commissioning:plan-check-declare", **CHECK),
    *deeds("commissioning:plan-check-withdraw", **CHECK),
    *(
        row
        for _, place, about in NAMES
        for row in (
            Row(
                "commissioning:self-assessment",
                seen(place, *_readers(place)),
                judged(place),
                about,
            ),
            Row(
                "commissioning:self-assessment",
                seen(place, *_writers(place)),
                judged(place),
                about,
                method="post",
            ),
            *(
                Row(
                    f"commissioning:self-assessment-{deed}",
                    seen(place, *_writers(place), then=302),
                    judged(place),
                    about,
                    method="post",
                )
                for deed in ("finish", "reopen")
            ),
            *page_and_post(
                "commissioning:self-assessment-into-grid",
                seen(place, *_writers(place)),
                judged(place, head="needs"),
                about=about,
            ),
        )
    ),
]
