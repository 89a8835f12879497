"""The needs assessment of a plan: the lead writes it, whoever reads the plan reads it."""

from commissioning.models import Gap, NeedsAssessment
from tests.architecture.access.plan_lines import READERS, WRITERS, plan, seen
from tests.architecture.access_table import Row
from tests.factories.needs import assessment_of


def assessed(name="plan", **more):
    """The plan's address, with an assessment of its year that has a gap."""

    def where(world):
        about = getattr(world, name)
        held = NeedsAssessment.objects.filter(partnership=about.partnership, year=about.year)
        if not held.exists():
            made = assessment_of(about.partnership, year=about.year)
            Gap.objects.create(assessment=made, text="Evenings")
        return {**plan(name)(world), **more}

    return where


def read(url):
    return [
        Row(url, seen("partnership", *READERS), assessed(), "our own"),
        Row(
            url,
            seen("other_partnership", "national_reviewer"),
            assessed("other_plan"),
            "of others",
        ),
    ]


def written(url, *, then=200, methods=("get", "post"), **more):
    """A form for whoever writes plans, and what comes of posting it with nothing filled in."""
    return [
        row
        for method in methods
        for row in (
            Row(
                url,
                seen("partnership", *WRITERS, then=then),
                assessed(**more),
                "our own",
                method=method,
            ),
            Row(
                url,
                seen("other_partnership"),
                assessed("other_plan", **more),
                "of others",
                method=method,
            ),
        )
    ]


ROWS = [
    *read("commissioning:plan-needs"),
    *read("commissioning:plan-needs-svg"),
    *read("commissioning:plan-needs-json"),
    *written("commissioning:plan-needs-start"),
    *written("commissioning:plan-needs-part", part="groups"),
    *written("commissioning:plan-needs-finish", then=302, methods=("post",)),
    *written("commissioning:plan-needs-reopen", then=302, methods=("post",)),
    *written("commissioning:plan-needs-priority", then=302, methods=("post",), number=1),
]
