"""The page of one record's form: what was typed stays, also when somebody saved meanwhile."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from commissioning.components import Fact
from commissioning.forms.plans.revised import RevisedForm
from commissioning.services.plans.editing import ChangedMeanwhile
from commissioning.views.lists import Crumbs
from commissioning.views.requests import attempt

Result = TypeVar("Result")


class Revised(Protocol):
    """A record that counts its changes."""

    revision: int

    def refresh_from_db(self) -> None: ...


def save(
    form: RevisedForm, deed: Callable[[], Result], *, revision_now: Callable[[], int]
) -> Result | None:
    """The deed's result; None when it is refused, with the sentence on the form.

    When somebody saved meanwhile the form keeps what was typed, to be saved over what is there.
    """

    def watched() -> Result:
        try:
            return deed()
        except ChangedMeanwhile:
            form.overtake(revision_now())
            raise

    return attempt(form, watched)


def save_record(form: RevisedForm, row: Revised, deed: Callable[[], Result]) -> Result | None:
    """`save` over a record, which is read again when somebody saved meanwhile."""

    def revision_now() -> int:
        row.refresh_from_db()
        return row.revision

    return save(form, deed, revision_now=revision_now)


def form_page(
    request: HttpRequest,
    form: Any,
    *,
    heading: str,
    button: str,
    cancel_href: str,
    breadcrumbs: Crumbs,
    now: Callable[[], Sequence[Fact]] = tuple,
    template: str = "components/record_form.html",
    **more: Any,
) -> HttpResponse:
    """A form on a page of its own. `now` tells what is there, asked when somebody was faster."""
    words = {
        "form": form,
        "page_heading": heading,
        "button": button,
        "cancel_href": cancel_href,
        "breadcrumbs": breadcrumbs,
        "now": now() if getattr(form, "overtaken", False) else (),
    }
    return render(request, template, {**words, **more})
