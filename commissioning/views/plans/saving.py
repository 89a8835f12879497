"""Saving a part of a plan: what was typed stays, also when somebody else saved meanwhile."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from commissioning.components import Fact
from commissioning.forms.plans.revised import RevisedForm
from commissioning.models import Plan
from commissioning.selectors.plans.reaching import ReachedPlan
from commissioning.services.plans.editing import ChangedMeanwhile
from commissioning.views.plans.reaching import plan_href, plan_page
from commissioning.views.requests import attempt

Result = TypeVar("Result")


def save(form: RevisedForm, plan: Plan, deed: Callable[[], Result]) -> Result | None:
    """The deed's result; None when it is refused, with the sentence on the form.

    When somebody saved meanwhile, the form keeps what was typed and rests on what is there now.
    """

    def watched() -> Result:
        try:
            return deed()
        except ChangedMeanwhile:
            plan.refresh_from_db()
            form.overtake(plan.revision)
            raise

    return attempt(form, watched)


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
