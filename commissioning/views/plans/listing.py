"""A partnership's plans as one list: its own, and the joint ones it shares in."""

from collections.abc import Iterable
from typing import Any

import django_filters
import django_tables2
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from commissioning.choices import PlanKind, PlanState
from commissioning.kernel.words import MISSING
from commissioning.list_filters import ListFilter
from commissioning.models import Partnership, Plan, User
from commissioning.models.plans import year_period
from commissioning.roles import Permission
from commissioning.tables import NameColumn, Table, TagColumn
from commissioning.views.lists import list_response
from commissioning.views.plans.reaching import PLAN_TONES, plan_href
from commissioning.views.requests import signed_in

ROLL = "reporting:plan-roll"


class PlanFilter(ListFilter):
    """Plans by year, kind and state."""

    year = django_filters.ChoiceFilter(label="Year", empty_label="Any year")
    kind = django_filters.ChoiceFilter(
        label="Kind", choices=PlanKind.choices, empty_label="Any kind"
    )
    state = django_filters.ChoiceFilter(
        label="State", choices=PlanState.choices, empty_label="Any state"
    )

    class Meta:
        model = Plan
        fields: list[str] = []

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["year"].extra["choices"] = [
            (str(one), year_period(one).label) for one in sorted(set(years), reverse=True)
        ]


class PlanTable(Table):
    """Plans of a partnership, the newest year first."""

    caption = "Plans"
    counted = ("plan", "plans")
    empty_title = "No plan yet"

    name = NameColumn(
        verbose_name="Plan", empty_values=(), order_by=("year", "kind", "slug"), href=plan_href
    )
    year = django_tables2.Column(verbose_name="Year", order_by=("year", "kind", "slug"))
    kind = django_tables2.Column(verbose_name="Kind", accessor="get_kind_display", order_by="kind")
    led_by = django_tables2.Column(
        verbose_name="Led by",
        accessor="partnership",
        order_by=("partnership__organisation__name", "year"),
    )
    state = TagColumn(
        verbose_name="State",
        accessor="get_state_display",
        order_by="state",
        tone=lambda plan: PLAN_TONES[PlanState(plan.state)],
    )
    following = django_tables2.Column(
        verbose_name="Next year", empty_values=(), orderable=False, exclude_from_export=True
    )

    class Meta:
        model = Plan
        fields: tuple[str, ...] = ()
        sequence = ("name", "year", "kind", "led_by", "state", "following")

    def __init__(self, *args: Any, roll: dict[int, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roll = roll

    def render_name(self, record: Plan, column: NameColumn) -> SafeString:
        return column.render(self.value_name(record), record)

    def value_name(self, record: Plan) -> str:
        return f"{record.name or 'Treatment plan'} {record.period.label}"

    def render_year(self, record: Plan) -> str:
        return record.period.label

    def value_year(self, record: Plan) -> str:
        return record.period.label

    def value_led_by(self, record: Plan) -> str:
        return str(record.partnership)

    def render_following(self, record: Plan) -> SafeString | str:
        if record.pk not in self.roll:
            return MISSING
        label, href = self.roll[record.pk]
        return format_html(
            '<a class="govuk-link govuk-link--no-visited-state" href="{}">Roll forward to {}'
            '<span class="govuk-visually-hidden">: {}</span></a>',
            href,
            label,
            self.value_name(record),
        )


@require_safe
def plan_list(request: HttpRequest, code: str) -> HttpResponseBase:
    """Every plan of a partnership, the joint ones it shares in included."""
    person = signed_in(request)
    partnership = partnership_or_404(request, code)
    plans = (
        Plan.objects.permitted(person, Permission.PLAN_VIEW)
        .of_partnership(partnership)
        .with_names()
        .order_by("-year", "kind", "slug")
    )
    every = list(plans)
    shown = PlanFilter(
        request.GET, queryset=plans, request=request, years=(one.year for one in every)
    )
    may_start = person.reach(Permission.PLAN_EDIT).covers(partnership.pk)
    return list_response(
        request,
        PlanTable(
            shown.qs,
            roll=_to_roll(every, person),
            exclude=() if may_start else ("following",),
            empty_text="The partnership's lead or commissioner starts one.",
        ),
        filterset=shown,
        heading=f"Plans of {partnership}",
        template="commissioning/plans/list.html",
        partnership=partnership,
        may_start=may_start,
    )


def _to_roll(plans: list[Plan], person: User) -> dict[int, tuple[str, str]]:
    """The next year of each plan, where the person may roll it forward and that year has none."""
    taken = {(one.partnership_id, one.slug) for one in plans}
    writes = person.reach(Permission.PLAN_EDIT)
    found = {}
    for one in plans:
        following = one.period.following()
        slug = following.code + one.slug.removeprefix(one.period.code)
        if (one.partnership_id, slug) not in taken and writes.covers(one.partnership_id):
            found[one.pk] = (following.label, plan_href(one, ROLL))
    return found


def partnership_or_404(request: HttpRequest, code: str) -> Partnership:
    """The partnership, for whoever may see its plans."""
    return get_object_or_404(
        Partnership.objects.permitted(signed_in(request), Permission.PLAN_VIEW).select_related(
            "organisation"
        ),
        organisation__code=code,
    )
