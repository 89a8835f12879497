"""Confirming, rejecting and undoing a return: what is decided by a person, with a reason."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from commissioning.kernel.errors import DomainError, NotPermitted, TransitionRefused
from commissioning.views.requests import say_refusal, signed_in
from pathways.choices import ReturnState, UploadState
from pathways.forms.returns import ConfirmForm, ReasonForm
from pathways.models import Return
from pathways.selectors.differences import difference_of
from pathways.selectors.findings import counts_by_grade
from pathways.selectors.returns import ReachedReturn, address_of, newest_of_each
from pathways.services.confirming import confirm_upload
from pathways.services.loading import NotTheNewest, undo_return
from pathways.services.receiving import reject_upload
from pathways.views.reaching import Crumbs, crumbs_to, decided_by, reached_or_404, unless_at_work

PAGE = ["GET", "HEAD", "POST"]
VANISHED_LISTED = 20


@require_http_methods(PAGE)
def return_confirm(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """What will be loaded, the reason for its findings, and the button that loads it."""
    reached = decided_by(request, code, number)
    upload = reached.upload
    if upload.state != UploadState.CHECKED and request.method != "POST":
        return no_longer(request, reached, "waiting to be confirmed")
    difference = difference_of(upload, first=VANISHED_LISTED)
    form = ConfirmForm(
        request.POST if request.method == "POST" else None,
        needs_reason=reached.needs_reason(),
        vanished=difference.vanished,
    )
    if form.is_valid():
        given = form.cleaned_data
        done = _decide(
            request,
            form,
            lambda: confirm_upload(
                upload=upload,
                reason=given["reason"],
                remove_vanished=given.get("remove_vanished", False),
                by=signed_in(request),
            ),
            f"{upload} is being loaded; the figures follow within a minute.",
        )
        if done:
            return redirect(address_of(upload, code))
    return render(
        request,
        "pathways/return_confirm.html",
        {
            "form": form,
            "reached": reached,
            "upload": upload,
            "difference": difference,
            "nothing_to_load": reached.nothing_to_load(),
            "reject_href": reverse("pathways:return-reject", args=[code, number]),
            "vanished_href": reverse("pathways:return-vanished", args=[code, number]),
            "not_listed": difference.vanished - len(difference.first_vanished),
            "agency_of": {one.agency_id: one.agency.code for one in reached.returns},
            "grades": [
                (grade, many)
                for grade, many in counts_by_grade(upload, reached.findings()).items()
                if many
            ],
            "cancel_href": address_of(upload, code),
            "page_heading": f"Confirm return {upload.number}",
            "breadcrumbs": _crumbs(request, reached, "Confirm"),
        },
    )


@require_http_methods(PAGE)
def return_reject(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The file is turned away before it is loaded."""
    reached = decided_by(request, code, number)
    upload = reached.upload
    if request.method != "POST" and upload.state not in {
        UploadState.UPLOADED,
        UploadState.CHECKED,
        UploadState.CONFIRMED,
    }:
        return no_longer(request, reached, "there to be rejected")
    form = ReasonForm(
        request.POST if request.method == "POST" else None, label="Why the return is rejected"
    )
    if form.is_valid():
        done = _decide(
            request,
            form,
            lambda: reject_upload(
                upload=upload, reason=form.cleaned_data["reason"], by=signed_in(request)
            ),
            f"{upload} is rejected and nothing of it is loaded. Send a corrected file when it is"
            " ready.",
        )
        if done:
            return redirect(address_of(upload, code))
    return _reason_page(
        request,
        reached,
        form,
        heading=f"Reject return {upload.number}",
        button="Reject return",
        lead="Nothing of the file is loaded, and the file itself is deleted. Its findings stay,"
        " so that you can correct it and send it again.",
    )


@require_http_methods(PAGE)
def return_undo(request: HttpRequest, code: str, number: int, agency: str) -> HttpResponse:
    """An agency's newest return is taken back."""
    reached = reached_or_404(request, code, number)
    if not reached.may_send:
        raise PermissionDenied("Your role does not let you do this here.")
    return_ = next((one for one in reached.returns if one.agency.code == agency), None)
    if return_ is None:
        raise Http404
    if request.method != "POST" and return_.state != ReturnState.LOADED:
        return no_longer(request, reached, "loaded")
    form = ReasonForm(
        request.POST if request.method == "POST" else None, label="Why the return is undone"
    )
    if form.is_valid():
        done = _decide(
            request,
            form,
            lambda: undo_return(
                return_=return_, reason=form.cleaned_data["reason"], by=signed_in(request)
            ),
            f"The return of {return_.agency} is undone; the figures follow within a minute.",
        )
        if done:
            return redirect(address_of(reached.upload, code))
    newest = newest_of_each([return_]).get(return_.agency_id)
    return _reason_page(
        request,
        reached,
        form,
        heading=f"Undo the return of {return_.agency} for {return_.month:%B %Y}",
        button="Undo return",
        lead=_what_undoing_does(return_),
        newest=newest if newest != reached.upload.number else None,
    )


def _what_undoing_does(return_: Return) -> str:
    return (
        f"The {return_.episodes_added:,} episodes it added are taken out,"
        f" the {return_.episodes_changed:,} it changed say again what they said before it, and"
        " any it removed come back. Journeys and figures are worked out again without it."
        " To bring it back, send the file again."
    )


def _decide(
    request: HttpRequest,
    form: ConfirmForm | ReasonForm,
    deed: Callable[[], object],
    told: str,
) -> bool:
    """Whether the matter is over: it is done, or somebody else settled it first."""
    try:
        unless_at_work(deed)
    except NotPermitted as refused:
        raise PermissionDenied(str(refused)) from refused
    except (TransitionRefused, NotTheNewest) as refused:
        messages.error(request, str(refused))
        return True
    except DomainError as refused:
        say_refusal(form, refused)
        return False
    messages.success(request, told)
    return True


def no_longer(request: HttpRequest, reached: ReachedReturn, what: str) -> HttpResponse:
    """Back to the page of the return, whose state does not let this be done."""
    messages.info(request, f"{reached.upload} is not {what}: its state is shown below.")
    return redirect(address_of(reached.upload, reached.provider.code))


def _reason_page(
    request: HttpRequest,
    reached: ReachedReturn,
    form: ReasonForm,
    *,
    heading: str,
    button: str,
    lead: str,
    newest: int | None = None,
) -> HttpResponse:
    return render(
        request,
        "pathways/return_decide.html",
        {
            "form": form,
            "button": button,
            "lead": lead,
            "newest": newest,
            "newest_href": _beside(reached, newest) if newest else "",
            "cancel_href": address_of(reached.upload, reached.provider.code),
            "page_heading": heading,
            "breadcrumbs": _crumbs(request, reached, button),
        },
    )


def _beside(reached: ReachedReturn, number: int) -> str:
    """The page of another return of the provider."""
    return f"{reverse('pathways:return-list', args=[reached.provider.code])}{number}/"


def _crumbs(request: HttpRequest, reached: ReachedReturn, last: str) -> Crumbs:
    here = address_of(reached.upload, reached.provider.code)
    return [*crumbs_to(request, reached), (str(reached.upload), here), (last, "")]
