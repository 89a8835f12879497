"""Rule sets: what holds when, in full, and publishing a new one."""

import django_tables2
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from commissioning.components import Fact, Summary
from commissioning.forms.rule_sets import RuleSetForm
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import day
from commissioning.models import RuleSet
from commissioning.roles import Permission
from commissioning.rule_settings import DEFAULTS
from commissioning.selectors import rule_sets
from commissioning.services.rule_sets import publish_rule_set
from commissioning.tables import DayColumn, NameColumn, Table
from commissioning.views.history import happenings
from commissioning.views.lists import list_response
from commissioning.views.requests import attempt, insist, signed_in


def _address(shown: RuleSet) -> str:
    return reverse("commissioning:rule-set-detail", args=[shown.code])


class RuleSetTable(Table):
    """Rule sets, the last published first."""

    caption = "Rule sets"
    counted = ("rule set", "rule sets")

    code = NameColumn(verbose_name="Rule set", href=_address)
    valid_from = DayColumn(verbose_name="Valid from")
    published_at = DayColumn(verbose_name="Published")
    published_by = django_tables2.Column(verbose_name="By", default="The service")
    reason = django_tables2.Column(verbose_name="Why", orderable=False)

    def render_published_at(self, value: object) -> str:
        return day(value.date())  # type: ignore[attr-defined]

    class Meta:
        model = RuleSet
        fields: tuple[str, ...] = ()
        sequence = ("code", "valid_from", "published_at", "published_by", "reason")


@require_safe
def rule_set_list(request: HttpRequest) -> HttpResponseBase:
    today = business_day()
    return list_response(
        request,
        RuleSetTable(rule_sets.rule_sets()),
        heading="Rule sets",
        template="commissioning/rule_set_list.html",
        in_force=rule_sets.in_force_on(today),
        today=today,
        may_publish=signed_in(request).may(Permission.RULES_EDIT),
    )


@require_safe
def rule_set_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One rule set. Any user may read it: every figure names the rules it was measured by."""
    shown = rule_sets.rule_set(code)
    if shown is None:
        raise Http404
    before = rule_sets.the_one_before(shown)
    return render(
        request,
        "commissioning/rule_set_detail.html",
        {
            "shown": shown,
            "summary": Summary(
                title=f"Rule set {shown.code}",
                state="In force" if shown == rule_sets.in_force_on(business_day()) else "",
                tone="good",
                facts=[
                    Fact("Valid from", day(shown.valid_from)),
                    Fact("Published", day(shown.published_at.date())),
                    Fact("By", str(shown.published_by or "The service")),
                    Fact(
                        "Before it",
                        before.code if before else "None",
                        _address(before) if before else "",
                    ),
                ],
            ),
            "groups": rule_sets.settings_in_words(shown),
            "changes": rule_sets.what_it_changed(shown),
            "before": before,
            "happenings": happenings(shown),
            "page_heading": f"Rule set {shown.code}",
            "breadcrumbs": [
                ("Rule sets", reverse("commissioning:rule-set-list")),
                (shown.code, ""),
            ],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def rule_set_publish(request: HttpRequest) -> HttpResponse:
    """A form of every setting, starting from the rules in force."""
    insist(request, Permission.RULES_EDIT)
    today = business_day()
    in_force = rule_sets.in_force_on(today)
    form = RuleSetForm(
        request.POST or None, start=in_force.read() if in_force else DEFAULTS, on=today
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        published = attempt(
            form,
            lambda: publish_rule_set(
                settings=given["settings"],
                valid_from=given["valid_from"],
                reason=given["reason"],
                by=signed_in(request),
            ),
        )
        if published:
            messages.success(
                request,
                f"Rule set {published.code} is published. The next refresh measures by it; "
                "nothing already measured changes.",
            )
            return redirect(_address(published))
    return render(
        request,
        "commissioning/rule_set_publish.html",
        {
            "form": form,
            "in_force": in_force,
            "page_heading": "Publish a rule set",
            "breadcrumbs": [
                ("Rule sets", reverse("commissioning:rule-set-list")),
                ("Publish a rule set", ""),
            ],
        },
    )
