"""Saving a part of a plan: what was typed stays, also when somebody else saved meanwhile."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from commissioning.components import Fact
from commissioning.selectors.plans.reaching import ReachedPlan
from commissioning.views.plans.reaching import plan_href, plan_page


def editing_page(
    request: HttpRequest,
    reached: ReachedPlan,
    tab: str,
    *,
    form: Any,
    heading: str,
    button: str,
    now: Callable[[], list[Fact]] = list,
    template: str = "commissioning/plans/form.html",
    **more: Any,
) -> HttpResponse:
    """The page of a form of the plan. `now` tells what the plan says, asked when it is needed."""
    page = plan_page(reached, tab)
    page["breadcrumbs"] = [*page["breadcrumbs"], (_tab_words(page), plan_href(reached.plan, tab))]
    words = {
        "form": form,
        "page_heading": heading,
        "button": button,
        "cancel_href": plan_href(reached.plan, tab),
        "now": now() if getattr(form, "overtaken", False) else [],
    }
    return render(request, template, {**page, **words, **more})


def _tab_words(page: dict[str, Any]) -> str:
    return next((words for words, _, is_here in page["plan_tabs"] if is_here), "Plan")
